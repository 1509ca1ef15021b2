"""How often Python looks for garbage that points to itself."""

from __future__ import annotations

import atexit
import gc


def look_seldom() -> None:
    """Python looks for it thousands of times less than it would, and not at its end: records are many, and
    stay, and to look through all of them again and again would take a fourth of the time."""
    gc.set_threshold(20_000_000, 20, 100)
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)  # what there is then goes with the process
