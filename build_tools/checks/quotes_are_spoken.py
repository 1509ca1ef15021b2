"""Words given as somebody's stand in the source's quotation marks: a speaker's words are not the outlet's."""

from __future__ import annotations

from collections.abc import Iterator

from build_tools.cite import CheckedCite, CitedWiki
from build_tools.problems import Code, Problem
from build_tools.quotes import Place, find_quote
from build_tools.records import Quote
from build_tools.seal import LEAST_WORDS, Seal
from build_tools.values import Verbatim


def check(wiki: CitedWiki) -> Iterator[Problem]:
    """A warning for each quotation of an entity that the source does not set as speech.

    A seed without one quotation of four words has other ways to mark speech, or is speech as a whole.
    """
    for group in wiki.statements.values():
        for cited in group:
            record = cited.statement.record
            if isinstance(record, Quote):
                for found in cited.cites:
                    if found.seed.seal is not None and _marks_speech(found.seed.seal):
                        yield from _check(record.text, found)


def _marks_speech(seal: Seal) -> bool:
    return any(last - first + 1 >= LEAST_WORDS for passage in seal.passages for first, last in passage.quoted)


def _check(text: Verbatim, found: CheckedCite) -> Iterator[Problem]:
    seal = found.seed.seal_of(found.passage) if found.passage else None
    if seal is None or found.passage is None:
        return
    place = find_quote(text.text, found.seed, found.passage, span=found.cite.span)
    if place is not None and not _is_spoken(place, seal.quoted):
        message = f"in {found.seed.id}#{found.passage.id} these words do not stand in quotation marks"
        hint = "they are the source's own: say it as a claim with `said_by`, or quote only what was spoken"
        yield Problem(text.at, Code.NOT_SPOKEN, message, hint)


def _is_spoken(place: Place, quoted: tuple[tuple[int, int], ...]) -> bool:
    """True if both ends stand in speech; between the two, "he said" may have been left out."""
    return all(any(first <= end <= last for first, last in quoted) for end in (place.first, place.last))
