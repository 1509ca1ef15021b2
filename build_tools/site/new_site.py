"""A new site put together: of files of the one in place that still hold, and of others that were made anew.

Last comes its search index, of which only the parts are made that a change concerns.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from build_tools.cite import CitedWiki
from build_tools.memory import Memory
from build_tools.pages.search_entries import Entry, search_entries
from build_tools.problems import Problem
from build_tools.site.kept import Kept, digest, digest_of, scan
from build_tools.site.search_index import FOLDER, gather, gather_all, index_shards, is_index, shards
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
    """A site that is being made in place of the one at `site`: of that `kept` is recorded, `standing` stands.

    `folder` is where its files are put that are made; `digests` are those of all its files.
    """

    def __init__(self, site: Path, folder: Path, kept: Kept, standing: Listing) -> None:
        self._site, self._folder, self._kept, self._standing = site, folder, kept, standing
        self.taken: dict[str, Signature] = {}
        self.made: list[str] = []
        self.digests: dict[str, str] = {}
        self.searched: dict[str, str] = {}
        self.parts: dict[str, str] = {}

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

    def index(self, made_of: Material, work: Path, rules: str) -> tuple[Problem, ...]:
        """The new site has its search index, made by these rules; parts that still hold are taken over.

        `work` is a folder for what is needed on the way. Raises OSError.
        """
        self._list()
        pages = [path for path in self.digests if is_page(path)]
        known, before = self._kept.searched, self._kept.digests
        fresh = [page for page in pages if page not in known or before.get(page) != self.digests[page]]
        marked = {page: known[page] for page in pages if page in known} | gather(fresh, self._place, work)
        self.searched = dict(sorted(marked.items()))
        whole = not any(marked.values())
        searched = gather_all(pages, self._place, work) if whole else self.searched
        parts = shards([page for page, each in searched.items() if each])
        digests = made_of.entry_digests()
        for part, held in parts.items():
            key = hashlib.sha256(f"{rules} {len(parts)}".encode())
            for page in held:
                key.update(f"{page} {searched[page]} {digests.get(_address(page))}\n".encode())
            self.parts[part] = key.hexdigest()
        own: dict[str, list[str]] = {}
        for path in filter(is_index, self._kept.site.files):
            own.setdefault(_part_of(path), []).append(path)
        stale = {}
        for part, held in parts.items():
            files = own.get(part, [])
            if self._kept.index.get(part) == self.parts[part] and all(map(self._is_there, files)):
                self.take(files)
            else:
                stale[part] = held
        gather(
            (page for held in stale.values() for page in held if not (work / page).exists()),
            self._place,
            work,
        )
        entries = made_of.entries() if stale else {}
        problems = index_shards(self._folder, stale, len(parts), entries, work)
        self._list()
        return problems

    def lay(self, folder: Path, held: Listing | None) -> None:
        """The folder, which may have held this last, holds the new site and nothing else; raises OSError."""
        if self.taken:
            lay_in(self._site, folder, self.taken, held)
            move_in(self._folder, self.made, folder)
        else:
            remove(folder)
            self._folder.rename(folder)

    def _list(self) -> None:
        """`made` are the files made by now, and `digests` has theirs."""
        self.made = list(scan(self._folder))
        for path in self.made:
            if path not in self.digests:
                self.digests[path] = digest(self._folder / path)

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
