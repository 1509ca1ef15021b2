"""The pages turned into HTML by the site generator, a program of its own, and the HTML checked."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from build_tools.problems import Code, Location, Problem, has_errors
from build_tools.site_checks import SiteReport, check_site
from build_tools.site_words import Guard, check_words, read_site, read_written

CONFIGURATION = "mkdocs.yml"
_LEVEL = re.compile(r"^(?:WARNING|ERROR|CRITICAL)\s*-\s*")


def site_address() -> str:
    """The address that the site is made for, as mkdocs.yml takes it from the environment; often none."""
    return os.environ.get("SITE_URL", "")


def build_site(root: Path, guard: Guard, reports: list[SiteReport]) -> Callable[[Path], tuple[Problem, ...]]:
    """A `fill` that makes the site of `build/pages` and returns what is wrong with it, HTML and words.

    The report of the site checks is added to `reports`. Raises OSError.
    """

    def fill(folder: Path) -> tuple[Problem, ...]:
        problems = _generate(root, folder)
        if problems:
            return problems
        report = check_site(folder, site_url=site_address())
        reports.append(report)
        if has_errors(report.problems):
            return report.problems
        return check_words(read_site(folder), guard, read_written(root))

    return fill


def _generate(root: Path, folder: Path) -> tuple[Problem, ...]:
    command = [sys.executable, "-P", "-m", "mkdocs", "build", "--strict"]  # -P: no modules from the wiki
    command += ["--config-file", str(root / CONFIGURATION), "--site-dir", str(folder)]
    environment = os.environ | {"SOURCE_DATE_EPOCH": _epoch(root), "NO_MKDOCS_2_WARNING": "1"}
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
    lines = told or said[-5:] or [f"it ended with exit code {done.returncode} and said nothing"]
    hint = "mend the page or mkdocs.yml; the site built before is as it was"
    return tuple(Problem(_place(root, line), Code.SITE_BUILD, line, hint) for line in dict.fromkeys(lines))


def _place(root: Path, line: str) -> Location:
    """The page that the generator names, hand-written or compiled, or else its configuration."""
    page = re.search(r"(?:Doc file|Excluding) '([^']+)'", line)
    if page is None:
        return Location(CONFIGURATION)
    written = Path("docs") / page[1]
    return Location(written.as_posix() if (root / written).exists() else f"build/pages/{page[1]}")


def _epoch(root: Path) -> str:
    """The time that the site says it was built: SOURCE_DATE_EPOCH, or that of the last commit, or 1980."""
    if "SOURCE_DATE_EPOCH" in os.environ:
        return os.environ["SOURCE_DATE_EPOCH"]
    command = ["git", "-C", str(root), "log", "-1", "--format=%ct"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return "315532800"
    return done.stdout.strip() or "315532800"
