"""What the parts of the search index were made of, so that a part is soon made again where a page changed.

A pack may be deleted, damaged or of another version at any time: then its pages are looked through again.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from build_tools.cache import read_record, write_record

VERSION = 1
_QUICK = 1  # of the levels that zlib has


@dataclass(frozen=True, slots=True)
class Pack:
    """What one part was made of.

    `texts` has, by its page, what is searched, with the digest of that; `fragments`, by the digest of what
    Pagefind made of a page, the page's address, the digest of its entry, and what became of both.
    """

    texts: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    fragments: Mapping[str, tuple[str, str, bytes]] = field(default_factory=dict)


class Packs:
    """The packs in a folder, made by these rules."""

    def __init__(self, folder: Path, rules: str) -> None:
        self._folder, self._rules = folder, rules

    def of(self, part: str) -> Pack:
        """The pack of a part; an empty one if there is none that can be read."""
        try:
            version, rules, rows, packed, fragments = read_record(self._place(part))
            if (version, rules) == (VERSION, self._rules):
                texts, end = dict[str, tuple[str, bytes]](), 0
                together = zlib.decompress(packed)
                for page, digest, length in rows:
                    texts[page] = (digest, together[end : end + length])
                    end += length
                return Pack(texts, fragments)
        except (ValueError, TypeError, zlib.error):
            pass
        return Pack()

    def keep(self, part: str, pack: Pack) -> None:
        """This is the pack of the part; one that cannot be written only costs time."""
        rows = tuple((page, digest, len(text)) for page, (digest, text) in pack.texts.items())
        packed = zlib.compress(b"".join(text for _, text in pack.texts.values()), _QUICK)
        write_record(self._place(part), (VERSION, self._rules, rows, packed, dict(pack.fragments)))

    def _place(self, part: str) -> Path:
        return self._folder / part.replace("/", "-")
