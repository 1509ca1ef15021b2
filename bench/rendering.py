"""`python -m bench.rendering`: making the site of a made-up wiki, beside plain `mkdocs build` of its pages.

Whole processes, in turn, so that all meet the same neighbours. Compiling is left out: the pages are there.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.wikis import ROOT, lay_out
from build_tools.compiler import check_wiki
from build_tools.load import load
from build_tools.site.generate import build_site
from build_tools.write import writing

EPOCH = {"SOURCE_DATE_EPOCH": "1700000000", "NO_MKDOCS_2_WARNING": "1"}


def make_site(root: Path) -> None:
    """Makes the site of the pages that are there, and prints the seconds that it took."""
    wiki = check_wiki(*load(root)).wiki
    if wiki is None:
        sys.exit("bench.rendering: the wiki is not sound")
    begin = time.perf_counter()
    with writing(root / "build"):
        built = build_site(root, wiki)
    print(time.perf_counter() - begin)
    if built.problems:
        sys.exit(f"bench.rendering: {built.problems[0].message}")


def ours(root: Path) -> float:
    """Seconds of `make_site`, in a process of its own."""
    command = [sys.executable, "-m", "bench.rendering", "--root", str(root)]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | EPOCH, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def plain(root: Path) -> float:
    """Seconds of MkDocs by itself."""
    site = root / "plain"
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(site)]
    begin = time.perf_counter()
    subprocess.run(command, cwd=root, env=os.environ | EPOCH, capture_output=True, check=True)
    seconds = time.perf_counter() - begin
    shutil.rmtree(site)
    return seconds


def cold(root: Path) -> float:
    """With nothing there."""
    for folder in ("site", ".cache"):
        shutil.rmtree(root / "build" / folder, ignore_errors=True)
    return ours(root)


def one_page(root: Path) -> float:
    """After one page changed."""
    page = min((root / "build" / "pages" / "places").glob("*.md"))
    text = page.read_text()
    page.unlink()  # a file written anew, as the compiler does
    page.write_text(f"{text}\nMore.\n")
    return ours(root)


CASES: tuple[tuple[str, Callable[[Path], float]], ...] = (
    ("plain mkdocs build", plain),
    ("cold, with search and checks", cold),
    ("one page changed", one_page),
    ("nothing changed", ours),
)


def main() -> None:
    """Prints a table; `--root` is for the processes that it starts."""
    parser = argparse.ArgumentParser(prog="bench.rendering", description=__doc__)
    parser.add_argument("--entities", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--root", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.root is not None:
        make_site(options.root)
        return
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "wiki"
        lay_out(root, options.entities)
        command = [sys.executable, "-m", "build_tools", "--root", str(root), "build", "--pages-only"]
        subprocess.run(command, cwd=ROOT, env=os.environ | EPOCH, capture_output=True, check=True)
        found: dict[str, list[float]] = {name: [] for name, _ in CASES}
        for _ in range(options.rounds):
            for name, measure in CASES:
                found[name].append(measure(root))
    base = statistics.median(found["plain mkdocs build"])
    print(
        f"| {options.entities:,} entities | median, s | least | most | of plain |\n|---|---:|---:|---:|---:|"
    )
    for name, seconds in found.items():
        middle = statistics.median(seconds)
        print(f"| {name} | {middle:.2f} | {min(seconds):.2f} | {max(seconds):.2f} | {middle / base:.3f} |")


if __name__ == "__main__":
    main()
