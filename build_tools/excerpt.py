"""Problems for somebody at a terminal: the line of the file is shown, with a marker under the place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import MappingProxyType

import wcwidth

from build_tools.problems import Code, Location, Problem, Severity
from build_tools.report import printable, terminal

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


def on_terminal(
    problems: Iterable[Problem], line_at: Callable[[Location], str | None], *, width: int, colour: bool
) -> str:
    """As `terminal`, with the line of the file between the two, marked at the place.

    `line_at` gives the line of a place, None where none is to be shown.
    """
    parts: list[str] = []
    for problem in problems:
        head, *rest = terminal([problem]).splitlines()
        line = line_at(problem.at)
        paint = _PAINT[problem.severity] if colour else ""
        code = f"[{problem.code}]"
        parts.append(head.replace(code, _painted(code, paint), 1))
        if line is not None and not _is_of_a_file(problem):
            number = str(problem.at.line)
            gutter, blank = f"{number:>5} | ", f"{'':>5} | "
            found = excerpt(line, problem.at.column, width - len(gutter))
            parts += [_painted(gutter, _DIM if colour else "") + found.line]
            parts += [_painted(blank, _DIM if colour else "") + _painted(found.marker, paint)]
        parts += rest
    return "".join(f"{part}\n" for part in parts)


# Select Graphic Rendition of ECMA-48, section 8.3.117.
_PAINT = MappingProxyType({Severity.ERROR: "1;31", Severity.WARNING: "1;33"})
_DIM = "2"


def _painted(text: str, paint: str) -> str:
    return f"\x1b[{paint}m{text}\x1b[0m" if paint else text


# Problems of a file as a whole stand at its first character, which is not at fault.
_OF_A_FILE = frozenset(
    {
        Code.BAD_ID,
        Code.EMPTY_FILE,
        Code.FILE_TOO_BIG,
        Code.ID_CLASH,
        Code.MISSING_FILE,
        Code.NOT_UTF8,
        Code.ORPHAN,
        Code.SYMLINK,
        Code.UNEXPECTED_FILE,
        Code.UNREADABLE_FILE,
    }
)


def _is_of_a_file(problem: Problem) -> bool:
    return problem.code in _OF_A_FILE and (problem.at.line, problem.at.column) == (1, 1)


def excerpt(line: str, column: int, width: int) -> Excerpt:
    """What a terminal of `width` cells shows of a line for the place at `column`, counted from 1.

    Cells are counted as Unicode has them: two for a wide character, none for a combining mark. Of a long
    line only what is around the place is shown.
    """
    width = max(width, LEAST_WIDTH)
    begin = min(column - 1, len(line))
    reach = _REACH.match(line, begin)
    shown = [(_shown(character), i) for i, character in enumerate(line.rstrip())]
    before = sum(_cells(text) for text, i in shown if i < begin)
    marked = max(1, sum(_cells(text) for text, i in shown if begin <= i < (reach.end() if reach else begin)))
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
    return max(0, wcwidth.wcswidth(text))
