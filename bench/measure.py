"""Quotations put to the checker, by the way that `wiki check` takes, and the answers counted."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from bench.mutants import CHANGED, MISPLACED, edge_word_replaced
from bench.quotes import Quote, stands, true_quotes
from bench.texts import Passage, Text
from bench.variants import HONEST
from build_tools.capture import CutPassage
from build_tools.load import SourceFile
from build_tools.quotes import find_quote
from build_tools.records import Passages, SeedRecord
from build_tools.seeds import seal_of
from build_tools.shape import read_record
from build_tools.validate import Seed, make_seed
from build_tools.values import LineSpan, PassageId, SeedId
from build_tools.yaml_tree import read_yaml

T = TypeVar("T")

TRUE = "as printed"
GUARDED = "with the words around it"
UNTRUE_EDGE = "first or last word replaced, with the words around it"

SEED_RECORD = """\
title: {gloss: A text of the benchmark}
short: Text
publisher: benchmark
published: {when: 2000}
language: en
rights: {status: public-domain}
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A quotation held against a passage: its class, whether it is honest, and the kind of prose.

    `prefix` and `suffix` are the words around it, where the cite gives them.
    """

    group: str
    honest: bool
    kind: str
    text: Text
    passage: Passage
    words: str
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many came out right: wrong ones caught, or honest ones accepted."""

    right: int
    of: int

    @property
    def value(self) -> float:
        return self.right / self.of if self.of else math.nan

    def interval(self) -> tuple[float, float]:
        """The 95 % score interval of Wilson (1927, J. Am. Stat. Assoc. 22, 209-212)."""
        if not self.of:
            return 0.0, 1.0
        z = 1.959963984540054
        middle = self.value + z * z / (2 * self.of)
        reach = z * math.sqrt(self.value * (1 - self.value) / self.of + z * z / (4 * self.of**2))
        scale = 1 + z * z / self.of
        return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)


def share_of(answers: Iterable[bool]) -> Share:
    """The share of answers that are right."""
    taken = list(answers)
    return Share(sum(taken), len(taken))


def passages_file(text: Text) -> str:
    """A passages.yml for the text."""
    return "".join(
        f"{passage.id}: {{kind: text, gist: A passage of the benchmark.}}\n" for passage in text.passages
    )


def cut_passages(text: Text) -> tuple[CutPassage, ...]:
    """The text's passages as a capture would give them."""
    return tuple(
        CutPassage(id=passage.id, text=passage.text, heading=False, lines=LineSpan(i, i))
        for i, passage in enumerate(text.passages, 1)
    )


def seed_of(text: Text, *, attached: bool) -> Seed:
    """The text as the compiler holds a seed: sealed, and with its words if it is attached."""
    record = _read(SourceFile("seed.yml", SEED_RECORD.encode()), SeedRecord, id=SeedId(text.id))
    passages = _read(SourceFile("passages.yml", passages_file(text).encode()), Passages)
    words = {PassageId(passage.id): passage.text for passage in text.passages} if attached else {}
    return make_seed(record, passages.passages, seal_of(text.id, cut_passages(text)), words)


def _read(file: SourceFile, record: type[T], **given: object) -> T:
    node, problems = read_yaml(file.path, file.data)
    assert node is not None, problems
    value, problems = read_record(node, record, **given)
    assert not problems, problems
    return value


def quotations(texts: Iterable[Text], seed: str) -> tuple[Quote, ...]:
    """The true quotations of all texts."""
    return tuple(quote for text in texts for quote in true_quotes(text, seed))


def cases(quotes: tuple[Quote, ...], seed: str) -> Iterator[Case]:
    """Every case that the quotations give: as they are, changed by each class, and misplaced.

    A changed quotation that stands in its passage all the same is left out, by the raw text.
    """
    for number, quote in enumerate(quotes):
        kind = quote.text.kind
        yield Case(TRUE, True, kind, quote.text, quote.passage, quote.words)
        for group, change in CHANGED.items():
            words = change(random.Random(f"{seed}/{number}/{group}"), quote)
            if words is not None and not stands(quote.passage.text, words):
                yield Case(group, False, kind, quote.text, quote.passage, words)
        for group, vary in HONEST.items():
            words = vary(random.Random(f"{seed}/{number}/{group}"), quote)
            if words is not None:
                yield Case(group, True, kind, quote.text, quote.passage, words)
        around = quote.around
        if around is not None:
            yield Case(GUARDED, True, kind, quote.text, quote.passage, quote.words, *around)
            words = edge_word_replaced(random.Random(f"{seed}/{number}/{UNTRUE_EDGE}"), quote)
            if words is not None and not stands(quote.passage.text, words):
                yield Case(UNTRUE_EDGE, False, kind, quote.text, quote.passage, words, *around)
        for group in MISPLACED:
            rng = random.Random(f"{seed}/{number}/{group}")
            text = quote.text if group == MISPLACED[0] else rng.choice(quotes).text
            passage = rng.choice(text.passages)
            if not stands(passage.text, quote.words):
                yield Case(group, False, kind, text, passage, quote.words)


def answers(taken: Iterable[Case], *, attached: bool) -> tuple[bool, ...]:
    """For each case whether the checker accepts it, with the texts at hand or from the seals alone."""
    seeds: dict[str, Seed] = {}
    found: list[bool] = []
    for case in taken:
        if case.text.id not in seeds:
            seeds[case.text.id] = seed_of(case.text, attached=attached)
        seed = seeds[case.text.id]
        passage = seed.passage(case.passage.id)
        assert passage is not None
        place = find_quote(case.words, seed, passage, prefix=case.prefix, suffix=case.suffix)
        found.append(place is not None)
    return tuple(found)
