"""Pages turned into HTML by MkDocs: those that have changed, by as many processes as there is work for.

Each process is an ordinary `mkdocs build --dirty` with a configuration that inherits the wiki's. The switch
makes MkDocs pass over files that were not modified, and a hook says so of every file that is not a process's
own. What a process makes of its own pages is the same as if it had made the others too, as long as the frame
says that pages can be rendered apart.

Links are looked up among the files that a process sees. One that renders a few pages of many sees these,
what they link to, and the navigation. Whenever MkDocs has anything to complain of, everything is rendered
again by one process that sees and makes all, and what that one says is the answer.
"""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from posixpath import dirname, join, normpath, splitext
from urllib.parse import unquote

from build_tools.profiling import module_command
from build_tools.site.frame import Frame
from build_tools.site.kept import Kept, Source, scan
from build_tools.site.pages_folder import Pages
from build_tools.spare_tree import Signature, in_folders, keep_only, move_in
from build_tools.write import exchange, linked

MARKDOWN = frozenset({".md", ".markdown", ".mdown", ".mkdn", ".mkd"})  # what MkDocs takes for pages
START = 1_500_000  # bytes of Markdown that take as long as MkDocs takes to start
MOST = 40_000_000  # bytes of Markdown in one process, for the sake of its memory
HOOK = Path(__file__).parent / "hook.py"
SHARE = "share.json"  # beside a configuration: what the process is to make, and to see
_FEW = 4  # a process that renders less than one in so many pages sees only what it needs
_LINK = re.compile(
    r"""\]\(\s*<?([^\s()<>#?]+)|(?:href|src)\s*=\s*["']?([^\s"'<>#?]+)|^\s*\[[^\]\n]+\]:\s*<?([^\s<>#?]+)""",
    re.M,
)
_LEVEL = re.compile(r"^(?:WARNING|ERROR|CRITICAL)\s*-\s*")
_DIRTY = "A 'dirty' build is being performed"  # what it says of the switch itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is rendered: the pages in a folder, of the wiki at `root`, and how."""

    root: Path
    configuration: Path
    pages: Path
    environment: Mapping[str, str]
    frame: Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done: the sources as they are, and of them those that must be made anew.

    `surroundings` is true if what hangs on the frame and on the names of all files must be made too.
    """

    sources: Mapping[str, Source]
    stale: frozenset[str]
    surroundings: bool

    @property
    def idle(self) -> bool:
        """Whether everything that comes from MkDocs is there."""
        return not self.stale and not self.surroundings


@dataclass(frozen=True, slots=True)
class _Share:
    """The sources that one process makes, and whether it makes the surroundings."""

    sources: tuple[str, ...]
    surroundings: bool


def plan(job: Job, pages: Pages, kept: Kept, standing: Mapping[str, Signature]) -> Plan:
    """What of the site must be made anew, by its record and the files that stand there."""
    files, digests, directories = pages.listing.files, pages.digests, job.frame.directories
    sources = {
        path: Source(
            signature=files[path],
            digest=each,
            output=None
            if path in kept.unmade and kept.sources.get(path) == each
            else output_of(path, directories),
        )
        for path, each in digests.items()
    }
    if kept.frame != job.frame.digest or not job.frame.apart:
        sources = {path: replace(each, output=output_of(path, directories)) for path, each in sources.items()}
        return Plan(sources=sources, stale=frozenset(sources), surroundings=True)
    recorded = kept.site.files
    wrong = (
        set()
        if standing is recorded
        else {path for path, signature in recorded.items() if standing.get(path) != signature}
    )
    stale = {
        path
        for path, each in sources.items()
        if kept.sources.get(path) != each.digest
        or (each.output is not None and (each.output in wrong or each.output not in recorded))
    }
    made = {output_of(path, directories) for path in kept.sources}
    around = (path for path in wrong if path not in made and not path.startswith("pagefind/"))
    surroundings = sources.keys() != kept.sources.keys() or any(True for _ in around)
    return Plan(sources=sources, stale=frozenset(stale), surroundings=surroundings)


@functools.lru_cache(maxsize=1 << 17)
def output_of(path: str, directories: bool) -> str:
    """Where in the site MkDocs puts what it makes of a file among the pages."""
    stem, suffix = splitext(path)
    if suffix not in MARKDOWN:
        return path
    folder, name = dirname(stem), stem.rpartition("/")[2]
    if name == "README":
        return join(folder, "index.html")
    return f"{stem}.html" if name == "index" or not directories else f"{stem}/index.html"


@dataclass(frozen=True, slots=True)
class Rendered:
    """What came of it: whether the folder holds the whole site now, and what MkDocs complains of."""

    whole: bool
    said: tuple[str, ...] = ()


def render(job: Job, plan: Plan, folder: Path, work: Path) -> Rendered:
    """An empty folder holds what is made of the stale sources, with the surroundings if they are to be made,
    or else the whole site; if MkDocs complains, it is of no use.

    `work` is a folder for what is needed on the way. Raises OSError.
    """
    if plan.idle:
        return Rendered(whole=False)
    outputs = [source.output for source in plan.sources.values()]
    if not job.frame.apart or len(set(outputs)) < len(outputs):
        return Rendered(True, render_all(job, folder))
    shares = _shares(job, plan)
    processes = min(len(shares), os.cpu_count() or 1)
    with ThreadPoolExecutor(max(processes, 1)) as pool:
        said = list(
            pool.map(lambda item: _run_share(job, plan, item[1], work / str(item[0])), enumerate(shares))
        )
    if any(said):
        return Rendered(True, render_all(job, folder))
    for number, share in enumerate(shares):
        site = work / str(number) / "site"
        taken = _taken(plan, share, site)
        if number:
            move_in(site, taken, folder)
        else:  # it makes most, if not all
            keep_only(site, taken)
            exchange(site, folder)
    return Rendered(whole=False)


def render_all(job: Job, folder: Path) -> tuple[str, ...]:
    """The folder holds the whole site, made by one process; or else what MkDocs complains of comes back."""
    return _run(job, ["--strict", "--config-file", str(job.configuration), "--site-dir", str(folder)])


def _shares(job: Job, plan: Plan) -> list[_Share]:
    """The stale sources in parts that take about as long, the first with the surroundings."""
    sizes = {path: plan.sources[path].signature[1] for path in plan.stale if splitext(path)[1] in MARKDOWN}
    total = sum(sizes.values())
    count = min(os.cpu_count() or 1, total // START)
    count = max(1, count, -(-total // MOST))
    parts: list[list[str]] = [[] for _ in range(count)]
    loads = [0] * count
    for path in sorted(sizes, key=lambda path: (-sizes[path], path)):
        least = loads.index(min(loads))
        parts[least].append(path)
        loads[least] += sizes[path]
    parts[0] += [path for path in plan.stale if path not in sizes]
    return [_Share(tuple(sorted(part)), plan.surroundings and not at) for at, part in enumerate(parts)]


def _run_share(job: Job, plan: Plan, share: _Share, work: Path) -> tuple[str, ...]:
    """One process makes its share in `work/site`; what it warns of comes back. Raises OSError."""
    site = work / "site"
    site.mkdir(parents=True)
    own = set(share.sources)
    in_sight: Collection[str] = ()  # besides what stands among the pages
    pages = job.pages
    if not share.surroundings and len(own) * _FEW < len(plan.sources):
        told = {path: text for path, text in job.frame.spoken.items() if path not in own}
        in_sight = _needed(job, plan, own, told) - own - told.keys()
        pages = work / "pages"
        pages.mkdir()
        take_over(share.sources, job.pages, pages)
        for path, text in told.items():
            (pages / path).parent.mkdir(parents=True, exist_ok=True)
            (pages / path).write_bytes(text)
    order = {
        "made": sorted(own | job.frame.spoken.keys()),
        "in_sight": sorted(in_sight),
        "surroundings": share.surroundings,
    }
    (work / SHARE).write_text(json.dumps(order), encoding="utf-8")
    settings: dict[str, object] = {
        "INHERIT": str(job.configuration),
        "hooks": [str(HOOK)],
        "docs_dir": str(pages),
        "site_dir": str(site),
        "strict": False,  # as the switch itself is warned of
        # Anchors of pages that it does not render are unknown to it: all are looked up in the finished site.
        "validation": {"links": {"anchors": "ignore"}},
    }
    if job.frame.theme is not None:
        settings["theme"] = {"custom_dir": str(job.frame.theme)}  # counted from the file that is read
    (work / "mkdocs.yml").write_text(json.dumps(settings), encoding="utf-8")
    return _run(job, ["--dirty", "--config-file", str(work / "mkdocs.yml")])


def _needed(job: Job, plan: Plan, own: Collection[str], told: Mapping[str, bytes]) -> set[str]:
    """The files that a process must see to render some pages and to read what others tell the navigation:
    these, what they link to, and what the navigation names.

    Too many do no harm, and for too few MkDocs warns: then all are rendered with all in sight.
    """
    found = {*own, *(path for path in job.frame.named if path in plan.sources)}
    for page in (*own, *told):
        if splitext(page)[1] not in MARKDOWN:
            continue
        data = told[page] if page in told else (job.pages / page).read_bytes()
        text = data.decode(errors="replace")
        for match in _LINK.finditer(text):
            target = unquote(match[1] or match[2] or match[3]).replace("&amp;", "&")
            path = normpath(join(dirname(page), target))
            if path in plan.sources:
                found.add(path)
    return found


def _run(job: Job, arguments: Sequence[str]) -> tuple[str, ...]:
    """MkDocs is run; what it complains of comes back, or what it said last if it failed without a word."""
    done = subprocess.run(
        [*module_command("mkdocs"), "build", *arguments],
        cwd=job.root,
        env=job.environment,
        capture_output=True,
        text=True,
        check=False,
        close_fds=False,  # the lock goes on: see `writing`
    )
    said = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    told: list[str] = []
    for line in said:
        if _LEVEL.match(line):
            told.append(_LEVEL.sub("", line))
        elif told and line.startswith("- "):  # what the line above speaks of
            told[-1] += f" {line[2:]}"
    told = [line for line in told if not line.startswith(_DIRTY)]
    if done.returncode and not told:
        told = said[-5:] or [f"it ended with exit code {done.returncode} and said nothing"]
    return tuple(dict.fromkeys(told))


def _taken(plan: Plan, share: _Share, site: Path) -> list[str]:
    """What of the files that a process made is its share."""
    if share.surroundings:
        mine = {plan.sources[path].output for path in share.sources}
        others = {source.output for source in plan.sources.values()} - mine
        return [path for path in scan(site) if path not in others]
    return [out for path in share.sources if (out := plan.sources[path].output) and (site / out).exists()]


def take_over(paths: Iterable[str], old: Path, new: Path) -> None:
    """The files below one folder are below the other too: the very same ones, or else copies of equal age.

    Raises OSError.
    """
    for path in in_folders(new, paths):
        if not linked(old / path, new / path):
            shutil.copy2(old / path, new / path)
