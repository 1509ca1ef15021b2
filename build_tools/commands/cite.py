"""`wiki cite`."""

from __future__ import annotations

import argparse
import sys

from build_tools.commands import PROBLEMS, SOUND
from build_tools.commands.reporting import report
from build_tools.compiler import check_wiki
from build_tools.find import find_passages
from build_tools.load import load
from build_tools.prose import plain_text


def run(options: argparse.Namespace) -> int:
    """Prints the cites that a fragment or a described fact may mean."""
    checked = check_wiki(*load(options.root))
    if checked.wiki is None:
        return report(checked.problems, options)
    found = find_passages(checked.wiki, options.text)
    for item in found:
        gist = plain_text(item.passage.gist, checked.wiki.linked.names)
        print(f"cites: [{item.cite}]    {item.why}: {gist}")
    if not found:
        print("no passage has these words or looks alike", file=sys.stderr)
        return PROBLEMS
    return SOUND
