"""What a sound page of the site has for others, and wants of them; and whether it is sound, yes or no.

It says so at a fraction of what `page` and `checks` cost, which must say what is wrong with one that is not.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser

from build_tools.site.elements import SCRIPT_PARENTS, STYLED, Element, css_addresses, references_of, refusals
from build_tools.site.markup import Markup, names_in, resolved, shape_and_values, start_tags, written_out
from build_tools.site.page import ARTICLE_CLASS, END_MARK, parsed
from build_tools.site.targets import Reference, is_page, refusal_of, site_of, target_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Holds:
    """What a sound page or style sheet has, and what it needs the site to have: files, and anchors of pages
    as `file#anchor`; how many of its links lead to anchors; and of a page how the parser read it.
    """

    ids: frozenset[str]
    wants: frozenset[str]
    links: int = 0
    anchors: int = 0
    assets: int = 0
    markup: Markup | None = None


def holds(path: str, text: str, site_url: str) -> Holds | None:
    """What the file holds; None if `read_page` or `resolve` may find anything wrong with it, whatever the
    site has: then they say what.

    It looks at the same as they do, but not at the tree: at the text that is written out of it, where each
    start tag that returns, on this page or another, is read once.
    """
    if not is_page(path):
        loads = Counter(("", url, True) for url in css_addresses(text))
        return _wanted(path, frozenset(), loads, site_url)
    tree, _, _ = parsed(text)
    markup = written_out(tree)
    inside = _inside(markup.text)
    scripted = _of_scripts(tree)
    if inside is None or scripted is None:
        return None
    begin, end = inside
    tags = [
        *map(_told_by, start_tags(markup.text, 0, begin), itertools.repeat(False)),
        *map(_told_by, start_tags(markup.text, begin, end), itertools.repeat(True)),
        *map(_told_by, start_tags(markup.text, end), itertools.repeat(False)),
    ]
    if None in tags:
        return None
    telling = [each for each in tags if each]
    ids = [each.id for each in telling if each.id]
    if len(ids) != len(set(ids)):
        return None
    names = (each.name for each in telling if each.name)
    addresses = Counter(itertools.chain(scripted, *(each.addresses for each in telling)))
    found = _wanted(path, frozenset((*ids, *names)), addresses, site_url)
    return None if found is None else replace(found, markup=markup)


def _inside(markup: str) -> tuple[int, int] | None:
    """Where what the article holds begins and ends; None if the mark is not at its end, if there is another
    article, which no page should have, or if the name of an element hides the end of all."""
    if not markup.endswith("</html>"):
        return None
    first = markup.find("<article")
    if first < 0:
        return 0, 0
    begin = markup.find(">", first) + 1
    end = markup.find("</article", begin)
    mark = f"<{END_MARK}>"
    shape, values = shape_and_values(markup[first + 1 : begin - 1])
    kind = _kind(shape, in_article=False)
    classes = dict(zip(kind.names[1:], values, strict=True)).get("class", "") if kind.sound else ""
    if ARTICLE_CLASS not in classes.split() or markup.find("<article", begin) >= 0:
        return None
    return (begin, end) if markup.count(mark[:-1]) == 1 and mark in markup[begin:end] else None


def _of_scripts(tree: LexborHTMLParser) -> list[_Address] | None:
    """The addresses that style sheets within the page load; None if scripts or style sheets hold elements, or
    scripts stand where the theme puts none."""
    found: list[_Address] = []
    for node in tree.css("script, style"):
        if any(True for _ in node.iter()):
            return None
        if node.tag == "style":
            found += (("", url, True) for url in css_addresses(node.text()))
        elif (node.parent.tag if node.parent else None) not in SCRIPT_PARENTS:
            return None
    return found


_Address = tuple[str, str, bool]  # attribute, address, and whether browsers load it unasked


class _Told(NamedTuple):
    """What a start tag tells: anchors, by `id` and by `name`, and addresses."""

    id: str
    name: str
    addresses: tuple[_Address, ...]


@functools.lru_cache(maxsize=1 << 14)
def _told_by(tag: str, in_article: bool) -> _Told | tuple[()] | None:
    """What stands in a start tag, if anything; None if it is refused, wherever a script may stand."""
    shape, values = shape_and_values(tag)
    kind = _kind(shape, in_article)
    if not kind.sound:
        return () if tag == END_MARK else None
    if kind.by_value:
        attributes = dict(zip(kind.names[1:], map(resolved, values), strict=True))
        element = _described(kind.names[0], attributes, in_article)
        if any(True for _ in refusals(element)):
            return None
        addresses = tuple(references_of(element))
    else:
        addresses = tuple((kind.names[at + 1], resolved(values[at]), loaded) for at, loaded in kind.addresses)
    id_, name = (resolved(values[at]) if at is not None else "" for at in (kind.id, kind.name))
    return _Told(id_, name, addresses) if id_ or name or addresses else ()


@dataclass(frozen=True, slots=True)
class _Kind:
    """Elements of one name with attributes of the same names: whether these are allowed, whether more hangs
    on their values, and else which are addresses, with whether browsers load them unasked."""

    sound: bool
    names: tuple[str, ...] = ()
    by_value: bool = False
    id: int | None = None
    name: int | None = None
    addresses: tuple[tuple[int, bool], ...] = ()


_BY_VALUE = frozenset({"http-equiv", "charset", "srcset", "imagesrcset", *STYLED})


@functools.lru_cache(maxsize=1 << 12)
def _kind(shape: str, in_article: bool) -> _Kind:
    names = names_in(shape)
    if names is None:
        return _Kind(sound=False)
    tag, *attributes = names
    at = {name: number for number, name in enumerate(attributes)}
    by_value = tag in ("link", "script", "style", "meta") or not _BY_VALUE.isdisjoint(at)
    element = _described(tag, dict.fromkeys(attributes, ""), in_article)
    return _Kind(
        sound=by_value or not any(True for _ in refusals(element)),
        names=names,
        by_value=by_value,
        id=at.get("id"),
        name=at.get("name") if tag == "a" else None,
        addresses=tuple(
            (at[name], loaded) for name, _, loaded in (() if by_value else references_of(element))
        ),
    )


def _described(tag: str, attributes: Mapping[str, str], in_article: bool) -> Element:
    """An element as its start tag describes it: a script, at a place where one may stand."""
    parent = "head" if tag == "script" else ""
    return Element(tag=tag, start=-1, attributes=attributes, in_article=in_article, parent=parent, css="")


# Addresses that say no more than they seem to: nothing to decode, to strip or to take for a host.
_PLAIN_ADDRESS = re.compile(r"(?:\.\./)*+([\w-][\w.-]*+(?:/[\w-][\w.-]*+)*+/?)?(?:#([\w.-]+))?", re.ASCII)


@functools.lru_cache(maxsize=1 << 14)
def _plain(url: str) -> tuple[int, str, str] | None:
    """Of a plain address how many folders it leads up, the path from there, and the anchor."""
    match = _PLAIN_ADDRESS.fullmatch(url)
    if match is None:
        return None
    path, anchor = match[1] or "", match[2] or ""
    return url.count("../", 0, match.start(1) if path else len(url)), path, anchor


def _wanted(path: str, ids: frozenset[str], addresses: Counter[_Address], site_url: str) -> Holds | None:
    """What the addresses of a file need the site to have; None if one is refused wherever it leads."""
    host, prefix = site_of(site_url)
    wants: set[str] = set()
    anchors = assets = 0
    above = ["", *(f"{step}/" for step in itertools.accumulate(path.split("/")[:-1], "{}/{}".format))]
    for (name, url, loaded), count in addresses.items():
        assets += count if loaded else 0
        if url and (plain := _plain(url)):
            up, below, fragment = plain
            if up >= len(above):
                return None
            found = path
            if below or up:
                found = above[-1 - up] + below
                if not below or below.endswith("/"):
                    found += "index.html"
        else:
            holder = "<meta>" if name == "content" else ""
            target = target_of(url, path, host, prefix)
            reference = Reference(holder=holder, url=url, loaded=loaded, line=1, column=1)
            if refusal_of(reference, target):
                return None
            if target.host or target.scheme == "mailto":
                continue
            if not target.path:
                return None
            found, fragment = target.path, unquote(target.fragment)
        wants.add(found)
        if fragment and is_page(found):
            anchors += count
            if fragment.lower() != "top":
                wants.add(f"{found}#{fragment}")
    links = addresses.total() - assets
    return Holds(ids=ids, wants=frozenset(wants), links=links, anchors=anchors, assets=assets)
