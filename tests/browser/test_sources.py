"""The annotated source: what rests on a passage lights up with it, by mouse, keyboard and touch."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.looks import tab_to, too_faint, too_wide
from tests.browser.site import Site
from tests.browser.sources import ACROSS, ATTACHED, FIRST, PUBLISHED, SECOND, WHOLE

pytestmark = pytest.mark.browser

LIT = re.compile(r"(?:^|\s)lit(?:\s|$)")


def opened(page: Page, site: Site, seed: str = PUBLISHED) -> Page:
    page.goto(site.at(f"seeds/{seed}/"))
    expect(page.locator("button.number").first).to_be_visible()  # the script has run
    return page


def passage(page: Page, id_: str) -> Locator:
    return page.locator(f'[data-passage="{id_}"]')


def rows(page: Page, key: str) -> Locator:
    return page.locator(f'[data-statement="{key}"]')


def lit_rows(page: Page) -> list[str]:
    keys: list[str] = page.eval_on_selector_all("li.lit", "rows => rows.map(row => row.dataset.statement)")
    return sorted(set(keys))


def lit_passages(page: Page) -> list[str]:
    ids: list[str] = page.eval_on_selector_all(".passage.lit", "all => all.map(one => one.dataset.passage)")
    return ids


def lit_words(page: Page) -> str:
    return " ".join(page.locator("mark.lit").all_inner_texts())


# ---- by mouse --------------------------------------------------------------------------------------


def test_pointing_at_a_statement_lights_its_words_in_every_passage(
    open_page: OpenPage, annotated_site: Site
) -> None:
    page = opened(open_page(), annotated_site)
    rows(page, ACROSS).first.hover()
    expect(rows(page, ACROSS)).to_have_count(2)
    for row in rows(page, ACROSS).all():
        expect(row).to_have_class(LIT)
    assert lit_passages(page) == ["p1", "p5"]
    assert lit_rows(page) == [ACROSS]
    assert lit_words(page) == "that a second ferry, the The first ferry"
    for id_ in ("p1", "p5"):
        expect(page.locator(f'[data-cell="{id_}"]')).to_have_class(LIT)
        expect(passage(page, id_).locator(".bar .run.lit")).to_have_count(1)
    page.locator("h1").hover()
    expect(page.locator(".lit")).to_have_count(0)


def test_pointing_at_a_passage_lights_all_that_rests_on_it(open_page: OpenPage, annotated_site: Site) -> None:
    page = opened(open_page(), annotated_site)
    passage(page, "p1").locator(".gist").hover()
    expect(passage(page, "p1")).to_have_class(LIT)
    expect(passage(page, "p1").locator("li:not(.lit)")).to_have_count(0)
    assert lit_passages(page) == ["p1"]
    assert {ACROSS, FIRST, SECOND, WHOLE} < set(lit_rows(page))


@pytest.mark.parametrize("what", ["mark", ".bar .run"])
def test_pointing_at_words_lights_the_statements_that_rest_on_them(
    open_page: OpenPage, annotated_site: Site, what: str
) -> None:
    page = opened(open_page(), annotated_site)
    first = {"mark": "1-4", ".bar .run": "1-6"}[what]
    passage(page, "p1").locator(f'{what}[data-span="{first}"]').hover()
    expect(rows(page, FIRST)).to_have_class(LIT)
    assert lit_rows(page) == ([FIRST] if what == "mark" else [FIRST, SECOND])
    passage(page, "p1").locator(f'{what}[data-span="9-13"]').hover()
    expect(rows(page, ACROSS).first).to_have_class(LIT)
    assert lit_rows(page) == [ACROSS, SECOND]
    assert "p5" in lit_passages(page)


def test_a_statement_on_a_whole_passage_lights_all_of_its_words(
    open_page: OpenPage, annotated_site: Site
) -> None:
    page = opened(open_page(), annotated_site)
    rows(page, WHOLE).hover()
    expect(passage(page, "p1").locator(".words")).to_have_class(LIT)
    expect(passage(page, "p1").locator(".bar .all")).to_have_class(LIT)
    expect(passage(page, "p1").locator(".bar .run.lit")).to_have_count(0)


# ---- by keyboard and touch -----------------------------------------------------------------------


def test_the_keyboard_lights_both_sides_and_escape_puts_it_out(
    open_page: OpenPage, annotated_site: Site
) -> None:
    page = opened(open_page(), annotated_site)
    number = passage(page, "p1").locator("button.number")
    marker = rows(page, ACROSS).first.locator("button.kind")
    page.locator('[data-cell="p6"]').focus()
    tab_to(page, number, within=3)
    expect(passage(page, "p1")).to_have_class(LIT)
    assert FIRST in lit_rows(page)
    tab_to(page, marker, within=60)
    assert lit_rows(page) == [ACROSS]
    page.keyboard.press("Tab")  # the link in the row belongs to it, too
    assert lit_rows(page) == [ACROSS]
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(marker).to_have_attribute("aria-pressed", "true")
    page.locator("h1 a, .headerlink").first.focus()  # the light stays on when the focus goes
    assert lit_passages(page) == ["p1", "p5"]
    page.keyboard.press("Escape")
    expect(page.locator(".lit")).to_have_count(0)
    expect(marker).to_have_attribute("aria-pressed", "false")


def test_a_finger_switches_the_light_on_and_off(open_page: OpenPage, annotated_site: Site) -> None:
    page = opened(open_page(wide=False, touch=True), annotated_site)
    marker = rows(page, ACROSS).last.locator("button.kind")
    marker.tap()
    expect(passage(page, "p5")).to_have_class(LIT)
    assert (lit_passages(page), lit_rows(page)) == (["p1", "p5"], [ACROSS])
    marker.tap()
    expect(page.locator(".lit")).to_have_count(0)
    number = passage(page, "p5").locator("button.number")
    number.tap()
    expect(number).to_have_attribute("aria-pressed", "true")
    assert lit_passages(page) == ["p5"]
    marker.tap()
    expect(number).to_have_attribute("aria-pressed", "false")
    assert lit_rows(page) == [ACROSS]
    page.keyboard.press("Escape")
    expect(page.locator(".lit")).to_have_count(0)


# ---- without scripts, on any screen --------------------------------------------------------------


def test_without_scripts_it_is_a_list(open_page: OpenPage, annotated_site: Site) -> None:
    page = open_page(scripts=False)
    page.goto(annotated_site.at(f"seeds/{PUBLISHED}/"))
    expect(page.locator("article button")).to_have_count(0)
    row = rows(page, ACROSS).first
    expect(row).to_contain_text("claim")
    expect(row).to_contain_text("The ship is spoken of.")
    expect(row).to_contain_text("words 9–13")
    row.get_by_role("link", name="¶ 5").click()
    expect(page).to_have_url(annotated_site.at(f"seeds/{PUBLISHED}/#p5"))
    page.locator('[data-cell="p1"]').click()
    expect(page).to_have_url(annotated_site.at(f"seeds/{PUBLISHED}/#p1"))
    rows(page, ACROSS).first.get_by_role("link", name="Gull Rock").click()
    expect(page).to_have_url(annotated_site.at("islands/gull-rock/#across"))


@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
def test_the_script_moves_nothing(open_page: OpenPage, annotated_site: Site, wide: bool) -> None:
    tops = []
    for scripts in (False, True):
        page = open_page(wide=wide, scripts=scripts)
        page.goto(annotated_site.at(f"seeds/{PUBLISHED}/"))
        if scripts:
            expect(page.locator("button.number").first).to_be_visible()
        first = page.locator("[data-annotated]").bounding_box()
        last = passage(page, "p6").bounding_box()
        assert first
        assert last
        tops.append(round(last["y"] - first["y"], 1))
    assert tops[0] == tops[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_narrow_screen_lit_and_unlit(
    open_page: OpenPage, annotated_site: Site, scheme: str
) -> None:
    page = open_page(wide=False)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    opened(page, annotated_site)
    assert not too_wide(page)
    passage(page, "p1").locator("button.number").click()
    expect(passage(page, "p1")).to_have_class(LIT)
    assert not too_wide(page)
    assert not too_faint(page)
    rows(page, ACROSS).first.locator("button.kind").click()
    assert not too_faint(page)
    for button in page.locator("article :is(button.kind, button.number, a.cell)").all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 24


def test_the_chain_is_a_list_that_runs_down_a_narrow_screen(
    open_page: OpenPage, annotated_site: Site
) -> None:
    page = open_page(wide=False)
    page.goto(annotated_site.at(f"seeds/{ATTACHED}/"))
    nodes = page.locator(".chain .source")
    expect(nodes).to_have_count(2)
    origin, this = (nodes.nth(i).bounding_box() for i in range(2))
    assert origin
    assert this
    assert origin["y"] + origin["height"] < this["y"]
    expect(nodes.nth(1)).to_contain_text("this source")
    page.set_viewport_size({"width": 1440, "height": 900})
    origin, this = (nodes.nth(i).bounding_box() for i in range(2))
    assert origin
    assert this
    assert origin["x"] + origin["width"] < this["x"]


# ---- the words -----------------------------------------------------------------------------------


def test_a_published_text_is_shown_and_opens_the_original(open_page: OpenPage, annotated_site: Site) -> None:
    page = opened(open_page(), annotated_site)
    expect(passage(page, "p6").locator(".words")).to_have_text(
        "The Courier asked the island council for comment. It did not reply."
    )
    link = passage(page, "p6").get_by_role("link", name="open the original here")
    assert (link.get_attribute("href") or "").endswith("#:~:text=The%20Courier%20asked%20the")


def test_attached_words_stand_in_the_preview_alone(
    open_page: OpenPage, annotated_site: Site, preview_site: Site
) -> None:
    page = open_page()
    page.goto(annotated_site.at(f"seeds/{ATTACHED}/"))
    expect(page.locator(".words, .local-preview")).to_have_count(0)
    assert "Hafenmeisterei" not in page.content()
    opened(page, preview_site, ATTACHED)
    expect(page.locator(".md-banner .local-preview")).to_be_visible()
    assert page.locator('meta[name="robots"]').get_attribute("content") == "noindex"
    rows(page, "gull-rock/in-german").hover()
    assert lit_words(page) == "Die Hafenmeisterei von Longholm verhandelt"
    page.goto(preview_site.at(""))
    expect(page.locator(".md-banner .local-preview")).to_be_visible()
