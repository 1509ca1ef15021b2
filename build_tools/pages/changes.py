"""What became of claims from one revision of the records to the next: pure, on texts that git kept.

Revisions come newest first, and a claim is told of once, with its newest change. Claims are followed
over renamed files and over ids that `formerly` names. A file that cannot be read in some revision is
passed over: what was before it is compared with what came after.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from build_tools.difference.evidence import same_evidence
from build_tools.difference.pairing import by_any_id, by_id, paired
from build_tools.load import SourceFile
from build_tools.records import Claim, Entity
from build_tools.shape import read_record
from build_tools.values import EntityId
from build_tools.yaml_tree import read_yaml

MOST_CLAIMS = 50


class Change(enum.StrEnum):
    """What happened to a claim."""

    ADDED = "new"
    REWORDED = "reworded"
    EVIDENCE = "evidence changed"
    REMOVED = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """An entity's file before and after a revision; None where there was or is none."""

    before: SourceFile | None
    after: SourceFile | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A change to the records: when (RFC 3339), and the files it touched."""

    time: str
    files: Sequence[FileChange]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedClaim:
    """A claim's newest change; ids are those of today, `name` is the entity's at that time."""

    time: str
    change: Change
    entity: str
    claim: str
    name: str


@dataclass(frozen=True, slots=True)
class _State:
    """An entity's claims, as they were at one time."""

    name: str
    formerly: tuple[str, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class _Held:
    """What an entity became in a revision, while what it was before is not known."""

    time: str
    after: _State | None


def changed_claims(revisions: Iterable[Revision], most: int = MOST_CLAIMS) -> tuple[ChangedClaim, ...]:
    """The claims that changed last, newest first, at most so many; `revisions` is read no further."""
    found: dict[tuple[str, str], ChangedClaim] = {}
    reader = _Reader()
    for revision in revisions:
        for change in reader.changes(revision):
            found.setdefault((change.entity, change.claim), change)
            if len(found) == most:
                return tuple(found.values())
    return tuple(found.values())


class _Reader:
    """Goes back in time, and knows by which ids of today the claims of that time are called."""

    def __init__(self) -> None:
        self.entities: dict[str, str] = {}
        self.claims: dict[tuple[str, str], str] = {}
        self.held: dict[str, _Held] = {}

    def changes(self, revision: Revision) -> Iterator[ChangedClaim]:
        """What the revision did to claims, in the order of its files."""
        gone = {file.before.stem: file.before for file in revision.files if file.before and not file.after}
        rest: list[tuple[SourceFile | None, SourceFile]] = []
        for file in revision.files:
            if file.after is not None:
                rest.append((file.before or gone.pop(file.after.stem, None), file.after))
        for before, after in rest:
            new = _read(after)
            if (
                before is None and new is not None
            ):  # renamed and rewritten: git sees two files, the record knows
                before = next((gone.pop(id_) for id_ in new.formerly if id_ in gone), None)
            yield from self._file(revision.time, before, after.stem, new, readable=new is not None)
        for before in gone.values():
            yield from self._file(revision.time, before, before.stem, None, readable=True)

    def _file(
        self, time: str, before: SourceFile | None, stem: str, new: _State | None, *, readable: bool
    ) -> Iterator[ChangedClaim]:
        entity = self.entities.get(stem, stem)
        if before is not None and before.stem != stem:
            self.entities.setdefault(before.stem, entity)
        held = self.held.pop(entity, None)
        if not readable and held is None:
            return  # what came after was compared with something older, or is the file of today
        held = held or _Held(time, new)
        old = _read(before) if before is not None else None
        if before is not None and old is None:
            self.held[entity] = held
            return
        yield from self._claims(entity, held, old)

    def _claims(self, entity: str, held: _Held, old: _State | None) -> Iterator[ChangedClaim]:
        pairs = paired(old.claims if old else (), held.after.claims if held.after else (), (by_id, by_any_id))
        state = held.after or old
        name = state.name if state else ""

        def changed(change: Change, id_: str) -> ChangedClaim:
            today = self.claims.get((entity, id_), id_)
            return ChangedClaim(time=held.time, change=change, entity=entity, claim=today, name=name)

        for was, claim in pairs.in_order:
            id_ = claim.id.id
            if was is not None and was.id.id != id_:
                self.claims.setdefault((entity, was.id.id), self.claims.get((entity, id_), id_))
            if was is None:
                yield changed(Change.ADDED, id_)
            elif was.text.source != claim.text.source:
                yield changed(Change.REWORDED, id_)
            elif not same_evidence(was.cites, claim.cites):
                yield changed(Change.EVIDENCE, id_)
        for claim in pairs.old:
            yield changed(Change.REMOVED, claim.id.id)


def _read(file: SourceFile) -> _State | None:
    """The claims of an entity's file; None if it is not YAML. Faults of records are of no account."""
    node, _ = read_yaml(file.path, file.data)
    if node is None:
        return None
    entity, _ = read_record(node, Entity, id=EntityId(file.stem), kind=file.folder)
    return _State(
        entity.name.text or file.stem,
        tuple(ref.id for ref in entity.formerly if ref.id),
        tuple({claim.id.id: claim for claim in entity.claims if claim.id.id}.values()),
    )
