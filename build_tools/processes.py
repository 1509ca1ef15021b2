"""Work shared out among processes: a copy of this one for each core, each with its part of the items."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from multiprocessing.connection import Connection
from typing import TypeVar

from build_tools.profiling import profiled_too
from build_tools.progress import SILENT, Progress
from build_tools.store import Lost

T = TypeVar("T")
R = TypeVar("R")


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
    one part. A process has its whole part from the start, so that it ends by itself if this one is killed.
    What one of them could not do is done here again, and raises here what it raised there. `progress` is told
    how far the part of this process is.
    """
    count = max(1, min(os.cpu_count() or 1, len(items) // least))
    if count == 1 or "fork" not in multiprocessing.get_all_start_methods():
        return [work(progress.over(items))]
    context = multiprocessing.get_context("fork")
    parts: list[Sequence[T]] = [items[number::count] for number in range(count)]
    if number_of is not None:
        parts = [[item for item in items if number_of(item) % count == number] for number in range(count)]
    started = []
    for number in range(1, count):
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=_answer, args=(there, work, parts[number]))
        process.start()
        there.close()
        started.append((process, here))
    try:
        results = [work(progress.over(parts[0], len(items)))]
        for number, (_, connection) in enumerate(started, 1):
            try:
                results.append(connection.recv())
            except EOFError:
                results.append(work(parts[number]))
    finally:
        for process, connection in started:
            connection.close()
            process.join()
    return results


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
    """Sends what comes of the items; nothing, if the disk fails or nobody waits for it any more."""
    with contextlib.suppress(OSError, Lost):
        with profiled_too():
            result = work(items)
        connection.send(result)
