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
    if claim.locator("summary").is_visible():
        claim.locator("summary").click()
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
def test_there_and_back_by_keyboard_alone(open_page: OpenPage, site: Site, scripts: bool) -> None:
    page = open_page(scripts=scripts)
    page.goto(site.at(site.journey.page))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skip to the content
    tab_to(page, cite(page, site), within=page.locator("article a").count())
    page.keyboard.press("Enter")
    stands_at_passage(page, site)
    # The focus goes on from the passage: nobody has to start over at the top of the page.
    links = page.locator(".passage", has=page.locator(f'[id="{site.journey.anchor}"]')).locator("a, button")
    tab_to(page, way_back(page, site), within=links.count())
    page.keyboard.press("Enter")
    stands_at_claim(page, site)


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
