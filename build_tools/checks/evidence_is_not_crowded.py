"""A few words do not carry many claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from build_tools.cite import CitedStatement, CitedWiki
from build_tools.gathered import Row
from build_tools.ghost import member
from build_tools.problems import Code, Problem
from build_tools.records import Claim
from build_tools.values import Role

MANY = 4  # claims on the same words
WORDS_PER_CLAIM = 5  # below which they say more than the words can

Cited = tuple[str, str]  # seed and passage


def check(wiki: CitedWiki, spans: Mapping[Cited, Sequence[Row]]) -> Iterator[Problem]:
    """A warning at the last of many claims that cite the same span, or the same short passage as a whole.

    `spans` are the rows of all entities.
    """
    for (seed, passage), found in spans.items():
        for (first, last), rows in groupby(found, lambda row: row[:2]) if len(found) >= MANY else ():
            claims, count = list(rows), last - first + 1
            if len(claims) >= MANY and count < WORDS_PER_CLAIM * len(claims):
                _, _, entity, number, place = claims[-1]
                where = f"{seed}#{passage}:{first}-{last}"
                message = f"{len(claims)} claims rest on the same {count} words, {where}"
                hint = "do they all say what stands there? Join what is one claim, or cite the words that "
                hint += "carry each"
                at = member(wiki.statements, entity, number).cites[place].cite.at
                yield Problem(at, Code.CROWDED_EVIDENCE, message, hint)


def rows(id_: str, group: Iterable[CitedStatement]) -> Iterator[tuple[Cited, Row]]:
    """The first and last words that an entity's claims rest on, each with the number of the claim and of its
    cite."""
    for number, cited in enumerate(group):
        for place, found in enumerate(cited.cites if isinstance(cited.statement.record, Claim) else ()):
            seal = found.seed.seal_of(found.passage) if found.passage else None
            if seal is not None and found.cite.role is Role.SUPPORTS:
                span = found.cite.span
                first, last = (1, seal.words) if span is None else (span.first, span.last)
                yield (found.seed.id, seal.id), (first, last, id_, number, place)
