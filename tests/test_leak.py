"""The attack on seals is one, and it is told nothing of the texts that it attacks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.attack import Attack
from bench.language import FIGURE, NAME, Model, clear_classes, read
from bench.lattice import Trigrams
from bench.leak import WIDTHS, leaks, outcome
from bench.measure import cut_passages
from bench.sealed import Sealed, run_hash, sealed
from bench.texts import NOVEL, REFERENCE, SPEECHES, OtherText, Text, TextSet, other_texts, own_text, texts
from build_tools.seal import PassageSeal, run_hashes
from build_tools.seeds import seal_of
from build_tools.text import folded

TEXT = own_text("harbour-notes")
KNOWN = OtherText("known", TEXT.kind, " ".join(passage.text for passage in TEXT.passages))
UNKNOWN = OtherText(
    "other", TEXT.kind, " ".join(passage.text for passage in own_text("railway-letters").passages)
)
PASSAGE = TEXT.passages[1]
WORDS = folded(PASSAGE.text)
SEAL: PassageSeal = seal_of(TEXT.id, cut_passages(TEXT)).passages[1]


def rebuilt(target: Sealed, *others: OtherText) -> tuple[str | None, ...]:
    readings = read(others)
    return Attack(readings, TEXT.kind).rebuild(target, Trigrams(readings).likely_words([target])[0])


def share(guessed: tuple[str | None, ...]) -> float:
    right, _ = outcome(WORDS, guessed, clear_classes(SEAL))
    return sum(right) / len(right)


@pytest.mark.parametrize("bits", [8, 16, 64])
def test_an_attack_that_knows_the_text_rebuilds_it(bits: int) -> None:
    assert rebuilt(sealed(SEAL, WORDS, bits), KNOWN, UNKNOWN) == WORDS


def test_a_pass_without_hints_rebuilds_what_its_model_knows_and_lesser_models_less() -> None:
    none: list[dict[str, float]] = [{}] * len(WORDS)
    target = sealed(SEAL, WORDS, 8)
    knowing = Attack(read([KNOWN, UNKNOWN]), TEXT.kind).rebuild(target, none)
    ignorant = Attack(read([UNKNOWN]), TEXT.kind).rebuild(target, none)
    assert share(knowing) > 0.95 > 0.5 > share(ignorant)


def test_without_hashes_an_attack_rebuilds_less() -> None:
    with_hashes, without = (rebuilt(sealed(SEAL, WORDS, bits), KNOWN, UNKNOWN) for bits in (8, 0))
    assert share(without) < share(with_hashes)


def test_of_a_text_with_words_never_read_these_are_left_open_or_wrong() -> None:
    guessed = rebuilt(sealed(SEAL, WORDS, 64), UNKNOWN)
    read_words = set(folded(UNKNOWN.text))
    clear = clear_classes(SEAL)
    right = [word for i, word in enumerate(WORDS) if i not in clear and guessed[i] == word]
    assert right
    assert set(right) <= read_words


def test_what_is_in_the_clear_is_told_and_is_not_counted() -> None:
    clear = clear_classes(SEAL)
    guessed = rebuilt(sealed(SEAL, WORDS, 8), UNKNOWN)
    assert clear
    assert all(guessed[place] == WORDS[place] for place in clear)
    right, readable = outcome(WORDS, guessed, clear)
    assert len(right) == len(readable) == len(WORDS) - len(clear)
    assert outcome(["a", "b", "c"], [None, "b", "x"], {1}) == ([False, False], [False, False])


def test_a_readable_run_is_eight_right_words_with_those_in_the_clear() -> None:
    words = tuple("abcdefghijklmnopq")
    guessed = (*words[:8], None, *words[9:])
    _, readable = outcome(words, guessed, {3})
    assert readable == [True] * 7 + [False] + [True] * 8
    _, readable = outcome(words, (*words[:7], None, *words[8:15], None, None), {3})
    assert not any(readable)


def test_hashes_of_every_width_are_made_by_the_recipe_of_seals() -> None:
    runs = [" ".join(run) for run in zip(WORDS, WORDS[1:], WORDS[2:], strict=False)]
    assert b"".join(run_hash(1, run) for run in runs) == run_hashes(WORDS) == SEAL.runs
    assert b"".join(sealed(SEAL, WORDS, 8).runs) == SEAL.runs
    assert sealed(SEAL, WORDS, 64).runs == tuple(run_hash(8, run) for run in runs)
    assert sealed(SEAL, WORDS, 0).runs == ()


def test_turned_twice_a_sealed_text_is_as_it_was() -> None:
    target = sealed(SEAL, WORDS, 8)
    turned = target.turned()
    assert turned.turned() == target
    assert [turned.clear[len(WORDS) - 1 - place] for place in target.clear] == list(target.clear.values())


def test_equal_runs_give_equal_figures() -> None:
    short = Text(TEXT.id, TEXT.kind, TEXT.passages[:1])
    first, second = (leaks((short,), (UNKNOWN,), "t") for _ in range(2))
    assert first == second
    assert [leak.bits for leak in first] == [None, *WIDTHS]
    assert len({(leak.passages, leak.rebuilt.of, leak.readable.of) for leak in first}) == 1


def test_likelihoods_of_all_that_may_follow_sum_to_one() -> None:
    model = Model(read([KNOWN, UNKNOWN]), TEXT.kind)
    of, the = (model.context(word, 0) for word in ("of", "the"))
    for first, second in ((of, the), (the, of), (0, the), (of, 0), (FIGURE, NAME)):
        everything = range(len(model.vocabulary))
        assert sum(model.likelihood(first, second, goal) for goal in everything) == pytest.approx(1)


@pytest.mark.parametrize("which", list(TextSet))
def test_no_text_under_attack_is_among_the_others(tmp_path: Path, which: TextSet) -> None:
    lay_out_packages(tmp_path)
    attacked = texts(tmp_path, which)
    others = other_texts(tmp_path, which)
    assert {text.kind for text in attacked} == {other.kind for other in others}
    told = " ".join(" ".join(other.text.split()) for other in others)
    for text in attacked:
        assert not any(passage.text in told for passage in text.passages), text.id
    marks = {word for text in attacked for passage in text.passages for word in marked(passage.text)}
    assert marks
    assert not marks & set(marked(told))
    assert len(marks) + len(set(marked(told))) == 232 + 135 + 30


def marked(text: str) -> list[str]:
    return [word for word in text.split() if word.startswith("mark-")]


def lay_out_packages(folder: Path) -> None:
    def prose(name: str) -> str:
        return " ".join(f"Here mark-{name} says {'word ' * 50}number {i} of {name}." for i in range(4))

    speeches, novel = (folder / package.folder / "package" / "data" for package in (SPEECHES, NOVEL))
    countries = folder / REFERENCE.folder / "package" / "europe"
    for place in (speeches, novel, countries):
        place.mkdir(parents=True)
    for year in range(1790, 2022):
        (speeches / f"{year}_a.txt").write_text(prose(f"speech-{year}"))
    for number in range(1, 136):
        (novel / f"chapter_{number}.txt").write_text(f"CHAPTER {number}\n\n{prose(f'chapter-{number}')}")
    (novel / "data.txt").write_text("The whole novel, with " + prose("chapter-32"))
    for number in range(30):
        (countries / f"c{number:02}.json").write_text(
            json.dumps({"Text": {"text": prose(f"country-{number}")}})
        )
