"""The whole wiki as data: `data/wiki.json`, whose shape is documented on the site and versioned."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from build_tools.addresses import entity_page, seed_page, site_address
from build_tools.cite import CheckedCite, CitedStatement, CitedWiki, watched
from build_tools.ghost import Ghost
from build_tools.link import StatementKind
from build_tools.memory import Memory
from build_tools.prose import plain_text
from build_tools.records import Claim, Fact, Quote, Relation
from build_tools.shelves import in_groups

VERSION = 1


_TOGETHER = 16  # lines that are made and kept together, about
_LEAST = 8  # lots of lines that are worth a process


@dataclass(frozen=True, slots=True)
class Lines(Ghost):
    """Some lines of the data, by the ids of what they tell of."""

    of: dict[str, bytes]


def wiki_json(wiki: CitedWiki, memory: Memory | None = None) -> bytes:
    """Entities and seeds as JSON, one on a line; addresses are relative to the site's root."""
    memory = memory or Memory(once=True)
    seen = watched(wiki, memory)

    def lines(name: str, ids: Sequence[str], shown: Callable[[str], dict[str, object]]) -> bytes:
        made = memory.recall_each(
            name,
            groups := {number: tuple(group) for number, group in enumerate(in_groups(ids, _TOGETHER))},
            lambda number: Lines({id_: _line(shown(id_)) for id_ in groups[number]}),
            always=(wiki.linked.settings,),
            least=_LEAST,
        )
        every = {id_: line for some in made.values() for id_, line in some.of.items()}
        return b",\n".join(every[id_] for id_ in ids)

    entities = lines("lines", tuple(wiki.linked.entities), lambda id_: _entity(seen, id_))
    seeds = lines("seed lines", tuple(wiki.linked.seeds), lambda id_: _seed(seen, id_))
    return b'{"version": %d,\n"entities": [\n%b\n],\n"seeds": [\n%b\n]}\n' % (VERSION, entities, seeds)


def _line(item: dict[str, object]) -> bytes:
    return json.dumps(item, ensure_ascii=False).encode()


def _entity(wiki: CitedWiki, id_: str) -> dict[str, object]:
    entity, statements = wiki.linked.entities[id_], wiki.statements[id_]
    url = site_address(entity_page(wiki.linked, id_))
    by_kind = {kind: [s for s in statements if s.statement.kind is kind] for kind in StatementKind}
    summary = by_kind[StatementKind.SUMMARY]
    return {
        "id": id_,
        "kind": entity.kind,
        "name": entity.name.text,
        "aliases": [alias.name.text for alias in entity.also],
        "identifiers": {item.key.id: item.value.text for item in entity.identifiers},
        "summary": summary[0].statement.plain if summary else None,
        "url": url,
        "facts": [_fact(s) for s in by_kind[StatementKind.FACT]],
        "claims": [_claim(wiki, s) for s in by_kind[StatementKind.CLAIM]],
        "quotes": [_quote(s) for s in by_kind[StatementKind.QUOTE]],
        "relations": [_relation(s) for s in by_kind[StatementKind.RELATION]],
    }


def _fact(cited: CitedStatement) -> dict[str, object]:
    record = cited.statement.record
    assert isinstance(record, Fact)
    return {
        "fact": record.fact.id,
        "value": cited.statement.plain,
        "when": record.when.date.text if record.when else None,
        "cites": [_cite(found) for found in cited.cites],
    }


def _claim(wiki: CitedWiki, cited: CitedStatement) -> dict[str, object]:
    record = cited.statement.record
    assert isinstance(record, Claim)
    return {
        "id": record.id.id,
        "text": record.text.source,
        "plain": cited.statement.plain,
        "when": record.when.date.text if record.when else None,
        "resolved_from": record.resolved_from.text if record.resolved_from else None,
        "derived": plain_text(record.derived, wiki.linked.names) if record.derived else None,
        "topics": [topic.id for topic in record.topics],
        "said_by": record.said_by.id if record.said_by else None,
        "said_to": record.said_to.id if record.said_to else None,
        "via": record.via.id if record.via else None,
        "question": record.question.id if record.question else None,
        "series": [{"when": p.when.date.text, "value": p.value.text} for p in record.series],
        "cites": [_cite(found) for found in cited.cites],
    }


def _quote(cited: CitedStatement) -> dict[str, object]:
    record = cited.statement.record
    assert isinstance(record, Quote)
    return {
        "id": record.id.id,
        "text": record.text.text,
        "when": record.when.date.text if record.when else None,
        "topics": [topic.id for topic in record.topics],
        "said_to": record.said_to.id if record.said_to else None,
        "via": record.via.id if record.via else None,
        "about": [ref.id for ref in record.about],
        "cites": [_cite(found) for found in cited.cites],
    }


def _relation(cited: CitedStatement) -> dict[str, object]:
    record = cited.statement.record
    assert isinstance(record, Relation)
    return {
        "type": record.type.id,
        "to": record.to.id,
        "when": record.when.date.text if record.when else None,
        "cites": [_cite(found) for found in cited.cites],
    }


def _cite(found: CheckedCite) -> dict[str, object]:
    passage = found.passage.id if found.passage else None
    return {
        "seed": found.seed.id,
        "passage": passage,
        "span": [found.cite.span.first, found.cite.span.last] if found.cite.span else None,
        "quote": found.cite.quote.text if found.cite.quote else None,
        "role": str(found.cite.role),
        "checked": str(found.checked),
        "url": f"{site_address(seed_page(found.seed.id))}#{passage or '_cited'}",
    }


def _seed(wiki: CitedWiki, id_: str) -> dict[str, object]:
    seed = wiki.linked.seeds[id_]
    record = seed.record
    return {
        "id": seed.id,
        "title": (record.title.quote or record.title.gloss or record.short).text,
        "address": record.url.text if record.url else None,
        "url": site_address(seed_page(seed.id)),
        "published": record.published.when.date.text,
        "language": record.language.tag,
        "held": bool(record.held),
        "derived_from": [
            {"seed": origin.seed.id, "how": str(origin.how), "basis": str(origin.basis)}
            for origin in record.derived_from
        ],
        "passages": [
            {
                "id": passage.id,
                "kind": str(passage.kind),
                "gist": plain_text(passage.gist, wiki.linked.names),
                "words": seal.words if (seal := seed.seal_of(passage)) else None,
                "cited_by": [
                    f"{cited.statement.entity}#{cited.statement.anchor}"
                    for cited in wiki.resting_on.get((seed.id, passage.id), ())
                ],
            }
            for passage in seed.passages
        ],
    }
