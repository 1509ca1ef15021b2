"""Pieces of data on disk, in files that are only added to; each is found by its place, and held against it.

Nothing in a store is needed: where a file is gone or damaged, `Lost` says so, and what was in it is made
again. Each writer has a file of its own, so that several can write at a time, and one that is stopped leaves
what others put as it was.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import weakref
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

Place = tuple[str, int, int, int]  # name of the file, offset, length, CRC-32
Places = tuple[Place, ...]  # of a piece, and of another that has some of it in parts, if there is one
_SUFFIX = ".pieces"
_WORD = array("I").itemsize
_OPEN = 200  # files at a time: a process may have a thousand or so


class Lost(Exception):
    """A piece is not there any more as it was put."""


class Store:
    """The pieces below a folder. Files that are open stay readable, whoever deletes them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, int] = {}
        weakref.finalize(self, _close, self._open)

    def get(self, place: Place) -> bytes:
        """The piece at a place; raises Lost."""
        name, offset, length, total = place
        try:  # nothing is mapped: what was read of a mapped file would count as memory
            data = os.pread(self._opened(name), length, offset)
        except OSError:
            raise Lost(name) from None
        if len(data) != length or zlib.crc32(data) != total:
            raise Lost(name)
        return data

    def part(self, place: Place, number: int) -> bytes:
        """One of the parts that a piece was put together of; raises Lost."""
        name, offset, _, _ = place
        try:
            head = array("I", os.pread(self._opened(name), _WORD * (2 * number + 3), offset))
            begin = _WORD * (1 + 2 * head[0]) + sum(head[1 : 2 * number + 1 : 2])
            length, total = head[2 * number + 1 : 2 * number + 3]
            data = os.pread(self._opened(name), length, offset + begin)
        except (OSError, ValueError, IndexError, OverflowError):
            raise Lost(name) from None
        if len(data) != length or zlib.crc32(data) != total:
            raise Lost(name)
        return data

    def hold(self, names: Iterable[str]) -> None:
        """The files of these names are open, and so stay; raises Lost."""
        for name in names:
            self._opened(name)

    def _opened(self, name: str) -> int:
        if name not in self._open:
            if len(self._open) >= _OPEN:
                os.close(self._open.pop(next(iter(self._open))))
            try:
                self._open[name] = os.open(self._folder / name, os.O_RDONLY | os.O_CLOEXEC)
            except OSError:
                raise Lost(name) from None
        return self._open[name]

    @contextlib.contextmanager
    def writer(self) -> Iterator[Writer]:
        """Adds pieces in a new file. Raises OSError."""
        self._folder.mkdir(parents=True, exist_ok=True)
        name = f"{secrets.token_hex(8)}{_SUFFIX}"
        with (self._folder / name).open("xb") as stream:
            yield Writer(name, stream)

    def sizes(self) -> Mapping[str, int]:
        """Every file of the store with its length in bytes."""
        with contextlib.suppress(OSError):
            return {path.name: path.stat().st_size for path in sorted(self._folder.glob(f"*{_SUFFIX}"))}
        return {}

    def keep_only(self, names: Iterable[str]) -> None:
        """All other files are gone, if the system lets them go."""
        self.remove(self.sizes().keys() - frozenset(names))

    def remove(self, names: Iterable[str]) -> None:
        """The files of these names are gone, if the system lets them go."""
        for name in names:
            with contextlib.suppress(OSError):
                (self._folder / name).unlink()


def _close(files: Mapping[str, int]) -> None:
    for file in files.values():
        os.close(file)


class Writer:
    """Puts pieces one after another into one file."""

    def __init__(self, name: str, stream: BinaryIO) -> None:
        self._name, self._stream, self._end = name, stream, 0

    def put(self, data: bytes) -> Place:
        """The place of the piece from now on. Raises OSError."""
        self._stream.write(data)
        self._stream.flush()  # whoever is told of the place may look there at once
        place = (self._name, self._end, len(data), zlib.crc32(data))
        self._end += len(data)
        return place

    def put_together(self, parts: Sequence[bytes]) -> Place:
        """The place of a piece whose parts can be read one by one. Raises OSError."""
        head = array("I", [len(parts)])  # how many there are; then of each its length and its CRC-32
        for part in parts:
            head.extend((len(part), zlib.crc32(part)))
        return self.put(head.tobytes() + b"".join(parts))
