"""`wiki digest`."""

from __future__ import annotations

import argparse

from build_tools.commands import SOUND
from build_tools.commands.reporting import report
from build_tools.digest import digest, manifest
from build_tools.problems import Code, Location, Problem


def run(options: argparse.Namespace) -> int:
    """Prints the digest of the built site, or the list of its files that the digest is of."""
    try:
        listed = manifest(options.root / "build" / "site")
    except OSError as error:
        message = f"cannot read it: {error.strerror}"
        problem = Problem(Location("build/site"), Code.UNREADABLE_FILE, message, "run `wiki build`")
        return report((problem,), options)
    if not listed:
        problem = Problem(Location("build/site"), Code.MISSING_FILE, "there is no site", "run `wiki build`")
        return report((problem,), options)
    print(listed if options.list else f"sha256:{digest(listed)}  build/site\n", end="")
    return SOUND
