"""True quotations taken from passages, and whether words stand in a passage, decided by the raw text.

What is true is decided here without the compiler's own notion of a word, so that the two can differ.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.texts import NAMES, Passage, Text

GAP = " … "
LEAST_PART = 5  # words on each side of a gap; a seal vouches for no part under four
LENGTHS = (5, 40)  # words of a quotation
_EDGES = ".,;:!?\"'()[]\u2018\u2019\u201c\u201d*"


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation as an editor would write it: words of one passage, with `…` where it leaves out."""

    text: Text
    passage: Passage
    words: str

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.words.split(GAP))

    @property
    def around(self) -> tuple[str, str] | None:
        """The two words right before and after it in the passage; None where it cannot be placed as it is."""
        passage, parts = self.passage.text, self.parts
        if passage.count(parts[0]) != 1 or passage.count(parts[-1]) != 1:
            return None
        before = passage[: passage.index(parts[0])].split()[-2:]
        after = passage[passage.index(parts[-1]) + len(parts[-1]) :].split()[:2]
        dashes = any(c in word for word in (*before, *after) for c in "-\u2013\u2014")
        return None if dashes else (" ".join(before), " ".join(after))


def true_quotes(text: Text, seed: str) -> Iterator[Quote]:
    """Two quotations of each passage, one in three of them with an ellipsis; twelve in a short text."""
    each = 12 if text.kind == NAMES else 2
    for passage in text.passages:
        taken: set[str] = set()
        for number in range(each):
            rng = random.Random(f"{seed}/{text.id}/{passage.id}/{number}")
            words = _quotation(rng, passage.text.split())
            if words not in taken and stands(passage.text, words):
                taken.add(words)
                yield Quote(text, passage, words)


def _quotation(rng: random.Random, words: Sequence[str]) -> str:
    size = min(rng.randint(*LENGTHS), len(words))
    if rng.randrange(3) or len(words) < 3 * LEAST_PART:
        first = rng.randint(0, len(words) - size)
        return _trimmed(words[first : first + size])
    size = max(size, 3 * LEAST_PART)
    first = rng.randint(0, len(words) - size)
    left = rng.randint(1, size - 2 * LEAST_PART)  # words left out
    begin = first + rng.randint(LEAST_PART, size - left - LEAST_PART)
    return _trimmed(words[first:begin]) + GAP + _trimmed(words[begin + left : first + size])


def _trimmed(words: Sequence[str]) -> str:
    # A quotation does not begin or end with a dash; other marks at its ends are kept.
    return " ".join(words).strip("-\u2013\u2014 ")


def raw_words(text: str) -> tuple[str, ...]:
    """The text's words in small letters, without the marks at their ends; a dash parts words."""
    text = re.sub(r"--+|[\u2013\u2014]|-(?=\s)|(?<=\s)-(?=\D)", " ", text)
    found = (word.strip(_EDGES).casefold() for word in text.split())
    return tuple(word for word in found if any(c.isalnum() for c in word))


def stands(passage: str, quote: str) -> bool:
    """True if the quotation's parts stand in the passage, each whole and after the one before."""
    have = raw_words(passage)
    start = 0
    for part in quote.split(GAP.strip()):
        want = raw_words(part)
        found = (i for i in range(start, len(have) - len(want) + 1) if have[i : i + len(want)] == want)
        begin = next(found, None)
        if begin is None or not want:
            return False
        start = begin + len(want)
    return True
