"""Every name in a sentence of ours occurs in what it cites, and so does every entity it speaks of.

A name may occur under any name, alias or adjective of the entity, or as a speaker of the passage.
Descriptions ("the decree") are no names: only words set with a capital are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from build_tools.cite import CitedStatement
from build_tools.dates import MONTHS
from build_tools.evidence import Evidence, Forms, prose_of, sealed_names
from build_tools.names import name_forms
from build_tools.problems import Code, Location, Problem
from build_tools.prose import Link, Marked, Part, Plain
from build_tools.records import Claim, Quote, Relation
from build_tools.text import folded, has_digit, words
from build_tools.values import EntityId

_WORD = re.compile(r"\w")
_MONTHS = {month.casefold(): number for number, month in enumerate(MONTHS, 1)}


def absent_names(
    cited: CitedStatement, evidence: Evidence, forms: Forms, wiki_names: Mapping[str, str]
) -> Iterator[Problem]:
    """A problem for each name of a statement that no passage it cites has."""
    absent = tuple(_absent(cited, evidence, forms))
    yield from _names(cited, evidence, forms, wiki_names, absent)
    yield from _entities(cited, evidence, forms, wiki_names, absent)


def _names(
    cited: CitedStatement,
    evidence: Evidence,
    forms: Forms,
    wiki_names: Mapping[str, str],
    absent: Sequence[str],
) -> Iterator[Problem]:
    prose = prose_of(cited)
    if prose is None:
        return
    reported: set[str] = set()
    # Of an entity that is reported as a whole, its names are no news.
    whole = {word for id_ in absent for form in forms.of.get(id_, ()) for word in form}
    begins = True  # a sentence, or may do so but for what is no word
    for part in _flat(prose.parts):
        target = part.target if isinstance(part, Link) else None
        if target in absent:
            continue  # the entity is reported as a whole
        text = part.text if isinstance(part, Plain) else part.label or wiki_names.get(part.target, "")
        for name in _capitalised(text, begins, target, forms):
            if name in reported or (whole and whole.issuperset(folded(name))):
                continue
            if _is_evident(name, target, cited.statement.entity, evidence, forms):
                continue
            reported.add(name)
            at = prose.place_of(folded(name)) if target is None else prose.place_of_link(target)
            message = f"`{name}` is not named in {evidence.places}"
            hint = "cite the passage that names it; another form of it belongs in its `also` or `adjectives`"
            yield Problem(at, Code.NAME_NOT_IN_PASSAGE, message, hint)
        begins = _begins(begins, text)


def _absent(cited: CitedStatement, evidence: Evidence, forms: Forms) -> Iterator[str]:
    """The entity and those that the statement links to, if its passages do not name them.

    An entity that a cited seed names nowhere is a description of ours ("the decree"), and passes.
    Whoever speaks is another rule's matter.
    """
    record = cited.statement.record
    linked = [EntityId(record.to.id)] if isinstance(record, Relation) else cited.statement.links
    speaker = cited.statement.entity if isinstance(record, Quote) else None
    if isinstance(record, Claim) and record.said_by:
        speaker = EntityId(record.said_by.id)
    for id_ in dict.fromkeys((cited.statement.entity, *linked)):
        if id_ != speaker and not forms.present(id_, evidence) and _naming(cited, id_, forms):
            yield id_


def _naming(cited: CitedStatement, id_: str, forms: Forms) -> tuple[str, ...]:
    """The passages of the seeds cited that name an entity, as cites."""
    seeds = {found.seed.id: found.seed for found in cited.cites}
    return tuple(
        f"{seed.id}#{passage.id}"
        for seed in seeds.values()
        if seed.seal is not None
        for passage in seed.seal.passages
        if forms.named_in(id_, sealed_names(passage))
    )


def _entities(
    cited: CitedStatement,
    evidence: Evidence,
    forms: Forms,
    names: Mapping[str, str],
    absent: Iterable[str],
) -> Iterator[Problem]:
    for id_ in absent:
        own = ", whose page this is," if id_ == cited.statement.entity else ""
        message = f"{names[id_]}{own} is not named in {evidence.places}"
        hint = (
            f"cite {_naming(cited, id_, forms)[0]} too, which names it (`role: context`); "
            "or add to its `also` the name used there: words without a capital are none"
        )
        yield Problem(_place(cited, id_, forms), Code.NAME_NOT_IN_PASSAGE, message, hint)


def _place(cited: CitedStatement, id_: str, forms: Forms) -> Location:
    """Where a statement names an entity, or else where it begins."""
    record, prose = cited.statement.record, prose_of(cited)
    if isinstance(record, Relation) and record.to.id == id_:
        return record.to.at
    if isinstance(record, Quote) and id_ != cited.statement.entity:
        return next((ref.at for ref in record.about if ref.id == id_), cited.statement.at)
    if prose is None:
        return cited.statement.at
    places = [prose.place_of_link(id_), *(prose.place_of(form) for form in forms.of.get(id_, ()))]
    return next((place for place in places if place != prose.at), cited.statement.at)


def _flat(parts: Sequence[Part]) -> Iterator[Plain | Link]:
    for part in parts:
        if isinstance(part, Marked):
            yield from _flat(part.parts)
        else:
            yield part


def _begins(begun: bool, text: str) -> bool:
    """True if a sentence begins after the text, or goes on beginning there, for it holds no word."""
    for character in reversed(text):
        if character in ".!?":
            return True
        if character.isalnum() or character == "_":
            return False
    return begun


def _capitalised(text: str, begins: bool, target: str | None, forms: Forms) -> Iterator[str]:
    """The words of the text that are set as names; `begins` is true if a sentence begins with it."""
    for i, word in enumerate(words(text)):
        if not word.written[:1].isupper():
            continue
        bare = word.written.removesuffix("'s")
        if bare == "I" or has_digit(bare):
            continue
        first = word.starts_sentence if i else _begins(begins, _WORD.split(text, maxsplit=1)[0])
        # A sentence's first word is a name only if it is known as one.
        if first and not (
            (target and folded(text) in forms.of.get(target, ()))
            or any(form in forms.entity_of for form in name_forms(word.folded))
        ):
            continue
        yield bare


def _is_evident(name: str, target: str | None, own: str, evidence: Evidence, forms: Forms) -> bool:
    word = " ".join(folded(name))
    if evidence.names_word(word) or (word in _MONTHS and evidence.has_month(_MONTHS[word])):
        return True
    if target is not None and forms.present(target, evidence):
        return True
    called = [forms.entity_of[form] for form in name_forms(word) if form in forms.entity_of]
    if any(word in form for form in forms.of.get(own, ())):
        called.append(own)
    return any(forms.present(id_, evidence) for id_ in called)
