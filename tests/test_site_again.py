"""A site built again, where only what changed is made anew, is the site that a first build would make."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from build_tools import last_run, processes, progress, spare_tree
from build_tools.cli import main
from build_tools.compiler import compile_wiki
from build_tools.site import generate, rendering, search_index, soundness
from build_tools.site.hook import on_files
from build_tools.site.kept import scan
from build_tools.site.process import Process
from build_tools.site.rendering import SHARE
from tests.islands import Wiki, article, contents, lay_out_site

LONGHOLM = "entities/islands/longholm.yml"
ROCK = 'name: Lone Rock\nsummary: {text: "Lone Rock is off [[longholm]].", cites: [courier-2024#p1]}\n'


@pytest.fixture(scope="module", autouse=True)
def _one_day() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        yield


def build(wiki: Wiki) -> int:
    return main(["--root", str(wiki.root), "build"])


def first(wiki: Wiki) -> dict[str, bytes | str]:
    """The site that a first build makes of the same files."""
    copy = wiki.root.with_name(f"{wiki.root.name}-first")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(wiki.root, copy, ignore=shutil.ignore_patterns("build"))
    assert build(Wiki(copy)) == 0
    return contents(copy / "build/site")


def site(wiki: Wiki) -> dict[str, bytes | str]:
    return contents(wiki.root / "build/site")


def files(wiki: Wiki) -> dict[str, tuple[int, int, int]]:
    return scan(wiki.root / "build/site")


@pytest.fixture(scope="module")
def wiki(tmp_path_factory: pytest.TempPathFactory) -> Wiki:
    """The example with a further page, built once; each test goes on from where another left it."""
    wiki = lay_out_site(tmp_path_factory.mktemp("again") / "wiki")
    wiki.put({"docs/note.md": "# A note\n"})
    wiki.change("mkdocs.yml", "  - about.md\n", "  - About: about.md\n  - note.md\n")
    wiki.change("mkdocs.yml", "nav:\n", "site_url: https://skarn.example/\nnav:\n")  # fills sitemap.xml
    assert build(wiki) == 0
    return wiki


def test_nothing_is_made_again_where_nothing_changed(wiki: Wiki, monkeypatch: pytest.MonkeyPatch) -> None:
    before, told = files(wiki), []
    monkeypatch.setattr(Process, "told", lambda *args: told.append(args))
    assert build(wiki) == 0
    assert not told
    assert files(wiki) == before


def test_a_reworded_claim_makes_few_pages_anew(wiki: Wiki) -> None:
    before = files(wiki)
    old = wiki.text("entities/people/ada-brook.yml")
    wiki.put({"entities/people/ada-brook.yml": f"{old}notes:\n  - {{text: She waits still.}}\n"})
    assert build(wiki) == 0
    made = {path for path, each in files(wiki).items() if before.get(path) != each}
    pages = {path for path in made if path.endswith(".html") and path != "404.html"}
    assert pages == {"people/ada-brook/index.html"}
    assert site(wiki) == first(wiki)


def test_entities_come_go_and_are_renamed(wiki: Wiki) -> None:
    before = files(wiki)
    wiki.put({"entities/islands/lone-rock.yml": ROCK})
    wiki.change(
        "docs/about.md", "Written by hand;", "See [Lone Rock](islands/lone-rock.md). Written by hand;"
    )
    old = wiki.text("entities/people/ada-brook.yml")
    assert build(wiki) == 0
    wiki.delete("entities/islands/lone-rock.yml")
    wiki.put({"entities/islands/bare-rock.yml": f"{ROCK}formerly: [lone-rock]\n".replace("Lone", "Bare")})
    wiki.change("docs/about.md", "[Lone Rock](islands/lone-rock.md)", "[Bare Rock](islands/bare-rock.md)")
    wiki.put({"docs/assets/more.txt": "more", "entities/people/ada-brook.yml": old})
    assert build(wiki) == 0
    unchanged = "organisations/skarn-ferries/index.html"
    assert files(wiki)[unchanged] == before[unchanged]
    assert site(wiki) == first(wiki)


def test_a_title_in_the_navigation_changes_every_page(wiki: Wiki) -> None:
    wiki.put({"docs/note.md": "# Another note\n"})
    assert build(wiki) == 0
    assert b"Another note" in bytes(site(wiki)["people/ada-brook/index.html"])  # type: ignore[arg-type]
    assert site(wiki) == first(wiki)


def test_theme_and_configuration_change_every_page(wiki: Wiki) -> None:
    wiki.change("theme/partials/copyright.html", "All of it as data", "All of it")
    wiki.change("mkdocs.yml", "site_name: The ferries of Skarn", "site_name: Ferries")
    assert build(wiki) == 0
    assert site(wiki) == first(wiki)


def _damage(cache: bytes) -> bytes:
    return cache[: len(cache) // 2] + bytes([cache[len(cache) // 2] ^ 1]) + cache[len(cache) // 2 + 1 :]


def _spoil(site: Path) -> None:
    """Somebody was at the site: files gone, changed under their old time, and added."""
    (site / "assets/wiki.css").unlink()
    (site / "sitemap.xml").unlink()
    page = site / "about/index.html"
    times = page.stat()
    page.write_bytes(page.read_bytes().replace(b"About", b"ABOUT"))
    os.utime(page, ns=(times.st_atime_ns, times.st_mtime_ns - 1))
    (site / "pagefind/pagefind-entry.json").write_text("{}")
    (site / "stray.html").write_text("stray")


def _lose(build: Path) -> None:
    """The site is lost, with what was searched of its pages."""
    shutil.rmtree(build / "site")
    shutil.rmtree(build / ".cache/searched")


def _every(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def act(build: Path) -> None:
        for path in (build / ".cache").rglob("*"):
            if path.is_file():
                path.write_bytes(change(path.read_bytes()))

    return act


@pytest.mark.parametrize(
    "act",
    [
        lambda build: _spoil(build / "site"),
        _every(_damage),
        _every(lambda _: b""),
        lambda build: shutil.rmtree(build / ".cache"),
        _lose,
    ],
    ids=["site spoilt", "cache damaged", "cache emptied", "cache gone", "site gone, and what was searched"],
)
def test_whatever_became_of_the_build_folder_the_site_is_the_same(
    wiki: Wiki, act: Callable[[Path], None]
) -> None:
    before = site(wiki)
    act(wiki.root / "build")
    assert build(wiki) == 0
    assert site(wiki) == before


def test_a_clock_set_back_and_a_build_cut_short_do_no_harm(
    wiki: Wiki, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = site(wiki)
    reworded = wiki.text("docs/note.md")
    wiki.put({"docs/note.md": "# Another note\n\nWith words.\n"})

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(generate, "write_kept", stop)  # the new site stands, and nothing says of what
        assert build(wiki) == 130
    assert site(wiki) != before
    wiki.put({"docs/note.md": reworded})
    for folder, _, names in os.walk(wiki.root / "build/site"):
        for name in names:
            os.utime(Path(folder, name), (1, 1))
    assert build(wiki) == 0
    assert site(wiki) == before


def test_a_link_to_an_anchor_that_went_is_told_as_a_first_build_tells_it(
    wiki: Wiki, capsys: pytest.CaptureFixture[str]
) -> None:
    """The page with the link did not change, and is not made anew."""
    cave = "docs/islands/cave.md"  # not in the navigation
    wiki.put({cave: "# A cave\n\n## More {: #more }\n"})
    old = wiki.text("docs/about.md")
    wiki.put({"docs/about.md": f"{old}\nSee [more](islands/cave.md#more).\n"})
    assert build(wiki) == 0
    before = site(wiki)
    wiki.put({cave: "# A cave\n"})
    capsys.readouterr()
    assert build(wiki) == 1
    said = capsys.readouterr().out
    assert said.startswith(
        "docs/about.md:1:1: [site-build] Doc file 'about.md' contains a link 'islands/cave.md#more'"
    )
    assert said.endswith("\n1 error\n")
    assert site(wiki) == before
    wiki.put({"docs/about.md": old})
    wiki.delete(cave)


def test_words_that_were_refused_are_refused_again(wiki: Wiki, capsys: pytest.CaptureFixture[str]) -> None:
    assert build(wiki) == 0
    before, text = site(wiki), wiki.text("docs/note.md")
    copied = " ".join(article("courier-2024").decode().split("\n\n")[3].split()[:12])
    wiki.put({"docs/note.md": f"# Another note\n\n{copied}\n"})
    for _ in range(2):
        capsys.readouterr()
        assert build(wiki) == 1
        assert capsys.readouterr().out.startswith("docs/note.md:3:1: [copied-words]")
        assert site(wiki) == before
    wiki.put({"docs/note.md": text})


def test_several_processes_make_what_one_makes(wiki: Wiki, monkeypatch: pytest.MonkeyPatch) -> None:
    assert build(wiki) == 0
    single = site(wiki)
    monkeypatch.setattr(rendering, "START", 20_000)
    monkeypatch.setattr(search_index, "SMALL", 4)
    monkeypatch.setattr(search_index, "PART", 4)
    monkeypatch.setattr(soundness, "_LEAST", 5)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    monkeypatch.setattr(progress, "_MANY", 5)
    monkeypatch.setattr(progress, "_OFTEN", 0)
    monkeypatch.setattr(processes, "_OFTEN", 0)
    terminal = io.StringIO()
    with monkeypatch.context() as patch:
        drawn = contextlib.nullcontext(progress.Drawn(terminal))
        patch.setattr("build_tools.commands.build.following", lambda _: drawn)
        shutil.rmtree(wiki.root / "build/.cache")
        assert build(wiki) == 0
    counting = set(re.findall(r"\r([a-z ]+) \d+ of \d+", terminal.getvalue()))
    assert {"site", "search", "checks of the site"} <= counting
    parted = site(wiki)
    assert {path for path in parted if "pagefind" not in path} == {p for p in single if "pagefind" not in p}
    assert all(parted[path] == single[path] for path in parted if "pagefind" not in path)
    assert "pagefind/1/pagefind-entry.json" in parted
    wiki.change("docs/about.md", "Written by hand;", "Made by hand;")
    before = files(wiki)
    assert build(wiki) == 0
    made = {path.rpartition("/")[0] for path, each in files(wiki).items() if before.get(path) != each}
    assert sum(folder.startswith("pagefind") and "fragment" in folder for folder in made) == 1
    assert site(wiki) == first(wiki)


@pytest.mark.parametrize("surroundings", [True, False])
def test_a_process_makes_its_share_alone(surroundings: bool, tmp_path: Path) -> None:
    docs, site, theme = (str(tmp_path / name) for name in ("docs", "site", "theme"))
    share = {"made": ["own.md", "named.md"], "in_sight": ["linked.md"], "surroundings": surroundings}
    (tmp_path / SHARE).write_text(json.dumps(share))
    configuration = MkDocsConfig(config_file_path=str(tmp_path / "mkdocs.yml"))
    configuration.load_dict({"docs_dir": docs, "site_dir": site})
    files = [File(f"{name}.md", docs, site, True) for name in ("named", "other", "own")]
    files.append(File("look.css", theme, site, True))
    found = {file.src_uri: file.is_modified() for file in on_files(Files(files), configuration)}
    made = {"named.md": True, "other.md": False, "own.md": True, "look.css": surroundings}
    assert list(found.items()) == [*made.items(), ("linked.md", False)]


def counted(monkeypatch: pytest.MonkeyPatch, where: object, name: str) -> list[object]:
    """The arguments of the calls of a function from now on."""
    calls: list[object] = []
    function = getattr(where, name)

    def call(*args: object) -> object:
        calls.append(args)
        return function(*args)

    monkeypatch.setattr(where, name, call)
    return calls


def test_a_first_build_lays_in_what_the_next_would_have_to(
    wiki: Wiki, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(wiki.root / "build")
    assert build(wiki) == 0
    for tree in ("site", "pages"):
        assert scan(wiki.root / f"build/.{tree}.spare") == scan(wiki.root / "build" / tree)
    links = counted(monkeypatch, spare_tree, "linked")
    wiki.put({"docs/note.md": "# A note\n\nMore.\n"})
    assert build(wiki) == 0
    assert len(links) < 20, "of hundreds of files"


def test_what_is_only_copied_asks_for_no_generator(wiki: Wiki, monkeypatch: pytest.MonkeyPatch) -> None:
    wiki.put({"docs/assets/more.txt": "more"})
    assert build(wiki) == 0
    wiki.put({"docs/assets/more.txt": "much more"})
    with monkeypatch.context() as patch:
        told = counted(patch, Process, "told")
        assert build(wiki) == 0
    assert not told
    assert site(wiki)["assets/more.txt"] == b"much more"


@pytest.mark.parametrize(("written", "started"), [("docs/note.md", 1), ("theme/partials/more.html", 2)])
def test_a_process_that_waits_is_used_if_all_is_as_it_has_read_it(
    written: str, started: int, wiki: Wiki, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compile_late(*args: Any, **given: Any) -> object:
        wiki.put({written: f"# A note\n\nOf {started}.\n"})
        return compile_wiki(*args, **given)

    starts, runs = counted(monkeypatch, rendering, "_start"), counted(monkeypatch, last_run, "_run")
    wiki.put({"docs/note.md": "# A note\n\nOther words.\n"})
    with monkeypatch.context() as patch:
        patch.setattr("build_tools.commands.build.compile_wiki", compile_late)
        assert build(wiki) == 0
    assert (len(starts), len(runs)) == (started, 1), "and what was known is not asked for what it lacks"
