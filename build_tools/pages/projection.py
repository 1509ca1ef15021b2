"""The earth on a plane, and lines on the plane: projected, simplified, cut to a rectangle.

Albers' equal-area conic projection of a sphere: John P. Snyder, Map Projections – A Working Manual,
U.S. Geological Survey Professional Paper 1395, 1987, pp. 98–103, equations 14-1 to 14-6.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence

Place = tuple[float, float]
Projection = Callable[[float, float], Place]  # longitude and latitude → x and y


def albers(parallels: tuple[float, float], latitude: float, longitude: float) -> Projection:
    """The projection with two standard parallels; the origin of the plane is at `latitude`, `longitude`.

    All in degrees; the plane's unit is the radius of the sphere, y points north. The projection takes
    points within 180 degrees of the middle meridian.
    """
    first, second = (math.sin(math.radians(parallel)) for parallel in parallels)
    n, zero = (first + second) / 2, math.sin(math.radians(latitude))
    if abs(n) < 1e-9:  # parallels on both sides of the equator: the cone is a cylinder (p. 98)
        width = math.sqrt(1 - first * first)
        return lambda x, y: (
            math.radians(x - longitude) * width,
            (math.sin(math.radians(y)) - zero) / width,
        )
    c = 1 - first * first + 2 * n * first
    origin = math.sqrt(c - 2 * n * zero) / n

    def place(x: float, y: float) -> Place:
        rho = math.sqrt(max(c - 2 * n * math.sin(math.radians(y)), 0)) / n
        turn = n * math.radians(x - longitude)
        return rho * math.sin(turn), origin - rho * math.cos(turn)

    return place


def simplified(line: Sequence[Place], tolerance: float) -> tuple[int, ...]:
    """Which points of a line to keep, its ends among them, so that no other is further from it than that.

    Douglas and Peucker's method, without recursion.
    """
    keep = {0, len(line) - 1}
    spans = [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        far, index = tolerance * tolerance, -1
        (ax, ay), (bx, by) = line[first], line[last]
        dx, dy = bx - ax, by - ay
        length = dx * dx + dy * dy
        for i in range(first + 1, last):
            px, py = line[i][0] - ax, line[i][1] - ay
            along = min(max((px * dx + py * dy) / length, 0), 1) if length else 0
            away = (px - along * dx) ** 2 + (py - along * dy) ** 2
            if away > far:
                far, index = away, i
        if index >= 0:
            keep.add(index)
            spans += [(first, index), (index, last)]
    return tuple(sorted(keep))


def cut(ring: Sequence[Place], left: float, bottom: float, right: float, top: float) -> tuple[Place, ...]:
    """The part of a closed ring inside of a rectangle, closed along its edges (Sutherland and Hodgman)."""
    points = list(ring)
    for axis, edge, sign in ((0, left, 1), (0, right, -1), (1, bottom, 1), (1, top, -1)):
        points = list(_half(points, axis, edge, sign))
    return (*points, points[0]) if points else ()


def _half(points: list[Place], axis: int, edge: float, sign: int) -> Iterator[Place]:
    """What lies on one side of an edge, in order, the last point not repeated."""
    for before, here in zip([*points[-1:], *points], points, strict=False):
        was, is_in = (sign * (point[axis] - edge) >= 0 for point in (before, here))
        if was != is_in:
            share = (edge - before[axis]) / (here[axis] - before[axis])
            along = before[1 - axis] + share * (here[1 - axis] - before[1 - axis])
            yield (edge, along) if axis == 0 else (along, edge)
        if is_in:
            yield here


def area(ring: Sequence[Place]) -> float:
    """The area of a closed ring, whichever way it turns."""
    twice = sum(ax * by - bx * ay for (ax, ay), (bx, by) in itertools.pairwise(ring))
    return abs(twice) / 2
