"""What a command said holds until a file that it read, or made, is another; and then no longer."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from build_tools import unchanged
from build_tools.problems import Code, Location, Problem
from build_tools.site.kept import scan
from build_tools.unchanged import Said, Unchanged

SAID = Said(
    problems=(Problem(Location("entities/islands/ö.yml", 3, 7), Code.UNKNOWN_SEED, "no such", "mend it"),),
    set_aside=2,
    lines=("one", "two"),
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A wiki's files, changed long ago, and what was made of them."""
    for path in ("wiki.yml", "entities/islands/skarn.yml", "seeds/herald/seed.yml", "docs/about.md"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(f"of {path}")
    (tmp_path / "made" / "a").mkdir(parents=True)
    (tmp_path / "made" / "a" / "index.html").write_text("page")
    return tmp_path


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files were not changed in the very moment in which they are looked at."""
    now = unchanged.now
    monkeypatch.setattr(unchanged, "now", lambda place: now(place) and now(place) + 1_000_000_000)


def look(root: Path, *more: str) -> Unchanged:
    return Unchanged(root, root / "build" / ".cache" / "check", *more)


def test_what_was_said_holds(root: Path) -> None:
    look(root, "x").record(SAID, [scan(root / "made")])
    assert look(root, "x").said([root / "made"]) == SAID


def _edit(path: str) -> Callable[[Path], object]:
    return lambda root: (root / path).write_text("of something else")


def _same_size_and_time(root: Path) -> None:
    path = root / "wiki.yml"
    before = path.stat()
    path.write_text(path.read_text()[::-1])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _replaced(root: Path) -> None:
    path = root / "wiki.yml"
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    other.replace(path)


def _attached(root: Path) -> None:
    (root / ".attached").mkdir()
    (root / ".attached" / "a.txt").write_text("a")


def _link(root: Path) -> None:
    (root / "docs/about.md").unlink()
    (root / "docs/about.md").symlink_to("../wiki.yml")


def _gone(path: str) -> Callable[[Path], object]:
    def change(root: Path) -> None:
        (root / path).unlink()

    return change


def _new_folder(root: Path) -> None:
    (root / "entities" / "new").mkdir()


def _unreadable(root: Path) -> None:
    (root / "wiki.yml").chmod(0)


CHANGES: dict[str, Callable[[Path], object]] = {
    "settings": _edit("wiki.yml"),
    "an entity": _edit("entities/islands/skarn.yml"),
    "a seed": _edit("seeds/herald/seed.yml"),
    "a page by hand": _edit("docs/about.md"),
    "a new entity": lambda root: (root / "entities/islands/new.yml").write_text("new"),
    "a new folder": _new_folder,
    "waivers": lambda root: (root / "waivers.yml").write_text("new"),
    "exceptions of links": lambda root: (root / "links.yml").write_text("new"),
    "a text attached": _attached,
    "a change cut short": lambda root: (root / ".change.json").write_text("{}"),
    "an entity gone": _gone("entities/islands/skarn.yml"),
    "an entity renamed": lambda root: (root / "entities/islands/skarn.yml").rename(
        root / "entities/islands/b.yml"
    ),
    "a link in its place": _link,
    "older by the clock": lambda root: os.utime(root / "wiki.yml", ns=(1, 1)),
    "other bytes, equally many, of the same time": _same_size_and_time,
    "another file with the same bytes": _replaced,
    "unreadable": _unreadable,
    "what was made, changed": lambda root: (root / "made/a/index.html").write_text("another"),
    "what was made, gone": _gone("made/a/index.html"),
    "what was made, and more": lambda root: (root / "made/b").write_text("b"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_it_holds_no_longer(root: Path, change: Callable[[Path], object]) -> None:
    look(root).record(SAID, [scan(root / "made")])
    change(root)
    assert look(root).said([root / "made"]) is None


def test_it_hangs_on_what_it_was_made_for_and_by(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    look(root, "x").record(SAID)
    assert look(root, "y").said() is None
    monkeypatch.setattr(unchanged, "compiler", lambda: "another")
    assert look(root, "x").said() is None


def test_the_record_of_one_wiki_says_nothing_of_another(root: Path, tmp_path: Path) -> None:
    look(root).record(SAID)
    moved = tmp_path.with_name(f"{tmp_path.name}-moved")
    root.rename(moved)
    assert look(moved).said() is None


def test_a_file_of_this_very_moment_may_change_unseen(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "docs/about.md").write_text("just now")
    newest = (root / "docs/about.md").stat().st_ctime_ns
    monkeypatch.setattr(unchanged, "now", lambda place: newest)
    look(root).record(SAID)
    assert not (root / "build" / ".cache" / "check").exists()
    monkeypatch.setattr(unchanged, "now", lambda place: newest + 1)
    look(root).record(SAID)
    assert look(root).said() == SAID


def test_a_damaged_record_says_nothing(root: Path) -> None:
    look(root).record(SAID)
    place = root / "build" / ".cache" / "check"
    data = place.read_bytes()
    for at in range(0, len(data), 7):
        place.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert look(root).said() is None, at
    place.write_bytes(data[: len(data) // 2])
    assert look(root).said() is None
    place.unlink()
    assert look(root).said() is None


def test_where_nothing_can_be_written_nothing_is_recorded(root: Path) -> None:
    (root / "build").write_text("no folder")
    look(root).record(SAID)
    assert look(root).said() is None


def test_where_there_is_no_wiki_nothing_is_made(tmp_path: Path) -> None:
    look(tmp_path / "nowhere").record(SAID)
    assert not (tmp_path / "nowhere").exists()
