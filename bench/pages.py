"""`python -m bench.pages`: what pages weigh as they reach Chromium; Markdown tables and verdicts.

The built site is served on this machine with gzip, and with leave to keep what does not change, as web
hosts do. *First view*: a reader who has never been here. *Later*: the same page for one who has seen the
home page. Bytes are counted with the headers of the answers, by what they are; 1 KB is 1,000 bytes.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import gzip
import io
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from bench.wikis import HUB_PAGE, ROOT, Hub, lay_out
from build_tools.serve.server import SiteHandler, SiteServer
from build_tools.serve.site_files import Answer
from tests.browser.site import Site

ENTITIES, HUB = 1000, Hub(claims=500, links=2)  # of the made-up wiki
FIRST, LATER, SEARCH = 250_000, 60_000, 200_000  # bytes
TYPES = ("html", "css", "js", "fonts", "images", "data")
_SHIFTS = """() => {
    window.shifted = 0
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value
    }).observe({type: "layout-shift", buffered: true})
}"""
_SETTLED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


# ---- the server ----------------------------------------------------------------------------------


class _Handler(SiteHandler):
    """Serves files compressed where that helps."""

    _packed = False

    def answer(self) -> Answer:
        """What the request gets."""
        told, self._packed = super().answer(), False
        if told.kind in {"font/woff2", "image/png", "image/jpeg", "image/webp", "application/gzip"}:
            return told
        packed = _packed(told.body)
        self._packed = len(packed) < len(told.body)
        return replace(told, body=packed) if self._packed else told

    def fields(self, told: Answer) -> dict[str, str]:
        """The header of an answer."""
        return super().fields(told) | ({"Content-Encoding": "gzip"} if self._packed else {})


@functools.cache
def _packed(body: bytes) -> bytes:
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=6, mtime=0) as file:
        file.write(body)
    return out.getvalue()


@contextlib.contextmanager
def served(folder: Path) -> Iterator[Site]:
    """The built site of a folder, at an address of this machine."""
    server = SiteServer(folder, handler=_Handler)
    with server.serving():
        yield Site(folder=folder, base=server.address)


# ---- one page ------------------------------------------------------------------------------------


@dataclass
class Traffic:
    """What has come over the network to a page since the count began."""

    bytes: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    _types: dict[str, str] = field(default_factory=dict)

    def watch(self, session: CDPSession) -> None:
        """From now on the page's requests are counted; what the browser had kept is none."""
        session.send("Network.enable")
        session.on("Network.responseReceived", self._answered)
        session.on("Network.loadingFinished", self._finished)

    def _answered(self, event: dict[str, Any]) -> None:
        answer = event["response"]
        if not answer.get("fromDiskCache") and answer["url"].startswith("http"):
            self._types[event["requestId"]] = _type(answer["mimeType"])

    def _finished(self, event: dict[str, Any]) -> None:
        kind = self._types.pop(event["requestId"], "")
        if kind and event["encodedDataLength"]:
            self.bytes[kind] += int(event["encodedDataLength"])
            self.requests += 1


def _type(mime: str) -> str:
    for part, kind in (
        ("html", "html"),
        ("css", "css"),
        ("javascript", "js"),
        ("font", "fonts"),
        ("image", "images"),
    ):
        if part in mime:
            return kind
    return "data"


@dataclass(frozen=True)
class View:
    """One view of a page."""

    traffic: Traffic
    shift: float

    @property
    def bytes(self) -> int:
        return self.traffic.bytes.total()


def open_page(context: BrowserContext) -> tuple[Page, Traffic, CDPSession]:
    """A tab whose traffic and layout shifts are counted."""
    page = context.new_page()
    page.add_init_script(f"({_SHIFTS})()")
    traffic = Traffic()
    session = context.new_cdp_session(page)
    traffic.watch(session)
    return page, traffic, session


def view(context: BrowserContext, address: str) -> View:
    """The page as it stands when nothing more comes."""
    page, traffic, _ = open_page(context)
    page.goto(address, wait_until="networkidle")
    page.evaluate(_SETTLED)
    shift = float(page.evaluate("() => window.shifted"))
    page.close()
    return View(traffic=traffic, shift=shift)


@contextlib.contextmanager
def reader(browser: Browser, width: int = 1440) -> Iterator[BrowserContext]:
    """Somebody who has never been here."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    try:
        yield context
    finally:
        context.close()


# ---- the tables ----------------------------------------------------------------------------------


def kb(size: float) -> str:
    """Kilobytes, to one place."""
    return f"{size / 1000:.1f}"


def verdict(sound: bool) -> str:
    """Whether the limits are kept, in a word."""
    return "PASS" if sound else "FAIL"


def weigh(browser: Browser, site: Site) -> Iterator[tuple[str, bool]]:
    """The rows of the table of all kinds of page, each with whether it keeps the limits."""
    entities = {entity["url"] for entity in site.data["entities"]}
    for path in site.kinds_of_page:
        with reader(browser) as context:
            first = view(context, site.at(path))
        with reader(browser) as context:
            view(context, site.at(""))
            later = view(context, site.at(path))
        sound = later.bytes <= LATER and not first.shift + later.shift
        sound = sound and (path not in entities or first.bytes <= FIRST)
        parts = " | ".join(kb(first.traffic.bytes[kind]) for kind in TYPES)
        row = f"| /{path} | {kb(first.bytes)} | {parts} | {first.traffic.requests} | {kb(later.bytes)}"
        yield f"{row} | {first.shift:.4f} | {verdict(sound)} |", sound


def first_result(browser: Browser, site: Site) -> int:
    """Bytes that come over the network from the key that opens the search to the first result."""
    with reader(browser) as context:
        page, traffic, _ = open_page(context)
        page.goto(site.at(""), wait_until="networkidle")
        before = traffic.bytes.total()
        word = site.data["entities"][-1]["name"].split()[0]
        page.keyboard.press("/")
        dialog = page.locator("dialog[open], [role=dialog]:visible").first
        dialog.wait_for(timeout=15_000)
        page.keyboard.type(word)
        result = dialog.locator("a[href]", has_text=word).first
        result.wait_for(timeout=60_000)
        page.wait_for_load_state("networkidle")
        return traffic.bytes.total() - before


def hub(browser: Browser, site: Site) -> Iterator[tuple[str, bool]]:
    """What the page of the hub is to a browser, on a wide screen and a narrow one."""
    path = HUB_PAGE
    for width in (1440, 390):
        with reader(browser, width) as context:
            first = view(context, site.at(path))
        with reader(browser, width) as context:
            view(context, site.at(""))
            page, traffic, session = open_page(context)
            session.send("Performance.enable")
            page.goto(site.at(path), wait_until="networkidle")
            page.evaluate(_SETTLED)
            told = {item["name"]: item["value"] for item in session.send("Performance.getMetrics")["metrics"]}
            elements = page.locator("*").count()
            scroll = page.evaluate("() => document.documentElement.scrollWidth")
        sound = scroll <= width and not first.shift
        layout = (told["LayoutDuration"] + told["RecalcStyleDuration"]) * 1000
        row = (
            f"| {width} px | {kb(first.bytes)} | {kb(traffic.bytes.total())} | {elements:,} | {layout:.0f} ms"
        )
        yield f"{row} | {scroll} px | {first.shift:.4f} | {verdict(sound)} |", sound


def build(root: Path) -> float:
    """The seconds that `wiki build` takes."""
    begin = time.perf_counter()
    command = [sys.executable, "-m", "build_tools", "--root", str(root), "build"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"bench.pages: `wiki build` failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return time.perf_counter() - begin


def main() -> None:
    """Prints the tables; exits with 1 if a limit is broken."""
    parser = argparse.ArgumentParser(prog="bench.pages", description=__doc__)
    parser.add_argument("--chromium", default="chromium", help="the browser to measure with")
    parser.add_argument("--site", type=Path, default=ROOT / "build" / "site", help="the built site")
    parser.add_argument(
        "--first-result", type=Path, help="print only what the search of this site needs, bytes"
    )
    options = parser.parse_args()
    path = shutil.which(options.chromium) or sys.exit(f"bench.pages: no {options.chromium}")
    broken = 0
    with sync_playwright() as playwright:
        flags = "--no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-sync"
        browser = playwright.chromium.launch(executable_path=path, args=flags.split())
        if options.first_result is not None:
            with served(options.first_result) as site:
                print(first_result(browser, site))
            return
        print(f"| page | first view, KB | {' | '.join(TYPES)} | requests | later, KB | CLS | |")
        print(f"|---|{'---:|' * (len(TYPES) + 4)}---|")
        with served(options.site) as site:
            for row, sound in weigh(browser, site):
                print(row, flush=True)
                broken += not sound
        print(f"\nAt most {kb(FIRST)} KB for an entity at first, {kb(LATER)} KB for any page later; CLS 0.\n")
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "made"
            lay_out(root, ENTITIES, hub=HUB)
            seconds = build(root)
            with served(root / "build" / "site") as site:
                pages = len(site.pages)
                print(f"A made-up wiki of {pages:,} pages: built in {seconds:.0f} s.")
                size = first_result(browser, site)
                sound = size <= SEARCH
                told = f"{kb(size)} KB (at most {kb(SEARCH)}): {verdict(sound)}"
                print(f"First search result: {told}\n")
                broken += not sound
                links = (ENTITIES - 1) * HUB.links
                print(f"Its hub, with {HUB.claims} claims and {links:,} links from elsewhere:\n")
                print("| screen | first view, KB | later, KB | elements | layout | scroll width | CLS | |")
                print(f"|---|{'---:|' * 6}---|")
                for row, sound in hub(browser, site):
                    print(row, flush=True)
                    broken += not sound
        browser.close()
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
