"""What the preview begins with: what it left itself when it was shown last, or what a build left since.

A build's pages, site and records of them are taken over as they are: the very same files, which nobody writes
into. None of it is believed unseen, so it may be half of it, of another wiki or of another time; that costs
time.
"""

from __future__ import annotations

import contextlib
import functools
from pathlib import Path

from build_tools.problems import Problem
from build_tools.serve import PLACE
from build_tools.site.generate import BUILD, CACHE, PREVIEW, rules
from build_tools.site.kept import read_kept
from build_tools.spare_tree import lay_in, list_tree, renew_tree, take_over
from build_tools.write import remove

# Below a folder of what was built, the records of what is known, and of the files of pages and of the site.
MEMORY, PAGES, SITE = f"{CACHE}/wiki", f"{CACHE}/pages", f"{CACHE}/site"


def begin(root: Path, *, preview: bool = False) -> None:
    """The preview's folder holds what there is to begin with. The caller holds its lock."""
    built, own = root / (PREVIEW if preview else BUILD), root / PLACE
    with contextlib.suppress(OSError):  # of a build that is just going on, or on a full disk
        if _written(built / SITE) <= _written(own / SITE) and (own / MEMORY).exists():
            return
        if not preview and _is_as_here(built):
            _take_trees(built, own, "pages", "site")
            _take_records(built, own, CACHE)
        else:
            _take_trees(built, own, "pages")
            _take_records(built, own, PAGES, MEMORY)


def _written(record: Path) -> int:
    """When a record was written; 0 if there is none."""
    try:
        return record.stat().st_mtime_ns
    except OSError:
        return 0


def _is_as_here(built: Path) -> bool:
    """Whether a build made its site by the rules of the preview, whose site has no address."""
    return read_kept(built / SITE).frame.endswith(f" {rules('')}")


def _take_trees(built: Path, own: Path, *names: str) -> None:
    """The trees of these names are those of a build that has them; raises OSError."""
    for name in names:
        if (built / name).is_dir():
            renew_tree(own / name, functools.partial(_lay, built / name))


def _lay(tree: Path, spare: Path) -> tuple[Problem, ...]:
    lay_in(tree, spare, list_tree(tree).files)
    return ()


def _take_records(built: Path, own: Path, *names: str) -> None:
    """The records of these names, or in folders of these names, are those of a build; raises OSError."""
    for name in names:
        found = (
            [f"{name}/{path}" for path in list_tree(built / name).files] if (built / name).is_dir() else []
        )
        found += [name] if (built / name).is_file() else []
        remove(own / name)
        take_over([path for path in found if not path.endswith(".half")], built, own)  # that are whole
