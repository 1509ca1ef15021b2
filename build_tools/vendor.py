"""What the site takes from npm's packages, laid among the pages."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable

from build_tools.addresses import OutputFile
from build_tools.fonts import font_files, letters
from build_tools.packages import PACKAGES, not_installed, read_package
from build_tools.problems import Problem

CACHE = PACKAGES / ".cache" / "fonts"  # cut fonts: they hang on the packages and the letters alone
# Scripts that pages load as they are: a file of a package → its path below the pages' folder.
SCRIPTS = {"cytoscape/dist/cytoscape.esm.min.mjs": "assets/vendor/cytoscape.js"}


def vendored(pages: Iterable[OutputFile]) -> tuple[tuple[OutputFile, ...], tuple[Problem, ...]]:
    """The fonts, cut down to the letters of the pages, and the scripts of others.

    Reports a package that is not installed. Raises OSError.
    """
    files: list[OutputFile] = []
    for source, path in SCRIPTS.items():
        data = read_package(source)
        if data is None:
            return (), (not_installed(source.partition("/")[0]),)
        files.append(OutputFile(path, data))
    try:
        files += font_files(letters(pages), read_package, _keep)
    except KeyError as error:
        return (), (not_installed(str(error.args[0])),)
    return tuple(files), ()


def _keep(key: str, make: Callable[[], bytes]) -> bytes:
    """What was made under a key; what lies there and is no whole font is made anew."""
    place = CACHE / f"{key}.woff2"
    with contextlib.suppress(OSError):
        data = place.read_bytes()
        if data[:4] == b"wOF2" and len(data) == int.from_bytes(data[8:12], "big"):
            return data
    data = make()
    with contextlib.suppress(OSError):  # a cache that cannot be written only costs time
        CACHE.mkdir(parents=True, exist_ok=True)
        half = CACHE / f"{key}.{os.getpid()}"
        half.write_bytes(data)
        half.replace(place)
    return data
