"""A pull request played as two clones: the base, and the change merged into it as GitHub does."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.islands import Wiki

_SETTINGS = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false")
_BY = (*_SETTINGS, "-c", "protocol.file.allow=always")


def git(root: Path, *arguments: str, given: bytes = b"") -> str:
    """What git says; the test fails if it refuses."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    done = subprocess.run(
        ["git", "-C", str(root), *_BY, *arguments],
        env=environment | {"GIT_CONFIG_GLOBAL": os.devnull},
        input=given,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode(errors="surrogateescape").strip()


@dataclass(frozen=True, slots=True)
class PullRequest:
    """The base's clone, and a clone of it with the branch of the change."""

    base: Wiki
    change: Wiki

    def propose(self, files: Mapping[str, str | bytes], *delete: str) -> PullRequest:
        """The branch has the files and lacks the deleted ones."""
        self.change.put(files).delete(*delete)
        git(self.change.root, "add", "--all")
        return self.commit()

    def stage(self, mode: str, path: str, content: bytes = b"target") -> PullRequest:
        """The branch has an entry of that mode, as only git's store can hold it."""
        root = self.change.root
        name = git(root, "hash-object", "-w", "--stdin", given=content)
        if mode == "160000":
            name = git(root, "rev-parse", "HEAD")
        row = f"{mode} {name}\t".encode() + os.fsencode(path) + b"\0"
        git(root, "update-index", "-z", "--add", "--index-info", given=row)
        return self.commit()

    def commit(self) -> PullRequest:
        """What is staged is committed on the branch."""
        git(self.change.root, "commit", "-q", "-m", "change")
        return self

    def merge(self) -> PullRequest:
        """The clone of the change is at the merge of the branch into the base."""
        root = self.change.root
        git(root, "checkout", "-q", "--force", "--detach", "origin/main")
        git(root, "merge", "-q", "--no-ff", "-m", "merge", "branch")
        return self


def two_clones(wiki: Wiki, place: Path) -> PullRequest:
    """The wiki as the base, and a clone of it for the change, in folders `base` and `change`."""
    wiki.put({".gitignore": "/build/\n"})
    git(wiki.root, "init", "-q", "-b", "main")
    git(wiki.root, "add", "--all")
    git(wiki.root, "commit", "-q", "-m", "base")
    git(place, "clone", "-q", str(wiki.root), "change")
    git(place / "change", "checkout", "-q", "-b", "branch")
    return PullRequest(wiki, Wiki(place / "change"))
