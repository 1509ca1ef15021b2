"""What rests on somebody's words names them: a claim in the wiki's own voice rests on the source's."""

from __future__ import annotations

from collections.abc import Iterator

from build_tools.cite import CheckedCite, CitedWiki
from build_tools.problems import Code, Problem
from build_tools.records import Claim
from build_tools.values import Role

MOSTLY = 0.6  # of the words cited: from there on the evidence is speech


def check(wiki: CitedWiki) -> Iterator[Problem]:
    """A warning for each claim without a speaker whose evidence stands in quotation marks."""
    for group in wiki.statements.values():
        for cited in group:
            record = cited.statement.record
            if not isinstance(record, Claim) or record.said_by is not None:
                continue
            carrying = [found for found in cited.cites if found.cite.role is Role.SUPPORTS]
            if carrying and all(_is_speech(found) for found in carrying):
                places = " and ".join(f"{f.seed.id}#{f.passage.id}" for f in carrying if f.passage)
                speakers = sorted({ref.id for f in carrying if f.passage for ref in f.passage.speakers})
                message = f"{places}: what is cited there are somebody's words, and the claim names nobody"
                hint = f"add `said_by: {speakers[0]}`" if len(speakers) == 1 else "add `said_by: …`"
                if len(speakers) != 1:
                    hint += f"; its speakers are {', '.join(speakers) or 'not given'}"
                yield Problem(record.text.at, Code.ATTRIBUTION_DROPPED, message, hint)


def _is_speech(found: CheckedCite) -> bool:
    seal = found.seed.seal_of(found.passage) if found.passage else None
    if seal is None:
        return False
    span = found.cite.span
    cited = range(0, seal.words) if span is None else range(span.first - 1, span.last)
    if not seal.quoted and cited:
        return False
    spoken = sum(first <= i <= last for i in cited for first, last in seal.quoted)
    return spoken >= MOSTLY * len(cited)
