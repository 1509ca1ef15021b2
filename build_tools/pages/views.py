"""What stands on each kind of page, and in which order: records that the templates lay out."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from build_tools.addresses import LISTS, SOURCES, entity_page, seed_page
from build_tools.cite import Checked, CitedStatement, CitedWiki, Tally
from build_tools.gathered import Row
from build_tools.hubs import hub
from build_tools.link import Edge, StatementKind
from build_tools.memory import Memory
from build_tools.pages.changes import Change, ChangedClaim
from build_tools.records import Alias, Claim, Entity, Fact, Kind, Origin, Question, SeedRecord
from build_tools.validate import Seed

UNDATED = ("9999-99-99", "", "")  # after every date


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicGroup:
    """The claims of one entity under one topic, in time order."""

    anchor: str
    label: str
    claims: tuple[CitedStatement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationGroup:
    """Relations of one entity that share their words, each with the entity at the other end."""

    label: str
    rows: tuple[RelationRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationRow:
    """One relation seen from one end; `given` if it is stated on this entity's page."""

    other: str
    cited: CitedStatement
    given: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenQuestion:
    """A question with the claims that answer it."""

    entity: Entity
    question: Question
    answers: tuple[CitedStatement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citing:
    """How an entity's page cites a seed."""

    seed: Seed
    passages: tuple[str, ...]
    cites: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What the wiki amounts to."""

    entities: int
    claims: int
    quotes: int
    relations: int
    cites: Mapping[Checked, int]
    passages: int
    origins: int

    @property
    def all_cites(self) -> int:
        return sum(self.cites.values())

    @property
    def checked_share(self) -> int:
        """Cites checked against the text or a seal, in whole per cent, rounded down."""
        checked = self.all_cites - self.cites[Checked.NOT]
        return checked * 100 // self.all_cites if self.all_cites else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityView:
    """The page of an entity, section by section."""

    entity: Entity
    kind: Kind
    summary: CitedStatement | None
    aliases: tuple[tuple[Alias, CitedStatement | None], ...]
    facts: tuple[tuple[str, CitedStatement], ...]
    topics: tuple[TopicGroup, ...]
    questions: tuple[OpenQuestion, ...]
    quotes: tuple[CitedStatement, ...]
    relations: tuple[RelationGroup, ...]
    backlinks: tuple[CitedStatement, ...]
    further: tuple[tuple[Row, ...], ...]  # more that links here, each on a page of its own
    published: tuple[Seed, ...]
    uses: tuple[Citing, ...]
    claims: int
    cites: int
    checked: int

    @property
    def description(self) -> str:
        """The page in a sentence: its summary, or else its first claim."""
        first = self.summary or next((claim for topic in self.topics for claim in topic.claims), None)
        return first.statement.plain if first else f"{self.entity.name}: {self.kind.singular}."


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A claim that changed: what happened to it and when (RFC 3339); the claim unless it was withdrawn.

    `entity` is the id of an entity that has a page, or had; `name` is what it is called, or was.
    """

    change: Change
    when: str
    entity: str
    name: str
    claim: str
    cited: CitedStatement | None


class Views:
    """The views of one wiki, with the tables that they are looked up in."""

    def __init__(self, wiki: CitedWiki) -> None:
        self.wiki = wiki
        self.linked = wiki.linked
        self._kinds = {kind.key.id: kind for kind in self.linked.settings.kinds}
        self._fact_labels = {fact.key.id: fact.label.text for fact in self.linked.settings.facts}
        self._order = {type_.key.id: i for i, type_ in enumerate(self.linked.settings.relations)}

    def entity(self, entity: Entity) -> EntityView:
        """The page of an entity."""
        statements = self.wiki.statements[entity.id]
        by_kind: dict[StatementKind, list[CitedStatement]] = defaultdict(list)
        for s in statements:
            by_kind[s.statement.kind].append(s)
        named = {s.statement.at: s for s in by_kind[StatementKind.NAME]}
        links = hub(self.linked, entity.id)
        return EntityView(
            entity=entity,
            kind=self._kinds[entity.kind],
            summary=next(iter(by_kind[StatementKind.SUMMARY]), None),
            aliases=tuple((alias, named.get(alias.at)) for alias in entity.also),
            facts=tuple(
                (self._fact_labels.get(s.statement.record.fact.id, s.statement.record.fact.id), s)
                for s in by_kind[StatementKind.FACT]
                if isinstance(s.statement.record, Fact)
            ),
            topics=self._topics(by_kind[StatementKind.CLAIM]),
            questions=tuple(self._question(entity, question) for question in entity.questions),
            quotes=tuple(by_kind[StatementKind.QUOTE]),
            relations=self._relations(entity, map(self.linked.edge, links.edges_to)),
            backlinks=self.linking(links.linked_from),
            further=links.further,
            published=tuple(self.linked.seeds[id_] for id_ in self.linked.published_by.get(entity.id, ())),
            uses=self._uses(statements),
            claims=len(by_kind[StatementKind.CLAIM]),
            cites=sum(len(s.cites) for s in statements),
            checked=sum(found.checked is not Checked.NOT for s in statements for found in s.cites),
        )

    def linking(self, rows: Iterable[Row]) -> tuple[CitedStatement, ...]:
        """The statements that link to an entity."""
        return tuple(self.wiki.placed[id_, number] for id_, number, *_ in rows)

    def _topics(self, claims: Iterable[CitedStatement]) -> tuple[TopicGroup, ...]:
        """Claims under their first topic, topics as ordered in wiki.yml; answers to questions stand apart."""
        groups: dict[str, list[CitedStatement]] = defaultdict(list)
        for cited in claims:
            record = cited.statement.record
            if isinstance(record, Claim) and record.question is None:
                groups[record.topics[0].id if record.topics else ""].append(cited)
        labels = [(topic.key.id, topic.label.text) for topic in self.linked.settings.topics]
        return tuple(
            TopicGroup(anchor=f"_topic-{id_}" if id_ else "_other", label=label, claims=in_time(groups[id_]))
            for id_, label in [*labels, ("", "Other")]
            if groups[id_]
        )

    def _question(self, entity: Entity, question: Question) -> OpenQuestion:
        answers = in_time(
            s
            for s in self.wiki.statements[entity.id]
            if isinstance(s.statement.record, Claim)
            and s.statement.record.question is not None
            and s.statement.record.question.id == question.id.id
        )
        return OpenQuestion(entity=entity, question=question, answers=answers)

    def _relations(self, entity: Entity, edges_to: Iterable[Edge]) -> tuple[RelationGroup, ...]:
        """Relations from both ends, in the order of wiki.yml, given before derived."""
        rows: dict[tuple[int, str], list[RelationRow]] = defaultdict(list)
        for edge in self.linked.edges_from.get(entity.id, ()):
            key = (self._order[edge.type.key.id] * 2, edge.type.label.text)
            rows[key].append(self._row(edge, edge.object, given=True))
        for edge in edges_to:
            inverse = edge.type.inverse
            key = (
                self._order[edge.type.key.id] * 2 + (1 if inverse else 0),
                (inverse or edge.type.label).text,
            )
            rows[key].append(self._row(edge, edge.subject, given=False))
        return tuple(
            RelationGroup(
                label=label, rows=tuple(sorted(group, key=lambda row: sorting(self.linked.names[row.other])))
            )
            for (_, label), group in sorted(rows.items())
        )

    def _row(self, edge: Edge, other: str, *, given: bool) -> RelationRow:
        cited = self.wiki.placed[edge.subject, edge.number]
        return RelationRow(other=other, cited=cited, given=given)

    def _uses(self, statements: Iterable[CitedStatement]) -> tuple[Citing, ...]:
        """The seeds that the statements cite, with the passages, most cited first."""
        cites: Counter[str] = Counter()
        passages: dict[str, set[str]] = defaultdict(set)
        for statement in statements:
            for found in statement.cites:
                cites[found.seed.id] += 1
                passages[found.seed.id].update([found.passage.id] if found.passage else [])
        return tuple(
            Citing(
                seed=self.linked.seeds[id_],
                passages=tuple(sorted(passages[id_], key=lambda passage: int(passage[1:]))),
                cites=number,
            )
            for id_, number in sorted(cites.items(), key=lambda item: (-item[1], item[0]))
        )

    def chain(self, seed: Seed) -> Iterator[tuple[Seed, Origin]]:
        """The ways from a seed to its origins: each seed on them once, with the steps that lead from it."""
        met: set[str] = {seed.id}
        steps = [(seed, origin) for origin in reversed(seed.record.derived_from)]
        while steps:
            step, origin = steps.pop()
            yield step, origin
            if origin.seed.id not in met:
                met.add(origin.seed.id)
                further = self.linked.seeds[origin.seed.id]
                steps.extend((further, origin) for origin in reversed(further.record.derived_from))

    def numbers(self) -> Numbers:
        """What the wiki amounts to."""
        every = self.wiki.rows.values()
        total = Tally.total(rows.tally for rows in every)
        used = {seed for seed, _ in self.wiki.resting_on}
        cites = {Checked.TEXT: total.by_text, Checked.SEAL: total.by_seal, Checked.NOT: total.not_checked}
        return Numbers(
            entities=len(self.linked.entities),
            claims=total.claims,
            quotes=total.quotes,
            relations=total.relations,
            cites=MappingProxyType(cites),
            passages=sum(seed.passages for seed in self.linked.seed_outlines.values()),
            origins=len({origin for id_ in used for origin in self.wiki.origins(id_)}),
        )

    def titles(self, memory: Memory) -> dict[str, str]:
        """What tells pages of one title apart: the whole title of each of them, by the page's path."""
        linked = self.linked
        alone = [("index.md", linked.settings.name.text), ("seeds/index.md", SOURCES[0])]
        alone += [(f"{name}.md", title) for name, title, _ in LISTS]
        alone += [(f"{kind.folder.id}/index.md", kind.plural.text) for kind in linked.settings.kinds]
        parts: dict[str, tuple[tuple[str, Row], ...]] = {
            path: _titled(path, title, "") for path, title in alone
        }
        parts |= {
            seed_page(seed.id): _titled(seed_page(seed.id), seed.title, seed.short)
            for seed in linked.seed_outlines.values()
        }
        parts |= memory.recall_each("titled", linked.outlines, self._titled, always=(linked.settings,))
        titled = memory.gather("titled", parts, lambda each: each)
        alike = {row[0]: row for rows in titled.values() if len(rows) > 1 for row in rows}
        whole = {path: f"{title} ({more})" if more else title for path, title, more in alike.values()}
        for title in tuple(whole.values()):  # which may be that of a page whose title no other had
            whole |= {path: own for path, own, _ in titled.get(title.casefold(), ()) if path not in whole}
        often = Counter(title.casefold() for title in whole.values())
        return {
            path: f"{title} ({path.removesuffix('.md')})" if often[title.casefold()] > 1 else title
            for path, title in whole.items()
        }

    def _titled(self, id_: str) -> tuple[tuple[str, Row], ...]:
        each = self.linked.outlines[id_]
        return _titled(entity_page(self.linked, id_), each.name, self._kinds[each.kind].singular.text)

    def news(self, changes: Iterable[ChangedClaim]) -> tuple[News, ...]:
        """The changes that are so: their claims are there, or where withdrawn are not, in this wiki."""
        found: list[News] = []
        for item in changes:
            cited = self.wiki.by_anchor.get((item.entity, item.claim))
            if (cited is None) is (item.change is Change.REMOVED):
                found.append(
                    News(
                        change=item.change,
                        when=item.time,
                        entity=item.entity,
                        name=self.linked.names.get(item.entity, item.name),
                        claim=item.claim,
                        cited=cited,
                    )
                )
        return tuple(found)

    def origins_of(self, cited: CitedStatement) -> int:
        """At how many seeds the chains behind a statement's cites begin."""
        return len({origin for found in cited.cites for origin in self.wiki.origins(found.seed.id)})


def _titled(path: str, title: str, more: str) -> tuple[tuple[str, Row], ...]:
    """A page under its title; `more` tells it from another of that title."""
    return ((title.casefold(), (path, title, more)),)


def seed_title(record: SeedRecord) -> str:
    """The title of a source, as it has one, or else as we call it."""
    return (record.title.quote or record.title.gloss or record.short).text


def in_time(statements: Iterable[CitedStatement]) -> tuple[CitedStatement, ...]:
    """In time order; what has no date comes last, in the order of the file."""

    def key(cited: CitedStatement) -> tuple[str, str, str]:
        when = getattr(cited.statement.record, "when", None)
        return when.date.sort_key if when else UNDATED

    return tuple(sorted(statements, key=key))


def sorting(name: str) -> tuple[str, str]:
    """Names sort by their letters without marks first, so that Ç stands with C."""
    bare = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return bare.casefold(), name
