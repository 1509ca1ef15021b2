"""`wiki build`."""

from __future__ import annotations

import argparse
import sys

from build_tools.addresses import OutputFile
from build_tools.commands.reporting import report
from build_tools.compiler import compile_wiki
from build_tools.load import load
from build_tools.pages.changes import changed_claims
from build_tools.pages.history import read_history
from build_tools.problems import Problem, has_errors
from build_tools.site.generate import (
    BUILD,
    CACHE,
    PREVIEW,
    Built,
    build_preview,
    build_site,
    site_address,
)
from build_tools.site.new_site import material
from build_tools.site.pages_folder import put_pages
from build_tools.site.vendor import vendored
from build_tools.write import Busy, busy, cannot_write, writing


def run(options: argparse.Namespace) -> int:
    """Compiles the pages, builds the site and checks it; all of it is put in place, or nothing.

    A preview goes to a folder of its own, and leaves what the normal build made as it is.
    """
    root = options.root.absolute()
    changes = changed_claims(read_history(root))
    site_url = "" if options.preview else site_address()
    compiled = compile_wiki(*load(root), changes=changes, site_url=site_url, preview=options.preview)
    if compiled.wiki is None or has_errors(compiled.problems):
        code = report(compiled.problems, options, compiled.set_aside)
        print("nothing was written", file=sys.stderr)
        return code
    built = Built(report=None)
    others: tuple[OutputFile, ...] = ()
    found: tuple[Problem, ...] = ()
    place = PREVIEW if options.preview else BUILD
    try:
        with writing(root / place):
            pages = root / place / "pages"
            others, found = vendored(compiled.files, compiled.cards)
            if not found:
                laid = put_pages(pages, (*compiled.files, *others), root / place / CACHE / "pages")
            if not found and not options.pages_only:
                made_of = material(compiled.wiki)
                built = (build_preview if options.preview else build_site)(root, laid, made_of)
                found = built.problems
    except Busy:
        found = (busy(root),)
    except OSError as error:
        found = (cannot_write(error, root),)
    code = report((*compiled.problems, *found), options, compiled.set_aside)
    if not found and options.format == "text":
        print(f"{place}/pages: {len(compiled.files) + len(others)} files")
        if (made := built.report) is not None:
            print(
                f"{place}/site: {made.pages} pages; {made.links} links, {made.anchors} anchors and "
                f"{made.assets} assets checked"
            )
        if options.preview:
            shown = sum(bool(seed.texts) for seed in compiled.wiki.linked.seeds.values())
            print(f"for this machine alone: it shows the words of {shown} source{'' if shown == 1 else 's'}")
    return code
