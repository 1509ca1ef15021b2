"""What stands in for MkDocs where thousands of sites are built: its HTML hangs on the same things.

Each page has some of its text and a digest of all of it, its links and anchors, the names of the pages in the
navigation, and a digest of the configuration and the theme. A link to a page that is not there is complained
of. As long as it waits to be told what to make, it has read these two, as MkDocs does.
"""

from __future__ import annotations

import hashlib
import html
import json
import posixpath
import re
from collections.abc import Callable, Collection, Sequence
from itertools import pairwise
from pathlib import Path

from build_tools.site.rendering import SHARE, Job, output_of

SHOWN = 500  # characters of a page; the rest counts by its digest
_TITLE = re.compile(r"^title: (.*)$", re.M)
_LINK = re.compile(r"\]\(([^()\s]+)")
_ANCHOR = re.compile(r"(?:\{:[^}\n]*?#|\bid=\")([\w-]+)")
_MARKUP = re.compile(r"<[^>]*>|\]\([^)]*\)|\{:[^}]*\}")
_NAMED = re.compile(r"^ *- (?:([^:\n]+): )?([\w/.-]+\.md)$", re.M)
_PAGE = """\
<!doctype html><html lang="en"><head><title>{title}</title></head><body><nav>{links}</nav><p>{frame}</p>
<article class="md-content__inner" data-pagefind-body><h1>{title}</h1>{anchors}<p>{words}</p></article>
</body></html>
"""


class Process:
    """Stands in for a process of MkDocs, as `rendering._run` starts it."""

    def __init__(self, job: Job, arguments: Sequence[str]) -> None:
        self._job, self._arguments = job, arguments
        self._read = _Read(job.root)

    def told(self, line: str = "", made: Callable[[], object] = lambda: None) -> tuple[str, ...]:
        """The site, or a share of it, is made; what is complained of comes back."""
        if not line:
            site = Path(dict(pairwise(self._arguments))["--site-dir"])
            return _Generator(self._read, self._job.pages, site, dirty=False).make()
        folder = Path(json.loads(line))
        share = json.loads((folder / SHARE).read_text(encoding="utf-8"))
        generator = _Generator(self._read, Path(share["pages"]), folder / "site", dirty=True)
        generator.files += share["in_sight"]
        return generator.make(frozenset(share["made"]), surroundings=share["surroundings"])

    def end(self) -> None:
        """It was not needed."""


class _Read:
    """What is read of a wiki before it is known what to make: its configuration and theme."""

    def __init__(self, root: Path) -> None:
        configuration = (root / "mkdocs.yml").read_bytes()
        frame = hashlib.sha256(configuration)
        for path in sorted((root / "theme").rglob("*")):
            if path.is_file():
                frame.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
        self.frame = frame.hexdigest()
        self.named: list[tuple[str, str]] = _NAMED.findall(configuration.decode())


class _Generator:
    """Makes one site."""

    def __init__(self, read: _Read, pages: Path, site: Path, *, dirty: bool) -> None:
        self.pages, self.site, self.dirty, self.frame = pages, site, dirty, read.frame
        self.files = sorted(path.relative_to(pages).as_posix() for path in pages.rglob("*") if path.is_file())
        self._named = read.named
        self.named: list[tuple[str, str]] = []
        self.said: list[str] = []

    def title(self, page: str) -> str:
        """What a page calls itself."""
        text = (self.pages / page).read_text(encoding="utf-8")
        found = _TITLE.search(text) or re.search(r"^# (.*)$", text, re.M)
        return found[1] if found else page

    def make(self, own: Collection[str] | None = None, *, surroundings: bool = True) -> tuple[str, ...]:
        """Everything is made that has to be, of all files or its `own`."""
        self.named = [(page, name or self.title(page)) for name, page in self._named if page in self.files]
        for file in self.files if own is None else sorted(own):
            if file.endswith(".md"):
                self.put(output_of(file, True), file, lambda file=file: self.page(file))  # type: ignore[misc]
            else:
                self.put(file, file, (self.pages / file).read_bytes)
        for name in ("404.html", "sitemap.xml") if surroundings else ():
            head = "<!doctype html><html lang=en><title>x</title>" if name == "404.html" else ""
            every = "".join(f"<p>{html.escape(file)}</p>" for file in self.files)
            self.write(name, f"{head}{self.frame}{every}".encode())
        return tuple(dict.fromkeys(self.said))

    def put(self, output: str, source: str, data: Callable[[], bytes]) -> None:
        """It is there, unless it was and is no older than what it is made of."""
        old = self.site / output
        if self.dirty and old.exists() and old.stat().st_mtime >= (self.pages / source).stat().st_mtime:
            return
        self.write(output, data())

    def write(self, output: str, data: bytes) -> None:
        """It is there."""
        (self.site / output).parent.mkdir(parents=True, exist_ok=True)
        (self.site / output).write_bytes(data)

    def page(self, file: str) -> bytes:
        """The HTML of a page."""
        text = (self.pages / file).read_text(encoding="utf-8")
        links = "".join(
            f'<a href="{html.escape(_way(file, target))}">{html.escape(shown)}</a>'
            for target, shown in (*self.named, *self.links(file, text))
        )
        anchors = "".join(f'<span id="{id_}"></span>' for id_ in dict.fromkeys(_ANCHOR.findall(text)))
        words = html.escape(_MARKUP.sub(" ", text.partition("\n---\n")[2] or text)[:SHOWN])
        whole = hashlib.sha256(text.encode()).hexdigest()
        title = html.escape(self.title(file))
        return _PAGE.format(
            title=title, frame=f"{self.frame} {whole}", links=links, anchors=anchors, words=words
        ).encode()

    def links(self, file: str, text: str) -> list[tuple[str, str]]:
        """Where the links of a page lead, by the files of the pages."""
        found = []
        for target in _LINK.findall(text):
            address, _, anchor = html.unescape(target).partition("#")
            if ":" in address or (address and not address.endswith(".md")):
                continue
            path = posixpath.normpath(posixpath.join(posixpath.dirname(file), address)) if address else file
            if path not in self.files:
                self.said.append(f"Doc file '{file}' contains a link '{target}', but the target is not found")
                continue
            found.append((f"{path}#{anchor}" if anchor else path, path))
        return found


def _way(file: str, target: str) -> str:
    """The link from one page to another."""
    page, _, anchor = target.partition("#")
    here, there = (posixpath.dirname(output_of(each, True)) or "." for each in (file, page))
    return f"{posixpath.relpath(there, here)}/{anchor and f'#{anchor}'}"
