"""The wiki's files read from disk, as bytes with their paths: the only stage that reads the disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from build_tools.packages import read_package
from build_tools.problems import Code, Location, Problem
from build_tools.yaml_tree import MAX_FILE_BYTES

SETTINGS = "wiki.yml"
WAIVERS = "waivers.yml"
ATTACHED = ".attached"  # git-ignored: the texts of seeds, on the machines that have them
TEXT = "text.md"  # in a seed's folder: the captured text, where its rights let it be published whole
ATLAS = "world-atlas/countries-50m.json"
CHANGE = ".change.json"  # at the root while files are being replaced by a command that changes several
JOURNAL = "renewal.json"  # in a seed's folder while its files and their citers are being replaced


@dataclass(frozen=True, slots=True, order=True)
class SourceFile:
    """A file: its path from the wiki's root, with slashes, and its bytes."""

    path: str
    data: bytes

    @property
    def stem(self) -> str:
        return self.path.rsplit("/", 1)[-1].rsplit(".", 1)[0]

    @property
    def folder(self) -> str:
        return self.path.rsplit("/", 2)[-2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Everything a compilation reads, each group sorted by path."""

    settings: SourceFile | None
    entities: tuple[SourceFile, ...]
    seeds: tuple[SourceFile, ...]
    docs: tuple[SourceFile, ...]
    attached: tuple[SourceFile, ...]
    waivers: SourceFile | None = None
    atlas: bytes | None = None  # the world's shapes, of the compiler's own packages; None: not installed


def load(root: Path) -> tuple[Sources, tuple[Problem, ...]]:
    """The files of the wiki at `root`; what cannot be read or does not belong is reported, not followed."""
    problems: list[Problem] = []
    try:
        os.scandir(root).close()
    except OSError as error:
        message, hint = f"no wiki can be read there: {error.strerror}", "name its folder with `--root`"
        problem = Problem(Location(SETTINGS), Code.MISSING_FILE, message, hint)
        return Sources(settings=None, entities=(), seeds=(), docs=(), attached=()), (problem,)
    settings = _at_root(root, SETTINGS, problems)
    if settings is None and not problems:
        hint = "run this in the wiki's folder, or name it with `--root`"
        problems.append(Problem(Location(SETTINGS), Code.MISSING_FILE, "there is no wiki.yml here", hint))
    if os.path.lexists(root / CHANGE):
        message = "a change of several files was cut short"
        hint = "run the same command again (`wiki rename`, `wiki fmt` or `wiki new`): it does the rest"
        problems.append(Problem(Location(CHANGE), Code.UNEXPECTED_FILE, message, hint))
    sources = Sources(
        settings=settings,
        entities=tuple(_data_files(root, "entities", _entity_fault, problems)),
        seeds=tuple(_data_files(root, "seeds", _seed_fault, problems)),
        docs=tuple(_read_all(root, _walk(root, Path("docs"), problems), problems, limit=None)),
        attached=tuple(_read_all(root, _attached(root), problems, limit=None)),
        waivers=_at_root(root, WAIVERS, problems),
        atlas=read_package(ATLAS),
    )
    return sources, tuple(problems)


def _at_root(root: Path, name: str, problems: list[Problem]) -> SourceFile | None:
    """A file right below the root, if it is there and no link."""
    if (root / name).is_symlink():
        problems.append(_link(Path(name)))
        return None
    return _read(root, Path(name), problems) if (root / name).exists() else None


def _attached(root: Path) -> Iterator[Path]:
    folder = root / ATTACHED
    if folder.is_dir():
        yield from (path.relative_to(root) for path in sorted(folder.glob("*.txt")))


def shown(path: Path) -> str:
    """The path with slashes, anything unprintable in it escaped: fit for a message."""
    text = path.as_posix()
    return text if text.isprintable() else text.encode("unicode_escape", "surrogateescape").decode("ascii")


def _walk(root: Path, folder: Path, problems: list[Problem]) -> Iterator[Path]:
    """The files below a folder in sorted order; links are refused, hidden files passed over."""
    if (root / folder).is_symlink():
        problems.append(_link(folder))
        return
    try:
        entries = sorted(os.scandir(root / folder), key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    except OSError as error:
        problems.append(_unreadable(folder, error))
        return
    for entry in entries:
        path = folder / entry.name
        if entry.is_symlink():
            problems.append(_link(path))
        elif entry.name.startswith(".") or entry.name.endswith("~"):
            continue
        elif entry.is_dir():
            yield from _walk(root, path, problems)
        elif entry.is_file():
            yield path
        else:
            message = "this is neither a file nor a folder"
            problems.append(Problem(Location(shown(path)), Code.UNEXPECTED_FILE, message, "delete it"))


def _link(path: Path) -> Problem:
    return Problem(Location(shown(path)), Code.SYMLINK, "this is a symbolic link", "put the file itself here")


def _data_files(
    root: Path,
    folder: str,
    fault: Callable[[Path], tuple[str, str] | None],
    problems: list[Problem],
) -> Iterator[SourceFile]:
    """The files of a folder, but for those of which `fault` says what is wrong and the repair."""
    fit: list[Path] = []
    for path in _walk(root, Path(folder), problems):
        message = fault(path)
        if message is None:
            fit.append(path)
        else:
            what, hint = message
            problems.append(Problem(Location(shown(path)), Code.UNEXPECTED_FILE, what, hint))
    for path in fit:
        # A text is read whole whatever its size: the seal that it is held against is small enough.
        limit = None if path.name == TEXT else MAX_FILE_BYTES + 1
        yield from _read_all(root, [path], problems, limit=limit)


def _entity_fault(path: Path) -> tuple[str, str] | None:
    if len(path.parts) != 3:
        return "entities stand one folder deep", "move it to entities/<folder of its kind>/<id>.yml"
    if path.suffix != ".yml":
        what = f"`{shown(Path(path.name))}` is not the name of an entity's file"
        return what, f"name it {shown(Path(path.stem))}.yml" if path.suffix == ".yaml" else "name it <id>.yml"
    return None


def _seed_fault(path: Path) -> tuple[str, str] | None:
    names = ("seed.yml", "passages.yml", "seal.json", TEXT)
    if path.name == JOURNAL:
        message = "a renewal of this seed was cut short"
        return message, "run the same `wiki seed renew FILE --id ID --write` again: it does the rest"
    if len(path.parts) != 3 or path.name not in names:
        return (
            "a seed has no such file",
            f"seeds/<id>/ holds {', '.join(names)}; other texts stay out of git",
        )
    return None


def _read_all(
    root: Path, paths: Iterator[Path] | list[Path], problems: list[Problem], *, limit: int | None
) -> Iterator[SourceFile]:
    for path in paths:
        file = _read(root, path, problems, limit=limit)
        if file is not None:
            yield file


def _read(
    root: Path, path: Path, problems: list[Problem], *, limit: int | None = MAX_FILE_BYTES + 1
) -> SourceFile | None:
    try:
        with (root / path).open("rb") as stream:
            return SourceFile(shown(path), stream.read() if limit is None else stream.read(limit))
    except OSError as error:
        problems.append(_unreadable(path, error))
        return None


def _unreadable(path: Path, error: OSError) -> Problem:
    message = f"cannot read it: {error.strerror}"
    return Problem(Location(shown(path)), Code.UNREADABLE_FILE, message, "check that it is readable to you")
