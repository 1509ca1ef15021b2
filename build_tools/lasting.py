"""What a run worked out, kept on disk for the next, which reads of it what it looks at.

In a folder stand an index, which is read whole, and a store of units: records that are made together, such as
an entity with its statements. Whatever refers to a record of a unit is given a ghost of it, so that a run
which looks at little reads little. A reference says which edition of a record it means: what was worked out
from one that another has taken the place of, and not worked out again since, does not find that other one.
All of it may be lost or damaged at any time: what is found wrong at once is as good as nothing; what is found
wrong later raises `Lost`, and the run begins anew without it.

A process that makes many records packs them as it goes (see `packing`). So no process holds the contents of a
large wiki; of what is read, the last units stay in memory.
"""

from __future__ import annotations

import contextlib
import gc
import io
import operator
import pickle
import secrets
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from build_tools.cache import read_cache, write_cache
from build_tools.ghost import Ghost, Loose, contents, ghost, give, is_ghost, let_go, set_where, where
from build_tools.packing import Packing, Parcel
from build_tools.pickles import (
    UNREADABLE,
    Pickler,
    Reference,
    Unpickler,
    nobody,
    pickled,
    pickled_apart,
    unpickled,
)
from build_tools.processes import in_parts
from build_tools.store import Lost, Places, Store, Writer

Unit = Hashable
INDEX = "index"
_LEAST = 200  # units that are worth a process
_WASTE = 2  # so many times what is needed may lie in the store
_HELD = 32_000_000  # bytes of units whose contents are in memory; in it they take some eight times as much
_Rows = list[tuple[type[Ghost], tuple[object, ...]]]  # the contents of records, after their classes


@dataclass(slots=True, eq=False)
class _Held:
    """A unit on disk: its name, where it is, the editions of its records, and those that are in memory.

    Where it has a group of which members can be read by themselves, they stand a second time in a place of
    their own. A record knows its unit and its number there: see `ghost.where`. The record of a number that
    takes the place of another has another edition.
    """

    of: Lasting
    unit: Unit
    places: Places
    editions: Sequence[int]
    records: list[Ghost | None]

    def has(self, number: int, edition: int) -> bool:
        """Whether its record of that number is of that edition."""
        return number < len(self.editions) and self.editions[number] == edition


class Gone:
    """Stands for a record that is not kept, as another took its place: it equals none, and is Lost to whoever
    looks at it."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise Lost(name)

    def __iter__(self) -> Iterator[Any]:
        raise Lost("what it consists of")

    def __len__(self) -> int:
        raise Lost("how many it has")

    def __getitem__(self, key: object) -> Any:
        raise Lost(str(key))


class Lasting:
    """What is kept in a folder, for those who come with the same `key`.

    Of records of the classes `apart` nothing but what a reference brings with it is kept when the run is
    over: whoever looks for more finds it Lost.
    """

    def __init__(self, folder: Path, key: str, apart: Iterable[type] = ()) -> None:
        self._folder, self._key, self._apart = folder, key, frozenset(apart)
        self._new = folder / f"{INDEX}.{secrets.token_hex(8)}"
        self._store = Store(folder)
        self._units: dict[Unit, _Held] = {}
        self._loaded: dict[Unit, _Held] = {}  # those that there were before, whatever is put in their places
        self._filled: dict[int, _Held] = {}  # units with contents in memory, by their identity, oldest first
        self._size = 0  # of these, in bytes
        self._written: set[str] = set()  # files, by this run
        self.read = 0  # units

    def load(self) -> Any:
        """What was kept; None if there is nothing, or nothing of use."""
        data = read_cache(self._folder / INDEX)
        if data is None:
            return None
        stream = io.BytesIO(data)
        gc.disable()  # nothing of it is garbage
        try:
            Unpickler(stream, self._refer).load()
            key, units = Unpickler(stream, self._refer).load()
            if key != self._key:
                return None
            self._units = {
                unit: _Held(self, unit, places, editions, [None] * len(editions))
                for unit, places, editions in units
            }
            self._loaded = dict(self._units)
            self._store.hold({place[0] for held in self._units.values() for place in held.places})
            return Unpickler(stream, self._refer).load()
        except (*UNREADABLE, Lost):
            self._units, self._loaded = {}, {}  # a record of another version of Python, or of its libraries
            return None
        finally:
            gc.enable()

    def save(self, light: object, units: Mapping[Unit, Sequence[Ghost]]) -> None:
        """What there is now is on disk, if that has room, and is kept when that is settled.

        Units that consist of the same records as when they were read are not written again; of one of which
        nothing was read it is enough to name a single record.
        """
        changed = {unit: records for unit, records in units.items() if not self._is_held(unit, records)}
        rows = {unit: _rows(records) for unit, records in changed.items()}
        new: dict[Unit, _Held] = {}
        for unit, records in changed.items():
            new[unit] = self._new_unit(unit, records)
        try:
            for part in in_parts(lambda part: self._put(rows, part), list(rows), least=_LEAST):
                for unit, places in part:
                    new[unit].places = places
            kept = {unit: new.get(unit) or self._units[unit] for unit in units}
            self._settle_in(kept)
            listed = [(unit, each.places, each.editions) for unit, each in kept.items()]
            stream = io.BytesIO()
            files = sorted({place[0] for each in kept.values() for place in each.places})
            for part_of_index in (files, (self._key, listed), light):
                Pickler(stream, self._lasting_reference).dump(part_of_index)
            write_cache(self._new, stream.getvalue())
        except (OSError, Lost, pickle.PicklingError):
            return

    def settle(self, *, good: bool) -> None:
        """What was saved takes the place of what was kept, if it is `good`; else it goes."""
        with contextlib.suppress(OSError):
            names = _files(read_cache(self._new) or b"") if good else []
            if names:
                self._new.replace(self._folder / INDEX)
                self._store.keep_only(names)
            else:
                self._store.remove(self._written)
            for left in self._folder.glob(f"{INDEX}.*"):  # by this run, or by one that was killed
                left.unlink(missing_ok=True)

    def fill(self, ghost: Ghost) -> None:
        """The ghost, and whoever else is of its unit, has its contents. Raises Lost."""
        found = where(ghost)
        if found is None:
            raise Lost(str(type(ghost)))
        held: _Held = found[0]
        self.read += 1
        every: _Rows = self._unpickled(held, self._store.get(held.places[0]))
        for number, (record, fields) in enumerate(every):
            each = self._record(held, record, number, ())
            if is_ghost(each):
                give(each, fields)
        if id(held) not in self._filled:
            self._filled[id(held)] = held
            self._size += held.places[0][2]
        while self._size > _HELD and len(self._filled) > 1:
            self._let_go(next(iter(self._filled.values())))

    def part(self, group: Loose[Any], number: int) -> Any:
        """A member of the group, of which none is in memory afterwards that was not before. Raises Lost."""
        found = where(group)
        held: _Held | None = found[0] if found else None
        if held is None or len(held.places) < 2:
            return group.members[number]
        return self._unpickled(held, self._store.part(held.places[1], number))

    def _unpickled(self, held: _Held, data: bytes) -> Any:
        """The contents of a unit, or some of them. Raises Lost."""
        try:
            return unpickled(data, self._refer)
        except UNREADABLE as error:
            raise Lost(str(held.unit)) from error

    def let_go(self, unit: Unit) -> None:
        """The records of the unit are ghosts."""
        self._let_go(self._units[unit])

    def _let_go(self, held: _Held) -> None:
        """The records of the unit are ghosts, unless they are of one that took its place."""
        if self._filled.pop(id(held), None) is not None:
            self._size -= held.places[0][2]
        for record in held.records:
            if record is not None and not is_ghost(record) and (found := where(record)) and found[0] is held:
                let_go(record, self)

    # ---- parcels -------------------------------------------------------------------------------

    @contextlib.contextmanager
    def packing(self) -> Iterator[Packing]:
        """Packs what is made, bit by bit. Where nothing can be written, the values hold it all."""
        packing = Packing(self)
        try:
            yield packing
        finally:
            packing.close()

    def keep(self, units: Mapping[Unit, Sequence[Ghost]]) -> bool:
        """Whatever refers to records of the units need not hold them, if there is room. Raises Lost."""
        new = {unit: each for unit, each in units.items() if not all(map(self._is_of_a_unit, each))}
        with self.packing() as packing:
            packing.add(None, new)
        self._written |= _files_of(packing.parcel)
        return len(packing.parcel.units) == len(new)

    def writer(self) -> contextlib.AbstractContextManager[Writer]:
        """Writes into a new file. Raises OSError."""
        return self._store.writer()

    def is_apart(self, records: Iterable[Ghost]) -> bool:
        """Whether the records are kept for this run only."""
        return any(type(record) in self._apart for record in records)

    def unpacked(self, parcel: Parcel) -> Iterator[Any]:
        """The values of a parcel, one by one; the records of its units are ghosts. Raises Lost."""
        files = _files_of(parcel)
        self._written |= files
        self._store.hold(files)
        for unit, places, editions in parcel.units:
            held = self._units.get(unit)
            if held is None or held.places != places:  # another process packed it
                self._instead(_Held(self, unit, places, editions, [None] * len(editions)))
        parcel.values.reverse()
        while parcel.values:  # what was taken out is needed no more
            yield unpickled(parcel.values.pop(), self._refer)

    def put(self, writer: Writer, unit: Unit, records: Sequence[Ghost]) -> tuple[Unit, Places, Sequence[int]]:
        """The unit is on disk, and what a parcel says of it. Raises OSError, Lost."""
        rows, before = _rows(records), [where(record) for record in records]
        held = self._new_unit(unit, records)
        try:
            held.places = self._places(writer, rows)
        except OSError:
            for record, found in zip(records, before, strict=True):
                set_where(record, found)
            raise
        self._units[unit] = held
        return unit, held.places, held.editions

    def _new_unit(self, unit: Unit, records: Sequence[Ghost]) -> _Held:
        """A unit of the records, which know it. Of those that it had before the edition is the same."""
        new, editions = secrets.randbits(30), list[int]()
        for number, record in enumerate(records):
            found = where(record)
            same = found is not None and found[0].of is self and (found[0].unit, found[1]) == (unit, number)
            editions.append(found[0].editions[number] if found and same else new)
        held = _Held(self, unit, (), editions, [*records])
        for number, record in enumerate(records):
            set_where(record, (held, number))
        return held

    def _instead(self, held: _Held) -> None:
        """The unit takes the place of the one before it, and has its records that are of the same edition."""
        before = self._units.get(held.unit)
        self._units[held.unit] = held
        if before is None:
            return
        for number, record in enumerate(before.records):
            if record is not None and held.has(number, before.editions[number]):
                held.records[number] = record
                set_where(record, (held, number))

    def pickled(self, value: object) -> bytes:
        """The value, which refers to records of units, for a process of this run."""
        return pickled(value, self._reference)

    # ---- references ----------------------------------------------------------------------------

    def _is_of_a_unit(self, record: Ghost) -> bool:
        found = where(record)
        return found is not None and found[0].of is self

    def _lasting_reference(self, record: Ghost) -> Reference | None:
        if type(record) in self._apart:
            return type(record), None, 0, 0, _known(record)
        return self._reference(record)

    def _reference(self, record: Ghost) -> Reference | None:
        found = where(record)
        if found is not None and found[0].of is self:
            held, number = found
            return type(record), held.unit, number, held.editions[number], _known(record)
        if type(record) in self._apart and is_ghost(record):
            return type(record), None, 0, 0, _known(record)
        return None

    def _refer(
        self, record: type[Ghost], unit: Unit, number: int, edition: int, known: tuple[object, ...]
    ) -> Ghost | Gone:
        """The record of that number and edition of a unit, now or when this run began: a ghost of it, where
        it is not in memory."""
        if unit is None:
            return ghost(record, self, known)
        for units in (self._units, self._loaded):
            held = units.get(unit)
            if held is not None and held.has(number, edition):
                return self._record(held, record, number, known)
        return Gone()

    def _record(self, held: _Held, record: type[Ghost], number: int, known: tuple[object, ...]) -> Ghost:
        found = held.records[number]
        if found is None:
            found = held.records[number] = ghost(record, self, known, (held, number))
        return found

    # ---- units ---------------------------------------------------------------------------------

    def _is_held(self, unit: Unit, records: Sequence[Ghost]) -> bool:
        held = self._units.get(unit)
        if held is None or any(map(operator.is_not, held.records, records)):
            return False
        return len(held.editions) == len(records) or (len(records) == 1 and is_ghost(records[0]))

    def _put(self, rows: Mapping[Unit, _Rows], some: Iterable[Unit]) -> list[tuple[Unit, Places]]:
        """These of the units are in a new file; their places. Raises OSError, Lost."""
        with self._store.writer() as writer:
            return [(unit, self._places(writer, rows[unit])) for unit in some]

    def _places(self, writer: Writer, rows: _Rows) -> Places:
        """Where the contents of a unit are from now on. Raises OSError, Lost."""
        whole = writer.put(pickled(rows, self._lasting_reference))
        for record, (members, *_) in rows:
            if issubclass(record, Loose) and isinstance(members, tuple):
                parts = pickled_apart(members, self._lasting_reference)
                return whole, writer.put_together(parts)
        return (whole,)

    def _settle_in(self, kept: Mapping[Unit, _Held]) -> None:
        """The units are together in one file if there is too much in the store that nobody needs."""
        places = [place for each in kept.values() for place in each.places]
        needed = sum(place[2] for place in places)
        sizes = self._store.sizes()
        there = sum(sizes[name] for name in {place[0] for place in places} if name in sizes)
        if there > _WASTE * needed:
            with self._store.writer() as writer:
                for each in kept.values():
                    each.places = tuple([writer.put(self._store.get(place)) for place in each.places])


def _rows(records: Iterable[Ghost]) -> _Rows:
    """The contents of the records, which may be let go meanwhile. Raises Lost."""
    return [(type(record), contents(record)) for record in records]


def _files_of(parcel: Parcel) -> set[str]:
    """The files that have what was packed."""
    return {place[0] for _, places, _ in parcel.units for place in places}


def _known(record: Ghost) -> tuple[object, ...]:
    """The fields of a record that a reference brings with it, worked out if need be."""
    return tuple([getattr(record, name.removeprefix("_")) for name in record.known])


def _files(index: bytes) -> list[str]:
    """The files of the store that an index needs."""
    try:
        names: list[str] = unpickled(index, nobody)
    except UNREADABLE:
        return []
    return names
