"""Names as a seal has them: which forms of a word name the same thing, and when a passage has a name."""

from __future__ import annotations

import functools
from collections.abc import Sequence


@functools.lru_cache(maxsize=1 << 16)
def name_forms(word: str) -> tuple[str, ...]:
    """The forms under which a folded word may name something: `norway's` norway, `anglo-norman` anglo."""
    bare = word.removesuffix("'s").removesuffix("'")
    return tuple(dict.fromkeys((bare, *bare.split("-"))))


def has_name(names: Sequence[tuple[int, str]], wanted: Sequence[str]) -> bool:
    """True if the words of a name stand in the passage, whose capitalised words `names` gives by position.

    Words of a name that are not capitalised ("of") stand in no seal's names; they are passed over.
    """
    return bool(name_places(names, wanted))


def name_places(names: Sequence[tuple[int, str]], wanted: Sequence[str]) -> tuple[int, ...]:
    """The positions at which the name begins: see `has_name`."""
    by_position = dict(names)
    key = next((i for i, word in enumerate(wanted) if any(word in name_forms(n) for _, n in names)), None)
    if key is None:
        return ()
    return tuple(
        position - key
        for position, name in names
        if wanted[key] in name_forms(name) and _goes_on(by_position, position - key, wanted)
    )


def _goes_on(by_position: dict[int, str], start: int, wanted: Sequence[str]) -> bool:
    hits = 0
    for offset, word in enumerate(wanted):
        name = by_position.get(start + offset)
        if name is None:
            continue
        if word not in name_forms(name):
            return False
        hits += 1
    return hits * 2 > len(wanted)
