"""Work is shared out among processes, and what comes of it is as if one had done it."""

from __future__ import annotations

import os
from collections.abc import Iterable

import pytest

from build_tools.processes import in_parts


@pytest.fixture(autouse=True)
def _three_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 3)


def doubled(items: Iterable[int]) -> list[int]:
    return [2 * item for item in items]


@pytest.mark.parametrize(("count", "parts"), [(0, 1), (3, 1), (9, 2), (12, 3), (100, 3)])
def test_every_item_is_done_once_in_no_more_parts_than_pay(count: int, parts: int) -> None:
    results = in_parts(doubled, range(count), least=4)
    assert len(results) == parts
    assert sorted(item for result in results for item in result) == list(range(0, 2 * count, 2))


def test_the_parts_are_done_by_other_processes() -> None:
    assert len(set(in_parts(lambda _: os.getpid(), range(3), least=1))) == 3


def test_what_a_process_could_not_do_is_done_again_here() -> None:
    here = os.getpid()

    def work(items: Iterable[int]) -> list[int]:
        if os.getpid() != here:
            raise OSError("the disk is tired")
        return list(items)

    assert sorted(item for part in in_parts(work, range(6), least=1) for item in part) == list(range(6))


def test_what_nobody_can_do_is_raised_here() -> None:
    def work(items: Iterable[int]) -> None:
        raise OSError(f"no room for {list(items)}")

    with pytest.raises(OSError, match="no room"):
        in_parts(work, range(6), least=1)
