"""Pages turned into HTML by MkDocs: those that have changed, by as many processes as there is work for.

Each process is an ordinary `mkdocs build --dirty` with a configuration that inherits the wiki's. The switch
makes MkDocs pass over files that were not modified, and a hook says so of every file that is not a process's
own. What a process makes of its own pages is the same as if it had made the others too, as long as the frame
says that pages can be rendered apart. One of them may have been started before it was known what to make.

Links are looked up among the files that a process sees. One that renders a few pages of many sees these,
what they link to, and the navigation. Whenever MkDocs has anything to complain of, everything is rendered
again by one process that sees and makes all, and what that one says is the answer.
"""

from __future__ import annotations

import contextlib
import functools
import json
import os
import re
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from posixpath import dirname, join, normpath, splitext
from urllib.parse import unquote

from build_tools.progress import SILENT, Progress
from build_tools.site.frame import Frame
from build_tools.site.kept import Kept, Source, scan
from build_tools.site.pages_folder import Coming
from build_tools.site.process import Process
from build_tools.spare_tree import Signature, in_folders, keep_only, move_in, take_over
from build_tools.write import exchange

MARKDOWN = frozenset({".md", ".markdown", ".mdown", ".mkdn", ".mkd"})  # what MkDocs takes for pages
START = 1_500_000  # bytes of Markdown that take as long as MkDocs takes to start
MOST = 40_000_000  # bytes of Markdown in one process, for the sake of its memory
HOOK = Path(__file__).parent / "hook.py"
SHARE = "share.json"  # in the folder of a process: where the pages are, what it is to make, and to see
# A process that renders less than one in so many pages sees only what it needs: for one page, to find that
# takes as long as to see twenty.
_FEW = 20
_LINK = re.compile(
    r"""\]\(\s*<?([^\s()<>#?]+)|(?:href|src)\s*=\s*["']?([^\s"'<>#?]+)|^\s*\[[^\]\n]+\]:\s*<?([^\s<>#?]+)""",
    re.M,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is rendered: the pages in a folder, of the wiki at `root`, and how.

    At `settings` stands, or will stand, the configuration of the processes that make shares of the site.
    """

    root: Path
    configuration: Path
    settings: Path
    pages: Path
    environment: Mapping[str, str]
    frame: Frame


class Waiting:
    """A process of MkDocs for the first share of a job like this, if one comes; else it must be ended."""

    def __init__(self, job: Job) -> None:
        self._read = _read_by(job)
        _write_settings(job)
        self._process: Process | None = _start(job)

    def taken_for(self, job: Job) -> Process | None:
        """The process, if there still is one and it has read what one of this job would read."""
        process = self._process
        if process is None or _read_by(job) != self._read:
            return None
        self._process = None
        return process

    def end(self) -> None:
        """No process waits any more."""
        if self._process is not None:
            self._process.end()
            self._process = None


def _read_by(job: Job) -> tuple[object, ...]:
    """What tells apart what processes read before they know their shares."""
    return job.root, job.configuration, job.settings, job.pages, dict(job.environment), job.frame.settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done: the sources as they are, and of them those that must be made anew.

    `copied` are files that MkDocs, as it did before, only copies: so it is not asked again. `surroundings` is
    true if what hangs on the frame and on the names of all files must be made too.
    """

    sources: Mapping[str, Source]
    stale: frozenset[str]
    copied: frozenset[str]
    surroundings: bool

    @property
    def idle(self) -> bool:
        """Whether everything that comes from MkDocs is there."""
        return not self.stale and not self.copied and not self.surroundings


@dataclass(frozen=True, slots=True)
class _Share:
    """The sources that one process makes, and whether it makes the surroundings."""

    sources: tuple[str, ...]
    surroundings: bool


def plan(job: Job, digests: Mapping[str, str], kept: Kept, standing: Mapping[str, Signature]) -> Plan:
    """What of the site of pages with these digests must be made anew, by its record and the files that stand
    there."""
    directories = job.frame.directories
    sources = {
        path: Source(
            digest=each,
            output=None
            if path in kept.unmade and kept.sources.get(path) == each
            else output_of(path, directories),
        )
        for path, each in digests.items()
    }
    if kept.frame != job.frame.digest or not job.frame.apart:
        sources = {path: replace(each, output=output_of(path, directories)) for path, each in sources.items()}
        stale = frozenset(sources)
        return Plan(sources=sources, stale=stale, copied=frozenset(), surroundings=True)
    recorded = kept.site.files
    wrong = (
        set()
        if standing is recorded
        else {path for path, signature in recorded.items() if standing.get(path) != signature}
    )
    changed = {
        path
        for path, each in sources.items()
        if kept.sources.get(path) != each.digest
        or (each.output is not None and (each.output in wrong or each.output not in recorded))
    }
    copied = {
        path
        for path in changed
        if splitext(path)[1] not in MARKDOWN and path in kept.sources and path in recorded
    }
    made = {output_of(path, directories) for path in kept.sources}
    around = (path for path in wrong if path not in made and not path.startswith("pagefind/"))
    surroundings = sources.keys() != kept.sources.keys() or any(True for _ in around)
    return Plan(
        sources=sources,
        stale=frozenset(changed - copied),
        copied=frozenset(copied),
        surroundings=surroundings,
    )


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


def render(
    job: Job,
    plan: Plan,
    coming: Coming,
    folder: Path,
    work: Path,
    waiting: Waiting | None,
    meanwhile: Callable[[], object],
    progress: Progress = SILENT,
) -> Rendered:
    """An empty folder holds what is made of the stale sources, with the surroundings if they are to be made,
    or else the whole site; if MkDocs complains, it is of no use. The pages are put in place, and what is to
    be done `meanwhile` is done.

    `work` is a folder for what is needed on the way. Raises OSError.
    """
    outputs = [source.output for source in plan.sources.values()]
    if not job.frame.apart or len(set(outputs)) < len(outputs):
        coming.put()
        meanwhile()
        return Rendered(True, render_all(job, folder))
    few = not plan.surroundings and len(plan.stale) * _FEW < len(plan.sources)
    if not few:
        coming.put()
    shares = _shares(job, plan, coming if few else None)
    _write_settings(job)
    folders = [work / str(number) for number in range(len(shares))]
    for share, own in zip(shares, folders, strict=True):
        _tell(job, plan, share, coming if few else None, own)

    counted = iter(progress.over(sorted(path for path in plan.stale if splitext(path)[1] in MARKDOWN)))
    one_at_a_time = threading.Lock()

    def made() -> None:
        with one_at_a_time:
            next(counted, None)

    def make(number: int) -> tuple[str, ...]:
        process = waiting.taken_for(job) if waiting and not number else None
        return (process or _start(job)).told(json.dumps(str(folders[number])), made)

    with ThreadPoolExecutor(max(1, min(len(shares), os.cpu_count() or 1))) as pool:
        telling = pool.map(make, range(len(shares)))
        coming.put()
        meanwhile()
        said = list(telling)
    for _ in counted:  # those that nobody told of
        pass
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
    take_over(plan.copied, job.pages, folder)
    return Rendered(whole=False)


def render_all(job: Job, folder: Path) -> tuple[str, ...]:
    """The folder holds the whole site, made by one process; or else what MkDocs complains of comes back."""
    arguments = ["--strict", "--config-file", str(job.configuration), "--site-dir", str(folder)]
    return _run(job, arguments).told()


def _shares(job: Job, plan: Plan, coming: Coming | None) -> list[_Share]:
    """The stale sources, which are `coming` or stand among the pages, in parts that take about as long, the
    first with the surroundings; none for none."""
    if not plan.stale and not plan.surroundings:
        return []
    pages = [path for path in plan.stale if splitext(path)[1] in MARKDOWN]
    sizes = {
        path: len(coming.data(path) or b"") if coming else (job.pages / path).stat().st_size for path in pages
    }
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


def _tell(job: Job, plan: Plan, share: _Share, coming: Coming | None, work: Path) -> None:
    """In an empty folder it is written down what a process is to make there; of pages that are `coming` it is
    to see those, what they need, and no others. Raises OSError."""
    (work / "site").mkdir(parents=True)
    own = set(share.sources)
    in_sight: Collection[str] = ()  # besides what stands among the pages
    pages = job.pages
    if coming is not None:
        told = {path: text for path, text in job.frame.spoken.items() if path not in own}
        in_sight = _needed(job, plan, {path: coming.data(path) or b"" for path in own} | told)
        in_sight = in_sight - own - told.keys()
        pages = work / "pages"
        pages.mkdir()
        coming.lay(share.sources, pages)
        for path in in_folders(pages, told):
            (pages / path).write_bytes(told[path])
    order = {
        "pages": str(pages),
        "made": sorted(own | job.frame.spoken.keys()),
        "in_sight": sorted(in_sight),
        "surroundings": share.surroundings,
    }
    (work / SHARE).write_text(json.dumps(order), encoding="utf-8")


def _needed(job: Job, plan: Plan, texts: Mapping[str, bytes]) -> set[str]:
    """The files that a process must see to render some pages and to read what others tell the navigation:
    these, what they link to, and what the navigation names.

    Too many do no harm, and for too few MkDocs warns: then all are rendered with all in sight.
    """
    found = {*texts, *(path for path in job.frame.named if path in plan.sources)}
    for page, data in texts.items():
        if splitext(page)[1] not in MARKDOWN:
            continue
        text = data.decode(errors="replace")
        for match in _LINK.finditer(text):
            target = unquote(match[1] or match[2] or match[3]).replace("&amp;", "&")
            path = normpath(join(dirname(page), target))
            if path in plan.sources:
                found.add(path)
    return found


def _start(job: Job) -> Process:
    """A process that waits for a share of the site, with the settings that stand there."""
    return _run(job, ["--dirty", "--config-file", str(job.settings)])


def _write_settings(job: Job) -> None:
    """The configuration of the processes that make shares of the site stands there. Raises OSError."""
    settings: dict[str, object] = {
        "INHERIT": str(job.configuration),
        "hooks": [str(HOOK)],
        "docs_dir": str(job.pages),  # if its share names no other place
        "strict": False,  # as the switch itself is warned of
        # Anchors of pages that it does not render are unknown to it: all are looked up in the finished site.
        "validation": {"links": {"anchors": "ignore"}},
    }
    if job.frame.theme is not None:
        settings["theme"] = {"custom_dir": str(job.frame.theme)}  # counted from the file that is read
    data = json.dumps(settings).encode()
    with contextlib.suppress(OSError):
        if job.settings.read_bytes() == data:  # another build may be reading it
            return
    half = job.settings.with_name(f"{job.settings.name}.{os.getpid()}")
    job.settings.parent.mkdir(parents=True, exist_ok=True)
    half.write_bytes(data)
    half.replace(job.settings)


def _run(job: Job, arguments: Sequence[str]) -> Process:
    return Process(job.root, arguments, job.environment)


def _taken(plan: Plan, share: _Share, site: Path) -> list[str]:
    """What of the files that a process made is its share."""
    if share.surroundings:
        mine = {plan.sources[path].output for path in share.sources}
        others = {source.output for source in plan.sources.values()} - mine
        return [path for path in scan(site) if path not in others]
    return [out for path in share.sources if (out := plan.sources[path].output) and (site / out).exists()]
