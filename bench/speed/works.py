"""What is measured: each work is a process of its own, done to a wiki that lies ready for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from bench.speed.profile import packages
from bench.speed.results import Row
from bench.wikis import RENAMED_TO, add_seed, edit_claim, record_of

ENVIRONMENT = MappingProxyType({"SOURCE_DATE_EPOCH": "1700000000", "NO_MKDOCS_2_WARNING": "1"})
EDITED, RENAMED, CITING = (
    41,
    42,
    43,
)  # numbers of entities that the edits are made to, in the middle of the tail
PLAIN, ZENSICAL = "mkdocs build", "zensical build"  # by themselves, of the pages that the compiler made
COLD, CLAIM, RENAME, SEED, NOTHING = (
    "wiki build, cold",
    "wiki build, one claim edited",
    "wiki build, one entity renamed",
    "wiki build, a new seed",
    "wiki build, nothing changed",
)
CHECK, CHECK_AGAIN, COMPILE = "wiki check, cold", "wiki check, again", "compile, cold"
ZENSICAL_AGAIN = "zensical build, nothing changed"
ZENSICAL_SETTINGS = "zensical.yml"
PAGES, SITE, CACHE = "build/pages", "build/site", "what is kept for the next run"
PLAIN_SITE, ZENSICAL_SITE = "the site of MkDocs", "the site of Zensical"
FIRST_RESULT = "to the first search result"


class Failed(Exception):
    """A process that is measured did not end well; says what it printed."""


Command = Callable[[Path], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Work:
    """A command for the folder of a wiki, and what is done before it, which is not measured.

    `ready` brings about what must stand there before that, where the work before this one has not. `makes`
    are the folders whose size is of interest then.
    """

    name: str
    command: Command
    before: Callable[[Path, int], None]
    ready: Command | None = None
    makes: tuple[tuple[str, str], ...] = ()


def works(zensical: Path | None) -> tuple[Work, ...]:
    """What is done to a wiki in a round, in order; `zensical` is the program of that name, if it is there."""
    pages, site = _wiki("build", "--pages-only"), _wiki("build")
    made = ((PAGES, "build/pages"), (SITE, "build/site"), (CACHE, "build/.cache"))
    found = [
        Work(CHECK, _wiki("check"), _forget),
        Work(CHECK_AGAIN, _wiki("check"), _nothing, _wiki("check")),
        Work(COMPILE, pages, _forget),
        Work(PLAIN, _mkdocs, _nothing, pages, ((PLAIN_SITE, "build/plain"),)),
        Work(COLD, site, _forget, None, made),
        Work(NOTHING, site, _nothing, site),
        Work(CLAIM, site, _edit, site),
        Work(RENAME, site, _rename, site),
        Work(SEED, site, _seed, site),
    ]
    if zensical is not None:
        command = (str(zensical), "build", "-f", ZENSICAL_SETTINGS)
        theirs = ((ZENSICAL_SITE, "build/zensical"),)
        found.append(Work(ZENSICAL, lambda _: command, _forget_zensical, pages, theirs))
        found.append(Work(ZENSICAL_AGAIN, lambda _: command, _nothing, lambda _: command))
    return tuple(found)


def ready_for_zensical(root: Path) -> None:
    """Zensical can be run on the wiki: with a theme of its own, as it cannot read templates that are written
    for MkDocs."""
    (root / "no-theme").mkdir()
    lines = ("INHERIT: mkdocs.yml", "site_dir: build/zensical", "theme: {custom_dir: no-theme}")
    (root / ZENSICAL_SETTINGS).write_text("".join(f"{line}\n" for line in lines))


def _wiki(*arguments: str) -> Command:
    """The compiler, on the wiki of a folder."""
    return lambda root: (sys.executable, "-m", "build_tools", "--root", str(root), *arguments)


def _mkdocs(_root: Path) -> Sequence[str]:
    return sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", "build/plain"


def _nothing(_root: Path, _round: int) -> None: ...


def _forget(root: Path, _round: int) -> None:
    shutil.rmtree(root / "build", ignore_errors=True)


def _forget_zensical(root: Path, _round: int) -> None:
    for made in (".cache", "build/zensical"):
        shutil.rmtree(root / made, ignore_errors=True)


def _edit(root: Path, _round: int) -> None:
    edit_claim(root, EDITED)


def _rename(root: Path, round_: int) -> None:
    """An entity has another id, wherever that stands; or has it already, if the run was cut short."""
    old = record_of(root, RENAMED).stem
    new = f"{old.partition(RENAMED_TO)[0]}{RENAMED_TO}{round_}"
    if old != new:
        run(_wiki("rename", old, new)(root), root)


def _seed(root: Path, round_: int) -> None:
    if not (root / "seeds" / f"new-{round_}").exists():
        add_seed(root, f"new-{round_}", CITING)


def profile(root: Path) -> dict[str, float]:
    """Where the time of a cold build goes: seconds by package. Raises Failed."""
    _forget(root, 0)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "profile"
        run(_wiki("build", "--profile", str(file))(root), root)
        return packages(file)


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str] = ENVIRONMENT) -> Row:
    """What a process took, and those that it started; raises Failed.

    The row has no size, name or round. Linux counts for a process that has ended the memory of the largest
    that it waited for, itself among them (getrusage(2), RUSAGE_CHILDREN).
    """
    with tempfile.TemporaryFile() as out:
        begin = time.perf_counter()
        process = subprocess.Popen(
            command,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=os.environ | environment,
        )
        try:
            _, status, used = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            out.seek(0)
            told = out.read().decode(errors="replace")[-2000:]
            raise Failed(f"{' '.join(command)} ended with {process.returncode}:\n{told}")
    peak = used.ru_maxrss * 1024 / 1e6
    return Row(0, "", 0, round(seconds, 3), round(used.ru_utime + used.ru_stime, 3), round(peak, 1))
