"""What an attacker has of a text: its seal, and seals of the same make with hashes of another width."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.language import clear_classes
from build_tools.seal import RUN, PassageSeal, run_hasher


@dataclass(frozen=True, slots=True)
class Sealed:
    """What an attacker has of a passage: the number of words, the hashes of runs, the words in the clear.

    Turned, it is the same from the last word to the first.
    """

    words: int
    bits: int
    runs: tuple[bytes, ...]  # by the place of a run's last word: none at the first two, nor without hashes
    clear: Mapping[int, tuple[str, int]]  # folded, and FIGURE or NAME
    is_turned: bool = False

    def turned(self) -> Sealed:
        last = self.words - 1
        clear = {last - place: word for place, word in self.clear.items()}
        return Sealed(self.words, self.bits, self.runs[::-1], clear, not self.is_turned)

    def run_at(self, place: int) -> bytes | None:
        """The hash of the run that ends at the place."""
        return self.runs[place - RUN + 1] if self.runs and place >= RUN - 1 else None

    def by_chance(self, place: int) -> float:
        """How often the hash of a run that ends there agrees though its words are not known."""
        return 2.0**-self.bits if place >= RUN - 1 else 1.0


def sealed(seal: PassageSeal, words: Sequence[str], bits: int) -> Sealed:
    """The passage's seal, with hashes of another width made in the same way from its words."""
    clear = {position: (words[position], class_) for position, class_ in clear_classes(seal).items()}
    if bits == 8:
        runs = tuple(bytes([run]) for run in seal.runs)
    elif bits:
        runs = tuple(
            run_hash(bits // 8, " ".join(run)) for run in zip(words, words[1:], words[2:], strict=False)
        )
    else:
        runs = ()
    return Sealed(seal.words, bits, runs, clear)


def run_hash(size: int, run: str) -> bytes:
    """The hash of three words with a space between each, in so many bytes."""
    hasher = run_hasher(size)
    hasher.update(run.encode())
    return hasher.digest()
