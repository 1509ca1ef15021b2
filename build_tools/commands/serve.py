"""`wiki serve`."""

from __future__ import annotations

import argparse
import errno
import functools
import queue
import secrets
import sys
from pathlib import Path

from build_tools.commands import PROBLEMS, SOUND
from build_tools.commands.reporting import as_text, report
from build_tools.load import SETTINGS, load
from build_tools.serve import PLACE
from build_tools.serve.board import Board
from build_tools.serve.builder import Builder, Gone
from build_tools.serve.live import Live
from build_tools.serve.server import HOST, PreviewServer
from build_tools.serve.watch import Watch, gather
from build_tools.serve.worker import Told

PORTS_TRIED = 20  # from the one asked for


def run(options: argparse.Namespace) -> int:
    """Shows the site and makes it anew at every save, until Ctrl-C."""
    root = options.root.absolute()
    no_wiki = [problem for problem in load(root)[1] if problem.at.path == SETTINGS]
    if no_wiki:
        return report(no_wiki, options)
    board = Board(secrets.token_hex(4))
    server = _listening(root, board, options.port)
    if server is None:
        return PROBLEMS
    saves: queue.Queue[str | None] = queue.Queue()

    def say(line: str) -> None:
        try:
            print(line, flush=True)
        except OSError:  # nobody reads what we say any more
            saves.put(None)

    live = Live(board, server.address, say, functools.partial(as_text, root=root))

    def told(news: Told | Gone) -> None:
        live.told(news)
        if live.refused is not None:
            saves.put(None)

    builder = Builder(root, told, preview=options.preview)
    try:
        with server.serving(), Watch(root, saves.put) as watch:
            say(f"The preview is at {server.address} until Ctrl-C; it follows what you save.")
            if watch.looking:
                say("The system tells nothing of saves here: all files are looked at again and again.")
            builder.request(live.saved(frozenset()))
            ended = False
            while not ended:
                paths, ended = gather(saves)
                if paths and not ended:
                    builder.request(live.saved(paths))
    except KeyboardInterrupt:
        print("\nstopped", flush=True)
    finally:
        builder.close()
    return SOUND if live.refused is None else report((live.refused,), options)


def _listening(root: Path, board: Board, wanted: int) -> PreviewServer | None:
    """A server at the port wanted, or else at the next that is free; without one, says why not."""
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        try:
            server = PreviewServer(root / PLACE / "site", board, port)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                continue
            print(
                f"wiki: cannot listen at {HOST}:{port}: {error.strerror}; `--port 8000` may do",
                file=sys.stderr,
            )
            return None
        if port != wanted:
            print(f"Port {wanted} is in use by another program.")
        return server
    print(f"wiki: every port from {wanted} on is in use; name another with `--port`", file=sys.stderr)
    return None
