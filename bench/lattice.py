"""What stands in a sealed text where its words follow each other as they do in other texts.

Every three words in a row that the other texts have are hashed once; so all that agree with a hash
of the seal are at hand, and chains of them are weighed exactly, over all places at once, by the
forward-backward algorithm (Rabiner 1989, Proceedings of the IEEE 77, 257-286). Between two chains
there may be words that no chain explains.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from bench.language import Reading
from bench.sealed import Sealed
from build_tools.seal import RUN, run_hasher

HINTS = 20  # words told of a place
_CHAINED = 0.5  # of the words, a guess: those that a chain explains
_DISCOUNT = 0.75
_LEAST = 1e-6  # a likelihood that is told

Pair = int


class _Links:
    """Runs of three words as two pairs each: how often after the first pair, and how often of all.

    In columns, as a walk over a million small objects takes several times as long.
    """

    def __init__(self) -> None:
        self.heads = array("l")
        self.tails = array("l")
        self.after = array("d")
        self.of_all = array("d")

    def add(self, head: Pair, tail: Pair, after: float, of_all: float) -> None:
        self.heads.append(head)
        self.tails.append(tail)
        self.after.append(after)
        self.of_all.append(of_all)

    def __iter__(self) -> Iterator[tuple[Pair, Pair, float, float]]:
        return zip(self.heads, self.tails, self.after, self.of_all, strict=True)


class Trigrams:
    """The runs of three words in the texts that were read."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        number: Counter[tuple[str, str, str]] = Counter()
        for reading in readings:
            number.update(zip(reading.words, reading.words[1:], reading.words[2:], strict=False))
        self._pairs: dict[tuple[str, str], Pair] = {}
        self._thirds: list[list[tuple[str, Pair, int]]] = []  # by the pair before
        for (first, second, third), count in number.items():
            head, tail = self._pair(first, second), self._pair(second, third)
            self._thirds[head].append((third, tail, count))
        self._total = number.total()

    def _pair(self, first: str, second: str) -> Pair:
        found = self._pairs.setdefault((first, second), len(self._pairs))
        if found == len(self._thirds):
            self._thirds.append([])
        return found

    def likely_words(self, targets: Sequence[Sealed]) -> list[list[dict[str, float]]]:
        """For each passage, and each place in it, the words of the likeliest chains; all of one width."""
        table = self._hashed(targets[0].bits // 8, {run for target in targets for run in target.runs})
        words = tuple(self._pairs)
        return [_chained(target, table, words) for target in targets]

    def _hashed(self, size: int, wanted: set[bytes]) -> dict[bytes, _Links]:
        table: dict[bytes, _Links] = {run: _Links() for run in wanted}
        if not wanted:
            return table
        for (first, second), head in self._pairs.items():
            thirds = self._thirds[head]
            begun = run_hasher(size)
            begun.update(f"{first} {second} ".encode())
            of_pair = sum(count for _, _, count in thirds)
            for third, tail, count in thirds:
                hasher = begun.copy()
                hasher.update(third.encode())
                run = hasher.digest()
                if run in table:
                    table[run].add(head, tail, (count - _DISCOUNT) / of_pair, count / self._total)
        return table


def _chained(
    target: Sealed, table: dict[bytes, _Links], words: Sequence[tuple[str, str]]
) -> list[dict[str, float]]:
    """The likelihood of words at each place, over all ways to lay chains and gaps."""
    size = target.words
    if not target.runs:
        return [{} for _ in range(size)]
    links = [_agreeing(target, place, table, words) for place in range(size)]
    skip = [target.by_chance(place) * (1 - _CHAINED) for place in range(size)]
    fresh = [0.0] * size  # what a chain starts from whose first run ends here
    forth: list[defaultdict[Pair, float]] = [defaultdict(float) for _ in range(size)]
    scale = [1.0] * size  # so that all that ends at a place sums to 1
    for place in range(size):
        if place >= RUN - 1:
            bridged = target.by_chance(place - 1) * target.by_chance(place - 2)
            fresh[place] = _CHAINED * bridged / (scale[place - 1] * scale[place - 2])
        before = forth[place - 1] if place else {}
        here, begin = forth[place], fresh[place]
        for head, tail, after, of_all in links[place]:
            here[tail] += before.get(head, 0.0) * after + begin * of_all
        scale[place] = skip[place] + sum(here.values())
        skip[place] /= scale[place]
        fresh[place] /= scale[place]
        for pair in here:
            here[pair] /= scale[place]
    found: list[defaultdict[str, float]] = [defaultdict(float) for _ in range(size)]
    follows = [1.0] * size  # what follows a place where no chain goes on
    begins = [0.0] * (size + RUN)  # what follows from chains whose first run ends at a place
    later: dict[Pair, float] = {}  # what follows a chain's last two words
    for place in range(size - 1, -1, -1):
        ended = forth[place]
        back: defaultdict[Pair, float] = defaultdict(float)
        if place < size - 1:
            follows[place] = skip[place + 1] * follows[place + 1] + begins[place + RUN]
            for head, tail, after, _ in links[place + 1]:
                if head in ended:
                    back[head] += after * later[tail] / scale[place + 1]
        later = {pair: follows[place] + back.get(pair, 0.0) for pair in ended}
        for pair, weight in ended.items():
            share = weight * later[pair]
            if share > _LEAST:
                found[place][words[pair][1]] += share
        begin = fresh[place]
        for head, tail, _, of_all in links[place]:
            share = begin * of_all * later[tail]
            begins[place] += share
            if share > _LEAST:
                found[place - 2][words[head][0]] += share
                found[place - 1][words[head][1]] += share
    return [
        {word: likely[word] for word in sorted(likely, key=lambda word: (-likely[word], word))[:HINTS]}
        for likely in found
    ]


def _agreeing(
    target: Sealed, place: int, table: dict[bytes, _Links], words: Sequence[tuple[str, str]]
) -> _Links:
    """The links whose hash is that of the run ending here, and that have the words in the clear."""
    run = target.run_at(place)
    agreeing = _Links()
    if run is None:
        return agreeing
    first, second, third = (
        target.clear[at][0] if at in target.clear else None for at in range(place - RUN + 1, place + 1)
    )
    if first is second is third is None:
        return table[run]
    for head, tail, after, of_all in table[run]:
        if (
            first in (None, words[head][0])
            and second in (None, words[head][1])
            and third in (None, words[tail][1])
        ):
            agreeing.add(head, tail, after, of_all)
    return agreeing
