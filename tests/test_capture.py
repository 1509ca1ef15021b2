"""Captured pages cut into passages: what is the article's, what is the page's, and that nothing is lost."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build_tools.capture import Capture, cut
from build_tools.text import folded
from build_tools.values import LineSpan

REPRODUCIBLE = settings(derandomize=True, deadline=None)


def shown(capture: Capture) -> str:
    """A cut as a reviewer would want to read it; headings have a #."""
    lines = [f"title: {capture.title}"]
    if capture.named_source is not None:
        lines.append(f"source: {capture.named_source}")
    for passage in capture.passages:
        mark = " #" if passage.heading else ""
        lines.append(f"{passage.id}, line {passage.lines}:{mark} {passage.text}")
    for left in capture.left_out:
        lines.append(f"left out, line {left.lines} ({left.reason}): {left.text}")
    return "".join(f"{line}\n" for line in lines)


def spans(*texts: str) -> list[LineSpan]:
    """Lines as the command line names them: `3` or `3-5`."""
    ends = [text.partition("-") for text in texts]
    return [LineSpan(int(first), int(last or first)) for first, _, last in ends]


# ---- whole pages, written for these tests ------------------------------------------------------

BLOG = """\
Home
Blog · About · Contact

# The last ferry to Longholm

By Ada Brook
12 March 2024

VK | X | Telegram | WhatsApp

[![The quay](quay.jpg)](quay-large.jpg)
Click to enlarge

The ferry leaves at six, with or without the mail, and in
winter it mostly leaves without. "We keep the hour," says
the mate, "not the promise."

Advertisement

## By land and by sea

There is a [road](https://skarn.example/road "the road"), of course. It was built in 1931, and the
sea has had 16% of it back by
2023.

* * *

Like
3

Share this: Facebook Twitter Email

Comments (2)

Gull
The mate owes me a parcel.
"""


def test_of_a_blog_the_bar_the_pictures_and_the_comments_are_left_out() -> None:
    assert (
        shown(cut(BLOG))
        == """\
title: The last ferry to Longholm
p1, line 14-16: The ferry leaves at six, with or without the mail, and in winter it mostly leaves without. \
"We keep the hour," says the mate, "not the promise."
p2, line 20: # By land and by sea
p3, line 22-24: There is a road, of course. It was built in 1931, and the sea has had 16% of it back by 2023.
left out, line 1-2 (before the title): Home Blog · About · Contact
left out, line 6-7 (the byline): By Ada Brook 12 March 2024
left out, line 9 (share buttons): VK | X | Telegram | WhatsApp
left out, line 11 (a link or picture by itself): [![The quay](quay.jpg)](quay-large.jpg)
left out, line 12 (a caption of the page): Click to enlarge
left out, line 18 (a caption of the page): Advertisement
left out, line 26 (a line without words): * * *
left out, line 28 (share buttons): Like
left out, line 29 (a page number): 3
left out, line 31 (after the article): Share this: Facebook Twitter Email
left out, line 33 (after the article): Comments (2)
left out, line 35-36 (after the article): Gull The mate owes me a parcel.
"""
    )


EXPORT = """\
# Notes from the Skarn light
*A. Brook, keeper*

![lamp](lamp.png)

The lamp was lit in 1887, and it has gone out twice since; the first
time for want of oil, which the board had prom-
ised and the boat had brought as far as Longholm. The second time nobody

- 2 -

\fknows. It was a Skarn-
Longholm sailor, my father said, or an inspec-

Page 4 of 9
\f
tor of the board; ![his door](door.png)either way he left the door open, and
the wind did the rest.

---

### What was lost
One lamp; two panes; $12 in
coin.
"""


def test_of_an_export_broken_paragraphs_and_words_are_joined_across_pages() -> None:
    assert (
        shown(cut(EXPORT))
        == """\
title: Notes from the Skarn light
p1, line 6-18: The lamp was lit in 1887, and it has gone out twice since; the first time for want of oil, \
which the board had promised and the boat had brought as far as Longholm. The second time nobody knows. \
It was a Skarn-Longholm sailor, my father said, or an inspector of the board; either way he left the door \
open, and the wind did the rest.
p2, line 22: # What was lost
p3, line 23-24: One lamp; two panes; $12 in coin.
left out, line 2 (between the title and the first sentence): *A. Brook, keeper*
left out, line 4 (a link or picture by itself): ![lamp](lamp.png)
left out, line 10 (a page number): - 2 -
left out, line 15 (a page number): Page 4 of 9
left out, line 20 (a line without words): ---
"""
    )


PLAIN = """\
Boats and boards
The board met on Tuesday.
It was wet.

Skarn, 4 May. The board met again, and the boat
was on the table; so to speak.

Source: Sandhavener Bote, 3 May

The second boat

The second boat will be blue. Its name will be put to a vote;
the vote will be put off

until June. Nobody minds.

Read also: The first boat

Nobody minded that either.
"""


def test_of_a_plain_text_the_first_line_is_the_title_and_the_source_is_named() -> None:
    assert (
        shown(cut(PLAIN))
        == """\
title: Boats and boards
source: Sandhavener Bote, 3 May
p1, line 2-3: The board met on Tuesday. It was wet.
p2, line 5-6: Skarn, 4 May. The board met again, and the boat was on the table; so to speak.
p3, line 10: # The second boat
p4, line 12-15: The second boat will be blue. Its name will be put to a vote; the vote will be put off \
until June. Nobody minds.
left out, line 8 (names the source): Source: Sandhavener Bote, 3 May
left out, line 17 (after the article): Read also: The first boat
left out, line 19 (after the article): Nobody minded that either.
"""
    )


@pytest.mark.parametrize("page", [BLOG, EXPORT, PLAIN])
@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends_make_no_difference(page: str, line_end: str) -> None:
    assert cut(page.replace("\n", line_end)) == cut(page)


@pytest.mark.parametrize("page", ["", "\n", " \r\n\t\n\f\n"])
def test_of_an_empty_page_nothing_is_cut(page: str) -> None:
    assert cut(page) == Capture(title="", passages=(), left_out=(), named_source=None)


def test_of_a_page_of_furniture_nothing_is_cut_and_all_is_told() -> None:
    assert (
        shown(cut("VK · X · Telegram\n\n12\n\n* * *\n[Home](/) [About](/about)\n"))
        == """\
title: \n\
left out, line 1 (share buttons): VK · X · Telegram
left out, line 3 (a page number): 12
left out, line 5 (a line without words): * * *
left out, line 6 (a link or picture by itself): [Home](/) [About](/about)
"""
    )


def test_a_title_alone_has_no_passage() -> None:
    assert shown(cut("# Only a title\n")) == "title: Only a title\n"


# ---- choices made by hand ----------------------------------------------------------------------


def test_lines_are_left_out_by_hand() -> None:
    assert (
        shown(cut("# T\n\nOne.\nTwo.\n\nThree.\n\nFour.\n", leave_out=spans("4", "6-7")))
        == """\
title: T
p1, line 3: One.
p2, line 8: Four.
left out, line 4 (left out by hand): Two.
left out, line 6 (left out by hand): Three.
left out, line 7 (left out by hand): \n\
"""
    )


def test_lines_that_look_like_furniture_are_kept_by_hand() -> None:
    page = """\
Preface, of the same hand.

# T

By the sea there is no road

1991

Source: the sea

Related matters!

The end.
"""
    assert (
        shown(cut(page))
        == """\
title: T
source: the sea
p1, line 11: Related matters!
p2, line 13: The end.
left out, line 1 (before the title): Preface, of the same hand.
left out, line 5 (the byline): By the sea there is no road
left out, line 7 (a page number): 1991
left out, line 9 (names the source): Source: the sea
"""
    )
    assert (
        shown(cut(page, keep=spans("1", "5-11")))
        == """\
title: T
p1, line 1: Preface, of the same hand.
p2, line 5: # By the sea there is no road
p3, line 7: # 1991
p4, line 9: # Source: the sea
p5, line 11: Related matters!
p6, line 13: The end.
"""
    )


def test_a_paragraph_is_kept_if_any_line_of_it_is() -> None:
    page = "# T\n\nOne.\n\nSee also\nthe map\n\nTwo.\n"
    assert [passage.text for passage in cut(page).passages] == ["One."]
    for line in "5", "6", "5-6":
        assert [p.text for p in cut(page, keep=spans(line)).passages] == ["One.", "See also the map", "Two."]


def test_to_leave_out_is_stronger_than_to_keep() -> None:
    capture = cut("# T\n\nOne.\n\n12\n", leave_out=spans("5"), keep=spans("5"))
    assert [passage.text for passage in capture.passages] == ["One."]


def test_lines_are_numbered_as_an_editor_numbers_them() -> None:
    # A form feed, a line separator and a next-line character end no line of an editor's.
    page = "# T\n\nOne\u2028two\x85three.\n\fFour.\fFive.\n\nSix.\n"
    assert (
        shown(cut(page))
        == """\
title: T
p1, line 3: One two three.
p2, line 4: Four.
p3, line 4: Five.
p4, line 6: Six.
"""
    )


# ---- one rule at a time ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("VK", "share buttons"),
        ("Facebook Twitter E-mail Copy Link", "share buttons"),
        ("**WhatsApp** | _Viber_ | #Print", "share buttons"),
        ("![a](b.png)", "a link or picture by itself"),
        ("[a](b) [c](d)", "a link or picture by itself"),
        ("[![a](b)](c)", "a link or picture by itself"),
        ("(Click to enlarge)", "a caption of the page"),
        ("Tap to zoom", "a caption of the page"),
        ("Advertisement", "a caption of the page"),
        ("[Photo]", "a caption of the page"),
        ("7", "a page number"),
        ("- 7 -", "a page number"),
        ("[7]", "a page number"),
        ("7 / 12", "a page number"),
        ("Page 7 of 12", "a page number"),
        ("---", "a line without words"),
        ("* * *", "a line without words"),
        ("____", "a line without words"),
        ("•", "a line without words"),
    ],
)
def test_a_line_of_furniture_is_left_out_wherever_it_stands(line: str, reason: str) -> None:
    assert (
        shown(cut(f"# T\nOne.\n\nTwo half\n{line}\n\nof one.\n\n{line}\n\nEnd.\n"))
        == f"""\
title: T
p1, line 2: One.
p2, line 4-7: Two half of one.
p3, line 11: End.
left out, line 5 ({reason}): {line}
left out, line 9 ({reason}): {line}
"""
    )


@pytest.mark.parametrize(
    "line",
    [
        "2023.",
        "16%",
        "$16",
        "5,000",
        "12:30",
        "images.",
        "X marks it.",
        "like this",
        "[a](b) is it.",
        "1.",
        "2nd",
    ],
)
def test_the_last_line_of_a_paragraph_is_no_furniture(line: str) -> None:
    text = line.replace("[a](b)", "a")
    assert cut(f"# T\nOne.\n\nIt was lost in\n{line}\n").passages[1].text == f"It was lost in {text}"


@pytest.mark.parametrize(
    ("broken", "joined"),
    [
        ("prom-\nised", "promised"),
        ("prom\u00ad\nised", "promised"),
        ("prom‐\nised", "promised"),
        ("élé-\nphant é-\ntait", "éléphant était"),
        ("Skarn-\nLongholm", "Skarn-Longholm"),
        ("1931-\n1935", "1931-1935"),
        ("COVID-\n19", "COVID-19"),
        ("1930-\nera", "1930-era"),
        ("one -\ntwo", "one - two"),
        ("one –\ntwo", "one – two"),
    ],
)
def test_words_broken_over_two_lines_are_joined(broken: str, joined: str) -> None:
    assert cut(f"# T\n\nIt was {broken}.\n").passages[0].text == f"It was {joined}."


@pytest.mark.parametrize(
    ("first", "second", "passages"),
    [
        ("The board", "met.", ["The board met."]),
        ("The inspec-", "tor came.", ["The inspector came."]),
        ("“The board,”", "they said.", ["“The board,” they said."]),
        ("The board met.", "it was wet.", ["The board met.", "it was wet."]),
        ("The board met.”", "it was wet.", ["The board met.”", "it was wet."]),
        ("The board met…", "it was wet.", ["The board met…", "it was wet."]),
        ("There were two:", "one and the other.", ["There were two:", "one and the other."]),
        ("There was one;", "and another.", ["There was one;", "and another."]),
        ("The board", "Met again.", ["The board", "Met again."]),
        ("## The board", "met.", ["The board", "met."]),
        ("The board", "## met", ["The board", "met"]),
    ],
)
def test_a_paragraph_split_by_a_page_is_joined_where_it_goes_on(
    first: str, second: str, passages: list[str]
) -> None:
    capture = cut(f"# T\n\nOne.\n\n{first}\n\n3\n\n{second}\n")
    assert [passage.text for passage in capture.passages] == ["One.", *passages]


@pytest.mark.parametrize(
    ("block", "text", "heading"),
    [
        ("## The board", "The board", True),
        ("###### The board. ##", "The board.", True),
        ("The board", "The board", True),
        ("**The board**", "The board", True),
        ("__The board__", "The board", True),
        ("The board (1887)", "The board (1887)", True),
        ("The board.", "The board.", False),
        ("“Why?”", "“Why?”", False),
        ("These three:", "These three:", False),
        ("The board " * 12 + "x", "The board " * 12 + "x", False),
        ("#hashtag of the day", "#hashtag of the day", True),
        ("## 1991", "1991", True),
        ("## By land", "By land", True),
    ],
)
def test_a_heading_has_hashes_or_is_short_and_no_sentence(block: str, text: str, heading: bool) -> None:
    (_, passage) = cut(f"# T\n\nOne.\n\n{block}\n").passages
    assert (passage.text, passage.heading) == (text, heading)


def test_text_right_below_a_heading_is_no_part_of_it() -> None:
    assert (
        shown(cut("# T\nOne\nand two.\n## H\nThree.\n### I\n"))
        == """\
title: T
p1, line 2-3: One and two.
p2, line 4: # H
p3, line 5: Three.
p4, line 6: # I
"""
    )


@pytest.mark.parametrize(
    ("page", "title", "first"),
    [
        ("A title\n\nOne.\n", "A title", "One."),
        ("A title\nOne.\n", "A title", "One."),
        ("A title over\ntwo lines\n\nOne.\n", "A title over two lines", "One."),
        ("What now?\nAnd then.\n\nOne.\n", "What now? And then.", "One."),
        ("A menu\n\n# A title\n\nOne.\n", "A title", "One."),
        ("A menu.\n\n## No title\n\nOne.\n", "A menu.", "No title"),
    ],
)
def test_the_title_is_what_is_marked_as_one_or_else_comes_first(page: str, title: str, first: str) -> None:
    capture = cut(page)
    assert (capture.title, capture.passages[0].text) == (title, first)


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("Source: Sandhavener Bote", "Sandhavener Bote"),
        ("(Source: https://bote.example)", "https://bote.example)"),
        ("Quelle: dpa", "dpa"),
        ("Источник: ТАСС", "ТАСС"),
        ("SOURCE : the Bote.", "the Bote."),
    ],
)
def test_a_line_that_names_the_source_is_told_and_left_out(line: str, source: str) -> None:
    capture = cut(f"# T\n\nOne.\n\n{line}\n\nSource: another\n")
    assert capture.named_source == source
    assert [(left.text, left.reason) for left in capture.left_out] == [
        (line, "names the source"),
        ("Source: another", "names the source"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        *("Read also", "Read more:", "See also: the map", "Related articles", "More from Skarn", "Most read"),
        *(
            "You may also like",
            "Recommended",
            "Leave a comment",
            "Comments (12)",
            "**Comments**",
            "2 comments",
        ),
        *("Subscribe to our newsletter!", "About the author", "Tags: boats, boards", "Share this"),
    ],
)
def test_from_such_a_line_on_the_page_is_about_other_things(line: str) -> None:
    capture = cut(f"# T\n\nOne.\n\n{line}\n\nTwo, which is long enough to be a sentence of the article.\n")
    assert [passage.text for passage in capture.passages] == ["One."]
    assert [left.reason for left in capture.left_out] == ["after the article"] * 2


@pytest.mark.parametrize("line", ["More from Skarn", "See also: the map"])
def test_before_the_first_sentence_such_a_line_ends_nothing(line: str) -> None:
    capture = cut(f"# T\n\n{line}\n\nOne.\n")
    assert [passage.text for passage in capture.passages] == ["One."]
    assert [left.reason for left in capture.left_out] == ["between the title and the first sentence"]


# ---- properties --------------------------------------------------------------------------------

LINES = st.sampled_from(
    [
        *("", "", "", "# A", "## B", "One two", "three four.", "Five six.", "seven", "12", "VK X", "---"),
        *(
            "By Ada Brook",
            "Source: the Bote",
            "Read also",
            "Comments",
            "![a](b)",
            "“Q?”",
            "a:",
            "x;",
            "\f",
            "**S**",
        ),
    ]
)


@settings(REPRODUCIBLE, max_examples=500)
@given(st.lists(LINES, max_size=25))
def test_every_line_is_in_a_passage_or_left_out_or_the_title(lines: list[str]) -> None:
    capture = cut("\n".join(lines))
    passages = {n for p in capture.passages for n in range(p.lines.first, p.lines.last + 1)}
    left = {n for item in capture.left_out for n in range(item.lines.first, item.lines.last + 1)}
    others = [line for n, line in enumerate(lines, 1) if n not in passages and n not in left]
    assert folded(" ".join(others)) == folded(capture.title)


@settings(REPRODUCIBLE, max_examples=500)
@given(st.lists(LINES, max_size=25).map("\n".join) | st.text(max_size=200))
def test_passages_are_numbered_have_one_line_of_text_and_stand_in_order(page: str) -> None:
    capture = cut(page)
    assert [passage.id for passage in capture.passages] == [
        f"p{n}" for n in range(1, len(capture.passages) + 1)
    ]
    assert all(p.text == " ".join(p.text.split()) and p.text for p in capture.passages)
    firsts = [passage.lines.first for passage in capture.passages]
    assert firsts == sorted(firsts)
    assert all(p.lines.first <= p.lines.last for p in capture.passages)


@settings(REPRODUCIBLE, max_examples=300)
@given(st.lists(LINES, max_size=15), st.integers(1, 15))
def test_what_is_left_out_by_hand_is_in_no_passage(lines: list[str], number: int) -> None:
    capture = cut("\n".join(lines), leave_out=[LineSpan(number, number)])
    blank = [*lines]
    if number <= len(lines):
        blank[number - 1] = ""
    assert [p.text for p in capture.passages] == [p.text for p in cut("\n".join(blank)).passages]
