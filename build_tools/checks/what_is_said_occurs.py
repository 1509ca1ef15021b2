"""The figures, dates and names of a sentence of ours stand in the passages that it cites.

Where several do not, and one other passage of the same source has them all, the passage is wrong rather
than each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from build_tools.checks.dates_occur import absent_dates
from build_tools.checks.figures_occur import absent_figures
from build_tools.checks.names_occur import absent_names
from build_tools.cite import CheckedCite, CitedStatement, CitedWiki
from build_tools.evidence import Asked, Evidence, evidence_of
from build_tools.problems import Code, Problem
from build_tools.values import PassageKind, Role

_Rule = Callable[[CitedStatement, Evidence], tuple[Problem, ...]]


def check(wiki: CitedWiki, asked: Asked) -> Iterator[Problem]:
    """A problem for each figure, date and name that no cited passage has, or one for the wrong passage."""
    forms, names = asked.forms, wiki.linked.names

    def absent(cited: CitedStatement, evidence: Evidence) -> tuple[Problem, ...]:
        return (
            *absent_figures(cited, evidence),
            *absent_dates(cited, evidence),
            *absent_names(cited, evidence, forms, names),
        )

    for cited, evidence in asked.statements:
        found = absent(cited, evidence)
        wrong = _wrong_passage(cited, absent) if len(found) > 1 else None
        yield from (found if wrong is None else (wrong,))


def _wrong_passage(cited: CitedStatement, absent: _Rule) -> Problem | None:
    """The problem that the passage is wrong: there is one cite, and another passage has everything."""
    carrying = [found for found in cited.cites if found.cite.role is Role.SUPPORTS]
    if len(carrying) != 1 or carrying[0].passage is None or carrying[0].cite.passage is None:
        return None
    (wrong,) = carrying
    having = [other for other in _others(wrong) if not absent(*_citing(cited, wrong, other))]
    if len(having) != 1 or having[0].passage is None or wrong.passage is None:
        return None
    place, seed = wrong.cite.passage, wrong.seed.id
    message = f"{seed}#{wrong.passage.id} does not have what this says"
    hint = f"{seed}#{having[0].passage.id} has its figures and names: is that the passage?"
    return Problem(place.at if place else wrong.cite.at, Code.WRONG_PASSAGE, message, hint)


def _others(found: CheckedCite) -> Iterator[CheckedCite]:
    """The cite with each other passage of its seed, as a whole."""
    for passage in found.seed.passages:
        if passage != found.passage and passage.kind is not PassageKind.HEADING:
            yield replace(found, cite=replace(found.cite, span=None), passage=passage)


def _citing(cited: CitedStatement, wrong: CheckedCite, right: CheckedCite) -> tuple[CitedStatement, Evidence]:
    cites = tuple(right if found is wrong else found for found in cited.cites)
    return replace(cited, cites=cites), evidence_of(cites)
