"""A figure from a passage with several of its kind is cited with a span, so that no two can be exchanged."""

from __future__ import annotations

from collections.abc import Iterator

from build_tools.cite import CheckedCite, CitedWiki
from build_tools.evidence import own_figures, sealed
from build_tools.figures import Figure, is_year, supports
from build_tools.problems import Code, Problem
from build_tools.records import Claim


def check(wiki: CitedWiki) -> Iterator[Problem]:
    """A warning for each cite without a span whose passage has another figure that could stand here."""
    for group in wiki.statements.values():
        for cited in group:
            record = cited.statement.record
            if not isinstance(record, Claim) or record.derived:
                continue
            if all(found.cite.span is not None for found in cited.cites):
                continue
            own = own_figures(cited.statement.plain)
            there = [figure for found in cited.cites for figure in _figures(found)]
            if any(not is_year(stated) and not any(supports(f, stated) for f in there) for stated in own):
                continue  # a figure that stands nowhere is another rule's, and may be the one that is meant
            for found in cited.cites:
                if own and found.cite.span is None:
                    yield from _check(own, found)


def _figures(found: CheckedCite) -> tuple[Figure, ...]:
    seal = found.seed.seal_of(found.passage) if found.passage else None
    return sealed(seal, found.seed.record.language.tag).figures if seal else ()


def _check(own: tuple[Figure, ...], found: CheckedCite) -> Iterator[Problem]:
    seal = found.seed.seal_of(found.passage) if found.passage else None
    if seal is None or found.passage is None:
        return
    there = _figures(found)
    used = [figure for figure in there if any(supports(figure, stated) for stated in own)]
    kinds = {_kind(figure) for figure in used}
    others = [figure for figure in there if figure not in used and _kind(figure) in kinds]
    if used and others:
        first = max((o.last + 1 for o in others if o.last < used[0].first), default=0)
        last = min((o.first - 1 for o in others if o.first > used[-1].last), default=seal.words - 1)
        place = f"{found.seed.id}#{found.passage.id}"
        message = f"{place} has {len(others) + len(used)} figures of this kind; which one is meant?"
        within = f"`{place}:{first + 1}-{last + 1}`"
        hint = f'cite the words that carry it, within {within}; `wiki cite "…"` counts them'
        yield Problem(found.cite.at, Code.SPAN_NEEDED, message, hint)


def _kind(figure: Figure) -> str:
    return "calendar" if is_year(figure) else figure.unit or "number"
