"""The pages of the example wiki, byte for byte: tests/example_wiki compiles to tests/example_pages.

`pytest --update-golden` writes them anew, and the seals too; the diff is then read like a text.
"""

from __future__ import annotations

import shutil

import pytest

from tests.conftest import MakeWiki
from tests.islands import ARTICLES, EXAMPLE, TESTS, article, contents, difference, sealed

PAGES = TESTS / "example_pages"
SEEDS = sorted(path.stem for path in ARTICLES.glob("*.md"))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_seals_are_those_of_the_articles(seed: str, update_golden: bool) -> None:
    seal = EXAMPLE / "seeds" / seed / "seal.json"
    made = sealed(seed, article(seed).decode())
    if update_golden:
        seal.write_text(made)
    assert seal.read_text() == made


def test_the_example_compiles_to_the_golden_pages(wiki: MakeWiki, update_golden: bool) -> None:
    found = wiki().pages()
    if update_golden:
        shutil.rmtree(PAGES, ignore_errors=True)
        for path, data in found.items():
            (PAGES / path).parent.mkdir(parents=True, exist_ok=True)
            (PAGES / path).write_bytes(data)
    expected = {path: data for path, data in contents(PAGES).items() if isinstance(data, bytes)}
    assert found.keys() == expected.keys()
    if found != expected:
        pytest.fail(difference(expected, found))


def test_the_example_is_small_enough_to_be_read() -> None:
    assert len(list(EXAMPLE.glob("entities/*/*.yml"))) <= 8
    assert sum(len(page.read_text().splitlines()) for page in PAGES.rglob("*.md")) < 2500
