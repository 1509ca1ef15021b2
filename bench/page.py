# ruff: noqa: E501 - the page is one template, a paragraph a line
"""The page that the benchmark writes: what was measured, per class, beside the aims."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bench import speech
from bench.claims import CHANGED as CLAIMS_CHANGED
from bench.claims import ELSEWHERE, EXCHANGED, FIGURES
from bench.claims import HONEST as CLAIMS_HONEST
from bench.judge import Claim
from bench.leak import READABLE, WIDTHS, Leak
from bench.measure import GUARDED, TRUE, UNTRUE_EDGE, Case, Share, share_of
from bench.mutants import CHANGED, MISPLACED
from bench.texts import PACKAGES, TextSet
from bench.variants import HONEST

SHOWN = 12  # cases that went wrong, on the page
WRONG_QUOTES = (*CHANGED, UNTRUE_EDGE, *MISPLACED)
HONEST_QUOTES = (TRUE, *HONEST, GUARDED)
ATTACKS = MappingProxyType(
    {
        None: "the commonest word everywhere",
        0: "0 bits: the language model alone",
        8: "8 bits: the seal",
        16: "16 bits",
        64: "64 bits",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Everything a run found: the cases with each checker's answers, and how it was made.

    `answers` has, by the name of a checker, for each case whether the checker accepts it.
    """

    which: TextSet
    seed: str
    date: str
    texts: tuple[tuple[str, int, int, int], ...]  # kind, texts, passages, words
    quotes: int
    cases: tuple[Case, ...]
    answers: tuple[tuple[str, tuple[bool, ...]], ...]
    claims: tuple[tuple[Claim, bool], ...]
    speech: tuple[tuple[Claim, bool], ...]
    leaks: tuple[Leak, ...]

    def shares(self, *, honest: bool, group: str | tuple[str, ...] = (), kind: str = "") -> tuple[Share, ...]:
        """For each checker the share answered rightly of the cases of these classes and this kind, or of all."""
        groups = (group,) if isinstance(group, str) else group
        taken = [
            i
            for i, case in enumerate(self.cases)
            if case.honest is honest and (not groups or case.group in groups) and kind in ("", case.kind)
        ]
        return tuple(share_of(given[i] is honest for i in taken) for _, given in self.answers)

    def claim_share(self, groups: Iterable[str], *, honest: bool) -> Share:
        """The share of the claims of these classes that are answered rightly."""
        named = frozenset(groups)
        return share_of(
            passed is honest
            for claim, passed in (*self.claims, *self.speech)
            if claim.honest is honest and claim.group in named
        )


def cell(share: Share) -> str:
    """A share with its interval, and how many went wrong."""
    if not share.of:
        return "–"
    low, high = share.interval()
    return f"{_percent(share.value)} ({100 * low:.2f}–{100 * high:.2f}), {share.of - share.right:,} wrong"


def _percent(value: float) -> str:
    """Two places, but never 100 where something went wrong."""
    return f"{100 * value:.2f} %" if value == 1 or value < 0.99995 else "99.99 %"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|---{'|--:' * (len(head) - 1)}|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def _quote_rows(run: Run, groups: Iterable[str], *, honest: bool) -> Iterable[Sequence[str]]:
    for group in groups:
        shares = run.shares(group=group, honest=honest)
        if shares[0].of:
            yield (group, f"{shares[0].of:,}", *map(cell, shares))
    shares = run.shares(honest=honest)
    yield ("**all**", f"{shares[0].of:,}", *map(cell, shares))


def _claim_rows(run: Run, groups: Sequence[str], *, honest: bool) -> Iterable[Sequence[str]]:
    for group in groups:
        share = run.claim_share([group], honest=honest)
        yield (group, f"{share.of:,}", cell(share))
    share = run.claim_share(groups, honest=honest)
    yield ("**all**", f"{share.of:,}", cell(share))


def aims(run: Run) -> tuple[tuple[str, float, Share], ...]:
    """What is aimed at: of what, the least share that must come out right, and the share that does."""
    caught_text, caught_seal = run.shares(honest=False)[:2]
    honest_text, honest_seal = run.shares(honest=True)[:2]
    place_text, place_seal = run.shares(group=MISPLACED, honest=False)[:2]
    return (
        ("changed quotations caught, against the text", 0.999, caught_text),
        ("changed quotations caught, against the seal", 0.997, caught_seal),
        ("honest quotations accepted, against the text", 0.999, honest_text),
        ("honest quotations accepted, against the seal", 0.995, honest_seal),
        ("quotations of another passage caught, against the text", 1.0, place_text),
        ("quotations of another passage caught, against the seal", 1.0, place_seal),
        ("changed figures caught", 0.99, run.claim_share(FIGURES, honest=False)),
        ("exchanged figures of one passage caught", 0.95, run.claim_share(EXCHANGED, honest=False)),
        ("honest claims accepted", 0.99, run.claim_share(CLAIMS_HONEST, honest=True)),
        ("claims that cite another passage caught", 0.97, run.claim_share(ELSEWHERE, honest=False)),
        ("wrong speakers caught", 0.95, run.claim_share(speech.SPEAKERS, honest=False)),
    )


def _aim_rows(run: Run) -> Iterable[Sequence[str]]:
    for what, least, share in aims(run):
        verdict = "met" if share.value >= least else "**missed**"
        yield (what, f"{100 * least:.1f} %", cell(share), verdict)


def _rebuilt_rows(leaks: Sequence[Leak], taken: Callable[[Leak], Share]) -> Iterable[Sequence[str]]:
    for bits, attack in ATTACKS.items():
        yield (attack, *(_found(taken(leak)) for leak in leaks if leak.bits == bits))


def _found(share: Share) -> str:
    """A share with its interval."""
    low, high = share.interval()
    return f"{100 * share.value:.1f} % ({100 * low:.1f}–{100 * high:.1f})"


def leak_summary(leaks: Sequence[Leak]) -> str:
    """What was rebuilt, for the terminal."""
    return "\n".join(
        f"{leak.kind}, {ATTACKS[leak.bits]}: of {leak.rebuilt.of:,} words in {leak.passages} passages "
        f"{_found(leak.rebuilt)} rebuilt, {_found(leak.readable)} readable"
        for leak in leaks
    )


def summary(run: Run) -> str:
    """The totals, for the terminal."""
    lines = [f"{what}: {cell(share)}; aim {100 * least:.1f} %" for what, least, share in aims(run)]
    wrong, right = (sum(case.honest is honest for case in run.cases) for honest in (False, True))
    head = f"{run.which}: {run.quotes:,} quotations, {wrong:,} changed, {right:,} honest, {len(run.claims):,} claims"
    for i, (name, _) in enumerate(run.answers):
        caught = run.shares(honest=False)[i]
        accepted = run.shares(honest=True)[i]
        lines.append(f"{name}: caught {cell(caught)}; accepted {cell(accepted)}")
    return "\n".join([head, *lines])


def page(run: Run) -> str:
    """The page as Markdown: equal runs give equal bytes."""
    names = [name for name, _ in run.answers]
    wrong, right = (sum(case.honest is honest for case in run.cases) for honest in (False, True))
    missed = [what for what, least, share in aims(run) if share.value < least]
    verdict = f"Missed: {'; '.join(missed)}." if missed else "All of these are met."
    return f"""---
title: How well it catches mistakes
description: What the checks catch and what they refuse by mistake, measured on public-domain texts.
---

<!-- Written by `make bench-evidence`; changes made by hand are lost. -->

# How well it catches mistakes

The checks of this wiki were held against {wrong:,} quotations with a mistake in them and {right:,} honest ones, made by a program from {run.quotes:,} true quotations, and against {len(run.claims):,} claims with figures and names. The texts are in the public domain and none is a source of this wiki. A share is followed by its 95 % interval and by the number of cases that went wrong.

## Aims and results {{ #aims }}

{_table(("What", "Aim, at least", "Result", "Verdict"), _aim_rows(run))}

{verdict}

## Quotations with a mistake {{ #mistakes }}

The share that was caught. Each case has one small change; one that by chance stands in the passage all the same is left out, decided by the raw text and not by the checker.

{_table(("Mistake", "Cases", *names), _quote_rows(run, WRONG_QUOTES, honest=False))}

A seal keeps one byte for every three words in a row. A wrong word in the middle of a quotation must slip past three such bytes, a wrong word at its end past one: that is where seals let most through. A cite that gives the words around the quotation closes the gap, and short quotations must.

## Honest quotations {{ #honest }}

The share that was accepted.

{_table(("Written as", "Cases", *names), _quote_rows(run, HONEST_QUOTES, honest=True))}

## What went wrong against the text {{ #wrong }}

The first {SHOWN} cases of those counted above, as the checker was given them.

{_wrong(run)}

## By the kind of text {{ #kinds }}

{_table(("Text", "Cases", *names), _kind_rows(run))}

## Claims with figures and names {{ #claims }}

Claims are asked by the figures and names that a seal has in the clear, so the answer is the same with the text and without. Each claim cites the words that carry its figure; “caught” means that `wiki check --strict` would fail, be it by an error or by a warning. First the share of wrong claims that was caught:

{_table(("Mistake", "Cases", "Caught"), _claim_rows(run, CLAIMS_CHANGED, honest=False))}

Then the share of honest claims that was accepted:

{_table(("Written as", "Cases", "Accepted"), _claim_rows(run, CLAIMS_HONEST, honest=True))}

## Speakers and voices {{ #speech }}

Paragraphs of the novel, and passages of the speeches, in which somebody speaks in quotation marks and is named beside it. A wrong speaker stands in the quotation’s record only, or in the passage’s record as well.

{_table(("Mistake", "Cases", "Caught"), _claim_rows(run, speech.CHANGED, honest=False))}

{_table(("Written as", "Cases", "Accepted"), _claim_rows(run, speech.HONEST, honest=True))}

A speaker who is named beside the speech, as the one spoken to may be, passes: which of two names said the words is for a reader to see.

## What a seal gives away {{ #leak }}

{_leak_section(run.leaks)}

## What is not measured {{ #limits }}

- Whether a claim says in other words what its passage says. A paraphrase that lies with the right figures and names passes, here as in the wiki.
- Number words and hedges in other languages than English; fractions and “threefold” other than in the compiler’s own tests.
- Quotations of fewer than five words. A seal refuses those under four, and an ellipsis whose parts are as short.
- Mistakes that people make. These were made by a program, one at a time, and evenly over the classes; the total depends on how many of each there are. Cases made from one quotation are not independent, so the intervals are somewhat too narrow.

The texts of this page were kept apart while the checker was worked on; `make bench-evidence ARGS="--texts development"` runs on others. The claims are bare sentences (“It is given as $16 billion.”), far from the variety of real ones.

## How it was made {{ #made }}

{_table(("Text", "Texts", "Passages", "Words"), [(kind, *(f"{n:,}" for n in counts)) for kind, *counts in run.texts])}

{_origins()}
- Turkish and German names: two short invented texts of the benchmark's own, dedicated to the public domain under CC0 1.0.

The run: texts *{run.which}*, random seed `{run.seed}`, compiler of {run.date}. Intervals after Wilson (1927). *linkml* is linkml-reference-validator 0.4.0 with the passage alone as its reference and every `…` written as the three full stops it knows; it checks substrings after its own folding and does not claim to check more.
"""


def _leak_section(leaks: Sequence[Leak]) -> str:
    attacked = [leak for leak in leaks if leak.bits is None]
    kinds = [leak.kind for leak in attacked]
    sizes = "; ".join(f"{leak.kind}: {leak.passages} with {leak.rebuilt.of:,} words" for leak in attacked)
    lowest, highest = _range(leak.rebuilt.value for leak in leaks if leak.bits == 8)
    low, high = _range(leak.rebuilt.value for leak in leaks if leak.bits == max(WIDTHS))
    _, bare = _range(leak.rebuilt.value for leak in leaks if leak.bits == 0)
    return f"""A program was given the seals of some passages of each kind of text ({sizes} that are not in the clear), and all other speeches, chapters and countries that the benchmark has, but nothing of the texts under attack. It looked, from both ends of a passage, for words that follow each other in those other texts or that a trigram model of them finds likely, and whose hashes agree. From the seal it put {lowest} to {highest} of the hidden words in their right places, by the kind of text; from hashes of {max(WIDTHS)} bits {low} to {high}; without hashes {bare} at most. So one byte a run gives much less away than longer hashes do, and still a good part of a text to somebody who sets such a program on it: a seal is courtesy and evidence, not encryption, and what must stay secret must not be sealed in public. These figures are a lower bound. More computing and a larger model would rebuild more, and a big neural model, which has not been tried here, perhaps most.

The share of the hidden words that stand rebuilt at their right places, with its 95 % interval, by the width of the hash of a run:

{_table(("Attack", *kinds), _rebuilt_rows(leaks, lambda leak: leak.rebuilt))}

And the share of them that stand in readable runs, at least {READABLE} words in a row without a mistake (words in the clear may be among these):

{_table(("Readable", *kinds), _rebuilt_rows(leaks, lambda leak: leak.readable))}

A passage tends to be rebuilt nearly whole or hardly at all, so its words are not independent, and the intervals are much too narrow."""


def _range(values: Iterable[float]) -> tuple[str, str]:
    taken = sorted(values)
    return (f"{100 * taken[0]:.0f} %", f"{100 * taken[-1]:.0f} %") if taken else ("–", "–")


def _kind_rows(run: Run) -> Iterable[Sequence[str]]:
    for honest, label in ((False, "mistakes caught"), (True, "honest accepted")):
        for kind in dict.fromkeys(case.kind for case in run.cases):
            shares = run.shares(kind=kind, honest=honest)
            yield (f"{kind}, {label}", f"{shares[0].of:,}", *map(cell, shares))


def _wrong(run: Run) -> str:
    given = run.answers[0][1]
    wrong = [case for case, passed in zip(run.cases, given, strict=True) if passed is not case.honest]
    lines = (
        f"- {case.group}, {'refused' if case.honest else 'let through'} ({case.text.id}): "
        f"`` {' '.join(case.words.split())} ``"
        for case in wrong[:SHOWN]
    )
    return "\n".join(lines) or "None."


def _origins() -> str:
    return "\n".join(
        f"- {package.holds.capitalize()}: {package.origin}; npm package `{package.name}` {package.version}."
        for package in PACKAGES
    )
