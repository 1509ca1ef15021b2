"""What the wiki as a whole needs of an entity, light enough to be looked through in every run.

The tables of the wiki are gathered from rows that name a statement by its `Place` and hold nothing of it; it
is opened where somebody looks it up.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from build_tools.gathered import Row
from build_tools.quick import quick
from build_tools.records import Entity, SeedRecord
from build_tools.text import folded

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

# Entity, number among its statements, and a stamp, which is another when the statement is not what it was.
Place = tuple[str, int, int]
Name = tuple[str, ...]  # in folded words


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What an entity is, and is called: `forms` are all its names and adjectives, in folded words.

    `names` are those by which it is known, each with its rank and number, and `words` the forms of one word.
    """

    id: str
    kind: str
    path: str
    name: str
    aliases: tuple[str, ...]
    formerly: tuple[str, ...]
    forms: tuple[Name, ...]
    names: tuple[tuple[Name, Row], ...]
    words: tuple[tuple[str, Row], ...]


def outline(entity: Entity) -> Outline:
    """The outline of an entity."""
    called = (entity.name, *(alias.name for alias in entity.also))
    keys = tuple(folded(name.text) for name in called)
    ranks = ((1 if number else 0, entity.id, number) for number in range(len(called)))  # aliases come last
    forms = (*keys, *(folded(word.text) for word in entity.adjectives))
    return Outline(
        id=entity.id,
        kind=entity.kind,
        path=entity.path,
        name=entity.name.text,
        aliases=tuple(alias.name.text for alias in entity.also),
        formerly=tuple(ref.id for ref in entity.formerly),
        forms=forms,
        names=tuple((key, row) for key, row in zip(keys, ranks, strict=True) if key),
        words=tuple(dict.fromkeys((form[0], (entity.id,)) for form in forms if len(form) == 1)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedOutline:
    """What a seed is called, who published it, its number of passages, and the seeds that it derives from."""

    id: str
    short: str
    title: str
    publisher: str
    passages: int
    derived_from: tuple[str, ...]
    formerly: tuple[str, ...]


def seed_outline(record: SeedRecord, passages: int) -> SeedOutline:
    """The outline of a seed."""
    return SeedOutline(
        id=record.id,
        short=record.short.text,
        title=(record.title.quote or record.title.gloss or record.short).text,
        publisher=record.publisher.id,
        passages=passages,
        derived_from=tuple(origin.seed.id for origin in record.derived_from),
        formerly=tuple(ref.id for ref in record.formerly),
    )


class Opened(Mapping[K, V]):
    """A table whose values are made of their rows when they are looked up."""

    __slots__ = ("_open", "_rows")

    def __init__(self, rows: Mapping[K, tuple[Row, ...]], open_: Callable[[tuple[Row, ...]], V]) -> None:
        self._rows, self._open = rows, open_

    def __getitem__(self, key: K) -> V:
        return self._open(self._rows[key])

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __iter__(self) -> Iterator[K]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)
