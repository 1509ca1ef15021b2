"""The words that a passage is said to open with are its first."""

from __future__ import annotations

from collections.abc import Iterator

from build_tools.cite import CitedWiki
from build_tools.problems import Code, Problem
from build_tools.quotes import part_places
from build_tools.text import folded


def check(wiki: CitedWiki) -> Iterator[Problem]:
    """A problem for each passage that begins with other words, by its text or else by its seal."""
    for seed in wiki.linked.seeds.values():
        for passage in seed.passages:
            if passage.opens is None or seed.seal_of(passage) is None:
                continue
            places = part_places(folded(passage.opens.text), seed, passage)
            if 0 in places:
                continue
            message = f"{seed.id}#{passage.id} does not begin with these words"
            if places:
                message += (
                    f": they are its words {places[0] + 1}-{places[0] + len(folded(passage.opens.text))}"
                )
            hint = "copy its first four words from the source, or leave `opens` out"
            yield Problem(passage.opens.at, Code.QUOTE_NOT_FOUND, message, hint)
