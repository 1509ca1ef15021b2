"""Records whose texts are markup, scripts and endless words: readers see text, and nothing else happens."""

from __future__ import annotations

import unicodedata

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.hostile import ENTITY, LONG, NAME, SCRIPT, SEED
from tests.browser.looks import too_wide
from tests.browser.naughty import Naughty, on_page, strings
from tests.browser.site import Site

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_hostile_records_stay_text_within_the_screen(
    open_page: OpenPage, hostile_site: Site, scripts: bool
) -> None:
    page = open_page(wide=False, scripts=scripts)
    pages = hostile_site.pages_with(LONG, "onerror")
    assert {f"{ENTITY}/", f"seeds/{SEED}/", "timeline/", "questions/"} <= set(pages)
    found = []
    for path in pages:
        page.goto(hostile_site.at(path))
        expect(page.locator("h1")).to_be_visible()
        assert page.locator("article script, article style, article img, article b").count() == 0, path
        for width in (390, 1440):
            page.set_viewport_size({"width": width, "height": 844})
            found += [f"{path} at {width}: {what}" for what in too_wide(page)]
    assert not found, "\n".join(found)


def test_hostile_texts_are_shown_to_the_letter(open_page: OpenPage, hostile_site: Site) -> None:
    page = open_page()
    page.goto(hostile_site.at(f"{ENTITY}/"))
    assert page.locator("h1").evaluate("heading => heading.firstChild.textContent") == NAME
    assert page.title().startswith(NAME)
    for text in (SCRIPT, LONG):
        expect(page.locator("article")).to_contain_text(text)


def test_the_search_shows_hostile_names_as_text(open_page: OpenPage, hostile_site: Site) -> None:
    page = open_page(wide=False)
    page.goto(hostile_site.at(""))
    page.locator("label.md-header__button[for=__search]").click()
    page.keyboard.type("onerror")
    results = page.locator(".md-search-result__list")
    expect(results).to_contain_text("<img src=x onerror=alert(1)>")
    assert results.locator("img, script, b").count() == 0
    assert page.locator(".md-search__scrollwrap").evaluate("list => list.scrollWidth <= list.clientWidth")
    for words in (NAME, SCRIPT, LONG, "z" * 10_000):
        page.locator(".md-search__input").fill(words)
        page.keyboard.press("End")  # the search listens to keys
        expect(page.locator(".md-search-result__meta")).to_contain_text("ocument")
    page.locator(".md-search__input").fill("")
    page.keyboard.type("onerror")
    expect(results).to_contain_text("<img src=x onerror=alert(1)>")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text(NAME)


# ---- the Big List of Naughty Strings -------------------------------------------------------------

INVISIBLE = {"Cc", "Cf", "Zl", "Zp", "Cn", "Co"}  # categories of Unicode


def test_only_what_cannot_be_seen_or_is_broken_markup_is_refused(naughty: Naughty) -> None:
    refused = {strings()[number] for number in naughty.refused}
    invisible = {text for text in strings() if any(unicodedata.category(c) in INVISIBLE for c in text)}
    empty = {text for text in strings() if not text.strip()}
    broken = {text for text in refused if "*" in text or "[[" in text}
    assert len(strings()) > 400
    assert refused == refused & (invisible | empty | broken)
    assert len(broken) < 10 > len(empty)
    assert not naughty.wiki.problems().count(" error")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_naughty_strings_are_shown_as_text_within_the_screen(
    open_page: OpenPage, naughty_site: Site, naughty: Naughty, scripts: bool
) -> None:
    page = open_page(wide=False, scripts=scripts)
    found = []
    for path, numbers in naughty.shown.items():
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(naughty_site.at(path))
        expect(page.locator("h1")).to_be_visible()
        shown = on_page(page.locator("article").evaluate("article => article.textContent"))
        found += [f"{path} lacks {strings()[n]!r}" for n in numbers if on_page(strings()[n]) not in shown]
        made = "article :is(script, style, img, iframe, b, audio, video, input, marquee, object, embed)"
        assert page.locator(made).count() == 0, path
        assert page.locator("[onclick], [onerror], [onload], [onmouseover]").count() == 0, path
        for width in (390, 1440):
            page.set_viewport_size({"width": width, "height": 844})
            found += [f"{path} at {width}: {what}" for what in too_wide(page)]
    assert not found, "\n".join(found)
