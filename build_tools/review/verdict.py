"""What a review found out, as a record, and as the JSON that one workflow leaves for the next to tell.

Who reads the JSON cannot know who wrote it: a change may alter the workflow that makes it. So the reader
takes nothing that is not of this form and size, and every text in it for the text of a stranger. Only
the standard library is needed here: what posts the comment runs without setting anything up.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from build_tools.problems import Code, Location, Problem, Severity

VERSION = 1
MEMBER = "review.json"  # the one file of the archive that is read
MOST_REPORT_BYTES = 1_000_000
MOST_FINDINGS = 200
MOST_PATHS = 200
LONGEST_TEXT = 1_000
LONGEST_MEANING = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A problem as another program told it: nothing in it is known to be true."""

    path: str
    line: int
    column: int
    code: str
    severity: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What became of a change: how many files it has, what is refused, what is wrong, what it means.

    `findings` are the problems of the records that the base does not have; `known` counts those it has.
    `left_out` counts what these lists have no room for.
    """

    files: int
    code: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    refused: tuple[Finding, ...] = ()
    findings: tuple[Finding, ...] = ()
    known: int = 0
    left_out: int = 0
    meaning: str = ""


def make_review(
    *,
    files: int,
    code: tuple[str, ...] = (),
    asks: tuple[str, ...] = (),
    refused: Iterable[Problem] = (),
    problems: Iterable[Problem] = (),
    known: int = 0,
    meaning: str = "",
) -> Review:
    """The review of that, with no more in it than the report has room for."""
    refusals, findings = [_finding(each) for each in refused], [_finding(each) for each in problems]
    findings.sort(key=lambda each: each.severity != Severity.ERROR)  # errors first, if not all have room
    kept = [len(refusals[:MOST_FINDINGS]), len(findings[:MOST_FINDINGS])]
    kept += [len(code[:MOST_PATHS]), len(asks[:MOST_PATHS])]
    return Review(
        files=files,
        code=tuple(_short(path) for path in code[:MOST_PATHS]),
        asks=tuple(_short(ask) for ask in asks[:MOST_PATHS]),
        refused=tuple(refusals[:MOST_FINDINGS]),
        findings=tuple(findings[:MOST_FINDINGS]),
        known=known,
        left_out=len(refusals) + len(findings) + len(code) + len(asks) - sum(kept),
        meaning=_short(meaning, LONGEST_MEANING),
    )


def _finding(problem: Problem) -> Finding:
    return Finding(
        path=_short(problem.at.path),
        line=problem.at.line,
        column=problem.at.column,
        code=str(problem.code),
        severity=str(problem.severity),
        message=_short(problem.message),
        hint=_short(problem.hint),
    )


def _short(text: str, most: int = LONGEST_TEXT) -> str:
    clean = text.encode("utf-8", "backslashreplace").decode()
    return clean if len(clean) <= most else f"{clean[: most - 1]}…"


# ---- as JSON -------------------------------------------------------------------------------------

_FINDING = {
    "path": str, "line": int, "column": int, "code": str, "severity": str, "message": str, "hint": str
}  # fmt: skip
_REVIEW = {
    "version": int, "files": int, "code": list, "asks": list, "refused": list, "findings": list,
    "known": int, "left_out": int, "meaning": str,
}  # fmt: skip


def review_json(review: Review) -> str:
    """The report: an object with the fields of `Review` and a version."""
    report = {
        "version": VERSION,
        "files": review.files,
        "code": review.code,
        "asks": review.asks,
        "refused": [_row(finding) for finding in review.refused],
        "findings": [_row(finding) for finding in review.findings],
        "known": review.known,
        "left_out": review.left_out,
        "meaning": review.meaning,
    }
    return json.dumps(report, ensure_ascii=False, indent=1) + "\n"


def _row(finding: Finding) -> dict[str, object]:
    return {name: getattr(finding, name) for name in _FINDING}


def read_review(name: str, data: bytes) -> tuple[Review | None, tuple[Problem, ...]]:
    """The review in a report, or in a zip archive with one; None with the problem if it is of another form.

    Of an archive only the one file is looked at, and no more of it than a report may hold.
    """
    try:
        if data.startswith(b"PK"):
            data = _member(data)
        if len(data) > MOST_REPORT_BYTES:
            raise _Unfit(f"it is larger than {MOST_REPORT_BYTES:,} bytes")
        return _review(_parsed(data)), ()
    except _Unfit as unfit:
        hint = "look at the log of the check; if the change alters the workflow, nothing can be said of it"
        return None, (Problem(Location(name), Code.BAD_REPORT, str(unfit), hint),)


class _Unfit(Exception):
    """The report is not of the form; says why."""


_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def _member(data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [info for info in archive.infolist() if info.filename == MEMBER]
            if len(names) != 1:
                raise _Unfit(f"the archive has {len(names)} files named {MEMBER}")
            if names[0].flag_bits & 1 or names[0].compress_type not in _PACKED:
                raise _Unfit(f"{MEMBER} is packed in a way that is not read")
            with archive.open(names[0]) as stream:
                return stream.read(MOST_REPORT_BYTES + 1)  # whatever size the archive gives
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError):
        raise _Unfit("the archive is damaged") from None


def _parsed(data: bytes) -> object:
    try:
        return json.loads(data.decode("utf-8"), object_pairs_hook=_object, parse_constant=_constant)
    except UnicodeDecodeError:
        raise _Unfit("it is not UTF-8") from None
    except (ValueError, RecursionError):  # too many digits or brackets among them
        raise _Unfit("it is not JSON") from None


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(dict(pairs)) != len(pairs):
        raise _Unfit("an object in it has a key twice")
    return dict(pairs)


def _constant(name: str) -> object:
    raise _Unfit(f"{name} is not JSON")


def _review(report: object) -> Review:
    fields = _fields(report, _REVIEW, "the report")
    if fields["version"] != VERSION:
        raise _Unfit(f"the report is not of version {VERSION}")
    meaning = fields["meaning"]
    assert isinstance(meaning, str)
    if len(meaning) > LONGEST_MEANING:
        raise _Unfit("`meaning` is too long")
    return Review(
        files=_count(fields["files"]),
        code=_texts(fields["code"]),
        asks=_texts(fields["asks"]),
        refused=_findings(fields["refused"]),
        findings=_findings(fields["findings"]),
        known=_count(fields["known"]),
        left_out=_count(fields["left_out"]),
        meaning=_text(meaning),
    )


def _fields(value: object, types: dict[str, type], what: str) -> dict[str, object]:
    if not isinstance(value, dict) or value.keys() != types.keys():
        raise _Unfit(f"{what} has other fields than it should")
    for name, type_ in types.items():
        if type(value[name]) is not type_:  # a bool is an int to isinstance
            raise _Unfit(f"`{name}` of {what} is of another type than it should be")
    return value


def _list(value: object, most: int) -> list[object]:
    assert isinstance(value, list)
    if len(value) > most:
        raise _Unfit("a list is too long")
    return value


def _texts(value: object) -> tuple[str, ...]:
    items = _list(value, MOST_PATHS)
    if not all(isinstance(item, str) and len(item) <= LONGEST_TEXT for item in items):
        raise _Unfit("a list holds what is no text, or too long a one")
    return tuple(_text(str(item)) for item in items)


def _findings(value: object) -> tuple[Finding, ...]:
    found = []
    for item in _list(value, MOST_FINDINGS):
        row = _fields(item, _FINDING, "a finding")
        texts = {name: text for name, text in row.items() if isinstance(text, str)}
        if row["severity"] not in tuple(Severity) or any(len(text) > LONGEST_TEXT for text in texts.values()):
            raise _Unfit("a finding is not of the form")
        line, column = _count(row["line"]), _count(row["column"])
        found.append(Finding(line=line, column=column, **{name: _text(text) for name, text in texts.items()}))
    return tuple(found)


def _count(value: object) -> int:
    assert isinstance(value, int)
    if not 0 <= value < 10**9:
        raise _Unfit("a number is out of all proportion")
    return value


def _text(text: str) -> str:
    """The text; JSON's escapes can write halves of characters, which no encoding can."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _Unfit("a text holds half a character") from None
    return text
