"""The records' history, asked of git: what each commit did to the files of entities, newest first.

Where git, the history or a part of it is not at hand, the history is shorter, and nothing fails.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from build_tools.load import SourceFile
from build_tools.pages.changes import FileChange, Revision
from build_tools.yaml_tree import MAX_FILE_BYTES

MOST_COMMITS = 200
MOST_FILES = 10_000
_SETTINGS = ("-c", "core.quotePath=false", "-c", "log.showSignature=false")
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
    with contextlib.suppress(OSError):
        listed = _git(root, *_LOG, "--", "entities")
        if listed is None:
            return
        commits = list(_commits(listed))
        shallow = _git(root, "rev-parse", "--is-shallow-repository") == b"true\n"
        with _Blobs(root) as blobs:
            seen = 0
            for time, has_parent, files in commits:
                seen += len(files)
                if seen > MOST_FILES or (shallow and not has_parent):
                    return
                yield Revision(time=time, files=[blobs.change(*file) for file in files])


def last_commit(root: Path) -> str:
    """The name of the commit that the history begins with; empty where there is none."""
    try:
        return (_git(root, "rev-parse", "HEAD") or b"").decode().strip()
    except OSError:
        return ""


def _environment() -> dict[str, str]:
    """The environment without what a hook or a caller of git sets: it would name another repository."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return kept | {
        "TZ": "UTC",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_TERMINAL_PROMPT": "0",
    }


def _git(root: Path, *arguments: str) -> bytes | None:
    """What git says; None if it refuses. Raises OSError where there is no git."""
    command = ["git", "-C", str(root), *_SETTINGS, *arguments]
    done = subprocess.run(command, env=_environment(), capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else None


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


class _Blobs:
    """Contents of files by their names in git's store, from one process that answers one by one."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def __enter__(self) -> _Blobs:
        command = ["git", "-C", str(self.root), "cat-file", "--batch"]
        self.process = subprocess.Popen(
            command,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self.process.communicate()

    def change(self, before: str, old: str, after: str, new: str) -> FileChange:
        """The file before and after."""
        return FileChange(before=self._file(before, old), after=self._file(after, new))

    def _file(self, name: str, path: str) -> SourceFile | None:
        """The file of that name; what git does not have, or is too big for a record, cannot be read."""
        if not name.strip("0"):
            return None
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{name}\n".encode())
        self.process.stdin.flush()
        _, _, size = self.process.stdout.readline().decode().strip().partition(" blob ")
        data = self.process.stdout.read(int(size) + 1)[:-1] if size else b"\0"
        return SourceFile(path, data if len(data) <= MAX_FILE_BYTES else b"\0")
