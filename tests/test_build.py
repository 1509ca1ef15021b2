"""`wiki build` on the project's own records: the site, its data, and the way from claim to passage and back."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from build_tools.cli import main
from build_tools.dates import covers
from tests.both_ways import BothWays
from tests.islands import PROJECT, Wiki, contents, lay_out_project, lay_out_site

ANYTHING = object()
TEXT, NUMBER, WORDS, CITES = str, int, [str], ["cite"]
# Design, section 9, and what docs/about.md adds to it; `None` stands for what may be null.
SHAPES: dict[str, dict[str, Any]] = {
    "data": {"version": NUMBER, "entities": ["entity"], "seeds": ["seed"]},
    "entity": {
        "id": TEXT,
        "kind": TEXT,
        "name": TEXT,
        "aliases": WORDS,
        "identifiers": {},
        "summary": (TEXT, None),
        "url": TEXT,
        "facts": ["fact"],
        "claims": ["claim"],
        "quotes": ["quote"],
        "relations": ["relation"],
    },
    "fact": {"fact": TEXT, "value": TEXT, "when": (TEXT, None), "cites": CITES},
    "claim": {
        "id": TEXT,
        "text": TEXT,
        "plain": TEXT,
        "when": (TEXT, None),
        "resolved_from": (TEXT, None),
        "derived": (TEXT, None),
        "topics": WORDS,
        "said_by": (TEXT, None),
        "said_to": (TEXT, None),
        "via": (TEXT, None),
        "question": (TEXT, None),
        "series": ["point"],
        "cites": CITES,
    },
    "point": {"when": TEXT, "value": TEXT},
    "quote": {
        "id": TEXT,
        "text": TEXT,
        "when": (TEXT, None),
        "topics": WORDS,
        "said_to": (TEXT, None),
        "via": (TEXT, None),
        "about": WORDS,
        "cites": CITES,
    },
    "relation": {"type": TEXT, "to": TEXT, "when": (TEXT, None), "cites": CITES},
    "cite": {
        "seed": TEXT,
        "passage": (TEXT, None),
        "quote": (TEXT, None),
        "role": TEXT,
        "checked": TEXT,
        "url": TEXT,
    },
    "seed": {
        "id": TEXT,
        "title": TEXT,
        "address": (TEXT, None),
        "url": TEXT,
        "published": TEXT,
        "language": TEXT,
        "held": bool,
        "derived_from": ["origin"],
        "passages": ["passage"],
    },
    "origin": {"seed": TEXT, "how": TEXT, "basis": TEXT},
    "passage": {"id": TEXT, "kind": TEXT, "gist": TEXT, "words": (NUMBER, None), "cited_by": WORDS},
}
OPTIONAL = {"span"}  # what a cite may have besides


@dataclass(frozen=True)
class Site:
    """A built site: its pages parsed, and its data."""

    root: Path
    said: str

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.root / "build/site/data/wiki.json").read_text())
        return found

    def page(self, url: str) -> LexborHTMLParser:
        if url not in PARSED:
            PARSED[url] = LexborHTMLParser((self.root / "build/site" / url / "index.html").read_text())
        return PARSED[url]

    def links(self, url: str, node: LexborNode) -> set[str]:
        """Where the links in a node lead, as addresses below the site's root."""
        return {target(url, link.attributes.get("href") or "") for link in node.css("a[href]")}


PARSED: dict[str, LexborHTMLParser] = {}


def target(url: str, href: str) -> str:
    """A link of the page at `url` as an address below the site's root, with its anchor."""
    parts = urlsplit(href)
    if parts.scheme or parts.netloc:
        return href
    path = posixpath.normpath(posixpath.join("/", url, parts.path)).lstrip("/") if parts.path else url
    if parts.path and path and (parts.path.endswith("/") or "." not in posixpath.basename(path)):
        path += "/"
    return unquote(f"{path}#{parts.fragment}" if parts.fragment else path)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The project, copied and built once."""
    PARSED.clear()
    wiki = lay_out_project(tmp_path_factory.mktemp("project"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        printed: list[str] = []
        patch.setattr("builtins.print", lambda *words, **_: printed.append(" ".join(map(str, words))))
        assert main(["--root", str(wiki.root), "build", "--strict"]) == 0, "\n".join(printed)
    return Site(wiki.root, "\n".join(printed))


def test_the_build_says_what_it_made_and_checked(site: Site) -> None:
    assert "no problems" in site.said
    assert re.search(
        r"build/pages: \d+ files\nbuild/site: \d+ pages; \d+ links, \d+ anchors and \d+ assets checked",
        site.said,
    )
    assert (site.root / "build/site/index.html").exists()
    assert sorted(path.name for path in (site.root / "build").iterdir()) == [
        ".cache",
        ".lock",
        ".pages.spare",
        ".site.spare",
        "pages",
        "site",
    ]


def test_the_pages_are_converted_as_python_markdown_would(site: Site) -> None:
    pages = site.root / "build/pages"
    texts = {
        path.relative_to(pages).as_posix(): path.read_text() if path.suffix == ".md" else ""
        for path in pages.rglob("*.*")
    }
    both = BothWays(texts, pages)
    assert both.differing() == []
    assert set(both.left()) <= {path.name for path in (site.root / "docs").glob("*.md")}


# ---- the data --------------------------------------------------------------------------------------


def misfits(value: Any, shape: Any, where: str) -> Iterator[str]:
    """Where a value is not of the documented shape."""
    if isinstance(shape, str):
        if not isinstance(value, dict):
            yield f"{where} is no {shape}"
            return
        keys = set(value) - (OPTIONAL if shape == "cite" else set())
        if keys != set(SHAPES[shape]):
            yield f"{where}: {sorted(keys ^ set(SHAPES[shape]))}"
        for key, item in SHAPES[shape].items():
            yield from misfits(value.get(key), item, f"{where}.{key}")
    elif isinstance(shape, tuple):
        if value is not None:
            yield from misfits(value, shape[0], where)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield f"{where} is no list"
            return
        for number, item in enumerate(value):
            yield from misfits(item, shape[0], f"{where}[{number}]")
    elif isinstance(shape, dict):
        if not (
            isinstance(value, dict) and all(isinstance(item, str) for pair in value.items() for item in pair)
        ):
            yield f"{where} is no mapping of texts"
    elif type(value) is not shape or value == "":
        yield f"{where} is {value!r}"


def test_the_data_is_of_the_documented_shape(site: Site) -> None:
    assert list(misfits(site.data, "data", "data")) == []
    assert site.data["version"] == 1


def test_the_data_says_only_what_its_words_allow(site: Site) -> None:
    data = site.data
    entities = {entity["id"]: entity for entity in data["entities"]}
    seeds = {seed["id"]: {p["id"] for p in seed["passages"]} for seed in data["seeds"]}
    assert list(entities) == sorted(entities)
    assert list(seeds) == sorted(seeds)
    for entity in data["entities"]:
        for claim in entity["claims"]:
            assert "[[" not in claim["plain"]
            assert {claim["said_by"], claim["said_to"], claim["via"]} <= {None, *entities}
        for quote in entity["quotes"]:
            assert {quote["said_to"], quote["via"], *quote["about"]} <= {None, *entities}
        for relation in entity["relations"]:
            assert relation["to"] in entities
        for statement in statements(entity):
            assert statement.get("when") is None or covers(statement["when"])
            assert statement["cites"]
            for cite in statement["cites"]:
                assert cite["role"] in ("supports", "disputes", "context")
                assert cite["checked"] in ("against the text", "against the seal", "not checked")
                assert cite["passage"] in (seeds[cite["seed"]] or {None})
                assert (cite["checked"] == "not checked") is (cite["passage"] is None)


def statements(entity: dict[str, Any]) -> list[dict[str, Any]]:
    return [*entity["facts"], *entity["claims"], *entity["quotes"], *entity["relations"]]


def test_the_site_documents_every_field_of_the_data() -> None:
    about = (PROJECT / "docs/about.md").read_text()
    documented = set(re.findall(r"`([a-z_]+)`", about)) | set(re.findall(r"`[a-z_…]+\[\]\.([a-z_]+)`", about))
    inner = {"seed", "how", "basis"}  # of `derived_from`, as in the records
    for shape, fields in SHAPES.items():
        if shape != "origin":
            assert set(fields) - inner <= documented | {"cites"}, shape


# ---- from claim to passage and back ----------------------------------------------------------------


def test_every_address_of_the_data_is_a_page_with_that_anchor(site: Site) -> None:
    data = site.data
    for item in (*data["entities"], *data["seeds"]):
        assert site.page(item["url"]).css_first("h1") is not None
    for entity in data["entities"]:
        for statement in statements(entity):
            for cite in statement["cites"]:
                url, anchor = cite["url"].split("#")
                assert site.page(url).css_matches(f'[id="{anchor}"]'), cite["url"]


def test_every_claim_and_quote_leads_to_its_passages(site: Site) -> None:
    tried = 0
    for entity in site.data["entities"]:
        for statement in (*entity["claims"], *entity["quotes"]):
            (node,) = site.page(entity["url"]).css(f'[id="{statement["id"]}"]')
            links = site.links(entity["url"], node)
            for cite in statement["cites"]:
                assert cite["url"] in links, f"{entity['id']}#{statement['id']}"
                tried += 1
    assert tried > 100


def test_every_passage_leads_back_to_all_that_rests_on_it_and_is_led_to_from_there(site: Site) -> None:
    data = site.data
    urls = {entity["id"]: entity["url"] for entity in data["entities"]}
    tried = 0
    for seed in data["seeds"]:
        beside = passage_links(site, seed["url"])
        for passage in seed["passages"]:
            for statement in passage["cited_by"]:
                entity, anchor = statement.split("#")
                assert f"{urls[entity]}#{anchor}" in beside[passage["id"]], statement
                (node,) = site.page(urls[entity]).css(f'[id="{anchor}"]')
                assert f"{seed['url']}#{passage['id']}" in site.links(urls[entity], node), statement
                tried += 1
            backwards = {
                link for link in beside[passage["id"]] if "#" in link and link.split("#")[0] in urls.values()
            }
            assert len(passage["cited_by"]) == len(backwards), "nothing else is beside it"
    assert tried > 100


def passage_links(site: Site, url: str) -> dict[str, set[str]]:
    """The links that stand between the anchor of a passage and that of the next."""
    found: dict[str, set[str]] = {}
    current: set[str] = set()
    body = site.page(url).css_first("article")
    assert body is not None
    for node in body.traverse():
        anchor = node.attributes.get("id") or ""
        if re.fullmatch(r"p\d+", anchor):
            current = found.setdefault(anchor, set())
        elif node.tag in ("h1", "h2"):
            current = set()
        if node.tag == "a" and node.attributes.get("href"):
            current.add(target(url, node.attributes["href"] or ""))
    return found


def test_everything_cited_is_counted_beside_its_passage(site: Site) -> None:
    data = site.data
    cited_by = {(s["id"], p["id"]): p["cited_by"] for s in data["seeds"] for p in s["passages"]}
    for entity in data["entities"]:
        for statement in (*entity["claims"], *entity["quotes"]):
            for cite in statement["cites"]:
                if cite["passage"]:
                    assert f"{entity['id']}#{statement['id']}" in cited_by[cite["seed"], cite["passage"]]


def test_every_edit_link_names_a_file_of_the_repository(site: Site) -> None:
    repository = re.search(r"repository: (\S+)", (PROJECT / "wiki.yml").read_text())
    assert repository is not None
    prefix = f"{repository[1]}/edit/main/"
    for item in (*site.data["entities"], *site.data["seeds"]):
        edits = [
            a
            for a in site.page(item["url"]).css("a[href]")
            if (a.attributes["href"] or "").startswith(prefix)
        ]
        assert edits
        for edit in edits:
            path = (edit.attributes["href"] or "").removeprefix(prefix)
            assert (PROJECT / path).is_file(), path


# ---- building again --------------------------------------------------------------------------------


def test_building_twice_leaves_every_unchanged_page_its_inode_and_time(
    site: Site, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    pages = site.root / "build/pages"
    before = {
        path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in pages.rglob("*") if path.is_file()
    }
    built = contents(site.root / "build")
    assert main(["--root", str(site.root), "build"]) == 0
    assert contents(site.root / "build") == built
    after = {
        path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in pages.rglob("*") if path.is_file()
    }
    assert after == before


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Wiki:
    """The example, built once."""
    wiki = lay_out_site(tmp_path_factory.mktemp("small"))
    assert main(["--root", str(wiki.root), "build"]) == 0
    return wiki


@pytest.mark.parametrize(
    ("page", "text", "said"),
    [
        ("about.md", "See [this](nowhere.md).", "docs/about.md:1:1: [site-build] "),
        ("about.md", "See [this](index.md#nowhere).", "docs/about.md:1:1: [site-build] "),
        ("more.md", "Not in the navigation.", "mkdocs.yml:1:1: [site-build] "),
        ("about.md", '<img src="https://other.example/x.png">', "build/site/about/index.html:"),
        ("about.md", "<p onclick='x()'>press</p>", "build/site/about/index.html:"),
        ("about.md", '<a href="../nowhere/">this</a>', "build/site/about/index.html:"),
    ],
)
def test_a_site_with_a_fault_is_not_put_in_place(
    page: str, text: str, said: str, small: Wiki, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(small.root / "build/site")
    old = contents(small.root / "docs").get(page)
    small.put({f"docs/{page}": f"# About\n\n{text}\n"})
    try:
        assert main(["--root", str(small.root), "build"]) == 1
    finally:
        small.put({f"docs/{page}": old}) if isinstance(old, bytes) else small.delete(f"docs/{page}")
    out = capsys.readouterr().out
    assert out.startswith(said), out
    assert "more.md" in out or page != "more.md"
    assert out.endswith("\n1 error\n")
    assert contents(small.root / "build/site") == before


def test_without_mkdocs_yml_the_build_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wiki = lay_out_site(tmp_path).delete("mkdocs.yml")
    assert main(["--root", str(wiki.root), "build"]) == 1
    out = capsys.readouterr().out
    assert "[site-build]" in out
    assert "Traceback" not in out
    assert not (wiki.root / "build/site").exists()


def test_a_site_may_live_below_an_address(small: Wiki, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "https://skarn.example/ferries/")
    assert main(["--root", str(small.root), "build"]) == 0
    page = (small.root / "build/site/islands/great-skarn/index.html").read_text()
    assert 'rel="canonical" href="https://skarn.example/ferries/islands/great-skarn/"' in page
