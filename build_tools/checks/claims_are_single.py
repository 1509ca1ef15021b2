"""A claim is one sentence: of two, a reader could not tell which of them its evidence carries.

Two that compare figures of one kind are one claim.
"""

from __future__ import annotations

from collections.abc import Iterator

from build_tools.cite import CitedWiki
from build_tools.evidence import own_figures
from build_tools.figures import is_year
from build_tools.problems import Code, Problem
from build_tools.prose import sentences
from build_tools.records import Claim


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
    """Where a second sentence begins; None if it is not certain that there is one."""
    first, *others = sentences(source)
    return len(first) + 1 if others else None
