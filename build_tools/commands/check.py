"""`wiki check`."""

from __future__ import annotations

import argparse

from build_tools.commands.reporting import report
from build_tools.compiler import check_wiki
from build_tools.load import load


def run(options: argparse.Namespace) -> int:
    """Reports every problem of the records."""
    checked = check_wiki(*load(options.root))
    return report(checked.problems, options, checked.set_aside)
