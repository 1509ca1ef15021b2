"""References looked up in what they name, and reported where they name nothing."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from build_tools.memory import Memory
from build_tools.problems import Code, Location, Problem, did_you_mean
from build_tools.prose import Prose
from build_tools.records import Entity
from build_tools.validate import Records, Seed
from build_tools.values import EntityId, Ref

MOST_TOLD = 20  # names listed in a hint; of more, nobody finds the one meant


class References:
    """The tables that references are looked up in, and the problems met so far.

    `names` and `kinds` of entities, and `seeds`, are watched: what looked nothing else up can be remembered.
    """

    def __init__(self, records: Records, memory: Memory) -> None:
        self.problems: list[Problem] = []
        self.entities: dict[str, Entity] = {entity.id: entity for entity in records.entities}
        self.outlines = records.outlines
        names = {id_: each.name or id_ for id_, each in self.outlines.items()}
        kinds = {id_: each.kind for id_, each in self.outlines.items()}
        self.names, self.kinds = memory.watch("names", names), memory.watch("kinds", kinds)
        seeds: dict[str, Seed] = {seed.id: seed for seed in records.seeds}
        self.seeds = memory.watch("seeds", seeds)
        self.seed_outlines = records.seed_outlines
        settings = records.settings
        self.topics = {topic.key.id for topic in settings.topics}
        self.fact_types = {fact.key.id: fact for fact in settings.facts}
        self.relation_types = {relation.key.id: relation for relation in settings.relations}
        self.identifier_types = {identifier.key.id: identifier for identifier in settings.identifiers}

    @cached_property
    def aliases(self) -> dict[str, str]:
        """The entities by their names in small letters."""
        called = {name.casefold(): each.id for each in self.outlines.values() for name in each.aliases}
        return called | {each.name.casefold(): each.id for each in self.outlines.values()}

    @cached_property
    def renamed(self) -> dict[str, str]:
        """The entities by the ids that they had before."""
        return {id_: each.id for each in self.outlines.values() for id_ in each.formerly}

    def report(self, at: Location, code: Code, message: str, hint: str) -> None:
        """Adds a problem."""
        self.problems.append(Problem(at, code, message, hint))

    def known(self, ref: Ref | None, table: Iterable[str], what: str, *, where: str) -> bool:
        """True if the reference is in the table; otherwise it is reported, unless broken anyway."""
        if ref is None or not ref.id:
            return False
        if ref.id in table:
            return True
        there = sorted(table)
        some = f": {', '.join(there)}" if len(there) <= MOST_TOLD else ""
        otherwise = f"define it {where}, or use one that is there{some}" if there else f"define it {where}"
        hint = did_you_mean(ref.id, there, otherwise=otherwise)
        self.report(ref.at, Code.UNKNOWN_TERM, f"there is no {what} `{ref.id}`", hint)
        return False

    def entity_known(self, id_: str, at: Location) -> bool:
        """True if there is an entity of that id; otherwise it is reported, with the id that may be meant."""
        if not id_:
            return False
        if id_ in self.names:
            return True
        owner = self.renamed.get(id_) or self.aliases.get(id_.casefold())
        owner = owner or self.aliases.get(id_.replace("-", " ").casefold())
        if owner:
            hint = f"write the id, which is its file's name: `{owner}`"
        else:
            hint = did_you_mean(
                id_, self.entities, otherwise="write its file first: `entities/<folder>/<id>.yml`"
            )
        self.report(at, Code.UNKNOWN_ENTITY, f"there is no entity `{id_}`", hint)
        return False

    def entity_ref(self, ref: Ref | None) -> bool:
        """True if the reference names an entity; otherwise it is reported."""
        return ref is not None and self.entity_known(ref.id, ref.at)

    def links(self, *proses: Prose | None) -> tuple[EntityId, ...]:
        """The entities that the prose links to; a link to none is reported."""
        return tuple(
            EntityId(link.target)
            for prose in proses
            if prose is not None
            for link in prose.links
            if link.target in self.names or self.link_known(link.target, prose.place_of_link(link.target))
        )

    def link_known(self, target: str, at: Location) -> bool:
        """True if a link of prose names an entity; otherwise it is reported."""
        if not target:
            self.report(at, Code.BAD_PROSE, "`[[…]]` names no entity", "write `[[entity]]`")
            return False
        return self.entity_known(target, at)
