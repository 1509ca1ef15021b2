"""What became of sources: their records, their passages, the words that their seals vouch for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from build_tools.amounts import amount
from build_tools.cite import CitedWiki
from build_tools.difference.fields import Reading, differences
from build_tools.difference.findings import Detail, Group, How, Thing
from build_tools.difference.pairing import paired
from build_tools.difference.sides import Reader
from build_tools.difference.translation import Renames, translated
from build_tools.drift import Fate, compare_seals, unnumbered
from build_tools.load import TEXT, SourceFile
from build_tools.records import Passage, Passages, SeedRecord
from build_tools.seal import Seal, read_seal
from build_tools.values import PassageId, SeedId

_NEW_HERE = {How.ADDED: "its passages count as new", How.REMOVED: "its passages count as gone"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seed:
    """A seed of one side, as far as its files can be read; `unsure` if passages or seal cannot."""

    id: str
    record: SeedRecord | None
    passages: tuple[Passage, ...]
    seal: Seal | None
    text: bytes | None
    unsure: bool


class Seeds:
    """The seeds that differ, paired; and what is called otherwise now."""

    def __init__(self, readers: tuple[Reader, Reader]) -> None:
        olds, news = (_by_folder(reader.files("seeds", reader.side.sources.seeds)) for reader in readers)
        same = {id_ for id_ in olds.keys() & news.keys() if olds[id_] == news[id_]}
        self.pairs = paired(
            [_read(id_, olds[id_], readers[0]) for id_ in sorted(olds.keys() - same)],
            [_read(id_, news[id_], readers[1]) for id_ in sorted(news.keys() - same)],
            (lambda seed: (seed.id,), _any_id, _sealed_words),
        )
        self.numbers = {new.id: _numbers(old, new) for old, new in self.pairs.both}
        self.renames = Renames(
            seeds={old.id: new.id for old, new in self.pairs.both if old.id != new.id},
            passages={
                (id_, old): new or f"{old} (gone)"
                for id_, numbers in self.numbers.items()
                for old, (new, _) in numbers.items()
                if old != new
            },
        )
        self.paths = {
            f"seeds/{old}/{name}": f"seeds/{new}/{name}"
            for old, new in self.renames.seeds.items()
            for name in ("seed.yml", "passages.yml", "seal.json", TEXT)
        }
        gone: dict[tuple[str, str], str] = {
            (seed.id, passage.id): passage.gist.source for seed in self.pairs.old for passage in seed.passages
        }
        gone |= {
            (new.id, f"{passage.id} (gone)"): passage.gist.source
            for old, new in self.pairs.both
            for passage in old.passages
            if self.numbers[new.id].get(passage.id, ("", Fate.SAME))[1] is Fate.GONE
        }
        self.gists: Mapping[tuple[str, str], str] = gone

    def groups(self, reading: Reading, renames: Renames, wiki: CitedWiki | None) -> Iterator[Group]:
        """What differs of each seed; `renames` are those of entities, `wiki` knows what rests on passages."""
        for old, new in self.pairs.both:
            details = tuple(self._details(old, new, reading, renames))
            things: tuple[Thing, ...] = ()
            if not (old.unsure or new.unsure):
                things = tuple(self._passages(old, new, reading, renames, wiki))
            if details or things:
                yield _group(new, How.CHANGED, details, things)
        for how, seeds in ((How.REMOVED, self.pairs.old), (How.ADDED, self.pairs.new)):
            for seed in seeds:
                one, other = (seed.record, None) if how is How.REMOVED else (None, seed.record)
                details = tuple(differences(one, other, reading)) if seed.record else ()
                if seed.record or not seed.unsure:
                    yield _group(seed, how, details, tuple(_all(seed.passages, how, reading)))

    def _details(self, old: _Seed, new: _Seed, reading: Reading, renames: Renames) -> Iterator[Detail]:
        if old.id != new.id:
            former = [ref.id for ref in new.record.formerly] if new.record else []
            note = "" if old.id in former else "its old address leads nowhere"
            yield Detail(what="id", how=How.RENAMED, old=old.id, new=new.id, note=note)
        if old.record and new.record:
            both = Renames(entities=renames.entities, seeds=self.renames.seeds)
            leave_out = frozenset({"formerly"}) if old.id != new.id else frozenset()
            yield from differences(translated(old.record, both), new.record, reading, leave_out=leave_out)
        if not (old.unsure or new.unsure) and (old.seal is None) is not (new.seal is None):
            how = How.REMOVED if new.seal is None else How.ADDED
            yield Detail(what="seal", how=how, note=_NEW_HERE[how])
        if old.text != new.text:
            how = How.ADDED if old.text is None else How.REMOVED if new.text is None else How.CHANGED
            yield Detail(what="the text that is kept", how=how)

    def _passages(
        self, old: _Seed, new: _Seed, reading: Reading, renames: Renames, wiki: CitedWiki | None
    ) -> Iterator[Thing]:
        fates = self.numbers[new.id]
        olds = {fates.get(passage.id, (passage.id, Fate.SAME))[0]: passage for passage in old.passages}
        olds.pop("", None)
        for passage in new.passages:
            was = olds.pop(passage.id, None)
            if was is None:
                yield from _all((passage,), How.ADDED, reading)
                continue
            details: list[Detail] = []
            if was.id != passage.id:
                details.append(Detail(what="number", how=How.MOVED, old=was.id, new=passage.id))
            if fates.get(was.id, ("", Fate.SAME))[1] is Fate.CHANGED:
                lengths = (_words(old.seal, was.id), _words(new.seal, passage.id))
                note = _resting(wiki, new.id, passage.id)
                details.append(
                    Detail(what="words", how=How.RESEALED, old=lengths[0], new=lengths[1], note=note)
                )
            details += differences(translated(was, Renames(entities=renames.entities)), passage, reading)
            if details:
                yield Thing(noun="passage", label=passage.id, how=How.CHANGED, details=tuple(details))
        known = {id(passage) for passage in olds.values()}
        gone = (
            passage
            for passage in old.passages
            if id(passage) in known or fates.get(passage.id, ("", Fate.SAME))[1] is Fate.GONE
        )
        yield from _all(gone, How.REMOVED, reading)


def _by_folder(files: Iterable[SourceFile]) -> dict[str, dict[str, SourceFile]]:
    folders: dict[str, dict[str, SourceFile]] = {}
    for file in files:
        folders.setdefault(file.folder, {})[file.path.rsplit("/", 1)[-1]] = file
    return folders


def _read(id_: str, files: Mapping[str, SourceFile], reader: Reader) -> _Seed:
    record = passages = seal = None
    if "seed.yml" in files:
        record = reader.record(files["seed.yml"], SeedRecord, id=SeedId(id_))
    if "passages.yml" in files:
        passages = reader.record(files["passages.yml"], Passages)
    if "seal.json" in files and not reader.is_refused(files["seal.json"]):
        seal, problems = read_seal(files["seal.json"].path, id_, files["seal.json"].data)
        reader.note(problems)
    text = files.get(TEXT)
    return _Seed(
        id=id_,
        record=record,
        passages=passages.passages if passages else (),
        seal=seal,
        text=text.data if text else None,
        unsure=("passages.yml" in files and not passages) or ("seal.json" in files and not seal),
    )


def _any_id(seed: _Seed) -> tuple[str, ...]:
    return (seed.id, *(ref.id for ref in seed.record.formerly)) if seed.record else (seed.id,)


def _sealed_words(seed: _Seed) -> tuple[object, ...]:
    return (tuple(map(unnumbered, seed.seal.passages)),) if seed.seal and seed.seal.passages else ()


def _numbers(old: _Seed, new: _Seed) -> dict[str, tuple[str, Fate]]:
    """The new number of each old passage, none if it is gone, and what became of it."""
    if old.seal is None or new.seal is None:
        return {}
    drifts = compare_seals(old.seal, new.seal, {})
    return {drift.old: (drift.new or "", drift.fate) for drift in drifts if drift.old is not None}


def _group(seed: _Seed, how: How, details: tuple[Detail, ...], things: tuple[Thing, ...]) -> Group:
    name = seed.record.short.text if seed.record else ""
    return Group(
        noun="source", name=name or seed.id, path=f"seeds/{seed.id}", how=how, details=details, things=things
    )


def _all(passages: Iterable[Passage], how: How, reading: Reading) -> Iterator[Thing]:
    for passage in passages:
        one, other = (passage, None) if how is How.REMOVED else (None, passage)
        details = tuple(differences(one, other, reading))
        yield Thing(noun="passage", label=passage.id, how=how, details=details)


def _words(seal: Seal | None, id_: str) -> str:
    found = next((passage.words for passage in seal.passages if passage.id == id_), 0) if seal else 0
    return f"{found} words"


def _resting(wiki: CitedWiki | None, seed: str, passage: str) -> str:
    if wiki is None:
        return ""
    count = len(wiki.resting_on.get((seed, PassageId(passage)), ()))
    return f"{amount(count, 'statement')} of the new wiki cite{'s' if count == 1 else ''} it"
