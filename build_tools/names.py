"""Names as a seal has them: which forms of a word name the same thing, and when a passage has a name."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from build_tools.quick import quick


@functools.lru_cache(maxsize=1 << 14)
def name_forms(word: str) -> tuple[str, ...]:
    """The forms under which a folded word may name something: `norway's` norway, `anglo-norman` anglo."""
    bare = word.removesuffix("'s").removesuffix("'")
    return tuple(dict.fromkeys((bare, *bare.split("-"))))


@quick
@dataclass(frozen=True, slots=True)
class Names:
    """The capitalised words of a passage, folded, by their positions; and where their forms stand."""

    words: Mapping[int, str]
    _places: Mapping[str, Sequence[int]] = field(compare=False, repr=False)

    @classmethod
    def of(cls, words: Mapping[int, str]) -> Names:
        places: dict[str, list[int]] = {}
        for position, word in words.items():
            for form in name_forms(word):
                places.setdefault(form, []).append(position)
        return cls(words, places)

    def has_form(self, form: str) -> bool:
        """True if this is a form of one of the words."""
        return form in self._places

    def has(self, wanted: Sequence[str]) -> bool:
        """True if the words of a name stand in the passage.

        Those that are not capitalised ("of") stand in no seal's names; they are passed over.
        """
        for key, word in enumerate(wanted):
            places = self._places.get(word)
            if places is not None:  # the first of its words that is capitalised tells where it may begin
                return any(self._goes_on(place - key, wanted) for place in places)
        return False

    def _goes_on(self, start: int, wanted: Sequence[str]) -> bool:
        hits = 0
        for position, word in enumerate(wanted, start):
            name = self.words.get(position)
            if name is None:
                continue
            if word not in name_forms(name):
                return False
            hits += 1
        return hits * 2 > len(wanted)
