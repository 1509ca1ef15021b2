"""From a claim to the passage that carries it, and back to the very claim."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.looks import background, in_view, tab_to
from tests.browser.site import Site

pytestmark = pytest.mark.browser


def cite(page: Page, site: Site) -> Locator:
    """The first cite of the claim, unfolded where it is folded."""
    claim = page.locator(f'[id="{site.journey.claim}"]')
    if claim.locator(".evidence summary").is_visible():
        claim.locator(".evidence summary").click()
    return claim.locator("a.cite").first


def way_back(page: Page, site: Site) -> Locator:
    """The passage's link to the claim."""
    href = f'a[href$="{site.journey.page}#{site.journey.claim}"]'
    return page.locator(".passage", has=page.locator(f'[id="{site.journey.anchor}"]')).locator(href).first


def stands_at_passage(page: Page, site: Site) -> None:
    expect(page).to_have_url(site.at(site.journey.passage))
    passage = page.locator(".passage-gist", has=page.locator(f'[id="{site.journey.anchor}"]'))
    others = page.locator(".passage-gist").filter(has_not=page.locator(f'[id="{site.journey.anchor}"]'))
    assert in_view(passage)
    assert background(passage) != background(others.first)


def stands_at_claim(page: Page, site: Site) -> None:
    expect(page).to_have_url(f"{site.at(site.journey.page)}#{site.journey.claim}")
    claim = page.locator(f'[id="{site.journey.claim}"]')
    assert in_view(claim)
    assert background(claim) != background(page.locator("li.claim:not(:target)").first)


@pytest.mark.parametrize(
    ("wide", "scripts"), [(True, True), (False, True), (False, False)], ids=["wide", "narrow", "no-scripts"]
)
def test_there_and_back_by_mouse(open_page: OpenPage, site: Site, wide: bool, scripts: bool) -> None:
    page = open_page(wide=wide, scripts=scripts)
    page.goto(site.at(site.journey.page))
    cite(page, site).click()
    stands_at_passage(page, site)
    way_back(page, site).click()
    stands_at_claim(page, site)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
def test_from_home_to_the_passage_and_back_by_keyboard_alone(
    open_page: OpenPage, site: Site, wide: bool, scripts: bool
) -> None:
    page = open_page(wide=wide, scripts=scripts)
    page.goto(site.at(""))
    index, _, entity = site.journey.page.partition("/")
    ways = ".md-tabs"
    if not wide:  # the menu is the drawer, or without scripts the list in the footer
        ways = ".wiki-nav" if scripts else "#_ways"
        press(page, page.locator(".wiki-menu"), within=3)
    press(page, page.locator(f'{ways} a[href="{index}/"]'), within=page.locator(f"{ways} a").count() + 6)
    expect(page).to_have_url(site.at(f"{index}/"))
    skip_to_content(page)
    press(page, page.locator(f'article a[href="{entity}"]').first, within=stops(page))
    expect(page).to_have_url(site.at(site.journey.page))
    skip_to_content(page)
    claim = page.locator(f'[id="{site.journey.claim}"]')
    if not wide:
        press(page, claim.locator(".evidence summary"), within=stops(page))
    press(page, claim.locator("a.cite").first, within=stops(page))
    stands_at_passage(page, site)
    # The focus goes on from the passage: nobody has to start over at the top of the page.
    links = page.locator(".passage", has=page.locator(f'[id="{site.journey.anchor}"]')).locator("a, button")
    press(page, way_back(page, site), within=links.count())
    stands_at_claim(page, site)


def press(page: Page, wanted: Locator, *, within: int) -> None:
    """The focus has come to the element by Tab, it is to be seen, and Enter has been pressed on it."""
    tab_to(page, wanted, within=within)
    expect(wanted).to_be_in_viewport()
    page.keyboard.press("Enter")


def skip_to_content(page: Page) -> None:
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def stops(page: Page) -> int:
    """At how many places of the page's text Tab can stop."""
    return page.locator("article").locator("a, button, summary, input, select, [tabindex]").count()


def test_the_permanent_address_of_a_claim_shows_to_the_keyboard_and_on_touch_screens(
    open_page: OpenPage, site: Site
) -> None:
    address = f'[id="{site.journey.claim}"] a.permalink'
    page = open_page()
    page.goto(site.at(site.journey.page))
    expect(page.locator(address)).to_have_css("opacity", "0")
    page.locator(address).focus()
    expect(page.locator(address)).to_have_css("opacity", "1")
    page.keyboard.press("Enter")
    stands_at_claim(page, site)
    page = open_page(wide=False, touch=True)
    page.goto(site.at(site.journey.page))
    expect(page.locator(address)).to_have_css("opacity", "1")


def test_a_worked_out_date_shows_the_words_it_was_worked_out_from(open_page: OpenPage, site: Site) -> None:
    dated = [
        (entity["url"], claim)
        for entity in site.data["entities"]
        for claim in entity["claims"]
        if claim["resolved_from"]
    ]
    if not dated:
        pytest.skip("no claim of this wiki has a date that was worked out")
    url, claim = dated[0]
    page = open_page(scripts=False, wide=False)
    page.goto(site.at(url))
    words = page.locator(f'[id="{claim["id"]}"] .resolved-from')
    expect(words).to_be_visible()
    expect(words).to_contain_text(claim["resolved_from"])
