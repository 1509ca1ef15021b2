"""axe finds nothing on any kind of page, the theme's own parts included."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.axe import OF_COLOURS, breaches
from tests.browser.conftest import OpenPage
from tests.browser.looks import background
from tests.browser.site import Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
def test_axe_finds_nothing_on_any_kind_of_page_in_either_scheme(
    open_page: OpenPage, site: Site, wide: bool
) -> None:
    page = open_page(wide=wide)
    found = []
    for path in site.kinds_of_page:
        page.emulate_media(color_scheme="light")
        page.goto(site.at(path))
        expect(page.locator("h1")).to_be_visible()
        found += [f"/{path}, light: {breach}" for breach in breaches(page)]
        light = background(page.locator("body"))
        page.emulate_media(color_scheme="dark")
        expect(page.locator("body")).not_to_have_css("background-color", light)
        found += [f"/{path}, dark: {breach}" for breach in breaches(page, OF_COLOURS)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_open_drawer(open_page: OpenPage, site: Site, scheme: str) -> None:
    page = open_page(wide=False)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(site.at(site.entity["url"]))
    page.get_by_role("button", name="Menu", exact=True).click()
    expect(page.locator(".wiki-nav a").first).to_be_in_viewport()
    assert breaches(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
def test_axe_finds_nothing_in_the_search(open_page: OpenPage, site: Site, scheme: str, wide: bool) -> None:
    """Empty, with results, and with none."""
    page = open_page(wide=wide)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(site.at(site.entity["url"]))
    page.keyboard.press("/")
    dialog = page.get_by_role("dialog")
    try:
        expect(dialog).to_be_visible(timeout=2000)
    except AssertionError:
        pytest.skip("`/` opens no dialog")
    assert breaches(page) == []
    for words in (site.entity["name"], "q" * 30):
        before = dialog.inner_text()
        page.keyboard.press("Control+A")
        page.keyboard.type(words)
        expect(dialog).not_to_have_text(before)
        page.wait_for_load_state("networkidle")
        assert breaches(page) == []


def test_axe_is_asked_in_earnest(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.at(""))
    assert breaches(page, OF_COLOURS) == []
    page.evaluate("() => document.querySelector('h1').style.color = '#ccc'")
    for asked in (None, OF_COLOURS):
        assert any(breach.startswith("color-contrast") for breach in breaches(page, asked))
