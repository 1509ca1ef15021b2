"""A figure that its passage bounds or blurs (at least, nearly, about) is not stated as if it were exact."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from build_tools.cite import CitedStatement, CitedWiki
from build_tools.evidence import Asked, Evidence, own_figures, place_of_figure, prose_of, shown
from build_tools.figure_words import Hedge
from build_tools.figures import Figure, supports
from build_tools.problems import Code, Problem
from build_tools.records import Claim
from build_tools.text import words

# Which hedges of ours keep one of the passage's.
_KEEP = MappingProxyType(
    {
        Hedge.LEAST: frozenset({Hedge.LEAST}),
        Hedge.MOST: frozenset({Hedge.MOST, Hedge.NEARLY}),
        Hedge.ABOUT: frozenset({Hedge.ABOUT, Hedge.NEARLY}),
        Hedge.NEARLY: frozenset({Hedge.NEARLY, Hedge.ABOUT, Hedge.MOST}),
    }
)


def check(_: CitedWiki, asked: Asked) -> Iterator[Problem]:
    """A warning for each figure stated with less reserve than any cited passage that has it."""
    for cited, evidence in asked.statements:
        record = cited.statement.record
        if not (isinstance(record, Claim) and record.derived):
            yield from _check(cited, evidence)


def _check(cited: CitedStatement, evidence: Evidence) -> Iterator[Problem]:
    prose = prose_of(cited)
    own = own_figures(cited.statement.plain) if prose else ()
    if prose is None or not own:
        return
    for figure in own:
        carrying = [given for given in evidence.figures if supports(given, figure)]
        if carrying and not any(_kept(given, figure) for given in carrying):
            hedge = carrying[0].hedge
            written = {i: word.written for i, word in enumerate(words(cited.statement.plain))}
            message = f"{evidence.places} hedges `{shown(figure, written)}` with “{hedge}”, this does not"
            hint = f"write “{hedge}” or the like before it"
            at = place_of_figure(figure, cited.statement.plain, prose)
            yield Problem(at, Code.HEDGE_DROPPED, message, hint)


def _kept(given: Figure, own: Figure) -> bool:
    return given.hedge is None or own.hedge in _KEEP[given.hedge]
