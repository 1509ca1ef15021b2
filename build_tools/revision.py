"""The wiki as git keeps it at a revision: read from git's store, nothing of it laid on the disk."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from build_tools.git import Blobs, Refused, ask
from build_tools.load import LINK_EXCEPTIONS, SETTINGS, WAIVERS, SourceFile, Sources, What, load_tree, shown
from build_tools.problems import Code, Location, Problem, did_you_mean

_PLACES = (SETTINGS, WAIVERS, LINK_EXCEPTIONS, "entities", "seeds", "docs")
_MODES = {b"120000": What.LINK, b"160000": What.OTHER}


def load_revision(root: Path, name: str) -> tuple[Sources | None, tuple[Problem, ...]]:
    """The files of the wiki at `root` as they are in that commit; None if there is no such commit.

    Nothing of the commit is run or checked out: no filter, no attribute, no hook.
    """
    try:
        commit = _commit(root, name)
        if commit is None:
            return None, (_unknown(root, name),)
        listed = ask(root, "ls-tree", "-r", "-z", "--full-name", commit, "--", *_PLACES)
        prefix = ask(root, "rev-parse", "--show-prefix").removesuffix(b"\n")
        with Blobs(root) as blobs:
            return load_tree(_Tree(_folders(listed, prefix), blobs))
    except Refused as refused:
        return None, (_no_repository(str(refused)),)
    except OSError as error:
        return None, (_no_repository(f"git cannot be run: {error.strerror}"),)


@dataclass(frozen=True, slots=True)
class _Tree:
    """The tree of a commit: each folder with what is in it, and the name of each file in git's store."""

    folders: Mapping[Path, Mapping[str, tuple[What, str]]]
    blobs: Blobs

    def entries(self, folder: Path) -> Iterable[tuple[str, What]]:
        if folder not in self.folders:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
        return [(name, what) for name, (what, _) in self.folders[folder].items()]

    def file(self, path: Path, limit: int | None) -> SourceFile:
        what, blob = self.folders[path.parent][path.name]
        if what is What.FOLDER:
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        data = self.blobs.read(blob)
        if data is None:
            raise OSError(errno.ENODATA, "this clone of the repository does not have it")
        return SourceFile(shown(path), data if limit is None else data[:limit])


def _folders(listed: bytes, prefix: bytes) -> dict[Path, dict[str, tuple[What, str]]]:
    """The folders that git's list of files makes, by their paths from the wiki's root."""
    folders: dict[Path, dict[str, tuple[What, str]]] = {Path(): {}}
    for row in listed.split(b"\0"):
        if not row:
            continue
        head, _, name = row.partition(b"\t")
        mode, _, blob = head.split(b" ")
        path = Path(os.fsdecode(name.removeprefix(prefix)))
        folders.setdefault(path.parent, {})[path.name] = (_MODES.get(mode, What.FILE), blob.decode())
        for above in path.parents:
            if above.name:
                folders.setdefault(above.parent, {}).setdefault(above.name, (What.FOLDER, ""))
    return folders


def _commit(root: Path, name: str) -> str | None:
    """The full name of the commit that is meant; None if there is none. Raises Refused outside of git."""
    ask(root, "rev-parse", "--git-dir")
    if "\0" in name or "\n" in name:
        return None
    try:
        found = ask(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    except Refused:
        return None
    return found.decode().strip()


def _unknown(root: Path, name: str) -> Problem:
    listed = ask(root, "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags", "refs/remotes")
    names = listed.decode(errors="replace").splitlines()
    if ".." in name:
        one, _, other = name.partition("..")
        hint = f"two commits are two arguments: `wiki diff {one or 'HEAD'} {other.lstrip('.') or 'HEAD'}`"
        return Problem(Location("REV"), Code.UNKNOWN_REVISION, f"`{name}` is no single commit", hint)
    shallow = ask(root, "rev-parse", "--is-shallow-repository") == b"true\n"
    otherwise = "name a branch, a tag or a commit; `git log --oneline` lists commits"
    if shallow:
        otherwise = "this clone has only the newest commits: `git fetch --unshallow` gets the others"
    hint = did_you_mean(name, names, otherwise=otherwise)
    return Problem(Location("REV"), Code.UNKNOWN_REVISION, f"git has no commit `{name}` here", hint)


def _no_repository(said: str) -> Problem:
    said = said.removeprefix("fatal: ").partition("\n")[0] or "git gives no answer"
    hint = "run this in a clone of the wiki, or compare two folders: `wiki diff --against DIR`"
    return Problem(Location("REV"), Code.UNKNOWN_REVISION, said, hint)
