"""The times drawn against the size of the wiki, both by powers of ten, as SVG in the colour of the text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 760, 440
LEFT, RIGHT, TOP, BOTTOM = 64, 210, 16, 44  # around the lines; the names stand on the right
LINE = 15  # from one name to the next, at least
# Lines are told apart by their names, which stand at their ends, and by their dashes.
DASHES = ("", "7 3", "2 3", "9 3 2 3")


@dataclass(frozen=True, slots=True)
class Line:
    """What takes how long: points of entities and seconds, the smallest wiki first."""

    name: str
    points: tuple[tuple[int, float], ...]


def drawn(lines: Sequence[Line]) -> str:
    """The drawing, on one line for each of its parts and with no empty line, fit to stand in Markdown."""
    shown = [line for line in lines if line.points]
    sizes = sorted({entities for line in shown for entities, _ in line.points})
    seconds = [value for line in shown for _, value in line.points]
    across = _Axis(sizes[0], sizes[-1], LEFT, WIDTH - RIGHT)
    up = _Axis(
        10 ** math.floor(math.log10(min(seconds))),
        10 ** math.ceil(math.log10(max(seconds))),
        HEIGHT - BOTTOM,
        TOP,
    )
    told = "; ".join(f"{line.name}: {line.points[-1][1]:.3g} s at {line.points[-1][0]:,}" for line in shown)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' fill="currentColor" font-size="12" aria-label="Seconds by entities. {escape(told)}.">',
        *_grid(across, up, sizes),
        *_lines(across, up, shown),
        "</svg>",
    ]
    return "\n".join(parts)


class _Axis:
    """Where a value stands, between two places."""

    def __init__(self, least: float, most: float, begin: float, end: float) -> None:
        self.least, self.most, self.begin, self.end = least, most, begin, end

    def at(self, value: float) -> float:
        whole = math.log(self.most / self.least) or 1
        return self.begin + (self.end - self.begin) * math.log(value / self.least) / whole

    def powers(self) -> Iterator[int]:
        """The powers of ten on it."""
        yield from range(math.ceil(math.log10(self.least)), math.floor(math.log10(self.most)) + 1)


def _grid(across: _Axis, up: _Axis, sizes: Iterable[int]) -> Iterator[str]:
    for power in up.powers():
        y = up.at(10**power)
        yield (
            f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}"'
            ' stroke="currentColor" stroke-opacity="0.2"/>'
        )
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10**power:g} s</text>'
    for entities in sizes:
        x = across.at(entities)
        yield (
            f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}"'
            ' stroke="currentColor" stroke-opacity="0.2"/>'
        )
        yield f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{entities:,}</text>'
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield f'<text x="{middle:.1f}" y="{HEIGHT - 6}" text-anchor="middle">entities</text>'


def _lines(across: _Axis, up: _Axis, lines: Sequence[Line]) -> Iterator[str]:
    ends = {line.name: up.at(line.points[-1][1]) for line in lines}
    heights = dict(zip(sorted(ends, key=lambda name: ends[name]), _apart(sorted(ends.values())), strict=True))
    for number, line in enumerate(lines):
        points = [(across.at(entities), up.at(value)) for entities, value in line.points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        dash = DASHES[number % len(DASHES)]
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        yield f'<polyline points="{path}" fill="none" stroke="currentColor" stroke-width="1.5"{dashes}/>'
        yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>' for x, y in points)
        x, y = points[-1]
        label = WIDTH - RIGHT + 16
        yield (
            f'<line x1="{x + 4:.1f}" y1="{y:.1f}" x2="{label - 4}" y2="{heights[line.name]:.1f}"'
            ' stroke="currentColor" stroke-opacity="0.4"/>'
        )
        yield f'<text x="{label}" y="{heights[line.name] + 4:.1f}">{escape(line.name)}</text>'


def _apart(heights: Sequence[float]) -> list[float]:
    """Heights at which names can be read, in the same order and near to these, which rise."""
    found: list[float] = []
    for height in heights:
        found.append(max(height, found[-1] + LINE) if found else height)
    over = max(0.0, found[-1] - (HEIGHT - BOTTOM)) if found else 0.0
    for at in range(len(found) - 1, -1, -1):
        least = found[at + 1] - LINE if at + 1 < len(found) else HEIGHT - BOTTOM
        found[at] = min(found[at], least) if over else found[at]
    return found
