"""`wiki todo`."""

from __future__ import annotations

import argparse
import io
import sys

from build_tools.amounts import amount
from build_tools.commands import SOUND
from build_tools.commands.reporting import report
from build_tools.compiler import check_wiki
from build_tools.load import load
from build_tools.todo import as_json, as_text, todo


def run(options: argparse.Namespace) -> int:
    """Prints what is left to do; that there is something is no fault."""
    checked = check_wiki(*load(options.root))
    if checked.wiki is None:
        return report(checked.problems, options)
    tasks = todo(checked.wiki, checked.problems)
    if options.format == "json":
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        print(as_json(tasks), end="")
        return SOUND
    print(as_text(tasks), end="")
    print(f"{amount(len(tasks), 'thing')} to do" if tasks else "nothing to do")
    return SOUND
