"""When a passage has a name."""

from __future__ import annotations

import pytest

from build_tools.names import Names, name_forms


def test_a_possessive_and_the_halves_of_a_compound_are_forms_of_a_name() -> None:
    assert name_forms("holmport's") == ("holmport",)
    assert name_forms("anglo-saxon") == ("anglo-saxon", "anglo", "saxon")


@pytest.mark.parametrize(
    ("wanted", "stands"),
    [
        (("league", "of", "isles"), True),
        (("league", "of", "towns"), False),
        (("isles",), True),
        (("brook",), True),
        (("ada", "brook"), True),
        (("ada", "stone"), False),
        (("of",), False),
    ],
)
def test_a_name_of_several_words_stands_together(wanted: tuple[str, ...], stands: bool) -> None:
    names = Names.of({3: "league", 5: "isles", 9: "ada", 10: "brook's"})
    assert names.has(wanted) is stands
