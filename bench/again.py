"""`python -m bench.again`: random edits of a made-up wiki, builds between them, compared with a first build.

After each sequence of edits every byte of pages, site and data must be what a first build makes of the same
files. Among the edits are broken files, builds killed at any moment, two at once, damaged records, and clocks
set back; and the live preview, whose pages must be those of a build. Something stands in for MkDocs, as it
would take most of the time; with `--mkdocs` nothing does. Every other wiki is built as if it were large, but
for the first builds that it is compared with.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from bench import stand_in
from bench.speed.works import ENVIRONMENT
from bench.wikis import KINDS, lay_out, name_of, write_seed
from build_tools import lasting, memory
from build_tools.cli import main as wiki
from build_tools.serve import PLACE
from build_tools.serve.workshop import Workshop
from build_tools.site import rendering
from build_tools.site.kept import digest, scan
from build_tools.write import writing

ENTITIES, EDITS = 4, 2  # of the wiki; before each comparison, at most
TOGETHER = 100  # sequences on one wiki
LONGEST = 0.6  # seconds after which a build is killed, at most
SITE = """\
site_name: Made up
docs_dir: build/pages
site_dir: build/site
theme: {name: material, custom_dir: theme}
plugins: []
markdown_extensions: [attr_list, md_in_html, def_list, tables, toc: {permalink: false}]
"""


@dataclass(frozen=True, slots=True)
class Made:
    """A made-up wiki, and what chance does to it."""

    root: Path
    chance: random.Random
    mkdocs: bool = False  # whether MkDocs makes its sites
    large: bool = False  # whether it is taken to be: of a large one nobody holds the contents

    @property
    def said(self) -> Path:
        """What the command said that began last."""
        return self.root.with_name("said")

    def build(self) -> int:
        """The exit code of a build."""
        return self.run("build")

    def begin(self, work: Callable[[], int]) -> int:
        """A copy of this process does this, and ends with the code that comes of it; its number, which is its
        group's too."""
        sys.stdout.flush()
        process = os.fork()
        if process:
            return process
        code = 70  # of what no command returns
        try:
            os.setsid()
            code = work()
        finally:  # whatever it was: this copy must not go on with what the process was doing
            if sys.exc_info()[0] is not None:
                self.said.write_text(traceback.format_exc())
            os._exit(code)

    def run(self, *arguments: str) -> int:
        """The exit code of a command."""
        with (
            self._at_its_size(),
            self.said.open("w") as said,
            contextlib.redirect_stdout(said),
            contextlib.redirect_stderr(said),
        ):
            return wiki(["--root", str(self.root), *arguments])

    def show(self) -> int:
        """0 if the live preview shows the wiki, as it is and often once more with another note."""
        with self._at_its_size(), writing(self.root / PLACE):
            workshop = Workshop(self.root)
            shown = workshop.rebuild()
            if self.chance.random() < 0.5:
                a_note(self)
                shown = workshop.rebuild()
            found = [*shown.findings, *workshop.finish().findings]
        self.said.write_text("\n".join(f"{each.problem}" for each in found))
        return 0 if shown.placed else 1

    @contextlib.contextmanager
    def _at_its_size(self) -> Iterator[None]:
        """Meanwhile the wiki is taken to be large, if it is, and something stands in for MkDocs."""
        generator = (
            contextlib.nullcontext() if self.mkdocs else patch.object(rendering, "_run", stand_in.Process)
        )
        much, held, few = (0, 5_000, 2) if self.large else (memory._MUCH, lasting._HELD, rendering._FEW)
        with (
            generator,
            patch.object(memory, "_MUCH", much),
            patch.object(lasting, "_HELD", held),
            patch.object(rendering, "_FEW", few),
        ):
            yield

    def built(self, tree: str, place: str = "build") -> dict[str, str]:
        """Every file of a tree that was built, with its digest."""
        folder = self.root / place / tree
        return {f"{tree}/{path}": digest(folder / path) for path in scan(folder)}

    def record(self) -> Path:
        """The record of an entity that others may name."""
        found = sorted(path for path in self.root.glob("entities/*/*.yml") if "lone" not in path.stem)
        return self.chance.choice(found)

    def change(self, path: str | Path, pattern: str, new: str) -> None:
        """The first place of a file that matches reads otherwise, if there is one."""
        file = self.root / path
        text = re.sub(pattern, new, file.read_text(), count=1, flags=re.M)
        file.unlink()
        file.write_text(text)

    def build_is_free(self) -> None:
        """Whatever still goes on of a build that was killed is over."""
        with (self.root / "build" / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)

    def no_links_by_hand(self) -> None:
        """No page that was written by hand links to an entity, which may be gone."""
        (self.root / "docs" / "about.md").write_text("# About\n")


# ---- the edits ---------------------------------------------------------------------------------


def another_claim(made: Made) -> None:
    """A claim is worded another way, or is of another topic, or gone."""
    path = made.record()
    how = made.chance.randrange(3)
    if how == 0:
        year = made.chance.choice(("the year ", ""))
        made.change(path, r"(    text: \".*?)(?:the year )?\b(\d{4})\b", rf"\1{year}\2")
    elif how == 1:
        made.change(path, r"topics: \[\w+\]", f"topics: [{made.chance.choice(('trade', 'roads', 'craft'))}]")
    elif path.read_text().count("  - id: c") > 2:
        made.change(path, r"  - id: c\d+\n    text: .*\n    topics: .*\n    when: .*\n    cites: .*\n", "")


def a_note(made: Made) -> None:
    """An entity has a note, or another one."""
    path = made.record()
    text = path.read_text().partition("notes:")[0]
    path.write_text(f"{text}notes:\n  - {{text: Seen {made.chance.randrange(1000)} times.}}\n")


def another_name(made: Made) -> None:
    """An entity has another name, and its first one still besides; or yet another besides."""
    path = made.record()
    text, name = path.read_text(), f"{name_of(made.chance.randrange(1000))} the Other"
    first = re.search(r"^also: \[\{name: ([^,}]*)", text, re.M) or re.search(r"^name: (.*)", text)
    assert first is not None
    text = re.sub(r"^also: .*\n", "", text, flags=re.M)
    if made.chance.random() < 0.5:
        text = re.sub(r"^name: .*", f"name: {name}", text)
        names = f"{{name: {first[1]}, kind: short}}"
    else:
        names = f"{{name: {first[1]}, kind: short}}, {{name: {name}, kind: short}}"
    path.write_text(f"{text}also: [{names}]\n")


def another_kind(made: Made) -> None:
    """An entity is of another kind."""
    path = made.record()
    folder = made.chance.choice(
        sorted({*KINDS} - ({"people"} if "quotes:" not in path.read_text() else {"firms"}))
    )
    made.no_links_by_hand()
    (made.root / "entities" / folder).mkdir(exist_ok=True)
    path.rename(made.root / "entities" / folder / path.name)


def another_id(made: Made) -> None:
    """An entity, a claim or a seed has another id, wherever it stands."""
    made.no_links_by_hand()
    record, number = made.record(), made.chance.randrange(1000)
    seed = made.chance.choice(sorted((made.root / "seeds").iterdir())).name
    claim = re.search(r"  - id: (\w+)", record.read_text())
    old, new = made.chance.choice(
        ((record.stem, f"id-{number}"), (seed, f"paper-{number}"))
        + (((f"{record.stem}#{claim[1]}", f"c{number}"),) if claim else ())
    )
    made.run("rename", old, new)


def another_entity(made: Made) -> None:
    """An entity that nothing links to comes, or goes, or is renamed."""
    path = made.root / "entities" / "places" / "lone.yml"
    moved = path.with_name("lone-again.yml")
    if path.exists() and made.chance.random() < 0.5:
        path.rename(moved)
        moved.write_text(f"{moved.read_text()}formerly: [lone]\n")
    elif path.exists() or moved.exists():
        path.unlink(missing_ok=True)
        moved.unlink(missing_ok=True)
    else:
        link = made.record().stem
        path.write_text(f"name: Lone\nnotes:\n  - {{text: 'It is near [[{link}]].'}}\n")


def another_seed(made: Made) -> None:
    """A seed comes with a claim that cites it, or has another label or gist, or goes again."""
    chance, record = made.chance, made.record()
    seed = made.root / "seeds" / "new"
    if not seed.exists():
        name = f"Gate of {chance.choice(('Ab', 'Ib', 'Ob'))}"
        write_seed(made.root, "new", record.stem, [(f"The {name} stood open through the whole summer.", "")])
        claim = f'  - id: new\n    text: "The {name} was open all summer."\n    cites: [new#p1]\n'
        made.change(record, r"^claims:\n", f"claims:\n{claim}")
    elif chance.random() < 0.3:
        shutil.rmtree(seed)
        for path in made.root.glob("entities/*/*.yml"):
            made.change(path, r"  - id: \w+\n    text: .*\n    cites: \[new#p1\]\n", "")
    elif chance.random() < 0.5:
        made.change("seeds/new/seed.yml", r"^short: .*", f"short: Paper {chance.randrange(9)}")
    else:
        made.change("seeds/new/passages.yml", r"number \d+", f"number {chance.randrange(9)}")


def another_theme(made: Made) -> None:
    """A template of the theme says something else, or a style sheet."""
    word = f"Feed {made.chance.randrange(9)}"
    if made.chance.random() < 0.5:
        made.change("theme/partials/copyright.html", r"(>)[^<>]*(</a> ·)", rf"\1{word}\2")
    else:
        (made.root / "docs/assets/wiki.css").write_text(f"/* {word} */\n")


def another_setting(made: Made) -> None:
    """The site has another name, the navigation other words or another order."""
    number = made.chance.randrange(9)
    how = made.chance.randrange(3)
    if how == 0:
        made.change("mkdocs.yml", r"^site_name: .*", f"site_name: Made up {number}")
    elif how == 1:
        made.change("mkdocs.yml", r"- (?:About \d: )?about.md", f"- About {number}: about.md")
    else:
        made.change("mkdocs.yml", r"^(  - .*\n)(  - .*\n)", r"\2\1")


def another_rule(made: Made) -> None:
    """A topic is called something else on all pages, or quotations have another budget."""
    made.change("wiki.yml", r"label: Roads\w*", f"label: Roads{made.chance.choice('abc')}")
    made.change("wiki.yml", r"words_per_quote: \d+", f"words_per_quote: {made.chance.randrange(20, 30)}")


def another_page(made: Made) -> None:
    """A page written by hand says something else, or comes, or goes."""
    entity = made.record()
    link = f"[{made.chance.randrange(9)}]({entity.parent.name}/{entity.stem}.md)"
    (made.root / "docs" / "about.md").write_text(f"# About {made.chance.randrange(3)}\n\nSee {link}.\n")
    more = made.root / "docs" / "more.md"
    if more.exists():
        more.unlink()
        made.change("mkdocs.yml", r"  - more.md\n", "")
    elif made.chance.random() < 0.5:
        more.write_text(f"# More {made.chance.randrange(3)}\n")
        made.change("mkdocs.yml", r"^nav:\n", "nav:\n  - more.md\n")


def broken_and_mended(made: Made) -> None:
    """A record is broken, which nothing is built of, and then as it was."""
    path = made.record()
    text = path.read_text()
    path.write_text(f"{text}\n\t- [")
    if made.build() == 0:
        raise Differs("a broken record is built")
    path.write_text(text)


def checked(made: Made) -> None:
    """The records are checked after an edit, by which less is worked out than by a build."""
    another_claim(made)
    made.run("check")


def killed(made: Made) -> None:
    """A build is killed at any moment, with all that it started or alone."""
    process = made.begin(made.build)
    time.sleep(made.chance.random() * LONGEST)
    with contextlib.suppress(ProcessLookupError):
        (os.killpg if made.chance.random() < 0.5 else os.kill)(process, signal.SIGKILL)
    os.waitpid(process, 0)
    made.build_is_free()


def two_at_once(made: Made) -> None:
    """Two builds begin at the same moment; one is done, and the other too or finds the place taken."""
    started = [made.begin(made.build) for _ in range(2)]
    codes = {os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) for process in started}
    if 0 not in codes or codes - {0, 1}:
        raise Differs(f"two builds at once end with {codes}")


def shown_live(made: Made) -> None:
    """The preview begins with what there is, and goes on after an edit; then it shows what a build makes."""

    _, status = os.waitpid(made.begin(made.show), 0)
    if status:
        raise Differs(f"the preview ends with {os.waitstatus_to_exitcode(status)}:\n{made.said.read_text()}")
    if made.build() != 0:
        raise Differs(f"what the preview shows does not build:\n{made.said.read_text()}")
    for tree in ("pages", "site") if made.mkdocs else ("pages",):
        if made.built(tree) != made.built(tree, PLACE):
            raise Differs(f"the preview shows another {tree} than a build makes")


def damaged(made: Made) -> None:
    """Something in the folder of what is built is gone, damaged, or of another time."""
    build, chance = made.root / "build", made.chance
    files = sorted(path for path in build.rglob("*") if path.is_file() and path.name != ".lock")
    cache = [path for path in files if path.is_relative_to(build / ".cache")]
    if not cache:
        return
    path = chance.choice(cache if chance.random() < 0.7 else files)
    how = chance.randrange(4)
    if path.is_relative_to(build / "pages"):
        how = 0  # what stands there is known by its file, and nobody writes into it
    if how == 0:
        path.unlink()
    elif how == 1:
        data = bytearray(path.read_bytes() or b"x")
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.unlink()
        path.write_bytes(data)
    elif how == 2:
        path.unlink()
        path.write_bytes(b"")
    else:
        shutil.rmtree(build / ".cache")


def of_another_time(made: Made) -> None:
    """What is kept for the next run is put back as it was some builds ago."""
    cache, old = made.root / "build" / ".cache", made.root / ".old-cache"
    if old.exists() and cache.exists():
        shutil.rmtree(cache)
        old.rename(cache)
    elif cache.exists():
        shutil.copytree(cache, old)


def clock_set_back(made: Made) -> None:
    """A file is changed, and has a time long past; or all that was built has one."""
    if made.chance.random() < 0.5:
        a_note(made)
        for path in made.root.glob("entities/*/*.yml"):
            os.utime(path, (1, 1))
    else:
        for path in sorted((made.root / "build").rglob("*")):
            os.utime(path, (1, 1))


Edit = Callable[[Made], None]
EDITS_OF: tuple[Edit, ...] = (
    another_claim,
    another_claim,
    a_note,
    another_name,
    another_kind,
    another_id,
    another_entity,
    another_seed,
    another_theme,
    another_setting,
    another_rule,
    another_page,
    broken_and_mended,
    checked,
    killed,
    two_at_once,
    damaged,
    of_another_time,
    clock_set_back,
)  # fmt: skip
ALL_EDITS = (*EDITS_OF, shown_live)  # which takes longest


# ---- sequences -----------------------------------------------------------------------------------


class Differs(Exception):
    """Something was built that a first build does not make; says what, after which edits."""


def sequences(
    folder: Path, seed: int, count: int, *, edits: Sequence[Edit] = EDITS_OF, mkdocs: bool = False
) -> Iterator[list[str]]:
    """The edits of each of so many sequences, after which all that was built is what a first build makes.

    Raises Differs. The wiki is in the folder, and goes on from sequence to sequence.
    """
    with patch.dict(os.environ, ENVIRONMENT):
        made = Made(folder / "wiki", random.Random(seed), mkdocs, large=seed % 2 == 0)
        lay_out(made.root, ENTITIES, seed)
        if not mkdocs:
            _plainly(made.root)
        if made.build() != 0:
            raise Differs(f"the wiki does not build:\n{made.said.read_text()}")
        for _ in range(count):
            done: list[str] = []
            for _ in range(made.chance.randint(1, EDITS)):
                edit = made.chance.choice(edits)
                done.append(edit.__name__)
                edit(made)
                if made.chance.random() < 0.4:
                    made.build()
            if made.build() != 0:
                raise Differs(f"after {', '.join(done)} the wiki does not build:\n{made.said.read_text()}")
            first = Made(folder / "first", made.chance, mkdocs)
            shutil.copytree(made.root, first.root, ignore=shutil.ignore_patterns("build", ".old-cache"))
            first.build()
            found, expected = (each.built("pages") | each.built("site") for each in (made, first))
            shutil.rmtree(first.root)
            if found != expected:
                paths = sorted(path for path in {*found, *expected} if found.get(path) != expected.get(path))
                raise Differs(f"after {', '.join(done)} other than at first: {', '.join(paths[:5])}")
            yield done


def _plainly(root: Path) -> None:
    """The settings of the site are short and its scripts and styles are gone, as reading them would take
    longer than all else."""
    nav = (root / "mkdocs.yml").read_text().partition("nav:")[2]
    (root / "mkdocs.yml").write_text(f"{SITE}nav:{nav}")
    shutil.rmtree(root / "docs" / "assets")
    (root / "docs" / "assets").mkdir()


def tried(
    count: int, first: int = 1, *, edits: Sequence[Edit] = ALL_EDITS, mkdocs: bool = False
) -> Iterator[list[str]]:
    """The edits of so many sequences, a hundred on each wiki; the first wiki is of this seed.

    Raises Differs, which says in which sequence.
    """
    for seed in range(first, first + -(-count // TOGETHER)):
        alike = 0
        with tempfile.TemporaryDirectory() as folder:
            some = min(TOGETHER, count - (seed - first) * TOGETHER)
            try:
                for done in sequences(Path(folder), seed, some, edits=edits, mkdocs=mkdocs):
                    alike += 1
                    yield done
            except Differs as differs:
                raise Differs(f"wiki {seed}, sequence {alike + 1}: {differs}") from differs


def try_all(count: int) -> None:
    """Prints how many sequences were tried, a tenth as many more with MkDocs itself; raises Differs at the
    first after which something is other than at first."""
    for many, mkdocs, by in (
        (count, False, "something that stands in for MkDocs"),
        (count // 10, True, "MkDocs"),
    ):
        for alike, _ in enumerate(tried(many, mkdocs=mkdocs), 1):
            if alike % TOGETHER == 0 or alike == many:
                print(
                    f"{alike:,} of {many:,} sequences of edits, sites made by {by}: no byte differs",
                    flush=True,
                )


def main() -> None:
    """Prints how many sequences were alike; exits with 1 at the first that was not, and says where."""
    parser = argparse.ArgumentParser(prog="bench.again", description=__doc__)
    parser.add_argument("--sequences", type=int, default=TOGETHER)
    parser.add_argument("--seed", type=int, default=1, help="of the first wiki; each has a hundred sequences")
    parser.add_argument("--mkdocs", action="store_true", help="have MkDocs make the sites")
    options = parser.parse_args()
    try:
        for number, done in enumerate(tried(options.sequences, options.seed, mkdocs=options.mkdocs), 1):
            print(f"{number}: {', '.join(done)}", flush=True)
    except Differs as differs:
        sys.exit(f"bench.again: {differs}")


if __name__ == "__main__":
    main()
