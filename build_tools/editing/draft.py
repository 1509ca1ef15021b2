"""A new entity: the id that its name makes, and a file in which every key is explained.

Letters become ASCII one by one, as AnyAscii has them (in Cyrillic х is kh, щ is shch, ю is yu). Where a
script does not write what a name sounds like letter by letter (vowels left out, characters that each
language reads otherwise), no id is made, and a person has to give one.
"""

from __future__ import annotations

import enum
import re
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator

from build_tools.editing.layout import WIDTH, as_text
from build_tools.live_schema import modeline
from build_tools.load import Sources
from build_tools.problems import Code, Location, Problem, Severity, did_you_mean, in_order
from build_tools.records import Entity, Fact, Kind, Relation, WikiSettings
from build_tools.shape import Field, read_record, shape_of
from build_tools.text import folded
from build_tools.validate import validate
from build_tools.values import Ref, complaint_about_id
from build_tools.yaml_tree import read_yaml

_LETTER_BY_LETTER = frozenset(
    "LATIN CYRILLIC GREEK ARMENIAN GEORGIAN HANGUL HIRAGANA KATAKANA KATAKANA-HIRAGANA MODIFIER".split()
)
# Apostrophes, what stands for a soft sign, and what makes a vowel long.
_WITHIN_WORDS = re.compile("['\"`\u2018\u2019\u02b9-\u02bd\u30fc]")
_HOW = "Take away the `# ` before what you need, fill it in, delete the rest; `wiki fmt` puts it in order."


def id_of(name: str) -> str:
    """The id that a name makes; empty if its letters do not spell one."""
    from anyascii import anyascii

    name = unicodedata.normalize("NFC", name)
    letters = filter(str.isalpha, unicodedata.normalize("NFKC", name))
    if not _LETTER_BY_LETTER.issuperset(unicodedata.name(each, "").partition(" ")[0] for each in letters):
        return ""
    plain = _WITHIN_WORDS.sub("", anyascii(_WITHIN_WORDS.sub("", name)))
    return "-".join(re.findall("[a-z0-9]+", plain.casefold()))


def new_entity(
    sources: Sources, loading: tuple[Problem, ...], kind: str, name: str, id_: str | None
) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """The file of a new entity by its path; or the problems that forbid it."""
    records, found = validate(sources, loading)
    if records is None:
        return {}, in_order((*loading, *found))
    kinds = {each.key.id: each for each in records.settings.kinds}
    if kind not in kinds:
        folders = {each.folder.id: key for key, each in kinds.items()}
        otherwise = did_you_mean(kind, kinds, otherwise=f"the kinds are {', '.join(kinds)}")
        hint = f"write `{folders[kind]}`" if kind in folders else otherwise
        return {}, (Problem(Location("KIND"), Code.UNKNOWN_TERM, f"there is no kind `{kind}`", hint),)
    name = " ".join(name.split())
    folder = f"entities/{kinds[kind].folder.id}"
    made = id_ if id_ is not None else id_of(name)
    path = f"{folder}/{made}.yml"
    data = _text(name, kinds[kind], records.settings).encode(errors="surrogateescape")
    problems = [*_unfit_name(data)]
    if problems:
        return {}, in_order(problems)
    for entity in records.entities:
        if folded(name) in {folded(each.text) for each in (entity.name, *(a.name for a in entity.also))}:
            message = f"the name `{name}` belongs to `{entity.id}`"
            hint = f"add what you know to {entity.path}, or make the name telling"
            problems.append(Problem(Location("NAME"), Code.ALIAS_CLASH, message, hint))
    former = {ref.id: entity.path for entity in records.entities for ref in entity.formerly}
    problems += _unfit_id(made, sources, former, given=id_ is not None)
    problems += (fault for fault in loading if fault.at.path in ("entities", folder, path))
    return ({}, in_order(problems)) if problems else ({path: data}, ())


def _unfit_name(data: bytes) -> Iterator[Problem]:
    """What is wrong with the name, as the file that has it would be read."""
    node, problems = read_yaml("NAME", data)
    if node is not None and not problems:
        _, problems = read_record(node, Entity, id="", kind="")
    for problem in problems:
        if problem.severity is not Severity.ERROR:
            continue
        yield Problem(Location("NAME"), problem.code, problem.message, problem.hint)


def _unfit_id(id_: str, sources: Sources, former: dict[str, str], *, given: bool) -> Iterator[Problem]:
    """Why an id cannot be had."""
    at = Location("--id" if given else "NAME")
    choose = "choose another id" if given else "give another id: `--id ID`"
    if not id_ and not given:
        message = "no id can be made of this name"
        yield Problem(at, Code.BAD_ID, message, "give one: `--id ID`, lower-case letters and hyphens")
        return
    complaint = complaint_about_id(id_)
    if complaint is not None:
        hint = complaint.hint if given else f"{complaint.hint}; {choose}"
        yield Problem(at, complaint.code, complaint.message, hint)
        return
    for file in sources.entities:
        if unicodedata.normalize("NFKC", file.stem).casefold() == id_:
            yield Problem(at, Code.ID_CLASH, f"the id `{id_}` is taken by {file.path}", choose)
    if id_ in former:
        message = f"`{id_}` is the former id of {former[id_]}"
        yield Problem(at, Code.ID_CLASH, message, choose)


def _text(name: str, kind: Kind, settings: WikiSettings) -> str:
    """The file: its name, and as comments every other key with what it is for."""
    schema = modeline(f"entities/{kind.folder.id}/x.yml", {kind.folder.id: kind.key.id})
    rows = [schema, f"name: {as_text(name)}", "", *(f"# {row}" for row in textwrap.wrap(_HOW, WIDTH - 2))]
    for field in shape_of(Entity).fields:
        if field.key not in ("name", "formerly"):
            rows += (f"# {row}".rstrip() for row in _rows(field, kind, settings))
    return "".join(f"{row}\n" for row in rows)


def _rows(field: Field, kind: Kind, settings: WikiSettings) -> Iterator[str]:
    """A key with what may stand below it, and a blank line above; nothing, if the kind has no use for it."""
    terms: list[str] = []
    if field.type is Fact:
        terms = [fact.key.id for fact in settings.facts if _has(fact.kinds, kind)]
    if field.type is Relation:
        terms = [each.key.id for each in settings.relations if _has(each.subjects, kind)]
    if field.type in (Fact, Relation) and not terms:
        return
    yield ""
    parts = () if field.keyed else shape_of(field.type).fields
    if not any(part.doc for part in parts):
        yield f"{field.key}: {'{}' if field.keyed else '[]' if field.many else ''}  # {field.doc}"
        return
    yield f"{field.key}:  # {field.doc}"
    indent = "  # "
    yield from textwrap.wrap(
        ", ".join(terms), WIDTH - 2, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )
    begin = "  - " if field.many else "  "
    for part in parts:
        if part.key != "formerly":
            row = f"{begin}{part.key}:{' []' if part.many else ''}"
            yield f"{row:24}  # {part.doc}{_such_as(part)}"
            begin = "    " if field.many else "  "


def _has(kinds: Iterable[Ref], kind: Kind) -> bool:
    return any(ref.id == kind.key.id for ref in kinds)


def _such_as(field: Field) -> str:
    if issubclass(field.type, enum.StrEnum):
        return f" One of {', '.join(field.type)}."
    return f" Such as: {field.example}" if field.example else ""
