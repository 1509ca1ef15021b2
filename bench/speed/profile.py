"""What `wiki build --profile` found, by the packages whose code was running."""

from __future__ import annotations

import pstats
import re
from collections import Counter
from pathlib import Path
from typing import Any

# A process that waits for another does nothing itself: the other is in the profile, too.
_WAITING = re.compile(r"'(?:acquire|poll|select|read|recv|join)'|\b(?:waitpid|select|read|poll|fork_exec)\b")
_PACKAGE = re.compile(r".*/(?:site-packages/(\w+)|(build_tools(?:/\w+(?=/))?))")


def packages(file: Path) -> dict[str, float]:
    """Seconds by package, the most first; what is built in counts for those that call it."""
    found: Counter[str] = Counter()
    functions: dict[Any, Any] = pstats.Stats(str(file)).stats  # type: ignore[attr-defined]
    for (path, _, name), (_, _, seconds, _, callers) in functions.items():
        if path != "~":
            found[_package(path)] += seconds
        elif not _WAITING.search(name):
            for (caller, _, _), (_, _, part, _) in callers.items():
                found[_package(caller)] += part
    return dict(found.most_common())


def _package(path: str) -> str:
    """The package of a file; of the compiler, the folder too."""
    match = _PACKAGE.match(path)
    return (match[1] or match[2]) if match else "Python's own library"
