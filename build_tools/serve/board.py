"""What open pages are to know, for each of them to wait for: which pages changed, and what is wrong.

An *edition* is a site that was put in place. A page was served from one edition, and asks what changed
since; so it misses nothing, whenever it asks, and a page of another server's editions knows that it does.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, replace
from typing import Any

from build_tools.problems import Severity
from build_tools.report import as_row
from build_tools.serve.workshop import Finding

MOST_CHANGED = 500  # addresses that are told one by one; where more changed, all may have
KEPT = 200  # editions whose changes are remembered; a page of an older one is loaded again


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """How the preview stands."""

    building: bool = True
    following: bool = False  # the search, and the checks of the whole site, are of an edition before
    saved: tuple[str, ...] = ()  # the addresses of the pages of what was saved last
    found: tuple[Finding, ...] = ()  # in the records and their pages
    found_after: tuple[Finding, ...] = ()  # by the checks that follow
    gone: tuple[Finding, ...] = ()  # with the builder


class Board:
    """The latest notice, and what changed from edition to edition. Any thread may use it."""

    def __init__(self, session: str) -> None:
        self.session = session
        self._changed = threading.Condition()
        self._notice, self._count, self._closed = Notice(), 0, False
        self._edition = 0
        self._editions: deque[tuple[str, ...] | None] = deque(maxlen=KEPT)

    @property
    def edition(self) -> int:
        """The number of the site in place; 0 before there is one."""
        with self._changed:
            return self._edition

    def post(self, **fields: Any) -> None:
        """These fields of the notice are as given."""
        with self._changed:
            self._notice = replace(self._notice, **fields)
            self._count += 1
            self._changed.notify_all()

    def put(self, changed: tuple[str, ...] | None) -> None:
        """A new edition is in place, in which these addresses changed, or any may have."""
        with self._changed:
            self._edition += 1
            self._editions.append(changed)

    def close(self) -> None:
        """Nobody waits any more."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def wait(self, seen: int, patience: float) -> int | None:
        """The number of the latest notice once it is another than `seen`, or when patience ends; None at
        the end of the preview."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._count != seen, patience)
            return None if self._closed else self._count

    def told(self, session: str, edition: int) -> dict[str, Any]:
        """The notice for a page that was served from this edition of that session."""
        with self._changed:
            notice, changed = self._notice, self._since(session, edition)
            current = f"{self.session}.{self._edition}"
        findings = (*notice.gone, *notice.found, *notice.found_after)
        return {
            "edition": current,
            "building": notice.building,
            "following": notice.following,
            "changed": None if changed is None else sorted(changed),
            "saved": notice.saved,
            "behind": any(f.problem.severity is Severity.ERROR for f in (*notice.gone, *notice.found)),
            "findings": [_plain(finding) for finding in findings],
        }

    def _since(self, session: str, edition: int) -> set[str] | None:
        behind = self._edition - edition
        if session != self.session or not 0 <= behind <= len(self._editions):
            return None
        changed: set[str] = set()
        for addresses in list(self._editions)[len(self._editions) - behind :]:
            if addresses is None:
                return None
            changed.update(addresses)
        return changed if len(changed) <= MOST_CHANGED else None


def _plain(finding: Finding) -> dict[str, Any]:
    return {**as_row(finding.problem), "text": finding.line}
