"""Records whose texts are markup, scripts and endless words: readers see text, and nothing else happens."""

from __future__ import annotations

import unicodedata

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.hostile import ENTITY, LONG, NAME, RIGHT_TO_LEFT, SCRIPT, SEED, TEXT_SEED
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
    assert {f"{ENTITY}/", f"seeds/{SEED}/", f"seeds/{TEXT_SEED}/", "timeline/", "questions/"} <= set(pages)
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


def test_a_hostile_text_that_is_published_is_shown_to_the_letter_and_lights_up(
    open_page: OpenPage, hostile_site: Site
) -> None:
    page = open_page(wide=False)
    page.goto(hostile_site.at(f"seeds/{TEXT_SEED}/"))
    words = page.locator(".words")
    expect(words).to_contain_text(
        f"{SCRIPT} is *what* it says of AT&T, {LONG} and {RIGHT_TO_LEFT} 🦊 2½ {{{{ x }}}}."
    )
    page.locator("button.kind").first.click()
    expect(words.locator("mark.lit")).to_have_count(words.locator("mark").count())
    assert not too_wide(page)


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
