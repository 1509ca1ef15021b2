"""`wiki review`."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Mapping
from pathlib import Path

from build_tools.addresses import OutputFile
from build_tools.commands import PROBLEMS, SOUND
from build_tools.commands.reporting import report
from build_tools.compiler import check_wiki
from build_tools.difference.compare import compare
from build_tools.difference.sides import Side
from build_tools.difference.terminal import terminal
from build_tools.excerpt import printable
from build_tools.load import load
from build_tools.problems import Problem, has_errors, in_order
from build_tools.report import STYLES, summary
from build_tools.review.admission import Admission, admit, judge_seals
from build_tools.review.change import Change, not_here, read_change, read_contents
from build_tools.review.lay import laid_over
from build_tools.review.verdict import MEMBER, Review, make_review, review_json
from build_tools.write import Busy, busy, cannot_write, put_tree, write_files, writing


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class _Reviewed:
    """What a change was found to be: what is refused of it, or what is wrong with its records."""

    refused: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()  # that the base does not have
    known: tuple[Problem, ...] = ()
    code: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    files: int
    meaning: str = ""


def run(options: argparse.Namespace) -> int:
    """Judges a change by what it touches, then by its records, and leaves a report and the wiki to build."""
    root, base = options.root.absolute(), options.base.absolute()
    out = options.out.absolute() if options.out else root / "build" / "review"
    change, problems = read_change(root, base)
    if change is None:
        return report(problems, options)
    try:
        with writing(out):
            reviewed = _review(change, root, base, out / "wiki", inside=options.inside)
            data = review_json(_record(reviewed)).encode()
            put_tree(out / "report", write_files([OutputFile(MEMBER, data)], out / "report"))
            if options.outputs is not None:
                with options.outputs.open("a", encoding="utf-8") as stream:
                    stream.write(_outputs(reviewed))
    except Busy:
        return report((busy(root),), options)
    except OSError as error:
        return report((cannot_write(error, root),), options)
    return _tell(reviewed, options)


def _review(change: Change, root: Path, base: Path, wiki: Path, *, inside: bool) -> _Reviewed:
    """The change judged; where nothing of it is refused, the base with its data over it stands at `wiki`."""
    admission = admit(change, inside=inside)
    contents = read_contents(root, [name for file in admission.data for name in (file.before, file.after)])
    refused, asks = judge_seals(
        {file.path: contents[file.before] for file in admission.data if file.before in contents},
        {file.path: contents[file.after] for file in admission.data if file.after in contents},
        inside=inside,
    )
    missing = (file.path for file in admission.data if not file.is_deleted and file.after not in contents)
    refused = in_order((*admission.refused, *refused, *map(not_here, missing)))
    asks = (*admission.asks, *asks)
    if refused:
        put_tree(wiki, write_files((), wiki))  # what an earlier review laid there is not this change
        return _Reviewed(refused=refused, asks=asks, files=len(change.files))
    deleted, files = _data(admission, contents)
    put_tree(wiki, laid_over(base, deleted, files))
    (old, loaded), (new, laid) = load(base), load(wiki)
    difference = compare(
        Side(name="base", sources=old, loading=loaded), Side(name="change", sources=new, loading=laid)
    )
    after = check_wiki(new, laid).problems
    return _Reviewed(
        problems=difference.new_problems,
        known=tuple(problem for problem in after if problem not in difference.new_problems),
        code=admission.code,
        asks=asks,
        files=len(change.files),
        meaning=terminal(difference, colour=False),
    )


def _data(admission: Admission, contents: Mapping[str, bytes]) -> tuple[frozenset[str], dict[str, bytes]]:
    deleted = frozenset(file.path for file in admission.data if file.is_deleted)
    return deleted, {file.path: contents[file.after] for file in admission.data if not file.is_deleted}


def _record(reviewed: _Reviewed) -> Review:
    return make_review(
        files=reviewed.files,
        code=reviewed.code,
        asks=reviewed.asks,
        refused=reviewed.refused,
        problems=reviewed.problems,
        known=len(reviewed.known),
        meaning=reviewed.meaning,
    )


def _outputs(reviewed: _Reviewed) -> str:
    """What the next steps of a workflow ask: is anything refused, is there code to test, a site to build?"""
    sound = not has_errors((*reviewed.refused, *reviewed.problems, *reviewed.known))
    rows = {
        "refused": bool(reviewed.refused),
        "code": bool(reviewed.code),
        "buildable": sound and not reviewed.code,
    }
    return "".join(f"{name}={str(value).lower()}\n" for name, value in rows.items())


def _tell(reviewed: _Reviewed, options: argparse.Namespace) -> int:
    found = reviewed.refused or reviewed.problems
    print(STYLES[options.format](found), end="")
    if options.format == "json":
        return PROBLEMS if found else SOUND
    for ask in reviewed.asks:
        print(printable(f"for an editor to see to: {ask}"))
    if reviewed.code:
        print(f"neither record nor page, and not read: {printable(', '.join(reviewed.code[:10]))}")
    if reviewed.refused:
        print(f"the change is refused: {summary(reviewed.refused)}")
    else:
        print(f"{summary(found)} that the base does not have" if found else "no new problems")
    return PROBLEMS if found else SOUND
