"""What of the seeds is used, which words, and what nobody states."""

from __future__ import annotations

import pytest

from build_tools.cli import main
from build_tools.coverage import PassageUse, coverage
from tests.conftest import MakeWiki
from tests.islands import Wiki

ROCK = "entities/islands/gull-rock.yml"


def use(wiki: Wiki, seed: str, passage: str) -> PassageUse:
    checked = wiki.checked()
    assert checked.wiki is not None
    (found,) = (u for u in coverage(checked.wiki) if u.seed.id == seed)
    return next(item for item in found.passages if item.passage.id == passage)


def rock(wiki: Wiki, *cites: str, text: str = "Nobody was hurt.") -> Wiki:
    rows = "".join(f"  - {{id: c{i}, text: {text!r}, cites: [{cite}]}}\n" for i, cite in enumerate(cites))
    return wiki.put({ROCK: f"name: Gull Rock\nclaims:\n{rows}"})


def only_rock(wiki: Wiki) -> Wiki:
    """The example without the statements of its own that cite the articles' first passages."""
    return wiki.delete("entities/events/sandpiper-fire.yml")


def test_spans_pin_words_and_the_rest_is_free(wiki: MakeWiki) -> None:
    found = use(rock(only_rock(wiki()), "courier-2024#p5:3-6", "courier-2024#p5:5-9"), "courier-2024", "p5")
    assert (found.statements, found.whole, found.pinned) == (2, False, ((3, 9),))
    assert found.free == ((1, 2), (10, 32))
    assert (found.words_pinned, found.words_free) == (7, 25)


def test_a_quotation_pins_its_words(wiki: MakeWiki) -> None:
    found = use(
        rock(only_rock(wiki()), "{seed: courier-2024, passage: p5, quote: burned out at her moorings}"),
        "courier-2024",
        "p5",
    )
    assert (found.whole, found.pinned, found.words_free) == (False, ((6, 10),), 27)


def test_a_cite_of_the_whole_leaves_no_word_free(wiki: MakeWiki) -> None:
    found = use(rock(only_rock(wiki()), "courier-2024#p5", "courier-2024#p5:3-6"), "courier-2024", "p5")
    assert (found.whole, found.pinned, found.free) == (True, ((3, 6),), ())


def test_figures_and_names_that_no_sentence_has_are_named(wiki: MakeWiki) -> None:
    found = use(
        rock(only_rock(wiki()), "courier-2024#p5", text="The insurers speak of 750,000; nobody was hurt."),
        "courier-2024",
        "p5",
    )
    assert found.unstated == ("first", "Sandpiper", "Great", "Skarn", "March", "2013", "900,000")


def test_a_passage_that_nothing_rests_on_says_why(wiki: MakeWiki) -> None:
    found = use(wiki(), "courier-2024", "p3")
    assert (found.statements, found.unstated, found.free) == (0, (), ((1, 3),))
    assert str(found.passage.unused.source if found.passage.unused else "") == "A heading."


def test_the_command_lists_every_passage_and_the_free_words_where_the_text_is_at_hand(
    wiki: MakeWiki, capsys: pytest.CaptureFixture[str]
) -> None:
    here = rock(only_rock(wiki()), "courier-2024#p5:3-32")
    assert main(["--root", str(here.root), "coverage", "courier-2024"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("courier-2024: 4 of 6 passages used; ")
    assert "  p3: 3 words, nothing rests on it\n      unused: A heading.\n" in out
    assert "  p5: 1 statement, 30 of 32 words pinned\n" in out
    assert "      cited by nothing: words 1-2\n" in out
    here.attach("courier-2024")
    assert main(["--root", str(here.root), "coverage", "courier-2024"]) == 0
    assert "      cited by nothing: words 1-2 (The first)\n" in capsys.readouterr().out


def test_all_seeds_are_listed_unless_one_is_named(wiki: MakeWiki, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--root", str(wiki().root), "coverage"]) == 0
    heads = [line.split(":")[0] for line in capsys.readouterr().out.splitlines() if line[0] != " "]
    assert heads == ["bote-2023", "courier-2024"]


def test_a_seed_that_is_not_there_gets_the_nearest(
    wiki: MakeWiki, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--root", str(wiki().root), "coverage", "courier-2023"]) == 1
    assert "[unknown-seed] there is no sealed seed `courier-2023`\n    did you mean `courier-2024`?" in (
        capsys.readouterr().out
    )
