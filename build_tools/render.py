"""The cited wiki as page texts and data files; nothing here looks at the disk but for the templates."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from build_tools.cite import Checked, CitedStatement, CitedWiki, every_statement
from build_tools.dates import in_words
from build_tools.export import wiki_json
from build_tools.inline import Inline, entity_page, kind_folder, seed_page
from build_tools.link import Edge, StatementKind
from build_tools.problems import Code, Location, Problem
from build_tools.prose import encode
from build_tools.records import Claim, Entity, Question
from build_tools.validate import Seed
from build_tools.values import When

UNDATED = ("9999-99-99", "", "")  # after every date


@dataclass(frozen=True, slots=True)
class OutputFile:
    """A file to be written: its path below the pages' folder, and its bytes."""

    path: str
    data: bytes


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
class SeedUse:
    """How an entity's page uses a seed."""

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


def render(wiki: CitedWiki) -> tuple[tuple[OutputFile, ...], tuple[Problem, ...]]:
    """Every file of the pages' folder, sorted by path; a problem for each that has two sources."""
    pages = {path: text.encode() for path, text in _Renderer(wiki).pages()}
    pages["data/wiki.json"] = wiki_json(wiki).encode()
    problems: list[Problem] = []
    written = {_address(path): f"the compiler writes `{path}` itself" for path in pages}
    docs = {doc.path.removeprefix("docs/"): doc for doc in wiki.linked.docs}
    folders = {folder for path in (*pages, *docs) for folder in _folders(path.casefold())}
    for path, doc in docs.items():
        clash = written.get(_address(path))
        if clash is None and path.casefold() in folders:
            clash = f"`{path}` is a folder of the site"
        if clash is not None:
            problems.append(Problem(Location(doc.path), Code.PAGE_CLASH, clash, "name this file otherwise"))
        written.setdefault(_address(path), f"{doc.path} has the same address")
        pages[path] = doc.data
    files = tuple(OutputFile(path, data) for path, data in sorted(pages.items()))
    return files, tuple(problems)


def _address(path: str) -> str:
    """The file of the site that a page becomes: `a.md` and `a/index.md` become one; case does not part them."""
    path = path.casefold()
    if not path.endswith(".md"):
        return path
    page = re.sub(r"(?:^|(?<=/))(?:index|readme)$", "", path.removesuffix(".md"))
    return f"{page.removesuffix('/')}/index.html".removeprefix("/")


def _folders(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


def _finalize(value: object) -> object:
    """Encodes whatever a template puts out, unless it is Markdown already."""
    return value if isinstance(value, Markup) else Markup(encode(str(value)))


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("build_tools"),
        autoescape=True,
        finalize=_finalize,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.update(
        in_words=in_words,
        Checked=Checked,
        K=StatementKind,
        count=_count,
        anchor=lambda cited: Markup(cited.statement.anchor),
        permalink=_permalink,
    )
    environment.filters["anchor"] = Markup  # ids and addresses the compiler made: nothing to encode
    environment.filters["address"] = Markup  # `Url` has let no character through that ends a link
    return environment


def _count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 claim, 2 claims."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _permalink(cited: CitedStatement) -> Markup:
    title = f"Permanent address of this {cited.statement.kind}"
    return Markup(f'[#](#{cited.statement.anchor} "{title}"){{: .permalink }}')


class _Renderer:
    """Chooses what stands on which page, and in which order; the templates lay it out."""

    def __init__(self, wiki: CitedWiki) -> None:
        self.wiki = wiki
        self.linked = wiki.linked
        self.environment = _environment()
        self.numbers = self._numbers()
        self.by_anchor = {
            (id_, s.statement.anchor): s for id_, group in wiki.statements.items() for s in group
        }
        self.kinds = {kind.key.id: kind for kind in self.linked.settings.kinds}
        self.open_questions = tuple(
            OpenQuestion(entity=entity, question=question, answers=self.answers(entity, question))
            for entity in self.linked.entities.values()
            for question in entity.questions
        )

    def pages(self) -> Iterator[tuple[str, str]]:
        settings = self.linked.settings
        claims = every_statement(self.wiki, StatementKind.CLAIM)
        sample = next((claim for claim in claims if claim.statement.record.topics), None)  # type: ignore[union-attr]
        yield self.page("index.md", "home.md.j2", settings.name.text, settings.tagline.text, sample=sample)
        for kind in settings.kinds:
            members = tuple(e for e in self.linked.entities.values() if e.kind == kind.key.id)
            members = tuple(sorted(members, key=lambda entity: _sorting(entity.name.text)))
            path = f"{kind.folder.id}/index.md"
            about = self.inline(path).plain(kind.description)
            yield self.page(path, "kind.md.j2", kind.plural.text, about, kind=kind, members=members)
        for entity in self.linked.entities.values():
            yield self.entity(entity)
        for seed in self.linked.seeds.values():
            yield self.seed(seed)
        yield self.page("seeds/index.md", "seeds.md.j2", "Sources", "The sources of this wiki.")
        quotes = every_statement(self.wiki, StatementKind.QUOTE)
        speakers = sorted(
            {q.statement.entity for q in quotes}, key=lambda id_: _sorting(self.linked.names[id_])
        )
        by_speaker = tuple((id_, tuple(q for q in quotes if q.statement.entity == id_)) for id_ in speakers)
        yield self.page(
            "quotations.md",
            "quotations.md.j2",
            "Quotations",
            "Every quotation, by speaker.",
            speakers=by_speaker,
        )
        yield self.page(
            "timeline.md", "timeline.md.j2", "Timeline", "What happened when.", years=self.years()
        )
        yield self.page("questions.md", "questions.md.j2", "Open questions", "Where the sources differ.")

    def inline(self, path: str) -> Inline:
        return Inline(self.linked, path)

    def page(self, path: str, template: str, title: str, description: str, **view: object) -> tuple[str, str]:
        """A page's path and text: front matter, then the template's Markdown."""
        inline = self.inline(path)
        body = self.environment.get_template(template).render(
            i=inline,
            wiki=self.wiki,
            linked=self.linked,
            settings=self.linked.settings,
            numbers=self.numbers,
            open_questions=self.open_questions,
            title=title,
            edit=self.edit_link,
            entity_page=self.entity_page,
            kind_folder=self.kind_folder,
            seed_page=seed_page,
            origins_of=self.origins_of,
            **view,
        )
        body = re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", body)).strip("\n")
        return path, f"---\n{_front_matter(title, description)}---\n\n{body}\n"

    def entity_page(self, id_: str) -> str:
        return entity_page(self.linked, id_)

    def kind_folder(self, kind: str) -> str:
        return kind_folder(self.linked, kind)

    def edit_link(self, path: str, label: str) -> Markup:
        """A link that opens the source file for editing."""
        settings = self.linked.settings
        address = f"{settings.repository.text.rstrip('/')}/edit/{quote(settings.branch.text)}/{quote(path)}"
        return Markup(f"[{encode(label)}]({address}){{: .edit }}")

    # -------------------------------------------------------------------------------- entities

    def entity(self, entity: Entity) -> tuple[str, str]:
        path = entity_page(self.linked, entity.id)
        statements = self.wiki.statements[entity.id]
        summary = next((s for s in statements if s.statement.kind is StatementKind.SUMMARY), None)
        description = summary.statement.plain if summary else self._first_words(entity, statements)
        fact_labels = {fact.key.id: fact.label.text for fact in self.linked.settings.facts}
        aliases = {id(s.statement.record): s for s in statements if s.statement.kind is StatementKind.NAME}
        return self.page(
            path,
            "entity.md.j2",
            entity.name.text,
            description,
            entity=entity,
            kind=self.kinds[entity.kind],
            summary=summary,
            aliases=tuple((alias, aliases.get(id(alias))) for alias in entity.also),
            identifiers=tuple(self._identifiers(entity)),
            facts=tuple(
                (fact_labels[s.statement.record.fact.id], s)  # type: ignore[union-attr]
                for s in statements
                if s.statement.kind is StatementKind.FACT
            ),
            topics=self.topics(entity, statements),
            questions=tuple(q for q in self.open_questions if q.entity is entity),
            quotes=tuple(s for s in statements if s.statement.kind is StatementKind.QUOTE),
            relations=self.relations(entity),
            backlinks=self.backlinks(entity),
            published=tuple(self.linked.seeds[id_] for id_ in self.linked.published_by.get(entity.id, ())),
            uses=self.uses(statements),
        )

    def _first_words(self, entity: Entity, statements: Iterable[CitedStatement]) -> str:
        claim = next((s for s in statements if s.statement.kind is StatementKind.CLAIM), None)
        return claim.statement.plain if claim else f"{entity.name}: {self.kinds[entity.kind].singular}."

    def _identifiers(self, entity: Entity) -> Iterator[tuple[str, Markup]]:
        types = {type_.key.id: type_ for type_ in self.linked.settings.identifiers}
        for identifier in entity.identifiers:
            type_, value = types[identifier.key.id], identifier.value.text
            if type_.url is None:
                yield type_.label.text, Markup(encode(value))
            else:
                address = type_.url.text.replace("{}", quote(value, safe=""))
                yield type_.label.text, Markup(f"[{encode(value)}]({address})")

    def topics(self, entity: Entity, statements: Iterable[CitedStatement]) -> tuple[TopicGroup, ...]:
        """Claims under their first topic, topics as ordered in wiki.yml; answers to questions stand apart."""
        topics = [(topic.key.id, topic.label.text) for topic in self.linked.settings.topics]
        claims = [s for s in statements if isinstance(s.statement.record, Claim)]
        claims = [s for s in claims if s.statement.record.question is None]  # type: ignore[union-attr]
        groups = []
        for id_, label in [*topics, ("", "Other")]:
            found = [s for s in claims if _first_topic(s.statement.record) == id_]
            if found:
                anchor = f"_topic-{id_}" if id_ else "_other"
                groups.append(TopicGroup(anchor=anchor, label=label, claims=_in_time(found)))
        return tuple(groups)

    def answers(self, entity: Entity, question: Question) -> tuple[CitedStatement, ...]:
        return _in_time(
            s
            for s in self.wiki.statements[entity.id]
            if isinstance(s.statement.record, Claim)
            and s.statement.record.question is not None
            and s.statement.record.question.id == question.id.id
        )

    def relations(self, entity: Entity) -> tuple[RelationGroup, ...]:
        """Relations from both ends, in the order of wiki.yml, given before derived."""
        rows: dict[tuple[int, str], list[RelationRow]] = {}
        order = {type_.key.id: number for number, type_ in enumerate(self.linked.settings.relations)}
        for edge in self.linked.edges_from.get(entity.id, ()):
            key = (order[edge.type.key.id] * 2, edge.type.label.text)
            rows.setdefault(key, []).append(self._row(edge, edge.object, given=True))
        for edge in self.linked.edges_to.get(entity.id, ()):
            label = edge.type.inverse.text if edge.type.inverse else edge.type.label.text
            key = (order[edge.type.key.id] * 2 + (1 if edge.type.inverse else 0), label)
            rows.setdefault(key, []).append(self._row(edge, edge.subject, given=False))
        return tuple(
            RelationGroup(
                label=label, rows=tuple(sorted(group, key=lambda row: _sorting(self.linked.names[row.other])))
            )
            for (_, label), group in sorted(rows.items())
        )

    def _row(self, edge: Edge, other: str, *, given: bool) -> RelationRow:
        return RelationRow(other=other, cited=self.cited(edge.subject, edge.statement.anchor), given=given)

    def cited(self, entity_id: str, anchor: str) -> CitedStatement:
        return self.by_anchor[entity_id, anchor]

    def backlinks(self, entity: Entity) -> tuple[CitedStatement, ...]:
        return tuple(
            self.cited(statement.entity, statement.anchor)
            for statement in self.linked.linked_from.get(entity.id, ())
        )

    def origins_of(self, cited: CitedStatement) -> int:
        """At how many seeds the chains behind a statement's cites begin."""
        return len({origin for found in cited.cites for origin in self.wiki.origins(found.seed.id)})

    def uses(self, statements: Iterable[CitedStatement]) -> tuple[SeedUse, ...]:
        """The seeds that the statements cite, with the passages, most cited first."""
        cites: Counter[str] = Counter()
        passages: dict[str, set[str]] = {}
        for statement in statements:
            for found in statement.cites:
                cites[found.seed.id] += 1
                passages.setdefault(found.seed.id, set()).update([found.passage.id] if found.passage else [])
        return tuple(
            SeedUse(
                seed=self.linked.seeds[id_],
                passages=tuple(sorted(passages[id_], key=lambda passage: int(passage[1:]))),
                cites=number,
            )
            for id_, number in sorted(cites.items(), key=lambda item: (-item[1], item[0]))
        )

    # ----------------------------------------------------------------------------------- seeds

    def seed(self, seed: Seed) -> tuple[str, str]:
        record = seed.record
        title = (record.title.quote or record.title.gloss or record.short).text
        resting = tuple(
            (passage, self.wiki.resting_on.get((seed.id, passage.id), ())) for passage in seed.passages
        )
        return self.page(
            seed_page(seed.id),
            "seed.md.j2",
            title,
            f"{record.short}: the record of the source and what rests on each of its passages.",
            seed=seed,
            record=record,
            resting=resting,
            whole=self.wiki.resting_on.get((seed.id, None), ()),
            chain=tuple(self.chain(seed)),
            copies=tuple(
                other
                for other in self.linked.seeds.values()
                if any(origin.seed.id == seed.id for origin in other.record.derived_from)
            ),
            words=seed.seal.words if seed.seal else 0,
            quoted=self.wiki.words_quoted.get(seed.id, 0),
        )

    def chain(self, seed: Seed) -> Iterator[tuple[Seed, object]]:
        """The way from this seed to its origins: each seed with the step that leads from it."""
        for origin in seed.record.derived_from:
            yield seed, origin
            yield from self.chain(self.linked.seeds[origin.seed.id])

    # -------------------------------------------------------------------------------- all over

    def years(self) -> tuple[tuple[str, tuple[tuple[When, CitedStatement], ...]], ...]:
        """Every dated statement by the first year it can mean, in time order."""
        dated = [
            (when, s)
            for _, group in sorted(self.wiki.statements.items())
            for s in group
            if (when := getattr(s.statement.record, "when", None)) is not None
        ]
        dated.sort(key=lambda item: (item[0].date.sort_key, item[1].statement.entity))
        years: dict[str, list[tuple[When, CitedStatement]]] = {}
        for when, statement in dated:
            year = when.date.first[:4]
            years.setdefault("Earlier" if year == "0000" else year, []).append((when, statement))
        return tuple((year, tuple(group)) for year, group in years.items())

    def _numbers(self) -> Numbers:
        every = [s for group in self.wiki.statements.values() for s in group]
        kinds = Counter(s.statement.kind for s in every)
        cites = Counter(found.checked for s in every for found in s.cites)
        used = {found.seed.id for s in every for found in s.cites}
        return Numbers(
            entities=len(self.linked.entities),
            claims=kinds[StatementKind.CLAIM],
            quotes=kinds[StatementKind.QUOTE],
            relations=kinds[StatementKind.RELATION],
            cites=MappingProxyType({checked: cites[checked] for checked in Checked}),
            passages=sum(len(seed.passages) for seed in self.linked.seeds.values()),
            origins=len({origin for id_ in used for origin in self.wiki.origins(id_)}),
        )


def _first_topic(record: object) -> str:
    return record.topics[0].id if isinstance(record, Claim) and record.topics else ""


def _in_time(statements: Iterable[CitedStatement]) -> tuple[CitedStatement, ...]:
    """In time order; what has no date comes last, in the order of the file."""

    def key(cited: CitedStatement) -> tuple[str, str, str]:
        when = getattr(cited.statement.record, "when", None)
        return when.date.sort_key if when else UNDATED

    return tuple(sorted(statements, key=key))


def _sorting(name: str) -> tuple[str, str]:
    """Names sort by their letters without marks first, so that Ç stands with C."""
    bare = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return bare.casefold(), name


def _front_matter(title: str, description: str) -> str:
    """YAML that holds exactly these two texts, safe in an HTML template that does not escape."""
    return "".join(
        f"{key}: {json.dumps(html.escape(value), ensure_ascii=False)}\n"
        for key, value in (("title", title), ("description", " ".join(description.split())[:300]))
    )
