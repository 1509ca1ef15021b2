"""The pages turned into HTML by the site generator, a program of its own, indexed, and checked."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from build_tools.pages.search_entries import Entry
from build_tools.problems import Code, Location, Problem, has_errors
from build_tools.site.checks import SiteReport, check_site
from build_tools.site.search_index import index_site
from build_tools.site.words import Guard, check_words, read_site, read_written

CONFIGURATION = "mkdocs.yml"
PREVIEW = "build/preview"  # the pages and the site that show what is attached on this machine
_LEVEL = re.compile(r"^(?:WARNING|ERROR|CRITICAL)\s*-\s*")


def site_address() -> str:
    """The address that the site is made for, as mkdocs.yml takes it from the environment; often none."""
    return os.environ.get("SITE_URL", "")


def build_site(
    root: Path, guard: Guard, entries: Mapping[str, Entry], reports: list[SiteReport]
) -> Callable[[Path], tuple[Problem, ...]]:
    """A `fill` that makes the site of `build/pages`, with its search index, and returns what is wrong with
    it: HTML, and words in all that is published.

    The report of the site checks is added to `reports`. Raises OSError.
    """

    def fill(folder: Path) -> tuple[Problem, ...]:
        problems = _generate(root, folder, CONFIGURATION, "build/pages") or index_site(folder, entries)
        if problems:
            return problems
        report = check_site(folder, site_url=site_address())
        reports.append(report)
        if has_errors(report.problems):
            return report.problems
        return check_words(read_site(folder), guard, read_written(root))

    return fill


def build_preview(
    root: Path, entries: Mapping[str, Entry], reports: list[SiteReport]
) -> Callable[[Path], tuple[Problem, ...]]:
    """A `fill` that makes the site of `build/preview/pages`, with its search index, and returns what is
    wrong with its HTML.

    Every page says that it is for this machine alone. The words are not held to any budget, as showing
    them is what the preview is for. Raises OSError.
    """

    def fill(folder: Path) -> tuple[Problem, ...]:
        lines = [f"INHERIT: ../../{CONFIGURATION}", "docs_dir: pages", "site_dir: site", 'site_url: ""']
        lines.append("extra: {preview: true}")
        if (root / "theme").is_dir():
            lines.append("theme: {custom_dir: ../../theme}")  # counted from the file that is read
        (root / PREVIEW / CONFIGURATION).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        problems = _generate(root, folder, f"{PREVIEW}/{CONFIGURATION}", f"{PREVIEW}/pages")
        problems = problems or index_site(folder, entries)
        if problems:
            return problems
        report = check_site(folder, shown_as=f"{PREVIEW}/site")
        reports.append(report)
        return report.problems

    return fill


def _generate(root: Path, folder: Path, configuration: str, pages: str) -> tuple[Problem, ...]:
    command = [sys.executable, "-P", "-m", "mkdocs", "build", "--strict"]  # -P: no modules from the wiki
    command += ["--config-file", str(root / configuration), "--site-dir", str(folder)]
    environment = os.environ | {"SOURCE_DATE_EPOCH": epoch(root), "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(
        command,
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        close_fds=False,  # the lock goes on: see `writing`
    )
    if done.returncode == 0:
        return ()
    said = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    told: list[str] = []
    for line in said:
        if _LEVEL.match(line):
            told.append(_LEVEL.sub("", line))
        elif told and line.startswith("- "):  # what the line above speaks of
            told[-1] += f" {line[2:]}"
    return complaints(
        root, told or said[-5:] or [f"it ended with exit code {done.returncode} and said nothing"], pages
    )


def complaints(root: Path, lines: Iterable[str], pages: str) -> tuple[Problem, ...]:
    """The problems that the lines are in which the generator complains of the folder `pages`."""
    hint = "mend the page or mkdocs.yml; the site built before is as it was"
    return tuple(
        Problem(_place(root, line, pages), Code.SITE_BUILD, line, hint) for line in dict.fromkeys(lines)
    )


def _place(root: Path, line: str, pages: str) -> Location:
    """The page that the generator names, hand-written or compiled, or else its configuration."""
    page = re.search(r"(?:Doc file|Excluding) '([^']+)'", line)
    if page is None:
        return Location(CONFIGURATION)
    written = Path("docs") / page[1]
    return Location(written.as_posix() if (root / written).exists() else f"{pages}/{page[1]}")


def epoch(root: Path) -> str:
    """The time that the site says it was built: SOURCE_DATE_EPOCH, or that of the last commit, or 1980."""
    if "SOURCE_DATE_EPOCH" in os.environ:
        return os.environ["SOURCE_DATE_EPOCH"]
    command = ["git", "-C", str(root), "log", "-1", "--format=%ct"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "315532800"
    return done.stdout.strip() or "315532800"
