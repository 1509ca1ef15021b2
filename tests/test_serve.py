"""The live preview's parts: what is watched, what open pages are told, what is served and to whom."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import pytest
from watchdog.events import (
    DirCreatedEvent,
    DirModifiedEvent,
    FileClosedEvent,
    FileMovedEvent,
    FileOpenedEvent,
    FileSystemEvent,
)
from watchdog.observers.api import BaseObserver, EventEmitter
from watchdog.observers.polling import PollingObserver

from build_tools.problems import Code, Location, Problem
from build_tools.serve.board import KEPT, MOST_CHANGED, Board
from build_tools.serve.builder import Gone
from build_tools.serve.live import MOST_PROBLEMS, Live, addresses_of
from build_tools.serve.server import PreviewServer, SiteServer, with_script
from build_tools.serve.site_files import answer
from build_tools.serve.watch import PATIENCE, QUIET, Watch, concerns, gather
from build_tools.serve.worker import Answered, Followed, Refused
from build_tools.serve.workshop import Finding, Finished, Rebuilt

ERROR = Problem(
    Location("entities/islands/rock.yml", 3, 5), Code.UNSOURCED, "this claim cites no seed", "add one"
)
WARNING = replace(ERROR, code=Code.ORPHAN)
PAGE = "<!doctype html><html><head><title>{}</title></head><body>{}</body></html>"

# ---- what is watched -------------------------------------------------------------------------------


class Clock:
    """A queue of saves that come at given seconds, and the clock that waiting for them moves on."""

    def __init__(self, *saves: tuple[float, str | None]) -> None:
        self.now, self.saves = 0.0, list(saves)

    def get(self, timeout: float | None = None) -> str | None:
        at, path = self.saves[0] if self.saves else (float("inf"), None)
        if timeout is not None and at > self.now + timeout:
            self.now += timeout
            raise Empty
        self.now = max(self.now, at)
        del self.saves[0]
        return path

    def gathered(self) -> tuple[frozenset[str], bool]:
        return gather(self, lambda: self.now)  # type: ignore[arg-type]


def test_saves_are_one_until_they_pause() -> None:
    clock = Clock((5, "a"), (5 + QUIET / 2, "b"), (5 + QUIET, "a"), (9, "c"))
    assert clock.gathered() == (frozenset("ab"), False)
    assert clock.now == pytest.approx(5 + 2 * QUIET)
    assert clock.gathered() == (frozenset("c"), False)


def test_saves_that_never_pause_count_all_the_same() -> None:
    clock = Clock(*((number * QUIET / 2, str(number)) for number in range(1000)))
    paths, _ = clock.gathered()
    assert clock.now == pytest.approx(PATIENCE)
    assert len(paths) == pytest.approx(PATIENCE / QUIET * 2, abs=2)


def test_the_end_comes_at_once_with_what_was_saved_before_it() -> None:
    assert Clock((0, None)).gathered() == (frozenset(), True)
    assert Clock((0, "a"), (0, None)).gathered() == (frozenset("a"), True)


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("entities/islands/rock.yml", True),
        ("seeds/courier-2024/passages.yml", True),
        ("docs/assets/wiki.css", True),
        ("theme/partials/nav.html", True),
        (".attached/courier-2024.txt", True),
        ("wiki.yml", True),
        ("waivers.yml", True),
        ("mkdocs.yml", True),
        ("entities", True),  # the folder itself, made or gone
        ("entities/islands/.rock.yml.swp", False),
        ("entities/islands/rock.yml~", False),
        ("docs/.#about.md", False),
        ("build/site/index.html", False),
        ("README.md", False),
        (".git/index.lock", False),
        ("", False),
    ],
)
def test_what_the_wiki_is_made_of_is_watched_and_nothing_else(path: str, counts: bool) -> None:
    assert concerns(path) is counts


class Quiet(BaseObserver):
    """An observer that tells nothing, for a test to tell in its place."""

    def __init__(self) -> None:
        super().__init__(EventEmitter)


def watched(root: Path) -> tuple[Watch, list[str]]:
    seen: list[str] = []
    return Watch(root, seen.append, Quiet), seen


@pytest.mark.parametrize(
    ("make", "seen"),
    [
        (lambda root: FileClosedEvent(f"{root}/wiki.yml"), ["wiki.yml"]),
        (lambda root: FileClosedEvent(f"{root}/docs/a.md".encode()), ["docs/a.md"]),
        (lambda root: FileMovedEvent(f"{root}/docs/.a.md.tmp", f"{root}/docs/a.md"), ["docs/a.md"]),
        (lambda root: FileMovedEvent(f"{root}/docs/a.md", f"{root}/docs/b.md"), ["docs/a.md", "docs/b.md"]),
        (lambda root: FileOpenedEvent(f"{root}/docs/a.md"), []),  # as the build itself does
        (lambda root: DirModifiedEvent(f"{root}/docs"), []),
        (lambda root: FileClosedEvent("/elsewhere/docs/a.md"), []),
    ],
)
def test_events_of_the_system_are_saves(
    make: Callable[[Path], FileSystemEvent], seen: list[str], tmp_path: Path
) -> None:
    watch, found = watched(tmp_path)
    with watch:
        watch.on_any_event(make(tmp_path))
    assert found == seen


def test_a_folder_that_is_made_later_is_watched(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    watch, found = watched(tmp_path)
    with watch:
        assert sorted(watch._below) == ["docs"]
        (tmp_path / "theme").mkdir()
        watch.on_any_event(DirCreatedEvent(f"{tmp_path}/theme"))
        assert sorted(watch._below) == ["docs", "theme"]
        (tmp_path / "docs").rmdir()
        watch.on_any_event(DirCreatedEvent(f"{tmp_path}/docs"))
        assert sorted(watch._below) == ["theme"]
    assert found == ["theme", "docs"]


def test_where_the_system_grants_no_watch_all_files_are_looked_at(tmp_path: Path) -> None:
    class Refusing(Quiet):
        def start(self) -> None:
            raise OSError(28, "inotify watch limit reached")

    (tmp_path / "docs").mkdir()
    saves: Queue[str] = Queue()
    with Watch(tmp_path, saves.put, Refusing) as watch:
        assert watch.looking
        assert isinstance(watch._observer, PollingObserver)
        (tmp_path / "docs/a.md").write_text("A page.")
        assert saves.get(timeout=20) == "docs/a.md"


def test_a_file_that_is_saved_is_seen(tmp_path: Path) -> None:
    (tmp_path / "entities/islands").mkdir(parents=True)
    saves: Queue[str] = Queue()
    with Watch(tmp_path, saves.put) as watch:
        assert not watch.looking
        half = tmp_path / "entities/islands/.rock.yml.new"
        half.write_text("name: Rock")
        half.rename(tmp_path / "entities/islands/rock.yml")
        assert saves.get(timeout=20) == "entities/islands/rock.yml"


# ---- what open pages are told ----------------------------------------------------------------------


def test_a_page_is_told_what_changed_since_its_own_edition() -> None:
    board = Board("s")
    for changed in (None, ("a/",), ("b/", "a/"), ("c/",)):
        board.put(changed)
    since = [board.told("s", edition)["changed"] for edition in range(5)]
    assert since == [None, ["a/", "b/", "c/"], ["a/", "b/", "c/"], ["c/"], []]
    assert board.told("s", 4)["edition"] == "s.4"


@pytest.mark.parametrize(("session", "edition"), [("other", 1), ("s", -1), ("s", 99), ("", 0)])
def test_a_page_of_another_server_is_loaded_again(session: str, edition: int) -> None:
    board = Board("s")
    board.put(("a/",))
    assert board.told(session, edition)["changed"] is None


def test_what_is_too_long_ago_or_too_much_to_tell_may_be_anything() -> None:
    board = Board("s")
    board.put(tuple(f"{number}/" for number in range(MOST_CHANGED + 1)))
    assert board.told("s", 0)["changed"] is None
    for _ in range(KEPT):
        board.put(("a/",))
    assert board.told("s", 1)["changed"] == ["a/"]
    board.put(("a/",))
    assert board.told("s", 1)["changed"] is None


def test_who_waits_is_told_of_each_notice_and_of_the_end() -> None:
    board = Board("s")
    assert board.wait(-1, 0) == 0
    assert board.wait(0, 0) == 0
    board.post(building=False)
    assert board.wait(0, 60) == 1
    board.close()
    assert board.wait(1, 60) is None


# ---- what becomes of a save ------------------------------------------------------------------------


def rebuilt(
    *problems: Problem, placed: bool = True, changed: tuple[str, ...] | None = ("islands/rock/",)
) -> Rebuilt:
    findings = tuple(Finding(problem, ("    ", "cites", ": []")) for problem in problems)
    return Rebuilt(
        findings=findings,
        set_aside=0,
        placed=placed,
        changed=changed if placed else (),
        seconds=(("read", 0.5),),
    )


def followed(*problems: Problem) -> Followed:
    findings = tuple(map(Finding, problems))
    return Followed(1, Finished(findings=findings, seconds=(("search", 0.25), ("checks", 0.5))))


class Session:
    """A live preview without a builder, a server and a terminal."""

    def __init__(self) -> None:
        self.board, self.lines = Board("s"), list[str]()
        self.live = Live(self.board, "http://x/", self.lines.append)

    def save(self, *paths: str) -> int:
        return self.live.saved(frozenset(paths))

    @property
    def notice(self) -> dict[str, Any]:
        return self.board.told("s", 1)


@pytest.fixture
def session() -> Session:
    """Its first pages have been made, and checked."""
    session = Session()
    session.live.told(Answered(session.save(), rebuilt(changed=None)))
    session.live.told(followed())
    assert session.lines == [
        "all pages made: http://x/ (0.50 s: read 0.50)",
        "search and checks of the whole site: no problems (0.75 s: search 0.25, checks 0.50)",
    ]
    session.lines.clear()
    return session


def test_a_save_makes_an_edition_in_which_the_saved_page_comes_first(session: Session) -> None:
    request = session.save("entities/islands/rock.yml")
    assert session.notice["building"]
    session.live.told(Answered(request, rebuilt(changed=("", "a/", "data/wiki.json", "islands/rock/", "z/"))))
    assert session.lines == [
        "changed: http://x/islands/rock/, http://x/, http://x/a/, 1 more page, 1 other file (0.50 s: read 0.50)"
    ]
    notice = session.notice
    assert (notice["edition"], notice["building"], notice["following"]) == ("s.2", False, True)
    assert notice["saved"] == ("islands/rock/",)
    session.live.told(followed())
    assert not session.notice["following"]


def test_errors_are_shown_over_the_edition_before_until_they_are_mended(session: Session) -> None:
    session.live.told(Answered(session.save(), rebuilt(ERROR, placed=False)))
    notice = session.notice
    assert (notice["edition"], notice["behind"]) == ("s.1", True)
    assert notice["findings"] == [
        {
            "path": "entities/islands/rock.yml",
            "line": 3,
            "column": 5,
            "code": "unsourced",
            "severity": "error",
            "message": "this claim cites no seed",
            "hint": "add one",
            "text": ("    ", "cites", ": []"),
        }
    ]
    assert session.lines == [
        "1 error; the pages shown are those before (0.50 s: read 0.50)",
        "entities/islands/rock.yml:3:5: [unsourced] this claim cites no seed\n    add one",
    ]
    session.live.told(Answered(session.save(), rebuilt(changed=())))
    notice = session.notice
    assert (notice["edition"], notice["behind"], notice["findings"]) == ("s.1", False, [])
    assert session.lines[-1] == "no page changed (0.50 s: read 0.50)"


def test_an_error_at_the_start_is_shown_where_no_page_is() -> None:
    session = Session()
    session.live.told(Answered(session.save(), rebuilt(ERROR, placed=False)))
    assert session.lines[0] == "1 error; no page can be shown yet (0.50 s: read 0.50)"
    assert session.notice["edition"] == "s.0"


def test_of_a_new_builder_any_page_may_be_another_than_was_seen(session: Session) -> None:
    at_first = Session()
    at_first.live.told(Answered(at_first.save(), rebuilt(changed=())))  # it goes on from the site of before
    assert at_first.lines == ["no page changed (0.50 s: read 0.50)"]
    told = at_first.board.told("s", 0)
    assert (told["edition"], told["changed"]) == ("s.1", None)
    session.live.told(Gone(ERROR))
    session.live.told(Answered(session.save(), rebuilt(changed=())))
    assert (session.notice["edition"], session.notice["changed"]) == ("s.2", None)
    session.live.told(Answered(session.save(), rebuilt(changed=())))
    assert session.notice["edition"] == "s.2"


def test_a_warning_is_told_beside_the_new_pages(session: Session) -> None:
    session.live.told(Answered(session.save(), rebuilt(WARNING)))
    assert (session.notice["edition"], session.notice["behind"]) == ("s.2", False)
    assert [finding["severity"] for finding in session.notice["findings"]] == ["warning"]
    assert session.lines[1] == "1 warning"


def test_what_the_checks_after_it_find_stands_until_the_next_pages(session: Session) -> None:
    session.live.told(followed(ERROR))
    assert [finding["code"] for finding in session.notice["findings"]] == ["unsourced"]
    assert not session.notice["behind"]  # the page shown is the newest
    session.live.told(Answered(session.save(), rebuilt()))
    assert session.notice["findings"] == []


def test_while_a_newer_save_waits_the_answer_is_not_the_last(session: Session) -> None:
    first, second = session.save("entities/islands/a.yml"), session.save("entities/islands/b.yml")
    session.live.told(Answered(first, rebuilt()))
    assert session.notice["building"]
    session.live.told(Answered(second, rebuilt()))
    assert not session.notice["building"]
    assert session.notice["saved"] == ("islands/a/", "islands/b/")


def test_the_terminal_names_the_first_problems_errors_before_warnings(session: Session) -> None:
    warnings = [replace(WARNING, at=Location("a.yml", line)) for line in range(1, 9)]
    session.live.told(Answered(session.save(), rebuilt(*warnings, ERROR, placed=False)))
    assert session.lines[1].startswith(str(ERROR.at))
    assert session.lines[1].count("a.yml") == MOST_PROBLEMS - 1
    assert session.lines[2] == f"… and {9 - MOST_PROBLEMS} more; the browser shows all"


def test_a_builder_that_ends_of_itself_is_a_problem_until_the_next_answer(session: Session) -> None:
    session.live.told(Gone(ERROR))
    assert session.notice["behind"]
    session.live.told(Answered(session.save(), rebuilt(changed=())))
    assert session.notice["findings"] == []


def test_a_preview_that_cannot_be_says_why(session: Session) -> None:
    session.live.told(Refused(ERROR))
    assert session.live.refused == ERROR


def test_records_have_their_pages_addresses() -> None:
    paths = [
        "docs/about.md",
        "docs/index.md",
        "docs/a/b.md",
        "docs/x.png",
        "seeds/s/seed.yml",
        "seeds/s/seal.json",
    ]
    paths += ["entities/islands/rock.yml", "wiki.yml", "theme/main.html"]
    assert addresses_of(paths) == ("a/b/", "about/", "", "islands/rock/", "seeds/s/")


# ---- what is served --------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A site with a page or two, and what must not be reached beside it."""
    site = tmp_path / "site"
    for path, text in {
        "index.html": PAGE.format("Home", ""),
        "rock/index.html": PAGE.format("Rock", "&lt;/head>"),
        "404.html": PAGE.format("Not found", ""),
        "assets/wiki.css": "body {}",
        "großes/index.html": "Groß",
    }.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text)
    (tmp_path / "secret.txt").write_text("secret")
    (site / "link.txt").symlink_to(tmp_path / "secret.txt")
    (site / "folder").symlink_to(tmp_path)
    (site / "looped").mkdir()
    (site / "looped/index.html").symlink_to(tmp_path / "secret.txt")
    return site


@pytest.mark.parametrize(
    ("target", "status", "kind"),
    [
        ("/", 200, "text/html; charset=utf-8"),
        ("/index.html", 200, "text/html; charset=utf-8"),
        ("/rock/?q=1#top", 200, "text/html; charset=utf-8"),
        ("//rock//", 200, "text/html; charset=utf-8"),
        ("/gro%C3%9Fes/", 200, "text/html; charset=utf-8"),
        ("/assets/wiki.css", 200, "text/css; charset=utf-8"),
        ("/rock", 301, "text/html; charset=utf-8"),
        ("//rock", 301, "text/html; charset=utf-8"),
        *(
            (target, 404, "text/html; charset=utf-8")
            for target in (
                "/nothing/",
                "/assets/",
                "/assets/wiki.css/",
                "/../secret.txt",
                "/rock/../../secret.txt",
                "/%2e%2e/secret.txt",
                "/..%2fsecret.txt",
                "/..%5csecret.txt",
                "/link.txt",
                "/folder/secret.txt",
                "/looped/",
                "/rock/%00",
                f"/{'a' * 256}/",
                f"/{'a/' * 9_000}",
                f"/{'%C3%9F' * 200}",
                "/%0d%0aX: y",
                "secret.txt",
                "*",
                "http://127.0.0.1/rock/",
            )
        ),
    ],
)
def test_an_address_leads_to_a_file_of_the_site_or_to_none(
    target: str, status: int, kind: str, folder: Path
) -> None:
    told = answer(folder, target)
    assert (told.status, told.kind) == (status, kind)
    assert b"secret" not in told.body
    assert told.location == ("/rock/" if status == 301 else "")


Ask = Callable[..., tuple[bytes, bytes]]


@pytest.fixture
def board() -> Board:
    board = Board("s")
    board.put(None)
    return board


@pytest.fixture
def server(folder: Path, board: Board) -> Iterator[PreviewServer]:
    server = PreviewServer(folder, board)
    with server.serving():
        yield server


@pytest.fixture
def ask(server: PreviewServer) -> Ask:
    """Asks as a browser does, but for what the test says: the header of the answer, and the body."""

    def call(target: str = "/", method: str = "GET", host: str | None = None) -> tuple[bytes, bytes]:
        with socket.create_connection(("127.0.0.1", server.server_port), timeout=20) as line:
            named = f"127.0.0.1:{server.server_port}" if host is None else host
            line.sendall(f"{method} {target} HTTP/1.1\r\nHost: {named}\r\nConnection: close\r\n\r\n".encode())
            header, _, body = b"".join(iter(lambda: line.recv(65536), b"")).partition(b"\r\n\r\n")
        return header, body

    return call


def status(header: bytes) -> int:
    return int(header.split(b" ")[1])


def test_a_page_has_the_previews_script_in_its_head_and_its_own_file_has_not(ask: Ask, folder: Path) -> None:
    header, body = ask("/rock/")
    script = b'<script type="module" src="/_preview/preview.js" data-edition="s.1"></script></head><body>&lt;/head>'
    assert script in body
    assert f"Content-Length: {len(body)}".encode() in header
    assert b"Cache-Control: no-store" in header
    assert "_preview" not in (folder / "rock/index.html").read_text()
    assert b"_preview" not in ask("/assets/wiki.css")[1]


def test_a_page_without_a_head_has_the_script_all_the_same() -> None:
    assert with_script(b"Hello", "s.1").startswith(b"Hello<script")


def test_where_no_page_is_the_sites_own_page_says_so(ask: Ask) -> None:
    header, body = ask("/nothing/")
    assert status(header) == 404
    assert b"<title>Not found" in body
    assert b"/_preview/preview.js" in body


def test_before_there_is_a_site_a_page_says_so_and_waits(folder: Path) -> None:
    server = PreviewServer(folder / "not-there", Board("s"))
    with server.serving(), socket.create_connection(("127.0.0.1", server.server_port), timeout=20) as line:
        line.sendall(b"GET /rock/ HTTP/1.0\r\nHost: localhost\r\n\r\n")
        said = b"".join(iter(lambda: line.recv(65536), b""))
    assert status(said) == 503
    assert b'data-edition="s.0"' in said


def test_the_previews_own_files_are_there_and_no_others(ask: Ask) -> None:
    assert b"text/javascript" in ask("/_preview/preview.js")[0]
    assert b"text/css" in ask("/_preview/preview.css")[0]
    for target in ("/_preview/", "/_preview/../server.py", "/_preview/%2e%2e/server.py", "/_preview/x.js"):
        assert status(ask(target)[0]) == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW"])
def test_nothing_but_reading_is_allowed(method: str, ask: Ask) -> None:
    header, _ = ask(method=method)
    assert status(header) == 405
    assert b"Allow: GET, HEAD" in header


def test_a_head_has_no_body(ask: Ask) -> None:
    header, body = ask("/rock/", method="HEAD")
    assert (status(header), body) == (200, b"")


@pytest.mark.parametrize(
    ("host", "served"),
    [
        ("127.0.0.1", True),
        ("localhost:8000", True),
        ("LOCALHOST", True),
        ("attacker.example", False),
        ("127.0.0.1.attacker.example", False),
        ("localhost:80@attacker.example", False),
        ("", False),
    ],
)
def test_only_who_asks_for_this_machine_is_answered(host: str, served: bool, ask: Ask) -> None:
    for target in ("/rock/", "/_preview/preview.js"):
        assert status(ask(target, host=host)[0]) == (200 if served else 421)


def test_it_listens_to_this_machine_alone(server: PreviewServer) -> None:
    assert server.server_address[0] == "127.0.0.1"


class Stream:
    """What the server tells a page, read as it comes."""

    def __init__(self, server: SiteServer, since: str) -> None:
        self._line = socket.create_connection(("127.0.0.1", server.server_port), timeout=20)
        self._line.sendall(f"GET /_preview/events?since={since} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        self._file = self._line.makefile("rb")
        assert b"200" in self._file.readline()

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for line in self._file:
            if line.startswith(b"data: "):
                yield json.loads(line.removeprefix(b"data: "))

    def close(self) -> None:
        self._file.close()
        self._line.close()


def test_an_open_page_is_told_at_once_and_then_of_each_change(server: PreviewServer, board: Board) -> None:
    stream = Stream(server, "s.1")
    notices = iter(stream)
    assert next(notices)["changed"] == []
    board.put(("rock/",))
    board.post(building=False)
    notice = next(notices)
    assert (notice["edition"], notice["changed"]) == ("s.2", ["rock/"])
    stream.close()


@pytest.mark.parametrize("since", ["", "s", "other.1", "s.-1", "s.99999999999999999999", "s.%D9%A3"])
def test_a_page_that_cannot_say_what_it_is_is_to_be_loaded_again(since: str, server: PreviewServer) -> None:
    stream = Stream(server, since)
    assert next(iter(stream))["changed"] is None
    stream.close()


def test_at_the_end_streams_and_idle_connections_end_and_no_thread_stays(folder: Path) -> None:
    before = threading.active_count()
    server = PreviewServer(folder, Board("s"))
    with server.serving():
        stream = Stream(server, "s.0")
        next(iter(stream))
        idle = socket.create_connection(("127.0.0.1", server.server_port), timeout=20)
        idle.sendall(b"HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert idle.recv(9) == b"HTTP/1.1 "  # and the browser keeps the connection
    assert list(stream) == []
    assert idle.recv(65536).endswith(b"\r\n\r\n")
    assert idle.recv(1) == b""
    assert threading.active_count() == before
    stream.close()
    idle.close()
