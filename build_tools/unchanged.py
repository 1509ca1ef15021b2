"""What a command said when it ran last, which holds as long as no file that it reads is another.

A file is the same as long as inode, size, and times of content and of inode are. Files that changed at the
very moment when they were looked at may change again without showing it (Git calls them racy: its
"Documentation/technical/racy-git.txt"); with one of them nothing is recorded. The moment is the time that the
file system gives to a file written then, so that no clock has to be right.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from build_tools.cache import read_cache, write_cache
from build_tools.load import ATTACHED, CHANGE, LINK_EXCEPTIONS, SETTINGS, WAIVERS
from build_tools.problems import Code, Location, Problem
from build_tools.spare_tree import Signature, list_tree
from build_tools.versions import compiler, programs

# What a compilation reads of a wiki, and by whose being there it is told that a command was cut short.
_FILES = (SETTINGS, WAIVERS, LINK_EXCEPTIONS, CHANGE)
_FOLDERS = ("entities", "seeds", "docs", ATTACHED)
_CODES = {code.text: code for code in Code}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command said: problems, how many warnings were set aside, and the lines that it printed."""

    problems: tuple[Problem, ...]
    set_aside: int = 0
    lines: tuple[str, ...] = ()


class Unchanged:
    """What was recorded at `place` of a command that read the wiki at `root`, and what stands there now.

    `more` is what else it hangs on. The wiki is looked at once, when this is made: what is recorded later
    holds for the files as they were then.
    """

    def __init__(self, root: Path, place: Path, *more: str) -> None:
        self._place = place
        moment = now(place) if is_wiki(root) else 0
        newest = 0
        key = hashlib.sha256()
        for part in (str(root.absolute()), compiler(), programs(), *more):
            key.update(hashlib.sha256(part.encode(errors="surrogateescape")).digest())
        for path, status in _files(root):
            told = [path, status.st_mode, status.st_ino]
            if not stat.S_ISDIR(status.st_mode):
                told += [status.st_size, status.st_mtime_ns, status.st_ctime_ns]
                newest = max(newest, status.st_mtime_ns, status.st_ctime_ns)
            key.update(f"{told}\n".encode(errors="surrogateescape"))
        self._key = key.hexdigest() if newest < moment else ""

    def said(self, outputs: Iterable[Path] = ()) -> Said | None:
        """What it said, if all that it read is as it was, and so is all below the folders that it made."""
        if not self._key:
            return None
        try:
            data = json.loads(read_cache(self._place) or b"null")
            if data is None or data["key"] != self._key or data["outputs"] != _below(outputs):
                return None
            problems = tuple(
                Problem(Location(path, line, column), _CODES[code], message, hint)
                for path, line, column, code, message, hint in data["problems"]
            )
            return Said(problems=problems, set_aside=data["set_aside"], lines=tuple(data["lines"]))
        except (ValueError, KeyError, TypeError, RecursionError):
            return None

    def record(self, said: Said, outputs: Iterable[Mapping[str, Signature]] = ()) -> None:
        """What it said is recorded, and which files it made below its folders; what cannot be recorded only
        costs time."""
        if not self._key:
            return
        data = {
            "key": self._key,
            "outputs": [_told(files) for files in outputs],
            "problems": [
                (each.at.path, each.at.line, each.at.column, each.code.text, each.message, each.hint)
                for each in said.problems
            ],
            "set_aside": said.set_aside,
            "lines": said.lines,
        }
        write_cache(self._place, json.dumps(data, separators=(",", ":")).encode())


def is_wiki(root: Path) -> bool:
    """Whether a wiki's settings stand there, as far as the system tells."""
    try:
        return stat.S_ISREG((root / SETTINGS).stat().st_mode)
    except (OSError, ValueError):
        return False


def now(place: Path) -> int:
    """The time that the file system of a place gives to what is written now; 0 if nothing can be."""
    probe = place.with_name(f"{place.name}.now.{os.getpid()}")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        moment = probe.stat().st_mtime_ns
        probe.unlink()
    except OSError:
        return 0
    return moment


def _files(root: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Every file and folder that is read, in order; what cannot be looked at is passed over, as each time."""
    for name in _FILES:
        try:
            yield name, os.lstat(root / name)
        except OSError:
            continue
    for name in _FOLDERS:
        yield from _walk(name, root / name)


def _walk(name: str, folder: Path | str) -> Iterator[tuple[str, os.stat_result]]:
    try:
        own = os.lstat(folder)
        yield name, own
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in found:
        path = f"{name}/{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(path, entry.path)
        else:
            yield path, entry.stat(follow_symlinks=False)


def _below(folders: Iterable[Path]) -> list[str]:
    """What tells the files below each folder, and where they stand, from others."""
    found: list[str] = []
    for folder in folders:
        try:
            found.append(_told(list_tree(folder).files))
        except OSError:
            found.append("")
    return found


def _told(files: Mapping[str, Signature]) -> str:
    rows = sorted(f"{path} {inode} {size} {time}" for path, (inode, size, time) in files.items())
    return hashlib.sha256(os.fsencode("\n".join(rows))).hexdigest()
