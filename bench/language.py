"""A language model in plain Python: how likely each word is after two others, from texts it has read.

Trigrams with interpolated Kneser-Ney smoothing (Chen and Goodman 1999, Computer Speech and Language
13, 359-394). It is made for one purpose, to rebuild sealed texts: a word that a seal would have in
the clear is expected as "a figure" or "a name", since which one it is need not be guessed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.texts import OtherText
from build_tools.seal import PassageSeal, make_seal
from build_tools.text import folded, words

UNKNOWN, FIGURE, NAME = 0, 1, 2  # what stands for a word that is not in the vocabulary
_CLASSES = ("", "<figure>", "<name>")
_DISCOUNT = 0.75
_RARE = 3  # a name read less often is one among many as a context
ELSEWHERE = 0.3  # what a reading counts in a text of another kind

Word = int


@dataclass(frozen=True, slots=True)
class Reading:
    """The folded words of a text that was read, and for each whether a seal would hide it, or its class."""

    kind: str
    words: tuple[str, ...]
    classes: tuple[int, ...]  # UNKNOWN for a word that is not in the clear

    def turned(self) -> Reading:
        """The words from the last to the first: a model of these guesses a word from what comes after it."""
        return Reading(self.kind, self.words[::-1], self.classes[::-1])


@dataclass(frozen=True, slots=True)
class Choice:
    """Words that may come next, likeliest first, with their likelihoods negated so that they ascend."""

    words: tuple[Word, ...]
    negated: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Context:
    """What follows a context: the likelihood of each word read there, and of all others a share."""

    likely: dict[Word, float]
    rest: float
    choice: Choice


def clear_classes(seal: PassageSeal) -> dict[int, int]:
    """For the position of each word in the clear whether it is a figure or a name."""
    return {
        **{position: NAME for position, _ in seal.names},
        **{position: FIGURE for position, _ in seal.figures},
    }


def read(texts: Iterable[OtherText]) -> tuple[Reading, ...]:
    """The texts as a model is built from."""
    found: list[Reading] = []
    for text in texts:
        clear = clear_classes(make_seal(text.name, [("p1", text.text, False)]).passages[0])
        taken = folded(text.text)
        found.append(Reading(text.kind, taken, tuple(clear.get(i, UNKNOWN) for i in range(len(taken)))))
        words.cache_clear()  # it would hold every word of every text
    return tuple(found)


class Model:
    """How likely words are after two others, for a kind of text: readings of that kind count most.

    Contexts are counted when they are first asked for.
    """

    def __init__(self, readings: Sequence[Reading], kind: str) -> None:
        taken = sorted(readings, key=lambda reading: reading.kind != kind)
        number = Counter(word for reading in taken for word in reading.words)
        self.vocabulary = (*_CLASSES, *number)
        self._ids = {word: id_ for id_, word in enumerate(self.vocabulary)}
        self._seen = [0] * len(_CLASSES) + list(number.values())
        self._words: list[Word] = []  # as contexts; UNKNOWN before each text
        self._goals: list[Word] = []  # as what is to be guessed
        self._own = 0
        for reading in taken:
            self._words.append(UNKNOWN)
            self._goals.append(UNKNOWN)
            for word, class_ in zip(reading.words, reading.classes, strict=True):
                self._words.append(self.context(word, class_))
                self._goals.append(class_ or self._ids[word])
            if reading.kind == kind:
                self._own = len(self._words)
        self._places: defaultdict[Word, list[int]] = defaultdict(list)
        for place, context in enumerate(self._words[:-1]):
            if UNKNOWN not in (context, self._goals[place + 1]):
                self._places[context].append(place)
        self._first = self._single()
        hidden = Counter(goal for goal in self._goals[: self._own] if goal > NAME)
        self.commonest = self.vocabulary[min(hidden, key=lambda word: (-hidden[word], word), default=UNKNOWN)]
        self._pairs: dict[Word, tuple[dict[Word, list[int]], _Context]] = {}
        self._triples: dict[tuple[Word, Word], _Context] = {}

    def context(self, word: str, class_: int) -> Word:
        """The word as a context for others: a figure with digits, or a rare name, stands for all of them."""
        id_ = self._ids.get(word, UNKNOWN)
        if class_ == FIGURE and any(character.isdigit() for character in word):
            return FIGURE
        if class_ == NAME and self._seen[id_] < _RARE:
            return NAME
        return id_

    def id(self, word: str) -> Word:
        """The word's number; UNKNOWN if it was never read."""
        return self._ids.get(word, UNKNOWN)

    def choices(self, first: Word, second: Word) -> tuple[tuple[float, Choice], ...]:
        """Lists of words that may follow, each with the factor that its likelihoods take."""
        _, pair = self._pair(second)
        triple = self._triple(first, second)
        return (
            (1.0, triple.choice),
            (triple.rest, pair.choice),
            (triple.rest * pair.rest, self._first.choice),
        )

    def likelihood(self, first: Word, second: Word, goal: Word) -> float:
        """How likely the word, the class or an unknown word is to follow."""
        triple = self._triple(first, second)
        if goal in triple.likely:
            return triple.likely[goal]
        _, pair = self._pair(second)
        if goal in pair.likely:
            return triple.rest * pair.likely[goal]
        return triple.rest * pair.rest * self._first.likely.get(goal, 0.0)

    def _weight(self, place: int) -> float:
        return 1.0 if place < self._own else ELSEWHERE

    def _single(self) -> _Context:
        weights: defaultdict[Word, float] = defaultdict(float)
        for places in self._places.values():
            for goal, weight in self._after(places).items():
                weights[goal] += min(1.0, weight)
        return self._made(weights, None)

    def _pair(self, word: Word) -> tuple[dict[Word, list[int]], _Context]:
        if word not in self._pairs:
            before: defaultdict[Word, list[int]] = defaultdict(list)
            for place in self._places.get(word, ()):
                before[self._words[place - 1]].append(place)
            weights: defaultdict[Word, float] = defaultdict(float)
            for places in before.values():
                for goal, weight in self._after(places).items():
                    weights[goal] += min(1.0, weight)
            self._pairs[word] = dict(before), self._made(weights, self._first)
        return self._pairs[word]

    def _triple(self, first: Word, second: Word) -> _Context:
        key = first, second
        if key not in self._triples:
            before, pair = self._pair(second)
            places = before.get(first, []) if UNKNOWN not in key else []
            self._triples[key] = self._made(self._after(places), pair)
        return self._triples[key]

    def _after(self, places: Iterable[int]) -> dict[Word, float]:
        weights: defaultdict[Word, float] = defaultdict(float)
        for place in places:
            weights[self._goals[place + 1]] += self._weight(place)
        return weights

    def _made(self, weights: dict[Word, float], lower: _Context | None) -> _Context:
        """The context with its likelihoods interpolated with the lower order's; below all is "unknown"."""
        if not weights:
            return _Context({}, 1.0, Choice((), ()))
        total = sum(weights.values())
        rest = sum(_DISCOUNT * min(1.0, weight) for weight in weights.values()) / total
        likely = {goal: (weight - _DISCOUNT * min(1.0, weight)) / total for goal, weight in weights.items()}
        if lower is None:
            likely[UNKNOWN] = rest
        else:
            likely = {goal: found + rest * lower.likely[goal] for goal, found in likely.items()}
        guesses = sorted((-found, goal) for goal, found in likely.items() if goal > NAME)
        return _Context(
            likely, rest, Choice(tuple(goal for _, goal in guesses), tuple(found for found, _ in guesses))
        )
