"""What was worked out before, and from what: a later run works out anew only what that has changed for.

A result is kept with what it was given and with what it looked up in *watched* tables while it was made (a
verifying trace: Mokhov, Mitchell and Peyton Jones, "Build Systems à la Carte", ICFP 2018). It is used again
if it is given the same and nothing that it looked up has changed since. Records that did not change are the
same objects from run to run, so comparing them costs nothing; and what changed in a table is found once in a
run, not once for each result that looked something up there.
"""

from __future__ import annotations

import bisect
import enum
import zlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar

from build_tools.ghost import Ghost, unread
from build_tools.processes import in_parts
from build_tools.progress import SILENT, Progress

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Row = tuple[Any, ...]  # hashable, and sorted by its items

_MANY = 32  # results that are looked through together, about


class _Mark(enum.Enum):
    """What stands for no value, and for a whole table: the same in every process."""

    ABSENT = enum.auto()
    WHOLE = enum.auto()


_ABSENT, _WHOLE = _Mark.ABSENT, _Mark.WHOLE
_Reads = dict[str, set[object]]  # by table, the keys


@dataclass(slots=True)
class _Kept:
    """A result, what it was given, which keys of which tables were read, and in which run that held last."""

    given: object
    reads: dict[str, frozenset[object]]
    run: int
    result: Any


@dataclass(frozen=True, slots=True)
class Each(Ghost):
    """Results by themselves, of those that are looked through together."""

    kept: dict[Hashable, _Kept] = field(default_factory=dict)


@dataclass(slots=True)
class _Shelf:
    """Results that are looked through together: as one, and if need be each by itself."""

    whole: _Kept | None = None
    each: Each = field(default_factory=Each)


class Memory:
    """Results by name, of one run after another. A new one remembers nothing.

    With `once` it serves a single run: then it keeps nothing and notes no look-ups. `progress` is told how
    far it is with what is worked out.
    """

    def __init__(self, *, once: bool = False, progress: Progress = SILENT) -> None:
        self._once = once
        self.progress = progress
        self._run = 0
        self._kept: dict[Hashable, _Kept] = {}
        self._shelves: dict[tuple[str, int, int], _Shelf] = {}
        self._groups: dict[str, tuple[list[Hashable], list[list[Hashable]]]] = {}
        self._tables: dict[str, Mapping[Any, Any]] = {}
        self._gathered: dict[str, tuple[Mapping[Any, Any], dict[Any, tuple[Row, ...]]]] = {}
        self._changes: dict[str, list[tuple[int, AbstractSet[object]]]] = {}  # by table, run by run
        self._since: dict[int, dict[str, AbstractSet[object]]] = {}  # found of that in this run
        self._watched: set[str] = set()  # in this run
        self._reading: list[_Reads] = []
        self._compared: tuple[Mapping[str, object], Mapping[str, object], list[str]] | None = None
        self._stamps = 0
        self.made: set[Hashable] = set()

    def begin(self) -> None:
        """A run begins: `made` will name what it works out."""
        self._run += 1
        self.made, self._watched, self._since, self._compared = set(), set(), {}, None

    def forget(self) -> None:
        """What neither this run, as far as it came, nor the one before asked for is forgotten.

        Not for a run that a problem cut short.
        """
        last = self._run - 1
        self._kept = {name: kept for name, kept in self._kept.items() if kept.run >= last}
        shelves = self._shelves.items()
        self._shelves = {name: shelf for name, shelf in shelves if shelf.whole and shelf.whole.run >= last}
        changes = self._changes.items()
        self._changes = {name: [change for change in each if change[0] > last] for name, each in changes}
        self._since = {}

    def state(self) -> object:
        """What a new memory goes on from that will `resume` it, in another process as well."""
        shelves = {
            name: (_told(shelf.whole), shelf.each)
            for name, shelf in self._shelves.items()
            if shelf.whole is not None and shelf.whole.given is not _ABSENT
        }
        return (
            self._run,
            {name: _told(kept) for name, kept in self._kept.items()},
            shelves,
            self._groups,
            {name: table for name, table in self._tables.items() if name not in self._gathered},
            self._gathered,
            self._changes,
            self._stamps,
        )

    def resume(self, state: Any) -> None:
        """Goes on from the state of another memory; raises TypeError, ValueError if it is none."""
        run, kept, shelves, groups, tables, gathered, changes, stamps = state
        self._kept = {name: _Kept(*told) for name, told in kept.items()}
        self._shelves = {name: _Shelf(_Kept(*whole), each) for name, (whole, each) in shelves.items()}
        self._run, self._groups, self._tables, self._gathered = run, groups, tables, gathered
        self._changes, self._stamps = changes, stamps

    def records(self) -> Iterator[tuple[Hashable, Ghost]]:
        """What is kept that may be a ghost, by its name."""
        for name, kept in self._kept.items():
            if isinstance(kept.result, Ghost):
                yield name, kept.result
        for place, shelf in self._shelves.items():
            if shelf.whole is not None and shelf.whole.given is not _ABSENT:
                yield place, shelf.each
                for key, result in shelf.whole.result.items():
                    if isinstance(result, Ghost):
                        yield (place, key), result

    # ---- tables --------------------------------------------------------------------------------

    def watch(self, name: str, table: Mapping[K, V]) -> Mapping[K, V]:
        """The table, whose look-ups now count as what a result depends on. One table a name in each run.

        What changed in it is known if it was gathered under the same name; else it is compared with the one
        that was watched before.
        """
        if self._once:
            return table
        plain = unread(table)
        if name not in self._gathered:
            self._changed(name, _differing(self._tables.get(name, {}), plain))
        self._tables[name] = plain
        self._watched.add(name)
        self._since = {}
        return _Watched(name, table, self._reading)

    def gather(
        self, name: str, holders: Mapping[str, V], of: Callable[[V], Iterable[tuple[K, Row]]]
    ) -> Mapping[K, tuple[Row, ...]]:
        """The rows of all who hold some by their keys, under each key once and in order.

        `of` tells the rows. Of holders that are the same objects as in the run before nothing is looked at.
        """
        if self._once:
            return MappingProxyType(_grouped(map(of, holders.values())))
        before, table = self._gathered.get(name, ({}, {}))
        others = self._others(before, holders)
        if len(others) * 2 > len(holders):
            now = _grouped(map(of, holders.values()))
            changed = _differing(table, now)
        else:
            now = dict(table) if others else table
            gone, come = ([of(each[id_]) for id_ in others if id_ in each] for each in (before, holders))
            changed = _regathered(now, gone, come)
        self._gathered[name] = (holders, now)
        self._changed(name, changed)
        return MappingProxyType(now)

    def _others(self, before: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
        """Whose values are other objects; found once for all that is gathered from them."""
        if self._compared is None or self._compared[0] is not before or self._compared[1] is not now:
            others = [id_ for id_, each in now.items() if before.get(id_) is not each]
            self._compared = (before, now, others + [id_ for id_ in before if id_ not in now])
        return self._compared[2]

    def stamps(
        self, items: Sequence[object], before: Sequence[object] = (), of_these: Sequence[int] = ()
    ) -> tuple[int, ...]:
        """A number for each of the items, another whenever an item is not what it was at its place before."""
        found: list[int] = []
        for place, item in enumerate(items):
            if place < len(of_these) and before[place] == item:
                found.append(of_these[place])
            else:
                self._stamps += 1
                found.append(self._stamps)
        return tuple(found)

    # ---- results -------------------------------------------------------------------------------

    def recall(
        self,
        name: Hashable,
        given: tuple[object, ...],
        make: Callable[..., T],
        *arguments: Any,
    ) -> T:
        """What `make` returns, or returned when `given` and all that it looked up were as they are now.

        It depends on nothing else; `given` stands for its arguments.
        """
        if self._once:
            return make(*arguments)
        kept = self._kept.get(name)
        if kept is None or not self._holds(kept, given):
            kept = self._kept[name] = self._make(given, make, *arguments)
            self.made.add(name)
        self._read_by_others(kept)
        made: T = kept.result
        return made

    def recall_each(
        self,
        name: str,
        given: Mapping[Any, object],
        make: Callable[..., T],
        *,
        always: tuple[object, ...] = (),
        problems: Sequence[object] = (),
        least: int = 0,
        revise: bool = False,
    ) -> dict[Any, T]:
        """What `make` returns of each key, or returned when it, and all keys, were given what they are now.

        As if each were recalled by itself, but what holds is found in one go. A result is kept only if
        `problems`, where those go that `make` meets, are as many as before. With `least`, processes share out
        what is new, none fewer than so many; then results are data that is fit to be sent, nothing that is
        compared by identity. To `revise` means that `make` takes the result before, too, or None.
        """
        given = unread(given)
        keys = list(given)
        if self._once:
            alone = (None,) if revise else ()
            lots = in_parts(
                lambda lot: [(key, make(key, *alone)) for key in lot],
                keys,
                least=least or len(keys) + 1,
                progress=self.progress,
            )
            answers = {key: answer for lot in lots for key, answer in lot}
            return {key: answers[key] for key in keys}
        groups = self._shared_out(name, keys)
        shelves = [self._shelves.setdefault((name, i, len(groups)), _Shelf()) for i in range(len(groups))]
        doubtful: list[tuple[_Shelf, list[Hashable]]] = []
        new: list[tuple[Hashable, _Shelf]] = []
        for shelf, group in zip(shelves, groups, strict=True):
            own = (always, {key: given[key] for key in group})
            if shelf.whole is None or not self._holds(shelf.whole, own):
                shelf.whole = _Kept(own, {}, self._run, None)
                doubtful.append((shelf, group))
                new += [(key, shelf) for key in group if not self._has(shelf, key, (always, given[key]))]
        faulty: dict[Hashable, _Kept] = {}

        def work(lot: Iterable[int]) -> list[tuple[int, _Kept, bool]]:
            found: list[tuple[int, _Kept, bool]] = []
            for number in lot:
                key, shelf = new[number]
                before = shelf.each.kept.get(key)
                old = (before.result if before else None,) if revise else ()
                met = len(problems)
                found.append((number, self._make((), make, key, *old), len(problems) > met))
            return found

        least = least or len(new) + 1
        for lot in in_parts(work, range(len(new)), least=least, progress=self.progress):
            for number, kept, is_faulty in lot:
                key, shelf = new[number]
                kept.given = (always, given[key])
                (faulty if is_faulty else shelf.each.kept)[key] = kept
                self.made.add((name, key))
        for shelf, group in doubtful:
            self._fill(shelf, group, faulty)
        found: dict[Any, T] = {}
        for shelf in shelves:
            assert shelf.whole is not None
            self._read_by_others(shelf.whole)
            found.update(shelf.whole.result)
        return {key: found[key] for key in keys}

    # ---- what holds ----------------------------------------------------------------------------

    def _make(self, given: object, make: Callable[..., object], *arguments: object) -> _Kept:
        """What is made of the arguments, with all that is looked up."""
        reads: _Reads = {}
        self._reading.append(reads)
        try:
            result = make(*arguments)
        finally:
            self._reading.pop()
        return _Kept(given, _frozen(reads), self._run, result)

    def _read_by_others(self, kept: _Kept) -> None:
        """What a result read, whoever is asking for it depends on too."""
        for reading in self._reading[-1:]:
            for table, keys in kept.reads.items():
                reading.setdefault(table, set()).update(keys)

    def _has(self, shelf: _Shelf, key: Hashable, given: object) -> bool:
        kept = shelf.each.kept.get(key)
        return kept is not None and self._holds(kept, given)

    def _fill(self, shelf: _Shelf, group: Iterable[Hashable], faulty: Mapping[Hashable, _Kept]) -> None:
        """The shelf has the results of the group as a whole, and as long as none is faulty it may hold."""
        assert shelf.whole is not None
        of_group = {key: faulty[key] if key in faulty else shelf.each.kept[key] for key in group}
        reads: _Reads = defaultdict(set)
        for kept in of_group.values():
            for table, keys in kept.reads.items():
                reads[table].update(keys)
        shelf.each = Each({key: kept for key, kept in of_group.items() if key not in faulty})
        shelf.whole.reads = _frozen(reads)
        shelf.whole.result = {key: kept.result for key, kept in of_group.items()}
        if faulty.keys() & of_group.keys():
            shelf.whole.given = _ABSENT  # which nothing is

    def _shared_out(self, name: str, keys: list[Hashable]) -> list[list[Hashable]]:
        """The keys in groups; a key stays in its group while others come and go."""
        before = self._groups.get(name)
        if before is not None and before[0] == keys:
            return before[1]
        count = 1 << (len(keys) // _MANY).bit_length()
        groups: list[list[Hashable]] = [[] for _ in range(count)]
        for key in keys:
            groups[zlib.crc32(str(key).encode()) % count].append(key)
        self._groups[name] = (keys, groups)
        return groups

    def _holds(self, kept: _Kept, given: object) -> bool:
        if kept.given != given:  # tuples compare their items by identity first
            return False
        changed = self._since.get(kept.run)
        if changed is None:
            changed = self._since[kept.run] = {name: self._news(name, kept.run) for name in self._watched}
        for table, keys in kept.reads.items():
            news = changed.get(table)
            if news is None or (news and not news.isdisjoint(keys)):
                return False
        kept.given, kept.run = given, self._run  # what is equal may be another object
        return True

    def _changed(self, name: str, keys: AbstractSet[object]) -> None:
        """Notes what changed in a table: of these keys, the value."""
        if keys:
            self._changes.setdefault(name, []).append((self._run, frozenset((*keys, _WHOLE))))

    def _news(self, name: str, run: int) -> AbstractSet[object]:
        """The keys of a table that changed after a run."""
        later = [keys for when, keys in self._changes.get(name, ()) if when > run]
        return later[0] if len(later) == 1 else frozenset().union(*later)


def _told(kept: _Kept | None) -> tuple[object, ...]:
    assert kept is not None
    return kept.given, kept.reads, kept.run, kept.result


def _frozen(reads: Mapping[str, Iterable[object]]) -> dict[str, frozenset[object]]:
    return {table: frozenset(keys) for table, keys in reads.items()}


def _differing(before: Mapping[Any, Any], now: Mapping[Any, Any]) -> set[object]:
    """The keys that one of the tables lacks, or has with another value."""
    if before is now or before == now:
        return set()
    found: set[object] = {
        key for key, value in now.items() if (was := before.get(key, _ABSENT)) is not value and was != value
    }
    found.update(key for key in before if key not in now)
    return found


def _grouped(parts: Iterable[Iterable[tuple[K, Row]]]) -> dict[K, tuple[Row, ...]]:
    groups: dict[K, list[Row]] = defaultdict(list)
    for part in parts:
        for key, row in part:
            groups[key].append(row)
    return {key: tuple(sorted(rows)) for key, rows in groups.items()}


def _regathered(
    table: dict[Any, tuple[Row, ...]],
    before: Iterable[Iterable[tuple[Any, Row]]],
    now: Iterable[Iterable[tuple[Any, Row]]],
) -> set[object]:
    """Takes some parts out of the table and puts others in; the keys that this changed."""
    gone: dict[Any, set[Row]] = defaultdict(set)
    come: dict[Any, set[Row]] = defaultdict(set)
    for rows_of, parts in ((gone, before), (come, now)):
        for part in parts:
            for key, row in part:
                rows_of[key].add(row)
    changed: set[object] = set()
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


class _Watched(Mapping[K, V]):
    """A table that notes for whoever is being made what was looked up in it."""

    __slots__ = ("_name", "_reading", "_table")

    def __init__(self, name: str, table: Mapping[K, V], reading: list[_Reads]) -> None:
        self._name, self._table, self._reading = name, table, reading

    def _note(self, key: object) -> None:
        if self._reading:
            self._reading[-1].setdefault(self._name, set()).add(key)

    def __getitem__(self, key: K) -> V:
        value = self.get(key, _ABSENT)
        if value is _ABSENT:
            raise KeyError(key)
        found: V = value
        return found

    def get(self, key: K, default: Any = None) -> Any:
        value: Any = self._table.get(key, _ABSENT)
        self._note(key)
        return default if value is _ABSENT else value

    def __contains__(self, key: object) -> bool:
        self._note(key)
        return key in self._table

    def __iter__(self) -> Iterator[K]:
        self._note(_WHOLE)
        return iter(self._table)

    def __len__(self) -> int:
        self._note(_WHOLE)
        return len(self._table)
