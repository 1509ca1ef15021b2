"""`python -m bench.speed`: measures, whole processes side by side, and writes docs/speed.md; then builds a
made-up wiki again after random edits, and compares it with a first build.

Each round goes through all works in turn, so that all meet the same neighbours on the machine. Every run is
written down as it comes, in build/bench: the same command goes on where it was stopped, unless the code has
changed. Only a whole run, with the sizes and rounds that are usual, writes the page; any prints its table.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import venv
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from bench.again import Differs, try_all
from bench.speed import works
from bench.speed.page import page, table
from bench.speed.results import BASE, Notebook, Part, Size, read, written
from bench.speed.works import Failed, run
from bench.wikis import ROOT
from build_tools.site.kept import scan

FOLDER = ROOT / "build" / "bench" / "speed"
MEASURED = Path(__file__).with_name("measured.jsonl")  # what the page was written from
PAGE = ROOT / "docs" / "speed.md"
LOCK = ROOT / "bench" / "zensical.lock"
SIZES, LARGE, ROUNDS = (100, 1_000, 10_000), (100_000,), 3  # entities; of a large wiki no site is made
SEQUENCES, FEW = 3_000, 20  # of edits
CODE = (
    "build_tools",
    "theme",
    "docs/assets",
    "bench/speed/works.py",
    "bench/wikis.py",
    "mkdocs.yml",
    "requirements.lock",
)


def main() -> None:
    """Measures what is not written down yet, prints the table, and writes the page after a whole run; then
    tries sequences of edits."""
    parser = argparse.ArgumentParser(prog="bench.speed", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="entities of the wikis")
    parser.add_argument(
        "--large", type=int, nargs="*", default=LARGE, help="of those that are only checked and compiled"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each is done")
    parser.add_argument("--sequences", type=int, default=SEQUENCES, help="of random edits that are tried")
    few = f"a wiki of 100 entities, once, and {FEW} sequences: takes two minutes"
    parser.add_argument("--quick", action="store_true", help=few)
    parser.add_argument(
        "--page-only", action="store_true", help="write the page anew from the last whole run"
    )
    options = parser.parse_args()
    if options.page_only:
        PAGE.write_text(page(read(MEASURED.read_text(encoding="utf-8"))), encoding="utf-8")
        return
    sizes, large, rounds = tuple(options.sizes), tuple(options.large), options.rounds
    sequences = options.sequences
    if options.quick:
        sizes, large, rounds, sequences = (100,), (), 1, FEW
    notebook = Notebook(FOLDER / f"{code_digest()}.jsonl", machine())
    try:
        for entities in (*sizes, *large):
            measure(notebook, entities, rounds, site=entities not in large)
    except Failed as failed:
        sys.exit(f"bench.speed: {failed}")
    results = notebook.results
    print(f"\n{table(results)}")
    if (sizes, large, rounds) == (SIZES, LARGE, ROUNDS):
        MEASURED.write_text(written(results), encoding="utf-8")
        PAGE.write_text(page(results), encoding="utf-8")
        print(f"{PAGE.relative_to(ROOT)} is written")
    try:
        try_all(sequences)
    except Differs as differs:
        sys.exit(f"bench.speed: a build after edits is other than a first build: {differs}")


def measure(notebook: Notebook, entities: int, rounds: int, *, site: bool) -> None:
    """Every run at a size is written down; raises Failed."""
    zensical = environment_of_zensical() if site else None
    todo = works.works(zensical) if site else works.works(None)[:3]
    if all(notebook.has(entities, work.name, round_) for work in todo for round_ in range(1, rounds + 1)):
        return
    root = FOLDER / f"{code_digest()}-{entities}"
    if not root.exists():
        half = root.with_name(f"{root.name}.half")
        shutil.rmtree(half, ignore_errors=True)
        run((sys.executable, "-m", "bench.wikis", str(half), str(entities)), ROOT)
        works.ready_for_zensical(half)
        half.rename(root)
    for round_ in range(1, rounds + 1):
        follows = False  # whether the work before has been done just now
        for work in todo:
            if not notebook.has(entities, work.name, round_):
                if work.ready is not None and not follows:
                    run(work.ready(root), root)
                work.before(root, round_)
                took = run(work.command(root), root)
                notebook.put(replace(took, entities=entities, work=work.name, round=round_))
                told = f"{took.seconds:.2f} s, {took.cpu:.2f} s of CPU, {took.peak:.0f} MB"
                print(f"{entities:,} entities, round {round_}: {work.name}: {told}", flush=True)
                for what, folder in work.makes:
                    notebook.put(Size(entities, what, bytes_in(root / folder)))
                follows = True
            else:
                follows = False
    if site:
        for package, seconds in works.profile(root).items() if entities >= BASE else ():
            notebook.put(Part(entities, package, round(seconds, 3)))
        if (found := first_result(root / "build" / "site")) is not None:
            notebook.put(Size(entities, works.FIRST_RESULT, found))
    shutil.rmtree(root)


def bytes_in(folder: Path) -> int:
    """How many bytes the files of a folder have."""
    return sum(size for _, size, _ in scan(folder).values()) if folder.is_dir() else 0


def first_result(site: Path) -> int | None:
    """Bytes over the network from opening the search to its first result; None without Chromium."""
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    chromium = next((path for name in names if name and (path := shutil.which(name))), None)
    if chromium is None:
        return None
    command = [sys.executable, "-m", "bench.pages", "--chromium", chromium, "--first-result", str(site)]
    return int(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


@functools.cache
def code_digest() -> str:
    """A digest of all that what is measured hangs on."""
    found = hashlib.sha256()
    for name in CODE:
        top = ROOT / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and "__pycache__" not in path.parts:
                found.update(f"{path.relative_to(ROOT)} {path.stat().st_size}\n".encode() + path.read_bytes())
    return found.hexdigest()[:12]


def environment_of_zensical() -> Path | None:
    """The program, in an environment of its own by its lock; None where it cannot be had."""
    lock = LOCK.read_bytes()
    folder = FOLDER / f"zensical-{hashlib.sha256(lock).hexdigest()[:12]}"
    program, ready = folder / "bin" / "zensical", folder / "ready"
    if not ready.exists():
        venv.create(folder, clear=True, with_pip=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-qq", "--no-input"]
        pip += ["--only-binary", ":all:", "--require-hashes", "-r", str(LOCK)]
        done = subprocess.run(pip, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"Zensical is left out, as it cannot be installed: {done.stderr.strip()[-300:]}")
            return None
        ready.touch()
    return program


def machine() -> str:
    """What the figures hang on, in words."""
    versions = f"Python {platform.python_version()}, MkDocs {version('mkdocs')}"
    return f"{os.cpu_count()} cores, {platform.system()}, {versions}"


if __name__ == "__main__":
    main()
