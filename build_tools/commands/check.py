"""`wiki check`."""

from __future__ import annotations

import argparse

from build_tools.cache import FOLDER
from build_tools.commands.reporting import following, report
from build_tools.problems import has_errors
from build_tools.unchanged import Said, Unchanged


def run(options: argparse.Namespace) -> int:
    """Reports every problem of the records; those of before, if no file is another."""
    unchanged = Unchanged(options.root, options.root / FOLDER / "check")
    said = unchanged.said()
    if said is None:
        from build_tools.compiler import Checked, check_wiki  # not above: what is known needs no compiler
        from build_tools.last_run import Start, go_on

        def check(start: Start) -> Checked:
            checked = check_wiki(start.sources, start.loading, start.memory)
            if checked.wiki is not None and not has_errors(checked.problems):
                start.keep(checked.wiki)
            return checked

        with following(options) as progress:
            checked = go_on(options.root, check, progress=progress)
        said = Said(problems=checked.problems, set_aside=checked.set_aside)
        unchanged.record(said)
    return report(said.problems, options, said.set_aside)
