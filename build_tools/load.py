"""The wiki's files read, as bytes with their paths: from the disk, or from another tree of files."""

from __future__ import annotations

import enum
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar, Protocol

from build_tools.ghost import Ghost, ghost, give
from build_tools.packages import read_package
from build_tools.problems import Code, Location, Problem
from build_tools.store import Lost
from build_tools.yaml_tree import MAX_FILE_BYTES

SETTINGS = "wiki.yml"
WAIVERS = "waivers.yml"
LINK_EXCEPTIONS = "links.yml"
ATTACHED = ".attached"  # git-ignored: the texts of seeds, on the machines that have them
TEXT = "text.md"  # in a seed's folder: the captured text, where its rights let it be published whole
ATLAS = "world-atlas/countries-50m.json"
CHANGE = ".change.json"  # at the root while files are being replaced by a command that changes several
JOURNAL = "renewal.json"  # in a seed's folder while its files and their citers are being replaced


@dataclass(frozen=True, slots=True, order=True)
class SourceFile(Ghost):
    """A file: its path from the wiki's root, with slashes, and its bytes, or where to read them."""

    known: ClassVar[tuple[str, ...]] = ("path", "_digest")
    path: str
    data: bytes
    _digest: str = field(default="", compare=False, repr=False)

    @property
    def digest(self) -> str:
        """The digest of its bytes."""
        if not self._digest:
            object.__setattr__(self, "_digest", blake2b(self.data, digest_size=16).hexdigest())
        return self._digest

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
    link_exceptions: SourceFile | None = None
    atlas: bytes | None = None  # the world's shapes, of the compiler's own packages; None: not installed


class What(enum.Enum):
    """What a name in a folder is of."""

    FILE = enum.auto()
    FOLDER = enum.auto()
    LINK = enum.auto()
    OTHER = enum.auto()


class Tree(Protocol):
    """Files and folders below a root; what cannot be read raises OSError."""

    def entries(self, folder: Path) -> Iterable[tuple[str, What]]:
        """The names in a folder, each with what it is of."""

    def file(self, path: Path, limit: int | None) -> SourceFile:
        """A file; of its bytes, at most so many."""


Signature = tuple[int, int, int, int]  # of a file: inode, size, times of content and of inode in ns
Seen = Mapping[str, tuple[Signature, str]]  # files by path, with the digests of their bytes


class Disk:
    """The tree below a folder of the disk. Files that are the very ones `known` are not read before somebody
    asks for their bytes; then they raise Lost if these are others.

    `seen` are the files that were asked for, which could not have changed again unseen since `moment`: see
    `unchanged`.
    """

    def __init__(self, root: Path, known: Seen = MappingProxyType({}), moment: int = 0) -> None:
        self.root, self._known, self._moment = root, known, moment
        self.seen: dict[str, tuple[Signature, str]] = {}

    def entries(self, folder: Path) -> Iterable[tuple[str, What]]:
        """The names in a folder, each with what it is of; links are not followed."""
        for entry in os.scandir(self.root / folder):
            if entry.is_symlink():
                what = What.LINK
            elif entry.is_dir():
                what = What.FOLDER
            else:
                what = What.FILE if entry.is_file() else What.OTHER
            yield entry.name, what

    def file(self, path: Path, limit: int | None) -> SourceFile:
        """A file; of its bytes, at most so many. Raises OSError."""
        name = path.as_posix()
        if not self._moment:
            return SourceFile(shown(path), self._read(path, limit))
        status = (self.root / path).lstat()
        signature = (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        before = self._known.get(name)
        if before is not None and before[0] == signature:
            self.seen[name] = before
            return ghost(SourceFile, self, (name, before[1]))
        file = SourceFile(shown(path), self._read(path, limit))
        whole = limit is None or status.st_size < limit
        if whole and file.path == name and max(signature[2:]) < self._moment:
            self.seen[name] = (signature, file.digest)
        return file

    def fill(self, ghost: Ghost) -> None:
        """The file has its bytes. Raises Lost if it is not the one that was known."""
        assert isinstance(ghost, SourceFile)
        try:
            file = SourceFile(ghost.path, self._read(Path(ghost.path), None))
        except OSError:
            raise Lost(ghost.path) from None
        if file.digest != ghost.digest:
            raise Lost(ghost.path)
        give(ghost, (file.path, file.data, file.digest))

    def _read(self, path: Path, limit: int | None) -> bytes:
        with (self.root / path).open("rb") as stream:
            return stream.read() if limit is None else stream.read(limit)


def load(root: Path) -> tuple[Sources, tuple[Problem, ...]]:
    """The files of the wiki at `root`; what cannot be read or does not belong is reported, not followed."""
    return load_tree(Disk(root))


def load_tree(tree: Tree) -> tuple[Sources, tuple[Problem, ...]]:
    """The files of the wiki in the tree, and the problems of what is not read."""
    problems: list[Problem] = []
    try:
        top = dict(tree.entries(Path()))
    except OSError as error:
        message, hint = f"no wiki can be read there: {error.strerror}", "name its folder with `--root`"
        problem = Problem(Location(SETTINGS), Code.MISSING_FILE, message, hint)
        return Sources(settings=None, entities=(), seeds=(), docs=(), attached=()), (problem,)
    settings = _at_root(tree, top, SETTINGS, problems)
    if settings is None and not problems:
        hint = "run this in the wiki's folder, or name it with `--root`"
        problems.append(Problem(Location(SETTINGS), Code.MISSING_FILE, "there is no wiki.yml here", hint))
    if CHANGE in top:
        message = "a change of several files was cut short"
        hint = "run the same command again (`wiki rename`, `wiki fmt` or `wiki new`): it does the rest"
        problems.append(Problem(Location(CHANGE), Code.UNEXPECTED_FILE, message, hint))
    sources = Sources(
        settings=settings,
        entities=tuple(_data_files(tree, top, "entities", _entity_fault, problems)),
        seeds=tuple(_data_files(tree, top, "seeds", _seed_fault, problems)),
        docs=tuple(_read_all(tree, _below(tree, top, "docs", problems), problems, limit=None)),
        attached=tuple(_read_all(tree, _attached(tree), problems, limit=None)),
        waivers=_at_root(tree, top, WAIVERS, problems),
        link_exceptions=_at_root(tree, top, LINK_EXCEPTIONS, problems),
        atlas=read_package(ATLAS),
    )
    return sources, tuple(problems)


def _at_root(tree: Tree, top: dict[str, What], name: str, problems: list[Problem]) -> SourceFile | None:
    """A file right below the root, if it is there and no link."""
    if top.get(name) is What.LINK:
        problems.append(_link(Path(name)))
        return None
    return _read(tree, Path(name), problems) if name in top else None


def _attached(tree: Tree) -> list[Path]:
    try:
        names = sorted(name for name, _ in tree.entries(Path(ATTACHED)) if name.endswith(".txt"))
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [Path(ATTACHED) / name for name in names]


def shown(path: Path) -> str:
    """The path with slashes, anything unprintable in it escaped: fit for a message."""
    text = path.as_posix()
    return text if text.isprintable() else text.encode("unicode_escape", "surrogateescape").decode("ascii")


def _below(tree: Tree, top: dict[str, What], folder: str, problems: list[Problem]) -> Iterator[Path]:
    """The files below a folder of the root."""
    if top.get(folder) is What.LINK:
        problems.append(_link(Path(folder)))
    else:
        yield from _walk(tree, Path(folder), problems)


def _walk(tree: Tree, folder: Path, problems: list[Problem]) -> Iterator[Path]:
    """The files below a folder in sorted order; links are refused, hidden files passed over."""
    try:
        entries = sorted(tree.entries(folder), key=lambda entry: entry[0])
    except FileNotFoundError:
        return
    except OSError as error:
        problems.append(_unreadable(folder, error))
        return
    for name, what in entries:
        path = folder / name
        if what is What.LINK:
            problems.append(_link(path))
        elif name.startswith(".") or name.endswith("~"):
            continue
        elif what is What.FOLDER:
            yield from _walk(tree, path, problems)
        elif what is What.FILE:
            yield path
        else:
            message = "this is neither a file nor a folder"
            problems.append(Problem(Location(shown(path)), Code.UNEXPECTED_FILE, message, "delete it"))


def _link(path: Path) -> Problem:
    return Problem(Location(shown(path)), Code.SYMLINK, "this is a symbolic link", "put the file itself here")


def _data_files(
    tree: Tree,
    top: dict[str, What],
    folder: str,
    fault: Callable[[Path], tuple[str, str] | None],
    problems: list[Problem],
) -> Iterator[SourceFile]:
    """The files of a folder, but for those of which `fault` says what is wrong and the repair."""
    fit: list[Path] = []
    for path in _below(tree, top, folder, problems):
        message = fault(path)
        if message is None:
            fit.append(path)
        else:
            what, hint = message
            problems.append(Problem(Location(shown(path)), Code.UNEXPECTED_FILE, what, hint))
    for path in fit:
        # A text is read whole whatever its size: the seal that it is held against is small enough.
        limit = None if path.name == TEXT else MAX_FILE_BYTES + 1
        yield from _read_all(tree, [path], problems, limit=limit)


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
    tree: Tree, paths: Iterable[Path], problems: list[Problem], *, limit: int | None
) -> Iterator[SourceFile]:
    for path in paths:
        file = _read(tree, path, problems, limit=limit)
        if file is not None:
            yield file


def _read(
    tree: Tree, path: Path, problems: list[Problem], *, limit: int | None = MAX_FILE_BYTES + 1
) -> SourceFile | None:
    try:
        return tree.file(path, limit)
    except OSError as error:
        problems.append(_unreadable(path, error))
        return None


def _unreadable(path: Path, error: OSError) -> Problem:
    message = f"cannot read it: {error.strerror}"
    return Problem(Location(shown(path)), Code.UNREADABLE_FILE, message, "check that it is readable to you")
