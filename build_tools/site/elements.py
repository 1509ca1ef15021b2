"""What an element of a page may be, and which addresses stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType


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
STYLED = frozenset({"style", *_PAINT.split()})
_REFRESH = re.compile(r"[\s\d.]*[;,\s]*(?:url\s*=\s*)?[\"']?([^\"']*)", re.I)
_CSS_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.S)
_CSS_ADDRESS = re.compile(
    r"""/\*.*?(?:\*/|\Z)
    | (?:url|src)\(\s*(?:"(?P<a>[^"]*)"|'(?P<b>[^']*)'|(?P<c>[^)]*))
    | (?P<import>@import(?>\s|/\*.*?\*/)*+)?(?:"(?P<d>[^"]*)"|'(?P<e>[^']*)')""",
    re.I | re.S | re.X,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """An element of a page, and what of its surroundings matters."""

    tag: str
    start: int  # where its tag begins in the text, negative if that has none
    attributes: Mapping[str, str]
    in_article: bool
    parent: str
    css: str


def refusals(element: Element) -> Iterator[tuple[str, str, str]]:
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
            yield name, f"`<{tag} {clip(name)}>` is an event handler", "remove the attribute"
        elif allowed is None or name.startswith(("aria-", "data-")) or name in GLOBAL_ATTRIBUTES:
            continue
        elif name not in allowed:
            yield name, f"`<{tag} {clip(name)}>`: the attribute is not allowed {where}", hint
        elif name == "http-equiv" and value.lower() not in META_DIRECTIVES:
            yield name, f'`<meta http-equiv="{clip(value)}">` is not allowed', hint
        elif name == "charset" and value.lower() != "utf-8":  # browsers would read another text than we do
            yield name, f'`<meta charset="{clip(value)}">`: pages are UTF-8', "write `utf-8`"


def references_of(element: Element) -> Iterator[tuple[str, str, bool]]:
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
        elif name in STYLED:
            yield from ((name, url, True) for url in css_addresses(value))
        elif name == "content" and attributes.get("http-equiv", "").lower() == "refresh":
            yield from ((name, url, False) for url in _REFRESH.findall(value)[:1] if url)
    yield from (("", url, True) for url in css_addresses(element.css))


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


def css_addresses(css: str) -> Iterator[str]:
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


def clip(value: str) -> str:
    """The value on one line, whatever it holds, and not too long."""
    text = "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in value[:80])
    return text if len(value) <= 80 else f"{text}…"
