"""Quotations made wrong: one small change each, by class.

A mutator returns the changed quotation, or None where there is nothing of its kind to change. What
it returns may by chance still stand in the passage; whoever calls it drops those.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from bench.quotes import GAP, Quote, raw_words

Mutator = Callable[[random.Random, Quote], str | None]

_NEGATABLE = re.compile(
    r"\b(?:is|are|was|were|will|would|can|could|should|must|may|have|has|had|do|does|did)\b"
)
_NEGATION = re.compile(r" (?:not|never)\b")
_DIGITS = re.compile(r"\d")
_DECIMAL = re.compile(r"\d\.\d")
_WHOLE = re.compile(r"(?<![\d.,])[1-9]\d+(?![\d.,]*\d)")
_SIGN = re.compile(r"[$€£](?=\d)|(?<=\d)%| per ?cent\b")
_CURRENCY = re.compile(r"[$€£](?=\d)")
_MAGNITUDES = re.compile(r"\b(?:thousand|million|billion|trillion)\b")
_YEAR = re.compile(r"(?<![\d$€£,.])(?:1[5-9]|20)\d\d(?![\d,.]*\d)")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][^\W\d_]{2,}\b")


def _replaced(text: str, begin: int, end: int, new: str) -> str:
    return text[:begin] + new + text[end:]


def _some(rng: random.Random, pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return rng.choice(found) if found else None


def _word(rng: random.Random, quote: Quote) -> str:
    """Another word of the same text, in small letters and without marks."""
    passage = rng.choice(quote.text.passages)
    return rng.choice([word for word in raw_words(passage.text) if word.isalpha()] or ["another"])


def _places(words: Sequence[str]) -> list[int]:
    return [i for i, word in enumerate(words) if any(c.isalnum() for c in word)]


def word_replaced(rng: random.Random, quote: Quote) -> str | None:
    """A word of the quotation is another word of the text."""
    words = quote.words.split(" ")
    words[rng.choice(_places(words))] = _word(rng, quote)
    return " ".join(words)


def edge_word_replaced(rng: random.Random, quote: Quote) -> str | None:
    """The first or the last word is another word of the text."""
    words = quote.words.split(" ")
    words[rng.choice((0, -1))] = _word(rng, quote)
    return " ".join(words)


def word_deleted(rng: random.Random, quote: Quote) -> str | None:
    """A word inside is missing."""
    words = quote.words.split(" ")
    inside = _places(words)[1:-1]
    if not inside:
        return None
    del words[rng.choice(inside)]
    return " ".join(words)


def word_inserted(rng: random.Random, quote: Quote) -> str | None:
    """A word of the text is added inside."""
    words = quote.words.split(" ")
    words.insert(rng.randint(1, len(words) - 1), _word(rng, quote))
    return " ".join(words)


def words_swapped(rng: random.Random, quote: Quote) -> str | None:
    """Two neighbours have changed places."""
    words = quote.words.split(" ")
    i = rng.randint(0, len(words) - 2)
    words[i], words[i + 1] = words[i + 1], words[i]
    return None if GAP.strip() in (words[i], words[i + 1]) else " ".join(words)


def ending_changed(rng: random.Random, quote: Quote) -> str | None:
    """A word has gained or lost an s: `states`, `state`."""
    found = _some(rng, re.compile(r"\b[a-z]{4,}\b"), quote.words)
    if found is None:
        return None
    new = found[0][:-1] if found[0].endswith("s") else found[0] + "s"
    return _replaced(quote.words, *found.span(), new)


def negation_changed(rng: random.Random, quote: Quote) -> str | None:
    """A `not` or `never` is dropped; where there is none, a `not` is added after a verb."""
    found = _some(rng, _NEGATION, quote.words)
    if found:
        return _replaced(quote.words, *found.span(), "")
    found = _some(rng, _NEGATABLE, quote.words)
    return _replaced(quote.words, found.end(), found.end(), " not") if found else None


def digit_changed(rng: random.Random, quote: Quote) -> str | None:
    """One digit is another."""
    found = _some(rng, _DIGITS, quote.words)
    if found is None:
        return None
    return _replaced(quote.words, *found.span(), rng.choice([d for d in "123456789" if d != found[0]]))


def decimal_moved(rng: random.Random, quote: Quote) -> str | None:
    """The decimal point stands one digit further left, or is gone: 4.5 is 0.45 or 45, 16 is 1.6."""
    found = _some(rng, _DECIMAL, quote.words)
    if found:
        return _replaced(quote.words, found.start() + 1, found.start() + 2, "")
    found = _some(rng, _WHOLE, quote.words)
    return _replaced(quote.words, found.end() - 1, found.end() - 1, ".") if found else None


def sign_dropped(rng: random.Random, quote: Quote) -> str | None:
    """A currency sign, `%` or `per cent` is missing."""
    found = _some(rng, _SIGN, quote.words)
    return _replaced(quote.words, *found.span(), "") if found else None


def currency_changed(rng: random.Random, quote: Quote) -> str | None:
    """A currency sign is another."""
    found = _some(rng, _CURRENCY, quote.words)
    if found is None:
        return None
    return _replaced(quote.words, *found.span(), rng.choice([sign for sign in "$€£" if sign != found[0]]))


def magnitude_changed(rng: random.Random, quote: Quote) -> str | None:
    """`million` is `billion`, or the like."""
    found = _some(rng, _MAGNITUDES, quote.words)
    if found is None:
        return None
    others = [word for word in ("thousand", "million", "billion", "trillion") if word != found[0]]
    return _replaced(quote.words, *found.span(), rng.choice(others))


def year_changed(rng: random.Random, quote: Quote) -> str | None:
    """A year is the one before or after."""
    found = _some(rng, _YEAR, quote.words)
    if found is None:
        return None
    return _replaced(quote.words, *found.span(), str(int(found[0]) + rng.choice((-1, 1))))


def name_changed(rng: random.Random, quote: Quote) -> str | None:
    """A name is another name of the text."""
    found = _some(rng, _NAME, quote.words)
    if found is None:
        return None
    names = sorted({name for passage in quote.text.passages for name in _NAME.findall(passage.text)})
    others = [name for name in names if name.casefold() != found[0].casefold()]
    return _replaced(quote.words, *found.span(), rng.choice(others)) if others else None


def splice(rng: random.Random, quote: Quote) -> str | None:
    """What an ellipsis stood for is left out, and no ellipsis says so."""
    if len(quote.parts) > 1:
        return quote.words.replace(GAP, " ")
    words = quote.words.split(" ")
    if len(words) < 8:
        return None
    begin = rng.randint(2, len(words) - 5)
    return " ".join(words[:begin] + words[begin + rng.randint(2, len(words) - begin - 2) :])


def parts_reversed(rng: random.Random, quote: Quote) -> str | None:
    """What stands around an ellipsis has changed places."""
    return GAP.join(reversed(quote.parts)) if len(quote.parts) > 1 else None


CHANGED: Mapping[str, Mutator] = MappingProxyType(
    {
        "word replaced": word_replaced,
        "first or last word replaced": edge_word_replaced,
        "word left out": word_deleted,
        "word inserted": word_inserted,
        "two words swapped": words_swapped,
        "ending changed (s)": ending_changed,
        "negation added or dropped": negation_changed,
        "digit changed": digit_changed,
        "decimal point moved": decimal_moved,
        "$, €, £, % or per cent dropped": sign_dropped,
        "currency exchanged": currency_changed,
        "million for billion": magnitude_changed,
        "year one off": year_changed,
        "name for name": name_changed,
        "splice without an ellipsis": splice,
        "parts around an ellipsis reversed": parts_reversed,
    }
)
# True quotations held against another passage than their own.
MISPLACED = ("passage for passage", "text for text")
