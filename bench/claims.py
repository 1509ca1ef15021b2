"""Claims with figures and names made from passages, honest and changed, and put to the compiler.

A claim here is a bare sentence ("It is given as $16 billion."), so that what is measured is the
evidence and not the wording. The compiler gets a whole small wiki, records and all, and what it
says of the line a claim stands on is the answer. What figures a passage has is read here by a
pattern of this module's own.
"""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from bench.measure import SEED_RECORD, cut_passages, passages_file
from bench.texts import Passage, Text
from build_tools.compiler import check_wiki
from build_tools.load import SourceFile, Sources
from build_tools.problems import Code
from build_tools.seal import seal_text
from build_tools.seeds import seal_of
from build_tools.text import words

_SCALES = MappingProxyType(
    {"": 1, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
)
_SMALL = (
    *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_STATED = re.compile(
    r"(?<![\w.,$€£/:-])(?P<currency>[$€£])?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<scale> (?:hundred|thousand|million|billion|trillion)\b)?(?P<unit>%| per ?cent\b)?"
    r"(?![\w$€£%/:-]|[.,:]\d| ?(?:dollars|hundred|thousand|million|billion|trillion|times|per ?cent|%))"
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
    "name as printed",
    "name with ’s",
    "all figures and names of a sentence",
)
CHANGED = (
    "digit changed",
    "decimal point moved",
    "unit or currency dropped",
    "currency exchanged",
    "million for billion",
    "year one off",
    "two figures of one passage exchanged, span cited",
    "two figures of one passage exchanged, no span",
    "two years of one passage exchanged, span cited",
    "name for name",
    "wrong passage: one figure",
    "wrong passage: all figures and names of a sentence",
)
_ANSWERS = frozenset(
    {Code.FIGURE_NOT_IN_PASSAGE, Code.NAME_NOT_IN_PASSAGE, Code.DATE_NOT_IN_PASSAGE, Code.SPAN_NEEDED}
)
_SETTINGS = """\
name: Benchmark
tagline: Claims made to be checked.
introduction: Claims made to be checked.
repository: https://example.org/benchmark
branch: main
kinds:
  thing: {folder: things, singular: Thing, plural: Things, description: What is claimed of.}
topics: {all: {label: All}}
relations: {near: {label: is near, symmetric: true, from: [thing], to: [thing]}}
quotation: {words_per_quote: 60, share_of_seed: 20%}
"""


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure as the raw text has it: value, unit (`$ € £ %` or none), where, and its words' span."""

    value: Fraction
    unit: str
    written: str
    number: str
    scale: str
    first: int
    last: int

    @property
    def is_year(self) -> bool:
        return not self.unit and not self.scale and bool(re.fullmatch(r"1[5-9]\d\d|20\d\d", self.number))

    @property
    def span(self) -> str:
        return f"{self.first}-{self.last}"


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim: its class, whether it is honest, its text, and the passage and span it cites."""

    group: str
    honest: bool
    text: Text
    words: str
    cite: str


def stated(passage: Passage) -> tuple[Stated, ...]:
    """The figures that the passage prints in digits, but for those inside other words, ranges and dates."""
    return tuple(
        Stated(
            value=Fraction(match["number"].replace(",", "")) * _SCALES[(match["scale"] or "").strip()],
            unit=match["currency"] or ("%" if match["unit"] else ""),
            written=match[0],
            number=match["number"],
            scale=(match["scale"] or "").strip(),
            first=len(words(passage.text[: match.start()])) + 1,
            last=len(words(passage.text[: match.end()])),
        )
        for match in _STATED.finditer(passage.text)
    )


def claims(texts: Iterable[Text], seed: str) -> Iterator[Claim]:
    """Every claim that the texts give: for each figure and name of each passage one of a class."""
    for text in texts:
        for passage in text.passages:
            rng = random.Random(f"{seed}/claims/{text.id}/{passage.id}")
            figures = stated(passage)
            for figure in figures:
                yield from _of_figure(rng, text, passage, figure, figures)
            yield from _of_names(rng, text, passage)
            yield from _of_sentences(rng, text, passage)


def _of_figure(
    rng: random.Random, text: Text, passage: Passage, figure: Stated, all_: tuple[Stated, ...]
) -> Iterator[Claim]:
    cite = f"{text.id}#{passage.id}:{figure.span}"

    def honest(group: str, written: str | None) -> Iterator[Claim]:
        if written is not None and written != figure.written:
            yield Claim(group, True, text, f"It is given as {written}.", cite)

    def changed(group: str, written: str | None) -> Iterator[Claim]:
        if written is not None:
            yield Claim(group, False, text, f"It is given as {written}.", cite)

    yield Claim("figure as printed", True, text, f"It is given as {figure.written}.", cite)
    yield from honest("number in words or digits", _in_words(figure))
    yield from honest("unit in words or as a sign", _unit_in_words(rng, figure))
    yield from honest("magnitude written out or short", _magnitude_written(figure))
    yield from honest("thousands marks", _thousands(rng, figure))
    hedge = rng.choice(("nearly", "about", "at least", "more than", "roughly"))
    yield from honest("hedged: nearly, at least", f"{hedge} {figure.written}")
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
    elsewhere = rng.choice(text.passages)
    if elsewhere is not passage:
        wrong = f"{text.id}#{elsewhere.id}"
        yield Claim(CHANGED[-2], False, text, f"It is given as {figure.written}.", wrong)


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
    words_ = f"It is given as {other.written}."
    place = f"{text.id}#{passage.id}"
    if figure.is_year:
        yield Claim(CHANGED[8], False, text, words_, f"{place}:{figure.span}")
    else:
        yield Claim(CHANGED[6], False, text, words_, f"{place}:{figure.span}")
        yield Claim(CHANGED[7], False, text, words_, place)


def _in_words(figure: Stated) -> str | None:
    if figure.value.denominator == 1 and 2 <= figure.value <= 20 and not figure.scale:
        spelled = _SMALL[int(figure.value) - 2]
        ends = {"%": " per cent", "$": " dollars", "€": " euros", "£": " pounds", "": ""}
        return spelled + ends[figure.unit]
    return None


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
            yield Claim("name for name", False, text, f"It has to do with {rng.choice(others)}.", cite)


def _of_sentences(rng: random.Random, text: Text, passage: Passage) -> Iterator[Claim]:
    """Claims that join all figures and names of a sentence, as claims of a wiki do."""
    for sentence in _SENTENCE.findall(passage.text):
        facts = [match[0] for match in _STATED.finditer(sentence)] + _names(sentence)
        if len(facts) < 2:
            continue
        words_ = f"It has to do with {'; '.join(facts)}."
        begin = len(words(passage.text[: passage.text.index(sentence)])) + 1
        span = f"{begin}-{begin + len(words(sentence)) - 1}"
        yield Claim(HONEST[-1], True, text, words_, f"{text.id}#{passage.id}:{span}")
        elsewhere = rng.choice(text.passages)
        if elsewhere is not passage:
            yield Claim(CHANGED[-1], False, text, words_, f"{text.id}#{elsewhere.id}")


def judged(taken: Iterable[Claim]) -> tuple[tuple[Claim, bool], ...]:
    """Each claim with whether a wiki that holds it would pass `wiki check --strict`."""
    by_text: dict[Text, list[Claim]] = defaultdict(list)
    for claim in taken:
        by_text[claim.text].append(claim)
    found: list[tuple[Claim, bool]] = []
    for text, group in by_text.items():
        refused = _refused_lines(text, group)
        found.extend((claim, line not in refused) for line, claim in enumerate(group, 3))
    return tuple(found)


def _refused_lines(text: Text, group: list[Claim]) -> frozenset[int]:
    lines = [
        f"  - {{id: c{i}, text: {json.dumps(claim.words, ensure_ascii=False)}, cites: ['{claim.cite}']}}"
        for i, claim in enumerate(group)
    ]
    entity = "\n".join(["name: Zzyzx", "claims:", *lines, ""])
    folder = f"seeds/{text.id}"
    sources = Sources(
        settings=SourceFile("wiki.yml", _SETTINGS.encode()),
        entities=(
            SourceFile("entities/things/benchmark.yml", b"name: Qwertz\n"),
            SourceFile("entities/things/claims.yml", entity.encode()),
        ),
        seeds=(
            SourceFile(f"{folder}/passages.yml", passages_file(text).encode()),
            SourceFile(f"{folder}/seal.json", seal_text(seal_of(text.id, cut_passages(text))).encode()),
            SourceFile(f"{folder}/seed.yml", SEED_RECORD.encode()),
        ),
        docs=(),
        attached=(),
    )
    problems = [
        problem for problem in check_wiki(sources).problems if problem.at.path.endswith("/claims.yml")
    ]
    odd = [problem for problem in problems if problem.code not in _ANSWERS | _BESIDE]
    assert not odd, odd[:3]
    return frozenset(problem.at.line for problem in problems if problem.code in _ANSWERS)


# What else may be said of claims as bare as these, and is not asked about here.
_BESIDE = frozenset(
    {Code.COPIED_WORDS, Code.ORPHAN, Code.CROWDED_EVIDENCE, Code.FIGURES_DISAGREE, Code.HEDGE_DROPPED}
    | {Code.STALE_PRESENT, Code.ATTRIBUTION_DROPPED, Code.BROAD_CLAIM}
)
