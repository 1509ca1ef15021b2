"""What a save makes of the preview's site, in one process and in that of the worker."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Hashable, Iterator
from multiprocessing import Pipe
from pathlib import Path
from queue import Queue

import pytest

from build_tools import last_run
from build_tools.cli import main
from build_tools.problems import Code, Severity
from build_tools.serve import PLACE
from build_tools.serve.builder import Builder, Gone
from build_tools.serve.generator import address
from build_tools.serve.worker import Answered, Followed, Refused, Told, _answer
from build_tools.serve.workshop import Finished, Rebuilt, Workshop, parted
from build_tools.store import Lost, Store
from build_tools.unchanged import now
from build_tools.write import writing
from tests.conftest import MakeWiki
from tests.islands import PROJECT, Wiki, contents, lay_out_site
from tests.test_cases import ROCK, SOUND

UNSOURCED = SOUND.replace("    cites: [courier-2024#p1]\n", "")
BROKEN = Rebuilt(findings=(), set_aside=0, placed=False, changed=(), seconds=())
PLACED = Rebuilt(findings=(), set_aside=0, placed=True, changed=(), seconds=())


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Wiki, Workshop]]:
    """The example's preview, which began from what was built; each test leaves it sound and finished."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "315532800")
        later(patch)
        wiki = lay_out_site(tmp_path_factory.mktemp("preview"))
        wiki.put({"docs/untitled.md": "# Untitled\n\nNo title above.\n"})
        wiki.change("mkdocs.yml", "  - about.md\n", "  - About: about.md\n  - untitled.md\n")
        assert main(["--root", str(wiki.root), "build"]) == 0
        built = contents(wiki.root / "build/site")
        with writing(wiki.root / PLACE):
            workshop = Workshop(wiki.root)
            rebuilt = workshop.rebuild()
            assert (rebuilt.placed, rebuilt.changed, said(rebuilt)) == (True, (), [])
            assert made(workshop) == set()
            finished = workshop.finish()
            assert (said(finished), finished.keeping) == ([], None)
            assert contents(wiki.root / PLACE / "site") == built
            yield wiki, workshop
        assert contents(wiki.root / "build/site") == built, (
            "the files are shared, and nobody writes into them"
        )


@pytest.fixture(scope="module")
def with_rock(preview: tuple[Wiki, Workshop]) -> dict[str, bytes | str]:
    """The site's files that are made of the example with an island more, from nothing."""
    wiki, _ = preview
    clean = copied(wiki, "with-rock").put({ROCK: SOUND})
    assert Workshop(clean.root).rebuild().changed is None
    return site(clean)


def copied(wiki: Wiki, name: str) -> Wiki:
    """The wiki in a folder of another name, where nothing has been built."""
    clean = wiki.root.with_name(name)
    shutil.copytree(wiki.root, clean, ignore=shutil.ignore_patterns("build"))
    return Wiki(clean)


def later(patch: pytest.MonkeyPatch) -> None:
    """No file was changed in the very moment in which it is looked at."""
    patch.setattr(last_run, "now", lambda place: now(place) + 1_000_000_000)


def made(workshop: Workshop) -> set[Hashable]:
    """What the last rebuild worked out."""
    assert workshop._ongoing is not None
    return workshop._ongoing.memory.made


def said(told: Rebuilt | Finished) -> list[str]:
    return [str(finding.problem.code) for finding in told.findings]


def site(wiki: Wiki) -> dict[str, bytes | str]:
    """The site's files, but for its search."""
    found = contents(wiki.root / PLACE / "site")
    return {path: data for path, data in found.items() if path.partition("/")[0] != "pagefind"}


def test_what_is_rendered_is_what_a_clean_build_makes(preview: tuple[Wiki, Workshop]) -> None:
    wiki, workshop = preview
    begun = site(wiki)
    wiki.put({ROCK: SOUND})
    rebuilt = workshop.rebuild()
    assert rebuilt.changed is not None
    assert {"islands/", "islands/gull-rock/", "data/wiki.json"} <= {*rebuilt.changed}
    assert "islands/great-skarn/" not in rebuilt.changed
    wiki.put({ROCK: SOUND.replace("Few", "Some")})
    rebuilt = workshop.rebuild()
    assert rebuilt.changed is not None
    assert (
        {"islands/gull-rock/"}
        <= {*rebuilt.changed}
        < {address(path, True) for path in contents(wiki.root / PLACE / "pages")}
    )
    wiki.change("docs/about.md", "# ", "A line more.\n\n# ")
    wiki.put({"docs/assets/wiki.css": wiki.text("docs/assets/wiki.css") + "\n"})
    # As if the clock had been set back since: of one page the HTML is older than its text.
    about = wiki.root / PLACE / "site/about/index.html"
    os.utime(about, (1, 1))
    absent = wiki.root / PLACE / "site/404.html"  # as the sitemap, made at every build
    with about.open("rb") as one, absent.open("rb") as other:  # which somebody is being served
        before = one.read(), other.read()
        rebuilt = workshop.rebuild()
        assert (rebuilt.placed, rebuilt.changed) == (True, ("about/", "assets/wiki.css"))
        one.seek(0)
        other.seek(0)
        assert (one.read(), other.read()) == before
        assert os.fstat(other.fileno()).st_ino != absent.stat().st_ino  # nothing is written into it
    assert about.stat().st_mtime > 1
    rendered = site(wiki)
    rebuilt = Workshop(wiki.root).rebuild()  # which goes on from the site that was finished last
    assert rebuilt.changed is not None
    assert {"about/", "assets/wiki.css", "islands/gull-rock/"} <= {*rebuilt.changed}
    assert "islands/great-skarn/" not in rebuilt.changed
    assert rendered == site(wiki)
    clean = copied(wiki, "clean")
    assert Workshop(clean.root).rebuild().changed is None
    assert rendered == site(clean)
    wiki.delete(ROCK)
    wiki.change("docs/about.md", "A line more.\n\n# ", "# ")
    rebuilt = workshop.rebuild()
    assert rebuilt.changed is not None
    assert {"about/", "islands/gull-rock/"} <= {*rebuilt.changed}
    assert "islands/gull-rock/index.html" not in site(wiki)
    wiki.put({"docs/assets/wiki.css": wiki.text("docs/assets/wiki.css")[:-1]})
    assert workshop.rebuild().changed == ("assets/wiki.css",)
    assert site(wiki) == begun


@pytest.mark.parametrize(
    ("path", "old", "new", "code"),
    [
        ("entities/islands/great-skarn.yml", "name:", "nam:", "unknown-key"),
        ("wiki.yml", "kinds:", "kinds: [", "yaml-syntax"),
        ("docs/about.md", "# ", "[gone](gone.md)\n\n# ", "site-build"),
        ("theme/page.html", "{% block fonts %}", "{% block fonts %}{% if %}", "site-build"),
        ("theme/page.html", "{% block fonts %}", "{% block fonts %}{{ a.b.c }}", "site-build"),
        ("mkdocs.yml", "site_name:", "site_name: [", "site-build"),
        ("mkdocs.yml", "site_name:", "nonsense: 1\nsite_name:", "site-build"),
    ],
)
def test_an_error_leaves_the_pages_before_and_mended_they_go_on(
    path: str, old: str, new: str, code: str, preview: tuple[Wiki, Workshop]
) -> None:
    wiki, workshop = preview
    before, text = site(wiki), wiki.text(path)
    assert old in text
    wiki.put({path: text.replace(old, new, 1)})
    rebuilt = workshop.rebuild()
    assert (rebuilt.placed, rebuilt.changed) == (False, ())
    assert code in said(rebuilt)
    assert site(wiki) == before
    wiki.put({path: text})
    rebuilt = workshop.rebuild()
    assert (rebuilt.placed, said(rebuilt)) == (True, [])
    assert site(wiki) == before


def test_what_was_worked_out_is_kept_when_the_site_is_sound(preview: tuple[Wiki, Workshop]) -> None:
    wiki, workshop = preview
    index = wiki.root / PLACE / ".cache/wiki/index"
    wiki.put({ROCK: SOUND})
    assert workshop.rebuild().placed
    assert workshop.finish().keeping is not None
    kept = index.read_bytes()
    again = Workshop(wiki.root)
    assert again.rebuild().changed == ()
    assert made(again) == set()
    workshop.kept(3600.0)  # as if that had taken an hour: it is not done again for a little
    wiki.change("docs/about.md", "# ", '<a href="../gone/">Gone</a>\n\n# ').delete(ROCK)
    assert workshop.rebuild().placed
    assert workshop.finish().keeping is None
    workshop.kept(0.0)
    wiki.put({ROCK: SOUND})
    assert workshop.rebuild().placed
    assert said(workshop.finish()) == ["dead-link"]
    assert index.read_bytes() == kept
    wiki.delete(ROCK).change("docs/about.md", '<a href="../gone/">Gone</a>\n\n# ', "# ")
    assert workshop.rebuild().placed
    assert said(workshop.finish()) == []
    assert index.read_bytes() != kept


def test_what_was_shown_and_not_finished_is_made_again(preview: tuple[Wiki, Workshop]) -> None:
    wiki, workshop = preview
    before = site(wiki)
    wiki.put({ROCK: SOUND}).change("docs/about.md", "# ", "A line more.\n\n# ")
    assert workshop.rebuild().placed
    wiki.delete(ROCK).change("docs/about.md", "A line more.\n\n# ", "# ")
    rebuilt = Workshop(wiki.root).rebuild()
    assert rebuilt.changed is not None
    assert "about/" in rebuilt.changed
    assert site(wiki) == before
    wiki.delete(f"{PLACE}/site/assets/images/favicon.png")  # which hangs on no page
    assert Workshop(wiki.root).rebuild().changed is None
    assert site(wiki) == before
    assert workshop.rebuild().placed
    assert said(workshop.finish()) == []


def deleted_pages(wiki: Wiki, _: pytest.MonkeyPatch) -> None:
    wiki.delete(f"{PLACE}/pages")


def lost_units(_: Wiki, patch: pytest.MonkeyPatch) -> None:
    def lost(*_: object) -> None:
        raise Lost("somebody deletes whatever is put there")

    patch.setattr(Store, "get", lost)
    patch.setattr(Store, "hold", lost)


def a_damaged_index(wiki: Wiki, _: pytest.MonkeyPatch) -> None:
    path = f"{PLACE}/.cache/wiki/index"
    data = bytearray((wiki.root / path).read_bytes())
    data[len(data) // 2] ^= 1
    wiki.delete(path).put({path: bytes(data)})


@pytest.mark.parametrize(
    ("happens", "serving"),
    [
        (deleted_pages, True),
        (lost_units, True),
        (deleted_pages, False),
        (lost_units, False),
        (a_damaged_index, False),
    ],
)
def test_where_something_is_lost_the_preview_begins_anew(
    happens: Callable[[Wiki, pytest.MonkeyPatch], None],
    serving: bool,
    preview: tuple[Wiki, Workshop],
    with_rock: dict[str, bytes | str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    wiki, _ = preview
    workshop = Workshop(wiki.root)
    if serving:
        assert workshop.rebuild().placed
        assert made(workshop) == set()
    begun = workshop._ongoing
    wiki.put({ROCK: SOUND})
    with monkeypatch.context() as patch:
        happens(wiki, patch)
        rebuilt = workshop.rebuild()
    assert (rebuilt.placed, said(rebuilt)) == (True, [])
    assert workshop._ongoing is not begun
    assert len(made(workshop)) > 100
    assert site(wiki) == with_rock
    wiki.delete(ROCK)
    assert workshop.rebuild().placed


def test_what_follows_works_out_anew_what_is_lost(
    preview: tuple[Wiki, Workshop], monkeypatch: pytest.MonkeyPatch
) -> None:
    wiki, _ = preview
    for _ in range(2):  # the second time nothing is in memory
        workshop = Workshop(wiki.root)
        assert workshop.rebuild().placed
        assert said(workshop.finish()) == []
    assert made(workshop) == set()
    wiki.delete(f"{PLACE}/site/pagefind")  # all of it is to be made again
    wiki.delete(f"{PLACE}/.cache/searched")
    with monkeypatch.context() as patch:
        lost_units(wiki, patch)
        finished = workshop.finish()
    assert (said(finished), finished.keeping) == ([], None)
    assert [stage for stage, _ in finished.seconds] == ["read", "compile", "search", "checks"]
    assert (wiki.root / PLACE / "site/pagefind/pagefind-entry.json").exists()


def test_a_problem_has_the_line_that_it_speaks_of(preview: tuple[Wiki, Workshop]) -> None:
    wiki, workshop = preview
    wiki.put({ROCK: UNSOURCED})
    (finding,) = workshop.rebuild().findings
    assert (finding.problem.at.line, finding.line) == (3, ("  - ", "id", ": few-people"))
    wiki.delete(ROCK)
    assert workshop.rebuild().placed


def test_the_search_and_the_checks_of_the_whole_site_follow(preview: tuple[Wiki, Workshop]) -> None:
    wiki, workshop = preview
    index = workshop.site / "pagefind/pagefind-entry.json"
    wiki.put({ROCK: SOUND}).change("docs/about.md", "# ", '<a href="../gone/">Gone</a>\n\n# ')
    before = index.read_bytes()
    assert workshop.rebuild().placed
    assert index.read_bytes() == before  # the search of before, until it follows
    finished = workshop.finish()
    assert said(finished) == ["dead-link"]
    assert [stage for stage, _ in finished.seconds] == ["search", "checks"]  # and nothing is kept of that
    assert index.read_bytes() != before
    wiki.delete(ROCK).change("docs/about.md", '<a href="../gone/">Gone</a>\n\n# ', "# ")
    assert workshop.rebuild().placed
    assert said(workshop.finish()) == []


def test_a_disk_that_takes_nothing_is_a_problem(
    preview: tuple[Wiki, Workshop], monkeypatch: pytest.MonkeyPatch
) -> None:
    wiki, workshop = preview

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = site(wiki)
    with monkeypatch.context() as patch:
        patch.setattr(os, "link", full)
        assert said(workshop.rebuild()) == ["cannot-write"]
        assert said(workshop.finish()) == ["cannot-write"]
    assert site(wiki) == before
    assert workshop.rebuild().placed


def test_a_disk_without_hard_links_has_copies(
    preview: tuple[Wiki, Workshop], monkeypatch: pytest.MonkeyPatch
) -> None:
    wiki, workshop = preview

    def unknown(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    before = site(wiki)
    monkeypatch.setattr(os, "link", unknown)
    assert workshop.rebuild().placed
    assert site(wiki) == before


def test_a_change_of_the_frame_is_one_of_every_page(preview: tuple[Wiki, Workshop]) -> None:
    wiki, workshop = preview
    wiki.change("theme/page.html", "<title>", "<title>Preview: ")
    assert workshop.rebuild().changed is None
    page = workshop.site / "islands/great-skarn/index.html"
    assert b"<title>Preview: " in page.read_bytes()
    assert (workshop.site / "pagefind/pagefind-entry.json").exists()  # the search of before
    wiki.change("docs/untitled.md", "# Untitled", "# Named otherwise")  # which every page's navigation says
    assert workshop.rebuild().changed is None
    assert b"Named otherwise" in page.read_bytes()


@pytest.mark.parametrize(
    ("path", "directories", "at"),
    [
        ("index.md", True, ""),
        ("about.md", True, "about/"),
        ("islands/index.md", True, "islands/"),
        ("islands/rock/links-2.md", True, "islands/rock/links-2/"),
        ("about.md", False, "about.html"),
        ("data/wiki.json", True, "data/wiki.json"),
    ],
)
def test_a_file_of_the_pages_has_its_address(path: str, directories: bool, at: str) -> None:
    assert address(path, directories) == at


def test_of_a_long_line_what_is_around_the_place_is_shown() -> None:
    line = "a" * 900 + " Skarn " + "b" * 900
    assert parted(line, 902) == ("a" * 199 + " ", "Skarn", " " + "b" * 199)
    assert parted("short", 99) == ("short", "", "")


# ---- the worker ------------------------------------------------------------------------------------


class Scripted:
    """A workshop whose rebuilds do what a test says."""

    def __init__(self, *rebuilds: object) -> None:
        self.count, self._rebuilds = 0, list(rebuilds)

    def rebuild(self) -> Rebuilt:
        self.count += 1
        told = self._rebuilds.pop(0)()  # type: ignore[operator]
        assert isinstance(told, Rebuilt)
        return told

    def finish(self) -> Finished:
        signal.pause()  # for ever
        raise AssertionError


def test_requests_that_piled_up_are_one_and_a_newer_one_ends_what_follows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    forked: list[int] = []
    fork = os.fork

    def counted() -> int:
        forked.append(fork())
        return forked[-1]

    monkeypatch.setattr(os, "fork", counted)
    pipe, other = Pipe()
    answers: list[Told] = []

    def first() -> Rebuilt:
        other.send(4)
        return PLACED  # what follows it would never end

    def second() -> Rebuilt:
        answers.append(other.recv())
        other.close()
        return BROKEN

    for request in (1, 2, 3):
        other.send(request)
    workshop = Scripted(first, second)
    with pytest.raises(BrokenPipeError):
        _answer(pipe, workshop)  # type: ignore[arg-type]
    assert answers == [Answered(3, PLACED)]
    assert workshop.count == 2
    assert forked
    for child in forked:
        with pytest.raises(ProcessLookupError):  # nothing that was started is left
            os.kill(child, 0)
    pipe.close()


def test_the_workshop_knows_what_a_copy_of_it_kept() -> None:
    pipe, other = Pipe()
    told: list[float] = []

    class Keeping(Scripted):
        def finish(self) -> Finished:
            return Finished(findings=(), seconds=(), keeping=2.0)

        def kept(self, keeping: float) -> None:
            told.append(keeping)
            other.close()

    other.send(1)
    with pytest.raises(BrokenPipeError):
        _answer(pipe, Keeping(lambda: PLACED))  # type: ignore[arg-type]
    assert told == [2.0]
    pipe.close()


class Heard:
    """A builder, and what it tells."""

    def __init__(self, root: Path) -> None:
        self._told: Queue[Told | Gone] = Queue()
        self.builder = Builder(root, self._told.put)

    def next(self) -> Told | Gone:
        return self._told.get(timeout=60)

    def __enter__(self) -> Heard:
        return self

    def __exit__(self, *_: object) -> None:
        self.builder.close()


def test_the_worker_answers_and_then_tells_what_follows(tmp_path: Path) -> None:
    wiki = lay_out_site(tmp_path)
    with Heard(wiki.root) as heard:
        heard.builder.request(1)
        answered = heard.next()
        assert isinstance(answered, Answered)
        assert (answered.request, answered.rebuilt.placed, answered.rebuilt.changed) == (1, True, None)
        followed = heard.next()
        assert isinstance(followed, Followed)
        assert (followed.request, followed.finished.findings) == (1, ())
        assert [stage for stage, _ in followed.finished.seconds] == ["search", "checks", "keeping"]


def test_a_worker_that_is_ended_from_outside_is_told_of_and_started_anew(wiki: MakeWiki) -> None:
    with Heard(wiki({ROCK: UNSOURCED}).root) as heard:
        heard.builder.request(1)
        assert isinstance(heard.next(), Answered)
        assert heard.builder._worker is not None
        os.kill(heard.builder._worker._process.pid, signal.SIGKILL)
        gone = heard.next()
        assert isinstance(gone, Gone)
        assert gone.problem.code is Code.SITE_BUILD
        assert gone.problem.severity is Severity.ERROR
        heard.builder.request(2)
        answered = heard.next()
        assert isinstance(answered, Answered)
        assert [finding.problem.code for finding in answered.rebuilt.findings] == [Code.UNSOURCED]


def test_beside_another_preview_of_the_wiki_there_is_none(wiki: MakeWiki) -> None:
    here = wiki()
    with writing(here.root / PLACE), Heard(here.root) as heard:
        before = contents(here.root)
        heard.builder.request(1)
        refused = heard.next()
        assert isinstance(refused, Refused)
        assert refused.problem.code is Code.LOCKED
        assert contents(here.root) == before


def test_the_command_says_where_it_serves_and_ends_at_ctrl_c(wiki: MakeWiki) -> None:
    here = wiki({ROCK: UNSOURCED})
    command = [sys.executable, "-m", "build_tools", "--root", str(here.root), "serve", "--port", "8765"]
    # Where the tests run in the background, Ctrl-C is ignored, and whoever they start would ignore it too.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    serving = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    signal.signal(signal.SIGINT, before)
    with serving:
        assert serving.stdout is not None
        lines = iter(serving.stdout.readline, "")
        said = next(lines)
        if "in use" in said:
            said = next(lines)
        assert said.startswith("The preview is at http://127.0.0.1:87")
        assert next(lines).startswith("1 error; no page can be shown yet (")
        assert next(lines).startswith(f"{ROCK}:3:5: [unsourced]")
        serving.send_signal(signal.SIGINT)
        assert [line.strip() for line in lines][-1] == "stopped"
        assert serving.wait(20) == 0
    with writing(here.root / PLACE):  # the lock is free: nothing that was started is left
        pass
