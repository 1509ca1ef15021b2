"""Every figure, date and name in a sentence of ours occurs in what it cites, or we say how it was worked out.

A name may occur under any name, alias or adjective of the entity, or as a speaker of the passage.
Descriptions ("the decree") are no names: only words set with a capital are asked for.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from build_tools.cite import CheckedCite, CitedStatement, CitedWiki
from build_tools.dates import MONTHS, in_words
from build_tools.evidence import (
    Figure,
    figures,
    figures_of,
    has_name,
    is_code,
    is_figure_word,
    is_year,
    name_forms,
)
from build_tools.problems import Code, Problem
from build_tools.prose import Link, Marked, Part, Plain, Prose
from build_tools.records import Claim, Entity, Fact, Quote, Relation, Summary
from build_tools.seal import PassageSeal
from build_tools.text import folded, words
from build_tools.values import EntityId, PassageKind, When


def check(wiki: CitedWiki) -> Iterator[Problem]:
    """A problem for each figure, date and name that no cited passage has."""
    forms = _Forms(wiki.linked.entities)
    for group in wiki.statements.values():
        for cited in group:
            if _can_be_asked(cited):
                evidence = _evidence(cited.cites)
                yield from _figures(cited, evidence)
                yield from _date(cited, evidence)
                absent = tuple(_absent(cited, evidence, forms))
                yield from _names(cited, evidence, forms, wiki.linked.names, absent)
                yield from _entities(cited, evidence, wiki.linked.names, absent)


def _can_be_asked(cited: CitedStatement) -> bool:
    """True if the passages of all cites are known, and none is a heading: those are reported elsewhere."""
    passages = [found.passage for found in cited.cites if found.passage is not None]
    headings = any(passage.kind is PassageKind.HEADING for passage in passages)
    return len(passages) == len(cited.statement.cites) and bool(passages) and not headings


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evidence:
    """What the cited passages have: figures, capitalised words by passage, speakers; and where they are.

    `figures`, `written` and `codes` (words such as "TB2") are those of the cited spans; `years` are
    the whole passages', since a date holds for more than the words beside it.
    """

    figures: tuple[Figure, ...]
    years: frozenset[int]
    written: tuple[str, ...]
    codes: frozenset[str]
    names: tuple[tuple[tuple[int, str], ...], ...]
    speakers: frozenset[str]
    places: str

    @property
    def forms(self) -> frozenset[str]:
        return frozenset(form for names in self.names for _, name in names for form in name_forms(name))


def _evidence(cites: Iterable[CheckedCite]) -> _Evidence:
    found: list[Figure] = []
    written: list[str] = []
    codes: set[str] = set()
    years: set[int] = set()
    names: list[tuple[tuple[int, str], ...]] = []
    speakers: set[str] = set()
    places: dict[str, None] = {}
    for cite in cites:
        assert cite.passage is not None
        seal = cite.seed.seal_of(cite.passage)
        if seal is not None:
            span = cite.cite.span
            years.update(int(figure.value) for figure in figures_of(seal.figures) if is_year(figure))
            inside = [
                (position, word)
                for position, word in seal.figures
                if span is None or span.first <= position + 1 <= span.last
            ]
            as_written = dict(inside)
            codes.update(_folded(word) for word in as_written.values() if is_code(_folded(word)))
            for figure in figures_of(inside):
                found.append(figure)
                positions = range(figure.first, figure.last + 1)
                written.append(" ".join(as_written[position] for position in positions))
            names.append(_sealed_names(seal))
        speakers.update(ref.id for ref in cite.passage.speakers)
        places[f"{cite.seed.id}#{cite.passage.id}"] = None
    return _Evidence(
        figures=tuple(found),
        years=frozenset(years),
        written=tuple(dict.fromkeys(written)),
        codes=frozenset(codes),
        names=tuple(names),
        speakers=frozenset(speakers),
        places=" or ".join(places),
    )


@functools.lru_cache(maxsize=1 << 16)
def _folded(word: str) -> str:
    return " ".join(folded(word))


def _prose(cited: CitedStatement) -> Prose | None:
    record = cited.statement.record
    if isinstance(record, Claim | Summary):
        return record.text
    return record.value if isinstance(record, Fact) else None


# --------------------------------------------------------------------------------- figures, dates


def _figures(cited: CitedStatement, evidence: _Evidence) -> Iterator[Problem]:
    record, prose = cited.statement.record, _prose(cited)
    if prose is None or (isinstance(record, Claim) and record.derived):
        return
    years = _resolved_years(record)
    own = words(cited.statement.plain)
    known = {(figure.value, figure.unit) for figure in evidence.figures}
    for figure in figures((i, word.folded) for i, word in enumerate(own) if is_figure_word(word.folded)):
        if (figure.value, figure.unit) in known or (is_year(figure) and int(figure.value) in years):
            continue
        shown = " ".join(word.written for word in own[figure.first : figure.last + 1])
        message = f"`{shown}` does not stand in {evidence.places}"
        has = f"its figures are {', '.join(evidence.written)}" if evidence.written else "it has no figures"
        hint = f"{has}; cite the passage that says it, or say how it was worked out: `derived: …`"
        yield Problem(prose.at, Code.FIGURE_NOT_IN_PASSAGE, message, hint)
    for word in own:
        if is_code(word.folded) and word.folded not in evidence.codes:
            message = f"`{word.written}` does not stand in {evidence.places}"
            hint = "cite the passage that says it, or mend the word"
            yield Problem(prose.at, Code.FIGURE_NOT_IN_PASSAGE, message, hint)


def _resolved_years(record: object) -> range:
    """The years that a date worked out from relative words covers."""
    when = getattr(record, "when", None)
    if isinstance(when, When) and getattr(record, "resolved_from", None) is not None:
        first, last = when.date.years
        return range(first, last + 1)
    return range(0)


def _date(cited: CitedStatement, evidence: _Evidence) -> Iterator[Problem]:
    record = cited.statement.record
    if not isinstance(record, Claim | Fact | Quote | Relation) or record.when is None or record.resolved_from:
        return
    if isinstance(record, Claim) and record.derived:
        return
    text = record.when.date.text
    named = re.findall(r"\d{3}[\dX]", text)
    missing = [year for year in named if int(year.replace("X", "0")) not in evidence.years]
    for month in re.findall(r"\d{4}-(\d\d)", text):
        if int(month) <= 12 and MONTHS[int(month) - 1].casefold() not in evidence.forms:
            missing.append(MONTHS[int(month) - 1])
    if missing:
        message = (
            f"the date {in_words(text)} is not in {evidence.places}: no {' and no '.join(missing)} there"
        )
        hint = "if it was worked out, say from which words: `resolved_from: this year`; else mend or drop it"
        yield Problem(record.when.date.at, Code.DATE_NOT_IN_PASSAGE, message, hint)


# ------------------------------------------------------------------------------------------ names


class _Forms:
    """Every form that entities are called by, in folded words."""

    def __init__(self, entities: Mapping[str, Entity]) -> None:
        self.of: dict[str, tuple[tuple[str, ...], ...]] = {}
        self.entity_of: dict[str, str] = {}
        for id_, entity in entities.items():
            texts = [entity.name, *(alias.name for alias in entity.also), *entity.adjectives]
            self.of[id_] = tuple(folded(text.text) for text in texts)
            for form in self.of[id_]:
                if len(form) == 1:
                    self.entity_of.setdefault(form[0], id_)

    def present(self, id_: str, evidence: _Evidence) -> bool:
        """True if the passages name the entity, or report it as speaking."""
        if id_ in evidence.speakers:
            return True
        return any(has_name(names, form) for names in evidence.names for form in self.of.get(id_, ()))


def _names(
    cited: CitedStatement,
    evidence: _Evidence,
    forms: _Forms,
    wiki_names: Mapping[str, str],
    absent: Sequence[str],
) -> Iterator[Problem]:
    prose = _prose(cited)
    if prose is None:
        return
    reported: set[str] = set()
    before = ""
    for part in _flat(prose.parts):
        target = part.target if isinstance(part, Link) else None
        if target in absent:
            before += "-"  # the entity is reported as a whole
            continue
        text = part.text if isinstance(part, Plain) else part.label or wiki_names.get(part.target, "")
        starts = bool(re.search(r"(?:\A|[.!?])\W*\Z", before + re.split(r"\w", text, maxsplit=1)[0]))
        for name in _capitalised(text, starts, target, forms):
            if name in reported or _is_evident(name, target, cited.statement.entity, evidence, forms):
                continue
            reported.add(name)
            message = f"`{name}` is not named in {evidence.places}"
            hint = "cite the passage that names it; another form of it belongs in its `also` or `adjectives`"
            yield Problem(prose.at, Code.NAME_NOT_IN_PASSAGE, message, hint)
        before += text


def _absent(cited: CitedStatement, evidence: _Evidence, forms: _Forms) -> Iterator[str]:
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
        if (
            id_ == speaker
            or forms.present(id_, evidence)
            or not any(
                has_name(_sealed_names(passage), form)
                for found in cited.cites
                if found.seed.seal is not None
                for passage in found.seed.seal.passages
                for form in forms.of.get(id_, ())
            )
        ):
            continue
        yield id_


def _entities(
    cited: CitedStatement, evidence: _Evidence, names: Mapping[str, str], absent: Iterable[str]
) -> Iterator[Problem]:
    for id_ in absent:
        message = f"{names[id_]} is not named in {evidence.places}"
        hint = (
            "cite the passage that names it too (`role: context`), or add the form used there to its `also`"
        )
        yield Problem(cited.statement.at, Code.NAME_NOT_IN_PASSAGE, message, hint)


def _sealed_names(passage: PassageSeal) -> tuple[tuple[int, str], ...]:
    return tuple((position, _folded(word)) for position, word in passage.names)


def _flat(parts: Sequence[Part]) -> Iterator[Plain | Link]:
    for part in parts:
        if isinstance(part, Marked):
            yield from _flat(part.parts)
        else:
            yield part


def _capitalised(text: str, starts: bool, target: str | None, forms: _Forms) -> Iterator[str]:
    """The words of the text that are set as names."""
    whole = folded(text)
    for i, word in enumerate(words(text)):
        bare = word.written.removesuffix("'s")
        if not bare[:1].isupper() or any(c.isdigit() for c in bare) or bare == "I":
            continue
        first = starts if i == 0 else word.starts_sentence
        # A sentence's first word is a name only if it is known as one.
        known = (target and whole in forms.of.get(target, ())) or any(
            form in forms.entity_of for form in name_forms(word.folded)
        )
        if first and not known:
            continue
        yield bare


def _is_evident(name: str, target: str | None, own: str, evidence: _Evidence, forms: _Forms) -> bool:
    word = _folded(name)
    if any(form in evidence.forms for form in name_forms(word)):
        return True
    if target is not None and forms.present(target, evidence):
        return True
    called = [forms.entity_of[form] for form in name_forms(word) if form in forms.entity_of]
    if any(word in form for form in forms.of.get(own, ())):
        called.append(own)
    return any(forms.present(id_, evidence) for id_ in called)
