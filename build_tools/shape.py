"""Nodes read into records by the records' own annotations, with every fault reported at its place.

A record is always made, broken leaves standing in as empty values, so that one fault hides no
other; a caller that sees errors among the problems must not use the empty values.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import types
import typing
from collections.abc import Callable, Hashable
from collections.abc import Mapping as Map
from types import MappingProxyType
from typing import Any, TypeVar

from build_tools.problems import Code, Location, Problem, did_you_mean, nearest
from build_tools.prose import Prose, foreign_markup, parse_prose
from build_tools.values import (
    Anchor,
    Complaint,
    Count,
    EntityRef,
    Flag,
    Language,
    Latitude,
    LineSpan,
    Longitude,
    Opening,
    Pattern,
    Percent,
    Ref,
    Text,
    Url,
    Verbatim,
    When,
    WordSpan,
)
from build_tools.yaml_tree import Entry, Mapping, Node, Scalar, Sequence, type_names

T = TypeVar("T")


@dataclasses.dataclass(frozen=True, slots=True)
class Field:
    """How one field of a record is read: its key, the type of its items, whether it must be there.

    `example` is the text of one value; a field of records has none.
    """

    name: str
    key: str
    type: type
    many: bool
    keyed: bool
    required: bool
    doc: str
    example: str

    @property
    def has_parts(self) -> bool:
        """True if a part of its value can be sound where another is not."""
        one = hasattr(self.type, "read") or issubclass(self.type, enum.StrEnum)
        return self.many or self.keyed or not one


@dataclasses.dataclass(frozen=True, slots=True)
class Shape:
    """What a record type reads from a mapping; `key_field` is what the mapping's own key fills."""

    fields: tuple[Field, ...]
    key_field: Field | None
    whole: Field | None
    keys: tuple[str, ...]
    by_key: Map[str, Field]
    required: tuple[Field, ...]


def shape_of(record: type) -> Shape:
    """The shape of a record type, from its annotations and the metadata of its fields."""
    return _shape_of(typing.cast("Hashable", record))


@functools.cache
def _shape_of(record: type) -> Shape:
    hints = typing.get_type_hints(record)
    fields: list[Field] = []
    key_field: Field | None = None
    whole: Field | None = None
    for field in dataclasses.fields(record):
        if field.name == "at" or field.metadata.get("given"):
            continue
        hint = hints[field.name]
        many = typing.get_origin(hint) is tuple
        if many:
            hint = typing.get_args(hint)[0]
        elif isinstance(hint, types.UnionType):
            hint = next(member for member in typing.get_args(hint) if member is not types.NoneType)
        read = Field(
            name=field.name,
            key=field.metadata.get("key", field.name),
            type=hint,
            many=many,
            keyed=bool(field.metadata.get("keyed")),
            required=field.default is dataclasses.MISSING,
            doc=field.metadata.get("doc", ""),
            example=field.metadata.get("example", ""),
        )
        if field.metadata.get("key_of_mapping"):
            key_field = read
        elif field.metadata.get("whole"):
            whole = read
        else:
            fields.append(read)
    return Shape(
        fields=tuple(fields),
        key_field=key_field,
        whole=whole,
        keys=tuple(field.key for field in fields),
        by_key={field.key: field for field in fields},
        required=tuple(field for field in fields if field.required),
    )


def read_record(node: Node, record: type[T], **given: object) -> tuple[T, tuple[Problem, ...]]:
    """The record that the node holds and the problems of its shape; `given` fills the given fields."""
    reader = _Reader()
    return reader.record(node, record, given), tuple(reader.problems)


def _empty(kind: type, at: Location) -> Any:
    """What stands in for a value that could not be read."""
    if kind is Prose:
        return Prose((), at)
    if kind in (Text, Verbatim, Opening, Ref, EntityRef, Anchor, Url, Language):
        return kind("", at)
    if kind is Count:
        return Count(1)
    if kind is Percent:
        return Percent(100)
    if kind is Pattern:
        return Pattern("")
    if kind is LineSpan:
        return LineSpan(1, 1)
    if kind is WordSpan:
        return WordSpan(1, 1, at)
    if kind in (Longitude, Latitude):
        return kind(0, at)
    if kind is Flag:
        return Flag(True)
    if kind is When:
        from build_tools.dates import Date

        return When(Date("", "0000-01-01", "9999-12-31", at))
    if issubclass(kind, enum.StrEnum):
        return next(iter(kind))
    return _Reader().record(Mapping((), at), kind, {})


def _is_mapping_only(record: type) -> bool:
    """True if the type is a record that no text can stand for."""
    return dataclasses.is_dataclass(record) and not hasattr(record, "read") and record not in _TEXTS


def _has_key(record: type, key: str) -> bool:
    """True if the type is a record that has the key."""
    described = dataclasses.is_dataclass(record) and any(field.doc for field in shape_of(record).fields)
    return described and key in shape_of(record).keys


def _explained(field: Field) -> str:
    """What the field is, to follow a repair."""
    return f" – {field.doc[:1].lower()}{field.doc[1:].removesuffix('.')}" if field.doc else ""


class _Reader:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.outer: list[type] = []  # the records that the one being read stands in

    def report(self, at: Location, code: Code, message: str, hint: str) -> None:
        self.problems.append(Problem(at, code, message, hint))

    def record(self, node: Node, record: type[T], given: Map[str, object]) -> T:
        shape = shape_of(record)
        if not isinstance(node, Mapping):
            self.wrong_shape(node, "a mapping (`key: value` lines)", record)
            node = Mapping((), node.at)
            missing_is_news = False
        else:
            missing_is_news = True
        values: dict[str, object] = {"at": node.at, **given}
        if shape.whole is not None:
            values[shape.whole.name] = self.keyed(node, shape.whole)
            return record(**values)
        fields = shape.by_key
        meant = {
            self.unknown_key(entry, record, shape) for entry in node.entries if entry.key.text not in fields
        }
        self.outer.append(record)
        for entry in node.entries:
            field = fields.get(entry.key.text)
            if field is not None:
                before = len(self.problems)
                value = self.field(entry, field)
                # What was refused is left out where it can be: a stand-in may break other rules.
                if len(self.problems) == before or field.required or field.has_parts:
                    values[field.name] = value
        for field in shape.required:
            if field.name not in values:
                if missing_is_news and field.key not in meant:
                    hint = f"add `{field.key}: …`{_explained(field)}"
                    self.report(node.at, Code.MISSING_KEY, f"`{field.key}` is missing", hint)
                values[field.name] = () if field.many else _empty(field.type, node.at)
        self.outer.pop()
        return record(**values)

    def unknown_key(self, entry: Entry, record: type, shape: Shape) -> str | None:
        """Reports a key that the record does not have; returns the one that was meant, if that is known."""
        key = entry.key.text
        glued, colon, rest = key.partition(":")
        if colon and glued in shape.keys:
            message = f"no space after the colon of `{glued}:`"
            self.report(entry.key.at.right(len(glued)), Code.UNKNOWN_KEY, message, f"write `{glued}: {rest}`")
            return glued
        if key[:1] == "-" and key[1:] in shape.keys:
            hint = f"write `- {key[1:]}: …`"
            self.report(entry.key.at, Code.UNKNOWN_KEY, "no space after the dash", hint)
            return key[1:]
        near = key.casefold() if key.casefold() in shape.keys else nearest(key, shape.keys)
        inner = [field.key for field in shape.fields if _has_key(field.type, key)]
        if key in (field.name for field in dataclasses.fields(record) if field.metadata.get("given")):
            hint = "delete the line: it follows from the file's place and name"
        elif any(_has_key(outer, key) for outer in self.outer):
            hint = f"indent it less: `{key}` is a key of what this stands in"
        elif inner:
            hint = f"indent it below what it belongs to: `{key}` is a key of {', '.join(inner)}"
        elif near:
            hint = f"did you mean `{near}`?"
        else:
            hint = f"the keys here are {', '.join(shape.keys)}"
        self.report(entry.key.at, Code.UNKNOWN_KEY, f"`{key}` is not a key here", hint)
        return near

    def wrong_shape(self, node: Node, wanted: str, record: type | None = None) -> None:
        """Reports a node of another shape than the wanted one; `record` is what it, or an item of it, is."""
        if isinstance(node, Scalar) and not node.text.strip():
            self.report(node.at, Code.EMPTY_VALUE, f"nothing here where {wanted} belongs", "fill it in")
            return
        found = f"`{node.text[:40]}`" if isinstance(node, Scalar) else type_names[type(node)]
        hint = "write `key: value` lines, indented below"
        if wanted == "a list":
            hint = "put `- ` before each item, or the items in `[…]`"
            one = isinstance(node, Scalar) and len(node.raw) <= 60 and "\n" not in node.raw
            if isinstance(node, Scalar) and one and not (record and _is_mapping_only(record)):
                hint = f"put it in brackets: `[{node.raw}]`; or on a line of its own, after `- `"
            elif (
                isinstance(node, Mapping)
                and record
                and any(_has_key(record, e.key.text) for e in node.entries)
            ):
                hint = f"put `- ` before the first key of each item: `- {node.entries[0].key.text}: …`"
        elif wanted == "text":
            hint = "write the text itself; put it in quotes if it starts with `[`, `{`, `- ` or holds `: `"
            if isinstance(node, Sequence) and len(node.items) == 1 and isinstance(node.items[0], Scalar):
                hint = "one text belongs here: write it without `[…]` or `- `"
        elif record:
            needed = [field.key for field in shape_of(record).fields if field.required]
            if needed:
                hint += f": {', '.join(f'`{key}: …`' for key in needed)}"
        self.report(node.at, Code.WRONG_SHAPE, f"{found} where {wanted} belongs", hint)

    def field(self, entry: Entry, field: Field) -> object:
        node = entry.value
        if isinstance(node, Scalar) and not node.text.strip():
            repair = f"fill it in{_explained(field)}" if field.required else "fill it in, or delete the key"
            self.report(entry.key.at, Code.EMPTY_VALUE, f"`{field.key}` is empty", repair)
            return () if field.many else (_empty(field.type, node.at) if field.required else None)
        if field.keyed:
            if not isinstance(node, Mapping):
                self.wrong_shape(node, "a mapping (`key: value` lines)")
                return ()
            return self.keyed(node, field)
        if field.many:
            if not isinstance(node, Sequence):
                self.wrong_shape(node, "a list", field.type)
                return ()
            read = _read(field.type)
            return tuple([read(self, item) for item in node.items if self.there(item)])
        return _read(field.type)(self, node)

    def there(self, item: Node) -> bool:
        if isinstance(item, Scalar) and not item.text.strip():
            self.report(item.at, Code.EMPTY_VALUE, "an item of the list is empty", "fill it in, or delete it")
            return False
        return True

    def keyed(self, node: Mapping, field: Field) -> tuple[object, ...]:
        """A record for each key of the mapping."""
        shape = shape_of(field.type)
        assert shape.key_field is not None
        values: list[object] = []
        for entry in node.entries:
            key = _read(shape.key_field.type)(self, entry.key)
            read_value = getattr(field.type, "read_value", None)
            if read_value is None:
                values.append(self.record(entry.value, field.type, {shape.key_field.name: key}))
            elif not isinstance(entry.value, Scalar) or not entry.value.text.strip():
                self.wrong_shape(entry.value, "text")
            else:
                values.append(read_value(key, entry.value.text, entry.value.at))
        return tuple(values)

    def value(self, node: Node, kind: type[T], read: Callable[[str, Location], T | Complaint]) -> T:
        """What the type reads from the text of a scalar."""
        if not isinstance(node, Scalar):
            self.wrong_shape(node, "text")
            return typing.cast("T", _empty(kind, node.at))
        at = node.begin
        value = read(node.text.strip(), at)
        if isinstance(value, Complaint):
            self.report(value.at or at, value.code, value.message, value.hint)
            return typing.cast("T", _empty(kind, at))
        return value

    def prose(self, node: Node) -> Prose:
        if not isinstance(node, Scalar):
            self.wrong_shape(node, "text")
            return Prose((), node.at)
        prose, problems = parse_prose(node.text, node.at, node.writing)
        self.problems.extend(problems)
        return prose

    def text(self, node: Node) -> Text:
        if not isinstance(node, Scalar):
            self.wrong_shape(node, "text")
            return Text("", node.at)
        text = " ".join(node.text.split())
        self.problems.extend(foreign_markup(text, lambda offset: node.writing.place(text, offset)))
        return Text(text, node.begin)

    def verbatim(self, node: Node) -> Verbatim:
        if not isinstance(node, Scalar):
            self.wrong_shape(node, "text")
            return Verbatim("", node.at)
        return Verbatim(" ".join(node.text.split()), node.begin)

    def choice(self, node: Node, kind: type[enum.StrEnum]) -> enum.StrEnum:
        if not isinstance(node, Scalar):
            self.wrong_shape(node, "text")
            return next(iter(kind))
        try:
            return kind(node.text.strip())
        except ValueError:
            choices = [str(member) for member in kind]
            hint = did_you_mean(node.text, choices, otherwise=f"choose one of {', '.join(choices)}")
            self.report(node.begin, Code.BAD_VALUE, f"`{node.text}` is not allowed here", hint)
            return next(iter(kind))


_TEXTS = MappingProxyType({Prose: _Reader.prose, Text: _Reader.text, Verbatim: _Reader.verbatim})


def _read(kind: type) -> Callable[[_Reader, Node], Any]:
    """How a value of the type is read from a node."""
    return _reading(typing.cast("Hashable", kind))


@functools.cache
def _reading(kind: Any) -> Callable[[_Reader, Node], Any]:
    if kind in _TEXTS:
        return _TEXTS[kind]
    read = getattr(kind, "read", None)
    if read is None and issubclass(kind, enum.StrEnum):
        return lambda reader, node: reader.choice(node, kind)
    if read is None:
        return lambda reader, node: reader.record(node, kind, {})
    # A record's fields are described; those of a value, such as a date, are no keys of a mapping.
    if not any(field.doc for field in shape_of(kind).fields):
        return lambda reader, node: reader.value(node, kind, read)

    def either(reader: _Reader, node: Node) -> Any:
        """The long form, or else the short one."""
        return reader.record(node, kind, {}) if isinstance(node, Mapping) else reader.value(node, kind, read)

    return either
