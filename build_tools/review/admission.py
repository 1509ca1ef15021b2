"""What a pull request may bring: judged by names, modes and sizes before anything of it is read.

Records, and pages written by hand, are admitted as data. Everything else is told apart: code, which the
tests of the change run by themselves; and what is refused, with the reason. What only somebody who may
write to the repository should do is refused from outside, and shown to the editors from inside.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from build_tools.load import TEXT
from build_tools.problems import Code, Location, Problem, in_order
from build_tools.records import CaptureSettings, SeedRecord
from build_tools.review.change import LINK, REPOSITORY, Change, ChangedFile
from build_tools.seal import PassageSeal, Seal, read_seal
from build_tools.shape import read_record
from build_tools.values import SeedId
from build_tools.yaml_tree import read_yaml

MOST_FILES = 1000
MOST_BYTES = 5_000_000  # of one file; a record's own limit is lower, see yaml_tree.py
MOST_BYTES_IN_ALL = 50_000_000
MOST_REFUSED = 100  # problems of one code: past that a reader learns nothing more
LONGEST_PATH = 200

DATA_FILES = ("wiki.yml", "waivers.yml", "links.yml")
_NAME = re.compile(r"(?:[A-Za-z0-9._+-][A-Za-z0-9._+ -]*/)*[A-Za-z0-9._+-][A-Za-z0-9._+ -]*")
# Git, GitHub, Python, test runners and editors act on these by themselves.
_ACTING_FOLDERS = (".github/workflows/", ".github/actions/", ".ci/", ".vscode/", ".devcontainer/")
_ACTING_NAMES = frozenset(
    "conftest.py setup.py sitecustomize.py usercustomize.py"
    " .gitmodules .gitattributes .pre-commit-config.yaml".split()
)


class Part(enum.Enum):
    """What a file is to the review."""

    DATA = enum.auto()
    CODE = enum.auto()
    ACTING = enum.auto()  # acts by itself where it lies


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """The change parted: data that may be read, paths of code, what is refused, what editors see to."""

    data: tuple[ChangedFile, ...]
    code: tuple[str, ...]
    refused: tuple[Problem, ...]
    asks: tuple[str, ...]


def part_of(path: str) -> Part:
    """What the file at the path is to the review."""
    name = path.rsplit("/", 1)[-1]
    if path.startswith(_ACTING_FOLDERS) or name in _ACTING_NAMES or name.endswith(".pth"):
        return Part.ACTING
    if path.startswith(("entities/", "seeds/")) or path in DATA_FILES:
        return Part.DATA
    return Part.DATA if path.startswith("docs/") and path.endswith(".md") else Part.CODE


def admit(change: Change, *, inside: bool) -> Admission:
    """The change parted by what may be done with it, its contents unread.

    `inside`: whoever made it may write to the repository.
    """
    refused = list(_too_much(change, inside=inside))
    if refused:
        return Admission(data=(), code=(), refused=tuple(refused), asks=())
    data: list[ChangedFile] = []
    code: list[str] = []
    asks: list[str] = []
    for file in change.files:
        faults = () if file.is_deleted else tuple(_faults(file))
        part = part_of(file.path)
        refused.extend(faults)
        if part is Part.ACTING and not inside:
            refused.append(_acting(file.path))
        elif faults:
            continue
        elif part is Part.DATA:
            data.append(file)
            asks.extend(_asks(file))
        else:
            code.append(file.path)
            if part is Part.ACTING:
                asks.append(f"{file.path} acts by itself where it lies")
    return Admission(data=tuple(data), code=tuple(code), refused=_fewer(refused), asks=tuple(asks))


def _too_much(change: Change, *, inside: bool) -> Iterator[Problem]:
    at, count = Location("."), len(change.files)
    hint = "propose it in several parts, each of which a person can read"
    if count > MOST_FILES and not inside:
        message = f"{count:,} files in one change; at most {MOST_FILES:,} are read"
        yield Problem(at, Code.CHANGE_TOO_BIG, message, hint)
    size = sum(file.size for file in change.files)
    if size > MOST_BYTES_IN_ALL and all(file.size <= MOST_BYTES for file in change.files):
        message = f"{size:,} bytes in one change; at most {MOST_BYTES_IN_ALL:,} are read"
        yield Problem(at, Code.CHANGE_TOO_BIG, message, hint)


def _faults(file: ChangedFile) -> Iterator[Problem]:
    """What is wrong with a file whoever brings it."""
    at = Location(shown_path(file.path))
    if len(file.path) > LONGEST_PATH or not _NAME.fullmatch(file.path):
        hint = f"use letters a to z, digits, `-`, `_` and `.`, at most {LONGEST_PATH} of them in a path"
        yield Problem(at, Code.BAD_FILE_NAME, "the name holds what no name here may hold", hint)
    if file.mode == LINK:
        yield Problem(at, Code.SYMLINK, "this is a symbolic link", "put the file itself here")
    elif file.mode == REPOSITORY:
        message, hint = "this is another git repository inside this one", "put the files themselves here"
        yield Problem(at, Code.SYMLINK, message, hint)
    if file.size > MOST_BYTES:
        message = f"{file.size:,} bytes; a file of a change may hold {MOST_BYTES:,}, and it was not read"
        yield Problem(at, Code.FILE_TOO_BIG, message, "keep it elsewhere, and link to it")


def _asks(file: ChangedFile) -> Iterator[str]:
    """What of sound data only an editor can decide."""
    if file.path in DATA_FILES:
        yield f"{file.path} says what the check lets pass"
    elif file.path.endswith(f"/{TEXT}") and not file.is_deleted:
        yield f"{file.path} publishes a source whole"


def _acting(path: str) -> Problem:
    message = "this file would act by itself, before anybody has read it"
    hint = "take it out of the change; describe in words what is needed, and an editor makes it"
    return Problem(Location(shown_path(path)), Code.ACTING_FILE, message, hint)


def shown_path(path: str) -> str:
    """The path fit for a message: bytes that are no UTF-8, and what cannot be seen, escaped."""
    text = path.encode(errors="surrogateescape").decode(errors="backslashreplace")
    return text if text.isprintable() else text.encode("unicode_escape").decode("ascii")


def _fewer(refused: list[Problem]) -> tuple[Problem, ...]:
    """The problems in order, of each code no more than a person reads."""
    kept: list[Problem] = []
    ordered = in_order(refused)
    for code in sorted({problem.code for problem in ordered}, key=str):
        kept.extend(islice((problem for problem in ordered if problem.code is code), MOST_REFUSED))
    return in_order(kept)


# ---- seals ---------------------------------------------------------------------------------------


def judge_seals(
    before: Mapping[str, bytes], after: Mapping[str, bytes], *, inside: bool
) -> tuple[tuple[Problem, ...], tuple[str, ...]]:
    """What is refused of a change to seals, and what editors have to see to.

    Both maps hold `seal.json`, `seed.yml` and a published text of each seed that the change touches, by
    path. No machine can tell without the article's text whether a seal is the article's; whether one was
    taken away, or altered without its capture, it can.
    """
    problems: list[Problem] = []
    asks: list[str] = []
    added = {_passages(path, after[path]) for path in _seals(after) if path not in before}
    moved = {_passages(path, before[path]) for path in _seals(before) if path not in after} & added - {None}
    for path in sorted({*_seals(before), *_seals(after)}):
        old, new = before.get(path), after.get(path)
        folder = path.rpartition("/")[0]
        if old == new or _passages(path, old or new or b"") in moved:
            continue  # a seal that goes along with the seed's new id is the same seal
        if new is None:
            problem = _deleted(path)
        elif old is not None and _is_edited(folder, before, after):
            problem = _edited(path)
        else:
            what = "is new" if old is None else "was renewed"
            if f"{folder}/{TEXT}" not in after:  # with the text kept there, the check itself compares the two
                asks.append(f"{path} {what}: only who has the article can tell whether it is the article's")
            continue
        if inside:
            asks.append(f"{path}: {problem.message}")
        else:
            problems.append(problem)
    return tuple(problems), tuple(asks)


def _seals(files: Mapping[str, bytes]) -> Iterator[str]:
    return (path for path in sorted(files) if path.endswith("/seal.json"))


def _passages(path: str, data: bytes) -> tuple[PassageSeal, ...] | None:
    seal = _seal(path, data)
    return None if seal is None else seal.passages


def _seal(path: str, data: bytes) -> Seal | None:
    return read_seal(path, path.split("/")[-2], data)[0]


def _is_edited(folder: str, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> bool:
    """True if a seal that is well-formed changed, and neither the captured file nor its cutting did.

    A seal that was not well-formed before may be of a former version, which is written anew from the
    same capture; one that is not well-formed now is refused by the check itself.
    """
    seal, record = f"{folder}/seal.json", f"{folder}/seed.yml"
    if None in (_seal(seal, before[seal]), _seal(seal, after[seal])):
        return False
    return _capture(record, before.get(record)) == _capture(record, after.get(record))


def _capture(path: str, data: bytes | None) -> tuple[object, ...] | None:
    node = None if data is None else read_yaml(path, data)[0]
    if node is None:
        return None
    record, _ = read_record(node, SeedRecord, id=SeedId(path.split("/")[-2]))
    capture: CaptureSettings | None = record.capture
    if capture is None:
        return None
    begins = capture.sha256_begins.text if capture.sha256_begins else ""
    return begins, tuple(map(str, capture.leave_out)), tuple(map(str, capture.keep))


def _deleted(path: str) -> Problem:
    message = "the seal of a source is taken away, and with it the proof of every cite of it"
    hint = f"put it back: `git checkout origin/HEAD -- {path}`; whether a source goes, editors decide"
    return Problem(Location(path), Code.SEAL_DELETED, message, hint)


def _edited(path: str) -> Problem:
    message = "the seal changed, and the capture that seed.yml names did not: it was edited by hand"
    hint = "put the old one back; where the page changed: `wiki seed renew FILE --id ID --write`"
    return Problem(Location(path), Code.SEAL_EDITED, message, hint)
