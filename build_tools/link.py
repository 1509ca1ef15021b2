"""Names joined to what they name: references resolved, relations read from both ends, backlinks derived."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from build_tools.consistency import check_consistency, consistency
from build_tools.gathered import Row
from build_tools.ghost import Group, Groups
from build_tools.load import SourceFile
from build_tools.memory import Memory
from build_tools.outline import Opened, Outline, Place, SeedOutline
from build_tools.problems import Code, Location, Problem, has_errors
from build_tools.prose import Prose, plain_text
from build_tools.quick import quick
from build_tools.records import (
    Alias,
    Cite,
    Claim,
    Entity,
    Fact,
    LinkException,
    Quote,
    Relation,
    RelationType,
    Summary,
    Waiver,
    WikiSettings,
)
from build_tools.references import References
from build_tools.shelves import Light, Task
from build_tools.validate import Faults, Records, Seed
from build_tools.values import EntityId, Ref, SeedId

_LEAST = 100  # pages that are worth a process


class StatementKind(enum.StrEnum):
    """What on an entity's page rests on cites."""

    SUMMARY = "summary"
    NAME = "name"
    FACT = "fact"
    CLAIM = "claim"
    QUOTE = "quote"
    RELATION = "relation"


@quick
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
    """A relation between two entities, as stated at `subject` by its statement of that number."""

    type: RelationType
    subject: EntityId
    object: EntityId
    statement: Statement
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedWiki:
    """The wiki with every reference resolved; look-ups by id, each list in a settled order.

    `relating`, `related` and `linking` are the rows of `edges_from`, `edges_to` and `linked_from`, for who
    needs few of them: a row is opened by `stated` and `edge`. Those of `related` end with the type.
    """

    settings: WikiSettings
    entities: Mapping[str, Entity]
    outlines: Mapping[str, Outline]
    seeds: Mapping[str, Seed]
    seed_outlines: Mapping[str, SeedOutline]
    docs: tuple[SourceFile, ...]
    statements: Mapping[str, tuple[Statement, ...]]
    relating: Mapping[str, tuple[Row, ...]]
    related: Mapping[str, tuple[Row, ...]]
    linking: Mapping[str, tuple[Row, ...]]
    stated: Callable[[Row], Statement]
    published_by: Mapping[str, tuple[SeedId, ...]]
    names: Mapping[str, str]
    kinds: Mapping[str, str]
    waivers: tuple[Waiver, ...]
    link_exceptions: tuple[LinkException, ...]
    faults: Faults

    @property
    def edges_from(self) -> Mapping[str, tuple[Edge, ...]]:
        """The relations that an entity states."""
        return Opened(self.relating, self._edges)

    @property
    def edges_to(self) -> Mapping[str, tuple[Edge, ...]]:
        """The relations that others state with an entity."""
        return Opened(self.related, self._edges)

    @property
    def linked_from(self) -> Mapping[str, tuple[Statement, ...]]:
        """The statements that link to an entity."""
        return Opened(self.linking, lambda rows: tuple(map(self.stated, rows)))

    def edge(self, row: Row) -> Edge:
        """The relation of a row."""
        statement = self.stated(row)
        record = statement.record
        assert isinstance(record, Relation)
        return Edge(
            type=next(type_ for type_ in self.settings.relations if type_.key.id == record.type.id),
            subject=statement.entity,
            object=EntityId(record.to.id),
            statement=statement,
            number=row[1],
        )

    def _edges(self, rows: Iterable[Row]) -> tuple[Edge, ...]:
        return tuple(map(self.edge, rows))


def link(
    records: Records, memory: Memory | None = None, *further: Task
) -> tuple[LinkedWiki, tuple[Problem, ...]]:
    """The linked wiki, and a problem for each reference that names nothing or what does not fit.

    Statements that `memory` has are the same objects as before. `further` tasks are given what is made of an
    entity here, and are done with it.
    """
    memory = memory or Memory()
    refs = References(records, memory)
    linker = _Linker(refs, memory)
    stating = Task(
        name="statements",
        given=refs.entities,
        make=linker.rows,
        always=(records.settings,),
        problems=refs.problems,
        revise=True,
        units=lambda _, entity, made: {("entity", entity.path): [entity, made.group]},
    )
    memory.ahead(consistency(records, refs), stating, *further, least=_LEAST)
    rows: dict[str, LinkRows] = memory.recall_task(stating)
    linker.stated_once(rows)
    check_consistency(records, refs, memory)
    statements = Groups({id_: each.group for id_, each in rows.items()})
    seeds: dict[str, Seed] = {seed.id: seed for seed in records.seeds}
    wiki = LinkedWiki(
        settings=records.settings,
        entities=MappingProxyType(dict(refs.entities)),
        outlines=MappingProxyType(refs.outlines),
        seeds=MappingProxyType(seeds),
        seed_outlines=MappingProxyType(refs.seed_outlines),
        docs=records.docs,
        statements=statements,
        relating=memory.gather("edges from", rows, lambda each: each.edges_from),
        related=memory.gather("edges to", rows, lambda each: each.edges_to),
        linking=memory.gather("linked from", rows, lambda each: each.linked_from),
        stated=lambda row: statements[row[0]][row[1]],
        published_by=_published(refs.seed_outlines),
        names=MappingProxyType(dict(refs.names)),
        kinds=MappingProxyType(dict(refs.kinds)),
        waivers=records.waivers,
        link_exceptions=records.link_exceptions,
        faults=records.faults,
    )
    _no_orphans(wiki, rows, refs)
    return wiki, tuple(refs.problems)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRows(Light):
    """What an entity's statements add to the tables of the wiki, and the statements of which that is so.

    `ties` are its symmetric relations, each under a key that it has from either end; `silent` says whether
    nothing is stated.
    """

    known: ClassVar[tuple[str, ...]] = ("group", "ties", "silent")
    group: Group[Statement]
    stamps: tuple[int, ...]
    edges_from: tuple[tuple[str, Place], ...]
    edges_to: tuple[tuple[str, Row], ...]
    linked_from: tuple[tuple[str, Place], ...]
    ties: tuple[tuple[tuple[str, str, str, str], int], ...]
    silent: bool


class _Linker:
    """Makes statements of records, their references resolved."""

    def __init__(self, refs: References, memory: Memory) -> None:
        self.refs = refs
        self.memory = memory
        self.symmetric = frozenset(id_ for id_, type_ in refs.relation_types.items() if type_.symmetric)

    def rows(self, id_: str, before: LinkRows | None) -> LinkRows:
        """The statements of an entity, and their rows; one that is as it was before keeps its stamp."""
        return self.rows_of(id_, self.statements(id_), before)

    def rows_of(self, id_: str, group: tuple[Statement, ...], before: LinkRows | None) -> LinkRows:
        """The rows of these statements of an entity."""
        stamps = self.memory.stamps(group, *((before.group.members, before.stamps) if before else ()))
        places = [(id_, number, stamp) for number, stamp in enumerate(stamps)]
        pairs = list(zip(group, places, strict=True))
        relations = [(r, place) for each, place in pairs if isinstance(r := each.record, Relation)]
        return LinkRows(
            group=Group(group),
            stamps=stamps,
            edges_from=tuple((id_, place) for _, place in relations),
            edges_to=tuple((record.to.id, (*place, record.type.id)) for record, place in relations),
            linked_from=tuple(
                (target, place) for each, place in pairs for target in dict.fromkeys(each.links)
            ),
            ties=tuple(_ties(group, self.symmetric)),
            silent=not group,
        )

    def statements(self, entity_id: str) -> tuple[Statement, ...]:
        """Everything cited on the entity's page, in the order of the page."""
        entity = self.refs.entities[entity_id]
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
            links = self.refs.links(entity.summary.text)
            add(StatementKind.SUMMARY, "_summary", entity.summary, links, self.plain(entity.summary.text))
        for number, alias in enumerate(entity.also, 1):
            if alias.cites:  # a name needs no evidence, but may have it
                add(StatementKind.NAME, f"_name-{number}", alias, (), alias.name.text)
        for number, fact in enumerate(entity.facts, 1):
            add(
                StatementKind.FACT,
                f"_fact-{number}",
                fact,
                self.refs.links(fact.value),
                self.plain(fact.value),
            )
        for claim in entity.claims:
            people = self.people(claim.said_by, claim.said_to, claim.via)
            links = (*self.refs.links(claim.text, claim.derived), *people)
            add(StatementKind.CLAIM, claim.id.id, claim, links, self.plain(claim.text))
        for quote in entity.quotes:
            links = self.people(*quote.about, quote.said_to, quote.via)
            add(StatementKind.QUOTE, quote.id.id, quote, links, quote.text.text)
        seen: dict[tuple[str, str, str], Location] = {}
        for number, relation in enumerate(entity.relations, 1):
            if self.relation_fits(entity, relation, seen):
                label = self.refs.relation_types[relation.type.id].label.text
                plain = f"{self.refs.names[entity.id]} {label} {self.refs.names[relation.to.id]}"
                add(StatementKind.RELATION, f"_relation-{number}", relation, (), plain)
        return tuple(found)

    def people(self, *refs: Ref | None) -> tuple[EntityId, ...]:
        """The entities that are named, but for those that are not there, which are reported."""
        return tuple(EntityId(ref.id) for ref in refs if ref and self.refs.entity_ref(ref))

    def plain(self, prose: Prose) -> str:
        return plain_text(prose, self.refs.names)

    def relation_fits(
        self, entity: Entity, relation: Relation, seen: dict[tuple[str, str, str], Location]
    ) -> bool:
        type_known = self.refs.known(
            relation.type, self.refs.relation_types, "relation type", where="in wiki.yml"
        )
        if not self.refs.entity_ref(relation.to) or not type_known:
            return False
        type_ = self.refs.relation_types[relation.type.id]
        if relation.to.id == entity.id:
            self.refs.report(
                relation.to.at, Code.SELF_RELATION, "a relation to the entity itself", "name another one"
            )
            return False
        for kind, allowed, at, side in (
            (entity.kind, type_.subjects, relation.type.at, "from"),
            (self.refs.kinds[relation.to.id], type_.objects, relation.to.at, "to"),
        ):
            kinds = [ref.id for ref in allowed]
            if kind not in kinds:
                message = f"`{type_.key.id}` does not lead {side} the kind `{kind}`"
                hint = f"it leads {side}: {', '.join(kinds)}; choose another type, or widen it in wiki.yml"
                turned = entity.kind in {ref.id for ref in type_.objects}
                if turned and self.refs.kinds[relation.to.id] in {ref.id for ref in type_.subjects}:
                    place = self.refs.entities[relation.to.id].path
                    hint = f"it leads the other way: put it into {place}, `to: {entity.id}`; "
                    hint += "this page then shows it from its own end"
                self.refs.report(at, Code.WRONG_KINDS, message, hint)
                return False
        key = (type_.key.id, relation.to.id, relation.when.date.text if relation.when else "")
        if key in seen:
            hint = f"put the cites together; the first is on line {seen[key].line}"
            self.refs.report(relation.at, Code.DUPLICATE_RELATION, "this relation is stated twice", hint)
            return False
        seen[key] = relation.at
        return True

    def stated_once(self, rows: dict[str, LinkRows]) -> None:
        """A symmetric relation is stated at one end, as it shows at both; the second statement goes."""
        stated: dict[tuple[str, str, str, str], tuple[str, int]] = {}
        again: dict[str, dict[int, tuple[str, int]]] = {}  # by entity and number, where it is stated first
        for id_, each in rows.items():
            for key, number in each.ties:
                if key in stated:
                    again.setdefault(id_, {})[number] = stated[key]
                else:
                    stated[key] = id_, number
        for id_, twice in again.items():
            group = rows[id_].group.members
            for number, (first, place) in twice.items():
                hint = (
                    f"put the cites together; it is stated at {rows[first].group.members[place].at} already"
                )
                message = "this relation is stated twice"
                self.refs.report(group[number].at, Code.DUPLICATE_RELATION, message, hint)
            rest = tuple(each for number, each in enumerate(group) if number not in twice)
            rows[id_] = self.rows_of(id_, rest, None)


def _ties(
    statements: Iterable[Statement], symmetric: frozenset[str]
) -> Iterator[tuple[tuple[str, str, str, str], int]]:
    """The symmetric relations among an entity's statements, under the same key from either end, by number."""
    for number, each in enumerate(statements):
        record = each.record
        if isinstance(record, Relation) and record.type.id in symmetric:
            one, other = sorted((str(each.entity), record.to.id))
            when = record.when.date.text if record.when else ""
            yield (record.type.id, one, other, when), number


def _no_orphans(wiki: LinkedWiki, rows: Mapping[str, LinkRows], refs: References) -> None:
    if wiki.faults or has_errors(refs.problems):
        return  # what could not be read or joined may link to it
    for id_, each in rows.items():
        tables = (wiki.edges_to, wiki.linked_from, wiki.published_by)
        if each.silent and not any(id_ in table for table in tables):
            entity = wiki.entities[id_]
            message = f"nothing is said of {entity.name} and nothing links to it"
            hint = "add a claim or a relation, or delete the file"
            refs.report(entity.at, Code.ORPHAN, message, hint)


def _published(seeds: Mapping[str, SeedOutline]) -> Mapping[str, tuple[SeedId, ...]]:
    """The seeds that each entity published."""
    found: dict[str, tuple[SeedId, ...]] = {}
    for each in seeds.values():
        found[each.publisher] = (*found.get(each.publisher, ()), SeedId(each.id))
    return MappingProxyType(found)
