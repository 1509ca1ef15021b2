"""Markdown as the site renders it, read as a browser reads the HTML; and texts that try to become markup."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import markdown
import yaml
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser, LexborNode

from build_tools.conversion.page import read_page
from build_tools.conversion.tags import Unknown, escape
from build_tools.yaml_tree import FORBIDDEN

PROJECT = Path(__file__).parent.parent

# An element with its attributes and what it holds, or text.
Part = tuple[str, dict[str, str | None], "list[Part]"] | str


class _Settings(yaml.SafeLoader):
    """Reads mkdocs.yml without what its `!ENV` stands for."""


_Settings.add_constructor("!ENV", lambda loader, node: "")


@functools.cache
def _converter() -> markdown.Markdown:
    settings = yaml.load((PROJECT / "mkdocs.yml").read_text(encoding="utf-8"), Loader=_Settings)
    names: list[str] = []
    configs: dict[str, dict[str, Any]] = {}
    for extension in settings["markdown_extensions"]:
        if isinstance(extension, str):
            names.append(extension)
        else:
            names += extension
            configs.update(extension)
    return markdown.Markdown(extensions=names, extension_configs=configs)


def rendered(text: str) -> list[Part]:
    """What the site makes of a page's Markdown; what converts pages in our builds must make the same of it."""
    html = _converter().reset().convert(text)
    with contextlib.suppress(Unknown):
        assert read_page(text).html(escape) == html
    body = LexborHTMLParser(f"<!doctype html><body>{html}</body>").body
    assert body is not None
    return [part for part in _parts(body) if not isinstance(part, str) or part.strip()]


def _parts(node: LexborNode) -> list[Part]:
    found: list[Part] = []
    for child in node.iter(include_text=True):
        tag = child.tag or ""
        if tag != "-text":
            found.append((tag, dict(child.attributes), _parts(child)))
        elif found and isinstance(found[-1], str):
            found[-1] += child.text_content or ""
        else:
            found.append(child.text_content or "")
    return found


def elements(parts: Sequence[Part], tag: str) -> list[tuple[dict[str, str | None], list[Part]]]:
    """The attributes and the contents of every element of that name, in reading order."""
    found: list[tuple[dict[str, str | None], list[Part]]] = []
    for part in parts:
        if not isinstance(part, str):
            if part[0] == tag:
                found.append((part[1], part[2]))
            found += elements(part[2], tag)
    return found


# What Python-Markdown and its extensions, HTML and template languages read as more than text.
_MARKS = (
    "* ** *** _ __ ` ``` ~~~ [ ] ( ) [[ ]] | \\ < > <script> </p> </li> <!-- --> <![CDATA[ ]]> <?php "
    "?> <http://a.example> <b onclick=x> <div markdown> </div> {: {:onclick=x} {:.a} } ![a](b) "
    "[a](javascript:x) ]( [^1] --- === & &amp; &#60; &lt; &lt # ## ### ##}{ #} : :: 1. 12. 2) - + > "
    "!!! ??? http://a.example javascript:alert(1) a@b.example "
    "{{ }} {% %} {# ^ ~ ~~ == % $ $$ \" ' ''' . .. ... , ; / ? ! @ = "
    "klzzwxh:0001 wzxhzdk:0 amp; a b İ ﬁ 0 1 9"
).split()
_SPACED = (
    "{: onclick=x }",
    "{: #a .b }",
    "[x]: y",
    "[x]: javascript:y 'z'",
    "[^1]: note",
    "*[a]: b",
    "## a",
    "# ",
    "- ",
    "+ ",
    "* ",
    "1. ",
    ":   ",
    "> ",
    '!!! note "x"',
    "| a |",
    "| --- |",
    "<b title='",
    " ",
    "  ",
    "    ",
    "\t",
    "\n",
    "\n\n",
    "\u00a0",
    "\u2003",
)
_PIECES = st.sampled_from([*_MARKS, *_SPACED])


def prose_of(*more: str) -> st.SearchStrategy[str]:
    """Texts that try to become markup, and any others: never with characters that no record may hold."""
    pieces = _PIECES | st.sampled_from(more) if more else _PIECES
    texts = st.lists(pieces, max_size=12).map("".join) | st.text(max_size=40)
    return texts.map(lambda text: FORBIDDEN.sub("", text))
