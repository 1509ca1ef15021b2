"""Entities that everything links to: their own pages stay of one size, and nothing of it is lost."""

from __future__ import annotations

import json
import posixpath
import re

import pytest

from build_tools.hubs import ROOM
from tests.conftest import MakeWiki

HUB = "islands/longholm"


def islands(number: int, *, relations: bool) -> dict[str, str]:
    """So many islands that each name Longholm in a claim, or are its neighbours."""
    cites = ["courier-2024#p1"]
    claim = {"id": "c", "text": "It lies near [[longholm]].", "cites": cites}
    relation = {"type": "neighbour-of", "to": "longholm", "cites": cites}
    own = {"relations": [relation]} if relations else {"claims": [claim]}
    return {f"entities/islands/n-{i}.yml": json.dumps({"name": f"Skerry {i}"} | own) for i in range(number)}


def linkers(pages: dict[str, bytes]) -> list[str]:
    """The made islands that the hub's pages name, in reading order, once for each link to a statement."""
    path, found = f"{HUB}.md", []
    for number in range(2, 100):
        text = pages[path].decode()
        found += re.findall(r"\]\((?:\.\./)?n-(\d+)\.md#", text)
        following = posixpath.join(HUB, f"links-{number}.md")
        assert (following in pages) == (f"links-{number}.md)" in text)
        if following not in pages:
            return found
        path = following
    raise AssertionError("there is no last page")


@pytest.mark.parametrize("relations", [False, True], ids=["sentences", "relations"])
@pytest.mark.parametrize(("number", "further"), [(ROOM - 20, 0), (ROOM + 1, 1), (2 * ROOM + 50, 2)])
def test_what_links_to_a_hub_stands_on_its_pages_once(
    wiki: MakeWiki, number: int, further: int, relations: bool
) -> None:
    before = wiki().pages()
    pages = wiki(islands(number, relations=relations)).pages()
    own = {page for page in pages if page.startswith(f"{HUB}/")}
    assert own == {f"{HUB}/links-{page}.md" for page in range(2, 2 + further)}
    assert sorted(linkers(pages), key=int) == [str(i) for i in range(number)]
    assert linkers(before) == []


@pytest.mark.parametrize("relations", [False, True], ids=["sentences", "relations"])
def test_the_page_of_a_hub_does_not_grow_with_the_wiki(wiki: MakeWiki, relations: bool) -> None:
    some, many = (
        wiki(islands(number, relations=relations)).page(f"{HUB}.md") for number in (ROOM + 20, 4 * ROOM)
    )
    assert abs(len(many) - len(some)) < len(some) // 10


def test_a_written_page_cannot_take_the_address_of_a_hubs_further_page(wiki: MakeWiki) -> None:
    files: dict[str, str | bytes] = dict(islands(2 * ROOM, relations=False))
    assert "page-clash" not in wiki({**files, f"docs/{HUB}/links-9.md": "# Mine\n"}).problems()
    assert f"{HUB}/links-2.md` itself" in wiki({f"docs/{HUB}/links-2.md": "# Mine\n"}).problems()
