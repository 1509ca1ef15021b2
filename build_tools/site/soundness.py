"""Whether the site passes all its checks, told from what each of its files was found to hold.

What `checks` and `words` find in a file hangs on its bytes alone, so it is kept with their digest and need
not be found again. That all links lead somewhere, and that no source is repeated too much, is worked out
from it over the whole site each time. The answer is only yes or no: of a site that is not sound the checks
themselves must say what is wrong.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from build_tools.cache import read_cache, write_cache
from build_tools.processes import in_parts
from build_tools.site.blocks import SUFFIXES
from build_tools.site.checks import SiteReport, Wants, is_page, read_page, read_sheet, wanted
from build_tools.site.kept import Output
from build_tools.site.words import Guard, Printed, printed_in, read_text, within_budgets

_LEAST = 40  # files that are worth a process
_SIZE = 8  # bytes that stand for an address


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """What one page or style sheet has for others, and what it wants of them, as hashes of addresses."""

    digest: str
    has: bytes
    wants: bytes
    links: int = 0
    anchors: int = 0
    assets: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """What is known of the files of a site that passed the checks, or, of a new one, of those that were found
    sound by themselves."""

    links: Mapping[str, Links]
    words: Mapping[str, tuple[str, Printed]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The report of a site whose HTML and links are sound, or none; whether it repeats words that it may not;
    what is known of its files now."""

    report: SiteReport | None
    quotes_too_much: bool
    known: Knowledge


def judge(
    folder: Path,
    outputs: Mapping[str, Output],
    known: Knowledge,
    guard_of: Callable[[], Guard] | None,
    site_url: str,
) -> Judgement:
    """What is to be said of the site in a folder, whose files these are.

    Without a guard words are not looked at. Raises OSError.
    """
    pages = [path for path in outputs if is_page(path) or path.endswith(".css")]
    texts = [path for path in outputs if guard_of and PurePosixPath(path).suffix in SUFFIXES]
    new = [
        path for path in pages if (old := known.links.get(path)) is None or old.digest != outputs[path].digest
    ]
    said = [
        path for path in texts if (had := known.words.get(path)) is None or had[0] != outputs[path].digest
    ]

    def read(paths: Iterable[str]) -> tuple[dict[str, Links | None], dict[str, Printed | None]]:
        links: dict[str, Links | None] = {}
        printed: dict[str, Printed | None] = {}
        seen: dict[str, Printed | None] = {}
        for path in paths:
            text = read_text(folder / path)
            if path in unread:
                links[path] = _links(path, text, outputs[path].digest, site_url)
            if guard is not None and path in unsaid:
                printed[path] = printed_in(path, text, guard, seen)
        return links, printed

    unread, unsaid = set(new), set(said)
    guard = guard_of() if guard_of and said else None  # it takes a while to make
    work = sorted({*new, *said}, key=lambda path: (-outputs[path].signature[1], path))
    found_links: dict[str, Links] = {path: known.links[path] for path in pages if path not in unread}
    found_words = {path: known.words[path] for path in texts if path not in unsaid}
    for links, printed in in_parts(read, work, least=_LEAST):
        found_links |= {path: each for path, each in links.items() if each is not None}
        found_words |= {
            path: (outputs[path].digest, words) for path, words in printed.items() if words is not None
        }
    now = Knowledge(links=dict(sorted(found_links.items())), words=dict(sorted(found_words.items())))
    count = sum(map(is_page, outputs))
    linked = list(now.links.values())
    report = SiteReport(
        pages=count,
        links=sum(each.links for each in linked),
        anchors=sum(each.anchors for each in linked),
        assets=sum(each.assets for each in linked),
        problems=(),
    )
    sound = count > 0 and len(linked) == len(pages) and _lead_somewhere(linked, outputs)
    spoken = len(now.words) == len(texts)
    if spoken and guard is not None:  # of a site that passed, and without anything new, it is so
        spoken = within_budgets(guard, (printed for _, printed in now.words.values()))
    return Judgement(report=report if sound else None, quotes_too_much=not spoken, known=now)


def _links(path: str, text: str, digest: str, site_url: str) -> Links | None:
    """What the file has and wants; None if something about it is wrong whatever the others hold."""
    page = read_page(path, text, places=False) if is_page(path) else read_sheet(path, text)
    wants: Wants | None = wanted(page, site_url)
    if page.findings or wants is None:
        return None
    return Links(
        digest=digest,
        has=_hashes(f"{path}#{name}" for name in page.ids),
        wants=_hashes(wants.addresses),
        links=len(page.links),
        anchors=wants.anchors,
        assets=len(page.loads),
    )


def _hashes(addresses: Iterable[str]) -> bytes:
    return b"".join(
        hashlib.blake2b(address.encode(errors="surrogatepass"), digest_size=_SIZE).digest()
        for address in sorted(set(addresses))
    )


def _lead_somewhere(known: Iterable[Links], files: Iterable[str]) -> bool:
    """Whether all that is wanted is there: files of the site, and anchors of its pages."""
    parts = list(known)
    there = set(array("Q", b"".join((_hashes(files), *(each.has for each in parts)))))
    return there.issuperset(array("Q", b"".join(each.wants for each in parts)))


# ---- kept --------------------------------------------------------------------------------------


def read_knowledge(place: Path, rules: str, guard: str) -> Knowledge:
    """What was found by these rules and this guard; nothing, if none of it can be read."""
    try:
        head, _, blob = (read_cache(place / "links") or b"").partition(b"\n")
        links: dict[str, Links] = {}
        told = json.loads(head or b"null")
        if told is not None and told["rules"] == rules:
            at = 0
            for path, (digest, has, wants, *counts) in told["files"].items():
                middle, end = at + has * _SIZE, at + (has + wants) * _SIZE
                numbers = dict(zip(("links", "anchors", "assets"), counts, strict=True))
                links[path] = Links(digest=digest, has=blob[at:middle], wants=blob[middle:end], **numbers)
                at = end
        told = json.loads(read_cache(place / "words") or b"null")
        words: dict[str, tuple[str, Printed]] = {}
        if told is not None and told["rules"] == [rules, guard]:
            words = {
                path: (digest, tuple((seed, passage, begin, end) for seed, passage, begin, end in printed))
                for path, (digest, printed) in told["files"].items()
            }
        return Knowledge(links=links, words=words)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Knowledge(links={}, words={})


def write_knowledge(place: Path, known: Knowledge, rules: str, guard: str) -> None:
    """What was found is kept."""
    rows = {
        path: [
            each.digest,
            len(each.has) // _SIZE,
            len(each.wants) // _SIZE,
            each.links,
            each.anchors,
            each.assets,
        ]
        for path, each in known.links.items()
    }
    head = json.dumps({"rules": rules, "files": rows}, separators=(",", ":")).encode()
    blob = b"".join(part for each in known.links.values() for part in (each.has, each.wants))
    write_cache(place / "links", head + b"\n" + blob)
    told = {"rules": [rules, guard], "files": dict(known.words)}
    write_cache(place / "words", json.dumps(told, separators=(",", ":")).encode())
