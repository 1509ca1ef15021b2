"""What the built site must be: whole, self-contained, and of no HTML but what it is meant to have.

The check reads the pages that a browser gets, whatever made them. `page.read_page` says what one page
holds, `resolve` holds the pages against each other; only `check_site` touches the disk. Pages are read one
at a time, so that memory holds the anchors of the site and never its HTML.

Not seen: what scripts do when they run, SVG files, and whether an inline script outside of the article is
the theme's own (it must stand in an element where the theme puts its scripts).
"""

from __future__ import annotations

import pathlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from build_tools.problems import Code, Location, Problem, did_you_mean, in_order
from build_tools.site.elements import clip
from build_tools.site.page import Page, read_page, read_sheet
from build_tools.site.targets import Reference, Target, address, is_page, refusal_of, site_of, target_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReport:
    """How many pages, links, anchors linked to and loaded assets were judged, and what is wrong."""

    pages: int
    links: int
    anchors: int
    assets: int
    problems: tuple[Problem, ...]


def check_site(root: pathlib.Path, *, shown_as: str = "build/site", site_url: str = "") -> SiteReport:
    """Every page and style sheet below `root` is judged; problems name it as `shown_as`.

    `site_url` is the address the site is made for: links to it are links within the site.
    """
    files = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())

    def read() -> Iterator[Page]:
        for path in files:
            if is_page(path) or path.endswith(".css"):
                text = (root / path).read_text(encoding="utf-8-sig", errors="replace")
                yield read_page(path, text) if is_page(path) else read_sheet(path, text)

    report = resolve(read(), frozenset(files), site_url=site_url)
    found = [
        replace(each, at=each.at._replace(path=f"{shown_as}/{each.at.path}")) for each in report.problems
    ]
    if not report.pages:
        at, hint = Location(f"{shown_as}/index.html"), "build the site, then check it"
        found.append(Problem(at, Code.DEAD_LINK, "the site has no pages", hint))
    return replace(report, problems=in_order(found))


def resolve(pages: Iterable[Page], files: Collection[str], *, site_url: str = "") -> SiteReport:
    """The pages are held against each other and the site's files; the problems' paths are the pages'.

    `pages` is gone through once. Of a page only its anchors are kept, and such of its links as lead to
    anchors of pages that have not come yet.
    """
    host, prefix = site_of(site_url)
    addresses = _both_ways(map(address, files))
    anchors: dict[str, frozenset[str]] = {}
    hints: dict[tuple[str, str], str] = {}
    waiting: list[tuple[str, Reference, Target]] = []
    problems: list[Problem] = []
    counts: Counter[str] = Counter()

    def find(path: str, reference: Reference, code: Code, message: str, hint: str) -> None:
        at = Location(path, reference.line, reference.column)
        message = f"`{reference.holder}`: `{clip(reference.url)}` {message}"
        problems.append(Problem(at, code, message, hint))

    def check_anchor(path: str, reference: Reference, target: Target) -> None:
        ids, wanted = anchors.get(target.path, frozenset()), unquote(target.fragment)
        if target.fragment in ids or wanted in ids or wanted.lower() == "top":
            return
        if (key := (target.path, wanted)) not in hints:
            hints[key] = _hint(wanted, _both_ways(ids), "link to an anchor that the page has")
        where = "this page" if target.path == path else f"`{address(target.path)}`"
        message = f"leads to the anchor `{clip(wanted)}`, which {where} lacks"
        find(path, reference, Code.DEAD_ANCHOR, message, hints[key])

    for page in pages:
        problems.extend(page.findings)
        if is_page(page.path):
            anchors[page.path] = page.ids
        counts.update(links=len(page.links), assets=len(page.loads))
        for reference in (*page.links, *page.loads):
            target = target_of(reference.url, page.path, host, prefix)
            if refusal := refusal_of(reference, target):
                find(page.path, reference, *refusal)
            elif target.host or target.scheme == "mailto":
                continue
            elif not target.path:
                hint = f"the site begins at `{prefix}`; mind the `../`"
                find(page.path, reference, Code.DEAD_LINK, "leads out of the site", hint)
            elif target.path not in files:
                wanted = address(target.path)
                if (key := (target.path, "")) not in hints:
                    hints[key] = _hint(wanted, addresses, "link to a page or file of the site")
                message = f"leads to `{clip(wanted)}`, which the site lacks"
                find(page.path, reference, Code.DEAD_LINK, message, hints[key])
            elif target.fragment and is_page(target.path):
                counts["anchors"] += 1
                if target.path in anchors:
                    check_anchor(page.path, reference, target)
                else:
                    waiting.append((page.path, reference, target))
    for path, reference, target in waiting:
        check_anchor(path, reference, target)
    links, linked, assets = counts["links"], counts["anchors"], counts["assets"]
    found = in_order(problems)
    return SiteReport(pages=len(anchors), links=links, anchors=linked, assets=assets, problems=found)


def _both_ways(names: Iterable[str]) -> tuple[Sequence[str], Sequence[str]]:
    """The names in order, and in the order of their ends (spelt backwards)."""
    ordered = sorted(names)
    return ordered, sorted(name[::-1] for name in ordered)


def _hint(wanted: str, names: tuple[Sequence[str], Sequence[str]], otherwise: str) -> str:
    """Names the nearest of those that stand beside the wanted name in either order. To compare all of
    them would take minutes where many links are dead."""
    forwards, backwards = names
    here, there = bisect_left(forwards, wanted), bisect_left(backwards, wanted[::-1])
    ends = (name[::-1] for name in backwards[max(there - 10, 0) : there + 10])
    return did_you_mean(wanted, (*forwards[max(here - 10, 0) : here + 10], *ends), otherwise=otherwise)
