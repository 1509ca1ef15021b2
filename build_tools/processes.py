"""Work shared out among processes: a copy of this one for each core, each with its part of the items."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Generic, TypeVar

from build_tools.profiling import profiled_too
from build_tools.progress import SILENT, Progress
from build_tools.store import Lost

T = TypeVar("T")
R = TypeVar("R")

_OFTEN = 0.1  # seconds from one word of how far a process is to the next, at least


def in_parts(
    work: Callable[[Iterable[T]], R],
    items: Sequence[T],
    *,
    least: int,
    progress: Progress = SILENT,
    number_of: Callable[[T], int] | None = None,
) -> list[R]:
    """What `work` makes of the items, in as many parts as there are cores, but none of fewer than `least`.

    An item goes to the part of its number, so that neighbours are shared out; items of one `number_of` go to
    one part. This process only waits: what is in memory for a part goes with the one that has it. That has
    its whole part from the start, so that it ends by itself if this one is killed. What one of them could not
    do is done here again, and raises here what it raised there. `progress` is told how far they are.
    """
    count = max(1, min(os.cpu_count() or 1, len(items) // least))
    if count == 1 or "fork" not in multiprocessing.get_all_start_methods():
        return [work(progress.over(items))]
    context = multiprocessing.get_context("fork")
    parts: list[Sequence[T]] = [items[number::count] for number in range(count)]
    if number_of is not None:
        parts = [[item for item in items if number_of(item) % count == number] for number in range(count)]
    started = {}
    for number, part in enumerate(parts):
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=_answer, args=(there, work, part))
        process.start()
        there.close()
        started[here] = (number, process)
    results: dict[int, R] = {}
    counted = iter(progress.over(range(len(items))))
    try:
        waiting = list(started)
        while waiting:
            for connection in wait(waiting):
                assert isinstance(connection, Connection)
                try:
                    told = connection.recv()
                except EOFError:
                    waiting.remove(connection)
                    continue
                if isinstance(told, int):
                    _ = [next(counted, None) for _ in range(told)]
                else:
                    results[started[connection][0]] = told[0]
        for _ in counted:  # those that nobody told of
            pass
    finally:
        for connection, (_, process) in started.items():
            connection.close()
            process.join()
    return [results[number] if number in results else work(part) for number, part in enumerate(parts)]


class Beside(Generic[R]):
    """Work that a copy of this process does while this one goes on, and what comes of it.

    What the copy could not do is done here when it is asked for, and raises here what it raised there; so the
    work must be such as can be begun anew. Where there are no copies of processes, it is done then.
    """

    def __init__(self, work: Callable[[], R]) -> None:
        self._work = work
        self._answer: Connection | None = None
        if "fork" not in multiprocessing.get_all_start_methods():
            return
        context = multiprocessing.get_context("fork")
        self._answer, there = context.Pipe(duplex=False)
        self._process = context.Process(target=_answer, args=(there, lambda _: work(), ()))
        self._process.start()
        there.close()

    def result(self) -> R:
        """What came of it."""
        answer: tuple[R] | None = None
        try:
            if self._answer is not None:
                with contextlib.suppress(EOFError):
                    answer = self._answer.recv()
        finally:
            self.wait()
        return self._work() if answer is None else answer[0]

    def wait(self) -> None:
        """Nobody works on it any more, and nobody wants to know what came of it."""
        if self._answer is not None:
            self._answer.close()
            self._process.join()
            self._answer = None


class Aside:
    """Work done by a copy of this process while this one goes on; what comes of it is on disk."""

    def __init__(self) -> None:
        self._process: int | None = None

    def do(self, work: Callable[[], object]) -> None:
        """The work is being done; where there are no copies of processes, it is done."""
        if not hasattr(os, "fork"):
            work()
            return
        sys.stdout.flush()
        sys.stderr.flush()
        process = os.fork()
        if process:
            self._process = process
            return
        with contextlib.suppress(BaseException), profiled_too():  # the files tell if it is not done
            work()
        os._exit(0)

    def wait(self) -> None:
        """It is done."""
        if self._process is not None:
            os.waitpid(self._process, 0)
            self._process = None


def _answer(connection: Connection, work: Callable[[Iterable[T]], R], items: Iterable[T]) -> None:
    """Sends how many items are done, now and then, and what comes of them in a tuple; that not, if the disk
    fails, the run is stopped, or nobody waits for it any more."""
    with contextlib.suppress(OSError, Lost, KeyboardInterrupt):
        with profiled_too():
            result = work(_telling(items, connection))
        connection.send((result,))


def _telling(items: Iterable[T], connection: Connection) -> Iterator[T]:
    """The items; those that are done are told."""
    done, told = 0, time.monotonic()
    for item in items:
        yield item
        done += 1
        if time.monotonic() - told >= _OFTEN:
            connection.send(done)
            done, told = 0, time.monotonic()
