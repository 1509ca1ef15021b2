"""The words of a quotation occur in the passage it cites: whole and in order, as do parts around a gap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from build_tools.cite import CitedWiki
from build_tools.problems import Code, Problem
from build_tools.records import Passage, Quote
from build_tools.seal import LEAST_WORDS, PassageSeal, find_sealed, run_hashes
from build_tools.text import find_in_order, folded, quote_parts, quote_readings
from build_tools.validate import Seed
from build_tools.values import Verbatim, WordSpan

Parts = tuple[tuple[str, ...], ...]


def check(wiki: CitedWiki) -> Iterator[Problem]:
    """A problem for each quotation that its passage does not have."""
    for group in wiki.statements.values():
        for statement in group:
            for found in statement.cites:
                if found.passage is None:
                    continue
                if found.cite.quote:
                    yield from _check(found.cite.quote, found.seed, found.passage, found.cite.span)
                record = statement.statement.record
                if isinstance(record, Quote):
                    yield from _check(record.text, found.seed, found.passage, found.cite.span)


def _check(quote: Verbatim, seed: Seed, passage: Passage, span: WordSpan | None) -> Iterator[Problem]:
    if not quote.text:
        return  # empty: reported where it was read
    parts = quote_parts(quote.text)
    if not parts:
        message, hint = "the quotation holds no words", "quote at least four words of the passage"
        yield Problem(quote.at, Code.QUOTE_NOT_FOUND, message, hint)
        return
    found = find_quote(quote.text, seed, passage)
    if found is not None:
        parts, begins = found
        first, last = begins[0] + 1, begins[-1] + len(parts[-1])
        if span is not None and not span.first <= first <= last <= span.last:
            message = f"these words stand in {seed.id}#{passage.id}, but outside of its words {span}"
            hint = f"they are its words {first}-{last}"
            yield Problem(quote.at, Code.QUOTE_NOT_FOUND, message, hint)
        return
    short = [part for part in parts if len(part) < LEAST_WORDS]
    if passage.id not in seed.texts and short:
        message = f"`{' '.join(short[0])}` is shorter than {LEAST_WORDS} words, too short for the seal"
        hint = f"quote more around it, or attach the text: `wiki seed attach FILE --id {seed.id}`"
        yield Problem(quote.at, Code.QUOTE_TOO_SHORT, message, hint)
        return
    message = f"these words do not stand, in this order, in {seed.id}#{passage.id}"
    yield Problem(quote.at, Code.QUOTE_NOT_FOUND, message, _where_else(parts, seed, passage))


def find_quote(text: str, seed: Seed, passage: Passage) -> tuple[Parts, tuple[int, ...]] | None:
    """The parts of a quotation and where each begins in the passage; None if it does not stand there."""
    for parts in quote_readings(text):
        begins = locate(parts, seed, passage) if parts else None
        if begins is not None:
            return parts, begins
    return None


def locate(parts: Parts, seed: Seed, passage: Passage) -> tuple[int, ...] | None:
    """Where each part of a quotation begins in the passage, in words from 0; None if it does not stand there.

    The text decides where it is at hand, else the seal.
    """
    text = seed.texts.get(passage.id)
    if text is not None:
        return find_in_order(folded(text), parts)
    seal = seed.seal_of(passage)
    return find_sealed(seal, parts) if seal is not None else None


def _where_else(parts: Parts, seed: Seed, passage: Passage) -> str:
    """A hint: the passage that has the words, or most of them. Likeness suggests; it never passes."""
    for other in seed.passages:
        if other is not passage and locate(parts, seed, other) is not None:
            return f"they stand in {seed.id}#{other.id}: cite that"
    runs = Counter(run for part in parts for run in _runs(part))
    likeness = {
        other.id: sum((runs & Counter(_seal_runs(seed.seal_of(other)))).values()) for other in seed.passages
    }
    best = max(likeness, key=lambda id_: (likeness[id_], id_ == passage.id), default=None)
    if best and likeness[best] * 2 >= max(2, sum(runs.values())):
        if best == passage.id:
            return "most of them do: compare word for word with the source, a word may be changed or missing"
        return f"most of them stand in {seed.id}#{best}: is that the passage?"
    return "copy the words from the source, or say it in your own words as a claim"


def _runs(part: tuple[str, ...]) -> Iterator[bytes]:
    hashes = run_hashes(part)
    return (hashes[i : i + 2] for i in range(len(hashes) - 1))


def _seal_runs(seal: PassageSeal | None) -> Iterator[bytes]:
    return (seal.runs[i : i + 2] for i in range(len(seal.runs) - 1)) if seal else iter(())
