"""Frozen records that are made and pickled in half of the time: a wiki has a million of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import MISSING, fields
from typing import Any, TypeVar

T = TypeVar("T")


def quick(record: type[T]) -> type[T]:
    """The dataclass with slots, frozen or not, which is made and pickled by straight-line code.

    What the standard library has for such a class asks at each field whether the record is frozen, or which
    field that is. The code is written when the first record of the class is made, or pickled, since most
    runs need little of it.
    """

    def init(self: Any, *values: Any, **named: Any) -> None:
        _write(record, _making(record))
        record.__init__(self, *values, **named)

    def state(self: Any) -> object:
        _write(record, _pickling(record))
        return self.__getstate__()

    def restore(self: Any, state: object) -> None:
        _write(record, _pickling(record))
        self.__setstate__(state)

    for method, name in ((init, "__init__"), (state, "__getstate__"), (restore, "__setstate__")):
        setattr(record, name, method)
    return record


def _making(record: Any) -> Sequence[str]:
    """The code that makes a record of its values: the parameters are those that the dataclass has."""
    parameters = [(each.kw_only, _parameter(each.name, each.default)) for each in fields(record)]
    placed = [text for named, text in parameters if not named]
    named = [text for named, text in parameters if named]
    names = ", ".join(["self", *placed, *(["*", *named] if named else ())])
    return [f"def __init__({names}):", *_setting(record)]


def _parameter(name: str, default: object) -> str:
    return name if default is MISSING else f"{name}=default_{name}"


def _pickling(record: Any) -> Sequence[str]:
    """The code that tells a record's values, and gives them to one that is empty."""
    names = [each.name for each in fields(record)]
    code = ["def __getstate__(self):", f"    return ({''.join(f'self.{name}, ' for name in names)})"]
    code += ["def __setstate__(self, state):", f"    ({''.join(f'{name}, ' for name in names)}) = state"]
    return [*code, *_setting(record)]


def _setting(record: Any) -> Sequence[str]:
    return [f"    set_{each.name}(self, {each.name})" for each in fields(record)]


def _write(record: Any, code: Sequence[str]) -> None:
    """The record has the methods that the code defines."""
    names: dict[str, Any] = {}
    for each in fields(record):
        names[f"set_{each.name}"] = getattr(record, each.name).__set__
        names[f"default_{each.name}"] = each.default
    methods: dict[str, Any] = {}
    exec("\n".join(code), names, methods)
    for name, method in methods.items():
        setattr(record, name, method)
