"""JSON Schemas of the record files, made from the records' own annotations, for editors to work with.

JSON Schema, draft 2020-12. The compiler does not use them: it reads the same annotations.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from build_tools.prose import Prose
from build_tools.records import Cite, Entity, Identifier, Passages, SeedRecord, WikiSettings
from build_tools.shape import Field, shape_of
from build_tools.values import (
    ID,
    MAX_ID_LENGTH,
    Anchor,
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

FILES: Mapping[str, type] = MappingProxyType(
    {"entity": Entity, "seed": SeedRecord, "passages": Passages, "wiki": WikiSettings}
)
_ID = MappingProxyType({"type": "string", "pattern": f"^{ID.pattern}$", "maxLength": MAX_ID_LENGTH})
# YAML reads `2025` and `60` as numbers before a schema sees them; the compiler reads text.
_SCALAR = ("string", "number")
_LEAVES: Mapping[type, Mapping[str, object]] = MappingProxyType(
    {
        Text: {"type": list(_SCALAR)},
        Prose: {
            "type": list(_SCALAR),
            "description": "Prose: *emphasis*, **strong**, [[entity]], [[entity|label]].",
        },
        Verbatim: {"type": list(_SCALAR)},
        Opening: {"type": "string"},
        Ref: _ID,
        EntityRef: _ID,
        Anchor: _ID,
        When: {"type": list(_SCALAR), "examples": ["2025", "2025-10", "2025-10-08", "2025~", "2021/2024"]},
        Url: {"type": "string", "pattern": "^https?://"},
        Language: {"type": "string", "examples": ["en", "de", "zh-Hant"]},
        Count: {"type": "integer", "minimum": 1},
        Percent: {"type": "string", "pattern": "^(100|[1-9]?[0-9])%$"},
        Longitude: {"type": "number", "minimum": -180, "maximum": 360},
        Latitude: {"type": "number", "minimum": -90, "maximum": 90},
        Pattern: {"type": "string"},
        Flag: {"type": "boolean"},
        LineSpan: {"type": list(_SCALAR)},
        WordSpan: {"type": "string", "pattern": "^[1-9][0-9]*-[1-9][0-9]*$"},
    }
)


def schema_texts() -> dict[str, str]:
    """The schema files by name, `<record>.schema.json`, each as JSON text."""
    return {
        f"{name}.schema.json": json.dumps(_schema(record), ensure_ascii=False, indent=2) + "\n"
        for name, record in FILES.items()
    }


def _schema(record: type) -> dict[str, object]:
    definitions: dict[str, object] = {}
    root = _record(record, definitions)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **root, "$defs": definitions}


def _record(record: type, definitions: dict[str, object]) -> dict[str, object]:
    shape = shape_of(record)
    first_line = (record.__doc__ or "").strip().split("\n")[0]
    if shape.whole is not None:
        return {"title": record.__name__, "description": first_line, **_field(shape.whole, definitions)}
    schema: dict[str, object] = {
        "title": record.__name__,
        "description": first_line,
        "type": "object",
        "additionalProperties": False,
        "properties": {field.key: _field(field, definitions) for field in shape.fields},
    }
    required = [field.key for field in shape.fields if field.required]
    return schema | ({"required": required} if required else {})


def _field(field: Field, definitions: dict[str, object]) -> dict[str, object]:
    described = {"description": field.doc} if field.doc else {}
    value = _value(field.type, definitions)
    if field.keyed:
        return {"type": "object", "additionalProperties": value, **described}
    if field.many:
        return {"type": "array", "items": value, **described}
    return {**value, **described}


def _value(kind: type, definitions: dict[str, object]) -> dict[str, object]:
    if kind in _LEAVES:
        return dict(_LEAVES[kind])
    if issubclass(kind, enum.StrEnum):
        return {"enum": [str(member) for member in kind]}
    if kind is Identifier:
        return {"type": list(_SCALAR)}
    name = kind.__name__
    if name not in definitions:
        definitions[name] = {}  # holds the place, should a record ever hold its like
        made: dict[str, Any] = _record(kind, definitions)
        short = {"type": "string", "examples": ["some-seed#p3", "some-seed#p3:14-22"]}
        definitions[name] = {"anyOf": [short, made]} if kind is Cite else made
    return {"$ref": f"#/$defs/{name}"}
