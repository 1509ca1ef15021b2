"""YAML text read into nodes that know their place, every scalar kept as the text that was written.

Built on libyaml's events rather than on a loader: a loader resolves `NO` to false and `1.10` to
1.1, lets the last of two equal keys win, expands aliases, and recurses into nested brackets.
Positions count lines and columns from 1, in characters (YAML 1.1, section 4; libyaml's marks).
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable
from types import MappingProxyType
from typing import NamedTuple

import yaml

from build_tools.problems import Code, Location, Problem
from build_tools.written import Writing
from build_tools.yaml_repairs import quoted, syntax_problem

MAX_FILE_BYTES = 1_000_000
MAX_FIELD_BYTES = 20_000
MAX_DEPTH = 64
_SURELY_SHORT = MAX_FIELD_BYTES // 4  # characters: of a character there are four bytes at most
MOST_CHARACTERS = 20  # forbidden ones reported of one file: a picture renamed to .yml has a million


class Scalar(NamedTuple):
    """Text as written, after YAML's quoting and folding; `raw` is what stands in the file."""

    text: str
    at: Location
    raw: str = ""

    @property
    def writing(self) -> Writing:
        return Writing(self.raw or self.text, self.at)

    @property
    def begin(self) -> Location:
        """The place of its first character, behind a quotation mark."""
        return self.at if self.raw[:1].isalnum() else self.writing.begin


class Sequence(NamedTuple):
    """A list."""

    items: tuple[Node, ...]
    at: Location


class Mapping(NamedTuple):
    """Keys with values, in the order of the file, no key twice."""

    entries: tuple[Entry, ...]
    at: Location


class Entry(NamedTuple):
    """One key and its value."""

    key: Scalar
    value: Node


type_names = MappingProxyType({Scalar: "text", Sequence: "a list", Mapping: "a mapping (`key: value` lines)"})
Node = Scalar | Sequence | Mapping

_new = tuple.__new__  # what calling the classes does in the end: nodes are many

# C0 and C1 controls but tab and line breaks; bidirectional marks, embeddings and isolates; zero-width
# characters; line and paragraph separators; interlinear and tag characters; noncharacters.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
# A comment that is set like a word of the text before it: `rock #1`.
_BLANK = (" ", "\t")
_LOST = re.compile(r"[ \t]+(?P<words>#[^\s#].*)")
# Scripts whose spelling needs the zero-width (non-)joiner (Unicode Standard, section 23.2).
JOINING_SCRIPTS = frozenset(
    "ARABIC SYRIAC MONGOLIAN DEVANAGARI BENGALI GURMUKHI GUJARATI ORIYA TAMIL TELUGU KANNADA "
    "MALAYALAM SINHALA KHMER TIBETAN MYANMAR".split()
)


def decode(path: str, data: bytes) -> tuple[str | None, tuple[Problem, ...]]:
    """The file as text, one leading byte-order mark dropped; or the problem that it is not UTF-8."""
    for mark, name in (
        (codecs.BOM_UTF32_LE, "UTF-32"),
        (codecs.BOM_UTF32_BE, "UTF-32"),
        (codecs.BOM_UTF16_LE, "UTF-16"),
        (codecs.BOM_UTF16_BE, "UTF-16"),
    ):
        if data.startswith(mark):
            hint = "save it again as UTF-8"
            return None, (Problem(Location(path), Code.NOT_UTF8, f"the file is {name}", hint),)
    data = data.removeprefix(codecs.BOM_UTF8)
    if (nul := data.find(b"\0")) >= 0:
        message, hint = "a byte of nought: the file is UTF-16, or no text", "save it again as UTF-8"
        before = data[:nul].decode("utf-8", errors="replace")
        return None, (Problem(place(path, before, len(before)), Code.NOT_UTF8, message, hint),)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8")
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        hint = "save the file as UTF-8 (it may be in an older encoding such as Windows-1252)"
        return None, (Problem(place(path, before, len(before)), Code.NOT_UTF8, message, hint),)


def place(path: str, text: str, offset: int) -> Location:
    """The location of the character at `offset` of the file's text."""
    line_start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    head = text[:offset].replace("\r\n", "\n").replace("\r", "\n")
    return Location(path, head.count("\n") + 1, offset - line_start + 1)


def forbidden_characters(text: str) -> tuple[int, ...]:
    """Offsets of the characters that no text here may hold; joiners pass where a script needs them."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return ()  # of ASCII only control characters are forbidden
    return tuple(match.start() for match in FORBIDDEN.finditer(text) if not _joins(text, match.start()))


def _joins(text: str, offset: int) -> bool:
    if text[offset] not in "\u200c\u200d" or offset == 0:
        return False
    name = unicodedata.name(text[offset - 1], "")
    return name.split(" ")[0] in JOINING_SCRIPTS


def character_name(character: str) -> str:
    """How a message calls an invisible character."""
    name = unicodedata.name(character, "control character").lower()
    return f"U+{ord(character):04X} ({name})"


def read_yaml(path: str, data: bytes) -> tuple[Node | None, tuple[Problem, ...]]:
    """The one document of the file as nodes, and every problem met; None where nothing can be used."""
    if len(data) > MAX_FILE_BYTES:
        message = f"the file has more than {MAX_FILE_BYTES:,} bytes"
        hint = "split it, or take out what is not data of this entity"
        return None, (Problem(Location(path), Code.FILE_TOO_BIG, message, hint),)
    text, problems = decode(path, data)
    if text is None:
        return None, problems
    found: list[Problem] = []
    forbidden = forbidden_characters(text)
    for number, offset in enumerate(forbidden[:MOST_CHARACTERS], 1):
        message = f"{character_name(text[offset])} is not allowed"
        more = len(forbidden) - number if number == MOST_CHARACTERS else 0
        hint = f"delete it, and {more:,} more below" if more else "delete it"
        found.append(Problem(place(path, text, offset), Code.FORBIDDEN_CHARACTER, message, hint))
    # U+FFFD keeps every position, so that the rest of the file is still checked.
    visible = FORBIDDEN.sub(_visible, text) if forbidden else text
    builder = _Builder(path, visible, found)
    try:
        builder.take_all(yaml.CSafeLoader(visible).get_event)
    except yaml.MarkedYAMLError as error:
        problem = syntax_problem(path, text, error)
        # It tells of the whole line, a comment in it too.
        lost = {
            each for each in found if each.code is Code.COMMENT_IN_TEXT and each.at.line == problem.at.line
        }
        return None, (*(each for each in found if each not in lost), problem)
    except yaml.YAMLError as error:
        found.append(Problem(Location(path), Code.YAML_SYNTAX, str(error).splitlines()[0], "mend the YAML"))
        return None, tuple(found)
    root = builder.root()
    if root is None and not found:
        found.append(
            Problem(Location(path), Code.EMPTY_FILE, "the file is empty", "fill it in, or delete it")
        )
    return (None if builder.unusable else root), tuple(found)


def _visible(match: re.Match[str]) -> str:
    # A joiner that a script needs stays as it is.
    return match.group() if _joins(match.string, match.start()) else "\ufffd"


class _Open(NamedTuple):
    """A list or mapping whose end has not been met."""

    at: Location
    nodes: list[Node]
    mapping: bool


class _Builder:
    """Nodes from events, without recursion, so that depth costs nothing but a count."""

    def __init__(self, path: str, text: str, problems: list[Problem]) -> None:
        self.path = path
        self.text = text
        self.problems = problems
        self.unusable = False
        self.stack: list[_Open] = []
        self.roots: list[Node] = []
        self.nodes = self.roots  # where the next one belongs

    def root(self) -> Node | None:
        if not self.roots:
            return None
        root = self.roots[0]
        return None if isinstance(root, Scalar) and not root.text else root

    def take_all(self, next_event: Callable[[], yaml.Event | None]) -> None:
        """Takes in all events, or those up to where reading on makes no sense."""
        scalar_event, scalar, take = yaml.ScalarEvent, self.scalar, self.take
        while (event := next_event()) is not None:
            if type(event) is scalar_event:  # most are
                self.nodes.append(scalar(event))
            elif not take(event):
                return

    def take(self, event: yaml.Event) -> bool:
        """Take in one event that is no scalar; False where reading on makes no sense."""
        if isinstance(event, yaml.CollectionStartEvent):
            if event.anchor is not None or event.tag is not None:
                self.refuse_features(event, event.tag)
            if len(self.stack) >= MAX_DEPTH:
                message = f"nested more than {MAX_DEPTH} levels deep"
                hint = "no record needs that; look for stray brackets"
                self.problems.append(Problem(self.at(event), Code.TOO_DEEP, message, hint))
                self.unusable = True
                return False
            self.nodes = []
            mapping = isinstance(event, yaml.MappingStartEvent)
            self.stack.append(_new(_Open, (self.at(event), self.nodes, mapping)))
        elif isinstance(event, yaml.CollectionEndEvent):
            done = self.stack.pop()
            self.nodes = self.stack[-1].nodes if self.stack else self.roots
            self.nodes.append(self.close(done))
        elif isinstance(event, yaml.AliasEvent):
            hint = "put the whole text in quotation marks if `*` is part of it; else write it out"
            self.refuse(event, f"the alias `*{event.anchor}`", hint)
            self.unusable = True
            self.nodes.append(Scalar("", self.at(event)))
        elif isinstance(event, yaml.DocumentStartEvent) and self.roots:
            self.refuse(event, "a second document", "keep one record in a file; delete the `---` line")
            return False
        return True

    def at(self, event: yaml.Event) -> Location:
        mark = event.start_mark
        assert mark is not None  # libyaml marks every event
        return _new(Location, (self.path, mark.line + 1, mark.column + 1))

    def refuse(self, event: yaml.Event, what: str, hint: str) -> None:
        self.problems.append(Problem(self.at(event), Code.YAML_FEATURE, f"{what} is not allowed", hint))

    def refuse_features(self, event: yaml.NodeEvent, tag: str | None) -> None:
        anchor = event.anchor and f"&{event.anchor}"
        for what, sign, written in (("anchor", "&", anchor), ("tag", "!", tag)):
            if written is not None:
                hint = f"put the whole text in quotation marks if `{sign}` is part of it; else delete it"
                self.refuse(event, f"the {what} `{written}`", hint)

    def refuse_lost_words(self, raw: str, end: int, at: Location) -> None:
        """Reports a `#` that makes a comment of what seems to be the rest of a text."""
        lost = _LOST.match(self.text, end)
        if lost:
            whole = raw + lost.group().rstrip()
            message = f"`{lost['words'].rstrip()[:40]}` is not read: a `#` after a space starts a comment"
            hint = "put the whole text in quotation marks, or a space behind the `#` of a comment"
            if "\n" not in raw and quoted(whole) and len(whole) <= 90:
                hint = f"put the whole text in quotation marks: `{quoted(whole)}`; "
                hint += "or a space behind the `#` of a comment"
            hash_at = place(self.path, self.text, lost.start("words"))
            self.problems.append(Problem(hash_at, Code.COMMENT_IN_TEXT, message, hint))

    def scalar(self, event: yaml.ScalarEvent) -> Scalar:
        if event.anchor is not None or event.tag is not None:
            self.refuse_features(event, event.tag)
        start, end, value = event.start_mark, event.end_mark, event.value
        assert start is not None
        assert end is not None
        at = _new(Location, (self.path, start.line + 1, start.column + 1))
        if len(value) > _SURELY_SHORT:
            size = len(value.encode("utf-8"))
            if size > MAX_FIELD_BYTES:
                message = f"the text has {size:,} bytes, more than {MAX_FIELD_BYTES:,}"
                self.problems.append(Problem(at, Code.FIELD_TOO_LONG, message, "shorten it, or split it up"))
                self.unusable = True
                return Scalar("", at)
        text, behind = self.text, end.index
        raw = text[start.index : behind]
        if not event.style:
            if raw and text[behind : behind + 1] in _BLANK:
                self.refuse_lost_words(raw, behind, at)
        elif event.style == '"' and "\\" in raw:  # an escape such as "\u202e" shows only after reading
            for character in dict.fromkeys(value[i] for i in forbidden_characters(value)):
                message = f"{character_name(character)} is not allowed"
                self.problems.append(Problem(at, Code.FORBIDDEN_CHARACTER, message, "delete the escape"))
            value = FORBIDDEN.sub(_visible, value)
        return _new(Scalar, (value.replace("\ufffd", "") if self.problems else value, at, raw))

    def close(self, done: _Open) -> Node:
        if not done.mapping:
            return _new(Sequence, (tuple(done.nodes), done.at))
        entries: dict[str, Entry] = {}
        nodes = iter(done.nodes)
        for key, value in zip(nodes, nodes, strict=True):
            if not isinstance(key, Scalar):
                message, hint = "a key must be text", "quote it if the brackets are text"
                self.problems.append(Problem(key.at, Code.WRONG_SHAPE, message, hint))
            elif key.text == "<<":
                message, hint = "the merge key `<<` is not allowed", "write the keys out"
                self.problems.append(Problem(key.at, Code.YAML_FEATURE, message, hint))
                self.unusable = True
            elif key.text in entries:
                message = f"`{key.text}` is there twice"
                hint = f"keep one; the first is on line {entries[key.text].key.at.line}"
                self.problems.append(Problem(key.at, Code.DUPLICATE_KEY, message, hint))
            else:
                entries[key.text] = _new(Entry, (key, value))
        return _new(Mapping, (tuple(entries.values()), done.at))
