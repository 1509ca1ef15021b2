"""The shapes of the world's states, decoded from Natural Earth's data as TopoJSON.

TopoJSON keeps a border that two states share once, as an arc; the rings of both name it. See
https://github.com/topojson/topojson-specification.
"""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from build_tools.ghost import Ghost

Point = tuple[float, float]  # longitude and latitude in degrees
Ring = tuple[int, ...]  # arcs in order; ~n is arc n backwards


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A state's shape: its ISO 3166-1 code of two letters, empty if it has none, and its polygons.

    The first ring of a polygon is its outline, the others are holes in it.
    """

    code: str
    polygons: tuple[tuple[Ring, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Atlas(Ghost):
    """Shapes and the arcs that their rings are made of."""

    arcs: tuple[tuple[Point, ...], ...]
    shapes: tuple[Shape, ...]


@functools.lru_cache(maxsize=1)
def read_atlas(data: bytes, layer: str = "countries") -> Atlas:
    """The atlas that the TopoJSON holds; the numeric codes of its shapes become those of two letters."""
    topology = json.loads(data)
    return Atlas(
        arcs=tuple(_arc(arc, topology.get("transform")) for arc in topology["arcs"]),
        shapes=tuple(_shape(geometry) for geometry in topology["objects"][layer]["geometries"]),
    )


def _arc(positions: list[list[float]], transform: Mapping[str, list[float]] | None) -> tuple[Point, ...]:
    """The points of an arc; of a quantized one each position is the step from the one before."""
    if transform is None:
        return tuple((x, y) for x, y, *_ in positions)
    (scale_x, scale_y), (left, bottom) = transform["scale"], transform["translate"]
    xs = itertools.accumulate(position[0] for position in positions)
    ys = itertools.accumulate(position[1] for position in positions)
    return tuple((left + scale_x * x, bottom + scale_y * y) for x, y in zip(xs, ys, strict=True))


def _shape(geometry: Mapping[str, object]) -> Shape:
    arcs = geometry.get("arcs", ())
    polygons = {"Polygon": (arcs,), "MultiPolygon": arcs}.get(str(geometry["type"]), ())
    return Shape(
        code=_codes().get(str(geometry.get("id", "")), ""),
        polygons=tuple(tuple(tuple(ring) for ring in polygon) for polygon in polygons),  # type: ignore[attr-defined]
    )


@functools.cache
def _codes() -> Mapping[str, str]:
    """Codes of two letters by ISO's numbers of three digits, as Unicode's data have them."""
    from babel.core import get_global  # takes longer to load than a small wiki to check

    aliases = get_global("territory_aliases")
    return {number: codes[0] for number, codes in aliases.items() if number.isdigit()}


def stitched(ring: Ring, arc: Callable[[int], tuple[Point, ...]]) -> tuple[Point, ...]:
    """The points of a closed ring; its last is its first. Longitudes run on across the antimeridian.

    A ring around a pole, which ends a turn away from its start, is led over that pole.
    """
    points: list[Point] = []
    for index in ring:
        part = arc(index) if index >= 0 else arc(~index)[::-1]
        points.extend(part[1:] if points else part)
    found = list(_running_on(points))
    turn = round((found[-1][0] - found[0][0]) / 360) * 360
    if turn:
        pole = 90.0 if sum(y for _, y in found) > 0 else -90.0
        found += [(found[-1][0], pole), (found[0][0], pole), found[0]]
    return tuple(found)


def _running_on(points: Iterable[Point]) -> Iterable[Point]:
    """The points, each at the longitude nearest to that of the one before."""
    last: float | None = None
    for x, y in points:
        last = x if last is None else x - round((x - last) / 360) * 360
        yield last, y
