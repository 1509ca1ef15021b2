"""The figures that statements state, as the list of all figures shows them."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from build_tools.cite import CitedStatement
from build_tools.figure_words import TIME
from build_tools.figures import Figure, days_in, figures, is_year
from build_tools.languages import decimal_comma, months
from build_tools.records import Claim, Fact, Quote
from build_tools.text import COMMON, SIGNS, words


class FigureKind(enum.Enum):
    """What a figure counts; the order is that of the page."""

    MONEY = ("money", "Money")
    SHARE = ("shares", "Per cent")
    FACTOR = ("factors", "Times as much")
    DURATION = ("durations", "Durations")
    MEASURE = ("measures", "Weights, lengths and other measures")
    COUNT = ("counts", "Counts")
    ORDER = ("order", "First, second, third")


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureGroup:
    """Figures of one unit, each in its words, from the least to the largest; the statement of that anchor
    states them."""

    figures: tuple[Figure, ...]
    shown: tuple[str, ...]
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedFigures:
    """The figures of one unit that a statement states, each in its words, from the least to the largest."""

    figures: tuple[Figure, ...]
    shown: tuple[str, ...]
    cited: CitedStatement


def all_stated(group: Iterable[CitedStatement]) -> tuple[FigureGroup, ...]:
    """The figures of claims, facts and quotations."""
    return tuple(
        stated
        for cited in group
        if isinstance(cited.statement.record, Claim | Fact | Quote)
        for stated in _stated(cited)
    )


def _stated(cited: CitedStatement) -> Iterator[FigureGroup]:
    """The figures of a statement by unit and measure."""
    groups: dict[tuple[str, str], list[tuple[Figure, str]]] = defaultdict(list)
    for figure, shown in _counting(cited):
        groups[figure.unit, figure.measure].append((figure, shown))
    for group in groups.values():
        group.sort(key=lambda item: item[0].value)
        yield FigureGroup(
            figures=tuple(figure for figure, _ in group),
            shown=tuple(shown for _, shown in group),
            anchor=cited.statement.anchor,
        )


def _counting(cited: CitedStatement) -> Iterator[tuple[Figure, str]]:
    """The figures of a statement's text that are no dates, with the words that they are shown in."""
    record = cited.statement.record
    language = "en"
    if isinstance(record, Quote):
        language = (record.language or cited.cites[0].seed.record.language).tag
    own = words(cited.statement.plain)
    in_date = {i for i, word in enumerate(own) if word.folded in months(language) and word.folded != "may"}
    in_date.update(i for i, word in enumerate(own) if word.written == "May")  # which may be a verb too
    for figure in figures(
        ((i, word.written) for i, word in enumerate(own)), decimal_comma=decimal_comma(language)
    ):
        first, last = figure.first, figure.last
        beside = {first - 1, last + 1}
        if own[last + 1 : last + 2] and own[last + 1].folded == "of":
            beside.add(last + 2)  # the 5th of May
        day = figure.value <= 31 and figure.unit in ("", "th") and not figure.measure and beside & in_date
        if is_year(figure) or day or days_in(own[first].folded):
            continue
        end = last + 1
        if not figure.unit and not figure.measure and _counted(cited.statement.plain, own[last : end + 1]):
            end += 1
        begin = figure.reach[0] + bool(figure.side)
        shown = " ".join(word.written for word in own[begin : max(end, figure.reach[1] + 1)])
        yield figure, shown


def _counted(plain: str, pair: tuple[object, ...]) -> bool:
    """True if what is counted follows its number: a word in small letters, only a space between."""
    if len(pair) < 2:
        return False
    number, noun = (getattr(word, "written", "") for word in pair)
    return noun.isalpha() and noun.islower() and noun not in COMMON and f"{number} {noun}" in plain


def figure_kind(figure: Figure) -> FigureKind:
    """What a figure counts."""
    if figure.unit in ("%", "pp"):
        return FigureKind.SHARE
    if figure.unit == "times":
        return FigureKind.FACTOR
    if figure.measure in TIME:
        return FigureKind.DURATION
    if figure.measure:
        return FigureKind.MEASURE
    if figure.unit == "th":
        return FigureKind.ORDER
    if figure.unit and (figure.unit in SIGNS or figure.unit in ("yuan", "francs")):
        return FigureKind.MONEY
    return FigureKind.COUNT
