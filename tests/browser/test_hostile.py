"""Records whose texts are markup, scripts and endless words: readers see text, and nothing else happens."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.hostile import ENTITY, LONG, NAME, SCRIPT, SEED
from tests.browser.looks import too_wide
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
