"""What texts repeat of the seeds, told at the cost of what is new in them.

Most texts have no eight words in a row that a seed has. That hangs on the seals alone, and is soon said: by
the hashes of all such runs, which are kept in order beside the site. Only for what has some, and was not
judged before, the `Guard` must be made, which takes the longer the more seeds there are.

What is kept may be deleted, damaged or of another version at any time.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from build_tools.cache import read_record, write_record
from build_tools.sealed_words import windows_of
from build_tools.site.blocks import blocks
from build_tools.site.words import SHORTEST, Guard, Printed, folded_words, printed_of

VERSION = 1
_LINES = 100  # of a data file that is looked at line by line
_MANY = 200  # texts for which it is worth while to make the guard


class Spoken(NamedTuple):
    """The words of seeds that a text repeats and may repeat; and whether it has any run of a seed's words."""

    printed: Printed = ()
    met: bool = False


class News(NamedTuple):
    """What was learnt: of blocks with runs what they repeat, and of lines of data files all of it."""

    blocks: dict[bytes, Printed]
    lines: dict[bytes, Spoken]


class Repeats:
    """Knows what texts repeat, by these rules, as held against what `key` stands for: the seals, a space,
    and the rest.

    `guard_of` makes the guard. What is known is kept at `place`.
    """

    def __init__(self, place: Path, rules: str, key: str, guard_of: Callable[[], Guard]) -> None:
        self._place, self._rules, self.key, self.guard = place, rules, key, guard_of
        self._seals = _sealed(key)
        self._windows: frozenset[bytes] | array[int] | None = None
        self._known = News({}, {})
        self._new = News({}, {})
        self._seen: dict[str, Spoken | None] = {}
        self._used: set[bytes] = set()
        self._read()

    def prepare(self, texts: int) -> None:
        """So many texts will be asked for: for many the guard is made, for few what is kept will do."""
        if self._windows is None or texts > _MANY:
            self._windows = self.guard().sealed.windows

    def of(self, path: str, text: str) -> Spoken | None:
        """What the file repeats; None if it has some that it may not."""
        printed: set[tuple[str, str, int, int]] = set()
        met = False
        for spoken in self._parts(path, text):
            if spoken is None:
                return None
            printed.update(spoken.printed)
            met = met or spoken.met
        return Spoken(tuple(sorted(printed)), met)

    def told_by(self, spoken: Spoken) -> str:
        """What this hangs on: where no run was met, on the seals alone."""
        return self.key if spoken.met else self._seals

    def holds_for(self, told_by: str) -> bool:
        """Whether what hangs on this holds still."""
        return told_by in (self.key, self._seals)

    def news(self) -> News:
        """What was learnt since this was made."""
        return self._new

    def learn(self, news: News) -> None:
        """What a copy of this in another process has learnt is known."""
        self._new.blocks.update(news.blocks)
        self._new.lines.update(news.lines)

    def keep(self) -> None:
        """Later builds know it."""
        if self._windows is not None and not isinstance(self._windows, array):
            numbers = array("Q", sorted(map(int.from_bytes, self._windows)))
            write_record(self._place / "windows", (VERSION, self._rules, self._seals, numbers.tobytes()))
        if any(self._new):
            blocks = self._known.blocks | self._new.blocks
            lines = {line: tuple(each) for line, each in self._new.lines.items()}
            old = self._known.lines
            lines |= {line: tuple(old[line]) for line in (self._used or old.keys()) if line in old}
            write_record(self._place / "repeats", (VERSION, self._rules, self.key, blocks, lines))

    def _read(self) -> None:
        try:
            version, rules, seals, data = read_record(self._place / "windows")
            if (version, rules, seals) == (VERSION, self._rules, self._seals):
                self._windows = array("Q", data)
        except (ValueError, TypeError):
            pass
        try:
            version, rules, key, blocks, lines = read_record(self._place / "repeats")
            if (version, rules) == (VERSION, self._rules) and _sealed(key) == self._seals:
                same = key == self.key
                told = {line: Spoken(*each) for line, each in lines.items()}
                known = told if same else {line: each for line, each in told.items() if not each.met}
                self._known = News(blocks if same else {}, known)
        except (ValueError, TypeError):
            pass

    def _parts(self, path: str, text: str) -> Iterator[Spoken | None]:
        lines = text.split("\n") if path.endswith(".json") else []
        if len(lines) < _LINES:
            for block in blocks(path, text):
                yield self._of_block(block)
            return
        # A text in JSON stands on one line, so a line that is JSON by itself says the same by itself.
        bare = (line.removesuffix(",") for line in lines)
        keys = {line: _digest(line) for line in bare if len(line) >= SHORTEST}
        if not all(key in self._known.lines or _is_whole(line) for line, key in keys.items()):
            for block in blocks(path, text):
                yield self._of_block(block)
            return
        for line, key in keys.items():
            yield self._of_line(path, line, key)

    def _of_line(self, path: str, line: str, key: bytes) -> Spoken | None:
        self._used.add(key)
        known = self._known.lines.get(key)
        if known is not None:
            return known
        printed: set[tuple[str, str, int, int]] = set()
        met = False
        for block in blocks(path, line):
            spoken = self._of_block(block)
            if spoken is None:
                return None
            printed.update(spoken.printed)
            met = met or spoken.met
        self._new.lines[key] = Spoken(tuple(sorted(printed)), met)
        return self._new.lines[key]

    def _of_block(self, block: str) -> Spoken | None:
        if len(block) < SHORTEST:
            return Spoken()
        if block not in self._seen:
            self._seen[block] = self._judged(block)
        return self._seen[block]

    def _judged(self, block: str) -> Spoken | None:
        if not any(map(self._is_window, windows_of(folded_words(block)))):
            return Spoken()
        key = _digest(block)
        printed = self._known.blocks.get(key)
        if printed is None:
            printed = printed_of(block, self.guard())
            if printed is None:
                return None
            self._new.blocks[key] = printed
        return Spoken(printed, True)

    def _is_window(self, window: bytes) -> bool:
        held = self._windows
        if isinstance(held, array):
            number = int.from_bytes(window)
            at = bisect_left(held, number)
            return at < len(held) and held[at] == number
        return held is not None and window in held


def _is_whole(line: str) -> bool:
    """Whether a line of a data file is data by itself."""
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=16).digest()


def _sealed(key: str) -> str:
    """Of what a guard's key stands for, the seals."""
    return key.partition(" ")[0]
