"""Problems as text, as GitHub's workflow commands and as JSON: nothing in a file can forge a line of them."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build_tools.problems import Code, Location, Problem
from build_tools.report import STYLES, as_json, github, on_terminal, summary, terminal

REPRODUCIBLE = settings(derandomize=True, deadline=None)

ERROR = Problem(
    Location("entities/a.yml", 12, 5), Code.UNSOURCED, "A: this claim cites no seed", "add `cites:`"
)
WARNING = Problem(Location("entities/b.yml", 1, 1), Code.ORPHAN, "nothing links here")
HOSTILE = Problem(
    Location("a,b:c%d\n.yml", 3, 4),
    Code.BAD_VALUE,
    "100%: x,\r\n::error::forged\x1b[31m\u202e",
    "y\n::set-output name=x::z",
)


# ---- for terminals -----------------------------------------------------------------------------


def test_a_terminal_shows_place_code_and_message_and_the_repair_below() -> None:
    assert terminal([ERROR, WARNING]) == (
        "entities/a.yml:12:5: [unsourced] A: this claim cites no seed\n"
        "    add `cites:`\n"
        "entities/b.yml:1:1: [orphan] warning: nothing links here\n"
    )


def test_what_a_file_says_starts_no_line_and_commands_no_terminal() -> None:
    assert terminal([HOSTILE]) == (
        "a,b:c%d\\n.yml:3:4: [bad-value] 100%: x,\\r\\n::error::forged\\x1b[31m\\u202e\n"
        "    y\\n::set-output name=x::z\n"
    )


def test_letters_and_spaces_of_all_scripts_are_shown_as_they_are() -> None:
    problem = Problem(Location("é.yml"), Code.BAD_VALUE, "“İ” – 文\u00a0%\u202fя", "ﬁ")
    assert terminal([problem]) == "é.yml:1:1: [bad-value] “İ” – 文\u00a0%\u202fя\n    ﬁ\n"


def shown(problem: Problem, line: str | None, *, width: int = 60, colour: bool = False) -> list[str]:
    """What somebody at a terminal sees of a problem in the line."""
    return on_terminal([problem], lambda place: line, width=width, colour=colour).splitlines()


def test_somebody_at_a_terminal_sees_the_line_and_a_marker_between_message_and_repair() -> None:
    assert shown(ERROR, "  - id: no-cite") == [
        "entities/a.yml:12:5: [unsourced] A: this claim cites no seed",
        "   12 |   - id: no-cite",
        "      |     ^~",
        "    add `cites:`",
    ]


def test_where_there_is_no_line_the_two_lines_stay_as_they_are() -> None:
    assert shown(ERROR, None) == terminal([ERROR]).splitlines()
    name = Problem(Location("entities/A.yml"), Code.BAD_ID, "`A` is not an id", "rename the file")
    assert shown(name, "name: A") == terminal([name]).splitlines(), "the first line is not at fault"
    assert len(shown(Problem(Location("a.yml", 2, 7), Code.BAD_ID, "x", "y"), "  id: A")) == 4


def test_colours_are_set_around_code_and_marker_and_nothing_of_a_file_sets_any() -> None:
    head, line, marker, _ = shown(ERROR, "\x1b[32m id", colour=True)
    assert head == "entities/a.yml:12:5: \x1b[1;31m[unsourced]\x1b[0m A: this claim cites no seed"
    assert line == "\x1b[2m   12 | \x1b[0m\\x1b[32m id"
    assert re.fullmatch(r"\x1b\[2m      \| \x1b\[0m\x1b\[1;31m +\^~*\x1b\[0m", marker)
    assert "\x1b[1;33m[orphan]" in shown(WARNING, None, colour=True)[0]


# ---- for GitHub --------------------------------------------------------------------------------


def test_github_gets_a_command_a_problem() -> None:
    assert github([ERROR, WARNING]) == (
        "::error file=entities/a.yml,line=12,col=5,title=unsourced::"
        "A: this claim cites no seed%0Aadd `cites:`\n"
        "::warning file=entities/b.yml,line=1,col=1,title=orphan::nothing links here\n"
    )


def test_for_github_line_ends_per_cents_colons_and_commas_are_escaped_where_they_mean_something() -> None:
    assert github([HOSTILE]) == (
        "::error file=a%2Cb%3Ac%25d%0A.yml,line=3,col=4,title=bad-value::"
        "100%25: x,%0D%0A::error::forged\x1b[31m\u202e%0Ay%0A::set-output name=x::z\n"
    )


# ---- as JSON -----------------------------------------------------------------------------------


def test_json_has_the_documented_keys_in_their_order() -> None:
    rows = json.loads(as_json([ERROR, WARNING]))
    assert rows == [
        {
            "path": "entities/a.yml",
            "line": 12,
            "column": 5,
            "code": "unsourced",
            "severity": "error",
            "message": "A: this claim cites no seed",
            "hint": "add `cites:`",
        },
        {
            "path": "entities/b.yml",
            "line": 1,
            "column": 1,
            "code": "orphan",
            "severity": "warning",
            "message": "nothing links here",
            "hint": "",
        },
    ]
    assert list(rows[0]) == ["path", "line", "column", "code", "severity", "message", "hint"]


def test_json_keeps_letters_readable_and_every_character() -> None:
    text = as_json([Problem(Location("é.yml"), Code.BAD_VALUE, 'İ "\\\n\x1b', "h")])
    assert "é.yml" in text
    assert "İ" in text
    assert json.loads(text)[0]["message"] == 'İ "\\\n\x1b'


# ---- all of them -------------------------------------------------------------------------------


def test_without_problems_there_is_nothing_to_print_but_an_empty_list() -> None:
    assert (terminal([]), github([]), as_json([])) == ("", "", "[]\n")


def test_the_styles_are_those_of_the_command_line() -> None:
    assert dict(STYLES) == {"text": terminal, "github": github, "json": as_json}


@pytest.mark.parametrize(
    ("problems", "text"),
    [
        ([], "no problems"),
        ([ERROR], "1 error"),
        ([WARNING], "1 warning"),
        ([ERROR, ERROR, WARNING], "2 errors, 1 warning"),
        ([WARNING, ERROR, WARNING], "1 error, 2 warnings"),
    ],
)
def test_a_summary_counts_errors_and_warnings(problems: list[Problem], text: str) -> None:
    assert summary(problems) == text


TEXTS = st.text(max_size=20) | st.text(alphabet="a\n\r:%,\x1b\u2028\x85 ", max_size=20)
ANY = st.builds(
    Problem,
    st.builds(Location, TEXTS, st.integers(1, 10**6), st.integers(1, 10**6)),
    st.sampled_from(list(Code)),
    TEXTS,
    TEXTS,
)


@settings(REPRODUCIBLE, max_examples=200)
@given(st.lists(ANY, max_size=4))
def test_whatever_problems_say_each_has_its_lines_and_no_more(problems: list[Problem]) -> None:
    text = terminal(problems)
    assert len(text.splitlines()) == sum(2 if problem.hint else 1 for problem in problems)
    assert all(character.isprintable() or character in "\n" or character.isspace() for character in text)
    assert "\x1b" not in text
    commands = github(problems)
    assert commands.count("\n") == len(problems)
    assert "\r" not in commands
    for command, problem in zip(commands.split("\n"), problems, strict=False):
        fields = re.fullmatch(
            r"::(error|warning) file=([^:,]*),line=(\d+),col=(\d+),title=([a-z0-9-]+)::.*", command, re.S
        )
        assert fields
        assert fields[1] == problem.severity
        assert int(fields[3]) == problem.at.line
    assert [row["message"] for row in json.loads(as_json(problems))] == [each.message for each in problems]
