"""The bench of speed: its made-up wikis, what it writes down of each run, and the page made of that."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import markdown
import pytest

from bench import wikis
from bench.speed import works
from bench.speed.page import page
from bench.speed.plot import LINE, Line, drawn
from bench.speed.profile import packages
from bench.speed.results import Notebook, Part, Results, Row, Size, read, written
from bench.speed.works import Failed, run
from bench.wikis import ROOT
from build_tools.compiler import check_wiki
from build_tools.load import load
from build_tools.profiling import profiled
from build_tools.report import terminal
from build_tools.site.elements import ARTICLE_ELEMENTS, GLOBAL_ATTRIBUTES
from tests.islands import EXAMPLE, PROJECT, contents

# ---- made-up wikis -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("made") / "wiki"
    wikis.lay_out(root, 240)
    return root


def problems(root: Path) -> str:
    return terminal(check_wiki(*load(root)).problems)


def test_a_made_up_wiki_has_no_problem_and_ten_cites_for_each_entity(made: Path) -> None:
    assert problems(made) == ""
    records = [path.read_text() for path in (made / "entities").rglob("*.yml")]
    assert len(records) == 240
    assert 9 < sum(record.count("cites: [") for record in records) / 240 < 11
    claims = [record.count("  - id: c") for record in records]
    assert min(claims) >= 3
    assert max(claims) <= 60
    assert 12 < 240 / len(list((made / "seeds").iterdir())) < 20


def test_equal_arguments_give_equal_wikis_on_any_number_of_cores(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    wikis.lay_out(tmp_path / "wiki", 240)
    assert contents(tmp_path / "wiki") == contents(made)


def test_the_edits_that_are_measured_leave_a_wiki_sound(made: Path) -> None:
    before = contents(made)
    for work in works.works(None):
        for round_ in (1, 2):
            work.before(made, round_)
    after = contents(made)
    changed = {path for path in {*before, *after} if before.get(path) != after.get(path)}
    assert {path.partition("/")[0] for path in changed} - {"build"} == {"entities", "seeds"}
    assert {"seeds/new-1/seal.json", "seeds/new-2/seal.json"} <= changed
    assert problems(made) == ""


def test_a_hub_is_named_by_all(tmp_path: Path) -> None:
    wikis.lay_out(tmp_path / "wiki", 9, hub=wikis.Hub(claims=200, links=2))
    hub, *others = sorted((tmp_path / "wiki/entities").rglob("*.yml"), key=lambda path: path.stem != "hub")
    assert hub.read_text().count("  - id: c") == 200
    assert all(path.read_text().count("[[hub]]") >= 2 for path in others)


# ---- what a process takes ----------------------------------------------------------------------------


def test_the_largest_process_counts_whichever_started_it(tmp_path: Path) -> None:
    large = "import sys; data = bytearray(150_000_000)"
    started = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {large!r}])"
    took = run([sys.executable, "-c", started], tmp_path)
    assert took.peak > 150
    assert took.cpu > 0
    assert took.seconds > 0
    # A process begins as a copy of the one that starts it, and that of the tests is large: from a small one.
    measured = f"from bench.speed.works import run; print(run({[sys.executable, '-c', started]!r}, '.').peak)"
    done = subprocess.run(
        [sys.executable, "-c", measured], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert 150 < float(done.stdout) < 250


def test_a_process_that_fails_is_told_of_with_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="ended with 3:\nno ferry today"):
        run([sys.executable, "-c", "print('no ferry today'); raise SystemExit(3)"], tmp_path)


# ---- what is written down ----------------------------------------------------------------------------


def rows(seconds: float = 1.0) -> tuple[Row, ...]:
    """A run that grows as the power 1.1 of the wiki, with three rounds."""
    found = []
    for entities in (100, 1_000, 10_000, 100_000):
        for number, work in enumerate(
            (works.CHECK, works.COMPILE, works.PLAIN, works.COLD, works.NOTHING), 1
        ):
            for round_ in (1, 2, 3):
                took = seconds * number * (entities / 1000) ** 1.1 * (0.9 + round_ / 10)
                found.append(Row(entities, work, round_, took, took * 2, entities / 100))
    return tuple(found)


RESULTS = Results(
    "2 cores",
    tuple(sorted(rows())),
    (Size(100, works.SITE, 5_000_000),),
    (Part(1000, "markdown", 60), Part(1000, "jinja2", 39.5), Part(1000, "click", 0.5)),
)


def test_a_run_goes_on_from_what_is_written_down(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "rows.jsonl"
    notebook = Notebook(path, "2 cores")
    first, second = rows()[:2]
    notebook.put(first)
    notebook.put(Size(100, works.SITE, 1))
    notebook.put(Size(100, works.SITE, 2))
    with path.open("a") as stream:
        stream.write('{"entities": 100, "wo')  # cut short
    again = Notebook(path, "2 cores")
    assert again.has(100, first.work, 1)
    assert not again.has(100, first.work, 2)
    again.put(second)
    again.put(Part(100, "markdown", 1.5))
    found = read(path.read_text())
    assert found == Results(
        "2 cores", (first, second), (Size(100, works.SITE, 2),), (Part(100, "markdown", 1.5),)
    )
    assert read(written(found)) == found


def test_growth_is_told_from_a_thousand_on() -> None:
    assert RESULTS.growth(works.CHECK) == pytest.approx(1.1)
    small = Results("", tuple(row for row in RESULTS.rows if row.entities <= 1000), ())
    assert small.growth(works.CHECK) is None
    assert RESULTS.median(works.CHECK, 1000) == pytest.approx(1.1)
    assert RESULTS.median(works.CHECK, 7) is None


def test_a_profile_is_told_by_packages_and_waiting_is_none(tmp_path: Path) -> None:
    file = tmp_path / "profile"
    with profiled(file):
        subprocess.run([sys.executable, "-c", "import time; time.sleep(0.3)"], check=True)
        markdown.markdown("A *ferry*.\n\n" * 300)
        check_wiki(*load(EXAMPLE))
    found = packages(file)
    assert found["markdown"] > 0.05
    assert found["build_tools/checks"] > 0
    assert found["Python's own library"] < 0.3


# ---- the page ----------------------------------------------------------------------------------------


def test_the_page_holds_the_results_against_the_aims() -> None:
    text = page(RESULTS)
    assert (
        f"| {works.COLD}, 10,000 entities, of plain `mkdocs build` | 1/3.0 | 1.3 times | **missed** |" in text
    )
    assert f"| {works.COLD}, 10,000 entities, largest process | 1,000 MB | 100 MB | met |" in text
    assert f"| {works.CLAIM}, 10,000 entities | 2.50 s | – | – |" in text
    assert f"| {works.CHECK}, exponent of growth from 1,000 to 100,000 | 1.05 | 1.10 | **missed** |" in text
    assert f"| {works.CHECK} | 0.09 (0.08–0.10) | 1.10 (1.00–1.20) |" in text
    assert "| markdown | 60% |" in text
    assert "| click |" not in text
    assert page(Results("2 cores", tuple(sorted(rows(0.001))), ())).count("| met |") > text.count("| met |")


def test_the_drawing_is_such_as_pages_may_hold_and_takes_their_colour() -> None:
    near = tuple(Line(f"<line {number}>", ((100, 1.0), (1000, 2.0 + number / 1e6))) for number in range(9))
    text = drawn(near)
    for tag, attributes in re.findall(r"<([a-z]+)([^>]*)>", text):
        assert (
            set(re.findall(r" ([\w:-]+)=", attributes)) - GLOBAL_ATTRIBUTES - {"aria-label"}
            <= (ARTICLE_ELEMENTS[tag])
        )
    assert "\n\n" not in text
    assert not re.search(r"(?:fill|stroke)=\"(?!none|currentColor)", text)
    heights = [float(y) for y in re.findall(r'y="([\d.]+)">&lt;line', text)]
    assert len(heights) == 9
    gaps = [below - above for above, below in zip(sorted(heights), sorted(heights)[1:], strict=False)]
    assert min(gaps) >= LINE - 0.11  # they are rounded


def test_the_published_page_is_what_was_measured() -> None:
    measured = (PROJECT / "bench/speed/measured.jsonl").read_text(encoding="utf-8")
    assert page(read(measured)) == (PROJECT / "docs/speed.md").read_text(encoding="utf-8")
