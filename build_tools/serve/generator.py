"""MkDocs kept in memory: of a site made before, it renders the pages that changed and no others.

It is MkDocs' own switch `dirty`, which passes over each page whose HTML is no older than its text. The new
site's folder holds hard links to all of the old one's files but those that have to be made; so the old
site stays as it is, and pages are never judged by the clock. What MkDocs warns of is a problem, as under
`mkdocs build --strict`, but for its warning against that switch: what it warns of is seen to here.
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from jinja2 import TemplateError
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException
from mkdocs.theme import Theme
from mkdocs.utils.meta import get_data

from build_tools.addresses import OutputFile
from build_tools.conversion.extension import convert_here
from build_tools.problems import Problem
from build_tools.site.frame import read_frame
from build_tools.site.generate import CONFIGURATION, complaints, rules
from build_tools.site.kept import Kept, read_kept
from build_tools.site.kept_theme import KeptTheme
from build_tools.site.rendering import output_of
from build_tools.site.search_index import is_index
from build_tools.spare_tree import Signature, lay_in, list_tree

_ALWAYS = ("sitemap.xml.gz",)  # MkDocs writes these, and the theme's own templates, at every build


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a site was made of, as `Kept` records it: its frame, and the pages' files with their digests; and
    whether each page has a folder on the site."""

    frame: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)
    directories: bool = True

    def unmade(self, site: Collection[str]) -> frozenset[str]:
        """The sources of which a site of these files has nothing."""
        return frozenset(path for path in self.sources if output_of(path, self.directories) not in site)


class Generator:
    """Makes the site at `site` of the pages at `pages`: what changed since it was made last, which `record`
    tells of the first time, and where that is not known all of it.

    It has MkDocs' loggers to itself: one process holds one generator at work.
    """

    def __init__(self, root: Path, pages: Path, site: Path, record: Path, *, preview: bool = False) -> None:
        self._root, self._pages, self._site, self._preview = root, pages, site, preview
        self._record: Path | None = record
        self._next = Made()
        self.made = Made()
        self._theme: tuple[str, Theme] | None = None
        self.changed: tuple[str, ...] | None = None

    def fill(self, files: Sequence[OutputFile]) -> Callable[[Path], tuple[Problem, ...]]:
        """A `fill` that makes the site of these files, which stand in the pages' folder.

        Then `changed` has the addresses that differ from the site before; None if all may. Raises OSError.
        """

        def fill(folder: Path) -> tuple[Problem, ...]:
            with _told() as told:
                try:
                    self._make(files, folder)
                except (MkDocsException, TemplateError) as error:
                    if not told:
                        told.append(str(error) or type(error).__name__)
            return complaints(self._root, dict.fromkeys(told), self._pages.relative_to(self._root).as_posix())

        return fill

    def accept(self) -> None:
        """The site that `fill` made last is the one in place; `made` tells of it."""
        self.made, self._record = self._next, None

    def _make(self, files: Sequence[OutputFile], folder: Path) -> None:
        config = self._configured(folder)
        sources = {file.path: file.digest for file in files}
        untitled = _name_in_navigation(config, self._pages, sources)
        frame, apart = self._frame(config)
        if self._theme is None or self._theme[0] != frame:
            self._theme = (frame, KeptTheme(config.theme))
        config.theme = self._theme[1]
        config.site_url = ""  # whose it is was asked for the frame
        directories = config.use_directory_urls
        self._next = Made(frame=frame, sources=sources, directories=directories)
        there = list_tree(self._site).files if self._site.is_dir() else {}
        left_out, old = {*config.theme.static_templates, *_ALWAYS}, self.made
        if self._record is not None:
            old, there = _recorded(read_kept(self._record), there, left_out, directories)
        if not apart or frame != old.frame or not self._site.is_dir():
            self.changed = None
            search = {path: each for path, each in there.items() if is_index(path)}
            lay_in(self._site, folder, search)  # until the new one follows
        else:
            before = old.sources
            differs = {path for path in {*before, *sources} if before.get(path) != sources.get(path)}
            self.changed = tuple(sorted(address(path, directories) for path in differs))
            made = differs | untitled | {*_older_than_source(self._site, self._pages, sources, directories)}
            left_out |= {output_of(path, directories) for path in made}
            lay_in(self._site, folder, {path: each for path, each in there.items() if path not in left_out})
        build(config, dirty=True)

    def _frame(self, config: MkDocsConfig) -> tuple[str, bool]:
        """A digest of what every page hangs on, and whether a page hangs on no other.

        It is that of a build, if that would make the same of the pages.
        """
        frame = read_frame(self._root / CONFIGURATION, self._pages, os.environ)
        otherwise = [how for how, is_so in (("preview", self._preview), ("moved", config.site_url)) if is_so]
        return " ".join([frame.digest, *otherwise, rules("")]), frame.apart

    def _configured(self, folder: Path) -> MkDocsConfig:
        config = load_config(
            str(self._root / CONFIGURATION),
            docs_dir=str(self._pages),
            site_dir=str(folder),
            strict=False,  # its warnings are counted here
        )
        if self._preview:
            config.extra["preview"] = True
        convert_here(config)
        return config


def address(path: str, directories: bool) -> str:
    """The address on the site, without a slash before it, of a file of the pages' folder."""
    built = output_of(path, directories)
    return built.removesuffix("index.html") if PurePosixPath(built).name == "index.html" else built


def _older_than_source(site: Path, pages: Path, paths: Iterable[str], directories: bool) -> Iterator[str]:
    """Those of the files that MkDocs would write anew, through a link into the old site: after the clock
    was set back, say."""
    for path in paths:
        with contextlib.suppress(FileNotFoundError):
            if (site / output_of(path, directories)).stat().st_mtime < (pages / path).stat().st_mtime:
                yield path


def _recorded(
    kept: Kept, there: Mapping[str, Signature], always: Collection[str], directories: bool
) -> tuple[Made, dict[str, Signature]]:
    """What the recorded site was made of, as far as what was made of it is there, and which files that are.

    Where something is gone that hangs on no page and is not `always` made, nothing is known of it.
    """
    same = {path: each for path, each in there.items() if is_index(path) or kept.site.files.get(path) == each}
    outputs = {path: output_of(path, directories) for path in kept.sources}
    others = kept.site.files.keys() - outputs.values() - {*always}
    if not all(path in same or is_index(path) for path in others):
        return Made(), same
    sources = {
        path: each
        for path, each in kept.sources.items()
        if outputs[path] in same or (path in kept.unmade and outputs[path] not in there)
    }
    return Made(frame=kept.frame, sources=sources), same


def _name_in_navigation(config: MkDocsConfig, pages: Path, files: Collection[str]) -> set[str]:
    """The navigation names its pages as they name themselves; those that have no title of their own are
    returned: MkDocs learns it only by rendering them."""
    untitled: set[str] = set()

    def named(item: object) -> object:
        if isinstance(item, list):
            return [named(part) for part in item]
        if isinstance(item, dict):
            return {key: named(part) if isinstance(part, list) else part for key, part in item.items()}
        if isinstance(item, str) and item in files:
            _, meta = get_data((pages / item).read_text(encoding="utf-8"))
            if isinstance(title := meta.get("title"), str):
                return {title: item}
            untitled.add(item)
        return item

    config.nav = named(config.nav)
    return untitled


@contextlib.contextmanager
def _told() -> Iterator[list[str]]:
    """What MkDocs warns of meanwhile, a line each; nothing of it reaches the terminal."""
    told: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            line = " ".join(record.getMessage().split())
            if not line.startswith("A 'dirty' build is being performed"):
                told.append(line)

    logger, listener = logging.getLogger("mkdocs"), Listener(logging.WARNING)
    before = logger.propagate
    logger.propagate = False
    logger.addHandler(listener)
    try:
        yield told
    finally:
        logger.removeHandler(listener)
        logger.propagate = before
