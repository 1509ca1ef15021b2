"""The date of a statement stands in what it cites, or we say what it was resolved from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from build_tools.cite import CitedStatement
from build_tools.dates import MONTHS, in_words
from build_tools.evidence import Evidence
from build_tools.problems import Code, Problem
from build_tools.records import Claim, Fact, Quote, Relation

_YEAR = re.compile(r"\d{3}[\dX]")
_MONTH = re.compile(r"\d{4}-(\d\d)(?:-(\d\d))?")


def absent_dates(cited: CitedStatement, evidence: Evidence) -> Iterator[Problem]:
    """A problem for the date of a statement if the passages it cites lack its year, month or day."""
    record = cited.statement.record
    if not isinstance(record, Claim | Fact | Quote | Relation) or record.when is None or record.resolved_from:
        return
    if isinstance(record, Claim) and record.derived:
        return
    text = record.when.date.text
    missing = [year for year in _YEAR.findall(text) if not evidence.has_year(int(year.replace("X", "0")))]
    for month, day in _MONTH.findall(text):
        if int(month) <= 12 and not evidence.has_month(int(month)):
            missing.append(MONTHS[int(month) - 1])
        if day and not evidence.has_day(int(day)) and all(f.value != int(day) for f in evidence.figures):
            missing.append(str(int(day)))
    if missing:
        message = (
            f"the date {in_words(text)} is not in {evidence.places}: no {' and no '.join(missing)} there"
        )
        hint = "if it was worked out, say from which words: `resolved_from: this year`; else mend or drop it"
        yield Problem(record.when.date.at, Code.DATE_NOT_IN_PASSAGE, message, hint)
