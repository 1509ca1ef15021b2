"""The npm packages that `make setup` lays beside the compiler: files of them, read from disk.

The packages are those of the compiler's own `package-lock.json`, never of the wiki it compiles.
"""

from __future__ import annotations

from pathlib import Path

from build_tools.problems import Code, Location, Problem

PACKAGES = Path(__file__).parents[1] / "node_modules"


def read_package(path: str) -> bytes | None:
    """A file of an npm package by its path below `node_modules`, None where it is not there."""
    try:
        return (PACKAGES / path).read_bytes()
    except FileNotFoundError:
        return None


def not_installed(package: str) -> Problem:
    """The problem that a package is not there."""
    message = f"the npm package `{package}` is not installed"
    hint = "run `make setup` in the folder of the compiler"
    return Problem(Location("package-lock.json"), Code.MISSING_FILE, message, hint)
