"""The network of all entities: a drawing in columns that needs no script, and data to explore it by."""

from __future__ import annotations

import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from build_tools.addresses import entity_page, site_address
from build_tools.dates import in_words
from build_tools.link import Edge, LinkedWiki
from build_tools.records import Relation

DRAWN = 40  # entities of a kind in the drawing
EXPLORED = 300  # entities in the data to explore
LISTED = 500  # relations in the table
COLUMN, GAP, ROW, TOP = 190, 90, 24, 44  # lengths in the drawing
SWEEPS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An entity in the drawing: where its name begins."""

    entity: str
    x: int
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The entities of a kind, from top to bottom."""

    kind: str
    x: int
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The drawing: its size, that of the boxes for names, its columns, a curve for each pair that is
    related, and how many entities it leaves out."""

    width: int
    height: int
    box: tuple[int, int]
    columns: tuple[Column, ...]
    curves: tuple[str, ...]
    rest: int


def every_edge(wiki: LinkedWiki) -> tuple[Edge, ...]:
    """Every relation, by type as in wiki.yml, then by subject and object."""
    order = {type_.key.id: number for number, type_ in enumerate(wiki.settings.relations)}
    edges = [edge for group in wiki.edges_from.values() for edge in group]
    return tuple(
        sorted(
            edges, key=lambda edge: (order[edge.type.key.id], edge.subject, edge.object, edge.statement.at)
        )
    )


def degrees(edges: Iterable[Edge]) -> Counter[str]:
    """How many relations each entity has."""
    return Counter(end for edge in edges for end in (edge.subject, edge.object))


def most_related(degree: Mapping[str, int], cap: int) -> tuple[str, ...]:
    """At most so many of the entities that have a relation, those with most first."""
    return tuple(sorted(degree, key=lambda id_: (-degree[id_], id_))[:cap])


def network(wiki: LinkedWiki, edges: Sequence[Edge]) -> Network:
    """The drawing of the entities that have relations, at most 40 of a kind, a column for each kind."""
    degree = degrees(edges)
    kinds: dict[str, dict[str, int]] = {kind.key.id: {} for kind in wiki.settings.kinds}
    for id_, number in degree.items():
        kinds[wiki.kinds[id_]][id_] = number
    columns = [list(most_related(members, DRAWN)) for members in kinds.values() if members]
    drawn = {id_ for column in columns for id_ in column}
    pairs = pairs_of(edge for edge in edges if {edge.subject, edge.object} <= drawn)
    columns = untangled(in_reach(columns, pairs), pairs)
    names = [wiki.kinds[column[0]] for column in columns]
    tallest = max(map(len, columns), default=0)
    height = TOP + tallest * ROW + ROW // 2
    placed = tuple(
        Column(
            kind=kind,
            x=number * (COLUMN + GAP),
            nodes=tuple(
                # Shorter columns stand in the middle.
                Node(
                    entity=id_,
                    x=number * (COLUMN + GAP),
                    y=TOP + ROW * row + ROW * (tallest - len(column)) // 2,
                )
                for row, id_ in enumerate(column)
            ),
        )
        for number, (kind, column) in enumerate(zip(names, columns, strict=True))
    )
    nodes = {node.entity: node for column in placed for node in column.nodes}
    return Network(
        width=max(len(columns) * (COLUMN + GAP), 1),
        height=height,
        box=(COLUMN, ROW),
        columns=placed,
        curves=tuple(_curve(nodes[a], nodes[b]) for a, b in pairs),
        rest=len(degree) - len(drawn),
    )


def pairs_of(edges: Iterable[Edge]) -> list[tuple[str, str]]:
    """The entities that are related, each pair once, whichever way and how often."""
    found = {(min(e.subject, e.object), max(e.subject, e.object)) for e in edges}
    return sorted(found)


def in_reach(columns: Sequence[Sequence[str]], pairs: Iterable[tuple[str, str]]) -> list[Sequence[str]]:
    """The columns in the order in which the pairs reach over the fewest columns; of many, as they are."""
    if len(columns) > 6:
        return list(columns)
    column_of = {id_: number for number, column in enumerate(columns) for id_ in column}
    weights = Counter((column_of[a], column_of[b]) for a, b in pairs)

    def reach(order: tuple[int, ...]) -> int:
        place = {number: at for at, number in enumerate(order)}
        return sum(weight * abs(place[a] - place[b]) for (a, b), weight in weights.items())

    best = min(itertools.permutations(range(len(columns))), key=lambda order: (reach(order), order))
    return [columns[number] for number in best]


def untangled(columns: Sequence[Sequence[str]], pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """The columns, each in an order that lessens crossings: time and again every entity moves to the mean
    height of those it is related to (Sugiyama's barycentre method); equal ones keep their order."""
    joined: dict[str, list[str]] = defaultdict(list)
    for a, b in pairs:
        joined[a].append(b)
        joined[b].append(a)
    ordered = [list(column) for column in columns]
    height = {id_: (row + 0.5) / len(column) for column in ordered for row, id_ in enumerate(column)}
    for sweep in range(SWEEPS):
        for column in ordered if sweep % 2 == 0 else ordered[::-1]:
            column.sort(key=lambda id_: (_mean([height[other] for other in joined[id_]], height[id_]), id_))
            height.update({id_: (row + 0.5) / len(column) for row, id_ in enumerate(column)})
    return ordered


def _mean(numbers: Sequence[float], otherwise: float) -> float:
    return sum(numbers) / len(numbers) if numbers else otherwise


def _curve(a: Node, b: Node) -> str:
    """Path data from the right end of one box to the left end of the other, or beside their column."""
    a, b = sorted((a, b), key=lambda node: (node.x, node.y))
    middle = ROW // 2
    if a.x == b.x:
        x, out = a.x + COLUMN, a.x + COLUMN + 16 + min((b.y - a.y) // 6, GAP - 24)
        return f"M{x} {a.y + middle}C{out} {a.y + middle} {out} {b.y + middle} {x} {b.y + middle}"
    left, right, bend = a.x + COLUMN, b.x, GAP // 2
    start, end = a.y + middle, b.y + middle
    return f"M{left} {start}C{left + bend} {start} {right - bend} {end} {right} {end}"


def network_json(wiki: LinkedWiki, edges: Sequence[Edge]) -> str:
    """The entities with most relations and the relations between them, for docs/assets/network.js.

    `nodes` are [id, name, kind, address, number of relations], `edges` [node, type, node, date in words,
    anchor of the statement on the first one's page], types and kinds by their place in the lists.
    """
    degree = degrees(edges)
    chosen = most_related(degree, EXPLORED)
    place = {id_: number for number, id_ in enumerate(chosen)}
    kinds = {kind.key.id: number for number, kind in enumerate(wiki.settings.kinds)}
    types = {type_.key.id: number for number, type_ in enumerate(wiki.settings.relations)}
    data = {
        "kinds": [kind.plural.text for kind in wiki.settings.kinds],
        "types": [type_.label.text for type_ in wiki.settings.relations],
        "nodes": [
            [
                id_,
                wiki.names[id_],
                kinds[wiki.kinds[id_]],
                site_address(entity_page(wiki, id_)),
                degree[id_],
            ]
            for id_ in chosen
        ],
        "edges": [
            [place[e.subject], types[e.type.key.id], place[e.object], when_of(e), e.statement.anchor]
            for e in edges
            if e.subject in place and e.object in place
        ],
        "rest": len(degree) - len(chosen),
    }
    lines = ",\n".join(
        f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in data.items()
    )
    return f"{{{lines}}}\n"


def when_of(edge: Edge) -> str:
    """When a relation held, in words; empty if nothing says so."""
    record = edge.statement.record
    return in_words(record.when.date.text) if isinstance(record, Relation) and record.when else ""
