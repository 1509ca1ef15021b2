"""Long lists on pages of their own: a list in sections becomes one page, or many that stay small."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

T = TypeVar("T", covariant=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section(Generic[T]):
    """Items under one heading; `key` is made of letters, digits and hyphens, and its own."""

    key: str
    label: str
    items: Sequence[T]

    @property
    def anchor(self) -> str:
        return f"_{self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a section stands, and how many items it has; no anchor where the page is its own."""

    key: str
    label: str
    count: int
    path: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet(Generic[T]):
    """One page of a list: the sections on it, and where all sections stand.

    The first page of a list on many pages has no sections: it leads to the others. On those, `contents`
    has the first section only, unless the list wants its index on every page.
    """

    path: str
    label: str
    sections: tuple[Section[T], ...]
    contents: tuple[Place, ...]
    before: str | None
    after: str | None

    @property
    def is_first(self) -> bool:
        return not self.label

    @property
    def items(self) -> tuple[T, ...]:
        return tuple(item for section in self.sections for item in section.items)


def spread(
    name: str, sections: Iterable[Section[T]], most: int, *, index: bool = False
) -> tuple[Sheet[T], ...]:
    """The pages of a list: one if it has at most `most` items, else so many of one section on each."""
    given = tuple(sections)
    whole = sum(len(section.items) for section in given) <= most
    first = f"{name}.md"
    contents = tuple(
        Place(
            key=section.key,
            label=section.label,
            count=len(section.items),
            path=first if whole else f"{name}/{section.key}.md",
            anchor=section.anchor if whole else "",
        )
        for section in given
    )
    if whole:
        return (Sheet(path=first, label="", sections=given, contents=contents, before=None, after=None),)
    pages = [(first, "", ()), *(page for section in given for page in _pages(name, section, most))]
    paths = [None, *(path for path, _, _ in pages), None]
    return tuple(
        Sheet(
            path=path,
            label=label,
            sections=parts,
            contents=contents if index or not parts else contents[:1],
            before=before,
            after=after,
        )
        for (path, label, parts), (before, _), (_, after) in zip(
            pages, pairwise(paths[:-1]), pairwise(paths[1:]), strict=True
        )
    )


def _pages(name: str, section: Section[T], most: int) -> Iterator[tuple[str, str, tuple[Section[T], ...]]]:
    """The pages of one section: their paths, labels and items."""
    starts = range(0, len(section.items), most)
    for number, start in enumerate(starts, 1):
        part = Section(key=section.key, label=section.label, items=section.items[start : start + most])
        path = f"{name}/{section.key}.md" if number == 1 else f"{name}/{section.key}--{number}.md"
        label = section.label if len(starts) == 1 else f"{section.label}, {number} of {len(starts)}"
        yield path, label, (part,)
