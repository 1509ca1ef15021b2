"""External addresses asked whether they still answer: the only network code, and no part of a build.

Addresses come from records and may name any host. Only hosts of the public internet are asked, at the
very address that was looked at, so that a name cannot lead to the machine or its network. No body is read.
"""

from __future__ import annotations

import contextlib
import enum
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

AGENT = "sealed-wiki-link-check/1 (+https://github.com/)"
TIMEOUT = 20.0  # seconds without an answer
DEADLINE = 40.0  # seconds for one request in all, however slowly it is answered
PAUSE = 1.0  # seconds between two requests
MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
_GONE = frozenset({404, 410})


class State(enum.StrEnum):
    """What became of an address."""

    ALIVE = "alive"
    MOVED = "moved"  # for good
    DEAD = "dead"
    UNSURE = "unsure"  # it did not answer as it should, and may again


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an address answered: its state, why, and where it has moved to."""

    state: State
    detail: str
    to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How hosts are asked; tests ask their own machine and do not wait."""

    is_allowed: Callable[[str], bool]
    pause: float = PAUSE
    timeout: float = TIMEOUT
    deadline: float = DEADLINE


def is_public(address: str) -> bool:
    """True if the IP address is one of the public internet."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return found.is_global and not found.is_multicast


PUBLIC = Manners(is_allowed=is_public)


def ask(url: str, manners: Manners = PUBLIC) -> Answer:
    """What the address answers, redirects followed; one request at a time, with a pause before each."""
    here, for_good = url, True
    for _ in range(MOST_REDIRECTS + 1):
        try:
            status, to = _status(here, manners)
        except _NoAnswer as failed:
            return Answer(state=failed.state, detail=str(failed))
        if status not in _REDIRECTS or not to:
            return _judged(status, url, here, for_good=for_good)
        for_good = for_good and status in _FOR_GOOD
        try:
            there = urljoin(here, to)
        except ValueError:
            return Answer(state=State.DEAD, detail="it leads to what is no address")
        if here.startswith("https:") and not there.startswith("https:"):
            return Answer(state=State.UNSURE, detail="it leads from https to an address without it")
        here = there
    return Answer(state=State.UNSURE, detail=f"it leads on more than {MOST_REDIRECTS} times")


class _NoAnswer(Exception):
    def __init__(self, state: State, detail: str) -> None:
        super().__init__(detail)
        self.state = state


def _judged(status: int, url: str, here: str, *, for_good: bool) -> Answer:
    if 200 <= status < 300:
        if here != url and for_good:
            return Answer(state=State.MOVED, detail="it has moved for good", to=here)
        return Answer(state=State.ALIVE, detail=f"answers {status}")
    return Answer(state=State.DEAD if status in _GONE else State.UNSURE, detail=f"answers {status}")


def _status(url: str, manners: Manners) -> tuple[int, str]:
    """The status and where it leads, by HEAD; where the host is not willing to answer that, by GET."""
    status, to = _request("HEAD", url, manners)
    return (status, to) if status < 400 else _request("GET", url, manners)


def _request(method: str, url: str, manners: Manners) -> tuple[int, str]:
    time.sleep(manners.pause)
    try:
        parts = urlsplit(url)
        secure, port = parts.scheme == "https", parts.port or (443 if parts.scheme == "https" else 80)
        host = (parts.hostname or "").encode("idna").decode()
    except (ValueError, UnicodeError):
        raise _NoAnswer(State.DEAD, "it is not an address") from None
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        raise _NoAnswer(State.DEAD, "it leads to what is no http or https address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection: http.client.HTTPConnection = http.client.HTTPConnection(host, port, timeout=manners.timeout)
    try:
        with _connected(host, port, secure=secure, manners=manners) as there:
            connection.sock = there
            headers = {"Host": parts.netloc, "User-Agent": AGENT, "Accept": "*/*"}
            connection.request(method, path, headers=headers)
            response = connection.getresponse()
            return response.status, response.headers.get("Location", "")
    except TimeoutError:
        raise _NoAnswer(State.UNSURE, "no answer in time") from None
    except ssl.SSLError as error:
        raise _NoAnswer(State.UNSURE, f"its certificate or encryption fails: {error.reason}") from None
    except (OSError, http.client.HTTPException, ValueError, UnicodeError) as error:
        raise _NoAnswer(State.UNSURE, f"the connection failed: {type(error).__name__}") from None


@contextlib.contextmanager
def _connected(host: str, port: int, *, secure: bool, manners: Manners) -> Iterator[socket.socket]:
    """A connection to the host, at one of its addresses, all of which are allowed; cut at the deadline."""
    try:
        rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror:  # which is also what a machine without a network is told
        raise _NoAnswer(State.UNSURE, "its host is not known") from None
    addresses = [str(row[4][0]) for row in rows]
    if not all(map(manners.is_allowed, addresses)):
        raise _NoAnswer(State.DEAD, "its host is none of the public internet")
    raw = socket.create_connection((addresses[0], port), timeout=manners.timeout)
    timer = threading.Timer(manners.deadline, _cut, [raw])
    timer.daemon = True
    timer.start()
    try:
        if secure:
            with ssl.create_default_context().wrap_socket(raw, server_hostname=host) as wrapped:
                yield wrapped
        else:
            yield raw
    finally:
        timer.cancel()
        raw.close()


def _cut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
