"""Claims with figures and names made from passages, honest and changed, and put to the compiler.

A claim here is a bare sentence ("It is given as $16 billion."), so that what is measured is the
evidence and not the wording. What figures a passage has is read here by a pattern of this module's
own.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from bench.judge import Claim, judge_claims
from bench.phrases import TURNED, hedge_before, of_aliases, of_phrases
from bench.texts import Passage, Text
from build_tools.text import words

_SCALES = MappingProxyType(
    {"": 1, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
)
_SMALL = (
    *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_STATED = re.compile(
    r"(?<![\w.,$€£/:-])(?P<currency>[$€£])?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<scale> (?:hundred|thousand|million|billion|trillion)\b)?(?P<unit>%| per ?cent\b)?"
    r"(?![\w$€£%/:-]|[.,:]\d| or (?:more|less|so|fewer)\b| ?(?:to|and|or) [$€£]?\d| (?:percentage|and a half)"
    r"| ?(?:dollars|lira|euros|pounds|hundred|thousand|million|billion|trillion|times|per ?cent|%))"
)
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][^\W\d_]{2,}(?: [A-Z][^\W\d_]{2,})*\b")
_SENTENCE = re.compile(r"[^.!?]+(?:[.!?](?!\s)[^.!?]+)*[.!?]+")

# What each class expects of the checker.
HONEST = (
    "figure as printed",
    "number in words or digits",
    "unit in words or as a sign",
    "magnitude written out or short",
    "thousands marks",
    "hedged: nearly, at least",
    "ordinal in words or digits",
    "range in other words",
    "from one to the other",
    "measure as printed",
    "date as printed",
    "name as printed",
    "name with ’s",
    "name by an alias",
    "all figures and names of a sentence",
)
FIGURES = (
    "digit changed",
    "decimal point moved",
    "unit or currency dropped",
    "currency exchanged",
    "million for billion",
    "measure exchanged",
    "ordinal changed",
    "end of a range changed",
    "year one off",
)
DATES = ("day changed", "month changed", "year of a date changed")
HEDGES = ("hedge dropped", "hedge turned round")
EXCHANGED = (
    "two figures of one passage exchanged, span cited",
    "two figures of one passage exchanged, no span",
    "two years of one passage exchanged, span cited",
    "span moved to other words",
    "from the other to the one",
)
ELSEWHERE = (
    "wrong passage: one figure",
    "wrong passage: all figures and names of a sentence",
    "wrong text: all figures and names of a sentence",
)
NAMES = ("name for name", "alias of a name that the passage lacks")
CHANGED = (*FIGURES, *DATES, *HEDGES, *EXCHANGED, *NAMES, *ELSEWHERE)


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure as the raw text has it: value, unit (`$ € £ %` or none), hedge, and the span of its words."""

    value: Fraction
    unit: str
    written: str
    number: str
    scale: str
    hedge: str
    first: int
    last: int

    @property
    def is_year(self) -> bool:
        return not self.unit and not self.scale and bool(re.fullmatch(r"1[5-9]\d\d|20\d\d", self.number))

    @property
    def span(self) -> str:
        return f"{self.first}-{self.last}"


def stated(passage: Passage) -> tuple[Stated, ...]:
    """The figures that the passage prints in digits, but for those inside other words, ranges and dates."""
    return tuple(
        Stated(
            value=Fraction(match["number"].replace(",", "")) * _SCALES[(match["scale"] or "").strip()],
            unit=match["currency"] or ("%" if match["unit"] else ""),
            written=match[0],
            number=match["number"],
            scale=(match["scale"] or "").strip(),
            hedge=(hedge := hedge_before(passage.text[: match.start()])),
            first=len(words(passage.text[: match.start()])) + 1 - len(hedge.split()),
            last=len(words(passage.text[: match.end()])),
        )
        for match in _STATED.finditer(passage.text)
    )


def claims(texts: Iterable[Text], seed: str) -> Iterator[Claim]:
    """Every claim that the texts give: for each figure and name of each passage one of a class."""
    taken = tuple(texts)
    for text in taken:
        for passage in text.passages:
            rng = random.Random(f"{seed}/claims/{text.id}/{passage.id}")
            figures = stated(passage)
            for figure in figures:
                yield from _of_figure(rng, text, passage, figure, figures)
            yield from _of_names(rng, text, passage)
            yield from _of_sentences(rng, text, passage, taken)
            yield from of_phrases(rng, text, passage)
        rng = random.Random(f"{seed}/aliases/{text.id}")
        yield from of_aliases(rng, text, [name for passage in text.passages for name in _names(passage.text)])


def _of_figure(
    rng: random.Random, text: Text, passage: Passage, figure: Stated, all_: tuple[Stated, ...]
) -> Iterator[Claim]:
    cite = f"{text.id}#{passage.id}:{figure.span}"

    said = f"It is given as {figure.hedge}{figure.written}."

    def honest(group: str, written: str | None) -> Iterator[Claim]:
        if written is not None and written != figure.written:
            yield Claim(group, True, text, f"It is given as {figure.hedge}{written}.", cite)

    def changed(group: str, written: str | None) -> Iterator[Claim]:
        if written is not None:
            yield Claim(group, False, text, f"It is given as {figure.hedge}{written}.", cite)

    yield Claim("figure as printed", True, text, said, cite)
    yield from honest("number in words or digits", _in_words(figure))
    yield from honest("unit in words or as a sign", _unit_in_words(rng, figure))
    yield from honest("magnitude written out or short", _magnitude_written(figure))
    yield from honest("thousands marks", _thousands(rng, figure))
    hedge = rng.choice(("nearly", "about", "at least", "more than", "roughly"))
    yield from honest("hedged: nearly, at least", None if figure.hedge else f"{hedge} {figure.written}")
    if figure.hedge in TURNED:
        turned = f"It is given as {TURNED[figure.hedge]}{figure.written}."
        yield Claim("hedge dropped", False, text, f"It is given as {figure.written}.", cite)
        yield Claim("hedge turned round", False, text, turned, cite)
    yield from changed("digit changed", _digit_changed(rng, figure))
    yield from changed("decimal point moved", _decimal_moved(figure))
    bare = re.sub(r"[$€£%]| per ?cent", "", figure.written)
    yield from changed("unit or currency dropped", bare if figure.unit else None)
    other = rng.choice([sign for sign in "$€£" if sign != figure.unit])
    yield from changed(
        "currency exchanged",
        figure.written.replace(figure.unit, other) if figure.unit in set("$€£") else None,
    )
    scale = rng.choice([word for word in _SCALES if word not in ("", "hundred", figure.scale)])
    yield from changed(
        "million for billion", figure.written.replace(figure.scale, scale) if figure.scale else None
    )
    year = str(int(figure.number) + rng.choice((-1, 1))) if figure.is_year else ""
    if year and year not in passage.text:
        yield from changed("year one off", year)
    yield from _exchanged(rng, text, passage, figure, all_)
    size, count = figure.last - figure.first + 1, len(words(passage.text))
    begin = figure.last + 1 if figure.last + size <= count else figure.first - size
    if begin > 0 and not figure.is_year:
        moved = f"{text.id}#{passage.id}:{begin}-{begin + size - 1}"
        if figure.number not in " ".join(
            word.written for word in words(passage.text)[begin - 1 : begin - 1 + size]
        ):
            yield Claim(EXCHANGED[3], False, text, said, moved)
    elsewhere = rng.choice(text.passages)
    if elsewhere is not passage:
        yield Claim(ELSEWHERE[0], False, text, said, f"{text.id}#{elsewhere.id}")


def _exchanged(
    rng: random.Random, text: Text, passage: Passage, figure: Stated, all_: tuple[Stated, ...]
) -> Iterator[Claim]:
    """The figure where another of its kind stands; years apart, as a passage's year holds for all of it."""
    others = [
        other
        for other in all_
        if (other.unit, other.is_year) == (figure.unit, figure.is_year) and other.value != figure.value
    ]
    if not others:
        return
    other = rng.choice(others)
    words_ = f"It is given as {other.hedge}{other.written}."
    place = f"{text.id}#{passage.id}"
    if figure.is_year:
        yield Claim(EXCHANGED[2], False, text, words_, f"{place}:{figure.span}")
    else:
        yield Claim(EXCHANGED[0], False, text, words_, f"{place}:{figure.span}")
        yield Claim(EXCHANGED[1], False, text, words_, place)


def _in_words(figure: Stated) -> str | None:
    """The number spelled out, from two to 999,999."""
    if figure.value.denominator != 1 or not 2 <= figure.value < 10**6 or figure.scale or figure.is_year:
        return None
    ends = {"%": " per cent", "$": " dollars", "€": " euros", "£": " pounds", "": ""}
    return _spelled(int(figure.value)) + ends[figure.unit]


def _spelled(number: int) -> str:
    if number <= 20:
        return ("nought", "one", *_SMALL)[number]
    if number < 100:
        return _TENS[number // 10 - 2] + (f"-{_spelled(number % 10)}" if number % 10 else "")
    if number < 1000:
        small = f" and {_spelled(number % 100)}" if number % 100 else ""
        return f"{_spelled(number // 100)} hundred{small}"
    rest = number % 1000
    joint = " and " if 0 < rest < 100 else " "
    return f"{_spelled(number // 1000)} thousand" + (f"{joint}{_spelled(rest)}" if rest else "")


def _unit_in_words(rng: random.Random, figure: Stated) -> str | None:
    bare = re.sub(r"[$€£%]| per ?cent", "", figure.written)
    if figure.unit == "%":
        return bare + (rng.choice((" percent", " per cent")) if "%" in figure.written else "%")
    return {"$": f"{bare} dollars", "€": f"{bare} euros", "£": f"{bare} pounds"}.get(figure.unit)


def _magnitude_written(figure: Stated) -> str | None:
    sign, percent = (figure.unit, "") if figure.unit != "%" else ("", "%")
    if figure.scale and figure.value.denominator == 1:
        return f"{sign}{int(figure.value):,}{percent}"
    if not figure.scale and figure.value >= 10**6 and figure.value % 10**5 == 0:
        number = f"{float(figure.value / 10**6):.1f}".removesuffix(".0")
        return f"{sign}{number} million{percent}"
    return None


def _thousands(rng: random.Random, figure: Stated) -> str | None:
    mark = rng.choice(("\u00a0", "\u202f", "\u2009", ""))
    return figure.written.replace(",", mark) if "," in figure.number else None


def _digit_changed(rng: random.Random, figure: Stated) -> str | None:
    if figure.is_year:
        return None
    places = [i for i, c in enumerate(figure.written) if c.isdigit()]
    at = rng.choice(places)
    digit = rng.choice([d for d in "123456789" if d != figure.written[at]])
    return figure.written[:at] + digit + figure.written[at + 1 :]


def _decimal_moved(figure: Stated) -> str | None:
    if figure.is_year or "," in figure.number or len(figure.number) < 2:
        return None
    moved = (
        figure.number.replace(".", "")
        if "." in figure.number
        else f"{figure.number[:-1]}.{figure.number[-1]}"
    )
    if Fraction(moved) == Fraction(figure.number):
        return None
    return figure.written.replace(figure.number, moved)


def _names(passage: str) -> list[str]:
    return list(dict.fromkeys(_NAME.findall(passage)))


def _of_names(rng: random.Random, text: Text, passage: Passage) -> Iterator[Claim]:
    cite = f"{text.id}#{passage.id}"
    everywhere = sorted({name for other in text.passages for name in _names(other.text)})
    others = [name for name in everywhere if not set(name.split()) & set(re.findall(r"\w+", passage.text))]
    for name in _names(passage.text)[:3]:
        yield Claim("name as printed", True, text, f"It has to do with {name}.", cite)
        yield Claim(
            "name with ’s",
            True,
            text,
            f"It is one of {name}{'’' if name.endswith('s') else '’s'} affairs.",
            cite,
        )
        if others:
            yield Claim(NAMES[0], False, text, f"It has to do with {rng.choice(others)}.", cite)


def _of_sentences(
    rng: random.Random, text: Text, passage: Passage, all_: tuple[Text, ...]
) -> Iterator[Claim]:
    """Claims that join all figures and names of a sentence, as claims of a wiki do."""
    for sentence in _SENTENCE.findall(passage.text):
        found = _STATED.finditer(sentence)
        facts = [hedge_before(sentence[: match.start()]) + match[0] for match in found] + _names(sentence)
        if len(facts) < 2:
            continue
        words_ = f"It has to do with {'; '.join(facts)}."
        begin = len(words(passage.text[: passage.text.index(sentence)])) + 1
        span = f"{begin}-{begin + len(words(sentence)) - 1}"
        yield Claim(HONEST[-1], True, text, words_, f"{text.id}#{passage.id}:{span}")
        elsewhere = rng.choice(text.passages)
        if elsewhere is not passage:
            yield Claim(ELSEWHERE[1], False, text, words_, f"{text.id}#{elsewhere.id}")
        other = rng.choice(all_)
        if other is not text:
            cite = f"{other.id}#{rng.choice(other.passages).id}"
            yield Claim(ELSEWHERE[2], False, text, words_, cite, elsewhere=other)


def judged(taken: Iterable[Claim]) -> tuple[tuple[Claim, bool], ...]:
    """Each claim with whether a wiki that holds it would pass `wiki check --strict`."""
    by_text: dict[Text, list[Claim]] = defaultdict(list)
    for claim in taken:
        by_text[claim.text].append(claim)
    return tuple(found for group in by_text.values() for found in judge_claims(group))
