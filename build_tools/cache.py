"""Files that may be lost, damaged or of another version at any time: then they only cost time."""

from __future__ import annotations

import contextlib
import hashlib
from pathlib import Path

FOLDER = "build/.cache"  # of a wiki


def write_cache(place: Path, text: bytes) -> None:
    """The text is at the place, with its sum before it; if that cannot be, what was there before is."""
    half = place.with_name(f"{place.name}.half")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        half.write_bytes(_sum(text) + b"\n" + text)
        half.replace(place)
    except OSError:
        with contextlib.suppress(OSError):
            half.unlink()


def read_cache(place: Path) -> bytes | None:
    """The text that `write_cache` put at the place; None if it is not there as it was put."""
    with contextlib.suppress(OSError):
        total, _, text = place.read_bytes().partition(b"\n")
        if total == _sum(text):
            return text
    return None


def _sum(text: bytes) -> bytes:
    return hashlib.blake2b(text, digest_size=16).hexdigest().encode()
