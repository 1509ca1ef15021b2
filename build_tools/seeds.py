"""Seeds put into the wiki and their texts attached: the commands that take a captured file."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from build_tools.capture import Capture, CutPassage, cut
from build_tools.live_schema import modeline
from build_tools.load import ATTACHED, Sources
from build_tools.problems import Code, Location, Problem, did_you_mean
from build_tools.records import SeedRecord
from build_tools.seal import Seal, make_seal, read_seal, seal_text
from build_tools.shape import read_record
from build_tools.validate import capture_of
from build_tools.values import LineSpan, SeedId, complaint_about_id
from build_tools.yaml_tree import decode, forbidden_characters, place, read_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """A captured file: its text and its bytes' SHA-256."""

    text: str
    sha256: str


def read_capture(file: Path) -> tuple[Captured | None, tuple[Problem, ...]]:
    """The text of a captured file, or the problem that it has none."""
    try:
        data = file.read_bytes()
    except OSError as error:
        message, hint = f"cannot read it: {error.strerror}", "name the file that holds the article"
        return None, (Problem(Location(str(file)), Code.UNREADABLE_FILE, message, hint),)
    text, problems = decode(str(file), data)
    if text is None:
        return None, problems
    for offset in forbidden_characters(text):
        if text[offset] < " ":  # typography of the page is folded later; a control character is no text
            if text[offset] == "\x0c":
                continue
            message, hint = (
                f"a control character, U+{ord(text[offset]):04X}",
                "capture the page as plain text",
            )
            return None, (Problem(place(str(file), text, offset), Code.BAD_CAPTURE, message, hint),)
    return Captured(text=text, sha256=hashlib.sha256(data).hexdigest()), ()


def seal_of(seed: str, passages: Iterable[CutPassage]) -> Seal:
    """The seal of passages as cut."""
    return make_seal(seed, [(passage.id, passage.text, passage.heading) for passage in passages])


def new_seed(
    id_: str, file: Path, captured: Captured, leave_out: tuple[LineSpan, ...], keep: tuple[LineSpan, ...]
) -> tuple[dict[str, str], Capture, tuple[Problem, ...]]:
    """The three files of a new seed, by name, what was cut, and the problems that forbid it."""
    capture = cut(captured.text, leave_out=leave_out, keep=keep)
    complaint = complaint_about_id(id_)
    if complaint:
        return {}, capture, (Problem(Location("--id"), complaint.code, complaint.message, complaint.hint),)
    if not capture.passages:
        return {}, capture, (without_passages(str(file)),)
    files = {
        "seed.yml": _record_text(id_, capture, captured, leave_out, keep),
        "passages.yml": _passages_text(id_, capture),
        "seal.json": seal_text(seal_of(id_, capture.passages)),
    }
    return files, capture, ()


def without_passages(file: str) -> Problem:
    """The problem that a captured file holds no article."""
    message = "no passage was found in it"
    hint = "capture the page as plain text with a blank line between paragraphs, or name lines with --keep"
    return Problem(Location(file), Code.BAD_CAPTURE, message, hint)


def _record_text(
    id_: str,
    capture: Capture,
    captured: Captured,
    leave_out: tuple[LineSpan, ...],
    keep: tuple[LineSpan, ...],
) -> str:
    lines = [
        modeline(f"seeds/{id_}/seed.yml", {}),
        f"title: {{quote: {_quoted(capture.title)}}}",
        "short:  # the label of its cites, such as Economist 2025",
        "authors: []  # - {name: …}",
        "publisher:  # the id of an organisation under entities/",
        "# url: https://…",
        "published:",
        "  when:  # EDTF: 2025-10-08, 2025-10, 2025~",
        "language:  # en, de, ky …",
        "held: true",
        "rights: {status: all-rights-reserved}",
    ]
    if capture.named_source:
        source = _quoted(capture.named_source)
        lines.append(f"# derived_from: [{{seed: …, how: retelling}}]    # it names its source: {source}")
    cutting = [f'sha256_begins: "{captured.sha256[:8]}"']
    for key, spans in (("leave_out", leave_out), ("keep", keep)):
        if spans:
            cutting.append(f"{key}: [{', '.join(str(span) for span in spans)}]")
    lines.append(f"capture: {{{', '.join(cutting)}}}")
    return "".join(f"{line}\n" for line in lines)


def _quoted(text: str) -> str:
    # Without the soft hyphens and the like of a page's title, which no record may hold.
    forbidden = frozenset(forbidden_characters(text))
    return json.dumps("".join(c for i, c in enumerate(text) if i not in forbidden), ensure_ascii=False)


def _passages_text(id_: str, capture: Capture) -> str:
    lines = [
        modeline(f"seeds/{id_}/passages.yml", {}),
        "# One line in our own words for each passage; who speaks in it; kind: heading, text or quotation.",
    ]
    return "".join([*(f"{line}\n" for line in lines), *map(blank_gist, capture.passages)])


def blank_gist(passage: CutPassage) -> str:
    """The block of a passage in passages.yml, its gist to be filled in."""
    quoted = any(mark in passage.text for mark in '"\u201c\u00ab\u201e')
    kind = "heading" if passage.heading else "quotation" if quoted else "text"
    unused = '  unused: "heading: names the section, asserts nothing"\n' if passage.heading else ""
    return f"{passage.id}:\n  kind: {kind}\n  gist:\n{unused}"


def put_seed(root: Path, id_: str, files: dict[str, str], text: Path) -> tuple[Problem, ...]:
    """Makes the seed's folder with its files, all or none, and attaches the text; raises OSError."""
    folder = root / "seeds" / id_
    if folder.exists():
        message = f"there is a seed `{id_}` already"
        hint = (
            f"to make it anew, delete seeds/{id_}; to have its text here, "
            f"`wiki seed attach FILE --id {id_}`; for another article, choose another id"
        )
        return (Problem(Location(f"seeds/{id_}"), Code.EXISTS_ALREADY, message, hint),)
    new = root / "seeds" / f".{id_}.new"
    shutil.rmtree(new, ignore_errors=True)
    try:
        new.mkdir(parents=True)
        for name, content in files.items():
            (new / name).write_text(content, encoding="utf-8")
        new.rename(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    try:
        put_text(root, id_, text)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return ()


def put_text(root: Path, id_: str, text: Path) -> None:
    """Keeps a copy of the captured file where git does not look; raises OSError."""
    attached = root / ATTACHED
    attached.mkdir(exist_ok=True)
    new = attached / f".{id_}.new"
    try:
        shutil.copyfile(text, new)
        new.replace(attached / f"{id_}.txt")
    finally:
        new.unlink(missing_ok=True)


def compare(sources: Sources, id_: str, file: Path, captured: Captured) -> tuple[int, tuple[Problem, ...]]:
    """How many passages the sealed seed and the captured file share, and where they differ."""
    files = {source.path: source for source in sources.seeds}
    record_file, seal_file = files.get(f"seeds/{id_}/seed.yml"), files.get(f"seeds/{id_}/seal.json")
    if record_file is None or seal_file is None:
        return 0, (not_sealed(sources, id_),)
    seal, problems = read_seal(seal_file.path, id_, seal_file.data)
    node, unread = read_yaml(record_file.path, record_file.data)
    if seal is None or node is None:
        return 0, (*problems, *unread)
    record, _ = read_record(node, SeedRecord, id=SeedId(id_))
    cut_passages = capture_of(record, captured.text)
    made = {passage.id: passage for passage in seal_of(id_, cut_passages).passages}
    sealed = {passage.id: passage for passage in seal.passages}
    lines = {passage.id: passage.lines.first for passage in cut_passages}
    found: list[Problem] = []
    for passage_id in sorted(made.keys() | sealed.keys(), key=lambda id_: int(id_[1:])):
        at = Location(str(file), lines.get(passage_id, 1))
        if passage_id not in made:
            found.append(
                Problem(at, Code.SEAL_MISMATCH, f"{passage_id} is sealed but not in the file", _HINT)
            )
        elif passage_id not in sealed:
            found.append(
                Problem(at, Code.SEAL_MISMATCH, f"{passage_id} is in the file but not sealed", _HINT)
            )
        elif made[passage_id] != sealed[passage_id]:
            found.append(Problem(at, Code.SEAL_MISMATCH, f"{passage_id} is not as it was sealed", _HINT))
    return len(sealed), tuple(found)


_HINT = "attach the capture that was sealed; if the article changed: `wiki seed renew`"


def not_sealed(sources: Sources, id_: str) -> Problem:
    """The problem that no seed of that id has a seal."""
    held = sorted({source.folder for source in sources.seeds if source.path.endswith("/seal.json")})
    hint = did_you_mean(id_, held, otherwise=f"the seeds with a seal are {', '.join(held) or 'none'}")
    return Problem(Location("--id"), Code.UNKNOWN_SEED, f"there is no sealed seed `{id_}`", hint)
