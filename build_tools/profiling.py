"""Where the time of a command went: in this process and in those that it started, by their functions.

All of them write what cProfile found into one folder, which the environment names; in the end it is one file,
such as `python -m pstats` reads.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

_FOLDER = "WIKI_PROFILE"  # the variable of the environment


@contextlib.contextmanager
def profiled(file: Path | None) -> Iterator[None]:
    """The file holds in the end where the time went; without one, nothing is done. Raises OSError."""
    if file is None:
        yield
        return
    import cProfile  # not above: only few want it, and all would wait for it
    import pstats
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        os.environ[_FOLDER] = folder
        own = cProfile.Profile()
        own.enable()
        try:
            yield
        finally:
            own.disable()
            del os.environ[_FOLDER]
            found = pstats.Stats(own)
            for path in sorted(Path(folder).iterdir()):
                if path.stat().st_size:  # of a process that was not killed
                    found.add(str(path))
            found.dump_stats(file)


@contextlib.contextmanager
def profiled_too() -> Iterator[None]:
    """What a copy of this process does meanwhile is profiled, if this one is."""
    folder = os.environ.get(_FOLDER)
    if folder is None:
        yield
        return
    import cProfile

    # What goes on from before is of no use: the profile of the parent has it.
    if sys.version_info >= (3, 12):
        sys.monitoring.free_tool_id(sys.monitoring.PROFILER_ID)
    else:
        sys.setprofile(None)
    own = cProfile.Profile()
    own.enable()
    try:
        yield
    finally:
        own.disable()
        own.dump_stats(_place(folder))


def module_command(module: str) -> list[str]:
    """The beginning of a command that runs a module, without modules from its folder; profiled, if this
    process is."""
    folder = os.environ.get(_FOLDER)
    profile = [] if folder is None else ["-m", "cProfile", "-o", _place(folder)]
    return [sys.executable, "-P", *profile, "-m", module]


def _place(folder: str) -> str:
    """Where a process that is started now writes what it finds."""
    import tempfile

    descriptor, path = tempfile.mkstemp(dir=folder)
    os.close(descriptor)
    return path
