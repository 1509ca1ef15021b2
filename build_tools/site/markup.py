"""HTML as a parser reads it, written out in full, so that it can be looked through as text.

What the parser writes has every tag that it read or supplied, with all values in double quotes, and a `<` or
`>` only where a tag begins or ends. A walk through the tree would take many times as long.
"""

from __future__ import annotations

import functools
import html
import re
import sys
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

# What holds text as it is, and no tags (HTML Standard, "serialising HTML fragments"), and comments.
_RAW = re.compile(
    r"<(?:!--(.*?)(?:-->|\Z)"
    r"|((script|style|iframe|noembed|noframes|plaintext|xmp)(?: [^>]*)?>)(?!</\3>)(.+?)(?=</\3>))",
    re.S,
)
_UNREAD = frozenset({"script", "style"})
_START = re.compile(r"<([a-zA-Z][^>]*)>")
_SHAPE = re.compile(r'[a-zA-Z][\w:-]*(?: [\w:.-]+=")*')


@dataclass(frozen=True, slots=True)
class Markup:
    """The HTML without comments, which stand apart; of scripts and style sheets a space is left."""

    text: str
    comments: tuple[str, ...]


def written_out(tree: LexborHTMLParser) -> Markup:
    """What the parser read."""
    comments: list[str] = []

    def without(match: re.Match[str]) -> str:
        if match[2] is None:
            comments.append(match[1])
            return ""
        return f"<{match[2]}" + (" " if match[3] in _UNREAD else html.escape(match[4], quote=False))

    return Markup(_RAW.sub(without, tree.html or ""), tuple(comments))


def start_tags(text: str, begin: int = 0, end: int = sys.maxsize) -> list[str]:
    """All that stands in the start tags of this part of a text that was written out, in order."""
    return _START.findall(text, begin, end)


def shape_and_values(tag: str) -> tuple[str, list[str]]:
    """What stands in a start tag without its values, and these, which may have character references."""
    parts = tag.split('"')
    return '"'.join(parts[::2]), parts[1::2]


@functools.lru_cache(maxsize=1 << 12)
def names_in(shape: str) -> tuple[str, ...] | None:
    """The names of an element and of its attributes; None if one is such as no page should have: it may hold
    quotation marks, so that the values are not those which `shape_and_values` told."""
    if _SHAPE.fullmatch(shape) is None:
        return None
    return tuple(each.removesuffix('="') for each in shape.split(" "))


def resolved(value: str) -> str:
    """The value without character references."""
    return html.unescape(value) if "&" in value else value
