"""HTML tags as compiled pages write them, and attributes as Python-Markdown writes them."""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass

from markdown.util import BLOCK_LEVEL_ELEMENTS

# What Python's HTML parser reads in ways of its own, or Python-Markdown puts into its table of contents.
_ODD = frozenset("script style textarea xmp iframe noembed noframes plaintext hr h1 h2 h3 h4 h5 h6".split())
BLOCKS = frozenset(BLOCK_LEVEL_ELEMENTS)
VOID = frozenset({"br", "img", "wbr"})
LISTS = frozenset({"ul", "ol"})
# Elements that hold Markdown: Python-Markdown takes what is in these for blocks, where their tag says so.
_OF_BLOCKS = LISTS | frozenset("article aside details div figcaption figure nav section".split())

_ATTRIBUTES = r'(?: (?:viewBox|preserveAspectRatio|[a-z][a-z0-9:-]*+)(?:="[^"<>\n]*+")?+)*+'
TAG = re.compile(rf"<(?:/([a-z][a-z0-9]*+)|([a-z][a-z0-9]*+)({_ATTRIBUTES})( ?/)?+)>")
_NAMES = "|".join(sorted(BLOCKS, key=lambda name: (-len(name), name)))
BLOCK_TAG = re.compile(rf"\n<(?:/({_NAMES})|({_NAMES})({_ATTRIBUTES}))>")  # at the start of a line
_ATTRIBUTE = re.compile(r' ([A-Za-z0-9:-]+)(?:="([^"]*)")?')
_REFERENCE = re.compile(r"&(?:#[0-9]+|[a-z]+);")
_ANCHOR = re.compile(r' (id|name)(?:="([^"]*)")?(?=[ />])')


class Unknown(Exception):
    """The page has something that is not known for sure: Python-Markdown is to convert it."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a tag or a list gives an element: how its content is read, its attributes as written, its id."""

    content: str  # `block` or `line` of Markdown, or `html`
    attributes: str
    id: str | None = None


@functools.lru_cache(4096)
def given(tag: str, text: str) -> Given:
    """What the attributes of a tag that becomes an element give it; raises Unknown."""
    found = _attributes(text)
    content = _content(tag, found.pop("markdown")) if "markdown" in found else "html"
    return Given(content, written(found), found.get("id"))


def _attributes(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(text):
        if name in found or not name.islower() or "&" in _REFERENCE.sub("", value):
            raise Unknown
        found[name] = html.unescape(value) if value or f' {name}="' in text else name
    return found


def written(given: Mapping[str, str]) -> str:
    """Attributes in the order in which Python-Markdown writes them."""
    return "".join(f' {name}="{escape(given[name])}"' for name in sorted(given))


_ESCAPED = re.compile('[&<>"]')
_BARE = re.compile(r"&(?!(?:#[0-9]+|#x[0-9a-f]+|[0-9a-z]+);)", re.I)  # as its serializers have it


def escape(value: str) -> str:
    """The value of an attribute."""
    if not _ESCAPED.search(value):
        return value
    return _BARE.sub("&amp;", value).replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _content(name: str, told: str) -> str:
    """How the content of an element is read whose attribute `markdown` tells so."""
    known = {"markdown": "block", "1": "block", "block": "block", "span": "line"}
    if told in known and (name in _OF_BLOCKS or (name, told) == ("li", "block")):
        return known[told]
    raise Unknown


def refuse_odd(name: str) -> None:
    """Raises Unknown if a tag of this name is not read like any other."""
    if name in _ODD:
        raise Unknown


def anchors(source: str) -> set[str]:
    """The anchors that the tags of a page have; raises Unknown."""
    found: set[str] = set()
    at, opened, closed = 0, -1, -1  # how far the page is read, and where the last tag began and ended
    for match in _ANCHOR.finditer(source):
        start = match.start()
        opened = max(opened, source.rfind("<", at, start))
        closed = max(closed, source.rfind(">", at, start))
        at = start
        if opened < closed or (match[1] == "name" and not source.startswith("<a ", opened)):
            continue
        if match[1] == "name" or match[2] is None or "&" in match[2]:
            raise Unknown
        found.add(match[2])
    return found
