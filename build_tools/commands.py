"""The commands on a whole wiki: each takes the parsed arguments, prints, and returns the exit code."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence

from build_tools.cli import PROBLEMS, SOUND
from build_tools.compiler import check_wiki, compile_wiki
from build_tools.load import load
from build_tools.problems import Problem, has_errors
from build_tools.report import STYLES, summary


def report(problems: Sequence[Problem], options: argparse.Namespace) -> int:
    """Prints the problems and returns the exit code they mean."""
    style = getattr(options, "format", "text")
    if style == "json" and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    print(STYLES[style](problems), end="")
    if style != "json":
        print(summary(problems))
    failed = has_errors(problems) or (getattr(options, "strict", False) and bool(problems))
    return PROBLEMS if failed else SOUND


def check(options: argparse.Namespace) -> int:
    """Reports every problem of the records."""
    return report(check_wiki(*load(options.root)).problems, options)


def build(options: argparse.Namespace) -> int:
    """Compiles the pages, builds the site and checks it; all of it is put in place, or nothing."""
    from build_tools.site import build_site
    from build_tools.site_checks import SiteReport
    from build_tools.write import Busy, busy, cannot_write, put_tree, write_files, writing

    root = options.root.absolute()
    compiled = compile_wiki(*load(root))
    if has_errors(compiled.problems):
        code = report(compiled.problems, options)
        print("nothing was written", file=sys.stderr)
        return code
    reports: list[SiteReport] = []
    found: tuple[Problem, ...] = ()
    try:
        with writing(root / "build"):
            pages = root / "build" / "pages"
            put_tree(pages, write_files(compiled.files, pages))
            if not options.pages_only:
                found = put_tree(root / "build" / "site", build_site(root, reports))
    except Busy:
        found = (busy(root),)
    except OSError as error:
        found = (cannot_write(error, root),)
    code = report((*compiled.problems, *found), options)
    if not found and options.format == "text":
        print(f"build/pages: {len(compiled.files)} files")
        for site in reports:
            print(
                f"build/site: {site.pages} pages; {site.links} links, {site.anchors} anchors and "
                f"{site.assets} assets checked"
            )
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
        how = "has these words" if item.span else "looks alike"
        print(f"cites: [{item.cite}]    {how}: {plain_text(item.passage.gist, checked.wiki.linked.names)}")
    if not found:
        print("no passage has these words or looks alike", file=sys.stderr)
        return PROBLEMS
    return SOUND


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
