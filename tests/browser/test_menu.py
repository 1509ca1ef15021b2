"""The ways through the site on a narrow screen: the drawer, and without scripts the list in the footer."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.looks import in_view, tab_to
from tests.browser.site import Site

pytestmark = pytest.mark.browser

FOCUSED = "() => document.activeElement.closest('.wiki-nav') !== null"


def menu(page: Page) -> Locator:
    return page.get_by_role("button", name="Menu", exact=True)


def ways(page: Page) -> Locator:
    return page.locator(".wiki-nav a")


def opened(page: Page, site: Site) -> Page:
    """The page of an entity with its drawer opened by the keyboard."""
    page.goto(site.at(site.entity["url"]))
    tab_to(page, menu(page), within=3)
    page.keyboard.press("Enter")
    expect(ways(page).first).to_be_in_viewport()
    expect(menu_state(page)).to_have_attribute("aria-expanded", "true")
    return page


def menu_state(page: Page) -> Locator:
    return page.locator(".wiki-menu")  # behind the open drawer it has no role


def test_a_closed_drawer_never_has_the_focus(open_page: OpenPage, site: Site) -> None:
    page = open_page(wide=False)
    page.goto(site.at("search/"))
    expect(ways(page).first).to_be_hidden()
    for _ in range(page.locator("a, button, input, [tabindex]").count()):
        page.keyboard.press("Tab")
        assert not page.evaluate(FOCUSED)


def test_the_drawer_opens_leads_on_and_closes_by_keyboard(open_page: OpenPage, site: Site) -> None:
    page = opened(open_page(wide=False), site)
    expect(page.get_by_role("button", name="Close the menu")).to_be_focused()
    page.keyboard.press("Escape")
    expect(ways(page).first).to_be_hidden()
    expect(menu(page)).to_be_focused()
    expect(menu(page)).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Space")
    expect(ways(page).first).to_be_in_viewport()
    page.keyboard.press("Enter")  # on the button that closes it
    expect(ways(page).first).to_be_hidden()
    expect(menu(page)).to_be_focused()
    page.keyboard.press("Enter")
    last = ways(page).last
    tab_to(page, last, within=ways(page).count())
    assert in_the_drawer(last)
    address = str(last.evaluate("link => link.href"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(address)
    expect(ways(page).first).to_be_hidden()


def in_the_drawer(link: Locator) -> bool:
    expect(link).to_be_in_viewport()
    return bool(link.evaluate("link => link.closest('.md-sidebar--primary') !== null"))


def test_what_lies_behind_an_open_drawer_cannot_have_the_focus(open_page: OpenPage, site: Site) -> None:
    page = opened(open_page(wide=False), site)
    for _ in range(ways(page).count() + 3):
        page.keyboard.press("Tab")
        assert page.evaluate("() => document.activeElement === document.body") or page.evaluate(FOCUSED)


def test_a_touch_beside_the_drawer_closes_it(open_page: OpenPage, site: Site) -> None:
    page = open_page(wide=False, touch=True)
    page.goto(site.at(site.entity["url"]))
    menu(page).tap()
    expect(ways(page).first).to_be_in_viewport()
    page.touchscreen.tap(380, 400)
    expect(ways(page).first).to_be_hidden()
    assert page.locator("[inert]").count() == 0


def test_a_window_that_grows_wide_leaves_no_drawer_open(open_page: OpenPage, site: Site) -> None:
    page = opened(open_page(wide=False), site)
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(page.locator(".md-tabs a").first).to_be_visible()
    expect(page.locator("[inert]")).to_have_count(0)


@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
def test_without_scripts_the_footer_has_every_way(open_page: OpenPage, site: Site, wide: bool) -> None:
    page = open_page(wide=wide, scripts=False)
    page.goto(site.at(site.entity["url"]))
    links = page.locator("#_ways a")
    addresses = [links.nth(number).evaluate("link => link.href") for number in range(links.count())]
    assert addresses == [site.at(path) for path in site.navigation]
    if not wide:
        page.get_by_role("link", name="Menu", exact=True).click()
        assert in_view(links.first)
    links.last.click()
    expect(page).to_have_url(addresses[-1])
    expect(page.locator("h1")).to_be_visible()


def test_a_table_that_scrolls_can_be_scrolled_by_keyboard(open_page: OpenPage, site: Site) -> None:
    pages = site.pages_with("<table")
    page = open_page(wide=False)
    for path in pages:
        page.goto(site.at(path))
        table = page.locator(".md-typeset__scrollwrap[tabindex='0']").first
        if not table.count():
            continue
        expect(table).to_have_attribute("aria-label", "Table")
        table.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_function("table => table.scrollLeft > 0", arg=table.element_handle())
        page.set_viewport_size({"width": 2560, "height": 900})
        expect(page.locator(".md-typeset__scrollwrap[tabindex='0']")).to_have_count(0)
        return
    pytest.fail("no table of this wiki is wider than a narrow screen")
