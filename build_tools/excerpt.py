"""A line of a file as a terminal shows it, with a marker under one place of it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LEAST_WIDTH = 30  # cells: of a narrower terminal nothing sensible can be made
_CUT = "…"
# What the marker reaches over: an address, a word with its joints, a mark that is repeated, a character.
_REACH = re.compile(
    r"https?://\S+|</?\w[^<>]*>|\[[^\[\]]*\]\([^()\s]*\)|[^\W_]\w*(?:[-'’.,:/#][^\W_]\w*)*[%$€£]?|(.)\1*",
    re.S,
)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line, cut to fit, and a line that marks a place of it; both without what commands a terminal."""

    line: str
    marker: str


def printable(text: str) -> str:
    """The text with every character escaped that is none to be seen."""
    # Spaces other than U+0020 count as unprintable, but a title may hold one.
    return "".join(
        c if c.isprintable() or unicodedata.category(c) == "Zs" else c.encode("unicode_escape").decode()
        for c in text
    )


def lines_of(data: bytes) -> list[str]:
    """The lines of a file, as problems count them."""
    return re.split(r"\r\n|\r|\n", data.decode("utf-8-sig", errors="replace"))


def reach(line: str, column: int) -> str:
    """What the marker of a column, counted from 1, reaches over; nothing beyond the line's end."""
    match = _REACH.match(line, min(column - 1, len(line)))
    return match[0] if match else ""


def excerpt(line: str, column: int, width: int) -> Excerpt:
    """What a terminal of `width` cells shows of a line for the place at `column`, counted from 1.

    Cells are counted as Unicode has them: two for a wide character, none for a combining mark. Of a long
    line only what is around the place is shown.
    """
    width = max(width, LEAST_WIDTH)
    begin = min(column - 1, len(line))
    end = begin + len(reach(line, column))
    shown = [(_shown(character), i) for i, character in enumerate(line.rstrip())]
    before = sum(_cells(text) for text, i in shown if i < begin)
    marked = max(1, sum(_cells(text) for text, i in shown if begin <= i < end))
    whole = sum(_cells(text) for text, _ in shown)
    first, last = 0, whole
    if whole > width:
        # A third of the room for what stands before the place; the rest for what follows it.
        first = max(0, min(before - width // 3, whole - width + 1))
        last = first + width - (first > 0)
        last -= last < whole
    kept, position = [], 0
    for text, _ in shown:
        cells = _cells(text)
        if first <= position and position + cells <= last and (cells or position > first or first == 0):
            kept.append(text)
        elif position < first < position + cells:
            kept.append(" " * (position + cells - first))  # a wide character cut in two
        position += cells
    head = _CUT if first else ""
    marked = min(marked, max(1, last - before))
    marker = " " * (before - first + len(head)) + "^" + "~" * (marked - 1)
    return Excerpt(head + "".join(kept) + (_CUT if last < whole else ""), marker)


def _shown(character: str) -> str:
    return "    " if character == "\t" else printable(character)


def _cells(text: str) -> int:
    import wcwidth  # here: the comment on a pull request is made where no package is installed

    return max(0, wcwidth.wcswidth(text))
