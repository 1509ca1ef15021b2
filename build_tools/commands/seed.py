"""`wiki seed`: add, attach, renew and verify sources."""

from __future__ import annotations

import argparse

from build_tools.amounts import amount
from build_tools.commands import PROBLEMS, SOUND
from build_tools.commands.changing import change_files
from build_tools.commands.reporting import report
from build_tools.compiler import check_wiki
from build_tools.drift import Drift, Fate, carried_over, has_drifted
from build_tools.excerpt import printable
from build_tools.load import ATTACHED, JOURNAL, SETTINGS, TEXT, load
from build_tools.problems import Code, Problem
from build_tools.renew import Renewal, plan_renewal
from build_tools.seeds import Captured, compare, new_seed, not_sealed, put_seed, put_text, read_capture
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
        print(f"left out, line {left.lines} ({left.reason}): {_shortened(left.text)}")
    for passage in capture.passages:
        kind = " (heading)" if passage.heading else ""
        print(f"{passage.id}, line {passage.lines}{kind}: {_shortened(passage.text)}")
    print(
        f"seeds/{options.id}: {len(capture.passages)} passages sealed, the text attached on this machine only"
    )
    print(
        f"A line wrongly left out or kept? Delete seeds/{options.id}, and run this again with `--keep 12` or "
        "`--leave-out 3-5`."
    )
    if options.root.resolve() in options.file.resolve().parents:
        print(f"{options.file} lies in the wiki's folder: move it out, so that it is not committed.")
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


def renew(options: argparse.Namespace) -> int:
    """Compares a new capture of an article with its seal; with --write, carries the wiki over."""
    sources, loading = load(options.root)
    no_wiki = [problem for problem in loading if problem.at.path == SETTINGS]
    captured, problems = read_capture(options.file)
    if no_wiki or captured is None:
        return report(no_wiki or problems, options)
    if all(source.folder != options.id for source in sources.seeds):
        return report((not_sealed(sources, options.id),), options)
    replaced: tuple[str, ...] = ()
    if options.write:
        renewal, replaced, problems = _write_renewal(options, captured)
    else:
        renewal, problems = _plan_renewal(options, captured)
    if renewal is None:
        return report(problems, options)
    _print_renewal(renewal, options, replaced)
    return PROBLEMS if has_drifted(renewal.drifts) and not options.write else SOUND


def _plan_renewal(
    options: argparse.Namespace, captured: Captured
) -> tuple[Renewal | None, tuple[Problem, ...]]:
    lines = tuple(options.leave_out), tuple(options.keep)
    return plan_renewal(*load(options.root), options.id, str(options.file), captured, *lines)


def _write_renewal(
    options: argparse.Namespace, captured: Captured
) -> tuple[Renewal | None, tuple[str, ...], tuple[Problem, ...]]:
    """The renewal with the files it replaced, once what an earlier one left undone is done."""
    root = options.root.absolute()
    planned: list[Renewal] = []

    def plan() -> tuple[dict[str, bytes], tuple[Problem, ...]]:
        renewal, problems = _plan_renewal(options, captured)
        if renewal is None:
            return {}, problems
        planned.append(renewal)
        text = options.file.read_bytes()
        files = {**renewal.files, f"{ATTACHED}/{options.id}.txt": text}
        kept = f"seeds/{options.id}/{TEXT}"
        if (root / kept).exists():
            files[kept] = text
        return files, ()

    replaced, problems = change_files(root, plan, f"seeds/{options.id}/{JOURNAL}")
    return (None if problems else planned[0]), replaced, problems


def _print_renewal(renewal: Renewal, options: argparse.Namespace, replaced: tuple[str, ...]) -> None:
    texts = {passage.id: passage.text for passage in renewal.capture.passages}
    drifts = [drift for drift in renewal.drifts if drift.fate is not Fate.SAME]
    width = max((len(_numbers(drift)) for drift in drifts), default=0)
    for drift in drifts:
        lost = drift.fate in (Fate.CHANGED, Fate.GONE)
        gist = f"was: {drift.gist}" if lost and drift.gist else drift.gist
        what = _shortened(gist if drift.old else texts[str(drift.new)])
        print(printable(f"{_numbers(drift):{width}}  {drift.fate:7}  {what}").rstrip())
    same = len(renewal.drifts) - len(drifts)
    print(f"{options.id}: {same} of {renewal.sealed} passages are as sealed, under the same number")
    if not carried_over(renewal.drifts):
        print("no passage is still there: is this the right article?")
    if renewal.cut_by_record:
        print(f"cut as seed.yml says, {renewal.cut_by_record}; if the page's lines moved, name them anew")
    print(f"{amount(renewal.carried, 'cite')} carried over, {renewal.renumbered} of them under a new number")
    if renewal.open_cites:
        needs = "needs" if len(renewal.open_cites) == 1 else "need"
        print(f"{amount(len(renewal.open_cites), 'cite')} {needs} an eye:")
    for cite in renewal.open_cites:
        print(f"    {cite.written_at if options.write else cite.at}: {cite.why}")
    if not options.write and renewal.files:
        print(f"nothing is written; with --write, {amount(len(renewal.files), 'file')} would be")
    elif replaced:
        print(f"{amount(len(replaced), 'file')} written, the text attached on this machine only")
    if replaced and drifts:
        print("Now fill in the blank gists and settle the cites; `wiki check` says what is missing.")


def _numbers(drift: Drift) -> str:
    """The passage's numbers: `p5`, or `p5 -> p6`."""
    return " -> ".join(dict.fromkeys(number for number in (drift.old, drift.new) if number))


def _shortened(text: str) -> str:
    return text if len(text) <= 70 else f"{text[:69]}…"


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
            which = "kept" if seed.kept else "attached"
            print(f"{seed.id}: {len(seed.texts)} passages of the {which} text are as sealed")
        else:
            print(f"{seed.id}: sealed, no text attached")
    return report(about_seals, options)
