"""A new site put together: of files of the one in place that still hold, and of others that were made anew.

Of its search index only the parts are made that a change concerns; where these are few, while this process
goes on.
"""

from __future__ import annotations

import functools
import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from build_tools.cite import CitedWiki
from build_tools.memory import Memory
from build_tools.pages.search_entries import Entry, search_entries
from build_tools.problems import Problem
from build_tools.processes import Beside
from build_tools.progress import SILENT, Progress
from build_tools.site.kept import Kept, digest, digest_of, scan
from build_tools.site.packs import Packs
from build_tools.site.search_index import (
    FOLDER,
    Making,
    gather,
    gather_all,
    index_shards,
    is_index,
    shards,
)
from build_tools.site.targets import is_page
from build_tools.site.words import Guard, guard, guard_key
from build_tools.spare_tree import Listing, Signature, lay_in, move_in
from build_tools.write import remove


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What of a wiki its site is made of besides the pages, worked out when it is asked for.

    `entries` are those of the search, by the address of their page, and `entry_digests` tells them apart.
    `guard_key` is another text for every wiki that lets the site repeat something else, as `guard` says.
    """

    entries: Callable[[], Mapping[str, Entry]]
    entry_digests: Callable[[], Mapping[str, str]]
    guard_key: Callable[[], str]
    guard: Callable[[], Guard]


def material(wiki: CitedWiki, memory: Memory) -> Material:
    """The material of a wiki that is at hand; of its parts that `memory` has, none is made again."""
    entries = functools.cache(lambda: search_entries(wiki, memory))

    def digests() -> dict[str, str]:
        found = entries()
        return memory.recall_each("entry digest", found, lambda page: digest_of(repr(found[page]).encode()))

    return Material(
        entries=entries,
        entry_digests=functools.cache(digests),
        guard_key=functools.cache(lambda: guard_key(wiki, memory)),
        guard=functools.cache(lambda: guard(wiki)),
    )


class NewSite:
    """A site that is being made in place of the one at `site`: of that `kept` is recorded, and `stand` tells
    what stands.

    `folder` is where its files are put that are made; `digests` are those of all its files.
    """

    def __init__(self, site: Path, folder: Path, kept: Kept) -> None:
        self._site, self._folder, self._kept = site, folder, kept
        self._standing = Listing({}, {})
        self.taken: dict[str, Signature] = {}
        self.made: list[str] = []
        self.digests: dict[str, str] = {}
        self.searched: dict[str, str] = {}
        self.parts: dict[str, str] = {}
        self._laid: Path | None = None
        self._index: Path | None = None
        self._indexing: Callable[[], tuple[Problem, ...]] = tuple
        self._beside: Beside[tuple[Problem, ...]] | None = None

    def stand(self, standing: Listing) -> None:
        """This stands at the site in place."""
        self._standing = standing

    def take(self, paths: Iterable[str]) -> None:
        """These files are those of the site in place, which are as they are recorded."""
        for path in paths:
            self.taken[path] = self._kept.site.files[path]
            self.digests[path] = self._kept.digests[path]

    def take_all(self) -> None:
        """All files of the site in place are taken, but for its search index; raises OSError."""
        for path, signature in self._standing.files.items():
            if not is_index(path):
                self.taken[path] = signature
                same = self._is_there(path)
                self.digests[path] = self._kept.digests[path] if same else digest(self._site / path)

    def know(self, digests: Mapping[str, str]) -> None:
        """Files that are made have these digests, and need not be read for them."""
        self.digests.update(digests)

    def index(self, made_of: Material, work: Path, packs: Path, rules: str) -> tuple[Problem, ...]:
        """The new site has its search index; else as `begin_index`."""
        self.begin_index(made_of, work, packs, rules)
        return self.end_index()

    def begin_index(
        self, made_of: Material, work: Path, packs: Path, rules: str, progress: Progress = SILENT
    ) -> None:
        """The search index of the new site is being made by these rules; parts that hold are taken over.

        `work` is a folder for what is needed on the way, `packs` one for what is kept of it. Raises OSError.
        """
        text = work / "text"
        self.made = list(scan(self._folder))
        self._tell(self._folder, self.made)
        pages = [path for path in self.digests if is_page(path)]
        known, before = self._kept.searched, self._kept.digests
        fresh = [page for page in pages if page not in known or before.get(page) != self.digests[page]]
        marked = {page: known[page] for page in pages if page in known}
        marked |= gather(fresh, self._place, text, progress)
        self.searched = dict(sorted(marked.items()))
        searched = self.searched
        if not any(marked.values()):
            searched = gather_all(pages, self._place, text)
        parts = shards([page for page, each in searched.items() if each])
        digests = made_of.entry_digests()
        for part, held in parts.items():
            key = hashlib.sha256(f"{rules} {len(parts)}".encode())
            for page in held:
                key.update(f"{page} {searched[page]} {digests.get(_address(page))}\n".encode())
            self.parts[part] = key.hexdigest()
        own: dict[str, list[str]] = {}
        spoilt: set[str] = set()
        for path in filter(is_index, self._kept.site.files):
            part = _part_of(path)
            own.setdefault(part, []).append(path)
            if not self._is_there(path):
                spoilt.add(part)
        whole = {part for part, key in self.parts.items() if self._kept.index.get(part) == key} - spoilt
        stale = {part: held for part, held in parts.items() if part not in whole}
        # What is made does not stay where it is, as what is taken does.
        moving = (page for held in stale.values() for page in held if page not in self.taken)
        gather((page for page in moving if not (text / page).exists()), self._place, text)
        self._index = work / "made"
        making = Making(
            out=self._index,
            count=len(parts),
            place=self._site.joinpath,
            work=text,
            packs=Packs(packs, rules),
            searched=searched,
            entries=made_of.entries() if stale else {},
            entry_digests=digests,
        )

        def make() -> tuple[Problem, ...]:
            shutil.rmtree(making.out, ignore_errors=True)
            making.out.mkdir(parents=True)
            return index_shards(making, stale)

        self._indexing = make
        if 0 < len(stale) <= (os.cpu_count() or 1):
            self._beside = Beside(make)
            self._indexing = self._beside.result
        for part in whole:
            self.take(own.get(part, []))

    def end_index(self) -> tuple[Problem, ...]:
        """The new site has its search index, or problems say why not. Raises OSError."""
        problems = self._indexing()
        if self._index is not None and not problems:
            made = list(scan(self._index))
            self._tell(self._index, made)
            move_in(self._index, made, self._laid or self._folder)
            self.made += made
        return problems

    def end(self) -> None:
        """Nobody works on it any more."""
        if self._beside is not None:
            self._beside.wait()

    def lay(self, folder: Path, held: Listing | None) -> None:
        """The folder, which may have held this last, holds the new site and nothing else, but for parts of
        its index that are being made; raises OSError."""
        self._laid = folder
        if self.taken:
            lay_in(self._site, folder, self.taken, held)
            move_in(self._folder, self.made, folder)
        else:
            remove(folder)
            self._folder.rename(folder)

    def _tell(self, folder: Path, made: Iterable[str]) -> None:
        """`digests` has those of these files in the folder."""
        for path in made:
            if path not in self.digests:
                self.digests[path] = digest(folder / path)

    def _place(self, page: str) -> Path:
        return (self._site if page in self.taken else self._folder) / page

    def _is_there(self, path: str) -> bool:
        known = self._kept.site.files.get(path)
        return known is not None and self._standing.files.get(path) == known


def _part_of(path: str) -> str:
    """The folder of the index that a file is part of."""
    second = path.split("/")[1]
    return f"{FOLDER}/{second}" if second.isdecimal() else FOLDER


def _address(page: str) -> str:
    return page.removesuffix("index.html")
