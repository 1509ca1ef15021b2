"""Which file of a built site answers an address, and with which type; nothing out of its folder does."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

# Said here, as what a system's own table says of these differs.
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".xml": "application/xml",
    ".txt": "text/plain; charset=utf-8",
}
HTML = _TYPES[".html"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sends: a status, a media type, a body; and where to, if that is elsewhere."""

    status: HTTPStatus
    kind: str
    body: bytes
    location: str = ""


_LONGEST, _DEEPEST = 255, 2048  # bytes of a name and of a path: no file's are longer


def answer(folder: Path, target: str) -> Answer:
    """The file that the target of a request names, as hosts of static sites understand it.

    A folder without a slash leads to the one with it; where nothing is, the site's own page says so.
    Raises OSError.
    """
    path = unquote(urlsplit(f"http://_{target}").path) if target.startswith("/") else "\0"
    parts = [part for part in path.split("/") if part]
    file = folder.joinpath(*parts) if _is_sound(path, parts) and not _leads_out(folder, parts) else None
    if file is not None and file.is_dir():
        if not path.endswith("/"):
            return Answer(HTTPStatus.MOVED_PERMANENTLY, HTML, b"", f"/{quote('/'.join(parts))}/")
        file /= "index.html"
    elif path.endswith("/") and parts:
        file = None
    if file is not None and file.is_file() and not file.is_symlink():
        return Answer(HTTPStatus.OK, media_type(file.name), file.read_bytes())
    absent = folder / "404.html"
    body = absent.read_bytes() if absent.is_file() else b"<!doctype html><title>Not found</title>Not found"
    return Answer(HTTPStatus.NOT_FOUND, HTML, body)


def media_type(name: str) -> str:
    """The type of a file of this name."""
    suffix = Path(name).suffix
    return _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def _is_sound(path: str, parts: list[str]) -> bool:
    named = all(len(part.encode()) <= _LONGEST for part in parts) and len(path.encode()) <= _DEEPEST
    return named and path.isprintable() and "\\" not in path and not {".", ".."} & {*parts}


def _leads_out(folder: Path, parts: list[str]) -> bool:
    """Whether a link stands on the way."""
    place = folder
    for part in parts:
        place /= part
        if place.is_symlink():
            return True
    return False
