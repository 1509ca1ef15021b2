"""A series says nothing that its claim does not: what is drawn are the claim's own figures, in time order."""

from __future__ import annotations

from collections.abc import Iterator

from build_tools.cite import CitedWiki
from build_tools.evidence import own_figures
from build_tools.figure_words import Hedge
from build_tools.figures import Figure, Number, is_year, sole_figure
from build_tools.problems import Code, Location, Problem
from build_tools.records import Claim, Point
from build_tools.text import words


def check(wiki: CitedWiki) -> Iterator[Problem]:
    """A problem for each point that is not in its claim, and each series that cannot be drawn."""
    for group in wiki.statements.values():
        for cited in group:
            record = cited.statement.record
            if isinstance(record, Claim) and record.series:
                yield from _check(record, cited.statement.plain)


def _check(claim: Claim, plain: str) -> Iterator[Problem]:
    if len(claim.series) < 2:
        yield _problem(
            claim.series[0].at, "a series of one point", "give two points or more, or leave it out"
        )
    own = words(plain)
    found = own_figures(plain)
    stated = {
        _key(figure): " ".join(word.written for word in own[figure.reach[0] : figure.reach[1] + 1])
        for figure in found
        if not is_year(figure)
    }
    years = {int(figure.value) for figure in found if is_year(figure)}
    years.update(claim.when.date.years if claim.when else ())
    before: Point | None = None
    first: Figure | None = None
    for point in claim.series:
        if not (point.value.text and point.when.date.text):
            continue  # it could not be read, which is reported
        figure = sole_figure(point.value.text)
        if figure is None:
            yield _problem(
                point.value.at, f"`{point.value}` is not one figure", "write e.g. 4.5 million tons"
            )
        elif _key(figure) not in stated:
            has = f"the figures of its text are: {', '.join(stated.values()) or 'none'}"
            yield _problem(point.value.at, f"the claim's text does not have `{point.value}`", has)
        elif first is not None and (figure.unit, figure.measure) != (first.unit, first.measure):
            message = f"`{point.value}` counts something else than `{claim.series[0].value}`"
            yield _problem(point.value.at, message, "a series has one unit; write it with each figure")
        first = first or figure
        date = point.when.date
        if not years.issuperset(date.years):
            named = ", ".join(map(str, sorted(years))) or "none"
            hint = f"the years of its text and of its `when` are: {named}"
            yield _problem(date.at, f"the claim does not have the date `{date.text}`", hint)
        if before is not None and date.sort_key <= before.when.date.sort_key:
            message = f"`{date.text}` does not come after `{before.when.date.text}`"
            yield _problem(date.at, message, "put the points in the order of time, one for each date")
        before = point


def _key(figure: Figure) -> tuple[Number, str, str, Hedge | None]:
    """What must be the same in the series and in the text."""
    return figure.value, figure.unit, figure.measure, figure.hedge


def _problem(at: Location, message: str, hint: str) -> Problem:
    return Problem(at, Code.SERIES_NOT_IN_CLAIM, message, hint)
