"""The English words that figures are made of: numbers, magnitudes, units, measures and hedges."""

from __future__ import annotations

import enum
from fractions import Fraction
from types import MappingProxyType


class Hedge(enum.StrEnum):
    """How a figure is bounded or blurred: at least, at most, about, or just below."""

    LEAST = "at least"
    MOST = "at most"
    ABOUT = "about"
    NEARLY = "nearly"


_SMALL = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_SMALL += " seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBERS = MappingProxyType(
    {word: number for number, word in enumerate(_SMALL.split(), 2)}
    | {word: 10 * number for number, word in enumerate(_TENS.split(), 2)}
)
ONES = MappingProxyType({"one": 1, **{word: number for word, number in NUMBERS.items() if number < 10}})
ORDINALS = MappingProxyType(
    {
        word: number
        for number, word in enumerate(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"
            " fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
            1,
        )
    }
)
PARTS = MappingProxyType({"half": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4} | {
    f"{word}{s}": number for word, number in ORDINALS.items() if 5 <= number <= 10 for s in ("", "s")
})  # fmt: skip
MAGNITUDES = MappingProxyType(
    {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
)
SHORT_MAGNITUDES = MappingProxyType({"k": 1000, "m": 10**6, "mn": 10**6, "bn": 10**9, "tn": 10**12})
# Beside a figure "m" and "k" may be metres and kelvin; as its last letter ("5m") they are not.
AFTER_DIGITS = MappingProxyType(
    dict(MAGNITUDES) | {word: SHORT_MAGNITUDES[word] for word in ("mn", "bn", "tn")}
)
VAGUE = MappingProxyType({"dozens": 12, "tens": 10} | {f"{word}s": size for word, size in MAGNITUDES.items()})
# A figure of its own kind, which only the like of it supports.
TIMES: MappingProxyType[str, int | Fraction] = MappingProxyType(
    {"twice": 2, "thrice": 3}
    | dict.fromkeys(("doubled", "doubles", "doubling"), 2)
    | dict.fromkeys(("tripled", "triples", "tripling", "trebled", "trebles", "trebling"), 3)
    | dict.fromkeys(("quadrupled", "quadruples", "quadrupling"), 4)
    | dict.fromkeys(("halved", "halves", "halving"), Fraction(1, 2))
    | {f"{word}fold": number for word, number in NUMBERS.items()}
)
UNITS = MappingProxyType(
    {"percent": "%", "pct": "%", "dollar": "$", "dollars": "$", "usd": "$", "euro": "€", "euros": "€"}
    | {"eur": "€", "pound": "£", "pounds": "£", "gbp": "£", "yen": "¥", "jpy": "¥", "lira": "₺", "liras": "₺"}
    | {"ruble": "₽", "rubles": "₽", "rouble": "₽", "roubles": "₽", "rub": "₽", "rupee": "₹", "rupees": "₹"}
    | {"won": "₩", "yuan": "yuan", "renminbi": "yuan", "francs": "francs", "chf": "francs"}
)
MEASURES = MappingProxyType(
    {
        word: measure
        for measure, row in {
            "t": "t ton tons tonne tonnes",
            "kg": "kg kilo kilos kilogram kilograms kilogramme kilogrammes",
            "g": "g gram grams gramme grammes",
            "lb": "lb lbs",
            "km": "km kilometre kilometres kilometer kilometers",
            "m": "m metre metres meter meters",
            "cm": "cm centimetre centimetres centimeter centimeters",
            "mm": "mm millimetre millimetres millimeter millimeters",
            "mile": "mile miles",
            "foot": "foot feet ft",
            "inch": "inch inches",
            "ha": "ha hectare hectares",
            "acre": "acre acres",
            "l": "litre litres liter liters",
            "gallon": "gallon gallons",
            "barrel": "barrel barrels",
            "kw": "kw kilowatt kilowatts",
            "mw": "mw megawatt megawatts",
            "gw": "gw gigawatt gigawatts",
            "kwh": "kwh",
            "mwh": "mwh",
            "gwh": "gwh",
            "twh": "twh",
            "second": "second seconds",
            "minute": "minute minutes",
            "hour": "hour hours",
            "day": "day days",
            "week": "week weeks",
            "month": "month months",
            "year": "year years",
            "decade": "decade decades",
            "century": "century centuries",
        }.items()
        for word in row.split()
    }
)
TIME = frozenset({"second", "minute", "hour", "day", "week", "month", "year", "decade", "century"})
# What may go on with a figure after its digits: "3 and a half", "5 per cent", "16 US dollars".
AFTER_FIGURE = frozenset(
    [
        *PARTS,
        *AFTER_DIGITS,
        *UNITS,
        *MEASURES,
        *"and us american times fold per percentage square cubic".split(),
    ]
)
HEDGES = MappingProxyType(
    {
        tuple(phrase.split()): hedge
        for hedge, row in {
            Hedge.LEAST: "at least,more than,no less than,no fewer than,not less than,over,above,exceeding"
            ",upwards of,in excess of",
            Hedge.MOST: "at most,less than,fewer than,no more than,not more than,up to,under,below",
            Hedge.ABOUT: "about,around,approximately,roughly,some,circa,ca,estimated,an estimated,close to"
            ",more or less,in the region of,in the order of",
            Hedge.NEARLY: "nearly,almost,not quite,just under,just below,barely,approaching,short of"
            ",just short of",
        }.items()
        for phrase in row.split(",")
    }
)
HEDGES_AFTER = MappingProxyType(
    {("or", "more"): Hedge.LEAST, ("or", "so"): Hedge.ABOUT, ("or", "less"): Hedge.MOST,
     ("or", "fewer"): Hedge.MOST}
)  # fmt: skip
LONGEST_HEDGE = max(map(len, HEDGES))
HEDGES_END = frozenset(phrase[-1] for phrase in HEDGES)
# The words that a figure may begin with, besides those with a digit or a hyphen.
OPENING = frozenset(
    [
        *NUMBERS,
        *ONES,
        *ORDINALS,
        *MAGNITUDES,
        *VAGUE,
        *TIMES,
        "half",
        "dozen",
        "a",
        "few",
        "several",
        "many",
    ]
)
# Words for the whole, the most and the only: vague figures, which a passage must have if a claim does.
QUANTIFIERS = MappingProxyType(
    dict.fromkeys("all every always entire whole everywhere".split(), "all")
    | dict.fromkeys("only sole solely exclusively alone except excepting save".split(), "only")
    | dict.fromkeys("most mostly majority mainly chiefly primarily largely predominantly".split(), "most")
)
