"""The figures, months and names that a text states: what a passage must have if a claim says it.

A passage is asked by its seal, which has these in the clear; so the answer is the same on every
machine, whether the text is at hand or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from build_tools.text import folded

_SMALL = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBERS = MappingProxyType(
    {word: Fraction(number) for number, word in enumerate(_SMALL.split(), 2)}
    | {word: Fraction(10 * number) for number, word in enumerate(_TENS.split(), 2)}
    | {"dozen": Fraction(12), "half": Fraction(1, 2)}
)
_ONES = MappingProxyType(
    {"one": Fraction(1), **{word: number for word, number in NUMBERS.items() if number < 10}}
)
MAGNITUDES = MappingProxyType(
    {
        "hundred": Fraction(100),
        "thousand": Fraction(1000),
        "million": Fraction(10**6),
        "billion": Fraction(10**9),
        "trillion": Fraction(10**12),
        "bn": Fraction(10**9),
        "m": Fraction(10**6),
        "k": Fraction(1000),
    }
)
# "Tripled", "threefold": a figure of its own kind, which only the like of it supports.
TIMES = MappingProxyType(
    {"doubled": 2, "doubling": 2, "twice": 2, "tripled": 3, "tripling": 3, "thrice": 3, "quadrupled": 4}
    | {f"{word}fold": number for word, number in NUMBERS.items() if number.denominator == 1}
)
UNITS = MappingProxyType(
    {"percent": "%", "dollar": "$", "dollars": "$", "euro": "€", "euros": "€", "pounds": "£", "yen": "¥"}
)
MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)
_WORDS = frozenset([*NUMBERS, *MAGNITUDES, *TIMES, *UNITS, "per", "cent", "times"]) - {"m", "k", "bn"}
_FIGURE = re.compile(r"([$€£¥]?)(-?\d+(?:\.\d+)?)(%|st|nd|rd|th|s|bn|m|k)?")
_RANGE = re.compile(r"([$€£¥]?)(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)(%?)")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit (`$ € £ ¥ %`, `times`, or none) and the positions of its words."""

    value: Fraction
    unit: str
    first: int
    last: int


def is_figure_word(folded: str) -> bool:
    """True if the word is a figure or belongs to one: these a seal has in the clear."""
    return (
        any(c.isdigit() for c in folded)
        or folded in _WORDS
        or any(part in NUMBERS for part in folded.split("-"))
    )


def is_code(folded: str) -> bool:
    """True if the word is a name with a digit in it, such as "tb2" or "covid-19": no figure, but a fact."""
    return folded[:1].isalpha() and any(c.isdigit() for c in folded)


def figures(words: Iterable[tuple[int, str]]) -> tuple[Figure, ...]:
    """The figures among words given as position and folded form, in order."""
    taken = list(words)
    found: list[Figure] = []
    i = 0
    while i < len(taken):
        size, made = _figure_at(taken, i)
        found.extend(made)
        i += size
    return tuple(found)


def figures_of(sealed: Iterable[tuple[int, str]]) -> tuple[Figure, ...]:
    """The figures among a seal's words, given as position and written form."""
    return figures((position, " ".join(folded(word))) for position, word in sealed)


def _figure_at(words: Sequence[tuple[int, str]], i: int) -> tuple[int, tuple[Figure, ...]]:
    """How many words the figure at `i` takes, and what it is: a range is two figures."""
    position, word = words[i]
    span = _RANGE.fullmatch(word)
    if span:
        low, high = span[2], span[3]
        if len(low) == 4 and len(high) == 2:
            high = low[:2] + high  # 2026-28
        unit = span[1] or span[4]
        return 1, tuple(Figure(Fraction(end), unit, position, position) for end in (low, high))
    if word in TIMES:
        return 1, (Figure(Fraction(TIMES[word]), "times", position, position),)
    value, unit = _number(word)
    if value is None:
        return 1, ()
    size = 1
    while factor := MAGNITUDES.get(_next(words, i, size)):
        value *= factor
        size += 1
    after = _next(words, i, size)
    if after == "times":
        unit, size = "times", size + 1
    elif after in UNITS and not unit:
        unit, size = UNITS[after], size + 1
    elif after == "per" and _next(words, i, size + 1) == "cent":
        unit, size = "%", size + 2
    return size, (Figure(value, unit, position, words[i + size - 1][0]),)


def _next(words: Sequence[tuple[int, str]], i: int, offset: int) -> str:
    """The word that follows the one at `i` by `offset`, if nothing stands between."""
    if i + offset < len(words) and words[i + offset][0] == words[i][0] + offset:
        return words[i + offset][1]
    return ""


def _number(word: str) -> tuple[Fraction | None, str]:
    match = _FIGURE.fullmatch(word)
    if match:
        value = Fraction(match[2]) * MAGNITUDES.get(match[3] or "", Fraction(1))
        return value, match[1] or ("%" if match[3] == "%" else "")
    if word in NUMBERS:
        return NUMBERS[word], ""
    tens, _, ones = word.partition("-")
    if tens in NUMBERS and ones in _ONES:
        return NUMBERS[tens] + _ONES[ones], ""
    return None, ""


def is_year(figure: Figure) -> bool:
    """True if the figure may be a year of the common era, of four digits."""
    return not figure.unit and figure.value.denominator == 1 and 1000 <= figure.value <= 2999


# ----------------------------------------------------------------------------------------- names


def name_forms(word: str) -> tuple[str, ...]:
    """The forms under which a folded word may name something: `norway's` norway, `anglo-norman` anglo."""
    bare = word.removesuffix("'s").removesuffix("'")
    return tuple(dict.fromkeys((bare, *bare.split("-"))))


def has_name(names: Sequence[tuple[int, str]], wanted: Sequence[str]) -> bool:
    """True if the words of a name stand in the passage, whose capitalised words `names` gives by position.

    Words of a name that are not capitalised ("of") stand in no seal's names; they are passed over.
    """
    by_position = dict(names)
    key = next((i for i, word in enumerate(wanted) if any(word in name_forms(n) for _, n in names)), None)
    if key is None:
        return False
    for position, name in names:
        if wanted[key] in name_forms(name) and _goes_on(by_position, position - key, wanted):
            return True
    return False


def _goes_on(by_position: dict[int, str], start: int, wanted: Sequence[str]) -> bool:
    hits = 0
    for offset, word in enumerate(wanted):
        name = by_position.get(start + offset)
        if name is None:
            continue
        if word not in name_forms(name):
            return False
        hits += 1
    return hits * 2 > len(wanted)
