"""Claims that give different figures for the same thing stand side by side, under one question."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from build_tools.cite import CitedStatement, CitedWiki
from build_tools.evidence import own_figures
from build_tools.figures import Number, is_year
from build_tools.ghost import Group, Groups
from build_tools.memory import Memory, Row, Task
from build_tools.problems import Code, Location, Problem
from build_tools.records import Claim
from build_tools.text import COMMON, words

ALIKE = 0.6  # of the words of both claims, figures apart, that are the same: they speak of one thing


@dataclass(frozen=True, slots=True)
class Stated:
    """A claim as words, and as what it counts; and what else it must not share to contradict another."""

    words: frozenset[str]
    values: tuple[Number, ...]
    question: str | None
    passages: frozenset[tuple[str, str | None]]


Counted = tuple[tuple[tuple[str, str], ...], tuple[int, ...]]  # units and measures, and the years spoken of


def check(wiki: CitedWiki, memory: Memory) -> Iterator[Problem]:
    """A warning for each claim that gives another figure than an earlier one in all but the same words.

    Claims of other years, of one question or of one passage are no contradiction.
    """
    stating, counting = tasks(wiki, memory)
    stated = Groups(memory.recall_task(stating))
    given = {id_: (each, wiki.rows[id_].stamps) for id_, each in stated.unread.items()}
    rows = memory.recall_each("counted", given, lambda id_: counting.make(id_, given[id_]))
    counted = memory.gather("counted", rows, lambda each: each)
    several = {key: places for key, places in counted.items() if len(places) > 1}

    def contradictions(key: Counted) -> tuple[Problem, ...]:
        places = several[key]
        claims = [next(one for at, _, one in stated[id_] if at == number) for id_, number, _ in places]
        return tuple(
            _contradiction(_place(wiki, places[one]), _place(wiki, places[other]))
            for one, other in _contradictions(claims)
        )

    for found in memory.recall_each("contradictions", several, contradictions).values():
        yield from found


def tasks(wiki: CitedWiki, memory: Memory) -> tuple[Task, Task]:
    """What asks the statements of an entity what they give figures for, and what of that they count."""
    groups = wiki.statements
    return (
        Task(
            name="stated",
            given=groups,
            make=lambda id_: Group(tuple(_all_stated(groups[id_]))),
        ),
        # Only claims that count the same thing, in the same years, can disagree.
        Task(
            name="counted",
            given=lambda id_, stated: (stated, wiki.rows[id_].stamps),
            make=lambda id_, given: tuple(_rows(id_, given[0].members, given[1])),
        ),
    )


def _contradiction(at: Location, other: Location) -> Problem:
    message = f"another figure for what {other.path}:{other.line} gives one for"
    hint = "if they answer one question, give both its `question: …`; else say how they differ"
    return Problem(at, Code.FIGURES_DISAGREE, message, hint)


def _place(wiki: CitedWiki, place: Row) -> Location:
    """Where a claim says what it says."""
    id_, number, _ = place
    record = wiki.statements[id_][number].statement.record
    assert isinstance(record, Claim)
    return record.text.at


def _all_stated(group: Iterable[CitedStatement]) -> Iterator[tuple[int, Counted, Stated]]:
    """What the claims among an entity's statements give figures for, with the numbers of these."""
    for number, cited in enumerate(group):
        if isinstance(record := cited.statement.record, Claim):
            found = _stated(cited, record)
            if found is not None:
                yield number, *found


def _rows(
    id_: str, stated: Iterable[tuple[int, Counted, Stated]], stamps: Sequence[int]
) -> Iterator[tuple[Counted, Row]]:
    """An entity's claims by what they count."""
    for number, counted, _ in stated:
        yield counted, (id_, number, stamps[number])


def _contradictions(stated: Sequence[Stated]) -> Iterator[tuple[int, int]]:
    """The claims that contradict an earlier one, each with the first that it does.

    Pairs are found by the prefix filter of set-similarity joins (Chaudhuri, Ganti and Kaushik, ICDE
    2006): two sets that share so much share one of their rarest words.
    """
    often = Counter(word for one in stated for word in one.words)
    by_word: dict[str, list[int]] = defaultdict(list)
    for number, one in enumerate(stated):
        rarest = sorted(one.words, key=lambda word: (often[word], word))
        prefix = rarest[: len(rarest) - math.ceil(ALIKE * len(rarest)) + 1]
        others = {other for word in prefix for other in by_word[word]}
        first = next((other for other in sorted(others) if _disagree(stated[other], one)), None)
        if first is not None:
            yield number, first
        for word in prefix:
            by_word[word].append(number)


def _stated(cited: CitedStatement, claim: Claim) -> tuple[Counted, Stated] | None:
    found = own_figures(cited.statement.plain)
    counted = [figure for figure in found if not is_year(figure)]
    if not counted:
        return None
    taken = {i for figure in found for i in range(figure.reach[0], figure.reach[1] + 1)}
    own = (word.folded for i, word in enumerate(words(cited.statement.plain)) if i not in taken)
    years = {int(figure.value) for figure in found if is_year(figure)}
    if claim.when is not None:
        years.update(claim.when.date.years)
    kinds = tuple(sorted((figure.unit, figure.measure) for figure in counted))
    return (kinds, tuple(sorted(years))), Stated(
        words=frozenset(own) - COMMON | {cited.statement.entity},
        values=tuple(sorted(figure.value for figure in counted)),
        question=claim.question.id if claim.question else None,
        passages=frozenset((f.seed.id, f.passage.id if f.passage else None) for f in cited.cites),
    )


def _disagree(one: Stated, other: Stated) -> bool:
    if one.values == other.values or one.passages & other.passages:
        return False
    if one.question is not None and one.question == other.question:
        return False
    return len(one.words & other.words) >= ALIKE * len(one.words | other.words)
