"""Records that are on disk until something of them is asked for.

A ghost is an instance of its record's own class without contents; the first look at a field lets its keeper
fill it (the term and the idea are those of ZODB, the Zope object database). Whoever uses a record need not
know. Being compared with itself does not fill it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Generic, NamedTuple, Protocol, TypeVar

G = TypeVar("G", bound="Ghost")
T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


class Keeper(Protocol):
    """Who can fill a ghost."""

    def fill(self, ghost: Ghost) -> None:
        """The ghost has its contents."""


class Ghost:
    """Base of frozen records with slots that may be ghosts.

    `known` names the fields that a ghost has from the start, as whoever refers to a record says them.
    """

    __slots__ = ("_keeper", "_where")
    _keeper: Keeper
    _where: Any
    known: ClassVar[tuple[str, ...]] = ()

    def __getattr__(self, name: str) -> Any:
        # Python comes here for a slot that is empty only, and when it asks whether there is some method.
        if name in ("_keeper", "_where") or name.startswith("__"):
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


@dataclass(frozen=True, slots=True)
class Loose(Group[T]):
    """A group of which a member can be read by itself."""

    def one(self, number: int) -> T:
        """The member of that number: of a ghost no other is read, if its keeper can do that."""
        if is_ghost(self):
            keeper: Any = _get_keeper(self)
            found: T = keeper.part(self, number)
            return found
        return self.members[number]


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


def member(table: Mapping[str, tuple[T, ...]], key: str, number: int) -> T:
    """The member of that number of a group, read by itself if that can be."""
    group = table.unread[key] if isinstance(table, Groups) else None
    return group.one(number) if isinstance(group, Loose) else table[key][number]


def unread(table: Mapping[K, V]) -> Mapping[K, Any]:
    """The table, with what stands in it for groups that need not be read to be compared."""
    found: Mapping[Any, Any] = table.unread if isinstance(table, Groups) else table
    return found


# What records have beside their fields. To go by the slots themselves is twice as fast as by their names.
_KEEPER, _WHERE = (Ghost.__dict__[name] for name in Ghost.__slots__)
_get_keeper, _set_keeper, _drop_keeper = _KEEPER.__get__, _KEEPER.__set__, _KEEPER.__delete__
_get_where, _set_where, _drop_where = _WHERE.__get__, _WHERE.__set__, _WHERE.__delete__


def ghost(
    record: type[G], keeper: Keeper, known: Sequence[object] = (), where: tuple[Any, int] | None = None
) -> G:
    """An instance without contents but for the fields that are known, if they are told; the keeper fills it
    when others are asked for."""
    made = object.__new__(record)
    _set_keeper(made, keeper)
    if where is not None:
        _set_where(made, where)
    if known:
        for set_field, value in zip(_slots(record).known, known, strict=True):
            set_field(made, value)
    return made


def contents(record: Ghost) -> tuple[object, ...]:
    """The contents of a record, field by field."""
    return tuple([getattr(record, name) for name in _slots(type(record)).names])


def give(ghost: Ghost, contents: Sequence[object]) -> None:
    """The ghost has these contents, and is none any more."""
    for set_field, value in zip(_slots(type(ghost)).every, contents, strict=True):
        set_field(ghost, value)
    _drop_keeper(ghost)


def let_go(record: Ghost, keeper: Keeper) -> None:
    """The record is a ghost again, but for the fields that stay known; the keeper can fill it."""
    for drop in _slots(type(record)).unknown:
        drop(record)
    _set_keeper(record, keeper)


def is_ghost(record: Ghost) -> bool:
    """Whether it has no contents yet."""
    try:
        _get_keeper(record)
    except AttributeError:
        return False
    return True


def where(record: Ghost) -> tuple[Any, int] | None:
    """What its keeper last noted of the record: its unit, and its number there; None if there is nothing."""
    try:
        found: tuple[Any, int] = _get_where(record)
    except AttributeError:
        return None
    return found


def set_where(record: Ghost, where: tuple[Any, int] | None) -> None:
    """Notes that of a record."""
    if where is not None:
        _set_where(record, where)
    else:
        with contextlib.suppress(AttributeError):
            _drop_where(record)


class _Slots(NamedTuple):
    """How the fields of a class of records are set, and let go: all, those that are known, and the others."""

    names: tuple[str, ...]
    every: tuple[Callable[[Any, object], None], ...]
    known: tuple[Callable[[Any, object], None], ...]
    unknown: tuple[Callable[[Any], None], ...]


_SLOTS: dict[Any, _Slots] = {}  # by class


def _slots(record: Any) -> _Slots:
    """Those of a class, looked for once."""
    if record not in _SLOTS:
        names = tuple(field.name for field in fields(record))
        _SLOTS[record] = _Slots(
            names=names,
            every=tuple(getattr(record, name).__set__ for name in names),
            known=tuple(getattr(record, name).__set__ for name in record.known),
            unknown=tuple(getattr(record, name).__delete__ for name in names if name not in record.known),
        )
    return _SLOTS[record]
