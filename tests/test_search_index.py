"""The index of the search: of the pages it should hold, the same each time, and nothing beside it."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pagefind_bin
import pytest

from build_tools.pages.search_entries import Entry, Mark, plain_letters, search_entries
from build_tools.problems import Code, Problem
from build_tools.site import cbor, search_index
from build_tools.site.packs import Pack, Packs
from build_tools.site.search_index import (
    MOST,
    PART,
    SMALL,
    Making,
    fragment_text,
    gather,
    gather_all,
    index_shards,
    shards,
)
from build_tools.site.words import SITE, check_words, guard, read_site
from tests.conftest import MakeWiki
from tests.islands import contents

PAGE = """<!doctype html><html lang="en"><head><title>t</title>
<meta name="search-kind" content="Island" data-pagefind-filter="kind[content]">
<meta name="search-title" content="{name}" data-pagefind-meta="title[content]"></head><body>
<article{mark}><h1>{name}<a class="headerlink" href="#">#</a></h1>
<h2 id="_claims">Claims</h2><ul><li id="fog">{text} <a class="cite" href="#">Courier 5</a></li></ul>
<h2 id="_links">Links</h2><div data-pagefind-ignore>what others say</div></article></body></html>"""
MARKS = {
    "fog": Mark(facets={"topic": ("Ferries",), "year": ()}, cites=(("Courier ¶5", "seeds/courier/#p5"),))
}
ENTRIES = {"islands/skarn/": Entry(kind="Island", names=("Rock",), marks=MARKS)}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site of two pages, one of which is to be found."""
    for address, name, mark in (("islands/skarn", "Skarn", " data-pagefind-body"), ("timeline", "Time", "")):
        page = tmp_path / "site" / address / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text(PAGE.format(name=name, mark=mark, text="Fog closes the harbour."))
    return tmp_path / "site"


def making(
    site: Path, count: int, searched: Mapping[str, str], entries: Mapping[str, Entry], work: Path
) -> Making:
    """How the index of a site is made, of which `work` has what is searched."""
    return Making(
        out=site,
        count=count,
        place=site.joinpath,
        work=work,
        packs=Packs(site.with_name("packs"), "rules"),
        searched=searched,
        entries=entries,
        entry_digests={address: repr(entry) for address, entry in entries.items()},
    )


def index_site(site: Path, entries: Mapping[str, Entry]) -> tuple[Problem, ...]:
    """The site has its index."""
    pages = [path.relative_to(site).as_posix() for path in site.rglob("*.html")]
    work = site.with_name(f"{site.name}-work")
    searched = gather(pages, site.joinpath, work)
    parts = shards([page for page in pages if searched[page]])
    return index_shards(making(site, len(parts), searched, entries, work), parts)


def fragments(site: Path) -> list[dict[str, Any]]:
    return [json.loads(fragment_text(path.read_bytes())) for path in site.rglob("*.pf_fragment")]


Program = Callable[[str], None]


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """Another program in Pagefind's place: a shell script."""

    def put(script: str) -> None:
        path = tmp_path / "program"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        monkeypatch.setattr(pagefind_bin, "get_executable", lambda: str(path))

    return put


def test_the_index_holds_the_marked_pages_with_what_belongs_to_their_anchors(site: Path) -> None:
    assert index_site(site, ENTRIES) == ()
    (page,) = fragments(site)
    assert page["url"] == "/islands/skarn/"
    assert page["meta"]["title"] == "Skarn"
    assert page["kind"] == "Island"
    assert page["filters"] == {"kind": ["Island"]}
    assert "Fog closes the harbour." in page["content"]
    assert page["marks"] == {"fog": {"topic": ["Ferries"], "cites": [["Courier ¶5", "seeds/courier/#p5"]]}}
    words = page["content"].split()
    (anchor,) = [anchor for anchor in page["anchors"] if anchor["id"] == "fog"]
    assert words[anchor["location"]] == "Fog"


def test_cites_permanent_addresses_and_repetitions_are_no_part_of_the_text(site: Path) -> None:
    index_site(site, ENTRIES)
    (page,) = fragments(site)
    assert not {"Courier", "#", "Skarn#", "others"} & set(page["content"].split())


def test_a_page_that_the_compiler_did_not_make_has_no_marks(site: Path) -> None:
    index_site(site, {})
    (page,) = fragments(site)
    assert (page["kind"], page["marks"]) == ("", {})


def test_equal_sites_have_equal_indexes(site: Path, tmp_path: Path) -> None:
    before = contents(site)
    index_site(site, ENTRIES)
    first = contents(site)
    again = tmp_path / "again"
    for path, data in before.items():
        if isinstance(data, bytes) and data != b"/":
            (again / path).parent.mkdir(parents=True, exist_ok=True)
            (again / path).write_bytes(data)
    index_site(again, ENTRIES)
    assert contents(again) == first


def test_the_order_of_filters_and_values_is_settled(site: Path, tmp_path: Path) -> None:
    """With so many, Pagefind's own order is another each time."""
    page = site / "islands/skarn/index.html"
    meta = [
        f'<meta name="x" content="{value}" data-pagefind-filter="{facet}[content]">'
        for facet in ("topic", "year", "source", "speaker")
        for value in range(30)
    ]
    page.write_text(page.read_text().replace("</head>", "".join(meta) + "</head>"))
    shutil.copytree(site, tmp_path / "again")
    for folder in (site, tmp_path / "again"):
        assert index_site(folder, ENTRIES) == ()
    assert contents(tmp_path / "again") == contents(site)


@pytest.mark.parametrize(
    "item", [0, 23, 24, 255, 256, 70_000, 1 << 40, "", "ğ" * 300, [[], ["a", [1, 2]]], b"\xf6"]
)
def test_cbor_is_read_as_it_is_written(item: object) -> None:
    assert cbor.decode(cbor.encode(item)) == item


@pytest.mark.parametrize("data", [b"", b"\x01\x01", b"\x9f\xff", b"\x82\x01", b"\xa0"])
def test_other_cbor_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="CBOR"):
        cbor.decode(data)


def test_only_what_the_search_loads_is_kept(site: Path) -> None:
    index_site(site, ENTRIES)
    files = sorted(path.name for path in (site / "pagefind").iterdir() if path.is_file())
    assert [name for name in files if not name.endswith(".pf_meta")] == [
        "pagefind-entry.json",
        "pagefind.js",
        "wasm.en.pagefind",
    ]
    assert sorted(path.name for path in (site / "pagefind").iterdir() if path.is_dir()) == [
        "filter",
        "fragment",
        "index",
    ]


def test_a_program_that_fails_is_a_problem_and_no_site(site: Path, program: Program) -> None:
    program('echo "the disk is tired" >&2; exit 3')
    (problem,) = index_site(site, ENTRIES)
    assert problem.code is Code.SEARCH_INDEX
    assert problem.at.path == "build/site/pagefind"
    assert problem.message == "Pagefind ended with exit code 3: the disk is tired"


def test_a_program_that_says_nothing_is_a_problem_too(site: Path, program: Program) -> None:
    program("exit 1")
    (problem,) = index_site(site, ENTRIES)
    assert problem.message == "Pagefind ended with exit code 1: it said nothing"


def test_a_program_that_is_not_there_is_a_problem(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pagefind_bin, "get_executable", lambda: str(site / "nowhere"))
    (problem,) = index_site(site, ENTRIES)
    assert problem.code is Code.SEARCH_INDEX
    assert "cannot be started" in problem.message
    assert problem.hint == "run `make setup`"


def test_settings_of_the_machine_do_not_reach_the_program(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGEFIND_KEEP_INDEX_URL", "true")
    index_site(site, ENTRIES)
    assert [page["url"] for page in fragments(site)] == ["/islands/skarn/"]


def test_the_quotation_budget_holds_in_the_index_too(wiki: MakeWiki, site: Path) -> None:
    """Words that only the index has: pages are read first, and are clean here."""
    checked = wiki().checked()
    assert checked.wiki is not None
    copied = (Path(__file__).parent / "articles" / "courier-2024.md").read_text().split("\n\n")[3]
    index_site(site, ENTRIES)
    (path,) = site.rglob("*.pf_fragment")
    page = json.loads(fragment_text(path.read_bytes())) | {"content": " ".join(copied.split())}
    path.write_bytes(gzip.compress(b"pagefind_dcd" + json.dumps(page).encode(), mtime=0))
    problems = check_words(read_site(site), guard(checked.wiki))
    assert {problem.code for problem in problems} & {Code.COPIED_WORDS, Code.QUOTE_OVER_BUDGET}
    assert problems[0].at.path.startswith(f"{SITE}/pagefind/fragment/")


# ---- in parts ----------------------------------------------------------------------------------------


def test_a_page_stays_in_its_part_when_others_come_and_go() -> None:
    pages = [f"islands/{number}/index.html" for number in range(2_400)]
    parts = shards(pages)
    assert list(parts) == ["pagefind", *(f"pagefind/{number}" for number in range(1, 16))]
    assert sorted(page for part in parts.values() for page in part) == sorted(pages)
    assert max(map(len, parts.values())) < PART
    fewer = shards(pages[:-300])
    assert {page for part in fewer for page in set(fewer[part]) - set(parts[part])} == set()


def test_the_parts_are_few_for_the_sake_of_readers() -> None:
    assert len(shards([f"{number}.html" for number in range(MOST * PART * 2)])) == MOST
    assert list(shards([f"{number}.html" for number in range(SMALL)])) == ["pagefind"]
    assert shards([]) == {"pagefind": ()}


def test_no_part_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("build_tools.site.search_index.SMALL", 1)
    monkeypatch.setattr("build_tools.site.search_index.PART", 1)
    parts = shards([f"{number}.html" for number in range(9)])
    assert all(parts.values())
    assert sum(map(len, parts.values())) == 9


def test_what_is_searched_hangs_on_nothing_that_is_left_out(site: Path, tmp_path: Path) -> None:
    page = "islands/skarn/index.html"
    (first,) = gather([page], site.joinpath, tmp_path / "first").values()
    text = (site / page).read_text()
    changed = text.replace("what others say", "what <b>others</b> say now").replace("Courier 5", "Herald 7")
    changed = changed.replace("</head>", '<link rel="next" href="../"><script>1</script></head>')
    (site / page).write_text(changed)
    assert gather([page], site.joinpath, tmp_path / "second") == {page: first}
    (site / page).write_text(text.replace("Fog", "Mist"))
    assert gather([page], site.joinpath, tmp_path / "third") != {page: first}


def test_a_page_that_the_theme_does_not_mark_is_searched_only_where_it_marks_none(
    site: Path, tmp_path: Path
) -> None:
    page = "timeline/index.html"
    assert gather([page], site.joinpath, tmp_path / "work") == {page: ""}
    assert not (tmp_path / "work").exists()
    assert gather_all([page], site.joinpath, tmp_path / "work")[page]


def test_a_small_site_has_one_part_which_holds_the_programs(site: Path) -> None:
    index_site(site, ENTRIES)
    assert (
        (site / "pagefind/pagefind.js")
        .read_text()
        .endswith("\nexport const shards = 1;\nexport { PagefindWrapper };\n")
    )


def test_a_further_part_holds_no_programs(site: Path, tmp_path: Path) -> None:
    parts = {"pagefind/1": ("islands/skarn/index.html",)}
    searched = gather(parts["pagefind/1"], site.joinpath, tmp_path / "work")
    assert index_shards(making(site, 2, searched, ENTRIES, tmp_path / "work"), parts) == ()
    names = sorted(path.name for path in (site / "pagefind/1").iterdir() if path.suffix != ".pf_meta")
    assert names == ["filter", "fragment", "index", "pagefind-entry.json"]
    (page,) = (site / "pagefind/1/fragment").iterdir()
    assert page.name.startswith("1-"), "what is found of it is known by that"


def test_what_a_part_was_made_of_need_not_be_found_again(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index_site(site, ENTRIES)
    first = contents(site / "pagefind")
    made, looked = counted(monkeypatch, "_with_marks"), counted(monkeypatch, "_gather")
    work = site.with_name("work-again")
    page = "islands/skarn/index.html"
    searched = gather([page], site.joinpath, site.with_name("elsewhere"))
    parts = shards([page])
    looked.clear()

    def again(entries: Mapping[str, Entry] = ENTRIES) -> dict[str, bytes | str]:
        shutil.rmtree(site / "pagefind")
        assert index_shards(making(site, 1, searched, entries, work), parts) == ()
        return contents(site / "pagefind")

    assert again() == first
    assert (made, looked) == ([], [])
    other = {address: replace(entry, kind="Rock") for address, entry in ENTRIES.items()}
    assert again(other) != first
    assert (len(made), looked) == (1, [])
    (site / page).write_text(PAGE.format(name="Skarn", mark=" data-pagefind-body", text="No fog."))
    searched = gather([page], site.joinpath, site.with_name("elsewhere"))
    looked.clear()
    changed = again()
    assert len(looked) == 1
    index_site(site, ENTRIES)
    assert contents(site / "pagefind") == changed != first


@pytest.mark.parametrize("harm", [lambda data: b"", lambda data: data[:-1] + b"x", None])
def test_a_pack_that_is_lost_or_damaged_only_costs_time(
    harm: Callable[[bytes], bytes] | None, site: Path
) -> None:
    index_site(site, ENTRIES)
    first = contents(site / "pagefind")
    (pack,) = site.with_name("packs").iterdir()
    if harm:
        pack.write_bytes(harm(pack.read_bytes()))
    else:
        Packs(pack.parent, "other rules").keep("pagefind", Packs(pack.parent, "rules").of("pagefind"))
    assert Packs(pack.parent, "rules").of("pagefind") == Pack()
    shutil.rmtree(site / "pagefind")
    index_site(site, ENTRIES)
    assert contents(site / "pagefind") == first


def counted(monkeypatch: pytest.MonkeyPatch, name: str) -> list[object]:
    """The first arguments of the calls of a function of the module from now on."""
    calls: list[object] = []
    function = getattr(search_index, name)

    def call(first: object, *args: object, **given: object) -> object:
        calls.append(first)
        return function(first, *args, **given)

    monkeypatch.setattr(search_index, name, call)
    return calls


# ---- what pages and anchors are narrowed by ----------------------------------------------------------


def entries(wiki: MakeWiki, files: Mapping[str, str] | None = None) -> Mapping[str, Entry]:
    checked = wiki(files).checked()
    assert checked.wiki is not None
    return search_entries(checked.wiki)


def test_an_entity_is_known_by_its_names_and_by_plain_letters_for_special_ones(wiki: MakeWiki) -> None:
    entry = entries(wiki)["islands/great-skarn/"]
    assert entry.kind == "Island"
    assert entry.names == ("Großskarn", "the big island", "grossskarn")


def test_plain_letters_are_what_a_keyboard_without_marks_writes() -> None:
    assert (
        plain_letters("İsmail ÇAĞLAYAN ılık Straße Łódź Ørsted Йод")
        == "ismail caglayan ilik strasse lodz orsted иод"
    )


def test_a_quotation_has_its_speaker_and_a_claim_whose_assertion_it_is(wiki: MakeWiki) -> None:
    found = entries(wiki)
    quote = found["people/ada-brook/"].marks["eleven-years"]
    assert quote.facets["speaker"] == ("Ada Brook",)
    assert quote.facets["source"] == ("Courier 2024",)
    assert quote.cites[0][1].startswith("seeds/courier-2024/#p")


def test_a_passage_has_the_topics_and_years_of_what_rests_on_it(wiki: MakeWiki) -> None:
    entry = entries(wiki)["seeds/courier-2024/"]
    assert entry.kind == "Source"
    assert entry.values("source") == ("Courier 2024",)
    assert entry.marks["p1"].cites == (("Courier 2024 ¶1", "seeds/courier-2024/#p1"),)
    assert set(entry.values("topic")) == {
        topic for mark in entry.marks.values() for topic in mark.facets["topic"]
    }
    assert entry.values("topic")


@pytest.mark.parametrize(
    ("when", "years"),
    [
        ("2024-05", ("2024",)),
        ("2021/2023", ("2021", "2022", "2023")),
        ("199X", tuple(str(year) for year in range(1990, 2000))),
        ("2020/..", ("2020",)),
        ("../2020", ("2020",)),
        ("1500/2020", ("1500", "2020")),
    ],
)
def test_a_date_counts_for_each_year_it_covers(when: str, years: tuple[str, ...], wiki: MakeWiki) -> None:
    records = f"name: Lone Rock\nclaims:\n  - {{id: old, text: It is old., when: {when}, cites: [courier-2024#p1]}}\n"
    entry = entries(wiki, {"entities/islands/lone-rock.yml": records})["islands/lone-rock/"]
    assert entry.marks["old"].facets["year"] == years
