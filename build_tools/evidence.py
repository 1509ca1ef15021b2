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
from build_tools.names import Names, name_forms
from build_tools.outline import Name, Opened, Outline
from build_tools.problems import Location
from build_tools.prose import Prose
from build_tools.quick import quick
from build_tools.records import Claim, Fact, Summary
from build_tools.seal import PassageSeal
from build_tools.text import folded, words
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

    def figures(self) -> tuple[Figure, ...]:
        """The figures in these words; a measure beside them may stand outside."""
        every, first, end = self.sealed.figures, self.first, self.end
        return tuple(figure for figure in every if first <= figure.first and figure.core < end)


@quick
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
    literals: frozenset[str]
    names: tuple[Names, ...]
    speakers: frozenset[str]
    passages: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]

    @property
    def places(self) -> str:
        return " or ".join(dict.fromkeys(f"{seed}#{passage}" for seed, passage in self.passages))

    @property
    def written(self) -> tuple[str, ...]:
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
        return any(names.has_form(form) for names in self.names for form in forms)


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
    passages: list[tuple[str, str]] = []
    speakers: set[str] = set()
    for cite in cites:
        assert cite.passage is not None
        seal, span = cite.seed.seal_of(cite.passage), cite.cite.span
        if seal is not None:
            first, end = (0, seal.words) if span is None else (span.first - 1, span.last)
            parts.append(Part(seal, sealed(seal, cite.seed.record.language.tag), first, end))
        speakers.update(ref.id for ref in cite.passage.speakers)
        passages.append((cite.seed.id, cite.passage.id))
    return Evidence(
        figures=tuple(figure for part in parts for figure in part.figures()),
        years=frozenset().union(*(part.sealed.years for part in parts)),
        months=frozenset().union(*(part.sealed.months for part in parts)),
        days=frozenset().union(*(part.sealed.days for part in parts)),
        literals=frozenset(
            word
            for part in parts
            for position, word in part.sealed.literals
            if part.first <= position < part.end
        ),
        names=tuple(part.sealed.names for part in parts),
        speakers=frozenset(speakers),
        passages=tuple(passages),
        parts=tuple(parts),
    )


@functools.lru_cache(maxsize=1 << 12)
def sealed(seal: PassageSeal, language: str) -> Sealed:
    """What a sealed passage has, its digits read as the language writes them."""
    every = figures(seal.figures, decimal_comma=decimal_comma(language))
    clear = [(position, _folded(word)) for position, word in seal.figures]
    dates = [day for _, word in clear for day in days_in(word)]
    names, months_of = sealed_names(seal), months(language)
    named = {number for _, word in names.words for number in months_of.get(word, ())}
    return Sealed(
        figures=every,
        years=frozenset(int(figure.value) for figure in every if is_year(figure)),
        months=frozenset(named.union(month for _, month, _ in dates)),
        days=frozenset(day for _, _, day in dates),
        literals=tuple((position, word) for position, word in clear if is_literal(word)),
        names=names,
    )


def sealed_figure_words(found: CheckedCite) -> tuple[str, ...]:
    """The folded words of the figures, hedges and quantifiers of a cited passage."""
    seal = found.seed.seal_of(found.passage) if found.passage else None
    return tuple(_folded(word) for _, word in seal.figures) if seal else ()


@functools.lru_cache(maxsize=1 << 12)
def sealed_names(seal: PassageSeal) -> Names:
    """The capitalised words of a sealed passage."""
    return Names.of((position, _folded(word)) for position, word in seal.names)


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


@functools.lru_cache(maxsize=1 << 14)
def _folded(word: str) -> str:
    return " ".join(folded(word))


def can_be_asked(cited: CitedStatement) -> bool:
    """True if the passages of all cites are known, and none is a heading: those are reported elsewhere."""
    return 0 < len(cited.statement.cites) == len(cited.cites) and all(
        found.passage is not None and found.passage.kind is not PassageKind.HEADING for found in cited.cites
    )


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
        called = memory.gather("form owners", outlines, lambda each: each.words)
        entity_of = Opened(called, lambda owners: str(owners[0][0]))
        self.of: Mapping[str, tuple[Name, ...]] = memory.watch("forms", of)
        self.entity_of: Mapping[str, str] = memory.watch("form owners", entity_of)

    def named_in(self, id_: str, names: Names) -> bool:
        """True if the capitalised words of a passage name the entity."""
        return any(map(names.has, self.of.get(id_, ())))

    def present(self, id_: str, evidence: Evidence) -> bool:
        """True if the passages name the entity, or report it as speaking."""
        return id_ in evidence.speakers or any(self.named_in(id_, names) for names in evidence.names)
