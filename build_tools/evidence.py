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
from build_tools.figures import Figure, days_in, figures, is_literal, is_year
from build_tools.languages import decimal_comma, months
from build_tools.memory import Memory
from build_tools.names import has_name, name_forms
from build_tools.outline import Name, Opened, Outline
from build_tools.problems import Location
from build_tools.prose import Prose
from build_tools.records import Claim, Fact, Summary
from build_tools.seal import PassageSeal
from build_tools.text import folded, words
from build_tools.values import PassageKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the cited passages have; `written` shows their figures, `places` names the passages.

    `literals` are words with a digit that are no figures, such as "tb2" or "24/7". `months` has the
    numbers of the months they name, `days` those of the days of numeric dates.
    """

    figures: tuple[Figure, ...]
    years: frozenset[int]
    months: frozenset[int]
    days: frozenset[int]
    written: tuple[str, ...]
    literals: frozenset[str]
    names: tuple[tuple[tuple[int, str], ...], ...]
    speakers: frozenset[str]
    places: str

    @property
    def forms(self) -> frozenset[str]:
        """Every form of every capitalised word."""
        return frozenset(form for names in self.names for _, name in names for form in name_forms(name))


@dataclass(frozen=True, slots=True)
class Asked:
    """Every statement whose passages can be asked, with what they have; and what entities are called."""

    statements: tuple[tuple[CitedStatement, Evidence], ...]
    forms: Forms


def ask(statements: Iterable[CitedStatement], forms: Forms) -> Asked:
    """The passages of the statements are asked."""
    return Asked(tuple((s, evidence_of(s.cites)) for s in statements if can_be_asked(s)), forms)


def evidence_of(cites: Iterable[CheckedCite]) -> Evidence:
    """The evidence of cites whose passages are known."""
    found: list[Figure] = []
    written: list[str] = []
    literals: set[str] = set()
    years: set[int] = set()
    named_months: set[int] = set()
    days: set[int] = set()
    names: list[tuple[tuple[int, str], ...]] = []
    speakers: set[str] = set()
    places: dict[str, None] = {}
    for cite in cites:
        assert cite.passage is not None
        seal = cite.seed.seal_of(cite.passage)
        if seal is not None:
            language = cite.seed.record.language.tag
            every = figures_in(seal, language)
            years.update(int(figure.value) for figure in every if is_year(figure))
            for _, word in seal.figures:
                for _, month, day in days_in(_folded(word)):
                    named_months.add(month)
                    days.add(day)
            months_of = months(language)
            sealed = sealed_names(seal)
            named_months.update(number for _, word in sealed for number in months_of.get(word, ()))
            span = cite.cite.span
            inside = range(0, seal.words) if span is None else range(span.first - 1, span.last)
            as_written = dict(seal.figures)
            literals.update(
                word for position, w in seal.figures if position in inside and is_literal(word := _folded(w))
            )
            for figure in every:
                if figure.first in inside and figure.core in inside:
                    found.append(figure)
                    if figure.unit != "th" or figure.in_digits:  # "second" would only puzzle in a list
                        written.append(shown(figure, as_written))
            names.append(sealed)
        speakers.update(ref.id for ref in cite.passage.speakers)
        places[f"{cite.seed.id}#{cite.passage.id}"] = None
    return Evidence(
        figures=tuple(found),
        years=frozenset(years),
        months=frozenset(named_months),
        days=frozenset(days),
        written=tuple(dict.fromkeys(written)),
        literals=frozenset(literals),
        names=tuple(names),
        speakers=frozenset(speakers),
        places=" or ".join(places),
    )


@functools.lru_cache(maxsize=1 << 14)
def figures_in(seal: PassageSeal, language: str) -> tuple[Figure, ...]:
    """The figures of a sealed passage, in order."""
    return figures(seal.figures, decimal_comma=decimal_comma(language))


def sealed_figure_words(found: CheckedCite) -> tuple[str, ...]:
    """The folded words of the figures, hedges and quantifiers of a cited passage."""
    seal = found.seed.seal_of(found.passage) if found.passage else None
    return tuple(_folded(word) for _, word in seal.figures) if seal else ()


@functools.lru_cache(maxsize=1 << 14)
def sealed_names(seal: PassageSeal) -> tuple[tuple[int, str], ...]:
    """The capitalised words of a sealed passage, folded, with their positions."""
    return tuple((position, _folded(word)) for position, word in seal.names)


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


@functools.lru_cache(maxsize=1 << 16)
def _folded(word: str) -> str:
    return " ".join(folded(word))


def can_be_asked(cited: CitedStatement) -> bool:
    """True if the passages of all cites are known, and none is a heading: those are reported elsewhere."""
    passages = [found.passage for found in cited.cites if found.passage is not None]
    headings = any(passage.kind is PassageKind.HEADING for passage in passages)
    return len(passages) == len(cited.statement.cites) and bool(passages) and not headings


def prose_of(cited: CitedStatement) -> Prose | None:
    """The sentence of ours that a statement is; None for quotations, names and relations."""
    record = cited.statement.record
    if isinstance(record, Claim | Summary):
        return record.text
    return record.value if isinstance(record, Fact) else None


class Forms:
    """Every form that entities are called by, in folded words."""

    def __init__(self, outlines: Mapping[str, Outline], memory: Memory) -> None:
        of = {id_: each.forms for id_, each in outlines.items()}
        called = memory.gather("form owners", {id_: each.words for id_, each in outlines.items()})
        entity_of = Opened(called, lambda owners: str(owners[0][0]))
        self.of: Mapping[str, tuple[Name, ...]] = memory.watch("forms", of)
        self.entity_of: Mapping[str, str] = memory.watch("form owners", entity_of)

    def named_in(self, id_: str, names: Sequence[tuple[int, str]]) -> bool:
        """True if the capitalised words of a passage name the entity."""
        return any(has_name(names, form) for form in self.of.get(id_, ()))

    def present(self, id_: str, evidence: Evidence) -> bool:
        """True if the passages name the entity, or report it as speaking."""
        return id_ in evidence.speakers or any(self.named_in(id_, names) for names in evidence.names)
