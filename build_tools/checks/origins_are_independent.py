"""Several seeds behind a claim are several witnesses only if they do not descend from one."""

from __future__ import annotations

from collections.abc import Iterator

from build_tools.cite import CitedWiki
from build_tools.problems import Code, Problem
from build_tools.records import Claim
from build_tools.values import Role


def check(wiki: CitedWiki) -> Iterator[Problem]:
    """A warning for each claim that cites several seeds which all go back to one."""
    for group in wiki.statements.values():
        for cited in group:
            record = cited.statement.record
            if not isinstance(record, Claim):
                continue
            carrying = [found for found in cited.cites if found.cite.role is Role.SUPPORTS]
            seeds = list(dict.fromkeys(found.seed.id for found in carrying))
            if len(seeds) < 2:
                continue
            origins = {origin for seed in seeds for origin in wiki.origins(seed)}
            if len(origins) == 1:
                witnesses = f"one witness, not {len(seeds)}"
                message = f"{', '.join(seeds)} all go back to `{min(origins)}`: {witnesses}"
                hint = "cite the one nearest to the origin, or keep the others with a waiver and its reason"
                yield Problem(carrying[0].cite.at, Code.ONE_ORIGIN, message, hint)
