"""The servers of built sites, on this machine alone: a plain one, and the preview's, which tells pages."""

from __future__ import annotations

import contextlib
import html
import json
import socket
import socketserver
import threading
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from build_tools.serve.board import Board
from build_tools.serve.site_files import HTML, Answer, answer, media_type

HOST = "127.0.0.1"
OWN = "/_preview/"  # where the preview's own files and events are; no id begins with a line below
ASSETS = Path(__file__).parent / "assets"
HEARTBEAT = 15.0  # seconds between signs of life: a page that has gone is noticed by them


class SiteHandler(BaseHTTPRequestHandler):
    """Answers with the files of `server.folder`, and only who asks for this machine by its name."""

    protocol_version = "HTTP/1.1"
    server: SiteServer
    keep = "max-age=600"  # as web hosts let browsers keep what does not change

    def parse_request(self) -> bool:
        """Whether there is a request to be answered; others have got their answer."""
        if not super().parse_request():
            return False
        if self.command not in ("GET", "HEAD"):
            refusal = HTTPStatus.METHOD_NOT_ALLOWED
        elif not _is_ours(self.headers.get("Host", "")):
            refusal = HTTPStatus.MISDIRECTED_REQUEST  # a name of elsewhere that was made to lead here
        else:
            return True
        self.close_connection = True  # a body may follow, which nobody reads
        self.send(Answer(refusal, "text/plain; charset=utf-8", f"{refusal.phrase}\n".encode()))
        return False

    def do_GET(self) -> None:
        """Answers a request."""
        self.send(self.answer())

    do_HEAD = do_GET

    def answer(self) -> Answer:
        """What the request gets."""
        return answer(self.server.folder, self.path)

    def fields(self, told: Answer) -> dict[str, str]:
        """The header of an answer."""
        fields = {
            "Content-Type": told.kind,
            "Content-Length": str(len(told.body)),
            "Cache-Control": self.keep,
            "X-Content-Type-Options": "nosniff",
        }
        if told.location:
            fields["Location"] = told.location
        if told.status == HTTPStatus.METHOD_NOT_ALLOWED:
            fields["Allow"] = "GET, HEAD"
        if self.close_connection:
            fields["Connection"] = "close"
        return fields

    def send(self, told: Answer) -> None:
        """Sends the answer."""
        self.send_response(told.status)
        for name, value in self.fields(told).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(told.body)

    def handle(self) -> None:
        """Answers the requests of a connection; that a browser hangs up is nothing to tell of."""
        with contextlib.suppress(ConnectionError, TimeoutError):
            super().handle()

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


class PreviewHandler(SiteHandler):
    """Lays the preview's script into each page, and tells it what its board says."""

    server: PreviewServer
    keep = "no-store"

    def do_GET(self) -> None:
        """Answers a request; that for events, for as long as the page is open."""
        if urlsplit(self.path).path == f"{OWN}events" and self.command == "GET":
            self._tell()
        else:
            super().do_GET()

    do_HEAD = do_GET

    def answer(self) -> Answer:
        """A file of the preview's own, or a page of the site, or while there is none, one that says so."""
        if self.path.startswith(OWN):
            name = urlsplit(self.path).path.removeprefix(OWN)
            if name not in {path.name for path in ASSETS.iterdir()}:
                return Answer(HTTPStatus.NOT_FOUND, "text/plain", b"")
            return Answer(HTTPStatus.OK, media_type(name), (ASSETS / name).read_bytes())
        board = self.server.board
        edition = board.edition  # before the page is read: should it be newer than that, it is loaded twice
        told = answer(self.server.folder, self.path) if edition else Answer(*_WAITING)
        if told.kind != HTML or told.location:
            return told
        return Answer(told.status, told.kind, with_script(told.body, f"{board.session}.{edition}"))

    def _tell(self) -> None:
        """A stream of notices, in the format of "server-sent events" of the HTML standard."""
        asked = parse_qs(urlsplit(self.path).query).get("since", [""])[0]
        session, _, number = asked.rpartition(".")
        edition = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else -1
        board = self.server.board
        self.close_connection = True
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"retry: 500\n\n")  # milliseconds until a browser that lost us asks again
        seen = -1
        while (count := board.wait(seen, HEARTBEAT)) is not None:
            notice = json.dumps(board.told(session, edition)) if count != seen else ""
            self.wfile.write(f"data: {notice}\n\n".encode() if notice else b": still here\n\n")
            seen = count


class SiteServer(ThreadingHTTPServer):
    """Serves a folder at a port of this machine, 0 for any that is free; closed, it has no thread left."""

    daemon_threads = False
    allow_reuse_address = True

    def __init__(self, folder: Path, port: int = 0, handler: type[SiteHandler] = SiteHandler) -> None:
        self.folder = folder
        self._connections: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__((HOST, port), handler)

    @property
    def address(self) -> str:
        """The address of the site's home page."""
        return f"http://{HOST}:{self.server_port}/"

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remembers the connection, to close it at the end: a browser keeps it open."""
        with self._lock:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forgets the connection."""
        with self._lock:
            self._connections.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        """Ends every connection and the threads that answer them."""
        with self._lock:
            for connection in self._connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        super().server_close()

    def server_bind(self) -> None:
        """Binds the port without asking the network for this machine's name, as http.server does."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    @contextlib.contextmanager
    def serving(self) -> Iterator[None]:
        """It serves, in threads of its own; at the end these have ended."""
        thread = threading.Thread(target=self.serve_forever, args=(0.05,), name="server")
        thread.start()
        try:
            yield
        finally:
            self.shutdown()
            self.server_close()
            thread.join()


class PreviewServer(SiteServer):
    """Serves the preview in a folder, with what a board says of it."""

    def __init__(self, folder: Path, board: Board, port: int = 0) -> None:
        self.board = board
        super().__init__(folder, port, PreviewHandler)

    def server_close(self) -> None:
        """Ends the streams of notices first."""
        self.board.close()
        super().server_close()


def with_script(page: bytes, edition: str) -> bytes:
    """The page with the preview's script in its head, which says from which edition it is."""
    script = f'<script type="module" src="{OWN}preview.js" data-edition="{html.escape(edition)}"></script>'
    before, head, after = page.partition(b"</head>")
    return before + script.encode() + head + after


_WAITING = (
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTML,
    b"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'self'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>No page yet</title>
</head>
<body>
<h1>No page yet</h1>
<p>The pages are being made, or what they are made of has a problem, which the terminal names too.</p>
</body>
</html>
""",
)


def _is_ours(host: str) -> bool:
    """Whether a Host header names this machine, with or without a port."""
    name, colon, port = host.partition(":")
    return name.casefold() in (HOST, "localhost") and (not colon or port.isdigit())
