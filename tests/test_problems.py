"""Problems: codes that say what they mean, places that sort, and the nearest name to a misspelt one."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build_tools.problems import (
    Code,
    Location,
    Problem,
    Severity,
    did_you_mean,
    has_errors,
    in_order,
    nearest,
)

REPRODUCIBLE = settings(derandomize=True, deadline=None)


@pytest.mark.parametrize("code", list(Code), ids=str)
def test_a_code_is_lower_case_words_and_says_what_it_means(code: Code) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code.text)
    assert code.text == code.name.lower().replace("_", "-")
    assert str(code) == code.text
    assert re.fullmatch(r"[A-Z].{10,}\.", code.meaning)
    assert code.severity in Severity


def test_no_two_codes_have_one_text_or_one_meaning() -> None:
    assert len({code.text for code in Code}) == len({code.meaning for code in Code}) == len(list(Code))


def test_a_location_is_written_as_editors_and_terminals_know_it() -> None:
    assert str(Location("entities/a.yml", 12, 5)) == "entities/a.yml:12:5"
    assert str(Location("wiki.yml")) == "wiki.yml:1:1"


def test_locations_sort_by_path_then_line_then_column_as_numbers() -> None:
    places = [
        Location("a", 2, 10),
        Location("b", 1, 1),
        Location("a", 10, 1),
        Location("a", 2, 9),
        Location("a"),
    ]
    assert [str(place) for place in sorted(places)] == ["a:1:1", "a:2:9", "a:2:10", "a:10:1", "b:1:1"]


PROBLEMS = (
    Problem(Location("a", 2, 1), Code.BAD_ID, "one", "hint"),
    Problem(Location("a", 2, 1), Code.BAD_ID, "two", "hint"),
    Problem(Location("a", 2, 1), Code.BAD_VALUE, "one", "hint"),
    Problem(Location("a", 2, 1), Code.BAD_VALUE, "one", "other hint"),
    Problem(Location("a", 10, 1), Code.ALIAS_CLASH, "one", "hint"),
    Problem(Location("b", 1, 1), Code.ALIAS_CLASH, "one"),
)


@settings(REPRODUCIBLE, max_examples=50)
@given(st.randoms(use_true_random=False))
def test_problems_come_in_one_order_whatever_order_they_were_found_in(chance: random.Random) -> None:
    shuffled = [*PROBLEMS, *PROBLEMS[:3]]
    chance.shuffle(shuffled)
    assert in_order(shuffled) == PROBLEMS


def test_without_problems_nothing_is_in_order() -> None:
    assert in_order(()) == ()


def test_a_problem_is_as_severe_as_its_code() -> None:
    error, warning = (
        Problem(Location("a"), Code.BAD_ID, "x"),
        Problem(Location("a"), Code.MARKUP_AS_TEXT, "x"),
    )
    assert (error.severity, warning.severity) == (Severity.ERROR, Severity.WARNING)
    assert has_errors([warning, error])
    assert not has_errors([warning])
    assert not has_errors([])


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("norway", "norway"),
        ("norwya", "norway"),
        ("nroway", "norway"),
        ("sweeden", "sweden"),
        ("great-skarns", "great-skarn"),
        ("x", None),
        ("", None),
        ("finland", None),
    ],
)
def test_the_nearest_name_is_one_that_may_have_been_meant(wanted: str, found: str | None) -> None:
    assert nearest(wanted, ["norway", "sweden", "great-skarn"]) == found


def test_the_nearest_of_two_as_near_does_not_depend_on_their_order() -> None:
    names = [f"island-{letter}" for letter in "abcdefgh"]
    assert {
        nearest("island-x", names),
        nearest("island-x", names[::-1]),
        nearest("island-x", set(names)),
    } == {nearest("island-x", names)}


def test_a_hint_names_the_nearest_or_says_what_else_there_is() -> None:
    assert did_you_mean("norwya", ["norway"], otherwise="there is none") == "did you mean `norway`?"
    assert did_you_mean("finland", ["norway"], otherwise="there is none") == "there is none"
    assert did_you_mean("finland", [], otherwise="there is none") == "there is none"
