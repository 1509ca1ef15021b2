"""The command line: arguments in, text and an exit code out. 0 sound, 1 problems, 2 wrong usage."""

from __future__ import annotations

import importlib
import io
import os
import sys
from collections.abc import Sequence

from build_tools.arguments import parser
from build_tools.commands import PROBLEMS
from build_tools.garbage import look_seldom
from build_tools.profiling import profiled


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; no traceback for anything a user can cause."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a letter that the terminal lacks is no reason to stop
            stream.reconfigure(errors="backslashreplace")
    options = parser().parse_args(arguments)
    look_seldom()
    try:
        # Imported only now: `--help` and a typing mistake should not wait for what they do not need.
        module, _, name = options.run.partition(".")
        command = getattr(importlib.import_module(f"build_tools.commands.{module}"), name)
        with profiled(getattr(options, "profile", None)):
            code: int = command(options)
        if sys.stdout is not None:  # none, if it was closed
            sys.stdout.flush()
    except KeyboardInterrupt:
        print("stopped; what was built before is as it was", file=sys.stderr)
        return 130
    except OSError as error:  # our output has nowhere to go: a full disk, or `wiki check | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            print(f"wiki: {error}", file=sys.stderr)
        return PROBLEMS
    return code
