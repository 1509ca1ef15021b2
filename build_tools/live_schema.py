"""JSON Schemas of this wiki's own ids: an editor offers entities by name, and in `cites` passages by gist.

They say what `build_tools.schema` says, and which ids there are besides. What an editor offers is of one
machine and of one moment, so it is no part of the repository: it stands in `.schema/`, and the first line
of each record file names the schema there that is its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from build_tools.prose import plain_text
from build_tools.records import (
    Cite,
    Claim,
    Entity,
    Fact,
    FactType,
    Kind,
    LinkExceptions,
    MapSettings,
    Origin,
    Passage,
    Passages,
    Quote,
    Relation,
    RelationType,
    SeedRecord,
    Waiver,
    Waivers,
    WikiSettings,
)
from build_tools.schema import SHORT, Instead, Schema, record_schema, schema_text
from build_tools.validate import Records, Seed
from build_tools.values import PASSAGE, WORD_SPAN, PassageKind

LIVE = ".schema"  # git-ignored
_TERMS = "terms.schema.json"  # what the others refer to
_MOST = 160  # characters that tell what is offered: editors show it beside the list


def modeline(path: str, kinds: Mapping[str, str]) -> str:
    """The first line of a record file, which tells an editor its schema; empty where the file has none.

    `kinds` gives the kinds of entities by their folders.
    """
    up = "../" * path.count("/")
    match path.split("/"):
        case ["entities", folder, _] if folder in kinds:
            name = entity_schema_name(kinds[folder])
        case ["seeds", _, "seed.yml" | "passages.yml" as file] | [
            ("wiki.yml" | "waivers.yml" | "links.yml") as file
        ]:
            name = f"{file.removesuffix('.yml')}.schema.json"
        case _:
            return ""
    return f"# yaml-language-server: $schema={up}{LIVE}/{name}"


def entity_schema_name(kind: str) -> str:
    """The file of the schema of a kind's entities: no id has a dot, so that it is no other's."""
    return f"entity.{kind}.schema.json"


def live_schema_texts(records: Records) -> dict[str, str]:
    """The schemas by file name, as JSON text: of each kind of entity, and of the other records.

    Of records that are broken in part, they have what is sound.
    """
    settings = records.settings
    made = {
        "seed": record_schema(
            SeedRecord, {(SeedRecord, "publisher"): _term("entities"), (Origin, "seed"): _term("seeds")}
        ),
        "passages": record_schema(Passages, {(Passage, "speakers"): _term("entities")}),
        "waivers": record_schema(Waivers, {(Waiver, "path"): _term("files")}),
        "links": record_schema(LinkExceptions, {}),
        "wiki": record_schema(WikiSettings, _in_settings()),
    }
    texts = {_TERMS: schema_text(_terms(records))}
    texts |= {f"{name}.schema.json": schema_text(schema) for name, schema in made.items()}
    for kind in settings.kinds:
        schema = record_schema(Entity, _in_entity(settings, kind))
        schema["title"] = kind.singular.text or kind.key.id
        schema["description"] = plain_text(kind.description, {})
        texts[entity_schema_name(kind.key.id)] = schema_text(schema)
    return texts


def _term(name: str) -> Schema:
    return {"$ref": f"{_TERMS}#/$defs/{name}"}


def _in_settings() -> Instead:
    kind = _term("kinds")
    return {
        (FactType, "kinds"): kind,
        (RelationType, "subjects"): kind,
        (RelationType, "objects"): kind,
        (MapSettings, "identifier"): _term("identifiers"),
    }


def _in_entity(settings: WikiSettings, kind: Kind) -> Instead:
    """What stands in the record of an entity of the kind."""
    entity, topic = _term("entities"), _term("topics")
    facts = [fact for fact in settings.facts if kind.key.id in {ref.id for ref in fact.kinds}]
    types = [type_ for type_ in settings.relations if kind.key.id in {ref.id for ref in type_.subjects}]
    return {
        (Claim, "said_by"): entity,
        (Claim, "said_to"): entity,
        (Claim, "via"): entity,
        (Quote, "said_to"): entity,
        (Quote, "via"): entity,
        (Quote, "about"): entity,
        (Claim, "topics"): topic,
        (Quote, "topics"): topic,
        (Cite, "seed"): _term("seeds"),
        (Cite, SHORT): {"anyOf": [_term("passages"), _term("spans")]},
        (Entity, "identifiers"): {
            "type": "object",
            "additionalProperties": False,
            "properties": {type_.key.id: _identifier(type_.label.text, type_.pattern.text)
                           for type_ in settings.identifiers},
            "description": "Its ids in other databases.",
        },
        (Fact, "fact"): _choice(
            ((fact.key.id, fact.label.text, ()) for fact in facts),
            otherwise=f"{kind.plural} have no facts of this name; wiki.yml defines them",
        ),
        (Relation, "type"): _choice(
            ((type_.key.id, _relation(type_), ()) for type_ in types),
            otherwise=f"no relation of this name leads from {kind.plural}; wiki.yml defines them",
        ),
        (Relation, ""): {"allOf": [_leading(type_) for type_ in types]} if types else {},
    }  # fmt: skip


def _relation(type_: RelationType) -> str:
    return f"{type_.label}: leads to {', '.join(ref.id for ref in type_.objects)}"


def _leading(type_: RelationType) -> Schema:
    """The entities that a relation of the type may lead to, by their kinds."""
    kinds = [_term(f"entities-{ref.id}") for ref in type_.objects if ref.id]
    return {
        "if": {"properties": {"type": {"const": type_.key.id}}, "required": ["type"]},
        "then": {"properties": {"to": {"anyOf": kinds} if kinds else {}}},
    }


def _identifier(label: str, pattern: str) -> Schema:
    schema: Schema = {"type": ["string", "number"], "description": f"Its id in {label}."}
    # Of what Python reads and an editor does not, such as `(?i)` or `\Z`, nothing is asked here.
    if pattern and not re.search(r"\(\?|\\[AZ]", pattern):
        schema |= {"pattern": f"^(?:{pattern})$", "patternErrorMessage": f"ids of {label} match {pattern}"}
    return schema


def _terms(records: Records) -> Schema:
    """What the wiki has, each with what to offer: entities by kind, passages, seeds, topics and so on."""
    settings = records.settings
    names: dict[str, str] = {entity.id: entity.name.text or entity.id for entity in records.entities}
    unknown = "new? then run `wiki schema --live`"
    terms: Schema = {}
    for kind in settings.kinds:
        members = [entity for entity in records.entities if entity.kind == kind.key.id]
        terms[f"entities-{kind.key.id}"] = _choice(
            (
                (entity.id, _entity(entity, kind, names), [entity.name.text, *map(str, _aliases(entity))])
                for entity in sorted(members, key=lambda entity: entity.id)
            ),
            otherwise=f"no {kind.singular} that is here has this id; {unknown}",
        )
    terms["entities"] = {"anyOf": [_own(f"entities-{kind.key.id}") for kind in settings.kinds]}
    terms["passages"] = _choice(
        (item for seed in records.seeds for item in _passages(seed, names)),
        otherwise=f"no passage that is here has this id; {unknown}",
    )
    spans = "|".join(_numbers(seed) for seed in records.seeds if _ids(seed))
    terms["spans"] = {
        "type": "string",
        "pattern": f"^(?:{spans or '(?!)'}):{WORD_SPAN.pattern}$",
        "patternErrorMessage": "a cite with words is <seed>#p<number>:14-22, of a passage that is here",
    }
    terms["seeds"] = _choice(
        ((seed.id, _title(seed), [seed.record.short.text]) for seed in records.seeds),
        otherwise=f"no seed that is here has this id; {unknown}",
    )
    terms["topics"] = _choice(
        (
            (
                topic.key.id,
                plain_text(topic.description, names) if topic.description else "",
                [topic.label.text],
            )
            for topic in settings.topics
        ),
        otherwise="wiki.yml defines no such topic",
    )
    terms["kinds"] = _choice(
        ((kind.key.id, plain_text(kind.description, names), [kind.singular.text]) for kind in settings.kinds),
        otherwise="there is no such kind above",
    )
    terms["identifiers"] = _choice(
        ((type_.key.id, type_.label.text, ()) for type_ in settings.identifiers),
        otherwise="there is no such identifier above",
    )
    files = [seed.record.at.path for seed in records.seeds] + [
        passage.at.path for seed in records.seeds for passage in seed.passages[:1]
    ]
    terms["files"] = _choice(
        [(entity.path, names[entity.id], ()) for entity in records.entities]
        + [(path, "", ()) for path in sorted(files)],
        otherwise="there is no such record",
    )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": terms}  # fmt: skip


def _own(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _aliases(entity: Entity) -> Iterable[object]:
    return (alias.name for alias in entity.also)


def _entity(entity: Entity, kind: Kind, names: Mapping[str, str]) -> str:
    about = f"{names[entity.id]} · {kind.singular}"
    return f"{about} · {plain_text(entity.summary.text, names)}" if entity.summary else about


def _passages(seed: Seed, names: Mapping[str, str]) -> Iterable[tuple[str, str, Iterable[str]]]:
    """What may be cited of a seed: its passages, or the seed itself where it is not held."""
    if not seed.record.held:
        yield seed.id, f"not held · {_title(seed)}", ()
    for id_ in _ids(seed):
        passage = seed.passage(id_)
        gist = plain_text(passage.gist, names) if passage else ""
        heading = passage is not None and passage.kind is PassageKind.HEADING
        yield f"{seed.id}#{id_}", f"{'a heading, no evidence · ' if heading else ''}{gist}", ()


def _ids(seed: Seed) -> tuple[str, ...]:
    """The seed's passages, by its seal too: what says of them can be broken."""
    sealed = [passage.id for passage in seed.seal.passages] if seed.seal else []
    written = [passage.id for passage in seed.passages if PASSAGE.fullmatch(passage.id)]
    return tuple(dict.fromkeys([*sealed, *written]))


def _numbers(seed: Seed) -> str:
    """A pattern of the seed's passages."""
    return rf"{seed.id}#p(?:{'|'.join(id_[1:] for id_ in _ids(seed))})"


def _title(seed: Seed) -> str:
    title = seed.record.title.quote or seed.record.title.gloss or seed.record.short
    return f"{title}, {seed.record.published.when.date.text}"


def _choice(offers: Iterable[tuple[str, str, Iterable[str]]], *, otherwise: str) -> Schema:
    """One of the values offered, each with what tells about it; `otherwise` is said of any other.

    The last of each are names, under which the value is offered too. A value that is broken is empty.
    """
    offered = list(offers)
    told = {value: _short(about) for value, about, _ in offered if value}
    named = {
        name: value for value, _, names in offered for name in names if value and name and name not in told
    }
    schema: Schema = {
        "type": "string",
        "enum": list(told),
        "enumDescriptions": list(told.values()),
        "errorMessage": otherwise,
    }
    if named:
        schema["defaultSnippets"] = [
            {"label": name, "description": told[value], "body": value}
            for name, value in sorted(named.items())
        ]
    return schema


def _short(text: str) -> str:
    return text if len(text) <= _MOST else f"{text[: _MOST - 1]}…"
