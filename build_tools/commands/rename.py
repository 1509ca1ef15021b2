"""`wiki rename`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from build_tools.commands import SOUND
from build_tools.commands.changing import change_files
from build_tools.commands.reporting import report
from build_tools.editing.rename import Renaming, plan_rename
from build_tools.load import SETTINGS, load
from build_tools.problems import Problem


def run(options: argparse.Namespace) -> int:
    """Changes an id wherever it stands; its former address leads on."""
    root = options.root.absolute()
    no_wiki = [problem for problem in load(root)[1] if problem.at.path == SETTINGS]
    if no_wiki:
        return report(no_wiki, options)
    made: list[Renaming] = []

    def plan() -> tuple[Mapping[str, bytes | None], tuple[Problem, ...]]:
        renaming, problems = plan_rename(*load(root), options.old, options.new)
        if renaming is None:
            return {}, problems
        made.append(renaming)
        return renaming.files, ()

    changed, problems = change_files(root, plan)
    if problems:
        return report(problems, options)
    (renaming,) = made
    if not changed:
        print(f"{renaming.old} is {renaming.new} now, and nothing is left to change")
        return SOUND
    moved = sum(data is None for data in renaming.files.values())
    places = "1 reference" if renaming.references == 1 else f"{renaming.references} references"
    print(f"{renaming.what} {renaming.old} is {renaming.new} now: {places} changed, its old address leads on")
    for path in sorted(path for path, data in renaming.files.items() if data is not None):
        print(f"    {path}")
    if moved:
        print("git sees it as moved once it is committed")
    return SOUND
