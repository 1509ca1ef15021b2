"""The cited wiki as page texts and data files; nothing here looks at the disk but for the templates."""

from __future__ import annotations

import dataclasses
import functools
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode

import jinja2
from markupsafe import Markup

from build_tools.addresses import (
    DATA,
    FEED,
    LISTS,
    NAMES,
    NETWORK_DATA,
    ROBOTS,
    SOURCES,
    OutputFile,
    entity_page,
    kind_folder,
    links_page,
    page_file,
    redirects,
    seed_page,
    site_address,
    way,
)
from build_tools.amounts import amount
from build_tools.cite import Checked, CitedStatement, CitedWiki, watched
from build_tools.compiled_templates import CompiledTemplates
from build_tools.coverage import coverage
from build_tools.dates import in_words
from build_tools.gathered import Row
from build_tools.hubs import hubs
from build_tools.languages import language_name
from build_tools.link import StatementKind
from build_tools.memory import Memory
from build_tools.pages.annotated import Annotated, SeedView
from build_tools.pages.atlas import Atlas
from build_tools.pages.drawings import Drawings
from build_tools.pages.export import wiki_json
from build_tools.pages.feed import feed_xml
from build_tools.pages.inline import Inline
from build_tools.pages.redirect import redirect_page
from build_tools.pages.search_entries import FACETS, Entry, names_data, search_entries
from build_tools.pages.spread import Sheet
from build_tools.pages.views import EntityView, News, Views, seed_title
from build_tools.pages.ways import Ways, series
from build_tools.prose import encode
from build_tools.records import Entity

if TYPE_CHECKING:
    from build_tools.pages.cards import Card
    from build_tools.pages.changes import ChangedClaim

SHOWN_NEWS, SHOWN_QUESTIONS = 5, 3
_LEAST = 40  # pages that are worth a process
MISTAKE_FORM = "mistake.yml"  # of .github/ISSUE_TEMPLATE
# What readers call the kinds of statements.
KIND_WORDS = MappingProxyType(
    {
        StatementKind.SUMMARY: "summary",
        StatementKind.NAME: "name",
        StatementKind.FACT: "key fact",
        StatementKind.CLAIM: "claim",
        StatementKind.QUOTE: "quotation",
        StatementKind.RELATION: "relation",
    }
)


def render(
    wiki: CitedWiki,
    atlas: Atlas | None = None,
    *,
    changes: tuple[ChangedClaim, ...] = (),
    site_url: str = "",
    cards: Mapping[str, Card] = MappingProxyType({}),
    preview: bool = False,
    memory: Memory | None = None,
) -> tuple[OutputFile, ...]:
    """Every file of the pages' folder, sorted by path, of a wiki whose pages do not clash.

    The atlas is for the map, which needs it if the settings ask for one. The pages of a `preview` show the
    words of sources that are only attached, too. A page that `memory` has is not laid out again, if all that
    it looked up is as it was.
    """
    memory = memory or Memory(once=True)
    news = Views(wiki).news(changes)
    laid_out = _Renderer(wiki, atlas, news, cards, memory, preview=preview).pages()
    files = {page.path: page for page in laid_out}
    pages: dict[str, bytes] = {DATA: wiki_json(wiki, memory)}
    drawings = Drawings(watched(wiki, memory), atlas, memory)
    given = (wiki.linked.settings,)
    pages[NETWORK_DATA] = memory.recall("network data", given, lambda: drawings.network_data.encode())
    pages[NAMES] = _names_json(wiki, memory)
    pages[FEED] = feed_xml(wiki, news, site_url).encode()
    if site_url:
        pages[ROBOTS] = f"User-agent: *\nAllow: /\nSitemap: {site_url.rstrip('/')}/sitemap.xml\n".encode()
    for path, target in redirects(wiki.linked).items():
        pages[path] = redirect_page(wiki, path, target, site_url).encode()
    pages |= {doc.path.removeprefix("docs/"): doc.data for doc in wiki.linked.docs}
    files |= {path: OutputFile(path, data) for path, data in pages.items()}
    return tuple(file for _, file in sorted(files.items()))


def _names_json(wiki: CitedWiki, memory: Memory) -> bytes:
    """Each entity and seed on a line: its address, its name, its other names."""
    return b'{"names": [\n%b\n]}\n' % b",\n".join(names_data(wiki, memory))


def _finalize(value: object) -> object:
    """Encodes whatever a template puts out, unless it is Markdown already."""
    return value if isinstance(value, Markup) else Markup(encode(str(value)))


@functools.cache
def _environment() -> jinja2.Environment:
    """The templates' environment; reading the templates takes longer than the rest of a small wiki."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("build_tools.pages"),
        bytecode_cache=CompiledTemplates(),
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
        count=amount,
        share=_share,
        runs=_runs,
        language_name=language_name,
        kind_words=KIND_WORDS,
        anchor=lambda cited: Markup(cited.statement.anchor),
        permalink=_permalink,
        series=series,
    )
    environment.filters["anchor"] = Markup  # ids and addresses the compiler made: nothing to encode
    environment.filters["verbatim"] = _verbatim
    environment.filters["address"] = Markup  # `Url` has let no character through that ends a link
    return environment


def _share(part: int, whole: int) -> str:
    """A share in per cent, to one place."""
    return f"{part * 1000 // whole / 10:g} %" if whole else "–"


def _runs(runs: Iterable[tuple[int, int]]) -> str:
    """Runs of words: `3–9, 12`."""
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)


def _verbatim(text: str) -> Markup:
    """A stretch of a source's text, for HTML that is not read as Markdown: every blank stays as it is."""
    return Markup(html.escape(html.unescape(text)))


def _permalink(cited: CitedStatement) -> Markup:
    """A link to the statement's own address; its former addresses lead there too."""
    title = f"Permanent address of this {cited.statement.kind}"
    former = "".join(
        f'<span id="{anchor.id}" class="former"></span>'
        for anchor in getattr(cited.statement.record, "formerly", ())
    )
    return Markup(f'{former}[#](#{cited.statement.anchor} "{title}"){{: .permalink }}')


class _List(NamedTuple):
    """A page that shows nothing but what it is given, and what it looks up in the wiki: the sheet of a list,
    or what is said of all of the wiki."""

    template: str
    title: str
    description: str
    view: Mapping[str, object]
    listed: str = ""
    sheet: Sheet[Row] | None = None


class _Renderer:
    """Lays views out as Markdown with the templates."""

    def __init__(
        self,
        wiki: CitedWiki,
        atlas: Atlas | None,
        news: tuple[News, ...],
        cards: Mapping[str, Card],
        memory: Memory,
        *,
        preview: bool,
    ) -> None:
        self.uses = coverage(wiki, memory)
        self.entries = memory.watch("entries", search_entries(wiki, memory))
        self.titles = memory.watch("titles", Views(wiki).titles(memory))
        self.raw = wiki
        self.wiki = watched(wiki, memory)
        self.linked = self.wiki.linked
        self.drawings = Drawings(self.wiki, atlas, memory)
        self.annotated = Annotated(self.wiki, self.uses, memory, preview=preview)
        self.views = Views(self.wiki)
        self.ways = Ways(wiki, memory)
        self.news = news[:SHOWN_NEWS]
        self.cards = memory.watch("cards", cards)
        self.memory = memory
        self.environment = _environment()
        # What every page depends on.
        self.always = (wiki.linked.settings, wiki.linked.waivers, preview)

    def pages(self) -> Iterator[OutputFile]:
        """Every compiled page."""
        settings, ways = self.linked.settings, self.ways
        numbers = self.views.numbers()
        number, questions = ways.open_questions(SHOWN_QUESTIONS)
        home: dict[str, Any] = {
            "sample": ways.sample(),
            "numbers": numbers,
            "news": self.news,
            "open_questions": questions,
            "all_questions": number,
            "tallies": {kind.key.id: ways.tally_of(kind) for kind in settings.kinds},
            "examples": {kind.key.id: ways.examples(kind) for kind in settings.kinds},
            "atlas": self.drawings.atlas,  # which the map is drawn from
        }
        lists = {"index.md": _List("home.md.j2", settings.name.text, settings.tagline.text, home)}
        for kind in settings.kinds:
            for part in ways.members(kind):
                about = Inline(self.linked, part.path).plain(kind.description)
                title = kind.plural.text if part.is_first else f"{kind.plural}: {part.label}"
                lists[part.path] = _List("kind.md.j2", title, about, {"kind": kind}, "members", part)
        lists["seeds/index.md"] = _List("seeds.md.j2", *SOURCES, {"numbers": numbers})
        for name, title, description in LISTS:
            for sheet in ways.sheets(name):
                head = title if sheet.is_first else f"{title}: {sheet.label}"
                given = {"numbers": numbers, "seed_uses": self.uses} if name == "coverage" else {}
                lists[sheet.path] = _List(f"{name}.md.j2", head, description, given, name, sheet)
        recall = functools.partial(self.memory.recall_each, always=self.always, least=_LEAST)
        ids, seeds = (dict.fromkeys(table) for table in (self.linked.entities, self.linked.seeds))
        yield from recall("page", lists, lambda path: self.list_page(path, lists[path])).values()
        yield from recall("source", seeds, self.seed).values()
        yield from recall("pages", ids, self.entity).values()
        yield from self.further_links()

    def entity(self, id_: str) -> OutputFile:
        """The page of an entity."""
        view = self.views.entity(self.linked.entities[id_])
        path = entity_page(self.linked, id_)
        fields = _fields(view) | {"identifiers": tuple(self.identifiers(view.entity))}
        return self.laid_out(path, "entity.md.j2", view.entity.name.text, view.description, fields)

    def further_links(self) -> Iterator[OutputFile]:
        """The pages of what links to entities and has no room on their own."""
        names = self.raw.linked.names
        given = {
            (id_, number): (rows, len(found.further) + 1, names[id_])
            for id_, found in hubs(self.raw.linked).items()
            for number, rows in enumerate(found.further, 2)
        }

        def links(key: tuple[str, int]) -> OutputFile:
            (id_, number), (rows, last, name) = key, given[key]
            pages = [self.links_page(id_, each) for each in range(1, last + 1)]
            title = f"What links to {name}, page {number} of {last}"
            about = f"Further sentences of this wiki that name {name}."
            fields = {"name": name, "statements": self.views.linking(rows), "pages": pages, "number": number}
            return self.laid_out(pages[number - 1], "links.md.j2", title, about, fields)

        recall = self.memory.recall_each("links", given, links, always=self.always, least=_LEAST)
        yield from recall.values()

    def seed(self, id_: str) -> OutputFile:
        """The page of a source."""
        view = self.annotated.seed(self.linked.seeds[id_])
        record = view.record
        title = seed_title(record)
        about = f"{record.short}: the record of the source and what rests on each of its passages."
        return self.laid_out(seed_page(view.seed.id), "seed.md.j2", title, about, _fields(view))

    def list_page(self, path: str, page: _List) -> OutputFile:
        """The page of a list, whose rows are opened for it."""
        opened = {} if page.sheet is None else {"sheet": self.ways.opened(page.listed, page.sheet)}
        return self.laid_out(path, page.template, page.title, page.description, {**page.view, **opened})

    def laid_out(
        self, path: str, template: str, title: str, description: str, view: Mapping[str, object]
    ) -> OutputFile:
        """A page: front matter, then the template's Markdown."""
        inline = Inline(self.linked, path)
        body = self.environment.get_template(template).render(
            i=inline,
            wiki=self.wiki,
            linked=self.linked,
            settings=self.linked.settings,
            title=title,
            edit=self.edit_link,
            mistake=lambda anchor: self.mistake_link(f"{site_address(path)}#{anchor}"),
            entity_page=self.entity_page,
            links_page=self.links_page,
            kind_folder=self.kind_folder,
            seed_page=seed_page,
            ways=self.ways,
            lists=LISTS,
            origins_of=self.views.origins_of,
            chain_of=self.views.chain,
            drawings=self.drawings,
            way=lambda target, anchor="": Markup(way(path, target, anchor)),
            **view,
        )
        body = re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", body)).strip("\n")
        entry = self.entries.get(site_address(path))
        front_matter = _front_matter(self.titles.get(path, title), description, entry, self.cards.get(path))
        if template == "network.md.j2":
            front_matter += "hide: [toc]\n"  # the network takes all the width
        return page_file(path, f"---\n{front_matter}---\n\n{body}\n")

    def entity_page(self, id_: str) -> str:
        return entity_page(self.linked, id_)

    def links_page(self, id_: str, number: int) -> str:
        return links_page(self.linked, id_, number)

    def kind_folder(self, kind: str) -> str:
        return kind_folder(self.linked, kind)

    def edit_link(self, path: str, label: str) -> Markup:
        """A link that opens the source file for editing."""
        settings = self.linked.settings
        address = f"{settings.repository.text.rstrip('/')}/edit/{quote(settings.branch.text)}/{quote(path)}"
        return Markup(f"[{encode(label)}]({address}){{: .edit }}")

    def mistake_link(self, place: str) -> Markup:
        """A link that opens the form for mistakes, the address on this site filled in."""
        form = f"{self.linked.settings.repository.text.rstrip('/')}/issues/new"
        query = urlencode({"template": MISTAKE_FORM, "title": f"Mistake: {place}", "address": place})
        return Markup(f"[Report a mistake]({form}?{query}){{: .report }}")

    def identifiers(self, entity: Entity) -> Iterator[tuple[str, Markup]]:
        types = {type_.key.id: type_ for type_ in self.linked.settings.identifiers}
        for identifier in entity.identifiers:
            type_, value = types[identifier.key.id], identifier.value.text
            if type_.url is None:
                yield type_.label.text, Markup(encode(value))
            else:
                address = type_.url.text.replace("{}", quote(value, safe=""))
                yield type_.label.text, Markup(f"[{encode(value)}]({address})")


def _fields(view: EntityView | SeedView) -> dict[str, object]:
    """The fields of a view, which a template knows by their names."""
    return {field.name: getattr(view, field.name) for field in dataclasses.fields(view)}


def _front_matter(title: str, description: str, entry: Entry | None, card: Card | None) -> str:
    """YAML that holds exactly these texts, safe in an HTML template that does not escape.

    `search` is what the page is found by; false where the page only repeats what others say.
    """
    search: dict[str, list[str]] | bool = False
    if entry is not None:
        search = {"kind": [html.escape(entry.kind)]}
        search |= {facet: [html.escape(value) for value in entry.values(facet)] for facet in FACETS}
        search["names"] = [html.escape(name) for name in entry.names]
    texts = {"title": html.escape(title), "description": html.escape(" ".join(description.split())[:300])}
    values: dict[str, object] = {**texts, "search": search}
    if card is not None:
        values |= {"card": card.path, "card_alt": html.escape(f"{card.title}. {card.line}")}
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
