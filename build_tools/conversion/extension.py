"""The Markdown extension by which the builds that this package drives convert pages in its own way.

It is named in no configuration: any other program makes the site without it, and the same one. What is not
known for sure is left to Python-Markdown, page by page: another version of it or of MkDocs, another
extension or setting, and any page with something in it that the templates do not write.
"""

from __future__ import annotations

import functools
import posixpath
import re
from collections.abc import Mapping
from typing import Any

import markdown
import mkdocs
from markdown import Markdown
from markdown.extensions import Extension
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import (
    _ExtractAnchorsTreeprocessor,
    _ExtractTitleTreeprocessor,
    _RawHTMLPreprocessor,
    _RelativePathTreeprocessor,
)
from mkdocs.utils import get_relative_url

from build_tools.conversion.page import read_page
from build_tools.conversion.tags import Unknown, escape

VERSIONS = ("3.11.3", "1.6.1")  # of Python-Markdown and of MkDocs: the code whose every step is known
EXTENSIONS = ("admonition", "attr_list", "def_list", "fenced_code", "md_in_html", "tables", "toc")
SETTINGS: Mapping[str, Mapping[str, object]] = {
    "tables": {"use_align_attribute": True},
    "toc": {"permalink": "#", "toc_depth": 3},
}
# Addresses that need no parsing.
_PLAIN_PATH = re.compile(r"(?:\.\./)*+(?:[A-Za-z0-9_-]++/)*+[A-Za-z0-9_-]++(?:\.[a-z0-9]++)++")
_ELSEWHERE = re.compile(r"https?://[!-Z_a-z~]++\Z")


class Conversion(Extension):
    """Converts a page if it knows everything that is in it; else Python-Markdown does."""

    def __init__(self) -> None:
        super().__init__()
        self._targets = Targets()

    def extendMarkdown(self, md: Markdown) -> None:
        """Called by Python-Markdown for each page, after the extensions before this one."""
        convert = md.convert

        def either(source: str) -> str:
            try:
                return converted(md, source, self._targets) if _known(md) else convert(source)
            except Unknown:
                return convert(source)

        md.convert = either  # type: ignore[method-assign]


def convert_here(config: MkDocsConfig) -> None:
    """Pages are converted here in a build with this configuration, where they will come out the same."""
    extensions: list[Any] = config.markdown_extensions  # which Python-Markdown takes as they are
    extensions.append(Conversion())


def _known(md: Markdown) -> bool:
    """Whether this is the very machinery whose every step is known."""
    return (markdown.__version__, mkdocs.__version__) == VERSIONS and _machinery(md) == _expected()


def _machinery(md: Markdown) -> tuple[object, ...]:
    """All that takes part in a conversion, in its order, with its settings."""
    contents = {**vars(md.treeprocessors["toc"])} if "toc" in md.treeprocessors else {}
    tables = vars(md.parser.blockprocessors["table"]) if "table" in md.parser.blockprocessors else {}
    return (
        [type(each) for each in md.preprocessors],
        [type(each) for each in md.parser.blockprocessors],
        [(type(each), each.pattern) for each in md.inlinePatterns],
        [type(each) for each in md.treeprocessors],
        [type(each) for each in md.postprocessors],
        tables.get("config"),
        {**contents, "md": None, "title": None},  # the latter stands in no page of ours
        md.block_level_elements,
        (md.tab_length, md.output_format, md.stripTopLevelTags, md.doc_tag),
    )


@functools.cache
def _expected() -> tuple[object, ...]:
    md = Markdown(extensions=[*EXTENSIONS], extension_configs={name: {**of} for name, of in SETTINGS.items()})
    nothing: Any = None
    for each in (
        _RawHTMLPreprocessor(),
        _ExtractAnchorsTreeprocessor(nothing, nothing, nothing),
        _RelativePathTreeprocessor(nothing, nothing, nothing),
        _ExtractTitleTreeprocessor(),
    ):
        each._register(md)
    return _machinery(md)


def converted(md: Markdown, source: str, targets: Targets) -> str:
    """A page's HTML; MkDocs' own processors have taken from it what they would have. Raises Unknown."""
    page = read_page(source)
    given: Any = md  # with what the table of contents and MkDocs add to it
    given.toc_tokens = page.contents
    given.treeprocessors["mkdocs_extract_title"].title = page.title
    given.preprocessors["mkdocs_raw_html"].present_anchor_ids = set(page.anchors)
    given.treeprocessors["mkdocs_extract_anchors"].present_anchor_ids = set(page.ids)
    return page.html(_Addresses(given.treeprocessors["relpath"], targets).resolve)


class Targets:
    """Where links lead, found out once for all pages beside each other, in one build after another."""

    def __init__(self) -> None:
        self._files: Files | None = None
        self._found: dict[tuple[str, str, str], dict[str, tuple[File, str]]] = {}

    def seen_from(self, here: File, files: Files) -> dict[str, tuple[File, str]]:
        """What the pages know that are in the folder of this one, both of the site and of the sources."""
        if files is not self._files:
            self._files, self._found = files, {}
        way_up = get_relative_url(".", here.url)
        place = posixpath.dirname(here.src_uri), posixpath.dirname(here.url.rstrip("/")), way_up
        return self._found.setdefault(place, {})


class _Addresses:
    """The addresses that a page links to, as they are on the site; MkDocs says what is wrong with one."""

    def __init__(self, links: _RelativePathTreeprocessor, targets: Targets) -> None:
        self._links, self._here, self._files = links, links.file, links.files.src_uris
        self._folder = posixpath.dirname(self._here.src_uri)
        self._shared = targets.seen_from(links.file, links.files)
        self._known: dict[str, tuple[File, str] | None] = {"": (self._here, "")}

    def resolve(self, url: str) -> str:
        """The value of the attribute."""
        path, _, anchor = url.partition("#")
        if path not in self._known:
            self._known[path] = self._target(path)
        if (known := self._known[path]) is None:
            return escape(url if _ELSEWHERE.match(url) else self._links.path_to_url(url))
        file, address = known
        if not anchor:
            return address or "#"
        self._links.links_to_anchors.setdefault(file, {}).setdefault(anchor, url)
        return f"{address}#{escape(anchor)}"

    def _target(self, path: str) -> tuple[File, str] | None:
        """The file that a path leads to, and its address from here; None if MkDocs has something to say."""
        found = self._shared.get(path)
        if found is not None and not found[0].url.startswith(self._here.url):
            return found  # else it is this page itself or below it, and not seen as from its neighbours
        if not _PLAIN_PATH.fullmatch(path):
            return None
        file = self._files.get(posixpath.normpath(posixpath.join(self._folder, path)))
        if file is None or file.inclusion.is_excluded():  # type: ignore[no-untyped-call]
            return None
        found = file, get_relative_url(file.url, self._here.url)
        if not file.url.startswith(self._here.url):
            self._shared[path] = found
        return found
