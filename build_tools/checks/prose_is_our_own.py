"""Our prose repeats no run of words of the seeds that it speaks of; the seals alone tell."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from build_tools.cite import CitedWiki
from build_tools.problems import Code, Location, Problem
from build_tools.prose import Prose, plain_text
from build_tools.seal import RUN, PassageSeal, Seal, run_hashes
from build_tools.text import folded
from build_tools.validate import Seed
from build_tools.values import Publish

COPIED_RUN = 8  # words of a passage in a row that our own prose may not have
COPIED_OWN = 5  # of these, words that are neither figures nor names: lists of names are facts


@dataclass(frozen=True, slots=True)
class _SealedRuns:
    """The runs of a seed's passages, one after the other, to be searched in one go."""

    seed: Seed
    runs: bytes
    starts: tuple[int, ...]
    passages: tuple[PassageSeal, ...]


def check(wiki: CitedWiki) -> Iterator[Problem]:
    """A problem for each prose that repeats a run of words of a seed that its page speaks of."""
    sealed = {id_: _sealed(seed, seed.seal) for id_, seed in wiki.linked.seeds.items() if seed.seal}
    protected = {
        id_: runs for id_, runs in sealed.items() if runs.seed.record.rights.publish is Publish.QUOTATIONS
    }
    names = wiki.linked.names
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


def _sealed(seed: Seed, seal: Seal) -> _SealedRuns:
    sizes = (len(passage.runs) for passage in seal.passages)
    starts = tuple(itertools.accumulate(sizes, initial=0))[:-1]
    return _SealedRuns(seed, b"".join(passage.runs for passage in seal.passages), starts, seal.passages)


def _check(
    texts: Iterable[object],
    seeds: Iterable[str],
    protected: Mapping[str, _SealedRuns],
    names: Mapping[str, str],
) -> Iterator[Problem]:
    for text in texts:
        if isinstance(text, Prose) and text:
            own = folded(plain_text(text, names))
            for id_ in seeds:
                if id_ in protected:
                    yield from _first_copy(own, text.at, protected[id_])


def _first_copy(own: Sequence[str], at: Location, sealed: _SealedRuns) -> Iterator[Problem]:
    runs = run_hashes(own)
    size = COPIED_RUN - RUN + 1
    for i in range(len(runs) - size + 1):
        place = sealed.runs.find(runs[i : i + size])
        while place >= 0:
            passage = _copied(sealed, place, size)
            if passage is not None:
                copied = " ".join(own[i : i + COPIED_RUN])
                message = f"`{copied} …` stands word for word in {sealed.seed.id}#{passage.id}"
                hint = "say it in our own words, or mark it as a quotation"
                yield Problem(at, Code.COPIED_WORDS, message, hint)
                return
            place = sealed.runs.find(runs[i : i + size], place + 1)


def _copied(sealed: _SealedRuns, place: int, size: int) -> PassageSeal | None:
    """The passage whose words stand at the place; None if they are names and figures, or two passages'."""
    number = bisect.bisect_right(sealed.starts, place) - 1
    passage, begin = sealed.passages[number], place - sealed.starts[number]
    if begin + size > len(passage.runs):
        return None
    clear = {position for position, _ in (*passage.figures, *passage.names)}
    own = sum(begin + k not in clear for k in range(COPIED_RUN))
    return passage if own >= COPIED_OWN else None
