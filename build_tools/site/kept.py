"""What the site in place was made from: which of its files are still right, and need not be made again.

A record of it stands in `.cache` beside the site. It may be deleted, damaged or of another version at any
time: then nothing is known, and all is made anew. A file of the site is trusted only while it is the very
file that was recorded, by inode, size and time; so no clock has to be right, and whatever was put in its
place is made again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from build_tools.cache import read_record, write_record
from build_tools.spare_tree import Listing, Signature, list_tree

VERSION = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is recorded of a site; of one that was never made, nothing.

    `sources` are the pages' files with their digests, and `unmade` those of which the site has nothing.
    `site` are all files of the site, and `digests` theirs. Those that no source is recorded for hang on the
    frame and the names of the sources alone, such as the files of the theme; or they are parts of the search
    index, of which `index` says, by its folder, what each was made of, and `searched`, by its page, what of
    the page is searched. The site passed the checks, held against sources that `guard` stands for, and they
    counted pages, links, anchors and assets.
    """

    frame: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)
    unmade: frozenset[str] = frozenset()
    site: Listing = field(default_factory=lambda: Listing({}, {}))
    digests: Mapping[str, str] = field(default_factory=dict)
    searched: Mapping[str, str] = field(default_factory=dict)
    index: Mapping[str, str] = field(default_factory=dict)
    guard: str = ""
    counts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file among the pages: its digest, and where the site has what is made of it."""

    digest: str
    output: str | None


def scan(folder: Path) -> dict[str, Signature]:
    """Every file below a folder, by its path from there, in order; links are files. Raises OSError."""
    return list_tree(folder).files


def digest(path: Path) -> str:
    """The digest of a file's bytes; raises OSError."""
    return digest_of(path.read_bytes())


def digest_of(data: bytes) -> str:
    """The digest of these bytes."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def read_kept(place: Path) -> Kept:
    """The record at a place; an empty one if there is none, or none that can be read."""
    try:
        version, frame, sources, unmade, site, digests, searched, index, guard, counts = read_record(place)
        if version != VERSION:
            return Kept()
        return Kept(
            frame=frame,
            sources=sources,
            unmade=frozenset(unmade),
            site=Listing(*site),
            digests=digests,
            searched=searched,
            index=index,
            guard=guard,
            counts=counts,
        )
    except (ValueError, TypeError):
        return Kept()


def write_kept(place: Path, kept: Kept) -> None:
    """The record is at the place, or what was there before; one that cannot be written only costs time."""
    rows = (kept.sources, kept.unmade, kept.site, kept.digests, kept.searched, kept.index)
    sources, unmade, site, digests, searched, index = rows
    write_record(
        place,
        (
            VERSION,
            kept.frame,
            dict(sources),
            tuple(sorted(unmade)),
            tuple(site),
            dict(digests),
            dict(searched),
            dict(index),
            kept.guard,
            tuple(kept.counts),
        ),
    )
