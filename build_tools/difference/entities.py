"""What became of entities, and of the claims, names, facts … on their pages, wherever they went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from build_tools.difference.fields import Reading, differences, said
from build_tools.difference.findings import Detail, Group, How, Thing
from build_tools.difference.pairing import ALIKE, Keys, Pairs, alike, bag_of_words, by_any_id, by_id, paired
from build_tools.difference.sides import Reader
from build_tools.difference.translation import Renames, translated
from build_tools.load import SourceFile
from build_tools.records import Entity, Relation, WikiSettings
from build_tools.shape import read_record
from build_tools.text import folded
from build_tools.values import EntityId
from build_tools.yaml_tree import read_yaml

_DEAD = "its old address leads nowhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class _List:
    """A list of an entity's record: what one of it is called, its label, how two are found to be one."""

    noun: str
    label: tuple[str, ...]
    rounds: tuple[Keys[Any], ...]
    likeness: Callable[[Any], Counter[str]] | None = None


def _by(*names: str) -> Keys[Any]:
    """The values of these fields together, as a key."""
    return lambda item: (tuple(said(getattr(item, name)) for name in names),)


def _by_words(item: Any) -> Sequence[object]:
    return tuple(filter(None, (folded(said(item.text)),)))


def _bag(item: Any) -> Counter[str]:
    return bag_of_words(said(item.text))


_ANCHORED = (by_id, by_any_id, _by_words)
_LISTS: Mapping[str, _List] = {
    "also": _List(noun="name", label=("name",), rounds=(_by("name"),)),
    "facts": _List(
        noun="fact", label=("fact",), rounds=(_by("fact", "value"), _by("fact", "when"), _by("fact"))
    ),
    "claims": _List(noun="claim", label=("id",), rounds=_ANCHORED, likeness=_bag),
    "quotes": _List(noun="quotation", label=("id",), rounds=_ANCHORED, likeness=_bag),
    "relations": _List(
        noun="relation",
        label=("type", "to"),
        rounds=(_by("type", "to", "when"), _by("type", "to"), _by("to")),
    ),
    "questions": _List(noun="question", label=("id",), rounds=_ANCHORED, likeness=_bag),
    "notes": _List(noun="note", label=("about",), rounds=(_by_words,), likeness=_bag),
}
_MOVING = ("claims", "quotes")  # what may go from one entity to another


@dataclass(frozen=True, slots=True, eq=False)
class _File:
    """A file of an entity that differs, and its record; none if it cannot be read."""

    file: SourceFile
    record: Entity | None


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
    """Something of an entity: the entity's id in the new wiki, if it is there; else in the old."""

    entity: str
    item: Any


@dataclass(slots=True)
class _Page:
    """An entity, old and new, and what of each of its lists is one, gone, and new."""

    old: Entity | None
    new: Entity | None
    lists: dict[str, Pairs[Any]]

    @property
    def record(self) -> Entity:
        record = self.new or self.old
        assert record is not None
        return record


class Entities:
    """The entities that may differ, paired; and what is called otherwise now."""

    def __init__(self, readers: tuple[Reader, Reader], renames: Renames) -> None:
        every = [reader.files("entities", reader.side.sources.entities) for reader in readers]
        # Cites of a source whose passages have other numbers may mean others, though nobody touched them.
        recut = {id_.encode() for id_, _ in renames.passages}
        same = {file for file in set(every[0]) & set(every[1]) if not any(id_ in file.data for id_ in recut)}
        files = [
            [_read(file, reader) for file in side if file not in same]
            for side, reader in zip(every, readers, strict=True)
        ]
        settings = [reader.side.sources.settings for reader in readers]
        self.kinds = tuple(map(_kinds, settings))
        self.symmetric = frozenset[str]().union(*map(_symmetric, settings))
        pairs = paired(files[0], files[1], (_by_path, _by_stem, _by_any_stem), _lines)
        self.renames = replace(
            renames,
            entities={
                one.file.stem: other.file.stem
                for one, other in pairs.both
                if one.file.stem != other.file.stem
            },
        )
        self.paths = {
            one.file.path: other.file.path for one, other in pairs.both if one.file.path != other.file.path
        }
        found: list[tuple[Entity | None, Entity | None]] = [
            (one.record, other.record) for one, other in pairs.both if one.record and other.record
        ]
        found += [(file.record, None) for file in pairs.old if file.record]
        found += [(None, file.record) for file in pairs.new if file.record]
        self.pages = [_page(translated(one, self.renames) if one else None, other) for one, other in found]
        self.pages.sort(key=lambda page: page.record.path)
        self.names = {
            str(self.renames.entities.get(file.record.id, file.record.id)): file.record.name.text
            for side in files
            for file in side
            if file.record
        }

    def groups(self, reading: Reading) -> Iterator[Group]:
        """What differs of each entity."""
        moved = self._moved()
        for page in self.pages:
            details = tuple(self._details(page, reading))
            things = tuple(thing for name in _LISTS for thing in self._things(page, name, moved, reading))
            how = How.CHANGED if page.old and page.new else How.ADDED if page.new else How.REMOVED
            # An entity of which nothing is said but its name is new or gone all the same.
            if details or things or how is not How.CHANGED:
                name = page.record.name.text or page.record.id
                yield Group(
                    noun="entity", name=name, path=page.record.path, how=how, details=details, things=things
                )

    def _details(self, page: _Page, reading: Reading) -> Iterator[Detail]:
        old, new = page.old, page.new
        leave_out = frozenset(_LISTS)
        if old and new:
            if old.id != new.id:
                note = "" if old.id in [ref.id for ref in new.formerly] else _DEAD
                yield Detail(what="id", how=How.RENAMED, old=old.id, new=new.id, note=note)
                leave_out |= {"formerly"}
            before, after = (
                kinds.get(entity.kind, entity.kind) if all(self.kinds) else entity.kind
                for kinds, entity in zip(self.kinds, (old, new), strict=True)
            )
            if before != after:
                yield Detail(what="kind", how=How.MOVED, old=before, new=after)
        else:
            leave_out |= {"name"}
        yield from differences(old, new, reading, leave_out=leave_out)

    def _things(
        self, page: _Page, name: str, moved: Mapping[int, _Placed], reading: Reading
    ) -> Iterator[Thing]:
        kind, pairs = _LISTS[name], page.lists[name]
        anchors = Renames(anchors=_anchors(page))
        for old, new in pairs.in_order:
            details: tuple[Detail, ...]
            if old is not None:
                details = (*_renamed(old, new), *_differences(translated(old, anchors), new, reading))
            elif id(new) in moved:
                details = tuple(self._moved_details(moved[id(new)], new, page.record.id, reading))
            else:
                details = tuple(differences(None, new, reading, leave_out=frozenset(kind.label)))
            how = How.ADDED if old is None and id(new) not in moved else How.CHANGED
            if details or how is How.ADDED:
                yield Thing(noun=kind.noun, label=_label(kind, new), how=how, details=details)
        for old in pairs.old:
            if id(old) not in moved:
                details = tuple(differences(old, None, reading, leave_out=frozenset(kind.label)))
                yield Thing(noun=kind.noun, label=_label(kind, old), how=How.REMOVED, details=details)

    def _moved_details(self, was: _Placed, new: Any, entity: str, reading: Reading) -> Iterator[Detail]:
        """The way from one entity to another, and what differs besides."""
        old, note = was.item, _DEAD
        if isinstance(new, Relation):  # the same relation, stated at its other end
            old, note = replace(old, to=new.to), ""
        yield Detail(what="entity", how=How.MOVED, old=was.entity, new=entity, note=note)
        yield from _renamed(old, new)
        yield from _differences(old, new, reading)

    def _moved(self) -> Mapping[int, _Placed]:
        """What went from one entity to another: where it was, by either of its records."""
        found: dict[int, _Placed] = {}
        for name in (*_MOVING, "relations"):
            olds = [_Placed(p.record.id, item) for p in self.pages for item in p.lists[name].old]
            news = [_Placed(p.record.id, item) for p in self.pages for item in p.lists[name].new]
            if name == "relations":
                both = list(paired(olds, news, (self._both_ends,)).both)
            else:
                by_words = paired(olds, news, (lambda placed: _by_words(placed.item),))
                by_name = paired(by_words.old, by_words.new, (lambda placed: by_id(placed.item),))
                both = list(by_words.both)
                both += [
                    (old, new) for old, new in by_name.both if alike(_bag(old.item), _bag(new.item)) >= ALIKE
                ]
            for old, new in both:
                found[id(old.item)] = found[id(new.item)] = old
        return found

    def _both_ends(self, placed: _Placed) -> Sequence[object]:
        relation = placed.item
        if relation.type.id not in self.symmetric:
            return ()
        return ((relation.type.id, frozenset({placed.entity, relation.to.id}), said(relation.when)),)


def _read(file: SourceFile, reader: Reader) -> _File:
    return _File(file, reader.record(file, Entity, id=EntityId(file.stem), kind=file.folder))


def _by_path(item: _File) -> Sequence[str]:
    return (item.file.path,)


def _by_stem(item: _File) -> Sequence[str]:
    return (item.file.stem,)


def _by_any_stem(item: _File) -> Sequence[str]:
    former = item.record.formerly if item.record else ()
    return (item.file.stem, *(ref.id for ref in former if ref.id))


def _lines(item: _File) -> Counter[str]:
    """The lines that say something: keys that only open a list are the same everywhere."""
    lines = (line.strip() for line in item.file.data.decode(errors="replace").splitlines())
    return Counter(line for line in lines if line and not line.endswith(":"))


def _page(old: Entity | None, new: Entity | None) -> _Page:
    lists = {
        name: paired(
            getattr(old, name) if old else (), getattr(new, name) if new else (), kind.rounds, kind.likeness
        )
        for name, kind in _LISTS.items()
    }
    return _Page(old, new, lists)


def _anchors(page: _Page) -> dict[str, str]:
    """The new ids of what has an id on the page and is called otherwise now."""
    pairs = (pair for name in ("claims", "quotes", "questions") for pair in page.lists[name].both)
    return {old.id.id: new.id.id for old, new in pairs if old.id.id != new.id.id}


def _renamed(old: Any, new: Any) -> Iterator[Detail]:
    if hasattr(new, "id") and old.id.id != new.id.id:
        known = old.id.id in [anchor.id for anchor in getattr(new, "formerly", ())]
        yield Detail(what="id", how=How.RENAMED, old=old.id.id, new=new.id.id, note="" if known else _DEAD)


def _differences(old: Any, new: Any, reading: Reading) -> Iterator[Detail]:
    """The details but for the id, which is told of as a rename, and the former ids that a rename adds."""
    renamed = hasattr(new, "id") and old.id.id != new.id.id
    leave_out = {"id", "formerly"} if renamed else {"id"}
    return differences(old, new, reading, leave_out=frozenset(leave_out))


def _label(kind: _List, item: Any) -> str:
    return " ".join(filter(None, (said(getattr(item, name)) for name in kind.label)))


def _settings(file: SourceFile | None) -> WikiSettings | None:
    """The settings, as far as they can be read; what is wrong with them is told of elsewhere."""
    node = read_yaml(file.path, file.data)[0] if file else None
    return read_record(node, WikiSettings)[0] if node else None


def _kinds(file: SourceFile | None) -> dict[str, str]:
    """The kinds by their folders."""
    settings = _settings(file)
    return {kind.folder.id: kind.key.id for kind in settings.kinds} if settings else {}


def _symmetric(file: SourceFile | None) -> frozenset[str]:
    settings = _settings(file)
    found = settings.relations if settings else ()
    return frozenset(relation.key.id for relation in found if relation.symmetric)
