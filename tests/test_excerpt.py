"""A line of a file on a terminal: the marker stands under the place, whatever stands before it."""

from __future__ import annotations

import re

import pytest
import wcwidth
from hypothesis import given, settings
from hypothesis import strategies as st

from build_tools.excerpt import LEAST_WIDTH, excerpt

REPRODUCIBLE = settings(derandomize=True, deadline=None)


def shown(line: str, at: str, width: int = 80) -> list[str]:
    """The excerpt of a line for the place where `at` begins."""
    found = excerpt(line, line.index(at) + 1, width)
    return [found.line, found.marker]


@pytest.mark.parametrize(
    ("line", "at", "lines"),
    [
        ("text: Fog.", "Fog", ["text: Fog.", "      ^~~"]),
        ("cites: [a-1#p2]", "p2", ["cites: [a-1#p2]", "            ^~"]),
        ("cites: [a-1#p2:3-4]", "a-1", ["cites: [a-1#p2:3-4]", "        ^~~~~~~~~~"]),
        ("a [[fog]] b", "[[", ["a [[fog]] b", "  ^~"]),
        (
            "see https://a.example/b?c=d.",
            "https",
            ["see https://a.example/b?c=d.", "    ^~~~~~~~~~~~~~~~~~~~~~~~"],
        ),
        ("an <b>island</b>", "<b", ["an <b>island</b>", "   ^~~"]),
        ("about 4.5% of it", "4.5", ["about 4.5% of it", "      ^~~~"]),
        # Wide characters take two cells, combining marks none.
        ("船の島: fog", "fog", ["船の島: fog", "        ^~~"]),
        ("e\u0301te\u0301: fog", "fog", ["e\u0301te\u0301: fog", "     ^~~"]),
        ("in 文字 here", "文", ["in 文字 here", "   ^~~~"]),
        ("İsmail Çağlayan: fog", "fog", ["İsmail Çağlayan: fog", "                 ^~~"]),
        # What would command the terminal is spelt out, and counted as spelt.
        ("a\x1b[31m fog", "fog", ["a\\x1b[31m fog", "          ^~~"]),
        ("a\u202e fog", "fog", ["a\\u202e fog", "        ^~~"]),
        ("\ttext: fog", "fog", ["    text: fog", "          ^~~"]),
        ("\ttext: fog", "\t", ["    text: fog", "^~~~"]),
        ("a\x07b", "\x07", ["a\\x07b", " ^~~~"]),
    ],
)
def test_the_marker_stands_under_the_word(line: str, at: str, lines: list[str]) -> None:
    assert shown(line, at) == lines


def test_a_place_behind_the_end_of_a_line_is_marked_there() -> None:
    found = excerpt("name:", 6, 80)
    assert (found.line, found.marker) == ("name:", "     ^")
    assert excerpt("", 9, 80).marker == "^"


def test_of_a_long_line_only_what_is_around_the_place_is_shown() -> None:
    line = "one " * 30 + "fog " + "two " * 30
    text, marker = shown(line, "fog", 40)
    assert text.startswith("…")
    assert text.endswith("…")
    assert wcwidth.wcswidth(text) == 40
    assert text[marker.index("^") :].startswith("fog")
    assert shown(line, "one", 40)[0].startswith("one one")
    assert not excerpt(line.rstrip(), len(line.rstrip()) - 2, 40).line.endswith("…")


LINES = st.text(alphabet="ab 文\u0301İ\t\x1b\u202e<[#-%", max_size=120)


@settings(REPRODUCIBLE, max_examples=300)
@given(LINES, st.integers(1, 130), st.integers(1, 90))
def test_whatever_a_line_holds_both_lines_fit_and_command_nothing(line: str, column: int, width: int) -> None:
    found = excerpt(line, column, width)
    room = max(width, LEAST_WIDTH)
    assert 0 <= wcwidth.wcswidth(found.line) <= room
    assert len(found.marker) <= room + 1
    assert re.fullmatch(" *\\^~*", found.marker)
    assert found.line.isprintable()
