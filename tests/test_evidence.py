"""Which figures a text states, and when a passage has a name."""

from __future__ import annotations

from fractions import Fraction

import pytest

from build_tools.evidence import figures, figures_of, has_name, is_code, is_figure_word, is_year, name_forms
from build_tools.seal import make_seal
from build_tools.text import words


def stated(text: str) -> list[tuple[Fraction, str]]:
    found = figures((i, word.folded) for i, word in enumerate(words(text)) if is_figure_word(word.folded))
    return [(figure.value, figure.unit) for figure in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("it cost $16 billion", [(Fraction(16 * 10**9), "$")]),
        ("it cost 16 billion dollars", [(Fraction(16 * 10**9), "$")]),
        ("it cost 16,000,000,000", [(Fraction(16 * 10**9), "")]),
        ("12 billion euros", [(Fraction(12 * 10**9), "€")]),
        ("€12bn", [(Fraction(12 * 10**9), "€")]),
        ("4.5 million tons", [(Fraction(4500000), "")]),
        ("530,000 and 530\u202f000", [(Fraction(530000), "")] * 2),
        ("15%, 15 %, 15 percent, 15 per cent", [(Fraction(15), "%")] * 4),
        ("fifteen per cent", [(Fraction(15), "%")]),
        ("all four types", [(Fraction(4), "")]),
        ("twenty-five ferries", [(Fraction(25), "")]),
        ("two hundred boats", [(Fraction(200), "")]),
        ("half of them", [(Fraction(1, 2), "")]),
        ("it tripled", [(Fraction(3), "times")]),
        ("three times as many, a threefold rise", [(Fraction(3), "times")] * 2),
        ("by 2026–28", [(Fraction(2026), ""), (Fraction(2028), "")]),
        ("10-15%", [(Fraction(10), "%"), (Fraction(15), "%")]),
        ("in the 1990s", [(Fraction(1990), "")]),
        ("the 19th boat", [(Fraction(19), "")]),
        ("one of them", []),
        ("no figure at all", []),
        ("5 boats, 6 million", [(Fraction(5), ""), (Fraction(6000000), "")]),
    ],
)
def test_a_figure_is_its_value_and_its_unit(text: str, expected: list[tuple[Fraction, str]]) -> None:
    assert stated(text) == expected


def test_words_that_are_not_neighbours_make_no_figure_together() -> None:
    assert stated("5 boats for a million") == [(Fraction(5), "")]


def test_a_seal_gives_the_same_figures_as_the_text() -> None:
    text = "Fares rose from $4 to $8, or by half, and 2 million people came in 2024."
    sealed = make_seal("s", [("p1", text, False)]).passages[0]
    assert [(figure.value, figure.unit) for figure in figures_of(sealed.figures)] == stated(text)


def test_only_four_digits_without_a_unit_are_a_year() -> None:
    found = figures(enumerate(["1999", "$1999", "19", "2024"]))
    assert [is_year(figure) for figure in found] == [True, False, False, True]


def test_a_possessive_and_the_halves_of_a_compound_are_forms_of_a_name() -> None:
    assert name_forms("holmport's") == ("holmport",)
    assert name_forms("anglo-saxon") == ("anglo-saxon", "anglo", "saxon")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (("league", "of", "isles"), True),
        (("league", "of", "towns"), False),
        (("isles",), True),
        (("brook",), True),
        (("ada", "brook"), True),
        (("ada", "stone"), False),
        (("of",), False),
    ],
)
def test_a_name_of_several_words_stands_together(wanted: tuple[str, ...], found: bool) -> None:
    names = ((3, "league"), (5, "isles"), (9, "ada"), (10, "brook's"))
    assert has_name(names, wanted) is found


def test_a_name_with_a_digit_is_a_code_and_no_figure() -> None:
    assert [is_code(word) for word in ("tb2", "covid-19", "2nd", "$5", "boat")] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert stated("the TB2 and the COVID-19") == []
