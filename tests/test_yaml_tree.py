"""YAML text as nodes: every scalar as written and where it stands; what of YAML is refused, and where."""

from __future__ import annotations

import codecs

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from build_tools.problems import Location, Problem
from build_tools.report import terminal
from build_tools.yaml_tree import (
    FORBIDDEN,
    MAX_DEPTH,
    MAX_FIELD_BYTES,
    MAX_FILE_BYTES,
    MOST_CHARACTERS,
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    decode,
    forbidden_characters,
    place,
    read_yaml,
)

REPRODUCIBLE = settings(derandomize=True, deadline=None)

Plain = str | list["Plain"] | dict[str, "Plain"]


def plain(node: Node) -> Plain:
    """The node as texts, lists and dictionaries, without places."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {entry.key.text: plain(entry.value) for entry in node.entries}


def places(node: Node) -> list[tuple[str, int, int]]:
    """Every text of the node in reading order, keys too, with its line and column."""
    if isinstance(node, Scalar):
        return [(node.text, node.at.line, node.at.column)]
    if isinstance(node, Sequence):
        return [found for item in node.items for found in places(item)]
    return [found for entry in node.entries for part in (entry.key, entry.value) for found in places(part)]


def sound(text: str | bytes) -> Node:
    """The node of a text that has no problem."""
    node, problems = read_yaml("f.yml", text.encode() if isinstance(text, str) else text)
    assert problems == ()
    assert node is not None
    return node


def said(problems: tuple[Problem, ...]) -> list[str]:
    """The problems as a terminal shows them: two lines each."""
    return terminal(problems).splitlines()


def refused(text: str | bytes) -> list[str]:
    """The problems of a text of which nothing can be used."""
    node, problems = read_yaml("f.yml", text.encode() if isinstance(text, str) else text)
    assert node is None
    return said(problems)


def read(text: str | bytes) -> tuple[Plain, list[str]]:
    """What can be used of a text that has problems, and the problems."""
    node, problems = read_yaml("f.yml", text.encode() if isinstance(text, str) else text)
    assert node is not None
    return plain(node), said(problems)


# ---- scalars and places ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "scalar",
    "NO no yes Off true null ~ Null 007 0o7 1.10 1e3 1_000 0x1F .inf 12:30:45 2025-10-08 = 1,5 50%".split(),
)
def test_a_scalar_stays_the_text_that_was_written(scalar: str) -> None:
    assert plain(sound(f"key: {scalar}\nlist:\n  - {scalar}\n")) == {"key": scalar, "list": [scalar]}


def test_a_key_stays_the_text_that_was_written() -> None:
    assert plain(sound("NO: 1\n007: 2\n2025-10-08: 3\n~: 4\n")) == {
        "NO": "1",
        "007": "2",
        "2025-10-08": "3",
        "~": "4",
    }


def test_a_missing_value_is_the_empty_text_at_the_place_where_it_would_stand() -> None:
    assert places(sound("a:\nb: ''\n")) == [("a", 1, 1), ("", 1, 3), ("b", 2, 1), ("", 2, 4)]


def test_places_count_characters_not_bytes() -> None:
    text = 'köln: ä\n"βγ": [é, ü, "😀", z]\n😀😀: {ñ: x}\n'
    assert places(sound(text)) == [
        ("köln", 1, 1),
        ("ä", 1, 7),
        ("βγ", 2, 1),
        ("é", 2, 8),
        ("ü", 2, 11),
        ("😀", 2, 14),
        ("z", 2, 19),
        ("😀😀", 3, 1),
        ("ñ", 3, 6),
        ("x", 3, 9),
    ]


def test_lists_and_mappings_know_where_they_begin() -> None:
    node = sound("a:\n  - b\n  - {c: d}\n")
    assert node == Mapping(
        (
            Entry(
                Scalar("a", Location("f.yml", 1, 1), "a"),
                Sequence(
                    (
                        Scalar("b", Location("f.yml", 2, 5), "b"),
                        Mapping(
                            (
                                Entry(
                                    Scalar("c", Location("f.yml", 3, 6), "c"),
                                    Scalar("d", Location("f.yml", 3, 9), "d"),
                                ),
                            ),
                            Location("f.yml", 3, 5),
                        ),
                    ),
                    Location("f.yml", 2, 3),
                ),
            ),
        ),
        Location("f.yml", 1, 1),
    )


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("a: one\n  two\n\n  three\n", "one two\nthree"),
        ("a: >\n  one\n  two\n\n  three\n", "one two\nthree\n"),
        ("a: >-\n  one\n    more\n  two\n", "one\n  more\ntwo"),
        ("a: |\n  one\n  two\n", "one\ntwo\n"),
        ("a: |-\n  # no comment\n  key: no value\n", "# no comment\nkey: no value"),
        ("a: |2+\n    one\n\n", "  one\n\n"),
        ("a: 'it''s: # here'\n", "it's: # here"),
        ("a: 'one\n  two'\n", "one two"),
        ('a: "tab\\tquote\\"e\\u00e9\\x41\\\n  on"\n', 'tab\tquote"eéAon'),
        ('a: ""\n', ""),
        ("a: b # comment\n", "b"),
        ("a: b#c 'd' \"e\"\n", "b#c 'd' \"e\""),
        ("a: http://b.example/c:d\n", "http://b.example/c:d"),
        ("a: -b\n", "-b"),
        ("a: ?b\n", "?b"),
    ],
)
def test_quoting_and_folding_are_those_of_yaml(written: str, text: str) -> None:
    assert plain(sound(written)) == {"a": text}


def test_a_folded_scalar_stands_where_its_sign_stands() -> None:
    assert places(sound("é: 1\na: >\n  one\n")) == [("é", 1, 1), ("1", 1, 4), ("a", 2, 1), ("one\n", 2, 4)]


def test_comments_and_a_document_mark_are_passed_over() -> None:
    assert places(sound("# before\n---\n# é\na: b # after\n...\n")) == [("a", 4, 1), ("b", 4, 4)]


def test_a_version_directive_changes_nothing() -> None:
    assert places(sound("%YAML 1.1\n---\na: NO\n")) == [("a", 3, 1), ("NO", 3, 4)]


# ---- encodings and line ends -------------------------------------------------------------------


def test_invalid_utf8_is_placed_in_characters_after_multi_byte_text() -> None:
    assert refused("größe: ä\nüß: ".encode() + b"caf\xe9 x\n") == [
        "f.yml:2:8: [not-utf8] byte 0xe9 is not UTF-8",
        "    save the file as UTF-8 (it may be in an older encoding such as Windows-1252)",
    ]


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"\x80", "1:1"),
        (b"a: \xc0\xaf", "1:4"),  # an overlong slash
        (b"a: \xed\xa0\x80", "1:4"),  # a surrogate
        (b"a: \xf5\x80\x80\x80", "1:4"),  # above U+10FFFF
        (b"a: \xe2\x82", "1:4"),  # cut short
        (codecs.BOM_UTF8 + b"a:\r\n - \xff", "2:4"),
        (b"a\rb\r\xff", "3:1"),
    ],
)
def test_every_kind_of_invalid_utf8_has_its_place(data: bytes, place: str) -> None:
    assert refused(data)[0].startswith(f"f.yml:{place}: [not-utf8] byte 0x")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_utf16_and_utf32_with_their_mark_are_named(encoding: str) -> None:
    assert refused("\ufeffa: b\n".encode(encoding)) == [
        f"f.yml:1:1: [not-utf8] the file is {encoding[:6].upper()}",
        "    save it again as UTF-8",
    ]


@pytest.mark.parametrize(
    ("data", "at"),
    [
        ("a: b".encode("utf-16-le"), "1:2"),
        ("é: ü\n".encode() + b"x\0", "2:2"),
        (codecs.BOM_UTF8 + b"x\0", "1:2"),
    ],
)
def test_a_byte_of_nought_is_no_text(data: bytes, at: str) -> None:
    assert refused(data) == [
        f"f.yml:{at}: [not-utf8] a byte of nought: the file is UTF-16, or no text",
        "    save it again as UTF-8",
    ]


def test_one_leading_byte_order_mark_is_dropped() -> None:
    assert places(sound(codecs.BOM_UTF8 + b"a: b\n")) == [("a", 1, 1), ("b", 1, 4)]


def test_a_second_byte_order_mark_is_refused() -> None:
    assert read("\ufeff\ufeffa: b\n")[1] == [
        "f.yml:1:1: [forbidden-character] U+FEFF (zero width no-break space) is not allowed",
        "    delete it",
    ]


def test_a_byte_order_mark_inside_is_refused() -> None:
    assert read("a: b\nc: d\ufeffe\n")[1] == [
        "f.yml:2:5: [forbidden-character] U+FEFF (zero width no-break space) is not allowed",
        "    delete it",
    ]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_accepted_and_counted(line_end: str) -> None:
    text = "a: 1\nb:\n  - x\n  - |\n    y\n    z\nc: 'd\n\n  e'\n".replace("\n", line_end)
    assert places(sound(text)) == [
        ("a", 1, 1),
        ("1", 1, 4),
        ("b", 2, 1),
        ("x", 3, 5),
        ("y\nz\n", 4, 5),
        ("c", 7, 1),
        ("d\ne", 7, 4),
    ]


def test_a_problem_behind_windows_line_ends_has_the_right_line() -> None:
    assert refused("é: 1\r\nb: 2\r\nc: d: e\r\n")[0] == (
        "f.yml:3:5: [yaml-syntax] a colon and a space inside a text: in YAML they end a key"
    )


# ---- files with nothing in them, or too much ---------------------------------------------------


@pytest.mark.parametrize("text", ["", "\n", "  \n\n", "# a comment\n", "---\n", "--- # nothing\n", "''\n"])
def test_a_file_without_data_is_one_problem(text: str) -> None:
    assert refused(text) == ["f.yml:1:1: [empty-file] the file is empty", "    fill it in, or delete it"]


def test_a_file_of_one_million_bytes_is_read() -> None:
    line = b"- " + b"x" * 997 + b"\n"
    data = line * (MAX_FILE_BYTES // len(line))
    assert len(data) == MAX_FILE_BYTES
    assert len(plain(sound(data))) == 1000


def test_a_file_of_more_is_refused_before_it_is_read() -> None:
    assert refused(b"[" * (MAX_FILE_BYTES + 1)) == [
        "f.yml:1:1: [file-too-big] the file has more than 1,000,000 bytes",
        "    split it, or take out what is not data of this entity",
    ]


def test_a_field_is_measured_in_bytes() -> None:
    fits, too_long = "é" * (MAX_FIELD_BYTES // 2), "é" * (MAX_FIELD_BYTES // 2) + "x"
    assert plain(sound(f"a: {fits}\n")) == {"a": fits}
    assert refused(f"b: 1\na: {too_long}\nc: 2\n") == [
        "f.yml:2:4: [field-too-long] the text has 20,001 bytes, more than 20,000",
        "    shorten it, or split it up",
    ]


@pytest.mark.parametrize("style", ["- |\n  {}\n", "- >\n  {}\n", "- '{}'\n", '- "{}"\n', "? {}\n: b\n"])
def test_a_field_of_any_style_is_measured(style: str) -> None:
    problem, hint = refused(style.format("x y " * MAX_FIELD_BYTES))
    assert "[field-too-long] the text has " in problem
    assert hint == "    shorten it, or split it up"


# ---- depth -------------------------------------------------------------------------------------


def test_sixty_four_levels_are_read_and_one_more_is_refused() -> None:
    assert MAX_DEPTH == 64
    node = sound("[" * 64 + "x" + "]" * 64)
    for _ in range(64):
        assert isinstance(node, Sequence)
        (node,) = node.items
    assert plain(node) == "x"
    assert refused("[" * 65 + "x" + "]" * 65) == [
        "f.yml:1:65: [too-deep] nested more than 64 levels deep",
        "    no record needs that; look for stray brackets",
    ]


@pytest.mark.parametrize("closing", ["", "]", "}"])
@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_of_thirty_thousand_nested_brackets_the_65th_is_one_problem(opening: str, closing: str) -> None:
    assert refused(opening * 30_000 + closing * 30_000) == [
        f"f.yml:1:{64 * len(opening) + 1}: [too-deep] nested more than 64 levels deep",
        "    no record needs that; look for stray brackets",
    ]


# ---- what of YAML is refused -------------------------------------------------------------------


def test_anchors_and_aliases_are_refused_each_at_its_place() -> None:
    assert refused("a: &x 1\nb:\n  - *x\n") == [
        "f.yml:1:4: [yaml-feature] the anchor `&x` is not allowed",
        "    put the whole text in quotation marks if `&` is part of it; else delete it",
        "f.yml:3:5: [yaml-feature] the alias `*x` is not allowed",
        "    put the whole text in quotation marks if `*` is part of it; else write it out",
    ]


def test_an_anchor_that_nothing_uses_leaves_the_rest_readable() -> None:
    assert read("a: &x {b: c}\n") == (
        {"a": {"b": "c"}},
        [
            "f.yml:1:4: [yaml-feature] the anchor `&x` is not allowed",
            "    put the whole text in quotation marks if `&` is part of it; else delete it",
        ],
    )


def test_a_chain_of_aliases_expands_to_nothing() -> None:
    # A billion laughs: ten levels of ten references each.
    lines = ["a0: &a0 [x]"] + [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 10)]
    problems = refused("\n".join(lines) + "\n")
    assert len(problems) == 2 * (10 + 90)
    assert all("[yaml-feature]" in line for line in problems[::2])


@pytest.mark.parametrize(
    ("tag", "named"),
    [
        ("!!str", "tag:yaml.org,2002:str"),
        ("!!python/object/apply:os.system", "tag:yaml.org,2002:python/object/apply:os.system"),
        ("!ENV", "!ENV"),
        ("!<x:y>", "x:y"),
        ("!", "!"),
    ],
)
def test_a_tag_is_refused_and_never_acted_on(tag: str, named: str) -> None:
    assert read(f"a: {tag} true\n") == (
        {"a": "true"},
        [
            f"f.yml:1:4: [yaml-feature] the tag `{named}` is not allowed",
            "    put the whole text in quotation marks if `!` is part of it; else delete it",
        ],
    )


def test_tags_of_lists_and_mappings_are_refused() -> None:
    _, problems = read("a: !!set {b, c}\nd: !!omap [e]\n")
    assert problems[::2] == [
        "f.yml:1:4: [yaml-feature] the tag `tag:yaml.org,2002:set` is not allowed",
        "f.yml:2:4: [yaml-feature] the tag `tag:yaml.org,2002:omap` is not allowed",
    ]


def test_a_merge_key_is_refused() -> None:
    assert refused("a: b\n<<: {c: d}\n") == [
        "f.yml:2:1: [yaml-feature] the merge key `<<` is not allowed",
        "    write the keys out",
    ]


def test_a_second_document_is_refused_and_the_first_one_read() -> None:
    assert read("a: 1\n---\na: {b: [\n") == (
        {"a": "1"},
        [
            "f.yml:2:1: [yaml-feature] a second document is not allowed",
            "    keep one record in a file; delete the `---` line",
        ],
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("%YAML 9.9\n---\na: 1\n", "f.yml:1:1: [yaml-syntax] found incompatible YAML document"),
        (
            "%FOO bar\n---\na: 1\n",
            "f.yml:1:5: [yaml-syntax] while scanning a directive found unknown directive name",
        ),
    ],
)
def test_an_unknown_directive_is_a_problem(text: str, problem: str) -> None:
    assert refused(text) == [problem, "    mend the YAML at this place"]


def test_a_tag_that_a_directive_renames_is_refused_under_its_real_name() -> None:
    _, problems = read("%TAG ! tag:yaml.org,2002:python/\n---\na: !name:os.system x\n")
    assert problems[0] == (
        "f.yml:3:4: [yaml-feature] the tag `tag:yaml.org,2002:python/name:os.system` is not allowed"
    )


# ---- keys --------------------------------------------------------------------------------------


def test_a_second_equal_key_is_refused_and_the_first_one_kept() -> None:
    assert read("name: one\nclaims:\n  - {id: a, id: b}\n'name': two\n\"na\\x6de\": three\n") == (
        {"name": "one", "claims": [{"id": "a"}]},
        [
            "f.yml:3:13: [duplicate-key] `id` is there twice",
            "    keep one; the first is on line 3",
            "f.yml:4:1: [duplicate-key] `name` is there twice",
            "    keep one; the first is on line 1",
            "f.yml:5:1: [duplicate-key] `name` is there twice",
            "    keep one; the first is on line 1",
        ],
    )


@pytest.mark.parametrize(
    ("text", "at"),
    [("[a, b]: c\nd: e\n", "1:1"), ("{a: b}: c\nd: e\n", "1:1"), ("d: e\n? - a\n  - b\n: c\n", "2:3")],
)
def test_a_list_or_mapping_as_a_key_is_refused_and_the_rest_read(text: str, at: str) -> None:
    assert read(text) == (
        {"d": "e"},
        [f"f.yml:{at}: [wrong-shape] a key must be text", "    quote it if the brackets are text"],
    )


def test_template_braces_without_quotes_are_a_problem_not_a_crash() -> None:
    assert read("a: {{name}}\n") == (
        {"a": {}},
        ["f.yml:1:5: [wrong-shape] a key must be text", "    quote it if the brackets are text"],
    )


# ---- syntax ------------------------------------------------------------------------------------


def test_what_was_found_before_a_fault_of_syntax_is_still_said() -> None:
    assert refused("a: &x 1\nb: \x07\nc: d: e\n")[::2] == [
        "f.yml:2:4: [forbidden-character] U+0007 (control character) is not allowed",
        "f.yml:1:4: [yaml-feature] the anchor `&x` is not allowed",
        "f.yml:3:5: [yaml-syntax] a colon and a space inside a text: in YAML they end a key",
    ]


# ---- characters --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\x07", "U+0007 (control character)"),
        ("\x0b", "U+000B (control character)"),
        ("\x0c", "U+000C (control character)"),
        ("\x1b", "U+001B (control character)"),
        ("\x7f", "U+007F (control character)"),
        ("\x85", "U+0085 (control character)"),
        ("\x9b", "U+009B (control character)"),
        ("\xad", "U+00AD (soft hyphen)"),
        ("\u061c", "U+061C (arabic letter mark)"),
        ("\u200b", "U+200B (zero width space)"),
        ("\u200c", "U+200C (zero width non-joiner)"),
        ("\u200d", "U+200D (zero width joiner)"),
        ("\u200e", "U+200E (left-to-right mark)"),
        ("\u200f", "U+200F (right-to-left mark)"),
        ("\u2028", "U+2028 (line separator)"),
        ("\u2029", "U+2029 (paragraph separator)"),
        ("\u202a", "U+202A (left-to-right embedding)"),
        ("\u202e", "U+202E (right-to-left override)"),
        ("\u2060", "U+2060 (word joiner)"),
        ("\u2066", "U+2066 (left-to-right isolate)"),
        ("\u2069", "U+2069 (pop directional isolate)"),
        ("\ufeff", "U+FEFF (zero width no-break space)"),
        ("\ufffe", "U+FFFE (control character)"),
        ("\U000e0041", "U+E0041 (tag latin capital letter a)"),
    ],
)
def test_a_character_that_cannot_be_seen_is_refused_raw_and_as_an_escape(character: str, name: str) -> None:
    raw = f"é: ok\nb: xé{character}y\n"
    escape = f"\\U{ord(character):08x}"
    assert read(raw) == (
        {"é": "ok", "b": "xéy"},
        [f"f.yml:2:6: [forbidden-character] {name} is not allowed", "    delete it"],
    )
    assert read(f'é: ok\nb: "xé{escape}y"\n') == (
        {"é": "ok", "b": "xéy"},
        [f"f.yml:2:4: [forbidden-character] {name} is not allowed", "    delete the escape"],
    )
    assert read(f'"k{escape}": v\n')[1][0] == f"f.yml:1:1: [forbidden-character] {name} is not allowed"


def test_a_short_escape_is_no_way_around() -> None:
    assert read('a: "x\\u202ey\\e[2J\\0\\N"\n') == (
        {"a": "xy[2J"},
        [
            "f.yml:1:4: [forbidden-character] U+202E (right-to-left override) is not allowed",
            "    delete the escape",
            "f.yml:1:4: [forbidden-character] U+001B (control character) is not allowed",
            "    delete the escape",
            "f.yml:1:4: [forbidden-character] U+0000 (control character) is not allowed",
            "    delete the escape",
            "f.yml:1:4: [forbidden-character] U+0085 (control character) is not allowed",
            "    delete the escape",
        ],
    )


def test_characters_are_refused_in_comments_too() -> None:
    # There they can turn the order of what a reviewer sees.
    assert read("a: b # \u202e c\n")[1][0] == (
        "f.yml:1:8: [forbidden-character] U+202E (right-to-left override) is not allowed"
    )


def test_a_refused_line_separator_starts_no_line() -> None:
    assert refused("a: b\u2028c: d\n")[::2] == [
        "f.yml:1:5: [forbidden-character] U+2028 (line separator) is not allowed",
        "f.yml:1:7: [yaml-syntax] a colon and a space inside a text: in YAML they end a key",
    ]


@pytest.mark.parametrize(
    "word",
    [
        "می\u200cخواهم",  # Persian: "I want"
        "क्\u200dष",  # Devanagari: half ka, then ssa
        "ක්\u200dෂ",  # Sinhala
        "ന്\u200d",  # Malayalam: chillu n
    ],
)
def test_joiners_are_allowed_where_a_script_needs_them(word: str) -> None:
    assert plain(sound(f"a: {word}\nb: '{word}'\nc: \"{word}\"\n")) == {"a": word, "b": word, "c": word}
    escaped = word.replace("\u200c", "\\u200c").replace("\u200d", "\\u200d")
    assert plain(sound(f'a: "{escaped}"\n')) == {"a": word}


@pytest.mark.parametrize("before", ["", "x", "я", "α", "文", "1", " ", "\U0001f469"])
def test_joiners_are_refused_elsewhere(before: str) -> None:
    column = 5 + len(before)
    assert read(f"a: '{before}\u200d'\n")[1] == [
        f"f.yml:1:{column}: [forbidden-character] U+200D (zero width joiner) is not allowed",
        "    delete it",
    ]


@pytest.mark.parametrize("text", ["a\tb", "\u00a0", "a\u202fb", "e\u0301", "👍🏽", "\ufffd"])
def test_other_characters_are_text(text: str) -> None:
    assert plain(sound(f"a: 'x{text}y'\nb: \"x{text}y\"\n")) == {"a": f"x{text}y", "b": f"x{text}y"}


def test_of_a_file_full_of_forbidden_characters_some_are_reported_and_the_rest_counted() -> None:
    data = b"a: b\n" + b"#\1\n" * 300_000  # to place each of them would take minutes
    _, problems = read_yaml("f.yml", data)
    assert len(problems) == MOST_CHARACTERS
    assert [problem.at.line for problem in problems] == list(range(2, 2 + MOST_CHARACTERS))
    assert {problem.hint for problem in problems[:-1]} == {"delete it"}
    assert problems[-1].hint == f"delete it, and {300_000 - MOST_CHARACTERS:,} more below"


# ---- helpers that other modules use ------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "offset", "line", "column"),
    [
        ("", 0, 1, 1),
        ("abc", 2, 1, 3),
        ("a\nbc", 3, 2, 2),
        ("é\r\nbc", 4, 2, 2),
        ("a\rbc", 3, 2, 2),
        ("a\r\n\r\nb", 5, 3, 1),
        ("a\n", 2, 2, 1),
        ("a\n\n", 1, 1, 2),
    ],
)
def test_a_place_is_counted_from_an_offset(text: str, offset: int, line: int, column: int) -> None:
    assert place("f", text, offset) == Location("f", line, column)


def test_forbidden_characters_are_found_by_offset() -> None:
    assert forbidden_characters("a\u200bb\u0645\u200cc\u200d") == (1, 6)


def test_decoding_drops_one_mark_and_keeps_the_rest() -> None:
    assert decode("f", codecs.BOM_UTF8 + "é\r\n".encode()) == ("é\r\n", ())


# ---- properties --------------------------------------------------------------------------------

YAML_PIECES = st.sampled_from(
    "a b é \u202e \u200d \1 \x85 - -\t : :\t ? [ ] { } , # & &x * *x ! !! !x | > |2 >- ' \" \\ \\u202e \\x "
    "% %YAML --- ... << \t \n \r\n \ufeff ~ @ ` = 😀".split(" ")
) | st.just(" ")


@settings(REPRODUCIBLE, max_examples=1500)
@given(
    st.binary(max_size=2048)
    | st.lists(YAML_PIECES, max_size=60).map(lambda pieces: "".join(pieces).encode())
    | st.text(max_size=500).map(lambda text: text.encode("utf-16"))
)
def test_any_bytes_give_a_node_or_a_problem_and_never_an_exception(data: bytes) -> None:
    node, problems = read_yaml("f.yml", data)
    assert node is not None or problems
    assert all(problem.at.line >= 1 and problem.at.column >= 1 for problem in problems)
    assert all(problem.message and problem.hint for problem in problems)
    if node is not None:
        assert not any(forbidden_characters(text) for text, _, _ in places(node))


TEXT = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20).filter(
    lambda text: not FORBIDDEN.search(text)
)
TREE = st.recursive(
    TEXT | st.sampled_from("NO 007 1.10 ~ null 2025-10-08 <<x !x &x *x - : # @ ' \" {} []".split()),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(TEXT.filter(lambda key: key != "<<"), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(REPRODUCIBLE, max_examples=300)
@given(tree=st.dictionaries(st.just("root"), TREE, min_size=1), flow=st.booleans(), unicode=st.booleans())
def test_whatever_texts_are_dumped_as_yaml_are_read_back(
    tree: dict[str, Plain], flow: bool, unicode: bool
) -> None:
    dumped = yaml.safe_dump(tree, default_flow_style=flow, allow_unicode=unicode, sort_keys=False)
    assert plain(sound(dumped)) == tree


@settings(REPRODUCIBLE, max_examples=300)
@given(tree=st.dictionaries(st.just("root"), TREE, min_size=1))
def test_every_text_stands_where_its_place_says(tree: dict[str, Plain]) -> None:
    dumped = yaml.safe_dump(tree, default_flow_style=True, allow_unicode=True, width=10_000, sort_keys=False)
    lines = dumped.split("\n")
    for text, line, column in places(sound(dumped)):
        written = lines[line - 1][column - 1 :]
        assert written.startswith(("'", '"')) or written.startswith(text)
