"""The text of a published file, block by block, whatever its format: what readers and programs get of it.

A block is what stands without a break: a paragraph, a cell, an attribute, a text of a data file. It is
the unit because navigation, labels and whole sentences return on many pages, and a block that returns
needs no second look. Not read: scripts, style sheets, packed and binary files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from selectolax.lexbor import LexborHTMLParser

_MARKUP = frozenset({".html", ".htm"})
_XML = frozenset({".xml", ".svg", ".rss", ".atom"})
_DATA = frozenset({".json", ".webmanifest", ".pf_fragment"})
_TEXT = frozenset({".txt", ".md", ".csv", ".tsv", ".ics", ".bib", ".vtt", ".yml", ".yaml"})
SUFFIXES = _MARKUP | _XML | _DATA | _TEXT

# Elements that a line of text runs through; all others begin a block.
_INLINE = frozenset(
    "a abbr b bdi bdo br cite code data del dfn em i img ins kbd mark q rp rt ruby s samp small span strong"
    " sub sup time u var wbr".split()
)
_SILENT = frozenset({"script", "style"})
_CODED = frozenset({"class", "id", "href", "src", "srcset", "style", "d", "points", "viewBox"})
_PARTS = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)|<!--(.*?)(?:-->|\Z)|<([^<>]*)>", re.S)
_VALUE = re.compile(r"""=\s*(?:"([^"]*)"|'([^']*)')""")
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


def _of_html(html: str) -> Iterator[str]:
    """The text between the borders of blocks, attributes, and comments, which are published like any text."""
    root = LexborHTMLParser(html).root
    # By element: the block that its text is part of, the <q> that it is in, and whether nobody sees it.
    within: dict[int, tuple[int, int, bool]] = {}
    outside = (0, 0, False)
    held: list[str] = []
    block = quotation = 0
    for node in root.traverse(include_text=True) if root is not None else ():
        above = node.parent
        own, quoted, silent = within.get(above.mem_id, outside) if above is not None else outside
        if node.is_text_node:
            if silent or not (text := node.text_content or "").strip():
                held.append(" ")
                continue
            if own != block:
                yield "".join(held)
                held.clear()
            elif quoted != quotation:
                held.append("\u201d\u201c")  # browsers set the marks of <q>
            held.append(text)
            block, quotation = own, quoted
        elif node.is_comment_node:
            yield node.comment_content or ""
        else:
            tag = node.tag
            if tag not in _INLINE:
                own, quoted, silent = node.mem_id, 0, tag in _SILENT
            elif tag == "q":
                quoted = node.mem_id
            elif tag == "br":
                held.append("\n")
            within[node.mem_id] = (own, quoted, silent)
            for name, value in node.attributes.items():
                if value and " " in value and name not in _CODED:
                    yield value
    yield "".join(held)


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
        waiting: list[object] = [json.loads(text)]
    except (ValueError, RecursionError):
        yield from _BLANK_LINE.split(text)
        return
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield from _maybe_html(item)
        elif isinstance(item, dict):
            waiting.extend((*item.values(), *item))
        elif isinstance(item, list):
            waiting.extend(item)
