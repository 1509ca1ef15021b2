"""The folder of the pages: of all that is compiled, what differs from what stands there is written.

A record beside the folder says which files stand in it, with the digests of their contents, so that none
of them has to be read again. It may be deleted, damaged or of another version at any time.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from build_tools.cache import read_record, write_record
from build_tools.problems import Problem
from build_tools.site.kept import digest
from build_tools.spare_tree import (
    Listing,
    Signature,
    in_folders,
    lay_in,
    lay_spare,
    list_again,
    list_tree,
    renew_tree,
    spare_of,
    stands,
)

VERSION = 1
_AT_A_TIME = 16  # files that wait for the disk together


class File(Protocol):
    """A file to be written: its path below the folder, its bytes, and their digest (`site.kept.digest_of`).

    Of a file that stands there already the bytes are not asked for.
    """

    @property
    def path(self) -> str: ...
    @property
    def data(self) -> bytes: ...
    @property
    def digest(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Pages:
    """The files that stand in the folder, with the digests of their contents; `spare` is what its spare held
    when it became one."""

    listing: Listing = field(default_factory=lambda: Listing({}, {}))
    digests: Mapping[str, str] = field(default_factory=dict)
    spare: Listing | None = None


def put_pages(folder: Path, files: Iterable[File], record: Path) -> Pages:
    """The folder holds these files and nothing else, each unchanged one as it was; `record` says so.

    The caller holds the lock. Raises OSError; then the folder is as it was.
    """
    known = _read(record)
    listing, there = known.listing, known.digests
    if not stands(folder, listing):
        listing = list_tree(folder) if folder.is_dir() else Listing({}, {})
        there = _digests(folder, listing, known)
    wanted = {file.path: file for file in files}
    digests = {path: file.digest for path, file in wanted.items()}
    if folder.is_dir() and digests == there and len(listing.files) == len(there):
        if listing is not known.listing:
            known = Pages(listing, digests)
            _write(record, known)
        return known
    kept = {path: listing.files[path] for path, each in there.items() if digests.get(path) == each}
    made = sorted(digests.keys() - kept.keys())

    def fill(spare: Path) -> tuple[Problem, ...]:
        lay_in(folder, spare, kept, known.spare)
        for path in in_folders(spare, made):
            with (spare / path).open("xb") as stream:
                stream.write(wanted[path].data)
        with ThreadPoolExecutor(_AT_A_TIME) as pool:
            list(pool.map(_settle, (spare / path for path in made)))
        return ()

    renew_tree(folder, fill)
    pages = Pages(list_again(folder, kept, made), digests, listing)
    _write(record, pages)
    return pages


def lay_pages_spare(folder: Path, record: Path) -> None:
    """The spare of the folder holds what the folder does, and `record` says so. Raises OSError."""
    known = _read(record)
    if not spare_of(folder).exists() and stands(folder, known.listing):
        _write(record, replace(known, spare=lay_spare(folder, known.listing)))


def _settle(path: Path) -> None:
    """The file outlives the machine; raises OSError."""
    with path.open("r+b") as stream:
        os.fsync(stream.fileno())


def _digests(folder: Path, listing: Listing, known: Pages) -> dict[str, str]:
    """The digests of the files that stand there; those of files that are the very ones recorded are known."""
    before: Mapping[str, Signature] = known.listing.files
    return {
        path: known.digests[path] if before.get(path) == signature else digest(folder / path)
        for path, signature in listing.files.items()
        if not (folder / path).is_symlink()
    }


def _read(record: Path) -> Pages:
    try:
        version, listing, digests, spare = read_record(record)
        if version != VERSION:
            return Pages()
        return Pages(Listing(*listing), digests, None if spare is None else Listing(*spare))
    except (ValueError, TypeError):
        return Pages()


def _write(record: Path, pages: Pages) -> None:
    spare = None if pages.spare is None else tuple(pages.spare)
    write_record(record, (VERSION, tuple(pages.listing), dict(pages.digests), spare))
