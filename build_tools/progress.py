"""How far a run is: its stages tell it, and a terminal shows it on one line that is drawn again and again."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TextIO, TypeVar

T = TypeVar("T")

_OFTEN = 0.1  # seconds from one drawing to the next, at least
_EARLY = 0.5  # seconds of counting after which the rate says something
_MANY = 100  # items that are worth counting


class Progress:
    """What the stages of a run tell how far they are. This one keeps nothing of it."""

    summary = ""

    def end(self) -> None:
        """The run is over."""

    def stage(self, name: str) -> None:
        """A stage begins."""

    def over(self, items: Sequence[T]) -> Iterable[T]:
        """The items, each done when the next is asked for."""
        return items


SILENT = Progress()


class Drawn(Progress):
    """Draws how far a run is on a terminal, and knows in the end how long each stage took.

    Its methods may be called by several threads. `now` tells seconds.
    """

    def __init__(self, terminal: TextIO, now: Callable[[], float] = time.monotonic) -> None:
        self._terminal, self._now = terminal, now
        self._lock = threading.Lock()
        self._begun = self._drawn = now()
        self._name, self._whole, self._count, self._counting = "", 0, 0, 0.0
        self._took: dict[str, float] = {}  # seconds by stage, in order

    def stage(self, name: str) -> None:
        """The line names the stage."""
        with self._lock:
            self._close()
            self._name, self._whole, self._begun = name, 0, self._now()
            self._draw()

    def over(self, items: Sequence[T]) -> Iterator[T]:
        """The items; the line says how many are done, unless they are few."""
        if len(items) < _MANY:
            yield from items
            return
        with self._lock:
            self._whole, self._count, self._counting = len(items), 0, self._now()
        for item in items:
            yield item
            with self._lock:
                self._count += 1
                if self._now() - self._drawn >= _OFTEN:
                    self._draw()
        with self._lock:
            self._whole = 0

    def end(self) -> None:
        """The line is gone, and `summary` says how long each stage took, and all of them."""
        with self._lock:
            self._close()
            self._name = ""
            self._write("")
            stages = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in self._took.items())
            self.summary = f"{stages}; together {sum(self._took.values()):.1f} s" if stages else ""

    def _close(self) -> None:
        if self._name:
            self._took[self._name] = self._took.get(self._name, 0) + self._now() - self._begun

    def _draw(self) -> None:
        self._drawn = self._now()
        told = self._name
        if self._whole:
            done = self._count
            told += f" {done:,} of {self._whole:,}"
            seconds = self._drawn - self._counting
            if done and seconds >= _EARLY:
                rate = done / seconds
                told += f", {_rounded(rate)} a second, {_left((self._whole - done) / rate)} left"
        self._write(told)

    def _write(self, text: str) -> None:
        # Back to the beginning of the line, and nothing after the text (ECMA-48, EL).
        self._terminal.write(f"\r{text[: shutil.get_terminal_size().columns - 1]}\x1b[K")
        self._terminal.flush()


def _rounded(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"


def _left(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
