"""Trees of files put in place as a whole: whoever looks sees the old tree or the new one, never half.

The new tree is made beside the old one and exchanged with it by one system call (Linux renameat2,
RENAME_EXCHANGE). Where the system lacks the call, two renames do it, and the next writer mends what
an interruption between them left. Unchanged files keep their inode and time.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TextIO

from build_tools.addresses import OutputFile
from build_tools.problems import Code, Location, Problem

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


class Busy(Exception):
    """Another process is writing below the same folder."""


@contextlib.contextmanager
def opened_lock(build: Path) -> Iterator[TextIO]:
    """The file of the lock below `build`, which `writing` may take hold of; raises OSError.

    What is started meanwhile holds the lock too, as soon as it is taken and as long as it lives: if we are
    killed, nobody writes beside it.
    """
    build.mkdir(parents=True, exist_ok=True)
    with (build / ".lock").open("w") as lock:
        os.set_inheritable(lock.fileno(), True)
        yield lock


@contextlib.contextmanager
def writing(build: Path, opened: TextIO | None = None) -> Iterator[None]:
    """Holds the one lock below `build`, or what was `opened` of it, until that is closed, and sweeps what
    interrupted writers left; raises Busy, OSError."""
    with opened_lock(build) if opened is None else contextlib.nullcontext(opened) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        _sweep(build)
        yield


def _sweep(build: Path) -> None:
    for old in sorted(build.glob(".*.old")):
        target = build / old.name.removeprefix(".").removesuffix(".old")
        if target.exists():
            remove(old)
        else:  # interrupted between the two renames
            old.rename(target)
    for new in sorted(build.glob(".*.new")):
        remove(new)


def put_tree(target: Path, fill: Callable[[Path], tuple[Problem, ...]]) -> tuple[Problem, ...]:
    """Makes `target` what `fill` makes of an empty folder beside it, unless `fill` returns problems.

    The caller holds the lock. Raises OSError; then, as after problems, `target` is as it was.
    """
    new = target.with_name(f".{target.name}.new")
    remove(new)
    new.mkdir()
    try:
        problems = fill(new)
        if not problems:
            exchange(new, target)
    finally:
        remove(new)
    return problems


def write_files(files: Iterable[OutputFile], before: Path) -> Callable[[Path], tuple[Problem, ...]]:
    """A `fill` that writes the files; an unchanged one is a hard link to that of the tree `before`."""

    def fill(folder: Path) -> tuple[Problem, ...]:
        for file in files:
            path, old = folder / file.path, before / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            if _holds(old, file.data) and linked(old, path):
                continue
            with path.open("wb") as stream:
                stream.write(file.data)
                stream.flush()
                os.fsync(stream.fileno())
        return ()

    return fill


def linked(old: Path | str, new: Path | str) -> bool:
    """True if the file now stands at `new` too; False where the system makes no links. Raises OSError."""
    try:
        os.link(old, new)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        return False
    return True


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.stat().st_size == len(data) and path.read_bytes() == data
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return False


def exchange(new: Path, target: Path) -> None:
    """Puts `new` where `target` is; afterwards the old tree, if there was one, stands at `new`."""
    if not target.exists():
        new.rename(target)
        return
    if _renameat2(new, target):
        return
    old = target.with_name(f".{target.name}.old")
    remove(old)
    target.rename(old)
    new.rename(target)
    old.rename(new)


def _renameat2(one: Path, other: Path) -> bool:
    """True if the system exchanged the two; False if it does not know how."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return False
    done = call(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    if done == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    raise OSError(number, os.strerror(number), str(other))


def remove(folder: Path) -> None:
    """Nothing stands there: no folder with all that it holds, no file and no link. Raises OSError."""
    if folder.is_symlink() or folder.is_file():
        folder.unlink()
    elif folder.exists():
        shutil.rmtree(folder)


def cannot_write(error: OSError, root: Path) -> Problem:
    """The problem that a failed write is: what the system said, and that nothing was lost."""
    named = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else root / "build"
    path = named.relative_to(root) if named.is_relative_to(root) else named
    message = f"cannot write: {error.strerror or error}"
    hint = "make room, or check whose folder it is; what was built before is as it was"
    return Problem(Location(path.as_posix()), Code.CANNOT_WRITE, message, hint)


def busy(root: Path) -> Problem:
    """The problem that another build is writing."""
    hint = "wait until it is done; nothing was changed"
    return Problem(Location("build/.lock"), Code.LOCKED, "another build is writing at this moment", hint)
