"""MkDocs kept in memory: of a site made before, it renders the pages that changed and no others.

It is MkDocs' own switch `dirty`, which passes over each page whose HTML is no older than its text. The new
site's folder holds hard links to all of the old one's files but those that have to be made; so the old
site stays as it is, and pages are never judged by the clock. What MkDocs warns of is a problem, as under
`mkdocs build --strict`, but for its warning against that switch: what it warns of is seen to here.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import logging
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from jinja2 import Environment, FileSystemLoader, TemplateError
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException
from mkdocs.theme import Theme
from mkdocs.utils.meta import get_data

from build_tools.addresses import OutputFile
from build_tools.problems import Problem
from build_tools.site.generate import CONFIGURATION, complaints
from build_tools.site.search_index import FOLDER as SEARCH

_ALWAYS = ("sitemap.xml.gz",)  # MkDocs writes these, and the theme's own templates, at every build


class Generator:
    """Makes the site at `site` of the pages at `pages`, the first time all of it, then what changed.

    It has MkDocs' loggers to itself: one process holds one generator at work.
    """

    def __init__(self, root: Path, pages: Path, site: Path, *, preview: bool = False) -> None:
        self._root, self._pages, self._site, self._preview = root, pages, site, preview
        self._frame = ""
        self._sums: Mapping[str, bytes] = {}
        self._next: tuple[str, Mapping[str, bytes]] = ("", {})
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
            return complaints(self._root, told, self._pages.relative_to(self._root).as_posix())

        return fill

    def accept(self) -> None:
        """The site that `fill` made last is the one in place."""
        self._frame, self._sums = self._next

    def _make(self, files: Sequence[OutputFile], folder: Path) -> None:
        config = self._configured(folder)
        sums = {file.path: hashlib.sha256(file.data).digest() for file in files}
        untitled = _name_in_navigation(config, {file.path: file.data for file in files})
        frame = _frame(config, [sums[path] for path in sorted(untitled)])
        if self._theme is None or self._theme[0] != frame:
            self._theme = (frame, _KeptTheme(config.theme))
        config.theme = self._theme[1]
        self._next = (frame, sums)
        old = self._sums if frame == self._frame and self._site.is_dir() else None
        if old is None:
            self.changed = None
            if (self._site / SEARCH).is_dir():  # of before, until the new one follows
                lay_in(self._site, folder, set(), SEARCH)
        else:
            differs = {path for path in {*old, *sums} if old.get(path) != sums.get(path)}
            self.changed = tuple(sorted(map(address, differs)))
            left_out = {*map(built_as, differs | untitled), *config.theme.static_templates, *_ALWAYS}
            left_out |= {*map(built_as, _older_than_source(self._site, self._pages, sums))}
            lay_in(self._site, folder, left_out)
        build(config, dirty=True)

    def _configured(self, folder: Path) -> MkDocsConfig:
        config = load_config(
            str(self._root / CONFIGURATION),
            docs_dir=str(self._pages),
            site_dir=str(folder),
            site_url="",
            strict=False,  # its warnings are counted here
        )
        if self._preview:
            config.extra["preview"] = True
        return config


class _KeptTheme(Theme):
    """A theme that reads and compiles its templates once; they are half of the time that a page takes."""

    def __init__(self, theme: Theme) -> None:
        vars(self).update(vars(theme))
        self._kept: Environment | None = None

    def get_env(self) -> Environment:
        """The environment of the first call."""
        if self._kept is None:
            self._kept = super().get_env()
            self._kept.loader = _Loader(self.dirs)
        return self._kept


class _Loader(FileSystemLoader):
    """Lists its files once, and without the thousands of icons, which stand in a hidden folder: MkDocs
    copies nothing that is hidden."""

    _listed: list[str] | None = None

    def list_templates(self) -> list[str]:
        if self._listed is None:
            self._listed = [path for path in super().list_templates() if not path.startswith(".")]
        return self._listed


def built_as(path: str) -> str:
    """The file of the site that a file of the pages' folder becomes."""
    page = PurePosixPath(path)
    if page.suffix != ".md":
        return path
    folder = page.parent if page.stem == "index" else page.with_suffix("")
    return (folder / "index.html").as_posix()


def address(path: str) -> str:
    """The address on the site, without a slash before it, of a file of the pages' folder."""
    built = built_as(path)
    return built.removesuffix("index.html") if PurePosixPath(built).name == "index.html" else built


def lay_in(old: Path, new: Path, left_out: set[str], below: str = "") -> None:
    """The files of `old`, or of the folder `below` in it, are in `new` too, as the same files, but for those
    left out."""
    made = False
    with os.scandir(old / below) as entries:
        for entry in entries:
            path = f"{below}/{entry.name}" if below else entry.name
            if entry.is_dir(follow_symlinks=False):
                lay_in(old, new, left_out, path)
            elif path not in left_out:
                if not made:
                    (new / below).mkdir(parents=True, exist_ok=True)
                    made = True
                _link(old / path, new / path)


def _link(old: Path, new: Path) -> None:
    try:
        os.link(old, new)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise
        shutil.copy2(old, new)  # a disk without hard links


def _older_than_source(site: Path, pages: Path, paths: Mapping[str, bytes]) -> Iterator[str]:
    """Those of the files that MkDocs would write anew, through a link into the old site: after the clock
    was set back, say."""
    for path in paths:
        with contextlib.suppress(FileNotFoundError):
            if (site / built_as(path)).stat().st_mtime < (pages / path).stat().st_mtime:
                yield path


def _name_in_navigation(config: MkDocsConfig, files: Mapping[str, bytes]) -> set[str]:
    """The navigation names its pages as they name themselves; those that have no title of their own are
    returned: MkDocs learns it only by rendering them."""
    untitled: set[str] = set()

    def named(item: object) -> object:
        if isinstance(item, list):
            return [named(part) for part in item]
        if isinstance(item, dict):
            return {key: named(part) if isinstance(part, list) else part for key, part in item.items()}
        if isinstance(item, str) and item in files:
            _, meta = get_data(files[item].decode())
            if isinstance(title := meta.get("title"), str):
                return {title: item}
            untitled.add(item)
        return item

    config.nav = named(config.nav)
    return untitled


def _frame(config: MkDocsConfig, named_by_content: Sequence[bytes]) -> str:
    """A digest of what every page hangs on: the configuration, the navigation, the wiki's own templates."""
    values = {key: value for key, value in config.items() if key not in ("plugins", "theme")}
    digest = hashlib.sha256(repr((values, dict(config.theme), named_by_content)).encode())
    digest.update(Path(config.config_file_path).read_bytes())
    folder = config.theme.custom_dir
    for path in sorted(Path(folder).rglob("*")) if folder else ():
        if path.is_file():
            digest.update(f"{path}\0{path.stat().st_size}\0".encode() + path.read_bytes())
    return digest.hexdigest()


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
