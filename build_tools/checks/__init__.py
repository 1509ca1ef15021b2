"""The rules of evidence, one module each: what must hold of a cited wiki before it may be published."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

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
from build_tools.cite import CitedStatement, CitedWiki, watched
from build_tools.evidence import Forms, ask
from build_tools.gathered import Row
from build_tools.ghost import unread
from build_tools.memory import Memory
from build_tools.problems import Code, Location, Problem
from build_tools.quick import quick
from build_tools.shelves import Light, Task

_LEAST = 50  # pages that are worth a process
# Rules that look at one entity's statements at a time.
PAGE_RULES = (
    every_statement_is_cited.check,
    quotes_stand_in_their_passage.check,
    marks_quote.check,
    quotes_are_spoken.check,
    speakers_are_reported.check,
    speech_is_attributed.check,
    series_are_in_their_claim.check,
    figures_have_spans.check,
    claims_are_no_broader.check,
    claims_are_single.check,
    origins_are_independent.check,
)
# Rules that ask, one entity's statements at a time, what the cited passages have.
ASKING_RULES = (
    what_is_said_occurs.check,
    hedges_are_kept.check,
)
# Rules that look at the wiki as a whole.
WIKI_RULES = (
    openings_begin_their_passage.check,
    present_tense_is_recent.check,
    quotations_keep_their_budget.check,
)
# What others ask of one entity's statements at a time, to be asked together with these.
PAGE_TASKS = (
    figures_agree.tasks,
    present_tense_is_recent.tasks,
    quotations_keep_their_budget.tasks,
)


def check_evidence(
    wiki: CitedWiki, *, whole: bool = True, memory: Memory | None = None
) -> tuple[Problem, ...]:
    """Every problem that the rules find.

    Of a wiki that is not `whole`, because something could not be read or joined, nobody can say which
    passages nothing rests on. Pages that `memory` found sound are not asked again if they are as they were.
    """
    memory = memory or Memory()
    forms = Forms(wiki.linked.outlines, memory)
    seen = watched(wiki, memory)
    # Only of a statement without cites anybody asks whether they may be what could not be read.
    faults = {id_: wiki.linked.faults if each.uncited else None for id_, each in wiki.rows.items()}
    originals, groups = prose_is_our_own.Originals(seen), unread(wiki.statements)
    evidence = Task(
        name="evidence",
        given={
            id_: (wiki.linked.entities[id_], group, wiki.rows[id_], faults[id_])
            for id_, group in groups.items()
        },
        make=lambda id_: _page(seen, id_, forms, originals),
        always=(originals.policy,),
    )
    others = [task for tasks in PAGE_TASKS for task in tasks(wiki, memory)]
    memory.ahead(evidence, *others, least=2 * _LEAST)
    pages: dict[str, _Page] = memory.recall_task(evidence, _LEAST)
    problems = [problem for page in pages.values() for problem in page.problems]
    counted = memory.gather("counted", pages, lambda page: page.counted)
    problems += figures_agree.check(wiki, counted, memory)
    spans = memory.gather("spans", pages, lambda page: page.spans)
    problems += evidence_is_not_crowded.check(wiki, spans)
    for rule in WIKI_RULES:
        problems += rule(wiki, memory)
    problems += speakers_are_named.check(seen, forms, memory)
    problems += prose_is_our_own.check(wiki, originals, memory)
    if whole:
        problems += every_passage_is_used.check(seen, memory)
    return tuple(problems)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class _Page(Light):
    """The problems of one entity's statements, and their rows for the rules that compare those of several."""

    known: ClassVar[tuple[str, ...]] = ("problems",)
    problems: tuple[Problem, ...]
    counted: tuple[tuple[figures_agree.Counted, Row], ...]
    spans: tuple[tuple[evidence_is_not_crowded.Cited, Row], ...]


def _page(wiki: CitedWiki, id_: str, forms: Forms, originals: prose_is_our_own.Originals) -> _Page:
    group = wiki.statements[id_]
    page = replace(wiki, statements={id_: group})
    asked = ask(group, forms)
    found = [problem for rule in PAGE_RULES for problem in rule(page)]
    found += [problem for asking in ASKING_RULES for problem in asking(page, asked)]
    found += prose_is_our_own.of_page(wiki.linked.entities[id_], group, originals)
    return _Page(
        problems=tuple(_without_consequences(found, group)) if found else (),
        counted=tuple(figures_agree.rows(id_, group, wiki.rows[id_].stamps)),
        spans=tuple(evidence_is_not_crowded.rows(id_, group)),
    )


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


def _without_consequences(problems: Sequence[Problem], group: Sequence[CitedStatement]) -> Iterator[Problem]:
    """The problems but for those that a statement has only because it cites the wrong passage."""
    starts = sorted(cited.statement.at for cited in group)

    def statement(at: Location) -> int:
        return bisect_right(starts, at)

    wrong = {statement(problem.at) for problem in problems if problem.code is Code.WRONG_PASSAGE}
    return (
        problem
        for problem in problems
        if problem.code not in _CONSEQUENCES or statement(problem.at) not in wrong
    )
