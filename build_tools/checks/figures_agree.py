"""Claims that give different figures for the same thing stand side by side, under one question."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from build_tools.cite import CitedStatement
from build_tools.evidence import own_figures
from build_tools.figures import Number, is_year
from build_tools.problems import Code, Problem
from build_tools.records import Claim
from build_tools.text import COMMON, words

ALIKE = 0.6  # of the words of both claims, figures apart, that are the same: they speak of one thing


@dataclass(frozen=True, slots=True)
class Stated:
    """A claim as words, and as what it counts: unit, measure and values, and the years it speaks of."""

    cited: CitedStatement
    claim: Claim
    words: frozenset[str]
    kind: tuple[tuple[str, str], ...]
    values: tuple[Number, ...]
    years: frozenset[int]
    passages: frozenset[tuple[str, str | None]]


def stated(group: Iterable[CitedStatement]) -> tuple[Stated, ...]:
    """What the claims among an entity's statements give figures for."""
    claims = ((cited, cited.statement.record) for cited in group)
    found = (_stated(cited, record) for cited, record in claims if isinstance(record, Claim))
    return tuple(one for one in found if one is not None)


def check(stated: Sequence[Stated]) -> Iterator[Problem]:
    """A warning for each claim that gives another figure than an earlier one in all but the same words.

    Claims of other years, of one question or of one passage are no contradiction. Pairs are found by
    the prefix filter of set-similarity joins (Chaudhuri, Ganti and Kaushik, ICDE 2006): two sets that
    share so much share one of their rarest words.
    """
    often = Counter(word for one in stated for word in one.words)
    # Only claims that count the same thing, in the same years, can disagree.
    by_word: dict[tuple[object, ...], list[Stated]] = defaultdict(list)
    for one in stated:
        rarest = sorted(one.words, key=lambda word: (often[word], word))
        prefix = rarest[: len(rarest) - math.ceil(ALIKE * len(rarest)) + 1]
        others = {id(other): other for word in prefix for other in by_word[word, one.kind, one.years]}
        for other in others.values():
            if _disagree(other, one):
                at = other.claim.text.at
                message = f"another figure for what {at.path}:{at.line} gives one for"
                hint = "if they answer one question, give both its `question: …`; else say how they differ"
                yield Problem(one.claim.text.at, Code.FIGURES_DISAGREE, message, hint)
                break
        for word in prefix:
            by_word[word, one.kind, one.years].append(one)


def _stated(cited: CitedStatement, claim: Claim) -> Stated | None:
    found = own_figures(cited.statement.plain)
    counted = [figure for figure in found if not is_year(figure)]
    if not counted:
        return None
    taken = {i for figure in found for i in range(figure.reach[0], figure.reach[1] + 1)}
    own = (word.folded for i, word in enumerate(words(cited.statement.plain)) if i not in taken)
    years = {int(figure.value) for figure in found if is_year(figure)}
    if claim.when is not None:
        years.update(claim.when.date.years)
    return Stated(
        cited=cited,
        claim=claim,
        words=frozenset(own) - COMMON | {cited.statement.entity},
        kind=tuple(sorted((figure.unit, figure.measure) for figure in counted)),
        values=tuple(sorted(figure.value for figure in counted)),
        years=frozenset(years),
        passages=frozenset((f.seed.id, f.passage.id if f.passage else None) for f in cited.cites),
    )


def _disagree(one: Stated, other: Stated) -> bool:
    if one.values == other.values:
        return False
    questions = [stated.claim.question.id if stated.claim.question else None for stated in (one, other)]
    if one.passages & other.passages or (questions[0] is not None and questions[0] == questions[1]):
        return False
    return len(one.words & other.words) >= ALIKE * len(one.words | other.words)
