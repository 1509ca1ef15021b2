"""The text of a published file, block by block, whatever its format: what readers and programs get of it.

A block is what stands without a break: a paragraph, a cell, an attribute, a text of a data file. It is
the unit because navigation, labels and whole sentences return on many pages, and a block that returns
needs no second look. Not read: scripts, style sheets, packed and binary files.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from selectolax.lexbor import LexborHTMLParser

from build_tools.site.markup import Markup, names_in, resolved, shape_and_values, start_tags, written_out

_MARKUP = frozenset({".html", ".htm"})
_XML = frozenset({".xml", ".svg", ".rss", ".atom"})
_DATA = frozenset({".json", ".webmanifest", ".pf_fragment"})
_TEXT = frozenset({".txt", ".md", ".csv", ".tsv", ".ics", ".bib", ".vtt", ".yml", ".yaml"})
SUFFIXES = _MARKUP | _XML | _DATA | _TEXT

# Elements that a line of text runs through; all others begin a block.
_INLINE = (
    "a|abbr|b|bdi|bdo|cite|code|data|del|dfn|em|i|img|ins|kbd|mark|rp|rt|ruby|s|samp|small|span|strong|sub|sup"
    "|time|u|var|wbr"
)
_VOID = frozenset(
    "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr"
    "".split()
)
_CODED = frozenset({"class", "id", "href", "src", "srcset", "style", "d", "points", "viewBox"})
_PARTS = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)|<!--(.*?)(?:-->|\Z)|<([^<>]*)>", re.S)
_VALUE = re.compile(r"""=\s*(?:"([^"]*)"|'([^']*)')""")
# What `Markup` has of them.
_INLINE_TAG = re.compile(f"</?(?:{_INLINE})(?: [^>]*)?>")
_BLOCK_TAG = re.compile("<([^>]*)>")
_BORDERS = re.compile(r"((?:<[^>]*>(?:\s++|&nbsp;)*+)++)")
_Q = re.compile("</?q(?: [^>]*)?>")
_EMPTY_Q = re.compile(r"<q(?: [^>]*)?>(\s*)</q>")
_BR = re.compile("<br(?: [^>]*)?>")
_STRING = re.compile(r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"')  # in JSON
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")


def blocks(path: str, text: str) -> Iterator[str]:
    """Every block of the file; character references may still stand in it."""
    suffix = PurePosixPath(path).suffix
    if suffix in _MARKUP:
        yield from _of_html(text)
    elif suffix in _XML:
        yield from _of_xml(text)
    elif suffix in _DATA:
        yield from _of_json(text)
    else:
        yield from _BLANK_LINE.split(text)


def _of_html(text: str) -> Iterator[str]:
    return of_markup(written_out(LexborHTMLParser(text)))


def of_markup(markup: Markup) -> Iterator[str]:
    """Comments, which are published like any text, attributes, and the text between the borders of blocks."""
    yield from markup.comments
    for values in map(_spoken, dict.fromkeys(start_tags(markup.text))):
        yield from values
    text = markup.text
    if "<q" in text:
        text = _Q.sub("\u201d\u201c", _EMPTY_Q.sub(r"\1", text))  # browsers set the marks
    if "<br" in text:
        text = _BR.sub("\n", text)
    held, *others = _BORDERS.split(_INLINE_TAG.sub("", text))
    for borders, more in zip(others[::2], others[1::2], strict=True):
        if borders[1] != "/" and _leads_back(borders):
            held += _BLOCK_TAG.sub("", borders) + more
            continue
        yield resolved(held)
        held = more
    yield resolved(held)


@functools.lru_cache(maxsize=1 << 14)  # a theme writes the same tags on every page
def _spoken(tag: str) -> tuple[str, ...]:
    """What attributes say, of what stands in a start tag."""
    shape, values = shape_and_values(tag)
    names = names_in(shape)
    if names is None:
        return (tag,)
    return tuple(
        resolved(value)
        for name, value in zip(names[1:], values, strict=True)
        if " " in value and name not in _CODED
    )


@functools.lru_cache(maxsize=1 << 10)
def _leads_back(borders: str) -> bool:
    """Whether what follows these tags stands in the element that they follow."""
    within: list[str] = []
    for tag in _BLOCK_TAG.findall(borders):
        name = tag.partition(" ")[0]
        if not name.startswith("/"):
            within += () if name in _VOID else (name,)
        elif within[-1:] == [name[1:]]:
            within.pop()
        else:
            return False
    return not within


def _of_xml(xml: str) -> Iterator[str]:
    """The text between any two tags, attributes and comments; a feed holds HTML, packed or escaped."""
    end = 0
    for match in _PARTS.finditer(xml):
        yield from _maybe_html(xml[end : match.start()])
        yield from _maybe_html(match[1] or match[2] or "")
        yield from (first or second for first, second in _VALUE.findall(match[3] or ""))
        end = match.end()
    yield from _maybe_html(xml[end:])


def _maybe_html(text: str) -> Iterator[str]:
    """The text, or its blocks if it holds tags, as they are or escaped."""
    if "&lt;" in text:
        text = text.replace("&lt;", "<").replace("&gt;", ">")
    return _of_html(text) if "<" in text else iter((text,))


def _of_json(text: str) -> Iterator[str]:
    """Every name and text in the data; what is no JSON is taken for plain text."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        yield from _BLANK_LINE.split(text)
        return
    for written in dict.fromkeys(_STRING.findall(text)):
        yield from _maybe_html(json.loads(f'"{written}"') if "\\" in written else written)
