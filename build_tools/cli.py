"""The command line: arguments in, text and an exit code out. 0 sound, 1 problems, 2 wrong usage."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import build_tools

if TYPE_CHECKING:
    from build_tools.problems import Problem
    from build_tools.values import LineSpan

SOUND, PROBLEMS, USAGE = 0, 1, 2

_EXAMPLES = """\
examples:
  wiki check                                  what is wrong, with file, line and column, and how to mend it
  wiki build                                  compile the pages, build the site, check the site
  wiki cite "the ferry runs once a day"       the passage that says it, as a cite to paste
  wiki seed add article.txt --id times-2025   a new source: record, passages and seal from a captured file
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; no traceback for anything a user can cause."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a letter that the terminal lacks is no reason to stop
            stream.reconfigure(errors="backslashreplace")
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        code: int = options.run(options)
        if sys.stdout is not None:  # none, if it was closed
            sys.stdout.flush()
    except KeyboardInterrupt:
        print("stopped; what was built before is as it was", file=sys.stderr)
        return 130
    except OSError as error:  # our output has nowhere to go: a full disk, or `wiki check | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            print(f"wiki: {error}", file=sys.stderr)
        return PROBLEMS
    return code


class _Parser(argparse.ArgumentParser):
    """Names the nearest command for a misspelt one."""

    def error(self, message: str) -> NoReturn:
        import re

        from build_tools.problems import nearest

        match = re.search(r"invalid choice: '([^']*)' \(choose from (.*)\)", message)
        if match:
            choices = re.findall(r"[\w-]+", match[2])
            near = nearest(match[1], choices)
            meant = f"did you mean `{near}`?" if near else f"there are {', '.join(choices)}"
            message = f"there is no `{match[1]}`: {meant}"
        super().error(message)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="wiki",
        description="Compiles records of entities and sources into a wiki whose every claim is cited.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"wiki {build_tools.__version__}")
    parser.add_argument(
        "--root", type=Path, default=Path(), metavar="DIR", help="the wiki's folder (default: here)"
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_Parser)

    check = commands.add_parser("check", help="check all records against each other and their sources")
    _reporting(check)
    check.set_defaults(run=_check)

    build = commands.add_parser("build", help="compile the pages, build the site and check it")
    _reporting(build)
    build.add_argument("--pages-only", action="store_true", help="write build/pages and stop there")
    build.set_defaults(run=_build)

    cite = commands.add_parser("cite", help="find the passage for a fragment or a fact, as a cite to paste")
    cite.add_argument("text", metavar="TEXT", help="words of the source, or a few words of what it says")
    cite.set_defaults(run=_cite)

    schema = commands.add_parser("schema", help="write schema/, for editors to complete and check records")
    schema.set_defaults(run=_schema)

    seed = commands.add_parser("seed", help="add a source, attach its text, compare the two")
    seeds = seed.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_Parser)
    add = seeds.add_parser("add", help="make a seed's record, passages and seal from a captured file")
    add.add_argument("file", type=Path, metavar="FILE", help="the article as plain text or Markdown, UTF-8")
    add.add_argument("--id", required=True, help="the seed's id, such as times-2025")
    add.add_argument(
        "--leave-out",
        type=_lines,
        action="append",
        default=[],
        metavar="LINES",
        help="lines that are no part of the article, such as 3 or 3-5; may be repeated",
    )
    add.add_argument(
        "--keep",
        type=_lines,
        action="append",
        default=[],
        metavar="LINES",
        help="lines that are part of it although they look like page furniture",
    )
    add.set_defaults(run=_seed_add)
    attach = seeds.add_parser("attach", help="keep a sealed seed's text on this machine, outside git")
    attach.add_argument("file", type=Path, metavar="FILE", help="the captured file that was sealed")
    attach.add_argument("--id", required=True, help="the seed's id")
    attach.set_defaults(run=_seed_attach)
    verify = seeds.add_parser("verify", help="compare every attached text with its seal")
    verify.set_defaults(run=_seed_verify)
    return parser


def _reporting(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        choices=("text", "github", "json"),
        default="text",
        help="how problems are printed (default: text)",
    )
    parser.add_argument("--strict", action="store_true", help="exit with 1 for warnings too")


def _lines(text: str) -> LineSpan:
    from build_tools.problems import Location
    from build_tools.values import Complaint, LineSpan

    span = LineSpan.read(text, Location("--leave-out"))
    if isinstance(span, Complaint):
        raise argparse.ArgumentTypeError(f"{span.message}; {span.hint}")
    return span


def _report(problems: Sequence[Problem], options: argparse.Namespace) -> int:
    """Prints the problems and returns the exit code they mean."""
    from build_tools.problems import has_errors
    from build_tools.report import STYLES, summary

    style = getattr(options, "format", "text")
    if style == "json" and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    print(STYLES[style](problems), end="")
    if style != "json":
        print(summary(problems))
    failed = has_errors(problems) or (getattr(options, "strict", False) and bool(problems))
    return PROBLEMS if failed else SOUND


def _check(options: argparse.Namespace) -> int:
    from build_tools.compiler import compile_wiki
    from build_tools.load import load

    return _report(compile_wiki(*load(options.root)).problems, options)


def _build(options: argparse.Namespace) -> int:
    from build_tools.compiler import compile_wiki
    from build_tools.load import load
    from build_tools.problems import has_errors
    from build_tools.site import build_site
    from build_tools.site_checks import SiteReport
    from build_tools.write import Busy, busy, cannot_write, put_tree, write_files, writing

    root = options.root.absolute()
    compiled = compile_wiki(*load(root))
    if has_errors(compiled.problems):
        code = _report(compiled.problems, options)
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
    code = _report((*compiled.problems, *found), options)
    if not found and options.format == "text":
        print(f"build/pages: {len(compiled.files)} files")
        for report in reports:
            print(
                f"build/site: {report.pages} pages; {report.links} links, {report.anchors} anchors and "
                f"{report.assets} assets checked"
            )
    return code


def _cite(options: argparse.Namespace) -> int:
    from build_tools.compiler import check_wiki
    from build_tools.find import find_passages
    from build_tools.load import load
    from build_tools.prose import plain_text

    checked = check_wiki(*load(options.root))
    if checked.wiki is None:
        return _report(checked.problems, options)
    found = find_passages(checked.wiki, options.text)
    for item in found:
        how = "has these words" if item.span else "looks alike"
        print(f"cites: [{item.cite}]    {how}: {plain_text(item.passage.gist, checked.wiki.linked.names)}")
    if not found:
        print("no passage has these words or looks alike", file=sys.stderr)
        return PROBLEMS
    return SOUND


def _schema(options: argparse.Namespace) -> int:
    from build_tools.render import OutputFile
    from build_tools.schema import schema_texts
    from build_tools.write import cannot_write, put_tree, write_files

    folder = options.root.resolve() / "schema"
    files = [OutputFile(name, text.encode()) for name, text in schema_texts().items()]
    try:
        put_tree(folder, write_files(files, folder))
    except OSError as error:
        return _report((cannot_write(error, options.root.resolve()),), options)
    print(f"schema: {len(files)} files")
    return SOUND


def _seed_add(options: argparse.Namespace) -> int:
    from build_tools.load import SETTINGS, load
    from build_tools.seeds import new_seed, put_seed, read_capture
    from build_tools.write import cannot_write

    no_wiki = [problem for problem in load(options.root)[1] if problem.at.path == SETTINGS]
    if no_wiki:
        return _report(no_wiki, options)
    captured, problems = read_capture(options.file)
    if captured is None:
        return _report(problems, options)
    files, capture, problems = new_seed(
        options.id, options.file, captured, tuple(options.leave_out), tuple(options.keep)
    )
    if not problems:
        try:
            problems = put_seed(options.root, options.id, files, options.file)
        except OSError as error:
            problems = (cannot_write(error, options.root),)
    if problems:
        return _report(problems, options)
    for left in capture.left_out:
        print(f"left out, line {left.lines} ({left.reason}): {left.text[:60]}")
    for passage in capture.passages:
        kind = " (heading)" if passage.heading else ""
        print(f"{passage.id}, line {passage.lines}{kind}: {passage.text[:60]}")
    print(
        f"seeds/{options.id}: {len(capture.passages)} passages sealed, the text attached on this machine only"
    )
    print("Now fill in seed.yml and the gists in passages.yml; `wiki check` says what is missing.")
    return SOUND


def _seed_attach(options: argparse.Namespace) -> int:
    from build_tools.load import load
    from build_tools.seeds import compare, put_text, read_capture
    from build_tools.write import cannot_write

    captured, problems = read_capture(options.file)
    if captured is None:
        return _report(problems, options)
    count, problems = compare(load(options.root)[0], options.id, options.file, captured)
    if not problems:
        try:
            put_text(options.root, options.id, options.file)
        except OSError as error:
            problems = (cannot_write(error, options.root),)
    if problems:
        return _report(problems, options)
    print(f"{options.id}: all {count} passages are as sealed; the text is attached on this machine only")
    return SOUND


def _seed_verify(options: argparse.Namespace) -> int:
    from build_tools.compiler import check_wiki
    from build_tools.load import load
    from build_tools.problems import Code

    checked = check_wiki(*load(options.root))
    if checked.wiki is None:
        return _report(checked.problems, options)
    about_seals = [p for p in checked.problems if p.code in (Code.SEAL_MISMATCH, Code.BAD_SEAL)]
    for seed in checked.wiki.linked.seeds.values():
        if not seed.record.held:
            print(f"{seed.id}: not held")
        elif seed.texts:
            print(f"{seed.id}: {len(seed.texts)} passages of the attached text are as sealed")
        else:
            print(f"{seed.id}: sealed, no text attached")
    return _report(about_seals, options)
