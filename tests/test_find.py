"""`wiki cite`: a pasted fragment, or a fact in one's own words, leads to its passage."""

from __future__ import annotations

from pathlib import Path

import pytest

from build_tools.cli import main
from build_tools.find import find_passages
from tests.conftest import MakeWiki
from tests.islands import Wiki


def cites(wiki: Wiki, text: str) -> list[tuple[str, str]]:
    checked = wiki.checked()
    assert checked.wiki is not None
    return [(item.cite, item.why) for item in find_passages(checked.wiki, text)]


SPOKEN = "for a boat that does not stop for fog"


def test_a_fragment_of_the_source_gives_its_words_and_no_other_passage(wiki: MakeWiki) -> None:
    assert cites(wiki(), SPOKEN) == [("courier-2024#p2:6-14", "has these words")]
    named = "moorings off Great Skarn in March 2013"  # and others name the island too
    assert cites(wiki(), named) == [("courier-2024#p5:10-16", "has these words")]


def test_a_short_fragment_gets_the_words_around_it_where_the_text_is_at_hand(wiki: MakeWiki) -> None:
    assert cites(wiki(), "a boat that does not") == [("courier-2024#p2:7-11", "has these words")]
    assert cites(wiki().attach("courier-2024"), "stop for fog") == [
        (
            '{seed: courier-2024, passage: p2, span: 12-14, quote: "stop for fog", prefix: "does not", '
            'suffix: "the harbour-master"}',
            "has these words",
        )
    ]


def test_what_is_printed_can_be_pasted(wiki: MakeWiki, capsys: pytest.CaptureFixture[str]) -> None:
    here = wiki().attach("courier-2024")
    assert main(["--root", str(here.root), "cite", "the insurers at 750,000"]) == 0
    printed = capsys.readouterr().out.split("    ")[0]
    here.put(
        {
            "entities/events/loss.yml": "name: The loss of the ship\nclaims:\n  - id: loss\n"
            f"    text: The insurers reckon with 750,000.\n    {printed}\n"
        }
    )
    assert here.problems() == ""


@pytest.mark.parametrize(
    ("fact", "first"),
    [
        ("The insurers value the loss at 750,000 crowns", ("courier-2024#p5:29-29", "has these figures")),
        ("a ship for 3.2 million", ("courier-2024#p4:4-5", "has these figures")),
        ("from 120 to 14", ("courier-2024#p1:32-35", "has these figures")),
        ("Kapitän Çağlayan und der Brand", ("bote-2023#p2", "looks alike")),
        ("The harbour-master is glad", ("courier-2024#p2", "looks alike")),
    ],
)
def test_a_fact_in_other_words_leads_to_the_passage_and_its_figures(
    fact: str, first: tuple[str, str], wiki: MakeWiki
) -> None:
    assert cites(wiki(), fact)[0] == first


@pytest.mark.parametrize("text", ["", "…", "?!", "[ ]", "zebra xylophone"])
def test_what_nothing_is_like_finds_nothing(
    text: str, wiki: MakeWiki, capsys: pytest.CaptureFixture[str]
) -> None:
    here = wiki()
    assert cites(here, text) == []
    assert main(["--root", str(here.root), "cite", text]) == 1
    assert capsys.readouterr().err == "no passage has these words or looks alike\n"


def test_however_long_the_text_is_there_are_five_answers_at_most(wiki: MakeWiki) -> None:
    assert 0 < len(cites(wiki(), "the ferry of Great Skarn in 2024 and 1987 " * 250)) <= 5


def test_the_file_of_a_wiki_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    assert main(["--root", str(tmp_path), "cite", "a"]) == 1
