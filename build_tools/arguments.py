"""The grammar of the command line: what each command takes. What a command needs is not imported here."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import build_tools

if TYPE_CHECKING:
    from build_tools.values import LineSpan

    _Commands = argparse._SubParsersAction["_Parser"]

_EXAMPLES = """\
examples:
  wiki check                                  what is wrong, with file, line and column, and how to mend it
  wiki why unsourced                          what the problem of that name means, with an example
  wiki build                                  compile the pages, build the site, check the site
  wiki serve                                  the site in the browser, following what you save
  wiki cite "the ferry runs once a day"       the passage that says it, as a cite to paste
  wiki seed add article.txt --id times-2025   a new source: record, passages and seal from a captured file
"""


class _Layout(argparse.HelpFormatter):
    """Keeps the lines of an example as they are, and fills those of a description."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        if text.startswith("example:"):
            return text
        return super()._fill_text(text, width, indent)


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


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line; `run` of what it returns names the module and function to run."""
    root = _Parser(
        prog="wiki",
        description="Compiles records of entities and sources into a wiki whose every claim is cited.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    root.add_argument("--version", action="version", version=f"wiki {build_tools.__version__}")
    root.add_argument(
        "--root", type=Path, default=Path(), metavar="DIR", help="the wiki's folder (default: here)"
    )
    commands = root.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_Parser)
    for add in (
        _check,
        _why,
        _new,
        _fmt,
        _rename,
        _build,
        _serve,
        _cite,
        _show,
        _todo,
        _coverage,
        _diff,
        _schema,
        _seed,
        _review,
        _comment,
        _links,
        _digest,
    ):
        add(commands)
    return root


def _command(
    commands: _Commands, name: str, run: str, *, short: str, example: str, long: str = ""
) -> _Parser:
    """A command whose help begins with what it does and ends with an example."""
    command = commands.add_parser(
        name,
        help=short,
        description=long or f"{short[:1].upper()}{short[1:]}.",
        epilog=f"example:\n  {example}\n",
        formatter_class=_Layout,
    )
    command.set_defaults(run=run)
    return command


def _check(commands: _Commands) -> None:
    command = _command(
        commands,
        "check",
        "check.run",
        short="check all records against each other and their sources",
        example="wiki check --strict",
    )
    _reporting(command)
    _profiling(command)


def _why(commands: _Commands) -> None:
    command = _command(
        commands,
        "why",
        "why.run",
        short="what a problem means, with a bad and a good example",
        example="wiki why quote-not-found",
    )
    command.add_argument(
        "code",
        nargs="?",
        metavar="CODE",
        help="the word in brackets that `wiki check` prints (default: list all)",
    )


def _build(commands: _Commands) -> None:
    command = _command(
        commands,
        "build",
        "build.run",
        short="compile the pages, build the site and check it",
        example="wiki build",
    )
    _reporting(command)
    _profiling(command)
    command.add_argument("--pages-only", action="store_true", help="write the pages and stop there")
    command.add_argument(
        "--preview",
        action="store_true",
        help="write build/preview instead, for this machine alone: with the words of the texts attached here",
    )


def _serve(commands: _Commands) -> None:
    command = _command(
        commands,
        "serve",
        "serve.run",
        short="show the site in the browser, and follow what is saved",
        long="Makes the site and serves it to this machine alone, until Ctrl-C. At every save the pages that "
        "changed are made anew and refreshed in the browser; while the records have an error, the browser "
        "shows it over the pages as they were before.",
        example="wiki serve --port 8001",
    )
    command.add_argument(
        "--port", type=_port, default=8000, help="the port, or else the next that is free (default: 8000)"
    )
    command.add_argument("--preview", action="store_true", help="show the words of texts attached here, too")


def _new(commands: _Commands) -> None:
    command = _command(
        commands,
        "new",
        "new.run",
        short="begin an entity: a file with every key explained, to be filled in",
        example='wiki new person "Ada Brook"',
    )
    command.add_argument("kind", metavar="KIND", help="what it is: a kind of wiki.yml, such as person")
    command.add_argument("name", metavar="NAME", help="the name it goes by on the site, in any script")
    command.add_argument("--id", help="its id (default: made from the name)")


def _fmt(commands: _Commands) -> None:
    command = _command(
        commands,
        "fmt",
        "fmt.run",
        short="put records in order: their keys, their layout, one sentence a line",
        long="Puts records in their canonical layout; what they say and their comments stay as they are. "
        "Exits with 1 if a record cannot be read or, with --check or --diff, if one is not in order.",
        example="wiki fmt entities/people/ada-brook.yml",
    )
    command.add_argument(
        "files", nargs="*", type=Path, metavar="FILE", help="records, or folders of them (default: all)"
    )
    command.add_argument("--check", action="store_true", help="write nothing, name the files not in order")
    command.add_argument("--diff", action="store_true", help="write nothing, show what would be changed")


def _rename(commands: _Commands) -> None:
    command = _command(
        commands,
        "rename",
        "rename.run",
        short="change the id of an entity, seed, claim or quote wherever it stands",
        long="Changes an id in every record and page that has it, and moves the files that are named for it. "
        "The old id is kept under `formerly`, so that its address leads to the new one.",
        example="wiki rename longholm long-holm\n  wiki rename longholm#ferry-daily longholm#one-ferry-a-day",
    )
    command.add_argument("old", metavar="OLD", help="an entity, a seed, or `entity#claim`")
    command.add_argument("new", metavar="NEW", help="its new id")


def _cite(commands: _Commands) -> None:
    command = _command(
        commands,
        "cite",
        "cite.run",
        short="find the passage for a fragment or a fact, as a cite to paste",
        example='wiki cite "the ferry runs once a day"',
    )
    command.add_argument("text", metavar="TEXT", help="words of the source, or a few words of what it says")


def _show(commands: _Commands) -> None:
    command = _command(
        commands,
        "show",
        "show.run",
        short="show an entity, a source, a claim or a passage in the terminal",
        long="Shows what the wiki has: an entity with its claims, cites and relations, a source with its "
        "passages and what rests on them, or one claim or passage of them.",
        example="wiki show longholm; wiki show longholm#ferry-daily; wiki show times-2025#p3",
    )
    command.add_argument(
        "id", metavar="ID", help="an id or name of an entity or source; entity#claim; source#p3"
    )


def _todo(commands: _Commands) -> None:
    command = _command(
        commands,
        "todo",
        "todo.run",
        short="list what is left to do, with its place and the next step",
        long="Lists passages that nothing rests on, gists and summaries that are missing, cites that are not "
        "checked, open questions without a preference, and what `wiki check` reports.",
        example="wiki todo",
    )
    command.add_argument(
        "--format", choices=("text", "json"), default="text", help="how the list is printed (default: text)"
    )


def _coverage(commands: _Commands) -> None:
    command = _command(
        commands,
        "coverage",
        "coverage.run",
        short="what of the sources no claim uses, and why",
        example="wiki coverage times-2025",
    )
    command.add_argument("seed", nargs="?", metavar="SEED", help="the id of one seed (default: all)")


def _diff(commands: _Commands) -> None:
    command = _command(
        commands,
        "diff",
        "diff.run",
        short="say what a change means: to claims, evidence, pages and problems",
        long="Compares the wiki at a commit with the files here, whatever is committed of them, or with "
        "another commit. Renames and moves are told of as such.",
        example="wiki diff main",
    )
    old = command.add_mutually_exclusive_group()
    old.add_argument("old", nargs="?", metavar="REV", help="the commit to compare with (default: HEAD)")
    old.add_argument(
        "--against",
        type=Path,
        metavar="DIR",
        help="compare with the wiki in another folder; git is not asked",
    )
    command.add_argument(
        "new", nargs="?", metavar="REV2", help="the commit to compare (default: the files here)"
    )
    command.add_argument(
        "--format",
        choices=("text", "markdown", "json"),
        default="text",
        help="how it is printed; Markdown is bounded, and safe to post as a comment (default: text)",
    )


def _schema(commands: _Commands) -> None:
    command = _command(
        commands,
        "schema",
        "schema.run",
        short="write the schemas with which an editor completes and checks records",
        long="Writes schema/, which says what records may hold; with --live, .schema/, which has this wiki's "
        "own ids besides, so that an editor offers entities by name and passages with their gists.",
        example="wiki schema --live",
    )
    command.add_argument("--live", action="store_true", help="write .schema/, for this machine alone")


def _seed(commands: _Commands) -> None:
    seed = _command(
        commands,
        "seed",
        "",
        short="add a source, attach its text, compare the two, renew it",
        example="wiki seed add article.txt --id times-2025",
    )
    seeds = seed.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_Parser)
    add = _command(
        seeds,
        "add",
        "seed.add",
        short="make a seed's record, passages and seal from a captured file",
        example="wiki seed add article.txt --id times-2025 --leave-out 3-5",
    )
    add.add_argument("file", type=Path, metavar="FILE", help="the article as plain text or Markdown, UTF-8")
    add.add_argument("--id", required=True, help="the seed's id, such as times-2025")
    _cutting(add)
    attach = _command(
        seeds,
        "attach",
        "seed.attach",
        short="keep a sealed seed's text on this machine, outside git",
        example="wiki seed attach article.txt --id times-2025",
    )
    attach.add_argument("file", type=Path, metavar="FILE", help="the captured file that was sealed")
    attach.add_argument("--id", required=True, help="the seed's id")
    renew = _command(
        seeds,
        "renew",
        "seed.renew",
        short="compare an article that was captured again with its seal, and carry the cites over",
        long="Says what became of each passage, and which cites need a person's eye. Changes nothing "
        "without --write; exits with 1 if a passage changed and it was not written.",
        example="wiki seed renew article.txt --id times-2025 --write",
    )
    renew.add_argument("file", type=Path, metavar="FILE", help="the article as it was captured this time")
    renew.add_argument("--id", required=True, help="the seed's id")
    _cutting(renew, otherwise="; if not given, as the seed's record says")
    renew.add_argument("--write", action="store_true", help="renew the seed, and every file that cites it")
    _command(
        seeds,
        "verify",
        "seed.verify",
        short="compare every attached text with its seal",
        example="wiki seed verify",
    )


def _review(commands: _Commands) -> None:
    command = _command(
        commands,
        "review",
        "review.run",
        short="judge a change as the check of a pull request does",
        long="Compares the commit checked out here with that of another clone, the base. Says what of the "
        "change is refused, unread, for what it touches; else, which problems it adds to the records. "
        "Leaves a report, and the base with the change's records over it, ready for `wiki build`. "
        "Exits with 1 for anything refused and any problem added, warnings too.",
        example="wiki --root my-clone review --base fresh-clone",
    )
    command.add_argument(
        "--base", type=Path, required=True, metavar="DIR", help="a clone at the base's commit"
    )
    command.add_argument(
        "--out", type=Path, metavar="DIR", help="where the report and the wiki go (default: build/review)"
    )
    command.add_argument(
        "--inside",
        action="store_true",
        help="the change is of somebody who may write to the repository: workflows and seals may change",
    )
    command.add_argument(
        "--format",
        choices=("text", "github", "json"),
        default="text",
        help="how problems are printed (default: text)",
    )
    command.add_argument(
        "--outputs",
        type=Path,
        metavar="FILE",
        help="add `refused=`, `code=` and `buildable=` for a workflow's next steps",
    )


def _comment(commands: _Commands) -> None:
    command = _command(
        commands,
        "comment",
        "comment.run",
        short="print the report of a review as the comment on its pull request",
        long="Reads the report of `wiki review`, or a zip archive with one, as a stranger's: nothing but the "
        "documented form and size is taken. With --event, the report of that run is fetched, and the "
        "comment on its pull request written or brought up to date, by the program `gh`.",
        example="wiki comment build/review/report/review.json",
    )
    source = command.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "report", nargs="?", type=Path, metavar="FILE", help="the report, or an archive of it"
    )
    source.add_argument(
        "--event", type=Path, metavar="FILE", help="the event of GitHub that says which run has ended"
    )


def _links(commands: _Commands) -> None:
    command = _command(
        commands,
        "links",
        "links.run",
        short="ask every external address of the wiki whether it still answers",
        long="Asks the addresses of sources, of entities in databases and of pages written by hand, one at a "
        "time. Answers are kept in a cache for six days. What links.yml excepts is not reported. "
        "All of it are warnings: the exit code is 0.",
        example="wiki links --format markdown",
    )
    command.add_argument(
        "--cache", type=Path, metavar="FILE", help="what was answered before (default: build/links.json)"
    )
    command.add_argument(
        "--format", choices=("text", "markdown"), default="text", help="how it is told (default: text)"
    )
    command.add_argument(
        "--issue",
        metavar="OWNER/NAME",
        help="open or update one issue of that repository, by the program `gh`",
    )


def _digest(commands: _Commands) -> None:
    command = _command(
        commands,
        "digest",
        "digest.run",
        short="print the digest of the built site, which is the same wherever equal records are built",
        example="wiki digest --list > site.sha256",
    )
    command.add_argument(
        "--list", action="store_true", help="print the SHA-256 of every file, as sha256sum does and checks"
    )


def _reporting(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--format",
        choices=("text", "github", "json"),
        default="text",
        help="how problems are printed (default: text)",
    )
    parser.add_argument("--strict", action="store_true", help="exit with 1 for warnings too")


def _profiling(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--profile",
        type=_written,
        metavar="FILE",
        help="write where the time went, in all processes; read it with `python -m pstats FILE`",
    )


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


def _written(text: str) -> Path:
    """A file that can be written: that is found out before the work, not after it."""
    try:
        Path(text).open("wb").close()
    except OSError as error:
        raise argparse.ArgumentTypeError(f"{text} cannot be written: {error.strerror}") from None
    return Path(text)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError(f"`{text}` is no port; ports are numbers from 1 to 65535")
    return int(text)


def _lines(text: str) -> LineSpan:
    from build_tools.problems import Location
    from build_tools.values import Complaint, LineSpan

    span = LineSpan.read(text, Location("--leave-out"))
    if isinstance(span, Complaint):
        raise argparse.ArgumentTypeError(f"{span.message}; {span.hint}")
    return span
