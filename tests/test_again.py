"""After any sequence of edits, breakdowns and builds, all that is built is what a first build makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.again import EDITS_OF, Edit, sequences

WIKIS, SEQUENCES = 20, 10  # and as many sequences on each; `make bench-again` runs thousands


@pytest.mark.parametrize("seed", range(1, WIKIS + 1))
def test_every_byte_is_what_a_first_build_makes(seed: int, tmp_path: Path) -> None:
    assert len([*sequences(tmp_path, seed, SEQUENCES)]) == SEQUENCES


@pytest.mark.parametrize("edit", EDITS_OF, ids=lambda edit: edit.__name__)
def test_every_kind_of_edit_leaves_a_wiki_that_builds(edit: Edit, tmp_path: Path) -> None:
    """By itself: each of them is tried, whatever chance chooses above."""
    (done,) = sequences(tmp_path, 1, 1, edits=(edit,))
    assert set(done) == {edit.__name__}
