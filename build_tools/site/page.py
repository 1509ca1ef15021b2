"""What one page of the site holds, or a style sheet, and what about it is wrong whatever the others hold."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from build_tools.problems import Code, Location, Problem
from build_tools.site.elements import Element, clip, css_addresses, references_of, refusals
from build_tools.site.targets import Reference

_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1|\Z)|<([a-z][^\s/>]*)", re.I | re.S)
_ATTRIBUTE = re.compile(r"""([^\s"'>/=]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]*))?""")
END_MARK = "site-check-end"
ARTICLE_CLASS = "md-content__inner"  # by which the theme marks the article


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one file of the site holds; `path` is counted from the site's root, as in the findings."""

    path: str
    links: tuple[Reference, ...] = ()
    loads: tuple[Reference, ...] = ()
    ids: frozenset[str] = frozenset()
    findings: tuple[Problem, ...] = ()


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

    def place_of(self, element: Element, attribute: str) -> tuple[int, int]:
        """The first attribute of that name from the element's tag on, else the tag."""
        matches = _ATTRIBUTE.finditer(self.text, element.start) if attribute and element.start >= 0 else ()
        starts = (match.start() for match in matches if match[1].lower() == attribute.lower())
        return self.place(next(starts, element.start))


def read_page(path: str, html: str) -> Page:
    """What the page holds, and what about it is wrong whatever the other pages hold."""
    text = _Text.of(html)
    tree, article, end = parsed(html)
    references: list[Reference] = []
    findings: list[Problem] = []
    names: set[str] = set()
    bearers: dict[str, Element] = {}

    def find(place: tuple[int, int], message: str, hint: str, code: Code = Code.FORBIDDEN_HTML) -> None:
        findings.append(Problem(Location(path, *place), code, message, hint))

    if article and not _ends_once(tree, article):
        message = "the text of the article ends the article, or hides its end"
        hint = "close every element, comment and quotation mark that the text opens, and nothing else"
        find(text.place(end), message, hint)
    for element in _elements(html, tree, article):
        for attribute, message, hint in refusals(element):
            find(text.place_of(element, attribute), message, hint)
        for attribute, url, loaded in references_of(element):
            line, column = text.place_of(element, attribute)
            holder = f"<{element.tag} {attribute}".rstrip() + ">"
            references.append(Reference(holder=holder, url=url, loaded=loaded, line=line, column=column))
        name = element.attributes.get("id", "")
        if name and (bearer := bearers.setdefault(name, element)) is not element:
            line, _ = text.place_of(bearer, "id")
            message = f'`<{element.tag} id="{clip(name)}">`: line {line} has this id already'
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
    for url in css_addresses(css):
        line, column = text.place(css.find(url))
        loads.append(Reference(holder="url(…)", url=url, loaded=True, line=line, column=column))
    return Page(path=path, loads=tuple(loads))


def parsed(html: str) -> tuple[LexborHTMLParser, LexborNode | None, int]:
    """The page with a mark where its article should end, its article, and where the mark was put.

    The mark stands where the template ends the article. Had the article's text closed it earlier, or hidden
    its end, the mark would not be inside, and what the text holds would pass for the theme's.
    """
    end = html.rfind("</article") if "</article" in html else len(html)
    tree = LexborHTMLParser(f"{html[:end]}<{END_MARK}></{END_MARK}>{html[end:]}")
    return tree, tree.css_first(f"article.{ARTICLE_CLASS}"), end


def _ends_once(tree: LexborHTMLParser, article: LexborNode) -> bool:
    return [len(tree.css(END_MARK)), len(article.css(END_MARK))] == [1, 1]


def _elements(html: str, tree: LexborHTMLParser, article: LexborNode | None) -> Iterator[Element]:
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
        if (tag := node.tag) and tag != END_MARK:
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


def _element(node: LexborNode, in_article: bool, start: int = -1) -> Element:
    return Element(
        tag=node.tag or "",
        start=start,
        attributes={name: value or "" for name, value in node.attributes.items()},
        in_article=in_article,
        parent=(node.parent.tag if node.parent else None) or "",
        css=node.text() if node.tag == "style" else "",
    )
