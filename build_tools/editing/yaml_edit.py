"""Words of a YAML text replaced where they stand: comments, quotes and layout stay as they were written."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from collections.abc import Mapping as Map
from dataclasses import dataclass

import yaml

from build_tools.problems import Location
from build_tools.yaml_tree import Entry, Mapping, Node, Scalar, Sequence, read_yaml

# What may come before the words of a scalar: a quotation mark, or the line that opens a block of text.
_OPENING = re.compile(r"(?:[\"']\s*|[|>][^\r\n]*\s*)?")


@dataclass(frozen=True, slots=True)
class Edit:
    """A scalar, or the beginning of one, that reads `old` and shall read `new`."""

    at: Location
    old: str
    new: str


class Lines:
    """The lines of a text, to turn places into offsets; YAML ends a line at CR, LF or both."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]

    def offset(self, at: Location) -> int:
        """The offset of the character at a place."""
        return self.starts[at.line - 1] + at.column - 1

    def line_of(self, offset: int) -> int:
        """The number of the line, counted from 1, that holds the character at an offset."""
        return bisect_right(self.starts, offset)

    def begin_of(self, scalar: Location, words: str) -> int | None:
        """Where the words of a scalar begin; None if it does not spell them out (escapes, say)."""
        opening = _OPENING.match(self.text, self.offset(scalar))
        assert opening is not None  # it may be empty
        return opening.end() if self.text.startswith(words, opening.end()) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spans:
    """Where the parts of a text stand, as offsets, ends excluded: scalars by their places, and brackets."""

    scalars: Map[tuple[int, int], tuple[int, int]]
    brackets: tuple[tuple[int, int], ...]

    def of(self, scalar: Scalar) -> tuple[int, int]:
        """The span of a scalar, its quotation marks and the line that opens a block included."""
        return self.scalars[scalar.at.line, scalar.at.column]


def spans_of(lines: Lines) -> Spans:
    """The spans of a text that `read_yaml` has read without a problem."""

    def bounds(event: yaml.Event) -> tuple[int, int]:
        assert event.start_mark is not None  # libyaml marks every event
        assert event.end_mark is not None
        begin, end = event.start_mark, event.end_mark
        return lines.starts[begin.line] + begin.column, lines.starts[end.line] + end.column

    scalars: dict[tuple[int, int], tuple[int, int]] = {}
    brackets: list[tuple[int, int]] = []
    open_: list[int | None] = []
    for event in yaml.parse(lines.text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.ScalarEvent):
            begin, end = bounds(event)
            line = lines.line_of(begin)
            scalars[line, begin - lines.starts[line - 1] + 1] = begin, end
        elif isinstance(event, yaml.CollectionStartEvent):
            open_.append(bounds(event)[0] if event.flow_style else None)
        elif isinstance(event, yaml.CollectionEndEvent):
            opened = open_.pop()
            if opened is not None:
                brackets.append((opened, bounds(event)[1]))
    return Spans(scalars=scalars, brackets=tuple(sorted(brackets)))


def edited(text: str, edits: Iterable[Edit]) -> tuple[str, dict[Location, Location], tuple[Edit, ...]]:
    """The text with its edits made; where each edited place is now; and the edits that cannot be made."""
    lines = Lines(text)
    parts: list[str] = []
    moved: dict[Location, Location] = {}
    refused: list[Edit] = []
    done, line, shift = 0, 0, 0
    for edit in sorted(edits, key=lambda edit: edit.at):
        begin = lines.begin_of(edit.at, edit.old)
        if begin is None:
            refused.append(edit)
            continue
        shift = shift if edit.at.line == line else 0
        line = edit.at.line
        moved[edit.at] = Location(edit.at.path, line, edit.at.column + shift)
        shift += len(edit.new) - len(edit.old)
        parts += [text[done:begin], edit.new]
        done = begin + len(edit.old)
    return "".join([*parts, text[done:]]), moved, tuple(refused)


def children_of(node: Node) -> tuple[Node, ...]:
    """The items of a list, or the values of a mapping."""
    if isinstance(node, Scalar):
        return ()
    return node.items if isinstance(node, Sequence) else tuple(entry.value for entry in node.entries)


def placeless(node: Node) -> object:
    """What the node says, wherever it stands: equal for texts that differ in layout only."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Mapping):
        return {entry.key.text: placeless(entry.value) for entry in node.entries}
    return [placeless(item) for item in node.items]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """A text cut at the keys of its mapping: what stands above the first, a piece for each, the rest."""

    head: str
    of: dict[str, str]
    tail: str


def blocks_of(text: str, mapping: Mapping) -> Blocks | Location:
    """The blocks of a mapping whose keys each begin a line, or the place of one that does not.

    Comments at the start of a line, right above a key, belong to its block; those above the first key
    are the file's.
    """
    lines = Lines(text)
    keys = [entry.key for entry in mapping.entries]
    for key in keys:
        if key.at.column != 1 or lines.begin_of(key.at, key.text) is None:
            return key.at
    cuts = [lines.offset(key.at) if key is keys[0] else _above(lines, key.at.line) for key in keys]
    end = _above(lines, len(lines.starts) + 1)
    pieces = [text[first:last] for first, last in zip(cuts, [*cuts[1:], end], strict=True)]
    of = {key.text: piece for key, piece in zip(keys, pieces, strict=True)}
    return Blocks(head=text[: cuts[0]], of=of, tail=text[end:])


def _above(lines: Lines, line: int) -> int:
    """Where the blank lines and comments right above a line begin."""
    bounds = [*lines.starts, len(lines.text)]
    while line > 1:
        above = lines.text[bounds[line - 2] : bounds[line - 1]]
        if above.strip() and not above.startswith("#"):
            break
        line -= 1
    return bounds[line - 1]


def with_values(text: str, root: Mapping, name: str, wanted: dict[str, str | tuple[str, ...]]) -> str | None:
    """The text with these values in the mapping under `name`; None if its layout does not let them in."""
    lines = Lines(text)
    held = next((entry.value for entry in root.entries if entry.key.text == name), None)
    there = {entry.key.text: entry for entry in held.entries} if isinstance(held, Mapping) else {}
    written = {
        key: f'"{value}"' if isinstance(value, str) else f"[{', '.join(value)}]"
        for key, value in wanted.items()
    }
    changes = [_value_changed(lines, there[key], value) for key, value in written.items() if key in there]
    added = [f"{key}: {value}" for key, value in written.items() if key not in there]
    if added and held is None:
        ending = "" if text.endswith(("\n", "\r")) else "\n"
        changes.append((len(text), len(text), f"{ending}{name}: {{{', '.join(added)}}}\n"))
    elif added and held is not None:
        changes.append(_entries_added(lines, held, added))
    new = text
    for first, last, value in sorted(changes, reverse=True):
        new = new[:first] + value + new[last:]
    values = {key: value if isinstance(value, str) else list(value) for key, value in wanted.items()}
    kept = {entry.key.text: placeless(entry.value) for entry in root.entries}
    meant = kept | {name: {key: placeless(entry.value) for key, entry in there.items()} | values}
    node, problems = read_yaml(root.at.path, new.encode())
    return new if node is not None and not problems and placeless(node) == meant else None


def with_item(
    lines: Lines, spans: Spans, mapping: Mapping, key: str, item: str, after: tuple[str, ...]
) -> tuple[int, int, str] | None:
    """The change (from, to, words) that adds an item to the list under a key, a list begun if there is none.

    A key that is not there goes below the last of those `after` that has a text. None if there is no
    such place, or something else than a list.
    """
    there = {entry.key.text: entry.value for entry in mapping.entries}
    held = there.get(key)
    if isinstance(held, Sequence):
        begin = lines.offset(held.at)
        inside = lines.text.startswith("[", begin)
        last = held.items[-1] if held.items else None
        if last is None:
            return (begin + 1, begin + 1, item) if inside else None
        if not isinstance(last, Scalar):
            return None
        end = spans.of(last)[1]
        if inside:
            return end, end, f", {item}"
        dash = lines.text[lines.starts[last.at.line - 1] : lines.offset(last.at)]
        return _line_below(lines, end, f"{dash}{item}") if not dash.strip(" -") else None
    above = [there[name] for name in after if isinstance(there.get(name), Scalar)]
    if held is not None or not above or not isinstance(above[-1], Scalar):
        return None
    end = spans.of(above[-1])[1]
    if any(begin < end < close for begin, close in spans.brackets):
        return end, end, f", {key}: [{item}]"
    return _line_below(lines, end, f"{' ' * (mapping.at.column - 1)}{key}: [{item}]")


def _line_below(lines: Lines, end: int, words: str) -> tuple[int, int, str]:
    """The change that puts a line below the one in which something ends."""
    ending = "\r\n" if "\r\n" in lines.text else "\n"
    last = len(lines.text[:end].rstrip())  # a block of text ends with the blank lines below it
    line = lines.line_of(max(last - 1, 0))
    if line < len(lines.starts):
        return lines.starts[line], lines.starts[line], f"{words}{ending}"
    return len(lines.text), len(lines.text), f"{ending}{words}{ending}"


def _entries_added(lines: Lines, mapping: Node, added: list[str]) -> tuple[int, int, str]:
    """The change that puts entries before the first one of a mapping."""
    begin = lines.offset(mapping.at)
    if lines.text.startswith("{", begin):
        empty = isinstance(mapping, Mapping) and not mapping.entries
        return begin + 1, begin + 1, ", ".join(added) + ("" if empty else ", ")
    break_ = "\n" + " " * (mapping.at.column - 1)
    return begin, begin, break_.join(added) + break_


def _value_changed(lines: Lines, entry: Entry, written: str) -> tuple[int, int, str]:
    """The change that gives a key another value; that of a list in lines begins beside the key."""
    value, begin = entry.value, lines.offset(entry.value.at)
    end = _end_of(lines, value)
    if isinstance(value, Sequence):
        end = max((_end_of(lines, item) for item in value.items), default=begin + 1)
        if lines.text.startswith("[", begin):
            return begin, lines.text.find("]", end) + 1, written
        begin = lines.offset(entry.key.at) + len(entry.key.text)
        written = f": {written}"
    return begin, end, written


def _end_of(lines: Lines, node: Node) -> int:
    """Where a scalar that spells its words out ends."""
    begin = lines.offset(node.at)
    if not isinstance(node, Scalar):
        return begin
    words = lines.begin_of(node.at, node.text)
    return begin if words is None else words + len(node.text) + (lines.text[begin] in "\"'")
