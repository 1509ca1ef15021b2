"""The run before this one, of the same wiki by the same compiler: what it read and worked out.

It stands in `build/.cache` of the wiki. A run that finds something of it lost begins anew without it.
"""

from __future__ import annotations

import contextlib
import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from build_tools.addresses import OutputFile
from build_tools.cache import FOLDER
from build_tools.cite import CitedWiki
from build_tools.ghost import Ghost, unread
from build_tools.lasting import Lasting, Unit
from build_tools.load import Disk, Sources, load_tree
from build_tools.memory import Memory
from build_tools.problems import Problem, has_errors
from build_tools.processes import Aside
from build_tools.progress import SILENT, Progress
from build_tools.shelves import Units
from build_tools.store import Lost
from build_tools.unchanged import is_wiki, now
from build_tools.validate import seed_unit
from build_tools.versions import compiler, programs


class Done(Protocol):
    """What a run found."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that it reports."""


D = TypeVar("D", bound=Done)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What a run begins with: the files of the wiki, their problems, and what the run before knew.

    `keep` begins to record, beside what else is done, what there is to know of a wiki that was found sound;
    it is kept if the run ends without errors.
    """

    sources: Sources
    loading: tuple[Problem, ...]
    memory: Memory
    keep: Callable[[CitedWiki], None]


class How(enum.Enum):
    """How a run begins, each way for the case that something is lost in the one before."""

    GOING_ON = enum.auto()
    AFRESH = enum.auto()
    ALONE = enum.auto()  # with nothing on disk that others might delete


def go_on(root: Path, run: Callable[[Start], D], folder: str = FOLDER, progress: Progress = SILENT) -> D:
    """What `run` makes of the wiki at `root`, going on from what is recorded in the folder."""
    for how in (How.GOING_ON, How.AFRESH):
        with contextlib.suppress(Lost):
            return _run(root, run, folder, progress, how)
    return _run(root, run, folder, progress, How.ALONE)


def _run(root: Path, run: Callable[[Start], D], folder: str, progress: Progress, how: How) -> D:
    progress.stage("reading")
    ongoing = Ongoing(root, folder, progress, how)
    sources, loading = ongoing.read()
    aside = Aside()

    def keep(wiki: CitedWiki) -> None:
        aside.do(lambda: ongoing.save(wiki))

    good = False
    try:
        done = run(Start(sources=sources, loading=loading, memory=ongoing.memory, keep=keep))
        good = not has_errors(done.problems)
    finally:
        aside.wait()
        ongoing.settle(good=good)
    return done


class Ongoing:
    """A wiki that a process makes, once or again and again, with what it knows of it in its `memory`.

    What is recorded in the folder it knows from the start. Whatever meets it may find something Lost; then
    another must begin, in the next way.
    """

    def __init__(
        self, root: Path, folder: str = FOLDER, progress: Progress = SILENT, how: How = How.GOING_ON
    ) -> None:
        self._root, self._place = root, root / folder / "wiki"
        key = f"{root.absolute()}\n{compiler()}\n{programs()}"
        self._lasting = Lasting(self._place, key, {OutputFile})
        self._lasts = how is not How.ALONE and is_wiki(root) and now(self._place) > 0
        self._packer = _Packer(self._lasting)
        self.memory = Memory(progress=progress, packer=self._packer if self._lasts else None)
        self._disk = Disk(root)
        before = self._lasting.load() if self._lasts and how is How.GOING_ON else None
        if before is not None:
            seen, state = before
            self.memory.resume(state)
            self._disk.seen = seen

    def read(self) -> tuple[Sources, tuple[Problem, ...]]:
        """The files of the wiki as they are now, with which a run begins, and their problems.

        Of those that are as they were the bytes are not read before somebody asks for them.
        """
        self._packer.begin()
        moment = now(self._place) if self._lasts else 0
        self._disk = Disk(self._root, self._disk.seen, moment)
        return load_tree(self._disk)

    def save(self, wiki: CitedWiki) -> None:
        """What there is to know of a wiki that was found sound is on disk, for a copy of this process, which
        makes nothing more. It counts when it is settled."""
        if self._lasts:
            state = (self._disk.seen, self.memory.state())
            self._lasting.save(state, _units(wiki, self.memory, self._lasting))

    def keep(self, wiki: CitedWiki) -> None:
        """What there is to know of a wiki that was found sound is what others go on from, if that has room.

        A copy of this process does it, and this one can go on.
        """
        aside = Aside()
        aside.do(lambda: self.save(wiki))
        aside.wait()
        self.settle(good=True)

    def settle(self, *, good: bool) -> None:
        """What was saved is what others go on from, if it is `good`; else it goes, and what this packed too:
        then it must be over."""
        self._lasting.settle(good=good)


class _Packer:
    """Packs for one run: what a `Lasting` resolves are records of that and of the run before it. In a later
    run much that is to be packed is Lost, so that another goes on with it from what is recorded."""

    def __init__(self, lasting: Lasting) -> None:
        self._lasting, self._runs = lasting, 0
        self.packing, self.unpacked = lasting.packing, lasting.unpacked

    def begin(self) -> None:
        """Another run begins."""
        self._runs += 1

    def keep(self, units: Units) -> bool:
        """As `Lasting.keep`."""
        if self._runs > 1:
            raise Lost("what was packed before")
        return self._lasting.keep(units)


def _units(wiki: CitedWiki, memory: Memory, lasting: Lasting) -> dict[Unit, Sequence[Ghost]]:
    """The records that are kept together: an entity with its statements, a seed with its passages, and each
    result that is a record by itself."""
    linked = wiki.linked
    statements, cited = unread(linked.statements), unread(wiki.statements)
    units: dict[Unit, Sequence[Ghost]] = {
        ("entity", entity.path): [entity, statements[id_], cited[id_]]
        for id_, entity in linked.entities.items()
    }
    for seed in linked.seeds.values():
        units |= seed_unit(seed)
    there = {id(record) for records in units.values() for record in records}
    for name, unit in memory.records():
        if id(unit[0]) not in there and not isinstance(unit[0], OutputFile):
            units["record", name] = unit
    return units
