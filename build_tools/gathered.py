"""Tables gathered from the rows of many, and what changes in them when some of these are others."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from typing import Any, TypeVar

from build_tools.watched import ABSENT

K = TypeVar("K", bound=Hashable)
Row = tuple[Any, ...]  # hashable, and sorted by its items


def differing(before: Mapping[Any, Any], now: Mapping[Any, Any]) -> set[Hashable]:
    """The keys that one of the tables lacks, or has with another value."""
    if before is now or before == now:
        return set()
    found: set[Hashable] = {
        key for key, value in now.items() if (was := before.get(key, ABSENT)) is not value and was != value
    }
    found.update(key for key in before if key not in now)
    return found


def grouped(parts: Iterable[Iterable[tuple[K, Row]]]) -> dict[K, tuple[Row, ...]]:
    """The rows of all parts by their keys, under each key once and in order."""
    groups: dict[K, list[Row]] = defaultdict(list)
    for part in parts:
        for key, row in part:
            groups[key].append(row)
    return {key: tuple(sorted(rows)) for key, rows in groups.items()}


def regathered(
    table: dict[Any, tuple[Row, ...]],
    before: Iterable[Iterable[tuple[Any, Row]]],
    now: Iterable[Iterable[tuple[Any, Row]]],
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
            table[key] = tuple(rows)
        else:
            del table[key]
    return changed
