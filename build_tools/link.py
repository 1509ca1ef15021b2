"""Names joined to what they name: references resolved, relations read from both ends, backlinks derived."""

from __future__ import annotations

import enum
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeVar

from build_tools.load import SourceFile
from build_tools.problems import Code, Location, Problem, did_you_mean, has_errors
from build_tools.prose import Prose, plain_text
from build_tools.records import (
    Alias,
    Cite,
    Claim,
    Entity,
    Fact,
    Identifier,
    Quote,
    Relation,
    RelationType,
    Summary,
    WikiSettings,
)
from build_tools.text import folded
from build_tools.validate import Faults, Records, Seed
from build_tools.values import EntityId, Ref, SeedId

T = TypeVar("T")


class StatementKind(enum.StrEnum):
    """What on an entity's page rests on cites."""

    SUMMARY = "summary"
    NAME = "name"
    FACT = "fact"
    CLAIM = "claim"
    QUOTE = "quote"
    RELATION = "relation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Anything on an entity's page that is cited: where it stands, what it cites, what it links to.

    `anchor` is its address on the page; anchors of other things than claims and quotes begin with an
    underscore, which no id does.
    """

    entity: EntityId
    kind: StatementKind
    anchor: str
    record: Summary | Alias | Fact | Claim | Quote | Relation
    cites: tuple[Cite, ...]
    links: tuple[EntityId, ...]
    plain: str

    @property
    def at(self) -> Location:
        return self.record.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """A relation between two entities, as stated at `subject`."""

    type: RelationType
    subject: EntityId
    object: EntityId
    statement: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedWiki:
    """The wiki with every reference resolved; look-ups by id, each list in a settled order."""

    settings: WikiSettings
    entities: Mapping[str, Entity]
    seeds: Mapping[str, Seed]
    docs: tuple[SourceFile, ...]
    statements: Mapping[str, tuple[Statement, ...]]
    edges_from: Mapping[str, tuple[Edge, ...]]
    edges_to: Mapping[str, tuple[Edge, ...]]
    linked_from: Mapping[str, tuple[Statement, ...]]
    published_by: Mapping[str, tuple[SeedId, ...]]
    names: Mapping[str, str]
    faults: Faults


def link(records: Records) -> tuple[LinkedWiki, tuple[Problem, ...]]:
    """The linked wiki, and a problem for each reference that names nothing or what does not fit."""
    return _Linker(records).link()


class _Linker:
    """The tables that references are looked up in, and the problems met so far."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.problems: list[Problem] = []
        self.entities: dict[str, Entity] = {entity.id: entity for entity in records.entities}
        self.names: dict[str, str] = {entity.id: entity.name.text or entity.id for entity in records.entities}
        self.seeds: dict[str, Seed] = {seed.id: seed for seed in records.seeds}
        settings = records.settings
        self.topics = {topic.key.id for topic in settings.topics}
        self.fact_types = {fact.key.id: fact for fact in settings.facts}
        self.relation_types = {relation.key.id: relation for relation in settings.relations}
        self.identifier_types = {identifier.key.id: identifier for identifier in settings.identifiers}
        self.aliases = {
            alias.name.text.casefold(): entity.id for entity in records.entities for alias in entity.also
        } | {entity.name.text.casefold(): entity.id for entity in records.entities}

    def link(self) -> tuple[LinkedWiki, tuple[Problem, ...]]:
        statements: dict[str, tuple[Statement, ...]] = {
            entity.id: self.statements(entity) for entity in self.records.entities
        }
        for entity in self.records.entities:
            self.entity(entity)
        for seed in self.records.seeds:
            self.seed(seed)
        self.one_name_one_entity()
        self.chains_end()
        self.settings_prose()
        edges = [edge for group in statements.values() for edge in self.edges(group)]
        linked_from: dict[str, list[Statement]] = defaultdict(list)
        for group in statements.values():
            for statement in group:
                for target in dict.fromkeys(statement.links):
                    linked_from[target].append(statement)
        published_by: dict[str, list[SeedId]] = defaultdict(list)
        for seed in self.records.seeds:
            published_by[seed.record.publisher.id].append(seed.id)
        wiki = LinkedWiki(
            settings=self.records.settings,
            entities=MappingProxyType(dict(self.entities)),
            seeds=MappingProxyType(dict(self.seeds)),
            docs=self.records.docs,
            statements=MappingProxyType(statements),
            edges_from=_grouped((edge.subject, edge) for edge in edges),
            edges_to=_grouped((edge.object, edge) for edge in edges),
            linked_from=_grouped((key, item) for key, group in linked_from.items() for item in group),
            published_by=_grouped((key, item) for key, group in published_by.items() for item in group),
            names=MappingProxyType(dict(self.names)),
            faults=self.records.faults,
        )
        self.no_orphans(wiki)
        return wiki, tuple(self.problems)

    # ------------------------------------------------------------------------------ references

    def report(self, at: Location, code: Code, message: str, hint: str) -> None:
        self.problems.append(Problem(at, code, message, hint))

    def known(self, ref: Ref | None, table: Iterable[str], what: str, *, where: str) -> bool:
        """True if the reference is in the table; otherwise it is reported, unless broken anyway."""
        if ref is None or not ref.id:
            return False
        if ref.id in table:
            return True
        hint = did_you_mean(ref.id, table, otherwise=f"define it {where}, or use one that is there")
        self.report(ref.at, Code.UNKNOWN_TERM, f"there is no {what} `{ref.id}`", hint)
        return False

    def entity_known(self, id_: str, at: Location) -> bool:
        if not id_:
            return False
        if id_ in self.entities:
            return True
        owner = self.aliases.get(id_.casefold()) or self.aliases.get(id_.replace("-", " ").casefold())
        if owner:
            hint = f"write the id: `{owner}`"
        else:
            hint = did_you_mean(
                id_, self.entities, otherwise="write its file first: `entities/<folder>/<id>.yml`"
            )
        self.report(at, Code.UNKNOWN_ENTITY, f"there is no entity `{id_}`", hint)
        return False

    def entity_ref(self, ref: Ref | None) -> bool:
        return ref is not None and self.entity_known(ref.id, ref.at)

    def links(self, *proses: Prose | None) -> tuple[EntityId, ...]:
        """The entities that the prose links to; a link to none is reported."""
        return tuple(
            EntityId(link.target)
            for prose in proses
            if prose is not None
            for link in prose.links
            if self.link_known(link.target, prose.at)
        )

    def link_known(self, target: str, at: Location) -> bool:
        if not target:
            self.report(at, Code.BAD_PROSE, "`[[…]]` names no entity", "write `[[entity]]`")
            return False
        return self.entity_known(target, at)

    # -------------------------------------------------------------------------------- entities

    def statements(self, entity: Entity) -> tuple[Statement, ...]:
        """Everything cited on the entity's page, in the order of the page."""
        found: list[Statement] = []

        def add(
            kind: StatementKind,
            anchor: str,
            record: Summary | Alias | Fact | Claim | Quote | Relation,
            links: tuple[EntityId, ...],
            plain: str,
        ) -> None:
            found.append(
                Statement(
                    entity=entity.id,
                    kind=kind,
                    anchor=anchor,
                    record=record,
                    cites=record.cites,
                    links=tuple(target for target in links if target != entity.id),
                    plain=plain,
                )
            )

        if entity.summary:
            links = self.links(entity.summary.text)
            add(StatementKind.SUMMARY, "_summary", entity.summary, links, self.plain(entity.summary.text))
        for number, alias in enumerate(entity.also, 1):
            if alias.cites:  # a name needs no evidence, but may have it
                add(StatementKind.NAME, f"_name-{number}", alias, (), alias.name.text)
        for number, fact in enumerate(entity.facts, 1):
            add(StatementKind.FACT, f"_fact-{number}", fact, self.links(fact.value), self.plain(fact.value))
        for claim in entity.claims:
            people = [ref for ref in (claim.said_by, claim.said_to) if ref and self.entity_ref(ref)]
            links = (*self.links(claim.text, claim.derived), *(EntityId(ref.id) for ref in people))
            add(StatementKind.CLAIM, claim.id.id, claim, links, self.plain(claim.text))
        for quote in entity.quotes:
            refs = [ref for ref in (*quote.about, quote.said_to) if ref and self.entity_ref(ref)]
            links = tuple(EntityId(ref.id) for ref in refs)
            add(StatementKind.QUOTE, quote.id.id, quote, links, quote.text.text)
        seen: dict[tuple[str, str, str], Location] = {}
        for number, relation in enumerate(entity.relations, 1):
            if self.relation_fits(entity, relation, seen):
                label = self.relation_types[relation.type.id].label.text
                plain = f"{self.names[entity.id]} {label} {self.names[relation.to.id]}"
                add(StatementKind.RELATION, f"_relation-{number}", relation, (), plain)
        return tuple(found)

    def plain(self, prose: Prose) -> str:
        return plain_text(prose, self.names)

    def relation_fits(
        self, entity: Entity, relation: Relation, seen: dict[tuple[str, str, str], Location]
    ) -> bool:
        type_known = self.known(relation.type, self.relation_types, "relation type", where="in wiki.yml")
        if not self.entity_ref(relation.to) or not type_known:
            return False
        type_ = self.relation_types[relation.type.id]
        target = self.entities[relation.to.id]
        if target.id == entity.id:
            self.report(
                relation.to.at, Code.SELF_RELATION, "a relation to the entity itself", "name another one"
            )
            return False
        for kind, allowed, at, side in (
            (entity.kind, type_.subjects, relation.type.at, "from"),
            (target.kind, type_.objects, relation.to.at, "to"),
        ):
            kinds = [ref.id for ref in allowed]
            if kind not in kinds:
                message = f"`{type_.key.id}` does not lead {side} a {kind}"
                hint = f"it leads {side}: {', '.join(kinds)}; choose another type, or widen it in wiki.yml"
                self.report(at, Code.WRONG_KINDS, message, hint)
                return False
        key = (type_.key.id, target.id, relation.when.date.text if relation.when else "")
        if key in seen:
            hint = f"put the cites together; the first is on line {seen[key].line}"
            self.report(relation.at, Code.DUPLICATE_RELATION, "this relation is stated twice", hint)
            return False
        seen[key] = relation.at
        return True

    def edges(self, statements: Iterable[Statement]) -> Iterable[Edge]:
        for statement in statements:
            if isinstance(statement.record, Relation):
                yield Edge(
                    type=self.relation_types[statement.record.type.id],
                    subject=statement.entity,
                    object=EntityId(statement.record.to.id),
                    statement=statement,
                )

    def entity(self, entity: Entity) -> None:
        """The references of an entity that are no links of its statements."""
        for identifier in entity.identifiers:
            self.identifier(identifier)
        for fact in entity.facts:
            if self.known(fact.fact, self.fact_types, "fact", where="under `facts` in wiki.yml"):
                kinds = [ref.id for ref in self.fact_types[fact.fact.id].kinds]
                if entity.kind not in kinds:
                    message = f"`{fact.fact.id}` is no fact of a {entity.kind}"
                    hint = f"it belongs to: {', '.join(kinds)}"
                    self.report(fact.fact.at, Code.WRONG_KINDS, message, hint)
        topics = [topic for claim in entity.claims for topic in claim.topics]
        for topic in topics + [topic for quote in entity.quotes for topic in quote.topics]:
            self.known(topic, self.topics, "topic", where="under `topics` in wiki.yml")
        self.questions(entity)
        anchors = {claim.id.id for claim in entity.claims} | {quote.id.id for quote in entity.quotes}
        for note in entity.notes:
            self.links(note.text)
            self.known(note.about, anchors, "claim or quote", where="in this file")
        for alias in entity.also:
            self.links(alias.note)
        for relation in entity.relations:
            self.links(relation.note)
        summaries = () if entity.summary is None else (entity.summary,)
        cited: tuple[Summary | Alias | Fact | Claim | Quote | Relation, ...]
        cited = (*summaries, *entity.also, *entity.facts, *entity.claims, *entity.quotes, *entity.relations)
        for record in cited:
            for cite in record.cites:
                self.links(cite.note)

    def identifier(self, identifier: Identifier) -> None:
        where = "under `identifiers` in wiki.yml"
        if self.known(identifier.key, self.identifier_types, "identifier", where=where):
            type_ = self.identifier_types[identifier.key.id]
            if not re.fullmatch(type_.pattern.text, identifier.value.text):
                message = f"`{identifier.value}` is not an identifier of {type_.label}"
                hint = f"it looks like {type_.pattern.text}"
                self.report(identifier.value.at, Code.BAD_VALUE, message, hint)

    def questions(self, entity: Entity) -> None:
        answers: dict[str, list[str]] = {question.id.id: [] for question in entity.questions}
        for claim in entity.claims:
            if self.known(claim.question, answers, "question", where="under `questions` in this file"):
                assert claim.question is not None
                answers[claim.question.id].append(claim.id.id)
        for question in entity.questions:
            found = answers[question.id.id]
            if len(found) < 2 and not self.records.faults.within(entity.path):
                message = f"`{question.id.id}` has {len(found)} of the two answers a question needs"
                hint = f"put `question: {question.id.id}` on the claims that answer it"
                self.report(question.at, Code.LONE_ANSWER, message, hint)
            self.known(question.prefer, found, "answer", where="as a claim with this question")
            self.links(question.reason)

    # -------------------------------------------------------------------------------- all over

    def seed(self, seed: Seed) -> None:
        record = seed.record
        self.entity_ref(record.publisher)
        for origin in record.derived_from:
            if origin.seed.id and origin.seed.id not in self.seeds:
                hint = did_you_mean(origin.seed.id, self.seeds, otherwise="add its record, `held: false`")
                message = f"there is no seed `{origin.seed.id}`"
                self.report(origin.seed.at, Code.UNKNOWN_SEED, message, hint)
            self.links(origin.note)
        self.links(*record.notes, record.published.note)
        for passage in seed.passages:
            self.links(passage.gist, passage.unused)
            for speaker in passage.speakers:
                self.entity_ref(speaker)

    def settings_prose(self) -> None:
        settings = self.records.settings
        self.links(settings.introduction, *(kind.description for kind in settings.kinds))
        self.links(*(topic.description for topic in settings.topics))

    def one_name_one_entity(self) -> None:
        owners: dict[tuple[str, ...], tuple[str, Location]] = {}
        for entity in self.records.entities:
            for name in (entity.name, *(alias.name for alias in entity.also)):
                key = folded(name.text)
                owner, at = owners.setdefault(key, (entity.id, name.at))
                if key and owner != entity.id:
                    message = f"the name `{name}` belongs to `{owner}`"
                    hint = f"one name, one entity: drop it here or at {at}, or make it telling"
                    self.report(name.at, Code.ALIAS_CLASH, message, hint)

    def chains_end(self) -> None:
        for seed in self.records.seeds:
            for origin in seed.record.derived_from:
                way = self.ancestors(origin.seed.id)
                circle = {id_ for id_ in way if seed.id in self.ancestors(id_)}
                if seed.id == min(circle, default=None):  # one circle, one problem
                    message = f"`{seed.id}` derives from itself by way of `{origin.seed.id}`"
                    hint = "a chain runs from the copy to the original; mend one `derived_from`"
                    self.report(origin.seed.at, Code.CIRCULAR_CHAIN, message, hint)

    def ancestors(self, seed: str) -> set[str]:
        """The seed and all that it derives from."""
        found: set[str] = set()
        waiting = [seed]
        while waiting:
            current = waiting.pop()
            if current in self.seeds and current not in found:
                found.add(current)
                waiting.extend(origin.seed.id for origin in self.seeds[current].record.derived_from)
        return found

    def no_orphans(self, wiki: LinkedWiki) -> None:
        if wiki.faults or has_errors(self.problems):
            return  # what could not be read or joined may link to it
        for entity in self.records.entities:
            tables = (wiki.statements, wiki.edges_to, wiki.linked_from, wiki.published_by)
            if not any(table.get(entity.id) for table in tables):
                message = f"nothing is said of {entity.name} and nothing links to it"
                hint = "add a claim or a relation, or delete the file"
                self.report(entity.at, Code.ORPHAN, message, hint)


def _grouped(pairs: Iterable[tuple[str, T]]) -> Mapping[str, tuple[T, ...]]:
    groups: dict[str, list[T]] = defaultdict(list)
    for key, item in pairs:
        groups[key].append(item)
    return MappingProxyType({key: tuple(group) for key, group in groups.items()})
