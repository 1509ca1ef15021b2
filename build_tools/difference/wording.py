"""How one sentence differs from another: word by word, and in the figures it states."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from build_tools.difference.findings import Detail, How
from build_tools.figures import figures
from build_tools.text import words

_TOKEN = re.compile(r"\w+(?:[.,'’-]\w+)*|\s+|[^\w\s]")
_MOST = 250_000  # comparisons of words: beyond, what differs is shown as a whole


class Piece(NamedTuple):
    """A stretch of text that was removed, was added, or is in both."""

    how: How | None
    text: str


def word_by_word(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces of both texts in reading order; what was taken out stands before what was put in."""
    one, other = _TOKEN.findall(old), _TOKEN.findall(new)
    found: list[Piece] = []
    for same, left, right in _runs(one, other):
        if same:
            found.append(Piece(None, left))
        else:
            found += [Piece(How.REMOVED, left)] if left else []
            found += [Piece(How.ADDED, right)] if right else []
    return tuple(found)


def _runs(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[bool, str, str]]:
    """Stretches of both texts, in turn the same and not; a lone space between two that differ joins them."""
    runs: list[tuple[bool, str, str]] = []
    for tag, i, until, j, end in _operations(one, other):
        left, right = "".join(one[i:until]), "".join(other[j:end])
        same = tag == "equal"
        if len(runs) > 1 and not same and runs[-1][0] and not runs[-1][1].strip():
            _, before_left, before_right = runs[-2]
            blank = runs.pop()[1]
            runs[-1] = (False, before_left + blank + left, before_right + blank + right)
        else:
            runs.append((same, left, right))
    yield from runs


def _operations(one: Sequence[str], other: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    if len(one) * len(other) > _MOST:
        return [("replace", 0, len(one), 0, len(other))]
    return difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes()


def figures_differ(old: str, new: str) -> Iterator[Detail]:
    """The figures, with their units and hedges, that only one of the texts states."""
    one, other = _figures(old), _figures(new)
    lost = [text for key, text in one if Counter(k for k, _ in other)[key] == 0]
    gained = [text for key, text in other if Counter(k for k, _ in one)[key] == 0]
    if lost or gained:
        how = How.CHANGED if lost and gained else How.ADDED if gained else How.REMOVED
        yield Detail(what="figures", how=how, old="; ".join(lost), new="; ".join(gained))


def _figures(text: str) -> list[tuple[object, str]]:
    """The figures of a text, each as what it means and as it is written."""
    written = [word.written for word in words(text)]
    return [
        (
            (figure.value, figure.unit, figure.measure, figure.hedge),
            " ".join(written[figure.reach[0] : figure.reach[1] + 1]),
        )
        for figure in figures(enumerate(written))
    ]
