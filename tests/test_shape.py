"""Nodes read into records: every fault at its place, one problem for one mistake, the rest still read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build_tools import records
from build_tools.problems import Location, Problem
from build_tools.prose import Plain, Prose
from build_tools.records import Cite, Entity, Passages, SeedRecord, WikiSettings
from build_tools.report import terminal
from build_tools.shape import read_record, shape_of
from build_tools.values import Count, Flag, Language, LineSpan, Ref, Role, Text, Url, Verbatim, When
from build_tools.yaml_tree import Entry, Mapping, Node, Scalar, Sequence, read_yaml

REPRODUCIBLE = settings(derandomize=True, deadline=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Buoy:
    """A record within another."""

    at: Location
    colour: Text = field(metadata={"doc": "The colour."})
    depth: Count | None = field(default=None, metadata={"doc": "The depth."})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tide:
    """A record under a key."""

    at: Location
    key: Ref = field(metadata={"key_of_mapping": True})
    height: Count = field(metadata={"doc": "The height."})


@dataclass(frozen=True, slots=True, kw_only=True)
class Harbour:
    """A record with a field of every sort."""

    at: Location
    id: str = field(metadata={"given": True})
    name: Text = field(metadata={"doc": "The name."})
    about: Prose = field(metadata={"doc": "What it is."})
    opened: When = field(metadata={"doc": "When."})
    master: Ref | None = field(default=None, metadata={"doc": "Who."})
    motto: Verbatim | None = field(default=None, metadata={"doc": "Its words."})
    role: Role = field(default=Role.CONTEXT, metadata={"doc": "What it does."})
    lit: Flag = field(default=Flag(True), metadata={"doc": "If it has a light."})
    first: Buoy | None = field(default=None, metadata={"doc": "The first buoy."})
    buoys: tuple[Buoy, ...] = field(default=(), metadata={"doc": "The others."})
    berths: tuple[Count, ...] = field(default=(), metadata={"doc": "The berths.", "key": "from"})
    tides: tuple[Tide, ...] = field(default=(), metadata={"doc": "The tides.", "keyed": True})


def node_of(text: str) -> Node:
    """The node of sound YAML."""
    node, problems = read_yaml("f.yml", text.encode())
    assert problems == ()
    assert node is not None
    return node


def said(problems: tuple[Problem, ...]) -> list[str]:
    """The problems as a terminal shows them: two lines each."""
    return terminal(problems).splitlines()


def read(text: str) -> tuple[Harbour, list[str]]:
    """The harbour of a text, and what is wrong with it."""
    harbour, problems = read_record(node_of(text), Harbour, id="h")
    return harbour, said(problems)


AT = Location("f.yml")
SOUND = "name: Skarn\nabout: A *port*.\nopened: 1887\n"


def read_any(node: Node, record: type) -> object:
    """A record of the wiki from any node."""
    given = {"id": "x", "kind": "x"} if record is Entity else {"id": "x"} if record is SeedRecord else {}
    value: object
    value, problems = read_record(node, record, **given)
    assert all(problem.message and problem.hint for problem in problems)
    return value


def wrong(text: str) -> list[str]:
    """What is wrong with a harbour that is sound but for the lines added at line 4."""
    return read(SOUND + text)[1]


# ---- what is sound -----------------------------------------------------------------------------


def test_a_record_is_read_by_its_annotations() -> None:
    harbour, problems = read(
        """\
name: " Skarn  Harbour "
about: A *port*.
opened: 1887-05/..
master: ada-brook
motto: |
  Keep the hour,
  not the *promise*.
role: supports
lit: "false"
first: {colour: red}
buoys:
  - colour: green
    depth: 12
from: [3, 4]
tides:
  spring: {height: 5}
"""
    )
    assert problems == []
    assert (harbour.at, harbour.id) == (Location("f.yml"), "h")
    assert harbour.name == Text("Skarn Harbour", Location("f.yml", 1, 9))
    assert harbour.about.source == "A *port*."
    assert harbour.about.at == Location("f.yml", 2, 8)
    assert (harbour.opened.date.first, harbour.opened.date.at) == ("1887-05-01", Location("f.yml", 3, 9))
    assert harbour.master == Ref("ada-brook", Location("f.yml", 4, 9))
    assert harbour.motto == Verbatim("Keep the hour, not the *promise*.", Location("f.yml", 6, 3))
    assert harbour.role is Role.SUPPORTS
    assert harbour.lit == Flag(False)
    assert harbour.first == Buoy(at=Location("f.yml", 10, 8), colour=Text("red", Location("f.yml", 10, 17)))
    assert [(str(buoy.colour), buoy.depth) for buoy in harbour.buoys] == [("green", Count(12))]
    assert harbour.berths == (Count(3), Count(4))
    assert [(tide.key.id, tide.height, tide.at) for tide in harbour.tides] == [
        ("spring", Count(5), Location("f.yml", 16, 11))
    ]


def test_what_is_optional_may_be_left_out() -> None:
    harbour, problems = read(SOUND)
    assert problems == []
    assert (harbour.master, harbour.motto, harbour.role, harbour.lit) == (
        None,
        None,
        Role.CONTEXT,
        Flag(True),
    )
    assert (harbour.first, harbour.buoys, harbour.berths, harbour.tides) == (None, (), (), ())


def test_an_empty_list_or_mapping_is_a_value() -> None:
    harbour, problems = read(SOUND + "buoys: []\nfrom: []\ntides: {}\n")
    assert problems == []
    assert (harbour.buoys, harbour.berths, harbour.tides) == ((), (), ())


@pytest.mark.parametrize("name", ["NO", "007", "1.10", "~", "null", "2025-10-08", "true", "1e3", "0x1F"])
def test_a_name_that_other_readers_of_yaml_would_convert_stays_as_written(name: str) -> None:
    harbour, problems = read(SOUND.replace("Skarn", name))
    assert problems == []
    assert harbour.name.text == name


def test_the_keys_of_a_record_are_its_fields_under_their_names_in_yaml() -> None:
    assert shape_of(Harbour).keys == (
        *("name", "about", "opened", "master", "motto", "role", "lit", "first", "buoys", "from", "tides"),
    )
    assert [each.key for each in shape_of(Harbour).fields if each.required] == ["name", "about", "opened"]


# ---- keys --------------------------------------------------------------------------------------

KEYS = "name, about, opened, master, motto, role, lit, first, buoys, from, tides"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (
            "mastre: ada-brook\n",
            ["f.yml:4:1: [unknown-key] `mastre` is not a key here", "    did you mean `master`?"],
        ),
        (
            "berths: [1]\n",
            ["f.yml:4:1: [unknown-key] `berths` is not a key here", f"    the keys here are {KEYS}"],
        ),
        (
            "zebra: [x, {y: z}]\n",
            ["f.yml:4:1: [unknown-key] `zebra` is not a key here", f"    the keys here are {KEYS}"],
        ),
        (
            "id: other\n",
            [
                "f.yml:4:1: [unknown-key] `id` is not a key here",
                "    delete the line: it follows from the file's place and name",
            ],
        ),
        (
            "depth: 5\n",
            [
                "f.yml:4:1: [unknown-key] `depth` is not a key here",
                "    indent it below what it belongs to: `depth` is a key of first, buoys",
            ],
        ),
        (
            "first:\n  colour: red\n  motto: x\n",
            [
                "f.yml:6:3: [unknown-key] `motto` is not a key here",
                "    indent it less: `motto` is a key of what this stands in",
            ],
        ),
        (
            "first: {colour:red}\n",
            ["f.yml:4:15: [unknown-key] no space after the colon of `colour:`", "    write `colour: red`"],
        ),
        ("-motto: x\n", ["f.yml:4:1: [unknown-key] no space after the dash", "    write `- motto: …`"]),
        ("? ''\n: x\n", ["f.yml:4:3: [unknown-key] `` is not a key here", f"    the keys here are {KEYS}"]),
        (
            "first: {color: red, colour: red}\n",
            ["f.yml:4:9: [unknown-key] `color` is not a key here", "    did you mean `colour`?"],
        ),
    ],
)
def test_an_unknown_key_gets_the_nearest_or_all_of_them(text: str, problems: list[str]) -> None:
    assert wrong(text) == problems


def test_a_missing_key_is_reported_where_the_record_begins() -> None:
    assert read("motto: x\n")[1] == [
        "f.yml:1:1: [missing-key] `name` is missing",
        "    add `name: …` – the name",
        "f.yml:1:1: [missing-key] `about` is missing",
        "    add `about: …` – what it is",
        "f.yml:1:1: [missing-key] `opened` is missing",
        "    add `opened: …` – when",
    ]
    assert wrong("buoys:\n  - depth: 3\n") == [
        "f.yml:5:5: [missing-key] `colour` is missing",
        "    add `colour: …` – the colour",
    ]


def test_a_misspelt_key_is_one_mistake_though_it_leaves_another_one_missing() -> None:
    assert read(SOUND.replace("opened", "openned"))[1] == [
        "f.yml:3:1: [unknown-key] `openned` is not a key here",
        "    did you mean `opened`?",
    ]


# ---- empty values ------------------------------------------------------------------------------


@pytest.mark.parametrize("empty", ["", " ''", ' ""', ' " \\n\\t "', " |\n"])
def test_a_key_without_a_value_is_reported_at_the_key(empty: str) -> None:
    assert wrong(f"motto:{empty}\n") == [
        "f.yml:4:1: [empty-value] `motto` is empty",
        "    fill it in, or delete the key",
    ]
    assert read(f"name:{empty}\nabout: a\nopened: 1887\n")[1] == [
        "f.yml:1:1: [empty-value] `name` is empty",
        "    fill it in – the name",
    ]


@pytest.mark.parametrize("key", ["master", "role", "lit", "first", "buoys", "from", "tides"])
def test_a_field_of_any_sort_may_not_be_empty(key: str) -> None:
    assert wrong(f"{key}:\n") == [
        f"f.yml:4:1: [empty-value] `{key}` is empty",
        "    fill it in, or delete the key",
    ]


def test_an_empty_item_of_a_list_is_reported_at_its_place() -> None:
    harbour, problems = read(SOUND + "from:\n  - 3\n  -\n  - ''\n  - 4\n")
    assert problems == [
        "f.yml:6:4: [empty-value] an item of the list is empty",
        "    fill it in, or delete it",
        "f.yml:7:5: [empty-value] an item of the list is empty",
        "    fill it in, or delete it",
    ]
    assert harbour.berths == (Count(3), Count(4))


def test_an_empty_record_under_a_key_is_reported_at_its_place() -> None:
    assert wrong("tides:\n  spring:\n") == [
        "f.yml:5:10: [empty-value] nothing here where a mapping (`key: value` lines) belongs",
        "    fill it in",
    ]


# ---- one thing where another belongs -----------------------------------------------------------

ONE_TEXT_HINT = "    one text belongs here: write it without `[…]` or `- `"
TEXT_HINT = "    write the text itself; put it in quotes if it starts with `[`, `{`, `- ` or holds `: `"
LIST_HINT = "    put `- ` before each item, or the items in `[…]`"
MAPPING_HINT = "    write `key: value` lines, indented below"
COLOUR_HINT = f"{MAPPING_HINT}: `colour: …`"
A_MAPPING = "a mapping (`key: value` lines)"


@pytest.mark.parametrize(
    ("text", "place", "found", "wanted", "hint"),
    [
        # Where text belongs.
        ("motto: [x]\n", "4:8", "a list", "text", ONE_TEXT_HINT),
        ("motto: {x: y}\n", "4:8", A_MAPPING, "text", TEXT_HINT),
        ("motto:\n  - x\n", "5:3", "a list", "text", ONE_TEXT_HINT),
        ("master: [ada-brook]\n", "4:9", "a list", "text", ONE_TEXT_HINT),
        ("master: {id: ada-brook}\n", "4:9", A_MAPPING, "text", TEXT_HINT),
        ("role: [supports]\n", "4:7", "a list", "text", ONE_TEXT_HINT),
        ("role: {x: y}\n", "4:7", A_MAPPING, "text", TEXT_HINT),
        ("lit: {on: true}\n", "4:6", A_MAPPING, "text", TEXT_HINT),
        ("first: {colour: red, depth: {number: 3}}\n", "4:29", A_MAPPING, "text", TEXT_HINT),
        ("from: [[3]]\n", "4:8", "a list", "text", ONE_TEXT_HINT),
        ("from: [{number: 3}]\n", "4:8", A_MAPPING, "text", TEXT_HINT),
        # Where a list belongs.
        ("buoys: red\n", "4:8", "`red`", "a list", LIST_HINT),
        (
            "buoys: {colour: red}\n",
            *("4:8", A_MAPPING, "a list"),
            "    put `- ` before the first key of each item: `- colour: …`",
        ),
        (
            "from: 3\n",
            *("4:7", "`3`", "a list"),
            "    put it in brackets: `[3]`; or on a line of its own, after `- `",
        ),
        (f"from: {'3' * 61}\n", "4:7", f"`{'3' * 40}`", "a list", LIST_HINT),
        # Where a mapping belongs.
        ("first: red\n", "4:8", "`red`", A_MAPPING, COLOUR_HINT),
        ("first: [colour, red]\n", "4:8", "a list", A_MAPPING, COLOUR_HINT),
        ("buoys: [red]\n", "4:9", "`red`", A_MAPPING, COLOUR_HINT),
        ("buoys: [[colour]]\n", "4:9", "a list", A_MAPPING, COLOUR_HINT),
        ("tides: [spring]\n", "4:8", "a list", A_MAPPING, MAPPING_HINT),
        ("tides: spring\n", "4:8", "`spring`", A_MAPPING, MAPPING_HINT),
        ("tides: {spring: 5}\n", "4:17", "`5`", A_MAPPING, f"{MAPPING_HINT}: `height: …`"),
    ],
)
def test_one_thing_where_another_belongs_is_one_problem(
    text: str, place: str, found: str, wanted: str, hint: str
) -> None:
    assert wrong(text) == [f"f.yml:{place}: [wrong-shape] {found} where {wanted} belongs", hint]


@pytest.mark.parametrize(("text", "found"), [("- name: Skarn\n", "a list"), ("Skarn\n", "`Skarn`")])
def test_a_file_that_is_no_mapping_is_one_problem_not_one_for_every_key(text: str, found: str) -> None:
    hint = f"{MAPPING_HINT}: `name: …`, `about: …`, `opened: …`"
    assert read(text)[1] == [f"f.yml:1:1: [wrong-shape] {found} where {A_MAPPING} belongs", hint]


@pytest.mark.parametrize(
    "value",
    [
        "{text: 'javascript:x'}",
        "{id: x}",
        "{tag: x}",
        "{on: x}",
        "{number: x}",
        "{date: x}",
        "{first: 1, last: 2}",
        "{}",
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        "url: {}\n",
        "publisher: {}\n",
        "language: {}\n",
        "held: {}\n",
        "seen: {}\n",
        "rights: {{status: licensed, words_per_quote: {}}}\n",
        "rights: {{status: licensed, share_of_seed: {}}}\n",
        "capture: {{keep: [{}]}}\n",
    ],
)
def test_the_insides_of_a_value_cannot_be_written_as_a_mapping(text: str, value: str) -> None:
    _, problems = read_record(node_of(text.format(value)), SeedRecord, id="s")
    assert [p for p in said(problems) if "[wrong-shape]" in p] == [
        f"f.yml:1:{text.index('{}') + 1 - text.count('{{')}: [wrong-shape] {A_MAPPING} where text belongs"
    ]


# ---- values ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (
            "role: suports\n",
            ["f.yml:4:7: [bad-value] `suports` is not allowed here", "    did you mean `supports`?"],
        ),
        (
            "role: x\n",
            [
                "f.yml:4:7: [bad-value] `x` is not allowed here",
                "    choose one of supports, disputes, context",
            ],
        ),
        (
            "role: Supports\n",
            ["f.yml:4:7: [bad-value] `Supports` is not allowed here", "    did you mean `supports`?"],
        ),
        ("lit: yes\n", ["f.yml:4:6: [bad-value] `yes` is neither true nor false", "    write `true`"]),
        (
            "master: Ada Brook\n",
            [
                "f.yml:4:9: [bad-id] `Ada Brook` is not an id",
                "    use lower-case letters a-z and digits, words joined by single hyphens: `ada-brook`",
            ],
        ),
        (
            "from: [3, x]\n",
            ["f.yml:4:11: [bad-value] `x` is not a whole number above 0", "    write e.g. 60"],
        ),
        (
            "tides: {Spring: {height: 5}}\n",
            [
                "f.yml:4:9: [bad-id] `Spring` is not an id",
                "    use lower-case letters a-z and digits, words joined by single hyphens: `spring`",
            ],
        ),
        (
            "first: {colour: '[red](x)'}\n",
            [
                "f.yml:4:18: [markup-as-text] warning: `[red](x)` looks like a Markdown link; "
                "it will be shown as typed",
                "    an entity is linked as `[[entity|words to show]]`, and a source is cited, not linked",
            ],
        ),
    ],
)
def test_a_bad_value_is_reported_at_the_value(text: str, problems: list[str]) -> None:
    assert wrong(text) == problems


def test_prose_with_a_mark_that_is_not_closed_is_reported_at_the_field() -> None:
    assert read(SOUND.replace("*port*", "*port"))[1] == [
        "f.yml:2:10: [bad-prose] `*` opens emphasis and is not closed",
        "    close it, or put a space after the `*`",
    ]


def test_the_words_of_others_are_not_read_as_markup() -> None:
    harbour, problems = read(SOUND + "motto: '*Keep* <b>the</b> [[hour]'\n")
    assert problems == []
    assert str(harbour.motto) == "*Keep* <b>the</b> [[hour]"


def test_broken_leaves_leave_the_others_readable() -> None:
    harbour, problems = read(
        """\
name: [Skarn]
about: '*A port'
opened: once
master: ADA
role: x
first: {colour: {}, depth: 0}
buoys:
  - {colour: red, depth: deep}
  - green
  - {colour: white}
from: [3, nought, 4]
tides: {Spring: {height: 5}, neap: {height: low}, ebb: {height: 1}}
"""
    )
    assert [problem.split(" ")[0] + " " + problem.split(" ")[1] for problem in problems[::2]] == [
        *(
            "f.yml:1:7: [wrong-shape]",
            "f.yml:2:9: [bad-prose]",
            "f.yml:3:9: [bad-date]",
            "f.yml:4:9: [bad-id]",
        ),
        *("f.yml:5:7: [bad-value]", "f.yml:6:17: [wrong-shape]", "f.yml:6:28: [bad-value]"),
        *("f.yml:8:26: [bad-value]", "f.yml:9:5: [wrong-shape]", "f.yml:11:11: [bad-value]"),
        *("f.yml:12:9: [bad-id]", "f.yml:12:45: [bad-value]"),
    ]
    assert [str(buoy.colour) for buoy in harbour.buoys] == ["red", "", "white"]
    assert [berth.number for berth in harbour.berths][::2] == [3, 4]
    assert [(tide.key.id, tide.height.number) for tide in harbour.tides][::2] == [("", 5), ("ebb", 1)]


def test_an_empty_value_stands_in_for_one_that_cannot_be_read() -> None:
    harbour, _ = read("name: {}\nabout: {}\nopened: {}\n")
    assert harbour.name == Text("", Location("f.yml", 1, 7))
    assert harbour.about == Prose((), Location("f.yml", 2, 8))
    assert (harbour.opened.date.text, harbour.opened.date.first) == ("", "0000-01-01")


# ---- the records of the wiki -------------------------------------------------------------------


def test_a_cite_is_written_short_or_long() -> None:
    entity, problems = read_record(
        node_of(
            "name: X\nsummary:\n  text: Y.\n"
            "  cites: [times-2024#p3, times-2024, {seed: times-2024, passage: p3, role: disputes}]\n"
        ),
        Entity,
        id="x",
        kind="bird",
    )
    assert problems == ()
    assert entity.summary is not None
    short, whole, long = entity.summary.cites
    assert isinstance(short, Cite)
    assert (short.seed.id, str(short.passage), short.role, short.at) == (
        *("times-2024", "p3", Role.SUPPORTS),
        Location("f.yml", 4, 11),
    )
    assert (whole.seed.id, whole.passage) == ("times-2024", None)
    assert (long.seed.id, str(long.passage), long.role) == ("times-2024", "p3", Role.DISPUTES)


@pytest.mark.parametrize(
    "cite",
    [
        "times#",
        "times#3",
        "times#p",
        "times#p0",
        "times#P3",
        "times#p03",
        "#p3",
        "Times#p3",
        "times p3",
        "times#p3#p4",
    ],
)
def test_what_is_no_cite_is_refused_with_the_form_of_one(cite: str) -> None:
    text = f"name: X\nsummary:\n  text: Y.\n  cites: ['{cite}']\n"
    problem, hint = said(read_record(node_of(text), Entity, id="x", kind="bird")[1])
    assert problem == f"f.yml:4:12: [bad-cite] `{cite}` is not a cite"
    assert re.fullmatch(
        r"    (write `<seed>#p<number>`, as in `some-seed#p3`|did you mean `times#p3`\?)", hint
    )


def test_passages_are_the_keys_of_their_file() -> None:
    passages, problems = read_record(
        node_of("p1: {kind: heading, gist: A.}\np2: {kind: text, gist: B., speakers: [ada]}\n"), Passages
    )
    assert problems == ()
    assert [(passage.id, str(passage.kind)) for passage in passages.passages] == [
        ("p1", "heading"),
        ("p2", "text"),
    ]
    assert passages.passages[1].gist.parts == (Plain("B."),)


def test_a_list_of_passages_is_one_problem() -> None:
    _, problems = read_record(node_of("- p1\n- p2\n"), Passages)
    assert said(problems) == [f"f.yml:1:1: [wrong-shape] a list where {A_MAPPING} belongs", MAPPING_HINT]


@pytest.mark.parametrize("record", [Entity, SeedRecord, Passages, WikiSettings])
def test_the_empty_record_has_no_value_of_its_own(record: type) -> None:
    # It stands in for a file that cannot be read.
    empty = read_any(Mapping((), AT), record)
    assert isinstance(empty, record)


# ---- properties --------------------------------------------------------------------------------

SCALARS = st.sampled_from(
    [
        "",
        " ",
        "x",
        "p1",
        "times#p3",
        "2025",
        "true",
        "5",
        "20%",
        "3-5",
        "en",
        "https://a.example",
        "*x",
        "(",
        "text",
    ]
).map(lambda text: Scalar(text, AT))
KEY_NAMES = sorted(
    {
        key
        for record in vars(records).values()
        if isinstance(record, type) and hasattr(record, "__dataclass_fields__")
        for key in shape_of(record).keys
    }
)


def mapping_of(entries: dict[str, Node]) -> Mapping:
    return Mapping(tuple(Entry(Scalar(key, AT), value) for key, value in entries.items()), AT)


NODES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: Sequence(tuple(items), AT))
        | st.dictionaries(st.sampled_from(KEY_NAMES), inner, max_size=5).map(mapping_of)
    ),
    max_leaves=12,
)


@settings(REPRODUCIBLE, max_examples=800)
@given(NODES, st.sampled_from([Entity, SeedRecord, Passages, WikiSettings]))
def test_any_node_gives_a_record_and_no_exception(node: Node, record: type) -> None:
    assert isinstance(read_any(node, record), record)


ONE = st.sampled_from(KEY_NAMES).flatmap(lambda key: NODES.map(lambda node: mapping_of({key: node})))


@settings(REPRODUCIBLE, max_examples=300)
@given(ONE)
def test_a_value_that_was_accepted_is_of_the_type_its_field_declares(node: Node) -> None:
    seed, _ = read_record(node, SeedRecord, id="x")
    assert isinstance(seed.short, Text)
    assert isinstance(seed.publisher, Ref)
    assert isinstance(seed.url, Url | None)
    assert isinstance(seed.language, Language)
    assert isinstance(seed.published.when, When)
    assert isinstance(seed.rights.words_per_quote, Count | None)
    if seed.capture is not None:
        assert all(isinstance(span, LineSpan) for span in (*seed.capture.keep, *seed.capture.leave_out))
