"""The project's site, built and served once; the system's Chromium; pages that must behave."""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, sync_playwright

from tests.browser import hostile, sources
from tests.browser.naughty import Naughty, lay_out_naughty
from tests.browser.site import Site
from tests.islands import PROJECT, Wiki, lay_out_site

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
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The project's own site, built from a copy of its records and served."""
    root = tmp_path_factory.mktemp("project")
    for name in RECORDS:
        if (PROJECT / name).is_dir():
            shutil.copytree(PROJECT / name, root / name)
        else:
            shutil.copy(PROJECT / name, root / name)
    with _served(root) as served:
        yield served


@pytest.fixture(scope="session")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site of the example wiki with records whose every text is meant to break a page."""
    wiki = lay_out_site(tmp_path_factory.mktemp("hostile")).put(hostile.RECORDS)
    with _served(wiki.root) as served:
        yield served


@pytest.fixture(scope="session")
def annotated(tmp_path_factory: pytest.TempPathFactory) -> Wiki:
    """The example wiki with one text that may be published, one that is attached, and cites of their words."""
    return sources.lay_out(tmp_path_factory.mktemp("annotated"))


@pytest.fixture(scope="session")
def annotated_site(annotated: Wiki) -> Iterator[Site]:
    """Its site."""
    with _served(annotated.root) as served:
        yield served


@pytest.fixture(scope="session")
def preview_site(annotated: Wiki) -> Iterator[Site]:
    """Its preview, for this machine alone."""
    with _served(annotated.root, "--preview", place="build/preview") as served:
        yield served


@pytest.fixture(scope="session")
def lettered_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site of the example wiki with names in letters that few keyboards have."""
    record = "name: Yıldız\nalso: [{name: Новая Земля, kind: native, language: ru}]\n"
    record += "summary: {text: A place named by nobody else., cites: [courier-2024#p1]}\n"
    wiki = lay_out_site(tmp_path_factory.mktemp("lettered")).put({"entities/islands/yildiz.yml": record})
    with _served(wiki.root) as served:
        yield served


@pytest.fixture(scope="session")
def naughty(tmp_path_factory: pytest.TempPathFactory) -> Naughty:
    """The wiki of naughty strings."""
    return lay_out_naughty(tmp_path_factory.mktemp("naughty"))


@pytest.fixture(scope="session")
def naughty_site(naughty: Naughty) -> Iterator[Site]:
    """Its site."""
    with _served(naughty.wiki.root) as served:
        yield served


@contextlib.contextmanager
def _served(root: Path, *options: str, place: str = "build") -> Iterator[Site]:
    """`wiki build` has made the site of the records in `root`, and a server shows it."""
    command = [sys.executable, "-m", "build_tools", "--root", str(root), "build", *options]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"`wiki build` failed:\n{done.stdout}{done.stderr}"
    with serve(root / place / "site") as site:
        yield site


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[Site]:
    """A server shows the site in a folder."""
    handler = functools.partial(_Handler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield Site(folder=folder, base=f"http://127.0.0.1:{server.server_port}/")
        finally:
            server.shutdown()
            thread.join()


class _Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Shows the site's own page where an address leads nowhere, as hosts of static sites do."""
        if code != http.HTTPStatus.NOT_FOUND:
            super().send_error(code, message, explain)
            return
        page = (Path(self.directory) / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)


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
