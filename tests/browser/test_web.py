"""The kept promises of the web: what pages say of themselves, old and dead addresses, citing a claim."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Dialog, Locator, Page, expect
from selectolax.lexbor import LexborHTMLParser

from tests.browser.conftest import OpenPage, build, serve
from tests.browser.hostile import ENTITY, SCRIPT
from tests.browser.looks import in_view, too_faint, too_wide
from tests.browser.site import Site
from tests.conftest import Once
from tests.islands import lay_out_site

pytestmark = pytest.mark.browser

HOME = "https://skarn.example/wiki/"
HARD = r"gulls & terns_, a % sign, a $ or # {between} ~these~ and ^those^ \ ünïcödé ığüş"
ROCK = f"""\
name: Gull & <Rock>
formerly: [old-rock]
claims:
  - id: few-people
    formerly: [hardly-anybody]
    text: Few people live there.
    cites: [courier-2024#p1]
  - id: signs
    text: '{HARD}'
    cites: [courier-2024#p1]
"""


@pytest.fixture(scope="module")
def named(once: Once) -> Iterator[Site]:
    """The example's site, made for an address of its own, with an island that was renamed."""

    def make(root: Path) -> None:
        lay_out_site(root).put({"entities/islands/gull-rock.yml": ROCK})
        build(root, site_url=HOME)

    with serve(once("named", make) / "build/site") as served:
        yield served


def pages_of(site: Site) -> dict[str, LexborHTMLParser]:
    """The pages by their addresses, those at former addresses left out."""
    found = {}
    for file in sorted(site.folder.rglob("*.html")):
        html = file.read_text(encoding="utf-8")
        if 'http-equiv="refresh"' not in html:
            found[file.relative_to(site.folder).as_posix().removesuffix("index.html")] = LexborHTMLParser(
                html
            )
    return found


def said(page: LexborHTMLParser, name: str) -> list[str]:
    return [
        meta.attributes["content"] or "" for meta in page.css(f"meta[name='{name}'], meta[property='{name}']")
    ]


# ---- what pages say of themselves --------------------------------------------------------------


@pytest.mark.parametrize("which", ["site", "named", "hostile_site"])
def test_every_page_has_a_title_of_its_own_and_says_what_it_is(
    which: str, request: pytest.FixtureRequest
) -> None:
    pages = pages_of(request.getfixturevalue(which))
    titles = {path: page.css("title")[0].text() for path, page in pages.items()}
    assert len(set(titles.values())) == len(pages) > 10
    for path, page in pages.items():
        (site_name,) = said(page, "og:site_name")
        (title,) = said(page, "og:title")
        assert titles[path] == (site_name if path == "" else f"{title} · {site_name}"), path
        (description,) = said(page, "description")
        assert description
        assert said(page, "og:description") == [description]
        assert said(page, "og:type") == ["website" if path == "" else "article"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", said(page, "date")[0])
        assert len(said(page, "theme-color")) == 2
        (feed,) = page.css("link[type='application/atom+xml']")
        assert (feed.attributes["href"] or "").endswith("feed.xml")


def test_a_site_that_knows_its_address_gives_whole_addresses_and_cards(named: Site) -> None:
    for path, page in pages_of(named).items():
        if path == "404.html":
            continue
        assert [link.attributes["href"] for link in page.css("link[rel=canonical]")] == [HOME + path]
        assert said(page, "og:url") == [HOME + path]
        (card,) = said(page, "og:image")
        assert card.startswith(f"{HOME}assets/cards/")
        with Image.open(named.folder / card.removeprefix(HOME)) as image:
            assert [str(length) for length in image.size] == said(page, "og:image:width") + said(
                page, "og:image:height"
            )
        assert said(page, "og:image:alt")[0]
        assert said(page, "twitter:card") == ["summary_large_image"]
    rock = pages_of(named)["islands/gull-rock/"]
    assert said(rock, "og:title") == ["Gull & <Rock>"]
    assert said(rock, "og:image") == [f"{HOME}assets/cards/islands/gull-rock.png"]


def test_a_site_that_does_not_know_its_address_names_none(site: Site) -> None:
    for page in pages_of(site).values():
        assert page.css("link[rel=canonical]") == []
        assert said(page, "og:image") == said(page, "og:url") == []
    assert not (site.folder / "assets/cards").exists()


def test_the_sitemap_names_every_page_and_nothing_else(named: Site, site: Site) -> None:
    def addresses(which: Site) -> list[str]:
        tree = ElementTree.parse(which.folder / "sitemap.xml")
        return sorted(
            found.text or "" for found in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
        )

    assert addresses(named) == sorted(HOME + path for path in pages_of(named) if path != "404.html")
    assert f"Sitemap: {HOME}sitemap.xml" in (named.folder / "robots.txt").read_text()
    assert addresses(site) == []


# ---- dead and former addresses -----------------------------------------------------------------


@pytest.fixture
def lost(browser: Browser) -> Iterator[BrowserContext]:
    """A reader at addresses that lead nowhere: that these are not found is no fault there."""
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        yield context


def test_a_dead_address_at_any_depth_gets_help(lost: BrowserContext, site: Site) -> None:
    page = lost.new_page()
    refused: list[str] = []
    page.on("response", lambda answer: refused.append(answer.url) if answer.status >= 400 else None)
    entity = site.entity
    wrong = f"some/where/{entity['id'][:-2]}x/"
    for dead in (wrong, wrong.removesuffix("/"), wrong.removesuffix("/") + ".html"):
        refused.clear()
        page.goto(site.at(dead))
        assert refused == [site.at(dead)], "styles, fonts and scripts are found all the same"
        expect(page.locator("h1")).to_have_text("There is no page at this address")
        offer = page.locator("[data-not-found] a").first
        expect(offer).to_have_text(entity["name"])
    assert too_wide(page) == []
    offer.click()
    expect(page).to_have_url(site.at(entity["url"]))


@pytest.mark.parametrize(
    "dead", ["qqqqqqqqqq/", "%E0%A4%A/", "a" * 2000, "%3Cscript%3Ealert(1)%3C/script%3E"]
)
def test_where_nothing_is_near_nothing_is_offered(lost: BrowserContext, site: Site, dead: str) -> None:
    page = lost.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))

    def dismiss(shown: Dialog) -> None:
        wrong.append(shown.message)
        shown.dismiss()

    page.on("dialog", dismiss)
    with page.expect_response("**/data/names.json"):
        page.goto(site.at(dead))
    expect(page.get_by_role("heading", name="Ways in")).to_be_visible()
    expect(page.locator("[data-not-found]")).to_be_hidden()
    assert wrong == []


def test_a_dead_address_gets_help_without_scripts_and_without_names(
    browser: Browser, lost: BrowserContext, site: Site
) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site.at("no/where/"))
        links = page.locator("article a, .md-content a")
        expect(links.first).to_be_visible()
        for number in range(links.count()):
            address = str(links.nth(number).evaluate("link => link.href"))
            assert context.request.get(address).ok, address
    page = lost.new_page()
    page.route("**/data/names.json", lambda route: route.abort())
    page.goto(site.at(f"{site.entity['id']}x/"))
    expect(page.get_by_role("link", name="Timeline").last).to_be_visible()
    expect(page.locator("[data-not-found]")).to_be_hidden()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_former_address_leads_to_the_page(open_page: OpenPage, named: Site, scripts: bool) -> None:
    page = open_page(scripts=scripts)
    page.goto(named.at("islands/old-rock/"), wait_until="commit")
    expect(page).to_have_url(named.at("islands/gull-rock/"))
    expect(page.locator("h1")).to_contain_text("Gull & <Rock>")


def test_a_former_address_of_a_claim_leads_to_the_claim(open_page: OpenPage, named: Site) -> None:
    page = open_page(wide=False)
    page.goto(named.at("islands/gull-rock/#hardly-anybody"))
    claim = page.locator("#few-people")
    assert in_view(claim)
    expect(claim).not_to_have_css("box-shadow", "none")
    expect(page.locator("#signs")).to_have_css("box-shadow", "none")


# ---- citing ------------------------------------------------------------------------------------


def open_citation(page: Page, claim: Locator) -> Locator:
    """The dialog of a claim, opened by keyboard alone."""
    opener = claim.locator(".cite-menu > summary")
    opener.focus()
    page.keyboard.press("Enter")
    expect(claim.get_by_role("button", name="Copy address")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Cite this")
    expect(dialog).to_be_visible()
    return dialog


def forms(dialog: Locator) -> list[str]:
    return dialog.locator("pre").all_inner_texts()


def test_a_claim_is_cited_in_three_forms(open_page: OpenPage, named: Site) -> None:
    page = open_page()
    page.goto(named.at("islands/gull-rock/"))
    issued = page.locator("meta[name=date]").get_attribute("content") or ""
    address = f"{HOME}islands/gull-rock/#signs"
    text, bibtex, csl = forms(open_citation(page, page.locator("#signs")))
    today = str(page.evaluate("() => new Date().toLocaleDateString('sv')"))
    site = "The ferries of Skarn"
    assert text == f"“{HARD}.” Gull & <Rock>. {site}, {issued}. {address} (accessed {today})."
    escaped = (
        r"gulls \& terns\_, a \% sign, a \$ or \# \{between\} \textasciitilde{}these\textasciitilde{} and "
        r"\textasciicircum{}those\textasciicircum{} \textbackslash{} ünïcödé ığüş"
    )
    assert bibtex.split("\n") == [
        "@misc{gull-rock-signs,",
        rf"  title = {{{{Gull \& <Rock>: {escaped}}}}},",
        f"  howpublished = {{{site}}},",
        f"  year = {{{issued[:4]}}},",
        f"  date = {{{issued}}},",
        f"  url = {{{address}}},",
        f"  urldate = {{{today}}},",
        "}",
    ]
    assert bibtex.replace(r"\{", "").replace(r"\}", "").count("{") == bibtex.replace(r"\{", "").replace(
        r"\}", ""
    ).count("}")

    def parts(day: str) -> dict[str, list[list[int]]]:
        found = date.fromisoformat(day)
        return {"date-parts": [[found.year, found.month, found.day]]}

    assert json.loads(csl) == [
        {
            "id": "gull-rock-signs",
            "type": "webpage",
            "title": f"Gull & <Rock>: {HARD}",
            "container-title": site,
            "URL": address,
            "issued": parts(issued),
            "accessed": parts(today),
        }
    ]


def test_the_keys_of_a_page_are_unique_and_addresses_whole_without_a_site_address(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page()
    page.goto(f"{site.at(site.entity['url'])}?q=1#{site.journey.claim}")
    keys = []
    claims = page.locator(".claim[id]:has(.cite-menu)")
    expect(claims.first).to_be_visible()
    for number in range(min(claims.count(), 5)):
        claim = claims.nth(number)
        text, bibtex, _ = forms(open_citation(page, claim))
        assert f"{site.at(site.entity['url'])}#{claim.get_attribute('id')} " in text
        keys.append(bibtex.partition(",")[0])
        page.keyboard.press("Escape")
    assert len(set(keys)) == len(keys)


def test_the_dialog_is_left_by_escape_or_its_button_and_the_focus_returns(
    open_page: OpenPage, site: Site
) -> None:
    page = open_page(wide=False)
    page.goto(site.at(site.entity["url"]))
    claim = page.locator(".claim[id]").first
    opener = claim.locator(".cite-menu > summary")
    for leave in ("Escape", "Close"):
        dialog = open_citation(page, claim)
        assert too_wide(page) == []
        assert too_faint(page) == []
        if leave == "Close":
            dialog.get_by_role("button", name="Close").click()
        else:
            page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(claim.get_by_role("button", name="Copy address")).to_be_hidden()
    expect(opener).to_be_focused()


def test_what_is_copied_is_what_is_shown_and_it_is_said(browser: Browser, site: Site) -> None:
    with browser.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()
        page.goto(site.at(site.entity["url"]))
        claim = page.locator(".claim[id]").first
        dialog = open_citation(page, claim)
        for name, text in zip(("Text", "BibTeX", "CSL-JSON"), forms(dialog), strict=True):
            dialog.get_by_role("button", name=f"Copy {name}").click()
            expect(page.get_by_role("status")).to_have_text(f"Copied: {name}")
            assert page.evaluate("() => navigator.clipboard.readText()") == text
        page.keyboard.press("Escape")
        claim.locator(".cite-menu > summary").press("Enter")
        claim.get_by_role("button", name="Copy address").click()
        expect(page.get_by_role("status")).to_have_text("Copied: the address")
        address = f"{site.at(site.entity['url'])}#{claim.get_attribute('id')}"
        assert page.evaluate("() => navigator.clipboard.readText()") == address


def test_where_copying_is_refused_the_page_says_what_to_do(browser: Browser, site: Site) -> None:
    with browser.new_context(permissions=[]) as context:
        page = context.new_page()
        page.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
        page.goto(site.at(site.entity["url"]))
        dialog = open_citation(page, page.locator(".claim[id]").first)
        dialog.get_by_role("button", name="Copy BibTeX").click()
        expect(page.get_by_role("status")).to_contain_text("copy it yourself")


def test_the_menu_is_within_reach_of_a_finger_and_moves_nothing(open_page: OpenPage, site: Site) -> None:
    without = open_page(wide=False, scripts=False, touch=True)
    without.goto(site.at(site.entity["url"]))
    page = open_page(wide=False, touch=True)
    page.goto(site.at(site.entity["url"]))
    menus = page.locator(".cite-menu")
    expect(menus.first).to_be_visible()
    expect(without.locator(".cite-menu")).to_have_count(0)
    assert (
        without.locator(".claim[id] .permalink").count() == page.locator(".claim[id] .permalink").count() > 0
    )
    heights = "claims => claims.map(claim => Math.round(claim.getBoundingClientRect().height))"
    assert page.locator(".claim[id]").evaluate_all(heights) == without.locator(".claim[id]").evaluate_all(
        heights
    )
    box = menus.first.locator("summary").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
    menus.first.locator("summary").tap()
    button = page.get_by_role("button", name="Cite this").first
    expect(button).to_be_visible()
    assert (button.bounding_box() or {"height": 0})["height"] >= 24


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
def test_a_mistake_is_reported_with_its_address_filled_in(
    open_page: OpenPage, site: Site, scripts: bool
) -> None:
    page = open_page(scripts=scripts)
    page.goto(site.at(site.entity["url"]))
    claim = page.locator(".claim[id]").first
    link = claim.get_by_role("link", name="Report a mistake")
    if scripts:
        expect(link).to_be_hidden()
        claim.locator(".cite-menu > summary").press("Enter")
    expect(link).to_be_visible()
    assert min((link.bounding_box() or {"width": 0, "height": 0})[side] for side in ("width", "height")) >= 24
    place = f"{site.entity['url']}#{claim.get_attribute('id')}"
    assert f"address={quote(place, safe='')}" in str(link.get_attribute("href"))
    seed = next(seed for seed in site.data["seeds"] if seed["passages"])
    page.goto(site.at(seed["url"]))
    link = page.locator('.passage[data-passage="p1"]').get_by_role("link", name="Report a mistake")
    expect(link).to_be_visible()
    place = f"{seed['url']}#p1"
    assert f"address={quote(place, safe='')}" in str(link.get_attribute("href"))


def test_a_quotation_can_be_cited_too(open_page: OpenPage, site: Site) -> None:
    speaker = next(entity for entity in site.data["entities"] if entity["quotes"])
    page = open_page()
    page.goto(site.at(speaker["url"]))
    quote = speaker["quotes"][0]
    text = forms(open_citation(page, page.locator(f".quotation[id='{quote['id']}']")))[0]
    assert quote["text"][:40] in text
    assert f"{speaker['url']}#{quote['id']}" in text


def test_hostile_words_are_text_in_a_citation(open_page: OpenPage, hostile_site: Site) -> None:
    page = open_page(wide=False)
    page.goto(hostile_site.at(f"{ENTITY}/"))
    dialog = open_citation(page, page.locator("#script"))
    assert SCRIPT.split("<script>")[0] in forms(dialog)[0]
    assert dialog.locator("script, style, img").count() == 0
    assert too_wide(page) == []
    page.keyboard.press("Escape")
    long = page.locator(f"#{'c' * 90}")
    assert len(forms(open_citation(page, long))[0]) < 1000
