"""Quotations stay short, and together a small share of their seed, as its rights and wiki.yml say."""

from __future__ import annotations

from collections.abc import Iterator

from build_tools.cite import CitedWiki, quotations
from build_tools.problems import Code, Problem
from build_tools.sealed_words import limits
from build_tools.text import quote_parts


def check(wiki: CitedWiki) -> Iterator[Problem]:
    """A problem for each quotation over the limit, and for each seed quoted beyond its share."""
    policy = wiki.linked.settings.quotation
    for seed, quote in quotations(wiki.linked.seeds.values(), wiki.statements.values()):
        allowed = limits(seed, policy)
        count = sum(len(part) for part in quote_parts(quote.text))
        if allowed and count > allowed.words_per_quote:
            message = f"{count} words quoted, where {seed.id} allows {allowed.words_per_quote}"
            hint = "shorten it, with `…` for what is left out"
            yield Problem(quote.at, Code.QUOTE_OVER_BUDGET, message, hint)
    for seed in wiki.linked.seeds.values():
        allowed = limits(seed, policy)
        if seed.seal is None or allowed is None:
            continue
        total, quoted = seed.seal.words, wiki.words_quoted.get(seed.id, 0)
        if quoted * 100 > total * allowed.share:
            message = f"{quoted} of its {total} words are quoted, more than {allowed.share} %"
            hint = "shorten or drop quotations, or say it in our own words"
            yield Problem(seed.record.rights.at, Code.SHARE_OVER_BUDGET, message, hint)
