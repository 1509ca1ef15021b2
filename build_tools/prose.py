"""Contributors' prose: what it may hold, and how it is laid into Markdown without becoming markup.

Allowed are `*emphasis*`, `**strong**`, `[[entity]]` and `[[entity|label]]`; everything else is text.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from build_tools.problems import Code, Location, Problem
from build_tools.quick import quick
from build_tools.text import word_places, words
from build_tools.written import Writing


@quick
@dataclass(frozen=True, slots=True)
class Plain:
    """Text to be shown as it is."""

    text: str


@quick
@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch set off: strong, or else emphasised."""

    strong: bool
    parts: tuple[Part, ...]


@quick
@dataclass(frozen=True, slots=True)
class Link:
    """A link to an entity, by id; shown under its name where there is no label."""

    target: str
    label: str | None


Part = Plain | Marked | Link


@quick
@dataclass(frozen=True, slots=True)
class Prose:
    """Prose as parsed, and as written but for white space, which is folded to single spaces."""

    parts: tuple[Part, ...]
    at: Location
    source: str = ""
    writing: Writing | None = field(default=None, compare=False, repr=False)

    def place(self, offset: int) -> Location:
        """Where the character at `offset` of the source stands in the file."""
        return self.writing.place(self.source, offset) if self.writing else self.at

    def place_of(self, said: Sequence[str]) -> Location:
        """Where the folded words stand in the file, or as many of them as a link does not part.

        Its own place if it does not have them.
        """
        own = [word.folded for word in words(self.source)]
        for size in range(len(said), min(len(said), 2) - 1, -1):
            for i in range(len(own) - size + 1) if size else ():
                if own[i : i + size] == list(said[:size]):
                    return self.place(word_places(self.source)[i][0])
        return self.at

    def place_of_link(self, target: str) -> Location:
        """Where the first link to the entity names it in the file."""
        found = (match.start(1) for match in _TARGET.finditer(self.source) if match[1] == target)
        offset = next(found, None)
        return self.at if offset is None else self.place(offset)

    @property
    def links(self) -> tuple[Link, ...]:
        """Every link, in reading order."""
        return _links(self.parts)

    def __bool__(self) -> bool:
        return bool(self.parts)


def _links(parts: tuple[Part, ...]) -> tuple[Link, ...]:
    found: list[Link] = []
    for part in parts:
        if isinstance(part, Link):
            found.append(part)
        elif isinstance(part, Marked):
            found.extend(_links(part.parts))
    return tuple(found)


# An emphasised stretch is bounded, so that a field of nothing but asterisks takes no quadratic time.
_PIECE = re.compile(
    r"\[\[(?P<target>[^\[\]|]*)(?:\|(?P<label>[^\[\]|]*))?\]\]"
    r"|(?<![*\w])(?P<mark>\*\*?)(?=[^\s*])(?P<inner>.{1,1000}?)"
    r"(?<=[^\s*])(?P=mark)(?!\*)"
)
_TARGET = re.compile(r"\[\[\s*([^\[\]|]*?)\s*[|\]]")
_KNOWN = "prose knows `*emphasis*`, `**strong**`, `[[entity]]` and `[[entity|words to show]]`"
_SOURCE = "the address of a source belongs in its seed's `url`, and the claim cites the seed"
# What a contributor may have meant as markup, and what to write. It is shown as text all the same.
_FOREIGN = (
    (re.compile(r"</?[a-zA-Z!][^<>]*>?"), "HTML", f"{_KNOWN}; delete the tags"),
    (re.compile(r"\{[:{%#]"), "an attribute list or template code", f"{_KNOWN}; delete it"),
    (
        re.compile(r"!?\[[^\]\[]*\]\([^()\s]*\)?"),
        "a Markdown link",
        "an entity is linked as `[[entity|words to show]]`, and a source is cited, not linked",
    ),
    (re.compile(r"\[\^[^\]]+\]"), "a footnote", "delete it: notes are made of `cites`"),
    (re.compile(r"^ {0,3}\[[^\]\[]+\]:|\]\["), "a reference link", _KNOWN),
    (
        re.compile(r"(?i)\b(?:https?|javascript|data|vbscript):[^\s,;]+"),
        "an address",
        f"delete it: {_SOURCE}",
    ),
    (re.compile(r"(?<![\w_])(__?)(?=[^\W_])[^_]*(?<=[^\W_])\1(?![\w_])"), "Markdown", _KNOWN),
    (re.compile(r"^(?:#{1,6}\s|>|```|~~~|---|===)|`|(?<![*\w])\*{3}(?=[^\s*])"), "Markdown", _KNOWN),
)
# Without one of these a text has none of the markup above, nor any of ours.
_SIGNS = re.compile(r"[<{\[\]:_#>`~*]|^[-=]")

_PARTS_THOUSANDS = re.compile("[\u00a0\u2009\u202f]")
# A figure printed as 530\u202f000 stays one figure.
_WHITE = re.compile(r"(?:(?!(?<=\d)[\u00a0\u2009\u202f]\d{3}(?!\d))\s)+")


def fold(text: str) -> str:
    """The text on one line, every run of white space a single space, but for spaces that part thousands."""
    if text.isascii() or not _PARTS_THOUSANDS.search(text):
        return " ".join(text.split())
    return _WHITE.sub(" ", text).strip()


# What ends in a stop and is no sentence's end; single letters need no entry.
_ABBREVIATIONS = frozenset(
    "approx art ca cf col dr ed eds est etc fig gen gov hon jr lt mr mrs ms mt no nos op pp pres prof rev "
    "rt sen sgt sr st vol vols vs".split()
)
_SENTENCE_END = re.compile(
    r"[.!?\u2026][\"'\u201d\u2019\u00bb)\]*]* "
    r"(?=[\"'\u201c\u2018\u00ab\u201e(*]*(?P<link>\[\[[^\[\]|]*\|?)?[\"'\u201c\u2018*]*(?P<first>\w?))"
)


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text; joined by single spaces, they are the text again.

    Where it is not certain that one ends, it goes on: only the layout of files depends on it.
    """
    found: list[str] = []
    begin = 0
    for match in _SENTENCE_END.finditer(text):
        starts = match["first"].isupper() or match["first"].isdigit()
        named = match["link"] is not None and not match["link"].endswith("|")  # shown as a name
        word = text[begin : match.start()].rsplit(" ", 1)[-1].strip("([*\"'\u201c\u2018").casefold()
        short = match.group() == ". " and (word in _ABBREVIATIONS or re.fullmatch(r"(?:\w\.)*\w", word))
        if (starts or named) and not short:
            found.append(text[begin : match.end() - 1])
            begin = match.end()
    return (*found, text[begin:])


def parse_prose(text: str, at: Location, writing: Writing | None = None) -> tuple[Prose, tuple[Problem, ...]]:
    """Prose from the text of a field, and the problems of its markup.

    They are located where the markup stands in the `writing`; without that, at the field.
    """
    text = fold(text)
    found: list[_Fault] = []
    parts = _parse(text, 0, found)
    prose = Prose(parts, at, text, writing)
    if not found:
        return prose, ()
    return prose, tuple(Problem(prose.place(i), code, message, hint) for i, code, message, hint in found)


_Fault = tuple[int, Code, str, str]


def foreign_markup(text: str, place: Callable[[int], Location]) -> tuple[Problem, ...]:
    """A warning if the text holds markup that will be shown as typed; one, for one mistake.

    `place` tells where a character of the text stands.
    """
    if not _SIGNS.search(text):
        return ()
    return tuple(Problem(place(i), code, message, hint) for i, code, message, hint in _foreign(text))


def _foreign(text: str) -> tuple[_Fault, ...]:
    for pattern, what, hint in _FOREIGN:
        if match := pattern.search(text):
            message = f"`{match.group().strip()[:40]}` looks like {what}; it will be shown as typed"
            return ((match.start(), Code.MARKUP_AS_TEXT, message, hint),)
    return ()


def _parse(text: str, offset: int, found: list[_Fault]) -> tuple[Part, ...]:
    """The parts of a stretch of prose that begins at `offset`."""
    parts: list[Part] = []
    end = 0
    for match in _PIECE.finditer(text) if "[[" in text or "*" in text else ():
        _plain(text[end : match.start()], offset + end, found, parts)
        end = match.end()
        if match["mark"]:
            inner = _parse(match["inner"], offset + match.start("inner"), found)
            parts.append(Marked(match["mark"] == "**", inner))
        else:
            label = (match["label"] or "").strip()
            parts.append(Link(match["target"].strip(), label or None))
    _plain(text[end:], offset + end, found, parts)
    return tuple(parts)


def _plain(text: str, offset: int, found: list[_Fault], parts: list[Part]) -> None:
    if not text:
        return
    if not _SIGNS.search(text):
        parts.append(Plain(text))
        return
    if match := re.search(r"\[\[|\]\]", text):
        message = "a `[[` or `]]` without its partner"
        found.append((offset + match.start(), Code.BAD_PROSE, message, _link_repair(text)))
    elif match := re.search(r"(?<![*\w])\*\*?(?=[^\s*])", text):
        message = "`*` opens emphasis and is not closed"
        hint = "close it, or put a space after the `*`"
        found.append((offset + match.start(), Code.BAD_PROSE, message, hint))
    found.extend((offset + i, code, message, hint) for i, code, message, hint in _foreign(text))
    parts.append(Plain(text))


def _link_repair(text: str) -> str:
    """What was meant by a link that is not closed, where that can be told."""
    match = re.search(r"\[\[\s*([a-z0-9-]+)(?:\](?!\])|(?=\s|$))", text)
    return f"write `[[{match[1]}]]`" if match else "write `[[entity]]` or `[[entity|label]]`"


# ASCII punctuation that means nothing inside a line of Markdown and keeps pages readable.
_HARMLESS = frozenset(",.'-?%$;/ ")
_SPECIAL = str.maketrans(
    {
        character: f"&#{ord(character)};"
        for character in map(chr, range(ord("!"), ord("~") + 1))
        if not character.isalnum() and character not in _HARMLESS
    }
)

_NUMBERED = re.compile(r"\A(\d+)\.")  # a list's item, were it the first of a line


@functools.lru_cache(maxsize=1 << 14)
def encode(text: str) -> str:
    """The text as Markdown that shows exactly it, at any place: no character of it can open markup.

    Backslash escapes do not hold in Python-Markdown (an escaped `<script>` is a tag still), so
    punctuation becomes numeric character references. A first character that could open a block,
    and the stop after a first number, are encoded even where they are harmless inside a line.
    """
    encoded = encode_inside(text)
    if encoded[:1] in _HARMLESS and encoded:
        return f"&#{ord(encoded[0])};{encoded[1:]}"
    return _NUMBERED.sub(r"\1&#46;", encoded) if encoded[:1].isdigit() else encoded


def encode_inside(text: str) -> str:
    """The text as Markdown that shows exactly it, where other text of the same line stands before it."""
    return fold(text).translate(_SPECIAL)


def plain_text(prose: Prose, names: Mapping[str, str]) -> str:
    """The prose without markup; `names` gives the names of entities by id."""
    return _plain_text(prose.parts, names)


def _plain_text(parts: tuple[Part, ...], names: Mapping[str, str]) -> str:
    texts = []
    for part in parts:
        if isinstance(part, Plain):
            texts.append(part.text)
        elif isinstance(part, Link):
            texts.append(part.label or names.get(part.target, part.target))
        else:
            texts.append(_plain_text(part.parts, names))
    return "".join(texts)
