"""The worker's process, seen from the one that serves: started, asked, listened to, ended."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import Pipe
from pathlib import Path

from build_tools.problems import Code, Location, Problem
from build_tools.serve.worker import Told
from build_tools.site.generate import CONFIGURATION

PATIENCE = 5.0  # seconds that a worker has to end what it started
_RUN = "from build_tools.serve.worker import main; main()"


@dataclass(frozen=True, slots=True)
class Gone:
    """The worker ended by a fault of its own or by a hand from outside; the next request starts another."""

    problem: Problem


class Builder:
    """Asks the worker, which it starts where none is at work, and passes on what that tells."""

    def __init__(self, root: Path, tell: Callable[[Told | Gone], object], *, preview: bool = False) -> None:
        self._root, self._tell, self._preview = root, tell, preview
        self._worker: _Worker | None = None

    def request(self, number: int) -> None:
        """The wiki will be rebuilt as it is now; the answer bears this number or a later one."""
        if self._worker is None or self._worker.ended.is_set():
            self._worker = _Worker(self._root, self._tell, preview=self._preview)
        self._worker.ask(number)

    def close(self) -> None:
        """No worker is at work any more, and nothing that it started."""
        if self._worker is not None:
            self._worker.end()


class _Worker:
    """A process, and a thread that listens to it."""

    def __init__(self, root: Path, tell: Callable[[Told | Gone], object], *, preview: bool) -> None:
        self._tell, self._closing, self.ended = tell, False, threading.Event()
        self._pipe, other = Pipe()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process
        command = [sys.executable, "-P", "-c", _RUN, str(other.fileno()), str(root)]
        self._process = subprocess.Popen(
            [*command, "preview" if preview else "site"],
            pass_fds=[other.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=self._said,
            stderr=self._said,
            start_new_session=True,  # Ctrl-C is ours to hear; and we end it with all that it started
        )
        other.close()
        self._listener = threading.Thread(target=self._listen, name="builder")
        self._listener.start()

    def ask(self, number: int) -> None:
        with contextlib.suppress(OSError):  # it has just ended, and the listener tells so
            self._pipe.send(number)

    def end(self) -> None:
        self._closing = True
        self._process.terminate()
        self._listener.join(PATIENCE)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._listener.join()

    def _listen(self) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                self._tell(self._pipe.recv())
        code = self._process.wait()
        self.ended.set()
        if not self._closing and code:
            self._tell(Gone(_fault(self._last_words(), code)))
        self._pipe.close()
        self._said.close()

    def _last_words(self) -> str:
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").strip().splitlines()
        return lines[-1].strip() if lines else ""


def _fault(said: str, code: int) -> Problem:
    message = said or f"it ended with exit code {code} and said nothing"
    hint = "mend what it names, or `wiki build` says more; the next save starts it again"
    return Problem(Location(CONFIGURATION), Code.SITE_BUILD, message, hint)
