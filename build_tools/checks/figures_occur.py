"""Every figure in a sentence of ours stands in what it cites, or we say how it was worked out."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace

from build_tools.cite import CitedStatement
from build_tools.evidence import Evidence, own_figures, place_of_figure, prose_of, shown
from build_tools.figures import Figure, days_in, is_literal, is_plain_number, is_year
from build_tools.problems import Code, Problem
from build_tools.records import Claim
from build_tools.text import Word, words
from build_tools.values import When


def absent_figures(cited: CitedStatement, evidence: Evidence) -> Iterator[Problem]:
    """A problem for each figure of a statement, and each word with a digit, that no passage it cites has."""
    record, prose = cited.statement.record, prose_of(cited)
    if prose is None or (isinstance(record, Claim) and record.derived):
        return
    own, stated = words(cited.statement.plain), own_figures(cited.statement.plain)
    turned = [figure for figure in stated if _turned(figure, evidence)]
    if turned:
        written = _written(own)
        said = " ".join(f"{figure.side} {shown(figure, written)}" for figure in turned)
        message = f"`{said}` is the other way round in {evidence.places}"
        hint = f"its figures are {', '.join(evidence.written)}; say which it went from, and which to"
        at = place_of_figure(turned[0], cited.statement.plain, prose)
        yield Problem(at, Code.FIGURE_NOT_IN_PASSAGE, message, hint)
    for figure in stated:
        if figure in turned or _stands(figure, evidence, record):
            continue
        message = f"`{shown(figure, _written(own))}` does not stand in {evidence.places}"
        has = f"its figures are {', '.join(evidence.written)}" if evidence.written else "it has no figures"
        hint = f"{has}; cite the passage that says it, or say how it was worked out: `derived: …`"
        at = place_of_figure(figure, cited.statement.plain, prose)
        yield Problem(at, Code.FIGURE_NOT_IN_PASSAGE, message, hint)
    for word in own:
        if word.folded.isalpha() or is_plain_number(word.folded):
            continue  # it has no digit, or is a figure
        if is_literal(word.folded) and not evidence.has_literal(word.folded):
            message = f"`{word.written}` does not stand in {evidence.places}"
            hint = "cite the passage that says it, or mend the word"
            yield Problem(prose.place_of([word.folded]), Code.FIGURE_NOT_IN_PASSAGE, message, hint)
        for _, month, _ in days_in(word.folded)[:1]:
            if not evidence.has_month(month):
                message = f"`{word.written}`: {evidence.places} does not name this month"
                hint = "cite the passage that says it, or mend the date"
                yield Problem(prose.place_of([word.folded]), Code.FIGURE_NOT_IN_PASSAGE, message, hint)


def _written(own: Sequence[Word]) -> dict[int, str]:
    return {i: word.written for i, word in enumerate(own)}


def _turned(figure: Figure, evidence: Evidence) -> bool:
    """True if the passages have the figure, but `to` it where the sentence has `from` it, or so."""
    if not figure.side:
        return False
    bare = replace(figure, side="")
    return evidence.supports(bare) and not evidence.supports(figure)


def _stands(figure: Figure, evidence: Evidence, record: object) -> bool:
    if evidence.supports(figure):
        return True
    return is_year(figure) and int(figure.value) in _dated_years(record)


def _dated_years(record: object) -> Container[int]:
    """The years that the date of a record answers for.

    Of a date worked out from relative words, all that it covers; of any other those written in it: where
    they do not stand in the passage, the date is reported, and the sentence need not be, too.
    """
    when = getattr(record, "when", None)
    if not isinstance(when, When):
        return ()
    if getattr(record, "resolved_from", None) is not None:
        first, last = when.date.years
        return range(first, last + 1)
    return tuple(int(year) for year in re.findall(r"\d{4}", when.date.text))
