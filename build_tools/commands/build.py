"""`wiki build`."""

from __future__ import annotations

import argparse
import contextlib
import functools
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from build_tools.addresses import OutputFile
from build_tools.amounts import amount
from build_tools.cache import FOLDER
from build_tools.commands.reporting import following, report
from build_tools.compiler import compile_wiki
from build_tools.last_run import Start, go_on
from build_tools.pages.changes import changed_claims
from build_tools.pages.history import last_commit, read_history
from build_tools.problems import Problem, has_errors
from build_tools.progress import SILENT
from build_tools.site.frame import Frame, read_frame
from build_tools.site.generate import (
    BUILD,
    CACHE,
    CONFIGURATION,
    PREVIEW,
    Built,
    build_preview,
    build_site,
    is_to_be_changed,
    site_address,
    site_environment,
    waiting_for_share,
)
from build_tools.site.new_site import material
from build_tools.site.pages_folder import Coming
from build_tools.site.rendering import Waiting
from build_tools.site.vendor import vendored
from build_tools.spare_tree import Signature
from build_tools.unchanged import Said, Unchanged
from build_tools.write import Busy, busy, cannot_write, opened_lock, writing


def run(options: argparse.Namespace) -> int:
    """Compiles the pages, builds the site and checks it; all of it is put in place, or nothing.

    Where nothing changed since it was built, it stays as it is. A preview goes to a folder of its own, and
    leaves what the normal build made as it is.
    """
    root = options.root.absolute()
    place = PREVIEW if options.preview else BUILD
    outputs = [root / place / "pages", *([] if options.pages_only else [root / place / "site"])]
    try:
        frame = read_frame(root / CONFIGURATION, root / BUILD / "pages", site_environment(root))
        unchanged = _unchanged(root, frame, options)
    except OSError:
        frame, unchanged = None, None  # what is wrong there the build will say
    said = unchanged.said(outputs) if unchanged else None
    written, progress = True, SILENT
    if said is None:
        with following(options) as progress, _ahead(root, frame, options) as ahead:
            build = functools.partial(_build, root, place, options, ahead)
            outcome = go_on(root, build, f"{place}/{CACHE}", progress)
            said, written = outcome.said, outcome.written
            if unchanged and said.lines:
                unchanged.record(said, outcome.files[: len(outputs)])
    code = report(said.problems, options, said.set_aside)
    if not written:
        print("nothing was written", file=sys.stderr)
    elif options.format == "text":
        print("".join(f"{line}\n" for line in said.lines), end="")
    if progress.summary:
        print(progress.summary, file=sys.stderr)
    return code


def _unchanged(root: Path, frame: Frame, options: argparse.Namespace) -> Unchanged | None:
    """What was built before; None where it may hang on what nobody can say. Raises OSError."""
    if options.preview or not frame.apart:
        return None
    made_for = (frame.digest, site_address(), last_commit(root), f"{options.pages_only}")
    return Unchanged(root, root / FOLDER / "build", *made_for)


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What is begun before it is known what to build: a process of MkDocs, and the lock that it will hold."""

    waiting: Waiting | None = None
    lock: TextIO | None = None


@contextlib.contextmanager
def _ahead(root: Path, frame: Frame | None, options: argparse.Namespace) -> Iterator[_Ahead]:
    """It is begun, if some pages of a site are likely to change; in the end nothing of it is left."""
    if frame is None or options.preview or options.pages_only or not is_to_be_changed(root, frame):
        yield _Ahead()
        return
    with contextlib.ExitStack() as stack:
        begun = _Ahead()
        with contextlib.suppress(OSError):
            lock = stack.enter_context(opened_lock(root / BUILD))
            waiting = waiting_for_share(root, frame)
            stack.callback(waiting.end)
            begun = _Ahead(waiting, lock)
        yield begun


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What is to be said of a build, without lines unless it is done; whether it came to writing; and then
    which files are there, of the pages and of the site."""

    said: Said
    written: bool
    files: tuple[Mapping[str, Signature], ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self.said.problems


def _build(root: Path, place: str, options: argparse.Namespace, ahead: _Ahead, start: Start) -> _Outcome:
    """Compiles the pages and builds the site."""
    progress = start.memory.progress
    changes = changed_claims(read_history(root))
    compiled = compile_wiki(
        start.sources,
        start.loading,
        changes=changes,
        site_url="" if options.preview else site_address(),
        preview=options.preview,
        memory=start.memory,
    )
    if compiled.wiki is None or has_errors(compiled.problems):
        return _Outcome(Said(problems=compiled.problems, set_aside=compiled.set_aside), written=False)
    made_of = material(compiled.wiki, start.memory)
    if not options.pages_only:
        made_of.entry_digests(), made_of.guard_key()  # worked out before, they are kept too
    start.keep(compiled.wiki)
    built = Built(report=None)
    others: tuple[OutputFile, ...] = ()
    found: tuple[Problem, ...] = ()
    files: tuple[Mapping[str, Signature], ...] = ()
    try:
        with writing(root / place, ahead.lock):
            progress.stage("writing")
            pages = root / place / "pages"
            others, found = vendored(compiled.files, compiled.cards)
            if not found:
                coming = Coming(pages, (*compiled.files, *others), root / place / CACHE / "pages")
                if options.preview and not options.pages_only:
                    built = build_preview(root, coming, made_of, progress)
                elif not options.pages_only:
                    built = build_site(root, coming, made_of, progress, ahead.waiting)
                found = built.problems
                files = (coming.put().listing.files, built.files)
    except Busy:
        found = (busy(root),)
    except OSError as error:
        found = (cannot_write(error, root),)
    lines: list[str] = []
    if not found:
        lines.append(f"{place}/pages: {len(compiled.files) + len(others)} files")
        if (made := built.report) is not None:
            lines.append(
                f"{place}/site: {made.pages} pages; {made.links} links, {made.anchors} anchors and "
                f"{made.assets} assets checked"
            )
        if options.preview:
            shown = sum(bool(seed.texts) for seed in compiled.wiki.linked.seeds.values())
            lines.append(f"for this machine alone: it shows the words of {amount(shown, 'source')}")
    problems = (*compiled.problems, *found)
    said = Said(problems=problems, set_aside=compiled.set_aside, lines=tuple(lines))
    return _Outcome(said, written=True, files=files)
