"""The words of sealed passages met again in other texts: what is ours to say must not be theirs.

A seal knows no words, but it knows their runs: eight words in a row that hash as eight words of a
passage do, and agree with the figures and names that it has in the clear, are taken for the same.
"""

from __future__ import annotations

import bisect
import functools
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from build_tools.records import QuotationPolicy
from build_tools.seal import RUN, PassageSeal, run_hashes
from build_tools.validate import Seed
from build_tools.values import Publish

COPIED_RUN = 8  # words of a passage in a row that our own prose may not have
COPIED_OWN = 5  # of these, words that are neither figures nor names: lists of names are facts
_WINDOW = COPIED_RUN - RUN + 1  # of their hashes
_STEP = _WINDOW - 1  # so many windows in a row have two hashes in common
_Windows = Callable[[bytes], Sequence[int]]  # the places of a window


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of a seed may be quoted: words in one quotation, per cent of all its words."""

    words_per_quote: int
    share: int


def limits(seed: Seed, policy: QuotationPolicy) -> Limits | None:
    """The seed's own limits, or else the wiki's; None where all of its text may be published."""
    rights = seed.record.rights
    if rights.publish is not Publish.QUOTATIONS:
        return None
    return Limits(
        words_per_quote=(rights.words_per_quote or policy.words_per_quote).number,
        share=(rights.share_of_seed or policy.share_of_seed).number,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """The `size` words of a text from its word `first` on that a passage has from its word `begin` on."""

    seed: str
    passage: PassageSeal
    begin: int
    first: int
    size: int

    def copied(self, begin: int, end: int) -> Iterator[int]:
        """Where, in these words of the passage, eight begin that are more than names and figures."""
        clear = self.passage.clear
        for start in range(begin, end - COPIED_RUN + 1):
            if sum(start + k not in clear for k in range(COPIED_RUN)) >= COPIED_OWN:
                yield start


@dataclass(frozen=True, slots=True)
class SealedWords:
    """Passages of seeds, to be searched in one go: by the hashes of eight words, where these stand.

    A place is counted through the runs of all passages, one passage after the other.
    """

    _passages: tuple[tuple[str, PassageSeal], ...]
    _starts: tuple[int, ...]
    _windows: _Windows
    _every: Callable[[], Set[bytes]]  # window
    _has_pair: Callable[[bytes], bool]  # false if two hashes stand nowhere side by side

    @classmethod
    def of(cls, passages: Iterable[tuple[str, PassageSeal]]) -> SealedWords:
        """Made ready for long texts, by a table of all that may be met: much larger than the seals."""
        kept, starts = _laid_out(passages)
        windows: dict[bytes, int] = {}  # each with the first of its places
        further: dict[bytes, list[int]] = {}
        for start, (_, passage) in zip(starts, kept, strict=True):
            latest: dict[bytes, int] = {}
            for i in range(len(passage.runs) - _WINDOW + 1):
                window = passage.runs[i : i + _WINDOW]
                # A word said over and over stands at one place: from there on the run leads to the others.
                apart = i - latest.get(window, -_WINDOW) >= _WINDOW
                if apart and windows.setdefault(window, start + i) != start + i:
                    further.setdefault(window, []).append(start + i)
                latest[window] = i

        def places(window: bytes) -> Sequence[int]:
            first = windows.get(window)
            return () if first is None else (first, *further.get(window, ()))

        # In so many passages there are all pairs of bytes.
        return cls(kept, starts, places, windows.keys, lambda _: True)

    @classmethod
    def few(cls, passages: Iterable[tuple[str, PassageSeal]]) -> SealedWords:
        """The same for short texts and a seed or two: nothing is made ready, all is looked through."""
        kept, starts = _laid_out(passages)
        runs = b"".join(passage.runs for _, passage in kept)

        def places(window: bytes) -> Sequence[int]:
            found: list[int] = []
            latest = -_WINDOW
            place = runs.find(window)
            while place >= 0:
                number = bisect.bisect_right(starts, place) - 1
                if place + _WINDOW <= starts[number] + len(kept[number][1].runs):
                    if place - latest >= _WINDOW:
                        found.append(place)
                    latest = place
                place = runs.find(window, place + 1)
            return found

        def every() -> Set[bytes]:
            own = (passage.runs for _, passage in kept)
            return {each[i : i + _WINDOW] for each in own for i in range(len(each) - _WINDOW + 1)}

        return cls(kept, starts, places, every, runs.__contains__)

    @property
    def windows(self) -> Set[bytes]:
        """The hashes of all eight words in a row that the passages have."""
        return self._every()

    def _may_have(self, text: Sequence[str]) -> bool:
        """False if none of eight words in a row of the text can stand in the passages: most have none."""
        return any(
            self._has_pair(run_hashes(text[i + _STEP - 1 : i + COPIED_RUN]))
            for i in range(0, len(text) - COPIED_RUN + 1, _STEP)
        )

    def repeated(self, text: Sequence[str]) -> Iterator[Repeated]:
        """The runs of eight folded words or more that a passage has too, each as long as it goes on.

        Of the places that a seed has for them the longest counts. Six hashes in a row agree by chance
        once in 2 ** 48 times, but one more hash once in 256: the ends of a run may be a word too far.
        """
        hashes = run_hashes(text) if self._may_have(text) else b""
        places: dict[bytes, Sequence[int]] = {}  # a refrain is looked for once
        told: dict[str, int] = {}  # by seed, the first eight words that no run told of holds
        for i in range(len(hashes) - _WINDOW + 1):
            longest: dict[str, Repeated] = {}
            window = hashes[i : i + _WINDOW]
            if window not in places:
                places[window] = self._windows(window)
            for place in places[window]:
                number = bisect.bisect_right(self._starts, place) - 1
                seed, passage = self._passages[number]
                if i >= told.get(seed, 0):
                    run = _run(text, hashes, i, seed, passage, place - self._starts[number])
                    if run is not None and (seed not in longest or run.size > longest[seed].size):
                        longest[seed] = run
            for seed, run in longest.items():
                told[seed] = run.first + run.size - COPIED_RUN + 1
                yield run


def windows_of(text: Sequence[str]) -> list[bytes]:
    """The hashes of all eight folded words in a row of a text, as `SealedWords.windows` has them."""
    hashes = run_hashes(text)
    return [hashes[i : i + _WINDOW] for i in range(len(hashes) - _WINDOW + 1)]


def _laid_out(
    passages: Iterable[tuple[str, PassageSeal]],
) -> tuple[tuple[tuple[str, PassageSeal], ...], tuple[int, ...]]:
    """The passages that have runs, and where those of each begin among all."""
    kept = tuple((seed, passage) for seed, passage in passages if passage.runs)
    return kept, tuple(itertools.accumulate((len(passage.runs) for _, passage in kept), initial=0))[:-1]


@functools.lru_cache(maxsize=1 << 10)
def _clear(passage: PassageSeal) -> Mapping[int, str]:
    """The words of a passage that stand in the clear: many texts meet the same few passages."""
    return passage.clear


def _run(
    text: Sequence[str], hashes: bytes, i: int, seed: str, passage: PassageSeal, begin: int
) -> Repeated | None:
    """The run around word `i` of the text and `begin` of the passage; None if those eight words differ."""
    clear = _clear(passage)

    def agree(offset: int) -> bool:
        known = clear.get(begin + offset)
        return known is None or known == text[i + offset]

    if not all(map(agree, range(COPIED_RUN))):
        return None
    before, after = 0, _WINDOW
    while before < min(i, begin) and agree(-before - 1):
        if hashes[i - before - 1] != passage.runs[begin - before - 1]:
            break
        before += 1
    while after < min(len(hashes) - i, len(passage.runs) - begin) and agree(after + RUN - 1):
        if hashes[i + after] != passage.runs[begin + after]:
            break
        after += 1
    size = before + after + RUN - 1
    return Repeated(seed=seed, passage=passage, begin=begin - before, first=i - before, size=size)
