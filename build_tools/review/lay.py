"""The base branch with the data of a change laid over it: what is checked and built in a review.

Configuration, theme and scripts are the base's, for they are code to the site generator. Of the change
there is only what was admitted, as plain files.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from build_tools.problems import Problem

_OF_THE_BASE = (
    "entities", "seeds", "docs", "theme", "mkdocs.yml", "wiki.yml", "waivers.yml", "links.yml"
)  # fmt: skip


def laid_over(
    base: Path, deleted: Iterable[str], files: Mapping[str, bytes]
) -> Callable[[Path], tuple[Problem, ...]]:
    """A `fill` that makes a copy of the wiki at `base` without the deleted files and with these over it."""

    def fill(folder: Path) -> tuple[Problem, ...]:
        for name in _OF_THE_BASE:
            if (base / name).is_dir():
                shutil.copytree(base / name, folder / name, symlinks=True)
            elif (base / name).exists():
                shutil.copyfile(base / name, folder / name)
        for path in deleted:
            (folder / path).unlink(missing_ok=True)
        for path, data in files.items():
            _clear(folder, path)
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)
        return ()

    return fill


def _clear(folder: Path, path: str) -> None:
    """Nothing stands where the file goes but, it may be, that file: an emptied folder does not."""
    place = folder / path
    if place.is_dir():
        shutil.rmtree(place)
