"""What prose may hold, and that everything else in it reaches the reader as the very text it is."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

import pytest
from hypothesis import assume, example, given, settings

from build_tools.problems import Location, Problem
from build_tools.prose import (
    Link,
    Marked,
    Part,
    Plain,
    Prose,
    encode,
    encode_inside,
    fold,
    foreign_markup,
    parse_prose,
    plain_text,
)
from build_tools.report import terminal
from tests.rendered import Part as Rendered
from tests.rendered import elements, prose_of, rendered

REPRODUCIBLE = settings(derandomize=True, deadline=None)
AT = Location("f.yml", 3, 9)


def sound(text: str) -> tuple[Part, ...]:
    """The parts of a prose without problems."""
    prose, problems = parse_prose(text, AT)
    assert problems == ()
    return prose.parts


def said(problems: tuple[Problem, ...]) -> list[str]:
    """The problems as a terminal shows them: two lines each."""
    return terminal(problems).splitlines()


def em(*parts: Part) -> Marked:
    return Marked(False, parts)


def strong(*parts: Part) -> Marked:
    return Marked(True, parts)


# ---- parsing -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        (" \n\t ", ()),
        ("Two words.", (Plain("Two words."),)),
        ("  Two\n  lines, \t folded ", (Plain("Two lines, folded"),)),
        ("*a*", (em(Plain("a")),)),
        ("**a**", (strong(Plain("a")),)),
        ("a *b c* d", (Plain("a "), em(Plain("b c")), Plain(" d"))),
        ("a *b\nc* d", (Plain("a "), em(Plain("b c")), Plain(" d"))),
        ("(*a*, **b**)", (Plain("("), em(Plain("a")), Plain(", "), strong(Plain("b")), Plain(")"))),
        ("*a*b", (em(Plain("a")), Plain("b"))),
        ("*a* *b*", (em(Plain("a")), Plain(" "), em(Plain("b")))),
        # Links.
        ("[[norway]]", (Link("norway", None),)),
        ("[[norway|the Kingdom]]", (Link("norway", "the Kingdom"),)),
        ("[[ norway | the  Kingdom ]]", (Link("norway", "the Kingdom"),)),
        ("[[norway|]]", (Link("norway", None),)),
        ("[[norway]]'s coast", (Link("norway", None), Plain("'s coast"))),
        ("[[a]][[b]]", (Link("a", None), Link("b", None))),
        ("[[]]", (Link("", None),)),
        ("[[Not An Id!]]", (Link("Not An Id!", None),)),
        ("[[a|*b* <i>]]", (Link("a", "*b* <i>"),)),  # a label is text
        # One in the other.
        ("**a *b* c**", (strong(Plain("a "), em(Plain("b")), Plain(" c")),)),
        ("*a **b** c*", (em(Plain("a "), strong(Plain("b")), Plain(" c")),)),
        ("**a *b*.**", (strong(Plain("a "), em(Plain("b")), Plain(".")),)),
        ("*a [[b]] c*", (em(Plain("a "), Link("b", None), Plain(" c")),)),
        ("**[[a|b]]**", (strong(Link("a", "b")),)),
        ("*“[[a]]”*", (em(Plain("“"), Link("a", None), Plain("”")),)),
        # Asterisks and brackets that are text.
        ("2 * 3 * 4", (Plain("2 * 3 * 4"),)),
        ("5*3*2", (Plain("5*3*2"),)),
        ("a*", (Plain("a*"),)),
        ("a * b", (Plain("a * b"),)),
        ("* a", (Plain("* a"),)),
        ("** a **", (Plain("** a **"),)),
        ("snake_case _a b_c _", (Plain("snake_case _a b_c _"),)),
        ("[a] [sic] a[1]", (Plain("[a] [sic] a[1]"),)),
        ("3 < 4 > 2 & 1 | 0 # ~ ^", (Plain("3 < 4 > 2 & 1 | 0 # ~ ^"),)),
        ("{a} (b) “c” – d!", (Plain("{a} (b) “c” – d!"),)),
        ("The ratio is 1:2; see: here", (Plain("The ratio is 1:2; see: here"),)),
    ],
)
def test_prose_is_text_emphasis_and_links(text: str, parts: tuple[Part, ...]) -> None:
    assert sound(text) == parts


def test_prose_knows_its_place_its_source_and_its_links() -> None:
    prose, _ = parse_prose(" [[a]]  and **[[b|c]] (*[[d]]*)** ", AT)
    assert prose.at == AT
    assert prose.source == "[[a]] and **[[b|c]] (*[[d]]*)**"
    assert prose.links == (Link("a", None), Link("b", "c"), Link("d", None))


def test_empty_prose_is_false() -> None:
    assert not Prose((), AT)
    assert parse_prose("a", AT)[0]


def test_plain_text_shows_labels_and_names() -> None:
    prose, _ = parse_prose("*The **[[a]]** or* [[b|their neighbour]], [[c]].", AT)
    assert plain_text(prose, {"a": "A-Land", "b": "B"}) == "The A-Land or their neighbour, c."


# ---- marks that are not closed -----------------------------------------------------------------

STAR = [
    "f.yml:3:9: [bad-prose] `*` opens emphasis and is not closed",
    "    close it, or put a space after the `*`",
]
BRACKETS = [
    "f.yml:3:9: [bad-prose] a `[[` or `]]` without its partner",
    "    write `[[entity]]` or `[[entity|label]]`",
]


def link(target: str) -> list[str]:
    """What is said of a link that is not closed, but whose entity can be told."""
    return [BRACKETS[0], f"    write `[[{target}]]`"]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("*a", STAR),
        ("a *b c", STAR),
        ("**a*", STAR),
        ("**a", STAR),
        ("*a *", STAR),
        ("a (*b) c", STAR),
        ("*a *b* c*", STAR),  # emphasis within emphasis
        ("[[a", link("a")),
        ("a]] b", BRACKETS),
        ("[[a] b", link("a")),
        ("[[a|b|c]]", BRACKETS),
        ("[[a[b]]]", BRACKETS),
        ("[[a]] and [[b", link("b")),
        ("*[[a*", link("a")),
        ("[[a]", link("a")),
        ("*a* *b [[c", link("c")),  # one stretch, one problem
        ("*a [[b]] c", STAR),
        ("**a *b***", STAR),  # two marks at one place
        (r"\*a b", STAR),  # a backslash escapes nothing
        ("*a* [[b]] *c [[d]] ]]", STAR + BRACKETS),  # two stretches, two problems
    ],
)
def test_a_mark_without_its_partner_is_a_problem(text: str, problems: list[str]) -> None:
    assert said(parse_prose(text, AT)[1]) == problems


@pytest.mark.parametrize(
    "mark",
    [
        "*a ",
        "**a ",
        "*a* *",
        "**a* ",
        "*a b ",
        "***a ",
        "* *a",
        "[[",
        "[[a|",
        "[",
        "]]",
        "![",
        "[^",
        "<",
        "`",
    ],
)
def test_a_field_of_nothing_but_marks_is_read_like_any_other(mark: str) -> None:
    text = fold((mark * 20_000)[:20_000])
    prose, problems = parse_prose(text, AT)
    assert prose.source == text
    assert len(problems) <= 2
    assert not prose.links


def test_a_field_of_nothing_but_links_is_read_like_any_other() -> None:
    prose, problems = parse_prose("[[a]]" * 4000, AT)
    assert prose.parts == (Link("a", None),) * 4000
    assert problems == ()


def test_an_emphasised_stretch_has_at_most_a_thousand_characters() -> None:
    assert sound(f"*{'a' * 1000}*") == (em(Plain("a" * 1000)),)
    assert said(parse_prose(f"*{'a' * 1001}*", AT)[1]) == STAR


def test_marks_within_marks_end_at_the_bound_too() -> None:
    text = "*(**(" * 150 + "a" + ")**)*" * 150
    prose, _ = parse_prose(text, AT)
    assert plain_text(prose, {}).replace("*", "") == "((" * 150 + "a" + "))" * 150


# ---- markup that prose does not know -----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a <b>c</b>", "`<b>` looks like HTML"),
        ("<script>alert(1)</script>", "`<script>` looks like HTML"),
        ("a <img src=x onerror=alert(1)", "`<img src=x onerror=alert(1)` looks like HTML"),
        ("a </p> b", "`</p>` looks like HTML"),
        ("<!-- a -->", "`<!-- a -->` looks like HTML"),
        ("see javascript:alert(1)", "`javascript:alert(1)` looks like an address"),
        ("see JavaScript:x", "`JavaScript:x` looks like an address"),
        ("data:text/html,x", "`data:text/html` looks like an address"),
        ("see https://a.example/b.", "`https://a.example/b.` looks like an address"),
        ("a {: onclick=x }", "`{:` looks like an attribute list or template code"),
        ("a {:.b}", "`{:` looks like an attribute list or template code"),
        ("{{ config }}", "`{{` looks like an attribute list or template code"),
        ("{% include 'x' %}", "`{%` looks like an attribute list or template code"),
        ("{# a #}", "`{#` looks like an attribute list or template code"),
        ("[a](b)", "`[a](b)` looks like a Markdown link"),
        ("![a](b.png)", "`![a](b.png)` looks like a Markdown link"),
        ("a[^1]", "`[^1]` looks like a footnote"),
        ("[^note]: b", "`[^note]` looks like a footnote"),
        ("[a]: b", "`[a]:` looks like a reference link"),
        ("[a][b]", "`][` looks like a reference link"),
        ("# A", "`#` looks like Markdown"),
        ("###### A", "`######` looks like Markdown"),
        ("> a", "`>` looks like Markdown"),
        ("a `b` c", "``` looks like Markdown"),
        ("``` a", "````` looks like Markdown"),
        ("~~~ a", "`~~~` looks like Markdown"),
        ("---", "`---` looks like Markdown"),
        ("===", "`===` looks like Markdown"),
        ("***a***", "`***` looks like Markdown"),
        ("an _a b_ c", "`_a b_` looks like Markdown"),
        ("__a__", "`__a__` looks like Markdown"),
    ],
)
def test_markup_of_other_kinds_is_shown_as_typed_with_one_warning(text: str, message: str) -> None:
    line = f"f.yml:3:9: [markup-as-text] warning: {message}; it will be shown as typed"
    prose, problems = parse_prose(text, AT)
    assert prose.parts == (Plain(text),)
    assert said(problems)[0] == line
    assert len(problems) == 1
    assert re.match("prose knows|delete it|an entity is linked as", problems[0].hint)
    assert foreign_markup(text, lambda offset: AT) == problems


@pytest.mark.parametrize(
    "text",
    [
        "a < b and c > d",
        "5 <6",
        "from 10:30 to 11:00",
        "The data: none. https is a protocol",
        "a {b} c",
        "a [sic] (b)",
        "No. #5",
        "rock 'n' roll",
        "a -- b --- c",
        "C++ and C#",
        "a_b_c",
        "50% of $3",
        "& and &amp;",
    ],
)
def test_ordinary_signs_warn_of_nothing(text: str) -> None:
    assert sound(text) == (Plain(text),)


def test_what_looks_like_markup_is_cut_short_in_the_message() -> None:
    _, (problem,) = parse_prose(f"<a {'x' * 500}>", AT)
    assert problem.message == f"`<a {'x' * 37}` looks like HTML; it will be shown as typed"


# ---- encoding ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("", ""),
        ("It's 5%, or $3/day; why? A-b.", "It's 5%, or $3/day; why? A-b."),
        ("a *b* <c>", "a &#42;b&#42; &#60;c&#62;"),
        ("&amp;", "&#38;amp;"),
        ("1. a", "1&#46; a"),
        ("1234. a 5. b", "1234&#46; a 5. b"),
        ("- a - b", "&#45; a - b"),
        (" a \n b ", "a b"),
        ("'a'", "&#39;a'"),
        ("İ – “x”", "İ – “x”"),
    ],
)
def test_encoding_leaves_ordinary_text_readable(text: str, encoded: str) -> None:
    assert encode(text) == encoded


def test_inside_a_line_less_needs_encoding() -> None:
    assert encode_inside("1. - a *b*") == "1. - a &#42;b&#42;"


# A page with a text in every place that the templates have for one.
def page(text: str) -> str:
    return f"""\
# {text}

{text}
{{: #_summary .summary }}

{text}

## {text} {{: #_topic }}

- {text}
  {{: #the-claim .claim }}
- <span lang="{text}">{text}</span> [{text}](other.md#p3 "{text}"){{: .cite }} <q class="fragment">{text}</q>
- second

{text}
:   {text}
    {{: #_fact }}

:   {text}

| {text} | b |
| --- | --- |
| {text} | d |

<div class="quotation" id="the-quote" markdown>

> {text}

— {text}
{{: .speaker }}

</div>

The last line.
"""


@settings(REPRODUCIBLE, max_examples=700)
@given(prose_of())
@example("1. a")
@example("<script>alert(1)</script>")
@example("\\<script>")
@example("{: onclick=alert(1) }")
@example("[x]: javascript:alert(1)")
@example("&amp;lt;")
@example("| a | b |")
@example('" onclick="x')
@example("]( javascript:x")
@example("]] <!-- ")
def test_whatever_the_text_a_page_shows_exactly_it_and_gains_no_markup(text: str) -> None:
    text = fold(text)
    assume(text)
    assert anonymous(rendered(page(encode(text)))) == filled(anonymous(harmless()), text)


@functools.cache
def harmless() -> list[Rendered]:
    return rendered(page("Xy"))


def anonymous(parts: Sequence[Rendered]) -> list[Rendered]:
    """The page without the address that its title gets from its letters."""
    assert parts[0][0] == "h1"
    title, permalink = elements(parts[:1], "h1")[0][1]
    assert permalink[0] == "a"
    return [("h1", {}, [title]), *parts[1:]]


def filled(parts: Sequence[Rendered], text: str) -> list[Rendered]:
    """The parts with `text` wherever they have `Xy`."""
    return [
        part.replace("Xy", text)
        if isinstance(part, str)
        else (
            part[0],
            {name: value and value.replace("Xy", text) for name, value in part[1].items()},
            filled(part[2], text),
        )
        for part in parts
    ]


def test_the_page_of_the_property_has_the_text_in_every_kind_of_place() -> None:
    places = {"h1", "h2", "p", "li", "span", "a", "q", "dt", "dd", "th", "td", "blockquote"}
    assert {tag for tag in places if "Xy" in str(elements(harmless(), tag))} == places
    assert "onclick" in str(rendered(page("a {: onclick=x }")))  # without encoding it is markup
    assert elements(rendered(page("<script>")), "script")
