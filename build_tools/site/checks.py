"""What the built site must be: whole, self-contained, and of no HTML but what it is meant to have.

The check reads the pages that a browser gets, whatever made them. `read_page` says what one page holds,
`resolve` holds the pages against each other; only `check_site` touches the disk. Pages are read one at a
time, so that memory holds the anchors of the site and never its HTML.

Not seen: what scripts do when they run, SVG files, and whether an inline script outside of the article is
the theme's own (it must stand in an element where the theme puts its scripts).
"""

from __future__ import annotations

import functools
import itertools
import pathlib
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from build_tools.problems import Code, Location, Problem, did_you_mean, in_order
from build_tools.site.markup import Markup, names_in, resolved, shape_and_values, start_tags, written_out


def _table(rows: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
    return MappingProxyType(
        {tag: frozenset(row.split()) for tags, row in rows.items() for tag in tags.split()}
    )


# What is allowed: element → its own attributes; besides, aria-*, data-* and these:
GLOBAL_ATTRIBUTES = frozenset({"id", "class", "title", "lang", "dir", "hidden", "role", "tabindex"})
_PAINT = "fill stroke clip-path mask marker-start marker-mid marker-end"  # these may hold `url(…)`
_DRAWING = (
    f"{_PAINT} d x y x1 y1 x2 y2 cx cy r rx ry dx dy points width height viewBox preserveAspectRatio xmlns"
    " xmlns:xlink version focusable transform opacity fill-rule fill-opacity clip-rule stroke-width"
    " stroke-linecap stroke-linejoin stroke-dasharray stroke-opacity offset stop-color stop-opacity"
    " gradientUnits gradientTransform markerWidth markerHeight orient refX refY font-size text-anchor"
)
ARTICLE_ELEMENTS = _table(
    {
        "p h1 h2 h3 h4 h5 h6 em strong b i s u code kbd samp var pre sup sub small mark span div": "",
        "section aside nav header footer hgroup address dl dt dd ul figure figcaption summary hr br wbr": "",
        "abbr dfn cite bdi bdo ruby rt rp table caption thead tbody tfoot tr": "",
        "a": "href hreflang rel target type download name xlink:href",
        "img": "src srcset sizes alt width height loading decoding",
        "ol": "start type reversed",
        "li": "value",
        "blockquote q": "cite",
        "del ins": "cite datetime",
        "time": "datetime",
        "details": "open name",
        "td th": "colspan rowspan headers scope abbr align",
        "col colgroup": "span",
        "svg g path circle ellipse line polyline polygon rect text tspan defs symbol title desc": _DRAWING,
        "linearGradient radialGradient stop clipPath mask marker": _DRAWING,
        "use": f"{_DRAWING} href xlink:href",
    }
)
# What the theme makes around the article, in addition.
CHROME_ELEMENTS = _table(
    {
        "html head body main article title style": "",
        "meta": "charset name content property http-equiv media",
        "link": "rel href hreflang type title media as crossorigin sizes",
        "script": "src type async defer",
        "form": "name",
        "input": "type name placeholder required checked autocomplete autocapitalize autocorrect spellcheck",
        "label": "for",
        "button": "type",
    }
)
META_DIRECTIVES = frozenset({"refresh", "content-security-policy"})
# The theme's scripts stand in these. Titles and labels end up in others: a script there came with one.
SCRIPT_PARENTS = frozenset({"head", "body", "nav", "div", "aside"})
# A <link> of any other relation makes browsers fetch its address, or at least call its host.
REFERRING_RELS = frozenset({"canonical", "next", "prev", "alternate", "edit", "author", "license", "help"})

_LOADED = frozenset({"src", "poster", "data", "background"})
_FOLLOWED = frozenset({"action", "formaction", "cite", "longdesc"})
_STYLED = frozenset({"style", *_PAINT.split()})
_C0_AND_SPACE = "".join(map(chr, range(0x21)))
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_REFRESH = re.compile(r"[\s\d.]*[;,\s]*(?:url\s*=\s*)?[\"']?([^\"']*)", re.I)
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1|\Z)|<([a-z][^\s/>]*)", re.I | re.S)
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]*))?""")
_CSS_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.S)
_CSS_ADDRESS = re.compile(
    r"""/\*.*?(?:\*/|\Z)
    | (?:url|src)\(\s*(?:"(?P<a>[^"]*)"|'(?P<b>[^']*)'|(?P<c>[^)]*))
    | (?P<import>@import(?>\s|/\*.*?\*/)*+)?(?:"(?P<d>[^"]*)"|'(?P<e>[^']*)')""",
    re.I | re.S | re.X,
)
_END_MARK = "site-check-end"
_ARTICLE_CLASS = "md-content__inner"  # by which the theme marks the article


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An address, and where it stands: in an attribute, or in a style sheet."""

    holder: str
    url: str
    loaded: bool  # by browsers, unasked
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one file of the site holds; `path` is counted from the site's root, as in the findings."""

    path: str
    links: tuple[Reference, ...] = ()
    loads: tuple[Reference, ...] = ()
    ids: frozenset[str] = frozenset()
    findings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReport:
    """How many pages, links, anchors linked to and loaded assets were judged, and what is wrong."""

    pages: int
    links: int
    anchors: int
    assets: int
    problems: tuple[Problem, ...]


def check_site(root: pathlib.Path, *, shown_as: str = "build/site", site_url: str = "") -> SiteReport:
    """Every page and style sheet below `root` is judged; problems name it as `shown_as`.

    `site_url` is the address the site is made for: links to it are links within the site.
    """
    files = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())

    def read() -> Iterator[Page]:
        for path in files:
            if is_page(path) or path.endswith(".css"):
                text = (root / path).read_text(encoding="utf-8-sig", errors="replace")
                yield read_page(path, text) if is_page(path) else read_sheet(path, text)

    report = resolve(read(), frozenset(files), site_url=site_url)
    found = [
        replace(each, at=each.at._replace(path=f"{shown_as}/{each.at.path}")) for each in report.problems
    ]
    if not report.pages:
        at, hint = Location(f"{shown_as}/index.html"), "build the site, then check it"
        found.append(Problem(at, Code.DEAD_LINK, "the site has no pages", hint))
    return replace(report, problems=in_order(found))


# ---- one page ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Element:
    tag: str
    start: int  # where its tag begins in the text, negative if that has none
    attributes: Mapping[str, str]
    in_article: bool
    parent: str
    css: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A text in which offsets are found by line and column, 1:1 for a negative one."""

    text: str
    breaks: Sequence[int]

    @classmethod
    def of(cls, text: str) -> _Text:
        return cls(text=text, breaks=[match.start() for match in re.finditer("\n", text)])

    def place(self, offset: int) -> tuple[int, int]:
        line = bisect_left(self.breaks, offset)
        return line + 1, max(offset, 0) - (self.breaks[line - 1] if line else -1)

    def place_of(self, element: _Element, attribute: str) -> tuple[int, int]:
        """The first attribute of that name from the element's tag on, else the tag."""
        matches = _ATTRIBUTE.finditer(self.text, element.start) if attribute and element.start >= 0 else ()
        starts = (match.start() for match in matches if match[1].lower() == attribute.lower())
        return self.place(next(starts, element.start))


def read_page(path: str, html: str) -> Page:
    """What the page holds, and what about it is wrong whatever the other pages hold."""
    text = _Text.of(html)
    tree, article, end = _parsed(html)
    references: list[Reference] = []
    findings: list[Problem] = []
    names: set[str] = set()
    bearers: dict[str, _Element] = {}

    def find(place: tuple[int, int], message: str, hint: str, code: Code = Code.FORBIDDEN_HTML) -> None:
        findings.append(Problem(Location(path, *place), code, message, hint))

    if article and not _ends_once(tree, article):
        message = "the text of the article ends the article, or hides its end"
        hint = "close every element, comment and quotation mark that the text opens, and nothing else"
        find(text.place(end), message, hint)
    for element in _elements(html, tree, article):
        for attribute, message, hint in _refusals(element):
            find(text.place_of(element, attribute), message, hint)
        for attribute, url, loaded in _references(element):
            line, column = text.place_of(element, attribute)
            holder = f"<{element.tag} {attribute}".rstrip() + ">"
            references.append(Reference(holder=holder, url=url, loaded=loaded, line=line, column=column))
        name = element.attributes.get("id", "")
        if name and (bearer := bearers.setdefault(name, element)) is not element:
            line, _ = text.place_of(bearer, "id")
            message = f'`<{element.tag} id="{_clip(name)}">`: line {line} has this id already'
            hint = "give one of the two another id"
            find(text.place_of(element, "id"), message, hint, Code.DUPLICATE_ANCHOR)
        if element.tag == "a" and (name := element.attributes.get("name", "")):
            names.add(name)
    return Page(
        path=path,
        links=tuple(reference for reference in references if not reference.loaded),
        loads=tuple(reference for reference in references if reference.loaded),
        ids=frozenset(names.union(bearers)),
        findings=tuple(findings),
    )


def read_sheet(path: str, css: str) -> Page:
    """What a style sheet loads."""
    text = _Text.of(css)
    loads = []
    for url in _css_addresses(css):
        line, column = text.place(css.find(url))
        loads.append(Reference(holder="url(…)", url=url, loaded=True, line=line, column=column))
    return Page(path=path, loads=tuple(loads))


def _parsed(html: str) -> tuple[LexborHTMLParser, LexborNode | None, int]:
    """The page with a mark where its article should end, its article, and where the mark was put.

    The mark stands where the template ends the article. Had the article's text closed it earlier, or hidden
    its end, the mark would not be inside, and what the text holds would pass for the theme's.
    """
    end = html.rfind("</article") if "</article" in html else len(html)
    tree = LexborHTMLParser(f"{html[:end]}<{_END_MARK}></{_END_MARK}>{html[end:]}")
    return tree, tree.css_first(f"article.{_ARTICLE_CLASS}"), end


def _ends_once(tree: LexborHTMLParser, article: LexborNode) -> bool:
    return [len(tree.css(_END_MARK)), len(article.css(_END_MARK))] == [1, 1]


def _elements(html: str, tree: LexborHTMLParser, article: LexborNode | None) -> Iterator[_Element]:
    """Every element but the mark. Those in templates come last; like any second <article> they are held
    to the rules of the first, so as to be refused.

    The parser keeps no positions. The n-th element of a name is taken for the n-th start tag of that
    name, which holds unless the parser moved, repeated or supplied elements.
    """
    starts: dict[str, list[int]] = {}
    for match in _TAG.finditer(html):
        starts.setdefault((match[1] or match[2] or "").lower(), []).append(match.start())
    tags = {name: iter(places) for name, places in starts.items()}
    for node, in_article in _nodes(tree, article):
        if (tag := node.tag) and tag != _END_MARK:
            yield _element(node, in_article, next(tags.get(tag.lower(), iter(())), -1))


def _nodes(tree: LexborHTMLParser, article: LexborNode | None) -> list[tuple[LexborNode, bool]]:
    """Every element, those in templates last, and whether it is held to the rules of articles."""
    inside = {node.mem_id for node in (*tree.css("article"), *(article.css("*") if article else ()))}
    inside.discard(article.mem_id if article else -1)
    nodes = [(node, node.mem_id in inside) for node in tree.css("*")]
    fragments = tree.template_fragments()
    while fragments:
        fragment = fragments.pop()
        nodes.extend((node, True) for node in fragment.css("*"))
        fragments.extend(fragment.template_fragments())
    return nodes


def _element(node: LexborNode, in_article: bool, start: int = -1) -> _Element:
    return _Element(
        tag=node.tag or "",
        start=start,
        attributes={name: value or "" for name, value in node.attributes.items()},
        in_article=in_article,
        parent=(node.parent.tag if node.parent else None) or "",
        css=node.text() if node.tag == "style" else "",
    )


def _refusals(element: _Element) -> Iterator[tuple[str, str, str]]:
    """Attribute (or nothing), message and hint of all that the allow-list refuses in an element."""
    tag = element.tag
    where, hint = "in an article", "write it in Markdown, or leave it out"
    if not element.in_article:
        where, hint = "outside of the article", "take it out of the theme's templates"
    allowed = ARTICLE_ELEMENTS.get(tag, None if element.in_article else CHROME_ELEMENTS.get(tag))
    if allowed is None:
        yield "", f"`<{tag}>` is not allowed {where}", hint
    elif tag == "script" and element.parent not in SCRIPT_PARENTS:
        message = f"`<script>` stands in `<{element.parent}>`, where the theme puts none"
        yield "", message, "escape the text that brought it there"
    for name, value in element.attributes.items():
        if name.lower().startswith("on"):
            yield name, f"`<{tag} {_clip(name)}>` is an event handler", "remove the attribute"
        elif allowed is None or name.startswith(("aria-", "data-")) or name in GLOBAL_ATTRIBUTES:
            continue
        elif name not in allowed:
            yield name, f"`<{tag} {_clip(name)}>`: the attribute is not allowed {where}", hint
        elif name == "http-equiv" and value.lower() not in META_DIRECTIVES:
            yield name, f'`<meta http-equiv="{_clip(value)}">` is not allowed', hint
        elif name == "charset" and value.lower() != "utf-8":  # browsers would read another text than we do
            yield name, f'`<meta charset="{_clip(value)}">`: pages are UTF-8', "write `utf-8`"


def _references(element: _Element) -> Iterator[tuple[str, str, bool]]:
    """Attribute (nothing for the text of <style>), address, and whether browsers load it unasked."""
    tag, attributes = element.tag, element.attributes
    rels = attributes.get("rel", "").lower().split()
    followed = tag in ("a", "area") or (tag == "link" and bool(rels) and REFERRING_RELS.issuperset(rels))
    for name, value in attributes.items():
        if name in ("href", "xlink:href"):
            yield name, value, not followed
        elif name in ("srcset", "imagesrcset"):
            yield from ((name, url, True) for url in _srcset(value))
        elif name in _LOADED or name in _FOLLOWED:
            yield name, value, name in _LOADED
        elif name in _STYLED:
            yield from ((name, url, True) for url in _css_addresses(value))
        elif name == "content" and attributes.get("http-equiv", "").lower() == "refresh":
            yield from ((name, url, False) for url in _REFRESH.findall(value)[:1] if url)
    yield from (("", url, True) for url in _css_addresses(element.css))


def _srcset(value: str) -> Iterator[str]:
    """The addresses of a list of image candidates (HTML Standard, "parse a srcset attribute")."""
    in_descriptor = False
    for token in value.split():
        _, comma, after = token.partition(",")
        if not in_descriptor or comma:
            token = after if in_descriptor else token
            if url := token.strip(","):
                yield url
            in_descriptor = bool(url) and not token.endswith(",")


def _css_addresses(css: str) -> Iterator[str]:
    """What a style sheet loads, images within it (`data:`) left out: `url(…)`, `@import "…"`, and every
    string that names a host, for the sake of `image-set`."""
    for match in _CSS_ADDRESS.finditer(_CSS_ESCAPE.sub(_unescaped, css)):
        parts = match.groupdict(default="")
        string = parts["d"] or parts["e"]
        url = parts["a"] or parts["b"] or parts["c"].strip()
        if string and (parts["import"] or re.match(r"\s*(https?:)?//\w", string, re.I)):
            yield string
        elif url and not url.lower().startswith("data:image/"):
            yield url


def _unescaped(match: re.Match[str]) -> str:
    """The character that a CSS escape stands for; one that would end a string or bracket becomes `_`."""
    number = int(match[1], 16) if match[1] else ord(match[2])
    return chr(number) if number <= 0x10FFFF and chr(number) not in "\"'()\\\n" else "_"


def _clip(value: str) -> str:
    """The value on one line, whatever it holds, and not too long."""
    text = "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in value[:80])
    return text if len(value) <= 80 else f"{text}…"


# ---- all pages ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """Where an address leads: by a scheme, to another host, or to a path below the site's root."""

    scheme: str = ""
    host: str = ""
    path: str = ""  # empty: none that the site could have
    fragment: str = ""


def resolve(pages: Iterable[Page], files: Collection[str], *, site_url: str = "") -> SiteReport:
    """The pages are held against each other and the site's files; the problems' paths are the pages'.

    `pages` is gone through once. Of a page only its anchors are kept, and such of its links as lead to
    anchors of pages that have not come yet.
    """
    host, prefix = _site(site_url)
    addresses = _both_ways(map(_address, files))
    anchors: dict[str, frozenset[str]] = {}
    hints: dict[tuple[str, str], str] = {}
    waiting: list[tuple[str, Reference, _Target]] = []
    problems: list[Problem] = []
    counts: Counter[str] = Counter()

    def find(path: str, reference: Reference, code: Code, message: str, hint: str) -> None:
        at = Location(path, reference.line, reference.column)
        message = f"`{reference.holder}`: `{_clip(reference.url)}` {message}"
        problems.append(Problem(at, code, message, hint))

    def check_anchor(path: str, reference: Reference, target: _Target) -> None:
        ids, wanted = anchors.get(target.path, frozenset()), unquote(target.fragment)
        if target.fragment in ids or wanted in ids or wanted.lower() == "top":
            return
        if (key := (target.path, wanted)) not in hints:
            hints[key] = _hint(wanted, _both_ways(ids), "link to an anchor that the page has")
        where = "this page" if target.path == path else f"`{_address(target.path)}`"
        message = f"leads to the anchor `{_clip(wanted)}`, which {where} lacks"
        find(path, reference, Code.DEAD_ANCHOR, message, hints[key])

    for page in pages:
        problems.extend(page.findings)
        if is_page(page.path):
            anchors[page.path] = page.ids
        counts.update(links=len(page.links), assets=len(page.loads))
        for reference in (*page.links, *page.loads):
            target = _target(reference.url, page.path, host, prefix)
            if refusal := _refusal(reference, target):
                find(page.path, reference, *refusal)
            elif target.host or target.scheme == "mailto":
                continue
            elif not target.path:
                hint = f"the site begins at `{prefix}`; mind the `../`"
                find(page.path, reference, Code.DEAD_LINK, "leads out of the site", hint)
            elif target.path not in files:
                wanted = _address(target.path)
                if (key := (target.path, "")) not in hints:
                    hints[key] = _hint(wanted, addresses, "link to a page or file of the site")
                message = f"leads to `{_clip(wanted)}`, which the site lacks"
                find(page.path, reference, Code.DEAD_LINK, message, hints[key])
            elif target.fragment and is_page(target.path):
                counts["anchors"] += 1
                if target.path in anchors:
                    check_anchor(page.path, reference, target)
                else:
                    waiting.append((page.path, reference, target))
    for path, reference, target in waiting:
        check_anchor(path, reference, target)
    links, linked, assets = counts["links"], counts["anchors"], counts["assets"]
    found = in_order(problems)
    return SiteReport(pages=len(anchors), links=links, anchors=linked, assets=assets, problems=found)


def _site(site_url: str) -> tuple[str, str]:
    """The host of a site, and the path that all its addresses begin with."""
    site = urlsplit(site_url)
    return site.netloc.lower(), f"{site.path.rstrip('/')}/"


def _refusal(reference: Reference, target: _Target) -> tuple[Code, str, str] | None:
    """Code, message and hint where an address must not stand, wherever in the site it leads."""
    loaded, scheme = reference.loaded, target.scheme
    if scheme not in ("", "http", "https", "mailto") or (loaded and scheme == "mailto"):
        hint = "load a file of the site" if loaded else "link by http, https or mailto, or within the site"
        return Code.FORBIDDEN_HTML, f"has the scheme `{_clip(scheme)}:`, which is not allowed", hint
    if loaded and target.host:
        return Code.OTHER_HOST, "would be loaded from another host", "put the file into the site"
    if reference.holder.startswith("<meta") and (target.host or scheme == "mailto"):
        return Code.FORBIDDEN_HTML, "sends readers away from the site", "send them to a page of the site"
    if loaded and not reference.url.strip():
        return Code.DEAD_LINK, "is empty", "name a file of the site"
    return None


def _target(url: str, page: str, host: str, prefix: str) -> _Target:
    """Where a browser goes for an address on a page (URL Standard, as far as a site's links need it)."""
    text = re.sub(r"[\t\n\r]", "", url.strip(_C0_AND_SPACE))
    scheme = match[1].lower() if (match := _SCHEME.match(text)) else ""
    if scheme not in ("", "http", "https"):
        return _Target(scheme=scheme)
    text, _, fragment = text[len(scheme) + 1 if scheme else 0 :].partition("#")
    text = re.sub("%2e", ".", text.partition("?")[0].replace("\\", "/"), flags=re.I)
    if scheme or text.startswith("//"):
        there, _, rest = text.lstrip("/").partition("/")
        text = f"/{rest}"
        if not host or there.lower() != host or not text.startswith(prefix):
            return _Target(scheme=scheme, host=there.lower())
    fragment = fragment.partition(":~:")[0]  # a text directive names no element
    if not text:
        return _Target(path=page, fragment=fragment)
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
    return _Target(path="/".join(steps), fragment=fragment) if inside else _Target()


def is_page(path: str) -> bool:
    """Whether the file is HTML."""
    return path.endswith((".html", ".htm"))


def _address(path: str) -> str:
    """The address of a file as links write it, from the site's root."""
    return path.removesuffix("index.html") if path.endswith("/index.html") else path


def _both_ways(names: Iterable[str]) -> tuple[Sequence[str], Sequence[str]]:
    """The names in order, and in the order of their ends (spelt backwards)."""
    ordered = sorted(names)
    return ordered, sorted(name[::-1] for name in ordered)


def _hint(wanted: str, names: tuple[Sequence[str], Sequence[str]], otherwise: str) -> str:
    """Names the nearest of those that stand beside the wanted name in either order. To compare all of
    them would take minutes where many links are dead."""
    forwards, backwards = names
    here, there = bisect_left(forwards, wanted), bisect_left(backwards, wanted[::-1])
    ends = (name[::-1] for name in backwards[max(there - 10, 0) : there + 10])
    return did_you_mean(wanted, (*forwards[max(here - 10, 0) : here + 10], *ends), otherwise=otherwise)


# ---- one page, and nothing but yes or no ---------------------------------------------------------


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
        loads = Counter(("", url, True) for url in _css_addresses(text))
        return _wanted(path, frozenset(), loads, site_url)
    tree, _, _ = _parsed(text)
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
    mark = f"<{_END_MARK}>"
    shape, values = shape_and_values(markup[first + 1 : begin - 1])
    kind = _kind(shape, in_article=False)
    classes = dict(zip(kind.names[1:], values, strict=True)).get("class", "") if kind.sound else ""
    if _ARTICLE_CLASS not in classes.split() or markup.find("<article", begin) >= 0:
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
            found += (("", url, True) for url in _css_addresses(node.text()))
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
        return () if tag == _END_MARK else None
    if kind.by_value:
        attributes = dict(zip(kind.names[1:], map(resolved, values), strict=True))
        element = _described(kind.names[0], attributes, in_article)
        if any(True for _ in _refusals(element)):
            return None
        addresses = tuple(_references(element))
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


_BY_VALUE = frozenset({"http-equiv", "charset", "srcset", "imagesrcset", *_STYLED})


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
        sound=by_value or not any(True for _ in _refusals(element)),
        names=names,
        by_value=by_value,
        id=at.get("id"),
        name=at.get("name") if tag == "a" else None,
        addresses=tuple((at[name], loaded) for name, _, loaded in (() if by_value else _references(element))),
    )


def _described(tag: str, attributes: Mapping[str, str], in_article: bool) -> _Element:
    """An element as its start tag describes it: a script, at a place where one may stand."""
    parent = "head" if tag == "script" else ""
    return _Element(tag=tag, start=-1, attributes=attributes, in_article=in_article, parent=parent, css="")


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
    host, prefix = _site(site_url)
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
            target = _target(url, path, host, prefix)
            reference = Reference(holder=holder, url=url, loaded=loaded, line=1, column=1)
            if _refusal(reference, target):
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
