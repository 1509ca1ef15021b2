"""How often Python looks for garbage that points to itself."""

from __future__ import annotations

import atexit
import contextlib
import gc
from collections.abc import Iterator


def look_seldom() -> None:
    """Python looks for it a hundred times less than it would: records are many, and stay, and to look through
    all of them again and again would take a fourth of the time. Nor does it when it exits."""
    gc.set_threshold(200_000, 20, 100)
    atexit.register(gc.freeze)


@contextlib.contextmanager
def all_kept() -> Iterator[None]:
    """What is made meanwhile is not looked through even once: the caller knows that none of it is garbage."""
    looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()  # now it is nobody's turn …
        gc.unfreeze()  # … and now that of what has been there for long, which comes last
        if looking:
            gc.enable()
