"""The ways into the wiki that are lists over all of it: by year, side by side, by figure, by letter."""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from build_tools.cite import CitedStatement, CitedWiki, watched
from build_tools.figures import sole_figure
from build_tools.gathered import Row, Rows
from build_tools.ghost import Group, Groups, member
from build_tools.memory import Memory
from build_tools.outline import Opened
from build_tools.pages.listed import Keyed, Listed, listed
from build_tools.pages.spread import Section, Sheet, spread
from build_tools.pages.stated import FigureKind, StatedFigures, all_stated
from build_tools.pages.views import OpenQuestion, in_time, sorting
from build_tools.records import Alias, Claim, Entity, Kind, Relation
from build_tools.shelves import Task
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


Opening = Callable[[Row], object]


_LEAST = 100  # pages that are worth a process


class Ways:
    """The lists of one wiki, each on as many pages as it takes.

    They are gathered as rows, which are opened for the pages that are laid out.
    """

    def __init__(self, wiki: CitedWiki, memory: Memory) -> None:
        self.memory = memory
        self.raw = wiki  # rows tell when what they name is another, so that nothing else needs to be noted
        self.wiki = watched(wiki, memory)
        self.linked = self.wiki.linked
        groups, rows = wiki.statements, wiki.rows
        entities = wiki.linked.entities
        figures = Task(name="figures", given=groups, make=lambda id_: Group(all_stated(groups[id_])))
        lists = Task(
            name="listed",
            given=lambda id_, stated: (entities[id_], rows[id_], stated),
            make=lambda id_, given: listed(given[0], given[1], given[2].members),
        )
        memory.ahead(figures, lists, least=_LEAST)
        self._stated = Groups(memory.recall_task(figures))
        given = {id_: (entities[id_], rows[id_], group) for id_, group in self._stated.unread.items()}
        self.rows: dict[str, Listed] = memory.recall_each(
            "listed", given, lambda id_: lists.make(id_, given[id_])
        )
        self._series = self._watched("series", lambda each: each.series, self._statements)
        self._roles = self._watched("roles", lambda each: each.role, self._statements)
        self._elsewhere = self._watched(
            "elsewhere", lambda each: each.elsewhere, lambda places: Counter(column for *_, column in places)
        )
        columns = {id_: (each.columns, each.asked) for id_, each in self.rows.items()}
        self._columns = memory.watch("columns", columns)
        members = memory.gather_many("members", self.rows, lambda each: each.member)
        self._members = memory.watch("members", members)

    def _sections(self, name: str, of: Callable[[Listed], Keyed]) -> Mapping[str, Sequence[Row]]:
        return self.memory.gather_many(name, self.rows, of)

    def _watched(
        self, name: str, of: Callable[[Listed], Keyed], open_: Callable[[Iterable[Row]], T]
    ) -> Mapping[str, T]:
        return self.memory.watch(name, Opened(self.memory.gather(name, self.rows, of), open_))

    def _statements(self, places: Iterable[Row]) -> tuple[CitedStatement, ...]:
        return tuple(self._statement(place) for place in places)

    def _figures_of(self, row: Row) -> StatedFigures:
        group = self._stated[row[-5]][row[-4]]
        return StatedFigures(figures=group.figures, shown=group.shown, cited=self._statement(row[-3:]))

    def _statement(self, place: Row) -> CitedStatement:
        return member(self.raw.statements, place[0], place[1])

    def sheets(self, name: str) -> tuple[Sheet[Row], ...]:
        """The pages of a list, as rows."""
        made: dict[str, Callable[[], tuple[Sheet[Row], ...]]] = {
            "timeline": lambda: spread(name, self._years(), MOST_DATED),
            "figures": lambda: spread(name, self._figures(), MOST_FIGURES),
            "quotations": lambda: spread(
                name, self._by_letter(name, lambda each: each.quotations), MOST_QUOTES
            ),
            "questions": lambda: spread(
                name, self._by_letter(name, lambda each: each.questions), MOST_QUESTIONS
            ),
            "glossary": lambda: spread(
                name, self._by_letter(name, lambda each: each.terms), MOST_NAMES, index=True
            ),
        }
        return made[name]() if name in made else spread(name, (), 0)

    def opened(self, name: str, sheet: Sheet[Row]) -> Sheet[object]:
        """A page of a list with what its rows stand for; the entities of a kind are the list `members`."""
        opening: dict[str, Opening] = {
            "timeline": self._dated,
            "figures": self._figures_of,
            "quotations": lambda row: self._statement(row[1:]),
            "questions": self._question,
            "glossary": self._term,
            "members": lambda row: self.raw.linked.entities[row[1]],
        }
        sections = tuple(
            Section(key=section.key, label=section.label, items=tuple(map(opening[name], section.items)))
            for section in sheet.sections
        )
        return Sheet(
            path=sheet.path,
            label=sheet.label,
            sections=sections,
            contents=sheet.contents,
            before=sheet.before,
            after=sheet.after,
        )

    # ---- by year

    def _years(self) -> Iterator[Section[Row]]:
        """Every dated statement by the first year it can mean, in time order."""
        for year, rows in sorted(self._sections("dated", lambda each: each.dated).items()):
            known = year != "0000"
            yield Section(
                key=f"year-{year}" if known else "year-earlier",
                label=year.lstrip("0") if known else "Earlier",
                items=rows,
            )

    def _dated(self, row: Row) -> Dated:
        cited = self._statement(row[1:])
        statement = cited.statement
        record = statement.record
        other = (record.to.id,) if isinstance(record, Relation) else ()
        when = getattr(record, "when", None)
        assert isinstance(when, When)
        return Dated(
            when=when,
            cited=cited,
            kind=self.linked.kinds[statement.entity],
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
        return tuple(self._comparison(kind) for kind in self.linked.settings.kinds if kind.compare)

    def _comparison(self, kind: Kind) -> Comparison:
        columns = [(f"_topic-{topic.key.id}", topic.label.text) for topic in self.linked.settings.topics]
        columns += [("_other", "Other"), ("", "Where sources differ")]
        letters = self._letters(kind).values()
        members = [self.raw.linked.entities[row[1]] for row in heapq.merge(*letters)]
        own = {entity.id: Counter(dict(self._columns[entity.id][0])) for entity in members}
        asked = {entity.id: self._columns[entity.id][1] for entity in members}
        nowhere: Counter[str] = Counter()
        elsewhere = {entity.id: self._elsewhere.get(entity.id, nowhere) for entity in members}
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

    def _figures(self) -> Iterator[Section[Row]]:
        """Every figure of claims, facts and quotations by what it counts, in order of unit and size."""
        found = self._sections("stated figures", lambda each: each.figures)
        for kind in FigureKind:
            if kind.name in found:
                key, label = kind.value
                yield Section(key=key, label=label, items=found[kind.name])

    def series(self) -> tuple[Series, ...]:
        """The claims with figures to draw."""
        return tuple(drawn for cited in self._series.get("", ()) if (drawn := series(cited)) is not None)

    # ---- by speaker, by question, by letter

    def by_speaker(self, sheet: Sheet[CitedStatement]) -> tuple[tuple[str, tuple[CitedStatement, ...]], ...]:
        """The quotations of a page by speaker."""
        return tuple(_grouped(sheet.items, lambda quote: quote.statement.entity))

    def role(self, id_: str) -> CitedStatement | None:
        """The first key fact of an entity: what a speaker is, where the wiki says so."""
        return next(iter(self._roles.get(id_, ())), None)

    def _question(self, row: Row) -> OpenQuestion:
        _, id_, number, *_, answers = row
        entity = self.raw.linked.entities[id_]
        return OpenQuestion(
            entity=entity,
            question=entity.questions[number],
            answers=in_time(self._statements(answers)),
        )

    def open_questions(self, most: int) -> tuple[int, tuple[tuple[OpenQuestion, str], ...]]:
        """How many questions there are; and so many of them, each with the page on which it stands."""

        def first() -> tuple[tuple[Row, str], ...]:
            every = ((row[1:3], row, sheet.path) for sheet in sheets for row in sheet.items)
            return tuple((row, path) for _, row, path in heapq.nsmallest(most, every))

        sheets = self.sheets("questions")
        number = sum(len(section.items) for sheet in sheets for section in sheet.sections)
        found = self.memory.recall("first questions", (sheets, most), first)
        return number, tuple((self._question(row), path) for row, path in found)

    def _term(self, row: Row) -> Term:
        _, id_, number, *_ = row
        entity = self.raw.linked.entities[id_]
        alias = entity.also[number - 1] if number else None
        return Term(name=(alias or entity).name.text, entity=entity, alias=alias)

    def kind(self, entity: Entity) -> Kind:
        """The kind of an entity."""
        return next(kind for kind in self.linked.settings.kinds if kind.key.id == entity.kind)

    def kind_names(self, refs: Iterable[Ref]) -> str:
        """Kinds by their names, in a sentence."""
        names = {kind.key.id: kind.singular.text for kind in self.linked.settings.kinds}
        return " or ".join(names[ref.id] for ref in refs)

    # ---- coverage and home

    def examples(self, kind: Kind) -> tuple[str, ...]:
        """The names of three entities of a kind: those of which most is said."""

        def most() -> tuple[str, ...]:
            rows = itertools.chain.from_iterable(letters)
            return tuple(row[1] for row in heapq.nsmallest(3, rows, key=lambda row: (-row[2], row[1])))

        letters = tuple(self._letters(kind).values())
        found = self.memory.recall(("examples", kind.key.id), (letters,), most)
        return tuple(self.raw.linked.outlines[id_].name for id_ in found)

    def sample(self) -> CitedStatement | None:
        """A claim to show how cites work: the first that was checked and has a topic."""
        place = next((each.sample for each in self.rows.values() if each.sample is not None), None)
        return self._statement(place) if place else None

    def members(self, kind: Kind) -> tuple[Sheet[Row], ...]:
        """The pages of the entities of a kind, by the first letters of their names where there are many."""
        return spread(f"{kind.folder.id}/index", _in_letters(self._letters(kind)), MOST_MEMBERS, index=True)

    def _letters(self, kind: Kind) -> Mapping[str, Rows]:
        """The rows of the entities of a kind by the first letters of their names."""
        return {letter: rows for (key, letter), rows in self._members.items() if key == kind.key.id}

    def tally_of(self, kind: Kind) -> int:
        """How many entities are of a kind."""
        return sum(map(len, self._letters(kind).values()))

    def tally(self, id_: str) -> int:
        """How many claims an entity's page has."""
        return sum(number for _, number in self._columns[id_][0])

    def _by_letter(self, name: str, of: Callable[[Listed], Keyed]) -> Iterator[Section[Row]]:
        return _in_letters(self._sections(name, of))

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


def _in_letters(groups: Mapping[str, Sequence[Row]]) -> Iterator[Section[Row]]:
    """Rows by the first letter of their names, marks apart; what begins with none stands last."""
    for letter in sorted(groups, key=lambda letter: (not letter, not letter.isascii(), letter)):
        key = letter.lower() if letter.isascii() and letter else "-".join(f"u{ord(c):x}" for c in letter)
        yield Section(key=key or "signs", label=letter or "Signs", items=groups[letter])


def _grouped(items: Iterable[T], key: Callable[[T], str]) -> Iterator[tuple[str, tuple[T, ...]]]:
    """Items by their keys, in the order in which the keys come first."""
    groups: dict[str, list[T]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return ((label, tuple(group)) for label, group in groups.items())
