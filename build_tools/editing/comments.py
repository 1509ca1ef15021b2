"""The comments and blank lines of a YAML text, and which key or item each belongs to.

A comment on lines of its own belongs to what follows it, or, indented deeper than that, to the end of
the list or mapping it is indented like; one beside something belongs to that. What stands above the
first key of a file is the file's.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from build_tools.editing.yaml_edit import Lines, Spans
from build_tools.problems import Location
from build_tools.yaml_tree import Mapping as MappingNode
from build_tools.yaml_tree import Node, Scalar, Sequence

# A key or an item of a list, each by its place: an item may begin where its first key does.
Post = tuple[Literal["key", "item"], Location]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comments:
    """Comments as written, `""` for a blank line: of the file, above or beside a post, at a node's end."""

    head: tuple[str, ...]
    above: Mapping[Post, tuple[str, ...]]
    beside: Mapping[Post, str]
    end: Mapping[tuple[type, Location], tuple[str, ...]]

    def all(self) -> Iterator[str]:
        """Every comment, in no order that means anything."""
        for texts in (self.head, *self.above.values(), *self.end.values()):
            yield from filter(None, texts)
        yield from self.beside.values()

    def within(self, node: Node) -> bool:
        """True if something in a list or mapping has a comment."""
        if isinstance(node, Scalar):
            return False
        if self.end.get((type(node), node.at)):
            return True
        for post, child in posts_of(node):
            if any(self.above.get(post, ())) or post in self.beside or self.within(child):
                return True
        return False


def posts_of(node: Node) -> Iterator[tuple[Post, Node]]:
    """What a list or mapping holds: a post with its value for each item or key."""
    if isinstance(node, MappingNode):
        yield from ((("key", entry.key.at), entry.value) for entry in node.entries)
    elif isinstance(node, Sequence):
        yield from ((("item", item.at), item) for item in node.items)


@dataclass(frozen=True, slots=True)
class _Stand:
    """A post, where it begins (a list's item at its dash), and the nodes around it, outermost first."""

    post: Post
    line: int
    column: int
    offset: int
    around: tuple[tuple[Node, int], ...]  # each with the column that its posts begin in
    bracket: int | None  # where the innermost bracket around it opens


def comments_of(lines: Lines, spans: Spans, root: Node) -> Comments:
    """The comments of a text and the blank lines between its posts; no more than one blank in a row."""
    return _Reading(lines, spans, root).read()


class _Reading:
    def __init__(self, lines: Lines, spans: Spans, root: Node) -> None:
        self.lines = lines
        self.spans = spans
        self.root = root
        self.rows = re.split(r"\r\n|\r|\n", lines.text)
        self.open = dict(spans.brackets)
        self.opens = [begin for begin, _ in spans.brackets]
        self.outside = self.enclosing()
        self.levels: dict[int | None, list[_Stand]] = defaultdict(list)
        self.stands: list[_Stand] = []
        self.by_bracket: dict[int, Node] = {}
        self.stand(root, (), None)

    def read(self) -> Comments:
        head: list[str] = []
        above: dict[Post, list[str]] = defaultdict(list)
        beside: dict[Post, list[str]] = defaultdict(list)
        end: dict[tuple[type, Location], list[str]] = defaultdict(list)
        for offset, text in self.found():
            line, column = self.place(offset)
            before = self.rows[line - 1][: column - 1]
            alone = not before.strip(" \t-?:.")
            owner = self.owner(offset, column, alone=alone)
            blank = [""] if alone and self.follows_blank(line) else []
            if owner is None:
                head += [*blank, text]
            elif isinstance(owner, Scalar | Sequence | MappingNode):
                end[type(owner), owner.at] += [*blank, text]
            elif alone or owner[1]:
                above[owner[0]] += [*blank, text]
            else:
                beside[owner[0]].append(text)
        met: set[int] = set()
        for number, stand in enumerate(self.stands):
            if stand.bracket is None and stand.line not in met and self.follows_blank(stand.line):
                (above[stand.post] if number else head).append("")
            met.add(stand.line)
        for post, texts in beside.items():
            if len(texts) > 1:  # one line has room for one
                above[post] += texts
        return Comments(
            head=tuple(head),
            above=MappingProxyType({post: tuple(texts) for post, texts in above.items()}),
            beside=MappingProxyType({post: texts[0] for post, texts in beside.items() if len(texts) == 1}),
            end=MappingProxyType({key: tuple(texts) for key, texts in end.items()}),
        )

    def found(self) -> Iterator[tuple[int, str]]:
        """Every comment with its offset: outside of scalars, a `#` begins nothing else."""
        text = self.lines.text
        done = 0
        for begin, end in sorted(self.spans.scalars.values()):
            yield from self.between(done, begin)
            if text[begin : begin + 1] in ("|", ">"):
                opening = re.compile(r"[^\r\n]*").match(text, begin)
                assert opening is not None
                yield from self.between(begin, opening.end())
            done = max(end, done)
        yield from self.between(done, len(text))

    def between(self, begin: int, end: int) -> Iterator[tuple[int, str]]:
        for match in re.compile(r"#[^\r\n]*").finditer(self.lines.text, begin, end):
            yield match.start(), match.group().rstrip()

    def place(self, offset: int) -> tuple[int, int]:
        line = self.lines.line_of(offset)
        return line, offset - self.lines.starts[line - 1] + 1

    def follows_blank(self, line: int) -> bool:
        return line > 1 and not self.rows[line - 2].strip()

    def stand(self, node: Node, around: tuple[tuple[Node, int], ...], bracket: int | None) -> None:
        """Adds the posts below a node, in the order of the text."""
        if isinstance(node, Scalar):
            return
        begin = self.lines.offset(node.at)
        if begin in self.open and self.lines.text[begin] in "[{":
            bracket = begin
            self.by_bracket[begin] = node
        for post, child in posts_of(node):
            line, column = post[1].line, post[1].column
            if bracket is None and post[0] == "item":
                head = self.rows[line - 1][: column - 1].rstrip()
                column = len(head) if head.endswith("-") else column
            here = (*around, (node, column))
            offset = self.lines.offset(post[1])
            self.stands.append(_Stand(post, line, column, offset, here, bracket))
            self.levels[bracket].append(self.stands[-1])
            self.stand(child, here, bracket)

    def enclosing(self) -> dict[int, int | None]:
        """For each bracket the one around it."""
        found: dict[int, int | None] = {}
        around: list[int] = []
        for begin, _ in self.spans.brackets:
            while around and self.open[around[-1]] <= begin:
                around.pop()
            found[begin] = around[-1] if around else None
            around.append(begin)
        return found

    def innermost(self, offset: int) -> int | None:
        """Where the innermost bracket around an offset opens."""
        number = bisect_left(self.opens, offset)
        bracket = self.opens[number - 1] if number else None
        while bracket is not None and self.open[bracket] <= offset:
            bracket = self.outside[bracket]
        return bracket

    def owner(self, offset: int, column: int, *, alone: bool) -> tuple[Post, bool] | Node | None:
        """Whose comment stands at an offset: a post (True: above it), a node at its end; None: the file."""
        bracket = self.innermost(offset)
        level = self.levels[bracket]
        number = bisect_left(level, offset, key=lambda stand: stand.offset)
        before = level[number - 1] if number else None
        after = level[number] if number < len(level) else None
        if bracket is not None:
            if before and not alone:
                return before.post, False
            return (after.post, True) if after else self.by_bracket[bracket]
        if before is None:  # the whole file may stand in brackets
            return None if offset < self.lines.offset(self.root.at) else self.root
        if not alone:
            return before.post, False
        floor = after.column if after else 0
        ends = [node for node, start in before.around if floor < start <= column]
        if ends:
            return ends[-1]
        return (after.post, True) if after else self.root
