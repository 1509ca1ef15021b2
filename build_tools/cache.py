"""Files that may be lost, damaged or of another version at any time: then they only cost time."""

from __future__ import annotations

import contextlib
import hashlib
import marshal
import sys
from pathlib import Path
from typing import Any

FOLDER = "build/.cache"  # of a wiki
# Python's own binary form, which only the version that wrote it can be trusted to read.
_FORM = f"{sys.implementation.cache_tag} {marshal.version}\n".encode()


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


def write_record(place: Path, record: Any) -> None:
    """The record, of tuples, mappings, texts, bytes and numbers, is at the place, as by `write_cache`."""
    write_cache(place, _FORM + marshal.dumps(record))


def read_record(place: Path) -> Any:
    """The record that `write_record` put at the place; None if it is not there as it was put."""
    data = read_cache(place) or b""
    return marshal.loads(data[len(_FORM) :]) if data.startswith(_FORM) else None


def _sum(text: bytes) -> bytes:
    return hashlib.blake2b(text, digest_size=16).hexdigest().encode()
