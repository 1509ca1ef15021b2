"""Claims that give different figures for the same thing stand side by side, under one question."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from build_tools.cite import CitedStatement, CitedWiki
from build_tools.evidence import own_figures
from build_tools.figures import Number, is_year
from build_tools.gathered import Row
from build_tools.ghost import Group, Groups, member
from build_tools.memory import Memory
from build_tools.problems import Code, Location, Problem
from build_tools.records import Claim
from build_tools.shelves import Task
from build_tools.text import COMMON, words

_LEAST = 100  # things counted that are worth a process
ALIKE = 0.6  # of the words of both claims, figures apart, that are the same: they speak of one thing


@dataclass(frozen=True, slots=True)
class Stated:
    """A claim as words, and as what it counts; and what else it must not share to contradict another."""

    words: frozenset[str]
    values: tuple[Number, ...]
    question: str | None
    passages: frozenset[tuple[str, str | None]]


Counted = tuple[tuple[tuple[str, str], ...], tuple[int, ...]]  # units and measures, and the years spoken of


def check(wiki: CitedWiki, counted: Mapping[Counted, Sequence[Row]], memory: Memory) -> Iterator[Problem]:
    """A warning for each claim that gives another figure than an earlier one in all but the same words.

    Claims of other years, of one question or of one passage are no contradiction. `counted` are the rows of
    all entities.
    """
    several = {key: places for key, places in counted.items() if len(places) > 1}
    (task,) = tasks(wiki, memory)
    stated = Groups(memory.recall_task(task))  # of which many are opened, here and there

    def contradictions(key: Counted) -> tuple[Problem, ...]:
        places = several[key]
        claims = [next(one for at, one in stated[id_] if at == number) for id_, number, _ in places]
        return tuple(
            _contradiction(_place(wiki, places[one]), _place(wiki, places[other]))
            for one, other in _contradictions(claims)
        )

    for found in memory.recall_each("contradictions", several, contradictions, least=_LEAST).values():
        yield from found


def tasks(wiki: CitedWiki, memory: Memory) -> tuple[Task]:
    """What asks the claims of an entity what they say that count something."""
    groups = wiki.statements
    return (Task(name="stated", given=groups, make=lambda id_: Group(tuple(_all_stated(groups[id_])))),)


def _all_stated(group: Iterable[CitedStatement]) -> Iterator[tuple[int, Stated]]:
    """Those claims among an entity's statements, each after its number."""
    for number, cited in enumerate(group):
        record = cited.statement.record
        if isinstance(record, Claim) and _counted(cited.statement.plain, record) is not None:
            yield number, _stated(cited)


def _contradiction(at: Location, other: Location) -> Problem:
    message = f"another figure for what {other.path}:{other.line} gives one for"
    hint = "if they answer one question, give both its `question: …`; else say how they differ"
    return Problem(at, Code.FIGURES_DISAGREE, message, hint)


def _place(wiki: CitedWiki, place: Row) -> Location:
    """Where a claim says what it says."""
    id_, number, _ = place
    record = member(wiki.statements, id_, number).statement.record
    assert isinstance(record, Claim)
    return record.text.at


def rows(id_: str, group: Iterable[CitedStatement], stamps: Sequence[int]) -> Iterator[tuple[Counted, Row]]:
    """An entity's claims that give figures, by what they count: only of the same, in the same years, two can
    disagree."""
    for number, cited in enumerate(group):
        if isinstance(cited.statement.record, Claim):
            counted = _counted(cited.statement.plain, cited.statement.record)
            if counted is not None:
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


def _counted(plain: str, claim: Claim) -> Counted | None:
    """What a claim counts; None if it counts nothing."""
    found = own_figures(plain)
    kinds = sorted([(figure.unit, figure.measure) for figure in found if not is_year(figure)])
    if not kinds:
        return None
    years = {int(figure.value) for figure in found if is_year(figure)}
    if claim.when is not None:
        years.update(claim.when.date.years)
    return tuple(kinds), tuple(sorted(years))


def _stated(cited: CitedStatement) -> Stated:
    """What a claim that counts something says."""
    found, claim = own_figures(cited.statement.plain), cited.statement.record
    assert isinstance(claim, Claim)
    taken = {i for figure in found for i in range(figure.reach[0], figure.reach[1] + 1)}
    own = [word.folded for i, word in enumerate(words(cited.statement.plain)) if i not in taken]
    return Stated(
        words=frozenset(own) - COMMON | {cited.statement.entity},
        values=tuple(sorted(figure.value for figure in found if not is_year(figure))),
        question=claim.question.id if claim.question else None,
        passages=frozenset((f.seed.id, f.passage.id if f.passage else None) for f in cited.cites),
    )


def _disagree(one: Stated, other: Stated) -> bool:
    if one.values == other.values or one.passages & other.passages:
        return False
    if one.question is not None and one.question == other.question:
        return False
    return len(one.words & other.words) >= ALIKE * len(one.words | other.words)
