"""The record of a site comes back as it was put there, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from build_tools.site.kept import Kept, Output, Source, read_kept, write_kept

KEPT = Kept(
    frame="f",
    sources={
        "a.md": Source(signature=(1, 2, 3), digest="aa", output="a/index.html"),
        ".b": Source(signature=(4, 5, 6), digest="bb", output=None),
    },
    outputs={"a/index.html": Output(signature=(7, 8, 9), digest="cc")},
    index={"pagefind": "k"},
    guard="g",
    counts=(1, 2, 3, 4),
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    write_kept(tmp_path / "cache" / "site", KEPT)
    return tmp_path / "cache" / "site"


def test_a_record_comes_back_as_it_was(place: Path) -> None:
    assert read_kept(place) == KEPT
    assert [path.name for path in place.parent.iterdir()] == ["site"]


def test_a_record_with_any_bit_wrong_is_none(place: Path) -> None:
    data = place.read_bytes()
    for at in range(len(data)):
        place.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert read_kept(place) == Kept(), at


@pytest.mark.parametrize("end", [0, 1, 40, -1])
def test_a_record_that_was_cut_off_is_none(place: Path, end: int) -> None:
    place.write_bytes(place.read_bytes()[:end])
    assert read_kept(place) == Kept()


def test_where_no_record_can_be_written_nothing_is_said(place: Path) -> None:
    place.unlink()
    place.mkdir()
    write_kept(place, KEPT)
    assert read_kept(place) == Kept()
    assert [path.name for path in place.parent.iterdir()] == ["site"]
