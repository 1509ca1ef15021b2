"""Cites joined to passages: what each statement rests on, and what rests on each passage."""

from __future__ import annotations

import dataclasses
import enum
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, NamedTuple

from build_tools.gathered import Row
from build_tools.ghost import Group, Groups, Loose, member, unread
from build_tools.link import LinkedWiki, Statement, StatementKind
from build_tools.memory import Memory
from build_tools.outline import Opened, Place
from build_tools.problems import Code, Problem, did_you_mean
from build_tools.quick import quick
from build_tools.records import Cite, Passage, Quote
from build_tools.shelves import Light, Task
from build_tools.text import quote_parts
from build_tools.validate import Faults, Records, Seed
from build_tools.values import PassageId, Verbatim


class Checked(enum.StrEnum):
    """How a cite was checked."""

    TEXT = "against the text"
    SEAL = "against the seal"
    NOT = "not checked"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedCite:
    """A cite with the seed and passage it names and how it was checked; no passage of a seed not held."""

    cite: Cite
    seed: Seed
    passage: Passage | None
    checked: Checked


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class CitedStatement:
    """A statement with its checked cites."""

    statement: Statement
    cites: tuple[CheckedCite, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedWiki:
    """The linked wiki with its evidence: cites by statement, and what rests on each passage.

    `by_anchor` has each statement under its entity and anchor, and `placed` under its entity and number.
    """

    linked: LinkedWiki
    statements: Mapping[str, tuple[CitedStatement, ...]]
    rows: Mapping[str, CiteRows]
    by_anchor: Mapping[tuple[str, str], CitedStatement]
    placed: Mapping[tuple[str, int], CitedStatement]
    resting_on: Mapping[tuple[str, PassageId | None], tuple[CitedStatement, ...]]
    words_quoted: Mapping[str, int]

    def origins(self, seed_id: str) -> frozenset[str]:
        """The seeds at the start of the chains that lead to this one; itself if it derives from none."""
        met: set[str] = set()
        starts: set[str] = set()
        waiting = [seed_id]
        while waiting:
            current = waiting.pop()
            if current not in met and current in self.linked.seed_outlines:
                met.add(current)
                origins = self.linked.seed_outlines[current].derived_from
                waiting.extend(origins)
                starts.update(() if origins else (current,))
        return frozenset(starts)


def cite(wiki: LinkedWiki, memory: Memory | None = None) -> tuple[CitedWiki, tuple[Problem, ...]]:
    """The wiki with its cites resolved, and a problem for each that names no passage.

    Statements that `memory` has are the same objects as before.

    Whether the passages carry what is said is not asked here, but by `build_tools.checks`.
    """
    problems: list[Problem] = []
    memory = memory or Memory()
    resolver = _Resolver(memory.watch("seeds", wiki.seeds), wiki.faults, problems, memory)
    stated = unread(wiki.statements)
    rows: dict[str, CiteRows] = memory.recall_each(
        "cites",
        stated,
        lambda id_, before: resolver.rows(id_, stated[id_], before),
        problems=problems,
        revise=True,
    )
    cited = Groups({id_: each.group for id_, each in rows.items()})
    openings = memory.recall_each("openings", wiki.seeds, lambda id_: tuple(_openings(wiki.seeds[id_])))
    quoted = memory.gather("quoted", rows, lambda each: each.quoted)
    opening = memory.gather("opening", openings, lambda each: each)
    both = {id_: (quoted.get(id_, ()), opening.get(id_, ())) for id_ in wiki.seeds}
    words_quoted = memory.recall_each("words quoted", both, lambda id_: _words_quoted(*both[id_]))
    words_quoted = {id_: number for id_, number in words_quoted.items() if number}

    def opened(places: tuple[Row, ...]) -> tuple[CitedStatement, ...]:
        return tuple([member(cited, id_, number) for id_, number, _ in places])

    memory.follow("by anchor", rows, lambda each: each.by_anchor)
    memory.follow("placed", rows, lambda each: ((place[:2], place) for place in each.places))
    resting_on = memory.gather("resting on", rows, lambda each: each.resting_on)
    result = CitedWiki(
        # A statement is read alone as a cited one only.
        linked=dataclasses.replace(wiki, stated=lambda row: member(cited, row[0], row[1]).statement),
        statements=cited,
        rows=MappingProxyType(rows),
        by_anchor=_ByAnchor(cited),
        placed=_Placed(cited),
        resting_on=Opened(resting_on, opened),
        words_quoted=MappingProxyType(words_quoted),
    )
    return result, tuple(problems)


class _ByAnchor(Mapping[tuple[str, str], CitedStatement]):
    """Statements looked up among those of their entity."""

    def __init__(self, statements: Mapping[str, tuple[CitedStatement, ...]]) -> None:
        self._statements = statements

    def __getitem__(self, key: tuple[str, str]) -> CitedStatement:
        entity, anchor = key
        for each in reversed(self._statements[entity]):  # of two that ought not to be there the last
            if each.statement.anchor == anchor:
                return each
        raise KeyError(key)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for entity, group in self._statements.items():
            yield from dict.fromkeys((entity, each.statement.anchor) for each in group)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Placed(Mapping[tuple[str, int], CitedStatement]):
    """Statements by their place, read one by one."""

    def __init__(self, statements: Mapping[str, tuple[CitedStatement, ...]]) -> None:
        self._statements = statements

    def __getitem__(self, key: tuple[str, int]) -> CitedStatement:
        return member(self._statements, *key)

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return ((id_, number) for id_, group in self._statements.items() for number in range(len(group)))

    def __len__(self) -> int:
        return sum(map(len, self._statements.values()))


class Tally(NamedTuple):
    """How many statements there are, all and of some kinds, and how many cites were checked in each way."""

    statements: int = 0
    claims: int = 0
    quotes: int = 0
    relations: int = 0
    by_text: int = 0
    by_seal: int = 0
    not_checked: int = 0

    @classmethod
    def of(cls, group: Iterable[CitedStatement]) -> Tally:
        """The tally of some statements."""
        kinds = Counter(each.statement.kind for each in group)
        cites = Counter(found.checked for each in group for found in each.cites)
        return cls(
            kinds.total(),
            *(kinds[kind] for kind in (StatementKind.CLAIM, StatementKind.QUOTE, StatementKind.RELATION)),
            *(cites[checked] for checked in (Checked.TEXT, Checked.SEAL, Checked.NOT)),
        )

    @classmethod
    def total(cls, tallies: Iterable[Tally]) -> Tally:
        """All of them together."""
        return cls(*map(sum, zip(*tallies, strict=True)))

    @property
    def cites(self) -> int:
        return self.by_text + self.by_seal + self.not_checked


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class CiteRows(Light):
    """What an entity's cited statements add to the tables of the wiki, and of which statements that is so.

    `uncited` says whether a statement is without cites, `quotes` whether words of a source are quoted.
    """

    known: ClassVar[tuple[str, ...]] = ("group", "tally", "uncited", "quotes")
    group: Loose[CitedStatement]
    stamps: tuple[int, ...]
    by_anchor: tuple[tuple[tuple[str, str], Place], ...]
    resting_on: tuple[tuple[tuple[str, PassageId | None], Place], ...]
    quoted: tuple[tuple[str, Row], ...]
    tally: Tally
    uncited: bool
    quotes: bool

    @property
    def statements(self) -> tuple[CitedStatement, ...]:
        """The statements, opened."""
        return self.group.members

    @property
    def places(self) -> Iterator[Place]:
        """The places of the statements."""
        return (place for _, place in self.by_anchor)


def resolving(records: Records, memory: Memory) -> Task:
    """What `cite` will ask `memory` for, to be done with what `link` makes of an entity."""
    entities = {entity.id: entity for entity in records.entities}
    seeds: dict[str, Seed] = {seed.id: seed for seed in records.seeds}
    problems: list[Problem] = []
    return Task(
        name="cites",
        given=lambda _, rows: rows.group,
        make=_Resolver(memory.watch("seeds", seeds), records.faults, problems, memory).rows,
        problems=problems,
        revise=True,
        units=lambda id_, group, made: {("entity", entities[id_].path): [entities[id_], group, made.group]},
    )


class _Resolver:
    """Resolves cites; `problems` gets one for each that names no passage."""

    def __init__(
        self, seeds: Mapping[str, Seed], faults: Faults, problems: list[Problem], memory: Memory
    ) -> None:
        self.seeds, self.faults, self.problems, self.memory = seeds, faults, problems, memory

    def rows(self, id_: str, stated: Group[Statement], before: CiteRows | None) -> CiteRows:
        """The cited statements of an entity, and their rows; one that is as it was before keeps its stamp."""
        group = tuple(CitedStatement(statement=each, cites=self.resolved(each)) for each in stated.members)
        stamps = self.memory.stamps(group, *((before.statements, before.stamps) if before else ()))
        places = [(id_, number, stamp) for number, stamp in enumerate(stamps)]
        resting: list[tuple[tuple[str, PassageId | None], Place]] = []
        for each, place in zip(group, places, strict=True):
            passages = {(c.seed.id, c.passage.id if c.passage else None): None for c in each.cites}
            resting += [(passage, place) for passage in passages]
        texts = dict.fromkeys((seed.id, quote.text) for seed, quote in quotations((), (group,)))
        quoted = {(seed, (quote_parts(text), id_)): None for seed, text in texts}
        return CiteRows(
            group=Loose(group),
            stamps=stamps,
            by_anchor=tuple(
                ((id_, each.statement.anchor), place) for each, place in zip(group, places, strict=True)
            ),
            resting_on=tuple(resting),
            quoted=tuple(quoted),
            tally=Tally.of(group),
            uncited=any(not each.statement.cites for each in group),
            quotes=bool(quoted),
        )

    def resolved(self, statement: Statement) -> tuple[CheckedCite, ...]:
        """The cites of a statement that name a passage."""
        found = (_resolve(cite, self.seeds, self.faults, self.problems) for cite in statement.cites)
        return tuple(checked for checked in found if checked is not None)


def _openings(seed: Seed) -> Iterator[tuple[str, Row]]:
    """What the passages of a seed open with, as rows of what is quoted."""
    for _, quote in quotations((seed,), ()):
        yield seed.id, (quote_parts(quote.text), f"{seed.id}{quote.at}")


def _resolve(
    cite: Cite, seeds: Mapping[str, Seed], faults: Faults, problems: list[Problem]
) -> CheckedCite | None:
    """The cite with its passage; None if it names none."""
    if not cite.seed.id:
        return None
    seed = seeds.get(cite.seed.id)
    if seed is None:
        hint = did_you_mean(cite.seed.id, seeds, otherwise=f"the seeds are {', '.join(seeds)}")
        message = f"there is no seed `{cite.seed.id}`"
        problems.append(Problem(cite.seed.at, Code.UNKNOWN_SEED, message, hint))
        return None
    if not seed.record.held:
        if cite.passage is not None:
            message = f"the wiki does not hold `{seed.id}`: its passages have no numbers"
            problems.append(
                Problem(cite.passage.at, Code.UNKNOWN_PASSAGE, message, f"cite `{seed.id}` alone")
            )
        return CheckedCite(cite=cite, seed=seed, passage=None, checked=Checked.NOT)
    if cite.passage is not None and cite.is_unsettled:
        message = f"`{seed.id}#{cite.passage}`: the passage changed or went when its seed was renewed"
        hint = (
            "read it again and write the number without the `?`; `wiki seed renew` printed which "
            'passage stands there now, `wiki cite "…"` finds one by its words'
        )
        problems.append(Problem(cite.passage.at, Code.UNSETTLED_CITE, message, hint))
        return None
    if seed.seal is None:
        return None  # reported where the seal was read
    if cite.passage is None:
        message = f"`{seed.id}` is cited without a passage"
        problems.append(Problem(cite.at, Code.BAD_CITE, message, f"name the passage: `{seed.id}#p<n>`"))
        return None
    passage = seed.passage(cite.passage.text)
    if passage is None:
        if not faults.within(f"seeds/{seed.id}/passages.yml"):
            message = f"`{seed.id}` has no passage `{cite.passage}`"
            hint = f"its passages are p1 to {seed.passages[-1].id}"
            problems.append(Problem(cite.passage.at, Code.UNKNOWN_PASSAGE, message, hint))
        return None
    seal, span = seed.seal_of(passage), cite.span
    if span is not None and seal is not None and span.last > seal.words:
        message = f"{seed.id}#{passage.id} has {seal.words} words; {span} reaches beyond them"
        hint = f'count from 1 to {seal.words}; `wiki cite "…"` prints the span of a fragment'
        problems.append(Problem(span.at, Code.BAD_CITE, message, hint))
    checked = Checked.TEXT if passage.id in seed.texts else Checked.SEAL
    return CheckedCite(cite=cite, seed=seed, passage=passage, checked=checked)


def watched(wiki: CitedWiki, memory: Memory) -> CitedWiki:
    """The same wiki, whose tables tell `memory` what is looked up in them."""
    linked = wiki.linked
    linked = dataclasses.replace(
        linked,
        entities=memory.watch("entities", linked.entities),
        seeds=memory.watch("seeds", linked.seeds),
        seed_outlines=memory.watch("seed outlines", linked.seed_outlines),
        statements=memory.watch("statements", linked.statements),
        relating=memory.watch("edges from", linked.relating),
        related=memory.watch("edges to", linked.related),
        linking=memory.watch("linked from", linked.linking),
        published_by=memory.watch("published by", linked.published_by),
        names=memory.watch("names", linked.names),
        kinds=memory.watch("kinds", linked.kinds),
    )
    return dataclasses.replace(
        wiki,
        linked=linked,
        statements=memory.watch("cited statements", wiki.statements),
        by_anchor=memory.watch("by anchor", wiki.by_anchor),
        placed=memory.watch("placed", wiki.placed),
        resting_on=memory.watch("resting on", wiki.resting_on),
        words_quoted=memory.watch("words quoted", wiki.words_quoted),
    )


def quotations(
    seeds: Iterable[Seed], groups: Iterable[tuple[CitedStatement, ...]]
) -> Iterator[tuple[Seed, Verbatim]]:
    """Every verbatim text of the passages and the statements, with the held seed that it is from."""
    for seed in seeds:
        for passage in seed.passages:
            if passage.opens is not None:
                yield seed, passage.opens
    for group in groups:
        for statement in group:
            for found in statement.cites:
                if found.passage is None:
                    continue
                for words in (found.cite.quote, found.cite.prefix, found.cite.suffix):
                    if words:
                        yield found.seed, words
                if isinstance(statement.statement.record, Quote):
                    yield found.seed, statement.statement.record.text


def _words_quoted(*rows: Iterable[Row]) -> int:
    """Words quoted from a seed, a quotation that is there twice counted once."""
    return sum(len(part) for parts in {row[0] for each in rows for row in each} for part in parts)
