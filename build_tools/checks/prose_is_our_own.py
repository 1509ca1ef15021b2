"""Our prose repeats no run of words of the seeds that it speaks of; the seals alone tell."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping

from build_tools.cite import CitedStatement, CitedWiki
from build_tools.memory import Memory
from build_tools.problems import Code, Problem
from build_tools.prose import Prose, plain_text
from build_tools.records import Entity
from build_tools.sealed_words import COPIED_RUN, SealedWords, limits
from build_tools.text import folded

_Sealed = Callable[[str], SealedWords]  # those of a seed, if its words are protected


def check(wiki: CitedWiki, memory: Memory) -> Iterator[Problem]:
    """A problem for each prose that repeats a run of words of a seed that its page speaks of."""
    names = wiki.linked.names
    protected = {
        id_: seed.seal.passages
        for id_, seed in wiki.linked.seeds.items()
        if seed.seal is not None and limits(seed, wiki.linked.settings.quotation)
    }

    @functools.cache
    def sealed(id_: str) -> SealedWords:
        return SealedWords.few((id_, passage) for passage in protected.get(id_, ()))

    for id_, group in wiki.statements.items():
        entity = wiki.linked.entities[id_]
        cited = dict.fromkeys(found.seed.id for statement in group for found in statement.cites)
        given = (entity, group, *(protected.get(seed) for seed in cited))
        yield from memory.recall(("own prose", id_), given, _page, entity, group, sealed, names)
    for seed in wiki.linked.seeds.values():
        prose = [text for passage in seed.passages for text in (passage.gist, passage.unused)]
        prose += [*seed.record.notes, seed.record.published.note]
        of_seed = (seed, protected.get(seed.id))
        yield from memory.recall(("own gists", seed.id), of_seed, _all, prose, [seed.id], sealed, names)
    reasons = [waiver.reason for waiver in wiki.linked.waivers]
    reasons += [exception.reason for exception in wiki.linked.link_exceptions]
    yield from _check(reasons, protected, sealed, names)


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


def _all(
    texts: Iterable[object], seeds: Iterable[str], sealed: _Sealed, names: Mapping[str, str]
) -> tuple[Problem, ...]:
    return tuple(_check(texts, seeds, sealed, names))


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
