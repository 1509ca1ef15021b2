"""Tables gathered again from a few parts are those gathered from all, and say what is another in them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import pytest

from build_tools.gathered import Cut, Row, Rows, differing, grouped, regathered
from build_tools.memory import Memory

Parts = dict[str, tuple[tuple[str, Row], ...]]


def many(rows: Sequence[Row]) -> Rows:
    return Rows(len(rows), tuple(rows))


def parts(chance: random.Random) -> Parts:
    return {
        id_: tuple((chance.choice("xyz"), (id_, number)) for number in range(chance.randrange(4)))
        for id_ in "abcdef"
        if chance.random() < 0.8
    }


@pytest.mark.parametrize("keep", [tuple, many])
def test_gathering_some_again_is_gathering_all(keep: type) -> None:
    chance = random.Random(3)
    for _ in range(200):
        before, now = parts(chance), parts(chance)
        was, all_anew = grouped(before.values(), keep), grouped(now.values(), keep)
        table = dict(was)
        changed = regathered(table, before.values(), now.values(), keep)
        assert table == all_anew
        assert changed == differing(was, all_anew)


def test_what_is_followed_is_what_would_differ() -> None:
    chance = random.Random(5)
    memory = Memory()
    made: list[str] = []

    def told(rows: tuple[tuple[str, Row], ...]) -> dict[str, Row]:
        return dict(rows)

    def look(table: Mapping[str, Row], key: str) -> None:
        made.append(key)
        table.get(key)

    before: dict[str, Row] = {}
    for _ in range(100):
        memory.begin()
        holders = {
            id_: tuple((f"{id_}{n}", (chance.randrange(2),)) for n in range(chance.randrange(3)))
            for id_ in "abc"
        }
        memory.follow("rows", holders, lambda rows: told(rows).items())
        table = {key: row for rows in holders.values() for key, row in rows}
        seen = memory.watch("rows", table)
        made.clear()
        keys = [f"{id_}{n}" for id_ in "abc" for n in range(3)]
        for key in keys:
            memory.recall(("look", key), (), look, seen, key)
        if before or made != keys:
            assert set(made) == differing(before, table)
        before = table


def test_cuts_of_the_same_rows_are_compared_unread() -> None:
    class Unread:
        """Rows that nobody may look at."""

        def __getitem__(self, _: object) -> Row:
            raise AssertionError("looked at")

    rows = Rows(5, Unread())  # type: ignore[arg-type]
    assert rows[1:3] == rows[1:3]
    assert (len(rows), len(rows[1:3]), len(rows[3:9])) == (5, 2, 2)
    assert rows[1:3] != rows[0:1]


def test_a_cut_is_the_rows_that_it_has() -> None:
    rows, others = many([("a",), ("b",), ("c",)]), many([("b",), ("c",), ("d",)])
    assert [*rows[1:]] == [("b",), ("c",)] == [*others[:2]]
    assert rows[1:] == others[:2]
    assert hash(rows[1:]) == hash(others[:2])
    assert rows[:2] != others[:2]
    assert rows[1:] != (("b",), ("c",))
    assert isinstance(rows[1:], Cut)
    assert (rows[1], rows[1:][1], [*rows]) == (("b",), ("c",), [("a",), ("b",), ("c",)])
