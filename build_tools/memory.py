"""What was worked out before, and from what: a later run works out anew only what that has changed for.

A result is kept with what it was given and with what it looked up in *watched* tables while it was made (a
verifying trace: Mokhov, Mitchell and Peyton Jones, "Build Systems à la Carte", ICFP 2018). It is used again
if all of that is equal. Records that did not change are the same objects from run to run, so comparing them
costs nothing.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from build_tools.processes import in_parts

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


class _Mark(enum.Enum):
    """What stands for no value, and for a whole table: the same in every process."""

    ABSENT = enum.auto()
    WHOLE = enum.auto()


_ABSENT, _WHOLE = _Mark.ABSENT, _Mark.WHOLE
_Reads = dict[str, dict[object, object]]  # by table and key, the value


@dataclass(slots=True)
class _Kept:
    """A result, what it was given, what was read, and with which versions of the tables that holds."""

    given: tuple[object, ...]
    reads: _Reads
    versions: dict[str, int]
    result: Any


@dataclass(frozen=True, slots=True)
class Task(Generic[T]):
    """A result to be recalled: the arguments of `Memory.recall`."""

    name: Hashable
    given: tuple[object, ...]
    make: Callable[..., T]
    arguments: tuple[object, ...]


class Memory:
    """Results by name, of one run after another. A new one remembers nothing.

    With `once` it serves a single run: then it keeps nothing but what was worked out ahead, until it is
    asked for, and notes no look-ups.
    """

    def __init__(self, *, once: bool = False) -> None:
        self._once = once
        self._kept: dict[Hashable, _Kept] = {}
        self._used: set[Hashable] = set()
        self._tables: dict[str, Mapping[Any, Any]] = {}
        self._versions: dict[str, int] = {}
        self._watched: set[str] = set()  # in this run
        self._reading: list[_Reads] = []
        self.made: set[Hashable] = set()

    def begin(self) -> None:
        """A run begins: `made` will name what it works out."""
        self._used, self.made, self._watched = set(), set(), set()

    def forget(self) -> None:
        """What this run did not ask for is forgotten. Not for a run that a problem cut short."""
        self._kept = {name: kept for name, kept in self._kept.items() if name in self._used}

    def watch(self, name: str, table: Mapping[K, V]) -> Mapping[K, V]:
        """The table, whose look-ups now count as what a result depends on. One table a name in each run."""
        if self._once:
            return table
        before = self._tables.get(name)
        if before is None or before != table:
            self._versions[name] = self._versions.get(name, 0) + 1
        self._tables[name] = table
        self._watched.add(name)
        return _Watched(name, table, self._reading)

    def recall(
        self,
        name: Hashable,
        given: tuple[object, ...],
        make: Callable[..., T],
        *arguments: Any,
        problems: Sequence[object] = (),
    ) -> T:
        """What `make` returns, or returned when `given` and all that it looked up were as they are now.

        It depends on nothing else; `given` stands for its arguments. A result is kept only if `problems`,
        where the problems go that `make` meets, are as many as before.
        """
        if self._once:
            ahead = self._kept.pop(name, None)
            answer: T = make(*arguments) if ahead is None else ahead.result
            return answer
        kept = self._kept.get(name)
        if kept is None or not self._holds(kept, given):
            reads: _Reads = {}
            before = len(problems)
            self._reading.append(reads)
            try:
                result = make(*arguments)
            finally:
                self._reading.pop()
            self.made.add(name)
            kept = _Kept(given, reads, {table: self._versions[table] for table in reads}, result)
            if len(problems) == before:
                self._kept[name] = kept
        self._used.add(name)
        for reading in self._reading[-1:]:  # what this read, whoever asked for it depends on too
            for table, values in kept.reads.items():
                reading.setdefault(table, {}).update(values)
        made: T = kept.result
        return made

    def ahead(self, tasks: Iterable[Task[Any]], *, least: int) -> None:
        """What the tasks make will be recalled without making it: processes share out what is not known yet.

        None of them has fewer than `least` of the tasks. What they make goes from process to process, so it
        is data that is fit for that, and nothing that is compared by identity.
        """
        new = [
            task
            for task in tasks
            if (kept := self._kept.get(task.name)) is None or not self._holds(kept, task.given)
        ]
        numbers = range(len(new))
        for part in in_parts(lambda part: self._made(new, part), numbers, least=least):
            for number, reads, result in part:
                task = new[number]
                looked_up: _Reads = {
                    table: {
                        key: self._tables[table] if key is _WHOLE else self._tables[table].get(key, _ABSENT)
                        for key in keys
                    }
                    for table, keys in reads.items()
                }
                versions = {table: self._versions[table] for table in reads}
                self._kept[task.name] = _Kept(task.given, looked_up, versions, result)
                self.made.add(task.name)

    def _made(
        self, tasks: Sequence[Task[Any]], part: Iterable[int]
    ) -> list[tuple[int, dict[str, list[object]], object]]:
        """What these of the tasks make, each with the keys that it looked up in each table."""
        found: list[tuple[int, dict[str, list[object]], object]] = []
        for number in part:
            task = tasks[number]
            reads: _Reads = {}
            self._reading.append(reads)
            try:
                result = task.make(*task.arguments)
            finally:
                self._reading.pop()
            found.append((number, {table: list(values) for table, values in reads.items()}, result))
        return found

    def _holds(self, kept: _Kept, given: tuple[object, ...]) -> bool:
        if kept.given != given:  # tuples compare their items by identity first
            return False
        if not self._watched.issuperset(kept.reads):
            return False
        versions = self._versions
        for name, values in kept.reads.items():
            if kept.versions[name] == versions[name]:
                continue
            table = self._tables[name]
            get = table.get
            for key, value in values.items():
                now = table if key is _WHOLE else get(key, _ABSENT)
                if now is not value and now != value:
                    return False
            kept.versions[name] = versions[name]
        return True


class _Watched(Mapping[K, V]):
    """A table that notes for whoever is being made what was looked up in it."""

    __slots__ = ("_name", "_reading", "_table")

    def __init__(self, name: str, table: Mapping[K, V], reading: list[_Reads]) -> None:
        self._name, self._table, self._reading = name, table, reading

    def _note(self, key: object, value: object) -> None:
        if self._reading:
            self._reading[-1].setdefault(self._name, {})[key] = value

    def __getitem__(self, key: K) -> V:
        value = self.get(key, _ABSENT)
        if value is _ABSENT:
            raise KeyError(key)
        found: V = value
        return found

    def get(self, key: K, default: Any = None) -> Any:
        value: Any = self._table.get(key, _ABSENT)
        self._note(key, value)
        return default if value is _ABSENT else value

    def __contains__(self, key: object) -> bool:
        return self.get(key, _ABSENT) is not _ABSENT  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[K]:
        self._note(_WHOLE, self._table)
        return iter(self._table)

    def __len__(self) -> int:
        self._note(_WHOLE, self._table)
        return len(self._table)
