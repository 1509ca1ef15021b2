"""What differs between two wikis, as plain values: for terminals, for comments, as data."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from build_tools.problems import Problem


class How(enum.StrEnum):
    """What happened to something, from the old wiki to the new."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    REWORDED = "reworded"
    RENAMED = "renamed"
    MOVED = "moved"
    REORDERED = "reordered"
    GAINED = "gained"  # evidence, from here on
    LOST = "lost"
    NARROWED = "narrowed"
    WIDENED = "widened"
    UNSETTLED = "unsettled"
    SETTLED = "settled"
    RESEALED = "resealed"  # a passage: its sealed words are others


OPPOSITES = {
    How.ADDED: How.REMOVED,
    How.GAINED: How.LOST,
    How.NARROWED: How.WIDENED,
    How.UNSETTLED: How.SETTLED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One respect in which a thing differs: what it was, what it is, and a word on it."""

    what: str
    how: How
    old: str = ""
    new: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A claim, a quotation, a passage … that was added or removed, or that differs in details."""

    noun: str
    label: str
    how: How
    details: tuple[Detail, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """An entity, a source, a file of settings …: what differs of itself, and what of the things in it."""

    noun: str
    name: str
    path: str
    how: How
    details: tuple[Detail, ...] = ()
    things: tuple[Thing, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A file of a side that could not be read; or only in part, and what was refused counts as left out."""

    side: str
    problem: Problem
    in_part: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PageChanges:
    """The addresses of the site whose content is new, another, or gone."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """All that differs between two wikis, named `old` and `new`.

    `pages` is None where a side has errors: it has no pages then, and `without_pages` names such sides.
    """

    old: str
    new: str
    unread: tuple[Unread, ...]
    groups: tuple[Group, ...]
    pages: PageChanges | None
    without_pages: tuple[str, ...]
    new_problems: tuple[Problem, ...]
    gone_problems: tuple[Problem, ...]

    def __bool__(self) -> bool:
        found = (self.unread, self.groups, self.pages, self.new_problems, self.gone_problems)
        return any(map(bool, found))
