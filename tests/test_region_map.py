"""Shapes decoded, projected, simplified and cut: the map of a part of the earth, from end to end."""

from __future__ import annotations

import dataclasses
import itertools
import json
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_tools.compiler import compile_wiki
from build_tools.load import ATLAS, load
from build_tools.packages import read_package
from build_tools.pages.atlas import Atlas, Shape, read_atlas, stitched
from build_tools.pages.projection import albers, area, cut, simplified
from build_tools.pages.region_map import (
    SCREENS,
    RegionMap,
    Subject,
    path_data,
    region_map,
    shades_of,
)
from build_tools.problems import Location
from build_tools.records import MapSettings
from build_tools.report import terminal
from build_tools.values import Latitude, Longitude, Ref
from tests.conftest import MakeWiki
from tests.islands import Wiki

# ---- TopoJSON --------------------------------------------------------------------------------------

# Two squares with a common border (arc 0), the right one with a hole; an island of two parts; a
# territory without a code. Positions are steps of half a degree from 10° E, 20° N.
TOPOLOGY = {
    "type": "Topology",
    "transform": {"scale": [0.5, 0.5], "translate": [10, 20]},
    "arcs": [
        [[4, 0], [0, 2], [0, 2]],  # the border, northwards
        [[4, 4], [-4, 0], [0, -4], [4, 0]],  # round the left square
        [[4, 4], [4, 0], [0, -4], [-4, 0]],  # round the right square
        [[5, 1], [1, 0], [0, 1], [-1, -1]],  # the hole
        [[20, 20], [1, 0], [0, 1], [-1, -1]],
        [[30, 30], [1, 0], [0, 1], [-1, -1]],
    ],
    "objects": {
        "countries": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "id": "792", "arcs": [[0, 1]]},
                {"type": "Polygon", "id": "398", "arcs": [[2, 0], [3]]},
                {"type": "MultiPolygon", "id": "242", "arcs": [[[4]], [[-6]]]},
                {"type": "Polygon", "properties": {"name": "Nowhere"}, "arcs": [[-1, 2]]},
                {"type": None, "id": "010"},
            ],
        }
    },
}


def atlas(topology: object = TOPOLOGY) -> Atlas:
    return read_atlas(json.dumps(topology).encode())


def test_steps_of_a_quantized_arc_become_degrees() -> None:
    assert atlas().arcs[0] == ((12, 20), (12, 21), (12, 22))
    assert atlas().arcs[1] == ((12, 22), (10, 22), (10, 20), (12, 20))


def test_an_arc_that_is_not_quantized_is_in_degrees_already() -> None:
    plain: dict[str, Any] = TOPOLOGY | {
        "transform": None,
        "arcs": [[[1.5, 2], [3, 4.25]]],
        "objects": {"countries": {"geometries": []}},
    }
    assert atlas(plain).arcs == (((1.5, 2), (3, 4.25)),)


def test_shapes_have_codes_of_two_letters_or_none() -> None:
    assert [shape.code for shape in atlas().shapes] == ["TR", "KZ", "FJ", "", "AQ"]
    assert [len(shape.polygons) for shape in atlas().shapes] == [1, 1, 2, 1, 0]
    assert atlas().shapes[1].polygons == (((2, 0), (3,)),)


def test_a_ring_is_stitched_of_its_arcs_forwards_and_backwards() -> None:
    arcs = atlas().arcs
    forwards = stitched((0, 1), arcs.__getitem__)
    assert [*forwards] == [(12, 20), (12, 21), (12, 22), (10, 22), (10, 20), (12, 20)]
    assert stitched((~1, ~0), arcs.__getitem__) == forwards[::-1]


def test_a_ring_runs_on_across_the_antimeridian() -> None:
    arc = ((178.0, -17.0), (-179.0, -17.0), (-179.0, -16.0), (178.0, -16.0), (178.0, -17.0))
    assert stitched((0,), lambda index: arc) == ((178, -17), (181, -17), (181, -16), (178, -16), (178, -17))


def test_a_ring_around_a_pole_is_led_over_it() -> None:
    arc = ((0.0, -70.0), (120.0, -80.0), (-120.0, -75.0), (0.0, -70.0))
    ring = stitched((0,), lambda index: arc)
    assert ring == ((0, -70), (120, -80), (240, -75), (360, -70), (360, -90), (0, -90), (0, -70))


# ---- the projection --------------------------------------------------------------------------------


def test_the_projection_is_snyders() -> None:
    """The numerical example of the sphere on p. 291 of his manual."""
    x, y = albers((29.5, 45.5), 23, -96)(-75, 35)
    assert (round(x, 7), round(y, 7)) == (0.2952720, 0.2416774)


@pytest.mark.parametrize("parallels", [(29.5, 45.5), (-45.5, -29.5), (-30, 30), (0, 60)])
def test_equal_areas_stay_equal(parallels: tuple[float, float]) -> None:
    place = albers(parallels, 0, 0)
    for longitude, latitude in ((0.0, 0.0), (40.0, 50.0), (-100.0, -30.0), (20.0, 70.0)):
        step = 0.01
        corners = [(0, 0), (step, 0), (step, step), (0, step), (0, 0)]
        drawn = area([place(longitude + x, latitude + y) for x, y in corners])
        bands = math.sin(math.radians(latitude + step)) - math.sin(math.radians(latitude))
        assert drawn == pytest.approx(math.radians(step) * bands, rel=1e-4)


# ---- lines -----------------------------------------------------------------------------------------

PLACES = st.tuples(st.floats(-50, 50), st.floats(-50, 50))


def away(point: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    """How far a point is from a stretch."""
    (px, py), (ax, ay), (bx, by) = point, a, b
    length = (bx - ax) ** 2 + (by - ay) ** 2
    along = max(0, min(1, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length)) if length else 0
    return math.hypot(px - ax - along * (bx - ax), py - ay - along * (by - ay))


@given(st.lists(PLACES, min_size=2, max_size=30), st.floats(0.1, 20))
def test_a_simplified_line_is_never_further_off_than_allowed(
    line: list[tuple[float, float]], off: float
) -> None:
    kept = simplified(line, off)
    assert (kept[0], kept[-1]) == (0, len(line) - 1)
    for first, last in itertools.pairwise(kept):
        for i in range(first, last):
            assert away(line[i], line[first], line[last]) <= off + 1e-6


def test_a_long_line_is_simplified_without_recursion() -> None:
    line = [(float(i), i % 2 * 10.0) for i in range(3000)]
    assert len(simplified(line, 1)) == 3000
    assert simplified([(x, 0.0) for x, _ in line], 1) == (0, 2999)


def test_a_ring_is_cut_to_a_rectangle() -> None:
    diamond = ((5, -5), (15, 5), (5, 15), (-5, 5), (5, -5))
    inside = cut(diamond, 0, 0, 10, 10)
    assert area(inside) == 100
    assert inside[0] == inside[-1]
    assert cut(diamond, 20, 0, 30, 10) == ()
    assert area(cut(diamond, -10, -10, 20, 20)) == area(diamond)


@given(st.lists(PLACES, min_size=3, max_size=12))
def test_what_is_cut_is_inside(points: list[tuple[float, float]]) -> None:
    for x, y in cut((*points, points[0]), -10, -5, 20, 15):
        assert -10 - 1e-9 <= x <= 20 + 1e-9
        assert -5 - 1e-9 <= y <= 15 + 1e-9


def test_path_data_go_step_by_step() -> None:
    square = ((10, 20), (30, 20), (30, 5), (10, 5), (10, 20))
    hole = ((12, 18), (14, 18), (14, 16), (12, 18))
    assert path_data([(square, hole)]) == "M10 20l20 0 0-15-20 0zM12 18l2 0 0-2z"


# ---- the map ---------------------------------------------------------------------------------------

HERE = Location("wiki.yml")


def settings(west: float, south: float, east: float, north: float) -> MapSettings:
    return MapSettings(
        at=HERE,
        identifier=Ref("iso", HERE),
        west=Longitude(west, HERE),
        south=Latitude(south, HERE),
        east=Longitude(east, HERE),
        north=Latitude(north, HERE),
    )


def subjects(**names: str) -> list[Subject]:
    return [
        Subject(entity=code.lower(), name=name, code=code, claims=number)
        for number, (code, name) in enumerate(names.items())
    ]


def world() -> Atlas:
    data = read_package(ATLAS)
    assert data is not None
    return read_atlas(data)


def drawn(edges: tuple[float, float, float, float], **names: str) -> RegionMap:
    return region_map(settings(*edges), world(), subjects(**names))


def points(path: str) -> list[tuple[int, int]]:
    """The corners that path data lead to."""
    found = []
    for x, y, steps in re.findall(r"M(-?\d+) (-?\d+)l([^z]*)z", path):
        here = (int(x), int(y))
        found.append(here)
        numbers = [int(number) for number in re.findall(r"-?\d+", steps)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            here = (here[0] + dx, here[1] + dy)
            found.append(here)
    return found


def ends(path: str) -> tuple[int, int, int, int]:
    """The left, top, right and lower end of path data."""
    xs, ys = zip(*points(path), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def test_two_states_share_their_border_to_the_pixel() -> None:
    made = region_map(settings(9, 19, 15, 23), atlas(), subjects(TR="Left", KZ="Right"))
    left, right = (state.path for state in made.states)
    shared = set(points(left)) & set(points(right))
    assert len(shared) == 2
    assert {x for x, _ in shared} <= {ends(left)[2], ends(left)[2] - 1, ends(left)[2] - 2, ends(left)[2] - 3}
    assert (left.count("M"), right.count("M")) == (1, 2), "the hole"
    made = drawn((24, 33, 90, 56), KZ="Kazakhstan", UZ="Uzbekistan")
    assert len(set(points(made.states[0].path)) & set(points(made.states[1].path))) > 15


def test_everything_is_on_the_drawing_or_a_little_beyond() -> None:
    made = drawn((24, 33, 90, 56), TR="Turkey", RU="Russia", CN="China")
    for path in (made.land, *(state.path for state in made.states)):
        left, top, right, low = ends(path)
        assert min(left, top) >= -4
        assert right <= made.width + 4
        assert low <= made.height + 4


@pytest.mark.parametrize(
    "edges",
    [
        (24, 33, 90, 56),
        (165, -25, 190, -10),  # across the antimeridian
        (-180, -85, 180, 85),  # the whole earth, on a cylinder
        (-180, -90, 180, 0),
        (-180, 60, 180, 90),
        (100, 0, 100.5, 0.5),
    ],
)
def test_any_part_of_the_earth_can_be_drawn(edges: tuple[float, float, float, float]) -> None:
    made = drawn(edges, FJ="Fiji", RU="Russia", AQ="Antarctica", SG="Singapore")
    assert 1 <= made.width <= 801
    assert 1 <= made.height <= 641
    assert "nan" not in made.land


def test_a_state_across_the_antimeridian_is_drawn_where_it_is() -> None:
    made = drawn((165, -25, 190, -10), FJ="Fiji")
    (fiji,) = made.states
    assert 0.4 < fiji.x / made.width < 0.7
    left, _, right, _ = ends(fiji.path)
    assert right - left < made.width / 2, "no streak across the map"


def test_small_states_have_a_target_and_names_where_they_fit() -> None:
    made = {
        state.entity: state
        for state in drawn((24, 33, 90, 56), KZ="Kazakhstan", CY="Cyprus", DK="Far").states
    }
    assert made.keys() == {"kz", "cy"}, "what is not on the map is not drawn"
    assert made["kz"].targets == ()
    assert made["cy"].targets == SCREENS
    assert [label.screen for label in made["kz"].labels] == ["wide", "narrow"]


def test_names_cover_neither_each_other_nor_a_target_nor_the_edge() -> None:
    names = {shape.code: shape.code * 4 for shape in world().shapes if shape.code}
    made = drawn((-10, 34, 40, 70), **names)
    for screen in SCREENS:
        letter, line, reach = 6.8 * screen.factor, 15 * screen.factor, 12 * screen.factor
        boxes = [
            (label.x - 4 * letter, label.y - line / 2, label.x + 4 * letter, label.y + line / 2)
            for state in made.states
            for label in state.labels
            if label.screen == screen.name
        ]
        assert len(boxes) > 5
        targets = [
            (s.x - reach, s.y - reach, s.x + reach, s.y + reach) for s in made.states if screen in s.targets
        ]
        for number, box in enumerate(boxes):
            assert box[0] >= -1
            assert box[2] <= made.width + 1
            for other in (*boxes[number + 1 :], *targets):
                apart = box[2] <= other[0] + 1 or other[2] <= box[0] + 1 or box[3] <= other[1] + 1
                assert apart or other[3] <= box[1] + 1


def test_the_map_is_the_same_every_time_and_small() -> None:
    names = {shape.code: shape.code for shape in world().shapes if shape.code}
    once, again = (drawn((24, 33, 90, 56), **names) for _ in range(2))
    assert once == again
    assert sum(len(state.path) for state in once.states) + len(once.land) < 25_000


@pytest.mark.parametrize(
    ("numbers", "scale"),
    [
        ((), []),
        ((0, 0), [(0, 0)]),
        ((1, 5), [(1, 1), (5, 5)]),
        ((1, 2, 3, 4, 5, 6, 7, 80), [(1, 2), (3, 4), (5, 6), (7, 80)]),
        ((1, 1, 1, 1, 1, 1, 1, 9), [(1, 1), (9, 9)]),
    ],
)
def test_shades_hold_about_as_many_each(numbers: Sequence[int], scale: list[tuple[int, int]]) -> None:
    shades = shades_of(numbers)
    assert [(shade.low, shade.high) for shade in shades] == scale
    assert not shades or shades[-1].number == 4


# ---- the home page ---------------------------------------------------------------------------------

ISLAND = "entities/islands/longholm.yml"


def with_map(wiki: MakeWiki, name: str = "Longholm") -> Wiki:
    """The example with a map, on which an island bears the code of a large state."""
    here = wiki()
    here.change("wiki.yml", "  register: {", "  iso: {label: ISO, pattern: '[A-Z]{2}'}\n  register: {")
    here.change(
        "wiki.yml",
        "quotation: {",
        "map: {identifier: iso, west: 24, south: 33, east: 90, north: 56}\nquotation: {",
    )
    rest = here.text(ISLAND).partition("\n")[2]
    return here.put({ISLAND: f"name: {json.dumps(name)}\nidentifiers: {{iso: KZ}}\n{rest}"})


def test_a_state_with_a_page_is_a_link_and_stands_in_the_list(wiki: MakeWiki) -> None:
    page = with_map(wiki).page("index.md")
    assert '<a href="islands/longholm/" class="map-state shade-4"' in page
    assert re.search(r"<title>Longholm: \d+ claims?</title>", page)
    assert re.search(r"- \[Longholm\]\(islands/longholm.md\) <span", page)
    assert page.count("map-state") == 1


def test_a_hostile_name_stays_text_on_the_map(wiki: MakeWiki) -> None:
    page = with_map(wiki, '</title></svg><script>alert(x)</script>" onload="x').page("index.md")
    figure = page[page.index("<figure") : page.index("</figure>")]
    assert "<script" not in figure
    assert 'onload="' not in figure
    assert figure.count("<svg") == figure.count("</svg>") == 1


def test_without_a_map_in_the_settings_the_home_page_has_none(wiki: MakeWiki) -> None:
    assert '<figure class="map"' not in wiki().page("index.md")


def test_a_map_needs_its_package_and_says_so(wiki: MakeWiki) -> None:
    sources, loading = load(with_map(wiki).root)
    compiled = compile_wiki(dataclasses.replace(sources, atlas=None), loading)
    assert compiled.files == ()
    assert "package-lock.json:1:1: [missing-file] the npm package `world-atlas` is not installed" in terminal(
        compiled.problems
    )
    assert compile_wiki(dataclasses.replace(load(wiki().root)[0], atlas=None)).files, "no map, no need"


def test_the_shapes_come_from_the_package_in_the_lock() -> None:
    lock = json.loads((Path(__file__).parent.parent / "package-lock.json").read_text())
    assert "node_modules/world-atlas" in lock["packages"]
    assert {"TR", "KZ", "FJ"} <= {shape.code for shape in world().shapes}
    assert all(isinstance(shape, Shape) for shape in world().shapes)
