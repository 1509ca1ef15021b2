"""Published files in blocks: what stands without a break, in every format that holds text."""

from __future__ import annotations

import pytest

from build_tools.site.blocks import blocks


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a.html", "<p>one <em>two</em>th<b>ree</b></p><p>four", ["one twothree", "four"]),
        ("a.html", "<div>one<p>two</p>three</div>", ["one", "two", "three"]),
        ("a.html", "<table><td>one<td>two</table>", ["one", "two"]),
        ("a.html", "one<br>two", ["one\ntwo"]),
        ("a.html", "<p><q>one</q> <q>two</q> three", ["one ”“two”“ three"]),
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


@pytest.mark.parametrize("piece", ["<b>x ", "<![CDATA[", "<!--", "<", '<a b="', "&lt;", "<q>x", "]]>"])
@pytest.mark.parametrize("path", ["a.html", "a.xml"])
def test_a_file_of_one_piece_over_and_over_is_read_in_good_time(path: str, piece: str) -> None:
    assert list(blocks(path, piece * 20_000)) is not None
