"""Work is shared out among processes, and what comes of it is as if one had done it."""

from __future__ import annotations

import io
import itertools
import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from build_tools import processes
from build_tools.processes import Beside, in_parts
from build_tools.progress import Drawn


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
    found = in_parts(lambda _: os.getpid(), range(3), least=1)
    assert len({*found, os.getpid()}) == 4


def test_it_is_told_how_far_all_parts_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_OFTEN", 0)
    terminal, seconds = io.StringIO(), itertools.count()
    drawn = Drawn(terminal, lambda: next(seconds))
    drawn.stage("pages")
    in_parts(doubled, range(300), least=1, progress=drawn)
    told = [line.partition(",")[0] for line in terminal.getvalue().split("\r")]
    assert {f"pages {number} of 300" for number in (100, 200, 299)} <= set(told)
    drawn.stage("site")
    assert terminal.getvalue().endswith("\rsite\x1b[K")


def test_parts_that_come_in_another_order_stay_in_theirs() -> None:
    ended, end = os.pipe()

    def work(items: Iterable[int]) -> list[int]:
        found = list(items)
        if 0 in found:
            os.read(ended, 1)  # what the last part writes
        if 2 in found:
            os.write(end, b".")
        return found

    assert in_parts(work, range(3), least=1) == [[0], [1], [2]]
    os.close(ended)
    os.close(end)


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


def test_what_is_done_beside_comes_when_it_is_asked_for() -> None:
    assert Beside(lambda: (os.getpid(), os.getppid())).result()[1] == os.getpid()


def test_what_could_not_be_done_beside_is_done_here(tmp_path: Path) -> None:
    def once() -> int:
        (tmp_path / f"{os.getpid()}").mkdir()
        if (os.getppid(), len(list(tmp_path.iterdir()))) == (here, 1):
            raise OSError
        return os.getpid()

    here = os.getpid()
    assert Beside(once).result() == here


def test_what_nobody_asks_for_is_waited_for(tmp_path: Path) -> None:
    beside = Beside((tmp_path / "done").mkdir)
    beside.wait()
    beside.wait()
    assert (tmp_path / "done").is_dir()
