"""What of the seeds the wiki uses: which passages, which words of them, which of their facts, and why not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from build_tools.cite import CitedStatement, CitedWiki, watched
from build_tools.dates import in_words
from build_tools.evidence import Forms, own_figures, sealed, sealed_names, shown
from build_tools.figures import supports
from build_tools.ghost import Ghost
from build_tools.memory import Memory
from build_tools.names import name_forms
from build_tools.quotes import find_quote
from build_tools.records import Passage, Quote
from build_tools.seal import PassageSeal
from build_tools.shelves import Task
from build_tools.text import folded
from build_tools.validate import Seed
from build_tools.values import When

_LEAST = 8  # seeds that are worth a process
Run = tuple[int, int]  # the first and last word, counted from 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageUse:
    """What rests on a passage, and what of it nothing rests on.

    `pinned` are the words that cites narrow it to, by a span or a quotation; `whole` is true where
    some statement cites all of it. `free` are the words that nothing cites; `unstated` are figures
    and names of the passage that no statement citing it has.
    """

    passage: Passage
    words: int
    statements: int
    whole: bool
    pinned: tuple[Run, ...]
    free: tuple[Run, ...]
    unstated: tuple[str, ...]

    @property
    def words_pinned(self) -> int:
        return _count(self.pinned)

    @property
    def words_free(self) -> int:
        return _count(self.free)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedUse(Ghost):
    """The use of a seed, passage by passage."""

    known: ClassVar[tuple[str, ...]] = ("seed",)
    seed: Seed
    passages: tuple[PassageUse, ...]

    @property
    def words(self) -> int:
        return sum(use.words for use in self.passages)

    @property
    def words_pinned(self) -> int:
        return sum(use.words_pinned for use in self.passages)

    @property
    def words_free(self) -> int:
        return sum(use.words_free for use in self.passages)

    @property
    def used(self) -> int:
        return sum(bool(use.statements) for use in self.passages)


def coverage(wiki: CitedWiki, memory: Memory | None = None) -> tuple[SeedUse, ...]:
    """The use of every seed that is held, in the order of their ids."""
    memory = memory or Memory(once=True)
    forms, seen = Forms(wiki.linked.outlines, memory), watched(wiki, memory)
    seeds = dict(wiki.linked.seeds)
    task = Task(name="use", given=seeds, make=lambda id_: _seed_use(seeds[id_], seen, forms))
    memory.ahead(task, least=_LEAST)
    uses: dict[str, SeedUse | None] = memory.recall_task(task)
    return tuple(use for use in uses.values() if use is not None)


def _seed_use(seed: Seed, wiki: CitedWiki, forms: Forms) -> SeedUse | None:
    return (
        None
        if seed.seal is None
        else SeedUse(
            seed=seed,
            passages=tuple(
                _use(seed, passage, seal, wiki.resting_on.get((seed.id, passage.id), ()), forms)
                for passage in seed.passages
                if (seal := seed.seal_of(passage)) is not None
            ),
        )
    )


def _use(
    seed: Seed, passage: Passage, seal: PassageSeal, resting: Iterable[CitedStatement], forms: Forms
) -> PassageUse:
    statements = tuple(resting)
    pinned: set[int] = set()
    whole = False
    for cited in statements:
        runs, all_of_it = runs_cited(cited, seed, passage)
        pinned.update(word for first, last in runs for word in range(first, last + 1))
        whole = whole or all_of_it
    every = range(1, seal.words + 1)
    free = () if whole else tuple(word for word in every if word not in pinned)
    return PassageUse(
        passage=passage,
        words=seal.words,
        statements=len(statements),
        whole=whole,
        pinned=_runs(word for word in every if word in pinned),
        free=_runs(free),
        unstated=_unstated(seed, seal, statements, forms) if statements else (),
    )


def runs_cited(cited: CitedStatement, seed: Seed, passage: Passage) -> tuple[tuple[Run, ...], bool]:
    """The words that a statement's cites narrow a passage to, in order; and whether one cites all of it."""
    record = cited.statement.record
    runs: set[Run] = set()
    whole = False
    for found in cited.cites:
        if found.seed.id != seed.id or found.passage is not passage:
            continue
        if found.cite.span is not None:
            runs.add((found.cite.span.first, found.cite.span.last))
            continue
        quotation = record.text if isinstance(record, Quote) else found.cite.quote
        place = find_quote(quotation.text, seed, passage) if quotation else None
        if place is None:
            whole = True
        else:
            runs.add((place.first + 1, place.last + 1))
    return tuple(sorted(runs)), whole


def _unstated(
    seed: Seed, seal: PassageSeal, statements: Iterable[CitedStatement], forms: Forms
) -> tuple[str, ...]:
    """Figures and names of the passage, as written, that none of the statements has, in their order."""
    dates = [getattr(cited.statement.record, "when", None) for cited in statements]
    texts = [cited.statement.plain for cited in statements]
    texts += [in_words(when.date.text) for when in dates if isinstance(when, When)]
    entities = {cited.statement.entity for cited in statements}
    entities.update(link for cited in statements for link in cited.statement.links)
    own = [figure for text in texts for figure in own_figures(text)]
    said = {form for text in texts for word in folded(text) for form in name_forms(word)}
    said.update(word for id_ in entities for form in forms.of.get(id_, ()) for word in form)
    written = dict(seal.figures)
    missing: list[tuple[int, str]] = [
        (figure.first, shown(figure, written))
        for figure in sealed(seal, seed.record.language.tag).figures
        if not any(supports(figure, ours) for ours in own)
    ]
    as_written = dict(seal.names)
    missing += [
        (position, as_written[position])
        for position, word in sealed_names(seal).words.items()
        if not said.intersection(name_forms(word))
    ]
    return tuple(dict.fromkeys(text for _, text in sorted(missing)))


def _runs(words: Iterable[int]) -> tuple[Run, ...]:
    """The runs of neighbours among words in order."""
    found: list[Run] = []
    for word in words:
        if found and found[-1][1] == word - 1:
            found[-1] = (found[-1][0], word)
        else:
            found.append((word, word))
    return tuple(found)


def _count(runs: Iterable[Run]) -> int:
    return sum(last - first + 1 for first, last in runs)
