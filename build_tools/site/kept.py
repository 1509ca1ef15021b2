"""What the site in place was made from: which of its files are still right, and need not be made again.

A record of it stands in `.cache` beside the site. It may be deleted, damaged or of another version at any
time: then nothing is known, and all is made anew. A file of the site is trusted only while it is the very
file that was recorded, by inode, size and time; so no clock has to be right, and whatever was put in its
place is made again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from build_tools.cache import read_cache, write_cache

Signature = tuple[int, int, int]  # inode, size, time of change in ns
VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file among the pages: which file it was, its digest, and what the site has of it (or nothing)."""

    signature: Signature
    digest: str
    output: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """A file of the site, and its digest."""

    signature: Signature
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is recorded of a site; of one that was never made, nothing.

    `outputs` are all its files. Those that no source is recorded for hang on the frame and the names of the
    sources alone, such as the files of the theme; or they are parts of the search index, of which `index`
    says, by its folder, what each was made of. It passed the checks, held against sources that `guard`
    stands for, and they counted pages, links, anchors and assets.
    """

    frame: str = ""
    sources: Mapping[str, Source] = field(default_factory=dict)
    outputs: Mapping[str, Output] = field(default_factory=dict)
    index: Mapping[str, str] = field(default_factory=dict)
    guard: str = ""
    counts: tuple[int, ...] = ()


def scan(folder: Path) -> dict[str, Signature]:
    """Every file below a folder, by its path from there, in order; links are files. Raises OSError."""
    found: dict[str, Signature] = {}
    waiting = [("", os.fspath(folder))]
    while waiting:
        prefix, path = waiting.pop()
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((f"{prefix}{entry.name}/", entry.path))
                else:
                    found[prefix + entry.name] = signature(entry.stat(follow_symlinks=False))
    return dict(sorted(found.items()))


def signature(status: os.stat_result) -> Signature:
    """What tells a file from another that takes its place."""
    return status.st_ino, status.st_size, status.st_mtime_ns


def digest(path: Path) -> str:
    """The digest of a file's bytes; raises OSError."""
    return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()


def read_kept(place: Path) -> Kept:
    """The record at a place; an empty one if there is none, or none that can be read."""
    try:
        data = json.loads(read_cache(place) or b"")
        if data["version"] != VERSION:
            return Kept()
        return Kept(
            frame=data["frame"],
            sources={
                path: Source(signature=tuple(row[:3]), digest=row[3], output=row[4])
                for path, row in data["sources"].items()
            },
            outputs={
                path: Output(signature=tuple(row[:3]), digest=row[3]) for path, row in data["outputs"].items()
            },
            index=data["index"],
            guard=data["guard"],
            counts=tuple(data["counts"]),
        )
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        return Kept()


def write_kept(place: Path, kept: Kept) -> None:
    """The record is at the place, or what was there before; one that cannot be written only costs time."""
    data = {
        "version": VERSION,
        "frame": kept.frame,
        "sources": {path: [*each.signature, each.digest, each.output] for path, each in kept.sources.items()},
        "outputs": {path: [*each.signature, each.digest] for path, each in kept.outputs.items()},
        "index": dict(kept.index),
        "guard": kept.guard,
        "counts": kept.counts,
    }
    write_cache(place, json.dumps(data, separators=(",", ":")).encode())
