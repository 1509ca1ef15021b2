"""Every passage of a seed that is held carries something, or its record says why not."""

from __future__ import annotations

from collections.abc import Iterator

from build_tools.cite import CitedWiki
from build_tools.memory import Memory
from build_tools.problems import Code, Problem
from build_tools.validate import Seed
from build_tools.values import PassageKind


def check(wiki: CitedWiki, memory: Memory) -> Iterator[Problem]:
    """A problem for each passage that nothing rests on, and for each reason that is no longer true."""
    seeds = dict(wiki.linked.seeds)
    made = memory.recall_each("used", seeds, lambda id_: tuple(_of_seed(seeds[id_], wiki)))
    for found in made.values():
        yield from found


def _of_seed(seed: Seed, wiki: CitedWiki) -> Iterator[Problem]:
    for passage in seed.passages:
        used = (seed.id, passage.id) in wiki.resting_on
        if not used and passage.unused is None:
            message = f"nothing rests on {seed.id}#{passage.id}"
            hint = "write a claim that cites it, or say why not: `unused: …`"
            yield Problem(passage.key.at, Code.UNUSED_PASSAGE, message, hint)
        elif used and passage.unused is not None and passage.kind is not PassageKind.HEADING:
            message = f"{seed.id}#{passage.id} is said to be unused, but is cited"
            yield Problem(passage.unused.at, Code.NEEDLESS_REASON, message, "delete `unused`")
