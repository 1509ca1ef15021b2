"""The words of a quotation occur in the passage it cites: whole and in order, as do parts around a gap.

They stand there once, or the cite says where; and a short one that only a seal vouches for has the words
around it, since a seal guards the first and the last word of what it sees less than the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from build_tools.cite import CheckedCite, CitedStatement, CitedWiki
from build_tools.problems import Code, Problem
from build_tools.quote_repairs import repair, standing
from build_tools.quotes import CONTEXT, SHORT, Place, find_quote
from build_tools.records import Passage, Quote
from build_tools.seal import LEAST_WORDS
from build_tools.text import folded, quote_parts, words
from build_tools.validate import Seed
from build_tools.values import Role, Verbatim


def check(wiki: CitedWiki) -> Iterator[Problem]:
    """A problem for each quotation that its passage does not have, or that could mean two places in it."""
    seeds = wiki.linked.seeds
    for group in wiki.statements.values():
        for statement in group:
            for found in statement.cites:
                if found.passage is None:
                    continue
                if found.cite.quote:
                    yield from _check(found.cite.quote, found, found.passage, seeds)
                record = statement.statement.record
                if isinstance(record, Quote) and not _only_names(found, statement):
                    yield from _check(record.text, found, found.passage, seeds)


def _only_names(found: CheckedCite, statement: CitedStatement) -> bool:
    """True if the cite is there for context beside one that has the words."""
    return found.cite.role is Role.CONTEXT and any(
        other.cite.role is not Role.CONTEXT for other in statement.cites
    )


def _check(
    quote: Verbatim, found: CheckedCite, passage: Passage, seeds: Mapping[str, Seed]
) -> Iterator[Problem]:
    if not quote.text:
        return  # empty: reported where it was read
    seed, cite = found.seed, found.cite
    parts = quote_parts(quote.text)
    if not parts:
        message, hint = "the quotation holds no words", "quote at least four words of the passage"
        yield Problem(quote.at, Code.QUOTE_NOT_FOUND, message, hint)
        return
    prefix, suffix = (text.text if text else "" for text in (cite.prefix, cite.suffix))
    place = find_quote(quote.text, seed, passage, prefix=prefix, suffix=suffix, span=cite.span)
    name = f"{seed.id}#{passage.id}"
    if place is not None:
        yield from _place(quote, found, passage, place)
        return
    if (prefix or suffix) and find_quote(quote.text, seed, passage) is not None:
        at = next(text.at for text in (cite.prefix, cite.suffix) if text)
        message = f"the quotation stands in {name}, but not between these words"
        hint = "`prefix` and `suffix` are the words of the passage right before and after the quotation"
        yield Problem(at, Code.QUOTE_NOT_FOUND, message, hint)
        return
    short = [
        part
        for part, before, after in zip(
            parts, (prefix, *[""] * (len(parts) - 1)), (*[""] * (len(parts) - 1), suffix), strict=True
        )
        if len(folded(before)) + len(part) + len(folded(after)) < LEAST_WORDS
    ]
    if passage.id not in seed.texts and short:
        message = f"`{' '.join(short[0])}` is shorter than {LEAST_WORDS} words, too short for the seal"
        hint = f"quote more around it, or attach the text: `wiki seed attach FILE --id {seed.id}`"
        yield Problem(quote.at, Code.QUOTE_TOO_SHORT, message, hint)
        return
    elsewhere = standing(quote.text, seed, passage, seeds.values())
    if elsewhere is not None:
        at = cite.passage.at if cite.passage is not None else cite.at
        message = f"the words quoted do not stand in {name}"
        yield Problem(at, Code.WRONG_PASSAGE, message, f"they stand in {elsewhere}: cite that")
        return
    message = f"these words do not stand, in this order, in {name}"
    hint = _unbalanced(quote.text) or repair(parts, seed, passage, seeds.values())
    yield Problem(quote.at, Code.QUOTE_NOT_FOUND, message, hint)


def _place(quote: Verbatim, found: CheckedCite, passage: Passage, place: Place) -> Iterator[Problem]:
    """What may be wrong with a quotation that its passage has."""
    cite, name = found.cite, f"{found.seed.id}#{passage.id}"
    if cite.span is not None and not place.within(cite.span):
        message = f"these words stand in {name}, but outside of its words {cite.span}"
        yield Problem(quote.at, Code.QUOTE_NOT_FOUND, message, f"they are its words {place}")
    elif not place.unique:
        message = f"these words stand in {name} more than once"
        hint = "say which are meant: `prefix: …`, the words right before them, or the span of the words"
        yield Problem(quote.at, Code.AMBIGUOUS_QUOTE, message, hint)
    elif place.last - place.first + 1 < SHORT:
        yield from _edges(quote, found, passage, place)


def _edges(quote: Verbatim, found: CheckedCite, passage: Passage, place: Place) -> Iterator[Problem]:
    """A warning if a seal sees the first or last word of a short quotation in one run only.

    It does not ask whether the text is at hand: the next machine may have the seal alone.
    """
    seal = found.seed.seal_of(passage)
    if seal is None:
        return
    clear, cite = seal.clear, found.cite
    prefix, suffix = (len(folded(text.text)) if text else 0 for text in (cite.prefix, cite.suffix))
    before = min(CONTEXT, place.first) if place.first not in clear else 0
    after = min(CONTEXT, seal.words - 1 - place.last) if place.last not in clear else 0
    lacking = {}
    if prefix < before:
        lacking["prefix"] = range(place.first - before, place.first)
    if suffix < after:
        lacking["suffix"] = range(place.last + 1, place.last + 1 + after)
    if lacking:
        ends = " and ".join("start" if key == "prefix" else "end" for key in lacking)
        message = f"a short quotation, and the seal guards the word at its {ends} by one byte only"
        text = found.seed.texts.get(passage.id)
        there = words(text) if text is not None else ()
        keys = [
            f"`{key}: {' '.join(there[i].written for i in reach)}`" if there else f"`{key}: …`"
            for key, reach in lacking.items()
        ]
        hint = f"add to the cite the words right beside it: {', '.join(keys)}; or quote more"
        yield Problem(quote.at, Code.UNGUARDED_EDGE, message, hint)


def _unbalanced(text: str) -> str:
    """A repair for a bracket without its partner: it is taken for the source's own."""
    if text.count("[") != text.count("]"):
        return "a `[` or `]` without its partner: `[words]` in brackets are yours, `[…]` leaves out"
    return ""
