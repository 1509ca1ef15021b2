"""The commands on a whole wiki: each takes the parsed arguments, prints, and returns the exit code."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from build_tools.cli import PROBLEMS, SOUND
from build_tools.compiler import check_wiki, compile_wiki
from build_tools.load import load
from build_tools.problems import Code, Location, Problem, did_you_mean, has_errors
from build_tools.report import STYLES, summary
from build_tools.text import words
from build_tools.validate import Seed

if TYPE_CHECKING:
    from build_tools.coverage import PassageUse


def report(problems: Sequence[Problem], options: argparse.Namespace, set_aside: int = 0) -> int:
    """Prints the problems and how many were set aside, and returns the exit code they mean."""
    style = getattr(options, "format", "text")
    if style == "json" and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    print(STYLES[style](problems), end="")
    if style != "json":
        print(summary(problems, set_aside))
    failed = has_errors(problems) or (getattr(options, "strict", False) and bool(problems))
    return PROBLEMS if failed else SOUND


def check(options: argparse.Namespace) -> int:
    """Reports every problem of the records."""
    checked = check_wiki(*load(options.root))
    return report(checked.problems, options, checked.set_aside)


def build(options: argparse.Namespace) -> int:
    """Compiles the pages, builds the site and checks it; all of it is put in place, or nothing.

    A preview goes to a folder of its own, and leaves what the normal build made as it is.
    """
    from build_tools.addresses import OutputFile
    from build_tools.pages.changes import changed_claims
    from build_tools.pages.history import read_history
    from build_tools.pages.search_entries import search_entries
    from build_tools.site.checks import SiteReport
    from build_tools.site.generate import PREVIEW, build_preview, build_site, site_address
    from build_tools.site.vendor import vendored
    from build_tools.site.words import guard
    from build_tools.write import Busy, busy, cannot_write, put_tree, write_files, writing

    root = options.root.absolute()
    changes = changed_claims(read_history(root))
    site_url = "" if options.preview else site_address()
    compiled = compile_wiki(*load(root), changes=changes, site_url=site_url, preview=options.preview)
    if compiled.wiki is None or has_errors(compiled.problems):
        code = report(compiled.problems, options, compiled.set_aside)
        print("nothing was written", file=sys.stderr)
        return code
    reports: list[SiteReport] = []
    others: tuple[OutputFile, ...] = ()
    found: tuple[Problem, ...] = ()
    place = PREVIEW if options.preview else "build"
    try:
        with writing(root / place):
            pages = root / place / "pages"
            others, found = vendored(compiled.files, compiled.cards)
            if not found:
                put_tree(pages, write_files((*compiled.files, *others), pages))
            if not found and not options.pages_only:
                entries = search_entries(compiled.wiki)
                fill = (
                    build_preview(root, entries, reports)
                    if options.preview
                    else build_site(root, guard(compiled.wiki), entries, reports)
                )
                found = put_tree(root / place / "site", fill)
    except Busy:
        found = (busy(root),)
    except OSError as error:
        found = (cannot_write(error, root),)
    code = report((*compiled.problems, *found), options, compiled.set_aside)
    if not found and options.format == "text":
        print(f"{place}/pages: {len(compiled.files) + len(others)} files")
        for made in reports:
            print(
                f"{place}/site: {made.pages} pages; {made.links} links, {made.anchors} anchors and "
                f"{made.assets} assets checked"
            )
        if options.preview:
            shown = sum(bool(seed.texts) for seed in compiled.wiki.linked.seeds.values())
            print(f"for this machine alone: it shows the words of {shown} source{'' if shown == 1 else 's'}")
    return code


def cite(options: argparse.Namespace) -> int:
    """Prints the cites that a fragment or a described fact may mean."""
    from build_tools.find import find_passages
    from build_tools.prose import plain_text

    checked = check_wiki(*load(options.root))
    if checked.wiki is None:
        return report(checked.problems, options)
    found = find_passages(checked.wiki, options.text)
    for item in found:
        gist = plain_text(item.passage.gist, checked.wiki.linked.names)
        print(f"cites: [{item.cite}]    {item.why}: {gist}")
    if not found:
        print("no passage has these words or looks alike", file=sys.stderr)
        return PROBLEMS
    return SOUND


def cover(options: argparse.Namespace) -> int:
    """Prints what of the seeds is used, by passage; where a text is at hand, the words that are not."""
    from build_tools.coverage import coverage
    from build_tools.prose import plain_text

    checked = check_wiki(*load(options.root))
    if checked.wiki is None:
        return report(checked.problems, options)
    uses = [use for use in coverage(checked.wiki) if options.seed in (None, use.seed.id)]
    if options.seed is not None and not uses:
        held = [seed.id for seed in checked.wiki.linked.seeds.values() if seed.seal is not None]
        hint = did_you_mean(options.seed, held, otherwise=f"the seeds held are {', '.join(held) or 'none'}")
        message = f"there is no sealed seed `{options.seed}`"
        return report((Problem(Location("SEED"), Code.UNKNOWN_SEED, message, hint),), options)
    for use in uses:
        print(
            f"{use.seed.id}: {use.used} of {len(use.passages)} passages used; {use.words_pinned} of "
            f"{use.words} words pinned by cites, {use.words_free} cited by nothing"
        )
        for passage in use.passages:
            print(f"  {passage.passage.id}: {_use(passage)}")
            if passage.passage.unused is not None:
                print(f"      unused: {plain_text(passage.passage.unused, checked.wiki.linked.names)}")
            if passage.unstated:
                print(f"      not stated: {', '.join(passage.unstated)}")
            if passage.statements and passage.free:
                print(f"      cited by nothing: words {_free(use.seed, passage)}")
    return SOUND


def _use(use: PassageUse) -> str:
    if not use.statements:
        return f"{use.words} words, nothing rests on it"
    how = "cited as a whole" if use.whole else f"{use.words_pinned} of {use.words} words pinned"
    return f"{use.statements} statement{'' if use.statements == 1 else 's'}, {how}"


def _free(seed: Seed, use: PassageUse) -> str:
    """The runs of words that nothing cites, with the words where the text is at hand."""
    there = words(seed.texts.get(use.passage.id, ""))
    shown = []
    for first, last in use.free:
        said = " ".join(word.written for word in there[first - 1 : last])
        shown.append(f"{first}-{last}" + (f" ({said})" if said else ""))
    return ", ".join(shown)


def schema(options: argparse.Namespace) -> int:
    """Writes the JSON Schemas of the records."""
    from build_tools.addresses import OutputFile
    from build_tools.schema import schema_texts
    from build_tools.write import cannot_write, put_tree, write_files

    folder = options.root.resolve() / "schema"
    files = [OutputFile(name, text.encode()) for name, text in schema_texts().items()]
    try:
        put_tree(folder, write_files(files, folder))
    except OSError as error:
        return report((cannot_write(error, options.root.resolve()),), options)
    print(f"schema: {len(files)} files")
    return SOUND
