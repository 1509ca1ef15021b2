"""The site made anew after a save: first the pages that changed, then what may follow some seconds later.

`rebuild` puts the changed pages in place, and where the records or the pages have an error, says so and
leaves the site as it was. `finish` follows: the search index, and the checks of all HTML and words. If they
find no error, what was worked out for the site is kept, so that whoever shows the preview next goes on from
there.
"""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from build_tools.compiler import Compiled, compile_wiki
from build_tools.excerpt import lines_of, reach
from build_tools.last_run import How, Ongoing
from build_tools.load import Sources, load
from build_tools.pages.changes import ChangedClaim, changed_claims
from build_tools.pages.history import last_commit, read_history
from build_tools.problems import Problem, has_errors
from build_tools.report import is_of_a_file
from build_tools.serve import PLACE
from build_tools.serve.beginning import begin
from build_tools.serve.generator import Generator
from build_tools.site.checks import check_site
from build_tools.site.generate import CACHE, rules
from build_tools.site.kept import Kept, read_kept, write_kept
from build_tools.site.new_site import NewSite, material
from build_tools.site.pages_folder import put_pages
from build_tools.site.repeats import Repeats
from build_tools.site.soundness import Knowledge, judge, passed_before
from build_tools.site.vendor import vendored
from build_tools.site.words import check_words, read_site, read_written
from build_tools.spare_tree import list_again, list_tree, renew_tree
from build_tools.store import Lost
from build_tools.write import cannot_write

MOST_AROUND = 200  # characters of a line that are shown before and after the place: a seal is one line, say


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem, and the line that it speaks of in parts: before the place, what is marked, and the rest."""

    problem: Problem
    line: tuple[str, str, str] | None = None


Seconds = tuple[tuple[str, float], ...]  # what each stage took, in order


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What became of a save: `placed` if pages were put in place, and then which addresses changed.

    `changed` is None where any page may have.
    """

    findings: tuple[Finding, ...]
    set_aside: int
    placed: bool
    changed: tuple[str, ...] | None
    seconds: Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What the checks of the whole site found; unless they tell why not, its search finds what is new.

    `keeping` is how long it took to keep what was worked out; None if that was left to a later time.
    """

    findings: tuple[Finding, ...]
    seconds: Seconds
    keeping: float | None = None


class Workshop:
    """Makes and keeps the preview of the wiki at `root`, in a folder that nothing else writes to.

    The pages of a `preview` of attached texts show their words and are for this machine alone.
    """

    def __init__(self, root: Path, *, preview: bool = False) -> None:
        self._root, self._preview = root, preview
        self._pages, self.site, cache = (root / PLACE / name for name in ("pages", "site", CACHE))
        self._generator = Generator(root, self._pages, self.site, cache / "site", preview=preview)
        self._ongoing: Ongoing | None = None
        self._history: tuple[str, tuple[ChangedClaim, ...]] | None = None
        self._compiled: Compiled | None = None
        self._unkept, self._keeping = 0.0, 0.0  # seconds that took what is not kept, and keeping it last

    def rebuild(self) -> Rebuilt:
        """The pages are those of the records as they are now, unless these have an error."""
        if self._ongoing is None:
            begin(self._root, preview=self._preview)
        else:
            with suppress(Lost):
                return self._rebuild(self._ongoing)
        for how in (How.GOING_ON, How.AFRESH):
            self._ongoing = self._began(how)
            with suppress(Lost):
                return self._rebuild(self._ongoing)
        self._ongoing = self._began(How.ALONE)
        return self._rebuild(self._ongoing)

    def _began(self, how: How) -> Ongoing:
        return Ongoing(self._root, f"{PLACE}/{CACHE}", how=how)

    def _rebuild(self, ongoing: Ongoing) -> Rebuilt:
        """What `rebuild` returns; raises Lost."""
        laps = _Laps()
        sources, compiled, took = self._compile(ongoing, laps)
        self._unkept += took if ongoing.memory.made else 0
        found: tuple[Problem, ...] = ()
        sound = compiled.wiki is not None and not has_errors(compiled.problems)
        if sound:
            try:
                found = self._put(compiled, laps)
            except OSError as error:
                found = (cannot_write(error, self._root),)
        placed = sound and not found
        return Rebuilt(
            findings=_findings((*compiled.problems, *found), sources),
            set_aside=compiled.set_aside,
            placed=placed,
            changed=self._generator.changed if placed else (),
            seconds=laps.done,
        )

    def _compile(self, ongoing: Ongoing, laps: _Laps) -> tuple[Sources, Compiled, float]:
        """The wiki as it is now, and compiled, and how long that took. Raises Lost."""
        sources, loading = ongoing.read()
        changes = self._changes()
        laps.lap("read")
        compiled = compile_wiki(
            sources, loading, changes=changes, preview=self._preview, memory=ongoing.memory
        )
        return sources, compiled, laps.lap("compile")

    def finish(self) -> Finished:
        """The search finds what was rebuilt last, and the site is checked as `wiki build` checks it."""
        laps, compiled, ongoing = _Laps(), self._compiled, self._ongoing
        if compiled is None or ongoing is None:
            return Finished(findings=(), seconds=())
        keeping = None
        try:
            try:
                found = self._finish(compiled, ongoing, laps)
            except Lost:  # all is worked out anew, for this once
                ongoing = self._began(How.ALONE)
                _, compiled, _ = self._compile(ongoing, laps)
                found = self._finish(compiled, ongoing, laps)
            # Kept seldom enough that it never takes longer, all in all, than working it out.
            is_due = ongoing is self._ongoing and self._unkept > self._keeping
            if is_due and compiled.wiki is not None and not has_errors(found):
                ongoing.keep(compiled.wiki)
                keeping = laps.lap("keeping")
        except OSError as error:
            found = (cannot_write(error, self._root),)
        findings = _findings(found, load(self._root)[0]) if found else ()
        return Finished(findings=findings, seconds=laps.done, keeping=keeping)

    def kept(self, keeping: float) -> None:
        """What was worked out is kept, which took so many seconds: a copy of this process says so."""
        self._unkept, self._keeping = 0.0, keeping

    def _finish(self, compiled: Compiled, ongoing: Ongoing, laps: _Laps) -> tuple[Problem, ...]:
        """What is wrong with the site; what of index and findings holds still is not made again.

        Nothing is, where there is no wiki: it was saved again meanwhile. Raises OSError, Lost.
        """
        if compiled.wiki is None:
            return ()
        made_of = material(compiled.wiki, ongoing.memory)
        cache, judged_by, of = self._root / PLACE / CACHE, rules(""), self._generator.made
        kept = read_kept(cache / "site")
        kept = kept if kept.frame == of.frame else replace(kept, searched={})
        work = self._root / PLACE / ".index.new"  # what is left of it is swept: see `writing`
        shutil.rmtree(work, ignore_errors=True)
        made = NewSite(self.site, work / "made", kept)
        made.stand(list_tree(self.site))
        made.take_all()
        (work / "made").mkdir(parents=True)
        found = made.index(made_of, work / "index", cache / "searched", judged_by)

        def fill(folder: Path) -> tuple[Problem, ...]:
            made.lay(folder, None)
            return ()

        if not found:
            renew_tree(self.site, fill)
        shutil.rmtree(work, ignore_errors=True)
        laps.lap("search")
        if found:
            return found
        known, key = Knowledge(cache / "known", judged_by), "" if self._preview else made_of.guard_key()
        repeats = None if self._preview else Repeats(cache, judged_by, key, made_of.guard)
        passed = passed_before(kept, of.frame)
        judged = judge(self.site, made.digests, known, passed, repeats, "")
        report, counts = judged.report, tuple[int, ...]()
        if report is None:
            found = check_site(self.site, shown_as=f"{PLACE}/site").problems
        elif judged.quotes_too_much:
            found = check_words(read_site(self.site), made_of.guard(), read_written(self._root))
        else:
            counts = (report.pages, report.links, report.anchors, report.assets)
        known.keep(made.digests)
        if repeats is not None:
            repeats.keep()
        write_kept(
            cache / "site",
            Kept(
                frame=of.frame,
                sources=of.sources,
                unmade=of.unmade(made.digests),
                site=list_again(self.site, made.taken, made.made),
                digests=made.digests,
                searched=made.searched,
                index=made.parts,
                guard=key,
                counts=counts,
            ),
        )
        laps.lap("checks")
        return found

    def _changes(self) -> tuple[ChangedClaim, ...]:
        """The claims that changed last, which only a commit changes."""
        commit = last_commit(self._root)
        if self._history is None or self._history[0] != commit:
            self._history = (commit, changed_claims(read_history(self._root)))
        return self._history[1]

    def _put(self, compiled: Compiled, laps: _Laps) -> tuple[Problem, ...]:
        others, found = vendored(compiled.files, compiled.cards)
        if found:
            return found
        files = (*compiled.files, *others)
        put_pages(self._pages, files, self._root / PLACE / CACHE / "pages")
        laps.lap("pages")
        found = renew_tree(self.site, self._generator.fill(files))
        laps.lap("site")
        if not found:
            self._generator.accept()
            self._compiled = compiled
        return found


class _Laps:
    """What each stage took since the one before."""

    def __init__(self) -> None:
        self._last = time.perf_counter()
        self.done: Seconds = ()

    def lap(self, stage: str) -> float:
        """The stage is over; how long it took."""
        now = time.perf_counter()
        took = now - self._last
        self.done = (*self.done, (stage, took))
        self._last = now
        return took


def _findings(problems: tuple[Problem, ...], sources: Sources) -> tuple[Finding, ...]:
    """The problems, each with the line it speaks of where that is a line of the records."""
    alone = [file for file in (sources.settings, sources.waivers) if file is not None]
    files = {file.path: file for file in (*sources.entities, *sources.seeds, *sources.docs, *alone)}
    lines: dict[str, list[str]] = {}

    def line(problem: Problem) -> tuple[str, str, str] | None:
        at = problem.at
        if at.path not in files or is_of_a_file(problem):
            return None
        if at.path not in lines:
            try:
                lines[at.path] = lines_of(files[at.path].data)
            except Lost:  # it was saved again
                lines[at.path] = []
        return parted(lines[at.path][at.line - 1], at.column) if at.line <= len(lines[at.path]) else None

    return tuple(Finding(problem, line(problem)) for problem in problems)


def parted(line: str, column: int) -> tuple[str, str, str]:
    """The line before a column, what the marker there reaches over, and the rest; all cut short."""
    begin = min(column - 1, len(line))
    end = begin + len(reach(line, column))
    return line[max(0, begin - MOST_AROUND) : begin], line[begin:end][:MOST_AROUND], line[end:][:MOST_AROUND]
