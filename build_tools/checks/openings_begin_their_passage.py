"""The words that a passage is said to open with are its first."""

from __future__ import annotations

from collections.abc import Iterator

from build_tools.cite import CitedWiki
from build_tools.memory import Memory
from build_tools.problems import Code, Problem
from build_tools.quotes import part_places
from build_tools.text import folded
from build_tools.validate import Seed


def check(wiki: CitedWiki, memory: Memory) -> Iterator[Problem]:
    """A problem for each passage that begins with other words, by its text or else by its seal."""
    seeds = wiki.linked.seeds
    for found in memory.recall_each("opens", seeds, lambda id_: tuple(_of_seed(seeds[id_]))).values():
        yield from found


def _of_seed(seed: Seed) -> Iterator[Problem]:
    for passage in seed.passages:
        if passage.opens is None or seed.seal_of(passage) is None:
            continue
        places = part_places(folded(passage.opens.text), seed, passage)
        if 0 in places:
            continue
        message = f"{seed.id}#{passage.id} does not begin with these words"
        if places:
            message += f": they are its words {places[0] + 1}-{places[0] + len(folded(passage.opens.text))}"
        hint = "copy its first four words from the source, or leave `opens` out"
        yield Problem(passage.opens.at, Code.QUOTE_NOT_FOUND, message, hint)
