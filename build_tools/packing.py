"""What a process made, packed as it goes: the units are on disk, and all that it sends refers to them."""

from __future__ import annotations

import contextlib
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from build_tools.ghost import Ghost
from build_tools.store import Places, Writer


@dataclass(slots=True)
class Parcel:
    """What a process packed: units that are on disk, and values that refer to their records, as pickles.

    Of a unit it says where it is, and the editions of its records.
    """

    units: list[tuple[Hashable, Places, Sequence[int]]] = field(default_factory=list)
    values: list[bytes] = field(default_factory=list)


class Disk(Protocol):
    """Who puts units on disk, such as `lasting.Lasting`."""

    def writer(self) -> contextlib.AbstractContextManager[Writer]:
        """Writes into a new file. Raises OSError."""

    def is_apart(self, records: Iterable[Ghost]) -> bool:
        """Whether the records are kept for this run only."""

    def put(
        self, writer: Writer, unit: Hashable, records: Sequence[Ghost]
    ) -> tuple[Hashable, Places, Sequence[int]]:
        """The unit is on disk, and what a parcel says of it. Raises OSError, Lost."""

    def let_go(self, unit: Hashable) -> None:
        """The records of the unit are ghosts."""

    def pickled(self, value: object) -> bytes:
        """The value, which refers to records of units, for a process of this run."""


class Packing:
    """What a process is packing into a parcel."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
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
        apart = self._disk.is_apart(records)
        if apart not in self._writers:
            self._writers[apart] = self._files.enter_context(self._disk.writer())
        return self._writers[apart]

    def add(self, value: object, units: Mapping[Hashable, Sequence[Ghost]]) -> None:
        """The value is in the parcel, and the contents of the units on disk. Raises Lost."""
        put: list[Hashable] = []
        for unit, records in units.items() if not self._full else ():
            try:
                told = self._disk.put(self._writer(records), unit, records)
            except OSError:
                self._full = True
                break
            put.append(unit)
            self.parcel.units.append(told)
        self.parcel.values.append(self._disk.pickled(value))
        for unit in put:
            self._disk.let_go(unit)
