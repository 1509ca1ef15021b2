"""Passages found for a pasted fragment, or for words that describe a fact, across all seeds."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

from build_tools.cite import CitedWiki
from build_tools.evidence import own_figures, sealed, sealed_names
from build_tools.figures import Figure, supports
from build_tools.names import name_forms
from build_tools.prose import plain_text
from build_tools.quotes import CONTEXT, SHORT, Place, find_quote
from build_tools.records import Passage
from build_tools.seal import PassageSeal, run_hashes
from build_tools.text import COMMON, folded, quote_parts, words
from build_tools.validate import Seed

_FIGURE_WEIGHT, _NAME_WEIGHT, _RUN_WEIGHT = 3, 2, 2  # of what can hardly be there by chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A passage that may be meant, the words of it that are, and why it is thought to be.

    `exact` is true where it has the very words; `cite` is what to paste.
    """

    seed: Seed
    passage: Passage
    cite: str
    exact: bool
    why: str
    score: int


def find_passages(wiki: CitedWiki, text: str, *, most: int = 5) -> tuple[Found, ...]:
    """The passages that have the words, or else those most like them, best first."""
    found: list[Found] = []
    for seed in wiki.linked.seeds.values():
        for passage in seed.passages:
            place = find_quote(text, seed, passage)
            item = _exact(text, seed, passage, place) if place else _like(text, seed, passage, wiki)
            if item is not None:
                found.append(item)
    exact = [item for item in found if item.exact]
    ranked = sorted(exact or found, key=lambda item: (-item.score, item.seed.id, int(item.passage.id[1:])))
    return tuple(ranked[:most])


def _exact(text: str, seed: Seed, passage: Passage, place: Place) -> Found:
    cite = f"{seed.id}#{passage.id}:{place}"
    there = words(seed.texts.get(passage.id, ""))
    if there and place.last - place.first + 1 < SHORT:
        around = {
            "prefix": range(max(0, place.first - CONTEXT), place.first),
            "suffix": range(place.last + 1, min(len(there), place.last + 1 + CONTEXT)),
        }
        keys = {key: " ".join(there[i].written for i in reach) for key, reach in around.items() if reach}
        more = "".join(f", {key}: {_quoted(value)}" for key, value in keys.items())
        cite = f"{{seed: {seed.id}, passage: {passage.id}, span: {place}, quote: {_quoted(text)}{more}}}"
    why = "has these words" if place.unique else "has these words more than once"
    return Found(seed=seed, passage=passage, cite=cite, exact=True, why=why, score=0)


def _quoted(text: str) -> str:
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def _like(text: str, seed: Seed, passage: Passage, wiki: CitedWiki) -> Found | None:
    """The passage if it shares figures, names, runs or words of its gist with the text."""
    seal = seed.seal_of(passage)
    parts = quote_parts(text)
    own = Counter(word for part in parts for word in part if word not in COMMON)
    known = Counter(set(folded(plain_text(passage.gist, wiki.linked.names))) - COMMON)
    score = sum((own & known).values())
    why, span = "looks alike", ""
    if seal is not None:
        hashes = [run_hashes(part) for part in parts]
        runs = {runs[i : i + 2] for runs in hashes for i in range(len(runs) - 1)}
        score += _RUN_WEIGHT * sum(seal.runs.find(run) >= 0 for run in runs)
        names = sealed_names(seal)
        score += _NAME_WEIGHT * sum(any(map(names.has_form, name_forms(word))) for word in own)
        stated = own_figures(text)
        there = [(figure, _carrying(figure, seal, seed)) for figure in stated]
        carrying = [figure for _, figure in there if figure is not None]
        score += _FIGURE_WEIGHT * len(carrying)
        if stated and len(carrying) == len(stated):
            first, last = min(f.reach[0] for f in carrying), max(f.reach[1] for f in carrying)
            why, span = "has these figures", f":{first + 1}-{last + 1}"
    if not score:
        return None
    cite = f"{seed.id}#{passage.id}{span}"
    return Found(seed=seed, passage=passage, cite=cite, exact=False, why=why, score=score)


def _carrying(wanted: Figure, seal: PassageSeal, seed: Seed) -> Figure | None:
    """The figure of the passage that carries one of the text."""
    there = sealed(seal, seed.record.language.tag).figures
    return next((figure for figure in there if supports(figure, wanted)), None)
