"""What a reader can narrow a search by, page by page and down to each claim, quotation and passage.

Pagefind filters pages; a page holds claims of many topics, years and sources. So each page has the values
of all that stands on it, for Pagefind, and each anchor has its own, which the search in the browser holds
against the same choice.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from build_tools.addresses import seed_page, site_address
from build_tools.cite import CheckedCite, CitedStatement, CitedWiki, watched
from build_tools.ghost import Ghost
from build_tools.link import StatementKind
from build_tools.memory import Memory
from build_tools.pages.inline import CHECK_WORDS
from build_tools.records import Claim, Quote
from build_tools.shelves import Task
from build_tools.values import When

FACETS = ("topic", "source", "speaker", "year")  # of pages and of what stands on them; pages have a kind too
SOURCE = "Source"  # the kind of a seed's page
SHOWN_CITES = 2  # of a claim, in a list of results
_LEAST, _LEAST_SEEDS = 100, 8  # pages of entities, and of seeds, that are worth a process
_SENTENCES = frozenset({StatementKind.SUMMARY, StatementKind.CLAIM, StatementKind.QUOTE})
_LONGEST = 100  # years: a longer time is known by its ends
# Letters that are no base letter with a mark: what readers without them type.
_PLAIN = str.maketrans(
    {"ı": "i", "ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What belongs to an anchor: its values by facet, and its first cites as label and address.

    It ends after so many `words`, where the next anchor does not end it.
    """

    facets: Mapping[str, tuple[str, ...]]
    cites: tuple[tuple[str, str], ...]
    words: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Ghost):
    """A page as the search knows it: its kind in words, its other names, and its anchors."""

    kind: str
    names: tuple[str, ...]
    marks: Mapping[str, Mark]

    def values(self, facet: str) -> tuple[str, ...]:
        """All that stands on the page, of one facet."""
        return _sorted(value for mark in self.marks.values() for value in mark.facets[facet])


def search_entries(wiki: CitedWiki, memory: Memory | None = None) -> dict[str, Entry]:
    """The entries of the wiki by the addresses of their pages: one of each entity and each seed."""
    memory = memory or Memory(once=True)
    seen, linked = watched(wiki, memory), wiki.linked
    settings = (linked.settings,)
    ids, seeds = (dict.fromkeys(table) for table in (linked.entities, linked.seeds))
    of_entity = Task(name="entry", given=ids, make=lambda id_: _entity(seen, id_), always=settings)
    of_seed = Task(name="seed entry", given=seeds, make=lambda id_: _seed(seen, id_), always=settings)
    memory.ahead(of_entity, least=_LEAST)
    memory.ahead(of_seed, least=_LEAST_SEEDS)
    entries: dict[str, Entry] = memory.recall_task(of_entity)
    of_seeds: dict[str, Entry] = memory.recall_task(of_seed)
    folders = {kind.key.id: kind.folder.id for kind in linked.settings.kinds}
    found = {f"{folders[linked.kinds[id_]]}/{id_}/": entry for id_, entry in entries.items()}
    return found | {site_address(seed_page(id_)): entry for id_, entry in of_seeds.items()}


def _entity(wiki: CitedWiki, id_: str) -> Entry:
    entity = wiki.linked.entities[id_]
    kind = next(kind for kind in wiki.linked.settings.kinds if kind.key.id == entity.kind)
    marks = {
        cited.statement.anchor: _mark(wiki, cited)
        for cited in wiki.statements[entity.id]
        if cited.statement.kind in _SENTENCES
    }
    names = tuple(alias.name.text for alias in entity.also)
    plain = (plain_letters(name) for name in (entity.name.text, *names))
    written = {unicodedata.normalize("NFC", name).lower() for name in (entity.name.text, *names)}
    further = tuple(name for name in dict.fromkeys(plain) if name not in written)
    return Entry(kind=kind.singular.text, names=names + further, marks=MappingProxyType(marks))


def _seed(wiki: CitedWiki, id_: str) -> Entry:
    """A passage has the topics and years of what rests on it."""
    seed = wiki.linked.seeds[id_]
    short = seed.record.short.text
    marks: dict[str, Mark] = {}
    for passage in seed.passages:
        resting = [_facets(wiki, cited) for cited in wiki.resting_on.get((seed.id, passage.id), ())]
        facets = {
            "topic": _sorted(value for each in resting for value in each["topic"]),
            "source": (short,),
            "speaker": tuple(wiki.linked.names[ref.id] for ref in passage.speakers),
            "year": _sorted(value for each in resting for value in each["year"]),
        }
        cite = (f"{short} \u00b6{passage.id[1:]}", f"{site_address(seed_page(seed.id))}#{passage.id}")
        marks[passage.id] = Mark(facets=MappingProxyType(facets), cites=(cite,))
    return Entry(kind=SOURCE, names=(), marks=MappingProxyType(marks))


def plain_letters(text: str) -> str:
    """The text in small letters as a keyboard without its marks writes it: `ılık` is `ilik`."""
    bare = unicodedata.normalize("NFD", text.lower())
    return "".join(c for c in bare if not unicodedata.combining(c)).translate(_PLAIN)


def names_data(wiki: CitedWiki, memory: Memory) -> Iterator[bytes]:
    """Of each entity and seed, as JSON, its address, its name and its other names."""
    settings, seeds = wiki.linked.settings, wiki.linked.seed_outlines
    folders = {kind.key.id: kind.folder.id for kind in settings.kinds}

    def of_entity(id_: str) -> bytes:
        each = wiki.linked.outlines[id_]
        return _line([f"{folders[each.kind]}/{id_}/", each.name, *each.aliases])

    yield from memory.recall_each("names", wiki.linked.outlines, of_entity, always=(settings,)).values()
    for seed in seeds.values():
        yield _line([site_address(seed_page(seed.id)), seed.short])


def _line(texts: list[str]) -> bytes:
    return json.dumps(texts, ensure_ascii=False).encode()


def _mark(wiki: CitedWiki, cited: CitedStatement) -> Mark:
    cites = tuple(_cite(found) for found in cited.cites[:SHOWN_CITES])
    is_summary = cited.statement.kind is StatementKind.SUMMARY  # no anchor needs to follow it
    words = len(cited.statement.plain.split()) if is_summary else None
    return Mark(facets=MappingProxyType(_facets(wiki, cited)), cites=cites, words=words)


def _facets(wiki: CitedWiki, cited: CitedStatement) -> dict[str, tuple[str, ...]]:
    record, names = cited.statement.record, wiki.linked.names
    topics = {topic.key.id: topic.label.text for topic in wiki.linked.settings.topics}
    speakers: list[str] = []
    if isinstance(record, Quote):
        speakers = [names[cited.statement.entity]]
    elif isinstance(record, Claim) and record.said_by is not None:
        speakers = [names[record.said_by.id]]
    return {
        "topic": tuple(topics[ref.id] for ref in getattr(record, "topics", ())),
        "source": tuple(dict.fromkeys(found.seed.record.short.text for found in cited.cites)),
        "speaker": tuple(speakers),
        "year": tuple(_years(getattr(record, "when", None))),
    }


def _years(when: When | None) -> Iterator[str]:
    """The years that a date covers; of a very long time, or one with an open end, the ends that it has."""
    if when is None:
        return
    first, last = when.date.years
    whole = first > 0 and last < 9999 and last - first < _LONGEST
    for year in range(first, last + 1) if whole else (first, last):
        if 0 < year < 9999:
            yield str(year)


def _cite(found: CheckedCite) -> tuple[str, str]:
    short, passage = found.seed.record.short, found.passage
    where = f" \u00b6{passage.id[1:]}" if passage else ""
    label = f"{short}{where} \u00b7 {CHECK_WORDS[found.checked]}"
    return label, f"{site_address(seed_page(found.seed.id))}#{passage.id if passage else '_cited'}"


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))
