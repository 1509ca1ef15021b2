"""An id changed wherever it stands: which files a renaming changes, moves and removes, and to what.

Nothing is written here. What carried the old id names it under `formerly`, so that its address leads on.
"""

from __future__ import annotations

import codecs
import dataclasses
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from build_tools.editing.layout import laid_out, record_of
from build_tools.editing.yaml_edit import Lines, Spans, children_of, spans_of, with_item
from build_tools.load import ATTACHED, CHANGE, SETTINGS, WAIVERS, SourceFile, Sources
from build_tools.problems import Code, Location, Problem, did_you_mean, in_order
from build_tools.prose import Prose
from build_tools.records import (
    Cite,
    Claim,
    Entity,
    Note,
    Origin,
    Passage,
    Question,
    Quote,
    Relation,
    SeedRecord,
    Waiver,
)
from build_tools.seal import read_seal, seal_text
from build_tools.shape import shape_of
from build_tools.validate import Records, validate
from build_tools.values import Anchor, Ref, complaint_about_id
from build_tools.yaml_tree import Mapping as MappingNode
from build_tools.yaml_tree import Node, Scalar, decode, read_yaml

# Which fields name an entity, a seed, or a claim or quote of the same file.
_ENTITIES = frozenset(
    {
        (Claim, "said_by"), (Claim, "said_to"), (Claim, "via"),
        (Quote, "said_to"), (Quote, "via"), (Quote, "about"),
        (Relation, "to"), (Passage, "speakers"), (SeedRecord, "publisher"),
    }
)  # fmt: skip
_SEEDS = frozenset({(Cite, "seed"), (Origin, "seed")})
_STATEMENTS = frozenset({(Question, "prefer"), (Note, "about")})

# What cannot be read may refer to what is renamed.
_BLINDING = frozenset(
    {
        Code.NOT_UTF8, Code.FORBIDDEN_CHARACTER, Code.FILE_TOO_BIG, Code.FIELD_TOO_LONG, Code.UNREADABLE_FILE,
        Code.SYMLINK, Code.UNEXPECTED_FILE, Code.YAML_SYNTAX, Code.YAML_FEATURE, Code.TOO_DEEP,
        Code.DUPLICATE_KEY, Code.UNKNOWN_KEY, Code.WRONG_SHAPE,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Renaming:
    """What a renaming does: from which id to which, how many references, and the files; None: removed."""

    what: str
    old: str
    new: str
    references: int
    files: Mapping[str, bytes | None]


@dataclass(frozen=True, slots=True)
class _Reference:
    """A place that names what is renamed: a scalar that begins with the words, or prose that links to it."""

    at: Location
    words: str
    prose: bool = False


def plan_rename(
    sources: Sources, loading: tuple[Problem, ...], old: str, new: str
) -> tuple[Renaming | None, tuple[Problem, ...]]:
    """The renaming of an entity, a seed or, as `entity#claim`, a claim or quote; or what forbids it."""
    records, found = validate(sources, loading)
    blinding = [problem for problem in (*loading, *found) if _is_blinding(problem)]
    if records is None or blinding:
        return None, in_order(blinding or (*loading, *found))
    target = _target(records, old)
    if isinstance(target, Problem):
        done = _target(records, new if "#" in new or "#" not in old else f"{old.partition('#')[0]}#{new}")
        if isinstance(done, _Target) and old.rpartition("#")[2] in {ref.id for ref in done.formerly}:
            return Renaming(what=done.what, old=old, new=new, references=0, files={}), ()
        return None, (target,)
    if target.new_id(new) == target.old:
        message = f"`{new}` is its id already"
        return None, (Problem(Location("NEW"), Code.ID_CLASH, message, "give another id"),)
    problem = _unfit(records, target, new)
    if problem is not None:
        return None, (problem,)
    changes = _Changes(sources, records, target, target.new_id(new))
    problems = changes.make()
    if problems:
        return None, in_order(problems)
    renaming = Renaming(
        what=target.what,
        old=f"{target.owner.id}#{target.old}" if target.anchor else target.old,
        new=f"{target.owner.id}#{changes.new}" if target.anchor else changes.new,
        references=len(changes.references) + changes.links,
        files=changes.files,
    )
    return renaming, ()


def _is_blinding(problem: Problem) -> bool:
    path = problem.at.path
    if path in (SETTINGS, WAIVERS, CHANGE, "entities", "seeds") or path.startswith(("entities/", "seeds/")):
        return problem.code in _BLINDING
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """What is renamed: an entity, a seed, or what of an entity has the anchor."""

    owner: Entity | SeedRecord
    anchor: Anchor | None = None
    formerly: tuple[Ref | Anchor, ...] = ()

    @property
    def old(self) -> str:
        return self.anchor.id if self.anchor else self.owner.id

    @property
    def what(self) -> str:
        if self.anchor is None:
            return "entity" if isinstance(self.owner, Entity) else "seed"
        assert isinstance(self.owner, Entity)
        return "claim" if any(claim.id == self.anchor for claim in self.owner.claims) else "quote"

    def new_id(self, new: str) -> str:
        """The id that `new` says; the entity before a claim's may be repeated."""
        return new.removeprefix(f"{self.owner.id}#") if self.anchor else new


def _target(records: Records, old: str) -> _Target | Problem:
    """What an argument names, by its id or its path; or the problem that it names nothing."""
    name, mark, anchor = old.partition("#")
    folder, *rest = name.rstrip("/").split("/")
    id_ = rest[-1].removesuffix(".yml") if rest and folder == "entities" else rest[0] if rest else name
    entities = {str(entity.id): entity for entity in records.entities if not rest or folder == "entities"}
    seeds = {str(seed.id): seed.record for seed in records.seeds if not rest or folder == "seeds"}
    at = Location("OLD")
    if id_ in entities and id_ in seeds and not mark:
        hint = f"write `entities/{id_}` or `seeds/{id_}`"
        return Problem(at, Code.ID_CLASH, f"`{id_}` is an entity and a seed", hint)
    if id_ in entities and mark:
        return _statement(entities[id_], anchor)
    if id_ in seeds and mark:
        message, hint = "passages are numbered, not named", "`wiki seed renew` numbers them anew"
        return Problem(at, Code.UNKNOWN_TERM, message, hint)
    if id_ in entities:
        return _Target(owner=entities[id_], formerly=entities[id_].formerly)
    if id_ in seeds:
        return _Target(owner=seeds[id_], formerly=seeds[id_].formerly)
    owners: tuple[Entity | SeedRecord, ...] = (*entities.values(), *seeds.values())
    now = {ref.id: each.id for each in owners for ref in each.formerly}
    named = {
        name.text.casefold(): entity.id
        for entity in entities.values()
        for name in (*(alias.name for alias in entity.also), entity.name)
    }
    if id_ in now:
        hint = f"it is `{now[id_]}` now"
    elif id_.casefold() in named:
        hint = f"write the id: `{named[id_.casefold()]}`"
    else:
        hint = did_you_mean(id_, (*entities, *seeds), otherwise="name it by its id: the name of its file")
    return Problem(at, Code.UNKNOWN_ENTITY, f"there is no entity or seed `{id_}`", hint)


def _statement(entity: Entity, anchor: str) -> _Target | Problem:
    statements: tuple[Claim | Quote, ...] = (*entity.claims, *entity.quotes)
    found = {each.id.id: each for each in statements}
    if anchor in found:
        return _Target(owner=entity, anchor=found[anchor].id, formerly=found[anchor].formerly)
    now = {ref.id: id_ for id_, each in found.items() for ref in each.formerly}
    hint = f"it is `{now[anchor]}` now" if anchor in now else ""
    if anchor in {question.id.id for question in entity.questions}:
        hint = "a question's id is changed by hand, there and on the claims that answer it"
    hint = hint or did_you_mean(anchor, found, otherwise=f"{entity.path} has the ids")
    message = f"{entity.id} has no claim or quote `{anchor}`"
    return Problem(Location("OLD"), Code.UNKNOWN_TERM, message, hint)


def _unfit(records: Records, target: _Target, new: str) -> Problem | None:
    """Why the new id cannot be had."""
    id_, at = target.new_id(new), Location("NEW")
    complaint = Anchor.read(id_, at) if target.anchor else complaint_about_id(id_)
    if complaint is not None and not isinstance(complaint, Anchor):
        return Problem(at, complaint.code, complaint.message, complaint.hint)
    taken: dict[str, Location] = {}
    former: list[Ref | Anchor] = []
    if isinstance(target.owner, SeedRecord):
        taken = {seed.id: seed.record.at for seed in records.seeds}
        former = [ref for seed in records.seeds for ref in seed.record.formerly]
    elif target.anchor is None:
        taken = {entity.id: entity.at for entity in records.entities}
        former = [ref for entity in records.entities for ref in entity.formerly]
    else:
        entity = target.owner
        statements: tuple[Claim | Quote, ...] = (*entity.claims, *entity.quotes)
        taken = {each.id.id: each.id.at for each in (*statements, *entity.questions)}
        former = [ref for each in statements for ref in each.formerly]
    if id_ in taken:
        return Problem(at, Code.ID_CLASH, f"the id `{id_}` is taken: {taken[id_]}", "give another id")
    for ref in former:
        if ref.id == id_ and ref not in target.formerly:
            message = f"`{id_}` is the former id of something else: {ref.at}"
            hint = "give another id: that address leads there"
            return Problem(at, Code.ID_CLASH, message, hint)
    return None


class _Changes:
    """The files that a renaming changes, and what stands in its way."""

    def __init__(self, sources: Sources, records: Records, target: _Target, new: str) -> None:
        self.sources = sources
        self.target = target
        self.old = target.old
        self.new = new
        self.references = tuple(_references(records, target))
        self.links = 0  # of hand-written pages
        self.problems: list[Problem] = []
        self.files: dict[str, bytes | None] = {}

    def make(self) -> tuple[Problem, ...]:
        """Fills `files`; problems, if something is written in a way that cannot be changed."""
        sources = self.sources
        by_path: dict[str, list[_Reference]] = defaultdict(list)
        for reference in self.references:
            by_path[reference.at.path].append(reference)
        texts = [file for file in (sources.settings, sources.waivers) if file is not None]
        for file in (*texts, *sources.entities, *sources.seeds, *sources.docs, *sources.attached):
            data, path = file.data, self.moved(file.path)
            if file.path in by_path or file.path == self.target.owner.at.path:
                data = self.record(file, by_path[file.path])
            elif file.path.startswith("docs/") and path.endswith(".md"):
                data = self.page(data)
            elif path != file.path and path.endswith("/seal.json"):
                seal, found = read_seal(file.path, self.old, data)
                self.problems += found
                data = seal_text(dataclasses.replace(seal, seed=self.new)).encode() if seal else data
            if path != file.path:
                self.files[file.path] = None
            if path != file.path or data != file.data:
                self.files[path] = data
        return tuple(self.problems)

    def moved(self, path: str) -> str:
        """Where a file stands afterwards."""
        owner = self.target.owner
        if self.target.anchor is not None:
            return path
        if isinstance(owner, Entity):
            return f"{path.rpartition('/')[0]}/{self.new}.yml" if path == owner.path else path
        if path == f"{ATTACHED}/{self.old}.txt":
            return f"{ATTACHED}/{self.new}.txt"
        return re.sub(rf"^seeds/{re.escape(self.old)}/", f"seeds/{self.new}/", path)

    def record(self, file: SourceFile, references: list[_Reference]) -> bytes:
        """The file with its references changed and, if it is what is renamed, the old id under `formerly`."""
        text, _ = decode(file.path, file.data)
        node, _ = read_yaml(file.path, file.data)
        assert text is not None  # it was read before
        assert node is not None
        lines = Lines(text)
        spans = spans_of(lines)
        changes: list[tuple[int, int, str]] = []
        for reference in references:
            if reference.prose:
                place = spans.scalars[reference.at.line, reference.at.column]
                found = _links(self.old).finditer(text, *place)
                changes += ((*match.span("id"), self.new) for match in found)
            else:
                self.put(changes, lines, reference.at, reference.words)
        if file.path == self.target.owner.at.path:
            self.put_former(changes, lines, spans, node)
        for begin, end, words in sorted(changes, reverse=True):
            text = text[:begin] + words + text[end:]
        mark = codecs.BOM_UTF8 if file.data.startswith(codecs.BOM_UTF8) else b""
        new = SourceFile(file.path, mark + text.encode())
        self.hold(new, references)
        kind = record_of(file.path)
        if kind is not None and laid_out(file, kind)[0] == file.data:  # an id of another length may not fit
            return laid_out(new, kind)[0] or new.data
        return new.data

    def put(self, changes: list[tuple[int, int, str]], lines: Lines, at: Location, words: str) -> None:
        begin = lines.begin_of(at, words)
        if begin is None:
            self.refuse(at)
        else:
            new = self.moved(words) if "/" in words else self.new
            changes.append((begin, begin + len(words), new))

    def put_former(self, changes: list[tuple[int, int, str]], lines: Lines, spans: Spans, node: Node) -> None:
        """The old id is a former one; the new one, if it was one, is none any more."""
        anchor = self.target.anchor
        if anchor is not None:
            self.put(changes, lines, anchor.at, self.old)
        for ref in self.target.formerly:
            if ref.id == self.new:
                begin = lines.begin_of(ref.at, ref.id)
                if begin is None:
                    self.refuse(ref.at)
                else:
                    changes.append((begin, begin + len(ref.id), self.old))
                return
        record = _record_at(node, anchor.at) if anchor else node
        assert isinstance(record, MappingNode)  # a record was read from it
        before = {"claim": Claim, "quote": Quote, "entity": Entity, "seed": SeedRecord}[self.target.what]
        keys = shape_of(before).keys
        after = keys[: keys.index("formerly")]
        change = with_item(lines, spans, record, "formerly", self.old, after)
        if change is None:
            message = "`formerly` cannot be added to this record"
            hint = f"write `formerly: [{self.old}]` in it yourself, or lay it out with `wiki fmt`"
            self.problems.append(Problem(record.at, Code.WRONG_SHAPE, message, hint))
        else:
            changes.append(change)

    def hold(self, file: SourceFile, references: list[_Reference]) -> None:
        """A problem where the changed file does not say what it should."""
        node, problems = read_yaml(file.path, file.data)
        left = sum(_links(self.old).findall(text) != [] for text in _texts(node)) if node else 0
        if problems or (left and any(reference.prose for reference in references)):
            self.refuse(references[0].at if references else self.target.owner.at)

    def refuse(self, at: Location) -> None:
        message = f"`{self.old}` is written in a way that cannot be changed in place"
        hint = "write it out, without escapes; `wiki fmt` lays the file out"
        self.problems.append(Problem(at, Code.WRONG_SHAPE, message, hint))

    def page(self, data: bytes) -> bytes:
        """A hand-written page with its links to what is renamed changed."""
        owner, anchor = self.target.owner, self.target.anchor
        folder = owner.path.split("/")[1] if isinstance(owner, Entity) else "seeds"
        place = rf"(?<![\w-]){re.escape(folder)}/"
        if anchor is None:
            pattern = rf"(?P<before>{place}){re.escape(self.old)}(?=\.md\b|[/#)\"'>\s]|$)"
        else:
            pattern = rf"(?P<before>{place}{re.escape(owner.id)}(?:\.md|/)?#){re.escape(self.old)}(?![\w-])"
        text, count = re.subn(pattern, rf"\g<before>{self.new}", data.decode("utf-8", "surrogateescape"))
        self.links += count
        return text.encode("utf-8", "surrogateescape")


def _references(records: Records, target: _Target) -> Iterator[_Reference]:
    """Every place of the records that names what is renamed."""
    seeds = [part for seed in records.seeds for part in (seed.record, *seed.passages)]
    every = (records.settings, *records.entities, *seeds, *records.waivers)
    if target.anchor is not None:
        yield from _named((target.owner,), _STATEMENTS, target.old)
        for waiver in records.waivers:
            if waiver.path.text == target.owner.at.path and waiver.of and waiver.of.text == target.old:
                yield _Reference(waiver.of.at, target.old)
    elif isinstance(target.owner, Entity):
        yield from _named(every, _ENTITIES, target.old)
        for _, _, value in _parts(every):
            if isinstance(value, Prose) and any(link.target == target.old for link in value.links):
                yield _Reference(value.at, target.old, prose=True)
        yield from _paths(records.waivers, lambda path: path == target.owner.at.path)
    else:
        yield from _named(every, _SEEDS, target.old)
        yield from _paths(records.waivers, lambda path: path.startswith(f"seeds/{target.old}/"))


def _named(records: object, fields: frozenset[tuple[type, str]], id_: str) -> Iterator[_Reference]:
    for record, name, value in _parts(records):
        if (record, name) in fields and isinstance(value, Ref) and value.id == id_:
            yield _Reference(value.at, id_)


def _paths(waivers: Iterable[Waiver], moves: Callable[[str], bool]) -> Iterator[_Reference]:
    for waiver in waivers:
        if moves(waiver.path.text):
            yield _Reference(waiver.path.at, waiver.path.text)


def _parts(record: object) -> Iterator[tuple[type, str, object]]:
    """Every value in records and the records within them, with the record's type and the field's name."""
    if isinstance(record, tuple):
        for item in record:
            yield from _parts(item)
    elif dataclasses.is_dataclass(record) and not isinstance(record, Prose):
        for field in dataclasses.fields(record):
            value = getattr(record, field.name)
            for item in value if isinstance(value, tuple) else (value,):
                yield type(record), field.name, item
                yield from _parts(item)


def _links(id_: str) -> re.Pattern[str]:
    return re.compile(rf"\[\[\s*(?P<id>{re.escape(id_)})(?=\s*(?:\||\]\]))")


def _texts(node: Node) -> Iterator[str]:
    if isinstance(node, Scalar):
        yield node.text
    for child in children_of(node):
        yield from _texts(child)


def _record_at(node: Node, at: Location) -> Node | None:
    """The mapping that has a value at a place."""
    for child in children_of(node):
        if child.at == at and isinstance(child, Scalar):
            return node
        found = _record_at(child, at)
        if found is not None:
            return found
    return None
