"""`python -m bench.scale`: how `wiki check` grows with the cites, whole processes, side by side in one run.

The wikis are made of honest claims of the benchmark's texts, ten cites an entity; the larger has five
times the entities and cites of the smaller. What counts is the ratio, which no machine's speed changes.
"""

from __future__ import annotations

import itertools
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.claims import claims
from bench.judge import SETTINGS
from bench.measure import SEED_RECORD, cut_passages, passages_file
from bench.texts import Text, TextSet, fetch, texts
from build_tools.seal import seal_text
from build_tools.seeds import seal_of

FOLDER = Path(__file__).parent.parent / "build" / "bench"
ENTITIES, CITES, TIMES, ROUNDS = 200, 10, 5, 3


def lay_out(root: Path, entities: int, taken: tuple[Text, ...]) -> None:
    """A wiki of so many entities, ten cites each, lies at `root`."""
    honest = [claim for claim in claims(taken, "1") if claim.honest and not claim.entities and not claim.when]
    supply = itertools.cycle(honest)
    (root / "docs").mkdir(parents=True)
    (root / "wiki.yml").write_text(SETTINGS, encoding="utf-8")
    for text in taken:
        folder = root / "seeds" / text.id
        folder.mkdir(parents=True)
        (folder / "seed.yml").write_text(SEED_RECORD, encoding="utf-8")
        (folder / "passages.yml").write_text(passages_file(text), encoding="utf-8")
        seal = seal_text(seal_of(text.id, cut_passages(text)))
        (folder / "seal.json").write_text(seal, encoding="utf-8")
    folder = root / "entities" / "things"
    folder.mkdir(parents=True)
    (folder / "benchmark.yml").write_text("name: Qwertz\n", encoding="utf-8")
    for number in range(entities):
        rows = [
            {"id": f"c{i}", "text": claim.words, "cites": [claim.cite]}
            for i, claim in enumerate(itertools.islice(supply, CITES))
        ]
        record = json.dumps({"name": f"Zz{number}", "claims": rows}, ensure_ascii=False, indent=1)
        (folder / f"thing-{number}.yml").write_text(record, encoding="utf-8")


def check(root: Path) -> tuple[float, float]:
    """Seconds and peak megabytes of one `wiki check`, a process of its own."""
    command = [sys.executable, "-m", "build_tools", "--root", str(root), "check", "--format", "json"]
    with tempfile.TemporaryFile() as out:
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, cwd=Path(__file__).parent.parent)
        _, _, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = 0
    return seconds, _megabytes(used)


def _megabytes(used: resource.struct_rusage) -> float:
    return used.ru_maxrss / 1024


def main() -> None:
    """Prints a row for each size, and the ratio of the two."""
    fetch(FOLDER)
    taken = texts(FOLDER, TextSet.DEVELOPMENT)
    with tempfile.TemporaryDirectory() as folder:
        roots = {ENTITIES: Path(folder) / "small", ENTITIES * TIMES: Path(folder) / "large"}
        for entities, root in roots.items():
            lay_out(root, entities, taken)
        found: dict[int, list[tuple[float, float]]] = {entities: [] for entities in roots}
        for _ in range(ROUNDS):  # A B A B, so that both meet the same neighbours
            for entities, root in roots.items():
                found[entities].append(check(root))
    medians: list[float] = []
    for entities, runs in found.items():
        seconds = [run[0] for run in runs]
        medians.append(statistics.median(seconds))
        print(
            f"wiki check, {entities * CITES:,} cites: median {medians[-1]:.2f} s "
            f"({min(seconds):.2f}-{max(seconds):.2f}), {max(run[1] for run in runs):.0f} MB"
        )
    print(f"{TIMES} times the cites take {medians[1] / medians[0]:.1f} times as long")


if __name__ == "__main__":
    main()
