"""`wiki why`."""

from __future__ import annotations

import argparse
import sys

from build_tools.commands import SOUND, USAGE
from build_tools.explain import explanation, overview
from build_tools.problems import Code, did_you_mean


def run(options: argparse.Namespace) -> int:
    """Explains a problem, or lists all of them."""
    if options.code is None:
        print(overview(), end="")
        return SOUND
    wanted = options.code.strip("[]").lower()
    codes = {code.text: code for code in Code}
    if wanted not in codes:
        hint = did_you_mean(wanted, codes, otherwise="`wiki why` lists all")
        print(f"wiki why: error: there is no problem `{options.code}`: {hint}", file=sys.stderr)
        return USAGE
    print(explanation(codes[wanted]), end="")
    return SOUND
