"""Where an address on a page leads, and where none may."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from build_tools.problems import Code
from build_tools.site.elements import clip

_C0_AND_SPACE = "".join(map(chr, range(0x21)))
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An address, and where it stands: in an attribute, or in a style sheet."""

    holder: str
    url: str
    loaded: bool  # by browsers, unasked
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where an address leads: by a scheme, to another host, or to a path below the site's root."""

    scheme: str = ""
    host: str = ""
    path: str = ""  # empty: none that the site could have
    fragment: str = ""


def site_of(site_url: str) -> tuple[str, str]:
    """The host of a site, and the path that all its addresses begin with."""
    site = urlsplit(site_url)
    return site.netloc.lower(), f"{site.path.rstrip('/')}/"


def refusal_of(reference: Reference, target: Target) -> tuple[Code, str, str] | None:
    """Code, message and hint where an address must not stand, wherever in the site it leads."""
    loaded, scheme = reference.loaded, target.scheme
    if scheme not in ("", "http", "https", "mailto") or (loaded and scheme == "mailto"):
        hint = "load a file of the site" if loaded else "link by http, https or mailto, or within the site"
        return Code.FORBIDDEN_HTML, f"has the scheme `{clip(scheme)}:`, which is not allowed", hint
    if loaded and target.host:
        return Code.OTHER_HOST, "would be loaded from another host", "put the file into the site"
    if reference.holder.startswith("<meta") and (target.host or scheme == "mailto"):
        return Code.FORBIDDEN_HTML, "sends readers away from the site", "send them to a page of the site"
    if loaded and not reference.url.strip():
        return Code.DEAD_LINK, "is empty", "name a file of the site"
    return None


def target_of(url: str, page: str, host: str, prefix: str) -> Target:
    """Where a browser goes for an address on a page (URL Standard, as far as a site's links need it)."""
    text = re.sub(r"[\t\n\r]", "", url.strip(_C0_AND_SPACE))
    scheme = match[1].lower() if (match := _SCHEME.match(text)) else ""
    if scheme not in ("", "http", "https"):
        return Target(scheme=scheme)
    text, _, fragment = text[len(scheme) + 1 if scheme else 0 :].partition("#")
    text = re.sub("%2e", ".", text.partition("?")[0].replace("\\", "/"), flags=re.I)
    if scheme or text.startswith("//"):
        there, _, rest = text.lstrip("/").partition("/")
        text = f"/{rest}"
        if not host or there.lower() != host or not text.startswith(prefix):
            return Target(scheme=scheme, host=there.lower())
    fragment = fragment.partition(":~:")[0]  # a text directive names no element
    if not text:
        return Target(path=page, fragment=fragment)
    if text.startswith("/"):
        inside, steps = text.startswith(prefix), []
        text = text.removeprefix(prefix)
    else:
        inside, steps = True, page.split("/")[:-1]
    if text.rpartition("/")[2] in ("", ".", ".."):
        text = f"{text}/index.html" if text.endswith(".") else f"{text}index.html"
    for step in text.split("/"):
        if step == "..":
            inside = inside and bool(steps)
            steps = steps[:-1]
        elif step != ".":
            steps.append(unquote(step))
    return Target(path="/".join(steps), fragment=fragment) if inside else Target()


def is_page(path: str) -> bool:
    """Whether the file is HTML."""
    return path.endswith((".html", ".htm"))


def address(path: str) -> str:
    """The address of a file as links write it, from the site's root."""
    return path.removesuffix("index.html") if path.endswith("/index.html") else path
