"""What to tell the writer of a quotation that its passage does not have: where it stands, what differs.

Likeness suggests; it never passes a quotation.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from build_tools.quotes import Parts, find_quote
from build_tools.records import Passage
from build_tools.seal import RUN, PassageSeal, run_hashes
from build_tools.text import words
from build_tools.validate import Seed

_SHOWN = 8  # words of a passage that a message may repeat, and of a quotation
_LEAST_ALIKE = 2  # neighbouring runs in common below which two texts have nothing to do with each other


def standing(text: str, seed: Seed, passage: Passage, seeds: Iterable[Seed]) -> str | None:
    """The cite of another passage that has the words; None if there is none."""
    for of in (seed, *(s for s in seeds if s is not seed)):
        for other in of.passages:
            if other is not passage and find_quote(text, of, other) is not None:
                return f"{of.id}#{other.id}"
    return None


def repair(parts: Parts, seed: Seed, passage: Passage, seeds: Iterable[Seed]) -> str:
    """The repair of a quotation that no passage has: what differs from the one most like it."""
    others = [(other, of) for of in (seed, *(s for s in seeds if s is not seed)) for other in of.passages]
    runs = Counter(_pairs(parts))
    likeness = [sum((runs & Counter(_sealed_pairs(of.seal_of(other)))).values()) for other, of in others]
    best = max(range(len(others)), key=lambda i: (likeness[i], others[i][0] is passage))
    if likeness[best] >= max(_LEAST_ALIKE, sum(runs.values()) / 3):  # one changed word breaks four pairs
        nearest, of = others[best]
        differs = difference(parts, of, nearest)
        if nearest is passage:
            return differs or "most of them do: compare word for word with the source"
        place = f"most of them stand in {of.id}#{nearest.id}: is that the passage?"
        return f"{place} {differs}".rstrip()
    # A short quotation with one word changed has no pair in common, but its words may be there.
    own = "copy the words from the source, or say it in your own words as a claim"
    return difference(parts, seed, passage) or own


def difference(parts: Parts, seed: Seed, passage: Passage) -> str:
    """What the passage says where the quotation says something else; empty where that cannot be told."""
    text, seal = seed.texts.get(passage.id), seed.seal_of(passage)
    for part in parts:
        told = _against_text(part, text) if text is not None else _against_seal(part, seal) if seal else ""
        if told:
            return told
    return ""


def _against_text(part: Sequence[str], text: str) -> str:
    there = words(text)
    found = [word.folded for word in there]
    matcher = difflib.SequenceMatcher(None, found, part, autojunk=False)
    anchor = matcher.find_longest_match()
    if anchor.size < min(2, len(part)):
        return ""
    slack = 3
    begin = max(0, anchor.a - anchor.b - slack)
    end = min(len(found), anchor.a + len(part) - anchor.b + slack)
    edits = difflib.SequenceMatcher(None, found[begin:end], part, autojunk=False).get_opcodes()
    differing = [edit for edit in edits if edit[0] != "equal"]
    # What the passage has before and after the quotation is no difference.
    differing = [edit for edit in differing if edit[0] != "delete" or 0 < edit[3] < len(part)]
    told = []
    for kind, i, j, k, m in differing[:2]:
        if kind != "replace":  # one side is empty: show the word before as well
            i, k = max(0, i - 1), max(0, k - 1)
        said = " ".join(word.written for word in there[begin + i : begin + min(j, i + _SHOWN)])
        ours = " ".join(part[k : min(m, k + _SHOWN)])
        told.append(f"the passage says *{said}*, the quote *{ours}*")
    return "; ".join(told)


def _against_seal(part: Sequence[str], seal: PassageSeal) -> str:
    """What the runs of the seal tell: the words of the quotation that are in no run of the passage."""
    runs = run_hashes(part)
    blocks = difflib.SequenceMatcher(None, seal.runs, runs, autojunk=False).get_matching_blocks()
    sure = [block for block in blocks if block.size >= 2]
    # One run by itself may be a double, unless it lies where the others say it should.
    lines = {block.a - block.b for block in sure}
    sure = [block for block in blocks if block.size >= 2 or (block.size and block.a - block.b in lines)]
    if not sure:
        return ""
    clear = seal.clear
    for block in sure:
        for k, word in enumerate(part):
            known = clear.get(block.a - block.b + k)
            if known is not None and known != word and (known[:1].isdigit() or word[:1].isdigit()):
                return f"the passage has *{known}* there, the quote *{word}*"
    known_words = {k for block in sure for k in range(block.b, block.b + block.size + RUN - 1)}
    strange = [k for k in range(len(part)) if k not in known_words]
    if not strange:  # every word is in some run, but two runs do not meet
        middle = sure[0].b + sure[0].size + RUN - 1
        strange = [max(0, middle - 2), min(len(part) - 1, middle + 1)]
    stretch = " ".join(part[strange[0] : min(strange[-1] + 1, strange[0] + _SHOWN)])
    return (
        f"the seal has the rest; at *{stretch}* a word is changed, added or missing: compare with the source"
    )


def _pairs(parts: Parts) -> Iterator[bytes]:
    for part in parts:
        runs = run_hashes(part)
        yield from (runs[i : i + 2] for i in range(len(runs) - 1))


def _sealed_pairs(seal: PassageSeal | None) -> Iterator[bytes]:
    return (seal.runs[i : i + 2] for i in range(len(seal.runs) - 1)) if seal else iter(())
