"""The live preview at work: saves go to the builder, and what it tells to the pages and the terminal."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePosixPath

from build_tools.amounts import amount
from build_tools.problems import Problem, has_errors
from build_tools.report import summary, terminal
from build_tools.serve.board import Board
from build_tools.serve.builder import Gone
from build_tools.serve.worker import Answered, Followed, Refused, Told
from build_tools.serve.workshop import Finding, Rebuilt, Seconds

MOST_PROBLEMS = 5  # on the terminal; the browser shows all
MOST_ADDRESSES = 3


class Live:
    """Knows which requests are out, posts on the board, and says a line or a few of each rebuild.

    `saved` and `told` may be called by two threads. `refused` is the problem for which no preview can be.
    """

    def __init__(
        self,
        board: Board,
        address: str,
        say: Callable[[str], object],
        as_text: Callable[[Sequence[Problem]], str] = terminal,
    ) -> None:
        self._board, self._address, self._say, self._as_text = board, address, say, as_text
        self._lock = threading.Lock()
        self._asked, self._saved = 0, frozenset[str]()
        self._is_new = True  # the builder, which does not know what open pages have seen
        self.refused: Problem | None = None

    def saved(self, paths: frozenset[str]) -> int:
        """The number of the request for a rebuild, now that these were saved."""
        with self._lock:
            self._asked += 1
            self._saved |= paths
            self._board.post(building=True)
            return self._asked

    def told(self, told: Told | Gone) -> None:
        """The pages and the terminal know what the builder tells."""
        match told:
            case Answered(request=request, rebuilt=rebuilt):
                with self._lock:
                    building, saved = request < self._asked, addresses_of(self._saved)
                    if not building:
                        self._saved = frozenset()
                    self._rebuilt(rebuilt, saved, building=building)
            case Followed(finished=finished):
                self._board.post(following=False, found_after=finished.findings)
                stages = _stages(finished.seconds)
                self._say(f"search and checks of the whole site: {_summary(finished.findings)} {stages}")
                self._list(finished.findings)
            case Gone(problem=problem):
                self._is_new = True
                self._board.post(building=False, gone=(Finding(problem),))
                self._list((Finding(problem),))
            case Refused(problem=problem):
                self.refused = problem

    def _rebuilt(self, rebuilt: Rebuilt, saved: tuple[str, ...], *, building: bool) -> None:
        findings, stages = rebuilt.findings, _stages(rebuilt.seconds)
        if not rebuilt.placed:
            self._board.post(building=building, found=findings, gone=())
            shown = "the pages shown are those before" if self._board.edition else "no page can be shown yet"
            self._say(f"{_summary(findings, rebuilt.set_aside)}; {shown} {stages}")
            self._list(findings)
            return
        if rebuilt.changed != () or self._is_new:
            self._board.put(None if self._is_new else rebuilt.changed)
        self._is_new = False
        self._board.post(
            building=building, following=True, saved=saved, found=findings, found_after=(), gone=()
        )
        self._say(f"{self._where(rebuilt.changed, saved)} {stages}")
        if findings:
            self._say(_summary(findings, rebuilt.set_aside))
            self._list(findings)

    def _where(self, changed: tuple[str, ...] | None, saved: tuple[str, ...]) -> str:
        if changed is None:
            return f"all pages made: {self._address}"
        pages = [address for address in changed if address == "" or address.endswith("/")]
        others = len(changed) - len(pages)
        parts = [f"{self._address}{address}" for address in sorted(pages, key=lambda page: page not in saved)]
        shown = parts[:MOST_ADDRESSES]
        if len(parts) > len(shown):
            more = len(parts) - len(shown)
            shown.append(amount(more, "more page"))
        if others:
            shown.append(amount(others, "other file"))
        return f"changed: {', '.join(shown)}" if shown else "no page changed"

    def _list(self, findings: Iterable[Finding]) -> None:
        problems = sorted(
            (finding.problem for finding in findings), key=lambda problem: not has_errors([problem])
        )
        said = self._as_text(problems[:MOST_PROBLEMS])
        if said:
            self._say(said.rstrip("\n"))
        if len(problems) > MOST_PROBLEMS:
            self._say(f"… and {len(problems) - MOST_PROBLEMS} more; the browser shows all")


def addresses_of(paths: Iterable[str]) -> tuple[str, ...]:
    """The addresses of the pages that are of these records, or of these pages written by hand."""
    found: list[str] = []
    for path in sorted(paths):
        parts = PurePosixPath(path).parts
        if parts[0] == "entities" and len(parts) == 3:
            found.append(f"{parts[1]}/{PurePosixPath(path).stem}/")
        elif parts[0] == "seeds" and len(parts) == 3:
            found.append(f"seeds/{parts[1]}/")
        elif parts[0] == "docs" and path.endswith(".md"):
            page = PurePosixPath(*parts[1:])
            found.append(
                f"{page.parent if page.stem == 'index' else page.with_suffix('')}/".removeprefix("./")
            )
    return tuple(dict.fromkeys(found))


def _summary(findings: Iterable[Finding], set_aside: int = 0) -> str:
    return summary((finding.problem for finding in findings), set_aside)


def _stages(seconds: Seconds) -> str:
    """How long it took, and which part of that each stage."""
    parts = ", ".join(f"{stage} {part:.2f}" for stage, part in seconds)
    return f"({sum(part for _, part in seconds):.2f} s: {parts})"
