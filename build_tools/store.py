"""Pieces of data on disk, in files that are only added to; each is found by its place, and held against it.

Nothing in a store is needed: where a file is gone or damaged, `Lost` says so, and what was in it is made
again. Each writer has a file of its own, so that several can write at a time, and one that is stopped leaves
what others put as it was.
"""

from __future__ import annotations

import contextlib
import mmap
import secrets
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

Place = tuple[str, int, int, int]  # name of the file, offset, length, CRC-32
_SUFFIX = ".pieces"


class Lost(Exception):
    """A piece is not there any more as it was put."""


class Store:
    """The pieces below a folder. Files that are open stay readable, whoever deletes them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, mmap.mmap] = {}

    def get(self, place: Place) -> bytes:
        """The piece at a place; raises Lost."""
        name, offset, length, total = place
        data = self._mapped(name)[offset : offset + length]
        if len(data) != length or zlib.crc32(data) != total:
            raise Lost(name)
        return data

    def hold(self, names: Iterable[str]) -> None:
        """The files of these names are open, and so stay; raises Lost."""
        for name in names:
            self._mapped(name)

    def _mapped(self, name: str) -> mmap.mmap:
        if name not in self._open:
            try:
                with (self._folder / name).open("rb") as stream:
                    self._open[name] = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
            except (OSError, ValueError):  # ValueError: an empty file
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
        kept = frozenset(names)
        for name in self.sizes():
            if name not in kept:
                with contextlib.suppress(OSError):
                    (self._folder / name).unlink()


class Writer:
    """Puts pieces one after another into one file."""

    def __init__(self, name: str, stream: BinaryIO) -> None:
        self._name, self._stream, self._end = name, stream, 0

    def put(self, data: bytes) -> Place:
        """The place of the piece from now on. Raises OSError."""
        self._stream.write(data)
        place = (self._name, self._end, len(data), zlib.crc32(data))
        self._end += len(data)
        return place
