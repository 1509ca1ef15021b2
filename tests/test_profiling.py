"""`--profile FILE`: where the time of a command went, in its own process and in those that it started."""

from __future__ import annotations

import pstats
import subprocess
import sys
from pathlib import Path

import pytest

from build_tools.processes import in_parts
from build_tools.profiling import module_command, profiled
from tests.conftest import MakeWiki, Run


def calls(file: Path) -> dict[str, int]:
    """How often each function was called, by its name."""
    found: dict[str, int] = {}
    for (_, _, name), (_, count, *_) in pstats.Stats(str(file)).stats.items():  # type: ignore[attr-defined]
        found[name] = found.get(name, 0) + count
    return found


def lone(number: int) -> int:
    """Is called by nobody but the test."""
    return number


def test_processes_of_its_own_and_others_are_in_the_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    file = tmp_path / "profile"
    with profiled(file):
        lone(0)
        found = in_parts(lambda items: [lone(item) for item in items], range(10), least=1)
        subprocess.run([*module_command("timeit"), "-n1", "-r1", "pass"], check=True, capture_output=True)
    assert sorted(number for part in found for number in part) == [*range(10)]
    assert calls(file)["lone"] == 11
    assert calls(file)["timeit"] == 1


def test_without_a_file_nothing_is_profiled() -> None:
    with profiled(None):
        assert module_command("timeit") == [sys.executable, "-P", "-m", "timeit"]


def test_a_command_writes_its_profile_and_says_the_same(wiki: MakeWiki, run: Run, tmp_path: Path) -> None:
    root = wiki().root
    said = run("--root", root, "check", "--profile", tmp_path / "profile")
    assert said == (0, "no problems\n", "")
    assert calls(tmp_path / "profile")["check_evidence"] == 1


def test_a_file_that_cannot_be_written_is_told_before_any_work(
    wiki: MakeWiki, run: Run, tmp_path: Path
) -> None:
    root = wiki().root
    code, _, errors = run("--root", root, "build", "--profile", tmp_path / "no" / "profile")
    assert (code, errors.count("profile cannot be written: No such file or directory")) == (2, 1)
    assert not (root / "build").exists()
