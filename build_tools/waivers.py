"""Warnings set aside by name, with a reason, in one file; a waiver that sets nothing aside is a problem."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from build_tools.link import LinkedWiki
from build_tools.problems import Code, Location, Problem, Severity, did_you_mean
from build_tools.records import Alias, Entity, Fact, Note, Relation, Summary, Waiver
from build_tools.validate import Seed

_CODES = {code.text: code for code in Code}


@dataclass(frozen=True, slots=True)
class Judged:
    """The problems that remain, and how many warnings were set aside."""

    problems: tuple[Problem, ...]
    set_aside: int


def set_aside(problems: Sequence[Problem], wiki: LinkedWiki, *, whole: bool) -> Judged:
    """The problems without the warnings that a waiver names, and a problem for each waiver that names none.

    Of a wiki that is not `whole`, because something could not be read or joined, nobody can say which
    warnings it would have; then no waiver is called needless.
    """
    places = _Places(wiki)
    used: set[int] = set()
    kept: list[Problem] = []
    for problem in problems:
        found = [i for i, waiver in enumerate(wiki.waivers) if _names(waiver, problem, places)]
        used.update(found)
        if not found:
            kept.append(problem)
    count = len(problems) - len(kept)
    for i, waiver in enumerate(wiki.waivers):
        kept.extend(_fault(waiver, places.paths, needless=whole and i not in used))
    return Judged(tuple(kept), count)


def _names(waiver: Waiver, problem: Problem, places: _Places) -> bool:
    if problem.severity is not Severity.WARNING or waiver.code.text != problem.code.text:
        return False
    if waiver.path.text != problem.at.path:
        return False
    return waiver.of is None or waiver.of.text == places.at(problem.at)


def _fault(waiver: Waiver, paths: frozenset[str], *, needless: bool) -> Iterator[Problem]:
    """What is wrong with a waiver."""
    code = _CODES.get(waiver.code.text)
    if not waiver.code.text or not waiver.path.text:
        return  # empty: reported where it was read
    if code is None:
        warnings = [code.text for code in Code if code.severity is Severity.WARNING]
        hint = did_you_mean(waiver.code.text, warnings, otherwise=f"warnings are {', '.join(warnings)}")
        yield Problem(waiver.code.at, Code.UNKNOWN_TERM, f"there is no problem `{waiver.code}`", hint)
    elif code.severity is Severity.ERROR:
        message = f"`{code}` is an error, and no waiver sets errors aside"
        yield Problem(waiver.code.at, Code.NEEDLESS_WAIVER, message, "mend it, and delete the waiver")
    elif needless and waiver.path.text not in paths:
        hint = did_you_mean(waiver.path.text, paths, otherwise="copy the path as `wiki check` prints it")
        message = f"it sets nothing aside: there is no record {waiver.path}"
        yield Problem(waiver.path.at, Code.NEEDLESS_WAIVER, message, hint)
    elif needless:
        what = f"{waiver.path}" + (f", `{waiver.of}`" if waiver.of else "")
        message = f"it sets nothing aside: there is no `{code}` at {what}"
        hint = "delete the waiver, or mend `of`, the id of the claim, quote, question or passage"
        yield Problem((waiver.of or waiver.code).at, Code.NEEDLESS_WAIVER, message, hint)


class _Places:
    """Which claim, quote, question or passage a location lies in."""

    def __init__(self, wiki: LinkedWiki) -> None:
        self.wiki = wiki
        self.starts: dict[str, list[tuple[Location, str]]] = {}

    @cached_property
    def paths(self) -> frozenset[str]:
        """The files that a place can lie in."""
        entities = {each.path for each in self.wiki.outlines.values()}
        seeds = {at.path for seed in self.wiki.seeds.values() for at in (seed.record.at, *_keys(seed))}
        return frozenset(entities | seeds)

    def at(self, place: Location) -> str:
        """The id of what the place lies in; nothing outside of all."""
        if place.path not in self.starts:
            self.starts[place.path] = list(self._in_file(place.path))
        starts = self.starts[place.path]
        i = bisect_right(starts, place, key=lambda start: start[0])
        return starts[i - 1][1] if i else ""

    def _in_file(self, path: str) -> Iterable[tuple[Location, str]]:
        """Where each part of a file begins, in order, with its id if it has one."""
        _, folder, name = f"//{path}".rsplit("/", 2)
        outline = self.wiki.outlines.get(name.removesuffix(".yml"))
        if outline is not None and outline.path == path:
            return sorted(_starts(self.wiki.entities[outline.id]))
        seed = self.wiki.seeds.get(folder)
        return ((p.key.at, p.id) for p in seed.passages if p.key.at.path == path) if seed else ()


def _keys(seed: Seed) -> Iterator[Location]:
    return (passage.key.at for passage in seed.passages)


def _starts(entity: Entity) -> Iterator[tuple[Location, str]]:
    """Where each part of an entity's record begins, with its id if it has one."""
    yield from ((claim.at, claim.id.id) for claim in entity.claims)
    yield from ((quote.at, quote.id.id) for quote in entity.quotes)
    yield from ((question.at, question.id.id) for question in entity.questions)
    summary = () if entity.summary is None else (entity.summary,)
    others: tuple[Summary | Alias | Fact | Relation | Note, ...]
    others = (*summary, *entity.also, *entity.facts, *entity.relations, *entity.notes)
    yield from ((other.at, "") for other in others)
