"""Our prose repeats no run of words of the seeds that it speaks of; the seals alone tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from build_tools.cite import CitedStatement, CitedWiki
from build_tools.memory import Memory
from build_tools.problems import Code, Problem
from build_tools.prose import Prose, plain_text
from build_tools.records import Entity
from build_tools.sealed_words import COPIED_RUN, SealedWords, limits
from build_tools.text import folded
from build_tools.validate import Seed


def check(wiki: CitedWiki, names: Mapping[str, str], memory: Memory) -> Iterator[Problem]:
    """A problem for each prose that repeats a run of words of a seed that its page speaks of.

    `names` are those of entities, watched by `memory`.
    """
    entities, groups = wiki.linked.entities, wiki.statements
    protected = {
        id_: seed.seal.passages
        for id_, seed in wiki.linked.seeds.items()
        if seed.seal is not None and limits(seed, wiki.linked.settings.quotation)
    }
    passages = tuple((id_, passage) for id_, passages in protected.items() for passage in passages)
    sealed = memory.recall("sealed words", (*protected.items(),), SealedWords.of, passages)
    pages = {
        id_: (entities[id_], group, tuple(protected.get(seed) for seed in wiki.rows[id_].seeds))
        for id_, group in groups.items()
    }
    seeds = {id_: (seed, protected.get(id_)) for id_, seed in wiki.linked.seeds.items()}
    for found in memory.recall_each(
        "own prose", pages, lambda id_: _page(pages[id_][0], pages[id_][1], sealed, names)
    ).values():
        yield from found
    for found in memory.recall_each(
        "own gists", seeds, lambda id_: _of_seed(seeds[id_][0], sealed, names)
    ).values():
        yield from found
    reasons = [waiver.reason for waiver in wiki.linked.waivers]
    reasons += [exception.reason for exception in wiki.linked.link_exceptions]
    yield from _check(reasons, protected, sealed, names)


def _page(
    entity: Entity, group: Iterable[CitedStatement], sealed: SealedWords, names: Mapping[str, str]
) -> tuple[Problem, ...]:
    problems: list[Problem] = []
    of_page: dict[str, None] = {}
    for cited in group:
        seeds: dict[str, None] = {found.seed.id: None for found in cited.cites}
        of_page |= seeds
        record = cited.statement.record
        texts = [getattr(record, key, None) for key in ("text", "value", "derived", "note")]
        texts += [found.cite.note for found in cited.cites]
        problems += _check(texts, seeds, sealed, names)
    notes = [note.text for note in entity.notes] + [question.reason for question in entity.questions]
    return (*problems, *_check(notes, of_page, sealed, names))


def _of_seed(seed: Seed, sealed: SealedWords, names: Mapping[str, str]) -> tuple[Problem, ...]:
    prose = [text for passage in seed.passages for text in (passage.gist, passage.unused)]
    prose += [*seed.record.notes, seed.record.published.note]
    return tuple(_check(prose, [seed.id], sealed, names))


def _check(
    texts: Iterable[object], seeds: Iterable[str], sealed: SealedWords, names: Mapping[str, str]
) -> Iterator[Problem]:
    """The first copy that each text makes of each of the seeds."""
    for text in texts:
        if not (isinstance(text, Prose) and text):
            continue
        own = folded(plain_text(text, names))
        waiting = set(seeds)
        for run in sealed.repeated(own):
            begin = next(run.copied(run.begin, run.begin + run.size), None)
            if begin is None or run.seed not in waiting:
                continue
            waiting.remove(run.seed)
            first = run.first + begin - run.begin
            run_of_ours = own[first : first + COPIED_RUN]
            copied = " ".join(run_of_ours)
            message = f"`{copied} …` stands word for word in {run.seed}#{run.passage.id}"
            hint = "say it in our own words, or mark it as a quotation"
            yield Problem(text.place_of(run_of_ours), Code.COPIED_WORDS, message, hint)
