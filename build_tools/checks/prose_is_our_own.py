"""Our prose repeats no run of words of the seeds that it speaks of; the seals alone tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from build_tools.cite import CitedWiki
from build_tools.problems import Code, Problem
from build_tools.prose import Prose, plain_text
from build_tools.sealed_words import COPIED_RUN, SealedWords
from build_tools.text import folded
from build_tools.values import Publish


def check(wiki: CitedWiki) -> Iterator[Problem]:
    """A problem for each prose that repeats a run of words of a seed that its page speaks of."""
    names = wiki.linked.names
    protected = {
        id_: SealedWords((id_, passage) for passage in seed.seal.passages)
        for id_, seed in wiki.linked.seeds.items()
        if seed.seal is not None and seed.record.rights.publish is Publish.QUOTATIONS
    }
    for id_, group in wiki.statements.items():
        entity = wiki.linked.entities[id_]
        of_page: dict[str, None] = {}
        for cited in group:
            seeds: dict[str, None] = {found.seed.id: None for found in cited.cites}
            of_page |= seeds
            record = cited.statement.record
            texts = [getattr(record, key, None) for key in ("text", "value", "derived", "note")]
            texts += [found.cite.note for found in cited.cites]
            yield from _check(texts, seeds, protected, names)
        notes = [note.text for note in entity.notes] + [question.reason for question in entity.questions]
        yield from _check(notes, of_page, protected, names)
    for seed in wiki.linked.seeds.values():
        prose = [text for passage in seed.passages for text in (passage.gist, passage.unused)]
        prose += [*seed.record.notes, seed.record.published.note]
        yield from _check(prose, [seed.id], protected, names)
    yield from _check([waiver.reason for waiver in wiki.linked.waivers], protected, protected, names)


def _check(
    texts: Iterable[object],
    seeds: Iterable[str],
    protected: Mapping[str, SealedWords],
    names: Mapping[str, str],
) -> Iterator[Problem]:
    for text in texts:
        if isinstance(text, Prose) and text:
            own = folded(plain_text(text, names))
            for id_ in seeds:
                found = next(protected[id_].copied(own), None) if id_ in protected else None
                if found is not None:
                    copied = " ".join(own[found.begin : found.begin + COPIED_RUN])
                    message = f"`{copied} …` stands word for word in {id_}#{found.passage.id}"
                    hint = "say it in our own words, or mark it as a quotation"
                    yield Problem(text.at, Code.COPIED_WORDS, message, hint)
