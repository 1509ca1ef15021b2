"""What a pull request changes, asked of git: names, modes and sizes first, contents only of what is admitted.

Git's plumbing reads its store. Nothing is checked out, no filter, hook or driver of the change runs.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from build_tools.git import Blobs, Refused, ask
from build_tools.problems import Code, Location, Problem

NOTHING = "000000"
LINK = "120000"
REPOSITORY = "160000"  # another repository inside this one


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFile:
    """A file that the change adds, alters or deletes: git's modes and names of its contents, and its size."""

    path: str  # bytes that are no UTF-8 stand in it as lone surrogates
    mode_before: str
    mode: str
    before: str
    after: str
    size: int = 0  # in bytes, after the change

    @property
    def is_deleted(self) -> bool:
        return self.mode == NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The commits compared, and every file in which they differ, sorted by path."""

    base: str
    head: str
    files: tuple[ChangedFile, ...]


def read_change(root: Path, base: Path) -> tuple[Change | None, tuple[Problem, ...]]:
    """What the commit checked out at `root` changes since it left that checked out at `base`.

    What is not committed is not seen. A renamed file is one deleted and one added.
    """
    commits: list[str] = []
    for folder in (root, base):
        try:
            # Seen from a folder further down, what the change does beside it would be missed.
            if ask(folder, "rev-parse", "--show-prefix").strip():
                return None, (_unreadable(folder, "it is a folder of a git repository, not the whole of it"),)
            commits.append(ask(folder, "rev-parse", "--verify", "HEAD^{commit}").decode().strip())
        except Refused:
            return None, (_unreadable(folder, "no commit of a git repository is checked out there"),)
        except OSError:
            return None, (_unreadable(folder, "git cannot be run"),)
    head, commit = commits
    try:
        forked = ask(root, "merge-base", commit, head).decode().strip()
        return Change(base=commit, head=head, files=_files(root, forked, head)), ()
    except Refused:
        return None, (_unreadable(root, f"its history does not reach the base, {commit[:12]}"),)


def read_contents(root: Path, names: Iterable[str]) -> Mapping[str, bytes]:
    """Contents by their names in git's store; what it does not have is left out."""
    with Blobs(root) as blobs:
        found = {name: blobs.read(name) for name in names}
    return {name: data for name, data in found.items() if data is not None}


def not_here(path: str) -> Problem:
    """The problem that a clone, made without all contents, lacks that of a file."""
    message = "git does not have its content in this clone"
    return Problem(Location(path), Code.UNREADABLE_CHANGE, message, "make a clone without `--filter`")


def _unreadable(folder: Path, message: str) -> Problem:
    hint = "name two clones of one repository: `wiki --root CHANGE review --base BASE`"
    return Problem(Location(str(folder)), Code.UNREADABLE_CHANGE, message, hint)


def _files(root: Path, before: str, after: str) -> tuple[ChangedFile, ...]:
    # A .gitmodules of the change may ask git to keep quiet about other repositories.
    how = ("-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--ignore-submodules=none")
    parts = iter(ask(root, "diff-tree", *how, before, after).split(b"\0"))
    files = sorted(_listed(parts), key=lambda file: file.path)
    sizes = _sizes(root, [file.after for file in files if file.mode not in (NOTHING, REPOSITORY)])
    return tuple(dataclasses.replace(file, size=sizes.get(file.after, 0)) for file in files)


def _listed(parts: Iterator[bytes]) -> Iterator[ChangedFile]:
    for part in parts:
        if part.startswith(b":"):
            mode_before, mode, before, after, _ = part[1:].decode().split(" ")
            path = next(parts).decode(errors="surrogateescape")
            yield ChangedFile(path=path, mode_before=mode_before, mode=mode, before=before, after=after)


def _sizes(root: Path, names: list[str]) -> dict[str, int]:
    given = "".join(f"{name}\n" for name in names).encode()
    said = ask(root, "cat-file", "--batch-check", given=given).decode()
    rows = [line.split(" ") for line in said.splitlines()]
    return {row[0]: int(row[2]) for row in rows if row[1] == "blob"}
