"""A YAML text changed in place: only the words meant are other ones, and what cannot be changed is told."""

from __future__ import annotations

import pytest

from build_tools.editing.yaml_edit import Blocks, Edit, blocks_of, edited, with_values
from build_tools.problems import Location
from build_tools.yaml_tree import Mapping, Scalar, read_yaml


def read(text: str) -> Mapping:
    node, problems = read_yaml("x.yml", text.encode())
    assert problems == ()
    assert isinstance(node, Mapping)
    return node


def value(text: str) -> Scalar:
    """The value of the last key."""
    found = read(text).entries[-1].value
    assert isinstance(found, Scalar)
    return found


@pytest.mark.parametrize(
    "text",
    [
        "a: OLD",
        "a: OLD   # a comment on OLD\n",
        "a: 'OLD'\n",
        'a: "OLD"\n',
        "a: ' OLD '\n",
        "a: >-   # OLD\n    OLD\n",
        "a: |\r\n    OLD\r\n",
        "{OLD: x, a: OLD}",
        "größe: x\r\n# OLD\r\na:\r\n    OLD\r\n",
        "b: x\ra: OLD\r",
    ],
)
def test_a_scalar_is_changed_where_it_stands_and_nothing_else(text: str) -> None:
    scalar = value(text)
    new, _, refused = edited(text, [Edit(scalar.at, "OLD", "NEWER")])
    assert refused == ()
    before, _, after = text.rpartition("OLD") if "on OLD" not in text else text.partition("OLD")
    assert new == f"{before}NEWER{after}"


@pytest.mark.parametrize("text", ['a: "O\\x4cD"', 'a: "O\\\n  LD"'])
def test_a_scalar_that_does_not_spell_its_words_out_is_left_alone(text: str) -> None:
    edit = Edit(value(text).at, "OLD", "NEW")
    assert value(text).text == "OLD"
    assert edited(text, [edit]) == (text, {}, (edit,))


def test_places_are_those_of_the_new_text() -> None:
    text = "a: [p9, p9, p9]\nb: p9\n"
    at = [Location("x.yml", 1, column) for column in (5, 9, 13)] + [Location("x.yml", 2, 4)]
    new, moved, _ = edited(text, [Edit(place, "p9", "p10?") for place in reversed(at)])
    assert new == "a: [p10?, p10?, p10?]\nb: p10?\n"
    assert [moved[place].column for place in at] == [5, 11, 17, 4]


def test_a_text_is_cut_at_its_keys_with_the_comments_above_them() -> None:
    text = "# of the file\na:\n  - x\n  # inside\n\n# of b\n# too\n'b': {c: d}  # beside\n\n# the end\n"
    assert blocks_of(text, read(text)) == Blocks(
        head="# of the file\n",
        of={"a": "a:\n  - x\n  # inside\n", "b": "\n# of b\n# too\n'b': {c: d}  # beside\n"},
        tail="\n# the end\n",
    )


@pytest.mark.parametrize(
    "text", ["{a: x, b: y}", "  a: x\n  b: y\n", "a: x\n? b\n: y\n", 'a: x\n"\\x62": y\n']
)
def test_a_key_that_does_not_begin_a_line_is_told(text: str) -> None:
    assert isinstance(blocks_of(text, read(text)), Location)


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ('c: {sha: "old"}  # why\n', 'c: {sha: "new"}  # why\n'),
        ("c:\n  sha: old # why\nd: e", 'c:\n  sha: "new" # why\nd: e'),
        ("c: {'sha':   'old', z: y}", "c: {'sha':   \"new\", z: y}"),
        ("a: b", 'a: b\nc: {sha: "new"}\n'),
        ("a: b\n", 'a: b\nc: {sha: "new"}\n'),
        ("c: {}\n", 'c: {sha: "new"}\n'),
        ("c: {z: y}\n", 'c: {sha: "new", z: y}\n'),
        ("c:\n    z: y  # z\n", 'c:\n    sha: "new"\n    z: y  # z\n'),
    ],
)
def test_a_value_is_changed_or_added(text: str, new: str) -> None:
    assert with_values(text, read(text), "c", {"sha": "new"}) == new


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("c: {keep: [3]}", "c: {keep: [4, 6-7]}"),
        ("c: {keep: []}", "c: {keep: [4, 6-7]}"),
        ("c: {keep: [3, '5'  ], z: y}", "c: {keep: [4, 6-7], z: y}"),
        ("c:\n  keep:\n    - 3\n    - 5-6\n  z: y\n", "c:\n  keep: [4, 6-7]\n  z: y\n"),
        ("c:\n  keep:\n  - 3 # why\n", "c:\n  keep: [4, 6-7] # why\n"),
    ],
)
def test_a_list_is_changed_however_it_was_written(text: str, new: str) -> None:
    assert with_values(text, read(text), "c", {"keep": ("4", "6-7")}) == new


@pytest.mark.parametrize("text", ["{a: b}", "c: x\n", "c:\n", "a: b\n...\n"])
def test_where_the_layout_lets_no_value_in_that_is_told(text: str) -> None:
    assert with_values(text, read(text), "c", {"sha": "new"}) is None
