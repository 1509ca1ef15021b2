"""Texts read into typed records, each file by itself; what joins files is the next stage's."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import ClassVar, TypeVar

from build_tools.capture import CutPassage, cut
from build_tools.ghost import Ghost, is_ghost
from build_tools.load import ATTACHED, TEXT, SourceFile, Sources
from build_tools.memory import Memory
from build_tools.outline import Outline, SeedOutline, outline, seed_outline
from build_tools.problems import Code, Location, Problem, Severity, did_you_mean, has_errors
from build_tools.quick import quick
from build_tools.records import (
    CaptureSettings,
    Entity,
    LinkException,
    LinkExceptions,
    MapSettings,
    Passage,
    Passages,
    SeedRecord,
    Waiver,
    Waivers,
    WikiSettings,
)
from build_tools.seal import PassageSeal, Seal, make_seal, read_seal
from build_tools.shape import read_record
from build_tools.shelves import Task
from build_tools.values import (
    PASSAGE,
    Anchor,
    EntityId,
    Flag,
    PassageId,
    Publish,
    Ref,
    SeedId,
    complaint_about_id,
)
from build_tools.yaml_tree import Mapping, read_yaml

T = TypeVar("T")

_LEAST, _LEAST_SEEDS = 100, 8  # files of entities, and seeds, that are worth a process
# Addresses that the compiler itself gives out.
TAKEN_FOLDERS = frozenset(
    "seeds assets data search about coverage".split()
    + "timeline network side-by-side figures quotations questions glossary".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed(Ghost):
    """A source: its record, its passages with their seals, and their texts where they are at hand.

    `kept` is true if the texts are part of the wiki itself, as its rights allow, and may be published;
    false if they are attached on this machine alone, or not at hand.
    """

    known: ClassVar[tuple[str, ...]] = ("id",)
    id: SeedId
    record: SeedRecord
    passages: tuple[Passage, ...]
    seal: Seal | None
    texts: MappingProxyType[PassageId, str]
    kept: bool
    _by_id: MappingProxyType[str, Passage] = field(repr=False)
    _seals: MappingProxyType[str, PassageSeal] = field(repr=False)

    def passage(self, id_: str) -> Passage | None:
        """The passage of that id."""
        return self._by_id.get(id_)

    def seal_of(self, passage: Passage) -> PassageSeal | None:
        """The seal of a passage."""
        return self._seals.get(passage.id)


def make_seed(
    record: SeedRecord,
    passages: tuple[Passage, ...],
    seal: Seal | None,
    texts: dict[PassageId, str],
    *,
    kept: bool = False,
) -> Seed:
    """A seed with its look-up tables."""
    return Seed(
        id=record.id,
        record=record,
        passages=passages,
        seal=seal,
        texts=MappingProxyType(texts),
        kept=kept,
        _by_id=MappingProxyType({passage.id: passage for passage in passages}),
        _seals=MappingProxyType({passage.id: passage for passage in seal.passages} if seal else {}),
    )


@dataclass(frozen=True, slots=True)
class Faults:
    """Where reading failed: what is missing may stand there, and is no mistake of its own."""

    places: tuple[Location, ...]

    def __bool__(self) -> bool:
        return bool(self.places)

    def between(self, first: Location, end: Location | None = None) -> bool:
        """True if something in the file of `first` could not be read from there on, before `end`."""
        found = (at for at in self.places if at.path == first.path and at >= first)
        return any(end is None or at < end for at in found)

    def within(self, path: str) -> bool:
        """True if something in the file could not be read."""
        return self.between(Location(path))


def faults_of(problems: Iterable[Problem]) -> Faults:
    """The places of the errors."""
    return Faults(tuple(problem.at for problem in problems if problem.severity is Severity.ERROR))


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """The wiki as typed records, sorted by id within each group, with their outlines."""

    settings: WikiSettings
    entities: tuple[Entity, ...]
    outlines: dict[str, Outline]
    seeds: tuple[Seed, ...]
    seed_outlines: dict[str, SeedOutline]
    docs: tuple[SourceFile, ...]
    waivers: tuple[Waiver, ...]
    link_exceptions: tuple[LinkException, ...]
    faults: Faults


def validate(
    sources: Sources, loading: tuple[Problem, ...] = (), memory: Memory | None = None
) -> tuple[Records | None, tuple[Problem, ...]]:
    """The records, and the problems of each file by itself; a file as `memory` has it is not read again.

    A file that cannot be read still gives a record with its id, so that what refers to it is not
    reported too. Without sound settings nothing can be linked, and there are no records. `loading`
    are the problems met before.
    """
    problems: list[Problem] = []
    memory = memory or Memory()
    settings = _settings(sources.settings, problems, memory)
    settings_sound = settings is not None and not has_errors(problems)
    entities, outlines = _entities(sources.entities, settings if settings_sound else None, problems, memory)
    seeds, seed_outlines = _seeds(sources, problems, memory)
    waivers = _record(sources.waivers, Waivers, problems, memory).waivers if sources.waivers else ()
    links = sources.link_exceptions
    link_exceptions = _record(links, LinkExceptions, problems, memory).exceptions if links else ()
    for doc in sources.docs:
        if doc.path.endswith(".yml"):
            message, hint = "docs/ holds pages and assets", "data belongs below entities/ or seeds/"
            problems.append(Problem(Location(doc.path), Code.UNEXPECTED_FILE, message, hint))
    if settings is None or not settings_sound:
        return None, tuple(problems)
    faults = faults_of((*loading, *problems))
    records = Records(
        settings=settings,
        entities=entities,
        outlines=outlines,
        seeds=seeds,
        seed_outlines=seed_outlines,
        docs=tuple(sorted(sources.docs, key=lambda doc: doc.path)),
        waivers=waivers,
        link_exceptions=link_exceptions,
        faults=faults,
    )
    return records, tuple(problems)


def _record(file: SourceFile, record: type[T], problems: list[Problem], memory: Memory, **given: object) -> T:
    """The record of a file; an empty one of the right id where the file cannot be read."""

    key = (file.digest, record, *given.items())
    value: T
    value, found = memory.recall(("record", file.path), key, _read, file, record, given)
    problems.extend(found)
    return value


def _read(file: SourceFile, record: type[T], given: dict[str, object]) -> tuple[T, tuple[Problem, ...]]:
    node, unread = read_yaml(file.path, file.data)
    if node is None:  # the reader has said why; what it would say of the empty record is no news
        return read_record(Mapping((), Location(file.path)), record, **given)[0], unread
    value, found = read_record(node, record, **given)
    return value, (*unread, *found)


def _settings(file: SourceFile | None, problems: list[Problem], memory: Memory) -> WikiSettings | None:
    if file is None:
        return None
    settings = _record(file, WikiSettings, problems, memory)
    kinds = {kind.key.id for kind in settings.kinds}
    folders: set[str] = set()
    for kind in settings.kinds:
        if kind.folder.id in TAKEN_FOLDERS or kind.folder.id in folders:
            message = f"the address `{kind.folder.id}` is taken"
            problems.append(Problem(kind.folder.at, Code.ID_CLASH, message, "name the folder otherwise"))
        folders.add(kind.folder.id)
    named = [ref for fact in settings.facts for ref in fact.kinds]
    named += [ref for relation in settings.relations for ref in (*relation.subjects, *relation.objects)]
    for ref in named:
        if ref.id and kinds and ref.id not in kinds:
            hint = did_you_mean(ref.id, kinds, otherwise=f"the kinds are {', '.join(sorted(kinds))}")
            problems.append(Problem(ref.at, Code.UNKNOWN_TERM, f"there is no kind `{ref.id}`", hint))
    faults = faults_of(problems)
    for relation, following in zip(settings.relations, (*settings.relations[1:], None), strict=False):
        if faults.between(relation.at, following.at if following else None):
            continue  # a direction that is missing may be what could not be read
        if (relation.inverse is None) is not bool(relation.symmetric):
            message = f"`{relation.key.id}` needs either `inverse` or `symmetric: true`"
            hint = "give the words for the other direction"
            problems.append(Problem(relation.at, Code.MISSING_KEY, message, hint))
    for type_ in settings.identifiers:
        if type_.url is not None and not (type_.url.text.startswith("https://") and "{}" in type_.url.text):
            hint = "start it with https:// and put `{}` where the identifier goes"
            problems.append(
                Problem(type_.url.at, Code.BAD_URL, f"`{type_.url}` is not an address with `{{}}`", hint)
            )
    if settings.map is not None and not faults:
        problems.extend(_map_faults(settings.map, [type_.key.id for type_ in settings.identifiers]))
    return settings


def _map_faults(settings: MapSettings, identifiers: list[str]) -> Iterable[Problem]:
    """What is wrong with a map whose values are sound, each by itself."""
    wanted = settings.identifier
    if wanted.id not in identifiers:
        hint = did_you_mean(
            wanted.id, identifiers, otherwise=f"the identifiers are {', '.join(identifiers) or 'none'}"
        )
        message = f"there is no identifier `{wanted.id}`"
        yield Problem(wanted.at, Code.UNKNOWN_TERM, message, hint)
    west, south, east, north = (
        edge.degrees for edge in (settings.west, settings.south, settings.east, settings.north)
    )
    if not 0 < east - west <= 360:
        message = f"the eastern edge, {east:g}, is not within 360 degrees east of the western one, {west:g}"
        hint = "give the eastern edge the larger number; past the antimeridian, count on: 190 is 170 west"
        yield Problem(settings.east.at, Code.BAD_VALUE, message, hint)
    if not south < north:
        message = f"the northern edge, {north:g}, is not north of the southern one, {south:g}"
        yield Problem(settings.north.at, Code.BAD_VALUE, message, "give the northern edge the larger number")


def _entities(
    files: Sequence[SourceFile], settings: WikiSettings | None, problems: list[Problem], memory: Memory
) -> tuple[tuple[Entity, ...], dict[str, Outline]]:
    kinds = {kind.folder.id: kind.key.id for kind in settings.kinds} if settings else {}
    by_path = {file.path: file for file in files}
    read = memory.recall_each(
        "entity",
        {path: file.digest for path, file in by_path.items()},
        lambda path: _entity(by_path[path], kinds, known=settings is not None),
        always=(tuple(kinds.items()), settings is not None),
        least=_LEAST,
        units=lambda path, _, made: {("entity", path): [made.entity]},
    )
    entities: dict[str, Entity] = {}
    outlines: dict[str, Outline] = {}
    formerly: list[tuple[str, Ref]] = []
    for each in read.values():
        problems.extend(each.problems)
        before = entities.get(each.id)
        if before is not None:
            message = f"the id `{each.id}` is taken by {before.path}"
            problems.append(
                Problem(Location(each.path), Code.ID_CLASH, message, "rename one of the two files")
            )
        elif each.fits:
            entities[each.id], outlines[each.id] = each.entity, each.outline
            formerly += [(each.id, ref) for ref in each.formerly]
    if formerly:
        taken = {id_: f"the id of {entity.path}" for id_, entity in entities.items()}
        _unique_former((ref for _, ref in sorted(formerly, key=lambda item: item[0])), taken, problems)
    ids = sorted(entities)
    return tuple(entities[id_] for id_ in ids), {id_: outlines[id_] for id_ in ids}


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class _EntityFile:
    """What a file holds; `fits` is false where its name is no id."""

    path: str
    id: str
    entity: Entity
    outline: Outline
    formerly: tuple[Ref, ...]
    fits: bool
    problems: tuple[Problem, ...]


def _entity(file: SourceFile, kinds: dict[str, str], *, known: bool) -> _EntityFile:
    """The file read as an entity; whether there is a kind for its folder is asked if `known`."""
    problems: list[Problem] = []
    complaint = complaint_about_id(file.stem)
    if complaint:
        hint = f"rename the file; {complaint.hint}"
        problems.append(Problem(Location(file.path), Code.BAD_ID, complaint.message, hint))
    if known and file.folder not in kinds:
        hint = did_you_mean(file.folder, kinds, otherwise=f"the folders are {', '.join(sorted(kinds))}")
        message = f"no kind of entity has the folder `{file.folder}`"
        problems.append(Problem(Location(file.path), Code.UNEXPECTED_FILE, message, hint))
    kind = kinds.get(file.folder, file.folder)
    entity, found = _read(file, Entity, {"id": EntityId(file.stem), "kind": kind})
    problems.extend(found)
    _unique_anchors(entity, problems)
    return _EntityFile(
        path=file.path,
        id=file.stem,
        entity=entity,
        outline=outline(entity),
        formerly=entity.formerly,
        fits=complaint is None,
        problems=tuple(problems),
    )


def _unique_anchors(entity: Entity, problems: list[Problem]) -> None:
    seen: dict[str, Location] = {}
    anchors = [claim.id for claim in entity.claims] + [quote.id for quote in entity.quotes]
    for anchor in anchors + [question.id for question in entity.questions]:
        if anchor.id and anchor.id in seen:
            message = f"the id `{anchor.id}` is there twice"
            hint = f"give each claim, quote and question its own; the first is on line {seen[anchor.id].line}"
            problems.append(Problem(anchor.at, Code.ID_CLASH, message, hint))
        seen.setdefault(anchor.id, anchor.at)
    former = [anchor for claim in entity.claims for anchor in claim.formerly]
    former += [anchor for quote in entity.quotes for anchor in quote.formerly]
    _unique_former(former, {id_: f"on line {at.line}" for id_, at in seen.items()}, problems)


def _unique_former(former: Iterable[Ref | Anchor], taken: dict[str, str], problems: list[Problem]) -> None:
    """A problem for each former id that something has, or had, by this name; `taken` says where it is."""
    met = dict(taken)
    for ref in former:
        if ref.id and ref.id in met:
            message = f"the former id `{ref.id}` is taken: it is {met[ref.id]}"
            hint = "an old address leads to one place: delete it here, or rename the other"
            problems.append(Problem(ref.at, Code.ID_CLASH, message, hint))
        met.setdefault(ref.id, f"at {ref.at}")


def _seeds(
    sources: Sources, problems: list[Problem], memory: Memory
) -> tuple[tuple[Seed, ...], dict[str, SeedOutline]]:
    folders: dict[str, dict[str, SourceFile]] = {}
    for file in sources.seeds:
        folders.setdefault(file.folder, {})[file.path.rsplit("/", 1)[-1]] = file
    # What is attached here stays while branches change: one without the seed has nothing to say of it.
    attached = {file.stem: file for file in sources.attached}
    given: dict[str, tuple[tuple[str, str], ...]] = {}
    for id_, files in sorted(folders.items()):
        texts = [attached[id_]] if id_ in attached else []
        given[id_] = tuple((file.path, file.digest) for file in (*files.values(), *texts))
    task = Task(
        name="seed",
        given=given,
        make=lambda id_: _seed(id_, folders[id_], attached.get(id_)),
        units=lambda _, __, made: seed_unit(made.seed) if made.seed else {},
    )
    memory.ahead(task, least=_LEAST_SEEDS)
    read: dict[str, _SeedFolder] = memory.recall_task(task)
    problems += [problem for each in read.values() for problem in each.problems]
    former = [ref for each in read.values() for ref in each.formerly]
    _unique_former(former, {id_: f"the id of seeds/{id_}" for id_ in folders}, problems)
    seeds = tuple(each.seed for each in read.values() if each.seed is not None)
    memory.share({name: unit for seed in seeds for name, unit in seed_unit(seed).items()})
    return (
        seeds,
        {id_: each.outline for id_, each in read.items() if each.outline is not None},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _SeedFolder:
    """What the files of a folder hold; no seed where its name is no id."""

    seed: Seed | None = None
    outline: SeedOutline | None = None
    formerly: tuple[Ref, ...] = ()
    problems: tuple[Problem, ...] = ()


def seed_unit(seed: Seed) -> dict[Hashable, Sequence[Ghost]]:
    """A seed with its passages and their seals, which are together on disk; of a ghost, that is enough."""
    records: list[Ghost] = [seed]
    if not is_ghost(seed):
        records += [*seed.passages, *(() if seed.seal is None else seed.seal.passages)]
    return {("seed", seed.id): records}


def _seed(id_: str, files: dict[str, SourceFile], attached: SourceFile | None) -> _SeedFolder:
    """The seed of a folder's files."""
    complaint = complaint_about_id(id_)
    if complaint:
        hint = f"rename the folder; {complaint.hint}"
        problem = Problem(Location(f"seeds/{id_}"), Code.BAD_ID, complaint.message, hint)
        return _SeedFolder(problems=(problem,))
    problems: list[Problem] = []
    record_file = files.get("seed.yml")
    if record_file is None:
        at = Location(f"seeds/{id_}/seed.yml")
        hint = "write the record, or delete the folder"
        problems.append(Problem(at, Code.MISSING_FILE, "the seed has no record", hint))
        record = read_record(Mapping((), at), SeedRecord, id=SeedId(id_))[0]
    else:
        record, found = _read(record_file, SeedRecord, {"id": SeedId(id_)})
        problems += found
    if record.title.quote is None and record.title.gloss is None and record.title.at != record.at:
        message, hint = "the title is missing", "give `quote`, or `gloss` where the title is not known"
        problems.append(Problem(record.title.at, Code.MISSING_KEY, message, hint))
    # What a faulty record says of `held` may not be what was meant; the files tell.
    held = len(files) > 1 if has_errors(problems) else bool(record.held)
    record = replace(record, held=Flag(held))
    seed = _held(record, files, attached, problems) if held else _not_held(record, files, problems)
    return _SeedFolder(
        seed=seed,
        outline=seed_outline(record, len(seed.passages)),
        formerly=record.formerly,
        problems=tuple(problems),
    )


def _not_held(record: SeedRecord, files: dict[str, SourceFile], problems: list[Problem]) -> Seed:
    for name in sorted(files.keys() - {"seed.yml"}):
        message = f"a seed that is not held has no {name}"
        hint = "delete the file, or set `held: true`"
        problems.append(Problem(Location(files[name].path), Code.UNEXPECTED_FILE, message, hint))
    return make_seed(record, (), None, {})


def _held(
    record: SeedRecord,
    files: dict[str, SourceFile],
    attached: SourceFile | None,
    problems: list[Problem],
) -> Seed:
    folder = f"seeds/{record.id}"
    seal: Seal | None = None
    if "seal.json" in files:
        seal, found = read_seal(files["seal.json"].path, record.id, files["seal.json"].data)
        problems.extend(found)
    else:
        hint = f"make it from the captured file: `wiki seed add FILE --id {record.id}`; or set `held: false`"
        problems.append(
            Problem(Location(f"{folder}/seal.json"), Code.MISSING_FILE, "the seed has no seal", hint)
        )
    passages: tuple[Passage, ...] = ()
    if "passages.yml" in files:
        listed, found = _read(files["passages.yml"], Passages, {})
        problems += found
        passages = listed.passages
        _passages_fit(passages, seal, problems)
    else:
        hint = f"make it from the captured file: `wiki seed add FILE --id {record.id}`"
        problems.append(
            Problem(Location(f"{folder}/passages.yml"), Code.MISSING_FILE, "the seed has no passages", hint)
        )
    texts: dict[PassageId, str] = {}
    kept = files.get(TEXT)
    if kept is not None and record.rights.publish is not Publish.FULL:
        message = "its rights do not let this text be published, and whatever stands here is"
        hint = f"attach it instead: `wiki seed attach FILE --id {record.id}`, and delete it here; or, if its "
        hint += "licence allows that, write `publish: full` under `rights` in seed.yml"
        problems.append(Problem(Location(kept.path), Code.UNEXPECTED_FILE, message, hint))
        kept = None
    for file in (attached, kept):
        if file is not None and seal is not None:
            texts = _texts(record, seal, file, problems) or texts
    return make_seed(record, passages, seal, texts, kept=kept is not None and bool(texts))


def _passages_fit(passages: tuple[Passage, ...], seal: Seal | None, problems: list[Problem]) -> None:
    """Passages are those of the seal, in its order."""
    ids = [passage.id for passage in seal.passages] if seal else []
    for number, passage in enumerate(passages, 1):
        if not PASSAGE.fullmatch(passage.id):
            message = f"`{passage.id}` is not a passage's id"
            problems.append(Problem(passage.key.at, Code.BAD_ID, message, f"this is passage `p{number}`"))
        elif seal and passage.id not in ids:
            message, hint = (
                f"the seal has no passage `{passage.id}`",
                f"the seal ends with `{ids[-1] if ids else ''}`",
            )
            problems.append(Problem(passage.key.at, Code.SEAL_MISMATCH, message, hint))
        elif passage.id != f"p{number}":
            message = f"`{passage.id}` where `p{number}` belongs"
            problems.append(
                Problem(passage.key.at, Code.SEAL_MISMATCH, message, "keep the passages in order")
            )
            return
    if seal and passages and len(passages) < len(ids):
        message = f"`{ids[len(passages)]}` and what follows it is missing"
        hint = f"the seal has {len(ids)} passages; write a gist for each"
        problems.append(Problem(passages[-1].key.at, Code.SEAL_MISMATCH, message, hint))


def _texts(record: SeedRecord, seal: Seal, file: SourceFile, problems: list[Problem]) -> dict[PassageId, str]:
    """The passages' texts from the file attached or kept, if it is the one that was sealed."""
    try:
        text = file.data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = ""
    cut_text = capture_of(record, text)
    made = make_seal(record.id, [(passage.id, passage.text, passage.heading) for passage in cut_text])
    if made != seal and record.capture and _begins_as_recorded(record.capture, file.data):
        message = f"`capture` cuts the text of {record.id} otherwise than it was sealed"
        hint = "give it back `keep` and `leave_out` as `wiki seed add` wrote them"
        problems.append(Problem(record.capture.at, Code.SEAL_MISMATCH, message, hint))
        return {}
    if made != seal:
        differing = sorted({p.id for p in made.passages} ^ {p.id for p in seal.passages}) or [
            ours.id for ours, theirs in zip(made.passages, seal.passages, strict=True) if ours != theirs
        ]
        which, hint = "attached", f"attach the right file: `wiki seed attach FILE --id {record.id}`"
        if not file.path.startswith(f"{ATTACHED}/"):
            which, hint = (
                "kept",
                "copy the file here that was sealed; if the article changed: `wiki seed renew`",
            )
        differ = "differs" if len(differing) == 1 else "differ"
        message = f"the {which} text is not the one that was sealed: {', '.join(differing[:5])} {differ}"
        problems.append(
            Problem(Location(file.path), Code.SEAL_MISMATCH, message, f"{hint}; or delete this one")
        )
        return {}
    return {PassageId(passage.id): passage.text for passage in cut_text}


def _begins_as_recorded(settings: CaptureSettings, data: bytes) -> bool:
    """True if this is, by the digest in its record, the very file that was sealed."""
    begins = settings.sha256_begins.text if settings.sha256_begins else ""
    return len(begins) == 8 and hashlib.sha256(data).hexdigest().startswith(begins)


def capture_of(record: SeedRecord, text: str) -> tuple[CutPassage, ...]:
    """The passages of a captured text, cut as the seed's record says."""
    settings = record.capture
    if settings is None:
        return cut(text).passages
    return cut(text, leave_out=settings.leave_out, keep=settings.keep).passages
