"""The run before this one, of the same wiki by the same compiler: what it read and worked out.

It stands in `build/.cache` of the wiki. A run that finds something of it lost begins anew without it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from build_tools.addresses import OutputFile
from build_tools.cache import FOLDER
from build_tools.cite import CitedWiki
from build_tools.ghost import Ghost, is_ghost
from build_tools.lasting import Lasting, Unit
from build_tools.load import SETTINGS, Disk, Sources, load_tree
from build_tools.memory import Memory
from build_tools.problems import Problem, has_errors
from build_tools.records import Entity
from build_tools.store import Lost
from build_tools.unchanged import now
from build_tools.validate import Seed
from build_tools.versions import compiler, programs

_PLACE = f"{FOLDER}/wiki"
_KNOWN = {Entity: ("at", "id", "kind"), Seed: ("id",), OutputFile: ("path", "digest")}


class Done(Protocol):
    """What a run found."""

    @property
    def wiki(self) -> CitedWiki | None: ...
    @property
    def problems(self) -> tuple[Problem, ...]: ...


D = TypeVar("D", bound=Done)


def go_on(root: Path, run: Callable[[Sources, tuple[Problem, ...], Memory], D]) -> D:
    """What `run` makes of the files of the wiki at `root`, their problems, and what the run before knew.

    It is recorded for the next, unless there are errors.
    """
    try:
        return _run(root, run, afresh=False)
    except Lost:
        return _run(root, run, afresh=True)


def _run(root: Path, run: Callable[[Sources, tuple[Problem, ...], Memory], D], *, afresh: bool) -> D:
    place = root / _PLACE
    lasting = Lasting(place, f"{root.resolve()}\n{compiler()}\n{programs()}", _KNOWN, {OutputFile})
    memory = Memory()
    moment = now(place) if (root / SETTINGS).is_file() else 0
    before = None if afresh or not moment else lasting.load()
    disk = Disk(root, {}, moment)
    if before is not None:
        seen, state = before
        memory.resume(state)
        disk = Disk(root, seen, moment)
    done = run(*load_tree(disk), memory)
    if moment and done.wiki is not None and not has_errors(done.problems):
        lasting.save((disk.seen, memory.state()), _units(done.wiki, memory, lasting))
    return done


def _units(wiki: CitedWiki, memory: Memory, lasting: Lasting) -> dict[Unit, list[Ghost]]:
    """The records that are kept together: an entity with its statements, a seed with its passages, and each
    result that is a record by itself."""
    linked = wiki.linked
    units: dict[Unit, list[Ghost]] = {
        ("entity", id_): [entity, *linked.statements[id_], *wiki.statements[id_]]
        for id_, entity in linked.entities.items()
    }
    for id_, seed in linked.seeds.items():
        units["seed", id_] = [seed] if is_ghost(seed) else [seed, *seed.passages]
    there = {id(record) for records in units.values() for record in records}
    for name, result in memory.results():
        if isinstance(result, Ghost) and id(result) not in there and not isinstance(result, OutputFile):
            units["result", name] = [result]
    return units
