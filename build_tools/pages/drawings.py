"""The drawings of one wiki, each made when a page asks for it."""

from __future__ import annotations

from functools import cached_property

from build_tools.cite import CitedStatement, CitedWiki
from build_tools.link import Edge, StatementKind
from build_tools.memory import Memory
from build_tools.pages.atlas import Atlas
from build_tools.pages.neighbours import Neighbourhood, curves, neighbourhood
from build_tools.pages.network import LISTED, Network, every_edge, network, network_json, when_of
from build_tools.pages.region_map import RegionMap, Subject, region_map


class Drawings:
    """What the templates ask for drawings, by the entities' ids."""

    curves = staticmethod(curves)
    when_of = staticmethod(when_of)

    def __init__(self, wiki: CitedWiki, atlas: Atlas | None, memory: Memory | None = None) -> None:
        self.memory = memory or Memory(once=True)
        self.wiki = wiki
        self.linked = wiki.linked
        self.atlas = atlas

    @cached_property
    def subjects(self) -> tuple[Subject, ...]:
        """The entities that the map may have a shape for, by id."""
        settings = self.linked.settings.map
        return tuple(
            Subject(entity=id_, name=entity.name.text, code=identifier.value.text, claims=self.claims(id_))
            for id_, entity in sorted(self.linked.entities.items())
            for identifier in entity.identifiers
            if settings is not None and identifier.key.id == settings.identifier.id
        )

    @cached_property
    def map(self) -> RegionMap | None:
        """The map, if the settings ask for one."""
        settings = self.linked.settings.map
        if settings is None or self.atlas is None:
            return None
        given = settings, self.atlas, self.subjects
        return self.memory.recall("map", given, region_map, *given)

    def claims(self, entity: str) -> int:
        """How many claims are about an entity: on its page, or naming it on another."""
        statements = (*self.linked.statements[entity], *self.linked.linked_from.get(entity, ()))
        return sum(statement.kind is StatementKind.CLAIM for statement in statements)

    def neighbourhood(self, entity: str) -> Neighbourhood:
        """The neighbours of an entity."""
        return neighbourhood(self.linked, entity)

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Every relation."""
        return every_edge(self.linked)

    @cached_property
    def network(self) -> Network:
        """The network in columns."""
        return network(self.linked, self.edges)

    @property
    def network_data(self) -> str:
        """The network to explore, as JSON."""
        return network_json(self.linked, self.edges)

    @property
    def listed(self) -> tuple[tuple[Edge, CitedStatement], ...]:
        """The relations of the table, each with its cites: as many as one page holds."""
        cited = self.wiki.by_anchor
        return tuple((edge, cited[edge.subject, edge.statement.anchor]) for edge in self.edges[:LISTED])
