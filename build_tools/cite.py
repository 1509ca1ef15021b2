"""Cites joined to passages: what each statement rests on, and what rests on each passage."""

from __future__ import annotations

import dataclasses
import enum
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from build_tools.link import LinkedWiki, Statement, StatementKind
from build_tools.memory import Memory
from build_tools.problems import Code, Problem, did_you_mean
from build_tools.records import Cite, Passage, Quote
from build_tools.text import quote_parts
from build_tools.validate import Seed
from build_tools.values import PassageId, Verbatim


class Checked(enum.StrEnum):
    """How a cite was checked."""

    TEXT = "against the text"
    SEAL = "against the seal"
    NOT = "not checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedCite:
    """A cite with the seed and passage it names and how it was checked; no passage of a seed not held."""

    cite: Cite
    seed: Seed
    passage: Passage | None
    checked: Checked


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedStatement:
    """A statement with its checked cites."""

    statement: Statement
    cites: tuple[CheckedCite, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedWiki:
    """The linked wiki with its evidence: cites by statement, and what rests on each passage.

    `by_anchor` has each statement under its entity and anchor.
    """

    linked: LinkedWiki
    statements: Mapping[str, tuple[CitedStatement, ...]]
    by_anchor: Mapping[tuple[str, str], CitedStatement]
    resting_on: Mapping[tuple[str, PassageId | None], tuple[CitedStatement, ...]]
    words_quoted: Mapping[str, int]

    def origins(self, seed_id: str) -> frozenset[str]:
        """The seeds at the start of the chains that lead to this one; itself if it derives from none."""
        met: set[str] = set()
        starts: set[str] = set()
        waiting = [seed_id]
        while waiting:
            current = waiting.pop()
            if current not in met and current in self.linked.seeds:
                met.add(current)
                origins = self.linked.seeds[current].record.derived_from
                waiting.extend(origin.seed.id for origin in origins)
                starts.update(() if origins else (current,))
        return frozenset(starts)


def cite(wiki: LinkedWiki, memory: Memory | None = None) -> tuple[CitedWiki, tuple[Problem, ...]]:
    """The wiki with its cites resolved, and a problem for each that names no passage.

    Statements that `memory` has are the same objects as before.

    Whether the passages carry what is said is not asked here, but by `build_tools.checks`.
    """
    problems: list[Problem] = []
    memory = memory or Memory()
    seen = dataclasses.replace(wiki, seeds=memory.watch("seeds", wiki.seeds))

    def make(group: tuple[Statement, ...]) -> tuple[CitedStatement, ...]:
        return tuple(CitedStatement(statement=each, cites=_resolved(each, seen, problems)) for each in group)

    cited: dict[str, tuple[CitedStatement, ...]] = {}
    for id_, group in wiki.statements.items():
        cited[id_] = memory.recall(("cites", id_), (group,), make, group, problems=problems)
    resting: dict[tuple[str, PassageId | None], list[CitedStatement]] = defaultdict(list)
    for each in cited.values():
        for statement in each:
            places = {(c.seed.id, c.passage.id if c.passage else None): None for c in statement.cites}
            for place in places:
                resting[place].append(statement)
    result = CitedWiki(
        linked=wiki,
        statements=MappingProxyType(cited),
        by_anchor=MappingProxyType(
            {(id_, each.statement.anchor): each for id_, group in cited.items() for each in group}
        ),
        resting_on=MappingProxyType({place: tuple(group) for place, group in resting.items()}),
        words_quoted=MappingProxyType(_words_quoted(quotations(wiki.seeds.values(), cited.values()))),
    )
    return result, tuple(problems)


def _resolved(statement: Statement, wiki: LinkedWiki, problems: list[Problem]) -> tuple[CheckedCite, ...]:
    found = (_resolve(cite, wiki, problems) for cite in statement.cites)
    return tuple(checked for checked in found if checked is not None)


def _resolve(cite: Cite, wiki: LinkedWiki, problems: list[Problem]) -> CheckedCite | None:
    """The cite with its passage; None if it names none."""
    if not cite.seed.id:
        return None
    seed = wiki.seeds.get(cite.seed.id)
    if seed is None:
        hint = did_you_mean(cite.seed.id, wiki.seeds, otherwise=f"the seeds are {', '.join(wiki.seeds)}")
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
        if not wiki.faults.within(f"seeds/{seed.id}/passages.yml"):
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
        statements=memory.watch("statements", linked.statements),
        edges_from=memory.watch("edges from", linked.edges_from),
        edges_to=memory.watch("edges to", linked.edges_to),
        linked_from=memory.watch("linked from", linked.linked_from),
        published_by=memory.watch("published by", linked.published_by),
        names=memory.watch("names", linked.names),
        kinds=memory.watch("kinds", linked.kinds),
    )
    return dataclasses.replace(
        wiki,
        linked=linked,
        statements=memory.watch("cited statements", wiki.statements),
        by_anchor=memory.watch("by anchor", wiki.by_anchor),
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


def _words_quoted(quoted: Iterable[tuple[Seed, Verbatim]]) -> dict[str, int]:
    """Words quoted from each seed, a quotation that is there twice counted once."""
    texts: dict[str, set[tuple[tuple[str, ...], ...]]] = defaultdict(set)
    for seed, quote in quoted:
        texts[seed.id].add(quote_parts(quote.text))
    return {id_: sum(len(part) for parts in found for part in parts) for id_, found in texts.items()}


def every_statement(wiki: CitedWiki, kind: StatementKind) -> tuple[CitedStatement, ...]:
    """All statements of a kind, by entity id and then in the order of the page."""
    return tuple(
        statement
        for _, group in sorted(wiki.statements.items())
        for statement in group
        if statement.statement.kind is kind
    )
