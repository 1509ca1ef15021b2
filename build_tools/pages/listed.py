"""What an entity adds to the lists over the whole wiki: rows that hold what sorts and shows them.

A row that is as it was shows what it showed, so that a page of a list is laid out again only if its rows are
others.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from build_tools.cite import Checked, CitedStatement, CiteRows
from build_tools.gathered import Row
from build_tools.link import StatementKind
from build_tools.outline import Place
from build_tools.pages.stated import FigureGroup, figure_kind
from build_tools.pages.views import sorting
from build_tools.quick import quick
from build_tools.records import Claim, Entity
from build_tools.shelves import Light

Keyed = tuple[tuple[str, Row], ...]


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Light):
    """The rows of an entity by list: each under the section of the list that it stands in.

    A `member` is one of its kind, under its letter. `columns` counts its claims by where they stand on its
    page, and `elsewhere` has where its claims stand that name others. `role` is its first key fact, and
    `sample` a claim that shows how cites work.
    """

    known: ClassVar[tuple[str, ...]] = ("columns", "asked")
    dated: Keyed
    figures: Keyed
    series: Keyed
    quotations: Keyed
    questions: Keyed
    terms: Keyed
    member: tuple[tuple[tuple[str, str], Row], ...]
    columns: tuple[tuple[str, int], ...]
    asked: str
    elsewhere: Keyed
    role: Keyed
    sample: Place | None


def listed(entity: Entity, rows: CiteRows, stated: Sequence[FigureGroup]) -> Listed:
    """The rows of an entity, of its cited statements, and of the figures that they state."""
    pairs = tuple(zip(rows.statements, rows.places, strict=True))
    places = {cited.statement.anchor: place for cited, place in pairs}
    claims = tuple((cited, place) for cited, place in pairs if isinstance(cited.statement.record, Claim))
    name, by_name = entity.name.text, sorting(entity.name.text)
    quotes = (place for cited, place in pairs if cited.statement.kind is StatementKind.QUOTE)
    facts = (place for cited, place in pairs if cited.statement.kind is StatementKind.FACT)
    summary = entity.summary.text.source if entity.summary else ""
    columns = Counter(column(cited) for cited, _ in claims)
    tally, all_said = columns.total(), rows.tally.statements
    aliases = tuple((a.name.text, a.language.tag if a.language else "") for a in entity.also)
    terms: list[tuple[str, Row]] = [(initial(name), (by_name, entity.id, 0, entity.kind, summary))]
    terms += [
        (
            initial(alias.name.text),
            (sorting(alias.name.text), entity.id, number, *aliases[number - 1], str(alias.kind)),
        )
        for number, alias in enumerate(entity.also, 1)
    ]
    return Listed(
        dated=tuple(_dated(pairs)),
        figures=tuple(
            (
                figure_kind(each.figures[0]).name,
                (*_by_size(each), entity.id, number, *places[each.anchor]),
            )
            for number, each in enumerate(stated)
        ),
        series=tuple(
            ("", place)
            for cited, place in claims
            if isinstance(c := cited.statement.record, Claim) and c.series
        ),
        quotations=tuple(
            (initial(name or entity.id), (sorting(name or entity.id), *place)) for place in quotes
        ),
        questions=tuple(_questions(entity, claims)),
        terms=tuple(terms),
        member=(((entity.kind, initial(name)), (by_name, entity.id, all_said, summary, tally, *aliases)),),
        columns=tuple(columns.items()),
        asked=next((question.id.id for question in entity.questions), ""),
        elsewhere=tuple(
            (target, (*place, column(cited)))
            for cited, place in claims
            for target in dict.fromkeys(cited.statement.links)
        ),
        role=tuple((entity.id, place) for place in itertools.islice(facts, 1)),
        sample=next((place for cited, place in claims if _shows_cites(cited)), None),
    )


def _dated(pairs: Iterable[tuple[CitedStatement, Place]]) -> Iterator[tuple[str, Row]]:
    """Under the first year that a statement's date can mean."""
    for cited, place in pairs:
        when = getattr(cited.statement.record, "when", None)
        if when is not None:
            yield when.date.first[:4], (when.date.sort_key, *place)


def _questions(entity: Entity, claims: Sequence[tuple[CitedStatement, Place]]) -> Iterator[tuple[str, Row]]:
    name = entity.name.text
    for number, question in enumerate(entity.questions):
        answers = tuple(
            place
            for cited, place in claims
            if isinstance(c := cited.statement.record, Claim)
            and c.question
            and c.question.id == question.id.id
        )
        prefer = question.prefer.id if question.prefer else ""
        reason = question.reason.source if question.reason else ""
        shown = (question.id.id, question.text.text, prefer, reason, answers)
        yield initial(name), (sorting(name), entity.id, number, *shown)


def _shows_cites(cited: CitedStatement) -> bool:
    """True of a claim that was checked and has a topic."""
    record = cited.statement.record
    topics = isinstance(record, Claim) and record.topics
    return bool(topics) and all(found.checked is not Checked.NOT for found in cited.cites)


def _by_size(stated: FigureGroup) -> tuple[str, str, tuple[float, ...]]:
    first = stated.figures[0]
    return first.unit, first.measure, tuple(float(figure.value) for figure in stated.figures)


def column(cited: CitedStatement) -> str:
    """Where on its page a claim stands: the anchor of its first topic; nothing for answers to a question."""
    record = cited.statement.record
    if not isinstance(record, Claim) or record.question is not None:
        return ""
    return f"_topic-{record.topics[0].id}" if record.topics else "_other"


def initial(name: str) -> str:
    """The first letter of a name as a capital without marks; nothing if it begins with a sign or digit."""
    first = sorting(name)[0].upper()[:1]
    return first if first.isalpha() else ""
