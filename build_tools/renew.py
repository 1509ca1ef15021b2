"""A seed renewed from a new capture of its article: what is written, and which cites need a person's eye.

Nothing is written here. A cite is carried over where its passage is still there, under whichever
number; every other one becomes unsettled (`seed#p5?`), so that it cannot come to point at a passage
that nobody chose.
"""

from __future__ import annotations

import codecs
import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from build_tools.capture import Capture, cut
from build_tools.drift import Drift, Fate, carried_over, compare_seals, has_drifted
from build_tools.editing.yaml_edit import Edit, blocks_of, edited, placeless, with_values
from build_tools.load import CHANGE, JOURNAL, SETTINGS, SourceFile, Sources
from build_tools.problems import Code, Location, Problem, Severity, in_order
from build_tools.records import CaptureSettings, Cite, Entity
from build_tools.seal import seal_text
from build_tools.seeds import Captured, blank_gist, not_sealed, seal_of, without_passages
from build_tools.validate import validate
from build_tools.values import PASSAGE, LineSpan
from build_tools.yaml_tree import Mapping as MappingNode
from build_tools.yaml_tree import decode, read_yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCite:
    """A cite that needs a person's eye: where it stands, where it will stand once written, and why."""

    at: Location
    written_at: Location
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """What a new capture does to the wiki: to passages, to cites, and to files, which hold the new bytes."""

    capture: Capture
    cut_by_record: str
    sealed: int
    drifts: tuple[Drift, ...]
    carried: int
    renumbered: int
    open_cites: tuple[OpenCite, ...]
    files: Mapping[str, bytes]


def plan_renewal(
    sources: Sources,
    loading: tuple[Problem, ...],
    id_: str,
    file: str,
    captured: Captured,
    leave_out: tuple[LineSpan, ...],
    keep: tuple[LineSpan, ...],
) -> tuple[Renewal | None, tuple[Problem, ...]]:
    """The renewal of a seed, or the problems that forbid it.

    Lines left out or kept are those of the seed's record where none are given.
    """
    records, found = validate(sources, loading)
    hinders = in_order(problem for problem in (*loading, *found) if _hinders(problem, id_))
    if records is None:
        return None, hinders
    seed = next((seed for seed in records.seeds if seed.id == id_), None)
    if seed is None or not seed.record.held:
        return None, (not_sealed(sources, id_),)
    if hinders or seed.seal is None:
        return None, hinders
    settings = seed.record.capture or CaptureSettings(at=seed.record.at)
    capture = cut(
        captured.text,
        leave_out=leave_out or settings.leave_out,
        keep=keep or settings.keep,
    )
    if not capture.passages:
        return None, (without_passages(file),)
    new = seal_of(id_, capture.passages)
    gists = {str(passage.id): passage.gist.source for passage in seed.passages}
    drifts = compare_seals(seed.seal, new, gists)
    wanted: dict[str, str | tuple[str, ...]] = {}
    recorded = settings.sha256_begins.text if settings.sha256_begins else ""
    if not captured.sha256.startswith(recorded) or (not recorded and has_drifted(drifts)):
        wanted["sha256_begins"] = captured.sha256[:8]
    by_record: list[str] = []
    for key, given, kept in (
        ("leave_out", leave_out, settings.leave_out),
        ("keep", keep, settings.keep),
    ):
        if given and given != kept:
            wanted[key] = tuple(map(str, given))
        elif kept and not given:
            by_record.append(f"{key}: [{', '.join(map(str, kept))}]")
    files = {source.path: source for source in sources.seeds if source.folder == id_}
    changes = _Changes(id_, drifts)
    changes.record(files[f"seeds/{id_}/seed.yml"], wanted)
    if has_drifted(drifts):
        changes.passages(files[f"seeds/{id_}/passages.yml"], capture)
        changes.files[f"seeds/{id_}/seal.json"] = seal_text(new).encode()
    by_path = {source.path: source for source in sources.entities}
    for entity in records.entities:
        changes.cites(entity, by_path[entity.path])
    if changes.problems:
        return None, in_order(changes.problems)
    return Renewal(
        capture=capture,
        cut_by_record=", ".join(by_record),
        sealed=len(seed.seal.passages),
        drifts=drifts,
        carried=changes.carried,
        renumbered=changes.renumbered,
        open_cites=tuple(sorted(changes.open_cites, key=lambda cite: cite.at)),
        files=changes.files,
    ), ()


def _hinders(problem: Problem, id_: str) -> bool:
    """True if nothing may be written while the problem is there; blanks of the seed may wait."""
    path = problem.at.path
    if problem.severity is not Severity.ERROR:
        return False
    if path.startswith(f"seeds/{id_}/"):
        return problem.code is not Code.EMPTY_VALUE
    return (
        path in (SETTINGS, CHANGE, "entities", "seeds", f"seeds/{id_}")
        or path.startswith("entities/")
        or (path.startswith("seeds/") and path.endswith(f"/{JOURNAL}"))
    )


class _Changes:
    """The files that a renewal changes, its cites, and what stands in its way."""

    def __init__(self, seed: str, drifts: tuple[Drift, ...]) -> None:
        self.seed = seed
        self.drifted = has_drifted(drifts)
        self.numbers = carried_over(drifts)
        self.fates = {drift.old: drift for drift in drifts}
        self.files: dict[str, bytes] = {}
        self.problems: list[Problem] = []
        self.open_cites: list[OpenCite] = []
        self.carried = 0
        self.renumbered = 0

    def record(self, file: SourceFile, wanted: dict[str, str | tuple[str, ...]]) -> None:
        """The seed's record says how the new capture was cut."""
        text, node = _read(file)
        new = with_values(text, node, "capture", wanted) if wanted else text
        if new is None:
            message = "`capture` is laid out in a way that cannot be changed in place"
            at = next((entry.key.at for entry in node.entries if entry.key.text == "capture"), node.at)
            hint = "write it as `wiki seed add` does: `capture: {sha256_begins: …}`"
            self.problems.append(Problem(at, Code.WRONG_SHAPE, message, hint))
        else:
            self.put(file, new)

    def passages(self, file: SourceFile, capture: Capture) -> None:
        """The gists stand beside the passages they were written for; those of other passages are blank."""
        text, node = _read(file)
        blocks = blocks_of(text, node)
        hint = "write each passage as `wiki seed add` does: `p1:` at the start of a line, the rest below it"
        if isinstance(blocks, Location):
            message = "a passage that does not begin a line cannot be moved"
            self.problems.append(Problem(blocks, Code.WRONG_SHAPE, message, hint))
            return
        line_end = "\r\n" if "\r\n" in text else "\n"
        old_ids = {new: old for old, new in self.numbers.items()}
        pieces: list[str] = []
        for passage in capture.passages:
            old = old_ids.get(passage.id)
            if old is None:
                piece = blank_gist(passage).replace("\n", line_end)
            else:
                piece = re.sub(rf"(?m)^(['\"]?){old}", rf"\g<1>{passage.id}", blocks.of[old], count=1)
            pieces.append(piece if piece.endswith(("\n", "\r")) else piece + line_end)
        new = "".join([blocks.head, *pieces, blocks.tail])
        if self.says_the_same(file, node, new):
            self.put(file, new)
        else:
            message = "the passages are laid out in a way that cannot be moved"
            self.problems.append(Problem(node.at, Code.WRONG_SHAPE, message, hint))

    def says_the_same(self, file: SourceFile, node: MappingNode, text: str) -> bool:
        """True if the new text says of every passage that is still there what the old one said."""
        again, problems = read_yaml(file.path, text.encode())
        if problems or not isinstance(again, MappingNode):
            return False
        before = {entry.key.text: placeless(entry.value) for entry in node.entries}
        after = {entry.key.text: placeless(entry.value) for entry in again.entries}
        return all(after.get(new) == before[old] for old, new in self.numbers.items())

    def cites(self, entity: Entity, file: SourceFile) -> None:
        """Every cite of the seed in an entity's file is carried over, or unsettled."""
        edits: dict[Location, Edit] = {}
        open_: list[tuple[Location, str]] = []
        for cite in every_cite(entity):
            if cite.seed.id != self.seed or cite.passage is None:
                continue
            old = cite.passage.text
            new = self.numbers.get(old)
            if new is not None:
                self.carried += 1
                self.renumbered += new != old
            elif cite.is_unsettled:
                open_.append((cite.passage.at, f"{old} is open from an earlier renewal"))
                continue
            elif self.drifted and PASSAGE.fullmatch(old):
                new = f"{old}?"
                open_.append((cite.passage.at, self.why(old)))
            if new is not None and new != old:
                edits[cite.passage.at] = Edit(cite.passage.at, old, new)
        text = _text(file)
        new_text, moved, refused = edited(text, edits.values())
        for edit in refused:
            message = f"`{edit.old}` is written in a way that cannot be changed in place"
            hint = "write it out on one line, without escapes"
            self.problems.append(Problem(edit.at, Code.BAD_CITE, message, hint))
        self.open_cites += (OpenCite(at=at, written_at=moved.get(at, at), why=why) for at, why in open_)
        self.put(file, new_text)

    def why(self, old: str) -> str:
        drift = self.fates.get(old)
        if drift is None:
            return f"{old} was no passage of it"
        return f"{old} is gone" if drift.fate is Fate.GONE else f"{old} changed; {drift.new} stands there now"

    def put(self, file: SourceFile, text: str) -> None:
        """The file holds the text, with the byte-order mark that it had, if any."""
        mark = codecs.BOM_UTF8 if file.data.startswith(codecs.BOM_UTF8) else b""
        data = mark + text.encode()
        if data != file.data:
            self.files[file.path] = data


def every_cite(record: object) -> Iterator[Cite]:
    """Every cite in a record and the records within it."""
    if isinstance(record, Cite):
        yield record
    elif isinstance(record, tuple):
        for item in record:
            yield from every_cite(item)
    elif dataclasses.is_dataclass(record):
        for field in dataclasses.fields(record):
            yield from every_cite(getattr(record, field.name))


def _text(file: SourceFile) -> str:
    text, _ = decode(file.path, file.data)
    assert text is not None  # it was read before
    return text


def _read(file: SourceFile) -> tuple[str, MappingNode]:
    node, _ = read_yaml(file.path, file.data)
    assert isinstance(node, MappingNode)
    return _text(file), node
