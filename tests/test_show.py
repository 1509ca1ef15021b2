"""`wiki show`: what it says of an entity, a source, a statement, a passage, and that nothing breaks it.

tests/example_terminal has the pages of the example wiki; `pytest --update-golden` writes them anew.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build_tools.compiler import check_wiki
from build_tools.load import load
from build_tools.terminal_page import Line, laid_out, page_of
from tests.conftest import MakeWiki, Run
from tests.islands import TESTS, Wiki, diff, lay_out
from tests.test_cases import all_cases, lay_over

GOLDEN = TESTS / "example_terminal"
ROCK = "entities/islands/gull-rock.yml"
# One of each error that leaves something to be shown: what is not there, and what does not fit.
CASES = {
    code: case
    for case in all_cases()
    if (code := case.partition("/")[0]).startswith(("unknown-", "wrong-", "missing-", "bad-", "unexpected-"))
}
SHOWN = {
    "great-skarn": "great-skarn",
    "skarn-ferries": "skarn-ferries",
    "ada-brook": "ada-brook",
    "courier-2024": "courier-2024",
    "bote-2023": "bote-2023",
    "release-2023": "release-2023",
    "quotation": "ismail-caglayan#only-buckets",
    "claim": "skarn-ferries#fares",
    "passage": "courier-2024#p4",
}


def shown(wiki: Wiki, wanted: str, width: int | None = None) -> str:
    """The page as text, or the problem that there is none."""
    checked = wiki.checked()
    assert checked.wiki is not None
    lines, problems = page_of(checked.wiki, wanted)
    return laid_out(lines, width=width) if not problems else f"{problems[0].message}: {problems[0].hint}"


# ---- what is shown -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(SHOWN))
def test_the_example_is_shown_as_it_was_read(name: str, wiki: MakeWiki, update_golden: bool) -> None:
    found = shown(wiki(), SHOWN[name], 80)
    file = GOLDEN / f"{name}.txt"
    if update_golden:
        GOLDEN.mkdir(exist_ok=True)
        file.write_text(found, encoding="utf-8")
    expected = file.read_text(encoding="utf-8")
    assert found == expected, "\n".join(diff(expected, found, file.name))


def test_every_golden_page_is_of_something() -> None:
    assert sorted(path.stem for path in GOLDEN.iterdir()) == sorted(SHOWN)


RICH = """\
name: Gull Rock
formerly: [gull-stone]
also:
  - {name: Möwenstein, kind: translation, language: de, cites: [courier-2024#p1], note: On old charts.}
identifiers: {register: I-014}
claims:
  - id: rock-fares
    formerly: [rock-prices]
    text: A crossing cost 16 crowns and will cost 18 crowns.
    when: 2024-06
    resolved_from: from June
    said_by: ada-brook
    said_to: longholm-courier
    via: skarn-ferries
    derived: from the two lists
    question: how-much
    series: [{when: 2023, value: 16 crowns}, {when: 2024-06, value: 18 crowns}]
    cites:
      - {seed: courier-2024, passage: p4, quote: a crossing, prefix: cost of, suffix: is now, role: disputes, note: So it says.}
  - {id: other, text: It cost less., question: how-much, cites: [release-2023]}
questions: [{id: how-much, text: How much?, prefer: other, reason: It is older.}]
relations: [{type: neighbour-of, to: longholm, when: 1987, note: Nearly., cites: [courier-2024#p1]}]
notes: [{text: Nobody lives there., about: other}]
"""


def test_whatever_a_record_says_is_shown(wiki: MakeWiki) -> None:
    here = wiki({ROCK: RICH})
    page = shown(here, "gull-rock")
    for text in (
        "gull-rock · entities/islands/gull-rock.yml:1:1 · 2 claims · 2 sources\n",
        "  also Möwenstein (translation, German)\n    note: On old charts.\n    courier-2024#p1  A second ferry",
        "  register: I-014\n",
        "\nWhere sources differ: How much?\n",
        "  rock-fares  A crossing cost 16 crowns and will cost 18 crowns.\n",
        "    said by Ada Brook · to The Longholm Courier · by way of Skarn Ferries · June 2024 (from “from June”)\n",
        "    derived: from the two lists\n    answers how-much\n    series: 16 crowns in 2023; 18 crowns in June 2024\n",
        "    courier-2024#p4 (disputes)  What the ship and a crossing cost",
        "      “a crossing” · after “cost of” · before “is now”\n      note: So it says.\n",
        "    release-2023 [not checked]  A release about a ship on order\n",
        "  the editors prefer other: It is older.\n",
        "  is a neighbour of Longholm (longholm) · 1987\n    note: Nearly.\n",
        "  Nobody lives there. (on other)\n",
    ):
        assert text in page
    assert "is a neighbour of Gull Rock (gull-rock) · 1987 · stated there\n" in shown(here, "longholm")
    one = shown(here, "gull-rock#other")
    assert one.startswith("Gull Rock: claim other\nentities/islands/gull-rock.yml:20:5\n\nIt cost less.\n")
    assert "\nEditors' notes\n  Nobody lives there.\n" in one
    assert "[against the seal]" in shown(here, "gull-rock#rock-fares")
    question = shown(here, "gull-rock#how-much")
    assert question.startswith("Gull Rock: question how-much\n")
    assert "rock-fares  " in question
    assert "other  " in question


def test_the_words_of_a_passage_are_shown_where_they_are_at_hand(wiki: MakeWiki) -> None:
    here = wiki()
    assert "Its words" not in shown(here, "courier-2024#p2")
    page = shown(here.attach("courier-2024"), "courier-2024#p2")
    assert "\nIts words, attached on this machine\n  " in page
    assert "We have waited eleven years" in page


# ---- what it may be called ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "first"),
    [
        ("ada-brook", "Ada Brook · Person"),
        ("ada brook", "Ada Brook · Person"),
        ("Captain  Çağlayan", "İsmail Çağlayan · Person"),
        ("gull-stone", "Gull Rock · Island"),
        ("Möwenstein", "Gull Rock · Island"),
        ("Möwenstein#rock-prices", "Gull Rock: claim rock-fares"),
        ("Courier 2024", "Skarn gets a second ferry · Source"),
        ("Courier 2024#p1", "Skarn gets a second ferry: p1"),
    ],
)
def test_what_has_several_names_is_found_by_each(wanted: str, first: str, wiki: MakeWiki) -> None:
    assert shown(wiki({ROCK: RICH}), wanted).splitlines()[0] == first


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("ada-brok", "nothing is called `ada-brok`: did you mean `ada-brook`?"),
        ("Great Skran", "nothing is called `Great Skran`: did you mean `great skarn`?"),
        ("zzz", "nothing is called `zzz`: give the id or a name of an entity, or a seed; `wiki cite \"…\"` finds passages by words"),
        ("#p3", "nothing is called `#p3`: give the id"),
        ("", "nothing is called ``: give the id"),
        ("courier-2023#p1", "nothing is called `courier-2023`: did you mean `courier-2024`?"),
        ("courier-2024#p7", "`courier-2024` has no passage `p7`: its passages are p1 to p6"),
        ("courier-2024#", "`courier-2024` has no passage ``: its passages are p1 to p6"),
        ("release-2023#p1", "`release-2023` has no passage `p1`: it has no passages here"),
        ("ada-brook#eleven-year", "`ada-brook` has no claim, quote or question `eleven-year`: did you mean `eleven-years`?"),
        ("longholm#x", "`longholm` has no claim, quote or question `x`: it has none"),
    ],
)  # fmt: skip
def test_what_is_not_there_gets_the_nearest(wanted: str, said: str, wiki: MakeWiki) -> None:
    assert shown(wiki(), wanted).startswith(said)


# ---- on the terminal ---------------------------------------------------------------------------


@settings(derandomize=True, deadline=None, max_examples=60)
@given(
    st.text(st.characters(blacklist_categories=["Cs"]), max_size=120), st.integers(24, 60), st.integers(0, 2)
)
def test_no_line_is_wider_than_the_terminal(text: str, width: int, depth: int) -> None:
    for row in laid_out([Line(text, depth)], width=width).splitlines():
        wide = sum(unicodedata.east_asian_width(c) in "WF" for c in row if not unicodedata.combining(c))
        narrow = sum(
            not unicodedata.combining(c) for c in row if unicodedata.category(c) not in ("Mn", "Me", "Cf")
        )
        assert wide + narrow <= width, row


def test_wide_letters_take_two_columns_and_marks_none() -> None:
    rows = laid_out([Line("渡船" * 14)], width=24).splitlines()
    assert [len(row.strip()) for row in rows] == [12, 10, 6]
    assert laid_out([Line("e\u0301" * 24)], width=24) == "e\u0301" * 24 + "\n"


def test_what_a_record_says_can_send_the_terminal_nothing() -> None:
    text = laid_out([Line("a\x1b[31m\nforged \u202e\x07 b", heading=True)], width=40, bold=True)
    assert text == "\x1b[1ma\\x1b[31m\\nforged \\u202e\\x07 b\x1b[0m\n"


def test_a_pipe_gets_long_lines_and_no_colours_and_a_terminal_what_it_can_show(
    wiki: MakeWiki, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = wiki().root
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    code, piped, err = run("--root", root, "show", "skarn-ferries")
    assert (code, err) == (0, "")
    assert max(map(len, piped.splitlines())) > 80
    assert "\x1b" not in piped
    monkeypatch.setenv("COLUMNS", "40")
    assert max(map(len, run("--root", root, "show", "skarn-ferries")[1].splitlines())) <= 40
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert run("--root", root, "show", "skarn-ferries")[1].startswith(
        "\x1b[1mSkarn Ferries · Organisation\x1b[0m\n"
    )
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in run("--root", root, "show", "skarn-ferries")[1]


# ---- of a broken wiki --------------------------------------------------------------------------


def test_of_a_broken_wiki_what_is_sound_is_shown(wiki: MakeWiki, run: Run) -> None:
    root = wiki({ROCK: "name: [\n"}).root
    code, out, err = run("--root", root, "show", "longholm")
    assert code == 0
    assert out.startswith("Longholm · Island\n")
    assert err == "the wiki has 1 error: see `wiki check`\n"
    code, out, _ = run("--root", root, "show", "gull-rock")
    assert (code, out.splitlines()[0]) == (0, "gull-rock · Island")
    code, out, _ = run("--root", root, "show", "gull-rok")
    assert (code, out) == (
        1,
        "ID:1:1: [unknown-term] nothing is called `gull-rok`\n    did you mean `gull-rock`?\n1 error\n",
    )
    (root / "wiki.yml").unlink()
    code, out, _ = run("--root", root, "show", "longholm")
    assert code == 1
    assert "[missing-file]" in out


def test_no_case_of_a_problem_breaks_a_page(tmp_path: Path) -> None:
    for code, case in CASES.items():
        here = lay_out(tmp_path / code)
        lay_over(here, case)
        checked = check_wiki(*load(here.root))
        if checked.wiki is not None:
            linked = checked.wiki.linked
            for id_ in (*linked.entities, *linked.seeds):
                lines, _ = page_of(checked.wiki, id_)
                laid_out(lines, width=80)


def test_an_entity_in_a_folder_of_no_kind_has_no_page(wiki: MakeWiki) -> None:
    here = wiki({"entities/rocks/gull-rock.yml": "name: Gull Rock\n"})
    assert (
        shown(here, "gull-rock")
        == "no kind of entity has the folder `rocks`: move the file: see `wiki check`"
    )
