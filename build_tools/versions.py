"""Which compiler this is, and which programs it runs with: what was worked out by others may not hold."""

from __future__ import annotations

import functools
import hashlib
import sys
from pathlib import Path


@functools.cache
def compiler() -> str:
    """The digest of the compiler's own code: modules, templates, examples, and the packages it was set up
    with."""
    folder = Path(__file__).parent
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    for name in ("package-lock.json", "node_modules/.package-lock.json"):
        path = folder.parent / name
        found.update(path.read_bytes() if path.is_file() else b"")
    return found.hexdigest()


def programs() -> str:
    """Which versions of Python and of all installed packages this is, in a line a package."""
    found = {
        path.name
        for folder in map(Path, sys.path)
        if folder.is_dir()
        for path in folder.iterdir()
        if path.name.endswith((".dist-info", ".egg-info"))
    }
    return "\n".join((sys.version, *sorted(found)))
