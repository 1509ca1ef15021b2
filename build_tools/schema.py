"""JSON Schemas of the record files, made from the records' own annotations, for editors to work with.

JSON Schema, draft 2020-12, with the keywords of the YAML language server that tell a person more:
`markdownDescription`, `enumDescriptions`, `patternErrorMessage`. The compiler does not use them: it reads
the same annotations.
"""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from build_tools import dates, values
from build_tools.problems import Code, Severity
from build_tools.prose import Prose
from build_tools.records import (
    Cite,
    Entity,
    Identifier,
    LinkExceptions,
    Passage,
    Passages,
    SeedRecord,
    Waiver,
    Waivers,
    WikiSettings,
)
from build_tools.shape import Field, shape_of

Schema = dict[str, Any]
# What stands in place of what a field's type says: of one value, or, of a mapping with keys, of all of it.
# Under the name "" stands what more must hold of a record; under SHORT the short forms of a cite.
Instead = Mapping[tuple[type, str], Schema]
SHORT = "#"

FILES: Mapping[str, type] = MappingProxyType(
    {
        "entity": Entity,
        "seed": SeedRecord,
        "passages": Passages,
        "wiki": WikiSettings,
        "waivers": Waivers,
        "links": LinkExceptions,
    }
)
# Which files each is of.
PLACES: Mapping[str, str] = MappingProxyType(
    {
        "entity": "entities/*/*.yml",
        "seed": "seeds/*/seed.yml",
        "passages": "seeds/*/passages.yml",
        "wiki": "wiki.yml",
        "waivers": "waivers.yml",
        "links": "links.yml",
    }
)

# YAML reads `2025` and `60` as numbers before a schema sees them; the compiler reads text.
_SCALAR = ("string", "number")
_RESERVED = f"(?!(?:{'|'.join(sorted(values.RESERVED_IDS))})$)"
_PROSE = "Prose may hold `*emphasis*`, `**strong**`, `[[entity]]` and `[[entity|label]]`."
_ID_WANTED = "an id: lower-case letters a-z and digits, words joined by single hyphens"


def _matching(pattern: str, message: str, *types: str) -> Mapping[str, object]:
    """A scalar that must match the whole pattern."""
    return MappingProxyType(
        {
            "type": list(types) if len(types) > 1 else types[0],
            "pattern": f"^(?:{pattern})$",
            "patternErrorMessage": message,
        }
    )


_ID = MappingProxyType(
    {
        **_matching(_RESERVED + values.ID.pattern, _ID_WANTED, "string", "integer"),
        "maxLength": values.MAX_ID_LENGTH,
    }
)
_ANCHOR = MappingProxyType(
    {
        **_ID,
        "pattern": f"^(?!{values.PASSAGE.pattern}$)(?:{_RESERVED}{values.ID.pattern})$",
        "patternErrorMessage": f"{_ID_WANTED}; not of the form `p3`, which passages have",
    }
)
_LEAVES: Mapping[type, Mapping[str, object]] = MappingProxyType(
    {
        values.Text: {"type": list(_SCALAR)},
        Prose: {"type": list(_SCALAR)},
        values.Verbatim: {"type": list(_SCALAR)},
        values.Opening: {"type": "string"},
        values.Ref: _ID,
        values.Anchor: _ANCHOR,
        values.When: _matching(
            dates.SHAPE.pattern, "a date in EDTF: 2025, 2025-10, 2025-10-08, 2025~, 2021/2024", *_SCALAR
        ),
        values.Url: _matching(values.URL.pattern, "a whole address that begins with https://", "string"),
        values.Language: _matching(values.LANGUAGE.pattern, "a language tag: en, de, ky, zh-Hant", "string"),
        values.Count: {"type": "integer", "minimum": 1, "maximum": 999_999_999},
        values.Percent: _matching(values.PERCENT.pattern, "a share such as 20%", "string"),
        values.Longitude: {"type": "number", "minimum": -180, "maximum": 360},
        values.Latitude: {"type": "number", "minimum": -90, "maximum": 90},
        values.Pattern: {"type": "string"},
        values.Flag: {"type": "boolean"},
        values.LineSpan: _matching(values.LINE_SPAN.pattern, "lines: 3 or 3-5", "string", "integer"),
        values.WordSpan: _matching(values.WORD_SPAN.pattern, "words, counted from 1: 14-22", "string"),
    }
)
_PASSAGE = _matching(values.PASSAGE.pattern, "a passage's number: p1, p2 …", "string")
_SHORT_CITE = _matching(
    rf"(?!{values.PASSAGE.pattern}$){values.ID.pattern}(?:#{values.PASSAGE.pattern}\??(?::{values.WORD_SPAN.pattern})?)?",
    "a cite: <seed>#p<number>, with a span of words <seed>#p<number>:14-22",
    "string",
)
_WARNINGS = tuple(code for code in Code if code.severity is Severity.WARNING)
_INSTEAD: Instead = MappingProxyType(
    {
        (Cite, "passage"): dict(
            _matching(rf"{values.PASSAGE.pattern}\??", "a passage's number: p1, p2 …", "string")
        ),
        (Passage, "key"): dict(_PASSAGE),
        (Waiver, "code"): {
            "enum": [code.text for code in _WARNINGS],
            "enumDescriptions": [code.meaning for code in _WARNINGS],
        },
    }
)


def schema_texts() -> dict[str, str]:
    """The schema files by name, `<record>.schema.json`, each as JSON text."""
    return {f"{name}.schema.json": schema_text(record_schema(record)) for name, record in FILES.items()}


def schema_text(schema: Schema) -> str:
    """A schema as the text of its file."""
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def record_schema(record: type, instead: Instead = MappingProxyType({})) -> Schema:
    """The schema of a file that holds the record, `instead` standing for some of the fields."""
    maker = _Maker(instead)
    root = maker.record(record)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **root, "$defs": maker.definitions}


class _Maker:
    """Makes schemas of records, and gathers those of the records that they hold."""

    def __init__(self, instead: Instead) -> None:
        self.instead = {**_INSTEAD, **instead}
        self.given = instead
        self.definitions: Schema = {}

    def record(self, record: type) -> Schema:
        shape = shape_of(record)
        first_line = (record.__doc__ or "").strip().split("\n")[0]
        words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", record.__name__).lower()
        about = {"title": words, "description": first_line}
        if shape.whole is not None:
            return {**about, **self.field(record, shape.whole)}
        schema: Schema = {
            **about,
            "type": "object",
            "additionalProperties": False,
            "properties": {field.key: self.field(record, field) for field in shape.fields},
        }
        required = [field.key for field in shape.fields if field.required]
        more = self.instead.get((record, ""), {})  # what holds between the fields
        return schema | ({"required": required} if required else {}) | more

    def field(self, record: type, field: Field) -> Schema:
        """The schema of a field, with what it says and, where its values are not given, an example."""
        about: Schema = {"description": field.doc} if field.doc else {}
        if field.type is Prose:
            about = {"description": f"{field.doc} {_PROSE}"}
        if "`" in about.get("description", ""):
            about["markdownDescription"] = about["description"]
        own = self.instead.get((record, field.name))
        if (record, field.name) not in self.given and (field.type, SHORT) not in self.given:
            about["examples"] = [example_of(field)]
        if field.keyed:
            key = shape_of(field.type).key_field
            assert key is not None
            names = self.instead.get((field.type, key.name)) or self.value(key.type)
            return own or {
                "type": "object",
                "propertyNames": {**names, "description": key.doc},
                "additionalProperties": self.value(field.type),
                **about,
            }
        value = self.value(field.type) if own is None else own
        if field.many:
            return {"type": "array", "items": value, **about}
        return {**value, **about}

    def value(self, kind: type) -> Schema:
        base = next((base for base in kind.__mro__ if base in _LEAVES), None)
        if base is not None:
            leaf = dict(_LEAVES[base])
            if "pattern" not in leaf:
                return leaf
            self.definitions[base.__name__] = leaf
            return {"$ref": f"#/$defs/{base.__name__}"}
        if issubclass(kind, enum.StrEnum):
            return {"enum": [str(member) for member in kind]}
        if kind is Identifier:
            return {"type": list(_SCALAR)}
        name = kind.__name__
        if name not in self.definitions:
            self.definitions[name] = {}  # holds the place, should a record ever hold its like
            made = self.record(kind)
            if kind is Cite:
                short = self.instead.get((Cite, SHORT), {"anyOf": [dict(_SHORT_CITE)]})
                made = {"anyOf": [*short["anyOf"], made]}
            self.definitions[name] = made
        return {"$ref": f"#/$defs/{name}"}


def example_of(field: Field) -> Any:
    """An example of what the field may hold, made of the fields' own examples."""
    one = _example(field)
    if field.keyed:
        key = shape_of(field.type).key_field
        assert key is not None
        return {key.example: one}
    return [one] if field.many else one


def _example(field: Field) -> Any:
    """An example of one value of the field."""
    if field.type is Cite:
        return "harbour-2024#p3"
    if issubclass(field.type, enum.StrEnum):
        return field.example or str(next(iter(field.type)))
    if field.type is values.Flag:
        return field.example == "true"
    if field.type is values.Count:
        return int(field.example)
    if field.type in (values.Longitude, values.Latitude):
        return float(field.example)
    if field.example or any(base in _LEAVES for base in field.type.__mro__):
        return field.example
    if field.type is Identifier:
        return next(part.example for part in shape_of(Identifier).fields)
    fields = shape_of(field.type).fields
    shown = [part for part in fields if part.required or part.type is Cite] or list(fields[:1])
    return {part.key: example_of(part) for part in shown}
