"""Records that are on disk until something of them is asked for.

A ghost is an instance of its record's own class without contents; the first look at a field lets its keeper
fill it (the term and the idea are those of ZODB, the Zope object database). Whoever uses a record need not
know. Being compared with itself does not fill it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Protocol, TypeVar

G = TypeVar("G", bound="Ghost")


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
