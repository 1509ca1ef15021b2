"""The command line: arguments in, text and an exit code out. 0 sound, 1 problems, 2 wrong usage."""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import build_tools

if TYPE_CHECKING:
    from build_tools.values import LineSpan

SOUND, PROBLEMS = 0, 1

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
        # Imported only now: `--help` and a typing mistake should not wait for what they do not need.
        module, _, name = options.run.partition(".")
        code: int = getattr(importlib.import_module(f"build_tools.{module}"), name)(options)
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
    check.set_defaults(run="commands.check")

    build = commands.add_parser("build", help="compile the pages, build the site and check it")
    _reporting(build)
    build.add_argument("--pages-only", action="store_true", help="write the pages and stop there")
    build.add_argument(
        "--preview",
        action="store_true",
        help="write build/preview instead, for this machine alone: with the words of the texts attached here",
    )
    build.set_defaults(run="commands.build")

    cite = commands.add_parser("cite", help="find the passage for a fragment or a fact, as a cite to paste")
    cite.add_argument("text", metavar="TEXT", help="words of the source, or a few words of what it says")
    cite.set_defaults(run="commands.cite")

    cover = commands.add_parser("coverage", help="what of the sources no claim uses, and why")
    cover.add_argument("seed", nargs="?", metavar="SEED", help="the id of one seed (default: all)")
    cover.set_defaults(run="commands.cover")

    schema = commands.add_parser("schema", help="write schema/, for editors to complete and check records")
    schema.set_defaults(run="commands.schema")

    seed = commands.add_parser("seed", help="add a source, attach its text, compare the two, renew it")
    seeds = seed.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_Parser)
    add = seeds.add_parser("add", help="make a seed's record, passages and seal from a captured file")
    add.add_argument("file", type=Path, metavar="FILE", help="the article as plain text or Markdown, UTF-8")
    add.add_argument("--id", required=True, help="the seed's id, such as times-2025")
    _cutting(add)
    add.set_defaults(run="seed_commands.add")
    attach = seeds.add_parser("attach", help="keep a sealed seed's text on this machine, outside git")
    attach.add_argument("file", type=Path, metavar="FILE", help="the captured file that was sealed")
    attach.add_argument("--id", required=True, help="the seed's id")
    attach.set_defaults(run="seed_commands.attach")
    renew = seeds.add_parser(
        "renew",
        help="compare an article that was captured again with its seal, and carry the cites over",
        description="Says what became of each passage, and which cites need a person's eye. Changes nothing "
        "without --write; exits with 1 if a passage changed and it was not written.",
    )
    renew.add_argument("file", type=Path, metavar="FILE", help="the article as it was captured this time")
    renew.add_argument("--id", required=True, help="the seed's id")
    _cutting(renew, otherwise="; if not given, as the seed's record says")
    renew.add_argument("--write", action="store_true", help="renew the seed, and every file that cites it")
    renew.set_defaults(run="seed_commands.renew")
    verify = seeds.add_parser("verify", help="compare every attached text with its seal")
    verify.set_defaults(run="seed_commands.verify")
    return parser


def _reporting(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        choices=("text", "github", "json"),
        default="text",
        help="how problems are printed (default: text)",
    )
    parser.add_argument("--strict", action="store_true", help="exit with 1 for warnings too")


def _cutting(parser: argparse.ArgumentParser, otherwise: str = "") -> None:
    parser.add_argument(
        "--leave-out",
        type=_lines,
        action="append",
        default=[],
        metavar="LINES",
        help=f"lines that are no part of the article, such as 3 or 3-5; may be repeated{otherwise}",
    )
    parser.add_argument(
        "--keep",
        type=_lines,
        action="append",
        default=[],
        metavar="LINES",
        help=f"lines that are part of it although they look like page furniture{otherwise}",
    )


def _lines(text: str) -> LineSpan:
    from build_tools.problems import Location
    from build_tools.values import Complaint, LineSpan

    span = LineSpan.read(text, Location("--leave-out"))
    if isinstance(span, Complaint):
        raise argparse.ArgumentTypeError(f"{span.message}; {span.hint}")
    return span
