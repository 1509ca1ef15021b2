"""The ways into the wiki that are lists over all of it: by year, side by side, by figure, by letter."""

from __future__ import annotations

import enum
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from build_tools.cite import CitedStatement, CitedWiki, every_statement
from build_tools.figure_words import TIME
from build_tools.figures import Figure, days_in, figures, is_year, sole_figure
from build_tools.languages import decimal_comma, months
from build_tools.link import StatementKind
from build_tools.memory import Memory
from build_tools.pages.spread import Section, Sheet, spread
from build_tools.pages.views import OpenQuestion, Views, sorting
from build_tools.records import Alias, Claim, Entity, Fact, Kind, Quote, Relation
from build_tools.text import COMMON, SIGNS, words
from build_tools.values import Ref, When

T = TypeVar("T")

# So many items a page holds before the list goes on in pages of its own.
MOST_DATED = 400
MOST_FIGURES = 300
MOST_MEMBERS = 300
MOST_NAMES = 500
MOST_QUOTES = 200
MOST_QUESTIONS = 60
MOST_COMPARED = 60
LONGEST_STRIP = 40  # bars, before they stand for decades


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A statement with its date, and what it can be looked for by."""

    when: When
    cited: CitedStatement
    kind: str
    entities: tuple[str, ...]
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar of the strip of years: a year, or the years of a decade, and where they begin.

    `next_to_last` is true where no year or decade lies between it and the bar before.
    """

    label: str
    count: int
    path: str
    anchor: str
    years: tuple[str, ...]
    next_to_last: bool


class FigureKind(enum.Enum):
    """What a figure counts; the order is that of the page."""

    MONEY = ("money", "Money")
    SHARE = ("shares", "Per cent")
    FACTOR = ("factors", "Times as much")
    DURATION = ("durations", "Durations")
    MEASURE = ("measures", "Weights, lengths and other measures")
    COUNT = ("counts", "Counts")
    ORDER = ("order", "First, second, third")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedFigures:
    """The figures of one unit that a statement states, each in its words, from the least to the largest."""

    figures: tuple[Figure, ...]
    shown: tuple[str, ...]
    cited: CitedStatement


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The figures of a claim over time: date, words, and where its bar begins and how long it is, of 1000."""

    cited: CitedStatement
    points: tuple[tuple[str, str, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The claims of one entity under one topic: on its page, and on other pages that name it."""

    own: int
    elsewhere: int
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Entities of a kind by topics. Left out are those without a claim, and beyond the first so many."""

    kind: Kind
    topics: tuple[str, ...]
    rows: tuple[tuple[Entity, tuple[Cell | None, ...]], ...]
    empty_topics: tuple[str, ...]
    empty: tuple[Entity, ...]
    rest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A name of an entity: its main one if `alias` is None."""

    name: str
    entity: Entity
    alias: Alias | None


class Ways:
    """The lists of one wiki, each on as many pages as it takes."""

    def __init__(self, wiki: CitedWiki, views: Views, memory: Memory) -> None:
        self.wiki = wiki
        self.memory = memory
        self.linked = wiki.linked
        self.views = views

    def sheets(self, name: str) -> tuple[Sheet[object], ...]:
        """The pages of a list."""
        made: dict[str, Callable[[], tuple[Sheet[object], ...]]] = {
            "timeline": lambda: spread(name, self.years(), MOST_DATED),
            "figures": lambda: spread(name, self.figures(), MOST_FIGURES),
            "quotations": lambda: spread(name, self.speakers(), MOST_QUOTES),
            "questions": lambda: spread(name, self.questions(), MOST_QUESTIONS),
            "glossary": lambda: spread(name, self.terms(), MOST_NAMES, index=True),
        }
        return made[name]() if name in made else spread(name, (), 0)

    # ---- by year

    def years(self) -> Iterator[Section[object]]:
        """Every dated statement by the first year it can mean, in time order."""
        dated = [
            self._dated(when, s)
            for _, group in sorted(self.wiki.statements.items())
            for s in group
            if (when := getattr(s.statement.record, "when", None)) is not None
        ]
        dated.sort(key=lambda item: (item.when.date.sort_key, item.cited.statement.entity))
        for year, items in _grouped(dated, lambda item: item.when.date.first[:4]):
            known = year != "0000"
            yield Section(
                key=f"year-{year}" if known else "year-earlier",
                label=year.lstrip("0") if known else "Earlier",
                items=items,
            )

    def _dated(self, when: When, cited: CitedStatement) -> Dated:
        statement = cited.statement
        record = statement.record
        other = (record.to.id,) if isinstance(record, Relation) else ()
        return Dated(
            when=when,
            cited=cited,
            kind=self.linked.entities[statement.entity].kind,
            entities=tuple(dict.fromkeys((statement.entity, *statement.links, *other))),
            topics=tuple(topic.id for topic in getattr(record, "topics", ())),
        )

    def strip(self, sheet: Sheet[object]) -> tuple[Bar, ...]:
        """The bars of the timeline's strip: a year each, or a decade where the years are many."""
        by_year = len(sheet.contents) <= LONGEST_STRIP
        bars: list[Bar] = []
        before = ""
        for start, of in _grouped(sheet.contents, lambda place: place.label if by_year else place.label[:-1]):
            year = start.isdigit()
            bars.append(
                Bar(
                    label=of[0].label if by_year or not year else f"{start}0s",
                    count=sum(place.count for place in of),
                    path=of[0].path,
                    anchor=of[0].anchor,
                    years=tuple(f"_{place.key}" for place in of),
                    next_to_last=before.isdigit() and year and int(start) == int(before) + 1,
                )
            )
            before = start
        return tuple(bars)

    def looked_for_by(self, sheet: Sheet[Dated]) -> dict[str, tuple[tuple[str, str], ...]]:
        """What the statements of a page can be looked for by: ids and labels of entities, kinds, topics."""
        settings, items = self.linked.settings, sheet.items
        entities = {id_ for item in items for id_ in item.entities}
        kinds = {item.kind for item in items}
        topics = {id_ for item in items for id_ in item.topics}
        return {
            "entity": tuple((id_, self.linked.names[id_]) for id_ in sorted(entities, key=self._by_name)),
            "kind": tuple((k.key.id, k.plural.text) for k in settings.kinds if k.key.id in kinds),
            "topic": tuple((t.key.id, t.label.text) for t in settings.topics if t.key.id in topics),
        }

    # ---- side by side

    def comparisons(self) -> tuple[Comparison, ...]:
        """The kinds that wiki.yml wants compared, each with its entities by topic."""
        kinds = [kind for kind in self.linked.settings.kinds if kind.compare]
        elsewhere: dict[str, Counter[str]] = defaultdict(Counter)
        wanted = {kind.key.id for kind in kinds}
        for cited in every_statement(self.wiki, StatementKind.CLAIM) if kinds else ():
            for id_ in dict.fromkeys(cited.statement.links):
                if self.linked.entities[id_].kind in wanted:
                    elsewhere[id_][_column(cited)] += 1
        return tuple(self._comparison(kind, elsewhere) for kind in kinds)

    def _comparison(self, kind: Kind, elsewhere: dict[str, Counter[str]]) -> Comparison:
        columns = [(f"_topic-{topic.key.id}", topic.label.text) for topic in self.linked.settings.topics]
        columns += [("_other", "Other"), ("", "Where sources differ")]
        own: dict[str, Counter[str]] = {}
        asked: dict[str, str] = {}
        members = self.views.members(kind)
        for entity in members:
            claims = [s for s in self.wiki.statements[entity.id] if isinstance(s.statement.record, Claim)]
            own[entity.id] = Counter(_column(claim) for claim in claims)
            asked[entity.id] = next((question.id.id for question in entity.questions), "")
        told = [entity for entity in members if own[entity.id] or elsewhere[entity.id]]
        most = sorted(told, key=lambda e: (-own[e.id].total(), -elsewhere[e.id].total(), e.id))
        shown = {entity.id for entity in most[:MOST_COMPARED]}
        used = {key for id_ in shown for key in (*own[id_], *elsewhere[id_])}
        rows = tuple(
            (
                entity,
                tuple(
                    Cell(
                        own=own[entity.id][key],
                        elsewhere=elsewhere[entity.id][key],
                        anchor=key or asked[entity.id],
                    )
                    if own[entity.id][key] or elsewhere[entity.id][key]
                    else None
                    for key, _ in columns
                    if key in used
                ),
            )
            for entity in told
            if entity.id in shown
        )
        return Comparison(
            kind=kind,
            topics=tuple(label for key, label in columns if key in used),
            rows=rows,
            empty_topics=tuple(label for key, label in columns[:-2] if key not in used),
            empty=tuple(entity for entity in members if entity not in told),
            rest=len(told) - len(rows),
        )

    # ---- by figure

    def figures(self) -> Iterator[Section[object]]:
        """Every figure of claims, facts and quotations by what it counts, in order of unit and size."""
        found: dict[FigureKind, list[StatedFigures]] = defaultdict(list)
        for id_, group in sorted(self.wiki.statements.items()):
            for stated in self.memory.recall(("figures", id_), (group,), _all_stated, group):
                found[_figure_kind(stated.figures[0])].append(stated)
        for kind in FigureKind:
            if found[kind]:
                key, label = kind.value
                found[kind].sort(key=_by_size)
                yield Section(key=key, label=label, items=tuple(found[kind]))

    def series(self) -> tuple[Series, ...]:
        """The claims with figures to draw."""
        claims = every_statement(self.wiki, StatementKind.CLAIM)
        return tuple(drawn for cited in claims if (drawn := series(cited)) is not None)

    # ---- by speaker, by question, by letter

    def speakers(self) -> Iterator[Section[object]]:
        """Every quotation by the first letter of its speaker, then by speaker."""
        quotes = sorted(
            every_statement(self.wiki, StatementKind.QUOTE), key=lambda q: self._by_name(q.statement.entity)
        )
        return _by_letter(quotes, lambda quote: self.linked.names[quote.statement.entity])

    def by_speaker(self, sheet: Sheet[CitedStatement]) -> tuple[tuple[str, tuple[CitedStatement, ...]], ...]:
        """The quotations of a page by speaker."""
        return tuple(_grouped(sheet.items, lambda quote: quote.statement.entity))

    def role(self, id_: str) -> CitedStatement | None:
        """The first key fact of an entity: what a speaker is, where the wiki says so."""
        facts = (s for s in self.wiki.statements[id_] if s.statement.kind is StatementKind.FACT)
        return next(facts, None)

    def questions(self) -> Iterator[Section[object]]:
        """Every question by the first letter of the entity it is about."""
        asked = sorted(self.views.open_questions(), key=lambda q: sorting(q.entity.name.text))
        return _by_letter(asked, lambda question: question.entity.name.text)

    def question_page(self) -> Callable[[OpenQuestion], str]:
        """Finds the page on which a question stands."""
        pages = {
            (question.entity.id, question.question.id.id): sheet.path
            for sheet in self.sheets("questions")
            for question in sheet.items
            if isinstance(question, OpenQuestion)
        }
        return lambda question: pages[question.entity.id, question.question.id.id]

    def terms(self) -> Iterator[Section[object]]:
        """Every name by its first letter; those that do not begin with one come last."""
        terms = [
            Term(name=name.text, entity=entity, alias=alias)
            for entity in self.linked.entities.values()
            for name, alias in ((entity.name, None), *((alias.name, alias) for alias in entity.also))
        ]
        terms.sort(key=lambda term: (sorting(term.name), term.entity.id))
        return _by_letter(terms, lambda term: term.name)

    def kind(self, entity: Entity) -> Kind:
        """The kind of an entity."""
        return next(kind for kind in self.linked.settings.kinds if kind.key.id == entity.kind)

    def kind_names(self, refs: Iterable[Ref]) -> str:
        """Kinds by their names, in a sentence."""
        names = {kind.key.id: kind.singular.text for kind in self.linked.settings.kinds}
        return " or ".join(names[ref.id] for ref in refs)

    # ---- coverage and home

    def examples(self, kind: Kind) -> tuple[Entity, ...]:
        """Three entities of a kind: those of which most is said."""
        members = self.views.members(kind)
        return tuple(sorted(members, key=lambda e: (-len(self.wiki.statements[e.id]), e.id))[:3])

    def members(self, kind: Kind) -> tuple[Sheet[Entity], ...]:
        """The pages of the entities of a kind, by the first letters of their names where there are many."""
        sections = _by_letter(self.views.members(kind), lambda entity: entity.name.text)
        return spread(f"{kind.folder.id}/index", sections, MOST_MEMBERS, index=True)

    def _by_name(self, id_: str) -> tuple[str, str]:
        return sorting(self.linked.names[id_])


def series(cited: CitedStatement) -> Series | None:
    """The figures of a claim to draw, if it gives any: bars that begin at nought."""
    record = cited.statement.record
    given = record.series if isinstance(record, Claim) else ()
    points = [(point, figure) for point in given if (figure := sole_figure(point.value.text))]
    if not points:
        return None
    nought = Fraction(0)
    least = min([nought, *(figure.value for _, figure in points)])
    span = max([nought, *(figure.value for _, figure in points)]) - least or Fraction(1)
    return Series(
        cited=cited,
        points=tuple(
            (
                point.when.date.text,
                point.value.text,
                int((min(figure.value, nought) - least) * 1000 // span),
                max(int(abs(Fraction(figure.value)) * 1000 // span), 2),
            )
            for point, figure in points
        ),
    )


def _by_size(stated: StatedFigures) -> tuple[str, str, list[float]]:
    first = stated.figures[0]
    return first.unit, first.measure, [float(figure.value) for figure in stated.figures]


def _all_stated(group: Iterable[CitedStatement]) -> tuple[StatedFigures, ...]:
    """The figures of claims, facts and quotations."""
    return tuple(
        stated
        for cited in group
        if isinstance(cited.statement.record, Claim | Fact | Quote)
        for stated in _stated(cited)
    )


def _stated(cited: CitedStatement) -> Iterator[StatedFigures]:
    """The figures of a statement by unit and measure."""
    groups: dict[tuple[str, str], list[tuple[Figure, str]]] = defaultdict(list)
    for figure, shown in _counting(cited):
        groups[figure.unit, figure.measure].append((figure, shown))
    for group in groups.values():
        group.sort(key=lambda item: item[0].value)
        yield StatedFigures(
            figures=tuple(figure for figure, _ in group),
            shown=tuple(shown for _, shown in group),
            cited=cited,
        )


def _counting(cited: CitedStatement) -> Iterator[tuple[Figure, str]]:
    """The figures of a statement's text that are no dates, with the words that they are shown in."""
    record = cited.statement.record
    language = "en"
    if isinstance(record, Quote):
        language = (record.language or cited.cites[0].seed.record.language).tag
    own = words(cited.statement.plain)
    in_date = {i for i, word in enumerate(own) if word.folded in months(language) and word.folded != "may"}
    in_date.update(i for i, word in enumerate(own) if word.written == "May")  # which may be a verb too
    for figure in figures(
        ((i, word.written) for i, word in enumerate(own)), decimal_comma=decimal_comma(language)
    ):
        first, last = figure.first, figure.last
        beside = {first - 1, last + 1}
        if own[last + 1 : last + 2] and own[last + 1].folded == "of":
            beside.add(last + 2)  # the 5th of May
        day = figure.value <= 31 and figure.unit in ("", "th") and not figure.measure and beside & in_date
        if is_year(figure) or day or days_in(own[first].folded):
            continue
        end = last + 1
        if not figure.unit and not figure.measure and _counted(cited.statement.plain, own[last : end + 1]):
            end += 1
        begin = figure.reach[0] + bool(figure.side)
        shown = " ".join(word.written for word in own[begin : max(end, figure.reach[1] + 1)])
        yield figure, shown


def _counted(plain: str, pair: tuple[object, ...]) -> bool:
    """True if what is counted follows its number: a word in small letters, only a space between."""
    if len(pair) < 2:
        return False
    number, noun = (getattr(word, "written", "") for word in pair)
    return noun.isalpha() and noun.islower() and noun not in COMMON and f"{number} {noun}" in plain


def _figure_kind(figure: Figure) -> FigureKind:
    if figure.unit in ("%", "pp"):
        return FigureKind.SHARE
    if figure.unit == "times":
        return FigureKind.FACTOR
    if figure.measure in TIME:
        return FigureKind.DURATION
    if figure.measure:
        return FigureKind.MEASURE
    if figure.unit == "th":
        return FigureKind.ORDER
    if figure.unit and (figure.unit in SIGNS or figure.unit in ("yuan", "francs")):
        return FigureKind.MONEY
    return FigureKind.COUNT


def _column(cited: CitedStatement) -> str:
    """Where on its page a claim stands: the anchor of its first topic; nothing for answers to a question."""
    record = cited.statement.record
    if not isinstance(record, Claim) or record.question is not None:
        return ""
    return f"_topic-{record.topics[0].id}" if record.topics else "_other"


def _by_letter(items: Iterable[T], name: Callable[[T], str]) -> Iterator[Section[T]]:
    """Sorted items by the first letter of their names, marks apart; what begins with none stands last."""
    groups = dict(_grouped(items, lambda item: initial(name(item))))
    for letter in sorted(groups, key=lambda letter: (not letter, not letter.isascii(), letter)):
        key = letter.lower() if letter.isascii() and letter else "-".join(f"u{ord(c):x}" for c in letter)
        yield Section(key=key or "signs", label=letter or "Signs", items=groups[letter])


def initial(name: str) -> str:
    """The first letter of a name as a capital without marks; nothing if it begins with a sign or digit."""
    first = sorting(name)[0].upper()[:1]
    return first if first.isalpha() else ""


def _grouped(items: Iterable[T], key: Callable[[T], str]) -> Iterator[tuple[str, tuple[T, ...]]]:
    """Items by their keys, in the order in which the keys come first."""
    groups: dict[str, list[T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return ((label, tuple(group)) for label, group in groups.items())
