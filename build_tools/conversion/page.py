"""A page as it was read: its HTML, but for the addresses of its links, and what there is to know of it."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markdown.extensions import toc

from build_tools.conversion.blocks import Blocks, Heading
from build_tools.conversion.tags import TAG, anchors, written

_TOC: Any = toc  # of whose functions not all types are told
_DEEPEST = 3  # of the levels of headings in the table of contents


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was read: its HTML in pieces, those numbered in `links` being addresses as written."""

    pieces: tuple[str, ...]
    links: tuple[int, ...]
    contents: Sequence[Mapping[str, Any]]  # the headings as the extension `toc` nests them
    title: str | None  # of the heading that the page begins with
    ids: frozenset[str]  # of elements made of Markdown
    anchors: frozenset[str]  # of tags in the text

    def html(self, resolve: Callable[[str], str]) -> str:
        """The HTML with the addresses that these become, from the first to the last."""
        pieces = list(self.pieces)
        for at in self.links:
            pieces[at] = resolve(pieces[at])
        return "".join(pieces).strip()


def read_page(source: str) -> Page:
    """The page of a text without its front matter. Raises Unknown."""
    blocks, found = Blocks(source), anchors(source)
    pieces, ids = blocks.pieces, set(blocks.ids)
    counters: dict[str, int] = {}
    contents: list[dict[str, Any]] = []
    for each in blocks.headings:
        tag, name, given = f"h{each.level}", _text(each), dict(each.attributes)
        if "id" not in given:
            given["id"] = _TOC.unique(_TOC.slugify(html.unescape(name), "-"), ids, counters)
        pieces[each.piece] = f'<{tag}{written(given)}>{each.html}<a class="headerlink" href="'
        pieces[each.piece + 1] = f"#{given['id']}"
        pieces[each.piece + 2] = f'" title="Permanent link">#</a></{tag}>\n'
        if each.level <= _DEEPEST:
            told = {"id": given["id"], "name": name, "html": each.html, "data-toc-label": ""}
            contents.append({"level": each.level, **told})
    first = blocks.headings[0] if blocks.headings else None
    return Page(
        pieces=tuple(pieces),
        links=tuple(blocks.links),
        contents=_TOC.nest_toc_tokens(contents),
        title=_text(first) if first is not None and first.piece == 0 and first.level == 1 else None,
        ids=frozenset(ids),
        anchors=frozenset(found),
    )


def _text(heading: Heading) -> str:
    """The heading without tags."""
    return " ".join(TAG.sub("", heading.html).split())
