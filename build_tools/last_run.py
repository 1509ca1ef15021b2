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


class _How(enum.Enum):
    """How a run begins, each way for the case that something is lost in the one before."""

    GOING_ON = enum.auto()
    AFRESH = enum.auto()
    ALONE = enum.auto()  # with nothing on disk that others might delete


def go_on(root: Path, run: Callable[[Start], D], folder: str = FOLDER, progress: Progress = SILENT) -> D:
    """What `run` makes of the wiki at `root`, going on from what is recorded in the folder."""
    for how in (_How.GOING_ON, _How.AFRESH):
        with contextlib.suppress(Lost):
            return _run(root, run, root / folder / "wiki", progress, how)
    return _run(root, run, root / folder / "wiki", progress, _How.ALONE)


def _run(root: Path, run: Callable[[Start], D], place: Path, progress: Progress, how: _How) -> D:
    progress.stage("reading")
    key = f"{root.absolute()}\n{compiler()}\n{programs()}"
    lasting = Lasting(place, key, {OutputFile})
    moment = now(place) if is_wiki(root) and how is not _How.ALONE else 0
    memory = Memory(progress=progress, packer=lasting if moment else None)
    before = lasting.load() if moment and how is _How.GOING_ON else None
    disk = Disk(root, {}, moment)
    if before is not None:
        seen, state = before
        memory.resume(state)
        disk = Disk(root, seen, moment)
    sources, loading = load_tree(disk)
    aside = Aside()

    def keep(wiki: CitedWiki) -> None:
        if moment:
            aside.do(lambda: lasting.save((disk.seen, memory.state()), _units(wiki, memory, lasting)))

    good = False
    try:
        done = run(Start(sources=sources, loading=loading, memory=memory, keep=keep))
        good = not has_errors(done.problems)
    finally:
        aside.wait()
        lasting.settle(good=good)
    return done


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
