"""How often Python looks for garbage that points to itself."""

from __future__ import annotations

import gc


def look_seldom() -> None:
    """Python looks for it a hundred times less than it would: records are many, and stay, and to look through
    all of them again and again would take a fourth of the time."""
    gc.set_threshold(200_000, 20, 100)
