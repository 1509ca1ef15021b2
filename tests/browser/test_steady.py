"""Pages keep still: nothing shifts while they load, nothing moves for readers who want that, paper says it all."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import OpenPage
from tests.browser.site import Site

pytestmark = pytest.mark.browser

_SHIFTS = """() => {
    window.shifts = []
    new PerformanceObserver(list => {
        for (const entry of list.getEntries())
            for (const source of entry.sources)
                window.shifts.push(`${entry.value.toFixed(5)}: ${source.node && source.node.parentElement
                    ? source.node.outerHTML || source.node.data : "what has gone"}`.slice(0, 200))
    }).observe({type: "layout-shift", buffered: true})
}"""
_SETTLED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
_MOVING = """() => document.getAnimations().length +
    [...document.querySelectorAll("*")].filter(element => {
        const style = getComputedStyle(element)
        const lasts = list => list.split(",").some(time => parseFloat(time) > 0.001)
        return (style.animationName !== "none" && lasts(style.animationDuration)) ||
            lasts(style.transitionDuration) || style.scrollBehavior === "smooth"
    }).length"""


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_shifts_while_a_page_loads(browser: Browser, site: Site, width: int) -> None:
    """The first page is loaded by somebody whose browser keeps nothing yet, not even the fonts."""
    found = []
    with browser.new_context(viewport={"width": width, "height": 844}) as context:
        page = context.new_page()
        page.add_init_script(f"({_SHIFTS})()")
        for path in (site.entity["url"], *site.kinds_of_page):
            page.goto(site.at(path))
            page.evaluate("() => document.fonts.ready.then(() => true)")
            page.evaluate(_SETTLED)
            found += [f"/{path}: {shift}" for shift in page.evaluate("() => window.shifts")]
    assert not found, "\n".join(found)


def test_shifts_are_seen(browser: Browser, site: Site) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.add_init_script(f"({_SHIFTS})()")
        page.goto(site.at(site.entity["url"]))
        page.evaluate(_SETTLED)
        page.evaluate("() => document.querySelector('h1').style.marginTop = '200px'")
        page.wait_for_function("() => window.shifts.length")


def test_nothing_moves_for_readers_who_want_that(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    for path in site.kinds_of_page:
        page.goto(site.at(path))
        page.evaluate(_SETTLED)
        assert page.evaluate(_MOVING) == 0, path
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(_MOVING) > 0  # the theme's own; were there none, this test would show nothing


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
def test_on_paper_each_claim_has_its_evidence_spelt_out(
    open_page: OpenPage, site: Site, wide: bool, scripts: bool
) -> None:
    page = open_page(wide=wide, scripts=scripts)
    page.goto(site.at(site.entity["url"]))
    page.emulate_media(media="print")
    seeds = {seed["id"]: seed for seed in site.data["seeds"]}
    for claim in site.entity["claims"]:
        item = page.locator(f'[id="{claim["id"]}"]')
        expect(item.locator(".evidence .cite")).to_have_count(len(claim["cites"]))
        for number, cite in enumerate(claim["cites"]):
            shown = item.locator(".evidence .cite").nth(number)
            expect(shown).to_be_visible()
            if cite["passage"]:
                gists = {passage["id"]: passage["gist"] for passage in seeds[cite["seed"]]["passages"]}
                expect(shown).to_contain_text(f"¶{cite['passage'][1:]}")
                words = " ".join(gists[cite["passage"]].split())
                assert words in " ".join(item.inner_text().split()), f"{claim['id']} lacks a gist"
    for part in (".md-header", ".md-tabs", ".md-sidebar", ".md-footer"):
        assert page.locator(part).evaluate_all("found => found.every(each => !each.checkVisibility())"), part
    assert page.locator("article").evaluate("article => article.scrollWidth <= article.clientWidth")
