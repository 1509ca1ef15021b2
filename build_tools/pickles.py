"""Pickles of records, which may refer to others; nothing is made of one but data.

Nothing is made but instances of the compiler's own classes and of a few others that hold data: a pickle that
somebody else wrote can do no more than be wrong.
"""

from __future__ import annotations

import functools
import io
import pickle
from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from build_tools.ghost import Ghost

# What is told of a record: its class, the name of its unit, its number and edition there, and its fields that
# are known.
Reference = tuple[type[Ghost], Hashable, int, int, tuple[object, ...]]
_DATA = frozenset(
    {("builtins", name) for name in ("frozenset", "set", "bytearray", "complex", "range")}
    | {("fractions", "Fraction"), ("collections", "Counter")}
)
# What reading a pickle that is damaged, or of other versions, raises.
UNREADABLE = (pickle.UnpicklingError, EOFError, ValueError, TypeError, AttributeError, LookupError)


class Pickler(pickle.Pickler):
    """Writes references for records of which `reference` tells one."""

    def __init__(self, stream: io.BytesIO, reference: Callable[[Ghost], Reference | None]) -> None:
        super().__init__(stream, protocol=5)

        def reduced(record: Ghost) -> Any:  # knows nothing of this pickler, which else would be garbage
            found = reference(record)
            return (_refer, found) if found else record.__reduce_ex__(5)

        # By class, so that nobody is asked for a million other values.
        self.dispatch_table = {**dict.fromkeys(_ghostly(Ghost), reduced), MappingProxyType: _reduced}


class Unpickler(pickle.Unpickler):
    """Makes nothing but data; `refer` tells the record of a reference."""

    def __init__(self, stream: io.BytesIO, refer: Callable[..., object]) -> None:
        super().__init__(stream)
        self._refer = refer

    def find_class(self, module: str, name: str) -> Any:
        """The class of that name; raises UnpicklingError if it is none of ours, or of those for data."""
        if (module, name) == (__name__, _refer.__name__):
            return self._refer
        if (module, name) == (__name__, _frozen.__name__):
            return MappingProxyType
        return _class(module, name)


def pickled(value: object, reference: Callable[[Ghost], Reference | None]) -> bytes:
    """The value as a pickle."""
    stream = io.BytesIO()
    Pickler(stream, reference).dump(value)
    return stream.getvalue()


def pickled_apart(values: Iterable[object], reference: Callable[[Ghost], Reference | None]) -> list[bytes]:
    """Each of the values as a pickle of its own."""
    stream = io.BytesIO()
    pickler = Pickler(stream, reference)
    ends = [0]
    for value in values:
        pickler.dump(value)
        pickler.clear_memo()
        ends.append(stream.tell())
    data = stream.getvalue()
    return [data[begin:end] for begin, end in pairwise(ends)]


def unpickled(data: bytes, refer: Callable[..., object]) -> Any:
    """The value of a pickle. Raises one of those that are UNREADABLE."""
    return Unpickler(io.BytesIO(data), refer).load()


def nobody(*_: object) -> Ghost:
    """Refers to no record. Raises UnpicklingError."""
    raise pickle.UnpicklingError("a reference where none belongs")


def _ghostly(record: type[Ghost]) -> Iterator[type[Ghost]]:
    """The classes whose records may be ghosts."""
    for each in record.__subclasses__():
        yield each
        yield from _ghostly(each)


def _refer() -> None:
    """Stands in pickles for what tells the record of a reference."""


def _frozen() -> None:
    """Stands in pickles for MappingProxyType, which has no name of its own."""


def _reduced(table: MappingProxyType[Any, Any]) -> Any:
    return _frozen, (dict(table),)


@functools.cache
def _class(module: str, name: str) -> Any:
    if (module, name) in _DATA or module.startswith("build_tools."):
        found = pickle.Unpickler(io.BytesIO()).find_class(module, name)
        if isinstance(found, type):
            return found
    raise pickle.UnpicklingError(f"{module}.{name}")
