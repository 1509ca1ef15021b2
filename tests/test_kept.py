"""The record of a site comes back as it was put there, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from build_tools.cache import read_record, write_record
from build_tools.site.kept import Kept, read_kept, write_kept
from build_tools.spare_tree import Listing

KEPT = Kept(
    frame="f",
    sources={"a.md": "aa", ".b": "bb"},
    unmade=frozenset({".b"}),
    site=Listing({"a/index.html": (7, 8, 9)}, {"": (1, 2), "a": (3, 4)}),
    digests={"a/index.html": "cc"},
    searched={"a/index.html": ""},
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


@pytest.mark.parametrize("record", [None, 3, (), ("f",), (1, *"abcdefghi"), (2, *"abcdefghi")])
def test_a_record_of_another_version_is_none(place: Path, record: object) -> None:
    write_record(place, record)
    assert read_record(place) == record
    assert read_kept(place) == Kept()


def test_where_no_record_can_be_written_nothing_is_said(place: Path) -> None:
    place.unlink()
    place.mkdir()
    write_kept(place, KEPT)
    assert read_kept(place) == Kept()
    assert [path.name for path in place.parent.iterdir()] == ["site"]
