"""The Skarn islands: an invented wiki, laid out in a folder, changed, compiled and compared."""

from __future__ import annotations

import difflib
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from build_tools.capture import cut
from build_tools.compiler import Checked, Compiled, check_wiki, compile_wiki
from build_tools.load import ATTACHED, load
from build_tools.report import terminal
from build_tools.seal import seal_text
from build_tools.seeds import seal_of

TESTS = Path(__file__).parent
PROJECT = TESTS.parent
EXAMPLE = TESTS / "example_wiki"
ARTICLES = TESTS / "articles"


@dataclass(frozen=True, slots=True)
class Wiki:
    """A wiki's folder."""

    root: Path

    def put(self, files: Mapping[str, str | bytes]) -> Wiki:
        """The files are there, with these contents."""
        for path, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_bytes(data)
        return self

    def change(self, path: str, old: str, new: str) -> Wiki:
        """The one place of the file that reads `old` reads `new`."""
        text = self.text(path)
        assert text.count(old) == 1, f"{path} has {text.count(old)} times {old!r}"
        return self.put({path: text.replace(old, new)})

    def delete(self, *paths: str) -> Wiki:
        """Nothing is there at the paths any more."""
        for path in paths:
            if (self.root / path).is_dir():
                shutil.rmtree(self.root / path)
            else:
                (self.root / path).unlink()
        return self

    def attach(self, seed: str) -> Wiki:
        """The article's text is at hand."""
        return self.put({f"{ATTACHED}/{seed}.txt": article(seed)})

    def text(self, path: str) -> str:
        return (self.root / path).read_bytes().decode()

    def compiled(self) -> Compiled:
        return compile_wiki(*load(self.root))

    def checked(self) -> Checked:
        return check_wiki(*load(self.root))

    def problems(self) -> str:
        """All problems, as a terminal shows them."""
        return terminal(self.compiled().problems)

    def pages(self) -> dict[str, bytes]:
        """What would be written; the wiki must be sound."""
        compiled = self.compiled()
        assert compiled.files, terminal(compiled.problems)
        return {file.path: file.data for file in compiled.files}

    def page(self, path: str) -> str:
        return self.pages()[path].decode()


def lay_out(root: Path, files: Mapping[str, str | bytes] | None = None) -> Wiki:
    """The example wiki at `root`, with these files over it."""
    shutil.copytree(EXAMPLE, root, dirs_exist_ok=True)
    return Wiki(root).put(files or {})


def lay_out_site(root: Path) -> Wiki:
    """The example wiki at `root`, with all it takes to make a site of it that looks like the project's."""
    wiki = lay_out(root)
    shutil.copytree(PROJECT / "docs" / "assets", root / "docs" / "assets")
    shutil.copytree(PROJECT / "theme", root / "theme")
    return wiki.change("mkdocs.yml", "INHERIT: ../../mkdocs.yml", f"INHERIT: {PROJECT / 'mkdocs.yml'}")


def lay_out_project(root: Path) -> Wiki:
    """The project's own wiki at `root`."""
    for name in ("docs", "entities", "seeds", "theme", "mkdocs.yml", "waivers.yml", "wiki.yml"):
        if (PROJECT / name).is_dir():
            shutil.copytree(PROJECT / name, root / name)
        else:
            shutil.copyfile(PROJECT / name, root / name)
    return Wiki(root)


def article(seed: str) -> bytes:
    """The captured text of an article of the example."""
    return (ARTICLES / f"{seed}.md").read_bytes()


def sealed(seed: str, text: str) -> str:
    """The seal.json that `wiki seed add` writes for a captured text."""
    return seal_text(seal_of(seed, cut(text).passages))


def contents(root: Path) -> dict[str, bytes | str]:
    """Everything below a folder: files with their bytes, links with their targets, folders as `/`."""
    found: dict[str, bytes | str] = {}
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            path = Path(folder) / name
            key = os.fsencode(path.relative_to(root)).decode(errors="surrogateescape")
            if path.is_symlink():
                found[key] = str(path.readlink())
            else:
                found[key] = "/" if path.is_dir() else path.read_bytes()
    return dict(sorted(found.items()))


def standing(root: Path) -> dict[str, bytes | str]:
    """All below a folder but what a run keeps for the next one, which may be there or not."""
    found = {path: each for path, each in contents(root).items() if ".cache" not in Path(path).parts}
    return {path: each for path, each in found.items() if path != "build" or f"{path}/pages" in found}


def difference(expected: Mapping[str, bytes], found: Mapping[str, bytes]) -> str:
    """How two trees differ, for a human; empty if they do not."""
    lines: list[str] = []
    for path in sorted({*expected, *found}):
        if expected.get(path) != found.get(path):
            lines += diff(
                expected.get(path, b"").decode(errors="backslashreplace"),
                found.get(path, b"").decode(errors="backslashreplace"),
                path,
            )
    return "\n".join(lines)


def diff(expected: str, found: str, path: str) -> Iterable[str]:
    """The lines of a unified diff."""
    return difflib.unified_diff(
        expected.splitlines(), found.splitlines(), f"expected/{path}", f"found/{path}", lineterm="", n=2
    )
