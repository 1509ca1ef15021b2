"""Pages that are converted without Python-Markdown come out as it makes them, byte for byte."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.wikis import lay_out
from build_tools.compiler import compile_wiki
from build_tools.conversion import extension
from build_tools.conversion.page import read_page
from build_tools.conversion.tags import Unknown
from build_tools.load import load
from build_tools.prose import encode
from tests.both_ways import BothWays, known
from tests.islands import EXAMPLE
from tests.rendered import prose_of


def both_ways(root: Path, folder: Path) -> BothWays:
    return BothWays(pages_of(root), folder)


def pages_of(root: Path) -> dict[str, str]:
    return {file.path: file.data.decode(errors="replace") for file in compile_wiki(*load(root)).files}


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> BothWays:
    """The pages of the example wiki."""
    return both_ways(EXAMPLE, tmp_path_factory.mktemp("example"))


def test_the_pages_of_the_example_come_out_the_same(example: BothWays) -> None:
    assert example.differing() == []
    assert example.left() == []


def test_addresses_that_are_no_folders_come_out_the_same(tmp_path: Path) -> None:
    assert BothWays(pages_of(EXAMPLE), tmp_path, use_directory_urls=False).differing() == []


def test_a_page_above_others_comes_out_the_same(tmp_path: Path) -> None:
    text = "[a](a.md#x) [b](a/b.md) [c](c.md) [a](../x/a.md)"
    pages = {"x/a.md": text, "x/c.md": text, "x/a/b.md": "[a](../a.md) [b](b.md) [c](../c.md)", "x.md": text}
    both = BothWays(pages, tmp_path)
    assert both.left() == []
    assert both.differing() == []


def test_the_pages_of_a_made_up_wiki_come_out_the_same(tmp_path: Path) -> None:
    lay_out(tmp_path / "wiki", 12, 3)
    made = both_ways(tmp_path / "wiki", tmp_path)
    assert made.differing() == []
    assert made.left() == []


# ---- one thing after another -----------------------------------------------------------------------

KNOWN = {
    "headings": "# A title\n\n## One {: #one }\n\n#### Two {: #two .a }\n\n## <span class=\"x\">¶ 3</span> {: #p3 }",
    "a title that is no plain word": "# Öl &#38; x <em>Gas</em>: 3.5 &#60;t&#62;",
    "paragraphs": "One.\n\nTwo\nlines, [a link](b.md).\n{: .a #b data-c=\"d e\" }\n\nThree &#42; three &#35;",
    "links": "[a](b.md) [a](b.md#c \"it's &#34;t&#34;\u2009so\"){: .x .y } [a](#c){: .z }[&#91;](https://x.example/?a=b&c=d&copy=e)",
    "links that lead nowhere": "[a](none.md) [a](none.md#x) [a](/b.md) [a](b) [a](b.md?c=d#e) [a](x:y) [a](#) [a](//h/i)",
    "strong words": "**One** two.\n\n**[a](b.md)** <span class=\"q\">x</span>\n\nSo **one [a](b.md){: .c } two** it is",
    "a tight list": "- one\n- two [a](b.md)\n  {: .x }\n- three\n and more\n    {: #_three }",
    "a loose list": "- one\n\n- two\n- three\n  {: .x }\n\n- four",
    "definitions": "A\n:   one\n    {: #_a }\n\nB\n:   two\n:   three\n    more\n\nText.\n\n[C](b.md)\n:   four",
    "a table": "| A | B |\n|:---|---:|\n| [a](b.md) | |\n| &#124; | x |",
    "a quotation": "> “One”\n\nTwo.\n\n> Three",
    "HTML": "<div class=\"a\">\n<p>x &amp; y</p>\n\n<svg viewBox=\"0 0 1 1\"><rect x=\"0\"/></svg>\n</div>\n\nText.\n<ul>\n<li>x<br>y</li>\n</ul>",
    "Markdown in HTML": (
        "<section class=\"s\" id=\"q\" markdown>\n\n## A {: #a }\n\n<div hidden markdown>\n\n- x\n\n- y\n\n</div>\n</section>"
    ),
    "elements in elements": (
        "<ul class=\"claims\" markdown=\"block\">\n\n<li id=\"c1\" markdown=\"block\">\n\nOne.\n{: .s }\n\n"
        "<details markdown=\"block\">\n<summary>x &#58; y</summary>\n\n- one\n\n</details>\n\n</li>\n\n</ul>\n\n## B"
    ),
    "a line in HTML": "<figure markdown=\"block\">\n\n> x\n\n<figcaption class=\"b\" markdown=\"span\">[a](b.md), y</figcaption>\n\n</figure>",
    "HTML in Markdown": (
        "<div markdown>\n\n<div class=\"b\" aria-label=\"&#34;x&#34; &amp; y\" hidden>\n<svg viewBox=\"0 0 9 9\">"
        "<g><text x=\"1\">x &#38; y</text></g></svg>\n<table><thead><tr><th scope=\"col\">A</th><td>B</td></tr></thead></table>\n"
        "<p> </p>\n\n<p>q</p>\nz\n</div>\n\n<p lang=\"de\">Ja,\n\nnein</p>\n\nText.\n\n</div>"
    ),
    "nothing": "",
    "anchors of tags": "A <span id=\"old\" class=\"x\"></span> b\n\n<div id=\"d\">\n<a href=\"#x\" title=\"an idea = name\">x</a>\n</div>",
}  # fmt: skip
# What means something else than it seems to, or more than is known here; and what only hand-written pages have.
LEFT = {
    "emphasis": "Some *words* and _words_",
    "code": "Some `code`",
    "fences": "```\n<div>\n```",
    "a backslash": "a \\* b",
    "an image": "![a](b.png)",
    "a reference": "[a][b]\n\n[b]: c.md",
    "a comment": "<!-- x -->",
    "a bare ampersand": "a & b",
    "a bare mark": "a > b",
    "an address in marks": "<https://x.example>",
    "an open tag": "<div markdown>\n\nx",
    "a tag without a beginning": "x\n\n</div>",
    "crossed tags": "<div><p><div></p></div>\n</div>",
    "text behind an element": "<div>x</div> y",
    "a block in a line": "x <div>y</div>",
    "a tag with a reference cut short": "[a](b&#58.md)",
    "a title in other marks": "[a](b.md 'c')",
    "a title in two marks": "[a](b.md \"'c'\")",
    "a title in two marks behind a blank": "[a](b.md \"\u00a0'\")",
    "a number with a stop": "1. x",
    "a number with a stop in other figures": "\u0661. x",
    "a rule": "x\n---",
    "code by indentation": "    x",
    "more than one paragraph in an item": "- x\n\n    y",
    "a list in a list": "- x\n    - y",
    "a list behind a list of HTML": "<div markdown>\n\n<ul>\n<li>x</li>\n</ul>\n\n- y\n\n</div>",
    "text in a list": "<ul markdown=\"block\">\n- x\n<li markdown=\"block\">\n\ny\n\n</li>\n</ul>",
    "a quotation of two parts": "> x\n\n> y",
    "an admonition": "!!! note\n    x",
    "a blank of another kind": "x\n\n\u00a0\n\ny",
    "a tabulator": "x\ty",
    "a line's end of two blanks": "x  \ny",
    "a row too short": "| A | B |\n|---|---|\n| x |",
    "a heading with a link": "## [a](b.md)",
    "a heading that ends in its mark": "## C# {: #c }",
    "a heading with a label": "## C {: data-toc-label=\"x\" }",
    "a list of attributes cut short": "x\n{: .a",
    "emphasis in a list of attributes": "x y\n{: #_a .b_ }",
    "the mark of a table of contents": "[TOC]",
    "an anchor with a reference": "<span id=\"a&amp;b\"></span>",
    "a named anchor": "<div><a name=\"x\">y</a></div>",
    "an anchor without a name": "<span id></span>",
    "a heading in HTML": "<div markdown>\n\n<div>\n<h2>x</h2>\n</div>\n\n</div>",
    "a block that ends a paragraph": "<div markdown>\n\n<p>\n<div>\nx\n</div>\n</p>\n\n</div>",
    "an attribute twice": "<div class=\"a\" class=\"b\" markdown>\n\nx\n\n</div>",
    "elements too deep": "<div markdown>\n" * 60 + "</div>\n" * 60,
}  # fmt: skip


@pytest.mark.parametrize("what", [*KNOWN, *LEFT])
def test_every_construct_comes_out_the_same(what: str, example: BothWays) -> None:
    text = KNOWN.get(what, LEFT.get(what, ""))
    path = "islands/longholm.md"
    assert example.told(example.fast, path, text) == example.told(example.slow, path, text)
    assert known(text) == (what in KNOWN)


SHAPES = (
    "# {}",
    "## {} {{: #a }}",
    "{}",
    "{}\n{}\n{{: .a }}",
    "**{}** {}",
    '<span class="x">{}</span> [{}](b.md "{}"){{: .c }} <strong>{}</strong>',
    "- {}\n- {} [x](b.md)\n  {{: .a }}",
    "- {}\n\n- {}",
    "{}\n:   {}\n    {{: #b }}\n:   {}",
    "| {} | b |\n|---|---|\n| {} | [a](b.md) {} |",
    "> {}",
    "<div {}>\n<p>{}</p>\n</div>",
    "<div {}>{}\n<ul><li>{}</li></ul>\n</div>",
)
AROUND = (
    "{}",
    '<div class="a" markdown>\n\n{}\n\n</div>',
    '<ul class="a" markdown="block">\n\n<li id="c" markdown="block">\n\n{}\n\n</li>\n\n</ul>',
    '<details class="a" data-b markdown="block">\n<summary>x</summary>\n{}\n</details>',
)
TAME = st.sampled_from(["x", "a &#42; b", "<em>x</em>", "x, y", "it’s"]) | prose_of().map(encode)
WILD = TAME | st.sampled_from(["[l](b.md)", "x\n y", '"x"', "<br>"]) | prose_of()


@st.composite
def pages(draw: st.DrawFn) -> str:
    """Pages in the shapes of the templates, of texts that are encoded as these have them, or are not."""
    parts = []
    texts = draw(st.sampled_from([TAME, WILD]))
    for _ in range(draw(st.integers(1, 4))):
        shape = draw(st.sampled_from(SHAPES))
        block = shape.format(*(draw(texts) for _ in range(shape.replace("{{", "").count("{"))))
        parts.append(draw(st.sampled_from(AROUND)).format(block))
    return draw(st.sampled_from(["\n\n", "\n"])).join(parts)


@settings(deadline=None, max_examples=200, derandomize=True)
@given(pages())
def test_whatever_a_page_says_it_comes_out_the_same(example: BothWays, text: str) -> None:
    assert not example.differ("islands/longholm.md", text), text


@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.randoms(use_true_random=False))
def test_pages_that_lost_or_gained_lines_come_out_the_same(example: BothWays, chance: random.Random) -> None:
    path, text = chance.choice([*example.pages.items()])
    lines = text.split("\n")
    begin = chance.randrange(len(lines))
    lines = lines[begin : begin + chance.randrange(1, 60)]
    for _ in range(chance.randrange(3)):
        at = chance.randrange(len(lines))
        lines[at:at] = [chance.choice(lines)] if chance.random() < 0.5 else []
        del lines[chance.randrange(len(lines))]
        lines = lines or [""]
    assert not example.differ(path, "\n".join(lines)), lines


# ---- what is not known -----------------------------------------------------------------------------

PLAIN = "# A\n\nText."


@pytest.mark.parametrize(
    "setting",
    [
        {"markdown_extensions": ["attr_list", "def_list", "md_in_html", "tables", "toc"]},
        {"markdown_extensions": [{"toc": {"permalink": "¶"}}]},
        {"markdown_extensions": ["nl2br"]},
    ],
)
def test_another_configuration_is_left_to_python_markdown(
    setting: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = BothWays({"a.md": PLAIN}, tmp_path, **setting)
    monkeypatch.setattr(extension, "converted", _never)
    assert other.differing() == []


def _never(md: object, source: str, targets: object) -> str:
    raise AssertionError(source)


def test_another_version_is_left_to_python_markdown(
    example: BothWays, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extension, "converted", _never)
    with pytest.raises(AssertionError):
        example.told(example.fast, "index.md", PLAIN)
    monkeypatch.setattr(extension, "VERSIONS", ("3.11.4", "1.6.1"))
    assert example.told(example.fast, "index.md", PLAIN) == example.told(example.slow, "index.md", PLAIN)


@pytest.mark.parametrize(
    "piece", ["[", "[a](", "<", "<div ", "<div>\n", "**", " id", "{: ", "&#", "\n- ", "| ", "> "]
)
def test_the_time_grows_with_the_page(piece: str) -> None:
    with contextlib.suppress(Unknown):
        read_page(piece * 100_000)  # hours, if every one looked at all behind it
