"""Large trees of files put in place as a whole, at the cost of what changed.

The tree that a new one takes the place of stays beside it as a spare, which becomes the next new one: a file
that does not change is one file in both (a hard link), so only what changed has to be linked or written.
Nothing is believed of a spare: what is not the very file that is wanted there is replaced. So it may be
damaged or deleted at any time, and a process may be killed at any moment; that costs time.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from posixpath import dirname
from typing import NamedTuple

from build_tools.problems import Problem
from build_tools.write import exchange, linked, remove

Signature = tuple[int, int, int]  # of a file: inode, size, time of change in ns
FolderSignature = tuple[int, int]  # inode, time at which a name in it came or went, in ns


class Listing(NamedTuple):
    """The files and folders of a tree by their paths from its root, which is the folder ``.

    Links are files. As long as a folder has its signature, it holds the names that it held.
    """

    files: dict[str, Signature]
    folders: dict[str, FolderSignature]


def list_tree(root: Path) -> Listing:
    """What stands below a folder, in the order of the paths; raises OSError."""
    files: dict[str, Signature] = {}
    folders: dict[str, FolderSignature] = {}
    waiting = [("", os.fspath(root))]
    while waiting:
        path, place = waiting.pop()
        folders[path] = _folder_signature(place)
        prefix = f"{path}/" if path else ""
        with os.scandir(place) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append((prefix + entry.name, entry.path))
                else:
                    files[prefix + entry.name] = _signature(entry.stat(follow_symlinks=False))
    return Listing(dict(sorted(files.items())), dict(sorted(folders.items())))


def stands(root: Path, listing: Listing) -> bool:
    """Whether what stands below a folder is what was listed, to the last file."""
    lstat, base = os.lstat, f"{os.fspath(root)}/"
    try:
        for path, known in listing.folders.items():
            status = lstat(base + path)
            if status.st_mtime_ns != known[1] or status.st_ino != known[0]:
                return False
        for path, (inode, size, time) in listing.files.items():
            status = lstat(base + path)
            if status.st_mtime_ns != time or status.st_ino != inode or status.st_size != size:
                return False
    except (OSError, ValueError):
        return False
    return bool(listing.folders)


def list_again(root: Path, known: Mapping[str, Signature], made: Iterable[str]) -> Listing:
    """The listing of a tree that holds the files known and those made, and nothing else; raises OSError."""
    base = f"{os.fspath(root)}/"
    files = {**known, **{path: _signature(os.lstat(base + path)) for path in made}}
    folders = {path: _folder_signature(base + path) for path in sorted(folders_of(files))}
    return Listing(dict(sorted(files.items())), folders)


def folders_of(files: Iterable[str]) -> set[str]:
    """The folders that hold files, with those around them."""
    found = {""}
    for path in files:
        folder = path.rpartition("/")[0]
        while folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def spare_of(target: Path) -> Path:
    """Where the spare of a tree stands."""
    return target.with_name(f".{target.name}.spare")


def renew_tree(target: Path, fill: Callable[[Path], tuple[Problem, ...]]) -> tuple[Problem, ...]:
    """Makes `target` what `fill` makes of its spare, which holds anything, unless `fill` returns problems.

    What stood at `target` is the spare now. The caller holds the lock. Raises OSError; then, as after
    problems, `target` is as it was.
    """
    spare = spare_of(target)
    try:
        problems = fill(spare)
        if not problems:
            exchange(spare, target)
    except BaseException:
        remove(spare)  # on a full disk it takes room
        raise
    return problems


def lay_in(old: Path, new: Path, kept: Mapping[str, Signature], known: Listing | None = None) -> None:
    """The folder `new` holds these files of the tree `old`, which have these signatures, and nothing else.

    Each is the very file, or a copy of equal age where the system makes no links. `known` is what `new` may
    have held last; where its folders do not say so any more, it is read. Raises OSError.
    """
    if not kept:
        remove(new)
        new.mkdir()
        return
    if new.is_symlink() or not new.is_dir():
        remove(new)
        new.mkdir()
    there, folders = _inodes(new, known)
    wanted = folders_of(kept)
    here, base = f"{os.fspath(old)}/", f"{os.fspath(new)}/"
    for path, inode in there.items():
        signature = kept.get(path)
        if signature is None or signature[0] != inode:
            (new / path).unlink()
    for path in sorted(folders - wanted, reverse=True):
        (new / path).rmdir()
    for path in sorted(wanted - folders):
        (new / path).mkdir()
    for path, signature in kept.items():
        if there.get(path) != signature[0] and not linked(here + path, base + path):
            shutil.copy2(here + path, base + path)


def lay_spare(target: Path, listing: Listing) -> Listing:
    """The spare of a tree holds the files that are listed of it, so that the next new one is soon made.

    Returns what the spare holds. Raises OSError; then there is none.
    """
    spare = spare_of(target)
    try:
        lay_in(target, spare, listing.files)
    except BaseException:
        remove(spare)
        raise
    return list_tree(spare)


def keep_only(tree: Path, paths: Iterable[str]) -> None:
    """The tree holds these of its files, and no other; raises OSError."""
    kept = frozenset(paths)
    wanted = folders_of(kept)
    listing = list_tree(tree)
    for path in listing.files.keys() - kept:
        (tree / path).unlink()
    for path in sorted(listing.folders.keys() - wanted, reverse=True):
        (tree / path).rmdir()


def move_in(folder: Path, paths: Iterable[str], new: Path) -> None:
    """These files of a folder are in the tree `new` instead; raises OSError."""
    for path in in_folders(new, paths):
        (folder / path).replace(new / path)


def take_over(paths: Iterable[str], old: Path, new: Path) -> None:
    """The files below one folder are below the other too: the very same ones, or else copies of equal age.

    Raises OSError.
    """
    for path in in_folders(new, paths):
        if not linked(old / path, new / path):
            shutil.copy2(old / path, new / path)


def in_folders(tree: Path, paths: Iterable[str]) -> Iterator[str]:
    """The paths, each when the tree has the folder that it is in; raises OSError."""
    made: set[str] = set()
    for path in paths:
        parent = dirname(path)
        if parent not in made:
            (tree / parent).mkdir(parents=True, exist_ok=True)
            made.add(parent)
        yield path


def _inodes(root: Path, known: Listing | None) -> tuple[dict[str, int], set[str]]:
    """The files below a folder by their inodes, and the folders; only folders that changed are read."""
    files: dict[str, int] = {}
    held: dict[str, list[str]] = {}
    folders_held: dict[str, list[str]] = {}
    if known is not None:
        for path in known.files:
            held.setdefault(path.rpartition("/")[0], []).append(path)
        for path in known.folders:
            if path:
                folders_held.setdefault(path.rpartition("/")[0], []).append(path)
    folders: set[str] = set()
    waiting, base = [""], f"{os.fspath(root)}/"
    while waiting:
        folder = waiting.pop()
        folders.add(folder)
        if known is not None and known.folders.get(folder) == _folder_signature(base + folder):
            files.update((path, known.files[path][0]) for path in held.get(folder, ()))
            waiting.extend(folders_held.get(folder, ()))
            continue
        prefix = f"{folder}/" if folder else ""
        with os.scandir(base + folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(prefix + entry.name)
                else:
                    files[prefix + entry.name] = entry.inode()
    return files, folders


def _signature(status: os.stat_result) -> Signature:
    return status.st_ino, status.st_size, status.st_mtime_ns


def _folder_signature(place: str) -> FolderSignature:
    status = os.lstat(place)
    return status.st_ino, status.st_mtime_ns
