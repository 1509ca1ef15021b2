"""A claim is one sentence: of two, a reader could not tell which of them its evidence carries.

Two that compare figures of one kind are one claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from build_tools.cite import CitedWiki
from build_tools.evidence import own_figures
from build_tools.figures import is_year
from build_tools.problems import Code, Problem
from build_tools.records import Claim
from build_tools.text import folded

# A sentence that ends in a word of its own, and another that begins; after "St." or "e.g." a name may follow.
_NEXT = re.compile(
    r"(?<=[^\W\d_]{2})(?P<word>\w*)[.!?][\"\u201d\u2019)]*\s+(?=[\"\u201c\u2018(]?[^\W\d_a-z])"
)
_ABBREVIATED = frozenset(
    "st mr mrs ms dr jr sr prof capt col gen lt sgt gov sen rep rev hon pres messrs mt ft nr no nos vs etc "
    "inc ltd co corp bros dept univ est approx ca cf ed eds vol fig art sec ch pp ibid al eg ie "
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun".split()
)


def check(wiki: CitedWiki) -> Iterator[Problem]:
    """A warning for each claim of more than one sentence."""
    for group in wiki.statements.values():
        for cited in group:
            record = cited.statement.record
            if not isinstance(record, Claim):
                continue
            second = _second_sentence(record.text.source)
            if second is not None and not _compares(record.text.source, second):
                said = " ".join(record.text.source[second:].split()[:3])
                message = f"two sentences in one claim; the second begins `{said} …`"
                hint = "make it a claim of its own, with `id` and `cites`; or say both in one sentence"
                yield Problem(record.text.place(second), Code.TWO_CLAIMS, message, hint)


def _compares(source: str, second: int) -> bool:
    """True if both sentences give a figure of one kind: then and now, here and there."""
    kinds = [
        {(figure.unit, figure.measure) for figure in own_figures(part) if not is_year(figure)}
        for part in (source[:second], source[second:])
    ]
    return bool(kinds[0] & kinds[1])


def _second_sentence(source: str) -> int | None:
    """Where a second sentence begins; None if there is none, or an abbreviation may have ended there."""
    for match in _NEXT.finditer(source):
        last = re.split(r"[\s(\u201c\"]", source[: match.start() + len(match["word"])])[-1]
        word = "".join(folded(last))
        if "." not in last and word not in _ABBREVIATED:
            return match.end()
    return None
