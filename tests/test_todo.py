"""`wiki todo`: what is left to do, each with its place and the next step."""

from __future__ import annotations

import json

import pytest

from build_tools.problems import Location
from build_tools.todo import Task, Work, as_text, todo
from tests.conftest import MakeWiki, Run
from tests.islands import PROJECT, Wiki

ROCK = "entities/islands/gull-rock.yml"
PASSAGES = "seeds/courier-2024/passages.yml"


def tasks(wiki: Wiki, work: Work) -> list[tuple[str, str]]:
    """Place and message of the tasks of a kind."""
    checked = wiki.checked()
    assert checked.wiki is not None
    return [(str(t.at), t.message) for t in todo(checked.wiki, checked.problems) if t.work is work]


def test_the_example_has_this_to_do(wiki: MakeWiki, run: Run) -> None:
    code, out, err = run("--root", wiki().root, "todo")
    assert (code, err) == (0, "")
    assert out == (
        "5 summaries to write\n"
        "  entities/organisations/longholm-courier.yml:1:1: The Longholm Courier\n"
        "      say what it is in a sentence or two under `summary:`, with cites\n"
        "  entities/organisations/sandhavener-bote.yml:1:1: Sandhavener Bote\n"
        "      say what it is in a sentence or two under `summary:`, with cites\n"
        "  entities/organisations/skarn-ferries.yml:1:1: Skarn Ferries\n"
        "      say what it is in a sentence or two under `summary:`, with cites\n"
        "  entities/people/ada-brook.yml:1:1: Ada Brook\n"
        "      say what it is in a sentence or two under `summary:`, with cites\n"
        "  entities/people/ismail-caglayan.yml:1:1: İsmail Çağlayan\n"
        "      say what it is in a sentence or two under `summary:`, with cites\n"
        "1 cite that is not checked\n"
        "  entities/islands/great-skarn.yml:21:13: `release-2023` is not held, and this claim has no other: "
        "Skarn Ferries wrote that it had ordered a ship.\n"
        "      cite a passage of a source that is held, too; or, with this one's text, put its record aside, "
        "make it anew, and copy it back in: `wiki seed add FILE --id release-2023`\n"
        "1 passage said to carry nothing\n"
        "  seeds/courier-2024/passages.yml:6:1: courier-2024#p6: The council kept silent.\n"
        "      look whether that is still so (“Silence asserts nothing.”); if not, cite it and delete `unused`\n"
        "7 things to do\n"
    )


@pytest.mark.parametrize(
    ("old", "new", "work", "found"),
    [
        ("unused: Silence asserts nothing.", "", Work.PASSAGE, [(f"{PASSAGES}:6:1", "courier-2024#p6: The council kept silent.")]),
        ("gist: The council kept silent.,", "gist: ,", Work.GIST, [(f"{PASSAGES}:6:1", "courier-2024#p6")]),
        ("gist: The council kept silent., ", "", Work.GIST, [(f"{PASSAGES}:6:1", "courier-2024#p6")]),
        ("unused: Silence asserts nothing.", "unuse: Silence.", Work.ERROR, [(f"{PASSAGES}:6:50", "[unknown-key] `unuse` is not a key here")]),
    ],
)  # fmt: skip
def test_a_passage_wants_a_gist_and_a_claim(
    old: str, new: str, work: Work, found: list[tuple[str, str]], wiki: MakeWiki
) -> None:
    here = wiki().change(PASSAGES, old, new)
    assert tasks(here, work) == found
    if work is Work.GIST:
        assert tasks(here, Work.ERROR) == [], "to write a gist is no mistake to mend"
        assert tasks(here, Work.UNUSED) == [], "and first things first"


def test_a_heading_that_nothing_rests_on_is_nothing_to_do(wiki: MakeWiki) -> None:
    assert not [message for _, message in tasks(wiki(), Work.UNUSED) if "#p3" in message]


def test_a_question_wants_a_preference(wiki: MakeWiki) -> None:
    rock = (
        "name: Gull Rock\nclaims:\n"
        "  - {id: a, text: It burned in March 2013., question: when, cites: [courier-2024#p5]}\n"
        "  - {id: b, text: It burned in the winter., question: when, cites: [bote-2023#p2]}\n"
        "questions:\n  - {id: when, text: When did it burn?}\n"
    )
    here = wiki({ROCK: rock})
    assert tasks(here, Work.QUESTION) == [(f"{ROCK}:6:5", "Gull Rock: When did it burn?")]
    here.change(ROCK, "burn?}", "burn?, prefer: a, reason: It names the month.}")
    assert tasks(here, Work.QUESTION) == []


def test_a_cite_beside_one_that_is_checked_is_not_said_to_be_alone(wiki: MakeWiki) -> None:
    rock = "name: Gull Rock\nclaims:\n  - {id: a, text: A ship., cites: [courier-2024#p1, release-2023]}\n"
    place, message = tasks(wiki({ROCK: rock}), Work.CITE)[1]
    assert (place, message) == (f"{ROCK}:3:53", "`release-2023` is not held: A ship.")


def test_warnings_are_to_be_looked_at_unless_they_are_set_aside(wiki: MakeWiki) -> None:
    here = wiki({ROCK: "name: Gull Rock\nsummary: {text: A rock., cites: [courier-2024#p1]}\n"})
    here.put({"entities/islands/stone.yml": "name: Stone\n"})
    ((place, message),) = tasks(here, Work.WARNING)
    assert (place, message.split("]")[0]) == ("entities/islands/stone.yml:1:1", "[orphan")
    here.put(
        {"waivers.yml": "waivers: [{code: orphan, path: entities/islands/stone.yml, reason: To come.}]\n"}
    )
    assert tasks(here, Work.WARNING) == []


def test_of_a_broken_wiki_errors_come_first_and_what_may_be_there_is_not_missed(
    wiki: MakeWiki, run: Run
) -> None:
    here = wiki({ROCK: "name: Gull Rock\nsummary: [\n"})
    code, out, _ = run("--root", here.root, "todo")
    assert code == 0
    assert out.startswith(f"1 error to mend\n  {ROCK}:")
    assert not [place for place, _ in tasks(here, Work.SUMMARY) if ROCK in place]
    here.delete("wiki.yml")
    code, out, _ = run("--root", here.root, "todo")
    assert (code, "[missing-file]" in out) == (1, True)


def test_programs_get_json_in_the_same_order(wiki: MakeWiki, run: Run) -> None:
    root = wiki().root
    code, out, _ = run("--root", root, "todo", "--format", "json")
    rows = json.loads(out)
    assert code == 0
    assert [row["work"] for row in rows] == ["summary"] * 5 + ["cite", "unused"]
    assert rows[0] == {
        "work": "summary",
        "path": "entities/organisations/longholm-courier.yml",
        "line": 1,
        "column": 1,
        "message": "The Longholm Courier",
        "step": "say what it is in a sentence or two under `summary:`, with cites",
    }


def test_where_nothing_is_left_to_do_that_is_said(wiki: MakeWiki, run: Run) -> None:
    here = wiki().delete("entities", "seeds").change("wiki.yml", "[[great-skarn]]", "Great Skarn")
    assert run("--root", here.root, "todo") == (0, "nothing to do\n", "")


def test_what_a_record_says_starts_no_line_of_its_own() -> None:
    task = Task(Work.QUESTION, Location("a.yml"), "A\n\x1b[31mforged", "b\u202ec")
    assert as_text([task]).splitlines() == [
        "1 question without a preference",
        "  a.yml:1:1: A\\n\\x1b[31mforged",
        "      b\\u202ec",
    ]


def test_the_projects_own_list_names_places_that_are_there(run: Run) -> None:
    code, out, _ = run("--root", PROJECT, "todo", "--format", "json")
    assert code == 0
    for row in json.loads(out):
        lines = (PROJECT / row["path"]).read_text(encoding="utf-8").splitlines()
        assert 0 < row["column"] <= len(lines[row["line"] - 1]) + 1
        assert row["step"]
