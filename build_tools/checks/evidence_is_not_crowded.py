"""A few words do not carry many claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from build_tools.cite import CheckedCite, CitedStatement, CitedWiki
from build_tools.problems import Code, Problem
from build_tools.records import Claim
from build_tools.values import Role

_ByWords = dict[tuple[int, int], list[CheckedCite]]
MANY = 4  # claims on the same words
WORDS_PER_CLAIM = 5  # below which they say more than the words can


def check(wiki: CitedWiki) -> Iterator[Problem]:
    """A warning at the last of many claims that cite the same span, or the same short passage as a whole."""
    for (seed, passage), group in wiki.resting_on.items():
        yield from _check(f"{seed}#{passage}", _by_words(group, seed, passage))


def _by_words(group: Iterable[CitedStatement], seed: str, passage: str | None) -> _ByWords:
    """The claims that rest on a passage, by the words of it that they cite."""
    found: _ByWords = defaultdict(list)
    for cited in group:
        for cite in cited.cites if isinstance(cited.statement.record, Claim) else ():
            if cite.passage is None or (cite.seed.id, cite.passage.id) != (seed, passage):
                continue
            seal, span = cite.seed.seal_of(cite.passage), cite.cite.span
            if seal is not None and cite.cite.role is Role.SUPPORTS:
                words = (1, seal.words) if span is None else (span.first, span.last)
                found[words].append(cite)
    return found


def _check(place: str, resting: _ByWords) -> Iterator[Problem]:
    for (first, last), claims in resting.items():
        count = last - first + 1
        if len(claims) >= MANY and count < WORDS_PER_CLAIM * len(claims):
            found = claims[-1]
            message = f"{len(claims)} claims rest on the same {count} words, {place}:{first}-{last}"
            hint = (
                "do they all say what stands there? Join what is one claim, or cite the words that carry each"
            )
            yield Problem(found.cite.at, Code.CROWDED_EVIDENCE, message, hint)
