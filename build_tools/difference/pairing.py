"""What of the old wiki is what of the new: paired by what names it, then by likeness."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from build_tools.records import Claim, Question, Quote
from build_tools.text import folded

T = TypeVar("T")
Keys = Callable[[T], Iterable[Hashable]]

ALIKE = 0.5  # the share of words or lines in common from which on two things may be one
_COMMON = 30  # what so many things have in common makes none of them alike
_MOST_COMPARED = 100_000  # pairs: what nobody could review needs no likeness


@dataclass(frozen=True, slots=True)
class Pairs(Generic[T]):
    """All that is new in its order, each with what it was, if anything; and what is left over of the old."""

    in_order: tuple[tuple[T | None, T], ...]
    old: tuple[T, ...]

    @property
    def both(self) -> tuple[tuple[T, T], ...]:
        """What is in both."""
        return tuple((old, new) for old, new in self.in_order if old is not None)

    @property
    def new(self) -> tuple[T, ...]:
        """What is only in the new."""
        return tuple(new for old, new in self.in_order if old is None)


def paired(
    old: Sequence[T],
    new: Sequence[T],
    rounds: Iterable[Keys[T]],
    likeness: Callable[[T], Counter[str]] | None = None,
) -> Pairs[T]:
    """Pairs by each round of keys in turn, in order where keys are equal; at last by likeness, if asked."""
    old_left, new_left = dict(enumerate(old)), dict(enumerate(new))
    partners: dict[int, int] = {}

    def pair(i: int, j: int) -> None:
        partners[j] = i
        del old_left[i], new_left[j]

    for keys in rounds:
        waiting: dict[Hashable, deque[int]] = defaultdict(deque)
        for j, item in new_left.items():
            for key in keys(item):
                waiting[key].append(j)
        for i, item in list(old_left.items()):
            for key in keys(item):
                found = waiting[key]
                while found and found[0] not in new_left:
                    found.popleft()
                if found:
                    pair(i, found.popleft())
                    break
    if likeness is not None and old_left and new_left:
        bags = ({i: likeness(item) for i, item in left.items()} for left in (old_left, new_left))
        for i, j in _alike(*bags):
            if i in old_left and j in new_left:
                pair(i, j)
    in_order = tuple((old[partners[j]] if j in partners else None, item) for j, item in enumerate(new))
    return Pairs(in_order, tuple(old_left.values()))


def _alike(old: Mapping[int, Counter[str]], new: Mapping[int, Counter[str]]) -> Iterator[tuple[int, int]]:
    """Those alike enough, the most alike first; only what shares something rare is compared."""
    having: dict[str, list[int]] = defaultdict(list)
    for j, bag in new.items():
        for word in bag:
            having[word].append(j)
    scores: list[tuple[float, int, int]] = []
    compared = 0
    for i, bag in old.items():
        rare = (having[word] for word in bag if word in having and len(having[word]) <= _COMMON)
        candidates = sorted({j for found in rare for j in found})
        compared += len(candidates)
        if compared > _MOST_COMPARED:
            break
        for j in candidates:
            score = alike(bag, new[j])
            if score >= ALIKE:
                scores.append((-score, i, j))
    return ((i, j) for _, i, j in sorted(scores))


def alike(one: Counter[str], other: Counter[str]) -> float:
    """The share of what two bags of words have in common, from 0 to 1."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def bag_of_words(text: str) -> Counter[str]:
    """The folded words of a text."""
    return Counter(folded(text))


AnchoredT = TypeVar("AnchoredT", Claim, Quote, Question)


def by_id(item: Claim | Quote | Question) -> Iterable[Hashable]:
    """The id, if it has one."""
    return (item.id.id,) if item.id.id else ()


def by_any_id(item: Claim | Quote | Question) -> Iterable[Hashable]:
    """The id and those that it had."""
    former = () if isinstance(item, Question) else item.formerly
    return tuple(anchor.id for anchor in (item.id, *former) if anchor.id)
