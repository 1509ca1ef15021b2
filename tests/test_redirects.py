"""Renamed ids: the old addresses lead on, by pages without scripts; titles tell pages apart."""

from __future__ import annotations

import re
from collections import Counter

import pytest
import yaml

from build_tools.site.checks import resolve
from build_tools.site.page import read_page
from tests.conftest import MakeWiki
from tests.test_cases import ROCK, SOUND

OLD = SOUND.replace("claims:", "formerly: [old-rock, older-rock]\nclaims:").replace(
    "    text", "    formerly: [hardly-any]\n    text"
)


def test_each_former_id_has_a_page_that_leads_to_the_new_one(wiki: MakeWiki) -> None:
    pages = wiki({ROCK: OLD}).pages()
    for old in ("old-rock", "older-rock"):
        page = pages[f"islands/{old}/index.html"].decode()
        assert '<meta http-equiv="refresh" content="0; url=../gull-rock/">' in page
        assert '<a href="../gull-rock/">' in page
        assert "<script" not in page
        assert "Content-Security-Policy" in page
    assert '"islands/old-rock/"' not in pages["data/names.json"].decode()


def test_a_seed_may_be_renamed_too(wiki: MakeWiki) -> None:
    path = "seeds/release-2023/seed.yml"
    here = wiki()
    pages = here.put({path: here.text(path) + "formerly: [press-2023]\n"}).pages()
    assert b"url=../release-2023/" in pages["seeds/press-2023/index.html"]


def test_the_canonical_address_is_whole_where_it_is_known(wiki: MakeWiki) -> None:
    from build_tools.compiler import compile_wiki
    from build_tools.load import load

    compiled = compile_wiki(*load(wiki({ROCK: OLD}).root), site_url="https://skarn.example/w/")
    page = next(file.data.decode() for file in compiled.files if file.path == "islands/old-rock/index.html")
    assert '<link rel="canonical" href="https://skarn.example/w/islands/gull-rock/">' in page
    assert "url=../gull-rock/" in page


def test_the_site_check_has_nothing_against_such_a_page(wiki: MakeWiki) -> None:
    pages = wiki({ROCK: OLD}).pages()
    read = read_page("islands/old-rock/index.html", pages["islands/old-rock/index.html"].decode())
    there = read_page("islands/gull-rock/index.html", "<p>here")
    report = resolve([read, there], [read.path, there.path])
    assert report.problems == ()
    assert report.links == 3
    gone = resolve([read], [read.path])
    assert len(gone.problems) == 3, "were the new page not there, the check would say so"


def test_a_claim_is_found_under_its_former_ids(wiki: MakeWiki) -> None:
    page = wiki({ROCK: OLD}).page("islands/gull-rock.md")
    claim = next(line for line in page.splitlines() if "[#](#few-people" in line)
    assert '<span id="hardly-any" class="former"></span>[#](#few-people' in claim


@pytest.mark.parametrize("name", ["Timeline", "Courier 2024", "Islands", "timeline"])
def test_no_two_pages_have_one_title(name: str, wiki: MakeWiki) -> None:
    path = "seeds/release-2023/seed.yml"
    here = wiki({ROCK: SOUND.replace("Gull Rock", name)})
    here.put({path: re.sub("^title:.*$", f"title: {{gloss: {name}}}", here.text(path), flags=re.M)})
    titles = {
        path: yaml.safe_load(data.decode().split("---\n")[1])["title"]
        for path, data in here.pages().items()
        if path.endswith(".md") and data.startswith(b"---\n")
    }
    assert [title for title, often in Counter(map(str.casefold, titles.values())).items() if often > 1] == []
    assert titles["islands/gull-rock.md"] == f"{name} (Island)"
    assert f"\n# {name}\n" in here.page("islands/gull-rock.md"), "the heading stays the name"


def test_what_only_looks_alike_keeps_its_title(wiki: MakeWiki) -> None:
    assert 'title: "Longholm"\n' in wiki().page("islands/longholm.md")
