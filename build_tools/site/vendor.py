"""What the site takes from npm's packages, or makes of it: read from disk, laid among the pages.

The packages are those of the compiler's own `package-lock.json`, never of the wiki it compiles.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable

from build_tools.addresses import OutputFile
from build_tools.packages import PACKAGES, not_installed, read_package
from build_tools.pages.cards import Card, draw_cards
from build_tools.pages.fonts import Keep, font_files, letters
from build_tools.problems import Problem

CACHE = PACKAGES / ".cache" / "wiki"  # cut fonts and cards: they hang on the packages and the pages alone
# Scripts that pages load as they are: a file of a package → its path below the pages' folder.
SCRIPTS = {"cytoscape/dist/cytoscape.esm.min.mjs": "assets/vendor/cytoscape.js"}


def vendored(
    pages: Iterable[OutputFile], cards: Iterable[Card] = ()
) -> tuple[tuple[OutputFile, ...], tuple[Problem, ...]]:
    """The fonts, cut down to the letters of the pages, the scripts of others, and the cards, drawn.

    Reports a package that is not installed. Raises OSError.
    """
    files: list[OutputFile] = []
    for source, path in SCRIPTS.items():
        data = read_package(source)
        if data is None:
            return (), (not_installed(source.partition("/")[0]),)
        files.append(OutputFile(path, data))
    try:
        files += font_files(letters(pages), read_package, _keeping("woff2", _is_font))
        files += draw_cards(cards, read_package, _keeping("png", _is_drawing))
    except KeyError as error:
        return (), (not_installed(str(error.args[0])),)
    return tuple(files), ()


def _keeping(suffix: str, whole: Callable[[bytes], bool]) -> Keep:
    """Finds what was made under a key before, if it is `whole`, and else makes and keeps it."""

    def keep(key: str, make: Callable[[], bytes]) -> bytes:
        place = CACHE / f"{key}.{suffix}"
        with contextlib.suppress(OSError):
            data = place.read_bytes()
            if whole(data):
                return data
        data = make()
        with contextlib.suppress(OSError):  # a cache that cannot be written only costs time
            CACHE.mkdir(parents=True, exist_ok=True)
            half = CACHE / f"{key}.{os.getpid()}"
            half.write_bytes(data)
            half.replace(place)
        return data

    return keep


def _is_font(data: bytes) -> bool:
    return data[:4] == b"wOF2" and len(data) == int.from_bytes(data[8:12], "big")


def _is_drawing(data: bytes) -> bool:
    return data[:4] == b"\x89PNG" and data[-8:-4] == b"IEND"
