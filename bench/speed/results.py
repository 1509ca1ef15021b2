"""What was measured: a row for each run of each work, kept as it comes, and what follows from many."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

BASE = 1000  # entities from which growth is told: a smaller wiki takes as long as programs take to start


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """One run of one work on a wiki of so many entities: what it took, by processes that ended all well.

    `peak` is that of the largest process; of memory, megabytes of a million bytes.
    """

    entities: int
    work: str
    round: int
    seconds: float
    cpu: float
    peak: float


@dataclass(frozen=True, slots=True, order=True)
class Size:
    """How large something is, in bytes."""

    entities: int
    what: str
    bytes: int


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """For how many seconds of a cold build, which its profile slows down, code of a package was running."""

    entities: int
    package: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Results:
    """All that was measured, and on what kind of machine."""

    machine: str
    rows: tuple[Row, ...]
    sizes: tuple[Size, ...] = ()
    parts: tuple[Part, ...] = ()

    def of(self, work: str, entities: int) -> tuple[Row, ...]:
        """The runs of a work at a size."""
        return tuple(row for row in self.rows if row.work == work and row.entities == entities)

    @property
    def entities(self) -> tuple[int, ...]:
        """The sizes of wikis, the smallest first."""
        return tuple(sorted({row.entities for row in self.rows}))

    @property
    def rounds(self) -> int:
        """How often each work was done, at most."""
        return max((row.round for row in self.rows), default=0)

    def median(self, work: str, entities: int) -> float | None:
        """The seconds that a work takes; None if it was not measured."""
        return _middle(row.seconds for row in self.of(work, entities))

    def growth(self, work: str, field: Callable[[Row], float] = lambda row: row.seconds) -> float | None:
        """The exponent by which a work grows with the wiki, from `BASE` to the largest: 1 is in proportion.

        None if there are no two sizes to tell it from.
        """
        found = [
            (entities, middle)
            for entities in self.entities
            if entities >= BASE and (middle := _middle(field(row) for row in self.of(work, entities)))
        ]
        if len(found) < 2:
            return None
        (few, less), (many, more) = found[0], found[-1]
        return math.log(more / less) / math.log(many / few)

    def size(self, what: str, entities: int) -> int | None:
        """How many bytes something has; None if it was not measured."""
        return next(
            (size.bytes for size in self.sizes if (size.what, size.entities) == (what, entities)), None
        )


def _middle(values: Iterable[float]) -> float | None:
    found = [*values]
    return statistics.median(found) if found else None


class Notebook:
    """The file that every row is written to as it comes, so that a run can go on where it was cut short."""

    def __init__(self, path: Path, machine: str) -> None:
        self.path, self.results = path, Results(machine, ())
        if path.exists():
            self.results = read(path.read_text(encoding="utf-8"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written(self.results), encoding="utf-8")

    def has(self, entities: int, work: str, round_: int) -> bool:
        """Whether a run is written down."""
        return any(row.round == round_ for row in self.results.of(work, entities))

    def put(self, entry: Row | Size | Part) -> None:
        """It is written down; of one size, or one part, the last holds."""
        with self.path.open("a", encoding="utf-8") as stream:
            stream.write(_line(entry))
        self.results = read(self.path.read_text(encoding="utf-8"))


def read(text: str) -> Results:
    """What a notebook holds; a last line that was cut short is none."""
    machine = ""
    rows: dict[tuple[object, ...], Row] = {}
    sizes: dict[tuple[object, ...], Size] = {}
    parts: dict[tuple[object, ...], Part] = {}
    for line in text.splitlines(keepends=True):
        if not line.endswith("\n"):
            break
        entry = json.loads(line)
        if "machine" in entry:
            machine = entry["machine"]
        elif "work" in entry:
            row = Row(**entry)
            rows[row.entities, row.work, row.round] = row
        elif "what" in entry:
            size = Size(**entry)
            sizes[size.entities, size.what] = size
        else:
            part = Part(**entry)
            parts[part.entities, part.package] = part
    return Results(
        machine,
        tuple(sorted(rows.values())),
        tuple(sorted(sizes.values())),
        tuple(sorted(parts.values(), key=lambda part: (part.entities, -part.seconds))),
    )


def written(results: Results) -> str:
    """The results as a notebook holds them, in order."""
    entries: tuple[Row | Size | Part, ...] = (*results.rows, *results.sizes, *results.parts)
    lines = [_line(entry) for entry in entries]
    return f"{json.dumps({'machine': results.machine})}\n{''.join(lines)}"


def _line(entry: Row | Size | Part) -> str:
    return f"{json.dumps(asdict(entry))}\n"
