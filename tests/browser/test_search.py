"""The search, by keyboard: entities by name and by alias, and passages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site

pytestmark = pytest.mark.browser


def search(page: Page, words: str) -> Locator:
    """The results for the words, typed into the search that `/` opens."""
    page.keyboard.press("/")
    expect(page.locator(".md-search__input")).to_be_focused()
    page.keyboard.type(words)
    results = page.locator("a.md-search-result__link")
    expect(results.first).to_be_visible()
    return results


def leads_to(url: str) -> re.Pattern[str]:
    """The address with the searched words in it, which the page then highlights."""
    page, mark, anchor = url.partition("#")
    return re.compile(f"{re.escape(page)}(\\?h=[^#]*)?{re.escape(mark + anchor)}$")


def test_an_entity_is_found_by_its_name(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.at(site.navigation[1]))
    results = search(page, site.entity["name"])
    expect(results.first).to_have_attribute("href", leads_to(site.entity["url"]))
    page.keyboard.press("Enter")
    expect(page).to_have_url(leads_to(site.at(site.entity["url"])))
    expect(page.locator("h1")).to_contain_text(site.entity["name"])


def test_an_entity_is_found_by_an_alias(open_page: OpenPage, site: Site) -> None:
    url, alias = next(
        (entity["url"], alias)
        for entity in site.data["entities"]
        for alias in entity["aliases"]
        if re.fullmatch("[A-Z][a-z]{4,}", alias) and site.in_no_sentence(alias)
    )
    page = open_page()
    page.goto(site.at(""))
    expect(search(page, alias).first).to_have_attribute("href", leads_to(url))
    page.keyboard.press("Enter")
    expect(page).to_have_url(leads_to(site.at(url)))
    expect(page.locator("article")).to_contain_text(alias)


def test_a_passage_is_found_by_its_gist(open_page: OpenPage, site: Site) -> None:
    url, word = next(
        (f"{seed['url']}#{passage['id']}", word)
        for seed in site.data["seeds"]
        for passage in seed["passages"]
        if (word := site.rarest_word(passage["gist"]))
    )
    page = open_page(wide=True)
    page.goto(site.at(""))
    search(page, word)
    page.keyboard.press("Enter")
    expect(page).to_have_url(leads_to(site.at(url)))
    expect(page.locator(f'[id="{url.partition("#")[2]}"]')).to_be_in_viewport()


def test_a_search_that_finds_nothing_says_so(open_page: OpenPage, site: Site) -> None:
    page = open_page(wide=False)
    page.goto(site.at(""))
    page.locator("label.md-header__button[for=__search]").click()
    page.keyboard.type("xylophonzzz")
    expect(page.locator(".md-search-result__meta")).to_have_text("No matching documents")
    page.keyboard.press("Escape")
    expect(page.locator("article")).to_be_visible()
