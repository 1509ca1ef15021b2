"""The map, the nearest relations and the network: by mouse, by keyboard, without scripts, on a phone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.hostile import ENTITY, NAME
from tests.browser.looks import tab_to, too_faint, too_wide
from tests.browser.site import Site

pytestmark = pytest.mark.browser


def names(site: Site) -> dict[str, Any]:
    """The entities by id."""
    return {entity["id"]: entity for entity in site.data["entities"]}


def busiest(site: Site) -> dict[str, Any]:
    """The entity with most relations of its own."""
    return max(site.data["entities"], key=lambda entity: len(entity["relations"]))


def joined(site: Site, id_: str, type_: str | None = None) -> list[tuple[str, str]]:
    """The two ends of each relation of an entity."""
    found = [(entity["id"], relation) for entity in site.data["entities"] for relation in entity["relations"]]
    ends = [(subject, relation["to"]) for subject, relation in found if type_ in (None, relation["type"])]
    return [pair for pair in ends if id_ in pair]


# ---- the map -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_state_on_the_map_is_reached_by_keyboard_and_leads_to_its_page(
    open_page: OpenPage, site: Site, scripts: bool
) -> None:
    page = open_page(scripts=scripts)
    page.goto(site.at(""))
    states = page.locator(".map-state")
    assert states.count() > 1
    last = states.last
    address = last.evaluate("state => new URL(state.getAttribute('href'), location).href")
    page.locator("article a").first.focus()
    tab_to(page, last, within=states.count() + 40)
    assert last.locator("path").evaluate("path => getComputedStyle(path).strokeWidth") == "3px", "focus shows"
    page.keyboard.press("Enter")
    expect(page).to_have_url(address)
    expect(page.locator("h1")).to_be_visible()


def test_the_list_under_the_map_has_every_state_of_the_map(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.goto(site.at(""))
    hrefs = "links => links.map(link => new URL(link.getAttribute('href'), location).href)"
    listed = page.locator(".map-list a").evaluate_all(hrefs)
    drawn = page.locator(".map-state").evaluate_all(hrefs)
    assert set(drawn) <= set(listed)
    for state in page.locator(".map-state").all():
        assert state.get_attribute("aria-label") == state.locator("title").text_content()


@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
def test_every_state_on_the_map_can_be_hit(open_page: OpenPage, wide: bool, site: Site) -> None:
    page = open_page(wide=wide)
    page.goto(site.at(""))
    for state in page.locator(".map-state").all():
        boxes = state.locator("path, circle:visible").evaluate_all(
            "parts => parts.map(part => part.getBoundingClientRect()).map(box => Math.min(box.width, box.height))"
        )
        assert max(boxes) >= 23.5, state.get_attribute("aria-label")


def test_names_on_the_map_are_as_large_as_other_small_text(open_page: OpenPage, site: Site) -> None:
    for wide in (True, False):
        page = open_page(wide=wide)
        page.goto(site.at(""))
        shown = page.locator(".map-name:visible")
        assert shown.count() >= 3
        heights = shown.evaluate_all(
            "names => names.map(name => parseFloat(getComputedStyle(name).fontSize) * name.getScreenCTM().a)"
        )
        assert min(heights) > 11
        assert max(heights) < 16


# ---- the nearest relations ---------------------------------------------------------------------------


@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
def test_the_nearest_relations_lead_to_their_pages(open_page: OpenPage, site: Site, wide: bool) -> None:
    page = open_page(wide=wide, scripts=False)
    entity = busiest(site)
    page.goto(site.at(entity["url"]))
    near = page.locator(".near")
    assert 1 < near.locator("a").count() <= 12
    neighbours = {end for pair in joined(site, entity["id"]) for end in pair} - {entity["id"]}
    shown = near.locator("a").evaluate_all("links => new Set(links.map(link => link.href)).size")
    left_out = len(neighbours) - int(shown)
    if left_out > 0:
        expect(near).to_contain_text(f"and {left_out} more")
    link = near.locator("a").last
    name = link.text_content() or ""
    assert link.evaluate("link => link.getBoundingClientRect().height") >= 24
    expect(near.locator("svg").first).to_be_visible(visible=wide)
    link.click()
    expect(page.locator("h1")).to_contain_text(name)


# ---- the network -------------------------------------------------------------------------------------


def open_network(page: Page, site: Site) -> Locator:
    page.goto(site.at("network/"))
    page.get_by_role("button", name="Explore the network").click()
    place = page.locator(".network[data-ready]")
    expect(place).to_be_visible(timeout=20_000)  # it is laid out first
    return place


def test_without_scripts_the_network_is_a_drawing_whose_names_are_links(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page(scripts=False, wide=False)
    page.goto(site.at("network/"))
    expect(page.locator(".network")).to_be_hidden()
    drawing = page.locator(".network-drawn")
    expect(drawing).to_be_visible()
    assert not too_wide(page)
    entity = busiest(site)
    link = drawing.locator(f"a[href$='{entity['url']}']")
    link.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(site.at(entity["url"]))


def test_with_scripts_the_drawing_makes_room_for_the_network(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    place = open_network(page, site)
    expect(page.locator(".network-drawn")).to_be_hidden()
    expect(place.locator("canvas").first).to_be_visible()
    assert place.evaluate("place => place.getBoundingClientRect().height") == pytest.approx(800, abs=2)


def test_where_the_network_cannot_load_the_drawing_stands_in(browser: Browser, site: Site) -> None:
    """Not by `open_page`: the console says what failed."""
    with browser.new_context() as context:
        page = context.new_page()
        page.route("**/network.json", lambda route: route.abort())
        page.goto(site.at("network/"))
        page.get_by_role("button", name="Explore the network").click()
        expect(page.get_by_role("status")).to_have_text("It could not be loaded.")
        expect(page.locator(".network-drawn")).to_be_visible()


def test_the_network_is_loaded_only_when_asked_for(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site.at("network/"), wait_until="networkidle")
    expect(page.locator(".network-drawn")).to_be_visible()
    assert not [url for url in asked if "cytoscape" in url or "network.json" in url]
    page.get_by_role("button", name="Explore the network").focus()
    with page.expect_request("**/vendor/cytoscape.js"):
        page.keyboard.press("Enter")
    expect(page.locator(".network select").first).to_be_focused()


@pytest.mark.parametrize("wide", [True, False], ids=["wide", "narrow"])
def test_an_entity_chosen_by_keyboard_tells_its_relations(
    open_page: OpenPage, site: Site, wide: bool
) -> None:
    page = open_page(wide=wide)
    place = open_network(page, site)
    entity, known = busiest(site), names(site)
    choice = place.get_by_label("Entity", exact=True)
    choice.focus()
    page.keyboard.type(entity["name"])
    expect(choice.locator("option:checked")).to_have_text(entity["name"])
    panel = place.get_by_role("region")
    expect(panel.get_by_role("heading")).to_have_text(entity["name"])
    sentences = panel.locator("li")
    pairs = joined(site, entity["id"])
    expect(sentences).to_have_count(len(pairs))
    for subject, object_ in pairs:
        first, second = known[subject]["name"], known[object_]["name"]
        expect(sentences.filter(has_text=first).filter(has_text=second).first).to_be_visible()
    assert not too_wide(page)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert not too_faint(page)
    page.keyboard.press("Escape")
    expect(sentences).to_have_count(0)
    expect(choice).to_have_value("")


def test_the_evidence_of_a_relation_is_where_it_is_stated(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    place = open_network(page, site)
    place.get_by_label("Entity", exact=True).select_option(label=busiest(site)["name"])
    evidence = place.get_by_role("link", name="evidence").first
    address = evidence.evaluate("link => link.href")
    evidence.click()
    expect(page).to_have_url(address)
    expect(page.locator(":target")).to_be_visible()


def test_kinds_and_relations_are_filtered(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    place = open_network(page, site)
    tally = place.get_by_role("region").locator("p").first
    known = names(site)
    all_of_them = sum(len(one["relations"]) for one in site.data["entities"])
    expect(tally).to_contain_text(f"{all_of_them} relations")
    box = place.get_by_role("checkbox").first
    box.focus()
    page.keyboard.press("Space")
    kind = _first_kind(site)
    without = [
        (subject, relation)
        for subject, one in known.items()
        for relation in one["relations"]
        if kind not in (one["kind"], known[relation["to"]]["kind"])
    ]
    assert 0 < len(without) < all_of_them
    expect(tally).to_contain_text(f"{len(without)} relations")
    box.check()
    select = place.get_by_label("Relation", exact=True)
    select.select_option(index=1)
    chosen = _type_order(site)[0]
    of_type = sum(relation["type"] == chosen for one in known.values() for relation in one["relations"])
    expect(tally).to_contain_text(f"{of_type} relation")
    # Who asks for an entity that the filters hide wants to see it.
    box.uncheck()
    hidden = next(one for one in known.values() if one["kind"] == kind and joined(site, one["id"]))
    place.get_by_label("Entity", exact=True).select_option(label=hidden["name"])
    expect(place.get_by_role("heading")).to_have_text(hidden["name"])
    expect(box).to_be_checked()
    expect(select).to_have_value("")


def _network(site: Site) -> Any:
    return json.loads((site.folder / "data" / "network.json").read_text(encoding="utf-8"))


def _first_kind(site: Site) -> str:
    """The kind that the first box stands for."""
    nodes = _network(site)["nodes"]
    first = min(node[2] for node in nodes)
    return str(names(site)[next(node[0] for node in nodes if node[2] == first)]["kind"])


def _type_order(site: Site) -> list[str]:
    """The types of relations that are in use, in the order of wiki.yml."""
    data, found = _network(site), {}
    for subject, type_, object_, _, anchor in data["edges"]:
        relations = names(site)[data["nodes"][subject][0]]["relations"]
        number = int(anchor.rpartition("-")[2]) - 1
        assert relations[number]["to"] == data["nodes"][object_][0]
        found[type_] = relations[number]["type"]
    return [found[number] for number in sorted(found)]


def test_a_click_on_an_entity_chooses_it_and_one_beside_clears_it(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    place = open_network(page, site)
    canvas = place.locator(".network-canvas")
    box = canvas.bounding_box()
    assert box is not None
    heading = place.get_by_role("heading")
    # Where the entities are, only the picture tells: the pointer says when it is over one.
    found = None
    for x in range(10, int(box["width"]), 9):
        for y in range(10, int(box["height"]) - 60, 9):
            pixel = _pixel(canvas, x, y)
            if pixel:
                canvas.click(position={"x": x, "y": y})
                if heading.count():
                    found = (x, y)
                    break
        if found:
            break
    assert found, "no entity on the canvas"
    expect(place.get_by_label("Entity", exact=True)).not_to_have_value("")
    canvas.click(position={"x": 2, "y": 2})
    expect(heading).to_have_count(0)


def _pixel(canvas: Locator, x: int, y: int) -> bool:
    """Whether something strong is drawn there."""
    return bool(
        canvas.evaluate(
            """(place, [x, y]) => [...place.querySelectorAll("canvas")].some(canvas => {
                const scale = canvas.width / canvas.getBoundingClientRect().width
                const [r, g, b, alpha] = canvas.getContext("2d").getImageData(x * scale, y * scale, 1, 1).data
                return alpha > 250 && Math.max(r, g, b) - Math.min(r, g, b) > 60
            })""",
            [x, y],
        )
    )


def test_the_picture_is_the_same_at_every_visit(open_page: OpenPage, site: Site) -> None:
    pictures = []
    for _ in range(2):
        page = open_page()
        open_network(page, site)
        pictures.append(page.locator(".network-canvas").screenshot())
    assert pictures[0] == pictures[1]


def test_colours_of_the_network_follow_the_scheme(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    page.emulate_media(color_scheme="light")
    open_network(page, site)
    light = page.locator(".network-canvas").screenshot()
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("() => getComputedStyle(document.body).colorScheme !== ''")
    expect(page.locator("body")).not_to_have_css("background-color", "rgb(252, 251, 248)")
    assert page.locator(".network-canvas").screenshot() != light


def test_the_buttons_zoom(open_page: OpenPage, site: Site) -> None:
    page = open_page()
    place = open_network(page, site)
    canvas = place.locator(".network-canvas")
    whole = canvas.screenshot()
    place.get_by_role("button", name="Zoom in").click()
    assert canvas.screenshot() != whole
    place.get_by_role("button", name="whole network").click()


def test_the_table_has_every_relation(open_page: OpenPage, site: Site) -> None:
    page = open_page(scripts=False)
    page.goto(site.at("network/"))
    relations = sum(len(entity["relations"]) for entity in site.data["entities"])
    expect(page.locator("article table tbody tr")).to_have_count(relations)
    row = page.locator("article table tbody tr").first
    assert row.locator("a").count() >= 3


def test_hostile_names_are_text_in_the_network(open_page: OpenPage, hostile_site: Site) -> None:
    page = open_page(wide=False)
    place = open_network(page, hostile_site)
    place.get_by_label("Entity", exact=True).select_option(label=NAME)
    expect(place.get_by_role("heading")).to_have_text(NAME)
    assert place.locator("img, b").count() == 0
    assert not too_wide(page)
    page = open_page(wide=False, scripts=False)
    page.goto(hostile_site.at("network/"))
    assert not too_wide(page)
    page.goto(hostile_site.at(f"{ENTITY}/"))
    expect(page.locator(".near-middle")).to_have_text(NAME)
