"""Our prose repeats no run of words of the seeds that it speaks of; the seals alone tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from build_tools.cite import CitedWiki
from build_tools.problems import Code, Location, Problem
from build_tools.prose import Prose, plain_text
from build_tools.seal import run_hashes
from build_tools.text import folded
from build_tools.validate import Seed
from build_tools.values import Publish

COPIED_RUN = 8  # words of a passage in a row that our own prose may not have
COPIED_OWN = 5  # of these, words that are neither figures nor names: lists of names are facts


def check(wiki: CitedWiki) -> Iterator[Problem]:
    """No prose of ours repeats a run of words of the seeds that it speaks of."""
    for id_, group in wiki.statements.items():
        entity = wiki.linked.entities[id_]
        of_entity: dict[str, Seed] = {}
        for statement in group:
            seeds: dict[str, Seed] = {found.seed.id: found.seed for found in statement.cites}
            of_entity |= seeds
            record = statement.statement.record
            texts = [getattr(record, key, None) for key in ("text", "value", "derived", "note")]
            texts += [found.cite.note for found in statement.cites]
            yield from _check_own(texts, seeds.values(), wiki)
        notes = [note.text for note in entity.notes] + [question.reason for question in entity.questions]
        yield from _check_own(notes, of_entity.values(), wiki)
    for seed in wiki.linked.seeds.values():
        prose = [text for passage in seed.passages for text in (passage.gist, passage.unused)]
        yield from _check_own([*prose, *seed.record.notes, seed.record.published.note], [seed], wiki)


def _check_own(texts: Iterable[object], seeds: Iterable[Seed], wiki: CitedWiki) -> Iterator[Problem]:
    for text in texts:
        if isinstance(text, Prose) and text:
            plain = plain_text(text, wiki.linked.names)
            for seed in seeds:
                if seed.record.rights.publish is Publish.QUOTATIONS and seed.seal is not None:
                    yield from _check_run(plain, text.at, seed)


def _check_run(text: str, at: Location, seed: Seed) -> Iterator[Problem]:
    assert seed.seal is not None
    own = folded(text)
    runs = run_hashes(own)
    size = COPIED_RUN - 2
    for passage in seed.seal.passages:
        clear = {position for position, _ in (*passage.figures, *passage.names)}
        for i in range(len(runs) - size + 1):
            place = passage.runs.find(runs[i : i + size])
            if place < 0:
                continue
            if sum(place + k not in clear for k in range(COPIED_RUN)) >= COPIED_OWN:
                copied = " ".join(own[i : i + COPIED_RUN])
                message = f"`{copied} …` stands word for word in {seed.id}#{passage.id}"
                hint = "say it in our own words, or mark it as a quotation"
                yield Problem(at, Code.COPIED_WORDS, message, hint)
                return
