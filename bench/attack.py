"""An attack on seals: the words of a sealed text are guessed with what other texts have taught.

It goes over a passage word by word and keeps many readings of it at once, each with its likelihood
by a language model. A reading whose last three words have another hash than the seal is dropped. A
word may be left open: then the hashes that touch it say nothing, and the reading pays for each what
a hash agrees by chance. At the end a word is the one that is likeliest over all readings that are
left, so what stands after it helps to find it too. There are two passes, back and there; each tries
first, and keeps, what was found before it, the first what the lattice of known runs found.
"""

from __future__ import annotations

import functools
import hashlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bench.language import NAME, UNKNOWN, Choice, Model, Reading, Word
from bench.lattice import HINTS
from bench.sealed import Sealed
from build_tools.seal import run_hasher

TRIES = 10_000  # words tried against a hash, at each place of each pass
KEPT = 500  # readings kept
KEPT_UNHASHED = 200  # where there are no hashes at all, which is slow and finds little
SURE = 0.01  # the likelihood of a hint that is taken even where no hash can be asked
UNHINTED = 1e-3  # the promise of a word that the pass before did not find

State = tuple[Word, Word]


class _Arc(NamedTuple):
    """A step from a reading to one more word: from which, the last two words then, the likelihood."""

    start: int
    state: State
    likely: float


@dataclass(frozen=True, slots=True)
class _Layer:
    """The readings at a place: the last two words of each, its weight, and the steps that led there."""

    states: tuple[State, ...]
    weights: tuple[float, ...]  # sum to 1
    steps: tuple[tuple[int, int, float], ...]  # from a reading of the layer before, to one of these


class _Branch(NamedTuple):
    """A list of words that may follow a reading; `reach` takes its likelihoods to weights."""

    start: int
    before: bytes | None  # the two words before as they are hashed; None if no hash can be asked
    factor: float
    reach: float
    choice: Choice


class Attack:
    """Two passes over a sealed text of a kind, back and there."""

    def __init__(
        self, readings: Sequence[Reading], kind: str, *, tries: int = TRIES, kept: int = KEPT
    ) -> None:
        self._there = _Pass(Model(readings, kind), tries, kept)
        self._back = _Pass(Model([reading.turned() for reading in readings], kind), tries, kept)
        self.commonest = self._there.commonest

    def rebuild(self, target: Sealed, hints: Sequence[Mapping[str, float]]) -> tuple[str | None, ...]:
        """The passage's words as far as there is a guess; those in the clear as they are.

        `hints` has for each place the words that are likely there, as far as is known.
        """
        back = self._back.likely_words(target.turned(), hints[::-1])
        found = self._there.likely_words(target, back[::-1])
        best = [min(likely, key=lambda word: (-likely[word], word)) for likely in found]
        return tuple(
            target.clear[place][0] if place in target.clear else word or None
            for place, word in enumerate(best)
        )


class _Pass:
    """One pass over a sealed text, from its first word to its last, with a model of that direction."""

    def __init__(self, model: Model, tries: int, kept: int) -> None:
        self._model = model
        self._tries = tries
        self._kept = kept
        self._spelled = tuple(word.encode() for word in model.vocabulary)
        self._begun = functools.cache(self._hashers)
        self.commonest = model.commonest

    def likely_words(self, target: Sealed, hints: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
        """For each place the words that may stand there, "" for an unknown one, with their likelihood.

        `hints` are what another pass found; they choose what is tried and kept, and change no likelihood.
        """
        layers = [_Layer(((UNKNOWN, UNKNOWN),), (1.0,), ())]
        for place in range(target.words):
            hint = {self._model.id(word): likely for word, likely in hints[place].items()}
            if place in target.clear:
                arcs = self._fixed(target, place, layers[-1])
            else:
                arcs = self._open(target, place, layers[-1], hint)
            layers.append(_layer(layers[-1], arcs, hint, self._kept if target.runs else KEPT_UNHASHED))
        return [
            {self._model.vocabulary[word]: likely for word, likely in found.items()}
            for found in _shares(layers)
        ]

    def _fixed(self, target: Sealed, place: int, layer: _Layer) -> list[_Arc]:
        """The readings that go on with the word in the clear."""
        word, class_ = target.clear[place]
        context = self._model.context(word, class_)
        run = target.run_at(place)
        arcs = []
        for i, (first, second) in enumerate(layer.states):
            likely = self._model.likelihood(first, second, class_)
            before = self._before(target, place, first, second)
            if before is None or run is None:
                arcs.append(_Arc(i, (second, context), likely * target.by_chance(place)))
            else:
                text = word.encode() + before if target.is_turned else before + word.encode()
                hasher = run_hasher(target.bits // 8)
                hasher.update(text)
                if hasher.digest() == run:
                    arcs.append(_Arc(i, (second, context), likely))
        # Where no reading is left, the words before are taken for unknown.
        return arcs or [_Arc(i, (UNKNOWN, context), 1.0) for i in range(len(layer.states))]

    def _open(self, target: Sealed, place: int, layer: _Layer, hint: Mapping[Word, float]) -> list[_Arc]:
        """The readings that go on with a word that agrees with the hash, or with an unknown one."""
        chance = target.by_chance(place)
        run = target.run_at(place)
        branches: list[_Branch] = []
        found: dict[tuple[int, Word], float] = {}
        worth_asking = [word for word in hint if word > NAME]
        likely_hints = [word for word in worth_asking if hint[word] > SURE]
        for i, ((first, second), weight) in enumerate(zip(layer.states, layer.weights, strict=True)):
            before = self._before(target, place, first, second)
            factor = 1.0 if before is not None else chance
            found[i, UNKNOWN] = chance * self._model.likelihood(first, second, UNKNOWN)
            hinted = worth_asking if before is not None else likely_hints
            for k in self._agreeing(target, before, hinted, run):
                found[i, hinted[k]] = factor * self._model.likelihood(first, second, hinted[k])
            for scale, choice in self._model.choices(first, second):
                if choice.words and weight > 0:
                    branches.append(_Branch(i, before, factor * scale, weight * factor * scale, choice))
        asked = any(branch.before is not None for branch in branches)
        least = _least(branches, self._tries if asked else self._kept)
        for branch in branches:
            words = branch.choice.words[: bisect_right(branch.choice.negated, -least / branch.reach)]
            for k in self._agreeing(target, branch.before, words, run):
                found.setdefault((branch.start, words[k]), -branch.factor * branch.choice.negated[k])
        return [_Arc(i, (layer.states[i][1], word), likely) for (i, word), likely in found.items()]

    def _agreeing(
        self, target: Sealed, before: bytes | None, words: Sequence[Word], run: bytes | None
    ) -> Iterable[int]:
        """Which of the words make a run with this hash after the two before; all, if no hash can be asked."""
        if before is None:
            return range(len(words))
        size = target.bits // 8
        agreeing = []
        if target.is_turned:
            begun = self._begun(size)
            for k, word in enumerate(words):
                hasher = begun[word].copy()
                hasher.update(before)
                if hasher.digest() == run:
                    agreeing.append(k)
        else:
            hasher = run_hasher(size)
            hasher.update(before)
            again, spelled = hasher.copy, self._spelled
            for k, word in enumerate(words):
                hasher = again()
                hasher.update(spelled[word])
                if hasher.digest() == run:
                    agreeing.append(k)
        return agreeing

    def _hashers(self, size: int) -> tuple[hashlib.blake2b, ...]:
        """For each word of the vocabulary a hash begun with it."""
        begun = []
        for word in self._spelled:
            hasher = run_hasher(size)
            hasher.update(word)
            begun.append(hasher)
        return tuple(begun)

    def _before(self, target: Sealed, place: int, first: Word, second: Word) -> bytes | None:
        """The two words before as they are hashed; None if there is no hash or one of them is unknown."""
        if target.run_at(place) is None:
            return None
        far, near = (
            target.clear[at][0].encode() if at in target.clear else self._spelled[word]
            for at, word in ((place - 2, first), (place - 1, second))
        )
        if not far or not near:
            return None
        return b" %b %b" % (near, far) if target.is_turned else b"%b %b " % (far, near)


def _least(branches: Sequence[_Branch], number: int) -> float:
    """A weight that about so many of the words on the branches reach."""
    tops = sorted(((branch.reach * branch.choice.negated[0], i) for i, branch in enumerate(branches)))
    ordered = [(-top, branches[i].reach, branches[i].choice.negated) for top, i in tops]

    def count(least: float) -> int:
        total = 0
        for top, reach, negated in ordered:
            if top < least or total >= number:
                break
            total += bisect_right(negated, -least / reach)
        return total

    low = high = ordered[0][0]
    while low > 1e-90 and count(low) < number:
        high, low = low, low / 16
    for _ in range(4):
        middle = (low * high) ** 0.5
        if count(middle) < number:
            high = middle
        else:
            low = middle
    return high


def _layer(layer: _Layer, arcs: Sequence[_Arc], hint: Mapping[Word, float], kept: int) -> _Layer:
    """The readings that the arcs lead to, those of equal last words as one, and only the most promising."""
    weights: defaultdict[State, float] = defaultdict(float)
    for arc in arcs:
        weights[arc.state] += layer.weights[arc.start] * arc.likely
    promise = {
        state: weight * (hint.get(state[1], 0.0) + UNHINTED) if hint else weight
        for state, weight in weights.items()
    }
    best = sorted(weights, key=lambda state: (-promise[state], state))[:kept]
    total = sum(weights[state] for state in best)
    number = {state: k for k, state in enumerate(best)}
    return _Layer(
        tuple(best),
        tuple(weights[state] / total for state in best),
        tuple((arc.start, number[arc.state], arc.likely / total) for arc in arcs if arc.state in number),
    )


def _shares(layers: Sequence[_Layer]) -> list[dict[Word, float]]:
    """For each place the likelihood of each word over all readings, from both sides (forward-backward)."""
    found: list[dict[Word, float]] = []
    after = [1.0] * len(layers[-1].states)
    for at in range(len(layers) - 1, 0, -1):
        layer = layers[at]
        shares: defaultdict[Word, float] = defaultdict(float)
        for (_, word), weight, later in zip(layer.states, layer.weights, after, strict=True):
            shares[word] += weight * later
        likeliest = sorted(shares, key=lambda word: (-shares[word], word))[:HINTS]
        found.append({word: shares[word] for word in likeliest})
        before = [0.0] * len(layers[at - 1].states)
        for i, k, likely in layer.steps:
            before[i] += likely * after[k]
        after = before
    return found[::-1]
