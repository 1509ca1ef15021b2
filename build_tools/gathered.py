"""Tables gathered from the rows of many, and what changes in them when some of these are others.

The rows under one key may be so many that they are records of their own, read when somebody looks at them.
"""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar, overload

from build_tools.ghost import Ghost
from build_tools.watched import ABSENT

K = TypeVar("K", bound=Hashable)
Row = tuple[Any, ...]  # hashable, and sorted by its items


@dataclass(frozen=True, slots=True)
class Rows(Ghost, Sequence[Row]):
    """Many rows under one key, of which it is known how many they are. A part of them is a `Cut`."""

    known: ClassVar[tuple[str, ...]] = ("length",)
    length: int
    rows: tuple[Row, ...]

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Cut: ...
    def __getitem__(self, index: int | slice) -> Row | Cut:
        return Cut(self, *index.indices(self.length)[:2]) if isinstance(index, slice) else self.rows[index]

    def __len__(self) -> int:
        return self.length

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)


@dataclass(frozen=True, slots=True, eq=False)
class Cut(Sequence[Row]):
    """Neighbours among many rows; of the same rows they need not be read to be compared."""

    of: Rows
    start: int
    stop: int

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, index: int | slice) -> Row | tuple[Row, ...]:
        return self.of.rows[self.start : self.stop][index]

    def __len__(self) -> int:
        return self.stop - self.start

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Cut) or len(self) != len(other):
            return False
        return (self.of is other.of and self.start == other.start) or self[:] == other[:]

    def __hash__(self) -> int:
        return hash(self[:])


def differing(before: Mapping[Any, Any], now: Mapping[Any, Any]) -> set[Hashable]:
    """The keys that one of the tables lacks, or has with another value."""
    if before is now or before == now:
        return set()
    found: set[Hashable] = {
        key for key, value in now.items() if (was := before.get(key, ABSENT)) is not value and was != value
    }
    found.update(key for key in before if key not in now)
    return found


Keep = Callable[[Sequence[Row]], Sequence[Row]]  # makes of rows what stands for them in a table


def grouped(parts: Iterable[Iterable[tuple[K, Row]]], keep: Keep) -> dict[K, Sequence[Row]]:
    """The rows of all parts by their keys, under each key once and in order."""
    groups: dict[K, list[Row]] = defaultdict(list)
    for part in parts:
        for key, row in part:
            groups[key].append(row)
    return {key: keep(sorted(rows)) for key, rows in groups.items()}


def regathered(
    table: dict[Any, Sequence[Row]],
    before: Iterable[Iterable[tuple[Any, Row]]],
    now: Iterable[Iterable[tuple[Any, Row]]],
    keep: Keep,
) -> set[Hashable]:
    """Takes some parts out of the table and puts others in; the keys that this changed."""
    gone: dict[Any, set[Row]] = defaultdict(set)
    come: dict[Any, set[Row]] = defaultdict(set)
    for rows_of, parts in ((gone, before), (come, now)):
        for part in parts:
            for key, row in part:
                rows_of[key].add(row)
    changed: set[Hashable] = set()
    for key in gone.keys() | come.keys():
        if gone[key] == come[key]:
            continue
        changed.add(key)
        rows = list(table.get(key, ()))
        for row in gone[key] - come[key]:
            del rows[bisect.bisect_left(rows, row)]
        for row in come[key] - gone[key]:
            bisect.insort(rows, row)
        if rows:
            table[key] = keep(rows)
        else:
            del table[key]
    return changed
