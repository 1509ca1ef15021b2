"""Quotations stay short, and together a small share of their seed, as its rights and wiki.yml say."""

from __future__ import annotations

from collections.abc import Iterator

from build_tools.cite import CitedWiki, quotations
from build_tools.problems import Code, Problem
from build_tools.text import quote_parts
from build_tools.values import Publish


def check(wiki: CitedWiki) -> Iterator[Problem]:
    """A problem for each quotation over the limit, and for each seed quoted beyond its share."""
    policy = wiki.linked.settings.quotation
    for seed, quote in quotations(wiki.statements.values()):
        rights = seed.record.rights
        most = (rights.words_per_quote or policy.words_per_quote).number
        count = sum(len(part) for part in quote_parts(quote.text))
        if rights.publish is Publish.QUOTATIONS and count > most:
            message = f"{count} words quoted, where {seed.id} allows {most}"
            hint = "shorten it, with `…` for what is left out"
            yield Problem(quote.at, Code.QUOTE_OVER_BUDGET, message, hint)
    for seed in wiki.linked.seeds.values():
        if seed.seal is None:
            continue
        rights = seed.record.rights
        share = (rights.share_of_seed or policy.share_of_seed).number
        total, quoted = seed.seal.words, wiki.words_quoted.get(seed.id, 0)
        if rights.publish is Publish.QUOTATIONS and quoted * 100 > total * share:
            message = f"{quoted} of its {total} words are quoted, more than {share} %"
            hint = "shorten or drop quotations, or say it in our own words"
            yield Problem(rights.at, Code.SHARE_OVER_BUDGET, message, hint)
