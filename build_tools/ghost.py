"""Records that are on disk until something of them is asked for.

A ghost is an instance of its record's own class without contents; the first look at a field lets its keeper
fill it (the term and the idea are those of ZODB, the Zope object database). Whoever uses a record need not
know. Being compared with itself does not fill it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Generic, Protocol, TypeVar

G = TypeVar("G", bound="Ghost")
T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


class Keeper(Protocol):
    """Who can fill a ghost."""

    def fill(self, ghost: Ghost) -> None:
        """The ghost has its contents."""


class Ghost:
    """Base of frozen records with slots that may be ghosts."""

    __slots__ = ("_keeper",)
    _keeper: Keeper

    def __getattr__(self, name: str) -> Any:
        # Python comes here for a slot that is empty only, and when it asks whether there is some method.
        if name == "_keeper" or name.startswith("__"):
            raise AttributeError(name)
        try:
            keeper = object.__getattribute__(self, "_keeper")
        except AttributeError:
            raise AttributeError(name) from None
        keeper.fill(self)
        return object.__getattribute__(self, name)


@dataclass(frozen=True, slots=True)
class Group(Ghost, Generic[T]):
    """Records that are together on disk."""

    members: tuple[T, ...]


class Groups(Mapping[str, tuple[T, ...]]):
    """A table of groups, which are read when they are looked up."""

    __slots__ = ("unread",)

    def __init__(self, unread: dict[str, Group[T]]) -> None:
        self.unread = unread

    def __getitem__(self, key: str) -> tuple[T, ...]:
        return self.unread[key].members

    def __contains__(self, key: object) -> bool:
        return key in self.unread

    def __iter__(self) -> Iterator[str]:
        return iter(self.unread)

    def __len__(self) -> int:
        return len(self.unread)


def unread(table: Mapping[K, V]) -> Mapping[K, Any]:
    """The table, with what stands in it for groups that need not be read to be compared."""
    found: Mapping[Any, Any] = table.unread if isinstance(table, Groups) else table
    return found


def ghost(record: type[G], keeper: Keeper, **known: object) -> G:
    """An instance without contents but for the fields that are known; the keeper fills it when others are
    asked for."""
    made = object.__new__(record)
    for name, value in {**known, "_keeper": keeper}.items():
        object.__setattr__(made, name, value)
    return made


def contents(record: Ghost) -> tuple[object, ...]:
    """The contents of a record, field by field."""
    return tuple(getattr(record, name) for name in _names(type(record)))


def give(ghost: Ghost, contents: Sequence[object]) -> None:
    """The ghost has these contents, and is none any more."""
    for name, value in zip(_names(type(ghost)), contents, strict=True):
        object.__setattr__(ghost, name, value)
    object.__delattr__(ghost, "_keeper")


def let_go(record: Ghost, keeper: Keeper, known: Sequence[str]) -> None:
    """The record is a ghost again, but for the fields that stay known; the keeper can fill it."""
    for name in _names(type(record)):
        if name not in known:
            object.__delattr__(record, name)
    object.__setattr__(record, "_keeper", keeper)


def is_ghost(record: Ghost) -> bool:
    """Whether it has no contents yet."""
    try:
        object.__getattribute__(record, "_keeper")
    except AttributeError:
        return False
    return True


_NAMES: dict[Any, tuple[str, ...]] = {}


def _names(record: Any) -> tuple[str, ...]:
    """The names of a record's fields."""
    if record not in _NAMES:
        _NAMES[record] = tuple(field.name for field in fields(record))
    return _NAMES[record]
