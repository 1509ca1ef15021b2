"""The pages turned into the site: rendered, indexed and checked, all of it where something changed."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from build_tools.cache import read_record, write_record
from build_tools.problems import Code, Location, Problem, has_errors
from build_tools.processes import Aside
from build_tools.progress import SILENT, Progress
from build_tools.site.checks import SiteReport, check_site
from build_tools.site.frame import Frame, read_frame
from build_tools.site.kept import Kept, read_kept, write_kept
from build_tools.site.new_site import Material, NewSite
from build_tools.site.pages_folder import Coming, lay_pages_spare
from build_tools.site.rendering import Job, Rendered, Waiting, output_of, plan, render, render_all
from build_tools.site.repeats import Repeats
from build_tools.site.search_index import is_index
from build_tools.site.soundness import Bench, Knowledge, passed_before
from build_tools.site.words import check_words, read_site, read_written
from build_tools.spare_tree import Listing, Signature, lay_spare, list_again, list_tree, renew_tree, stands
from build_tools.versions import compiler, programs

CONFIGURATION = "mkdocs.yml"
BUILD = "build"
PREVIEW = "build/preview"  # the pages and the site that show what is attached on this machine
CACHE = ".cache"
_DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What came of building a site: how much was checked and which files stand there, or what is wrong."""

    report: SiteReport | None
    files: Mapping[str, Signature] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def site_address() -> str:
    """The address that the site is made for, as mkdocs.yml takes it from the environment; often none."""
    return os.environ.get("SITE_URL", "")


def site_environment(root: Path) -> dict[str, str]:
    """The environment that MkDocs runs in."""
    return os.environ | {"SOURCE_DATE_EPOCH": epoch(root), "NO_MKDOCS_2_WARNING": "1"}


def is_to_be_changed(root: Path, frame: Frame) -> bool:
    """Whether there is a site that is likely to be changed in some of its pages, which have this frame."""
    return frame.apart and (root / BUILD / CACHE / "site").is_file() and (root / BUILD / "pages").is_dir()


def waiting_for_share(root: Path, frame: Frame) -> Waiting:
    """A process of MkDocs that waits for its share of the site of `build/pages`, which have this frame.

    Raises OSError.
    """
    return Waiting(_job(root, BUILD, root / CONFIGURATION, frame))


def build_site(
    root: Path,
    pages: Coming,
    made_of: Material,
    progress: Progress = SILENT,
    waiting: Waiting | None = None,
) -> Built:
    """The site of `build/pages` stands in `build/site`, or problems say what is wrong with it: with its HTML,
    or with words in all that is published.

    `pages` is what will stand there, and does then; `waiting` may be a process for a share of it. The caller
    holds the lock. Raises OSError.
    """
    configuration = root / CONFIGURATION
    building = _Building(
        root, pages, made_of, BUILD, configuration, site_address(), guarded=True, waiting=waiting
    )
    return building.build(progress)


def build_preview(root: Path, pages: Coming, made_of: Material, progress: Progress = SILENT) -> Built:
    """The site of `build/preview/pages` stands in `build/preview/site`, or problems say what is wrong with
    its HTML.

    Every page says that it is for this machine alone. The words are not held to any budget, as showing
    them is what the preview is for. The caller holds the lock. Raises OSError.
    """
    lines = [f"INHERIT: ../../{CONFIGURATION}", "docs_dir: pages", "site_dir: site", 'site_url: ""']
    lines.append("extra: {preview: true}")
    if (root / "theme").is_dir():
        lines.append("theme: {custom_dir: ../../theme}")  # counted from the file that is read
    configuration = root / PREVIEW / CONFIGURATION
    configuration.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return _Building(root, pages, made_of, PREVIEW, configuration, "", guarded=False).build(progress)


def _job(root: Path, place: str, configuration: Path, of: Frame | Coming) -> Job:
    """What is rendered of the pages below `place`, which have this frame or are coming. Raises OSError."""
    environment = site_environment(root)
    pages = root / place / "pages"
    frame = of if isinstance(of, Frame) else read_frame(configuration, pages, environment, of.data)
    return Job(
        root=root,
        configuration=configuration,
        settings=root / place / CACHE / CONFIGURATION,
        pages=pages,
        environment=environment,
        frame=frame,
    )


class _Building:
    """One site being built: where, of what, and what is known of it."""

    def __init__(
        self,
        root: Path,
        pages: Coming,
        made_of: Material,
        place: str,
        configuration: Path,
        site_url: str,
        *,
        guarded: bool,
        waiting: Waiting | None = None,
    ) -> None:
        self.root, self.pages, self.made_of, self.place, self.site_url = root, pages, made_of, place, site_url
        self.waiting = waiting
        self.site = root / place / "site"
        self.cache = root / place / CACHE
        self.rules = rules(site_url)
        self.job = _job(root, place, configuration, pages)
        frame = self.job.frame
        self.frame = replace(frame, digest=f"{frame.digest} {self.rules}")
        self.job = replace(self.job, frame=self.frame)
        self.guard_key = made_of.guard_key() if guarded else ""
        self.report: SiteReport | None = None
        self.known = Knowledge(self.cache / "known", self.rules)
        self.repeats = Repeats(self.cache, self.rules, self.guard_key, made_of.guard) if guarded else None
        self.kept = read_kept(self.cache / "site")
        if self.kept.frame != self.frame.digest:
            self.kept = replace(self.kept, searched={})
        self.standing = self.kept.site
        # As if the site stood as it is recorded, which is looked up while it is being rendered.
        self.todo = plan(self.job, pages.digests, self.kept, self.kept.site.files)

    def build(self, progress: Progress) -> Built:
        """The site is as it should be, or was, with what is wrong."""
        kept = self.kept
        if self.todo.idle:
            self.pages.put()
            self._look_up()
            recorded, same = self.standing is kept.site, self.standing.files == kept.site.files
            if same and kept.guard == self.guard_key and len(kept.counts) == 4:
                if not recorded:  # nothing but times of folders
                    write_kept(self.cache / "site", replace(kept, site=self.standing))
                return Built(report=_report(kept.counts), files=self.standing.files)
        work = self.root / self.place / ".work.new"  # what is left of it is swept: see `writing`
        shutil.rmtree(work, ignore_errors=True)
        made = NewSite(self.site, work / "made", kept)
        try:
            problems = renew_tree(self.site, lambda folder: self._fill(folder, work, made, progress))
        except BaseException:
            made.end()
            shutil.rmtree(work, ignore_errors=True)
            raise
        aside = Aside()
        aside.do(lambda: shutil.rmtree(work, ignore_errors=True))
        try:
            return self._recorded(made, problems)
        finally:
            aside.wait()

    def _recorded(self, made: NewSite, problems: tuple[Problem, ...]) -> Built:
        """What there is to know of the site is kept, unless problems say what is wrong with it."""
        kept, report = self.kept, self.report
        if problems or report is None:
            return Built(report=report, problems=problems)
        aside = Aside()
        if not made.taken:  # then the next build need not lay in the whole site
            aside.do(self._lay_spares)
        self.known.keep(made.digests)
        if self.repeats is not None:
            self.repeats.keep()
        unmade = {path for path, each in self.todo.sources.items() if each.output not in made.digests}
        standing = list_again(self.site, made.taken, made.made)
        write_kept(
            self.cache / "site",
            Kept(
                frame=self.frame.digest,
                sources=self.pages.digests,
                unmade=frozenset(unmade),
                site=standing,
                digests=made.digests,
                searched=made.searched,
                index=made.parts,
                guard=self.guard_key,
                counts=(report.pages, report.links, report.anchors, report.assets),
            ),
        )
        if made.taken:
            spare = self.standing if self.standing is kept.site else Listing({}, {})
            write_record(self.cache / "spare", tuple(spare))
        aside.wait()
        return Built(report=report, files=standing.files)

    def _look_up(self) -> None:
        """What stands is known, and what is to be done for that."""
        if not stands(self.site, self.standing):
            self.standing = list_tree(self.site) if self.site.is_dir() else Listing({}, {})
            self.todo = plan(self.job, self.pages.digests, self.kept, self.standing.files)

    def _fill(self, folder: Path, work: Path, made: NewSite, progress: Progress) -> tuple[Problem, ...]:
        """The folder holds the site, or what it holds is of no use: then problems say why."""
        progress.stage("site")
        passed = passed_before(self.kept, self.frame.digest)
        bench = Bench(folder, self.known, passed, self.repeats, self.site_url, progress)
        done = self._render(work, made, bench, progress)
        if done.said:
            return self._complaints(done.said)
        progress.stage("search")
        made.begin_index(self.made_of, work / "index", self.cache / "searched", self.rules, progress)
        made.lay(folder, self._spare())
        progress.stage("checks of the site")
        bench.look(made.digests, folder)
        progress.stage("search")
        problems = made.end_index()
        if problems:
            return problems
        progress.stage("checks of the site")
        judged = bench.judge(made.digests)
        self.report = judged.report
        if judged.report is None:
            if not done.whole and (said := render_all(self.job, work / "whole")):
                return self._complaints(said)
            self.report = check_site(folder, shown_as=f"{self.place}/site", site_url=self.site_url)
            if has_errors(self.report.problems):
                return self.report.problems
        if judged.quotes_too_much:
            return check_words(read_site(folder), self.made_of.guard(), read_written(self.root))
        return ()

    def _render(self, work: Path, made: NewSite, bench: Bench, progress: Progress) -> Rendered:
        """What of the new site comes from MkDocs is made, or that of the site in place which still holds is
        taken; or MkDocs complains."""
        todo, looked_up = self.todo, False
        copied = {todo.sources[path].output or path: todo.sources[path].digest for path in todo.copied}

        def meanwhile() -> None:
            nonlocal looked_up
            if not looked_up:
                self._look_up()
                bench.look(copied, self.job.pages)
            looked_up = True

        while True:
            shutil.rmtree(work, ignore_errors=True)
            (work / "made").mkdir(parents=True)
            made_in, shares = work / "made", work / "shares"
            done = render(self.job, todo, self.pages, made_in, shares, self.waiting, meanwhile, progress)
            if self.todo == todo or done.said:
                break
            todo = self.todo
        made.stand(self.standing)
        if not done.said and not done.whole:
            made.know({path: todo.sources[path].digest for path in todo.copied})
            made.take(self._still_right())
        return done

    def _lay_spares(self) -> None:
        """The spares hold what the trees hold; raises OSError."""
        write_record(self.cache / "spare", tuple(lay_spare(self.site, list_tree(self.site))))
        lay_pages_spare(self.job.pages, self.cache / "pages")

    def _spare(self) -> Listing | None:
        """What the spare of the site held when it became one, if that is known."""
        try:
            return Listing(*read_record(self.cache / "spare"))
        except TypeError:
            return None

    def _still_right(self) -> list[str]:
        """The files of the site in place that MkDocs would make again as they are."""
        todo = self.todo
        made = todo.stale | todo.copied
        sources = {source.output for path, source in todo.sources.items() if path not in made}
        found = [path for path in self.kept.site.files if path in sources]
        if not todo.surroundings:
            directories = self.frame.directories
            of_sources = {output_of(path, directories) for path in self.kept.sources}
            found += [path for path in self.kept.site.files if path not in of_sources and not is_index(path)]
        return found

    def _complaints(self, said: tuple[str, ...]) -> tuple[Problem, ...]:
        return complaints(self.root, said, f"{self.place}/pages")


def _report(counts: tuple[int, ...]) -> SiteReport:
    pages, links, anchors, assets = counts
    return SiteReport(pages=pages, links=links, anchors=anchors, assets=assets, problems=())


def complaints(root: Path, said: Iterable[str], pages: str) -> tuple[Problem, ...]:
    """The problems that MkDocs complains of, whose pages are in the folder `pages`."""
    hint = "mend the page or mkdocs.yml; the site built before is as it was"
    return tuple(Problem(_place(root, line, pages), Code.SITE_BUILD, line, hint) for line in said)


def rules(site_url: str) -> str:
    """A digest of what checks a site of this address and makes its index: what these said before may hold."""
    return hashlib.sha256(f"{compiler()}\n{programs()}\n{site_url}".encode()).hexdigest()


def _place(root: Path, line: str, pages: str) -> Location:
    """The page that the generator names, hand-written or compiled, or else its configuration."""
    page = re.search(r"(?:Doc file|Excluding) '([^']+)'", line)
    if page is None:
        return Location(CONFIGURATION)
    written = Path("docs") / page[1]
    return Location(written.as_posix() if (root / written).exists() else f"{pages}/{page[1]}")


def epoch(root: Path) -> str:
    """The time that the site says it was built: SOURCE_DATE_EPOCH, or the day of the last commit, or 1980.

    Pages say the day; were it known to the second, each commit would make all of them anew.
    """
    if "SOURCE_DATE_EPOCH" in os.environ:
        return os.environ["SOURCE_DATE_EPOCH"]
    command = ["git", "-C", str(root), "log", "-1", "--format=%ct"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "315532800"
    said = done.stdout.strip()
    return str(int(said) // _DAY * _DAY) if said else "315532800"
