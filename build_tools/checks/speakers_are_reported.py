"""Whoever is quoted, or named as asserting a claim, speaks in a passage that is cited."""

from __future__ import annotations

from collections.abc import Iterator

from build_tools.cite import CitedStatement, CitedWiki
from build_tools.problems import Code, Location, Problem
from build_tools.records import Claim, Quote


def check(wiki: CitedWiki) -> Iterator[Problem]:
    """A problem for each speaker whom no cited passage reports as speaking."""
    for group in wiki.statements.values():
        for cited in group:
            named = _speaker(cited)
            passages = [(found, found.passage) for found in cited.cites if found.passage is not None]
            if named is None or named[0] not in wiki.linked.names or not passages:
                continue  # of a seed that is not held, nothing is known
            if len(cited.cites) < len(cited.statement.cites):
                continue  # a cite that names no passage has been reported
            speaker, at = named
            reported = {ref.id for _, passage in passages for ref in passage.speakers}
            if speaker in reported:
                continue
            places = " or ".join(f"{found.seed.id}#{passage.id}" for found, passage in passages)
            message = f"{places} does not report {wiki.linked.names[speaker]} as speaking"
            if reported:
                hint = f"its speakers are {', '.join(sorted(reported))}"
            else:
                hint = f"it reports nobody; if it does, add `speakers: [{speaker}]` to the passage"
            yield Problem(at, Code.SPEAKER_NOT_REPORTED, message, hint)


def _speaker(cited: CitedStatement) -> tuple[str, Location] | None:
    record = cited.statement.record
    if isinstance(record, Quote):
        return cited.statement.entity, record.at
    if isinstance(record, Claim) and record.said_by:
        return record.said_by.id, record.said_by.at
    return None
