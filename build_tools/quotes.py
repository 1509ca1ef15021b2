"""Where a quotation stands in a passage: whole words, in order, by its text or else by its seal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from build_tools.records import Passage
from build_tools.seal import sealed_places
from build_tools.text import folded, in_order, places, quote_readings
from build_tools.validate import Seed
from build_tools.values import WordSpan

Parts = tuple[tuple[str, ...], ...]
SHORT = 8  # words below which the edges of a sealed quotation want guarding
CONTEXT = 2  # words around it that guard an edge: then three runs see its word, as they see the others


@dataclass(frozen=True, slots=True)
class Place:
    """The words of a passage that a quotation reaches over, as positions of the first and the last.

    `unique` is false where the same words stand in the passage again.
    """

    first: int
    last: int
    unique: bool

    def within(self, span: WordSpan) -> bool:
        """True if the quotation stands inside the span."""
        return span.first <= self.first + 1 and self.last + 1 <= span.last

    def __str__(self) -> str:
        return f"{self.first + 1}-{self.last + 1}"


def find_quote(
    text: str,
    seed: Seed,
    passage: Passage,
    *,
    prefix: str = "",
    suffix: str = "",
    span: WordSpan | None = None,
) -> Place | None:
    """The place of a quotation; None if the passage does not have it.

    `prefix` and `suffix` are the words right before and after it, as in the TextQuoteSelector of the
    W3C Web Annotation Data Model, section 4.2.4. With a span a place inside it is preferred.
    """
    before, after = folded(prefix), folded(suffix)
    found = None
    for parts in quote_readings(text):
        if parts:
            inside = _place(parts, before, after, seed, passage, span) if span else None
            found = inside or found or _place(parts, before, after, seed, passage, None)
    return found


def _place(
    parts: Parts,
    before: tuple[str, ...],
    after: tuple[str, ...],
    seed: Seed,
    passage: Passage,
    span: WordSpan | None,
) -> Place | None:
    whole = [list(part) for part in parts]
    whole[0] = [*before, *whole[0]]
    whole[-1] += after
    sizes = [len(part) for part in whole]
    found = [part_places(part, seed, passage) for part in whole]
    if span is not None:
        # Of the first part the words before it, and of the last those after it, may stand outside.
        low, high = span.first - 1 - len(before), span.last + len(after)
        found = [
            [place for place in group if low <= place and place + size <= high]
            for group, size in zip(found, sizes, strict=True)
        ]
    begins = in_order(found, sizes)
    if begins is None:
        return None
    last = begins[-1] + sizes[-1] - 1 - len(after)
    return Place(begins[0] + len(before), last, _latest(found, sizes) == begins)


def _latest(found: Sequence[Sequence[int]], sizes: Sequence[int]) -> tuple[int, ...]:
    """The latest place of each part before the one after it: another than the earliest where two will do."""
    begins: list[int] = []
    end: float = float("inf")
    for group, size in zip(reversed(found), reversed(sizes), strict=True):
        begins.append(max(place for place in group if place + size <= end))
        end = begins[-1]
    return tuple(reversed(begins))


def part_places(part: Sequence[str], seed: Seed, passage: Passage) -> Sequence[int]:
    """Every position at which words stand in a passage: by its text where that is at hand, else its seal."""
    text = seed.texts.get(passage.id)
    if text is not None:
        return places(folded(text), part)
    seal = seed.seal_of(passage)
    return sealed_places(seal, part) if seal is not None else ()
