"""What a terminal is shown of how far a run is, and what it is told in the end."""

from __future__ import annotations

import argparse
import contextlib
import io
import re
from collections.abc import Callable

import pytest

from build_tools.commands.reporting import following
from build_tools.progress import SILENT, Drawn
from tests.conftest import MakeWiki, Run


class Clock:
    """Tells what it is set to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def terminal() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def drawn(clock: Clock, terminal: io.StringIO) -> Drawn:
    return Drawn(terminal, clock)


def lines(terminal: io.StringIO) -> list[str]:
    """What the line said, one after another."""
    text = terminal.getvalue()
    assert "\n" not in text
    return [part.removesuffix("\x1b[K") for part in text.split("\r")[1:]]


def test_the_line_has_the_stage_its_counts_its_rate_and_the_time_left(
    drawn: Drawn, clock: Clock, terminal: io.StringIO
) -> None:
    drawn.stage("pages")
    for number in drawn.over(range(10_000)):
        clock.now += {20: 0.2, 500: 9.8, 9_500: 10}.get(number, 0)
    drawn.stage("site")
    assert lines(terminal) == [
        "pages",
        "pages 21 of 10,000",
        "pages 501 of 10,000, 50 a second, 3 min 10 s left",
        "pages 9,501 of 10,000, 475 a second, 1 s left",
        "site",
    ]


def test_it_is_drawn_ten_times_a_second_at_most(drawn: Drawn, clock: Clock, terminal: io.StringIO) -> None:
    drawn.stage("pages")
    for _ in drawn.over(range(1000)):
        clock.now += 0.001
    assert 5 < len(lines(terminal)) <= 11


def test_few_items_are_not_counted_and_none_is_lost(
    drawn: Drawn, clock: Clock, terminal: io.StringIO
) -> None:
    drawn.stage("pages")
    found = []
    for item in drawn.over("abc"):
        clock.now += 1
        found.append(item)
    assert found == [*SILENT.over("abc")] == ["a", "b", "c"]
    assert [*drawn.over(())] == []
    assert lines(terminal) == ["pages"]


def test_in_the_end_the_line_is_gone_and_the_stages_have_their_times(
    drawn: Drawn, clock: Clock, terminal: io.StringIO
) -> None:
    for name, seconds in (("reading", 0.25), ("pages", 2), ("reading", 0.5)):
        drawn.stage(name)
        clock.now += seconds
    drawn.end()
    assert lines(terminal)[-1] == ""
    assert drawn.summary == "reading 0.8 s, pages 2.0 s; together 2.8 s"


def test_a_line_is_no_longer_than_the_terminal_is_wide(
    drawn: Drawn, terminal: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "12")
    drawn.stage("pages of everything")
    assert lines(terminal) == ["pages of ev"]


# ---- in a terminal -----------------------------------------------------------------------------------


class Terminal(io.StringIO):
    """Errors go here, and it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Terminal]:
    """From now on errors go to a terminal; not from the beginning, as pytest puts its own in place again."""

    def begin() -> Terminal:
        found = Terminal()
        monkeypatch.setattr("sys.stderr", found)
        return found

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("CI", raising=False)
    return begin


def test_a_build_tells_its_stages_and_in_the_end_what_each_took(
    wiki: MakeWiki, run: Run, watch: Callable[[], Terminal]
) -> None:
    root, errors = wiki().root, watch()
    code, out, _ = run("--root", root, "build", "--pages-only")
    assert (code, out.splitlines()[0]) == (0, "no problems")
    line, _, summary = errors.getvalue().rpartition("\x1b[K")
    assert [part.removesuffix("\x1b[K") for part in line.split("\r")[1:]] == [
        "reading", "linking", "checks", "pages", "writing", ""
    ]  # fmt: skip
    assert re.fullmatch(r"reading \d\.\d s, linking .* s, writing \d\.\d s; together \d+\.\d s\n", summary)


@pytest.mark.parametrize(
    ("options", "environment"),
    [(("--format", "json"), {}), (("--format", "github"), {}), ((), {"CI": "true"}), ((), {"TERM": "dumb"})],
)
def test_where_nobody_looks_nothing_is_written(
    options: tuple[str, ...],
    environment: dict[str, str],
    wiki: MakeWiki,
    run: Run,
    watch: Callable[[], Terminal],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    root, errors = wiki().root, watch()
    assert run("--root", root, "check", *options)[0] == 0
    assert errors.getvalue() == ""


def test_the_line_is_gone_where_a_command_is_stopped(watch: Callable[[], Terminal]) -> None:
    errors = watch()
    with contextlib.suppress(KeyboardInterrupt), following(argparse.Namespace(format="text")) as progress:
        progress.stage("pages")
        raise KeyboardInterrupt
    assert errors.getvalue().endswith("\r\x1b[K")
