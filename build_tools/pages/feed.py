"""The feed of changed claims: Atom (RFC 4287), one entry for a claim, told of anew when it changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree

from build_tools.addresses import FEED, entity_page, site_address
from build_tools.cite import CheckedCite, CitedStatement, CitedWiki
from build_tools.pages.views import News
from build_tools.records import Claim

_ATOM = "http://www.w3.org/2005/Atom"
_SINCE = "2026"  # the year for which `tag:` addresses name the owner of the host (RFC 4151)
_NOTHING_YET = "1980-01-01T00:00:00Z"
_LONGEST_TITLE = 120
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def feed_xml(wiki: CitedWiki, news: Sequence[News], site_url: str = "") -> str:
    """The feed; links are relative where the site's own address is not known."""
    settings = wiki.linked.settings
    site = f"{site_url.rstrip('/')}/" if site_url else ""
    feed = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": "en"})
    _add(feed, "title", f"{settings.name.text}: changed claims")
    _add(feed, "subtitle", settings.tagline.text)
    _add(feed, "id", _tag(wiki))
    _add(feed, "updated", news[0].when if news else _NOTHING_YET)
    _add(feed, "link", rel="alternate", type="text/html", href=site or "./")
    if site:
        _add(feed, "link", rel="self", type="application/atom+xml", href=f"{site}{FEED}")
    _add(_add(feed, "author"), "name", settings.name.text)
    for item in news:
        entry = _add(feed, "entry")
        title, summary = _words(wiki, item)
        _add(entry, "title", title)
        _add(entry, "id", _tag(wiki, item))
        _add(entry, "updated", item.when)
        _add(entry, "link", rel="alternate", type="text/html", href=f"{site}{_address(wiki, item)}" or "./")
        _add(entry, "category", term=str(item.change))
        _add(entry, "summary", summary)
    ElementTree.indent(feed, "")
    body = ElementTree.tostring(feed, encoding="unicode", short_empty_elements=True)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'


def sentence(wiki: CitedWiki, cited: CitedStatement) -> str:
    """A claim without markup, with whose assertion it is."""
    record = cited.statement.record
    said = isinstance(record, Claim) and record.said_by
    return f"{wiki.linked.names[said.id]}: {cited.statement.plain}" if said else cited.statement.plain


def _words(wiki: CitedWiki, item: News) -> tuple[str, str]:
    """Title and summary of an entry. What was withdrawn is not said again: there may be reasons."""
    if item.cited is None:
        return f"{item.name}: a claim was withdrawn", f"The claim “{item.claim}” is no longer made here."
    said = sentence(wiki, item.cited)
    title = f"{item.name}: {said}"
    if len(title) > _LONGEST_TITLE:
        title = title[: _LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"
    cites = "; ".join(map(_cite, item.cited.cites))
    return title, f"{said} [{cites}] ({item.change})"


def _cite(found: CheckedCite) -> str:
    where = f" ¶{found.passage.id[1:]}" if found.passage else ""
    return f"{found.seed.record.short}{where}, {found.checked}"


def _address(wiki: CitedWiki, item: News) -> str:
    """Where the claim stands, or stood; the home page if its entity is gone."""
    if item.entity not in wiki.linked.entities:
        return ""
    page = site_address(entity_page(wiki.linked, item.entity))
    return f"{page}#{item.claim}" if item.cited else page


def _tag(wiki: CitedWiki, item: News | None = None) -> str:
    """An id that stays wherever the site is: the repository, and entity and claim as first called."""
    owner = urlsplit(wiki.linked.settings.repository.text)
    parts = [owner.path.strip("/")]
    if item is not None:
        entity = wiki.linked.entities.get(item.entity)
        record = item.cited.statement.record if item.cited else None
        parts.append(_first(item.entity, (ref.id for ref in entity.formerly) if entity else ()))
        former = record.formerly if isinstance(record, Claim) else ()
        parts.append(_first(item.claim, (anchor.id for anchor in former)))
    return f"tag:{owner.hostname},{_SINCE}:{quote('/'.join(filter(None, parts)))}"


def _first(id_: str, formerly: Iterable[str]) -> str:
    return next(iter(formerly), id_)


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    """A new element within `parent`, without the characters that XML cannot hold."""
    added = ElementTree.SubElement(parent, name, attributes)
    added.text = _NOT_XML.sub("", text) or None
    return added
