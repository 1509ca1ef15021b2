"""The small pieces of pages: addresses, links, prose and dates as Markdown, seen from one page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import assume, example, given, settings
from markupsafe import Markup

from build_tools.addresses import seed_page, site_address
from build_tools.dates import Date
from build_tools.link import LinkedWiki
from build_tools.pages.inline import Inline
from build_tools.problems import Location
from build_tools.prose import Link, Part, Plain, fold, parse_prose
from build_tools.values import Language, Text, When
from tests.rendered import Part as Rendered
from tests.rendered import prose_of, rendered

REPRODUCIBLE = settings(derandomize=True, deadline=None)
AT = Location("f.yml")
NAMES = {"gull": "The *Gull* [1] & <Co>", "skua": "Skua 1. {: #x }"}


def wiki() -> LinkedWiki:
    """Two birds and the folder of their kind: what prose asks of a wiki, without a wiki."""
    kind = SimpleNamespace(key=SimpleNamespace(id="bird"), folder=SimpleNamespace(id="birds"))
    return cast(
        LinkedWiki,
        SimpleNamespace(
            names=NAMES,
            kinds=dict.fromkeys(NAMES, "bird"),
            settings=SimpleNamespace(kinds=(kind,)),
        ),
    )


def inline(path: str = "birds/skua.md") -> Inline:
    """Pieces as seen from the page of the skua."""
    return Inline(wiki(), path)


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("index.md", ""),
        ("timeline.md", "timeline/"),
        ("birds/index.md", "birds/"),
        ("birds/gull.md", "birds/gull/"),
        ("birds/index-card.md", "birds/index-card/"),
        ("birds/my-index.md", "birds/my-index/"),
    ],
)
def test_the_address_of_a_page_is_its_folder_on_the_site(page: str, address: str) -> None:
    assert site_address(page) == address


def test_the_page_of_a_seed_is_below_seeds() -> None:
    assert seed_page("times-2024") == "seeds/times-2024.md"


@pytest.mark.parametrize(
    ("here", "page", "anchor", "link"),
    [
        ("birds/skua.md", "birds/gull.md", "", "gull.md"),
        ("birds/skua.md", "birds/gull.md", "a-claim", "gull.md#a-claim"),
        ("birds/skua.md", "seeds/times.md", "p3", "../seeds/times.md#p3"),
        ("birds/skua.md", "index.md", "", "../index.md"),
        ("index.md", "birds/gull.md", "", "birds/gull.md"),
        ("index.md", "about.md", "", "about.md"),
        ("birds/skua.md", "birds/skua.md", "a-claim", "#a-claim"),
        ("birds/skua.md", "birds/skua.md", "", "skua.md"),
    ],
)
def test_links_are_relative_to_the_page_they_stand_on(here: str, page: str, anchor: str, link: str) -> None:
    assert inline(here).to(page, anchor) == link


def test_an_entity_is_linked_everywhere_but_on_its_own_page() -> None:
    name = "The &#42;Gull&#42; &#91;1&#93; &#38; &#60;Co&#62;"
    assert inline().entity("gull") == f"[{name}](gull.md)"
    assert inline().entity("gull", "it", "a-claim") == "[it](gull.md#a-claim)"
    assert inline("birds/gull.md").entity("gull") == name
    assert inline("birds/gull.md").entity("gull", "it") == "it"
    assert inline("birds/gull.md").entity("gull", anchor="a-claim") == f"[{name}](#a-claim)"


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("", ""),
        ("Plain.", "Plain."),
        ("a *b* c", "a <em>b</em> c"),
        ("**a *b* c** d", "<strong>a <em>b</em> c</strong> d"),
        ("*a*, **b**", "<em>a</em>, <strong>b</strong>"),
        ("See [[gull|the gull]], and [[skua|it]].", "See [the gull](gull.md), and it."),
        ("*The [[gull|gull]]*", "<em>The [gull](gull.md)</em>"),
        ("1. a", "1&#46; a"),
        ("- a *b*", "&#45; a <em>b</em>"),
        ("a *b* - c", "a <em>b</em> - c"),
        ("<i>a</i>", "&#60;i&#62;a&#60;/i&#62;"),
    ],
)
def test_prose_becomes_markdown(text: str, markdown: str) -> None:
    assert inline().prose(parse_prose(text, AT)[0]) == Markup(markdown)


def test_prose_is_also_had_without_markup() -> None:
    prose, _ = parse_prose("**Every [[gull|gull]]** and [[skua]]", AT)
    assert inline().plain(prose) == "Every gull and Skua 1. {: #x }"


def as_parts(parts: tuple[Part, ...]) -> list[Rendered]:
    """What a reader should see of parsed prose on the page of the skua."""
    found: list[Rendered] = []

    def add(part: Rendered) -> None:
        if isinstance(part, str) and found and isinstance(found[-1], str):
            found[-1] += part
        elif part:
            found.append(part)

    for part in parts:
        if isinstance(part, Plain):
            add(part.text)
        elif isinstance(part, Link):
            label = fold(part.label or NAMES[part.target])
            add(label if part.target == "skua" else ("a", {"href": f"{part.target}.md"}, [label]))
        else:
            add(("strong" if part.strong else "em", {}, as_parts(part.parts)))
    return found


@settings(REPRODUCIBLE, max_examples=700)
@given(
    prose_of(
        *("[[gull]]", "[[skua]]", "[[gull|x y]]", "[[ gull | *z* ]]", "[[skua|<b>]]", "*[[gull]]*", "word"),
        *(
            "**[[gull|1.]]**",
            " *a* ",
            "**a b**",
            "* a*",
            "**x *y z** ",
            " **x *y* z** ",
            "*1.*",
            "*- x*",
            "*a*",
        ),
        *("**1. a**", "*{: onclick=x }*", "**[x]: y**", "*&amp;*", "**a | b**", "*<b>*", "*`a`*", "(*a*)"),
    )
)
@example("*a* {: onclick=x }")
@example("[[gull]](javascript:x)")
@example("[[gull]]: b")
@example("**a**_b_ *c*d")
def test_whatever_the_prose_readers_see_its_text_its_emphasis_and_its_links_and_nothing_else(
    text: str,
) -> None:
    prose, _ = parse_prose(text, AT)
    assume(prose and all(link.target in NAMES for link in prose.links))
    markdown = inline().prose(prose)
    shown = as_parts(prose.parts)
    assert rendered(f"{markdown}\n{{: #_summary }}\n\nThe end.") == [
        ("p", {"id": "_summary"}, shown),
        ("p", {}, ["The end."]),
    ]
    assert rendered(f"- {markdown}\n  {{: #the-claim .claim }}\n- second") == [
        (
            "ul",
            {},
            ["\n", ("li", {"id": "the-claim", "class": "claim"}, shown), "\n", ("li", {}, ["second"]), "\n"],
        )
    ]
    assert rendered(f"Label\n:   {markdown}\n    {{: #_fact }}\n\nThe end.") == [
        ("dl", {}, ["\n", ("dt", {}, ["Label"]), "\n", ("dd", {"id": "_fact"}, shown), "\n"]),
        ("p", {}, ["The end."]),
    ]


def when(text: str) -> When:
    date = When.read(text, AT)
    assert isinstance(date, When)
    assert isinstance(date.date, Date)
    return date


def test_a_date_is_shown_in_words() -> None:
    (part,) = rendered(str(inline().when(when("2025-10"))))
    assert "October 2025" in str(part)
    assert inline().when(None) == ""


def test_a_date_that_was_worked_out_shows_the_words_of_the_source_as_text() -> None:
    said = '"last year" <b> {: onclick=x }'
    parts = rendered(str(inline().when(when("2024"), Text(said, AT))))
    assert "2024" in str(parts)
    assert said in str(parts).replace("\\", "")
    assert "'b'" not in str(parts)


def test_text_in_another_language_is_marked_as_such() -> None:
    assert inline().lang("a *b*", None) == "a &#42;b&#42;"
    assert rendered(str(inline().lang('"a" *b*', Language("zh-Hant", AT)))) == [
        ("p", {}, [("span", {"lang": "zh-Hant"}, ['"a" *b*'])])
    ]
