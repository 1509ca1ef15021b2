"""The pages turned into the site: rendered, indexed and checked, all of it where something changed."""

from __future__ import annotations

import functools
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from build_tools.cite import CitedWiki
from build_tools.pages.search_entries import Entry, search_entries
from build_tools.problems import Code, Location, Problem, has_errors
from build_tools.site.checks import SiteReport, check_site, is_page
from build_tools.site.frame import read_frame
from build_tools.site.kept import Kept, Output, Signature, digest, read_kept, scan, write_kept
from build_tools.site.rendering import Job, Plan, plan, render, render_all, take_over
from build_tools.site.search_index import FOLDER, index_shards, shards
from build_tools.site.soundness import Knowledge, judge, read_knowledge, write_knowledge
from build_tools.site.words import check_words, guard, guard_key, read_site, read_written
from build_tools.versions import compiler, programs
from build_tools.write import put_tree

CONFIGURATION = "mkdocs.yml"
BUILD = "build"
PREVIEW = "build/preview"  # the pages and the site that show what is attached on this machine
CACHE = ".cache"
_DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What came of building a site: how much was checked, or what is wrong."""

    report: SiteReport | None
    problems: tuple[Problem, ...] = ()


def site_address() -> str:
    """The address that the site is made for, as mkdocs.yml takes it from the environment; often none."""
    return os.environ.get("SITE_URL", "")


def site_environment(root: Path) -> dict[str, str]:
    """The environment that MkDocs runs in."""
    return os.environ | {"SOURCE_DATE_EPOCH": epoch(root), "NO_MKDOCS_2_WARNING": "1"}


def build_site(root: Path, wiki: CitedWiki) -> Built:
    """The site of `build/pages` stands in `build/site`, or problems say what is wrong with it: with its HTML,
    or with words in all that is published.

    The caller holds the lock. Raises OSError.
    """
    return _Building(root, wiki, BUILD, root / CONFIGURATION, site_address(), guarded=True).build()


def build_preview(root: Path, wiki: CitedWiki) -> Built:
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
    return _Building(root, wiki, PREVIEW, configuration, "", guarded=False).build()


class _Building:
    """One site being built: where, of what, and what is known of it."""

    def __init__(
        self, root: Path, wiki: CitedWiki, place: str, configuration: Path, site_url: str, *, guarded: bool
    ) -> None:
        self.root, self.wiki, self.place, self.site_url = root, wiki, place, site_url
        self.site = root / place / "site"
        self.cache = root / place / CACHE
        environment = site_environment(root)
        frame = read_frame(configuration, root / place / "pages", environment)
        self.rules = rules(site_url)
        self.frame = replace(frame, digest=f"{frame.digest} {self.rules}")
        self.guard_key = guard_key(wiki) if guarded else ""
        self.job = Job(
            root=root,
            configuration=configuration,
            pages=root / place / "pages",
            environment=environment,
            frame=self.frame,
        )
        self.kept = read_kept(self.cache / "site")
        self.standing: Mapping[str, Signature] = scan(self.site) if self.site.is_dir() else {}

    def build(self) -> Built:
        """The site is as it should be, or was, with what is wrong."""
        todo = plan(self.job, self.kept, self.standing)
        counts = self.kept.counts
        recorded = {path: output.signature for path, output in self.kept.outputs.items()}
        if todo.idle and self.standing == recorded and self.kept.guard == self.guard_key and len(counts) == 4:
            pages, links, anchors, assets = counts
            return Built(
                report=SiteReport(pages=pages, links=links, anchors=anchors, assets=assets, problems=())
            )
        made = _Made()
        work = self.root / self.place / ".work.new"  # what is left of it is swept: see `writing`
        shutil.rmtree(work, ignore_errors=True)
        try:
            problems = put_tree(self.site, lambda folder: self._fill(folder, work, todo, made))
        finally:
            shutil.rmtree(work, ignore_errors=True)
        if problems or made.report is None:
            return Built(report=made.report, problems=problems)
        report = made.report
        if made.known is not None:  # of a site that passed: `judge` builds on it
            write_knowledge(self.cache, made.known, self.rules, self.guard_key)
        sources = {
            path: source if source.output in made.outputs else replace(source, output=None)
            for path, source in todo.sources.items()
        }
        write_kept(
            self.cache / "site",
            Kept(
                frame=self.frame.digest,
                sources=sources,
                outputs=made.outputs,
                index=made.index,
                guard=self.guard_key,
                counts=(report.pages, report.links, report.anchors, report.assets),
            ),
        )
        return Built(report=report)

    def _fill(self, folder: Path, work: Path, todo: Plan, made: _Made) -> tuple[Problem, ...]:
        """The folder holds the site, or what it holds is of no use: then problems say why."""
        done = render(self.job, todo, folder, work / "pages")
        if done.said:
            return self._complaints(done.said)
        if not done.whole:
            take_over(self._still_right(todo), self.site, folder)
        problems = self._index(folder, work / "index", made)
        if problems:
            return problems
        known = read_knowledge(self.cache, self.rules, self.guard_key)
        guarding = functools.cache(lambda: guard(self.wiki))
        judged = judge(folder, made.outputs, known, guarding if self.guard_key else None, self.site_url)
        made.report, made.known = judged.report, judged.known
        if judged.report is None:
            if not done.whole and (said := render_all(self.job, work / "whole")):
                return self._complaints(said)
            made.report = check_site(folder, shown_as=f"{self.place}/site", site_url=self.site_url)
            if has_errors(made.report.problems):
                return made.report.problems
        if judged.quotes_too_much:
            return check_words(read_site(folder), guarding(), read_written(self.root))
        return ()

    def _still_right(self, todo: Plan) -> list[str]:
        """The files of the site in place that MkDocs would make again as they are."""
        sources = {source.output for path, source in todo.sources.items() if path not in todo.stale}
        found = [path for path in self.kept.outputs if path in sources]
        if not todo.surroundings:
            of_sources = {source.output for source in self.kept.sources.values()}
            found += [path for path in self.kept.outputs if path not in of_sources and not _is_index(path)]
        return found

    def _index(self, folder: Path, work: Path, made: _Made) -> tuple[Problem, ...]:
        """The folder has its search index; parts that still hold are those of the site in place."""
        pages = self._outputs(folder)
        parts = shards(path for path in pages if is_page(path))
        entries: Mapping[str, Entry] = search_entries(self.wiki)
        for part, held in parts.items():
            key = hashlib.sha256(f"{self.rules} {len(parts)}".encode())
            for path in held:
                entry = entries.get(path.removesuffix("index.html"))
                key.update(f"{path} {pages[path].digest} {entry!r}\n".encode())
            made.index[part] = key.hexdigest()
        stale = {}
        for part, held in parts.items():
            own = [path for path in self.kept.outputs if _is_index(path) and _part_of(path) == part]
            if self.kept.index.get(part) == made.index[part] and all(
                self.standing.get(path) == self.kept.outputs[path].signature for path in own
            ):
                take_over(own, self.site, folder)
            else:
                stale[part] = held
        problems = index_shards(folder, stale, len(parts), entries, work)
        made.outputs = self._outputs(folder)
        return problems

    def _outputs(self, folder: Path) -> dict[str, Output]:
        """The files of a new site with their digests; those taken from the site in place have theirs."""
        found: dict[str, Output] = {}
        for path, signature in scan(folder).items():
            old = self.kept.outputs.get(path)
            found[path] = (
                old
                if old is not None and old.signature == signature
                else Output(signature=signature, digest=digest(folder / path))
            )
        return found

    def _complaints(self, said: tuple[str, ...]) -> tuple[Problem, ...]:
        return complaints(self.root, said, f"{self.place}/pages")


class _Made:
    """What a new site consists of, known when it stands."""

    def __init__(self) -> None:
        self.report: SiteReport | None = None
        self.known: Knowledge | None = None
        self.outputs: dict[str, Output] = {}
        self.index: dict[str, str] = {}


def _is_index(path: str) -> bool:
    return path.startswith(f"{FOLDER}/")


def _part_of(path: str) -> str:
    """The folder of the index that a file is part of."""
    second = path.split("/")[1]
    return f"{FOLDER}/{second}" if second.isdecimal() else FOLDER


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
