"""After any sequence of edits, breakdowns and builds, all that is built is what a first build makes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench.again import ALL_EDITS, Differs, Edit, Made, sequences, tried

WIKIS, SEQUENCES = 20, 10  # and as many sequences on each; `make bench` runs thousands


@pytest.mark.parametrize("seed", range(1, WIKIS + 1))
def test_every_byte_is_what_a_first_build_makes(seed: int, tmp_path: Path) -> None:
    assert len([*sequences(tmp_path, seed, SEQUENCES)]) == SEQUENCES


@pytest.mark.parametrize("edit", ALL_EDITS, ids=lambda edit: edit.__name__)
def test_every_kind_of_edit_leaves_a_wiki_that_builds(edit: Edit, tmp_path: Path) -> None:
    """By itself: each of them is tried, whatever chance chooses above."""
    (done,) = sequences(tmp_path, 1, 1, edits=(edit,))
    assert set(done) == {edit.__name__}


def test_what_differs_is_told() -> None:
    def unseen(made: Made) -> None:
        path = made.root / "build/site/index.html"
        before = path.stat()
        with path.open("r+b") as stream:
            stream.write(b"?")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    with pytest.raises(Differs, match=r"^wiki 3, sequence 1: after unseen.* at first: site/index\.html$"):
        list(tried(1, 3, edits=(unseen,)))
