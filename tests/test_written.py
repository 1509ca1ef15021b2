"""Where a character of a text stands in its file, whichever style of YAML it is written in."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from build_tools.prose import fold
from build_tools.yaml_tree import Mapping, Scalar, read_yaml

REPRODUCIBLE = settings(derandomize=True, deadline=None)


def scalar(text: str) -> Scalar:
    """The value of the file's one key."""
    node, problems = read_yaml("f.yml", text.encode())
    assert problems == ()
    assert isinstance(node, Mapping)
    value = node.entries[0].value
    assert isinstance(value, Scalar)
    return value


@pytest.mark.parametrize(
    ("text", "word", "place"),
    [
        ("a: one two\n", "two", (1, 8)),
        ("a: 'it''s two'\n", "two", (1, 11)),
        ('a: "é \\u00e9 \\t two"\n', "two", (1, 17)),
        ('a: "one\\\n  two"\n', "two", (2, 3)),
        ('a: "\\x20\\u3000 two"\n', "two", (1, 16)),
        ("a: one\n  and\n\n  two\n", "two", (4, 3)),
        ("a: >-   # a note: two\n  one\n  two\n", "two", (3, 3)),
        ("a: |2\n    one\n  two\n", "two", (3, 3)),
        ("a: one\r\n  two\r\n", "two", (2, 3)),
        ("a: one  # two\n", "one", (1, 4)),
        ("\ufeffa: one\n", "one", (1, 4)),
    ],
)
def test_a_word_is_found_where_it_stands(text: str, word: str, place: tuple[int, int]) -> None:
    value = scalar(text)
    for read in (value.text, fold(value.text)):
        at = value.writing.place(read, read.index(word))
        assert (at.line, at.column) == place


@settings(REPRODUCIBLE, max_examples=200)
@given(
    st.lists(st.text(alphabet="abé'\"[*:#", min_size=1, max_size=4), min_size=1, max_size=6),
    st.sampled_from("'\">"),
)
def test_every_character_is_found_in_any_style(words: list[str], style: str) -> None:
    text = " ".join(words)
    escaped = {"'": text.replace("'", "''"), '"': text.replace('"', '\\"'), ">": text}[style]
    assume(not text.startswith(" "))
    begin, end = (">-\n  ", "") if style == ">" else (style, style)
    file = f"a: {begin}{escaped}{end}\n"
    lines = file.split("\n")
    value = scalar(file)
    assert value.text == text
    assert value.begin == value.writing.place(text, 0)
    for offset, character in enumerate(text):
        if not character.isspace():
            at = value.writing.place(text, offset)
            found = lines[at.line - 1][at.column - 1]
            assert found == character or (found, style) in (("'", "'"), ("\\", '"'))
