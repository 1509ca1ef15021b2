"""Records in their canonical layout: keys in the records' own order, prose one sentence a line.

A text is laid out only if it says the same afterwards and has all its comments; otherwise it is refused.
"""

from __future__ import annotations

import dataclasses
import enum
import json
import re
from collections import Counter
from collections.abc import Iterator
from collections.abc import Sequence as Several
from dataclasses import dataclass

from build_tools.editing.comments import Comments, Post, comments_of
from build_tools.editing.yaml_edit import Lines, placeless, spans_of
from build_tools.load import SETTINGS, WAIVERS, SourceFile
from build_tools.problems import Code, Location, Problem
from build_tools.prose import Prose, sentences
from build_tools.records import (
    Cite,
    Claim,
    Entity,
    Kind,
    Passage,
    Passages,
    Question,
    Quote,
    RelationType,
    SeedRecord,
    Summary,
    Topic,
    Waiver,
    Waivers,
    WikiSettings,
)
from build_tools.shape import Field, read_record, shape_of
from build_tools.values import Text, Verbatim
from build_tools.yaml_tree import MAX_FILE_BYTES, Entry, Mapping, Node, Scalar, Sequence, decode, read_yaml

WIDTH = 110  # of what is written in brackets, on one line
# Records with a line for each key, however short; others stand in brackets where they fit on a line.
_IN_LINES = frozenset({Claim, Kind, Passage, Question, Quote, RelationType, Summary, Topic, Waiver})
_WHITE = re.compile(r"[ \t\r\n]+")


def record_of(path: str) -> type | None:
    """The type of record that the file of a path holds; None if it is not one that is laid out."""
    if path.startswith("entities/"):
        return Entity
    names = {"seed.yml": SeedRecord, "passages.yml": Passages}
    if path.startswith("seeds/"):
        return names.get(path.rsplit("/", 1)[-1])
    return {SETTINGS: WikiSettings, WAIVERS: Waivers}.get(path)


def laid_out(file: SourceFile, record: type) -> tuple[bytes | None, tuple[Problem, ...]]:
    """The file in canonical layout, with the line ends it has; or the problems that it cannot be read."""
    node, problems = read_yaml(file.path, file.data)
    text, _ = decode(file.path, file.data)
    if node is None or text is None or problems:
        return None, problems
    lines = Lines(text)
    spans = spans_of(lines)
    comments = comments_of(lines, spans, node)
    rows = list(_Writer(lines, comments).document(node, record))
    new = "".join(f"{row}\n" for row in rows)
    if "\r\n" in text:
        new = new.replace("\n", "\r\n")
    if new.encode() == file.data:
        return file.data, ()
    if len(new.encode()) > MAX_FILE_BYTES:
        message = f"in order, the file would have more than {MAX_FILE_BYTES:,} bytes"
        hint = "take out what is not data of this record"
        return None, (Problem(Location(file.path), Code.FILE_TOO_BIG, message, hint),)
    if not _says_the_same(node, comments, new, record):
        message = "its layout is one that cannot be put in order without a change of what it says"
        hint = "write it more plainly: a line for each key, texts without line breaks of their own"
        return None, (Problem(Location(file.path), Code.WRONG_SHAPE, message, hint),)
    return new.encode(), ()


def _says_the_same(node: Node, comments: Comments, new: str, record: type) -> bool:
    again, problems = read_yaml(node.at.path, new.encode())
    if again is None or problems:
        return False
    lines = Lines(new)
    kept = comments_of(lines, spans_of(lines), again)
    return (
        _folded(placeless(node)) == _folded(placeless(again))
        and _read(node, record) == _read(again, record)
        and Counter(comments.all()) == Counter(kept.all())
    )


def _folded(said: object) -> object:
    if isinstance(said, str):
        return _WHITE.sub(" ", said).strip(" ")
    if isinstance(said, dict):
        return {key: _folded(value) for key, value in said.items()}
    assert isinstance(said, list)
    return [_folded(item) for item in said]


def _read(node: Node, record: type) -> tuple[object, tuple[Problem, ...]]:
    """The record and its problems, as if all of it stood at one place."""
    given = {field.name: "" for field in dataclasses.fields(record) if field.metadata.get("given")}
    value: object
    value, problems = read_record(_gathered(node, Location(node.at.path)), record, **given)
    return value, tuple(sorted(problems, key=lambda problem: problem.sort_key))


def _gathered(node: Node, at: Location) -> Node:
    if isinstance(node, Scalar):
        return Scalar(node.text, at)
    if isinstance(node, Sequence):
        return Sequence(tuple(_gathered(item, at) for item in node.items), at)
    entries = (Entry(Scalar(entry.key.text, at), _gathered(entry.value, at)) for entry in node.entries)
    return Mapping(tuple(entries), at)


def _has_records(field: _Wanted) -> bool:
    """True if the field holds a record for each key, as wiki.yml has them."""
    return field.keyed and not hasattr(field.type, "read_value")


def _is_record(kind: type) -> bool:
    """True if the type is read from a mapping (of a value such as a date the fields are no keys)."""
    if kind in (Prose, Text, Verbatim) or issubclass(kind, enum.StrEnum):
        return False
    return not hasattr(kind, "read") or any(field.doc for field in shape_of(kind).fields)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What belongs at a place: a value of a type, a list of such, or one for each key."""

    type: type
    many: bool = False
    keyed: bool = False

    @classmethod
    def of(cls, field: Field) -> _Wanted:
        return cls(field.type, field.many, field.keyed)


class _Writer:
    def __init__(self, lines: Lines, comments: Comments) -> None:
        self.lines = lines
        self.above = {post: texts for post, texts in comments.above.items() if texts}
        self.ends = dict(comments.end)
        self.comments = dataclasses.replace(comments, above=self.above, end=self.ends)

    def document(self, node: Node, record: type) -> Iterator[str]:
        """The lines of a file."""
        field = _Wanted(record)
        self.lift(node, field)
        body: list[str]
        if isinstance(node, Scalar) or not next(self.posts(node, field), None):
            written = self.written(node, field, inside=False) if isinstance(node, Scalar) else _empty(node)
            body = [written, *self.ends.get((type(node), node.at), ())]
        else:
            body = self.block(node, field, 0)
        yield from _tidy([*self.comments.head, *_tidy(body)])

    def lift(self, node: Node, field: _Wanted | None) -> None:
        """What is said where it will have no line, in nothing or between a dash and a key, goes above."""
        if isinstance(node, Scalar):
            return
        for post, prefix, child, below in self.posts(node, field):
            self.lift(child, below)
            if isinstance(child, Scalar):
                continue
            first = next((first for first, *_ in self.posts(child, below)), None)
            lifted: tuple[str, ...] = ()
            if first is None:
                lifted = self.ends.pop((type(child), child.at), ())
            elif prefix == "-":
                lifted = self.above.pop(first, ())
            if any(lifted):
                self.above[post] = (*self.above.get(post, ()), *filter(None, lifted))

    def block(self, node: Mapping | Sequence, field: _Wanted | None, indent: int) -> list[str]:
        """The lines of a list or mapping that has something in it."""
        pad = " " * indent
        end = self.ends.get((type(node), node.at), ())
        rows: list[str] = []
        for post, prefix, child, below in self.posts(node, field):
            rows += self.post(post, prefix, child, below, indent)
        return [*rows, *(f"{pad}{text}" if text else "" for text in end)]

    def posts(
        self, node: Mapping | Sequence, field: _Wanted | None
    ) -> Iterator[tuple[Post, str, Node, _Wanted | None]]:
        if isinstance(node, Sequence):
            below = dataclasses.replace(field, many=False) if field and field.many else None
            for item in node.items:
                yield ("item", item.at), "-", item, below
        else:
            for entry, below in _children(node, field):
                yield ("key", entry.key.at), f"{_key(entry.key.text)}:", entry.value, below

    def post(self, post: Post, prefix: str, node: Node, field: _Wanted | None, indent: int) -> list[str]:
        """The lines of a key or item, with what is said above it and beside it."""
        pad = " " * indent
        above = list(self.above.get(post, ()))
        beside = f"  {self.comments.beside[post]}" if post in self.comments.beside else ""
        if isinstance(node, Scalar):
            rows = self.scalar(f"{pad}{prefix}", node, field, beside, indent)
        elif not (node.entries if isinstance(node, Mapping) else node.items):
            rows = [f"{pad}{prefix} {_empty(node)}{beside}"]
        elif short := self.on_a_line(node, field, f"{pad}{prefix} "):
            rows = [f"{short}{beside}"]
        else:
            rows = _tidy(self.block(node, field, indent + 2))
            if prefix == "-":
                if beside:
                    above.append(beside.strip())
                rows = [f"{pad}- {rows[0][indent + 2 :]}", *rows[1:]]
            else:
                rows = [f"{pad}{prefix}{beside}", *rows]
        return [*(f"{pad}{text}" if text else "" for text in above), *rows]

    def scalar(self, begin: str, node: Scalar, field: _Wanted | None, beside: str, indent: int) -> list[str]:
        lines = sentences(_words(node, field)) if field and field.type is Prose else ()
        if len(lines) > 1:
            return [f"{begin} >-{beside}", *(f"{' ' * (indent + 2)}{line}" for line in lines)]
        written = self.written(node, field, inside=False)
        return [f"{begin} {written}{beside}" if written else f"{begin}{beside}"]

    def on_a_line(self, node: Mapping | Sequence, field: _Wanted | None, begin: str) -> str | None:
        """The node on one line in brackets, if that is how it is laid out."""
        if isinstance(node, Sequence):
            kind = field.type if field else None
            if kind is Prose or not (kind is Cite or all(isinstance(item, Scalar) for item in node.items)):
                return None
        elif field and _has_records(field):
            return None
        short = self.short(node, field)
        return f"{begin}{short}" if short and len(begin) + len(short) <= WIDTH else None

    def short(self, node: Node, field: _Wanted | None) -> str | None:
        """The node in brackets; None if it has comments, or parts that want lines of their own."""
        if isinstance(node, Scalar):
            if field and field.type is Prose and len(sentences(_words(node, field))) > 1:
                return None
            return self.written(node, field, inside=True) or None
        if self.comments.within(node):
            return None
        if isinstance(node, Mapping) and field and field.type in _IN_LINES:
            return None
        parts: list[str] = []
        for _, prefix, child, below in self.posts(node, field):
            part = self.short(child, below)
            if part is None:
                return None
            parts.append(part if prefix == "-" else f"{prefix} {part}")
        return f"[{', '.join(parts)}]" if isinstance(node, Sequence) else f"{{{', '.join(parts)}}}"

    def written(self, node: Scalar, field: _Wanted | None, *, inside: bool) -> str:
        """A scalar on one line: in quotation marks where it had some, or needs some."""
        words = _words(node, field)
        begin = self.lines.offset(node.at)
        mark = self.lines.text[begin : begin + 1]
        if not self.is_marked(node, begin):
            return ""
        if mark not in ("'", '"'):
            return words if _is_plain(words, inside=inside) else _quoted(words)
        escaped = re.compile(r'"(?:[^"\\\r\n]|\\.)*"').match(self.lines.text, begin)
        if mark == '"' and words == node.text and escaped and "\\" in escaped.group():
            return escaped.group()  # what was written as an escape may not be seen otherwise
        return _quoted(words)

    def is_marked(self, node: Scalar, begin: int) -> bool:
        # An empty value stands where the next thing begins.
        return bool(node.text) or self.lines.text[begin : begin + 2] in ("''", '""')


def _children(node: Node, field: _Wanted | None) -> list[tuple[Entry, _Wanted | None]]:
    """The entries of a mapping in canonical order, each with the field that it fills, if it is one."""
    if not isinstance(node, Mapping):
        return []
    if field is not None and field.keyed:
        one = dataclasses.replace(field, keyed=False, many=False) if _has_records(field) else None
        return [(entry, one) for entry in node.entries]
    if field is None or field.many or not _is_record(field.type):
        return [(entry, None) for entry in node.entries]
    shape = shape_of(field.type)
    if shape.whole is not None:
        return _children(node, _Wanted.of(shape.whole))
    fields = {each.key: _Wanted.of(each) for each in shape.fields}
    order = {key: number for number, key in enumerate(shape.keys)}
    entries = sorted(node.entries, key=lambda entry: order.get(entry.key.text, len(order)))
    return [(entry, fields.get(entry.key.text)) for entry in entries]


def _words(node: Scalar, field: _Wanted | None) -> str:
    """The text of a scalar, without the white space that its field does not count."""
    if field is None or field.many or field.keyed or _is_record(field.type):
        return node.text
    if field.type in (Prose, Text, Verbatim):
        return _WHITE.sub(" ", node.text).strip(" ")
    return node.text.strip(" \t\r\n")


def _tidy(rows: Several[str]) -> list[str]:
    """The lines without a blank one at either end, or two in a row."""
    kept = [row for row, above in zip(rows, ["", *rows], strict=False) if row or above]
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _empty(node: Mapping | Sequence) -> str:
    return "{}" if isinstance(node, Mapping) else "[]"


def _key(text: str) -> str:
    return text if _is_plain(text, inside=True) else _quoted(text)


# What is no text in a plain scalar: line breaks, a colon or `#` that means something, marks of a document.
_MARKED = re.compile(r"[\t\r\n]|: | #|:$|^[-?:](?: |$)|^(?:---|\.\.\.)(?: |$)")


def _is_plain(text: str, *, inside: bool) -> bool:
    """True if the text needs no quotation marks: on a line of its own, or inside of brackets."""
    if not text or text != text.strip() or _MARKED.search(text):
        return False
    if text[0] in "[]{},#&*!|>'\"%@`":
        return False
    return not (inside and re.search(r"[\[\]{},]|^[?:]|^-[^\w]", text))


# Plain texts that other readers of YAML take for numbers, dates, truth values or nothing.
_NO_TEXT = re.compile(r"[-+.\d].*|~|(?i:y|n|yes|no|on|off|true|false|null)")


def as_text(text: str) -> str:
    """A text as a value on a line of its own, which every reader of YAML takes for a text."""
    return text if _is_plain(text, inside=False) and not _NO_TEXT.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    """The text in quotation marks, double ones if it holds none itself."""
    if re.search(r"[\t\r\n\x00-\x1f\x7f-\x9f]", text) or ("'" in text and ('"' in text or "\\" in text)):
        return json.dumps(text, ensure_ascii=False)
    if '"' in text or "\\" in text:
        return f"'{text}'"
    return f'"{text}"'
