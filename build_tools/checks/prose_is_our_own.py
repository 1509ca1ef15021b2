"""Our prose repeats no run of words of the seeds that it speaks of; the seals alone tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from build_tools.cite import CitedStatement, CitedWiki
from build_tools.evidence import prose_of
from build_tools.memory import Memory
from build_tools.problems import Code, Problem
from build_tools.prose import Prose, plain_text
from build_tools.records import Entity
from build_tools.sealed_words import COPIED_RUN, SealedWords, limits
from build_tools.text import folded
from build_tools.validate import Seed


class Originals:
    """The words of each seed that are protected, as its seal has them, made ready when first asked for."""

    def __init__(self, wiki: CitedWiki) -> None:
        self.wiki = wiki
        self.policy = wiki.linked.settings.quotation
        self._ready: dict[str, SealedWords] = {}

    def of(self, id_: str) -> SealedWords:
        """Those of a seed; none where all of its text may be published, or the wiki has no seal of it."""
        seed = self.wiki.linked.seeds.get(id_)  # looked up each time, for whoever notes that
        if id_ not in self._ready:
            protected = seed is not None and seed.seal is not None and limits(seed, self.policy)
            passages = seed.seal.passages if protected and seed is not None and seed.seal is not None else ()
            self._ready[id_] = SealedWords.few((id_, passage) for passage in passages)
        return self._ready[id_]


def check(wiki: CitedWiki, originals: Originals, memory: Memory) -> Iterator[Problem]:
    """A problem for each prose beside the pages that repeats a run of words of a seed that it speaks of."""
    seeds, policy = wiki.linked.seeds, originals.policy
    gists = memory.recall_each(
        "own gists", dict(seeds), lambda id_: tuple(_of_seed(seeds[id_], originals)), always=(policy,)
    )
    for found in gists.values():
        yield from found
    reasons = [waiver.reason for waiver in wiki.linked.waivers]
    reasons += [exception.reason for exception in wiki.linked.link_exceptions]

    def of_reasons() -> tuple[Problem, ...]:
        every = {id_: originals.of(id_) for id_ in seeds} if reasons else {}
        return tuple(_check(reasons, every, originals))

    yield from memory.recall("own reasons", (tuple(reasons), tuple(seeds.values()), policy), of_reasons)


def of_page(entity: Entity, group: Iterable[CitedStatement], originals: Originals) -> Iterator[Problem]:
    """A problem for each prose of a page that repeats a run of words of a seed that it speaks of."""
    of_page: dict[str, SealedWords] = {}
    for cited in group:
        seeds: dict[str, SealedWords] = {}
        for found in cited.cites:
            id_ = found.seed.id
            seeds[id_] = of_page[id_] if id_ in of_page else originals.of(id_)
            of_page[id_] = seeds[id_]
        record, prose = cited.statement.record, prose_of(cited)
        if prose:
            yield from _repeated(prose, cited.statement.plain, seeds)
        texts = [getattr(record, key) for key in ("derived", "note") if hasattr(type(record), key)]
        yield from _check([*texts, *(found.cite.note for found in cited.cites)], seeds, originals)
    notes = [note.text for note in entity.notes] + [question.reason for question in entity.questions]
    yield from _check(notes, of_page, originals)


def _of_seed(seed: Seed, originals: Originals) -> Iterator[Problem]:
    prose = [text for passage in seed.passages for text in (passage.gist, passage.unused)]
    prose += [*seed.record.notes, seed.record.published.note]
    return _check(prose, {seed.id: originals.of(seed.id)}, originals)


def _check(
    texts: Iterable[Prose | None], seeds: Mapping[str, SealedWords], originals: Originals
) -> Iterator[Problem]:
    names = originals.wiki.linked.names
    for text in texts:
        if text:
            yield from _repeated(text, plain_text(text, names), seeds)


def _repeated(text: Prose, plain: str, seeds: Mapping[str, SealedWords]) -> Iterator[Problem]:
    """The first copy that a text makes of each of the seeds; `plain` is the text without markup."""
    own = folded(plain)
    for seed, sealed in seeds.items():
        for run in sealed.repeated(own):
            begin = next(run.copied(run.begin, run.begin + run.size), None)
            if begin is None:
                continue
            first = run.first + begin - run.begin
            run_of_ours = own[first : first + COPIED_RUN]
            copied = " ".join(run_of_ours)
            message = f"`{copied} …` stands word for word in {seed}#{run.passage.id}"
            hint = "say it in our own words, or mark it as a quotation"
            yield Problem(text.place_of(run_of_ours), Code.COPIED_WORDS, message, hint)
            break
