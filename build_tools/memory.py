"""What was worked out before, and from what: a later run works out anew only what that has changed for.

A result is kept with what it was given and with what it looked up in *watched* tables while it was made (a
verifying trace: Mokhov, Mitchell and Peyton Jones, "Build Systems à la Carte", ICFP 2018). It is used again
if it is given the same and nothing that it looked up has changed since. Records that did not change are the
same objects from run to run, so comparing them costs nothing; and what changed in a table is found once in a
run, not once for each result that looked something up there.

Of a large wiki nobody holds the contents: what is made of many is packed as it is made (see `lasting`), and
so the tasks that look at the same records are done together.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from build_tools.gathered import Row, Rows, differing, grouped, regathered
from build_tools.ghost import Ghost, unread
from build_tools.processes import in_parts
from build_tools.progress import SILENT, Progress
from build_tools.shelves import Each, Kept, Light, Place, Shelf, Task, Units, in_groups, unit
from build_tools.store import Lost
from build_tools.watched import ABSENT, WHOLE, Reading, Reads, Watched, concerns, mark, together

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_MANY = 32  # results that are looked through together, about
_MUCH = 20  # times what is worth a process: from then on it costs less than it spares


class Packing(Protocol):
    """What packs values, such as `lasting.Packing`."""

    @property
    def parcel(self) -> Any:
        """What was packed."""

    def add(self, value: object, units: Units) -> None:
        """The value is packed, without the contents of the units."""


class Packer(Protocol):
    """Who packs what a process made, such as `lasting.Lasting`."""

    def packing(self) -> AbstractContextManager[Packing]:
        """Values are packed."""

    def unpacked(self, parcel: Any) -> Iterator[Any]:
        """The values of a parcel."""

    def keep(self, units: Units) -> bool:
        """Values can refer to the records of the units, unless there is no room for them."""


class Memory:
    """Results by name, of one run after another. A new one remembers nothing.

    With `once` it serves a single run: then it keeps nothing and notes no look-ups. `progress` is told how
    far it is with what is worked out. `packer` packs what is made ahead.
    """

    def __init__(
        self, *, once: bool = False, progress: Progress = SILENT, packer: Packer | None = None
    ) -> None:
        self._once = once
        self._packer = packer
        self.progress = progress
        self._run = 0
        self._kept: dict[Hashable, Kept] = {}
        self._shelves: dict[Place, Shelf] = {}
        self._groups: dict[str, tuple[list[Hashable], list[list[Hashable]]]] = {}
        self._tables: dict[str, Mapping[Any, Any]] = {}
        self._gathered: dict[str, tuple[Mapping[Any, Any], dict[Any, Sequence[Row]]]] = {}
        self._changes: dict[str, list[tuple[int, AbstractSet[int]]]] = {}  # by table, run by run, marks
        self._since: dict[int, dict[str, AbstractSet[int]]] = {}  # found of that in this run
        self._watched: set[str] = set()  # in this run
        self._reading: list[Reading] = []
        self._compared: tuple[Mapping[str, object], Mapping[str, object], list[str]] | None = None
        self._shared: Units = {}
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
            if shelf.whole is not None and shelf.whole.given is not ABSENT
        }
        return (
            self._run,
            {name: _told(kept) for name, kept in self._kept.items()},
            shelves,
            self._groups,
            {name: table for name, table in self._tables.items() if name not in self._gathered},
            self._gathered,
            self._changes,
        )

    def resume(self, state: Any) -> None:
        """Goes on from the state of another memory; raises TypeError, ValueError if it is none."""
        run, kept, shelves, groups, tables, gathered, changes = state
        self._kept = {name: Kept(*told) for name, told in kept.items()}
        self._shelves = {name: Shelf(Kept(*whole), each) for name, (whole, each) in shelves.items()}
        self._run, self._groups, self._tables, self._gathered = run, groups, tables, gathered
        self._changes = changes

    def records(self) -> Iterator[tuple[Hashable, list[Ghost]]]:
        """What is kept that may be ghosts: those that are a unit, by its name."""
        for name, kept in self._kept.items():
            if isinstance(kept.result, Ghost):
                yield name, [kept.result]
        for name, (_, table) in self._gathered.items():
            for key, rows in table.items():
                if isinstance(rows, Rows):
                    yield ("rows", name, key), [rows]
        for place, shelf in self._shelves.items():
            if shelf.whole is not None and shelf.whole.given is not ABSENT:
                yield place, unit(shelf.each, shelf.whole.result.values())
                for key, result in shelf.whole.result.items():
                    if isinstance(result, Ghost) and not isinstance(result, Light):
                        yield (place, key), [result]

    # ---- tables --------------------------------------------------------------------------------

    def watch(self, name: str, table: Mapping[K, V]) -> Mapping[K, V]:
        """The table, whose look-ups now count as what a result depends on. One table a name in each run.

        What changed in it is known if it was gathered under the same name; else it is compared with the one
        that was watched before.
        """
        if self._once:
            return table
        plain = unread(table)
        if name in self._tables and name not in self._gathered:
            self._changed(name, differing(self._tables[name], plain))
        self._tables[name] = plain
        self._watched.add(name)
        self._since = {}
        return Watched(name, table, self._reading)

    def gather(
        self, name: str, holders: Mapping[str, V], of: Callable[[V], Iterable[tuple[K, Row]]]
    ) -> Mapping[K, tuple[Row, ...]]:
        """The rows of all who hold some by their keys, under each key once and in order.

        `of` tells the rows. Of holders that are the same objects as in the run before nothing is looked at.
        """
        table: Mapping[K, tuple[Row, ...]] = self._gather(name, holders, of, tuple)
        return table

    def gather_many(
        self, name: str, holders: Mapping[str, V], of: Callable[[V], Iterable[tuple[K, Row]]]
    ) -> Mapping[K, Rows]:
        """The same, of rows that are many under each key, and are read when somebody looks at them."""
        table: Mapping[K, Rows] = self._gather(name, holders, of, lambda rows: Rows(len(rows), tuple(rows)))
        return table

    def follow(self, name: str, holders: Mapping[str, V], of: Callable[[V], Iterable[tuple[K, Row]]]) -> None:
        """It is known what changes in a table of one row a key, which nobody has to hold."""
        if self._once:
            return
        before, _ = self._gathered.get(name, ({}, {}))
        changed: set[Hashable] = set()
        for id_ in self._others(before, holders) if name in self._gathered else ():
            was, now = (dict(of(each[id_])) if id_ in each else {} for each in (before, holders))
            changed |= differing(was, now)
        self._gathered[name] = (holders, {})
        self._changed(name, changed)

    def _gather(
        self,
        name: str,
        holders: Mapping[str, V],
        of: Callable[[V], Iterable[tuple[Any, Row]]],
        kept: Callable[[Sequence[Row]], Sequence[Row]],
    ) -> Mapping[Any, Any]:
        if self._once:
            return MappingProxyType(grouped(map(of, holders.values()), kept))
        before, table = self._gathered.get(name, ({}, {}))
        others = self._others(before, holders)
        told = self._told_again(before, holders, others, of)
        if told is None:
            now = grouped(map(of, holders.values()), kept)
            changed = differing(table, now) if name in self._gathered else set()
        else:
            now = dict(table) if others else table
            changed = regathered(now, *told, kept)
        self._gathered[name] = (holders, now)
        self._changed(name, changed)
        return MappingProxyType(now)

    def _told_again(
        self,
        before: Mapping[str, V],
        holders: Mapping[str, V],
        others: Sequence[str],
        of: Callable[[V], Iterable[tuple[Any, Row]]],
    ) -> tuple[list[Iterable[tuple[Any, Row]]], list[Iterable[tuple[Any, Row]]]] | None:
        """The rows that go and those that come; None if most are others, or if what one of them had is lost:
        it changed in a run that gathered less."""
        if len(others) * 2 > len(holders):
            return None
        try:
            gone, come = ([of(each[id_]) for id_ in others if id_ in each] for each in (before, holders))
        except Lost:
            return None
        return gone, come

    def _others(self, before: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
        """Whose values are other objects; found once for all that is gathered from them."""
        if self._compared is None or self._compared[0] is not before or self._compared[1] is not now:
            others = [id_ for id_, each in now.items() if before.get(id_) is not each]
            self._compared = (before, now, others + [id_ for id_ in before if id_ not in now])
        return self._compared[2]

    def stamps(
        self, items: Sequence[object], before: Sequence[object] = (), of_these: Sequence[int] = ()
    ) -> tuple[int, ...]:
        """A number for each of the items, another whenever an item is not what it was at its place before.

        It is the number of the run in which the item came there.
        """
        return tuple(
            of_these[place] if place < len(of_these) and before[place] == item else self._run
            for place, item in enumerate(items)
        )

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
        problems: list[Any] | None = None,
        least: int = 0,
        revise: bool = False,
        units: Callable[[Any, Any, T], Units] | None = None,
    ) -> dict[Any, T]:
        """What `make` returns of each key, or returned when it, and all keys, were given what they are now.

        As if each were recalled by itself, but what holds is found in one go. A result is kept only if
        `problems`, where those go that `make` meets, are as many as before. With `least`, processes share out
        what is new, none fewer than so many; then results are data that is fit to be sent, nothing that is
        compared by identity. To `revise` means that `make` takes the result before, too, or None. `units`
        tell what of a result is not light: then what is new is packed, if it is much.
        """
        task = Task(
            name=name,
            given=given,
            make=make,
            always=always,
            problems=[] if problems is None else problems,
            revise=revise,
            units=units,
        )
        if least:
            self.ahead(task, least=least)
        return self.recall_task(task, least)

    def recall_task(self, task: Task, least: int = 0) -> dict[Any, Any]:
        """What `recall_each` returns of the task."""
        assert not callable(task.given)
        given = unread(task.given)
        keys = list(given)
        name, make, always, problems, revise = task.name, task.make, task.always, task.problems, task.revise
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
        shelves = [self._shelves.setdefault((name, i, len(groups)), Shelf()) for i in range(len(groups))]
        doubtful: list[tuple[Shelf, list[Hashable]]] = []
        new: list[tuple[Hashable, Shelf]] = []
        for shelf, group in zip(shelves, groups, strict=True):
            own = (always, {key: given[key] for key in group})
            if shelf.whole is None or not self._holds(shelf.whole, own):
                shelf.whole = Kept(own, {}, self._run, None)
                doubtful.append((shelf, group))
                new += [(key, shelf) for key in group if not self._has(shelf, key, (always, given[key]))]
        sound: dict[Hashable, Kept] = {}
        faulty: dict[Hashable, Kept] = {}

        def work(lot: Iterable[int]) -> list[tuple[int, Kept, bool]]:
            found: list[tuple[int, Kept, bool]] = []
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
                key, _ = new[number]
                kept.given = (always, given[key])
                (faulty if is_faulty else sound)[key] = kept
                self.made.add((name, key))
        for shelf, group in doubtful:
            self._fill(shelf, group, sound, faulty)
        found: dict[Any, Any] = {}
        for shelf in shelves:
            assert shelf.whole is not None
            self._read_by_others(shelf.whole)
            found.update(shelf.whole.result)
        return {key: found[key] for key in keys}

    # ---- much at a time ------------------------------------------------------------------------

    def share(self, units: Units) -> None:
        """What is packed refers to the records of these units, which many have, and never has them itself."""
        self._shared = units

    def ahead(self, *tasks: Task, least: int) -> None:
        """What `recall_each` will be asked for is made already, and packed, if it is much.

        The tasks have the same keys, so that a record that several look at is read but once. Processes share
        out the keys, none fewer than `least`. What a task has problems with is left to `recall_each`.
        """
        if self._packer is None or self._once:
            return
        together = _Together(self, tasks)
        items = together.items
        if not items or len(items) < _MUCH * least:
            return
        if not self._packer.keep(self._shared):
            self._packer = None
            return
        self._shared = {}
        work = functools.partial(together.packed, self._packer)
        for parcel in in_parts(work, items, least=least, progress=self.progress, number_of=itemgetter(0)):
            for i, found in self._packer.unpacked(parcel):
                together.put(i, found)

    # ---- what holds ----------------------------------------------------------------------------

    def _make(self, given: object, make: Callable[..., object], *arguments: object) -> Kept:
        """What is made of the arguments, with all that is looked up."""
        reading = Reading()
        self._reading.append(reading)
        try:
            result = make(*arguments)
        finally:
            self._reading.pop()
        return Kept(given, reading.reads(), self._run, result)

    def _read_by_others(self, kept: Kept) -> None:
        """What a result read, whoever is asking for it depends on too."""
        for reading in self._reading[-1:]:
            reading.note_all(kept.reads)

    def _has(self, shelf: Shelf, key: Hashable, given: object) -> bool:
        kept = shelf.each.kept.get(key)
        return kept is not None and self._holds(kept, given)

    def _fill(
        self,
        shelf: Shelf,
        group: Sequence[Hashable],
        sound: Mapping[Hashable, Kept],
        faulty: Mapping[Hashable, Kept],
    ) -> None:
        """The shelf has the results of the group as a whole, and as long as none is faulty it may hold."""
        assert shelf.whole is not None
        made = {key: table[key] for table in (sound, faulty) for key in group if key in table}
        of_group = {key: made[key] if key in made else shelf.each.kept[key] for key in group}
        shelf.each = Each({key: kept for key, kept in of_group.items() if key not in faulty})
        shelf.whole.reads = together(kept.reads for kept in of_group.values())
        shelf.whole.result = {key: kept.result for key, kept in of_group.items()}
        if faulty.keys() & of_group.keys():
            shelf.whole.given = ABSENT  # which nothing is

    def _shared_out(self, name: str, keys: list[Hashable]) -> list[list[Hashable]]:
        """The keys in groups; a key stays in its group while others come and go."""
        before = self._groups.get(name)
        if before is not None and before[0] == keys:
            return before[1]
        groups = in_groups(keys, _MANY)
        self._groups[name] = (keys, groups)
        return groups

    def _holds(self, kept: Kept, given: object) -> bool:
        try:
            if kept.given != given:  # tuples compare their items by identity first
                return False
        except Lost:  # of what was given then, which other records have taken the place of since
            return False
        changed = self._since.get(kept.run)
        if changed is None:
            changed = self._since[kept.run] = {name: self._news(name, kept.run) for name in self._watched}
        for table, marks in kept.reads.items():
            news = changed.get(table)
            if news is None or (news and concerns(news, marks)):
                return False
        kept.given, kept.run = given, self._run  # what is equal may be another object
        return True

    def _changed(self, name: str, keys: AbstractSet[Hashable]) -> None:
        """Notes what changed in a table: of these keys, the value."""
        if keys:
            self._changes.setdefault(name, []).append((self._run, frozenset((*map(mark, keys), WHOLE))))

    def _news(self, name: str, run: int) -> AbstractSet[int]:
        """The marks of what changed in a table after a run."""
        later = [keys for when, keys in self._changes.get(name, ()) if when > run]
        return later[0] if len(later) == 1 else frozenset().union(*later)


_Made = tuple[int, Each, Reads, dict[Any, Any]]  # task, results and what they read


class _Together:
    """Tasks of the same keys, done shelf by shelf.

    `items` are the keys of the shelves that lack all results of a task, each after the number of its shelf.
    """

    def __init__(self, memory: Memory, tasks: Sequence[Task]) -> None:
        self.memory, self.tasks = memory, tasks
        first = tasks[0].given
        assert not callable(first)
        keys = list(unread(first))
        self.groups, *_ = (memory._shared_out(task.name, keys) for task in tasks)
        self.lacking = [self._lacking(i) for i in range(len(self.groups))]
        self.items = [(i, key) for i, group in enumerate(self.groups) if self.lacking[i] for key in group]

    def packed(self, packer: Packer, items: Iterable[tuple[int, Any]]) -> Any:
        """A parcel of what is made for the shelves of these items."""
        with packer.packing() as packing:
            for i, of_shelf in groupby(items, key=itemgetter(0)):
                packing.add(*self._made(i, [key for _, key in of_shelf]))
            return packing.parcel

    def put(self, i: int, found: Iterable[_Made]) -> None:
        """What was made for a shelf stands in it."""
        made: dict[int, dict[Any, Any]] = {}
        for number, each, reads, results in found:
            task = self.tasks[number]
            made[number] = {key: results[key] for key in self.groups[i]}  # keys that all tasks have, and once
            shelf = self._shelf(number, i)
            given = (task.always, self._given(number, self.groups[i], made))
            shelf.each, shelf.whole = each, Kept(given, reads, self.memory._run, made[number])
            self.memory.made.update((task.name, key) for key in results)

    def _place(self, number: int, i: int) -> Place:
        return self.tasks[number].name, i, len(self.groups)

    def _shelf(self, number: int, i: int) -> Shelf:
        return self.memory._shelves.setdefault(self._place(number, i), Shelf())

    def _given(
        self, number: int, keys: Iterable[Any], made: Mapping[int, Mapping[Any, Any]]
    ) -> dict[Any, Any]:
        """What a task is given for the keys, of which the task before it made this."""
        given = self.tasks[number].given
        if callable(given):
            return {key: given(key, made[number - 1][key]) for key in keys}
        table = unread(given)
        return {key: table[key] for key in keys}

    def _lacking(self, i: int) -> list[int]:
        """The tasks of which a shelf has no results that hold."""
        found: list[int] = []
        for number, task in enumerate(self.tasks):
            if callable(task.given):
                found += [number] if number - 1 in found else []
                continue
            shelf, own = self._shelf(number, i), self._given(number, self.groups[i], {})
            holds = shelf.whole is not None and self.memory._holds(shelf.whole, (task.always, own))
            if not holds and not any(self.memory._has(shelf, key, (task.always, own[key])) for key in own):
                found.append(number)
        return found

    def _made(
        self, i: int, keys: list[Any]
    ) -> tuple[tuple[int, list[_Made]], dict[Hashable, Sequence[Ghost]]]:
        """What the tasks make for a shelf, and those of its records that are not light."""
        made: dict[int, dict[Any, Any]] = {}
        found: list[_Made] = []
        units: dict[Hashable, Sequence[Ghost]] = {}
        for number in self.lacking[i]:
            task = self.tasks[number]
            if callable(task.given) and number - 1 not in made:
                continue
            given = self._given(number, keys, made)
            before = self._shelf(number, i).each.kept if task.revise else {}
            met = len(task.problems)
            kept: dict[Hashable, Kept] = {}
            for key in keys:
                more = [given[key]] if callable(task.given) else []
                more += [before[key].result if key in before else None] if task.revise else []
                kept[key] = self.memory._make((task.always, given[key]), task.make, key, *more)
            if len(task.problems) > met:
                del task.problems[met:]  # `recall_each` will meet them
                continue
            made[number] = {key: each.result for key, each in kept.items()}
            for key, result in made[number].items():
                if task.units is not None:
                    units.update(task.units(key, given[key], result))
                elif isinstance(result, Ghost) and not isinstance(result, Light):
                    units["record", (self._place(number, i), key)] = [result]
            each = Each(kept)
            units["record", self._place(number, i)] = unit(each, made[number].values())
            reads = together(one.reads for one in kept.values())
            found.append((number, each, reads, made[number]))
        return (i, found), units


def _told(kept: Kept | None) -> tuple[object, ...]:
    assert kept is not None
    return kept.given, kept.reads, kept.run, kept.result
