"""`python -m bench.again`: random edits of a made-up wiki, builds between them, compared with a first build.

After each sequence of edits every byte of pages and site must be what a first build makes of the same files.
Among the edits are broken files, builds killed at any moment, damaged records, and clocks set back.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench.wikis import ROOT, lay_out
from build_tools.site.kept import digest, scan

ENTITIES, EDITS = 15, 4  # of the wiki; before each comparison
EPOCH = {"SOURCE_DATE_EPOCH": "1700000000"}


def build(root: Path) -> int:
    """`wiki build`, as a process of its own."""
    return subprocess.run(_command(root), cwd=ROOT, env=os.environ | EPOCH, capture_output=True).returncode


def _command(root: Path) -> list[str]:
    return [sys.executable, "-m", "build_tools", "--root", str(root), "build"]


def built(root: Path) -> dict[str, str]:
    """Every file that was built, with its digest."""
    build = root / "build"
    return {path: digest(build / path) for path in scan(build) if path.startswith(("pages/", "site/"))}


# ---- the edits ---------------------------------------------------------------------------------


def _record(root: Path, chance: random.Random) -> Path:
    return chance.choice(sorted((root / "entities").rglob("*.yml")))


def _change(path: Path, pattern: str, new: str) -> None:
    path.write_text(re.sub(pattern, new, path.read_text(), count=1))


def another_topic(root: Path, chance: random.Random) -> None:
    """A claim is of another topic."""
    _change(
        _record(root, chance), r"topics: \[\w+\]", f"topics: [{chance.choice(('trade', 'roads', 'craft'))}]"
    )


def a_note(root: Path, chance: random.Random) -> None:
    """An entity has a note, or another one."""
    path = _record(root, chance)
    text = path.read_text().partition("notes:")[0]
    path.write_text(f"{text}notes:\n  - {{text: Seen {chance.randrange(1000)} times.}}\n")


def another_entity(root: Path, chance: random.Random) -> None:
    """An entity that nothing links to comes, or goes, or is renamed."""
    path = root / "entities" / "places" / "lone.yml"
    moved = path.with_name("alone.yml")
    if path.exists() and chance.random() < 0.5:
        path.rename(moved)
        moved.write_text(f"{moved.read_text()}formerly: [lone]\n")
    elif path.exists() or moved.exists():
        path.unlink(missing_ok=True)
        moved.unlink(missing_ok=True)
    else:
        path.write_text("name: Lone\n")


def another_theme(root: Path, chance: random.Random) -> None:
    """A template of the theme says something else."""
    _change(root / "theme/partials/copyright.html", r"(>)[^<>]*(</a> ·)", rf"\1Feed {chance.randrange(9)}\2")


def another_setting(root: Path, chance: random.Random) -> None:
    """The site has another name."""
    _change(root / "mkdocs.yml", r"site_name: .*", f"site_name: Made up {chance.randrange(9)}")


def another_label(root: Path, chance: random.Random) -> None:
    """A topic is called something else on all pages."""
    _change(root / "wiki.yml", r"label: Roads\w*", f"label: Roads{chance.choice('abc')}")


def another_page(root: Path, chance: random.Random) -> None:
    """A page written by hand says something else."""
    name = chance.choice(sorted((root / "entities" / "firms").iterdir()))
    link = f"[{chance.randrange(9)}](firms/{name.stem}.md#c0)"
    (root / "docs" / "about.md").write_text(f"# About {chance.randrange(3)}\n\nSee {link}.\n")


def broken_and_mended(root: Path, chance: random.Random) -> None:
    """A record is broken, which nothing is built of, and then as it was."""
    path = _record(root, chance)
    text = path.read_text()
    path.write_text(f"{text}\n\t- [")
    assert build(root) != 0
    path.write_text(text)


def killed(root: Path, chance: random.Random) -> None:
    """A build is killed at any moment."""
    process = subprocess.Popen(
        _command(root), cwd=ROOT, env=os.environ | EPOCH, stdout=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.wait(chance.random() * 4)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait()


def damaged(root: Path, chance: random.Random) -> None:
    """Something in the folder of what is built is gone, damaged, or of another time."""
    files = sorted(path for path in (root / "build").rglob("*") if path.is_file() and path.name != ".lock")
    path = (
        chance.choice(files)
        if chance.random() < 0.5
        else chance.choice(sorted((root / "build/.cache").iterdir()))
    )
    if path.is_relative_to(root / "build/pages"):
        return  # what was written there is compared with the records by its bytes
    how = chance.randrange(4)
    if how == 0:
        path.unlink()
    elif how == 1:
        data = bytearray(path.read_bytes() or b"x")
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.unlink()
        path.write_bytes(data)
    elif how == 2:
        path.write_bytes(b"")
    else:
        for each in files:
            if each.exists():
                os.utime(each, (1, 1))


EDITS_OF: tuple[Callable[[Path, random.Random], None], ...] = (
    another_topic,
    another_topic,
    a_note,
    a_note,
    another_entity,
    another_entity,
    another_theme,
    another_setting,
    another_label,
    another_page,
    broken_and_mended,
    killed,
    damaged,
    damaged,
)  # fmt: skip


def sequence(root: Path, chance: random.Random) -> list[str]:
    """Some edits, with a build after most; the names of the edits. The last build is sound."""
    done = []
    for _ in range(EDITS):
        edit = chance.choice(EDITS_OF)
        edit(root, chance)
        done.append(edit.__name__)
        if chance.random() < 0.5:
            build(root)
    if build(root) != 0:
        sys.exit(f"bench.again: after {', '.join(done)} the wiki does not build")
    return done


def main() -> None:
    """Prints how many sequences were alike; exits with 1 at the first that was not, and says where."""
    parser = argparse.ArgumentParser(prog="bench.again", description=__doc__)
    parser.add_argument("--sequences", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "wiki"
        lay_out(root, ENTITIES, options.seed)
        if build(root) != 0:
            sys.exit("bench.again: the wiki does not build")
        for number in range(options.sequences):
            done = sequence(root, chance)
            copy = Path(folder) / "first"
            shutil.copytree(root, copy, ignore=shutil.ignore_patterns("build"))
            build(copy)
            found, expected = built(root), built(copy)
            shutil.rmtree(copy)
            if found != expected:
                paths = sorted(path for path in {*found, *expected} if found.get(path) != expected.get(path))
                sys.exit(f"bench.again: sequence {number}, {', '.join(done)}: {', '.join(paths[:5])} differ")
    print(f"{options.sequences} sequences of {EDITS} edits: every byte as a first build makes it")


if __name__ == "__main__":
    main()
