"""Runs of words that texts and sealed passages have in common."""

from __future__ import annotations

from dataclasses import replace

import pytest

from build_tools.seal import PassageSeal, make_seal
from build_tools.sealed_words import SealedWords
from build_tools.text import folded

WORDS = "of a boat that came late and was seen by nobody but the keeper of the light"


def passages(*texts: str) -> tuple[PassageSeal, ...]:
    return make_seal("s", [(f"p{i}", text, False) for i, text in enumerate(texts, 1)]).passages


def found(text: str, *places: tuple[str, PassageSeal]) -> list[tuple[str, str, int, int, int]]:
    runs = list(SealedWords.of(places).repeated(folded(text)))
    assert list(SealedWords.few(places).repeated(folded(text))) == runs
    return [(run.seed, run.passage.id, run.begin, run.first, run.size) for run in runs]


def test_a_run_is_found_whole_and_where_it_stands() -> None:
    (passage,) = passages(f"Nell spoke {WORDS}")
    part = " ".join(WORDS.split()[2:13])
    assert found(f"We say: {part} out there", ("a", passage)) == [("a", "p1", 4, 2, 11)]


@pytest.mark.parametrize("before", range(12))
def test_a_run_is_found_wherever_it_begins(before: int) -> None:
    (passage,) = passages(WORDS)
    text = [*(f"w{i}" for i in range(before)), *WORDS.split()[3:11], *(f"z{i}" for i in range(11 - before))]
    assert found(" ".join(text), ("a", passage)) == [("a", "p1", 3, before, 8)]


def test_seven_words_are_no_run() -> None:
    (passage,) = passages(WORDS)
    assert found(" ".join(WORDS.split()[:7]), ("a", passage)) == []
    assert found(" ".join(WORDS.split()[:8]), ("a", passage)) == [("a", "p1", 0, 0, 8)]


def test_what_is_parted_among_passages_is_found_in_each() -> None:
    whole, *parts = passages(WORDS, " ".join(WORDS.split()[:8]), " ".join(WORDS.split()[8:]))
    assert found(WORDS, ("a", whole), *(("b", part) for part in parts)) == [
        ("a", "p1", 0, 0, 17),
        ("b", "p2", 0, 0, 8),
        ("b", "p3", 0, 8, 9),
    ]


def test_runs_that_overlap_are_each_found() -> None:
    first, second = passages(" ".join(WORDS.split()[:9]), " ".join(WORDS.split()[4:12]))
    assert found(" ".join(WORDS.split()[:12]), ("a", first), ("a", second)) == [
        ("a", "p1", 0, 0, 9),
        ("a", "p2", 0, 4, 8),
    ]


def test_of_several_places_in_a_seed_the_longest_counts() -> None:
    shorter, longer, last = passages(" ".join(WORDS.split()[:9]), WORDS, " ".join(WORDS.split()[:10]))
    assert found(WORDS, ("a", shorter), ("a", longer), ("a", last)) == [("a", "p2", 0, 0, 17)]


@pytest.mark.parametrize(
    ("position", "run"),
    [(0, (1, 16)), (8, (9, 8)), (16, (0, 16)), (4, (5, 12))],
)
def test_a_word_that_the_seal_shows_must_be_the_texts(position: int, run: tuple[int, int]) -> None:
    (passage,) = passages(WORDS)
    other = replace(passage, names=((position, "Elsewhere"),))
    places = found(WORDS, ("a", other))
    assert [(first, size) for *_, first, size in places][-1:] == [run]


def test_a_refrain_is_one_run() -> None:
    (passage,) = passages("row " * 5_000)
    assert found("row " * 20_000, ("a", passage))[0] == ("a", "p1", 0, 0, 5_000)


def test_what_follows_a_refrain_is_found_with_it() -> None:
    (passage,) = passages("row " * 50 + WORDS)
    assert found("row " * 20 + WORDS, ("a", passage))[-1] == ("a", "p1", 30, 0, 37)
