"""Passages found for a pasted fragment, or for words that describe a fact, across all seeds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from build_tools.checks.quotes_stand_in_their_passage import locate
from build_tools.cite import CitedWiki
from build_tools.prose import plain_text
from build_tools.records import Passage
from build_tools.seal import run_hashes
from build_tools.text import folded, quote_parts
from build_tools.validate import Seed

_COMMON = frozenset(
    "a an and are as at by for from has have in is it its of on or that the this to was were with".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A passage that may be meant, and the span of the words where it has the very words."""

    seed: Seed
    passage: Passage
    span: str | None
    score: int

    @property
    def cite(self) -> str:
        """The cite to paste."""
        return f"{self.seed.id}#{self.passage.id}" + (f":{self.span}" if self.span else "")


def find_passages(wiki: CitedWiki, text: str, *, most: int = 5) -> tuple[Found, ...]:
    """The passages that have the words, or else those most like them, best first."""
    parts = quote_parts(text)
    own = Counter(word for part in parts for word in part if word not in _COMMON)
    runs = {
        hashes[i : i + 2] for part in parts if (hashes := run_hashes(part)) for i in range(len(hashes) - 1)
    }
    found: list[Found] = []
    for seed in wiki.linked.seeds.values():
        for passage in seed.passages:
            begins = locate(parts, seed, passage) if parts else None
            if begins is not None:
                span = f"{begins[0] + 1}-{begins[-1] + len(parts[-1])}"
                found.append(Found(seed=seed, passage=passage, span=span, score=len(own)))
            elif score := _likeness(own, runs, seed, passage, wiki):
                found.append(Found(seed=seed, passage=passage, span=None, score=score))
    exact = [item for item in found if item.span]
    ranked = sorted(exact or found, key=lambda item: (-item.score, item.seed.id, int(item.passage.id[1:])))
    return tuple(ranked[:most])


def _likeness(own: Counter[str], runs: set[bytes], seed: Seed, passage: Passage, wiki: CitedWiki) -> int:
    """Words shared with the gist, figures and names, and runs shared with the seal, which count double."""
    known = Counter(set(folded(plain_text(passage.gist, wiki.linked.names))) - _COMMON)
    seal = seed.seal_of(passage)
    shared_runs = 0
    if seal is not None:
        known |= Counter({word for _, written in (*seal.figures, *seal.names) for word in folded(written)})
        shared_runs = sum(seal.runs.find(run) >= 0 for run in runs)
    return sum((own & known).values()) + 2 * shared_runs
