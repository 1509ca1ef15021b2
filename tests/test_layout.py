"""Records put in canonical layout: they say the same, comments stay with what they are about, once is enough."""

from __future__ import annotations

import codecs
import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build_tools.editing import layout
from build_tools.editing.comments import comments_of
from build_tools.editing.layout import WIDTH, laid_out, record_of
from build_tools.editing.yaml_edit import Lines, placeless, spans_of
from build_tools.load import SourceFile
from build_tools.problems import Code
from build_tools.prose import sentences
from build_tools.records import Entity, Passages, SeedRecord, Waivers, WikiSettings
from build_tools.yaml_tree import MAX_FILE_BYTES, read_yaml

REPRODUCIBLE = settings(derandomize=True, deadline=None)
PATH = "entities/islands/gull-rock.yml"
PATHS = {
    Entity: PATH,
    SeedRecord: "seeds/lamp/seed.yml",
    Passages: "seeds/lamp/passages.yml",
    WikiSettings: "wiki.yml",
    Waivers: "waivers.yml",
}


def put(text: str | bytes, record: type = Entity) -> str:
    """The text in canonical layout, which is that of itself."""
    data = text.encode() if isinstance(text, str) else text
    new, problems = laid_out(SourceFile(PATHS[record], data), record)
    assert problems == ()
    assert new is not None
    assert laid_out(SourceFile(PATHS[record], new), record) == (new, ()), "once is enough"
    return new.decode()


def comments(text: str) -> Counter[str]:
    lines = Lines(text)
    node, _ = read_yaml(PATH, text.encode())
    assert node is not None
    return Counter(comments_of(lines, spans_of(lines), node).all())


# ---- layout ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "new"),
    [
        # keys in the order of the records; those that no record has, last
        ("claims: []\nzoo: x\nname: Rock\n", "name: Rock\nclaims: []\nzoo: x\n"),
        ("relations:\n- to: a\n  type: b\nname: Rock", "name: Rock\nrelations:\n  - {type: b, to: a}\n"),
        # short records in brackets, on one line
        ("name: Rock\nalso:\n  - name: R\n    kind: short\n", "name: Rock\nalso:\n  - {name: R, kind: short}\n"),
        ("also: [{name: R}, {name: S}]\n", "also:\n  - {name: R}\n  - {name: S}\n"),
        ("adjectives:\n  - a\n  - b\n", "adjectives: [a, b]\n"),
        ("identifiers:\n  b: x\n  a: y\n", "identifiers: {b: x, a: y}\n"),
        ("claims: [{text: T., id: a}]\n", "claims:\n  - id: a\n    text: T.\n"),
        ("claims:\n- cites:\n  - {passage: p1, seed: s}\n  - t\n  id: a\n", "claims:\n  - id: a\n    cites: [{seed: s, passage: p1}, t]\n"),
        # prose: one sentence a line
        ("summary: {text: One. Two.}\n", "summary:\n  text: >-\n    One.\n    Two.\n"),
        ("summary:\n  text: |\n    One\n    and a half.\n", "summary:\n  text: One and a half.\n"),
        ("summary:\n  text: >\n    One.\n    Two:\n    three.\n", "summary:\n  text: >-\n    One.\n    Two: three.\n"),
        ("notes:\n  - {text: 'One. Two.', about: a}\n", "notes:\n  - text: >-\n      One.\n      Two.\n    about: a\n"),
        # quotation marks: kept, added where they are needed, double ones if they can be
        ("name: 'Rock'\n", 'name: "Rock"\n'),
        ("name: '007'\n", 'name: "007"\n'),
        ("name: 'The \"Rock\"'\n", "name: 'The \"Rock\"'\n"),
        ('name: "It\'s a \\"Rock\\""\n', 'name: "It\'s a \\"Rock\\""\n'),
        ('name: "a\\u00a0b"\n', 'name: "a\\u00a0b"\n'),
        ('name: "a\\\n  b"\n', 'name: "ab"\n'),
        ("name: >-\n  Rock: a\n  life\n", 'name: "Rock: a life"\n'),
        ("also:\n- name: Rock, the\n", 'also:\n  - {name: "Rock, the"}\n'),
        ("name:\nclaims:\n", "name:\nclaims:\n"),
        ("relations: [{type: , to: b}]\n", "relations:\n  - type:\n    to: b\n"),
        ("adjectives:\n  -\n  - b\n", "adjectives:\n  -\n  - b\n"),
        ("name: ''\n", 'name: ""\n'),
        # words of others: no white space that counts is touched, and no sentence parted
        ("quotes:\n- id: a\n  text: We came. We\n    saw.\n", "quotes:\n  - id: a\n    text: We came. We saw.\n"),
        ("quotes:\n- id: a\n  text: 530\u202f000 men\n", "quotes:\n  - id: a\n    text: 530\u202f000 men\n"),
        # the lines: blank ones, tabs, their ends, byte-order mark
        ("\n\nname: Rock\n\n\n\nclaims: []\n\n", "name: Rock\n\nclaims: []\n"),
        ("name: Rock\t\nadjectives: [\ta ]\n", "name: Rock\nadjectives: [a]\n"),
        ("name: Rock\r\nclaims: []", "name: Rock\r\nclaims: []\r\n"),
        ("name: Rock\rclaims: []\r", "name: Rock\nclaims: []\n"),
        ("---\nname: Rock\n...\n", "name: Rock\n"),
        ("{name: Rock, claims: [{id: a}]}", "name: Rock\nclaims:\n  - id: a\n"),
        ("- a\n-   - b\n    - c: d\n", "- a\n- - b\n  - {c: d}\n"),
        ("Rock\n", "Rock\n"),
        ("[]\n", "[]\n"),
    ],
)  # fmt: skip
def test_a_record_is_put_in_order(text: str, new: str) -> None:
    assert put(text) == new


@pytest.mark.parametrize(
    ("record", "text", "new"),
    [
        (SeedRecord, "rights: {holder: H, status: licensed}\nshort: S\n", "short: S\nrights: {status: licensed, holder: H}\n"),
        (SeedRecord, "notes: [One.]\n", "notes:\n  - One.\n"),
        (SeedRecord, "notes:\n- One. Two.\n", "notes:\n  - >-\n    One.\n    Two.\n"),
        (SeedRecord, "capture:\n  sha256_begins: '1'\n", 'capture: {sha256_begins: "1"}\n'),
        (Passages, "p2: {gist: G., kind: text}\np10:\n  gist: G.\n", "p2:\n  kind: text\n  gist: G.\np10:\n  gist: G.\n"),
        (WikiSettings, "topics: {b: {label: B}, a: {label: A}}\n", "topics:\n  b:\n    label: B\n  a:\n    label: A\n"),
        (WikiSettings, "facts:\n  role:\n    kinds: [person]\n    label: R\n", "facts:\n  role: {label: R, kinds: [person]}\n"),
        (WikiSettings, "identifiers: {r: {label: R, pattern: 'I-  [0-9]'}}\n", 'identifiers:\n  r: {label: R, pattern: "I-  [0-9]"}\n'),
        (Waivers, "waivers: [{path: p, code: c}]\n", "waivers:\n  - code: c\n    path: p\n"),
    ],
)  # fmt: skip
def test_every_kind_of_file_has_its_order(record: type, text: str, new: str) -> None:
    assert put(text, record) == new
    assert record_of(PATHS[record]) is record


def test_no_other_file_is_laid_out() -> None:
    for path in ("seeds/lamp/seal.json", "seeds/lamp/text.md", "docs/about.md", "mkdocs.yml"):
        assert record_of(path) is None


def test_what_does_not_fit_on_a_line_has_lines_of_its_own() -> None:
    fits = "x" * (WIDTH - len("  - {type: , to: b}"))
    assert put(f"relations:\n  - {{type: {fits}, to: b}}\n").count("\n") == 2
    assert put(f"relations:\n  - {{type: {fits}x, to: b}}\n") == f"relations:\n  - type: {fits}x\n    to: b\n"


# ---- sentences -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "parts",
    [
        ["One.", "Two!", "Three?", "Four…", "5 more."],
        ["He said “No.”", "“Yes,” said she.", "(It rained.)", "Then *not.*", "**Then** it did."],
        ["It is one.", "[[rock]] is another.", "[[rock|The rock]] too."],
        ["It lies near St. Ada, i.e. by the U.S. No. 5 (cf. p. 3) of J. R. Brook vs. Dr. Gull."],
        ["It sells at skarn.example. [[rock|the rock]] does not."],
        ["About 4.5 million … and more."],
        ["Ölig war es.", "Über alles."],
    ],
)
def test_sentences_end_where_it_is_certain(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == tuple(parts)


# ---- comments --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "new"),
    [
        # of the file
        ("# yaml-language-server: $schema=x\nname: R\n", None),
        ("# head\n\n# too\nclaims: []  # none\nname: R # his\n", "# head\n\n# too\nname: R  # his\nclaims: []  # none\n"),
        ("--- # start\nname: R\n... # end\n", "# start\nname: R\n# end\n"),
        ("# only above\n{name: R}\n# and below\n", "# only above\nname: R\n# and below\n"),
        # above a key or an item, they go where it goes
        ("name: R\n# of notes\nnotes: []\n\n# of claims\n# and more\nclaims: []\n", "name: R\n\n# of claims\n# and more\nclaims: []\n# of notes\nnotes: []\n"),
        ("claims:\n# first\n- text: T.\n  # its id\n  id: a\n  # second\n- id: b\n", "claims:\n  # first\n  # its id\n  - id: a\n    text: T.\n    # second\n  - id: b\n"),
        ("claims:\n  - # dash\n    id: a\n", "claims:\n  # dash\n  - id: a\n"),
        # at the end of what they are indented like
        ("claims:\n  - id: a\n    # of a\n  # of claims\nrelations: []\n# of all\n", None),
        ("claims:\n  - id: a\n# of relations\nrelations: []\n", None),
        ("claims:\n  - id: a\n    cites: [x]\n      # odd\n", "claims:\n  - id: a\n    cites: [x]\n    # odd\n"),
        # beside
        ("summary:  # s\n  text: >-   # t\n    One.\n    Two.\n  cites: [a] # c\n", "summary:  # s\n  text: >-  # t\n    One.\n    Two.\n  cites: [a]  # c\n"),
        ("claims:\n  - id: a   # of id\n    text: T.\n", "claims:\n  - id: a  # of id\n    text: T.\n"),
        ("relations:\n- {to: b, type: a} # why\n", "relations:\n  - {type: a, to: b}  # why\n"),
        ("claims:\n- {id: a, text: T.} # why\n", "claims:\n  # why\n  - id: a\n    text: T.\n"),
        ('name: "R"#c\nadjectives: [a]#d\n', 'name: "R"  #c\nadjectives: [a]  #d\n'),
        ("name: R # one\n  # two\n", "name: R  # one\n# two\n"),
        ("notes: # one\n  [] # two\n", "# one\n# two\nnotes: []\n"),
        # in brackets
        ("adjectives: [a, # of a\n  # of b\n  b]\n", "adjectives:\n  - a  # of a\n  # of b\n  - b\n"),
        ("adjectives: [ # first\n  a\n  # last\n  ]\n", "adjectives:\n  # first\n  - a\n  # last\n"),
        ("adjectives: [\n  # none\n  ]\n", "# none\nadjectives: []\n"),
        ("relations: [{type: a, # t\n  to: b}]\n", "relations:\n  - type: a  # t\n    to: b\n"),
        ("identifiers:\n  # k\n  a: b\n", "identifiers:\n  # k\n  a: b\n"),
        ("relations:\n- to: b\n  # t\n  type: a\n", "relations:\n  # t\n  - {type: a, to: b}\n"),
        # what is no comment
        ("name: R#1\nalso: [{name: '# x'}]\nsummary:\n  text: |\n    One.\n    # Two.\n", 'name: R#1\nalso:\n  - {name: "# x"}\nsummary:\n  text: "One. # Two."\n'),
        ("summary:\n  text: >-\n    One.\n    # Two.\n    Three.\n", "summary:\n  text: >-\n    One. # Two.\n    Three.\n"),
    ],
)  # fmt: skip
def test_comments_stay_with_what_they_are_about(text: str, new: str | None) -> None:
    assert put(text) == (text if new is None else new)
    assert comments(text) == comments(text if new is None else new)


# ---- whatever comes --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"name: [\n", Code.YAML_SYNTAX),
        (b"name: a\nname: b\n", Code.DUPLICATE_KEY),
        (b"name: &a b\n", Code.YAML_FEATURE),
        (b"name: \xff\n", Code.NOT_UTF8),
        ("name: a\u200bb\n".encode(), Code.FORBIDDEN_CHARACTER),
        (b"name:\n\t- a\n", Code.YAML_SYNTAX),
        (b"# only a comment\n", Code.EMPTY_FILE),
        (b"[" * 70 + b"]" * 70, Code.TOO_DEEP),
        (b"a" * (MAX_FILE_BYTES + 1), Code.FILE_TOO_BIG),
    ],
)
def test_what_cannot_be_read_is_not_laid_out(data: bytes, code: Code) -> None:
    new, problems = laid_out(SourceFile(PATH, data), Entity)
    assert new is None
    assert [problem.code for problem in problems] == [code]


@pytest.mark.parametrize(
    ("function", "wrong"),
    [
        ("_tidy", lambda rows: [row.partition("#")[0].rstrip() for row in rows]),  # loses a comment
        ("_quoted", lambda text: '"Rock"'),  # loses a word
        ("_quoted", lambda text: f'"{text.removesuffix(" know")}"'),  # where no record has a key
        ("_words", lambda node, field: node.text.replace("  ", " ")),  # folds where white space counts
        ("sentences", lambda text: ("One.", "1: [")),
        ("_key", lambda text: f"{text}: ["),  # is no YAML
    ],
)
def test_a_layout_that_would_say_something_else_is_refused(
    function: str, wrong: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = b"identifiers:\n  r: {label: 'The Rock', pattern: 'I-  [0-9]'}  # why\nintroduction: One. Two.\n"
    text += b"zoo: 'what they know'\n"
    assert laid_out(SourceFile("wiki.yml", text), WikiSettings)[0]
    monkeypatch.setattr(layout, function, wrong)
    new, problems = laid_out(SourceFile("wiki.yml", text), WikiSettings)
    assert new is None
    assert [problem.code for problem in problems] == [Code.WRONG_SHAPE]


def test_a_byte_order_mark_is_dropped() -> None:
    assert put(codecs.BOM_UTF8 + b"name: R\n") == "name: R\n"


def test_a_big_file_is_laid_out() -> None:
    row = "  - {type: near-to, to: great-skarn, cites: [courier-2024#p1]}  # beside\n  # above\n"
    text = "name: R\nrelations:\n" + row * (MAX_FILE_BYTES // 5 // len(row))
    new, problems = laid_out(SourceFile(PATH, text.encode()), Entity)
    assert problems == ()
    assert new is not None
    assert new == text.encode().removesuffix(b"  # above\n") + b"  # above\n"


def test_a_file_that_would_grow_too_big_is_told() -> None:
    row = "- {t: x}\n"  # indented by two
    new, problems = laid_out(SourceFile(PATH, b"relations:\n" + row.encode() * (950_000 // len(row))), Entity)
    assert new is None
    assert [problem.code for problem in problems] == [Code.FILE_TOO_BIG]


def folded(said: object) -> object:
    """What a node says, its keys in order of their names, without white space that does not count."""
    if isinstance(said, dict):
        return sorted((key, folded(value)) for key, value in said.items())
    return (
        [folded(item) for item in said]
        if isinstance(said, list)
        else re.sub(r"[ \t\n]+", " ", str(said)).strip(" ")
    )


WORDS = st.text(
    st.sampled_from("aB .,:;-#'\"[]{}?!&*%@`|>\\/\n\tß\u00a0\u202f…”é0"), max_size=30
) | st.sampled_from(["One. Two.", "NO", "~", "2024-05", "a#p1", "[[rock]]. [[x|Y]] z", "- a", "? b", "---"])
KEYS = st.sampled_from(
    "name also summary text cites claims id quotes seed passage note notes when zoo 'a: b' series value".split()
)
VALUES = st.recursive(
    WORDS, lambda below: st.lists(below, max_size=4) | st.dictionaries(KEYS, below, max_size=5), max_leaves=12
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A YAML text in some layout, with comments wherever there may be one."""
    said = iter(range(1000))

    def comment(pad: str) -> str:
        return f"{pad}# {next(said)}\n" if draw(st.integers(0, 5)) == 0 else ""

    def scalar(words: str) -> str:
        if not words or draw(st.booleans()):
            escaped = (
                words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
            )
            return f'"{escaped}"'
        return "'" + words.replace("'", "''").replace("\n", " ").replace("\t", " ") + "'"

    def inside(value: object) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{scalar(key)}: {inside(item)}" for key, item in value.items()) + "}"
        if isinstance(value, list):
            beside = f" # {next(said)}\n  " if draw(st.integers(0, 5)) == 0 else ""
            return "[" + beside + ", ".join(map(inside, value)) + "]"
        assert isinstance(value, str)
        return scalar(value)

    def below(value: object, indent: int) -> str:
        pad = " " * indent
        if value and isinstance(value, dict | list) and draw(st.integers(0, 3)):
            items = value.items() if isinstance(value, dict) else (("", item) for item in value)
            rows = ""
            for key, item in items:
                begin = f"{scalar(key)}:" if isinstance(value, dict) else "-"
                blank = "\n" if draw(st.integers(0, 5)) == 0 else ""
                rows += f"{blank}{comment(pad)}{pad}{begin}{below(item, indent + draw(st.integers(1, 3)))}"
            return "\n" + rows + comment(pad)
        if isinstance(value, str) and "\n" not in value and value.strip() and draw(st.booleans()):
            mark = draw(st.sampled_from("|>"))
            return f" {mark}-\n{pad} {value.strip()}\n"
        return f" {inside(value)}\n"

    value = draw(st.dictionaries(KEYS, VALUES, min_size=1, max_size=5))
    return below(value, 0).lstrip(" ")


@settings(REPRODUCIBLE, max_examples=250)
@given(texts(), st.sampled_from(list(PATHS)))
def test_whatever_is_laid_out_says_the_same_with_all_its_comments(text: str, record: type) -> None:
    before, problems = read_yaml(PATHS[record], text.encode())
    if before is None or problems:
        return
    new = put(text, record)
    after, problems = read_yaml(PATHS[record], new.encode())
    assert after is not None
    assert problems == ()
    assert comments(new) == comments(text)
    assert folded(placeless(after)) == folded(placeless(before))
