"""What a seal gives away: how much of a text somebody rebuilds who has its seal and other texts."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from bench.attack import Attack
from bench.language import clear_classes, read
from bench.lattice import Trigrams
from bench.measure import Share, cut_passages, share_of
from bench.sealed import sealed
from bench.texts import OtherText, Text
from build_tools.seal import PassageSeal
from build_tools.seeds import seal_of
from build_tools.text import folded

WIDTHS = (0, 8, 16, 64)  # bits of a hash; none, the seal's, and wider ones
PASSAGES = 12  # of a kind, attacked at each width
READABLE = 8  # words in a row, all right


@dataclass(frozen=True, slots=True)
class Leak:
    """What an attack rebuilds of a kind of text, as shares of the words that are not in the clear."""

    kind: str
    bits: int | None  # of a hash; None for the commonest word everywhere
    passages: int
    rebuilt: Share
    readable: Share  # in runs of at least `READABLE` words that are all right


@dataclass(frozen=True, slots=True)
class _Attacked:
    """A passage under attack: its kind, its seal, and the words that are to be rebuilt."""

    kind: str
    seal: PassageSeal
    words: tuple[str, ...]


def leaks(texts: Sequence[Text], others: Iterable[OtherText], seed: str) -> tuple[Leak, ...]:
    """What the attacks rebuild of some passages of each kind of text, having read the other texts."""
    readings = read(others)
    known = Trigrams(readings)
    taken = _some(texts, seed)
    targets = {bits: [sealed(one.seal, one.words, bits) for one in taken] for bits in WIDTHS}
    hints = {bits: known.likely_words(targets[bits]) for bits in WIDTHS}
    found: list[Leak] = []
    for kind in dict.fromkeys(one.kind for one in taken):
        attack = Attack(readings, kind)
        chosen = [i for i, one in enumerate(taken) if one.kind == kind]
        passages = [taken[i] for i in chosen]
        found.append(_leak(None, passages, [(attack.commonest,) * len(one.words) for one in passages]))
        for bits in WIDTHS:
            guesses = [attack.rebuild(targets[bits][i], hints[bits][i]) for i in chosen]
            found.append(_leak(bits, passages, guesses))
    return tuple(found)


def _some(texts: Iterable[Text], seed: str) -> list[_Attacked]:
    """At most `PASSAGES` passages of each kind."""
    by_kind: defaultdict[str, list[_Attacked]] = defaultdict(list)
    for text in texts:
        seals = seal_of(text.id, cut_passages(text)).passages
        by_kind[text.kind] += (
            _Attacked(text.kind, seal, folded(passage.text))
            for seal, passage in zip(seals, text.passages, strict=True)
        )
    return [
        one
        for kind, passages in by_kind.items()
        for one in random.Random(f"{seed}/leak/{kind}").sample(passages, min(PASSAGES, len(passages)))
    ]


def _leak(bits: int | None, passages: Sequence[_Attacked], guesses: Sequence[Sequence[str | None]]) -> Leak:
    rebuilt: list[bool] = []
    readable: list[bool] = []
    for one, guessed in zip(passages, guesses, strict=True):
        right, in_runs = outcome(one.words, guessed, clear_classes(one.seal))
        rebuilt += right
        readable += in_runs
    return Leak(passages[0].kind, bits, len(passages), share_of(rebuilt), share_of(readable))


def outcome(
    words: Sequence[str], guessed: Sequence[str | None], clear: Container[int]
) -> tuple[list[bool], list[bool]]:
    """For each word not in the clear whether it is rebuilt, and whether it stands in a readable run.

    A word in the clear counts as right inside a run, and not at all by itself.
    """
    right = [place in clear or guessed[place] == word for place, word in enumerate(words)]
    length: list[int] = []  # of the run of right words that a place stands in
    for is_right, places in itertools.groupby(right):
        size = len(list(places))
        length += [size if is_right else 0] * size
    hidden = [place for place in range(len(words)) if place not in clear]
    return [right[place] for place in hidden], [length[place] >= READABLE for place in hidden]
