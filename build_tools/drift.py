"""What became of a seed's passages when the article was captured again: the old seal held against the new.

Passages are the same if their seals are equal. Likeness decides nothing: a passage in which one word
changed is another passage, and what was said of the old one has to be read again.
"""

from __future__ import annotations

import enum
import itertools
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from build_tools.seal import PassageSeal, Seal


class Fate(enum.StrEnum):
    """What became of a passage."""

    SAME = "same"  # an equal seal, the same number
    MOVED = "moved"  # an equal seal, another number
    CHANGED = "changed"  # gone, and another stands in its place
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """What became of one passage: its ids in the old and the new seal, and the gist it had."""

    fate: Fate
    old: str | None
    new: str | None
    gist: str


def unnumbered(passage: PassageSeal) -> PassageSeal:
    """The seal without its passage's number: equal for passages that cannot be told apart."""
    return replace(passage, id="")


def compare_seals(old: Seal, new: Seal, gists: Mapping[str, str]) -> tuple[Drift, ...]:
    """One entry for each passage of either seal, in the new order, what is gone where it stood.

    Equal passages are paired in order. A passage is `changed` only where between the same two paired
    neighbours as many are left over in the old seal as in the new; else it is gone, or new.
    """
    pairs = _pairs(old.passages, new.passages)
    in_place = dict(_in_place(pairs, len(old.passages), len(new.passages)))
    found: list[tuple[tuple[int, int], Drift]] = []
    before = -1
    for i, passage in enumerate(old.passages):
        stands = pairs.get(i, in_place.get(i))
        number = new.passages[stands].id if stands is not None else None
        if stands is None:
            fate = Fate.GONE
        elif i in in_place:
            fate = Fate.CHANGED
        else:
            fate = Fate.SAME if number == passage.id else Fate.MOVED
        place = (before, i + 1) if stands is None else (stands, 0)
        found.append((place, Drift(fate=fate, old=passage.id, new=number, gist=gists.get(passage.id, ""))))
        before = before if stands is None else stands
    known = {*pairs.values(), *in_place.values()}
    for j, passage in enumerate(new.passages):
        if j not in known:
            found.append(((j, 0), Drift(fate=Fate.NEW, old=None, new=passage.id, gist="")))
    return tuple(drift for _, drift in sorted(found, key=lambda item: item[0]))


def _pairs(old: Sequence[PassageSeal], new: Sequence[PassageSeal]) -> dict[int, int]:
    """The places of equal passages, old to new."""
    waiting: dict[PassageSeal, deque[int]] = defaultdict(deque)
    for j, passage in enumerate(new):
        waiting[unnumbered(passage)].append(j)
    return {i: found.popleft() for i, passage in enumerate(old) if (found := waiting[unnumbered(passage)])}


def _in_place(pairs: Mapping[int, int], olds: int, news: int) -> Iterable[tuple[int, int]]:
    """The places of what is left over, old to new, where the same pairs stand around as many of both."""
    taken = frozenset(pairs.values())
    around = {-1: -1, **pairs, olds: news}
    ends = sorted(around)
    for first, last in itertools.pairwise(ends):
        left = range(first + 1, last)
        right = range(around[first] + 1, around[last])
        if len(left) == len(right) and taken.isdisjoint(right):
            yield from zip(left, right, strict=True)


def has_drifted(drifts: Iterable[Drift]) -> bool:
    """True if a passage is not what or where it was."""
    return any(drift.fate is not Fate.SAME for drift in drifts)


def carried_over(drifts: Iterable[Drift]) -> dict[str, str]:
    """The new number of each old passage that is still there."""
    return {
        drift.old: drift.new
        for drift in drifts
        if drift.fate in (Fate.SAME, Fate.MOVED) and drift.old is not None and drift.new is not None
    }
