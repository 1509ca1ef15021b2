"""MkDocs as a program that is run: as often as not it is started long before it is known what it shall make.

To start takes it longer than to make a page. So it reads configuration and theme, and waits to be told the
folder where its share is written down; see `hook`. If nobody tells it, it ends.
"""

from __future__ import annotations

import contextlib
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from build_tools.profiling import module_command

MADE = "+"  # what it says of each page that it has made: see `hook`
_LEVEL = re.compile(r"^(?:WARNING|ERROR|CRITICAL)\s*-\s*")
_DIRTY = "A 'dirty' build is being performed"  # what it says of the switch itself


class Process:
    """MkDocs with a configuration, in the folder `root`, waiting to be told what to make.

    Whoever makes it must tell it something or end it. It holds the lock too that an open file has, or gets.
    """

    def __init__(self, root: Path, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [*module_command("mkdocs"), "build", *arguments],
            cwd=root,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            close_fds=False,  # the lock goes on: see `writing`
        )

    def told(self, line: str = "", made: Callable[[], object] = lambda: None) -> tuple[str, ...]:
        """It has done what the line says, or all if that is empty; what it complains of comes back, or what
        it said last if it failed without a word. For each page it is told that it is `made`."""
        said: list[str] = []
        try:
            for each in self._said(line):
                if each == MADE:
                    made()
                elif each:
                    said.append(each)
            self._process.wait()
        except BaseException:
            self.end()
            raise
        told: list[str] = []
        for each in said:
            if _LEVEL.match(each):
                told.append(_LEVEL.sub("", each))
            elif told and each.startswith("- "):  # what the line above speaks of
                told[-1] += f" {each[2:]}"
        told = [each for each in told if not each.startswith(_DIRTY)]
        code = self._process.returncode
        if code and not told:
            told = said[-5:] or [f"it ended with exit code {code} and said nothing"]
        return tuple(dict.fromkeys(told))

    def _said(self, line: str) -> Iterator[str]:
        """What it says when it is told the line."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError), self._process.stdin as own:  # it has ended, and said why
            own.write(f"{line}\n" if line else "")
        with self._process.stdout as said:
            yield from map(str.strip, said)

    def end(self) -> None:
        """It is no more."""
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
        self._process.wait()
