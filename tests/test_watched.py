"""What is looked up is noted as numbers, by which it is found what a change concerns."""

from __future__ import annotations

import enum
import subprocess
import sys

import pytest

from build_tools.watched import WHOLE, Reading, Watched, concerns, mark, together


class Colour(enum.StrEnum):
    """A string that is written otherwise than it is."""

    RED = "red"


class Name(str):
    """Another kind of string."""

    __slots__ = ()


@pytest.mark.parametrize(
    ("one", "other"),
    [("red", Colour.RED), ("red", Name("red")), (("red", None), (Colour.RED, None))],
)
def test_equal_keys_have_equal_marks(one: object, other: object) -> None:
    assert one == other
    mark.cache_clear()
    assert mark(one) == mark(other)


def test_marks_are_the_same_in_every_process() -> None:
    told = "from build_tools.watched import mark; print(mark('skarn'), mark(('skarn', None, 3)))"
    found = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert found.stdout.split() == [str(mark("skarn")), str(mark(("skarn", None, 3)))]


def test_marks_tell_keys_apart() -> None:
    keys = [
        *"abcdefgh",
        *((a, b) for a in "abc" for b in "abc"),
        ("a", ("b", "c")),
        ("a", "b", "c"),
        "a,b",
        "",
    ]
    assert len({*map(mark, keys), WHOLE}) == len(keys) + 1


def test_what_was_looked_up_is_what_a_change_of_it_concerns() -> None:
    reading: list[Reading] = [Reading()]
    table = Watched("isles", {"skarn": 1}, reading)
    assert (table["skarn"], table.get("holm"), "rost" in table) == (1, None, False)
    with pytest.raises(KeyError):
        table["stone"]
    (marks,) = reading[0].reads().values()
    for key in ("skarn", "holm", "rost", "stone"):
        assert concerns({mark(key)}, marks)
    assert not concerns({mark("else"), WHOLE}, marks)
    assert not concerns(set(), marks)
    assert len(table) == 1
    (marks,) = reading[0].reads().values()
    assert concerns({WHOLE}, marks)


def test_what_several_read_they_read_together() -> None:
    one, other = Reading(), Reading()
    one.note("isles", "skarn")
    other.note("isles", "holm")
    other.note("seeds", "herald")
    found = together([one.reads(), other.reads()])
    assert sorted(found) == ["isles", "seeds"]
    assert concerns({mark("skarn")}, found["isles"])
    assert concerns({mark("holm")}, found["isles"])
    assert not concerns({mark("herald")}, found["isles"])
