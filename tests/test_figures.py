"""Which figures a text states, what supports them, and what a seal must show of them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build_tools.figure_words import AFTER_DIGITS, HEDGES, MEASURES, OPENING, QUANTIFIERS, UNITS, Hedge
from build_tools.figures import (
    Figure,
    Number,
    days_in,
    figure_positions,
    figures,
    is_literal,
    is_year,
    supports,
)
from build_tools.seal import make_seal
from build_tools.text import words

REPRODUCIBLE = settings(derandomize=True, deadline=None)


def read(text: str, *, decimal_comma: bool = False) -> tuple[Figure, ...]:
    written = [(i, word.written) for i, word in enumerate(words(text))]
    return figures(written, decimal_comma=decimal_comma)


def stated(text: str, *, decimal_comma: bool = False) -> list[tuple[Number, str]]:
    return [(figure.value, figure.unit) for figure in read(text, decimal_comma=decimal_comma)]


MILLION = 10**6


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Currencies, per cent, magnitudes.
        ("it cost $16 billion", [(16_000 * MILLION, "$")]),
        ("it cost 16 billion dollars", [(16_000 * MILLION, "$")]),
        ("it cost 16 billion US dollars", [(16_000 * MILLION, "$")]),
        ("it cost 16,000,000,000", [(16_000 * MILLION, "")]),
        ("12 billion euros", [(12_000 * MILLION, "€")]),
        ("€12bn", [(12_000 * MILLION, "€")]),
        ("a fare of ₺40, or 40 lira", [(40, "₺"), (40, "₺")]),
        ("4.5 million tons", [(4_500_000, "")]),
        ("530,000 and 530\u202f000", [(530_000, "")] * 2),
        ("15%, 15 %, 15 percent, 15 per cent", [(15, "%")] * 4),
        ("fifteen per cent", [(15, "%")]),
        ("up by 5 percentage points", [(5, "pp")]),
        # Number words.
        ("all four types", [(4, "")]),
        ("twenty-five ferries", [(25, "")]),
        ("twenty five ferries", [(25, "")]),
        ("two hundred boats", [(200, "")]),
        ("one hundred and fifty boats", [(150, "")]),
        ("three thousand two hundred and six", [(3206, "")]),
        ("two hundred and fifty thousand", [(250_000, "")]),
        ("a hundred, a thousand and a million", [(100, ""), (1000, ""), (MILLION, "")]),
        ("a dozen, two dozen", [(12, ""), (24, "")]),
        ("two and a half million", [(2_500_000, "")]),
        ("2 and a half million", [(2_500_000, "")]),
        ("half a million", [(500_000, "")]),
        ("half of them", [(Fraction(1, 2), "")]),
        ("a third of the boats, two thirds, two-thirds", [(Fraction(1, 3), "")] + [(Fraction(2, 3), "")] * 2),
        ("three quarters of it", [(Fraction(3, 4), "")]),
        ("hundreds of boats, tens of thousands", [(100, "many"), (10_000, "many")]),
        ("several hundred, a few thousand", [(100, "many"), (1000, "many")]),
        ("5 boats, 6 million", [(5, ""), (6 * MILLION, "")]),
        ("5 boats for a million", [(5, ""), (MILLION, "")]),
        # Times.
        ("it tripled", [(3, "times")]),
        ("three times as many, a threefold rise, a 3-fold one", [(3, "times")] * 3),
        ("twice a day, doubling, halved", [(2, "times"), (2, "times"), (Fraction(1, 2), "times")]),
        # Ordinals.
        ("the 19th boat", [(19, "th")]),
        ("the second summit, the twenty-first", [(2, "th"), (21, "th")]),
        ("at first, first of all, it comes first, 5 per second", [(5, "")]),
        # Ranges.
        ("by 2026–28", [(2026, ""), (2028, "")]),
        ("10-15%", [(10, "%"), (15, "%")]),
        ("10 to 15 per cent", [(10, "%"), (15, "%")]),
        ("between 10 and 15 per cent", [(10, "%"), (15, "%")]),
        ("two or three million", [(2 * MILLION, ""), (3 * MILLION, "")]),
        ("from 410,000 crates in 1999 to 3.5 million", [(410_000, ""), (1999, ""), (3_500_000, "")]),
        ("from 2021 to 2024", [(2021, ""), (2024, "")]),
        ("2003-04", [(2003, ""), (2004, "")]),
        # Years, decades and days.
        ("in the 1990s", [(1990, "s")]),
        ("on 2021-03-12", [(2021, ""), (12, "")]),
        ("on 12.03.2021", [(2021, ""), (12, "")]),
        # Nothing.
        ("one of them", []),
        ("a boat, a few boats, many boats", []),
        ("no figure at all", []),
        ("the TB2 and the COVID-19, 24/7", []),
        ("1٣5 in two scripts", [(2, "")]),
        ("٣ alone", [(3, "")]),
    ],
)
def test_a_figure_is_its_value_and_its_unit(text: str, expected: list[tuple[Fraction, str]]) -> None:
    assert stated(text) == expected


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("530,000 tons", "t"),
        ("4.5 million tonnes", "t"),
        ("35 years ago", "year"),
        ("40 square kilometres", "square km"),
        ("five hours", "hour"),
        ("5 boats", ""),
    ],
)
def test_a_measure_after_the_number_belongs_to_it(text: str, measure: str) -> None:
    assert [figure.measure for figure in read(text)] == [measure]


@pytest.mark.parametrize(
    ("text", "hedge"),
    [
        ("nearly 2,000", Hedge.NEARLY),
        ("at least 150", Hedge.LEAST),
        ("more than half", Hedge.LEAST),
        ("no more than 5", Hedge.MOST),
        ("about 95%", Hedge.ABOUT),
        ("an estimated $5", Hedge.ABOUT),
        ("some 40 boats", Hedge.ABOUT),
        ("5 or so", Hedge.ABOUT),
        ("5 or more", Hedge.LEAST),
        ("over 40 boats", Hedge.LEAST),
        ("over five years", None),  # in their course
        ("5 boats", None),
        ("about it 5", None),
    ],
)
def test_a_hedge_stands_right_beside_its_figure(text: str, hedge: Hedge | None) -> None:
    assert [figure.hedge for figure in read(text)] == [hedge]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4,5 Millionen", [(Fraction(9, 2), "")]),
        ("530.000 Tonnen", [(530_000, "")]),
        ("1.234.567,8", [(Fraction(12345678, 10), "")]),
        ("1,250 kg", [(Fraction(5, 4), "")]),
        ("12,5 %", [(Fraction(25, 2), "%")]),
    ],
)
def test_marks_are_read_as_the_language_writes_them(text: str, expected: list[tuple[Fraction, str]]) -> None:
    assert stated(text, decimal_comma=True) == expected
    assert stated(text) != expected


@pytest.mark.parametrize(
    ("passage", "sentence", "carried"),
    [
        ("16 billion dollars", "$16bn", True),
        ("16 billion", "$16bn", False),
        ("$16", "£16", False),
        ("50%", "half", True),
        ("half", "50 per cent", True),
        ("15%", "15 percentage points", False),
        ("5 May", "the 5th of May", True),
        ("two boats", "the second boat", False),
        ("530,000 tons", "530,000 kilometres", False),
        ("530,000 tons", "530,000 crates", True),  # what is counted may be said in other words
        ("530,000", "530,000 tons", True),
        ("thousands", "1,000", False),
        ("thousands", "millions", False),
        ("tripled", "three boats", False),
        ("tripled", "a threefold rise", True),
        ("the 1990s", "1990", False),
        ("a dozen", "twelve", True),
        ("from 4 crowns", "to 4 crowns", False),
        ("to 4 crowns", "4 crowns", True),
        ("from nearly 4 crowns", "from 4 crowns", True),
        ("nearly 2,000", "2000", True),  # hedges are another rule's
    ],
)
def test_a_figure_is_carried_by_its_like(passage: str, sentence: str, carried: bool) -> None:
    (given_,), (wanted,) = read(passage), read(sentence)
    assert supports(given_, wanted) is carried


def test_only_four_digits_without_a_unit_are_a_year() -> None:
    found = read("1999, $1999, 19, 2024, 1990s, two thousand, 1500 tons, 2,000")
    assert [is_year(figure) for figure in found] == [True, False, False, True, True] + [False] * 3


def test_a_word_with_a_digit_that_is_no_figure_is_taken_as_it_is() -> None:
    assert [
        word for word in "tb2 covid-19 2nd $5 boat 24/7 1٣5 4,5 2021-03-12".split() if is_literal(word)
    ] == [
        "tb2",
        "covid-19",
        "24/7",
        "1٣5",
    ]


@pytest.mark.parametrize(
    ("word", "days"),
    [
        ("2021-03-12", ((2021, 3, 12),)),
        ("2021-03", ((2021, 3, 0),)),
        ("12.3.2021", ((2021, 3, 12),)),
        ("3/4/2021", ((2021, 4, 3), (2021, 3, 4))),
        ("13/4/2021", ((2021, 4, 13),)),
        ("2021-13-01", ()),
        ("2020-21", ()),
        ("2021", ()),
    ],
)
def test_a_numeric_date_is_read_every_way_it_can_be(
    word: str, days: tuple[tuple[int, int, int], ...]
) -> None:
    assert days_in(word) == days


# ---- what a seal shows ---------------------------------------------------------------------------

VOCABULARY = st.sampled_from(
    sorted({*OPENING, *AFTER_DIGITS, *UNITS, *list(MEASURES)[:12], *QUANTIFIERS})
    + sorted({word for phrase in HEDGES for word in phrase})
    + "5 16 $16 15% 2021 1990s 19th 10-15 2026-28 4,5 530.000 tb2 of to or and more so times per cent boat".split()
)


@settings(REPRODUCIBLE, max_examples=2000)
@given(st.lists(VOCABULARY, max_size=14), st.booleans())
def test_a_seal_states_the_same_figures_as_its_text(text: list[str], decimal_comma: bool) -> None:
    shown = figure_positions(text)
    sealed = [(i, word) for i, word in enumerate(text) if i in shown]
    whole = figures(enumerate(text), decimal_comma=decimal_comma)
    assert figures(sealed, decimal_comma=decimal_comma) == whole


@settings(REPRODUCIBLE, max_examples=500)
@given(st.text(max_size=60))
def test_whatever_a_text_holds_its_figures_lie_inside_it(text: str) -> None:
    found = [word.written for word in words(text)]
    for figure in figures(enumerate(found)):
        assert 0 <= figure.reach[0] <= figure.first <= figure.last <= figure.reach[1] < len(found)


def test_a_seal_shows_units_and_hedges_beside_figures_and_nowhere_else() -> None:
    text = "About the harbour at least 150 tons of it, they say, and over all years nearly tripled."
    sealed = make_seal("s", [("p1", text, False)]).passages[0]
    assert [word for _, word in sealed.figures] == ["at", "least", "150", "tons", "all", "nearly", "tripled"]


@pytest.mark.parametrize("digits", ["1" * 5_000, "0." + "1" * 5_000, "1-" + "2" * 5_000, "\u0661" * 5_000])
def test_a_number_longer_than_python_reads_is_none(digits: str) -> None:
    assert figures([(0, digits)]) == ()
    assert is_literal(digits)
