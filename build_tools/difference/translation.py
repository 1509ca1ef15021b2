"""Records of the old wiki with the ids that things have in the new, so that a rename is one difference."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from build_tools.prose import Prose, parse_prose
from build_tools.records import Cite
from build_tools.values import Ref, Text

T = TypeVar("T")

_LINK = re.compile(r"(?<=\[\[)\s*([a-z0-9-]+)\s*(?=\||\]\])")
# The fields that name entities, and those that name what has an anchor on the entity's own page.
_ENTITIES = frozenset({"said_by", "said_to", "via", "to", "publisher", "speakers", "Quote.about"})
_ANCHORS = frozenset({"question", "prefer", "Note.about"})
_SEEDS = frozenset({"seed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Renames:
    """New ids by old ones, of what is called otherwise; passages by their seed's new id and old number."""

    entities: Mapping[str, str] = field(default_factory=dict)
    seeds: Mapping[str, str] = field(default_factory=dict)
    passages: Mapping[tuple[str, str], str] = field(default_factory=dict)
    anchors: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.entities or self.seeds or self.passages or self.anchors)


def translated(record: T, renames: Renames) -> T:
    """The record with new ids in place of old ones, in every reference and link."""
    changed: T = _value(record, renames, "", "") if renames else record
    return changed


def _value(value: Any, renames: Renames, owner: str, name: str) -> Any:
    if isinstance(value, tuple):
        return tuple(_value(item, renames, owner, name) for item in value)
    if isinstance(value, Prose):
        source = _LINK.sub(lambda match: renames.entities.get(match[1], match[1]), value.source)
        return value if source == value.source else parse_prose(source, value.at)[0]
    if isinstance(value, Ref):
        return dataclasses.replace(value, id=_id(value.id, renames, owner, name))
    if isinstance(value, Cite):
        return _cite(value, renames)
    if dataclasses.is_dataclass(value) and not isinstance(value, type) and hasattr(value, "at"):
        kind = type(value).__name__
        changed = {
            each.name: _value(getattr(value, each.name), renames, kind, each.name)
            for each in dataclasses.fields(value)
            if each.name != "at"
        }
        return dataclasses.replace(value, **changed)
    return value


def _id(id_: str, renames: Renames, owner: str, name: str) -> str:
    for fields, table in (
        (_ENTITIES, renames.entities),
        (_ANCHORS, renames.anchors),
        (_SEEDS, renames.seeds),
    ):
        if not fields.isdisjoint((name, f"{owner}.{name}")):
            return table.get(id_, id_)
    return id_


def _cite(cite: Cite, renames: Renames) -> Cite:
    seed = renames.seeds.get(cite.seed.id, cite.seed.id)
    passage = cite.passage
    if passage is not None:
        number = renames.passages.get((seed, passage.text), passage.text)
        passage = Text(number, passage.at)
    note = _value(cite.note, renames, "Cite", "note")
    return dataclasses.replace(cite, seed=Ref(seed, cite.seed.at), passage=passage, note=note)
