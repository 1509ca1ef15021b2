"""`wiki fmt`."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from build_tools.commands import PROBLEMS, SOUND
from build_tools.commands.changing import change_files
from build_tools.commands.reporting import report
from build_tools.editing.layout import laid_out, record_of
from build_tools.excerpt import printable
from build_tools.load import CHANGE, SETTINGS, SourceFile, load
from build_tools.problems import Code, Location, Problem, in_order


def run(options: argparse.Namespace) -> int:
    """Puts records in canonical layout, or says which are not in it."""
    root = options.root.absolute()
    no_wiki = [problem for problem in load(root)[1] if problem.at.path == SETTINGS]
    if no_wiki:
        return report(no_wiki, options)
    looking = options.check or options.diff
    plans: list[_Plan] = []
    problems: tuple[Problem, ...]
    if looking:
        plans.append(_plan(root, options.files))
        problems = plans[0].problems
        for change in plans[0].changes:
            print("\n".join(_difference(change)) if options.diff else change.file.path)
    else:

        def plan() -> tuple[Mapping[str, bytes | None], tuple[Problem, ...]]:
            plans.append(_plan(root, options.files))
            return {change.file.path: change.data for change in plans[0].changes}, plans[0].problems

        changed, problems = change_files(root, plan)
        for path in changed:
            print(path)
    if problems:
        report(problems, options)
    count = len(plans[0].changes) if plans and (looking or changed) else 0
    if count or not problems:
        _print_summary(count, plans[0].asked, looking=looking)
    return PROBLEMS if problems or (count and looking) else SOUND


def _print_summary(count: int, asked: int, *, looking: bool) -> None:
    files = "1 file" if asked == 1 else f"{asked} files"
    if not count:
        print(f"{files} in order")
    elif looking:
        print(f"{count} of {files} not in order; `wiki fmt` puts them in order")
    else:
        print(f"{count} of {files} put in order")


@dataclass(frozen=True, slots=True)
class _Change:
    """A file that is not in order, and what it shall hold."""

    file: SourceFile
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What is not in order of the files asked for, and which of them cannot be read."""

    changes: tuple[_Change, ...]
    asked: int
    problems: tuple[Problem, ...]


def _plan(root: Path, asked: Sequence[Path]) -> _Plan:
    sources, loading = load(root)
    texts = [file for file in (sources.settings, sources.waivers) if file is not None]
    every = {
        file.path: (file, record)
        for file in (*texts, *sources.entities, *sources.seeds)
        if (record := record_of(file.path)) is not None
    }
    unfinished = [problem for problem in loading if problem.at.path == CHANGE]
    faults = [problem for problem in loading if _is_record_path(problem.at.path)]
    problems: list[Problem] = [*unfinished]
    chosen: dict[str, tuple[SourceFile, type]] = {} if asked else every
    if not asked:
        problems += faults
    for path in asked:
        name = _from_root(root, path)
        within = {each: every[each] for each in every if _is_below(each, name)}
        found = [fault for fault in faults if _is_below(fault.at.path, name)]
        if not within and not found:
            message = "there is no record there"
            hint = "name files below entities/ and seeds/, wiki.yml or waivers.yml; or none, for all of them"
            found = [Problem(Location(str(path)), Code.MISSING_FILE, message, hint)]
        chosen |= within
        problems += found
    changes: list[_Change] = []
    for file, record in chosen.values():
        data, unreadable = laid_out(file, record)
        problems += unreadable
        if data is not None and data != file.data:
            changes.append(_Change(file, data))
    return _Plan(changes=tuple(changes), asked=len(chosen), problems=in_order(problems))


def _is_record_path(path: str) -> bool:
    return path.startswith(("entities", "seeds")) or record_of(path) is not None


def _is_below(path: str, name: str) -> bool:
    return name == "." or path == name or path.startswith(f"{name}/")


def _from_root(root: Path, path: Path) -> str:
    """A path given on the command line, as the wiki names it: seen from here, or from the wiki's root."""
    here = path.parent.resolve() / path.name if path.is_symlink() else path.resolve()
    inside = here.is_relative_to(root.resolve())
    return here.relative_to(root.resolve()).as_posix() if inside else path.as_posix()


def _difference(change: _Change) -> Iterator[str]:
    """The lines of a unified diff."""
    path = change.file.path
    before, after = (data.decode("utf-8-sig").splitlines() for data in (change.file.data, change.data))
    yield from map(printable, difflib.unified_diff(before, after, path, path, lineterm=""))
