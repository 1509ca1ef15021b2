"""Fingerprints of a seed's passages: enough to check a quotation, too little to publish the article.

For each passage a seal holds the number of its words, one byte for each run of three folded words,
where quotation marks stand, and in the clear, because facts are free, its figures (with their units
and hedges) and names with their positions. One byte, so that a run has many thousand readings; there
is no longer hash of a passage beside them, which would confirm guesses. How much a language model
rebuilds of a text from such bytes, and from longer hashes, the benchmark measures: docs/evidence.md.
A seal is courtesy and evidence, not encryption.
"""

from __future__ import annotations

import functools
import hashlib
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from build_tools.dates import MONTHS
from build_tools.figures import figure_positions
from build_tools.ghost import Ghost
from build_tools.problems import Code, Location, Problem
from build_tools.quick import quick
from build_tools.text import Word, has_digit, quoted_runs, words
from build_tools.values import PASSAGE

VERSION = 2
RUN = 3  # words in a run
LEAST_WORDS = 4  # of a quotation that a seal may vouch for: two runs, sixteen bits


@quick
@dataclass(frozen=True, slots=True)
class PassageSeal(Ghost):
    """The fingerprint of one passage.

    `runs` has a byte for every run of three words; `figures` and `names` pair the position of a
    word, counted from 0, with the word as written; `quoted` has the first and last position of the
    words in quotation marks.
    """

    id: str
    words: int
    runs: bytes
    figures: tuple[tuple[int, str], ...]
    names: tuple[tuple[int, str], ...]
    quoted: tuple[tuple[int, int], ...]

    def __hash__(self) -> int:
        return hash((self.id, self.runs))  # the rest seldom differs where these do not

    @property
    def clear(self) -> Mapping[int, str]:
        """The folded words that stand in the clear, by position."""
        return {position: _folded_word(word) for position, word in (*self.figures, *self.names)}


@dataclass(frozen=True, slots=True)
class Seal:
    """The fingerprints of a seed's passages, in order."""

    seed: str
    passages: tuple[PassageSeal, ...]

    @property
    def words(self) -> int:
        return sum(passage.words for passage in self.passages)


def run_hasher(size: int = 1) -> hashlib.blake2b:
    """Gives the hash of a run, in so many bytes, once it is fed three words with a space between each."""
    return hashlib.blake2b(digest_size=size, person=b"wiki-seal-1")


def run_hashes(folded: Sequence[str]) -> bytes:
    """One byte for each run of three words: for n words n - 2 of them, or none."""
    return bytes(map(_run_hash, folded, folded[1:], folded[2:]))


@functools.lru_cache(maxsize=1 << 17)  # texts are long, but many of their runs return
def _run_hash(first: str, second: str, third: str) -> int:
    hasher = _fresh().copy()  # made in a third of the time
    hasher.update(f"{first} {second} {third}".encode())
    return hasher.digest()[0]


_fresh = functools.cache(run_hasher)


def make_seal(seed: str, passages: Iterable[tuple[str, str, bool]]) -> Seal:
    """The seal of passages given as id, text and whether it is a heading."""
    taken = [(id_, text, words(text), heading) for id_, text, heading in passages]
    # A capital counts as a name's only where no sentence starts and no heading is set in capitals;
    # a word that is a name anywhere in the seed is one at the start of a sentence too.
    sure = {
        word.folded
        for _, _, found, heading in taken
        if not heading
        for word in found
        if _is_capitalised(word.written) and not word.starts_sentence
    }
    return Seal(
        seed,
        tuple(
            PassageSeal(
                id_,
                len(found),
                run_hashes([word.folded for word in found]),
                tuple((i, found[i].written) for i in sorted(figure_positions([w.written for w in found]))),
                tuple((i, word.written) for i, word in enumerate(found) if _is_name(word, sure)),
                quoted_runs(text),
            )
            for id_, text, found, _ in taken
        ),
    )


def _is_name(word: Word, sure: set[str]) -> bool:
    if not _is_capitalised(word.written) or word.is_figure or word.folded == "i":
        return False
    return word.folded in sure or word.written in MONTHS


def _is_capitalised(written: str) -> bool:
    return any(part[:1].isupper() for part in written.split("-"))  # "pan-African" too


def sealed_places(seal: PassageSeal, part: Sequence[str]) -> tuple[int, ...]:
    """Every position at which the words, at least four, can stand in the sealed passage.

    Beyond the runs of words, every figure and name that the seal has at the matched place must be
    the quotation's, and every figure of the quotation must be in the seal at its place.
    """
    if len(part) < LEAST_WORDS:
        return ()
    runs = run_hashes(part)
    found: list[int] = []
    begin = seal.runs.find(runs)
    if begin >= 0:
        clear = seal.clear
        figures = frozenset(position for position, _ in seal.figures)
    while begin >= 0:
        if _agrees(part, begin, clear, figures):
            found.append(begin)
        begin = seal.runs.find(runs, begin + 1)
    return tuple(found)


@functools.lru_cache(maxsize=1 << 16)
def _folded_word(written: str) -> str:
    found = words(written)
    return found[0].folded if found else ""


def _agrees(part: Sequence[str], begin: int, clear: Mapping[int, str], figures: frozenset[int]) -> bool:
    for offset, word in enumerate(part):
        known = clear.get(begin + offset)
        if known is not None and known != word:
            return False
        if begin + offset not in figures and has_digit(word):
            return False
    return True


# ---------------------------------------------------------------------------------------- on disk


def seal_text(seal: Seal) -> str:
    """The seal as JSON, a line a passage, with a check sum over the lines against hand edits."""
    lines = [
        json.dumps(
            {
                "id": passage.id,
                "words": passage.words,
                "runs": passage.runs.hex(),
                "figures": passage.figures,
                "names": passage.names,
                "quoted": passage.quoted,
            },
            ensure_ascii=False,
        )
        for passage in seal.passages
    ]
    body = ",\n    ".join(lines)
    return (
        "{\n"
        f'  "version": {VERSION},\n'
        f'  "seed": {json.dumps(seal.seed)},\n'
        f'  "sum": "{_sum(seal.seed, lines)}",\n'
        f'  "passages": [\n    {body}\n  ]\n'
        "}\n"
    )


def _sum(seed: str, lines: Iterable[str]) -> str:
    # Over the seal, not over the text: it tells of edits and confirms no guess.
    return hashlib.blake2b("\n".join([seed, *lines]).encode(), digest_size=8).hexdigest()


def read_seal(path: str, seed: str, data: bytes) -> tuple[Seal | None, tuple[Problem, ...]]:
    """The seal from its file; None with a problem if it is damaged, edited, or of another seed or version."""

    def bad(message: str, line: int = 1, column: int = 1) -> tuple[None, tuple[Problem, ...]]:
        hint = f"restore it: `git checkout -- {path}`; a seal is written by `wiki seed add` only"
        return None, (Problem(Location(path, line, column), Code.BAD_SEAL, message, hint),)

    try:
        raw = json.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        return bad("the seal is not UTF-8")
    except json.JSONDecodeError as error:
        return bad(f"the seal is not JSON: {error.msg}", error.lineno, error.colno)
    except (RecursionError, ValueError):  # what Python's reader of JSON makes of 10,000 brackets or digits
        return bad("the seal is not a seal: too many brackets or digits")
    if not isinstance(raw, dict) or raw.get("version") != VERSION:
        return bad(f"the seal is not of version {VERSION}")
    if raw.get("seed") != seed:
        other = raw.get("seed")
        named = f"`{ascii(other)[1:-1][:100]}`" if isinstance(other, str) else "no name"
        return bad(f"the seal is of the seed {named}, not of `{seed}`")
    try:
        seal = Seal(seed, tuple(_passage(item) for item in raw["passages"]))
        written = seal_text(seal)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
        return bad(f"the seal lacks what a seal has: {error}")
    if written != data.decode("utf-8").replace("\r\n", "\n"):
        return bad("the seal is not as the machine wrote it: it was edited or cut short")
    return seal, ()


def _passage(item: dict[str, object]) -> PassageSeal:
    id_, runs, count = str(item["id"]), bytes.fromhex(str(item["runs"])), int(str(item["words"]))
    if not PASSAGE.fullmatch(id_):
        raise ValueError("a passage's id is not one")
    if len(runs) != max(0, count - RUN + 1):
        raise ValueError(f"{id_} has {count} words and {len(runs)} runs")
    quoted = tuple((int(first), int(last)) for first, last in _rows(item["quoted"]))
    figures, names = _pairs(item["figures"]), _pairs(item["names"])
    places = [position for position, _ in (*figures, *names)] + [place for pair in quoted for place in pair]
    if not all(0 <= place < count for place in places):
        raise ValueError(f"{id_} has {count} words and speaks of others")
    return PassageSeal(id_, count, runs, figures, names, quoted)


def _pairs(items: object) -> tuple[tuple[int, str], ...]:
    # The same names stand in many passages: each is in memory once.
    return tuple((int(position), sys.intern(str(word))) for position, word in _rows(items))


def _rows(items: object) -> list[tuple[str, str]]:
    if not isinstance(items, list):
        raise TypeError("a list of pairs was expected")
    return items
