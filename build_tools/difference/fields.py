"""How one record differs from another of its type, field by field, by the shape that reads them.

A field that is added to a record is compared without a word here.
"""

from __future__ import annotations

import dataclasses
import enum
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from build_tools.difference.evidence import evidence
from build_tools.difference.findings import Detail, How, Thing
from build_tools.difference.pairing import Pairs
from build_tools.difference.wording import figures_differ
from build_tools.prose import Prose, plain_text
from build_tools.records import Cite
from build_tools.shape import Field, shape_of
from build_tools.values import Flag, Percent, Text, Verbatim

_SHORT = 4  # words: a text of so few is shown as a whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is needed to read records aloud: names of entities, gists of passages by seed and number."""

    names: Mapping[str, str]
    gists: Mapping[tuple[str, str], str]


def differences(
    old: object | None,
    new: object | None,
    reading: Reading,
    *,
    leave_out: frozenset[str] = frozenset(),
    within: str = "",
) -> Iterator[Detail]:
    """The fields in which two records differ; of one without the other, all that it says."""
    record = new if new is not None else old
    assert record is not None
    defaults = {field.name: field.default for field in dataclasses.fields(record)}  # type: ignore[arg-type]
    for field in shape_of(type(record)).fields:
        if field.name in leave_out:
            continue
        default = defaults[field.name]
        default = None if default is dataclasses.MISSING else default
        one, other = (None if side is None else getattr(side, field.name) for side in (old, new))
        if (old is None or new is None) and said(other if old is None else one) == said(default):
            continue
        yield from _field(field, one, other, reading, f"{within}{field.key}")


def things(
    pairs: Pairs[Any],
    noun: str,
    label: Callable[[Any], str],
    reading: Reading,
    *,
    leave_out: frozenset[str] = frozenset(),
    more: Callable[[Any, Any], Iterable[Detail]] = lambda old, new: (),
) -> Iterator[Thing]:
    """What differs of things in pairs, `more` details first, and what was added; then what was removed."""
    for old, new in pairs.in_order:
        how = How.ADDED if old is None else How.CHANGED
        first = () if old is None else more(old, new)
        details = (*first, *differences(old, new, reading, leave_out=leave_out))
        if details or how is How.ADDED:
            yield Thing(noun=noun, label=label(new), how=how, details=details)
    for old in pairs.old:
        details = tuple(differences(old, None, reading, leave_out=leave_out))
        yield Thing(noun=noun, label=label(old), how=How.REMOVED, details=details)


def _field(field: Field, old: Any, new: Any, reading: Reading, what: str) -> Iterator[Detail]:
    if field.type is Cite:
        yield from evidence(old or (), new or (), reading.gists)
    elif field.keyed:
        yield from _keyed(field, old or (), new or (), what)
    elif field.many:
        yield from _items([said(item) for item in old or ()], [said(item) for item in new or ()], what)
    elif _is_record(field.type):
        if old is not None or new is not None:
            yield from differences(old, new, reading, within=f"{what}.")
    else:
        yield from _value(old, new, reading, what)


def _keyed(field: Field, old: Sequence[Any], new: Sequence[Any], what: str) -> Iterator[Detail]:
    key = shape_of(field.type).key_field
    assert key is not None
    olds, news = ({said(getattr(item, key.name)): said(item) for item in side} for side in (old, new))
    for name in dict.fromkeys((*news, *olds)):
        one, other = (side.get(name, "").removeprefix(f"{name}: ") for side in (olds, news))
        if one != other:
            how = How.CHANGED if one and other else How.ADDED if other else How.REMOVED
            yield Detail(what=f"{what}.{name}", how=how, old=one, new=other)


def _items(old: Sequence[str], new: Sequence[str], what: str) -> Iterator[Detail]:
    removed, added = Counter(old) - Counter(new), Counter(new) - Counter(old)
    yield from (Detail(what=what, how=How.REMOVED, old=item) for item in removed.elements())
    yield from (Detail(what=what, how=How.ADDED, new=item) for item in added.elements())
    if not removed and not added and list(old) != list(new):
        yield Detail(what=what, how=How.REORDERED, old=", ".join(old), new=", ".join(new))


def _value(old: object, new: object, reading: Reading, what: str) -> Iterator[Detail]:
    one, other = said(old), said(new)
    if one == other:
        return
    plain_one, plain_other = _read(old, reading), _read(new, reading)
    if plain_one == plain_other:  # another link under the same words, or emphasis
        yield Detail(what=f"{what}, markup", how=How.CHANGED, old=one, new=other)
        return
    if not one or not other:
        how = How.ADDED if other else How.REMOVED
    else:
        how = How.REWORDED if _is_sentence(old) or _is_sentence(new) else How.CHANGED
    yield Detail(what=what, how=how, old=plain_one, new=plain_other)
    if how is How.REWORDED:
        yield from figures_differ(plain_one, plain_other)
        yield from _items(_links(old), _links(new), f"links of {what}")


def _links(value: object) -> list[str]:
    return sorted(link.target for link in value.links) if isinstance(value, Prose) else []


def _is_sentence(value: object) -> bool:
    return isinstance(value, Prose | Verbatim) or (
        isinstance(value, Text) and len(value.text.split()) > _SHORT
    )


def _read(value: object, reading: Reading) -> str:
    """The value as a reader sees it."""
    return plain_text(value, reading.names) if isinstance(value, Prose) else said(value)


def _is_record(kind: type) -> bool:
    """True if its fields are described: those of a value, such as a date, are no keys of a mapping."""
    return dataclasses.is_dataclass(kind) and any(field.doc for field in shape_of(kind).fields)


def said(value: Any) -> str:
    """The value in a line, as the record has it."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ", ".join(map(said, value))
    if isinstance(value, Prose):
        return value.source
    if isinstance(value, Flag):
        return "true" if value else "false"
    if isinstance(value, Percent):
        return f"{value.number}%"
    if isinstance(value, enum.StrEnum) or not dataclasses.is_dataclass(value):
        return str(value)
    if isinstance(value, type) or not _is_record(type(value)):
        return _only(value)
    shape = shape_of(type(value))
    parts = [(field.key, getattr(value, field.name)) for field in shape.fields]
    text = ", ".join(f"{key}: {said(part)}" for key, part in parts if part not in (None, ()))
    if len(shape.fields) == 1:
        text = said(parts[0][1])
    return f"{said(getattr(value, shape.key_field.name))}: {text}" if shape.key_field else text


def _only(value: Any) -> str:
    """The text of a value that is one word, one number, one date."""
    for name in ("text", "id", "tag", "number", "degrees"):
        if hasattr(value, name):
            return str(getattr(value, name))
    return value.date.text if hasattr(value, "date") else str(value)
