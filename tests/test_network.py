"""What entities are joined to, drawn: the nearest on their pages, all on the page of the network."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable

import pytest

from build_tools.compiler import check_wiki
from build_tools.link import LinkedWiki
from build_tools.load import load
from build_tools.pages import network as module
from build_tools.pages.neighbours import CAP, curves, neighbourhood
from build_tools.pages.network import every_edge, in_reach, most_related, network, network_json, untangled
from tests.conftest import MakeWiki
from tests.islands import Wiki


def linked(wiki: Wiki) -> LinkedWiki:
    checked = check_wiki(*load(wiki.root))
    assert checked.wiki is not None
    return checked.wiki.linked


def islands(wiki: MakeWiki, related: Iterable[tuple[str, str, str]], names: str = "") -> Wiki:
    """The example with islands and companies that are so related."""
    files: dict[str, list[str]] = {}
    for subject, type_, object_ in related:
        files.setdefault(subject, []).append(
            f"  - {{type: {type_}, to: {object_}, cites: [courier-2024#p1]}}\n"
        )
        files.setdefault(object_, [])
    return wiki(
        {
            f"entities/{'organisations' if id_.startswith('firm') else 'islands'}/{id_}.yml": (
                f"name: {json.dumps(names or id_)}\n" + ("relations:\n" + "".join(lines) if lines else "")
            )
            for id_, lines in files.items()
            if re.match("rock|firm", id_)
        }
    )


# ---- the nearest -----------------------------------------------------------------------------------


def test_what_leads_to_an_entity_is_on_the_left_and_where_it_leads_on_the_right(wiki: MakeWiki) -> None:
    found = neighbourhood(linked(wiki()), "skarn-ferries")
    assert [(one.entity, one.labels) for one in found.left] == [("ismail-caglayan", ("founded",))]
    assert [(one.entity, one.labels) for one in found.right] == [("great-skarn", ("serves",))]
    assert found.rest == 0


def test_a_symmetric_relation_is_on_the_right_of_both(wiki: MakeWiki) -> None:
    here = linked(wiki())
    for one, other in (("great-skarn", "longholm"), ("longholm", "great-skarn")):
        found = neighbourhood(here, one)
        assert [near.labels for near in found.right if near.entity == other] == [("is a neighbour of",)]
        assert other not in [near.entity for near in found.left]


def test_relations_to_one_entity_stand_together_and_the_closest_come_first(wiki: MakeWiki) -> None:
    here = islands(wiki, [("firm-1", "serves", "rock-1"), ("firm-1", "serves", "rock-2")]).change(
        "wiki.yml",
        "  founded: {label: founded,",
        "  owns: {label: owns, inverse: is owned by, from: [organisation], to: [island]}\n  founded: {label: founded,",
    )
    here.change(
        "entities/organisations/firm-1.yml",
        "relations:\n",
        "relations:\n  - {type: owns, to: rock-2, cites: [courier-2024#p1]}\n",
    )
    found = neighbourhood(linked(here), "firm-1")
    assert [(near.entity, near.labels) for near in found.right] == [
        ("rock-2", ("serves", "owns")),
        ("rock-1", ("serves",)),
    ]


@pytest.mark.parametrize(
    ("to_it", "from_it", "left", "right", "rest"),
    [
        (0, 0, 0, 0, 0),
        (3, 4, 3, 4, 0),
        (20, 2, 10, 2, 10),
        (2, 20, 2, 10, 10),
        (20, 20, 6, 6, 28),
        (12, 0, 12, 0, 0),
    ],
)
def test_at_most_twelve_are_drawn_and_the_rest_is_counted(
    wiki: MakeWiki, to_it: int, from_it: int, left: int, right: int, rest: int
) -> None:
    related = [(f"firm-{number}", "serves", "rock-0") for number in range(to_it)]
    related += [("rock-0", "neighbour-of", f"rock-{number}") for number in range(1, from_it + 1)]
    here = linked(islands(wiki, related or [("rock-1", "neighbour-of", "rock-2")]))
    found = neighbourhood(here, "rock-0")
    assert (len(found.left), len(found.right), found.rest) == (left, right, rest)
    assert len(found.left) + len(found.right) <= CAP


def test_the_page_counts_those_that_are_left_out(wiki: MakeWiki) -> None:
    here = islands(wiki, [("rock-0", "neighbour-of", f"rock-{number}") for number in range(1, 21)])
    assert "and 8 more, in the list below" in here.page("islands/rock-0.md")


def test_curves_end_at_the_middle_of_rows() -> None:
    assert curves(2, to_right=True) == ("M0 50C60 50 40 25 100 25", "M0 50C60 50 40 75 100 75")
    assert curves(1, to_right=False) == ("M0 50C60 50 40 50 100 50",)


# ---- all -------------------------------------------------------------------------------------------


def crossings(columns: list[list[str]], pairs: list[tuple[str, str]]) -> int:
    """How many of the lines between two columns cross."""
    row = {id_: number for column in columns for number, id_ in enumerate(column)}
    return sum(
        (row[a] - row[c]) * (row[b] - row[d]) < 0 for (a, b), (c, d) in itertools.combinations(pairs, 2)
    )


def test_columns_are_ordered_so_that_lines_cross_less() -> None:
    left, right = [f"a{n}" for n in range(9)], [f"b{n}" for n in range(9)]
    pairs = [(f"a{n}", f"b{8 - n}") for n in range(9)]
    assert crossings([left, right], pairs) == 36
    assert crossings(untangled([left, right], pairs), pairs) == 0


def test_kinds_that_are_much_related_stand_side_by_side() -> None:
    columns = [["a"], ["b"], ["c"]]
    assert in_reach(columns, [("a", "c"), ("b", "c")]) == [["a"], ["c"], ["b"]]
    many = [[str(number)] for number in range(9)]
    assert in_reach(many, [("0", "8")]) == many


def test_those_with_most_relations_are_drawn_and_the_rest_is_counted(
    wiki: MakeWiki, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DRAWN", 3)
    monkeypatch.setattr(module, "EXPLORED", 4)
    here = linked(islands(wiki, [("firm-1", "serves", f"rock-{number}") for number in range(9)]))
    edges = every_edge(here)
    found = network(here, edges)
    drawn = {node.entity for column in found.columns for node in column.nodes}
    assert all(len(column.nodes) <= 3 for column in found.columns)
    assert "firm-1" in drawn
    related = {end for edge in edges for end in (edge.subject, edge.object)}
    assert found.rest == len(related) - len(drawn) > 0
    data = json.loads(network_json(here, edges))
    assert len(data["nodes"]) == 4
    assert data["nodes"][0][0] == "firm-1"
    assert data["rest"] == len(related) - 4
    assert all(subject < 4 and object_ < 4 for subject, _, object_, _, _ in data["edges"])


def test_names_stand_side_by_side_and_not_on_each_other(wiki: MakeWiki) -> None:
    here = linked(islands(wiki, [("firm-1", "serves", f"rock-{number}") for number in range(30)]))
    found = network(here, every_edge(here))
    places = [(node.x, node.y) for column in found.columns for node in column.nodes]
    assert len(set(places)) == len(places)
    width, height = found.box
    for (x, y), (other_x, other_y) in itertools.combinations(places, 2):
        assert x + width <= other_x or other_x + width <= x or abs(y - other_y) >= height
    assert all(x + width <= found.width and y + height <= found.height for x, y in places)
    ends = {
        (float(x), float(y))
        for path in found.curves
        for x, y in re.findall(r"(?:M|\d )(\d+) ([\d.]+)(?=C|$)", path)
    }
    boxes = {(x, y + height / 2) for x, y in places} | {(x + width, y + height / 2) for x, y in places}
    assert ends <= boxes


def test_a_pair_is_joined_by_one_line_however_often_it_is_related(wiki: MakeWiki) -> None:
    here = wiki().change(
        "wiki.yml",
        "  founded: {label: founded,",
        "  owns: {label: owns, inverse: is owned by, from: [organisation], to: [island]}\n  founded: {label: founded,",
    )
    here.change(
        "entities/organisations/skarn-ferries.yml",
        "relations:\n",
        "relations:\n  - {type: owns, to: great-skarn, cites: [courier-2024#p1]}\n",
    )
    one = linked(here)
    assert len(every_edge(one)) == 5
    assert len(network(one, every_edge(one)).curves) == 4


def test_the_drawing_is_the_same_whatever_the_names(wiki: MakeWiki) -> None:
    related = [("firm-1", "serves", f"rock-{number}") for number in range(9)]
    pages = []
    for name in ("", "</svg><script>x</script>"):
        here = islands(wiki, related, name)
        pages.append(network(linked(here), every_edge(linked(here))))
    assert pages[0] == pages[1]


def test_a_wiki_without_relations_has_no_drawing_and_says_so(wiki: MakeWiki) -> None:
    here = wiki()
    for path in (here.root / "entities").rglob("*.yml"):
        text = re.sub(r"^relations:\n(?:  .*\n)+", "", path.read_text(), flags=re.M)
        path.write_text(text)
    page = here.page("network.md")
    assert "<svg" not in page
    assert "No relation is stated yet." in page
    assert json.loads(here.page("data/network.json"))["nodes"] == []


def test_most_related_first_and_equal_ones_by_id() -> None:
    assert most_related({"b": 1, "a": 1, "c": 5}, 2) == ("c", "a")


def test_the_table_ends_somewhere_and_says_where(wiki: MakeWiki, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("build_tools.pages.drawings.LISTED", 2)
    page = wiki().page("network.md")
    assert "The first 2 of 4, by type; the pages of the entities have the others." in page
    rows = [line for line in page.splitlines() if line.startswith("| [")]
    assert len(rows) == 2
    assert rows[0].startswith(
        "| [Great Skarn](islands/great-skarn.md#_relation-1) | is a neighbour of | [Longholm]"
    )
    assert rows[0].endswith("| [Courier 2024 ¶1](seeds/courier-2024.md#p1) |")
