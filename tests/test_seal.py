"""Seals: they vouch for every true quotation, for hardly any other, survive the disk, and hold no text."""

from __future__ import annotations

import functools
import json
import random
import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build_tools.problems import Location, Problem
from build_tools.report import terminal
from build_tools.seal import (
    LEAST_WORDS,
    PassageSeal,
    Seal,
    make_seal,
    read_seal,
    run_hashes,
    seal_text,
    sealed_places,
)
from build_tools.text import folded, in_order, quote_parts

REPRODUCIBLE = settings(derandomize=True, deadline=None)


def find_sealed(seal: PassageSeal, parts: Sequence[Sequence[str]]) -> tuple[int, ...] | None:
    """Where each part of a quotation begins in the sealed passage, in order."""
    return in_order([sealed_places(seal, part) for part in parts], [len(part) for part in parts])


# Written for these tests.
LIGHTHOUSE = (
    "In the spring of 1887 the keeper of the Skarn light, Ada Brook, wrote to the harbour board. "
    "She asked for $1,250 and a second boat, since the old one had been lost off Longholm in January. "
    "The board, which met at Sandhaven, granted 60% of the sum; Brook answered that three fifths of a "
    "boat would sink as surely as none, and that Skarn would keep its lamp dark until the rest was paid."
)
FERRY = (
    "“We were not asked,” said İsmail Çağlayan of the ferry company. The boats of the company carry "
    "12,400 people a year between Longholm and the mainland, at a loss. Nobody at Longholm disputes it."
)
# The Gettysburg Address of Abraham Lincoln, 1863 (the Bliss copy), in the public domain.
GETTYSBURG = (
    "Four score and seven years ago our fathers brought forth on this continent, a new nation, conceived "
    "in Liberty, and dedicated to the proposition that all men are created equal. Now we are engaged in a "
    "great civil war, testing whether that nation, or any nation so conceived and so dedicated, can long "
    "endure. We are met on a great battle-field of that war. We have come to dedicate a portion of that "
    "field, as a final resting place for those who here gave their lives that that nation might live. It is "
    "altogether fitting and proper that we should do this. But, in a larger sense, we can not dedicate—we "
    "can not consecrate—we can not hallow—this ground. The brave men, living and dead, who struggled here, "
    "have consecrated it, far above our poor power to add or detract. The world will little note, nor long "
    "remember what we say here, but it can never forget what they did here. It is for us the living, rather, "
    "to be dedicated here to the unfinished work which they who fought here have thus far so nobly advanced."
)
PASSAGES = (
    ("p1", "The Keeper and the Board", True),
    ("p2", LIGHTHOUSE, False),
    ("p3", FERRY, False),
    ("p4", GETTYSBURG, False),
    ("p5", "Dark again.", False),
)


@functools.cache
def seal() -> Seal:
    return make_seal("skarn", PASSAGES)


def passage(id_: str) -> PassageSeal:
    return next(found for found in seal().passages if found.id == id_)


def vouches(id_: str, quotation: str) -> bool:
    return find_sealed(passage(id_), quote_parts(quotation)) is not None


# ---- what a seal holds -------------------------------------------------------------------------


def test_a_seal_counts_words_and_has_a_byte_for_every_run_of_three() -> None:
    assert [(found.id, found.words, len(found.runs)) for found in seal().passages] == [
        ("p1", 5, 3),
        ("p2", len(folded(LIGHTHOUSE)), len(folded(LIGHTHOUSE)) - 2),
        ("p3", len(folded(FERRY)), len(folded(FERRY)) - 2),
        ("p4", len(folded(GETTYSBURG)), len(folded(GETTYSBURG)) - 2),
        ("p5", 2, 0),
    ]
    assert seal().words == sum(found.words for found in seal().passages)


@pytest.mark.parametrize(("words", "runs"), [(0, 0), (1, 0), (2, 0), (3, 1), (4, 2), (9, 7)])
def test_fewer_than_three_words_have_no_run(words: int, runs: int) -> None:
    assert len(run_hashes(["word"] * words)) == runs


def test_equal_runs_have_equal_bytes_wherever_they_stand() -> None:
    one, other = run_hashes("a b c d".split()), run_hashes("x b c d".split())
    assert one[1:] == other[1:]
    assert len(set(run_hashes([str(number) for number in range(2000)]))) == 256


def test_figures_stand_in_the_clear_with_their_positions() -> None:
    assert passage("p2").figures == (
        *((4, "1887"), (21, "$1,250"), (24, "second"), (44, "60%")),
        *((51, "three"), (52, "fifths")),
    )
    assert [word for _, word in passage("p3").figures] == ["12,400"]
    for id_, text, _ in PASSAGES:
        for position, word in passage(id_).figures:
            assert folded(word) == folded(text)[position : position + 1]


def test_names_stand_in_the_clear_but_no_first_word_of_a_sentence_and_no_heading() -> None:
    assert [word for _, word in passage("p2").names] == [
        *("Skarn", "Ada", "Brook", "Longholm", "January", "Sandhaven", "Brook", "Skarn")
    ]
    assert [word for _, word in passage("p3").names] == ["İsmail", "Çağlayan", "Longholm", "Longholm"]
    assert [word for _, word in passage("p4").names] == ["Liberty"]
    assert passage("p1").names == passage("p5").names == ()


def test_a_name_known_from_elsewhere_is_one_at_the_start_of_a_sentence_too() -> None:
    made = make_seal("s", [("p1", "Brook wrote. Rain fell.", False), ("p2", "They saw Brook.", False)])
    assert made.passages[0].names == ((0, "Brook"),)


def test_a_month_is_a_name_wherever_it_stands() -> None:
    made = make_seal("s", [("p1", "December 2023 was cold. They may come.", False)])
    assert made.passages[0].names == ((0, "December"),)


def test_quotation_marks_are_sealed_by_their_places() -> None:
    assert passage("p3").quoted == ((0, 3),)
    assert passage("p2").quoted == ()


def test_no_word_of_the_text_can_be_read_from_a_seal_but_figures_and_names() -> None:
    written = seal_text(seal())
    clear = {
        word
        for found in seal().passages
        for _, name in (*found.figures, *found.names)
        for word in folded(name)
    }
    own = {"version", "seed", "sum", "passages", "id", "words", "runs", "figures", "names", "quoted"}
    hidden = {word for _, text, _ in PASSAGES for word in folded(text)} - clear - own
    assert len(hidden) > 150
    letters = re.sub(r'"(?:runs|sum)": "[0-9a-f]*"', "", written)  # hexadecimal digits spell "a", "dead" …
    assert hidden & set(folded(letters)) == set()


# ---- quotations --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "quotation",
    [
        "the keeper of the Skarn light",
        "In the spring of 1887",
        "SHE ASKED FOR $1,250",
        "asked for $ 1250 and a second boat",
        "granted 60 % of the sum",
        "“…the old one had been lost off Longholm … would sink as surely as none…”",
        "[S]he asked for $1,250 [in coin] and a second boat",
        "until the rest was paid.",
        "the rest was paid",
    ],
)
def test_true_quotations_are_vouched_for(quotation: str) -> None:
    assert vouches("p2", quotation)


def test_turkish_letters_may_be_written_either_way() -> None:
    assert vouches("p3", "not asked, said ismail çağlayan")
    assert vouches("p3", "NOT ASKED, SAID İSMAİL ÇAĞLAYAN")


def test_the_places_of_the_parts_are_told() -> None:
    parts = quote_parts("the keeper of the Skarn … would sink as surely")
    words = list(folded(LIGHTHOUSE))
    assert find_sealed(passage("p2"), parts) == (words.index("keeper") - 1, words.index("sink") - 1)


@pytest.mark.parametrize(
    ("why", "quotation"),
    [
        ("nothing", ""),
        ("only a gap", "…"),
        ("three words", "the Skarn light"),
        ("a part of three words", "the keeper of the Skarn … would sink as"),
        ("a word changed", "the keeper of the Skarn lamp wrote"),
        ("a word dropped", "the keeper of Skarn light, Ada Brook"),
        ("a word put in", "the old keeper of the Skarn light"),
        ("two words swapped", "the keeper the of Skarn light"),
        ("parts in the wrong order", "would sink as surely … the keeper of the Skarn"),
        ("the same words twice", "the keeper of the Skarn … the keeper of the Skarn"),
        ("a figure changed", "In the spring of 1888"),
        ("a figure without its sign", "She asked for 1,250 and a second"),
        ("a figure of another currency", "She asked for €1,250 and a second"),
        ("a figure without its per cent", "granted 60 of the sum"),
        ("a figure put in", "wrote to the 5 harbour board"),
        ("a name changed", "of the Skarn light, Eva Brook"),
        ("a name for another word", "wrote to the Longholm board"),
        ("words of another passage", "conceived in Liberty, and dedicated"),
        ("words across passages", "until the rest was paid We were not asked"),
        ("more words than the passage has", f"{LIGHTHOUSE} and then some"),
    ],
)
def test_other_quotations_are_not(why: str, quotation: str) -> None:
    assert not vouches("p2", quotation), why


def test_the_whole_passage_is_a_quotation_of_it() -> None:
    for id_, text, _ in PASSAGES:
        assert vouches(id_, text) is (len(folded(text)) >= LEAST_WORDS)


def runs_of(words: Sequence[str]) -> st.SearchStrategy[tuple[int, int]]:
    """The first word and the number of words of a run of at least four."""
    return st.integers(0, len(words) - LEAST_WORDS).flatmap(
        lambda first: st.tuples(st.just(first), st.integers(LEAST_WORDS, len(words) - first))
    )


VOCABULARY = st.sampled_from("the of a to it sea Skarn Brook 1887 $5 60% three İzmir co-op and".split())


@settings(REPRODUCIBLE, max_examples=300)
@given(st.data(), st.lists(VOCABULARY, min_size=LEAST_WORDS, max_size=60))
def test_every_run_of_four_words_or_more_is_vouched_for(data: st.DataObject, words: list[str]) -> None:
    (made,) = make_seal("s", [("p1", " ".join(words), False)]).passages
    first, size = data.draw(runs_of(words))
    assert find_sealed(made, [folded(" ".join(words[first : first + size]))]) is not None
    after = first + size
    if len(words) - after >= LEAST_WORDS:
        again, more = data.draw(runs_of(words[after:]))
        quotation = f"{' '.join(words[first:after])} … {' '.join(words[after + again :][:more])}"
        assert find_sealed(made, quote_parts(quotation)) is not None


def test_of_quotations_with_one_word_replaced_more_than_99_in_100_are_refused() -> None:
    chosen = random.Random(1863)
    refused = mutants = 0
    for id_, text, _ in PASSAGES[1:4]:
        words, made = folded(text), passage(id_)
        others = sorted({word for _, other, _ in PASSAGES for word in folded(other)})
        for _ in range(2000):
            size = chosen.randint(6, 12)
            first = chosen.randint(0, len(words) - size)
            quotation = list(words[first : first + size])
            assert find_sealed(made, [quotation]) is not None
            at = chosen.randrange(size)
            quotation[at] = chosen.choice([word for word in others if word != quotation[at]])
            mutants += 1
            refused += find_sealed(made, [quotation]) is None
    assert mutants == 6000
    assert refused / mutants > 0.995


def test_a_name_or_figure_replaced_is_refused_every_time() -> None:
    others = ["eva", "brooks", "holm", "1888", "$1251", "1250", "61%", "60", "four", "the"]
    mutants = 0
    for id_, text, _ in PASSAGES[1:4]:
        words, made = folded(text), passage(id_)
        for position, _ in (*made.names, *made.figures):
            for first in range(max(0, position - 5), min(position, len(words) - 6) + 1):
                for other in set(others) - {words[position]}:
                    quotation = list(words[first : first + 6])
                    quotation[position - first] = other
                    mutants += 1
                    assert find_sealed(made, [quotation]) is None
    assert mutants > 1000


def test_a_figure_in_the_place_of_a_word_is_refused_every_time() -> None:
    # A run's byte alone would let one in 256 pass.
    words, made = folded(LIGHTHOUSE), passage("p2")
    figures = {position for position, _ in made.figures}
    for last in (position for position in range(3, 60) if position not in figures):
        for number in range(100):
            assert find_sealed(made, [(*words[last - 3 : last], f"{number}")]) is None


# ---- on disk -----------------------------------------------------------------------------------

PATH = "seeds/skarn/seal.json"
HINT = f"    restore it: `git checkout -- {PATH}`; a seal is written by `wiki seed add` only"


@functools.cache
def data() -> bytes:
    return seal_text(seal()).encode()


def refused(found: bytes, seed: str = "skarn") -> str:
    """What is wrong with a seal that cannot be read."""
    read, problems = read_seal(PATH, seed, found)
    assert read is None
    problem, hint = terminal(problems).splitlines()
    assert hint == HINT
    return problem


def test_a_seal_survives_the_disk() -> None:
    assert read_seal(PATH, "skarn", data()) == (seal(), ())


def test_a_seal_checked_out_with_windows_line_ends_is_the_same() -> None:
    assert read_seal(PATH, "skarn", data().replace(b"\n", b"\r\n")) == (seal(), ())


def test_a_seal_has_a_line_for_each_passage_so_that_a_change_can_be_reviewed() -> None:
    lines = data().decode().splitlines()
    assert [line.strip()[:12] for line in lines if '"id"' in line] == [
        f'{{"id": "p{n}",' for n in range(1, 6)
    ]
    assert set(json.loads(data())) == {"version", "seed", "sum", "passages"}


def test_a_seal_without_passages_is_one() -> None:
    empty = Seal("skarn", ())
    assert read_seal(PATH, "skarn", seal_text(empty).encode()) == (empty, ())


def edited(old: bytes, new: bytes) -> bytes:
    assert data().count(old) == 1
    return data().replace(old, new)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (b"", "1:1: [bad-seal] the seal is not JSON: Expecting value"),
        (b"\xff\xfe{\0}\0", "1:1: [bad-seal] the seal is not UTF-8"),
        (
            b"{\n  'version': 1}",
            "2:3: [bad-seal] the seal is not JSON: Expecting property name enclosed in double",
        ),
        (b"\xef\xbb\xbf{}", "1:1: [bad-seal] the seal is not JSON: Unexpected UTF-8 BOM"),
        (b"[]", "1:1: [bad-seal] the seal is not of version 2"),
        (b"{}", "1:1: [bad-seal] the seal is not of version 2"),
        (b"null", "1:1: [bad-seal] the seal is not of version 2"),
        (b'{"version": "1"}', "1:1: [bad-seal] the seal is not of version 2"),
        (b'{"version": 1, "seed": "skarn"}', "1:1: [bad-seal] the seal is not of version 2"),
        (b'{"version": 2}', "1:1: [bad-seal] the seal is of the seed no name, not of `skarn`"),
        (
            b'{"version": 2, "seed": "a\\n\\ud800"}',
            "1:1: [bad-seal] the seal is of the seed `a\\n\\ud800`, not",
        ),
        (b'{"version": 2, "seed": "skarn"}', "1:1: [bad-seal] the seal lacks what a seal has: 'passages'"),
        (b"[" * 100_000, "1:1: [bad-seal] the seal is not a seal: too many brackets or digits"),
        (
            b'{"version": ' + b"1" * 5000 + b"}",
            "1:1: [bad-seal] the seal is not a seal: too many brackets or",
        ),
        (b"[" + b"9" * 900_000 + b"]", "1:1: [bad-seal] the seal is not a seal: too many brackets or digits"),
    ],
)
def test_what_is_no_seal_is_a_problem(found: bytes, said: str) -> None:
    assert refused(found).startswith(f"{PATH}:{said}")


@pytest.mark.parametrize(
    "passages",
    [
        "null",
        "3",
        '"p1"',
        "{}",
        "[null]",
        "[[]]",
        '["p1"]',
        "[{}]",
        '[{"id": "p1"}]',
        '[{"id": "p1", "words": 4, "runs": "00", "figures": [], "names": [], "quoted": []}]',
        '[{"id": "p1", "words": -1, "runs": "00", "figures": [], "names": [], "quoted": []}]',
        '[{"id": "p1", "words": "x", "runs": "", "figures": [], "names": [], "quoted": []}]',
        '[{"id": "p1", "words": 1e999, "runs": "", "figures": [], "names": [], "quoted": []}]',
        '[{"id": "p1", "words": [1], "runs": "", "figures": [], "names": [], "quoted": []}]',
        '[{"id": "p1", "words": 3, "runs": "0g", "figures": [], "names": [], "quoted": []}]',
        '[{"id": "p1", "words": 3, "runs": 7, "figures": [], "names": [], "quoted": []}]',
        '[{"id": "p1", "words": 0, "runs": "", "figures": {}, "names": [], "quoted": []}]',
        '[{"id": "p1", "words": 0, "runs": "", "figures": "x", "names": [], "quoted": []}]',
        '[{"id": "p1", "words": 0, "runs": "", "figures": [1], "names": [], "quoted": []}]',
        '[{"id": "p1", "words": 0, "runs": "", "figures": [[1]], "names": [], "quoted": []}]',
        '[{"id": "p1", "words": 0, "runs": "", "figures": [[1, "a", "b"]], "names": [], "quoted": []}]',
        '[{"id": "p1", "words": 0, "runs": "", "figures": [["a", 1]], "names": [], "quoted": []}]',
        '[{"id": "p1", "words": 0, "runs": "", "figures": [[1e999, "a"]], "names": [], "quoted": []}]',
        '[{"id": "p1", "words": 0, "runs": "", "figures": [[NaN, "a"]], "names": [], "quoted": []}]',
        '[{"id": "p1", "words": 0, "runs": "", "figures": [[1, "\\ud800"]], "names": [], "quoted": []}]',
        f'[{{"id": "p1", "words": 0, "runs": "", "figures": [[1, {"[" * 400}{"]" * 400}]], "names": [], "quoted": []}}]',
        '[{"id": "p1", "words": 2, "runs": "", "figures": [[2, "a"]], "names": [], "quoted": []}]',
        '[{"id": "p1", "words": 2, "runs": "", "figures": [], "names": [[-1, "a"]], "quoted": []}]',
        '[{"id": "p1", "words": 2, "runs": "", "figures": [], "names": [], "quoted": [[0, 2]]}]',
        '[{"id": "p1", "words": 2, "runs": "", "figures": [], "names": [], "quoted": [[0]]}]',
        '[{"id": "p1", "words": 2, "runs": "", "figures": [], "names": [], "quoted": 7}]',
        '[{"id": "p1", "words": 2, "runs": "", "figures": [], "names": []}]',
        '[{"id": "x", "words": 0, "runs": "", "figures": [], "names": [], "quoted": []}]',
        '[{"id": "../p1", "words": 0, "runs": "", "figures": [], "names": [], "quoted": []}]',
        '[{"id": null, "words": 0, "runs": "", "figures": [], "names": [], "quoted": []}]',
    ],
)
def test_passages_of_the_wrong_shape_are_a_problem(passages: str) -> None:
    said = refused(f'{{"version": 2, "seed": "skarn", "passages": {passages}}}'.encode())
    assert said.startswith(f"{PATH}:1:1: [bad-seal] the seal ")


@pytest.mark.parametrize(
    "found",
    [
        pytest.param(edited(b'"$1,250"', b'"$1,350"'), id="a figure"),
        pytest.param(edited(b'[4, "1887"]', b'[5, "1887"]'), id="a position"),
        pytest.param(edited(b'"Sandhaven"', b'"Sandhagen"'), id="a name"),
        pytest.param(edited(b'[4, "1887"], ', b""), id="a figure less"),
        pytest.param(edited(b'{"id": "p5"', b'{"id": "p6"'), id="an id"),
        pytest.param(edited(b'"version": 2', b'"version": 2.0'), id="a number in other digits"),
        pytest.param(edited(b'"version": 2', b'"note": "x", "version": 2'), id="a key"),
        pytest.param(data() + b"\n", id="a line at the end"),
        pytest.param(data().replace(b"  ", b"\t"), id="tabs"),
        pytest.param(json.dumps(json.loads(data())).encode(), id="laid out otherwise"),
        pytest.param(json.dumps(json.loads(data()), indent=2, ensure_ascii=False).encode(), id="formatted"),
    ],
)
def test_an_edited_seal_is_a_problem(found: bytes) -> None:
    assert refused(found) == (
        f"{PATH}:1:1: [bad-seal] the seal is not as the machine wrote it: it was edited or cut short"
    )


def test_a_passage_taken_out_is_a_problem() -> None:
    lines = data().splitlines(keepends=True)
    del lines[6]
    assert "was edited" in refused(b"".join(lines))


def test_the_seal_of_another_seed_is_a_problem_even_if_renamed() -> None:
    assert refused(data(), seed="other") == (
        f"{PATH}:1:1: [bad-seal] the seal is of the seed `skarn`, not of `other`"
    )
    assert "was edited" in refused(edited(b'"seed": "skarn"', b'"seed": "other"'), seed="other")


@pytest.mark.parametrize("size", [1, 10, 40, 100, 500, -2, -3, -10])
def test_a_seal_cut_short_is_a_problem(size: int) -> None:
    assert "the seal is not JSON: " in refused(data()[:size])


@settings(REPRODUCIBLE, max_examples=600)
@given(
    at=st.integers(0, len(data()) - 1),
    size=st.integers(0, 40),
    put=st.binary(max_size=6)
    | st.sampled_from([b'"', b"[", b"]", b"{", b"}", b",", b"1e999", b"\\ud800", b"null"]),
)
def test_whatever_is_changed_in_a_seal_it_is_a_problem_or_the_very_same_seal(
    at: int, size: int, put: bytes
) -> None:
    changed = data()[:at] + put + data()[at + size :]
    read, problems = read_seal(PATH, "skarn", changed)
    if read is None:
        assert [problem.code.text for problem in problems] == ["bad-seal"]
    else:
        assert (read, problems) == (seal(), ())
        assert changed.replace(b"\r\n", b"\n") == data()


@settings(REPRODUCIBLE, max_examples=300)
@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from("version seed sum passages id words runs figures names".split()),
                inner,
                max_size=5,
            )
        ),
        max_leaves=10,
    ).map(lambda tree: json.dumps({"version": 2, "seed": "skarn", "passages": tree}).encode())
)
def test_whatever_the_file_holds_it_is_no_exception(found: bytes) -> None:
    read, problems = read_seal(PATH, "skarn", found)
    assert (read is None) is (len(problems) == 1)


def test_problems_know_their_place() -> None:
    _, problems = read_seal(PATH, "skarn", b'{\n  "version": 1,\n  "seed" 2\n}')
    assert [problem.at for problem in problems] == [Location(PATH, 3, 10)]
    assert all(isinstance(problem, Problem) for problem in problems)
