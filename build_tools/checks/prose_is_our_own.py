"""Our prose repeats no run of words of the seeds that it speaks of; the seals alone tell."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping

from build_tools.cite import CitedStatement, CitedWiki
from build_tools.ghost import unread
from build_tools.memory import Memory, Task
from build_tools.problems import Code, Problem
from build_tools.prose import Prose, plain_text
from build_tools.records import Entity
from build_tools.sealed_words import COPIED_RUN, SealedWords, limits
from build_tools.text import folded
from build_tools.validate import Seed

_LEAST = 100  # pages that are worth a process
_Sealed = Callable[[str], SealedWords]  # those of a seed, if its words are protected


def check(wiki: CitedWiki, names: Mapping[str, str], memory: Memory) -> Iterator[Problem]:
    """A problem for each prose that repeats a run of words of a seed that its page speaks of.

    `names` are those of entities, watched by `memory`.
    """
    seeds, policy = wiki.linked.seeds, wiki.linked.settings.quotation
    sealed = _sealed(wiki)
    own = memory.recall_task(task(wiki, names, memory), _LEAST)
    gists = memory.recall_each(
        "own gists", dict(seeds), lambda id_: _of_seed(seeds[id_], sealed, names), always=(policy,)
    )
    for found in (*own.values(), *gists.values()):
        yield from found
    reasons = [waiver.reason for waiver in wiki.linked.waivers]
    reasons += [exception.reason for exception in wiki.linked.link_exceptions]
    given = (tuple(reasons), tuple(seeds.values()), policy)
    yield from memory.recall("own reasons", given, lambda: tuple(_check(reasons, seeds, sealed, names)))


def task(wiki: CitedWiki, names: Mapping[str, str], memory: Memory) -> Task:
    """What asks the prose of an entity."""
    entities, groups = wiki.linked.entities, wiki.statements
    sealed = _sealed(wiki)
    watched = memory.watch("seeds", wiki.linked.seeds)

    def of_page(id_: str) -> tuple[Problem, ...]:
        for seed in wiki.rows[id_].seeds:
            watched.get(seed)  # noted here: `sealed` looks each up but once
        return _page(entities[id_], groups[id_], sealed, names)

    return Task(
        name="own prose",
        given={id_: (entities[id_], group) for id_, group in unread(groups).items()},
        make=of_page,
        always=(wiki.linked.settings.quotation,),
    )


def _sealed(wiki: CitedWiki) -> _Sealed:
    """The words of seeds by their ids, each made once."""
    seeds, policy = wiki.linked.seeds, wiki.linked.settings.quotation

    @functools.cache
    def sealed(id_: str) -> SealedWords:
        seed = seeds.get(id_)
        protected = seed is not None and seed.seal is not None and limits(seed, policy)
        passages = seed.seal.passages if protected and seed is not None and seed.seal is not None else ()
        return SealedWords.few((id_, passage) for passage in passages)

    return sealed


def _page(
    entity: Entity, group: Iterable[CitedStatement], sealed: _Sealed, names: Mapping[str, str]
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


def _of_seed(seed: Seed, sealed: _Sealed, names: Mapping[str, str]) -> tuple[Problem, ...]:
    prose = [text for passage in seed.passages for text in (passage.gist, passage.unused)]
    prose += [*seed.record.notes, seed.record.published.note]
    return tuple(_check(prose, [seed.id], sealed, names))


def _check(
    texts: Iterable[object], seeds: Iterable[str], sealed: _Sealed, names: Mapping[str, str]
) -> Iterator[Problem]:
    """The first copy that each text makes of each of the seeds."""
    for text in texts:
        if not (isinstance(text, Prose) and text):
            continue
        own = folded(plain_text(text, names))
        for seed in seeds:
            for run in sealed(seed).repeated(own):
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
