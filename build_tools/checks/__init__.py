"""The rules of evidence, one module each: what must hold of a cited wiki before it may be published."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from build_tools.checks import (
    claims_are_no_broader,
    claims_are_single,
    every_passage_is_used,
    every_statement_is_cited,
    evidence_is_not_crowded,
    figures_agree,
    figures_have_spans,
    hedges_are_kept,
    marks_quote,
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
    what_is_said_occurs,
)
from build_tools.cite import CitedWiki
from build_tools.problems import Code, Location, Problem

RULES = (
    every_statement_is_cited.check,
    quotes_stand_in_their_passage.check,
    openings_begin_their_passage.check,
    marks_quote.check,
    quotes_are_spoken.check,
    speakers_are_reported.check,
    speakers_are_named.check,
    speech_is_attributed.check,
    what_is_said_occurs.check,
    series_are_in_their_claim.check,
    figures_have_spans.check,
    hedges_are_kept.check,
    claims_are_no_broader.check,
    claims_are_single.check,
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
    found = tuple(problem for rule in rules for problem in rule(wiki))
    return tuple(_without_consequences(found, wiki))


# What a statement may be found to lack in a passage that is not the one that was meant.
_CONSEQUENCES = frozenset(
    {
        Code.ATTRIBUTION_DROPPED,
        Code.BROAD_CLAIM,
        Code.DATE_NOT_IN_PASSAGE,
        Code.FIGURE_NOT_IN_PASSAGE,
        Code.HEDGE_DROPPED,
        Code.NAME_NOT_IN_PASSAGE,
        Code.SPAN_NEEDED,
        Code.SPEAKER_NOT_REPORTED,
    }
)


def _without_consequences(problems: tuple[Problem, ...], wiki: CitedWiki) -> Iterator[Problem]:
    """The problems but for those that a statement has only because it cites the wrong passage."""
    starts: dict[str, list[Location]] = {}
    for group in wiki.statements.values():
        for cited in group:
            starts.setdefault(cited.statement.at.path, []).append(cited.statement.at)
    for places in starts.values():
        places.sort()

    def statement(at: Location) -> tuple[str, int]:
        return at.path, bisect_right(starts.get(at.path, []), at)

    wrong = {statement(problem.at) for problem in problems if problem.code is Code.WRONG_PASSAGE}
    for problem in problems:
        if problem.code not in _CONSEQUENCES or statement(problem.at) not in wrong:
            yield problem
