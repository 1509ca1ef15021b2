"""Words of a YAML text replaced where they stand: comments, quotes and layout stay as they were written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

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

    def begin_of(self, scalar: Location, words: str) -> int | None:
        """Where the words of a scalar begin; None if it does not spell them out (escapes, say)."""
        opening = _OPENING.match(self.text, self.offset(scalar))
        assert opening is not None  # it may be empty
        return opening.end() if self.text.startswith(words, opening.end()) else None


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
