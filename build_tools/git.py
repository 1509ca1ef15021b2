"""git asked what it keeps. Nothing is fetched, nothing checked out; no hook, filter or pager runs."""

from __future__ import annotations

import contextlib
import os
import subprocess
from pathlib import Path

_SETTINGS = ("-c", "core.quotePath=false", "-c", "log.showSignature=false", "-c", "core.fsmonitor=false")


class Refused(Exception):
    """git has no answer; what it said of that."""


def ask(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    """What git says in the folder, `given` put in; raises Refused, and OSError where there is no git."""
    command = ["git", "-C", str(root), *_SETTINGS, *arguments]
    done = subprocess.run(command, env=_environment(), input=given, capture_output=True, check=False)
    if done.returncode != 0:
        raise Refused(done.stderr.decode(errors="replace").strip())
    return done.stdout


def _environment() -> dict[str, str]:
    """The environment without what a hook or a caller of git sets: it would name another repository."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return kept | {
        "TZ": "UTC",
        "LC_ALL": "C",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_TERMINAL_PROMPT": "0",
    }


class Blobs:
    """Contents of files by their names in git's store, from one process that answers one by one."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def __enter__(self) -> Blobs:
        command = ["git", "-C", str(self.root), *_SETTINGS, "cat-file", "--batch"]
        self.process = subprocess.Popen(
            command,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self.process.communicate()

    def read(self, name: str) -> bytes | None:
        """The content of that name; None if git does not have it here."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{name}\n".encode())
        self.process.stdin.flush()
        _, _, size = self.process.stdout.readline().decode().strip().partition(" blob ")
        return self.process.stdout.read(int(size) + 1)[:-1] if size else None
