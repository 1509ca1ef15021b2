"""The rules of evidence, one module each: what must hold of a cited wiki before it may be published."""

from __future__ import annotations

from build_tools.checks import (
    every_passage_is_used,
    every_statement_is_cited,
    figures_and_names_occur,
    figures_have_spans,
    prose_is_our_own,
    quotations_keep_their_budget,
    quotes_stand_in_their_passage,
    speakers_are_reported,
)
from build_tools.cite import CitedWiki
from build_tools.problems import Problem

RULES = (
    every_statement_is_cited.check,
    quotes_stand_in_their_passage.check,
    speakers_are_reported.check,
    figures_and_names_occur.check,
    figures_have_spans.check,
    prose_is_our_own.check,
    quotations_keep_their_budget.check,
    every_passage_is_used.check,
)


def check_evidence(wiki: CitedWiki, *, whole: bool = True) -> tuple[Problem, ...]:
    """Every problem that the rules find.

    Of a wiki that is not `whole`, because something could not be read or joined, nobody can say which
    passages nothing rests on.
    """
    rules = RULES if whole else tuple(rule for rule in RULES if rule is not every_passage_is_used.check)
    return tuple(problem for rule in rules for problem in rule(wiki))
