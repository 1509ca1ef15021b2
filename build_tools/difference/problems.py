"""Which problems are new and which are gone: one that only stands on another line is neither."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from build_tools.problems import Problem

_LINE = re.compile(r"\bline \d+|(?<=\w:)\d+:\d+\b")


def problems_between(
    old: Iterable[Problem], new: Iterable[Problem], moved: Mapping[str, str] = MappingProxyType({})
) -> tuple[tuple[Problem, ...], tuple[Problem, ...]]:
    """The problems that only the new wiki has, and those that only the old one had.

    Two are one if file, code and message are the same, lines that a message names apart; `moved` gives
    the new path of a file by its old one. Of several alike, those that stand last count as more.
    """
    before, after = _by_kind(old, moved), _by_kind(new, {})
    more = [problem for kind, found in after.items() for problem in found[len(before.get(kind, ())) :]]
    less = [problem for kind, found in before.items() for problem in found[len(after.get(kind, ())) :]]
    return tuple(sorted(more, key=lambda p: p.sort_key)), tuple(sorted(less, key=lambda p: p.sort_key))


def _by_kind(
    problems: Iterable[Problem], moved: Mapping[str, str]
) -> Mapping[tuple[str, ...], Sequence[Problem]]:
    found: dict[tuple[str, ...], list[Problem]] = defaultdict(list)
    for problem in sorted(problems, key=lambda p: p.sort_key):
        path = moved.get(problem.at.path, problem.at.path)
        found[(path, problem.code.text, _LINE.sub("line", problem.message))].append(problem)
    return found
