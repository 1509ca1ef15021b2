"""`wiki new`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from build_tools.commands import SOUND
from build_tools.commands.changing import change_files
from build_tools.commands.reporting import report
from build_tools.editing.draft import new_entity
from build_tools.load import SETTINGS, load
from build_tools.problems import Problem


def run(options: argparse.Namespace) -> int:
    """Writes the file of a new entity, to be filled in."""
    root = options.root.absolute()
    no_wiki = [problem for problem in load(root)[1] if problem.at.path == SETTINGS]
    if no_wiki:
        return report(no_wiki, options)

    def plan() -> tuple[Mapping[str, bytes | None], tuple[Problem, ...]]:
        return new_entity(*load(root), options.kind, options.name, options.id)

    changed, problems = change_files(root, plan)
    if problems:
        return report(problems, options)
    print(*changed)
    print("Now say something of it: open the file, take away the `# ` before what you need, and fill it in.")
    print("`wiki cite` finds passages, `wiki check` says what is missing.")
    return SOUND
