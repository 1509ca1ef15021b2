"""Warnings set aside, each with its reason; errors never, and no waiver longer than it is needed."""

from __future__ import annotations

import json

import pytest

from build_tools.cli import main
from tests.conftest import MakeWiki
from tests.islands import Wiki

ROCK = "entities/islands/gull-rock.yml"
CLAIM = "  - {{id: {0}, text: All of it is {0}., cites: [courier-2024#p1]}}\n"
TWO = "name: Gull Rock\nclaims:\n" + CLAIM.format("green") + CLAIM.format("old")


def waiver(of: str = "", code: str = "broad-claim", path: str = ROCK) -> str:
    more = f", of: {of}" if of else ""
    return f"  - {{code: {code}, path: {path}{more}, reason: It is.}}\n"


def laid(wiki: MakeWiki, *waivers: str, rock: str = TWO) -> Wiki:
    return wiki({ROCK: rock, "waivers.yml": "waivers:\n" + "".join(waivers)})


def said(wiki: Wiki) -> list[str]:
    return [line for line in wiki.problems().splitlines() if not line.startswith(" ")]


def test_a_waiver_sets_aside_what_it_names_and_no_more(wiki: MakeWiki) -> None:
    assert said(laid(wiki, waiver("green"))) == [
        f"{ROCK}:4:21: [broad-claim] warning: “all” says more than courier-2024#p1, where no such word stands"
    ]
    assert said(laid(wiki, waiver("green"), waiver("old"))) == []
    assert said(laid(wiki, waiver())) == []


def test_a_waiver_that_names_nothing_is_an_error_at_its_place(wiki: MakeWiki) -> None:
    found = said(laid(wiki, waiver(), waiver("gone"), waiver(path="entities/islands/gull-rocks.yml")))
    assert found == [
        f"waivers.yml:3:67: [needless-waiver] it sets nothing aside: there is no `broad-claim` at {ROCK}, `gone`",
        "waivers.yml:4:31: [needless-waiver] it sets nothing aside: there is no record entities/islands/gull-rocks.yml",
    ]


def test_while_an_error_stands_no_waiver_is_called_needless(wiki: MakeWiki) -> None:
    broken = TWO + "  - {id: bare, text: It is bare.}\n"
    found = said(laid(wiki, waiver("green"), waiver("gone"), rock=broken.replace("id: old", "id: Old")))
    assert [line.split(" ")[1] for line in found] == ["[bad-id]", "[broad-claim]", "[unsourced]"]


def test_no_waiver_sets_an_error_aside(wiki: MakeWiki) -> None:
    rock = "name: Gull Rock\nclaims:\n  - {id: bare, text: It is bare.}\n"
    found = said(laid(wiki, waiver(code="unsourced"), rock=rock))
    assert [line.split(" ")[1] for line in found] == ["[unsourced]", "[needless-waiver]"]


def test_what_is_set_aside_is_counted_and_is_in_no_report(
    wiki: MakeWiki, capsys: pytest.CaptureFixture[str]
) -> None:
    root = str(laid(wiki, waiver()).root)
    assert main(["--root", root, "check", "--strict"]) == 0
    assert capsys.readouterr().out == "no problems (2 set aside by waivers.yml)\n"
    assert main(["--root", root, "check", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_the_coverage_page_lists_what_is_set_aside_with_its_reason(wiki: MakeWiki) -> None:
    page = laid(wiki, waiver("green"), waiver("old")).page("coverage.md")
    assert "## Warnings set aside" in page
    assert "broad-claim" in page.replace("&#45;", "-")
    assert page.count("It is.") == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty-file"),
        ("waivers: []\n", ""),
        ("- a\n", "wrong-shape"),
        ("waivers: a\n", "wrong-shape"),
        ("waivers:\n  - {code: [}\n", "yaml-syntax"),
        ("waivers:\n" + "#" * 1_000_001, "file-too-big"),
        (b"waivers: \xff\n", "not-utf8"),
    ],
)
def test_a_file_of_waivers_that_is_none_is_one_problem(text: str | bytes, code: str, wiki: MakeWiki) -> None:
    found = wiki({"waivers.yml": text}).compiled().problems
    assert [problem.code.text for problem in found] == [code] * bool(code)
    assert all(problem.at.path == "waivers.yml" for problem in found)


def test_a_link_is_no_file_of_waivers(wiki: MakeWiki) -> None:
    here = wiki({"elsewhere.yml": "waivers: []\n"})
    (here.root / "waivers.yml").symlink_to("elsewhere.yml")
    assert said(here) == ["waivers.yml:1:1: [symlink] this is a symbolic link"]
