"""The commands on one seed: each takes the parsed arguments, prints, and returns the exit code."""

from __future__ import annotations

import argparse

from build_tools.cli import SOUND
from build_tools.commands import report
from build_tools.compiler import check_wiki
from build_tools.load import SETTINGS, load
from build_tools.problems import Code
from build_tools.seeds import compare, new_seed, put_seed, put_text, read_capture
from build_tools.write import cannot_write


def add(options: argparse.Namespace) -> int:
    """Makes a seed of a captured file."""
    no_wiki = [problem for problem in load(options.root)[1] if problem.at.path == SETTINGS]
    if no_wiki:
        return report(no_wiki, options)
    captured, problems = read_capture(options.file)
    if captured is None:
        return report(problems, options)
    files, capture, problems = new_seed(
        options.id, options.file, captured, tuple(options.leave_out), tuple(options.keep)
    )
    if not problems:
        try:
            problems = put_seed(options.root, options.id, files, options.file)
        except OSError as error:
            problems = (cannot_write(error, options.root),)
    if problems:
        return report(problems, options)
    for left in capture.left_out:
        print(f"left out, line {left.lines} ({left.reason}): {left.text[:60]}")
    for passage in capture.passages:
        kind = " (heading)" if passage.heading else ""
        print(f"{passage.id}, line {passage.lines}{kind}: {passage.text[:60]}")
    print(
        f"seeds/{options.id}: {len(capture.passages)} passages sealed, the text attached on this machine only"
    )
    print("Now fill in seed.yml and the gists in passages.yml; `wiki check` says what is missing.")
    return SOUND


def attach(options: argparse.Namespace) -> int:
    """Keeps the text of a sealed seed on this machine."""
    captured, problems = read_capture(options.file)
    if captured is None:
        return report(problems, options)
    count, problems = compare(load(options.root)[0], options.id, options.file, captured)
    if not problems:
        try:
            put_text(options.root, options.id, options.file)
        except OSError as error:
            problems = (cannot_write(error, options.root),)
    if problems:
        return report(problems, options)
    print(f"{options.id}: all {count} passages are as sealed; the text is attached on this machine only")
    return SOUND


def verify(options: argparse.Namespace) -> int:
    """Compares every attached text with its seal."""
    checked = check_wiki(*load(options.root))
    if checked.wiki is None:
        return report(checked.problems, options)
    about_seals = [p for p in checked.problems if p.code in (Code.SEAL_MISMATCH, Code.BAD_SEAL)]
    for seed in checked.wiki.linked.seeds.values():
        if not seed.record.held:
            print(f"{seed.id}: not held")
        elif seed.texts:
            print(f"{seed.id}: {len(seed.texts)} passages of the attached text are as sealed")
        else:
            print(f"{seed.id}: sealed, no text attached")
    return report(about_seals, options)
