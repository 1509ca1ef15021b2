"""How commands change files of the wiki: all of them or none, one command at a time."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path

from build_tools.load import CHANGE
from build_tools.problems import Problem
from build_tools.replace import CutShort, finish, replace_files
from build_tools.write import Busy, busy, cannot_write, writing

Plan = Callable[[], tuple[Mapping[str, bytes | None], tuple[Problem, ...]]]


def change_files(
    root: Path, plan: Plan, journal: str = CHANGE
) -> tuple[tuple[str, ...], tuple[Problem, ...]]:
    """The paths of the files that were changed as planned, and the problems of planning and of writing.

    The plan is made once what an earlier change left undone is done, and while nothing else writes.
    """
    problems: tuple[Problem, ...]
    try:
        with writing(root / "build"):
            problems = finish(root, journal)
            if problems:
                return (), problems
            files, problems = plan()
            return replace_files(root, journal, files), problems
    except Busy:
        problems = (busy(root),)
    except CutShort as cut_short:
        problems = (cut_short.problem,)
    except OSError as error:
        hint = "make room, or check whose folder it is; nothing was changed"
        problems = (dataclasses.replace(cannot_write(error, root), hint=hint),)
    return (), problems
