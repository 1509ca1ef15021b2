"""Published files in blocks: what stands without a break, in every format that holds text."""

from __future__ import annotations

import random
import re
from html import unescape

import pytest
from selectolax.lexbor import LexborHTMLParser

from build_tools.site.blocks import blocks
from build_tools.text import folded


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a.html", "<p>one <em>two</em>th<b>ree</b></p><p>four", ["one twothree", "four"]),
        ("a.html", "<div>one<p>two</p>three</div>", ["one", "two", "three"]),
        ("a.html", "<table><td>one<td>two</table>", ["one", "two"]),
        ("a.html", "one<br>two", ["one\ntwo"]),
        ("a.html", "<p><q>one</q> <q>two</q> three", ["”“one”“ ”“two”“ three"]),
        ("a.html", "<p>one <!-- not shown --> two", ["not shown", "one  two"]),
        ("a.html", "<p>one<script>let two</script> three<style>p { }</style>", ["one  three"]),
        ("a.html", '<p title="one two" class="three four" id="five">', ["one two"]),
        ("a.html", '<title>one &amp; two</title><meta content="three four">', ["three four", "one & two"]),
        ("a.htm", "<p>one", ["one"]),
        ("a.html", "", []),
        ("a.xml", '<a b="one two" c=\'three\'>four<b>five</b></a>', ["one two", "three", "four", "five"]),
        ("a.xml", "<a>&lt;p&gt;one&lt;/p&gt;two</a><!-- three -->", ["one", "two", "three"]),
        ("a.xml", "<a><![CDATA[<p>one</p>two]]></a>three", ["one", "two", "three"]),
        ("a.xml", "<a><![CDATA[one", ["one"]),
        ("a.svg", "<svg><text>one two", ["one two"]),
        ("a.json", '{"one": ["two", {"three": "<p>four</p>five"}, 6, null]}', ["two", "four", "five", "three", "one"]),
        ("a.json", '{"one": "two', ['{"one": "two']),
        ("a.json", "[" * 50_000, ["[" * 50_000]),
        ("a.txt", "one\ntwo\n \nthree <p>", ["one\ntwo", "three <p>"]),
    ],
)  # fmt: skip
def test_a_file_is_read_in_blocks(path: str, text: str, expected: list[str]) -> None:
    found = [block.strip() for block in blocks(path, text) if block.strip()]
    assert (sorted(found) if path.endswith(".json") else found) == (
        sorted(expected) if path.endswith(".json") else expected
    )


PIECES = (
    "<p>|</p>|<div>|</div>|<b>|</b>|<i>|</i>|<q>|</q>|<q></q>|<br>|<hr>|one|two | three|&amp;quot;|&nbsp;|\n| |-|"
    "<ul><li>|</li>|</ul>|<!-- x y -->|<!--|-->|<table>|</table>|<td>|<svg>|<path d='a b'/>|</svg>|<input>|"
    "<a title='x y&quot;z>'>|</a>|<img alt='n m'>|<textarea>|</textarea>|<span>|</span>|<pre>|</pre>|<button>|"
    "</button>|<a b\"c='d e' =f>|< | >|<iframe>|</iframe>|<xmp>|</xmp>|<noscript>|<select><option>"
).split("|")


def walked(html: str) -> list[str]:
    """The blocks, as a walk through the tree meets them."""
    root = LexborHTMLParser(html).root
    within: dict[int, int] = {}
    found: list[str] = []
    held, block = "", 0
    for node in root.traverse(include_text=True) if root is not None else ():
        above = within.get(node.parent.mem_id, 0) if node.parent is not None else 0
        if node.is_text_node:
            text = node.text_content or ""
            if text.strip() and above != block:
                found.append(held)
                held, block = "", above
            held += text
        elif node.is_comment_node:
            found.append(node.comment_content or "")
        else:
            tag = node.tag or ""
            within[node.mem_id] = above if tag in "a b i img q span".split() else node.mem_id
            held += "\n" if tag == "br" else ""
            found += [value for name, value in node.attributes.items() if value and name in ("title", "alt")]
    return [*found, held]


def said(block: str) -> str:
    """The words of a block, with spaces around them."""
    unmarked = re.sub("[\u201c\u201d]", "", unescape(block))
    return f" {' '.join(folded(unmarked))} "


def test_blocks_have_all_that_a_walk_through_the_tree_would_meet() -> None:
    chance = random.Random(3)
    for _ in range(4_000):
        html = "".join(chance.choices(PIECES, k=chance.randint(1, 20)))
        found = [said(block) for block in blocks("a.html", html)]
        assert all(any(said(block) in each for each in found) for block in walked(html)), html


@pytest.mark.parametrize("piece", ["<b>x ", "<![CDATA[", "<!--", "<", '<a b="', "&lt;", "<q>x", "]]>"])
@pytest.mark.parametrize("path", ["a.html", "a.xml"])
def test_a_file_of_one_piece_over_and_over_is_read_in_good_time(path: str, piece: str) -> None:
    assert list(blocks(path, piece * 20_000)) is not None
