"""The live preview in the browser: pages that refresh where their reader stood, and what is wrong over them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from build_tools.problems import Code, Location, Problem
from build_tools.serve.board import Board
from build_tools.serve.server import PreviewServer
from build_tools.serve.workshop import Finding
from tests.browser.axe import breaches
from tests.browser.conftest import OpenPage
from tests.browser.site import Site
from tests.islands import PROJECT, lay_out_site

pytestmark = pytest.mark.browser

SCRIPT = '<img src=x onerror="alert(1)"><script>alert(2)</script>'
LINE = ("    text: 😀 ", "<img src=x ", 'onerror="alert(1)"> <script>alert(2)</script>')
ERROR = Finding(
    Problem(
        Location(f"entities/{SCRIPT}.yml", 12, 14), Code.UNSOURCED, f"{SCRIPT}: no seed", f"add `{SCRIPT}`"
    ),
    LINE,
)
WARNING = Finding(Problem(Location("entities/islands/rock.yml", 1, 1), Code.ORPHAN, "nothing links here"))
READY = {"building": False, "following": False}


@pytest.fixture
def board() -> Board:
    """Of a preview whose pages are all made."""
    board = Board("first")
    board.put(None)
    board.post(**READY)
    return board


@pytest.fixture
def server(site: Site, board: Board) -> Iterator[PreviewServer]:
    """The project's site, served as a preview; what becomes of it the test says."""
    server = PreviewServer(site.folder, board)
    with server.serving():
        yield server


@pytest.fixture
def page(server: PreviewServer, open_page: OpenPage, site: Site) -> Page:
    """The page of an entity, which listens."""
    page = open_page()
    page.goto(server.address + site.entity["url"])
    mark(page)
    listening(page)
    return page


def listening(page: Page) -> None:
    """Until the server has told the page how things stand, and its styles are there."""
    expect(page.locator("#_preview .corner p")).to_have_text("")
    expect(page.locator("#_preview .corner")).to_have_css("position", "fixed")


def mark(page: Page) -> None:
    """Until it is loaded again, this page can be told from itself."""
    page.evaluate("document.documentElement.dataset.same = 'yes'")


def loaded_again(page: Page) -> None:
    expect(page.locator("html[data-same]")).to_have_count(0)
    page.wait_for_load_state()


def is_same_load(page: Page) -> bool:
    return page.locator("html[data-same]").count() == 1


def dialog(page: Page) -> str:
    """What the dialog says, once it is open."""
    opened = page.get_by_role("dialog", name="error")
    expect(opened).to_be_visible()
    return opened.inner_text()


# ---- refreshing ------------------------------------------------------------------------------------


def test_a_save_refreshes_the_page_and_an_error_is_shown_until_it_is_mended(
    open_page: OpenPage, tmp_path: Path
) -> None:
    wiki = lay_out_site(tmp_path)
    command = [sys.executable, "-m", "build_tools", "--root", str(wiki.root), "serve", "--port", "8790"]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as serving:
        try:
            assert serving.stdout is not None
            lines = iter(serving.stdout.readline, "")
            base = next(line for line in lines if "preview is at" in line).split()[4]
            next(line for line in lines if line.startswith("all pages made"))
            page = open_page()
            page.goto(f"{base}islands/great-skarn/")
            record = wiki.text("entities/islands/great-skarn.yml")
            path = "entities/islands/great-skarn.yml"
            wiki.put({path: record.replace("name: ", "name: New ", 1)})
            expect(page.locator("h1")).to_contain_text("New ")
            wiki.put({path: record + "nonsense: 1\n"})
            assert f"{path}:{record.count(chr(10)) + 1}:1" in dialog(page)
            wiki.put({path: record})
            expect(page.get_by_role("dialog")).to_have_count(0)
            expect(page.locator("h1")).not_to_contain_text("New ")
            page.close()
        finally:
            serving.terminate()


def test_a_page_that_changed_is_loaded_again_where_its_reader_stood(
    page: Page, board: Board, site: Site
) -> None:
    page.evaluate(
        """() => {
            for (const details of document.querySelectorAll("details.evidence")) details.open = true
            document.querySelectorAll("article [id]")[5].scrollIntoView({behavior: "instant"})
            window.scrollBy({top: 7, behavior: "instant"})
        }"""
    )
    place = "document.querySelectorAll('article [id]')[5].getBoundingClientRect().top"
    before, opened = page.evaluate(place), page.locator("details.evidence[open]").count()
    assert opened
    board.put((site.entity["url"],))
    board.post()
    loaded_again(page)
    assert page.evaluate(place) == pytest.approx(before, abs=2)
    assert page.locator("details.evidence[open]").count() == opened
    assert page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('preview-'))") == []


@pytest.mark.parametrize("changed", ["assets/wiki.css", None], ids=["a style it uses", "any page"])
def test_a_page_is_loaded_again_for_what_it_uses(changed: str | None, page: Page, board: Board) -> None:
    board.put(None if changed is None else (changed,))
    board.post()
    loaded_again(page)


def test_a_page_stays_where_only_others_changed_and_links_to_them(
    page: Page, board: Board, site: Site
) -> None:
    other, saved = "timeline/", "seeds/"
    board.put((other, "data/wiki.json", saved))
    board.post(following=True, saved=(saved,))
    links = page.locator("#_preview .corner a")
    expect(links).to_have_text([f"/{saved}", f"/{other}"])
    expect(page.locator("#_preview .corner p")).to_have_text("The search follows … 2 other pages changed:")
    assert is_same_load(page)
    links.last.click()
    page.wait_for_url(f"**/{other}")
    expect(page.locator("#_preview .corner p")).to_have_text("The search follows …")


def test_a_hidden_page_catches_up_when_it_is_seen_again(page: Page, board: Board, site: Site) -> None:
    hide = "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});"
    hide += " document.dispatchEvent(new Event('visibilitychange')) }"
    page.evaluate(hide, True)
    board.put((site.entity["url"],))
    board.post()
    assert is_same_load(page)
    page.evaluate(hide, False)
    loaded_again(page)


Readers = Callable[[bool, bool, bool], BrowserContext]


def test_before_the_first_pages_one_says_so_and_becomes_what_was_asked_for(
    readers: Readers, site: Site
) -> None:
    board = Board("first")
    server = PreviewServer(site.folder, board)
    with server.serving():
        page = readers(True, True, False).new_page()
        page.goto(server.address + site.entity["url"])
        expect(page.locator("h1")).to_have_text("No page yet")
        board.put(None)
        board.post(**READY)
        expect(page.locator("h1")).to_contain_text(site.entity["name"])
        page.close()


def test_a_server_that_starts_again_has_its_pages_loaded_again(readers: Readers, site: Site) -> None:
    page = readers(True, True, False).new_page()
    first, second = Board("first"), Board("second")
    for board in (first, second):
        board.put(None)
        board.post(**READY)
    server = PreviewServer(site.folder, first)
    with server.serving():
        page.goto(server.address + site.entity["url"])
        mark(page)
        listening(page)
    expect(page.locator("#_preview .corner p")).to_contain_text("The preview has stopped")
    with PreviewServer(site.folder, second, server.server_port).serving():
        loaded_again(page)
        listening(page)
        page.close()


# ---- what is wrong ---------------------------------------------------------------------------------


def test_problems_are_shown_over_the_page_as_text_whatever_they_say(page: Page, board: Board) -> None:
    board.post(found=(ERROR, WARNING))
    text = dialog(page)
    opened = page.get_by_role("dialog")
    expect(opened.get_by_role("heading")).to_be_focused()
    expect(opened.get_by_role("heading")).to_have_text("1 error, 1 warning")
    for said in (
        f"entities/{SCRIPT}.yml:12:14",
        "unsourced",
        f"{SCRIPT}: no seed",
        f"add `{SCRIPT}`",
        "".join(LINE),
    ):
        assert said in text
    assert "The page below is as it was before." in text
    assert opened.locator("img, script").count() == 0
    assert opened.locator("mark").text_content() == LINE[1]
    assert opened.locator("pre").text_content() == "".join(LINE)
    assert breaches(page) == []


def test_the_dialog_is_put_away_and_brought_back_by_keys_and_goes_by_itself(page: Page, board: Board) -> None:
    link = page.locator("article a").first
    link.focus()
    board.post(found=(ERROR,))
    dialog(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(link).to_be_focused()
    board.post(found=(ERROR, WARNING))  # put away is put away, until it is mended
    button = page.get_by_role("button", name="1 error, 1 warning")
    expect(button).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    button.press("Enter")
    dialog(page)
    board.post(found=())
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#_preview .unfold")).to_be_hidden()
    board.post(found=(ERROR,))
    dialog(page)
    assert is_same_load(page)


def test_put_away_on_one_page_the_dialog_stays_away_on_the_next(
    page: Page, board: Board, server: PreviewServer
) -> None:
    board.post(found=(ERROR,))
    dialog(page)
    page.get_by_role("button", name="Put away").click()
    page.goto(server.address)
    expect(page.get_by_role("button", name="1 error")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_warnings_wait_in_the_corner(page: Page, board: Board) -> None:
    board.post(found=(WARNING,))
    page.get_by_role("button", name="1 warning").click()
    expect(page.get_by_role("dialog", name="1 warning")).to_contain_text("nothing links here")


def test_the_dialog_fits_a_phone(server: PreviewServer, open_page: OpenPage, board: Board) -> None:
    page = open_page(wide=False)
    page.goto(server.address)
    board.post(found=(ERROR, WARNING))
    dialog(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = page.get_by_role("dialog").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_without_scripts_a_page_is_as_it_is_published(
    server: PreviewServer, open_page: OpenPage, site: Site
) -> None:
    page = open_page(scripts=False)
    page.goto(server.address + site.entity["url"])
    assert page.locator("#_preview").count() == 0
    expect(page.locator("h1")).to_contain_text(site.entity["name"])
