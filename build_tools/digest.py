"""A folder's files by their SHA-256, and one digest over them all: equal files give equal digests."""

from __future__ import annotations

import hashlib
from pathlib import Path


def manifest(folder: Path) -> str:
    """A line a file, sorted by path, as `sha256sum` writes it and `--check` reads it; raises OSError."""
    files = [path for path in folder.rglob("*") if path.is_file() or path.is_symlink()]
    named = sorted((path.relative_to(folder).as_posix(), path) for path in files)
    return "".join(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}\n" for name, path in named)


def digest(listed: str) -> str:
    """The one digest: the SHA-256 of the list."""
    return hashlib.sha256(listed.encode()).hexdigest()
