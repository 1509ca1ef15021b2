"""A difference laid out in lines, for terminals and for comments: what each says is the same in both."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from build_tools.amounts import amount
from build_tools.difference.evidence import WHAT as EVIDENCE
from build_tools.difference.findings import Detail, Difference, Group, How, Thing
from build_tools.difference.wording import word_by_word
from build_tools.problems import Problem, Severity

_OURS = re.compile("[a-z ,._]+")
_PLURALS = {"entity": "entities", "source": "sources"}  # of other groups the things are counted


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a line: the wiki's words, or ours; `how` if they were taken out or put in."""

    text: str
    ours: bool = False
    how: How | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line at its depth; `how` if all of it was added, removed or changed."""

    depth: int
    spans: tuple[Span, ...]
    how: How | None = None


def group_lines(group: Group) -> Iterator[tuple[Line, ...]]:
    """The lines of a group: its head with what differs of itself, then those of each thing."""
    head = [Span(f"{group.noun} " if group.noun != group.name else "", ours=True), Span(group.name)]
    if group.path != group.name:
        head += [Span(", ", ours=True), Span(group.path)]
    if group.how is not How.CHANGED:
        head.append(Span(f": {group.how}", ours=True))
    yield (Line(0, tuple(head), group.how), *_details(group.details, 1, group.how))
    for thing in group.things:
        yield tuple(_thing(thing))


def _thing(thing: Thing) -> Iterator[Line]:
    head = [Span(thing.noun, ours=True), *([Span(" ", ours=True), Span(thing.label)] if thing.label else [])]
    if thing.how is not How.CHANGED or not thing.details:
        head.append(Span(f": {thing.how}", ours=True))
    yield Line(1, tuple(head), thing.how)
    yield from _details(thing.details, 2, thing.how)


def _details(details: Iterable[Detail], depth: int, whole: How) -> Iterator[Line]:
    for detail in details:
        yield Line(depth, tuple(_detail(detail, whole)))


def _detail(detail: Detail, whole: How) -> Iterator[Span]:
    """What differs, how, from what to what; of what was added or removed as a whole, how is known."""
    yield Span(detail.what, ours=bool(_OURS.fullmatch(detail.what)))
    if whole is How.CHANGED or detail.how not in (How.ADDED, How.GAINED, How.REMOVED, How.LOST):
        yield Span(f" {detail.how}", ours=True)
    if detail.old or detail.new:
        yield Span(": ", ours=True)
    if detail.how is How.REWORDED:
        yield from (Span(piece.text, how=piece.how) for piece in word_by_word(detail.old, detail.new))
    elif detail.old and detail.new:
        yield from (
            Span(detail.old, how=How.REMOVED),
            Span(" → ", ours=True),
            Span(detail.new, how=How.ADDED),
        )
    elif detail.old or detail.new:
        yield Span(detail.old or detail.new)
    if detail.note:
        yield from (Span(" – ", ours=True), Span(detail.note))


def unread_lines(difference: Difference) -> Iterator[Line]:
    """What could not be read."""
    for unread in difference.unread:
        means = "what is refused there counts as left out" if unread.in_part else "the file is not compared"
        spans = (
            Span(unread.side),
            Span(": ", ours=True),
            *_problem(unread.problem),
            Span(f"; {means}", ours=True),
        )
        yield Line(1, spans)


def problem_lines(problems: Iterable[Problem], how: How) -> Iterator[Line]:
    """Problems that are new or gone."""
    return (Line(1, tuple(_problem(problem)), how) for problem in problems)


def _problem(problem: Problem) -> Iterator[Span]:
    note = "warning: " if problem.severity is Severity.WARNING else ""
    yield from (Span(str(problem.at)), Span(f" {note or 'error: '}", ours=True))
    yield Span(f"[{problem.code}] {problem.message}")


def page_lines(difference: Difference) -> Iterator[Line]:
    """The addresses whose content differs; or why nobody can say."""
    if difference.pages is None:
        names = [Span(name) for name in difference.without_pages]
        yield Line(
            1, (*_joined(names), Span(": there are errors, so there are no pages to compare", ours=True))
        )
        return
    pages = difference.pages
    for how, paths in ((How.ADDED, pages.added), (How.REMOVED, pages.removed), (How.CHANGED, pages.changed)):
        yield from (Line(1, (Span(path),), how) for path in paths)


def _joined(spans: Sequence[Span]) -> Iterator[Span]:
    for number, span in enumerate(spans):
        if number:
            yield Span(", ", ours=True)
        yield span


def summary(difference: Difference) -> str:
    """All in a line: `claims: 2 added, 1 changed; evidence: 1 narrowed; pages: 3 changed`."""
    counts: dict[str, Counter[How]] = {}

    def count(noun: str, how: How, number: int = 1) -> None:
        if number:
            counts.setdefault(noun, Counter())[how] += number

    for group in difference.groups:
        if group.noun in _PLURALS:
            count(_PLURALS[group.noun], _in_a_word(group))
    for group in difference.groups:
        for thing in group.things:
            count(_plural(thing.noun), _in_a_word(thing))
    for group in difference.groups:
        for detail in (*group.details, *(detail for thing in group.things for detail in thing.details)):
            if detail.what == EVIDENCE:
                count(EVIDENCE, detail.how)
    if difference.pages is not None:
        pages = difference.pages
        count("addresses of the site", How.ADDED, len(pages.added))
        count("addresses of the site", How.CHANGED, len(pages.changed))
        count("addresses of the site", How.REMOVED, len(pages.removed))
    parts = [f"{noun}: {_numbers(found)}" for noun, found in counts.items()]
    for how, problems in (("new", difference.new_problems), ("gone", difference.gone_problems)):
        if problems:
            parts.append(f"{amount(len(problems), 'problem')} {how}")
    if difference.unread:
        parts.append(f"{amount(len(difference.unread), 'file')} not read in full")
    return "; ".join(parts) or "nothing differs"


def _in_a_word(found: Group | Thing) -> How:
    """What happened to it before all else."""
    if found.how is not How.CHANGED:
        return found.how
    told = {detail.how for detail in found.details if detail.what in ("entity", "kind", "id", "text", "key")}
    return next((how for how in (How.MOVED, How.RENAMED, How.REWORDED) if how in told), How.CHANGED)


def _plural(noun: str) -> str:
    first, of, rest = noun.partition(" of ")
    return f"{first}s{of}{rest}"


def _numbers(found: Counter[How]) -> str:
    return ", ".join(f"{found[how]} {how}" for how in How if found[how])
