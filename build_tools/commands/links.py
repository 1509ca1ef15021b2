"""`wiki links`."""

from __future__ import annotations

import argparse
import datetime
import sys
from collections.abc import Mapping
from pathlib import Path

from build_tools import external_links, outward
from build_tools.addresses import OutputFile
from build_tools.commands import SOUND
from build_tools.commands.reporting import report
from build_tools.compiler import check_wiki
from build_tools.external_links import PUBLIC, Manners
from build_tools.load import load
from build_tools.outward import Known
from build_tools.problems import Problem, has_errors
from build_tools.review import github
from build_tools.write import Busy, busy, cannot_write, put_tree, write_files, writing

CACHE = "known.json"


def run(options: argparse.Namespace, manners: Manners = PUBLIC, today: datetime.date | None = None) -> int:
    """Asks every external address that was not asked lately, and reports those that do not answer."""
    checked = check_wiki(*load(options.root))
    if checked.wiki is None or has_errors(checked.problems):
        return report(checked.problems, options)
    wiki, day = checked.wiki.linked, today or datetime.date.today()
    addresses = outward.external_addresses(wiki)
    cache = options.cache or options.root.absolute() / "build" / "links"
    try:
        with writing(cache):
            known = _ask_all(addresses, _read(cache / "known" / CACHE), cache, manners, day)
    except Busy:
        return report((busy(options.root),), options)
    except OSError as error:
        return report((cannot_write(error, options.root.absolute()),), options)
    found = outward.judge(wiki, addresses, known, day)
    if options.issue:
        return _put_issue(options, found, len(addresses))
    if options.format == "markdown":
        print(outward.issue(found, len(addresses)), end="")
    else:
        report(found, options)
    return SOUND


def _ask_all(
    addresses: Mapping[str, object],
    before: Mapping[str, Known],
    cache: Path,
    manners: Manners,
    today: datetime.date,
) -> dict[str, Known]:
    """What is known of every address now; kept, also when we are stopped on the way."""
    known = {url: before[url] for url in addresses if url in before}
    stale = [url for url in addresses if not outward.is_fresh(known.get(url), today)]
    try:
        for number, url in enumerate(stale, 1):
            if sys.stderr.isatty():
                print(f"\r{number} of {len(stale)} asked", end="", file=sys.stderr)
            answer = external_links.ask(url, manners)
            known[url] = outward.learned(known.get(url), answer.state, answer.detail, answer.to, today)
    finally:
        if stale and sys.stderr.isatty():
            print(file=sys.stderr)
        text = outward.cache_text(known).encode()
        put_tree(cache / "known", write_files([OutputFile(CACHE, text)], cache / "known"))
    return known


def _read(path: Path) -> dict[str, Known]:
    try:
        return outward.read_cache(path.read_bytes())
    except FileNotFoundError:
        return {}


def _put_issue(options: argparse.Namespace, found: tuple[Problem, ...], asked: int) -> int:
    try:
        if not found:
            closed = github.close_issue(options.issue, outward.MARKER, github.gh)
            print("nothing to look at" + (f"; issue {closed} is closed" if closed else ""))
            return SOUND
        body = outward.issue(found, asked)
        number, is_new = github.put_issue(options.issue, outward.TITLE, outward.MARKER, body, github.gh)
    except github.Refused as error:
        return report((github.refused(error),), options)
    print(f"issue {number} is {'opened' if is_new else 'up to date'}: {len(found)} to look at")
    return SOUND
