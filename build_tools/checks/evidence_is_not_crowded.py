"""A few words do not carry many claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from build_tools.cite import CheckedCite, CitedStatement, CitedWiki
from build_tools.problems import Code, Problem
from build_tools.records import Claim
from build_tools.values import Role

MANY = 4  # claims on the same words
WORDS_PER_CLAIM = 5  # below which they say more than the words can


def check(wiki: CitedWiki) -> Iterator[Problem]:
    """A warning at the last of many claims that cite the same span, or the same short passage as a whole."""
    resting: dict[tuple[str, str, int, int], list[tuple[CitedStatement, CheckedCite]]] = defaultdict(list)
    for group in wiki.statements.values():
        for cited in group:
            for found in cited.cites if isinstance(cited.statement.record, Claim) else ():
                seal = found.seed.seal_of(found.passage) if found.passage else None
                if seal is not None and found.cite.role is Role.SUPPORTS:
                    span = found.cite.span
                    first, last = (1, seal.words) if span is None else (span.first, span.last)
                    resting[found.seed.id, seal.id, first, last].append((cited, found))
    for (seed, passage, first, last), claims in resting.items():
        count = last - first + 1
        if len(claims) >= MANY and count < WORDS_PER_CLAIM * len(claims):
            cited, found = claims[-1]
            message = f"{len(claims)} claims rest on the same {count} words, {seed}#{passage}:{first}-{last}"
            hint = (
                "do they all say what stands there? Join what is one claim, or cite the words that carry each"
            )
            yield Problem(found.cite.at, Code.CROWDED_EVIDENCE, message, hint)
