"""The benchmark makes the mistakes it says it makes, and its page is what its own output says."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from bench import speech
from bench.claims import CHANGED as CLAIMS_CHANGED
from bench.claims import HONEST as CLAIMS_HONEST
from bench.claims import claims, judged, stated
from bench.leak import WIDTHS, Leak
from bench.measure import GUARDED, TRUE, UNTRUE_EDGE, Share, answers, cases, quotations
from bench.mutants import CHANGED, MISPLACED
from bench.page import ATTACKS, Run, cell, page, summary
from bench.quotes import Quote, stands
from bench.texts import Passage, Text, TextSet, own_text
from bench.variants import HONEST

PASSAGE = Passage(
    "p1",
    "In 1987 the ferry of Çamlıköy cost $4.5 million and was not, said Ada Brook—the keeper—a day late.",
)
TEXT = Text(
    "t", "test", (PASSAGE, Passage("p2", "It carried 530,000 people, as Nell Farrow told Ada Brook."))
)
QUOTE = Quote(TEXT, PASSAGE, PASSAGE.text)
PAGE = Path(__file__).parent.parent / "docs" / "evidence.md"


@pytest.mark.parametrize(
    ("group", "pattern"),
    [
        ("negation added or dropped", "was, said"),
        ("digit changed", r"(?!.*1987.*4\.5)"),
        ("decimal point moved", r"\$45 million"),
        ("$, €, £, % or per cent dropped", " cost 4.5 million"),
        ("currency exchanged", "[€£]4.5 million"),
        ("million for billion", r"4\.5 (?:thousand|billion|trillion)"),
        ("year one off", "In 198[68] "),
        ("name for name", "(?:said|of) (?:Nell|Ada|Farrow)|said Nell"),
    ],
)
def test_a_mutator_makes_its_mistake(group: str, pattern: str) -> None:
    changed = CHANGED[group](random.Random(0), QUOTE)
    assert changed is not None
    assert changed != QUOTE.words
    assert re.search(pattern, changed)


@pytest.mark.parametrize("group", CHANGED)
def test_a_mutator_changes_the_words_or_finds_nothing(group: str) -> None:
    for number in range(20):
        changed = CHANGED[group](random.Random(number), QUOTE)
        assert changed is None or changed != QUOTE.words


def test_only_words_that_do_not_stand_in_the_passage_count_as_mistakes() -> None:
    found = list(cases(quotations((own_text("harbour-notes"),), "t"), "t"))
    assert {case.honest for case in found} == {True, False}
    assert not [case for case in found if not case.honest and stands(case.passage.text, case.words)]
    assert all(case.honest for case in found if case.group == TRUE)


@pytest.mark.parametrize(
    ("words", "stand"),
    [
        ("the ferry of Çamlıköy", True),
        ("said Ada Brook, the keeper", True),
        ("In 1987 … a day late", True),
        ("a day late … In 1987", False),
        ("cost 4.5 million", False),
        ("ferry of Çamlı", False),
        ("…", False),
    ],
)
def test_the_raw_text_decides_what_stands_in_it(words: str, stand: bool) -> None:
    assert stands(PASSAGE.text, words) is stand


def test_figures_are_read_with_their_unit_and_their_place() -> None:
    found = [(figure.written, figure.unit, figure.span, figure.is_year) for figure in stated(PASSAGE)]
    assert found == [("1987", "", "2-2", True), ("$4.5 million", "$", "8-9", False)]


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (Share(10, 10), "100.00 % (72.25–100.00), 0 wrong"),
        (Share(81, 263), "30.80 % (25.53–36.62), 182 wrong"),  # Newcombe 1998, table I: 0.2553 to 0.3662
        (Share(99_999, 100_000), "99.99 % (99.99–100.00), 1 wrong"),
        (Share(0, 0), "–"),
    ],
)
def test_a_share_is_shown_with_its_interval_and_never_rounded_up_to_all(share: Share, shown: str) -> None:
    assert cell(share) == shown


def small_run() -> Run:
    text = own_text("harbour-notes")
    quotes = quotations((text,), "t")
    found = tuple(cases(quotes, "t"))
    given = (
        ("Against the text", answers(found, attached=True)),
        ("Against the seal", answers(found, attached=False)),
    )
    return Run(
        which=TextSet.DEVELOPMENT,
        seed="t",
        date="2000-01-01",
        texts=((text.kind, 1, len(text.passages), 400),),
        quotes=len(quotes),
        cases=found,
        answers=given,
        claims=judged(claims((text,), "t")),
        speech=speech.judged((text,), "t"),
        leaks=tuple(Leak(text.kind, bits, 8, Share(1, 4), Share(0, 4)) for bits in (None, *WIDTHS)),
    )


def test_equal_runs_give_equal_pages_that_show_every_class() -> None:
    first, second = small_run(), small_run()
    assert page(first) == page(second)
    assert summary(first) == summary(second)
    assert {case.group for case in first.cases} | set(ATTACKS.values()) <= rows(page(first)).keys()


def test_the_published_page_is_one_that_the_program_writes() -> None:
    shown = rows(PAGE.read_text(encoding="utf-8"))
    groups = {*CHANGED, *MISPLACED, TRUE, *HONEST, *CLAIMS_CHANGED, *CLAIMS_HONEST}
    groups |= {GUARDED, UNTRUE_EDGE, *speech.CHANGED, *speech.HONEST}
    assert groups | set(ATTACKS.values()) <= shown.keys()
    for cases_, cells in ((int(row[0].replace(",", "")), row[1:]) for row in map(shown.get, groups) if row):
        for found in cells:
            wrong = int(found.rsplit(", ", 1)[1].split()[0].replace(",", ""))
            assert found == cell(Share(cases_ - wrong, cases_))


def rows(text: str) -> dict[str, list[str]]:
    """The rows of the page's tables by their first cell; of classes of one name the last."""
    found = (line.strip("|\n ").split(" | ") for line in text.splitlines() if line.startswith("| "))
    return {row[0]: row[1:] for row in found}
