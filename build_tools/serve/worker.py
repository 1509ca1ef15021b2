"""The process in which the preview is made: it rebuilds when asked to, and forks for what follows.

Having one thread, it can fork; a newer request ends what follows the rebuild before, and never waits for it.
Requests that have piled up are one; what is rebuilt is the newest state.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path

from build_tools.garbage import look_seldom
from build_tools.problems import Code, Location, Problem
from build_tools.serve import PLACE
from build_tools.serve.workshop import Finding, Finished, Rebuilt, Workshop
from build_tools.site.generate import site_environment
from build_tools.write import Busy, cannot_write, writing


@dataclass(frozen=True, slots=True)
class Answered:
    """The requests up to this number are answered."""

    request: int
    rebuilt: Rebuilt


@dataclass(frozen=True, slots=True)
class Refused:
    """No preview can be made here."""

    problem: Problem


@dataclass(frozen=True, slots=True)
class Followed:
    """What followed the rebuild that answered this request."""

    request: int
    finished: Finished


Told = Answered | Followed | Refused


def work(pipe: Connection, root: Path, *, preview: bool = False) -> None:
    """Answers the requests that come through the pipe, until its other end is closed."""
    try:
        with writing(root / PLACE):
            _answer(pipe, Workshop(root, preview=preview))
    except Busy:
        hint = "use that one, or stop it first; nothing was changed"
        message = "another `wiki serve` shows this wiki already"
        pipe.send(Refused(Problem(Location(f"{PLACE}/.lock"), Code.LOCKED, message, hint)))
    except (BrokenPipeError, ConnectionResetError):
        return  # nobody listens any more
    except OSError as error:
        pipe.send(Refused(cannot_write(error, root)))


def _answer(pipe: Connection, workshop: Workshop) -> None:
    following: _Following | None = None
    try:
        while True:
            if following is not None and pipe not in wait([pipe, following.pipe]):
                followed, following = following.result(), None
                if followed.finished.keeping is not None:
                    workshop.kept(followed.finished.keeping)
                pipe.send(followed)
            request: int = pipe.recv()
            while pipe.poll():
                request = pipe.recv()
            if following is not None:
                following.end()
                following = None
            rebuilt = workshop.rebuild()
            pipe.send(Answered(request, rebuilt))
            if rebuilt.placed:
                following = _Following(request, workshop, pipe)
    except EOFError:  # nobody asks any more
        return
    finally:
        if following is not None:
            following.end()


class _Following:
    """A fork that finishes what was rebuilt."""

    def __init__(self, request: int, workshop: Workshop, above: Connection) -> None:
        self._request = request
        self.pipe, end = Pipe(duplex=False)
        self._child = os.fork()
        with suppress(OSError):  # the other of the two has been quicker
            os.setpgid(self._child, self._child)
        if self._child:
            end.close()
            return
        code = 1
        try:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            os.nice(10)  # the next save comes first, and the browser
            above.close()
            end.send(Followed(request, workshop.finish()))
            code = 0
        finally:
            os._exit(code)

    def result(self) -> Followed:
        """What it found, or that it ended without a word."""
        try:
            told: Followed = self.pipe.recv()
        except EOFError:
            message, hint = "the checks of the whole site ended by a fault", "`wiki build` says more"
            fault = Finding(Problem(Location(f"{PLACE}/site"), Code.SITE_BUILD, message, hint))
            return Followed(self._request, Finished(findings=(fault,), seconds=()))
        finally:
            self.end()
        return told

    def end(self) -> None:
        """It is no more, nor any program that it has started."""
        with suppress(ProcessLookupError):
            os.killpg(self._child, signal.SIGKILL)
        os.waitpid(self._child, 0)
        self.pipe.close()


def main() -> None:
    """Works for the pipe whose number, and the wiki whose root, are the arguments."""
    number, root, preview = int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3] == "preview"
    os.environ.update(site_environment(root))  # for all that is made here: a commit renders no page anew
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # so that what it has started ends with it
    look_seldom()
    work(Connection(number), root, preview=preview)
