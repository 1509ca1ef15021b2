"""A claim says "all", "only" or "most" only where its evidence does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from build_tools.cite import CitedStatement, CitedWiki
from build_tools.evidence import can_be_asked, sealed_figure_words
from build_tools.figure_words import QUANTIFIERS
from build_tools.problems import Code, Problem
from build_tools.records import Claim
from build_tools.text import folded

# "Above all", "not only", "all but": said of something else than how many there are.
_IDIOMS = frozenset(
    {("above", "all"), ("after", "all"), ("at", "all"), ("of", "all"), ("not", "only"), ("at", "most")}
)
_IDIOMS_AFTER = frozenset({("all", "but"), ("only", "about"), ("all", "along")})


def check(wiki: CitedWiki) -> Iterator[Problem]:
    """A warning for each claim with a word for the whole, the most or the only that no cited passage has."""
    for group in wiki.statements.values():
        for cited in group:
            if isinstance(cited.statement.record, Claim) and can_be_asked(cited):
                yield from _check(cited, cited.statement.record)


def _check(cited: CitedStatement, claim: Claim) -> Iterator[Problem]:
    own = folded(cited.statement.plain)
    if QUANTIFIERS.keys().isdisjoint(own):
        return
    evidence = {
        QUANTIFIERS[word]
        for found in cited.cites
        for word in sealed_figure_words(found)
        if word in QUANTIFIERS
    }
    for i, word in enumerate(own):
        if word in QUANTIFIERS and QUANTIFIERS[word] not in evidence and not _is_idiom(own, i):
            places = " or ".join(f"{f.seed.id}#{f.passage.id}" for f in cited.cites if f.passage)
            message = f"“{word}” says more than {places}, where no such word stands"
            hint = "say how many or which the passage means; or cite the words that say so"
            yield Problem(claim.text.place_of([word]), Code.BROAD_CLAIM, message, hint)
            return


def _is_idiom(own: Sequence[str], i: int) -> bool:
    return tuple(own[max(0, i - 1) : i + 1]) in _IDIOMS or tuple(own[i : i + 2]) in _IDIOMS_AFTER
