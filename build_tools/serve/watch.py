"""What is saved is noticed: by the system's own events, or where these are not to be had, by looking.

An editor writes a new file and renames it over the old one, and git exchanges hundreds: events are gathered
until they pause.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty, Queue

from watchdog.events import (
    EVENT_TYPE_CLOSED_NO_WRITE,
    EVENT_TYPE_MODIFIED,
    EVENT_TYPE_OPENED,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch
from watchdog.observers.polling import PollingObserver

from build_tools.load import ATTACHED, SETTINGS, WAIVERS, shown
from build_tools.site.generate import CONFIGURATION

FOLDERS = ("entities", "seeds", "docs", "theme", ATTACHED)
FILES = (SETTINGS, WAIVERS, CONFIGURATION)
QUIET = 0.05  # seconds without an event after which a save is over
PATIENCE = 1.0  # seconds after which what has come so far counts, should events never pause
_READING = frozenset({EVENT_TYPE_OPENED, EVENT_TYPE_CLOSED_NO_WRITE})


def concerns(path: str) -> bool:
    """Whether a path, from the wiki's root and with slashes, is one that the wiki is made of."""
    top, _, below = path.partition("/")
    name = path.rpartition("/")[2]
    if not below:
        return path in FILES or path in FOLDERS
    return top in FOLDERS and not name.startswith(".") and not name.endswith("~")


def gather(
    saves: Queue[str | None], clock: Callable[[], float] = time.monotonic
) -> tuple[frozenset[str], bool]:
    """The paths of the next saves, once they pause; and whether the end, None, has come with them."""
    first = saves.get()
    if first is None:
        return frozenset(), True
    paths, end = {first}, clock() + PATIENCE
    while (left := min(QUIET, end - clock())) > 0:
        try:
            path = saves.get(timeout=left)
        except Empty:
            break
        if path is None:
            return frozenset(paths), True
        paths.add(path)
    return frozenset(paths), False


class Watch(FileSystemEventHandler):
    """Tells `saw` the path of whatever is saved below the wiki's root, while it is entered."""

    def __init__(
        self,
        root: Path,
        saw: Callable[[str], object],
        observer: Callable[[], BaseObserver] = Observer,
    ) -> None:
        self._root, self._saw, self._observer = root, saw, observer()
        self._below: dict[str, ObservedWatch] = {}
        self.looking = False  # by ourselves, at all files again and again

    def __enter__(self) -> Watch:
        try:
            self._begin()
        except OSError:  # no inotify, or no watch left of those that the system grants
            self._observer.unschedule_all()
            self._observer, self.looking = PollingObserver(timeout=0.3), True
            self._below.clear()
            self._begin()
        return self

    def __exit__(self, *_: object) -> None:
        self._observer.stop()
        self._observer.join()

    def _begin(self) -> None:
        self._observer.schedule(self, str(self._root))
        self._watch_folders()
        self._observer.start()

    def _watch_folders(self) -> None:
        """Each of the folders that is there is watched with all below it."""
        for name in FOLDERS:
            there = (self._root / name).is_dir()
            if there and name not in self._below:
                self._below[name] = self._observer.schedule(self, str(self._root / name), recursive=True)
            elif not there and name in self._below:
                self._observer.unschedule(self._below.pop(name))

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Passes on what changes something that the wiki is made of."""
        if event.event_type in _READING:
            return
        for path in (event.src_path, event.dest_path):
            if not path:
                continue
            place = Path(path if isinstance(path, str) else path.decode(errors="surrogateescape"))
            name = shown(place.relative_to(self._root)) if place.is_relative_to(self._root) else ""
            if event.is_directory and event.event_type == EVENT_TYPE_MODIFIED:
                continue  # a file in it was made or went, and has an event of its own
            if name in FOLDERS:
                with contextlib.suppress(OSError):  # gone again
                    self._watch_folders()
            if concerns(name):
                self._saw(name)
