"""The figures that a text states: numbers in digits or words, with their unit, measure and hedge.

A passage is asked by its seal, which has the words of its figures in the clear; so the answer is the
same on every machine, whether the text is at hand or not. Number words, measures and hedges are
English; digits are read in the seed's language (`4,5` is four and a half in German).
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from build_tools.figure_words import (
    AFTER_DIGITS,
    AFTER_FIGURE,
    HEDGES,
    HEDGES_AFTER,
    HEDGES_END,
    LONGEST_HEDGE,
    MAGNITUDES,
    MEASURES,
    NUMBERS,
    ONES,
    OPENING,
    ORDINALS,
    PARTS,
    QUANTIFIERS,
    SHORT_MAGNITUDES,
    TIME,
    TIMES,
    UNITS,
    VAGUE,
    Hedge,
)
from build_tools.quick import quick
from build_tools.text import SIGNS, folded_word, has_digit, words

Number = int | Fraction


@quick
@dataclass(frozen=True, slots=True)
class Figure:
    """A number, what it counts, and the positions of its words.

    `unit` is a currency sign, `%`, `pp` (percentage points), `times` (tripled, twice), `th` (ordinals),
    `many` (hundreds, thousands), `s` (a decade: 1990s) or nothing; `measure` a canonical measure such as
    `t`, `km` or `year`, or nothing. `first` and `last` are the positions of the number with these, `core` is
    the last without its measure, `reach` has them with the hedge and the `side`: `from` or `to`, if it
    stands before them, for what rose from 4 to 12 did not fall from 12 to 4. `grouped` is true of
    2,000, which is no year.
    """

    value: Number
    unit: str
    measure: str
    hedge: Hedge | None
    side: str
    in_digits: bool
    grouped: bool
    first: int
    core: int
    last: int
    reach: tuple[int, int]


_HALF = Fraction(1, 2)
_LONGEST = 1_000  # characters of a number: Python refuses to read those of several thousand
_SIGN = f"[{SIGNS}]"
_DIGITS = re.compile(rf"({_SIGN}?)(-?\d+(?:[.,]\d+)*)(%|st|nd|rd|th|s|bn|mn|tn|m|k)?")
_GROUPED = re.compile(r"\d[^\w\s-]\d{3}(?!\d)|\d\s\d{3}(?!\d)")
_RANGE = re.compile(rf"({_SIGN}?)(\d+(?:[.,]\d+)*)-(\d+(?:[.,]\d+)*)(%?)")
_DAY = re.compile(
    r"(?P<y>\d{4})-(?P<m>\d\d)(?:-(?P<d>\d\d))?|(?P<d2>\d\d?)[./](?P<m2>\d\d?)[./](?P<y2>\d{4})"
)
# After these words an ordinal counts nothing.
_NO_ORDINAL = frozenset({"at", "per", "come", "comes", "came", "coming", "put", "puts"})


def figures(written: Iterable[tuple[int, str]], *, decimal_comma: bool = False) -> tuple[Figure, ...]:
    """The figures among words given as position and written form, in order: all of a text, or a seal's."""
    return _Reading(written, decimal_comma).figures()


@quick
@dataclass(frozen=True, slots=True)
class _Read:
    """A word as figures are read: whether one may begin with it, and whether it is like 2,000."""

    word: str
    may_begin: bool
    grouped: bool


@functools.lru_cache(maxsize=1 << 14)
def _as_read(written: str, decimal_comma: bool) -> _Read:
    # Folding takes the commas of 530,000 for thousands marks; where they are decimal marks they stay.
    as_it_is = decimal_comma and re.fullmatch(r"\d+(?:[.,]\d+)*", written)
    word = written if as_it_is else folded_word(written)
    may_begin = word in OPENING or "-" in word or has_digit(word)
    return _Read(word, may_begin, _GROUPED.search(written) is not None)


def figure_positions(written: Sequence[str]) -> frozenset[int]:
    """Where the words of figures stand among all words of a text: these a seal has in the clear.

    They are the figures' own words, those of their units, measures and hedges, quantifiers, and every
    word that holds a digit.
    """
    found: set[int] = set()
    # A comma may be a decimal mark: what the seed's language makes of it is asked later.
    for decimal_comma in (True, False):
        reading = _Reading(enumerate(written), decimal_comma)
        for figure in reading.figures():
            found.update(range(figure.reach[0], figure.reach[1] + 1))
        found |= reading.between
    found.update(i for i, each in reading.words.items() if each.word in QUANTIFIERS or has_digit(each.word))
    return frozenset(found)


def supports(given: Figure, wanted: Figure) -> bool:
    """True if a passage that states `given` carries a sentence that states `wanted`; hedges apart."""
    if given.measure and wanted.measure and given.measure != wanted.measure:
        return False
    if given.side and wanted.side and given.side != wanted.side:
        return False
    if given.value == wanted.value:
        return given.unit == wanted.unit or _both_digits(given, wanted)
    if given.unit == "%" and not wanted.unit:
        given, wanted = wanted, given
    return not given.unit and wanted.unit == "%" and given.value == _HALF and wanted.value == 50


def _both_digits(one: Figure, other: Figure) -> bool:
    """ "5 May" and "the 5th of May" say the same; "two boats" and "the second boat" do not."""
    return one.in_digits and other.in_digits and {one.unit, other.unit} == {"", "th"}


def sole_figure(text: str) -> Figure | None:
    """The figure that the text is, with its unit and hedge and nothing beside it; None if it is not one."""
    every = [(i, word.written) for i, word in enumerate(words(text))]
    found = figures(every)
    alone = len(found) == 1 and found[0].reach == (0, len(every) - 1) and not found[0].side
    return found[0] if alone else None


def is_year(figure: Figure) -> bool:
    """True if the figure may be a year of the common era, of four digits, or a decade such as 1990s."""
    plain = figure.in_digits and not figure.grouped and figure.unit in ("", "s") and not figure.measure
    return plain and figure.value.denominator == 1 and 1000 <= figure.value <= 2999


def is_plain_number(word: str) -> bool:
    """True if the word is nothing but digits, from 0 to 9, and no more than are read as a number."""
    return word.isdecimal() and word.isascii() and len(word) <= _LONGEST


@functools.lru_cache(maxsize=1 << 16)
def is_literal(folded: str) -> bool:
    """True if the word holds a digit but states no figure: "tb2", "covid-19", "24/7"; a fact as it is."""
    if not has_digit(folded) or days_in(folded) or _in_digits(folded, False):
        return False
    return not figures([(0, folded)]) and not figures([(0, folded)], decimal_comma=True)


@functools.lru_cache(maxsize=1 << 16)
def days_in(folded: str) -> tuple[tuple[int, int, int], ...]:
    """The year, month and day (0: none) that a numeric date can mean: 2021-03-12, 12.03.2021, 12/3/2021."""
    match = _DAY.fullmatch(folded)
    if match is None:
        return ()
    if match["y"]:
        found = [(int(match["y"]), int(match["m"]), int(match["d"] or 0))]
    else:
        year, one, two = int(match["y2"]), int(match["d2"]), int(match["m2"])
        found = [(year, two, one)] + ([(year, one, two)] if "/" in folded else [])
    if not match["d"] and match["y"] and found[0][1] == (found[0][0] + 1) % 100:
        return ()  # 2003-04 is two years
    return tuple(day for day in found if 1 <= day[1] <= 12 and day[2] <= 31)


class _Reading:
    """One pass over words, of which `between` ends up holding the positions inside ranges of two figures."""

    def __init__(self, written: Iterable[tuple[int, str]], decimal_comma: bool) -> None:
        self.words = {i: _as_read(word, decimal_comma) for i, word in written}
        self.decimal_comma = decimal_comma
        self.between: set[int] = set()

    def figures(self) -> tuple[Figure, ...]:
        found: list[Figure] = []
        end = 0
        for i, each in self.words.items():
            if each.may_begin and i >= end:
                size, made = self.figure(i)
                found.extend(made)
                end = i + size
        return tuple(self.ranges(found)) if len(found) > 1 else tuple(found)

    def at(self, i: int, offset: int = 0) -> str:
        """The word that stands `offset` words after the one at `i` (or before it), if it is one of these."""
        each = self.words.get(i + offset)
        return "" if each is None else each.word

    def figure(self, i: int) -> tuple[int, tuple[Figure, ...]]:
        """How many words the figure that may begin at `i` takes, and what it is: a range is two figures."""
        word = self.at(i)
        if word.isdecimal():  # most are
            size, made = self.digits(i)
            return size or 1, made
        days = days_in(word)
        if days:
            year, _, day = days[0]
            values = [year] + ([day] if day else [])
            return 1, tuple(self.made(i, 1, value, in_digits=True) for value in values)
        span = _RANGE.fullmatch(word) if "-" in word else None
        if span and one_script(word):
            return self.range(i, span)
        for read in (self.digits, self.times, self.vague, self.part, self.spelled, self.ordinal):
            size, made = read(i)
            if size:
                return size, made
        return 1, ()

    def made(
        self,
        i: int,
        size: int,
        value: Number,
        unit: str = "",
        *,
        in_digits: bool = False,
        measure: str = "",
    ) -> Figure:
        last = i + size - 1
        hedge, begin, end = self.hedge(i, last, measure)
        core = last - len(measure.split()) if measure else last
        before = self.at(begin, -1)
        side = before if before in ("from", "to") else ""
        reach = (begin - 1 if side else begin, end)
        if value.denominator == 1:
            value = value.numerator
        grouped = self.words[i].grouped
        return Figure(value, unit, measure, hedge, side, in_digits, grouped, i, core, last, reach)

    def hedge(self, i: int, last: int, measure: str) -> tuple[Hedge | None, int, int]:
        """The hedge around the figure from `i` to `last`, and the first and last position with it."""
        for length in range(LONGEST_HEDGE, 0, -1) if self.at(i, -1) in HEDGES_END else ():
            phrase = tuple(self.at(i, k - length) for k in range(length))
            found = HEDGES.get(phrase)
            if found is None or (phrase == ("over",) and measure in TIME):
                continue  # "over five years": in their course
            return found, i - length, last
        if self.at(last, 1) == "or":
            after = HEDGES_AFTER.get(("or", self.at(last, 2)))
            if after is not None:
                return after, i, last + 2
        return None, i, last

    def range(self, i: int, span: re.Match[str]) -> tuple[int, tuple[Figure, ...]]:
        low, high = (_number(digits, self.decimal_comma) for digits in (span[2], span[3]))
        if low is None or high is None:
            return 1, ()
        if len(span[2]) == 4 and len(span[3]) == 2 and span[3].isdigit():
            high = int(span[2][:2] + span[3])  # 2026-28
        size, factor, unit, measure = self.after(i, 1, span[1] or span[4])
        return size, tuple(
            self.made(i, size, end * factor, unit, in_digits=True, measure=measure) for end in (low, high)
        )

    def digits(self, i: int) -> tuple[int, tuple[Figure, ...]]:
        read = _in_digits(self.at(i), self.decimal_comma)
        if read is None:
            return 0, ()
        value, unit = read
        if self.at(i, 1) not in AFTER_FIGURE:
            return 1, (self.made(i, 1, value, unit, in_digits=True),)
        size = self.and_a_half(i, 1)
        value += _HALF if size > 1 else 0
        parts = PARTS.get(self.at(i, size))
        if parts and self.at(i, size).endswith("s") and size == 1 and not unit:
            return size + 1, (self.made(i, size + 1, Fraction(value) / parts, in_digits=True),)
        size, factor, unit, measure = self.after(i, size, unit)
        return size, (self.made(i, size, value * factor, unit, in_digits=True, measure=measure),)

    def and_a_half(self, i: int, size: int) -> int:
        at, last = self.at, i + size - 1
        half = at(last, 1) == "and" and at(last, 2) == "a" and at(last, 3) == "half"
        return size + 3 if half else size

    def after(self, i: int, size: int, unit: str) -> tuple[int, int, str, str]:
        """What follows a number of `size` words: its size with magnitude, unit and measure, and these."""
        factor = 1
        while more := AFTER_DIGITS.get(self.at(i, size)):
            factor, size = factor * more, size + 1
        after, measure = self.at(i, size), ""
        if not unit and after in ("us", "american") and self.at(i, size + 1) in ("dollar", "dollars"):
            return size + 2, factor, "$", ""
        if (not unit and after == "times") or (not unit and after == "fold"):
            unit, size = "times", size + 1
        elif not unit and after in UNITS:
            unit, size = UNITS[after], size + 1
        elif not unit and after == "per" and self.at(i, size + 1) == "cent":
            unit, size = "%", size + 2
        elif not unit and after == "percentage" and self.at(i, size + 1) in ("point", "points"):
            unit, size = "pp", size + 2
        elif unit in ("", "th") and after in ("square", "cubic"):
            base = MEASURES.get(self.at(i, size + 1), "")
            if base:
                measure, size = f"{after} {base}", size + 2
        elif unit in ("", "th") and after in MEASURES:
            measure, size = MEASURES[after], size + 1
        return size, factor, unit, measure

    def times(self, i: int) -> tuple[int, tuple[Figure, ...]]:
        word = self.at(i)
        value = TIMES.get(word)
        if value is None and word.endswith("-fold"):
            times = word.removesuffix("-fold")
            value = _number(times, self.decimal_comma) or _simple(times)
        return (1, (self.made(i, 1, value, "times"),)) if value is not None else (0, ())

    def vague(self, i: int) -> tuple[int, tuple[Figure, ...]]:
        """Hundreds, tens of thousands; several hundred, a few million."""
        word, size = self.at(i), 1
        value = VAGUE.get(word)
        if value is not None:
            while self.at(i, size) == "of" and (more := VAGUE.get(self.at(i, size + 1))):
                value, size = value * more, size + 2
            return size, (self.made(i, size, value, "many"),)
        if word == "a" and self.at(i, 1) == "few":
            size, word = 2, "few"
        if word in ("few", "several", "many"):
            value = MAGNITUDES.get(self.at(i, size))
            if value is not None:
                return size + 1, (self.made(i, size + 1, value, "many"),)
        return 0, ()

    def part(self, i: int) -> tuple[int, tuple[Figure, ...]]:
        """Half, half a million, a third of, two thirds, two-thirds."""
        word = self.at(i)
        if word == "half":
            if self.at(i, 1) in ("a", "an") and (more := MAGNITUDES.get(self.at(i, 2))):
                size, _, unit, measure = self.after(i, 3, "")
                return size, (self.made(i, size, more * _HALF, unit, measure=measure),)
            return 1, (self.made(i, 1, _HALF),)
        if word in ("a", "one") and self.at(i, 1) in ("third", "quarter", "fifth", "tenth"):
            if self.at(i, 2) == "of":
                return 3, (self.made(i, 3, Fraction(1, PARTS[self.at(i, 1)])),)
            return 0, ()
        count, _, parts = word.partition("-")
        if count in ONES and parts in PARTS:
            return 1, (self.made(i, 1, Fraction(ONES[count], PARTS[parts])),)
        if word in ONES and word != "one" and self.at(i, 1) in PARTS and self.at(i, 1).endswith("s"):
            return 2, (self.made(i, 2, Fraction(ONES[word], PARTS[self.at(i, 1)])),)
        return 0, ()

    def spelled(self, i: int) -> tuple[int, tuple[Figure, ...]]:
        """Twenty-five, two hundred and fifty thousand, a hundred, three and a half million, two dozen."""
        total: Number = 0
        current: Number = 0
        size, ended = 0, ""
        while word := self.at(i, size):
            small = _simple(word)
            if word in ("a", "an") and size == 0:
                current = 1
            elif word == "one" and size == 0 and not self.counts(self.at(i, 1), self.at(i, 2)):
                return 0, ()  # "one of them" counts nothing
            elif small is not None and _fits(current, small, ended):
                current += small
            elif word in MAGNITUDES:
                current = (current or 1) * MAGNITUDES[word]
                if word != "hundred":
                    total, current = total + current, 0
            elif word == "dozen":
                current = (current or 1) * 12
            elif word == "and" and ended in MAGNITUDES and _simple(self.at(i, size + 1)) is not None:
                pass
            elif word == "and" and [self.at(i, size + k) for k in (1, 2)] == ["a", "half"] and current:
                current, size = current + _HALF, size + 2
                word = "half"
            else:
                break
            ended, size = word, size + 1
        value = total + current
        if not size or (size == 1 and ended in ("a", "an", "one")):
            return 0, ()
        size, factor, unit, measure = self.after(i, size, "")
        return size, (self.made(i, size, value * factor, unit, measure=measure),)

    @staticmethod
    def counts(word: str, after: str) -> bool:
        """True if "one" before the words is a number: one hundred, one and a half, one per cent, one km."""
        if word in MAGNITUDES or word in UNITS or word in ("dozen", "times") or word in MEASURES:
            return word != "second"
        return (word, after) in {("and", "a"), ("per", "cent"), ("percentage", "point")}

    def ordinal(self, i: int) -> tuple[int, tuple[Figure, ...]]:
        word = self.at(i)
        tens, _, ones = word.rpartition("-")
        value = ORDINALS.get(word)
        if tens in NUMBERS and ones in ORDINALS:
            value = NUMBERS[tens] + ORDINALS[ones]
        if value is None or self.at(i, -1) in _NO_ORDINAL or (word == "first" and self.at(i, 1) == "of"):
            return 0, ()  # "at first", "per second", "comes first", "first of all" count nothing
        return 1, (self.made(i, 1, value, "th"),)

    def ranges(self, found: Sequence[Figure]) -> list[Figure]:
        """The figures with "10 to 15 per cent" read as 10 per cent and 15, and "2 or 3 million" alike."""
        result = list(found)
        for k in range(len(found) - 2, -1, -1):
            low, high = result[k], result[k + 1]
            if high.first != low.last + 2 or low.unit or low.measure or is_year(low):
                continue
            if self.at(low.last, 1) not in ("to", "or", "and"):
                continue
            if high.unit in ("th", "many", "times", "s"):
                continue
            scale = max((size for word, size in MAGNITUDES.items() if self.has(high, word)), default=1)
            scale = scale if low.value < 1000 else 1
            if scale > 1 or high.unit or high.measure:
                result[k] = replace(low, value=low.value * scale, unit=high.unit, measure=high.measure)
                self.between.add(low.last + 1)
        return result

    def has(self, figure: Figure, word: str) -> bool:
        return any(self.at(i) == word for i in range(figure.first, figure.last + 1))


@functools.lru_cache(maxsize=1 << 14)
def _in_digits(word: str, decimal_comma: bool) -> tuple[Number, str] | None:
    """The number that a word in digits is, with its unit."""
    if is_plain_number(word):
        return int(word), ""
    match = _DIGITS.fullmatch(word)
    value = _number(match[2], decimal_comma) if match and one_script(word) else None
    if match is None or value is None:
        return None
    suffix = match[3] or ""
    unit = {"%": "%", "st": "th", "nd": "th", "rd": "th", "th": "th", "s": "s"}.get(suffix, "")
    return value * SHORT_MAGNITUDES.get(suffix, 1), match[1] or unit


def _number(text: str, decimal_comma: bool) -> Number | None:
    """The number that digits and marks mean, as the seed's language writes them; None if none."""
    if len(text) > _LONGEST:
        return None
    thousands, mark = (".", ",") if decimal_comma else (",", ".")
    groups = re.fullmatch(rf"-?\d{{1,3}}(?:\{thousands}\d{{3}})+(?:\{mark}\d+)?", text)
    bare = text.replace(thousands, "") if groups else text
    if thousands in bare:
        return None
    whole, point, _ = bare.partition(mark)
    if not re.fullmatch(rf"-?\d+(?:\{mark}\d+)?", bare):
        return None
    return Fraction(bare.replace(mark, ".")) if point else int(whole)


def one_script(word: str) -> bool:
    """True if the digits of the word are of one script: 1٣5 is no number that anybody writes."""
    return word.isascii() or len({ord(c) - unicodedata.digit(c, 0) for c in word if c.isdecimal()}) <= 1


def _simple(word: str) -> int | None:
    """A number word under a hundred: seven, twelve, forty, forty-two."""
    if word in NUMBERS:
        return NUMBERS[word]
    if word == "one":
        return 1
    tens, _, ones = word.partition("-")
    if tens in NUMBERS and NUMBERS[tens] >= 20 and ones in ONES:
        return NUMBERS[tens] + ONES[ones]
    return None


def _fits(current: Number, small: int, ended: str) -> bool:
    """True if a small number goes on the one before it: forty two, two hundred (and) five."""
    if current == 0:
        return ended == "" or ended in MAGNITUDES or ended == "and"
    if current % 100 == 0:
        return True
    return current % 10 == 0 and current % 100 >= 20 and small < 10
