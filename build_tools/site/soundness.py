"""Whether the site passes all its checks, told from what each of its files was found to hold.

What `checks` and `words` find in a file hangs on its bytes alone, so it is kept with their digest and need
not be found again. That all links lead somewhere, and that no source is repeated too much, is worked out
from it: of a site that passed, for what changed, and else for all. The answer is only yes or no: of a site
that is not sound the checks themselves must say what is wrong.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import zlib
from array import array
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from build_tools.cache import read_record, write_record
from build_tools.processes import in_parts
from build_tools.progress import SILENT, Progress
from build_tools.site.blocks import SUFFIXES
from build_tools.site.checks import SiteReport
from build_tools.site.holdings import Holds, holds
from build_tools.site.kept import Kept
from build_tools.site.repeats import News, Repeats, Spoken
from build_tools.site.search_index import is_index
from build_tools.site.targets import is_page
from build_tools.site.words import Printed, text_of, within_budgets

_LEAST = 40  # files that are worth a process
_SIZE = 8  # bytes that stand for an address
_SHELVES = 256  # files in which findings are kept, so that a change concerns few of them
VERSION = 1

Counts = tuple[int, int, int]  # links, anchors linked to, assets


class Findings(NamedTuple):
    """What one file was found to hold, which is sound by itself: what it has for others, and what it wants of
    them, as hashes of addresses; and the words of seeds that it repeats, as told by what `guard` stands for.
    """

    digest: str
    has: bytes = b""
    wants: bytes = b""
    counts: Counts = (0, 0, 0)
    guard: str = ""
    printed: Printed = ()


class Knowledge:
    """What was found by these rules of the files of sites, on shelves that are read when they are asked.

    They may be deleted, damaged or of another version at any time: then less is known.
    """

    def __init__(self, place: Path, rules: str) -> None:
        self._place, self._rules = place, rules
        self._shelves: dict[int, dict[str, Findings]] = {}
        self._changed: set[int] = set()

    def of(self, path: str) -> Findings | None:
        """What is known of the file that stood, or stands, at this path."""
        return self._shelf(_number(path)).get(path)

    def put(self, path: str, findings: Findings) -> None:
        """This is known."""
        number = _number(path)
        self._shelf(number)[path] = findings
        self._changed.add(number)

    def keep(self, paths: Collection[str]) -> None:
        """Later builds know it, of these files alone."""
        for number, shelf in self._shelves.items():
            gone = [path for path in shelf if path not in paths]
            for path in gone:
                del shelf[path]
            if gone or number in self._changed:
                rows = {path: tuple(shelf[path]) for path in sorted(shelf)}
                write_record(self._place / f"{number:02}", (VERSION, self._rules, rows))
        self._changed.clear()

    def _shelf(self, number: int) -> dict[str, Findings]:
        if number not in self._shelves:
            self._shelves[number] = self._read(number)
        return self._shelves[number]

    def _read(self, number: int) -> dict[str, Findings]:
        try:
            version, rules, rows = read_record(self._place / f"{number:02}")
            if (version, rules) == (VERSION, self._rules):
                return {path: Findings(*row) for path, row in rows.items()}
        except (ValueError, TypeError):
            pass
        return {}


def _number(path: str) -> int:
    return zlib.crc32(path.encode(errors="surrogateescape")) % _SHELVES


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A site that passed the checks: the digests of its files, what they counted, and what `guard` stood for
    that its words were held against."""

    digests: Mapping[str, str]
    counts: Counts
    guard: str


def passed_before(kept: Kept, frame: str) -> Passed | None:
    """The site that is recorded, if it passed by the rules of this frame."""
    if kept.frame != frame or len(kept.counts) != 4:
        return None
    _, links, anchors, assets = kept.counts
    return Passed(digests=kept.digests, counts=(links, anchors, assets), guard=kept.guard)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The report of a site whose HTML and links are sound, or none; whether it repeats more than it may."""

    report: SiteReport | None
    quotes_too_much: bool


class _Unknown(Exception):
    """What changed is not enough to tell by."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read of files: of pages and sheets what they have and want, as in `Findings`, and of texts the
    words they repeat; None of each that is not sound. `wants` are the addresses that are asked for."""

    links: Mapping[str, tuple[bytes, bytes, Counts] | None]
    spoken: Mapping[str, Spoken | None]
    wants: frozenset[str]
    news: News | None = None


def judge(
    folder: Path,
    digests: Mapping[str, str],
    known: Knowledge,
    passed: Passed | None,
    repeats: Repeats | None,
    site_url: str,
) -> Judgement:
    """What is to be said of the site in a folder, whose files have these digests; it is known afterwards.

    `passed` is the site before it, if one passed by the same rules. Without `repeats` words are not looked
    at. Raises OSError.
    """
    return Bench(folder, known, passed, repeats, site_url).judge(digests)


class Bench:
    """A site that is judged: see `judge`. Its files may be looked at before all of them are there."""

    def __init__(
        self,
        folder: Path,
        known: Knowledge,
        passed: Passed | None,
        repeats: Repeats | None,
        site_url: str,
        progress: Progress = SILENT,
    ) -> None:
        self._progress = progress
        self._folder, self._known, self._repeats, self._site_url = folder, known, repeats, site_url
        same = passed is not None and passed.guard == (repeats.key if repeats else "")
        self._passed = passed if same else None
        self._more = not same  # whether it may repeat more than one that passed
        self._digests: Mapping[str, str] = {}
        self._seen = _Read({}, {}, frozenset())

    def look(self, digests: Mapping[str, str], folder: Path) -> None:
        """These files, now in a folder, need not be read when the site is judged. Raises OSError."""
        self._digests = digests
        if self._passed is not None:
            with contextlib.suppress(_Unknown):
                self._seen = self._read(folder, *self._fresh(self._passed))
                return
        self._seen = self._read(folder, *self._unknown())

    def judge(self, digests: Mapping[str, str]) -> Judgement:
        """The judgement of the site whose files have these digests. Raises OSError."""
        self._digests = digests
        if self._passed is not None:
            try:
                return self._judge_change(self._passed)
            except _Unknown:
                pass
        return self._judge_all()

    def _fresh(self, passed: Passed) -> tuple[list[str], list[str], dict[str, bytes]]:
        """Pages and sheets, and texts, that differ from a site that passed, and what the former wanted there;
        raises _Unknown."""
        fresh = [path for path, each in self._digests.items() if passed.digests.get(path) != each]
        pages = [path for path in fresh if _has_links(path)]
        wanted = {path: self._before(path, passed).wants for path in pages if path in passed.digests}
        return pages, [path for path in fresh if self._repeats and _has_words(path)], wanted

    def _unknown(self) -> tuple[list[str], list[str]]:
        """Pages and sheets, and texts, of which nothing is known."""
        pages = [path for path in self._digests if _has_links(path) and not self._is_known(path)]
        texts = [path for path in self._digests if self._repeats and _has_words(path)]
        return pages, [path for path in texts if not self._is_known(path, said=True)]

    def _judge_all(self) -> Judgement:
        """The judgement, from all that is known and what is read of all other files."""
        unread, unsaid = self._unknown()
        pages = [path for path in self._digests if _has_links(path)]
        texts = [path for path in self._digests if self._repeats and _has_words(path)]
        read = self._read(self._folder, unread, unsaid)
        sound = not any(each is None for each in read.links.values())
        spoken = not any(each is None for each in read.spoken.values())
        self._note(read)
        if sound:
            found = [self._found(path) for path in pages]
            sound = any(map(is_page, pages)) and _lead_somewhere(found, self._digests)
        if spoken and self._repeats and (unsaid or self._more):
            said = {path: each.printed for path, each in read.spoken.items() if each is not None}
            printed = (said[path] if path in said else self._found(path).printed for path in texts)
            spoken = within_budgets(self._repeats.guard(), printed)
        counts = [self._found(path).counts for path in pages] if sound else []
        return self._judgement(sound=sound, spoken=spoken, counts=_sum(counts))

    def _judge_change(self, passed: Passed) -> Judgement:
        """The judgement, from what differs from a site that passed; raises _Unknown if that cannot tell."""
        fresh = [path for path, each in self._digests.items() if passed.digests.get(path) != each]
        gone = passed.digests.keys() - self._digests.keys()
        pages, texts, wanted = self._fresh(passed)
        before = {
            path: self._before(path, passed)
            for path in (*fresh, *sorted(gone))
            if path in passed.digests and _has_links(path)
        }
        printed = {path: self._before(path, passed).printed for path in texts if path in passed.digests}
        files = [path for path in gone if not is_index(path)]  # no page wants those: see `_held`
        had = _set(each.has for each in before.values()) | _set([_hashes(files)])
        read = self._read(self._folder, pages, texts, wanted)
        sound = not any(each is None for each in read.links.values())
        spoken = not any(each is None for each in read.spoken.values())
        self._note(read)
        if sound:
            now = [self._found(path) for path in pages]
            if not had <= _set(each.has for each in now) | _set([_hashes(fresh)]):
                raise _Unknown  # something went that others may want
            # What was wanted of a site that passed, and did not go, is there.
            sound = self._are_there(read.wants) and any(map(is_page, self._digests))
            more, less = _sum(each.counts for each in now), _sum(each.counts for each in before.values())
            counts = _sum([passed.counts, more], less)
        else:
            counts = (0, 0, 0)
        told = ((path, each.printed) for path, each in read.spoken.items() if each is not None)
        if spoken and any(set(words) - set(printed.get(path, ())) for path, words in told):
            self._more = True
            raise _Unknown  # more is repeated than was, and may be too much
        return self._judgement(sound=sound, spoken=spoken, counts=counts)

    def _judgement(self, *, sound: bool, spoken: bool, counts: Counts) -> Judgement:
        links, anchors, assets = counts
        pages = sum(map(is_page, self._digests))
        report = SiteReport(pages=pages, links=links, anchors=anchors, assets=assets, problems=())
        return Judgement(report=report if sound else None, quotes_too_much=not spoken)

    def _is_known(self, path: str, *, said: bool = False) -> bool:
        found = self._known.of(path)
        if found is None or found.digest != self._digests[path]:
            return False
        return not said or (self._repeats is not None and self._repeats.holds_for(found.guard))

    def _found(self, path: str) -> Findings:
        found = self._known.of(path)
        assert found is not None
        return found

    def _before(self, path: str, passed: Passed) -> Findings:
        found = self._known.of(path)
        if found is None or found.digest != passed.digests[path]:
            raise _Unknown
        return found

    def _read(
        self,
        folder: Path,
        pages: Collection[str],
        texts: Collection[str],
        wanted: Mapping[str, bytes] | None = None,
    ) -> _Read:
        """What these pages and sheets, and these texts, are found to hold; and which addresses the pages want
        beyond those that they `wanted` when all that was there. To tell all would take much memory."""
        seen = self._seen
        unread, unsaid = set(pages) - seen.links.keys(), set(texts) - seen.spoken.keys()
        site_url, repeats = self._site_url, self._repeats
        if repeats is not None and unsaid:
            repeats.prepare(len(unsaid))

        def read(paths: Iterable[str]) -> _Read:
            links: dict[str, tuple[bytes, bytes, Counts] | None] = {}
            spoken: dict[str, Spoken | None] = {}
            wants: set[str] = set()
            for path in paths:
                data = (folder / path).read_bytes()
                markup = None
                if path in unread:
                    found = _held(path, text_of(path, data), site_url)
                    links[path] = None
                    if found is not None:
                        markup = found.markup
                        counts = (found.links, found.anchors, found.assets)
                        has = _hashes(f"{path}#{name}" for name in found.ids)
                        links[path] = (has, _hashes(found.wants), counts)
                        if wanted is not None:
                            there = _set([wanted.get(path, b"")])
                            wants.update(
                                each for each in found.wants if there.isdisjoint(_set([_hash(each)]))
                            )
                if repeats is not None and path in unsaid:
                    spoken[path] = repeats.of(path, data, markup)
            news = repeats.news() if repeats is not None else None
            return _Read(links, spoken, frozenset(wants), news)

        paths = sorted(unread | unsaid)
        parts = in_parts(read, paths, least=_LEAST, progress=self._progress) if paths else []
        for part in parts:
            if repeats is not None and part.news is not None:
                repeats.learn(part.news)
        parts.append(seen)
        return _Read(
            {path: each for part in parts for path, each in part.links.items()},
            {path: each for part in parts for path, each in part.spoken.items()},
            frozenset(address for part in parts for address in part.wants),
        )

    def _note(self, read: _Read) -> None:
        """What is sound by itself of what was read is known."""
        for path in sorted({*read.links, *read.spoken}):
            digest = self._digests[path]
            before = self._known.of(path)
            found = before if before is not None and before.digest == digest else Findings(digest)
            if path in read.links:
                links = read.links[path]
                if links is None:
                    continue
                has, wants, counts = links
                found = found._replace(has=has, wants=wants, counts=counts)
            if (spoken := read.spoken.get(path)) is not None:
                held = self._repeats.told_by(spoken) if self._repeats else ""
                found = found._replace(guard=held, printed=spoken.printed)
            self._known.put(path, found)

    def _are_there(self, addresses: Iterable[str]) -> bool:
        """Whether the site has these files, and these anchors of its pages."""
        anchors: dict[str, set[int]] = {}
        for address in sorted(addresses):
            if address in self._digests:
                continue
            page, sign, _ = address.partition("#")
            if not sign or page not in self._digests or not self._is_known(page):
                raise _Unknown
            if page not in anchors:
                anchors[page] = _set([self._found(page).has])
            if not _set([_hashes([address])]) <= anchors[page]:
                return False
        return True


def _has_links(path: str) -> bool:
    return is_page(path) or path.endswith(".css")


def _has_words(path: str) -> bool:
    return PurePosixPath(path).suffix in SUFFIXES


def _held(path: str, text: str, site_url: str) -> Holds | None:
    """What the file holds; None if something about it is wrong whatever the others hold, or if it wants files
    of the search index, which nothing but the search should: they have other names after each change."""
    found = holds(path, text, site_url)
    return None if found is None or any(map(is_index, found.wants)) else found


def _hashes(addresses: Iterable[str]) -> bytes:
    return b"".join(map(_hash, sorted(set(addresses))))


@functools.lru_cache(maxsize=1 << 14)  # all pages want the same few
def _hash(address: str) -> bytes:
    return hashlib.blake2b(address.encode(errors="surrogatepass"), digest_size=_SIZE).digest()


def _set(hashes: Iterable[bytes]) -> set[int]:
    return set(array("Q", b"".join(hashes)))


def _lead_somewhere(found: Collection[Findings], files: Iterable[str]) -> bool:
    """Whether all that is wanted is there: files of the site, and anchors of its pages."""
    there = _set((_hashes(files), *(each.has for each in found)))
    return there.issuperset(array("Q", b"".join(each.wants for each in found)))


def _sum(counts: Iterable[Counts], less: Counts = (0, 0, 0)) -> Counts:
    links, anchors, assets = (0 - each for each in less)
    for each in counts:
        links, anchors, assets = links + each[0], anchors + each[1], assets + each[2]
    return links, anchors, assets
