"""The lists over the whole wiki: the timeline's filters, the table side by side, drawings with their words."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.looks import tab_to, too_wide
from tests.browser.site import Site

pytestmark = pytest.mark.browser

SHOWN = "li.dated:not([hidden])"


def filters(page: Page) -> Locator:
    return page.get_by_role("search", name="Filter the timeline")


def rarest(page: Page, by: str) -> str:
    """What of a kind of filter the fewest entries have."""
    values = page.locator("li.dated").evaluate_all(
        f"items => items.flatMap(item => item.dataset.{by}.split(' '))"
    )
    return str(min(filter(None, values), key=values.count))


def having(page: Page, by: str, value: str) -> Locator:
    return page.locator(f'li.dated[data-{by}~="{value}"]')


@pytest.mark.parametrize(("by", "label"), [("entity", "About"), ("kind", "Kind of page"), ("topic", "Topic")])
def test_the_timeline_is_filtered_and_the_address_says_so(
    open_page: OpenPage, site: Site, by: str, label: str
) -> None:
    page = open_page()
    page.goto(site.at("timeline/"))
    every = page.locator("li.dated").count()
    value = rarest(page, by)
    wanted = having(page, by, value)
    assert 0 < wanted.count() < every
    filters(page).get_by_label(label).select_option(value)
    expect(page.locator(SHOWN)).to_have_count(wanted.count())
    for number in range(wanted.count()):
        expect(wanted.nth(number)).to_be_visible()
    expect(filters(page).get_by_role("status")).to_have_text(
        re.compile(rf"^{wanted.count()} of {every} entries$")
    )
    expect(page).to_have_url(site.at(f"timeline/?{by}={value}"))
    # Years without entries are gone, from the page, its contents and the strip.
    for year in page.locator("section.year").all():
        left = year.locator(SHOWN).count()
        anchor = year.locator("h2").get_attribute("id")
        expect(year).to_be_visible(visible=left > 0)
        expect(page.locator(f'.md-nav--secondary a[href="#{anchor}"]')).to_be_visible(visible=left > 0)
        expect(page.locator(f'.strip a[data-years="{anchor}"] .strip-count')).to_have_text(
            str(left) if left else ""
        )
        bar = page.locator(f'.strip a[data-years="{anchor}"]')
        expect(bar).to_have_accessible_name(re.compile(rf": {left} entr(?:y|ies)$"))
    # Whoever is given the address sees the same.
    page.reload()
    expect(page.locator(SHOWN)).to_have_count(wanted.count())
    expect(filters(page).get_by_label(label)).to_have_value(value)


def test_filters_hold_together_and_nothing_may_match(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.at("timeline/"))
    every = page.locator("li.dated").count()
    entity = rarest(page, "entity")
    others = page.locator(f'li.dated:not([data-entity~="{entity}"])')
    own = set(
        "".join(
            f" {item}"
            for item in having(page, "entity", entity).evaluate_all(
                "all => all.map(item => item.dataset.topic)"
            )
        ).split()
    )
    topics = others.evaluate_all("items => items.flatMap(item => item.dataset.topic.split(' '))")
    topic = next(topic for topic in topics if topic and topic not in own)
    page.goto(site.at(f"timeline/?entity={entity}&topic={topic}"))
    expect(page.locator(SHOWN)).to_have_count(0)
    expect(filters(page).get_by_role("status")).to_contain_text("Nothing matches")
    expect(page.locator("section.year h2").first).to_be_hidden()
    filters(page).get_by_role("button", name="Show everything").click()
    expect(page.locator(SHOWN)).to_have_count(every)
    expect(page).to_have_url(site.at("timeline/"))
    expect(filters(page).get_by_label("About")).to_be_focused()


def test_a_filter_that_the_page_does_not_know_is_none(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.at("timeline/?entity=%3Cscript%3E&kind=nothing&topic="))
    expect(filters(page).get_by_label("About")).to_have_value("")
    expect(page.locator(SHOWN)).to_have_count(page.locator("li.dated").count())


def test_the_timeline_is_filtered_by_keyboard(open_page: OpenPage, site: Site) -> None:
    page = open_page(wide=False)
    page.goto(site.at("timeline/"))
    control = filters(page).get_by_label("Topic")
    page.locator(".strip a").first.focus()
    tab_to(page, control, within=page.locator(".strip a").count() + 4)
    page.keyboard.press("ArrowDown")
    value = control.input_value()
    assert value
    expect(page.locator(SHOWN)).to_have_count(having(page, "topic", value).count())
    tab_to(page, filters(page).get_by_role("button"), within=2)
    page.keyboard.press("Enter")
    expect(control).to_have_value("")
    assert not too_wide(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_bar_of_the_timeline_leads_to_its_year(open_page: OpenPage, site: Site, scripts: bool) -> None:
    page = open_page(scripts=scripts)
    page.goto(site.at("timeline/"))
    bar = page.locator(".strip a").last
    address = bar.get_attribute("href") or ""
    bar.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(site.at(f"timeline/{address}"))
    expect(page.locator(address)).to_be_in_viewport()


def test_without_scripts_the_timeline_is_whole_and_shows_no_controls(open_page: OpenPage, site: Site) -> None:
    page = open_page(scripts=False)
    page.goto(site.at("timeline/"))
    expect(page.locator(".filters")).to_be_hidden()
    expect(page.locator("article select")).to_have_count(0)
    expect(page.locator("[data-timeline]")).to_be_hidden()
    expect(page.locator("li.dated").last).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_the_table_side_by_side_scrolls_within_itself_by_keyboard(
    open_page: OpenPage, site: Site, scripts: bool
) -> None:
    page = open_page(wide=False, scripts=scripts)
    page.goto(site.at("side-by-side/"))
    box = page.get_by_role("region", name=re.compile("by topic$"))
    expect(box).to_have_count(1)
    assert not too_wide(page)
    box.focus()
    expect(box).to_be_focused()
    last = box.locator("thead th").last
    name = box.locator("tbody th").first
    expect(last).not_to_be_in_viewport()
    before = name.bounding_box()
    for _ in range(40):
        page.keyboard.press("ArrowRight")
    expect(last).to_be_in_viewport()
    expect(name).to_be_in_viewport()
    assert name.bounding_box() == before


def test_a_cell_leads_to_as_many_claims_as_it_counts(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.at("side-by-side/"))
    cells = page.locator(".compare a.own")
    counts = [int(text) for text in cells.all_inner_texts()]
    cell = cells.nth(counts.index(max(counts)))
    address = cell.evaluate("link => link.href")
    cell.click()
    expect(page).to_have_url(address)
    anchor = address.partition("#")[2]
    claims = page.locator(f'[id="{anchor}"]').evaluate(
        """heading => {
            let count = 0
            for (let next = heading.nextElementSibling; next && next.tagName != "H2"; next = next.nextElementSibling)
                count += next.querySelectorAll("li.claim").length + next.matches("li.claim")
            return count
        }"""
    )
    assert claims == max(counts)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_drawn_series_has_its_figures_in_a_table(open_page: OpenPage, site: Site, scripts: bool) -> None:
    drawn = [claim for entity in site.data["entities"] for claim in entity["claims"] if claim["series"]]
    page = open_page(wide=False, scripts=scripts)
    page.goto(site.at("figures/"))
    charts = page.locator(".chart")
    expect(charts).to_have_count(len(drawn))
    for claim, chart in zip(drawn, charts.all(), strict=True):
        values = [point["value"] for point in claim["series"]]
        image = chart.get_by_role("img")
        for value in values:
            expect(image).to_have_attribute("aria-label", re.compile(re.escape(value)))
        expect(chart.locator("table")).to_be_hidden()
        chart.locator("summary").press("Enter")
        expect(chart.locator("table")).to_be_visible()
        assert chart.locator("td").all_inner_texts() == values
        longest = chart.locator(".chart-bar").evaluate_all(
            "bars => Math.max(...bars.map(bar => bar.getBBox().width))"
        )
        assert longest == 360


def test_the_bar_of_a_source_leads_to_its_passages(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.at("coverage/"))
    held = [seed for seed in site.data["seeds"] if seed["passages"]]
    parts = page.locator(".used a")
    expect(parts).to_have_count(sum(len(seed["passages"]) for seed in held))
    expect(page.locator(".part-unused")).to_have_count(
        sum(not passage["cited_by"] for seed in held for passage in seed["passages"])
    )
    address = parts.last.get_attribute("href") or ""
    parts.last.click()
    expect(page).to_have_url(site.at(f"coverage/{address}".replace("coverage/../", "")))
