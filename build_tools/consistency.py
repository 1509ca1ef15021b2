"""What must hold between records: everything they refer to is there, and no two contradict each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from build_tools.memory import Memory
from build_tools.problems import Code, did_you_mean
from build_tools.records import (
    Alias,
    Claim,
    Entity,
    Fact,
    Identifier,
    Quote,
    Relation,
    Summary,
    WikiSettings,
)
from build_tools.references import References
from build_tools.shelves import Task
from build_tools.validate import Records, Seed
from build_tools.values import Text


def check_consistency(records: Records, refs: References, memory: Memory) -> None:
    """Reports to `refs` each reference outside of statements, and each name and chain, that does not hold.

    Records that `memory` found consistent are not looked through again.
    """
    seeds: dict[str, Seed] = {seed.id: seed for seed in records.seeds}
    memory.recall_task(consistency(records, refs))
    memory.recall_each("consistent seed", seeds, lambda id_: _seed(seeds[id_], refs), problems=refs.problems)
    _one_name_one_entity(refs, memory)
    _chains_end(seeds, refs)
    _settings(records.settings, refs)


def consistency(records: Records, refs: References) -> Task:
    """What reports each reference of an entity outside of its statements that does not hold."""
    return Task(
        name="consistent",
        given=refs.entities,
        make=lambda id_: _entity(refs.entities[id_], records, refs),
        always=(records.settings, records.faults),
        problems=refs.problems,
    )


def _entity(entity: Entity, records: Records, refs: References) -> None:
    """The references of an entity that are no links of its statements."""
    for identifier in entity.identifiers:
        _identifier(identifier, refs)
    for fact in entity.facts:
        if refs.known(fact.fact, refs.fact_types, "fact", where="under `facts` in wiki.yml"):
            kinds = [ref.id for ref in refs.fact_types[fact.fact.id].kinds]
            if entity.kind not in kinds:
                message = f"`{fact.fact.id}` is no fact of the kind `{entity.kind}`"
                hint = f"it belongs to: {', '.join(kinds)}"
                refs.report(fact.fact.at, Code.WRONG_KINDS, message, hint)
    topics = [topic for claim in entity.claims for topic in claim.topics]
    for topic in topics + [topic for quote in entity.quotes for topic in quote.topics]:
        refs.known(topic, refs.topics, "topic", where="under `topics` in wiki.yml")
    _questions(entity, records, refs)
    anchors = {claim.id.id for claim in entity.claims} | {quote.id.id for quote in entity.quotes}
    for note in entity.notes:
        refs.links(note.text)
        if not records.faults.within(entity.path):  # the id may be what could not be read
            refs.known(note.about, anchors, "claim or quote", where="in this file")
    for alias in entity.also:
        refs.links(alias.note)
    for relation in entity.relations:
        refs.links(relation.note)
    summaries = () if entity.summary is None else (entity.summary,)
    cited: tuple[Summary | Alias | Fact | Claim | Quote | Relation, ...]
    cited = (*summaries, *entity.also, *entity.facts, *entity.claims, *entity.quotes, *entity.relations)
    for record in cited:
        for cite in record.cites:
            refs.links(cite.note)


def _identifier(identifier: Identifier, refs: References) -> None:
    where = "under `identifiers` in wiki.yml"
    if refs.known(identifier.key, refs.identifier_types, "identifier", where=where):
        type_ = refs.identifier_types[identifier.key.id]
        if not re.fullmatch(type_.pattern.text, identifier.value.text):
            message = f"`{identifier.value}` is not an identifier of {type_.label}"
            hint = f"it looks like {type_.pattern.text}"
            refs.report(identifier.value.at, Code.BAD_VALUE, message, hint)


def _questions(entity: Entity, records: Records, refs: References) -> None:
    refs.links(*(question.reason for question in entity.questions))
    if records.faults.within(entity.path):
        return  # what they name may be what could not be read
    answers: dict[str, list[str]] = {question.id.id: [] for question in entity.questions}
    for claim in entity.claims:
        if refs.known(claim.question, answers, "question", where="under `questions` in this file"):
            assert claim.question is not None
            answers[claim.question.id].append(claim.id.id)
    for question in entity.questions:
        found = answers[question.id.id]
        if len(found) < 2:
            message = f"`{question.id.id}` has {len(found)} of the two answers a question needs"
            hint = f"put `question: {question.id.id}` on the claims that answer it"
            refs.report(question.at, Code.LONE_ANSWER, message, hint)
        refs.known(question.prefer, found, "answer", where="as a claim with this question")


def _seed(seed: Seed, refs: References) -> None:
    record = seed.record
    refs.entity_ref(record.publisher)
    for origin in record.derived_from:
        if origin.seed.id and origin.seed.id not in refs.seeds:
            hint = did_you_mean(origin.seed.id, refs.seeds, otherwise="add its record, `held: false`")
            message = f"there is no seed `{origin.seed.id}`"
            refs.report(origin.seed.at, Code.UNKNOWN_SEED, message, hint)
        refs.links(origin.note)
    refs.links(*record.notes, record.published.note)
    for passage in seed.passages:
        refs.links(passage.gist, passage.unused)
        for speaker in passage.speakers:
            refs.entity_ref(speaker)


def _settings(settings: WikiSettings, refs: References) -> None:
    refs.links(settings.introduction, *(kind.description for kind in settings.kinds))
    refs.links(*(topic.description for topic in settings.topics))


def _one_name_one_entity(refs: References, memory: Memory) -> None:
    names = memory.gather("names known", refs.outlines, lambda each: each.names)
    for (_, owner, first), *others in (rows for rows in names.values() if len(rows) > 1):
        at = _name(refs.entities[owner], first).at
        for _, id_, number in others:
            if id_ != owner:
                name = _name(refs.entities[id_], number)
                message = f"the name `{name}` belongs to `{owner}`"
                hint = f"one name, one entity: drop it here or at {at}, or make it telling"
                refs.report(name.at, Code.ALIAS_CLASH, message, hint)


def _name(entity: Entity, number: int) -> Text:
    """The name of that number: the main one is 0, aliases follow."""
    return entity.also[number - 1].name if number else entity.name


def _chains_end(seeds: Mapping[str, Seed], refs: References) -> None:
    """Reports the step of each circle that closes it, found by going every chain to its end once."""
    steps_of = {id_: each.derived_from for id_, each in refs.seed_outlines.items()}
    ended: set[str] = set()
    for start in seeds:
        way: dict[str, Iterator[tuple[int, str]]] = {}
        if start not in ended:
            way[start] = enumerate(steps_of[start])
        while way:
            current, steps = next(reversed(way.items()))
            number, step = next(steps, (0, None))
            if step is None:
                way.popitem()
                ended.add(current)
            elif step in way:
                message = f"`{current}` derives from itself by way of `{step}`"
                hint = "a chain runs from the copy to the original; mend one `derived_from`"
                at = seeds[current].record.derived_from[number].seed.at
                refs.report(at, Code.CIRCULAR_CHAIN, message, hint)
            elif step in seeds and step not in ended:
                way[step] = enumerate(steps_of[step])
