"""The preview begins with what it left itself, or with what a build left since; never with half of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from build_tools.serve.beginning import begin
from build_tools.site.generate import rules
from build_tools.site.kept import Kept, write_kept
from tests.islands import contents

RECORDS = ("site", "pages", "windows", "known/07", "wiki/index", "wiki/a.pieces")
TREES = ("pages/index.md", "site/index.html")
BUILT, OWN = "build", "build/serve"


def made(root: Path, place: str, says: str, frame: str, when: int) -> None:
    """Something was made in a folder at that time, by the rules of a frame."""
    folder = root / place
    for path in (*TREES, *(f".cache/{record}" for record in RECORDS)):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(f"{says} {path}")
    write_kept(folder / ".cache/site", Kept(frame=f"{says} {frame}"))
    os.utime(folder / ".cache/site", ns=(when, when))


def begun(root: Path, *, preview: bool = False) -> dict[str, str]:
    """Of each file that the preview has then, who made it."""
    (root / OWN).mkdir(parents=True, exist_ok=True)
    begin(root, preview=preview)
    found = {path: data for path, data in contents(root / OWN).items() if ".spare" not in path}
    files = {path: bytes(data) for path, data in found.items() if not isinstance(data, str)}
    return {
        path: next(who for who in ("mine", "theirs") if who.encode() in each) for path, each in files.items()
    }


ALL = {*TREES, *(f".cache/{record}" for record in RECORDS)}
PAGES = {"pages/index.md", ".cache/pages", ".cache/wiki/index", ".cache/wiki/a.pieces"}


@pytest.mark.parametrize(
    ("mine", "theirs", "preview", "expected"),
    [
        (None, None, False, {}),
        (2, 1, False, dict.fromkeys(ALL, "mine")),
        (1, 2, False, dict.fromkeys(ALL, "theirs")),
        (None, 1, False, dict.fromkeys(ALL, "theirs")),
        (None, 1, True, dict.fromkeys(PAGES, "theirs")),
        (1, 2, True, dict.fromkeys(ALL, "mine") | dict.fromkeys(PAGES, "theirs")),
    ],
)
def test_it_begins_with_what_is_newer(
    mine: int | None, theirs: int | None, preview: bool, expected: dict[str, str], tmp_path: Path
) -> None:
    if theirs is not None:
        made(tmp_path, "build/preview" if preview else BUILT, "theirs", rules(""), theirs)
    if mine is not None:
        made(tmp_path, OWN, "mine", rules(""), mine)
    assert begun(tmp_path, preview=preview) == expected


def test_of_a_site_with_an_address_it_takes_the_pages(tmp_path: Path) -> None:
    made(tmp_path, BUILT, "theirs", rules("https://skarn.example/"), 1)
    assert begun(tmp_path) == dict.fromkeys(PAGES, "theirs")


def test_where_only_records_were_checked_it_takes_what_is_known_of_them(tmp_path: Path) -> None:
    made(tmp_path, BUILT, "theirs", rules(""), 1)
    for path in ALL - {".cache/wiki/index", ".cache/wiki/a.pieces"}:
        (tmp_path / BUILT / path).unlink()
    assert begun(tmp_path).keys() == {".cache/wiki/index", ".cache/wiki/a.pieces"}


def test_what_it_takes_are_the_very_files_but_for_those_half_written(tmp_path: Path) -> None:
    made(tmp_path, BUILT, "theirs", rules(""), 1)
    (tmp_path / BUILT / ".cache/known/07.half").write_text("theirs")
    assert begun(tmp_path).keys() == ALL
    for path in ALL:
        assert (tmp_path / BUILT / path).samefile(tmp_path / OWN / path)


def test_a_disk_that_takes_nothing_leaves_what_there_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    made(tmp_path, BUILT, "theirs", rules(""), 2)
    made(tmp_path, OWN, "mine", rules(""), 1)
    monkeypatch.setattr(os, "link", full)
    assert begun(tmp_path) == dict.fromkeys(ALL, "mine")
