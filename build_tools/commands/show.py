"""`wiki show`."""

from __future__ import annotations

import argparse
import os
import shutil
import sys

from build_tools.commands import SOUND
from build_tools.commands.reporting import report
from build_tools.compiler import read_wiki
from build_tools.load import load
from build_tools.problems import Severity
from build_tools.report import summary
from build_tools.terminal_page import laid_out, page_of


def run(options: argparse.Namespace) -> int:
    """Prints the page of what is asked for; of a wiki with problems, what is sound of it."""
    wiki, found = read_wiki(*load(options.root))
    if wiki is None:
        return report(found, options)
    lines, problems = page_of(wiki, options.id)
    if problems:
        return report(problems, options)
    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal or "COLUMNS" in os.environ else None
    print(laid_out(lines, width=width, bold=terminal and not os.environ.get("NO_COLOR")), end="")
    errors = [problem for problem in found if problem.severity is Severity.ERROR]
    if errors:
        print(f"the wiki has {summary(errors)}: see `wiki check`", file=sys.stderr)
    return SOUND
