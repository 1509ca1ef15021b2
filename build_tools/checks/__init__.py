"""The rules of evidence, one module each: what must hold of a cited wiki before it may be published."""

from __future__ import annotations

from build_tools.checks import (
    claims_are_no_broader,
    dates_occur,
    every_passage_is_used,
    every_statement_is_cited,
    evidence_is_not_crowded,
    figures_agree,
    figures_have_spans,
    figures_occur,
    hedges_are_kept,
    names_occur,
    openings_begin_their_passage,
    origins_are_independent,
    present_tense_is_recent,
    prose_is_our_own,
    quotations_keep_their_budget,
    quotes_are_spoken,
    quotes_stand_in_their_passage,
    series_are_in_their_claim,
    speakers_are_named,
    speakers_are_reported,
    speech_is_attributed,
)
from build_tools.cite import CitedWiki
from build_tools.problems import Problem

RULES = (
    every_statement_is_cited.check,
    quotes_stand_in_their_passage.check,
    openings_begin_their_passage.check,
    quotes_are_spoken.check,
    speakers_are_reported.check,
    speakers_are_named.check,
    speech_is_attributed.check,
    figures_occur.check,
    series_are_in_their_claim.check,
    figures_have_spans.check,
    dates_occur.check,
    names_occur.check,
    hedges_are_kept.check,
    claims_are_no_broader.check,
    figures_agree.check,
    evidence_is_not_crowded.check,
    origins_are_independent.check,
    present_tense_is_recent.check,
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
