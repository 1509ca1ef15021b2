"""Every kind of page: readable without scripts, at any width, in both schemes, from this host alone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import OpenPage
from tests.browser.looks import background, too_faint, too_wide
from tests.browser.site import Site
from tests.islands import PROJECT

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_every_page_is_legible_at_any_width_in_both_schemes(
    open_page: OpenPage, site: Site, scripts: bool
) -> None:
    page = open_page(scripts=scripts)
    found = []
    for path in (*site.kinds_of_page, site.journey.passage):
        page.emulate_media(color_scheme="light")
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(site.at(path))
        expect(page.locator("h1")).to_be_visible()
        if path != "404.html" and len(page.locator("article").inner_text()) < 100:
            found.append(f"{path} says next to nothing")
        light = background(page.locator("body"))
        found += [f"{path}, light: {what}" for what in too_faint(page)]
        found += [f"{path}, 1440 wide: {what}" for what in too_wide(page)]
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size({"width": 390, "height": 844})
        expect(page.locator("body")).not_to_have_css("background-color", light)
        found += [f"{path}, dark: {what}" for what in too_faint(page)]
        found += [f"{path}, 390 wide: {what}" for what in too_wide(page)]
    assert not found, "\n".join(found)


def test_the_navigation_works_without_scripts(open_page: OpenPage, site: Site) -> None:
    page = open_page(scripts=False)
    page.goto(site.at(site.entity["url"]))
    tabs = page.locator(".md-tabs a")
    addresses = [tabs.nth(number).evaluate("link => link.href") for number in range(tabs.count())]
    assert {site.at(path) for path in site.navigation} >= set(addresses)
    for number in (-1, 0):
        tabs.nth(number).click()
        expect(page).to_have_url(addresses[number])
        expect(page.locator("article h1")).to_be_visible()


def test_the_edit_link_opens_the_record_behind_the_page(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    held = next(seed for seed in site.data["seeds"] if seed["held"])
    for path, id_, ending in (
        (site.entity["url"], site.entity["id"], f"/{site.entity['id']}.yml"),
        (held["url"], held["id"], f"/{held['id']}/seed.yml"),
    ):
        page.goto(site.at(path))
        address = page.locator("a.edit").first.get_attribute("href") or ""
        assert address.endswith(ending), id_
        record = address.partition("/edit/")[2].partition("/")[2]
        assert (PROJECT / record).is_file(), f"{address} leads to no record"


def test_links_and_kinds_of_cites_differ_by_more_than_their_colour(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.at(site.entity["url"]))
    link = page.locator("article li a:not([class])").first
    expect(link).to_have_css("text-decoration-line", "underline")
    words = {"against the text": "text", "against the seal": "seal", "not checked": "not checked"}
    cites = [
        (entity["url"], cite)
        for entity in site.data["entities"]
        for claim in entity["claims"]
        for cite in claim["cites"]
    ]
    for checked in sorted({cite["checked"] for _, cite in cites}):
        url, cite = next(item for item in cites if item[1]["checked"] == checked)
        page.goto(site.at(url))
        chip = page.locator(f'a.cite[href$="{cite["url"]}"]').first
        expect(chip).to_contain_text(re.compile(f"{words[checked]}$"))


def test_a_policy_holds_scripts_to_those_of_the_theme(browser: Browser, site: Site) -> None:
    """That the pages themselves keep to the policy, every test watches."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(site.at(""))
        # The console, not an event of the page, is awaited: it has a time limit, in every version.
        with page.expect_console_message(lambda message: "Content Security Policy" in message.text):
            page.evaluate(
                """() => {
                    const script = document.createElement("script")
                    script.textContent = "document.title = 'broken'"
                    document.body.append(script)
                }"""
            )
        assert page.title() != "broken"
        page.evaluate("""() => document.body.setAttribute("onclick", "document.title = 'broken'")""")
        page.locator("h1").click()
        assert page.title() != "broken"
