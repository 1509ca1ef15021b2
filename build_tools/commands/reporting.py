"""How commands tell problems, and the exit code that problems mean."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Sequence

from build_tools.commands import PROBLEMS, SOUND
from build_tools.problems import Problem, has_errors
from build_tools.report import STYLES, summary


def report(problems: Sequence[Problem], options: argparse.Namespace, set_aside: int = 0) -> int:
    """Prints the problems and how many were set aside, and returns the exit code they mean."""
    style = getattr(options, "format", "text")
    if style == "json" and isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    print(STYLES[style](problems), end="")
    if style != "json":
        print(summary(problems, set_aside))
    failed = has_errors(problems) or (getattr(options, "strict", False) and bool(problems))
    return PROBLEMS if failed else SOUND
