"""Results on shelves: a few keys are looked through together, and together their results are on disk."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from build_tools.ghost import Ghost
from build_tools.quick import quick
from build_tools.watched import Reads

K = TypeVar("K", bound=Hashable)
Place = tuple[str, int, int]  # of a shelf: the task's name, its number, and how many there are
Units = Mapping[Hashable, Sequence[Ghost]]  # by their names, records that are together on disk


@quick
@dataclass(slots=True)
class Kept:
    """A result, what it was given, what was looked up for it, and in which run that held last."""

    given: object
    reads: Reads
    run: int
    result: Any


@dataclass(frozen=True, slots=True)
class Each(Ghost):
    """Results by themselves, of those that are looked through together."""

    kept: dict[Hashable, Kept] = field(default_factory=dict)


@dataclass(slots=True)
class Shelf:
    """Results that are looked through together: as one, and if need be each by itself."""

    whole: Kept | None = None
    each: Each = field(default_factory=Each)


class Light(Ghost):
    """Base of results that are light: those of a shelf are a unit."""

    __slots__ = ()


def unit(each: Each, results: Iterable[object]) -> list[Ghost]:
    """The records of a shelf that are together on disk."""
    return [each, *(result for result in results if isinstance(result, Light))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is to be made of each key: see `Memory.recall_each`.

    `given` is there for each key, or made of it and of what the task before it made; then `make` takes it,
    too. `units` tells, by key, what was given and result, the records that hold what of it is not light.
    """

    name: str
    given: Mapping[Any, Any] | Callable[[Any, Any], Any]
    make: Callable[..., Any]
    always: tuple[object, ...] = ()
    problems: list[Any] = field(default_factory=list)
    revise: bool = False
    units: Callable[[Any, Any, Any], Units] | None = None


def in_groups(keys: Sequence[K], together: int) -> list[list[K]]:
    """The keys in groups of about so many, some of which may be empty; a key stays in its group while others
    come and go."""
    count = 1 << (len(keys) // together).bit_length()
    groups: list[list[K]] = [[] for _ in range(count)]
    for key in keys:
        groups[zlib.crc32(str(key).encode()) % count].append(key)
    return groups
