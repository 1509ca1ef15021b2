"""The evidence of a statement: beside it, folded, previewed, printed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.looks import in_view
from tests.browser.site import Site

pytestmark = pytest.mark.browser


def claim(page: Page, site: Site) -> Locator:
    page.goto(site.at(site.journey.page))
    return page.locator(f'[id="{site.journey.claim}"]')


def seed_passage(site: Site) -> dict[str, str]:
    """The passage that the journey's claim cites first."""
    seed, _, anchor = site.journey.passage.partition("#")
    found = next(item for item in site.data["seeds"] if item["url"] == seed)
    return next(passage for passage in found["passages"] if passage["id"] == anchor)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_on_a_wide_screen_the_evidence_stands_beside_the_claim(
    open_page: OpenPage, site: Site, scripts: bool
) -> None:
    here = claim(open_page(scripts=scripts), site)
    expect(here.locator(".evidence summary")).not_to_be_visible()
    gist = here.locator(".evidence .gist").first
    expect(gist).to_be_visible()
    expect(gist).to_have_text(seed_passage(site)["gist"])
    sentence, beside = here.locator(".sentence").bounding_box(), here.locator(".evidence").bounding_box()
    assert sentence is not None
    assert beside is not None
    assert beside["x"] >= sentence["x"] + sentence["width"]
    assert abs(beside["y"] - sentence["y"]) < 20


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_on_a_narrow_screen_the_evidence_is_folded_and_unfolds(
    open_page: OpenPage, site: Site, scripts: bool
) -> None:
    here = claim(open_page(scripts=scripts, wide=False), site)
    gist = here.locator(".evidence .gist").first
    expect(gist).not_to_be_visible()
    summary = here.locator(".evidence summary")
    expect(summary).to_contain_text(f"¶{seed_passage(site)['id'][1:]}")
    box = summary.bounding_box()
    assert box is not None
    assert box["height"] >= 24, "WCAG 2.2, 2.5.8: large enough for a finger"
    summary.focus()
    here.page.keyboard.press("Enter")
    expect(gist).to_be_visible()
    expect(here.locator(".evidence a.cite").first).to_be_visible()


def test_the_next_claim_begins_below_the_evidence_of_the_one_before(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.at(site.journey.page))
    overlapping = page.evaluate(
        """() => [...document.querySelectorAll(".claim, .quotation, .in-short")].filter(element => {
            const evidence = element.querySelector(".evidence").getBoundingClientRect()
            const next = element.nextElementSibling
            return next && next.matches(".claim, .quotation")
                && evidence.bottom > next.getBoundingClientRect().top + 1
        }).map(element => element.id)"""
    )
    assert overlapping == []


def test_a_cite_shows_its_passage_while_it_is_focused(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    here = claim(page, site)
    here.locator(".permalink").focus()
    page.keyboard.press("Tab")
    link = here.locator("a.cite").first
    expect(link).to_be_focused()
    card = page.get_by_role("tooltip")
    expect(card).to_contain_text(seed_passage(site)["gist"])
    expect(card).to_contain_text("Checked: ")
    expect(link).to_have_attribute("aria-describedby", card.get_attribute("id") or "none")
    assert card.bounding_box() is not None
    assert in_view(card)
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(link).to_be_focused()
    expect(link).not_to_have_attribute("aria-describedby", "_preview")


def test_a_link_to_an_entity_shows_what_it_is_while_it_is_pointed_at(open_page: OpenPage, site: Site) -> None:
    by_url = {entity["url"]: entity for entity in site.data["entities"] if entity["summary"]}
    page = open_page()
    page.goto(site.at(site.journey.page))
    links = page.locator(".sentence a:not(.permalink)")
    addresses = [str(links.nth(i).evaluate("link => link.href")) for i in range(links.count())]
    number, entity = next(
        (i, by_url[address.removeprefix(site.base)])
        for i, address in enumerate(addresses)
        if address.removeprefix(site.base) in by_url
    )
    links.nth(number).hover()
    card = page.get_by_role("tooltip")
    expect(card).to_contain_text(entity["name"])
    expect(card).to_contain_text(entity["summary"])
    card.hover()
    expect(card).to_be_visible()  # WCAG 2.2, 1.4.13: one can point at it
    page.locator("h1").hover()
    expect(card).to_have_count(0)


def test_a_page_that_says_nothing_of_itself_has_no_preview(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.at(site.journey.page))
    link = page.locator(".sentence a:not(.permalink)").first
    address = str(link.evaluate("link => link.href"))
    page.route(address, lambda route: route.fulfill(content_type="text/html", body="<p>Nothing"))
    with page.expect_request_finished(lambda request: request.url == address):
        link.hover()
    expect(page.get_by_role("tooltip")).to_have_count(0)


def test_a_finger_follows_a_link_at_once(open_page: OpenPage, site: Site) -> None:
    page = open_page(wide=False, touch=True)
    page.goto(site.at(site.journey.page))
    link = page.locator(".sentence a:not(.permalink)").first
    address = link.evaluate("link => link.href")
    link.tap()
    expect(page).to_have_url(address)


def test_on_paper_the_references_are_spelt_out(open_page: OpenPage, site: Site) -> None:
    page = open_page(wide=False)
    here = claim(page, site)
    page.emulate_media(media="print")
    expect(here.locator("a.cite").first).to_be_visible()
    expect(here.locator(".evidence .gist").first).to_be_visible()
    expect(here.locator(".evidence summary")).not_to_be_visible()
    for chrome in (".md-header", ".wiki-search", ".permalink"):
        expect(page.locator(chrome).first).not_to_be_visible()


@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
def test_nothing_moves_while_a_page_loads(open_page: OpenPage, site: Site, wide: bool) -> None:
    page = open_page(wide=wide)
    page.add_init_script(
        """window.shifts = []
        new PerformanceObserver(list => shifts.push(...list.getEntries().map(entry => entry.value)))
            .observe({type: "layout-shift", buffered: true})"""
    )
    for path in (site.journey.page, site.journey.passage.partition("#")[0], ""):
        page.goto(site.at(path), wait_until="networkidle")
        page.evaluate("() => document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
        assert page.evaluate("() => window.shifts") == [], path
