"""What a run worked out, kept on disk for the next, which reads of it what it looks at.

In a folder stand an index, which is read whole, and a store of units: records that are made together, such as
an entity with its statements. Whatever refers to a record of a unit is given a ghost of it, so that a run
which looks at little reads little. All of it may be lost or damaged at any time: what is found wrong at once
is as good as nothing; what is found wrong later raises `Lost`, and the run begins anew without it.

A process that makes many records packs them as it goes: their units are on disk then, and all that it sends
to others refers to them. So no process holds the contents of a large wiki; of what is read, the last units
stay in memory.

The index and the units are pickles. Nothing is made of them but instances of the compiler's own classes and
of a few others that hold data.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import io
import pickle
import secrets
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from build_tools.cache import read_cache, write_cache
from build_tools.ghost import Ghost, contents, ghost, give, is_ghost, let_go
from build_tools.processes import in_parts
from build_tools.store import Lost, Place, Store, Writer

Unit = Hashable
_Reference = Callable[[Ghost], tuple[type, Hashable, int, dict[str, object]] | None]
INDEX = "index"
_LEAST = 200  # units that are worth a process
_WASTE = 2  # so many times what is needed may lie in the store
_HELD = 80_000_000  # bytes of units whose contents are in memory; in it they take some eight times as much
_DATA = frozenset(
    {("builtins", name) for name in ("frozenset", "set", "bytearray", "complex", "range")}
    | {("fractions", "Fraction"), ("collections", "Counter")}
)


@dataclass(slots=True)
class _Held:
    """A unit on disk: where, how many records it has, and those of them that are in memory."""

    place: Place
    count: int
    records: dict[int, Ghost]


@dataclass(slots=True)
class Parcel:
    """What a process packed: units that are on disk, and values that refer to their records, as pickles.

    Of a unit it says where it is, how many records it has, and which of them are the records of the unit that
    had its name before.
    """

    units: list[tuple[Unit, Place, int, list[int]]] = field(default_factory=list)
    values: list[bytes] = field(default_factory=list)


class Lasting:
    """What is kept in a folder, for those who come with the same `key`.

    `known` names, by class, the fields of records that a reference brings with it. Of records of the classes
    `apart` nothing else is kept when the run is over: whoever looks for it finds it Lost.
    """

    def __init__(
        self, folder: Path, key: str, known: Mapping[type, Sequence[str]], apart: Iterable[type] = ()
    ) -> None:
        self._folder, self._key, self._known, self._apart = folder, key, known, frozenset(apart)
        self._new = folder / f"{INDEX}.{secrets.token_hex(8)}"
        self._store = Store(folder)
        self._units: dict[Unit, _Held] = {}
        self._loaded: dict[Unit, _Held] = {}  # those that there were before, whatever is put in their places
        self._places: dict[int, tuple[Unit, int]] = {}  # of records, by their identity
        self._ghosts: dict[int, tuple[Unit, _Held]] = {}  # what is to fill them, too when a unit is another
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
            _Unpickler(stream, self._refer).load()
            key, units = _Unpickler(stream, self._refer).load()
            if key != self._key:
                return None
            self._units = {unit: _Held(place, count, {}) for unit, place, count in units}
            self._loaded = dict(self._units)
            self._store.hold({held.place[0] for held in self._units.values()})
            return _Unpickler(stream, self._refer).load()
        except (pickle.UnpicklingError, Lost, EOFError, ValueError, TypeError, AttributeError, KeyError):
            self._units, self._loaded = {}, {}  # a record of another version of Python, or of its libraries
            return None
        finally:
            gc.enable()

    def save(self, light: object, units: Mapping[Unit, Sequence[Ghost]]) -> None:
        """What there is now is on disk, if that has room, and is kept when that is settled.

        Units that consist of the same records as when they were read are not written again; of one of which
        nothing was read it is enough to name a single record.
        """
        for unit, records in units.items():
            self._places.update((id(record), (unit, number)) for number, record in enumerate(records))
        new = [unit for unit, records in units.items() if not self._is_held(unit, records)]
        try:
            held = {unit: each for unit, each in self._units.items() if unit in units}
            for part in in_parts(lambda part: self._put(units, part), new, least=_LEAST):
                held |= {
                    unit: _Held(place, len(units[unit]), dict(enumerate(units[unit]))) for unit, place in part
                }
            self._units = self._settled(held)
            rows = [(unit, each.place, each.count) for unit, each in self._units.items()]
            stream = io.BytesIO()
            files = sorted({each.place[0] for each in self._units.values()})
            for part_of_index in (files, (self._key, rows), light):
                _Pickler(stream, self._lasting_reference).dump(part_of_index)
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
        if id(ghost) not in self._ghosts:
            raise Lost(str(type(ghost)))
        unit, held = self._ghosts[id(ghost)]
        self.read += 1
        try:
            stream = io.BytesIO(self._store.get(held.place))
            old = self._loaded.get(unit) is held
            every = _Unpickler(stream, self._refer_back if old else self._refer).load()
        except (pickle.UnpicklingError, EOFError, ValueError, TypeError, AttributeError, KeyError) as error:
            raise Lost(str(unit)) from error
        for number, (record, fields) in enumerate(every):
            each = self._record(held, record, unit, number, {})
            if is_ghost(each):
                give(each, fields)
        if id(held) not in self._filled:
            self._filled[id(held)] = held
            self._size += held.place[2]
        while self._size > _HELD and len(self._filled) > 1:
            self.let_go(next(iter(self._filled.values())))

    def let_go(self, held: _Held) -> None:
        """The records of the unit are ghosts, unless they are of one that took its place."""
        if self._filled.pop(id(held), None) is not None:
            self._size -= held.place[2]
        for record in held.records.values():
            if not is_ghost(record) and self._ghosts[id(record)][1] is held:
                let_go(record, self, self._known.get(type(record), ()))

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
        new = {unit: each for unit, each in units.items() if not all(id(one) in self._places for one in each)}
        with self.packing() as packing:
            packing.add(None, new)
        self._written |= {place[0] for _, place, _, _ in packing.parcel.units}
        return len(packing.parcel.units) == len(new)

    def writer(self) -> contextlib.AbstractContextManager[Writer]:
        """Writes into a new file. Raises OSError."""
        return self._store.writer()

    def is_apart(self, records: Iterable[Ghost]) -> bool:
        """Whether the records are kept for this run only."""
        return any(type(record) in self._apart for record in records)

    def unpacked(self, parcel: Parcel) -> Iterator[Any]:
        """The values of a parcel, one by one; the records of its units are ghosts. Raises Lost."""
        files = {place[0] for _, place, _, _ in parcel.units}
        self._written |= files
        self._store.hold(files)
        for unit, place, count, same in parcel.units:
            held = self._units.get(unit)
            if held is None or held.place != place:  # another process packed it
                self._instead(unit, _Held(place, count, {}), same)
        parcel.values.reverse()
        while parcel.values:  # what was taken out is needed no more
            yield _Unpickler(io.BytesIO(parcel.values.pop()), self._refer).load()

    def put(self, writer: Writer, unit: Unit, records: Sequence[Ghost]) -> tuple[_Held, list[int]]:
        """The unit is on disk; which of its records are of the one before it. Raises OSError, Lost."""
        old = self._units.get(unit)
        same = [number for number, each in enumerate(records) if old and old.records.get(number) is each]
        before = {id(record): self._places.get(id(record)) for record in records}
        self._places.update((id(record), (unit, number)) for number, record in enumerate(records))
        try:
            place = self._piece(writer, records)
        except OSError:
            for key, where in before.items():
                self._places.pop(key)
                self._places.update({key: where} if where else {})
            raise
        held = _Held(place, len(records), {})
        self._instead(unit, held, same)
        for number, record in enumerate(records):
            held.records[number] = record
            self._ghosts[id(record)] = unit, held
        return held, same

    def _instead(self, unit: Unit, held: _Held, same: Iterable[int]) -> None:
        """The unit takes the place of the one before it, and has these of its records, too."""
        before = self._units[unit].records if unit in self._units else {}
        self._units[unit] = held
        for number in same:
            if number in before:
                held.records[number] = before[number]
                self._ghosts[id(held.records[number])] = unit, held

    def pickled(self, value: object) -> bytes:
        """The value, which refers to records of units, for a process of this run."""
        return self._pickled(value, self._reference)

    # ---- references ----------------------------------------------------------------------------

    def _lasting_reference(self, record: Ghost) -> tuple[type, Unit, int, dict[str, object]] | None:
        return self._reference(record, (None, 0) if type(record) in self._apart else None)

    def _reference(
        self, record: Ghost, place: tuple[Unit, int] | None = None
    ) -> tuple[type, Unit, int, dict[str, object]] | None:
        place = place or self._places.get(id(record))
        if place is None and type(record) in self._apart and is_ghost(record):
            place = None, 0
        if place is None:
            return None
        known = {name: getattr(record, name.removeprefix("_")) for name in self._known.get(type(record), ())}
        return type(record), *place, known

    def _refer(self, record: type[Ghost], unit: Unit, number: int, known: dict[str, object]) -> Ghost:
        """The record of that number of a unit: a ghost of it, where it is not in memory."""
        if unit is None:
            return ghost(record, self, **known)
        return self._record(self._units[unit], record, unit, number, known)

    def _refer_back(self, record: type[Ghost], unit: Unit, number: int, known: dict[str, object]) -> Ghost:
        """The record that was of that number when this run began."""
        if unit is None:
            return ghost(record, self, **known)
        return self._record(self._loaded[unit], record, unit, number, known)

    def _record(
        self, held: _Held, record: type[Ghost], unit: Unit, number: int, known: Mapping[str, object]
    ) -> Ghost:
        found = held.records.get(number)
        if found is None:
            found = held.records[number] = ghost(record, self, **known)
            self._places[id(found)] = (unit, number)
            self._ghosts[id(found)] = (unit, held)
        return found

    # ---- units ---------------------------------------------------------------------------------

    def _is_held(self, unit: Unit, records: Sequence[Ghost]) -> bool:
        held = self._units.get(unit)
        if held is None or any(held.records.get(i) is not record for i, record in enumerate(records)):
            return False
        return held.count == len(records) or (len(records) == 1 and is_ghost(records[0]))

    def _put(self, units: Mapping[Unit, Sequence[Ghost]], some: Iterable[Unit]) -> list[tuple[Unit, Place]]:
        """These of the units are in a new file; their places. Raises OSError, Lost."""
        found: list[tuple[Unit, Place]] = []
        with self._store.writer() as writer:
            found += [(unit, self._piece(writer, units[unit])) for unit in some]
        return found

    def _piece(self, writer: Writer, records: Sequence[Ghost]) -> Place:
        """Where the contents of the records are from now on. Raises OSError, Lost."""
        rows = [(type(record), contents(record)) for record in records]
        return writer.put(self._pickled(rows, self._lasting_reference))

    def _pickled(self, value: object, reference: _Reference) -> bytes:
        stream = io.BytesIO()
        _Pickler(stream, reference).dump(value)
        return stream.getvalue()

    def _settled(self, held: dict[Unit, _Held]) -> dict[Unit, _Held]:
        """The units, put together in one file if there is too much in the store that nobody needs."""
        needed = sum(each.place[2] for each in held.values())
        sizes = self._store.sizes()
        there = sum(sizes[name] for name in {each.place[0] for each in held.values()} if name in sizes)
        if there <= _WASTE * needed:
            return held
        with self._store.writer() as writer:
            return {
                unit: _Held(writer.put(self._store.get(each.place)), each.count, each.records)
                for unit, each in held.items()
            }


class Packing:
    """What a process is packing into a parcel."""

    def __init__(self, lasting: Lasting) -> None:
        self._lasting = lasting
        self._files = contextlib.ExitStack()
        self._writers: dict[bool, Writer] = {}  # for what is kept for this run only, and for longer
        self._full = False
        self.parcel = Parcel()

    def close(self) -> None:
        """The files are closed."""
        with contextlib.suppress(OSError):  # of a piece that could not be written, which nobody needs
            self._files.close()

    def _writer(self, records: Iterable[Ghost]) -> Writer:
        """The one for such records; raises OSError."""
        apart = self._lasting.is_apart(records)
        if apart not in self._writers:
            self._writers[apart] = self._files.enter_context(self._lasting.writer())
        return self._writers[apart]

    def add(self, value: object, units: Mapping[Unit, Sequence[Ghost]]) -> None:
        """The value is in the parcel, and the contents of the units on disk. Raises Lost."""
        put: list[_Held] = []
        for unit, records in units.items() if not self._full else ():
            try:
                held, same = self._lasting.put(self._writer(records), unit, records)
            except OSError:
                self._full = True
                break
            put.append(held)
            self.parcel.units.append((unit, held.place, held.count, same))
        self.parcel.values.append(self._lasting.pickled(value))
        for held in put:
            self._lasting.let_go(held)


def _files(index: bytes) -> list[str]:
    """The files of the store that an index needs."""
    try:
        names: list[str] = _Unpickler(io.BytesIO(index), _nobody).load()
    except (pickle.UnpicklingError, EOFError):
        return []
    return names


def _nobody(*_: object) -> Ghost:
    raise pickle.UnpicklingError("a reference where none belongs")


def _refer() -> None:
    """Stands in pickles for `Lasting._refer`."""


def _frozen() -> None:
    """Stands in pickles for MappingProxyType, which has no name of its own."""


class _Pickler(pickle.Pickler):
    """Writes references for records of units."""

    def __init__(
        self,
        stream: io.BytesIO,
        reference: _Reference,
    ) -> None:
        super().__init__(stream, protocol=5)

        def reduced(record: Ghost) -> Any:  # knows nothing of this pickler, which else would be garbage
            found = reference(record)
            return (_refer, found) if found else record.__reduce_ex__(5)

        # By class, so that nobody is asked for a million other values.
        self.dispatch_table = {**dict.fromkeys(_ghostly(Ghost), reduced), MappingProxyType: _reduced}


def _ghostly(record: type[Ghost]) -> Iterator[type[Ghost]]:
    """The classes whose records may be ghosts."""
    for each in record.__subclasses__():
        yield each
        yield from _ghostly(each)


def _reduced(table: MappingProxyType[Any, Any]) -> Any:
    return _frozen, (dict(table),)


class _Unpickler(pickle.Unpickler):
    """Makes nothing but data."""

    def __init__(self, stream: io.BytesIO, refer: Callable[..., Ghost]) -> None:
        super().__init__(stream)
        self._refer = refer

    def find_class(self, module: str, name: str) -> Any:
        """The class of that name; raises UnpicklingError if it is none of ours, or of those for data."""
        if (module, name) == (__name__, _refer.__name__):
            return self._refer
        if (module, name) == (__name__, _frozen.__name__):
            return MappingProxyType
        return _class(module, name)


@functools.cache
def _class(module: str, name: str) -> Any:
    if (module, name) in _DATA or module.startswith("build_tools."):
        found = pickle.Unpickler(io.BytesIO()).find_class(module, name)
        if isinstance(found, type):
            return found
    raise pickle.UnpicklingError(f"{module}.{name}")
