"""YAML that does not parse: the slip is placed where it was made, and the line shown as mended is mended."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build_tools.problems import Code
from build_tools.report import terminal
from build_tools.yaml_tree import read_yaml

REPRODUCIBLE = settings(derandomize=True, deadline=None)


def told(text: str) -> list[str]:
    """The place and message, and the repair."""
    _, problems = read_yaml("f.yml", text.encode())
    assert [problem.code for problem in problems] == [Code.YAML_SYNTAX], terminal(problems)
    return [f"{problems[0].at.line}:{problems[0].at.column} {problems[0].message}", problems[0].hint]


ALL = "put the whole text in quotation marks"
OTHER = "put the whole text in the other quotation marks"
COLON = "a colon and a space inside a text: in YAML they end a key"
COLUMN = "so that the two stand in one column"
CHECK = "check the indentation and the quotes of this line and the one above it"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        # A tab as indentation.
        ("a:\n\tb: 1\n", ["2:1 a tab where YAML wants spaces", "indent with spaces"]),
        ("é:\n  - x\n \t- y\n", ["3:2 a tab where YAML wants spaces", "indent with spaces"]),
        # A colon in a sentence.
        ("text: He said: no\n", [f"1:14 {COLON}", f'{ALL}: `text: "He said: no"`']),
        ("a:\n  - text: Größe: zwölf\n", [f"2:16 {COLON}", f'{ALL}: `text: "Größe: zwölf"`']),
        ('a: "b" said: c: d\n', ["1:6 the text ends at this `\"`, and more follows", f"{OTHER}: `a: '\"b\" said: c: d'`"]),
        ("a: it's \"b\": c\n", [f"1:12 {COLON}", "write `a: >-`, and the text without marks on the next line, indented further"]),
        ("a: one\n  of: two\n", ["2:3 `of` is indented further than `a` above it", f"begin the line without spaces, {COLUMN}"]),
        # Signs that cannot begin a text.
        ("a: @home\n", ["1:4 a text cannot start with `@`: in YAML `@` is reserved", f'{ALL}: `a: "@home"`']),
        ("a: `code`\n", ["1:4 a text cannot start with a backtick: in YAML a backtick is reserved", "leave the backticks out: they mean nothing here"]),
        ("a: %s\n", ["1:4 a text cannot start with `%`: in YAML `%` is reserved", f'{ALL}: `a: "%s"`']),
        ("a: *b* c\n", ["1:4 a text cannot start with `*`: in YAML `*` names an alias", f'{ALL}: `a: "*b* c"`']),
        ("a: [[b]] c\n", ["1:4 a text cannot start with `[`: in YAML a list opens there", f'{ALL}: `a: "[[b]] c"`']),
        # Quotation marks that end a text too early, or not at all.
        ("a: 'x' y\n", ["1:6 the text ends at this `'`, and more follows", f"{OTHER}: `a: \"'x' y\"`"]),
        ("a: 'it's so'\n", ["1:7 the text ends at this `'`, and more follows", f'{OTHER}: `a: "it\'s so"`']),
        ("a: 'it's so\nb: c\n", ["1:7 the text ends at this `'`, and more follows", f'{OTHER}: `a: "it\'s so"`']),
        ('a: "the "x" here"\n', ["1:9 the text ends at this `\"`, and more follows", f"{OTHER}: `a: 'the \"x\" here'`"]),
        ('a: "the "x" and "y"\n', ["1:9 the text ends at this `\"`, and more follows", f"{OTHER}: `a: 'the \"x\" and \"y\"'`"]),
        ('é: 1\na: "open\nb: c\n\nd: e\n', ["2:4 the quotation mark that opens here is not closed", 'close it at the end of the text: `a: "open"`']),
        ("é: 1\na: 'open\nb: c\n", ["2:4 the quotation mark that opens here is not closed", "close it at the end of the text: `a: 'open'`"]),
        # A bracket that is not closed.
        ("a: [b, c\nd: e\n", ["1:4 the `[` that opens here is not closed", "close it with `]`: `a: [b, c]`"]),
        ("a: [b, \nd: e\n", ["1:4 the `[` that opens here is not closed", "close it with `]`: `a: [b]`"]),
        ("a: {b: c\nd: [e]\n", ["1:4 the `{` that opens here is not closed", "close it with `}`: `a: {b: c}`"]),
        ("é: 1\na: [b, c\n", ["2:4 the `[` that opens here is not closed", "close it with `]`: `a: [b, c]`"]),
        ("a: [b, {c: d]\n", ["1:4 the `[` that opens here is not closed", "close it with `]`"]),
        ("a: [b #c]\n", ["1:7 a `#` after a space starts a comment, and the bracket is not closed", "write it without the space: `a: [b#c]`"]),
        # Indentation.
        ("a:\n  b: 1\n c: 2\n", ["3:2 `c` is indented less far than `b` above it", f"begin the line with 2 spaces, {COLUMN}"]),
        ("- b: 1\n # c\n\n   c: 2\n", ["4:4 `c` is indented further than `b` above it", f"begin the line with 2 spaces, {COLUMN}"]),
        ("a:\n  - b\n - c\n", ["3:2 this dash does not stand below the one above it", f"begin the line with 2 spaces, {COLUMN}"]),
        ("- a\nb: c\n", ["2:1 while parsing a block collection did not find expected '-' indicator", CHECK]),
        # Dashes and colons without their space.
        ("a:\n  -b: 1\n   c: 2\n", ["2:3 no space after the dash", "write `- b: 1`"]),
        ("a: - b\n", ["1:4 a list that begins on the line of its key", "put the items on lines of their own below the key; or write `a: [b]`"]),
        ("a: b\nkey:value\n", ["2:4 no space after the colon of `key:`", "write `key: value`"]),
        # A line without a key.
        ("a: b\nkey\nc: d\n", ["2:4 no colon after `key`", "write `key: …`"]),
        ("a: b\nkey value of it\n", ["2:4 no colon after `key`", "write `key: value of it`"]),
        ("- a: one\nand two\n", ["2:1 a line that is no key, and not indented as part of the text above", "indent it further than `a`, or write it on the line above"]),
        # What nothing is known of is told in the parser's words.
        ('a: "\\ud800"\n', ["1:7 while parsing a quoted scalar found invalid Unicode character escape code", "mend the YAML at this place"]),
        ('a: "\\d"\n', ["1:5 `\\d` stands for no character between double quotation marks", "write `\\\\d` for a backslash and what follows it, or put the text in single quotation marks"]),
    ],
)  # fmt: skip
def test_a_slip_is_placed_where_it_was_made_and_shown_mended(text: str, problem: list[str]) -> None:
    assert told(text) == problem
    shown = re.search(r"`((\w+): [^`]*)`$", problem[1])
    if shown and "…" not in shown[1] and ">-" not in shown[1]:
        lines = text.split("\n")
        line = int(problem[0].split(":")[0]) - 1
        begin = lines[line].index(shown[2])
        lines[line] = lines[line][:begin] + shown[1]
        _, problems = read_yaml("f.yml", "\n".join(lines).encode())
        assert problems == (), "the line as shown is no YAML either"


def test_windows_line_ends_move_no_place() -> None:
    assert told("a: 1\r\nb: 2\r\nc: He said: no\r\n")[0] == f"3:11 {COLON}"


def test_a_long_text_is_not_repeated() -> None:
    assert told(f"a: b: {'c' * 200}\n") == [f"1:5 {COLON}", ALL]


@settings(REPRODUCIBLE, max_examples=400)
@given(st.text(alphabet="ab:- '\"[]{}#&*!@%`\t\n", max_size=40))
def test_whatever_is_written_there_is_a_problem_with_a_place_or_none(text: str) -> None:
    _, problems = read_yaml("f.yml", text.encode())
    lines = text.split("\n")
    for problem in problems:
        assert problem.hint
        assert 1 <= problem.at.line <= len(lines)
        assert 1 <= problem.at.column <= len(lines[problem.at.line - 1]) + 1
