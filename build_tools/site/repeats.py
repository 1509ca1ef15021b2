"""What texts repeat of the seeds, told at the cost of what is new in them.

Most texts have no eight words in a row that a seed has. That hangs on the seals alone, and is soon said: by
the hashes of all such runs, which are kept in order beside the site. Only for such words as were not judged
before, wherever they stood, the `Guard` must be made, which takes the longer the more seeds there are.

What is kept may be deleted, damaged or of another version at any time.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Sequence, Set
from pathlib import Path
from typing import NamedTuple

from build_tools.cache import read_record, write_record
from build_tools.sealed_words import COPIED_RUN, windows_of
from build_tools.site.blocks import blocks, of_markup
from build_tools.site.markup import Markup
from build_tools.site.words import SHORTEST, Guard, Printed, Span, marked_words, printed_of, text_of

VERSION = 3
_LINES = 100  # of a data file that is looked at line by line, if they hold as much as that
_LONG = 500  # characters of a block that no other text may have
_MANY = 200  # texts for which it is worth while to make the guard


class Spoken(NamedTuple):
    """The words of seeds that a text repeats and may repeat; and whether it has any run of a seed's words."""

    printed: Printed = ()
    met: bool = False


class News(NamedTuple):
    """What was learnt: of words that are met in blocks what they repeat, and of lines of data files all of
    it."""

    runs: dict[bytes, Printed]
    lines: dict[bytes, Spoken]


class Repeats:
    """Knows what texts repeat, by these rules, as held against what `key` stands for: the seals, a space,
    and the rest.

    `guard_of` makes the guard. What is known is kept at `place`.
    """

    def __init__(self, place: Path, rules: str, key: str, guard_of: Callable[[], Guard]) -> None:
        self._place, self._rules, self.key, self.guard = place, rules, key, guard_of
        self._seals = _sealed(key)
        self._windows: Set[bytes] | array[int] | None = None
        self._known = News({}, {})
        self._new = News({}, {})
        self._bare: set[str] = set()
        self._seen: dict[str, Spoken | None] = {}
        self._used: set[bytes] = set()
        self._same: dict[tuple[str, str, int, int], tuple[str, str, int, int]] = {}
        self._alike: dict[Printed, Printed] = {}
        self._read()

    def prepare(self, texts: int) -> None:
        """So many texts will be asked for: for many the guard is made, for few what is kept will do."""
        if self._windows is None or texts > _MANY:
            self._windows = self.guard().sealed.windows

    def of(self, path: str, data: bytes, markup: Markup | None = None) -> Spoken | None:
        """What the file, read already as `markup` or not, repeats; None if it has some that it may not."""
        if path.endswith(".json"):
            # A text in JSON stands on one line, so a line that is JSON by itself says the same by itself.
            lines = {_digest(_bare(line)): line for line in data.split(b"\n") if len(line) >= SHORTEST}
            known = self._known.lines
            if len(lines) >= _LINES and all(key in known or _is_whole(line) for key, line in lines.items()):
                return _together(self._of_line(path, line, key) for key, line in lines.items())
        return self._of_blocks(of_markup(markup) if markup is not None else blocks(path, text_of(path, data)))

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
        self._new.runs.update(news.runs)
        self._new.lines.update(news.lines)

    def keep(self) -> None:
        """Later builds know it."""
        if self._windows is not None and not isinstance(self._windows, array):
            numbers = array("Q", sorted(map(int.from_bytes, self._windows)))
            write_record(self._place / "windows", (VERSION, self._rules, self._seals, numbers.tobytes()))
        if any(self._new):
            runs = self._known.runs | self._new.runs
            lines = {line: tuple(each) for line, each in self._new.lines.items()}
            old = self._known.lines
            lines |= {line: tuple(old[line]) for line in (self._used or old.keys()) if line in old}
            write_record(self._place / "repeats", (VERSION, self._rules, self.key, runs, lines))

    def _read(self) -> None:
        try:
            version, rules, seals, data = read_record(self._place / "windows")
            if (version, rules, seals) == (VERSION, self._rules, self._seals):
                self._windows = array("Q", data)
        except (ValueError, TypeError):
            pass
        try:
            version, rules, key, runs, lines = read_record(self._place / "repeats")
            if (version, rules) == (VERSION, self._rules) and _sealed(key) == self._seals:
                same = key == self.key
                told = {line: Spoken(*each) for line, each in lines.items()}
                known = told if same else {line: each for line, each in told.items() if not each.met}
                self._known = News(runs if same else {}, known)
        except (ValueError, TypeError):
            pass

    def _of_line(self, path: str, line: bytes, key: bytes) -> Spoken | None:
        self._used.add(key)
        known = self._known.lines.get(key)
        if (
            known is None
            and (known := self._of_blocks(blocks(path, text_of(path, bytes(_bare(line)))))) is not None
        ):
            self._new.lines[key] = known
        return known

    def _of_blocks(self, found: Iterable[str]) -> Spoken | None:
        long = {block for block in found if len(block) >= SHORTEST} - self._bare
        fresh = long - self._seen.keys()
        for block in fresh:
            words, parted = marked_words(block)
            if len(words) >= COPIED_RUN and (places := self._places(windows_of(words))):
                self._seen[block] = _together(self._judged(words, parted, span) for span in _spans(places))
        self._bare.update(block for block in fresh if block not in self._seen and len(block) < _LONG)
        return _together(self._seen[block] for block in self._seen.keys() & long)

    def _judged(self, words: Sequence[str], parted: Collection[int], span: Span) -> Spoken | None:
        """What these of the words repeat, around which nothing is repeated: the same as in other blocks."""
        begin, end = span
        own, marked = words[begin:end], [place - begin for place in parted if begin < place < end]
        key = _digest("\n".join((*own, *map(str, marked))).encode(errors="surrogatepass"))
        printed = self._known.runs.get(key)
        if printed is None:
            printed = printed_of(own, marked, self.guard())
            if printed is None:
                return None
            # What is the same is one object, and stands once in what is kept.
            printed = tuple(self._same.setdefault(place, place) for place in printed)
            self._new.runs[key] = self._alike.setdefault(printed, printed)
        return Spoken(self._alike.setdefault(printed, printed), True)

    def _places(self, windows: Sequence[bytes]) -> list[int]:
        """Which of these eight words in a row a seed has."""
        held = self._windows
        if isinstance(held, array):
            numbers = enumerate(map(int.from_bytes, windows))
            return [at for at, each in numbers if each in held[(here := bisect_left(held, each)) : here + 1]]
        if held is None or held.isdisjoint(windows):
            return []
        return [at for at, window in enumerate(windows) if window in held]


def _spans(places: Iterable[int]) -> list[Span]:
    """The words that are met where eight in a row begin at these places, those together that touch."""
    spans: list[Span] = []
    for place in places:
        begin, end = place, place + COPIED_RUN
        if spans and begin <= spans[-1][1]:
            begin, _ = spans.pop()
        spans.append((begin, end))
    return spans


def _together(parts: Iterable[Spoken | None]) -> Spoken | None:
    """What parts of a text repeat; None if one has some that it may not."""
    printed: dict[int, Printed] = {}
    met = False
    for spoken in parts:
        if spoken is None:
            return None
        if spoken.met:
            printed[id(spoken.printed)] = spoken.printed
            met = True
    if len(printed) == 1:
        return Spoken(next(iter(printed.values())), met)
    return Spoken(tuple(sorted({place for each in printed.values() for place in each})), met)


def _is_whole(line: bytes) -> bool:
    """Whether a line of a data file is data by itself."""
    try:
        json.loads(bytes(_bare(line)))
    except (ValueError, RecursionError):
        return False
    return True


def _bare(line: bytes) -> memoryview:
    """A line of a data file without the comma after it; it is not copied, as the file may be large."""
    return memoryview(line)[: len(line) - line.endswith(b",")]


def _digest(data: bytes | memoryview) -> bytes:
    return hashlib.sha256(data).digest()[:16]  # which processors of today have built in


def _sealed(key: str) -> str:
    """Of what a guard's key stands for, the seals."""
    return key.partition(" ")[0]
