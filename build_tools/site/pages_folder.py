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
from build_tools.processes import in_parts
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
from build_tools.write import linked

VERSION = 1
_AT_A_TIME = 16  # files that wait for the disk together
_LEAST = 500  # files that are worth a process


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
    return Coming(folder, files, record).put()


class Coming:
    """The pages as they will stand in a folder, where they are put when `put` is called: see `put_pages`.

    `digests` are those of their contents. The caller holds the lock. Raises OSError.
    """

    def __init__(self, folder: Path, files: Iterable[File], record: Path) -> None:
        self._folder, self._record = folder, record
        self._known = known = _read(record)
        listing, there = known.listing, known.digests
        if not stands(folder, listing):
            listing = list_tree(folder) if folder.is_dir() else Listing({}, {})
            there = _digests(folder, listing, known)
        self._listing = listing
        self._wanted = {file.path: file for file in files}
        self.digests: Mapping[str, str] = {path: file.digest for path, file in self._wanted.items()}
        self._same = folder.is_dir() and self.digests == there and len(listing.files) == len(there)
        self._kept = {
            path: listing.files[path] for path, each in there.items() if self.digests.get(path) == each
        }
        self._put: Pages | None = None

    def data(self, path: str) -> bytes | None:
        """The bytes of a page; None if there will be none. Raises OSError."""
        if path in self._kept:
            return (self._folder / path).read_bytes()
        return self._wanted[path].data if path in self._wanted else None

    def lay(self, paths: Iterable[str], folder: Path) -> None:
        """These pages are in a folder, too; raises OSError."""
        for path in in_folders(folder, paths):
            if path not in self._kept or not linked(self._folder / path, folder / path):
                (folder / path).write_bytes(self.data(path) or b"")

    def put(self) -> Pages:
        """The pages stand in their folder, and the record says so; raises OSError, then that is as it was."""
        if self._put is None:
            self._put = self._put_now()
        return self._put

    def _put_now(self) -> Pages:
        known, listing, kept = self._known, self._listing, self._kept
        if self._same:
            if listing is not known.listing:
                known = Pages(listing, self.digests)
                _write(self._record, known)
            return known
        made = sorted(self.digests.keys() - kept.keys())

        def fill(spare: Path) -> tuple[Problem, ...]:
            lay_in(self._folder, spare, kept, known.spare)
            in_parts(lambda paths: self._write(spare, paths), made, least=_LEAST)
            return ()

        renew_tree(self._folder, fill)
        pages = Pages(list_again(self._folder, kept, made), self.digests, listing)
        _write(self._record, pages)
        return pages

    def _write(self, folder: Path, paths: Iterable[str]) -> None:
        """These pages are in a folder, and outlive the machine; raises OSError."""
        written: list[Path] = []
        for path in in_folders(folder, paths):
            written.append(folder / path)
            written[-1].unlink(missing_ok=True)  # of a process that could not write all of its own
            with written[-1].open("xb") as stream:
                stream.write(self._wanted[path].data)
        with ThreadPoolExecutor(_AT_A_TIME) as pool:
            list(pool.map(_settle, written))


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
