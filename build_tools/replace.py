"""Several files replaced as one: all are new, or all are old, or a journal says which are left to do.

The new contents are written beside the old ones; then a journal, which lists every file with the sums
of both contents, is put in place by one rename; then the files are renamed over the old ones, those
that shall be gone are removed, and the journal goes. Up to the journal a failure undoes everything;
from then on whoever comes next finishes.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from build_tools.problems import Code, Location, Problem


@dataclass(frozen=True, slots=True)
class Entry:
    """A file to be replaced: its path from the wiki's root, and the sums of what it held and shall hold.

    No sum: there was no file, or there shall be none.
    """

    path: str
    was: str | None
    new: str | None


class CutShort(Exception):
    """Some files were replaced, others were not; the journal is there, and `finish` does the rest."""

    def __init__(self, path: str, done: int, total: int, why: str) -> None:
        super().__init__(path, done, total, why)
        hint = "mend what hinders it and run the same command again: it does the rest"
        message = f"{why}; {done} of {total} files are replaced"
        self.problem = Problem(Location(path), Code.CANNOT_WRITE, message, hint)


def replace_files(root: Path, journal: str, files: Mapping[str, bytes | None]) -> tuple[str, ...]:
    """The files, by their paths from `root`, hold these contents; returns those that did not before.

    None: there is no such file, nor, if it held nothing else, its folder. Raises OSError, and then
    nothing was changed; or CutShort.
    """
    entries = tuple(
        Entry(path, was, new)
        for path, data in files.items()
        if (was := _sum(root / path)) != (new := None if data is None else hashlib.sha256(data).hexdigest())
    )
    if not entries:
        return ()
    folders = {(root / path).parent for path in (*files, journal)}
    made = sorted(_missing(folders), reverse=True)
    _sweep(folders)
    try:
        for entry in entries:
            data = files[entry.path]
            if data is not None:
                _write_beside(root / entry.path, data)
        listed = [{"path": entry.path, "was": entry.was, "new": entry.new} for entry in entries]
        _write_beside(root / journal, (json.dumps(listed, indent=2) + "\n").encode())
        _settle(folders)
        beside(root / journal).replace(root / journal)
        _settle({(root / journal).parent})
    except BaseException:
        (root / journal).unlink(missing_ok=True)  # first: without it, what stands beside means nothing
        _sweep(folders)
        for folder in made:
            _remove_if_empty(folder)
        raise
    _rename(root, journal, entries)
    return tuple(entry.path for entry in entries)


def finish(root: Path, journal: str) -> tuple[Problem, ...]:
    """What an interrupted `replace_files` left to do is done, or undone where all files are the old ones.

    Problems, and nothing changed, where a file is neither as it was nor as it should become. Raises
    OSError and CutShort.
    """
    if not (root / journal).exists():
        return ()
    try:
        entries = tuple(map(_entry, json.loads((root / journal).read_bytes())))
    except (ValueError, KeyError, TypeError):
        message, hint = "this does not say what was being changed", _put_back(journal)
        return (Problem(Location(journal), Code.CANNOT_WRITE, message, hint),)
    sums = {entry.path: (_sum(root / entry.path), _sum(beside(root / entry.path))) for entry in entries}
    if all(sums[entry.path][0] == entry.was for entry in entries):
        (root / journal).unlink()
        _sweep({(root / path).parent for path in sums})
        for entry in entries:
            _remove_if_empty((root / entry.path).parent)
        return ()
    odd = [
        entry.path
        for entry in entries
        if sums[entry.path][0] != entry.new and sums[entry.path] != (entry.was, entry.new)
    ]
    if odd:
        message = "this was changed by somebody else after a change of several files was cut short"
        return tuple(Problem(Location(path), Code.CANNOT_WRITE, message, _put_back(journal)) for path in odd)
    _rename(root, journal, entries)
    return ()


def _put_back(journal: str) -> str:
    return f"put all files back (`git status` names them), delete {journal}, and run the same command again"


def _entry(item: Mapping[str, object]) -> Entry:
    path, was, new = item["path"], item["was"], item["new"]
    if not isinstance(path, str) or not isinstance(was, str | None) or not isinstance(new, str | None):
        raise TypeError("a path and two sums were expected")
    if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
        raise ValueError("a path out of the wiki")
    return Entry(path, was, new)


def _rename(root: Path, journal: str, entries: Sequence[Entry]) -> None:
    waiting = [entry for entry in entries if _waits(root, entry)]
    # Removed last: until all that is new stands, nothing of the old is missing.
    waiting.sort(key=lambda entry: entry.new is None)
    total, path = len(entries), journal
    done = total - len(waiting)
    try:
        for entry in waiting:
            path = entry.path
            if entry.new is None:
                (root / path).unlink()
            else:
                beside(root / path).replace(root / path)
            done += 1
        path = journal
        folders = {(root / entry.path).parent for entry in entries}
        _settle({folder for folder in folders if folder.exists()})
        for entry in entries:
            if entry.new is None:
                _remove_if_empty((root / entry.path).parent)
        (root / journal).unlink()
    except (OSError, KeyboardInterrupt) as error:
        why = f"cannot write: {error.strerror}" if isinstance(error, OSError) else "stopped"
        raise CutShort(path, done, total, why) from error


def _waits(root: Path, entry: Entry) -> bool:
    """True if the file is not yet as it shall be."""
    return (root / entry.path).exists() if entry.new is None else beside(root / entry.path).exists()


def _missing(folders: Iterable[Path]) -> set[Path]:
    """The folders that are not there, with those around them."""
    return {path for folder in folders for path in (folder, *folder.parents) if not path.exists()}


def _remove_if_empty(folder: Path) -> None:
    """The folder is gone, unless something is in it."""
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def beside(path: Path) -> Path:
    """Where the new content of a file waits; a hidden name, which no stage reads."""
    return path.with_name(f".{path.name}.renewal")


def _sweep(folders: Iterable[Path]) -> None:
    """Nothing waits in the folders."""
    for folder in sorted(folders):
        for left in sorted(folder.glob(".*.renewal")):
            left.unlink()


def _write_beside(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with beside(path).open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    if path.exists():
        shutil.copymode(path, beside(path))


def _settle(folders: Iterable[Path]) -> None:
    """The folders are on the disk as they are now."""
    for folder in sorted(folders):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _sum(path: Path) -> str | None:
    """The SHA-256 of a file; None if there is none."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None
