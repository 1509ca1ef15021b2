"""The map on the home page: the states of a part of the earth, those with a page as links, as an SVG.

Borders are drawn as Natural Earth has them. Lengths are the drawing's own units: pixels where it is as
wide as it may be. On a narrow screen it is less than half as wide; the style sheet then makes letters and
targets larger in these units, by the factor below.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from build_tools.pages.atlas import Atlas, Shape, stitched
from build_tools.pages.projection import Place, albers, area, cut, simplified
from build_tools.records import MapSettings

WIDTH, HEIGHT = 800, 640  # at most
TARGET = 24  # what a finger or a shaky hand can hit
LETTER, LINE = 6.8, 15  # of labels on a wide screen: a letter's width on average, a line's height
SHADES = 4
TOLERANCE = 0.6
MARGIN = 25  # degrees around the map's own, for the corners of the drawing

Ring = tuple[tuple[int, int], ...]
Polygon = tuple[Ring, ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """A width of screens, and how much larger letters and targets are on it, in units of the drawing."""

    name: str
    factor: float


SCREENS = (Screen("wide", 1), Screen("narrow", 2.25))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """The middle of a shape, the width that a name has there, and the lesser side of the shape."""

    x: int
    y: int
    room: int
    side: int

    def is_small(self, screen: Screen) -> bool:
        """True if the shape by itself is hard to hit."""
        return self.side < 1.4 * TARGET * screen.factor


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Where the middle of a name is on one kind of screen."""

    screen: str
    x: int
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A state on the map: its outline as path data, its middle, the screens that need a target there,
    and its name where that has a place."""

    entity: str
    name: str
    claims: int
    shade: int
    path: str
    x: int
    y: int
    targets: tuple[Screen, ...]
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shade:
    """A step of the scale of shades: the numbers of claims it stands for."""

    number: int
    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionMap:
    """The drawing: its size, the land without pages as one path, the states with pages, the scale."""

    width: int
    height: int
    land: str
    states: tuple[State, ...]
    shades: tuple[Shade, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An entity that may be on the map."""

    entity: str
    name: str
    code: str
    claims: int


Drawn = tuple[Subject, tuple[Polygon, ...], Spot]


class _Plane:
    """The earth laid on the drawing: projection, scale, and the arcs laid on it so far."""

    def __init__(self, settings: MapSettings, atlas: Atlas) -> None:
        self.west, self.south = settings.west.degrees, settings.south.degrees
        self.east, self.north = settings.east.degrees, settings.north.degrees
        self.atlas = atlas
        self.middle = (self.west + self.east) / 2
        inset = (self.north - self.south) / 6  # of the parallels without distortion: a common choice
        parallels = (self.south + inset, self.north - inset)
        self.projection = albers(parallels, (self.south + self.north) / 2, self.middle)
        edge = [self.projection(*point) for point in self._edges()]
        left, right = min(x for x, _ in edge), max(x for x, _ in edge)
        bottom, top = min(y for _, y in edge), max(y for _, y in edge)
        self.scale = min(WIDTH / (right - left), HEIGHT / (top - bottom))
        self.left, self.top = left, top
        self.width = math.ceil((right - left) * self.scale)
        self.height = math.ceil((top - bottom) * self.scale)
        self.arcs: dict[int, tuple[Place, ...]] = {}

    def _edges(self) -> Iterable[Place]:
        steps = [step / 32 for step in range(33)]
        for step in steps:
            x = self.west + (self.east - self.west) * step
            y = self.south + (self.north - self.south) * step
            yield from ((x, self.south), (x, self.north), (self.west, y), (self.east, y))

    def place(self, point: Place) -> Place:
        x, y = self.projection(*point)
        return (x - self.left) * self.scale, (self.top - y) * self.scale

    def arc(self, index: int) -> tuple[Place, ...]:
        """An arc in degrees, without the points that the drawing would not show.

        It is simplified by itself, so that two states go on sharing their border.
        """
        if index not in self.arcs:
            points = self.atlas.arcs[index]
            kept = simplified([self.place(point) for point in points], TOLERANCE)
            self.arcs[index] = tuple(points[i] for i in kept)
        return self.arcs[index]

    def polygons(self, shape: Shape) -> Iterable[Polygon]:
        """The polygons of a shape on the drawing, a little beyond its edges, but for specks."""
        for polygon in shape.polygons:
            rings = [drawn for ring in polygon for drawn in self.ring(ring)]
            if rings and area(rings[0]) >= 2:
                yield tuple(rings)

    def ring(self, ring: tuple[int, ...]) -> Iterable[Ring]:
        """A ring on the drawing, once for every turn of the earth that brings it into view."""
        whole = stitched(ring, self.atlas.arcs.__getitem__)
        west, east = min(x for x, _ in whole), max(x for x, _ in whole)
        low, high = max(self.south - MARGIN, -90), min(self.north + MARGIN, 90)
        if max(y for _, y in whole) < low or min(y for _, y in whole) > high:
            return
        reach = min((self.east - self.west) / 2 + MARGIN, 179.9)
        left, right = self.middle - reach, self.middle + reach
        turns = [turn for turn in (-360, 0, 360) if west + turn < right and east + turn > left]
        points = stitched(ring, self.arc) if turns else ()
        for turn in turns:
            inside = cut([(x + turn, y) for x, y in points], left, low, right, high)
            shown = cut([self.place(p) for p in inside], -4, -4, self.width + 4, self.height + 4)
            found = _on_pixels(shown)
            if len(found) > 3:
                yield found


def _on_pixels(points: Iterable[Place]) -> Ring:
    """The points in whole units, without those that repeat one or lie between two on a straight line."""
    found: list[tuple[int, int]] = []
    for x, y in points:
        here = (round(x), round(y))
        if found and here == found[-1]:
            continue
        if len(found) > 1 and _straight(found[-2], found[-1], here):
            found.pop()
        found.append(here)
    return tuple(found)


def _straight(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> bool:
    ahead = (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) >= 0
    return ahead and (b[0] - a[0]) * (c[1] - b[1]) == (b[1] - a[1]) * (c[0] - b[0])


def path_data(polygons: Iterable[Polygon]) -> str:
    """SVG path data of the polygons, in steps from point to point."""
    parts: list[str] = []
    for polygon in polygons:
        for ring in polygon:
            parts.append(f"M{ring[0][0]} {ring[0][1]}l")
            steps = itertools.pairwise(ring[:-1])
            numbers = [number for a, b in steps for number in (b[0] - a[0], b[1] - a[1])]
            text = " ".join(map(str, numbers)).replace(" -", "-")
            parts.append(f"{text}z")
    return "".join(parts)


def region_map(settings: MapSettings, atlas: Atlas, subjects: Iterable[Subject]) -> RegionMap:
    """The map of the part of the earth, with the subjects that it has a shape for, in their order."""
    plane = _Plane(settings, atlas)
    shapes = {shape.code: shape for shape in atlas.shapes if shape.code}
    shaped = [(one, tuple(plane.polygons(shapes[one.code]))) for one in subjects if one.code in shapes]
    drawn = [(subject, polygons, _spot(polygons, plane)) for subject, polygons in shaped if polygons]
    linked = {subject.code for subject, _, _ in drawn}
    rest = [shape for shape in atlas.shapes if not shape.code or shape.code not in linked]
    shades = shades_of(subject.claims for subject, _, _ in drawn)
    labels = [_labels(drawn, screen, plane) for screen in SCREENS]
    states = (
        _state(item, [names[item[0].entity] for names in labels if item[0].entity in names], shades)
        for item in drawn
    )
    return RegionMap(
        width=plane.width,
        height=plane.height,
        land=path_data(polygon for shape in rest for polygon in plane.polygons(shape)),
        states=tuple(states),
        shades=shades,
    )


def shades_of(numbers: Iterable[int]) -> tuple[Shade, ...]:
    """A scale of at most four steps, each for about as many of the numbers."""
    ordered = sorted(numbers)
    ends = sorted({ordered[(len(ordered) * step - 1) // SHADES] for step in range(1, SHADES + 1) if ordered})
    lows = [ordered[0], *(next(n for n in ordered if n > end) for end in ends[:-1])] if ordered else []
    return tuple(
        Shade(number=number, low=low, high=high)
        for number, (low, high) in enumerate(zip(lows, ends, strict=True), 1 + SHADES - len(ends))
    )


def _state(item: Drawn, labels: Iterable[Label], shades: Iterable[Shade]) -> State:
    subject, polygons, spot = item
    return State(
        entity=subject.entity,
        name=subject.name,
        claims=subject.claims,
        shade=next(shade.number for shade in shades if subject.claims <= shade.high),
        path=path_data(polygons),
        x=spot.x,
        y=spot.y,
        targets=tuple(screen for screen in SCREENS if spot.is_small(screen)),
        labels=tuple(labels),
    )


def _spot(polygons: Sequence[Polygon], plane: _Plane) -> Spot:
    """The place for a name or a target in the largest of the polygons."""
    largest = max(polygons, key=lambda polygon: area(polygon[0]))
    x, y, room = _widest(largest, LINE, plane)
    sides = (max(p[axis] for p in largest[0]) - min(p[axis] for p in largest[0]) for axis in (0, 1))
    return Spot(x=x, y=y, room=room, side=min(sides))


def _labels(drawn: Sequence[Drawn], screen: Screen, plane: _Plane) -> dict[str, Label]:
    """The names that have a place on a screen, where they cover neither each other nor a target.

    Those that fit into their shape come first, then the larger shapes. A name that does not fit stands
    where it covers least of the other shapes; beside a target, on any side of it.
    """
    letter, line, reach = LETTER * screen.factor, LINE * screen.factor, TARGET / 2 * screen.factor
    small = [spot for _, _, spot in drawn if spot.is_small(screen)]
    taken = [_Box(spot.x - reach, spot.y - reach, spot.x + reach, spot.y + reach) for spot in small]
    found: dict[str, Label] = {}

    def fits(item: Drawn) -> bool:
        return len(item[0].name) * letter <= item[2].room and not item[2].is_small(screen)

    for item in sorted(drawn, key=lambda item: (not fits(item), -item[2].side, item[0].entity)):
        subject, _, spot = item
        width = len(subject.name) * letter
        places = [(0.0, 0.0)]
        if spot.is_small(screen):
            aside, over = reach + 4 + width / 2, reach + line / 2
            places = [(aside, 0.0), (-aside, 0.0), (0.0, over), (0.0, -over)]
        elif not fits(item):
            places += [(width / 3, 0.0), (-width / 3, 0.0), (0.0, line), (0.0, -line)]
        boxes = (_Box.around(spot.x + dx, spot.y + dy, width, line) for dx, dy in places)
        free = [
            box
            for box in boxes
            if box.is_within(plane.width, plane.height) and not any(map(box.meets, taken))
        ]
        if free:
            others = [polygons for other, polygons, _ in drawn if other is not subject]
            box = min(free, key=lambda box: _covered(box, others)) if len(free) > 1 else free[0]
            taken.append(box)
            x, y = box.middle
            found[subject.entity] = Label(screen=screen.name, x=round(x), y=round(y))
    return found


def _covered(box: _Box, shapes: Iterable[Sequence[Polygon]]) -> int:
    """How many of the two ends and the middle of a box are inside of one of the shapes."""
    x, y = box.middle
    spans = [
        span
        for polygons in shapes
        for polygon in polygons
        if min(py for _, py in polygon[0]) <= y <= max(py for _, py in polygon[0])
        for span in _spans(polygon, y)
    ]
    return sum(any(left <= end <= right for left, right in spans) for end in (box.left, x, box.right))


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, x: float, y: float, width: float, height: float) -> _Box:
        return cls(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    @property
    def middle(self) -> Place:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def meets(self, other: _Box) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def is_within(self, width: int, height: int) -> bool:
        return self.left >= 0 and self.top >= 0 and self.right <= width and self.bottom <= height


def _widest(polygon: Polygon, height: int, plane: _Plane) -> tuple[int, int, int]:
    """The middle and the width of the widest strip of that height inside of a polygon and the drawing."""
    ys = [y for _, y in polygon[0]]
    best, found = (-1.0, 0.0), (polygon[0][0][0], polygon[0][0][1], 0)
    inset = round(LINE * SCREENS[-1].factor / 2) + 1  # so that a name is on the drawing as a whole
    low, high = max(min(ys), inset), min(max(ys), plane.height - inset)
    for y in range(low, high + 1, 2):
        spans = _spans(polygon, y)
        for step in (-height / 2, height / 2):
            spans = _shared(spans, _spans(polygon, y + step))
        for left, right in spans:
            left, right = max(left, 0), min(right, plane.width)
            # Of strips as wide, the one nearest to the middle of the shape.
            score = (right - left, -abs(y - (low + high) / 2))
            if right > left and score > best:
                best, found = score, (round((left + right) / 2), y, round(right - left))
    if best[0] < 0 and height and low <= high:  # a shape lower than the strip
        return (*_widest(polygon, height // 2, plane)[:2], 0)
    return found


def _spans(polygon: Polygon, y: float) -> list[Place]:
    """Where a level line is inside of a polygon."""
    level = y + 0.01  # past the corners, which are at whole numbers or halves
    crossings = sorted(
        ax + (level - ay) / (by - ay) * (bx - ax)
        for ring in polygon
        for (ax, ay), (bx, by) in itertools.pairwise(ring)
        if (ay <= level) != (by <= level)
    )
    return list(zip(crossings[::2], crossings[1::2], strict=False))


def _shared(some: Iterable[Place], others: Sequence[Place]) -> list[Place]:
    found = [(max(a, c), min(b, d)) for a, b in some for c, d in others]
    return [(left, right) for left, right in found if left < right]
