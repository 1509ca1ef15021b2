"""Where the characters of a text stand in its file, whichever of YAML's styles it is written in.

YAML folds lines, drops quotation marks and resolves escapes, and prose folds white space once more; but
the other characters keep their order. So a character is found again by how many stand before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

from build_tools.problems import Location
from build_tools.quick import quick

# What stands for one character of the text (YAML 1.1, sections 5.6, 9.1.1 and 9.1.2).
_UNIT = MappingProxyType(
    {
        "'": re.compile(r"''|\S"),
        '"': re.compile(r"\\(?:x.{2}|u.{4}|U.{8}|\r\n|.)|\S", re.S),
        "": re.compile(r"\S"),
    }
)
_ESCAPED_SPACE = re.compile(
    r"\\(?:[\s_nrtvNLP]|x(?:09|0[a-dA-D]|20|85|[aA]0)|u(?:00(?:09|0[a-dA-D]|20|85|[aA]0)|1680|20[0-2].|3000))"
)
# What may stand in for a character that is not allowed, and be gone from the text.
_NO_CHARACTER = "\ufffd"
_QUOTES, _BLOCKS = ("'", '"'), ("|", ">")
_NOT_SURELY_FIRST = ("", "\\", _NO_CHARACTER)


@quick
@dataclass(frozen=True, slots=True)
class Writing:
    """A scalar as its file has it, with its quotation marks or its `>-`, and where that begins."""

    raw: str
    at: Location

    @property
    def begin(self) -> Location:
        """The place of the first character of the text that was read from here."""
        raw = self.raw
        quoted = 1 if raw[:1] in _QUOTES else 0
        first = raw[quoted : quoted + 1] if len(raw) > 2 * quoted else ""
        if first.isspace() or first in _NOT_SURELY_FIRST or (not quoted and first in _BLOCKS):
            return self.place("", 0)
        return self.at.right(1) if quoted else self.at

    def place(self, text: str, offset: int) -> Location:
        """The place of the character at `offset` of the text that was read from here."""
        before = sum(not c.isspace() and c != _NO_CHARACTER for c in text[:offset])
        for number, begin in enumerate(self._characters()):
            if number == before:
                return self._location(begin)
        return self.at

    def _characters(self) -> Iterator[int]:
        """Where each character of the text begins, but for white space."""
        style = self.raw[:1]
        begin, end = 0, len(self.raw)
        if style in _BLOCKS:
            begin = self.raw.find("\n") + 1
        elif style in _QUOTES:
            begin, end = 1, end - 1
        for match in _UNIT.get(style, _UNIT[""]).finditer(self.raw, begin, end):
            unit = match.group()
            if unit != _NO_CHARACTER and not _ESCAPED_SPACE.fullmatch(unit):
                yield match.start()

    def _location(self, offset: int) -> Location:
        lines = re.split(r"\r\n|\r|\n", self.raw[:offset])
        column = len(lines[-1]) + (self.at.column if len(lines) == 1 else 1)
        return Location(self.at.path, self.at.line + len(lines) - 1, column)
