"""The page of a source: spans as bars and pieces of text, how much is used, the chain, links to the original."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import unquote

import pytest

from build_tools.cite import Checked, CitedWiki
from build_tools.cli import main
from build_tools.coverage import coverage
from build_tools.languages import language_name
from build_tools.memory import Memory
from build_tools.pages.annotated import (
    LANES,
    MOST_COPIES,
    MOST_ELSEWHERE,
    Annotated,
    Piece,
    SeedView,
    fragment_of,
    in_lanes,
    pieces_of,
    time_between,
)
from build_tools.text import word_places, words
from tests.conftest import MakeWiki
from tests.islands import Wiki, article

ROCK = "entities/islands/gull-rock.yml"
COURIER = "seeds/courier-2024"


def cited(here: Wiki) -> CitedWiki:
    found = here.compiled().wiki
    assert found is not None
    return found


def view(here: Wiki, seed: str, *, preview: bool = False) -> SeedView:
    wiki = cited(here)
    return Annotated(wiki, coverage(wiki), Memory(), preview=preview).seed(wiki.linked.seeds[seed])


def keep(here: Wiki) -> Wiki:
    """The Courier's text may be published, and is kept."""
    here.change(f"{COURIER}/seed.yml", "status: all-rights-reserved,", "status: licensed, publish: full,")
    return here.put({f"{COURIER}/text.md": article("courier-2024")})


def claims(*cites: str) -> dict[str, str | bytes]:
    lines = [f"  - {{id: c{i}, text: People live there., cites: [{cite}]}}\n" for i, cite in enumerate(cites)]
    return {ROCK: "name: Gull Rock\nclaims:\n" + "".join(lines)}


# ---- words and where they stand ------------------------------------------------------------------

TEXTS = {
    "plain": "The ferry is late, again.",
    "figures with signs": "It cost $ 16 (or 5 %), US$16, -3 °C; 1,200.5 in 2024/25.",
    "thin spaces in figures": "Some 1\u202f000\u202f000 crowns and 2\u00a0500 more.",
    "fractions and powers": "2½ hours, 10 km² and a ⅓ of it.",
    "ligatures and widths": "The of\ufb01ce of \uff21\uff22\uff23 opened.",
    "combining marks": "Ka\u0308pt\u0308n I\u0307smail C\u0327ag\u0306layan said so.",
    "precomposed after spaces": "a \u0301 b e\u0301 c",
    "right to left": "مدينة الهدف قال 12 שלום עולם.",
    "character references": "Smith &amp; Sons&nbsp;Ltd said &#8220;no&#8221;, AT&T too.",
    "soft hyphens and joiners": "co\u00adoperation of می\u200cخواهم people",
    "emoji": "A 🏝️ with 👩‍👩‍👧 and 🐙.",
    "hangul in jamo": "\u1112\u1161\u11ab\u1100\u1173\u11af is written so",
    "no spaces": "字" * 300 + "。" + "w" * 300,
    "nothing": "",
    "blanks": "  two   words  ",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_every_word_has_its_place_in_the_text_as_written(text: str) -> None:
    places = word_places(text)
    found = words(text)
    assert len(places) == len(found)
    for (begin, end), word in zip(places, found, strict=True):
        assert 0 <= begin < end <= len(text)
        assert word.folded in {each.folded for each in words(text[begin:end])}
    assert list(places) == sorted(places)


def test_a_word_is_where_it_is_to_the_character() -> None:
    text = "“The  Ka\u0308pt’n, at last!” he said."
    assert [text[begin:end] for begin, end in word_places(text)] == [
        "The", "Ka\u0308pt’n", "at", "last", "he", "said",
    ]  # fmt: skip


RUNS = {
    "none": (),
    "one word": ((2, 2),),
    "all": ((1, 6),),
    "apart": ((1, 2), (5, 6)),
    "touching": ((1, 2), (3, 4)),
    "overlapping": ((1, 4), (3, 6)),
    "one in the other": ((1, 6), (2, 3), (5, 5)),
    "beyond the text": ((5, 9), (0, 1), (3, 2)),
}


@pytest.mark.parametrize("runs", RUNS.values(), ids=RUNS.keys())
@pytest.mark.parametrize(
    "text",
    ["“One two, three; four-five six seven!”", "א ב ג ד ה ו", "Ka\u0308 e\u0301 x̧ y 🏝️ z a b", "a b c d e f"],
)
def test_pieces_are_the_text_and_mark_the_words_of_the_runs(
    text: str, runs: tuple[tuple[int, int], ...]
) -> None:
    found = tuple(pieces_of(text, runs))
    assert "".join(piece.text for piece in found) == text
    places = word_places(text)
    within = [run for run in runs if 1 <= run[0] <= run[1] <= len(places)]
    marked = {word for piece in found if piece.run for word in range(piece.run[0], piece.run[1] + 1)}
    assert marked == {word for first, last in within for word in range(first, last + 1)}
    at = 0
    for piece in found:
        if piece.run:
            assert at <= places[piece.run[0] - 1][0]
            assert places[piece.run[1] - 1][1] <= at + len(piece.text)
            for first, last in within:  # a run has all of a piece, or nothing of it
                both = set(range(first, last + 1)) & set(range(piece.run[0], piece.run[1] + 1))
                assert not both or first <= piece.run[0] <= piece.run[1] <= last
        at += len(piece.text)


def test_what_stands_between_two_words_is_marked_where_one_run_has_both() -> None:
    assert tuple(pieces_of("a, b, c, d.", [(1, 3), (2, 2)])) == (
        Piece("a, ", (1, 1)), Piece("b, ", (2, 2)), Piece("c", (3, 3)), Piece(", d.", None),
    )  # fmt: skip
    assert tuple(pieces_of("a, b", [(1, 1), (2, 2)])) == (
        Piece("a", (1, 1)), Piece(", ", None), Piece("b", (2, 2)),
    )  # fmt: skip


def test_runs_that_overlap_lie_in_lanes_of_their_own_as_long_as_there_are_some() -> None:
    found = list(in_lanes({(1, 5): 1, (3, 8): 2, (6, 9): 1, (7, 7): 1}))
    assert [(each.first, each.last, each.lane) for each in found] == [
        (1, 5, 0), (3, 8, 1), (6, 9, 0), (7, 7, 2),
    ]  # fmt: skip
    assert max(each.lane for each in in_lanes({(1, last): 1 for last in range(1, 50)})) == LANES - 1


def test_a_long_passage_with_many_statements_is_cut_quickly() -> None:
    text = " ".join(f"word{i % 977}," for i in range(50_000))
    runs = [(i, i + 4_000) for i in range(1, 40_000, 40)]
    started = time.process_time()
    found = tuple(pieces_of(text, runs))
    assert "".join(piece.text for piece in found) == text
    assert len(found) <= 2 * len(runs) + 1
    assert time.process_time() - started < 5


# ---- rows and use ----------------------------------------------------------------------------------


def test_rows_stand_in_the_order_of_the_words_they_rest_on(wiki: MakeWiki) -> None:
    here = wiki(
        claims("courier-2024#p1", "courier-2024#p1:20-22", "courier-2024#p1:3-9", "courier-2024#p1:3-4")
    )
    passage = view(here, "courier-2024").passages[0]
    ours = [row for row in passage.rows if row.key.startswith("gull-rock")]
    assert [row.spans for row in ours] == ["3-4", "3-9", "20-22", ""]
    assert [row.whole for row in ours] == [False, False, False, True]
    assert [(each.first, each.last, each.lane) for each in passage.segments] == [
        (3, 4, 0), (3, 9, 1), (20, 22, 0),
    ]  # fmt: skip
    assert passage.use is not None
    assert passage.use.words_pinned == 7 + 3


def test_a_statement_names_the_other_passages_that_it_cites(wiki: MakeWiki) -> None:
    many = ", ".join(f"courier-2024#p{i}" for i in (1, 2, 4, 5))
    rows = {row.key: row for row in view(wiki(claims(many)), "courier-2024").passages[1].rows}
    assert rows["gull-rock/c0"].elsewhere == ("p1", "p4", "p5")
    assert rows["gull-rock/c0"].more == 0
    assert len(rows) == 3
    assert MOST_ELSEWHERE > 3


def test_a_quotation_stands_for_the_words_that_it_is(wiki: MakeWiki) -> None:
    passage = view(wiki(), "courier-2024").passages[1]
    assert next((row.key, row.spans, row.whole) for row in passage.rows) == (
        "ada-brook/eleven-years", "1-14", False,
    )  # fmt: skip


def test_more_statements_shade_a_passage_darker(wiki: MakeWiki) -> None:
    passages = view(wiki(), "courier-2024").passages
    assert [len(each.rows) for each in passages] == [5, 2, 0, 6, 4, 0]
    assert [each.shade for each in passages] == [3, 2, 0, 3, 3, 0]


def test_the_page_says_what_is_cited_and_why_the_rest_is_not(wiki: MakeWiki) -> None:
    page = wiki().page("seeds/courier-2024.md")
    assert "23 words, 14 pinned (60&#46;8 %), cited as a whole" in page
    assert 'title="Text: nothing rests on it: Silence asserts nothing."' in page
    assert 'viewBox="0 0 23 6"' in page
    assert 'aria-label="Words 1–14 of 23, and all of it"' in page


# ---- the chain -------------------------------------------------------------------------------------


def seed(*origins: str, language: str = "en", when: str = "2023") -> str:
    steps = ", ".join(f"{{seed: {origin}, how: copy}}" for origin in origins)
    return (
        "title: {gloss: A paper}\nshort: Paper\npublisher: longholm-courier\n"
        f"published: {{when: {when}}}\nlanguage: {language}\nheld: false\n"
        f"rights: {{status: public-domain}}\nderived_from: [{steps}]\n"
    )


def drawn(found: SeedView) -> list[list[str]]:
    return [[node.seed.id for node in layer] for layer in found.layers]


def test_a_chain_stands_in_layers_each_below_all_that_it_came_from(wiki: MakeWiki) -> None:
    here = wiki(
        {
            "seeds/a/seed.yml": seed(),
            "seeds/b/seed.yml": seed(),
            "seeds/c/seed.yml": seed("a"),
            "seeds/d/seed.yml": seed("c", "b"),
            "seeds/e/seed.yml": seed("d", "a"),
            "seeds/f/seed.yml": seed("d"),
            "seeds/not-of-it/seed.yml": seed("b"),
        }
    )
    found = view(here, "d")
    assert drawn(found) == [["a", "b"], ["c"], ["d"], ["e", "f"]]
    assert [node.is_this for layer in found.layers for node in layer] == [False] * 3 + [True] + [False] * 2
    assert found.origins == 2
    assert drawn(view(here, "a")) == [["a"], ["c"], ["d"], ["e", "f"]]
    assert view(here, "a").origins == 1
    assert drawn(view(here, "courier-2024")) == [["courier-2024"]]
    page = here.page("seeds/d.md")
    assert "It goes back to 2 independent origins." in page
    assert page.count('class="node node-this"') == 1
    assert "Copy of [Paper](c.md), stated" in page
    assert "chain-short" not in page
    assert "it counts as an original" in here.page("seeds/a.md")


def test_of_very_many_copies_some_are_drawn_and_the_rest_is_counted(wiki: MakeWiki) -> None:
    copies: dict[str, str | bytes] = {f"seeds/x{i:03}/seed.yml": seed("a") for i in range(MOST_COPIES + 7)}
    found = view(wiki({"seeds/a/seed.yml": seed(), **copies}), "a")
    assert [len(layer) for layer in found.layers] == [1, MOST_COPIES]
    assert found.more_copies == 7


def test_a_step_says_what_changed(wiki: MakeWiki) -> None:
    here = wiki(
        {
            "seeds/a/seed.yml": seed(language="de", when="2023-02-27").replace(
                "longholm-courier", "skarn-ferries"
            ),
            "seeds/b/seed.yml": seed("a", language="ky", when="2023-03-01"),
            "seeds/c/seed.yml": seed("b", language="ky", when="2023-03-01"),
        }
    )
    node = view(here, "b").layers[1][0]
    assert (node.language, node.steps[0].changed) == (
        "Kyrgyz",
        ("German to Kyrgyz", "another outlet", "2 days later"),
    )
    assert view(here, "c").layers[2][0].steps[0].changed == ("on the same day",)
    assert "\n:   Kyrgyz\n" in here.page("seeds/b.md")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (("2023-12-31", "2023-12-31"), ("2024-01-01", "2024-01-01"), "1 day later"),
        (("2024-01-02", "2024-01-02"), ("2023-12-31", "2023-12-31"), "2 days earlier"),
        (("2023-11-01", "2023-11-30"), ("2024-02-10", "2024-02-10"), "3 months later"),
        (("2023-11-01", "2023-11-30"), ("2023-11-05", "2023-11-05"), "in the same month"),
        (("2023-01-01", "2023-12-31"), ("2025-05-01", "2025-05-31"), "2 years later"),
        (("2023-12-01", "2024-01-31"), ("2025-05-01", "2025-05-31"), ""),
        (("0000-01-01", "2023-12-31"), ("2025-05-01", "2025-05-31"), ""),
        (("2023-01-01", "2023-01-01"), ("2025-05-01", "9999-12-31"), ""),
        (("2023-01-01", "9999-12-31"), ("2025-05-01", "9999-12-31"), ""),
    ],
)
def test_the_time_between_is_as_exact_as_both_dates(
    before: tuple[str, str], after: tuple[str, str], said: str
) -> None:
    assert time_between(before, after) == said


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("en", "English"),
        ("ky", "Kyrgyz"),
        ("de-CH", "German (Switzerland)"),
        ("xx", "xx"),
        ("de-zzzzzzzz", "German"),
    ],
)
def test_languages_have_english_names(tag: str, name: str) -> None:
    assert language_name(tag) == name


# ---- the original, opened at a passage ------------------------------------------------------------


def test_a_fragment_is_encoded_to_the_last_sign_of_the_directive() -> None:
    opening = "Oil-rich, “A&B” (50 %) сказал\u00a0#1 ~"
    found = fragment_of("https://courier.example/a?page=1", opening)
    assert found.startswith("#:~:text=")
    said = found.removeprefix("#:~:text=")
    assert not set(said) & set("-,&#“ ()")
    assert unquote(said) == "Oil-rich, “A&B” (50 %) сказал #1 ~"
    assert fragment_of("https://courier.example/#top", "a b").startswith(":~:text=a%20b")


def fragments(found: SeedView) -> list[str]:
    return [unquote(each.fragment.partition("text=")[2]) for each in found.passages]


def test_the_original_opens_where_the_first_words_are_known(wiki: MakeWiki) -> None:
    here = wiki()
    assert fragments(view(here, "courier-2024")) == ["", "We have waited eleven", "", "", "", ""]
    assert fragments(view(here, "bote-2023")) == ["", "", ""], "it has no address"
    here.change(
        f"{COURIER}/passages.yml",
        "gist: How the first ferry was lost.",
        'gist: How the first ferry was lost., opens: "The first ferry, the"',
    )
    assert fragments(view(here, "courier-2024"))[4] == "The first ferry, the"
    assert "#:~:text=The%20first%20ferry%2C%20the)" in here.page(f"{COURIER}.md")
    kept = fragments(view(keep(here), "courier-2024"))
    assert kept == [
        "The harbour office on",
        "We have waited eleven",
        "What it costs",
        "Skarn Ferries paid 3.2",
        "The first ferry, the",
        "The Courier asked the",
    ]


# ---- the words -------------------------------------------------------------------------------------

SAID = "announced on Tuesday that a second ferry, the Kittiwake"


def test_the_words_are_on_the_page_where_they_are_kept_or_previewed_and_nowhere_else(wiki: MakeWiki) -> None:
    here = wiki().attach("courier-2024")
    assert view(here, "courier-2024").shown == ""
    assert not any(SAID in file.data.decode(errors="replace") for file in here.compiled().files)
    assert view(here, "courier-2024", preview=True).shown == "preview"
    assert SAID in "".join(
        piece.text for piece in view(here, "courier-2024", preview=True).passages[0].pieces
    )
    assert view(here, "bote-2023", preview=True).shown == ""
    keep(here)
    assert view(here, "courier-2024").shown == view(here, "courier-2024", preview=True).shown == "published"
    page = here.page("seeds/courier-2024.md")
    assert SAID in page
    assert 'lang="en" dir="auto"' in page
    assert '<mark data-span="1-14">We have waited eleven years' in page
    assert "\n:   In full, as its rights allow: 6 passages, 145 words" in page


def test_cites_of_a_kept_text_are_checked_against_it_on_every_machine(wiki: MakeWiki) -> None:
    found = cited(keep(wiki()))
    kinds = {c.checked for s in found.statements["ada-brook"] for c in s.cites if c.seed.id == "courier-2024"}
    assert kinds == {Checked.TEXT}


def test_a_renewal_replaces_the_text_that_is_kept(wiki: MakeWiki, tmp_path: Path) -> None:
    here = keep(wiki())
    new = article("courier-2024").replace(b"It did not reply.", b"It has not replied.")
    capture = tmp_path / "again.md"
    capture.write_bytes(new)
    command = ["--root", str(here.root), "seed", "renew", str(capture), "--id", "courier-2024"]
    main(command)
    assert here.text(f"{COURIER}/text.md").encode() == article("courier-2024"), "nothing without --write"
    assert main([*command, "--write"]) == 0
    assert here.text(f"{COURIER}/text.md").encode() == new
    assert "seal-mismatch" not in here.problems()
