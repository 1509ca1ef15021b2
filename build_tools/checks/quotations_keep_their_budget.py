"""Quotations stay short, and together a small share of their seed, as its rights and wiki.yml say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from build_tools.cite import CitedWiki, quotations
from build_tools.memory import Memory
from build_tools.problems import Code, Problem
from build_tools.records import QuotationPolicy
from build_tools.sealed_words import limits
from build_tools.shelves import Task
from build_tools.text import quote_parts
from build_tools.validate import Seed
from build_tools.values import Verbatim


def check(wiki: CitedWiki, memory: Memory) -> Iterator[Problem]:
    """A problem for each quotation over the limit, and for each seed quoted beyond its share."""
    policy = wiki.linked.settings.quotation
    seeds = wiki.linked.seeds

    def of_seed(id_: str) -> tuple[Problem, ...]:
        return tuple(_too_long(quotations((seeds[id_],), ()), policy))

    (task,) = tasks(wiki, memory)
    for found in memory.recall_task(task).values():
        yield from found
    for found in memory.recall_each("budget of openings", seeds, of_seed, always=(policy,)).values():
        yield from found

    def of_share(id_: str) -> tuple[Problem, ...]:
        return tuple(_too_much(seeds[id_], quoted[id_][1], policy))

    quoted = {id_: (seed, wiki.words_quoted.get(id_, 0)) for id_, seed in seeds.items()}
    for found in memory.recall_each("budget of a seed", quoted, of_share, always=(policy,)).values():
        yield from found


def tasks(wiki: CitedWiki, memory: Memory) -> tuple[Task]:
    """What asks the statements of an entity for quotations over the limit."""
    groups, policy = wiki.statements, wiki.linked.settings.quotation

    def of_page(id_: str) -> tuple[Problem, ...]:
        return tuple(_too_long(quotations((), (groups[id_],)), policy))

    return (Task(name="budget", given=groups, make=of_page, always=(policy,)),)


def _too_much(seed: Seed, quoted: int, policy: QuotationPolicy) -> Iterator[Problem]:
    allowed = limits(seed, policy)
    if seed.seal is None or allowed is None:
        return
    total = seed.seal.words
    if quoted * 100 > total * allowed.share:
        message = f"{quoted} of its {total} words are quoted, more than {allowed.share} %"
        hint = "shorten or drop quotations, or say it in our own words"
        yield Problem(seed.record.rights.at, Code.SHARE_OVER_BUDGET, message, hint)


def _too_long(quoted: Iterable[tuple[Seed, Verbatim]], policy: QuotationPolicy) -> Iterator[Problem]:
    for seed, quote in quoted:
        allowed = limits(seed, policy)
        count = sum(len(part) for part in quote_parts(quote.text))
        if allowed and count > allowed.words_per_quote:
            message = f"{count} words quoted, where {seed.id} allows {allowed.words_per_quote}"
            hint = "shorten it, with `…` for what is left out"
            yield Problem(quote.at, Code.QUOTE_OVER_BUDGET, message, hint)
