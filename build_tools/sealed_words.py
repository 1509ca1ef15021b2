"""The words of sealed passages met again in other texts: what is ours to say must not be theirs.

A seal knows no words, but it knows their runs: eight words in a row that hash as eight words of a
passage do, and agree with the figures and names that it has in the clear, are taken for the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from build_tools.seal import RUN, PassageSeal, run_hashes

COPIED_RUN = 8  # words of a passage in a row that our own prose may not have
COPIED_OWN = 5  # of these, words that are neither figures nor names: lists of names are facts
_WINDOW = COPIED_RUN - RUN + 1


@dataclass(frozen=True, slots=True)
class Copied:
    """Eight words of a text, from `begin` on, that stand in a passage from `place` on, counted from 0."""

    begin: int
    seed: str
    passage: PassageSeal
    place: int

    @property
    def places(self) -> range:
        return range(self.place, self.place + COPIED_RUN)


class SealedWords:
    """The passages of seeds, to be searched for in any text in one go."""

    def __init__(self, passages: Iterable[tuple[str, PassageSeal]]) -> None:
        self._windows: dict[bytes, list[tuple[str, PassageSeal, int]]] = defaultdict(list)
        for seed, passage in passages:
            for place in range(len(passage.runs) - _WINDOW + 1):
                self._windows[passage.runs[place : place + _WINDOW]].append((seed, passage, place))

    def copied(self, text: Sequence[str]) -> Iterator[Copied]:
        """Every place at which folded words repeat eight words of a passage, lists of facts apart."""
        if not self._windows:
            return
        runs = run_hashes(text)
        for begin in range(len(runs) - _WINDOW + 1):
            for seed, passage, place in self._windows.get(runs[begin : begin + _WINDOW], ()):
                clear = passage.clear
                words = text[begin : begin + COPIED_RUN]
                known = [clear.get(place + k) for k in range(COPIED_RUN)]
                if any(word is not None and word != own for word, own in zip(known, words, strict=True)):
                    continue
                if known.count(None) >= COPIED_OWN:
                    yield Copied(begin, seed, passage, place)
