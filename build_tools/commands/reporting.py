"""How commands tell problems, and the exit code that problems mean."""

from __future__ import annotations

import argparse
import contextlib
import functools
import io
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from build_tools.commands import PROBLEMS, SOUND
from build_tools.excerpt import lines_of
from build_tools.problems import Location, Problem, has_errors
from build_tools.progress import SILENT, Drawn, Progress
from build_tools.report import STYLES, on_terminal, summary, terminal


def report(problems: Sequence[Problem], options: argparse.Namespace, set_aside: int = 0) -> int:
    """Prints the problems and how many were set aside, and returns the exit code they mean.

    A terminal gets the lines that they are in as well; what is piped keeps two lines for each.
    """
    style = getattr(options, "format", "text")
    if style == "json" and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    if style == "text" and _is_terminal():
        print(as_text(problems, options.root), end="")
        told = f"; `wiki why {problems[0].code}` explains" if problems else ""
        print(summary(problems, set_aside) + told)
    else:
        print(STYLES[style](problems), end="")
        if style != "json":
            print(summary(problems, set_aside))
    failed = has_errors(problems) or (getattr(options, "strict", False) and bool(problems))
    return PROBLEMS if failed else SOUND


def as_text(problems: Sequence[Problem], root: Path) -> str:
    """The problems as text; for a terminal, with the lines that they are in."""
    if not _is_terminal():
        return terminal(problems)
    width = shutil.get_terminal_size().columns
    return on_terminal(problems, _Lines(root).at, width=width, colour=wants_colour())


@contextlib.contextmanager
def following(options: argparse.Namespace) -> Iterator[Progress]:
    """Meanwhile a terminal shows how far the command is; where nobody looks, nothing is written.

    Nobody does in CI, nor where a machine reads what is printed.
    """
    stream = sys.stderr
    watched = stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"
    if not watched or os.environ.get("CI") or options.format != "text":
        yield SILENT
        return
    drawn = Drawn(stream)
    try:
        yield drawn
    finally:
        drawn.end()


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def wants_colour() -> bool:
    """True on a terminal that has colours, unless NO_COLOR asks for none (no-color.org)."""
    return _is_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"


class _Lines:
    """The lines of the wiki's records, read when a problem is in them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.of = functools.cache(self._read)

    def at(self, place: Location) -> str | None:
        """The line of a place in a record; None if there is none to show."""
        lines = self.of(place.path)
        return lines[place.line - 1] if place.line <= len(lines) else None

    def _read(self, path: str) -> tuple[str, ...]:
        from build_tools.yaml_tree import MAX_FILE_BYTES  # not above: `wiki comment` runs without packages

        file = self.root / path
        inside = [self.root / part for part in (Path(path), *Path(path).parents)]
        if not path.endswith(".yml") or any(part.is_symlink() for part in inside if part != self.root):
            return ()
        try:
            with file.open("rb") as stream:
                data = stream.read(MAX_FILE_BYTES)
        except (OSError, ValueError):
            return ()
        return tuple(lines_of(data))
