"""What passages are asked for: figures and words with digits in the words cited, all else in the whole."""

from __future__ import annotations

import pytest

from build_tools.evidence import Evidence, Part, sealed
from build_tools.seal import make_seal

TEXT = "A boat, the B52, came on 2024-06-03 with 12 men. In May the C7 had left with 30, in 1999."


def evidence(first: int, end: int) -> Evidence:
    """What the words of the text have, from `first` to before `end`."""
    (seal,) = make_seal("s", [("p1", TEXT, False)]).passages
    part = Part(seal, sealed(seal, "en"), first, end)
    return Evidence(figures=tuple(part.figures()), parts=(part,), cites=())


@pytest.mark.parametrize(("first", "end", "has"), [(0, 9, "b52"), (9, 20, "c7")])
def test_words_with_digits_stand_in_the_words_cited(first: int, end: int, has: str) -> None:
    asked = evidence(first, end)
    assert [word for word in ("b52", "c7", "d1") if asked.has_literal(word)] == [has]


@pytest.mark.parametrize(("first", "end"), [(0, 9), (9, 20)])
def test_dates_and_names_are_those_of_the_whole_passage(first: int, end: int) -> None:
    asked = evidence(first, end)
    assert [year for year in (1999, 2023, 2024) if asked.has_year(year)] == [1999, 2024]
    assert [month for month in range(13) if asked.has_month(month)] == [5, 6]
    assert [day for day in range(13) if asked.has_day(day)] == [3]
    assert asked.names_word("may's")
    assert not asked.names_word("boat")


def test_figures_stand_in_the_words_cited() -> None:
    assert 12 in [figure.value for figure in evidence(0, 9).figures]
    assert [figure.value for figure in evidence(9, 20).figures] == [30, 1999]
