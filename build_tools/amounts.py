"""Numbers with their nouns."""

from __future__ import annotations


def amount(number: int, noun: str, many: str = "") -> str:
    """The number and its noun: `1 claim`, `2,000 claims`; `many` is what more than one are called, if not by
    an s."""
    return f"{number:,} {noun if number == 1 else many or f'{noun}s'}"
