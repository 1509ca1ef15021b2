"""The built site: where links lead, which HTML is refused, and that the theme's own HTML is not."""

from __future__ import annotations

import os
import pathlib
import random
import subprocess
import sys
import time
from collections.abc import Mapping

import pytest

from build_tools.problems import Code, Location, Problem
from build_tools.site.checks import SiteReport, check_site, resolve
from build_tools.site.holdings import holds
from build_tools.site.kept import digest_of
from build_tools.site.page import Page, read_page
from build_tools.site.soundness import Knowledge, judge

ARTICLE_HINT = "write it in Markdown, or leave it out"
CHROME_HINT = "take it out of the theme's templates"
SCHEME_HINT = "link by http, https or mailto, or within the site"
LOAD_HINT = "load a file of the site"
HOST_HINT = "put the file into the site"
END_HINT = "close every element, comment and quotation mark that the text opens, and nothing else"


def page(article: str, *, head: str = "", after: str = "") -> str:
    """A page as the theme lays it out; the article's text is line 3."""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">{head}</head><body><div><div>'
        f'<article class="md-content__inner md-typeset">\n{article}\n'
        f"</article></div></div>{after}</body></html>\n"
    )


def site(root: pathlib.Path, files: Mapping[str, str]) -> pathlib.Path:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def found(
    root: pathlib.Path, files: Mapping[str, str], *, site_url: str = ""
) -> list[tuple[str, Code, str, str]]:
    """All problems of a site as (path:line:column, code, message, hint)."""
    report = check_site(site(root, files), shown_as="site", site_url=site_url)
    assert_told_alike(root, files, report, site_url)
    return [(str(each.at), each.code, each.message, each.hint) for each in report.problems]


def assert_told_alike(
    root: pathlib.Path, files: Mapping[str, str], report: SiteReport, site_url: str
) -> None:
    """What tells no more than whether the site is sound says the same."""
    digests = {path: digest_of(text.encode()) for path, text in files.items()}
    told = judge(root, digests, Knowledge(root / "none", ""), None, None, site_url).report
    encoded = any("#100%25" in text for text in files.values())  # an anchor that two spellings lead to
    assert (told is not None) == (report.problems == () and not encoded), report.problems
    assert told is None or told == report


def judged(article: str, *, head: str = "", after: str = "") -> list[tuple[int, int, Code, str, str]]:
    """All problems of a site of one page as (line, column, code, message, hint)."""
    read = read_page("index.html", page(article, head=head, after=after))
    report = resolve([read], {"index.html"})
    told = holds("index.html", page(article, head=head, after=after), "")
    if told is None:
        assert report.problems
    else:
        assert not read.findings
        assert told.ids == read.ids
    return [(each.at.line, each.at.column, each.code, each.message, each.hint) for each in report.problems]


# ---- where links lead --------------------------------------------------------------------------


def test_a_sound_site_has_no_problems_and_is_counted(tmp_path: pathlib.Path) -> None:
    files = {
        "index.html": page(
            '<h1 id="top-of-it">A</h1><a href="sub/#two">x</a> <a href="#top-of-it">y</a> <a href="#">z</a>'
            '<a href="https://elsewhere.example/#x">w</a><a href="mailto:a@b.example">m</a><img src="a.png">'
        ),
        "sub/index.html": page(
            '<p id="two">B <a href="..">up</a></p>', head='<link rel="stylesheet" href="../a.css">'
        ),
        "a.css": "p { background: url(a.png) }",
        "a.png": "",
    }
    report = check_site(site(tmp_path, files))
    assert report.problems == ()
    assert (report.pages, report.links, report.anchors, report.assets) == (2, 6, 2, 3)


@pytest.mark.parametrize(
    "href",
    [
        "",
        "#",
        "#top",
        "#caf%C3%A9",
        "#café",
        "#old-name",
        "#:~:text=words",
        "#x:~:text=words",
        "?q=1#x",
        ".",
        "./",
        "..",
        "../",
        "../../",
        "../..",
        "../../index.html",
        "%2e%2e/b/",
        ".%2E/b/../b/index.html",
        "../b/?q=/../../..#x",
        "/",
        "/a/b/",
        "/a/b/c%20d.txt",
        "c d.txt",
        " c%20d.txt\n",
        "c\n d.txt",
        "..\\b\\",
        "/a/b/#x",
        "../../a/b/",
        "#X1",
        "#100%25",
    ],
)
def test_these_addresses_resolve(tmp_path: pathlib.Path, href: str) -> None:
    body = '<p id="café"></p><p id="x"></p><svg><g id="X1"/></svg><a name="old-name" id="100%25"></a>'
    body += f'<a href="{href}">l</a>'
    files = {
        "index.html": page(""),
        "a/index.html": page(""),
        "a/b/index.html": page(body),
        "a/b/c d.txt": "",
    }
    assert found(tmp_path, files) == []


@pytest.mark.parametrize(
    ("href", "leads_to", "hint"),
    [
        ("norwey/", "a/norwey/", "did you mean `a/norway/`?"),
        ("norway", "a/norway", "did you mean `a/norway/`?"),
        ("Norway/", "a/Norway/", "did you mean `a/norway/`?"),
        ("/norway/", "norway/", "did you mean `a/norway/`?"),
        ("norway//", "a/norway//", "did you mean `a/norway/`?"),
        ("../a/norwaY/index.html?q=1#x", "a/norwaY/", "did you mean `a/norway/`?"),
        ("quite-other.html", "a/quite-other.html", "link to a page or file of the site"),
    ],
)
def test_a_link_to_no_file_names_the_nearest_page(
    tmp_path: pathlib.Path, href: str, leads_to: str, hint: str
) -> None:
    files = {
        "index.html": page(""),
        "a/norway/index.html": page(""),
        "a/index.html": page(f'<p>\n<a href="{href}">x</a>'),
    }
    assert found(tmp_path, files) == [
        (
            "site/a/index.html:4:4",
            Code.DEAD_LINK,
            f"`<a href>`: `{href}` leads to `{leads_to}`, which the site lacks",
            hint,
        )
    ]


@pytest.mark.parametrize(
    "href", ["../../x", "../..", "%2E%2e/../", "..\\..\\", "../../a/index.html", "/../a/"]
)
def test_a_link_that_climbs_out_of_the_site_is_dead(tmp_path: pathlib.Path, href: str) -> None:
    files = {"index.html": page(""), "a/index.html": page(f'<a href="{href}">x</a>')}
    assert found(tmp_path, files) == [
        (
            "site/a/index.html:3:4",
            Code.DEAD_LINK,
            f"`<a href>`: `{href}` leads out of the site",
            "the site begins at `/`; mind the `../`",
        )
    ]


@pytest.mark.parametrize("href", ["http://", "//", "https:///"])
def test_an_address_without_a_host_is_dead(href: str) -> None:
    message = f"`<a href>`: `{href}` leads out of the site"
    assert judged(f'<a href="{href}"></a>') == [
        (3, 4, Code.DEAD_LINK, message, "the site begins at `/`; mind the `../`")
    ]


def test_the_nearest_page_is_found_in_another_folder_too() -> None:
    files = ["a/norway/index.html", *(f"m/{number}/index.html" for number in range(100)), "z/page/index.html"]
    report = resolve([read_page("index.html", '<a href="q/norway/">x</a>')], {"index.html", *files})
    assert [each.hint for each in report.problems] == ["did you mean `a/norway/`?"]


def test_links_by_the_sites_own_address_are_links_within_it(tmp_path: pathlib.Path) -> None:
    links = [
        "https://example.org/wiki/a/",
        "//EXAMPLE.org/wiki/a/#x",
        "/wiki/a/",
        "https://example.org/elsewhere/",
        "https://EXAMPLE.org/wiki/b/",
        "http://example.org/wiki/a/#y",
        "/a/",
        "/wiki/../a/",
    ]
    body = "\n".join(f'<a href="{href}">x</a>' for href in links)
    files = {"a/index.html": page('<p id="x">'), "index.html": page(body)}
    assert found(tmp_path, files, site_url="https://Example.org/wiki") == [
        (
            "site/index.html:7:4",
            Code.DEAD_LINK,
            "`<a href>`: `https://EXAMPLE.org/wiki/b/` leads to `b/`, which the site lacks",
            "link to a page or file of the site",
        ),
        (
            "site/index.html:8:4",
            Code.DEAD_ANCHOR,
            "`<a href>`: `http://example.org/wiki/a/#y` leads to the anchor `y`, which `a/` lacks",
            "link to an anchor that the page has",
        ),
        (
            "site/index.html:9:4",
            Code.DEAD_LINK,
            "`<a href>`: `/a/` leads out of the site",
            "the site begins at `/wiki/`; mind the `../`",
        ),
        (
            "site/index.html:10:4",
            Code.DEAD_LINK,
            "`<a href>`: `/wiki/../a/` leads out of the site",
            "the site begins at `/wiki/`; mind the `../`",
        ),
    ]


def test_anchors_are_looked_for_on_the_page_they_name_before_or_after(tmp_path: pathlib.Path) -> None:
    files = {
        "a/index.html": page('<p id="claim-one"><a href="../b/#passage-2">x</a> <a href="#claim-on">y</a>'),
        "b/index.html": page(
            '<p id="passage-12"><a href="../a/#claim-One">x</a> <a href="#Passage-12">y</a>'
        ),
    }
    assert found(tmp_path, files) == [
        (
            "site/a/index.html:3:22",
            Code.DEAD_ANCHOR,
            "`<a href>`: `../b/#passage-2` leads to the anchor `passage-2`, which `b/` lacks",
            "did you mean `passage-12`?",
        ),
        (
            "site/a/index.html:3:54",
            Code.DEAD_ANCHOR,
            "`<a href>`: `#claim-on` leads to the anchor `claim-on`, which this page lacks",
            "did you mean `claim-one`?",
        ),
        (
            "site/b/index.html:3:23",
            Code.DEAD_ANCHOR,
            "`<a href>`: `../a/#claim-One` leads to the anchor `claim-One`, which `a/` lacks",
            "did you mean `claim-one`?",
        ),
        (
            "site/b/index.html:3:55",
            Code.DEAD_ANCHOR,
            "`<a href>`: `#Passage-12` leads to the anchor `Passage-12`, which this page lacks",
            "did you mean `passage-12`?",
        ),
    ]


def test_fragments_of_files_that_are_no_pages_are_left_alone(tmp_path: pathlib.Path) -> None:
    files = {
        "index.html": page('<a href="a.pdf#page=2">x</a><svg><use href="i.svg#y"/></svg>'),
        "a.pdf": "",
        "i.svg": "",
    }
    assert found(tmp_path, files) == []


def test_every_kind_of_address_is_followed() -> None:
    lacks = "which the site lacks"
    body = (
        '<img src="1.png" srcset=" , 2.png, 3.png 2x,4.png 3x , 5.png">\n<blockquote cite="6"></blockquote>\n'
        '<svg><use href="7.svg#a"/><use xlink:href="#b"/><path fill="url(#c)"/></svg>'
    )
    head = '<link rel="canonical" href="8/"><meta http-equiv="refresh" content="0; URL=\'9/\'">'
    assert [found[3].removesuffix(lacks) for found in judged(body, head=head)] == [
        "`<link href>`: `8/` leads to `8/`, ",
        "`<meta content>`: `9/` leads to `9/`, ",
        "`<img src>`: `1.png` leads to `1.png`, ",
        "`<img srcset>`: `2.png` leads to `2.png`, ",
        "`<img srcset>`: `3.png` leads to `3.png`, ",
        "`<img srcset>`: `4.png` leads to `4.png`, ",
        "`<img srcset>`: `5.png` leads to `5.png`, ",
        "`<blockquote cite>`: `6` leads to `6`, ",
        "`<use href>`: `7.svg#a` leads to `7.svg`, ",
        "`<use xlink:href>`: `#b` leads to the anchor `b`, which this page lacks",
        "`<path fill>`: `#c` leads to the anchor `c`, which this page lacks",
    ]


def test_elements_that_are_refused_have_their_addresses_followed_all_the_same() -> None:
    body = '<video poster="1"></video><object data="2"></object><area href="3"><form action="4"></form>'
    assert [message for _, _, code, message, _ in judged(body) if code is Code.DEAD_LINK] == [
        "`<video poster>`: `1` leads to `1`, which the site lacks",
        "`<object data>`: `2` leads to `2`, which the site lacks",
        "`<area href>`: `3` leads to `3`, which the site lacks",
        "`<form action>`: `4` leads to `4`, which the site lacks",
    ]


def test_a_load_of_nothing_is_dead() -> None:
    assert judged('<img alt="" src=" ">') == [
        (3, 13, Code.DEAD_LINK, "`<img src>`: ` ` is empty", "name a file of the site")
    ]


def test_an_id_stands_once_on_a_page_drawings_and_templates_included() -> None:
    body = '<p id="a">\n<svg><g id="a"/></svg>\n<i id="b" class="id"></i><template><i id="b"></i></template>'
    hint = "give one of the two another id"
    assert judged(body) == [
        (4, 9, Code.DUPLICATE_ANCHOR, '`<g id="a">`: line 3 has this id already', hint),
        (5, 26, Code.FORBIDDEN_HTML, "`<template>` is not allowed in an article", ARTICLE_HINT),
        (5, 39, Code.DUPLICATE_ANCHOR, '`<i id="b">`: line 5 has this id already', hint),
    ]


@pytest.mark.parametrize(
    "body",
    [
        '<i id="a"></i><i id="a"></i>',
        '<i id="a"></i><svg><g id="a"/></svg>',
        '<a href="../x"></a>',
        '<a href="x:y">',
    ],
)
def test_what_one_page_shows_to_be_wrong_is_told_without_the_others(body: str) -> None:
    assert holds("index.html", page(body), "") is None
    assert holds("index.html", page('<i id="a"></i><a href="#a">x</a>'), "") is not None


PIECES = (
    "<p>,</p>,<div>,</div>,<b>,</b>,<br>,<ul><li>,</ul>,<table><tr><td>,</table>,<pre>,</pre>,x,&lt;,&nbsp;,"
    '<i id="a">,<i id="b"/>,<i id=c&amp;d>,</i>,<a href="#a">,<a href="../x" name="b">,<a href="a&amp;b#c">,</a>,'
    '<img src="x.png" alt="a > b">,<img srcset="1.png 2x">,<q cite="x">,</q>,<svg>,<g fill="url(#a)">,'
    '<use href="x.svg#a"/>,</svg>,<math>,</math>,<script>,</script>,<style>,</style>,url(x.png),<!--,-->,'
    "<template>,</template>,<title>,</title>,<textarea>,</textarea>,<xmp>,</xmp>,<noscript>,</noscript>,"
    '<article>,</article>,<article class="md-content__inner">,<p onclick="x">,<p a"b="c">,<p x<y="z">,<p =z="x">,'
    '<p =href="x">,<b<!-- >,<b<script>,<link rel="next" href="x">,<meta http-equiv="refresh" content="0;x">,<body onload="x">,'
    "<site-check-end>,</site-check-end>,<p style='a: url(\"x.png\")'>"
).split(",")


def test_what_is_told_of_a_page_alone_is_what_the_tree_of_it_says() -> None:
    chance, told = random.Random(1), 0
    for _ in range(3_000):
        inside, head, after = (
            "".join(chance.choices(PIECES, k=chance.choice((0, 1, 2, most)))) for most in (12, 2, 3)
        )
        text = chance.choice((page(inside, head=head, after=after), head + inside + after))
        if (held := holds("a/index.html", text, "")) is not None:
            read = read_page("a/index.html", text)
            assert not read.findings, text
            assert (held.ids, held.links, held.assets) == (read.ids, len(read.links), len(read.loads)), text
            files = {"a/index.html", *(each for each in held.wants if "#" not in each)}
            there = all(each.partition("#")[2] in held.ids for each in held.wants if "a/index.html#" in each)
            assert (resolve([read], files).problems == ()) == there, text
            told += 1
    assert told > 500


@pytest.mark.parametrize("tag", ["script", "style"])
def test_what_stands_in_scripts_of_drawings_is_looked_at(tag: str) -> None:
    """There they hold elements, where in HTML they hold text."""
    after = f'<div><svg><{tag}><g onclick="x"></g></{tag}></svg></div>'
    messages = [message for _, _, _, message, _ in judged("x", after=after)]
    assert messages[0] == "`<g onclick>` is an event handler"


def test_two_pages_may_have_the_same_id(tmp_path: pathlib.Path) -> None:
    assert found(tmp_path, {"a.html": page('<p id="x">'), "b.html": page('<p id="x">')}) == []


def test_a_site_without_pages_is_a_problem(tmp_path: pathlib.Path) -> None:
    expected = Problem(
        Location("build/site/index.html"),
        Code.DEAD_LINK,
        "the site has no pages",
        "build the site, then check it",
    )
    assert check_site(tmp_path / "nowhere").problems == (expected,)


# ---- other hosts -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("article", "column", "holder", "url"),
    [
        ('<img src="https://evil.example/x.png">', 6, "img src", "https://evil.example/x.png"),
        ('<img src="//evil.example/x.png">', 6, "img src", "//evil.example/x.png"),
        (r'<img src="\\evil.example/x.png">', 6, "img src", r"\\evil.example/x.png"),
        (r'<img src="/\evil.example/x.png">', 6, "img src", r"/\evil.example/x.png"),
        ('<img src="///evil.example/x.png">', 6, "img src", "///evil.example/x.png"),
        ('<img src="https:evil.example/x.png">', 6, "img src", "https:evil.example/x.png"),
        ('<img src="HTTPS&colon;//evil.example">', 6, "img src", "HTTPS://evil.example"),
        ('<img srcset="#, //evil.example/x.png 2x">', 6, "img srcset", "//evil.example/x.png"),
        ('<svg><use href="https://evil.example/#x"/></svg>', 11, "use href", "https://evil.example/#x"),
        ('<svg><use xlink:href="//evil.example/#x"/></svg>', 11, "use xlink:href", "//evil.example/#x"),
        ('<svg><path fill="url(//evil.example#x)"/></svg>', 12, "path fill", "//evil.example#x"),
    ],
)
def test_nothing_in_an_article_is_loaded_from_another_host(
    article: str, column: int, holder: str, url: str
) -> None:
    message = f"`<{holder}>`: `{url}` would be loaded from another host"
    assert judged(article) == [(3, column, Code.OTHER_HOST, message, HOST_HINT)]


@pytest.mark.parametrize(
    ("head", "holder"),
    [
        ('<script src="//evil.example"></script>', "script src"),
        ('<link rel="stylesheet" href="//evil.example">', "link href"),
        ('<link rel="alternate stylesheet" href="//evil.example">', "link href"),
        ('<link rel="preload" as="font" href="//evil.example">', "link href"),
        ('<link rel="icon" href="//evil.example">', "link href"),
        ('<link rel="preconnect" href="//evil.example">', "link href"),
        ('<link href="//evil.example">', "link href"),
        ('<style>@import "//evil.example";</style>', "style"),
        ("<style>@IMPORT/**/ /* */'//evil.example';</style>", "style"),
        ("<style>@import url(//evil.example);</style>", "style"),
        (r"<style>@\69mport '//evil.example';</style>", "style"),
        (r"<style>a{b:\75 r\6C( '//evil.example' )}</style>", "style"),
        ("<style>a{b:URL(  //evil.example )}</style>", "style"),
        ('<style>a{b:image-set("a" 1x, "//evil.example" 2x)}</style>', "style"),
        (r'<style>a{content:"\"";b:url("//evil.example")}</style>', "style"),
    ],
)
def test_nothing_around_an_article_is_loaded_from_another_host(head: str, holder: str) -> None:
    message = f"`<{holder}>`: `//evil.example` would be loaded from another host"
    assert [each[2:] for each in judged("", head=head)] == [(Code.OTHER_HOST, message, HOST_HINT)]


@pytest.mark.parametrize("rel", ["canonical", "next", "prev", "alternate", "edit", "Canonical next"])
def test_links_of_the_head_that_only_refer_may_lead_to_other_hosts(rel: str) -> None:
    assert judged("", head=f'<link rel="{rel}" href="https://other.example/">') == []


def test_style_sheets_load_only_from_the_site_and_may_hold_images(tmp_path: pathlib.Path) -> None:
    sheet = (
        '@charset "utf-8"; /* url(https://evil.example/0) */\n'
        "a { b: url('data:image/svg+xml;charset=utf-8,<svg xmlns=\"http://www.w3.org/2000/svg\"/>') }\n"
        "a { b: url(../here.png) url(#c) }\n"
        "a { b: url(https://evil.example/1) }\n"
        'a { b: url("data:text/html,x") }\n'
        "a { b: url( 'there.png' ) }\n"
        "@import 'none.css';\n"
    )
    files = {"index.html": page(""), "here.png": "", "css/a.css": sheet}
    assert found(tmp_path, files) == [
        (
            "site/css/a.css:4:12",
            Code.OTHER_HOST,
            "`url(…)`: `https://evil.example/1` would be loaded from another host",
            HOST_HINT,
        ),
        (
            "site/css/a.css:5:13",
            Code.FORBIDDEN_HTML,
            "`url(…)`: `data:text/html,x` has the scheme `data:`, which is not allowed",
            LOAD_HINT,
        ),
        (
            "site/css/a.css:6:14",
            Code.DEAD_LINK,
            "`url(…)`: `there.png` leads to `css/there.png`, which the site lacks",
            "did you mean `here.png`?",
        ),
        (
            "site/css/a.css:7:10",
            Code.DEAD_LINK,
            "`url(…)`: `none.css` leads to `css/none.css`, which the site lacks",
            "did you mean `css/a.css`?",
        ),
    ]


# ---- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("href", "shown", "scheme"),
    [
        ("javascript:alert(1)", "javascript:alert(1)", "javascript"),
        ("JaVaScRiPt:alert(1)", "JaVaScRiPt:alert(1)", "javascript"),
        ("java\tscript:alert(1)", r"java\x09script:alert(1)", "javascript"),
        ("java\nscript:alert(1)", r"java\x0ascript:alert(1)", "javascript"),
        ("java&#13;script&#x3A;alert(1)", r"java\x0dscript:alert(1)", "javascript"),
        ("\x01\x1f javascript:alert(1)", r"\x01\x1f javascript:alert(1)", "javascript"),
        ("&#1;javascript:alert(1)", r"\x01javascript:alert(1)", "javascript"),
        ("&#106;avascript:alert(1)", "javascript:alert(1)", "javascript"),
        ("&#0000106avascript&colon;alert(1)", "javascript:alert(1)", "javascript"),
        ("&Tab;java&NewLine;script:alert(1)", r"\x09java\x0ascript:alert(1)", "javascript"),
        ("vbscript:msgbox(1)", "vbscript:msgbox(1)", "vbscript"),
        ("data:text/html,&lt;script>", "data:text/html,<script>", "data"),
        ("file:///etc/passwd", "file:///etc/passwd", "file"),
        ("ftp://host.example/", "ftp://host.example/", "ftp"),
        ("blob:https://host.example/1", "blob:https://host.example/1", "blob"),
    ],
)
@pytest.mark.parametrize(
    ("opening", "column", "holder"), [("<a ", 4, "a href"), ("<svg><a xlink:", 9, "a xlink:href")]
)
def test_a_link_of_another_scheme_is_refused(
    href: str, shown: str, scheme: str, opening: str, column: int, holder: str
) -> None:
    message = f"`<{holder}>`: `{shown}` has the scheme `{scheme}:`, which is not allowed"
    assert judged(f'{opening}href="{href}">x</a>') == [(3, column, Code.FORBIDDEN_HTML, message, SCHEME_HINT)]


@pytest.mark.parametrize(
    "url", ["javascript:x", "data:image/png;base64,AA==", "mailto:a@b.example", "ws://host.example"]
)
def test_a_load_of_another_scheme_is_refused(url: str) -> None:
    scheme = url.partition(":")[0]
    message = f"`<img src>`: `{url}` has the scheme `{scheme}:`, which is not allowed"
    assert judged(f'<img src="{url}">') == [(3, 6, Code.FORBIDDEN_HTML, message, LOAD_HINT)]


def element(name: str) -> tuple[str, str]:
    return f"`<{name}>` is not allowed in an article", ARTICLE_HINT


def attribute(tag: str, name: str) -> tuple[str, str]:
    return f"`<{tag} {name}>`: the attribute is not allowed in an article", ARTICLE_HINT


def handler(tag: str, name: str) -> tuple[str, str]:
    return f"`<{tag} {name}>` is an event handler", "remove the attribute"


def scheme(holder: str, url: str, hint: str = SCHEME_HINT) -> tuple[str, str]:
    return f"`<{holder}>`: `{url}` has the scheme `{url.partition(':')[0]}:`, which is not allowed", hint


@pytest.mark.parametrize(
    ("article", "expected"),
    [
        ("<script>x</script>", [(1, *element("script"))]),
        ("<SCRIPT>x</SCRIPT>", [(1, *element("script"))]),
        ('<script type="application/json">{}</script>', [(1, *element("script"))]),
        ("<style>p{}</style>", [(1, *element("style"))]),
        ("<p>\t<button>x</button>", [(5, *element("button"))]),
        ("<label><input></label>", [(1, *element("label")), (8, *element("input"))]),
        ("<form></form>", [(1, *element("form"))]),
        ("<iframe></iframe>", [(1, *element("iframe"))]),
        ("<embed>", [(1, *element("embed"))]),
        ('<area href="https://other.example/">', [(1, *element("area"))]),
        ("<base>", [(1, *element("base"))]),
        ('<base href=".">', [(1, *element("base"))]),
        ('<meta name="x">', [(1, *element("meta"))]),
        ('<link rel="next" href="">', [(1, *element("link"))]),
        ("<noscript><p>x</p></noscript>", [(1, *element("noscript"))]),
        ("<my-element></my-element>", [(1, *element("my-element"))]),
        ("<article></article>", [(1, *element("article"))]),
        ('<p style="color:red">', [(4, *attribute("p", "style"))]),
        ('<p markdown="1">', [(4, *attribute("p", "markdown"))]),
        ('<img alt="" srcdoc="x">', [(13, *attribute("img", "srcdoc"))]),
        ("<p onclick=x>", [(4, *handler("p", "onclick"))]),
        ("<p ONCLICK>", [(4, *handler("p", "onclick"))]),
        ("<p/onmouseover=x>", [(4, *handler("p", "onmouseover"))]),
        ("<p\nonpointerrawupdate\n=x>", [(1, *handler("p", "onpointerrawupdate"))]),
        ('<p title="a"onclick="x">', [(13, *handler("p", "onclick"))]),
        ('<svg><path onclick="x" d=""/></svg>', [(12, *handler("path", "onclick"))]),
        ("<svg onload=x>", [(6, *handler("svg", "onload"))]),
        ("<svg><script>x</script></svg>", [(6, *element("script"))]),
        ("<svg><style></style></svg>", [(6, *element("style"))]),
        ("<svg><foreignObject></foreignObject></svg>", [(6, *element("foreignObject"))]),
        ('<svg><animate attributeName="href" values="javascript:x"/></svg>', [(6, *element("animate"))]),
        (
            '<math><mi href="javascript:x">y</mi></math>',
            [(1, *element("math")), (7, *element("mi")), (11, *scheme("mi href", "javascript:x", LOAD_HINT))],
        ),
        (
            '<button formaction="javascript:x">',
            [(1, *element("button")), (9, *scheme("button formaction", "javascript:x"))],
        ),
        (
            '<a formaction="javascript:x"></a>',
            [(4, *scheme("a formaction", "javascript:x")), (4, *attribute("a", "formaction"))],
        ),
        (
            '<template><template><script></script></template></template>',
            [(1, *element("template")), (11, *element("template")), (21, *element("script"))],
        ),
        (
            '<meta http-equiv="refresh" content="0;url=javascript:x">',
            [(1, *element("meta")), (28, *scheme("meta content", "javascript:x"))],
        ),
        ("<table><tr><script></script><td>x</table>", [(12, *element("script"))]),
        ("<select><option>x</select>", [(1, *element("select")), (9, *element("option"))]),
    ],
)  # fmt: skip
def test_what_is_not_allowed_in_an_article_is_refused(
    article: str, expected: list[tuple[int, str, str]]
) -> None:
    problems = judged(article)
    assert {code for _, _, code, _, _ in problems} == {Code.FORBIDDEN_HTML}
    assert [(column, message, hint) for _, column, _, message, hint in problems] == expected


@pytest.mark.parametrize(
    ("article", "line"),
    [
        ("</article><script>x</script>", 4),
        ("</ARTICLE ><script>x</script>", 4),
        ("</div><script>x</script>", 4),
        ("<p></div></div><script>x</script>", 4),
        ("</article><script>x</script><div><p>", 4),
        ('</article><script>x</script><article class="md-content__inner">', 4),
        ("<!-- ", 4),
        ("<textarea>", 4),
        ("<title>", 4),
        ("<plaintext>", 4),
        ("<script>", 4),
        ('<a title="', 4),
        ("<template>", 4),
        ("<site-check-end></site-check-end></div><script>x</script>", 4),
        ("</div><script>x</script><!-- </article> -->\n\n", 6),
    ],
)
def test_an_article_cannot_end_itself_to_pass_for_the_theme(article: str, line: int) -> None:
    message = "the text of the article ends the article, or hides its end"
    assert (line, 1, Code.FORBIDDEN_HTML, message, END_HINT) in judged(article, after='<p title="x">y</p>')


@pytest.mark.parametrize(
    "article", ["<p>x", "<ul><li>x<li>y", "<div><p>x", "<table><tr><td>x", "x < y </p> & z"]
)
def test_tags_left_open_within_an_article_are_no_fault_of_the_site(article: str) -> None:
    assert judged(article) == []


def test_a_second_article_is_refused_around_the_first_as_in_it() -> None:
    after = '<article class="md-content__inner"></article>'
    assert [each[3] for each in judged("", after=after)] == [
        "`<article>` is not allowed in an article",
        "the text of the article ends the article, or hides its end",
    ]


@pytest.mark.parametrize(
    ("after", "column", "message", "hint"),
    [
        ("<iframe></iframe>", 23, "`<iframe>` is not allowed outside of the article", CHROME_HINT),
        ("<base>", 23, "`<base>` is not allowed outside of the article", CHROME_HINT),
        (
            "<p style='color:red'>",
            26,
            "`<p style>`: the attribute is not allowed outside of the article",
            CHROME_HINT,
        ),
        (
            "<input formaction='.'>",
            30,
            "`<input formaction>`: the attribute is not allowed outside of the article",
            CHROME_HINT,
        ),
        ("<button onclick='x'>", 31, "`<button onclick>` is an event handler", "remove the attribute"),
        (
            "<a><script>x</script></a>",
            26,
            "`<script>` stands in `<a>`, where the theme puts none",
            "escape the text that brought it there",
        ),
        (
            "<p><svg><script>x</script></svg>",
            31,
            "`<script>` stands in `<svg>`, where the theme puts none",
            "escape the text that brought it there",
        ),
        (
            "<meta http-equiv='set-cookie'>",
            29,
            '`<meta http-equiv="set-cookie">` is not allowed',
            CHROME_HINT,
        ),
        ("<meta charset='utf-7'>", 29, '`<meta charset="utf-7">`: pages are UTF-8', "write `utf-8`"),
        (
            "<meta http-equiv=Refresh content='5; //b.example'>",
            48,
            "`<meta content>`: `//b.example` sends readers away from the site",
            "send them to a page of the site",
        ),
        (
            "<meta content='0 https://b.example' http-equiv=refresh>",
            29,
            "`<meta content>`: `https://b.example` sends readers away from the site",
            "send them to a page of the site",
        ),
        (
            "<a href='javascript:void(0)'></a>",
            26,
            "`<a href>`: `javascript:void(0)` has the scheme `javascript:`, which is not allowed",
            SCHEME_HINT,
        ),
    ],
)
def test_around_the_article_only_what_the_theme_makes_is_allowed(
    after: str, column: int, message: str, hint: str
) -> None:
    assert judged("", after=after) == [(4, column, Code.FORBIDDEN_HTML, message, hint)]


def test_a_base_from_another_host_is_two_faults() -> None:
    assert [each[2:4] for each in judged("", head='<base href="https://evil.example/">')] == [
        (Code.FORBIDDEN_HTML, "`<base>` is not allowed outside of the article"),
        (Code.OTHER_HOST, "`<base href>`: `https://evil.example/` would be loaded from another host"),
    ]


def test_handlers_that_a_second_body_tag_brings_are_found() -> None:
    assert judged("x<body onload=y>") == [
        (3, 8, Code.FORBIDDEN_HTML, "`<body onload>` is an event handler", "remove the attribute")
    ]


def test_what_the_theme_and_its_templates_use_around_the_article_is_allowed() -> None:
    head = (
        '<meta http-equiv="Content-Security-Policy" content="default-src \'self\'">'
        '<meta http-equiv="refresh" content="300">'
        "<link rel='alternate' type='application/rss+xml' title='News' href='https://other.example/'>"
        "<style>:root{--icon:url('data:image/svg+xml,%3Csvg/%3E')}</style>"
        "<script>if(1<2)document</script>"
    )
    after = '<nav><script>x</script></nav><script type="application/json">{"a": "<p onclick>"}</script>'
    assert judged("", head=head, after=after) == []


def test_messages_stay_on_one_line_and_short() -> None:
    [(_, _, _, message, _)] = judged(f'<img src="x:\n\u202e{"y" * 200}">')
    assert message == (f"`<img src>`: `x:\\x0a\\x202e{'y' * 76}…` has the scheme `x:`, which is not allowed")


# ---- places ------------------------------------------------------------------------------------


def test_comments_and_scripts_do_not_shift_the_places_of_elements() -> None:
    body = '<!-- <a href="x"> -->\n<p>é</p><a href="">fine</a> <a title=\'href="1"\'\nhref="gone">x</a>'
    head = "<script>a = '<a href=1>'</script>"
    assert [each[:2] for each in judged(body, head=head)] == [(5, 1)]


def test_a_place_that_the_text_does_not_show_is_the_first() -> None:
    page_of_repeats = read_page("x.html", '<p><a href="gone">x<p>y')
    assert [(link.line, link.column) for link in page_of_repeats.links] == [(1, 7), (1, 1)]


# ---- files -------------------------------------------------------------------------------------


def test_byte_order_marks_and_bytes_that_are_no_utf8_do_not_stop_the_check(tmp_path: pathlib.Path) -> None:
    (tmp_path / "index.html").write_bytes(
        b"\xef\xbb\xbf" + "<i onclick=x></i>\u00e9<i onload=x></i>".encode("latin-1")
    )
    report = check_site(tmp_path)
    assert [(str(each.at), each.message) for each in report.problems] == [
        ("build/site/index.html:1:4", "`<i onclick>` is an event handler"),
        ("build/site/index.html:1:22", "`<i onload>` is an event handler"),
    ]


def test_a_page_is_judged_without_the_disk() -> None:
    read = read_page("a/index.html", '<a href="../b.html#x">y</a>')
    other = Page(path="b.html", ids=frozenset({"x"}))
    assert resolve([read, other], {"a/index.html", "b.html"}).problems == ()
    assert [each.code for each in resolve([read], {"a/index.html", "b.html"}).problems] == [Code.DEAD_ANCHOR]


def test_problems_come_sorted_whatever_the_order_of_the_pages() -> None:
    pages = [read_page(f"{name}.html", '<a href="x#y">z</a><a href="#y">z</a>') for name in "abc"]
    files = {"a.html", "b.html", "c.html"}
    assert resolve(pages, files) == resolve(reversed(pages), files)


@pytest.mark.parametrize(
    "text",
    [
        "<!--" * 20_000,
        "<style>" * 20_000,
        "<template>" * 2_000,
        '<img srcset="' + "," * 100_000,
        '<a href="' + "../" * 30_000,
        f'<img src="x" {" ".join(f"on{number}" for number in range(1_000))}>',
        f"<style>{'@import/**/' * 3_000}{'/**/' * 3_000}x</style>",
        '<a href="#gone">x</a>' * 3_000 + "".join(f'<p id="{number}">' for number in range(3_000)),
        "".join(f'<a href="gone-{number}">x</a>' for number in range(1_000)),
    ],
)  # fmt: skip
def test_no_page_takes_long(text: str) -> None:
    before = time.process_time()
    resolve([read_page("index.html", page(text))], {"index.html", *map(str, range(5_000))})
    assert time.process_time() - before < 5


# ---- the theme ---------------------------------------------------------------------------------

CONFIG = """\
site_name: Tiny & small
site_url: SITE_URL
copyright: Somebody
repo_url: https://code.example/tiny
edit_uri: edit/main/docs/
theme:
  name: material
  font: false
  palette:
    - {media: "(prefers-color-scheme)", toggle: {icon: material/brightness-auto, name: System}}
    - {media: "(prefers-color-scheme: light)", toggle: {icon: material/brightness-7, name: Light}}
    - {media: "(prefers-color-scheme: dark)", scheme: slate, toggle: {icon: material/weather-night, name: D}}
  features:
    - content.action.edit
    - content.code.copy
    - navigation.footer
    - navigation.indexes
    - navigation.path
    - navigation.sections
    - navigation.tabs
    - navigation.top
    - search.highlight
    - search.suggest
    - toc.follow
plugins: [search, tags]
extra_css: [assets/tiny.css]
extra_javascript: [assets/tiny.js, {path: assets/tiny.mjs, type: module}]
extra:
  social: [{icon: fontawesome/brands/github, link: "https://code.example"}]
markdown_extensions:
  - abbr
  - admonition
  - attr_list
  - def_list
  - footnotes
  - md_in_html
  - pymdownx.details
  - pymdownx.highlight: {anchor_linenums: true}
  - pymdownx.superfences
  - tables: {use_align_attribute: true}
  - toc: {permalink: true}
"""
HOME = """\
---
tags: [one]
---
# Home

Text[^1], `code`, *this*, **that**, <kbd>K</kbd>, <q cite="https://other.example/">so</q>; see
[the second](sub/second.md#part-two), [home](#home), [mail](mailto:a@b.example), <https://other.example/>.
![Dot](assets/dot.svg){ width=10 loading=lazy }

[^1]: A note, with a [link](sub/index.md).

!!! note "Heed"
    This.

??? tip "Open me"
    There.

```python linenums="1"
x = 1 < 2
```

Term
: What it means.

| a | b |
|:--|--:|
| 1 | 2 |

<section class="claim" id="a-claim" data-checked="seal" aria-label="Claim" markdown>
1. <time datetime="2025">2025</time> <bdi>x</bdi>
</section>

> Quoted.

---

*[K]: Key
"""


def built(root: pathlib.Path, files: Mapping[str, str]) -> pathlib.Path:
    """The folder of the site that MkDocs makes of the files."""
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict"]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    subprocess.run(command, cwd=site(root, files), env=environment, check=True, capture_output=True)
    return root / "site"


@pytest.mark.parametrize("site_url", ["", "https://tiny.example/wiki/"])
def test_a_site_that_material_builds_is_sound(tmp_path: pathlib.Path, site_url: str) -> None:
    files = {
        "mkdocs.yml": CONFIG.replace("SITE_URL", site_url or '""'),
        "docs/index.md": HOME,
        "docs/sub/index.md": '---\ntitle: A & "B"\ndescription: C\n---\n# Sub\n\n## One\n\n### Deep\n',
        "docs/sub/second.md": "# Second\n\n## Part one\n\n## Part two\n\n[up](../index.md#a-claim)\n",
        "docs/assets/tiny.css": '@import "other.css";\np { background: url(dot.svg) }\n',
        "docs/assets/other.css": "",
        "docs/assets/tiny.js": "",
        "docs/assets/tiny.mjs": "",
        "docs/assets/dot.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    }
    root = built(tmp_path, files)
    report = check_site(root, site_url=site_url)
    assert report.problems == ()
    assert report.pages == 4
    assert report.links > 80
    assert report.anchors > 20
    assert report.assets > 20


@pytest.mark.parametrize(
    ("markdown", "message"),
    [
        (
            "[x](javascript:alert(1))",
            "`<a href>`: `javascript:alert(1)` has the scheme `javascript:`, which is not allowed",
        ),
        ("*x*{ onclick=alert(1) }", "`<em onclick>` is an event handler"),
        ("\\<script>x</script>", "`<script>` is not allowed in an article"),
        ('<a href="gone/">x</a>', "`<a href>`: `gone/` leads to `gone/`, which the site lacks"),
        (
            "![x](https://other.example/x.png)",
            "`<img src>`: `https://other.example/x.png` would be loaded from another host",
        ),
        ("# x { #a }\n\n# y { #a }", '`<h1 id="a">`: line'),
    ],
)
def test_what_mkdocs_lets_through_is_found(tmp_path: pathlib.Path, markdown: str, message: str) -> None:
    config = "site_name: Tiny\ntheme: {name: material, font: false}\nmarkdown_extensions: [attr_list]\n"
    files = {"mkdocs.yml": config, "docs/index.md": f"{markdown}\n"}
    problems = check_site(built(tmp_path, files)).problems
    assert [each.message[: len(message)] for each in problems] == [message]
