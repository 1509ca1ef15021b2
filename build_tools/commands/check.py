"""`wiki check`."""

from __future__ import annotations

import argparse

from build_tools.cache import FOLDER
from build_tools.commands.reporting import report
from build_tools.unchanged import Said, Unchanged


def run(options: argparse.Namespace) -> int:
    """Reports every problem of the records; those of before, if no file is another."""
    unchanged = Unchanged(options.root, options.root / FOLDER / "check")
    said = unchanged.said()
    if said is None:
        from build_tools.compiler import check_wiki  # not above: what is known needs no compiler
        from build_tools.last_run import go_on

        checked = go_on(options.root, lambda *sources: check_wiki(sources[0], sources[1], sources[2]))
        said = Said(problems=checked.problems, set_aside=checked.set_aside)
        unchanged.record(said)
    return report(said.problems, options, said.set_aside)
