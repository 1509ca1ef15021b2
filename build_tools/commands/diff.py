"""`wiki diff`."""

from __future__ import annotations

import argparse
import io
import sys
from dataclasses import replace
from pathlib import Path

from build_tools.commands import SOUND
from build_tools.commands.reporting import report, wants_colour
from build_tools.difference.compare import compare
from build_tools.difference.data import as_json
from build_tools.difference.findings import Difference
from build_tools.difference.markdown import markdown
from build_tools.difference.sides import Side
from build_tools.difference.terminal import terminal
from build_tools.load import load
from build_tools.problems import Location, Problem
from build_tools.revision import load_revision

Found = tuple[Side | None, tuple[Problem, ...]]

_HERE = "the working tree"


def run(options: argparse.Namespace) -> int:
    """Prints what the change from one wiki to another means."""
    old, problems = _old(options)
    new, more = (None, ()) if old is None else _new(options)
    if old is None or new is None:
        return report((*problems, *more), argparse.Namespace(root=options.root))
    difference = compare(old, new)
    if isinstance(sys.stdout, io.TextIOWrapper) and options.format != "text":
        sys.stdout.reconfigure(encoding="utf-8")
    print(_shown(difference, options.format), end="")
    return SOUND


def _old(options: argparse.Namespace) -> Found:
    if options.against is not None:
        return _folder(options.against, str(options.against))
    return _revision(options.root, "HEAD" if options.old is None else options.old)


def _new(options: argparse.Namespace) -> Found:
    if options.new is not None:
        return _revision(options.root, options.new)
    return _folder(options.root, str(options.root) if options.against else _HERE)


def _folder(root: Path, name: str) -> Found:
    """The wiki in a folder; none if there is nothing of a wiki in it."""
    sources, problems = load(root)
    if sources.settings or sources.entities or sources.seeds:
        return Side(name=name, sources=sources, loading=problems), ()
    places = (replace(problem, at=Location((root / problem.at.path).as_posix())) for problem in problems)
    return None, tuple(replace(problem, hint="name the folder of a wiki") for problem in places)


def _revision(root: Path, name: str) -> Found:
    sources, problems = load_revision(root, name)
    if sources is None:
        return None, problems
    return Side(name=name, sources=sources, loading=problems), ()


def _shown(difference: Difference, style: str) -> str:
    if style == "markdown":
        return markdown(difference)
    if style == "json":
        return as_json(difference)
    return terminal(difference, colour=wants_colour())
