"""The project's site, built and served once; the system's Chromium; pages that must behave."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, sync_playwright

from build_tools.serve.server import SiteServer
from tests.browser import hostile, sources
from tests.browser.naughty import Naughty, lay_out_naughty
from tests.browser.site import Site
from tests.conftest import Once
from tests.islands import PROJECT, lay_out_site

HERE = Path(__file__).parent
RECORDS = ("docs", "entities", "seeds", "theme", "mkdocs.yml", "wiki.yml")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get("BROWSER") == "none":
        skip = pytest.mark.skip(reason="BROWSER=none: the browser tests are left out")
        for item in items:
            if HERE in item.path.parents:
                item.add_marker(skip)


# ---- the sites -----------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def site(once: Once) -> Iterator[Site]:
    """The project's own site, built from a copy of its records and served."""

    def make(root: Path) -> None:
        for name in RECORDS:
            if (PROJECT / name).is_dir():
                shutil.copytree(PROJECT / name, root / name)
            else:
                shutil.copy(PROJECT / name, root / name)
        build(root)

    with serve(once("project", make) / "build/site") as served:
        yield served


@pytest.fixture(scope="session")
def hostile_site(once: Once) -> Iterator[Site]:
    """The site of the example wiki with records whose every text is meant to break a page."""
    with serve(_example(once, "hostile", hostile.RECORDS)) as served:
        yield served


@pytest.fixture(scope="session")
def annotated(once: Once) -> Path:
    """The folder of the example wiki with one text that may be published, one that is attached, and cites of
    their words; its site and its preview are built."""

    def make(root: Path) -> None:
        sources.lay_out(root)
        build(root)
        build(root, "--preview")

    return once("annotated", make)


@pytest.fixture(scope="session")
def annotated_site(annotated: Path) -> Iterator[Site]:
    """Its site."""
    with serve(annotated / "build/site") as served:
        yield served


@pytest.fixture(scope="session")
def preview_site(annotated: Path) -> Iterator[Site]:
    """Its preview, for this machine alone."""
    with serve(annotated / "build/preview/site") as served:
        yield served


@pytest.fixture(scope="session")
def lettered_site(once: Once) -> Iterator[Site]:
    """The site of the example wiki with names in letters that few keyboards have."""
    record = "name: Yıldız\nalso: [{name: Новая Земля, kind: native, language: ru}]\n"
    record += "summary: {text: A place named by nobody else., cites: [courier-2024#p1]}\n"
    with serve(_example(once, "lettered", {"entities/islands/yildiz.yml": record})) as served:
        yield served


@pytest.fixture(scope="session")
def naughty(tmp_path_factory: pytest.TempPathFactory) -> Naughty:
    """The wiki of naughty strings."""
    return lay_out_naughty(tmp_path_factory.mktemp("naughty"))


@pytest.fixture(scope="session")
def naughty_site(naughty: Naughty) -> Iterator[Site]:
    """Its site."""
    build(naughty.wiki.root)
    with serve(naughty.wiki.root / "build/site") as served:
        yield served


def _example(once: Once, name: str, files: Mapping[str, str | bytes]) -> Path:
    """The folder of the site of the example wiki with these files over it."""
    return once(name, lambda root: build(lay_out_site(root).put(files).root)) / "build/site"


def build(root: Path, *options: str, site_url: str = "") -> None:
    """`wiki build` has made the site of the records in `root`, for an address or for any."""
    command = [sys.executable, "-m", "build_tools", "--root", str(root), "build", *options]
    environment = os.environ | {"SITE_URL": site_url}
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"`wiki build` failed:\n{done.stdout}{done.stderr}"


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[Site]:
    """A server shows the site in a folder."""
    server = SiteServer(folder)
    with server.serving():
        yield Site(folder=folder, base=server.address)


# ---- the browser ---------------------------------------------------------------------------------


def _chromium() -> str:
    """The browser to test with; without one, the tests fail with how to get it."""
    for name in (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        if name and (path := shutil.which(name)):
            return path
    pytest.fail("no Chromium: `sudo apt-get install chromium`, or leave it out: BROWSER=none", pytrace=False)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine, which asks nobody for anything by itself."""
    path = _chromium()
    options = "--no-sandbox --disable-gpu --no-first-run --disable-background-networking"
    options += " --disable-component-update --disable-sync --disable-quic --disable-default-apps"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=options.split())
        yield started
        started.close()


OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def readers(browser: Browser) -> Iterator[Callable[[bool, bool, bool], BrowserContext]]:
    """Readers by their screens: `readers(wide, scripts, touch)`. Each keeps what it has loaded once."""
    contexts: dict[tuple[bool, bool, bool], BrowserContext] = {}

    def reader(wide: bool, scripts: bool, touch: bool) -> BrowserContext:
        if (wide, scripts, touch) not in contexts:
            contexts[wide, scripts, touch] = browser.new_context(
                viewport={"width": 1440, "height": 900} if wide else {"width": 390, "height": 844},
                java_script_enabled=scripts,
                has_touch=touch,
                is_mobile=touch,  # where nothing can hover
                reduced_motion="reduce",
            )
        return contexts[wide, scripts, touch]

    yield reader
    for context in contexts.values():
        context.close()


@pytest.fixture
def open_page(readers: Callable[[bool, bool, bool], BrowserContext], site: Site) -> Iterator[OpenPage]:
    """Opens tabs, as many as a test wants: `open_page(wide=…, scripts=…, touch=…)`.

    Whatever the test did in them, at its end there must have been no request to another host, no error
    in the console, none of a script, and no dialog.
    """
    pages: list[Page] = []
    wrong: list[str] = []

    def open_one(*, wide: bool = True, scripts: bool = True, touch: bool = False) -> Page:
        page = readers(wide, scripts, touch).new_page()
        pages.append(page)
        _watch(page, wrong.append)
        return page

    yield open_one
    for page in pages:
        page.close()
    assert not wrong, "\n".join(dict.fromkeys(wrong))


def _watch(page: Page, say: Callable[[str], None]) -> None:
    def request(url: str) -> None:
        if not url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            say(f"{page.url} asks another host: {url}")

    def console(message: ConsoleMessage) -> None:
        if message.type == "error":
            say(f"{page.url}: {message.text}")

    def dialog(shown: Dialog) -> None:
        say(f"{page.url} shows a dialog: {shown.message}")
        shown.dismiss()

    page.on("request", lambda sent: request(sent.url))
    page.on("console", console)
    page.on("pageerror", lambda error: say(f"{page.url}: {error}"))
    page.on("dialog", dialog)
