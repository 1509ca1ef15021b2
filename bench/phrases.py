"""Claims about ordinals, ranges, measures, dates and aliases: what a passage states in more than digits."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from types import MappingProxyType

from bench.judge import Claim
from bench.texts import Passage, Text
from build_tools.text import words

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_SUFFIXES = ("1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th", "9th", "10th")
_ORDINAL = re.compile(rf"\b(?:the|a|its|his|this) ({'|'.join((*_ORDINALS, *_SUFFIXES))})\b(?! of all)")
_MEASURES = ("miles", "kilometers", "km", "tons", "acres", "feet", "years", "months", "days", "hours")
_MEASURE = re.compile(rf"(?<![\w.,$€£/:-])(\d+(?:,\d{{3}})*) ({'|'.join(_MEASURES)})\b")
_RANGE = re.compile(
    r"(?<![\w.,$€£/:-])(\d+(?:\.\d+)?)(?: to |-|\u2013)(\d+(?:\.\d+)?)"
    r"(%| percent| per cent| million| billion| miles)(?![\w-])"
)
_AMOUNT = r"[$€£]?\d+(?:,\d{3})*(?:\.\d+)?%?(?: (?:thousand|million|billion|percent))?"
_RISE = re.compile(rf"\bfrom (?P<a>{_AMOUNT})(?P<between>[^.;]{{0,40}}?) to (?P<b>{_AMOUNT})(?![\w,]|\.\d)")
_DATE = re.compile(
    rf"\b(?P<m>{'|'.join(_MONTHS)}) (?P<d>\d\d?), (?P<y>1[5-9]\d\d|20\d\d)\b"
    rf"|\b(?P<d2>\d\d?) (?P<m2>{'|'.join(_MONTHS)}) (?P<y2>1[5-9]\d\d|20\d\d)\b"
)
_INVENTED = ("Zorvane", "Quillmar", "Brathune", "Feskel", "Ondrigal", "Tulmere", "Wexilby", "Yarnost")


def of_phrases(rng: random.Random, text: Text, passage: Passage) -> Iterator[Claim]:
    """The claims of these kinds that the passage gives."""
    yield from _ordinals(rng, text, passage)
    yield from _measures(rng, text, passage)
    yield from _ranges(rng, text, passage)
    yield from _rises(text, passage)
    yield from _dates(rng, text, passage)


def _cite(text: Text, passage: Passage, match: re.Match[str], hedge: str = "") -> str:
    first = len(words(passage.text[: match.start()])) + 1 - len(hedge.split())
    return f"{text.id}#{passage.id}:{first}-{len(words(passage.text[: match.end()]))}"


def _ordinals(rng: random.Random, text: Text, passage: Passage) -> Iterator[Claim]:
    for match in list(_ORDINAL.finditer(passage.text))[:2]:
        forms = _ORDINALS if match[1] in _ORDINALS else _SUFFIXES
        number, cite = forms.index(match[1]), _cite(text, passage, match)
        other = _SUFFIXES if forms is _ORDINALS else _ORDINALS
        yield Claim("ordinal in words or digits", True, text, f"It is the {other[number]} one.", cite)
        wrong = rng.choice([form for form in forms if form != match[1]])
        yield Claim("ordinal changed", False, text, f"It is the {wrong} one.", cite)


def _measures(rng: random.Random, text: Text, passage: Passage) -> Iterator[Claim]:
    for match in list(_MEASURE.finditer(passage.text))[:2]:
        hedge = hedge_before(passage.text[: match.start()])
        cite = _cite(text, passage, match, hedge)
        yield Claim("measure as printed", True, text, f"It is given as {hedge}{match[0]}.", cite)
        same = {"kilometers", "km"}
        others = [m for m in _MEASURES if m != match[2] and not {m, match[2]} <= same]
        exchanged = f"It is given as {hedge}{match[1]} {rng.choice(others)}."
        yield Claim("measure exchanged", False, text, exchanged, cite)


def _ranges(rng: random.Random, text: Text, passage: Passage) -> Iterator[Claim]:
    for match in list(_RANGE.finditer(passage.text))[:2]:
        low, high, unit = match[1], match[2], match[3]
        if float(low) >= float(high) or (unit in (" million", " billion") and float(low) >= 1000):
            continue
        cite, written = _cite(text, passage, match), {"%": " per cent", " percent": "%"}.get(unit, unit)
        forms = (f"between {low} and {high}", f"{low} to {high}", f"{low}–{high}")
        yield Claim("range in other words", True, text, f"It lies {rng.choice(forms)}{written}.", cite)
        wrong = str(int(float(high)) + rng.choice((1, 2, 5)))
        ends = (low, wrong) if rng.randrange(2) else (str(max(0, int(float(low)) - 1)), high)
        if not set(ends) <= {low, high}:
            words_ = f"It lies between {ends[0]} and {ends[1]}{written}."
            yield Claim("end of a range changed", False, text, words_, cite)


def _rises(text: Text, passage: Passage) -> Iterator[Claim]:
    for match in list(_RISE.finditer(passage.text))[:2]:
        low, high, cite = match["a"], match["b"], _cite(text, passage, match)
        if low != high and not re.search(r"\d", match["between"]):
            yield Claim("from one to the other", True, text, f"It went from {low} to {high}.", cite)
            yield Claim("from the other to the one", False, text, f"It went from {high} to {low}.", cite)


def _dates(rng: random.Random, text: Text, passage: Passage) -> Iterator[Claim]:
    numbers = set(re.findall(r"\d+", passage.text))
    for match in list(_DATE.finditer(passage.text))[:2]:
        month = _MONTHS.index(match["m"] or match["m2"]) + 1
        day, year = int(match["d"] or match["d2"]), int(match["y"] or match["y2"])
        cite = f"{text.id}#{passage.id}"

        def dated(group: str, honest: bool, y: int, m: int, d: int, cite: str = cite) -> Claim:
            return Claim(group, honest, text, "It came to pass.", cite, when=f"{y:04}-{m:02}-{d:02}")

        yield dated("date as printed", True, year, month, day)
        others = [d for d in range(1, 28) if str(d) not in numbers]
        yield dated("day changed", False, year, month, rng.choice(others))
        months = [m for m in range(1, 13) if _MONTHS[m - 1] not in passage.text]
        yield dated("month changed", False, year, rng.choice(months), min(day, 28))
        if str(year + 1) not in numbers:
            yield dated("year of a date changed", False, year + 1, month, min(day, 28))


def of_aliases(rng: random.Random, text: Text, names: Sequence[str]) -> Iterator[Claim]:
    """Claims that call somebody by an invented name, whose other name the passage has or lacks."""
    chosen = rng.sample(sorted(set(names)), min(len(set(names)), len(_INVENTED)))
    for number, (name, invented) in enumerate(zip(chosen, _INVENTED, strict=False)):
        alias = {"name": invented, "also": [{"name": name, "kind": "spelling"}]}
        entities = {f"alias-{number}": json.dumps(alias, ensure_ascii=False)}
        having = [p for p in text.passages if re.search(rf"(?<=[a-z,;] ){re.escape(name)}\b", p.text)]
        parts = set(name.split())
        lacking = [p for p in text.passages if not parts & set(re.findall(r"\w+", p.text))]
        for group, honest, passages in (
            ("name by an alias", True, having),
            ("alias of a name that the passage lacks", False, lacking),
        ):
            if passages:
                cite = f"{text.id}#{rng.choice(passages).id}"
                words_ = f"It has to do with [[alias-{number}]]."
                yield Claim(group, honest, text, words_, cite, entities=entities)


_HEDGE = re.compile(
    r"(?i)\b((?:at least|no less than|not less than|no fewer than|more than|over|above|exceeding|at most"
    r"|less than|fewer than|up to|upwards of|in excess of|under|below|about|around|approximately|roughly|some"
    r"|nearly|almost|close to|an estimated|estimated|just under|just over|only about) )$"
)
# A hedge that says the opposite, or another thing.
TURNED = MappingProxyType(
    {"at least ": "at most ", "more than ": "less than ", "over ": "under ", "exceeding ": "below "}
    | {"nearly ": "more than ", "almost ": "more than ", "about ": "at least ", "up to ": "at least "}
    | {"approximately ": "at least ", "less than ": "more than ", "fewer than ": "more than "}
)


def hedge_before(text: str) -> str:
    """The words before a figure that bound or blur it, with the space after them, or nothing."""
    match = _HEDGE.search(text)
    return match[1].lower() if match else ""
