"""A page converted by Python-Markdown under MkDocs, and by what our builds put before it."""

from __future__ import annotations

import contextlib
import copy
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.utils.meta import get_data

from build_tools.conversion.extension import convert_here
from build_tools.conversion.page import read_page
from build_tools.conversion.tags import Unknown

PROJECT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Told:
    """All that MkDocs knows of a page when it is converted, and what it says meanwhile."""

    html: str | None
    contents: str
    title: str | None
    anchors: set[str]
    links: list[tuple[str, list[tuple[str, str]]]]
    said: list[str]


class BothWays:
    """Converts pages of a wiki, given by their paths, either way."""

    def __init__(self, pages: Mapping[str, str], folder: Path, **settings: object) -> None:
        self.pages = {path: get_data(text)[0] for path, text in pages.items() if path.endswith(".md")}
        given: dict[str, Any] = {
            "docs_dir": str(folder),
            "site_dir": f"{folder}-site",
            "strict": False,
            **settings,
        }
        self.slow, self.fast = (
            load_config(str(PROJECT / "mkdocs.yml"), **copy.deepcopy(given)) for _ in range(2)
        )
        convert_here(self.fast)
        self.files = Files(File(path, str(folder), f"{folder}-site", True) for path in pages)
        for file in self.files:
            file.inclusion = InclusionLevel.INCLUDED

    def told(self, config: MkDocsConfig, path: str, text: str) -> Told:
        file = self.files.get_file_from_path(path)
        assert file is not None
        page = Page(None, file, config)
        page.markdown, page.meta = text, {}
        with _listening() as said:
            page.render(config, self.files)
        links = page.links_to_anchors or {}
        return Told(
            html=page.content,
            contents=str(page.toc),
            title=page.title,
            anchors=page.present_anchor_ids or set(),
            links=[(file.src_uri, list(found.items())) for file, found in links.items()],
            said=said,
        )

    def differ(self, path: str, text: str) -> bool:
        return self._outcome(self.slow, path, text) != self._outcome(self.fast, path, text)

    def _outcome(self, config: MkDocsConfig, path: str, text: str) -> Told | str:
        try:
            return self.told(config, path, text)
        except (AssertionError, ValueError) as error:  # Python has at `<![a`, and at addresses with `[`
            return str(error)

    def differing(self) -> list[str]:
        """The pages that do not come out the same."""
        return [path for path, text in self.pages.items() if self.differ(path, text)]

    def left(self) -> list[str]:
        """The pages that are left to Python-Markdown."""
        return [path for path, text in self.pages.items() if not known(text)]


def known(text: str) -> bool:
    """Whether a page is converted without Python-Markdown."""
    try:
        read_page(text)
    except Unknown:
        return False
    return True


@contextlib.contextmanager
def _listening() -> Iterator[list[str]]:
    said: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(f"{record.levelname} {record.getMessage()}")

    logger, listener = logging.getLogger("mkdocs"), Listener(logging.DEBUG)
    before = logger.propagate, logger.level
    logger.propagate = False
    logger.setLevel(logging.INFO)
    logger.addHandler(listener)
    try:
        yield said
    finally:
        logger.removeHandler(listener)
        logger.propagate, level = before
        logger.setLevel(level)
