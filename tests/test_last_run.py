"""A run goes on from the one before it, or begins anew where that is lost; it never finds anything else."""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Callable, Hashable
from pathlib import Path

import pytest

from build_tools import checks, last_run, lasting, link, memory, validate
from build_tools.compiler import Checked, Compiled, check_wiki, compile_wiki
from build_tools.last_run import Ongoing, Start, go_on
from build_tools.load import load
from build_tools.pages import render, ways
from build_tools.problems import Code, Location, Problem, has_errors
from build_tools.store import Lost, Store, Writer
from build_tools.unchanged import now
from tests.islands import Wiki

MakeWiki = Callable[..., Wiki]
PLACE = "build/.cache/wiki"


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files were not changed in the very moment in which they are looked at."""
    monkeypatch.setattr(last_run, "now", lambda place: now(place) + 1_000_000_000)


@pytest.fixture(params=["small", "large"])
def size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How large the wiki is taken to be: of a large one nobody holds the contents."""
    if request.param == "large":
        monkeypatch.setattr(os, "cpu_count", lambda: 2)
        for module in (validate, link, checks, render):
            monkeypatch.setattr(module, "_LEAST", 2)
        monkeypatch.setattr(validate, "_LEAST_SEEDS", 1)
        monkeypatch.setattr(memory, "_MUCH", 0)
        monkeypatch.setattr(lasting, "_HELD", 10_000)
    return str(request.param)


class Runs:
    """Compiles the wiki again and again, going on each time from what was kept."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.made: list[set[Hashable]] = []  # by each run, what it worked out

    def run(self) -> Compiled:
        return self._is_clean(go_on(self.root, self._compile))

    def run_again(self, ongoing: Ongoing) -> Compiled:
        """One run more of a process that goes on."""
        done = compile_wiki(*ongoing.read(), memory=ongoing.memory)
        self.made.append(ongoing.memory.made)
        return self._is_clean(done)

    def _is_clean(self, done: Compiled) -> Compiled:
        """What was made, which is what is made from nothing."""
        clean = compile_wiki(*load(self.root))
        assert [file.path for file in done.files] == [file.path for file in clean.files]
        assert [file.digest for file in done.files] == [file.digest for file in clean.files]
        assert done.problems == clean.problems
        return done

    def _compile(self, start: Start) -> Compiled:
        compiled = compile_wiki(start.sources, start.loading, memory=start.memory)
        self.made.append(start.memory.made)
        if compiled.wiki is not None and not has_errors(compiled.problems):
            start.keep(compiled.wiki)
        return compiled


@pytest.fixture
def runs(wiki: MakeWiki, size: str) -> Runs:
    return Runs(wiki().root)


def skarn(root: Path) -> Path:
    return root / "entities/islands/great-skarn.yml"


def edit(root: Path) -> None:
    """A claim says something in other words."""
    path = skarn(root)
    text = path.read_text()
    path.write_text(text.replace("text: ", "text: Later, ", 1))
    assert path.read_text() != text


def test_what_did_not_change_is_not_worked_out_again(runs: Runs) -> None:
    runs.run()
    runs.run()
    first, again = runs.made
    assert len(first) > 50
    assert again == set()


def test_an_edit_costs_what_it_changes(runs: Runs) -> None:
    runs.run()
    edit(runs.root)
    runs.run()
    first, again = runs.made
    assert ("entity", str(skarn(runs.root).relative_to(runs.root))) in again
    assert 0 < len(again) < len(first) / 2


def test_one_edit_after_another_never_makes_it_begin_anew(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Long lists are cut, and what a page of them was given may have gone since."""
    for cap in ("DATED", "FIGURES", "MEMBERS", "NAMES", "QUOTES", "QUESTIONS"):
        monkeypatch.setattr(ways, f"MOST_{cap}", 2)
    monkeypatch.setattr(memory, "_MANY", 1)  # few are looked through together
    runs.run()
    records = sorted(runs.root.glob("entities/*/*.yml"))
    dated = [path for path in records if "when: " in path.read_text()]
    for record in dated:
        text = record.read_text()
        record.write_text(text.replace("text: ", "text: Later, ", 1))
        runs.run()
        record.write_text(text)
        runs.run()
        for other in records:
            if other != record:
                other.write_text(re.sub("^name: (.*)", r"name: \1 too", other.read_text(), count=1))
                break
        runs.run()
    assert len(runs.made) == 1 + 3 * len(dated) > 12, "each compiled once"


def test_a_check_between_two_builds_makes_no_difference(runs: Runs) -> None:
    def check(start: Start) -> Checked:
        checked = check_wiki(start.sources, start.loading, start.memory)
        assert checked.wiki is not None
        start.keep(checked.wiki)
        return checked

    runs.run()
    for old, new in (
        ("when: 2024-06", "when: 2024"),
        ("- id: ship-ordered", "- id: new-ship"),
        (" passengers", " people"),
    ):
        change(skarn(runs.root), old, new)
        assert not has_errors(go_on(runs.root, check).problems)
        runs.run()
        assert 0 < len(runs.made[-1]) < len(runs.made[0]) / 2


def test_nothing_is_kept_of_a_run_with_errors(runs: Runs) -> None:
    runs.run()
    kept = (runs.root / PLACE / "index").read_bytes()
    text = skarn(runs.root).read_text()
    skarn(runs.root).write_text(f"{text}nonsense: 1\n")
    assert has_errors(runs.run().problems)
    assert (runs.root / PLACE / "index").read_bytes() == kept
    skarn(runs.root).write_text(text)
    runs.run()


def test_what_was_kept_of_a_run_that_fails_later_is_not(runs: Runs) -> None:
    runs.run()
    kept = (runs.root / PLACE / "index").read_bytes()
    edit(runs.root)
    fault = Problem(Location("build/site"), Code.SITE_BUILD, "no", "mend it")
    done = go_on(runs.root, lambda start: dataclasses.replace(runs._compile(start), problems=(fault,)))
    assert done.problems == (fault,)
    assert (runs.root / PLACE / "index").read_bytes() == kept
    assert sorted(path.suffix for path in (runs.root / PLACE).iterdir() if path.name.startswith("index")) == [
        ""
    ]


@pytest.mark.parametrize("at", range(0, 100, 9))
def test_where_something_is_lost_a_run_begins_anew(runs: Runs, at: int) -> None:
    runs.run()
    edit(runs.root)
    for path in (runs.root / PLACE).glob("*.pieces"):
        data = bytearray(path.read_bytes())
        for place in range(len(data) * at // 100, len(data), len(data) // 40):
            data[place] ^= 1
        path.unlink()  # what is open stays as it is
        path.write_bytes(data)
    runs.run()
    runs.run()
    assert runs.made[-1] == set()


def test_where_all_is_gone_a_run_begins_anew(runs: Runs) -> None:
    runs.run()
    for pattern in ("index", "*.pieces"):
        for path in (runs.root / PLACE).glob(pattern):
            path.unlink()
        runs.run()


def test_another_compiler_begins_anew(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    runs.run()
    monkeypatch.setattr(last_run, "compiler", lambda: "another")
    runs.run()
    first, again = runs.made
    assert again == first


def test_where_all_is_lost_again_and_again_a_run_keeps_all_in_memory(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object) -> None:
        raise Lost("somebody deletes whatever is put there")

    runs.run()
    edit(runs.root)
    monkeypatch.setattr(Store, "get", lost)
    monkeypatch.setattr(Store, "hold", lost)
    runs.run()


def test_where_there_is_no_room_a_run_keeps_all_in_memory(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(Writer, "put", full)
    runs.run()
    assert not list((runs.root / PLACE).glob("index*"))


def test_a_page_that_is_looked_at_after_all_is_laid_out_again(runs: Runs) -> None:
    runs.run()
    done = go_on(runs.root, runs._compile)
    assert all(file.data is not None for file in compile_wiki(*load(runs.root)).files)
    seen: list[int] = []

    def look(start: Start) -> Compiled:
        compiled = runs._compile(start)
        seen.append(sum(len(file.data) for file in compiled.files))
        return compiled

    assert go_on(runs.root, look).problems == done.problems
    assert len(seen) == 1, "the first try found a page Lost, the second began anew"


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_a_process_goes_on_from_run_to_run(runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    runs.run()
    edit(runs.root)
    ongoing = Ongoing(runs.root)
    runs.run_again(ongoing)
    monkeypatch.setattr(memory, "_MUCH", 20)  # of what follows there is little
    runs.run_again(ongoing)
    assert runs.made[-1] == set()
    for path, old, new in (
        ("entities/islands/great-skarn.yml", "text: Later, ", "text: Once more, "),
        ("entities/islands/great-skarn.yml", "name: ", "nam: "),  # which is an error
        ("entities/islands/great-skarn.yml", "nam: ", "name: "),
        ("seeds/courier-2024/seed.yml", "short: ", "short: The "),
        ("wiki.yml", "tagline: ", "tagline: All of "),
    ):
        change(runs.root / path, old, new)
        done = runs.run_again(ongoing)
        assert has_errors(done.problems) == (new == "nam: ")
    assert done.wiki is not None
    ongoing.keep(done.wiki)
    change(skarn(runs.root), "text: Once more, ", "text: Later, ")
    runs.run_again(ongoing)
    change(skarn(runs.root), "text: Later, ", "text: Once more, ")
    runs.run_again(Ongoing(runs.root))
    assert runs.made[-1] == set()


@pytest.mark.parametrize("size", ["large"], indirect=True)
def test_much_that_a_later_run_makes_is_lost_and_another_goes_on(runs: Runs) -> None:
    ongoing = Ongoing(runs.root)
    done = runs.run_again(ongoing)
    assert done.wiki is not None
    ongoing.keep(done.wiki)
    edit(runs.root)
    with pytest.raises(Lost):
        runs.run_again(ongoing)
    runs.run_again(Ongoing(runs.root))
    assert 0 < len(runs.made[-1]) < len(runs.made[0]) / 2
