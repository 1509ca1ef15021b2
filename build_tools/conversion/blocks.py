"""The blocks of a page: elements with Markdown in them, HTML without, headings, lists, tables, paragraphs."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from build_tools.conversion.phrasing import Html
from build_tools.conversion.tags import (
    BLOCK_TAG,
    BLOCKS,
    LISTS,
    TAG,
    VOID,
    Given,
    Unknown,
    given,
    refuse_odd,
    written,
)

_DEEPEST = 40  # of elements in elements
# Elements that may take up what follows them, and what they take up.
_JOINED = LISTS | {"blockquote", "dl"}
_JOINS = re.compile(r"[->]|[^\n]*\n:")
_HEADING = re.compile(r"(#{1,6}) +([^{}\n]*+)(?:\{:([^{}\n]++)\})?")
_ATTRIBUTE_LINE = re.compile(
    r"\n *\{:((?: (?:[.#][A-Za-z0-9_-]++|[a-z][a-z-]*+=\"[^\"{}<>&*`\\\[\]|\n]*+\"))++) \}\Z"
)
_ATTRIBUTE = re.compile(r" (?:([.#])([A-Za-z0-9_-]+)|([a-z-]+)=\"([^\"]*)\")")
_LOOSE_UNDERSCORE = re.compile(r"_(?![A-Za-z0-9])")
# A line that may begin something else than text: a list, a heading, a rule, a definition, code.
_BEGINS = re.compile(r"\n(?: {4}| {0,3}(?:[#>:|=+!~_-]|\*(?!\*[^\s*])|\d+\. ))")
_REFERENCES = re.compile(r"(?:[^&]|&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z]+);)*+")
_RULE = re.compile(r"\|(?: *:?-+:? *\|)+")
# Blanks that Python-Markdown changes or that mean something, its own marks, and fences of code.
_ODD = ("\t", "\r", " \n", "\x02", "\x03", "```", "~~~")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: which piece of the page it is to be, its attributes, and the HTML in it."""

    piece: int
    level: int
    attributes: Mapping[str, str]
    html: str


class Blocks(Html):
    """A page's text read block by block into HTML, without its headings and the addresses of its links."""

    def __init__(self, source: str) -> None:
        """Raises Unknown."""
        super().__init__()
        if source.endswith(" ") or any(each in source for each in _ODD):
            raise Unknown
        self.source = f"\n{source}\n\n"  # as Python-Markdown does, and with a line's end before each line
        self.headings: list[Heading] = []
        self.ids: set[str] = set()  # of elements, but for headings without an id of their own
        self._content(0, "", 0)

    def _content(self, at: int, tag: str, depth: int) -> int:
        """What stands in an element is put out; where its end tag ends comes back."""
        if depth > _DEEPEST:
            raise Unknown
        source = self.source
        before = ""  # the element before what comes next
        while found := BLOCK_TAG.search(source, at):
            self._text(source[at : found.start()], tag, before)
            if found[2] is None:
                if found[1] != tag:
                    raise Unknown
                return self._line_end(found.end())
            at = self._line_end(self._element(found, tag, depth))
            before = found[2] if tag or "markdown" in found[3] else ""
        if tag:
            raise Unknown
        self._text(source[at:], tag, before)
        return len(source)

    def _line_end(self, at: int) -> int:
        if self.source[at] != "\n":
            raise Unknown
        return at

    def _element(self, start: re.Match[str], parent: str, depth: int) -> int:
        """An element is put out; where it ends comes back."""
        tag, source = start[2], self.source
        refuse_odd(tag)
        element = given(tag, start[3]) if parent or "markdown" in start[3] else None
        if element is None or element.content == "html":
            if parent:
                return self._untouched(start)
            end = self._balanced(start)
            self.pieces.append(source[start.start() + 1 : end])
            self.pieces.append("\n\n" if source.startswith("\n\n", end) else "\n")
            return end
        self._named(element)
        if element.content == "line":
            end = source.find(f"</{tag}>", start.end())
            text = source[start.end() : end]
            if end < 0 or not parent or "\n" in text:
                raise Unknown
            self.pieces.append(f"<{tag}{element.attributes}>")
            self.line(text)
            self.pieces.append(f"</{tag}>\n")
            return end + len(tag) + 3
        self._line_end(start.end())
        here = len(self.pieces)
        self.pieces.append(f"<{tag}{element.attributes}>")
        end = self._content(start.end(), tag, depth + 1)
        if len(self.pieces) > here + 1:
            self.pieces[here] += "\n"
        self.pieces.append(f"</{tag}>\n")
        return end

    def _named(self, element: Given) -> None:
        if element.id is not None:
            self.ids.add(element.id)

    def _balanced(self, start: re.Match[str]) -> int:
        """Where HTML ends that stands outside of all Markdown, and stays as it is."""
        open_, at = [start[2]], start.end()
        for found in TAG.finditer(self.source, at):
            self._references(at, found.start())
            at = found.end()
            if (ended := found[1]) is not None:
                if open_.pop() != ended:
                    raise Unknown
                if not open_:
                    return at
            elif found[4] is None:
                refuse_odd(found[2])
                if found[2] not in VOID:
                    open_.append(found[2])
        raise Unknown

    def _references(self, start: int, end: int) -> None:
        """Raises Unknown if the text between tags has more than text and character references."""
        text = self.source[start:end]
        if "<" in text or ("&" in text and not _REFERENCES.fullmatch(text)):
            raise Unknown

    def _untouched(self, start: re.Match[str]) -> int:
        """HTML inside of Markdown, whose blocks become elements, is put out; where it ends comes back."""
        stack = [_Untouched(start[2], self._given(start))]
        at = start.end()
        for found in TAG.finditer(self.source, at):
            text = self.source[at : found.start()]
            self._references(at, found.start())
            if ">" in text or "{" in text:
                raise Unknown
            here = stack[-1]
            if text:
                here.text(text)
            at = found.end()
            name = found[1] or found[2]
            refuse_odd(name)
            if name not in BLOCKS:
                here.text(found[0])
            elif found[1] is not None:
                if here.tag != name:
                    raise Unknown
                stack.pop()
                if not stack:
                    self.pieces.append(here.html() + "\n")
                    return at
                stack[-1].child(here.html())
            else:
                begins = not here.touched or self.source[found.start() - 1] == "\n"
                if found[4] is not None or not begins or len(stack) > _DEEPEST:
                    raise Unknown
                if any(each.tag == "p" for each in stack):  # which this one would end
                    raise Unknown
                stack.append(_Untouched(name, self._given(found)))
        raise Unknown

    def _given(self, start: re.Match[str]) -> str:
        element = given(start[2], start[3])
        if element.content != "html":
            raise Unknown
        self._named(element)
        return element.attributes

    def _text(self, text: str, parent: str, before: str) -> None:
        """What stands between two elements is put out."""
        if text in ("", "\n", "\n\n"):
            return
        blocks = [part for each in text.split("\n\n") if (part := each.strip("\n"))]
        if blocks and (parent in LISTS or (before in _JOINED and _JOINS.match(blocks[0]))):
            raise Unknown
        at = 0
        while at < len(blocks):
            block = blocks[at]
            first = block[0]
            end = at + 1
            if first == "#":
                self._heading(block)
            elif first == "-":
                while end < len(blocks) and blocks[end][0] == "-":
                    end += 1
                self._list(blocks[at:end])
            elif "\n:   " in block:
                while end < len(blocks) and "\n:   " in blocks[end]:
                    end += 1
                self._definitions(blocks[at:end])
            elif first == "|":
                self._table(block)
            elif first == ">":
                if "\n" in block or block[:2] != "> " or (end < len(blocks) and blocks[end][0] == ">"):
                    raise Unknown
                self.pieces.append("<blockquote>\n")
                self._block("p", block[2:])
                self.pieces.append("</blockquote>\n")
            else:
                self._block("p", block)
            at = end

    def _block(self, tag: str, text: str) -> None:
        """A block of text is put out, with the attributes of its last line."""
        css = ""
        if "{" in text and (found := _ATTRIBUTE_LINE.search(text)):
            text = text[: found.start()]
            element = _given_in(found[1])
            self._named(element)
            css = element.attributes
        if _BEGINS.search(f"\n{text}") or text.isspace():
            raise Unknown
        self.pieces.append(f"<{tag}{css}>")
        self.line(text.lstrip())
        self.pieces.append(f"</{tag}>\n")

    def _heading(self, block: str) -> None:
        found = _HEADING.fullmatch(block)
        if found is None or (found[3] is not None and (found[2][-1:] != " " or found[3][-1] != " ")):
            raise Unknown
        attributes = _listed(found[3][:-1]) if found[3] else {}
        if "data-toc-label" in attributes:
            raise Unknown
        html = Html()
        html.line(found[2].strip())
        if html.links or html.pieces[0][-1:] in ("", "#"):
            raise Unknown
        if "id" in attributes:
            self.ids.add(attributes["id"])
        self.headings.append(Heading(len(self.pieces), len(found[1]), attributes, html.pieces[0]))
        self.pieces.append("")
        self.links.append(len(self.pieces))
        self.pieces.append("#")
        self.pieces.append("")

    def _list(self, blocks: Sequence[str]) -> None:
        """A list is put out. Items beside an empty line are paragraphs."""
        self.pieces.append("<ul>\n")
        for at, block in enumerate(blocks):
            if block[:2] != "- ":
                raise Unknown
            items = block[2:].split("\n- ")
            for number, item in enumerate(items):
                if (at and not number) or (at < len(blocks) - 1 and number == len(items) - 1):
                    self.pieces.append("<li>\n")
                    self._block("p", item)
                    self.pieces.append("</li>\n")
                else:
                    self._block("li", item)
        self.pieces.append("</ul>\n")

    def _definitions(self, blocks: Sequence[str]) -> None:
        self.pieces.append("<dl>\n")
        for block in blocks:
            term, *definitions = block.split("\n:   ")
            if "\n" in term or _BEGINS.search(f"\n{term}"):
                raise Unknown
            self.pieces.append("<dt>")
            self.line(term.strip())
            self.pieces.append("</dt>\n")
            for definition in definitions:
                first, *more = definition.split("\n")
                if any(line[:4] != "    " for line in more):
                    raise Unknown
                self._block("dd", "\n".join((first, *(line[4:] for line in more))))
        self.pieces.append("</dl>\n")

    def _table(self, block: str) -> None:
        rows = block.split("\n")
        if len(rows) < 3 or not _RULE.fullmatch(rows[1]):
            raise Unknown
        aligned = [_aligned(cell) for cell in _cells(rows[1])]
        self.pieces.append("<table>\n<thead>\n")
        self._row(rows[0], "th", aligned)
        self.pieces.append("</thead>\n<tbody>\n")
        for row in rows[2:]:
            self._row(row, "td", aligned)
        self.pieces.append("</tbody>\n</table>\n")

    def _row(self, row: str, tag: str, aligned: Sequence[str]) -> None:
        self.pieces.append("<tr>\n")
        cells = list(_cells(row))
        if len(cells) != len(aligned):
            raise Unknown
        for cell, align in zip(cells, aligned, strict=True):
            self.pieces.append(f"<{tag}{align}>")
            self.line(cell)
            self.pieces.append(f"</{tag}>\n")
        self.pieces.append("</tr>\n")


class _Untouched:
    """An element of HTML inside of Markdown, as it is read."""

    def __init__(self, tag: str, attributes: str) -> None:
        self.tag, self.touched = tag, False
        self._start = f"<{tag}{attributes}>"
        self._parts = [""]  # texts, and between them children

    def text(self, text: str) -> None:
        """Text, or a tag that is no block, follows."""
        self._parts[-1] += text
        self.touched = True

    def child(self, html: str) -> None:
        """An element follows."""
        self._parts += [html, ""]

    def html(self) -> str:
        """The whole element; where there are only blanks between elements, a line ends."""
        if len(self._parts) > 1:
            self._parts[::2] = [text if text.strip() else "\n" for text in self._parts[::2]]
        return f"{self._start}{''.join(self._parts)}</{self.tag}>"


@functools.lru_cache(4096)
def _given_in(text: str) -> Given:
    """What a list of attributes gives the element before it; raises Unknown."""
    found = _listed(text)
    return Given("", written(found), found.get("id"))


def _listed(text: str) -> dict[str, str]:
    """The attributes of a list of them, with a space before each; raises Unknown."""
    listed: dict[str, str] = {}
    end = 0
    for found in _ATTRIBUTE.finditer(text):
        if found.start() != end:
            raise Unknown
        end = found.end()
        mark, word, name, value = found.groups()
        if mark == ".":
            listed["class"] = f"{listed['class']} {word}" if listed.get("class") else word
        elif mark:
            listed["id"] = word
        else:
            listed[name] = value
    if end != len(text) or _LOOSE_UNDERSCORE.search(text):
        raise Unknown
    return listed


def _cells(row: str) -> Iterator[str]:
    """The cells of a row of a table."""
    if len(row) < 2 or row[0] != "|" or row[-1] != "|":
        raise Unknown
    return (cell.strip(" ") for cell in row[1:-1].split("|"))


def _aligned(cell: str) -> str:
    """The attribute of a column's cells, by the row that rules it off."""
    sides = (cell[0] == ":", cell[-1] == ":")
    return {
        (True, True): ' align="center"',
        (True, False): ' align="left"',
        (False, True): ' align="right"',
    }.get(sides, "")
