"""`wiki links`: external addresses asked on this machine's own loopback, and what their answers mean."""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from build_tools import external_links, outward
from build_tools.commands import links
from build_tools.external_links import PUBLIC, Answer, Manners, State, ask, is_public
from build_tools.outward import Known
from build_tools.report import terminal
from build_tools.review import github
from tests.conftest import MakeWiki
from tests.islands import Wiki

HERE = Manners(is_allowed=lambda address: address == "127.0.0.1", pause=0, timeout=0.5, deadline=1)
MONDAY = datetime.date(2026, 3, 2)


@dataclass
class Host:
    """A server: what it answers by path, and what it was asked."""

    answers: dict[str, tuple[int, str]]
    port: int = 0
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)

    def at(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@pytest.fixture(scope="module")
def server() -> Iterator[Host]:
    host = Host({})

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            host.asked.append(f"{self.command} {self.path}")
            host.agents.add(self.headers["User-Agent"])
            status, to = host.answers.get(
                f"{self.command} {self.path}", host.answers.get(self.path, (404, ""))
            )
            self.send_response(status)
            if to:
                self.send_header("Location", to)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_HEAD = answer

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        host.port = serving.server_address[1]
        thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield host
        serving.shutdown()
        thread.join()


@pytest.fixture
def host(server: Host) -> Host:
    server.answers.clear()
    server.asked.clear()
    return server


# ---- asking ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "state", "detail", "asked"),
    [
        ({"/a?b=c": (200, "")}, "alive", "answers 200", ["HEAD"]),
        ({"/a?b=c": (404, "")}, "dead", "answers 404", ["HEAD", "GET"]),
        ({"/a?b=c": (410, "")}, "dead", "answers 410", ["HEAD", "GET"]),
        ({"/a?b=c": (403, "")}, "unsure", "answers 403", ["HEAD", "GET"]),
        ({"/a?b=c": (429, "")}, "unsure", "answers 429", ["HEAD", "GET"]),
        ({"/a?b=c": (503, "")}, "unsure", "answers 503", ["HEAD", "GET"]),
        ({"HEAD /a?b=c": (405, ""), "/a?b=c": (200, "")}, "alive", "answers 200", ["HEAD", "GET"]),
        ({"HEAD /a?b=c": (404, ""), "/a?b=c": (200, "")}, "alive", "answers 200", ["HEAD", "GET"]),
        ({"/a?b=c": (302, "")}, "unsure", "answers 302", ["HEAD"]),
    ],
)
def test_what_a_host_answers(
    host: Host, answers: dict[str, tuple[int, str]], state: str, detail: str, asked: list[str]
) -> None:
    host.answers.update(answers)
    assert ask(host.at("/a?b=c"), HERE) == Answer(state=State(state), detail=detail)
    assert host.asked == [f"{method} /a?b=c" for method in asked]
    assert host.agents == {external_links.AGENT}


def test_redirects_are_followed_and_told_if_they_are_for_good(host: Host) -> None:
    host.answers |= {
        "/old": (301, "/new"),
        "/new": (200, ""),
        "/today": (302, "/new"),
        "/both": (308, "/today"),
    }
    assert ask(host.at("/old"), HERE) == Answer(
        state=State.MOVED, detail="it has moved for good", to=host.at("/new")
    )
    assert ask(host.at("/today"), HERE).state is State.ALIVE
    assert ask(host.at("/both"), HERE).state is State.ALIVE


@pytest.mark.parametrize(
    ("to", "state", "detail"),
    [
        ("/a", "unsure", "it leads on more than 5 times"),
        ("file:///etc/passwd", "dead", "it leads to what is no http or https address"),
        ("ftp://127.0.0.1/", "dead", "it leads to what is no http or https address"),
        ("http://user:x@127.0.0.1/", "dead", "it leads to what is no http or https address"),
        ("http://[::1]/", "dead", "its host is none of the public internet"),
        ("http://127.0.0.2/", "dead", "its host is none of the public internet"),
        ("http://[", "dead", "it leads to what is no address"),
        ("http://127.0.0.1:99999/", "dead", "it is not an address"),
        ("http://127.0.0.1:1/", "unsure", "the connection failed: ConnectionRefusedError"),
    ],
)
def test_a_redirect_leads_nowhere_it_should_not(host: Host, to: str, state: str, detail: str) -> None:
    host.answers["/a"] = (302, to)
    assert ask(host.at("/a"), HERE) == Answer(state=State(state), detail=detail)


def test_from_https_nothing_leads_to_where_all_can_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(external_links, "_status", lambda url, manners: (301, "http://a.example/"))
    assert ask("https://a.example/").detail == "it leads from https to an address without it"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),  # where clouds keep the secrets of a machine
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
    ],
)
def test_only_hosts_of_the_public_internet_are_asked(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_a_name_that_leads_to_this_machine_too_is_not_asked(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, host.port)) for ip in ("93.184.216.34", "127.0.0.1")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)
    assert (
        ask(f"http://rebound.example:{host.port}/", dataclasses.replace(PUBLIC, pause=0)).detail
        == "its host is none of the public internet"
    )
    assert host.asked == []


def test_a_host_that_is_not_known_may_be_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert ask("https://nowhere.example/", HERE) == Answer(state=State.UNSURE, detail="its host is not known")


def silent(connection: socket.socket) -> None:
    connection.recv(1000)


def drips(connection: socket.socket) -> None:
    connection.recv(1000)
    for _ in range(100):
        connection.sendall(b"X")
        if threading.Event().wait(0.1):
            return


def babbles(connection: socket.socket) -> None:
    connection.recv(1000)
    connection.sendall(b"SSH-2.0\r\n\r\n")
    connection.close()


@pytest.mark.parametrize(
    ("behave", "detail"),
    [(silent, "no answer in time"), (drips, "the connection failed"), (babbles, "the connection failed")],
)
def test_a_host_that_does_not_answer_properly_holds_nothing_up(
    behave: Callable[[socket.socket], None], detail: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                try:
                    behave(connection)
                    connection.settimeout(3)
                    connection.recv(1)
                except OSError:
                    return

        thread = threading.Thread(target=serve)
        thread.start()
        answer = ask(f"http://127.0.0.1:{listening.getsockname()[1]}/", HERE)
        thread.join()
    assert answer.state is State.UNSURE
    assert answer.detail.startswith(detail)


# ---- what is asked, and what it means --------------------------------------------------------------


def linked(wiki: Wiki) -> Any:
    found = wiki.checked().wiki
    assert found is not None
    return found.linked


def test_the_addresses_are_those_of_sources_databases_pages_and_the_repository(wiki: MakeWiki) -> None:
    page = "# About\n\n[A](https://a.example/x#part), [A](https://a.example/x), `https://code.example`\n\n<https://b.example/?a=1&b=2>\n"
    here = wiki({"docs/about.md": page})
    here.change(
        "entities/islands/longholm.yml",
        "name: Longholm\n",
        "name: Longholm\nidentifiers: {register: I-042}\n",
    )
    found = outward.external_addresses(linked(here))
    assert list(found) == sorted(found)
    assert [str(at) for at in found["https://a.example/x"]] == ["docs/about.md:3:1"]
    assert [str(at) for at in found["https://b.example/?a=1&b=2"]] == ["docs/about.md:5:1"]
    assert [at.path for at in found["https://register.example.org/I-042"]] == [
        "entities/islands/longholm.yml"
    ]
    assert [at.path for at in found["https://example.org/skarn/wiki"]] == ["wiki.yml"]
    assert any(at.path.endswith("/seed.yml") for places in found.values() for at in places)
    assert not any("code.example" in url for url in found)


def test_an_address_that_is_none_stops_nothing(wiki: MakeWiki) -> None:
    found = outward.external_addresses(linked(wiki({PAGE: "# About\n\n[A](http://[)\n"})))
    assert "http://[" in found
    assert ask("http://[", HERE).detail == "it is not an address"


PAGE = "docs/about.md"
ADDRESS = "https://a.example/x"
EXCEPTIONS = f"exceptions:\n  - url: {ADDRESS}\n    reason: It answers people only.\n"


def judged(wiki: Wiki, state: str, since: str = "2026-03-02", to: str = "") -> str:
    known = Known(state=state, detail="answers 404", to=to, asked="2026-03-02", since=since)
    found = linked(wiki)
    addresses = outward.external_addresses(found)
    return terminal(outward.judge(found, addresses, {ADDRESS: known}, MONDAY))


def test_what_the_answers_mean_for_the_records(wiki: MakeWiki) -> None:
    here = wiki({PAGE: f"# About\n\n[A]({ADDRESS})\n"})
    mend = "    mend the address; if it is right, except it in links.yml, with the reason\n"
    assert judged(here, "alive") == ""
    assert judged(here, "dead") == f"{PAGE}:3:1: [dead-address] warning: {ADDRESS}: answers 404\n{mend}"
    assert judged(here, "unsure") == ""  # it may be back next week
    assert judged(here, "unsure", since="2026-02-23") == (
        f"{PAGE}:3:1: [dead-address] warning: {ADDRESS}: answers 404, since 2026-02-23\n{mend}"
    )
    assert judged(here, "moved", to="https://b.example/") == (
        f"{PAGE}:3:1: [moved-address] warning: {ADDRESS} has moved for good\n    give the new address: https://b.example/\n"
    )


def test_an_exception_silences_its_address_and_is_told_when_it_is_not_needed(wiki: MakeWiki) -> None:
    here = wiki({PAGE: f"# About\n\n[A]({ADDRESS})\n", "links.yml": EXCEPTIONS})
    assert judged(here, "dead") == ""
    assert judged(here, "alive") == (
        f"links.yml:2:10: [needless-exception] warning: {ADDRESS} answers again\n    delete the exception\n"
    )
    here.put({PAGE: "# About\n\n[A](https://a.example/y)\n"})
    assert judged(here, "dead") == (
        f"links.yml:2:10: [needless-exception] warning: the wiki does not lead to {ADDRESS}\n"
        "    did you mean `https://a.example/y`?\n"
    )


def test_an_exception_needs_its_reason(wiki: MakeWiki) -> None:
    here = wiki({"links.yml": f"exceptions:\n  - url: {ADDRESS}\n"})
    assert "links.yml:2:5: [missing-key]" in here.problems()


def test_what_is_known_outlives_the_run_and_since_when_is_kept() -> None:
    first = outward.learned(None, "unsure", "answers 503", "", MONDAY)
    later = outward.learned(first, "unsure", "no answer in time", "", MONDAY + datetime.timedelta(7))
    assert (later.since, later.asked) == ("2026-03-02", "2026-03-09")
    assert outward.learned(later, "alive", "answers 200", "", MONDAY).since == "2026-03-02"
    assert outward.read_cache(outward.cache_text({"https://a.example": later}).encode()) == {
        "https://a.example": later
    }
    assert [outward.is_fresh(first, MONDAY + datetime.timedelta(days)) for days in (0, 5, 6, -1)] == [
        True, True, False, False
    ]  # fmt: skip


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"\xff", b'{"a": 1}', b'{"a": {"state": "x"}}', b'{"a": {"state": "", "detail": "", "to": "", "asked": "x", "since": 1}}']
)  # fmt: skip
def test_a_damaged_cache_is_no_cache(data: bytes) -> None:
    assert outward.read_cache(data) == {}


# ---- the command -----------------------------------------------------------------------------------


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked, by a command whose addresses are all alive but one."""
    asked: list[str] = []

    def answer(url: str, manners: Manners) -> Answer:
        asked.append(url)
        if url.startswith(ADDRESS):
            return Answer(state=State.DEAD, detail="answers 404")
        return Answer(state=State.ALIVE, detail="answers 200")

    monkeypatch.setattr(external_links, "ask", answer)
    return asked


def run(root: Path, today: datetime.date = MONDAY, **more: Any) -> int:
    options = {"root": root, "cache": None, "format": "text", "issue": None} | more
    return links.run(argparse.Namespace(**options), HERE, today)


def test_each_address_is_asked_once_a_week_and_a_dead_one_is_a_warning(
    wiki: MakeWiki, answered: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    root = wiki({PAGE: f"# About\n\n[A]({ADDRESS})\n"}).root
    assert run(root) == 0
    assert capsys.readouterr().out.endswith("1 warning\n")
    assert len(answered) == len(set(answered)) > 3
    again = list(answered)
    run(root, MONDAY + datetime.timedelta(5))
    assert answered == again
    run(root, MONDAY + datetime.timedelta(7))
    assert answered == again * 2
    assert set(json.loads((root / "build/links/known/known.json").read_text())) == set(again)


def test_what_was_answered_is_kept_when_the_run_is_stopped(
    wiki: MakeWiki, monkeypatch: pytest.MonkeyPatch, answered: list[str]
) -> None:
    root = wiki().root
    answer = external_links.ask

    def stopped(url: str, manners: Manners) -> Answer:
        if len(answered) == 2:
            raise KeyboardInterrupt
        return answer(url, manners)

    monkeypatch.setattr(external_links, "ask", stopped)
    with pytest.raises(KeyboardInterrupt):
        run(root)
    assert len(json.loads((root / "build/links/known/known.json").read_text())) == 2


def test_the_issue_is_opened_with_what_is_to_be_seen_to_and_closed_when_there_is_nothing(
    wiki: MakeWiki, answered: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[tuple[str, str, Mapping[str, object] | None]] = []

    def gh(method: str, path: str, sent: Mapping[str, object] | None = None) -> bytes:
        told.append((method, path, sent))
        return b"[]" if method == "GET" else b'{"number": 7}'

    monkeypatch.setattr(github, "gh", gh)
    here = wiki({PAGE: f"# About\n\n[A]({ADDRESS})\n"})
    assert run(here.root, issue="skarn/wiki") == 0
    assert capsys.readouterr().out == "issue 7 is opened: 1 to look at\n"
    method, path, sent = told[-1]
    assert sent is not None
    assert (method, path, sent["title"]) == ("POST", "repos/skarn/wiki/issues", outward.TITLE)
    assert f"- `{PAGE}:3:1` `{ADDRESS}: answers 404`<br>`mend the address" in str(sent["body"])
    here.put({PAGE: "# About\n"})
    assert run(here.root, issue="skarn/wiki") == 0
    assert capsys.readouterr().out == "nothing to look at\n"


def test_the_issue_is_bounded_and_its_addresses_are_text(wiki: MakeWiki) -> None:
    page = "# About\n\n" + "".join(f"[A]({ADDRESS}/{'`' * 3}{number}{'x' * 200})\n" for number in range(2000))
    found = linked(wiki({PAGE: page}))
    addresses = outward.external_addresses(found)
    dead = Known(state="dead", detail="@octocat", to="", asked="2026-03-02", since="2026-03-02")
    body = outward.issue(
        outward.judge(found, addresses, dict.fromkeys(addresses, dead), MONDAY), len(addresses)
    )
    assert body.startswith(f"{outward.MARKER}\n")
    assert 40_000 < len(body) < 65_536
    assert body.endswith(" more\n")
    assert "@octocat" not in "".join(body.split("`")[::2])
