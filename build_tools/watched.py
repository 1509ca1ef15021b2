"""Tables that note what is looked up in them, for whoever is making a result of it.

What was looked up is kept as marks, numbers of 32 bits. Two keys may have one mark: then a result is made
anew once too often, never too seldom.
"""

from __future__ import annotations

import enum
import functools
import zlib
from array import array
from collections.abc import Hashable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Reads = dict[str, bytes]  # by table, the marks of what was looked up, in order


class Absent(enum.Enum):
    """What stands for no value: the same in every process."""

    ABSENT = enum.auto()


ABSENT = Absent.ABSENT
WHOLE = zlib.crc32(b"")  # the mark of a whole table: no key is written as nothing


@functools.lru_cache(1 << 16)
def mark(key: Hashable) -> int:
    """The mark of a key: equal keys have equal ones, in every process."""
    return zlib.crc32(_written(key).encode("utf-8", "surrogatepass"))


def _written(key: Hashable) -> str:
    if isinstance(key, str):
        return str.__repr__(key)  # whatever kind of string it is
    if isinstance(key, tuple):
        return f"({','.join(map(_written, key))})"
    return repr(key)


class Reading:
    """What is looked up while a result is made."""

    __slots__ = ("_keys", "_marks")

    def __init__(self) -> None:
        self._keys: dict[str, set[Hashable]] = {}
        self._marks: dict[str, set[int]] = {}

    def note(self, table: str, key: Hashable) -> None:
        """The key was looked up in the table."""
        self._keys.setdefault(table, set()).add(key)

    def note_whole(self, table: str) -> None:
        """All of the table was looked at."""
        self._marks.setdefault(table, set()).add(WHOLE)

    def note_all(self, reads: Reads) -> None:
        """What another result read was looked up for this one, too."""
        for table, marks in reads.items():
            self._marks.setdefault(table, set()).update(_numbers(marks))

    def reads(self) -> Reads:
        """All of it."""
        for table, keys in self._keys.items():
            self._marks.setdefault(table, set()).update(map(mark, keys))
        self._keys = {}
        return {table: array("I", sorted(marks)).tobytes() for table, marks in self._marks.items()}


def together(several: Iterable[Reads]) -> Reads:
    """What all of them read."""
    reading = Reading()
    for reads in several:
        reading.note_all(reads)
    return reading.reads()


def concerns(news: AbstractSet[int], marks: bytes) -> bool:
    """Whether one of these marks is among those of what changed."""
    return not news.isdisjoint(_numbers(marks))


def _numbers(marks: bytes) -> Iterable[int]:
    return memoryview(marks).cast("I")


class Watched(Mapping[K, V]):
    """A table that notes what is looked up in it, for the last of those who are reading."""

    __slots__ = ("_name", "_reading", "_table")

    def __init__(self, name: str, table: Mapping[K, V], reading: list[Reading]) -> None:
        self._name, self._table, self._reading = name, table, reading

    def __getitem__(self, key: K) -> V:
        value = self.get(key, ABSENT)
        if value is ABSENT:
            raise KeyError(key)
        found: V = value
        return found

    def get(self, key: K, default: Any = None) -> Any:
        value: Any = self._table.get(key, ABSENT)
        if self._reading:
            self._reading[-1].note(self._name, key)
        return default if value is ABSENT else value

    def __contains__(self, key: object) -> bool:
        if self._reading:
            self._reading[-1].note(self._name, key)
        return key in self._table

    def __iter__(self) -> Iterator[K]:
        self._note_whole()
        return iter(self._table)

    def __len__(self) -> int:
        self._note_whole()
        return len(self._table)

    def _note_whole(self) -> None:
        if self._reading:
            self._reading[-1].note_whole(self._name)
