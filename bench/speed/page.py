"""The page of what was measured: tables, the drawing, and prose written by hand, which page.md holds."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from string import Template

from bench.speed import works
from bench.speed.plot import Line, drawn
from bench.speed.results import BASE, Results, Row

TEMPLATE = Path(__file__).with_name("page.md")
AIMED, LARGE = 10_000, 100_000  # entities of the wikis that the aims are about
WORKS = (
    works.CHECK,
    works.CHECK_AGAIN,
    works.COMPILE,
    works.PLAIN,
    works.COLD,
    works.CLAIM,
    works.RENAME,
    works.SEED,
    works.NOTHING,
    works.ZENSICAL,
    works.ZENSICAL_AGAIN,
)
NONE = "–"


def page(results: Results) -> str:
    """docs/speed.md: equal results give equal pages."""
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        machine=results.machine,
        rounds=results.rounds,
        aims=_aims(results),
        times=table(results),
        memory=_table(results, _peak, lambda row: row.peak, "MB"),
        sizes=_sizes(results),
        plot=drawn([Line(work, _points(results, work)) for work in WORKS]),
        **_profile(results),
        **_million(results),
    )


def table(results: Results) -> str:
    """How long each work takes at each size, and by which exponent it grows."""
    return _table(results, _seconds, lambda row: row.seconds, "s")


# ---- the aims ----------------------------------------------------------------------------------------


def _aims(results: Results) -> str:
    rows = ["| What | Aim, at most | Result | Verdict |", "|---|--:|--:|--:|"]
    for what, aim, found, shown in _judged(results):
        verdict = NONE if found is None else "met" if found <= aim else "**missed**"
        rows.append(f"| {what} | {shown(aim)} | {NONE if found is None else shown(found)} | {verdict} |")
    return "\n".join(rows)


def _judged(results: Results) -> Iterator[tuple[str, float, float | None, Callable[[float], str]]]:
    plain = results.median(works.PLAIN, AIMED)

    def share(work: str) -> float | None:
        own = results.median(work, AIMED)
        return own / plain if own is not None and plain is not None else None

    size = f"{AIMED:,} entities"
    yield f"{works.COLD}, {size}, of plain `mkdocs build`", 1 / 3, share(works.COLD), _share
    yield f"{works.COLD}, {size}, largest process", 1000, _most(results, works.COLD, AIMED), _megabytes
    for work, part, seconds in ((works.CLAIM, 60, 2.5), (works.NOTHING, 150, 1.0)):
        yield f"{work}, {size}, of plain `mkdocs build`", 1 / part, share(work), _share
        yield f"{work}, {size}", seconds, results.median(work, AIMED), _second
    yield f"{works.CHECK}, {size}", 12, results.median(works.CHECK, AIMED), _second
    yield f"{works.CHECK_AGAIN}, {size}", 1.5, results.median(works.CHECK_AGAIN, AIMED), _second
    for work in (works.CHECK, works.COMPILE):
        yield f"{work}, {LARGE:,} entities, largest process", 2000, _most(results, work, LARGE), _megabytes
        growth = results.growth(work) if LARGE in results.entities else None
        yield f"{work}, exponent of growth from {BASE:,} to {LARGE:,}", 1.05, growth, _exponent


def _most(results: Results, work: str, entities: int) -> float | None:
    return max((row.peak for row in results.of(work, entities)), default=None)


# ---- the tables --------------------------------------------------------------------------------------


def _table(
    results: Results, cell: Callable[[Sequence[Row]], str], field: Callable[[Row], float], unit: str
) -> str:
    heads = " | ".join(f"{entities:,}, {unit}" for entities in results.entities)
    rows = [f"| What | {heads} | exponent |", f"|---|{'--:|' * (len(results.entities) + 1)}"]
    for work in WORKS:
        cells = [cell(results.of(work, entities)) for entities in results.entities]
        if any(text != NONE for text in cells):
            growth = results.growth(work, field)
            told = NONE if growth is None else _exponent(growth)
            rows.append(f"| {work} | {' | '.join(cells)} | {told} |")
    return "\n".join(rows)


def _seconds(rows: Sequence[Row]) -> str:
    """The median, and from the least to the most."""
    if not rows:
        return NONE
    found = sorted(row.seconds for row in rows)
    middle = (found[(len(found) - 1) // 2] + found[len(found) // 2]) / 2
    spread = f" ({_digits(found[0])}–{_digits(found[-1])})" if len(found) > 1 else ""
    return f"{_digits(middle)}{spread}"


def _peak(rows: Sequence[Row]) -> str:
    return f"{max(row.peak for row in rows):,.0f}" if rows else NONE


def _sizes(results: Results) -> str:
    heads = " | ".join(f"{entities:,}, MB" for entities in results.entities)
    rows = [f"| What | {heads} |", f"|---|{'--:|' * len(results.entities)}"]
    for what in dict.fromkeys(size.what for size in results.sizes):
        cells = [results.size(what, entities) for entities in results.entities]
        shown = [NONE if found is None else f"{found / 1e6:,.2f}" for found in cells]
        rows.append(f"| {what} | {' | '.join(shown)} |")
    return "\n".join(rows)


def _points(results: Results, work: str) -> tuple[tuple[int, float], ...]:
    found = ((entities, results.median(work, entities)) for entities in results.entities)
    return tuple((entities, middle) for entities, middle in found if middle is not None)


# ---- the profile -------------------------------------------------------------------------------------


def _profile(results: Results) -> dict[str, str]:
    """The packages that take a hundredth of the time or more, at the largest size that was profiled."""
    entities = max((part.entities for part in results.parts), default=0)
    parts = [part for part in results.parts if part.entities == entities]
    whole = sum(part.seconds for part in parts)
    rows = ["| Package | Share |", "|---|--:|"]
    rows += [f"| {p.package} | {p.seconds / whole:.0%} |" for p in parts if p.seconds * 100 >= whole]
    return {"profiled": f"{entities:,}", "profile": "\n".join(rows)}


# ---- a million entities ------------------------------------------------------------------------------


def _million(results: Results) -> dict[str, str]:
    """What a million entities would take, if each took what it takes at the largest size measured."""

    def scaled(work: str, field: Callable[[Row], float]) -> float | None:
        for entities in reversed(results.entities):
            if rows := results.of(work, entities):
                return sorted(field(row) for row in rows)[len(rows) // 2] / entities * 1e6
        return None

    def hours(work: str) -> str:
        found = scaled(work, lambda row: row.cpu)
        return NONE if found is None else f"{found / 3600:.1f}"

    def gigabytes(what: str) -> str:
        for entities in reversed(results.entities):
            if (found := results.size(what, entities)) is not None:
                return f"{found / entities * 1e6 / 1e9:,.0f}"
        return NONE

    memory = scaled(works.CHECK, lambda row: row.peak)
    return {
        "check_hours": hours(works.CHECK),
        "compile_hours": hours(works.COMPILE),
        "build_hours": hours(works.COLD),
        "plain_hours": hours(works.PLAIN),
        "memory_gigabytes": NONE if memory is None else f"{memory / 1000:.0f}",
        "site_gigabytes": gigabytes(works.SITE),
        "pages_gigabytes": gigabytes(works.PAGES),
    }


# ---- figures in words --------------------------------------------------------------------------------


def _digits(value: float) -> str:
    """Three digits, or all before the point."""
    places = max(0, 2 - math.floor(math.log10(value))) if value > 0 else 2
    return f"{value:,.{min(places, 2)}f}"


def _share(value: float) -> str:
    return f"1/{1 / value:.{0 if value < 0.1 else 1}f}" if value < 1 else f"{value:.1f} times"


def _megabytes(value: float) -> str:
    return f"{value:,.0f} MB"


def _second(value: float) -> str:
    return f"{_digits(value)} s"


def _exponent(value: float) -> str:
    return f"{value:.2f}"
