"""Equal inputs give equal bytes, whatever the order of files, the place, the time zone or the run."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build_tools.compiler import compile_wiki
from build_tools.load import SourceFile, Sources, load
from build_tools.report import terminal
from tests.conftest import MakeWiki
from tests.islands import EXAMPLE, PROJECT, Wiki, contents, difference, lay_out, lay_out_site

ENVIRONMENTS = (
    {"TZ": "UTC", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "1"},
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "2"},
    {"TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "77", "PYTHONUTF8": "0"},
)


def shuffled(sources: Sources, chance: random.Random) -> Sources:
    def mix(files: tuple[SourceFile, ...]) -> tuple[SourceFile, ...]:
        return tuple(chance.sample(files, len(files)))

    return replace(
        sources,
        entities=mix(sources.entities),
        seeds=mix(sources.seeds),
        docs=mix(sources.docs),
        attached=mix(sources.attached),
    )


EXAMPLE_SOURCES, _ = load(EXAMPLE)
EXAMPLE_PAGES = compile_wiki(EXAMPLE_SOURCES)
PROJECT_SOURCES, _ = load(PROJECT)


@settings(deadline=None, max_examples=20, derandomize=True)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_files_changes_no_byte(chance: random.Random) -> None:
    compiled = compile_wiki(shuffled(EXAMPLE_SOURCES, chance))
    assert (compiled.files, compiled.problems) == (EXAMPLE_PAGES.files, EXAMPLE_PAGES.problems)


def test_the_order_of_the_files_changes_no_byte_of_the_project() -> None:
    compiled = compile_wiki(PROJECT_SOURCES)
    for seed in (1, 2):
        again = compile_wiki(shuffled(PROJECT_SOURCES, random.Random(seed)))
        assert (again.files, again.problems) == (compiled.files, compiled.problems)


@settings(deadline=None, max_examples=10, derandomize=True)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_files_changes_no_problem(chance: random.Random) -> None:
    broken = replace(
        EXAMPLE_SOURCES,
        entities=tuple(
            replace(file, data=file.data.replace(b"longholm", b"longhorn").replace(b"cites:", b"cite:"))
            for file in EXAMPLE_SOURCES.entities
        ),
    )
    problems = compile_wiki(broken).problems
    assert len(problems) > 10
    assert compile_wiki(shuffled(broken, chance)).problems == problems
    assert [problem.sort_key for problem in problems] == sorted(problem.sort_key for problem in problems)


def test_compiling_twice_changes_nothing(wiki: MakeWiki) -> None:
    here = wiki()
    before = contents(here.root)
    first, second = here.compiled(), here.compiled()
    assert (first.files, first.problems, first.cards) == (second.files, second.problems, second.cards)
    assert contents(here.root) == before, "compiling writes nothing"


def test_the_folder_and_the_order_of_creation_change_no_byte(tmp_path: Path) -> None:
    files = {path: data for path, data in contents(EXAMPLE).items() if isinstance(data, bytes)}
    one = Wiki(tmp_path / "a").put(files)
    other = Wiki(tmp_path / "a much longer name of a folder – ü").put(dict(reversed(files.items())))
    assert one.pages() == other.pages()


@pytest.mark.parametrize("backwards", [False, True])
def test_the_order_in_which_the_system_lists_files_changes_nothing(
    backwards: bool, wiki: MakeWiki, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = wiki({"entities/islands/ada-brook.yml": "name: Ada\n"})
    pages, problems = here.compiled().files, here.compiled().problems
    assert [str(problem.at) for problem in problems] == ["entities/people/ada-brook.yml:1:1"]
    scandir = os.scandir

    class Listed(list[Any]):
        def close(self) -> None:
            """As the system's own."""

    def listed(folder: Path) -> Listed:
        return Listed(sorted(scandir(folder), key=lambda entry: entry.name, reverse=backwards))

    monkeypatch.setattr(os, "scandir", listed)
    assert (here.compiled().files, here.compiled().problems) == (pages, problems)


def test_dates_of_files_change_no_byte(wiki: MakeWiki) -> None:
    here = wiki()
    pages = here.pages()
    for path in here.root.rglob("*.yml"):
        os.utime(path, (1, 1))
    assert here.pages() == pages


def test_only_a_record_of_the_seed_parts_sealed_from_attached(wiki: MakeWiki) -> None:
    sealed_pages = wiki().pages()
    attached = wiki().attach("courier-2024").attach("bote-2023").pages()
    changed = {path for path in sealed_pages if sealed_pages[path] != attached[path]}
    assert changed
    for path in changed:
        text = attached[path].decode()
        for word, other in (
            ("against the text", "against the seal"),
            ("· text]", "· seal]"),
            ("· text<", "· seal<"),
            ("· text;", "· seal;"),
            ("cite-text", "cite-seal"),
        ):
            text = text.replace(word, other)
        if path not in ("index.md", "seeds/index.md", "coverage.md"):  # they count both
            assert text == sealed_pages[path].decode(), path


def built(root: Path, environment: dict[str, str], *more: str) -> dict[str, bytes]:
    """What `wiki build` leaves in a fresh copy of the example, in a process of its own."""
    lay_out_site(root)
    command = [sys.executable, "-m", "build_tools", "--root", str(root), "build", *more]
    clean = {
        key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "TZ", "PYTHON"))
    }
    done = subprocess.run(
        command,
        cwd=PROJECT,
        env=clean | {"SOURCE_DATE_EPOCH": "1700000000"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    made = {path: data for path, data in contents(root / "build").items() if isinstance(data, bytes)}
    # Beside the site stands which files it consists of, on this disk.
    return {path: data for path, data in made.items() if not path.startswith(".cache/")}


def test_time_zone_locale_and_hash_seed_change_no_byte_of_the_pages(tmp_path: Path) -> None:
    one, *others = [
        built(tmp_path / str(number), environment, "--pages-only")
        for number, environment in enumerate(ENVIRONMENTS)
    ]
    assert len(one) > 20
    for other in others:
        assert not difference(one, other)


def test_time_zone_locale_and_hash_seed_change_no_byte_of_the_site(tmp_path: Path) -> None:
    one = built(tmp_path / "wiki", ENVIRONMENTS[0])
    shutil.rmtree(tmp_path / "wiki")
    other = built(tmp_path / "wiki", ENVIRONMENTS[1])
    assert any(path.startswith("site/") for path in one)
    assert {path for path in one if one[path] != other.get(path)} == set()
    assert one.keys() == other.keys()


@pytest.mark.parametrize(
    "change", ["# a comment\n", "\n\n", "\ufeff"], ids=["comment", "blank lines", "mark"]
)
def test_comments_and_blank_lines_change_no_page(change: str, tmp_path: Path) -> None:
    pages = lay_out(tmp_path / "one").pages()
    other = lay_out(tmp_path / "other")
    for path in other.root.rglob("*.yml"):
        path.write_text(change + path.read_text())
    assert terminal(other.compiled().problems) == ""
    assert other.pages() == pages
