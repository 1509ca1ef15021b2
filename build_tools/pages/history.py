"""The records' history, asked of git: what each commit did to the files of entities, newest first.

Where git, the history or a part of it is not at hand, the history is shorter, and nothing fails.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from build_tools.git import Blobs, Refused, ask
from build_tools.load import SourceFile
from build_tools.pages.changes import FileChange, Revision
from build_tools.yaml_tree import MAX_FILE_BYTES

MOST_COMMITS = 200
MOST_FILES = 10_000
_LOG = (
    *("log", f"-{MOST_COMMITS}", "--raw", "--no-abbrev", "-z", "-M70%", "--relative", "--format=%x01%cd %P"),
    "--date=format-local:%Y-%m-%dT%H:%M:%SZ",
    *("-m", "--first-parent"),  # what a merge brought in is one change, made when it came to this branch
    *("--no-ext-diff", "--no-textconv", "--no-color"),
)

Files = list[tuple[str, str, str, str]]  # blob and path before, blob and path after


def read_history(root: Path) -> Iterator[Revision]:
    """The commits that touched entities of the wiki at `root`, newest first, a bounded number of them.

    Nothing is fetched. What is not committed is not seen. Of a clone without its whole history the
    oldest commit is left out: what it changed cannot be told.
    """
    with contextlib.suppress(OSError, Refused):
        commits = list(_commits(ask(root, *_LOG, "--", "entities")))
        shallow = ask(root, "rev-parse", "--is-shallow-repository") == b"true\n"
        with Blobs(root) as blobs:
            seen = 0
            for time, has_parent, files in commits:
                seen += len(files)
                if seen > MOST_FILES or (shallow and not has_parent):
                    return
                yield Revision(time=time, files=[_change(blobs, *file) for file in files])


def last_commit(root: Path) -> str:
    """The name of the commit that the history begins with; empty where there is none."""
    try:
        return ask(root, "rev-parse", "HEAD").decode().strip()
    except (OSError, Refused):
        return ""


def _commits(listed: bytes) -> Iterator[tuple[str, bool, Files]]:
    """Time, whether it has a parent, and files of each commit in git's list."""
    for commit in listed.split(b"\x01")[1:]:
        head, *parts = commit.split(b"\0")
        time, _, parents = head.decode().strip().partition(" ")
        yield time, bool(parents), list(_files(part.strip(b"\n") for part in parts))


def _files(parts: Iterator[bytes]) -> Iterator[tuple[str, str, str, str]]:
    """The entities' files of one commit; links and other folders are none."""
    for part in parts:
        if not part.startswith(b":"):
            continue
        _, mode, before, after, status = part.decode().split(" ")
        paths = [os.fsdecode(next(parts, b""))]
        if status[0] == "R":
            paths.append(os.fsdecode(next(parts, b"")))
        old, new = paths[0], paths[-1]
        if all(path.count("/") == 2 and path.endswith(".yml") for path in paths) and mode != "120000":
            yield before, old, after, new


def _change(blobs: Blobs, before: str, old: str, after: str, new: str) -> FileChange:
    """The file before and after."""
    return FileChange(before=_file(blobs, before, old), after=_file(blobs, after, new))


def _file(blobs: Blobs, name: str, path: str) -> SourceFile | None:
    """The file of that name; what git does not have, or is too big for a record, cannot be read."""
    if not name.strip("0"):
        return None
    data = blobs.read(name)
    return SourceFile(path, data if data is not None and len(data) <= MAX_FILE_BYTES else b"\0")
