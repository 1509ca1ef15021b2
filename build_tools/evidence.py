"""What the passages that a statement cites have: figures, months, names, speakers. The rules ask it.

A passage is asked by its seal, so that the answer is the same on every machine. A cite with a span is
asked for the figures inside it only (a measure beside
them may stand outside); names and years hold for more than the words beside them, and
are those of the whole passage.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from build_tools.cite import CheckedCite, CitedStatement
from build_tools.figures import Figure, days_in, figures, is_literal, is_plain_number, is_year, supports
from build_tools.languages import decimal_comma, months
from build_tools.memory import Memory
from build_tools.names import Names, name_forms
from build_tools.outline import Name, Opened, Outline
from build_tools.problems import Location
from build_tools.prose import Prose
from build_tools.quick import quick
from build_tools.records import Claim, Fact, Summary
from build_tools.seal import PassageSeal
from build_tools.text import folded_word, words
from build_tools.values import PassageKind


@quick
@dataclass(frozen=True, slots=True)
class Sealed:
    """What a sealed passage has, whatever of it is cited: see `Evidence`."""

    figures: tuple[Figure, ...]
    years: frozenset[int]
    months: frozenset[int]
    days: frozenset[int]
    literals: tuple[tuple[int, str], ...]
    names: Names


@quick
@dataclass(frozen=True, slots=True)
class Part:
    """The words of a passage that a cite rests on, counted from 0, `end` not among them."""

    seal: PassageSeal
    sealed: Sealed
    first: int
    end: int

    def figures(self) -> list[Figure]:
        """The figures in these words; a measure beside them may stand outside."""
        every, first, end = self.sealed.figures, self.first, self.end
        return [figure for figure in every if first <= figure.first and figure.core < end]


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the cited passages have: the figures in the words cited, and whatever they are asked for."""

    figures: tuple[Figure, ...]
    parts: tuple[Part, ...]
    cites: Sequence[CheckedCite]

    def supports(self, wanted: Figure) -> bool:
        """True if one of their figures carries a sentence that states this one."""
        return any(supports(given, wanted) for given in self.figures)

    def has_year(self, year: int) -> bool:
        """True if they state the year."""
        return any(year in part.sealed.years for part in self.parts)

    def has_month(self, month: int) -> bool:
        """True if they name the month of that number."""
        return any(month in part.sealed.months for part in self.parts)

    def has_day(self, day: int) -> bool:
        """True if a numeric date of theirs is of that day of some month."""
        return any(day in part.sealed.days for part in self.parts)

    def has_literal(self, word: str) -> bool:
        """True if the words cited have a word with a digit that is no figure, such as "tb2" or "24/7"."""
        return any(
            each == word and part.first <= position < part.end
            for part in self.parts
            for position, each in part.sealed.literals
        )

    def reports(self, id_: str) -> bool:
        """True if the entity is one that they report as speaking."""
        return any(ref.id == id_ for found in self.cites if found.passage for ref in found.passage.speakers)

    @property
    def places(self) -> str:
        """The names of the passages."""
        cites = [(found.seed.id, found.passage) for found in self.cites]
        return " or ".join(dict.fromkeys(f"{seed}#{passage.id}" for seed, passage in cites if passage))

    @property
    def written(self) -> tuple[str, ...]:
        """The figures, as written."""
        found: dict[str, None] = {}
        for part in self.parts:
            as_written = dict(part.seal.figures)
            for figure in part.figures():
                if figure.unit != "th" or figure.in_digits:  # "second" would only puzzle in a list
                    found[shown(figure, as_written)] = None
        return tuple(found)

    def names_word(self, word: str) -> bool:
        """True if a capitalised word of the passages has a form of the folded word."""
        forms = name_forms(word)
        return any(part.sealed.names.has_form(form) for part in self.parts for form in forms)


@dataclass(frozen=True, slots=True)
class Asked:
    """Every statement whose passages can be asked, with what they have; and what entities are called."""

    statements: tuple[tuple[CitedStatement, Evidence], ...]
    forms: Forms


def ask(statements: Iterable[CitedStatement], forms: Forms) -> Asked:
    """The passages of the statements are asked."""
    return Asked(tuple((s, evidence_of(s.cites)) for s in statements if can_be_asked(s)), forms)


def evidence_of(cites: Sequence[CheckedCite]) -> Evidence:
    """The evidence of cites whose passages are known."""
    parts: list[Part] = []
    stated: list[Figure] = []
    for cite in cites:
        assert cite.passage is not None
        seal, span = cite.seed.seal_of(cite.passage), cite.cite.span
        if seal is not None:
            first, end = (0, seal.words) if span is None else (span.first - 1, span.last)
            part = Part(seal, sealed(seal, cite.seed.record.language.tag), first, end)
            parts.append(part)
            stated += part.figures()
    return Evidence(figures=tuple(stated), parts=tuple(parts), cites=cites)


@functools.lru_cache(maxsize=1 << 12)
def sealed(seal: PassageSeal, language: str) -> Sealed:
    """What a sealed passage has, its digits read as the language writes them."""
    every = figures(seal.figures, decimal_comma=decimal_comma(language))
    # Nothing but digits, or letters, is no date and no literal.
    mixed = [(i, folded_word(w)) for i, w in seal.figures if not (w.isalpha() or is_plain_number(w))]
    dates = [day for _, word in mixed for day in days_in(word)]
    names, months_of = sealed_names(seal), months(language)
    named = {number for word in names.words.values() for number in months_of.get(word, ())}
    return Sealed(
        figures=every,
        years=frozenset([int(figure.value) for figure in every if is_year(figure)]),
        months=frozenset(named.union([month for _, month, _ in dates])),
        days=frozenset([day for _, _, day in dates]),
        literals=tuple([(position, word) for position, word in mixed if is_literal(word)]),
        names=names,
    )


def sealed_figure_words(found: CheckedCite) -> tuple[str, ...]:
    """The folded words of the figures, hedges and quantifiers of a cited passage."""
    seal = found.seed.seal_of(found.passage) if found.passage else None
    return tuple(folded_word(word) for _, word in seal.figures) if seal else ()


@functools.lru_cache(maxsize=1 << 12)
def sealed_names(seal: PassageSeal) -> Names:
    """The capitalised words of a sealed passage."""
    return Names.of({position: folded_word(word) for position, word in seal.names})


def shown(figure: Figure, words: Mapping[int, str]) -> str:
    """A figure with its unit, as written."""
    return " ".join(words[i] for i in range(figure.first, figure.last + 1) if i in words)


def place_of_figure(figure: Figure, plain: str, prose: Prose) -> Location:
    """Where a figure of a sentence of ours stands in the file."""
    return prose.place_of([word.folded for word in words(plain)[figure.first : figure.last + 1]])


@functools.lru_cache(maxsize=1 << 14)
def own_figures(plain: str) -> tuple[Figure, ...]:
    """The figures of a sentence of ours."""
    return figures((i, word.written) for i, word in enumerate(words(plain)))


def can_be_asked(cited: CitedStatement) -> bool:
    """True if the passages of all cites are known, and none is a heading: those are reported elsewhere."""
    for found in cited.cites:
        if found.passage is None or found.passage.kind is PassageKind.HEADING:
            return False
    return 0 < len(cited.statement.cites) == len(cited.cites)


def prose_of(cited: CitedStatement) -> Prose | None:
    """The sentence of ours that a statement is; None for quotations, names and relations."""
    record = cited.statement.record
    if isinstance(record, (Claim, Summary)):
        return record.text
    return record.value if isinstance(record, Fact) else None


class Forms:
    """Every form that entities are called by, in folded words."""

    def __init__(self, outlines: Mapping[str, Outline], memory: Memory) -> None:
        of = {id_: each.forms for id_, each in outlines.items()}
        called = memory.gather("form owners", outlines, lambda each: each.words)
        entity_of = Opened(called, lambda owners: str(owners[0][0]))
        self.of: Mapping[str, tuple[Name, ...]] = memory.watch("forms", of)
        self.entity_of: Mapping[str, str] = memory.watch("form owners", entity_of)

    def named_in(self, id_: str, names: Names) -> bool:
        """True if the capitalised words of a passage name the entity."""
        return any(map(names.has, self.of.get(id_, ())))

    def present(self, id_: str, evidence: Evidence) -> bool:
        """True if the passages name the entity, or report it as speaking."""
        return evidence.reports(id_) or any(self.named_in(id_, part.sealed.names) for part in evidence.parts)
