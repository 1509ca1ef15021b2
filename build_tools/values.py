"""The values that fields hold: how each is read from text, and what is not one of them.

A value that refers or is compared later knows its own place, so that a problem can point at it.
`read` returns the value, or the complaint to report at the scalar's place.
"""

from __future__ import annotations

import enum
import re
import sys
import unicodedata
from dataclasses import dataclass
from types import MappingProxyType
from typing import NewType, TypeVar

from build_tools.amounts import amount
from build_tools.dates import Date, covers, meant_dates
from build_tools.languages import tag_of
from build_tools.problems import Code, Location
from build_tools.quick import quick
from build_tools.text import quote_parts

EntityId = NewType("EntityId", str)
SeedId = NewType("SeedId", str)
PassageId = NewType("PassageId", str)

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MAX_ID_LENGTH = 100
PASSAGE = re.compile(r"p[1-9][0-9]{0,5}")
# A passage that was cited before its seed was renewed, and is no longer what it was: `p5?`.
UNSETTLED = re.compile(rf"{PASSAGE.pattern}\?")
# The characters of RFC 3986 only: nothing that could end an attribute or a Markdown link.
URL = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:[/?#][A-Za-z0-9._~:/?#@!$&*+,;=%-]*)?")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
PERCENT = re.compile(r"(?:100|[1-9]?[0-9])%")
LINE_SPAN = re.compile(r"([1-9][0-9]{0,6})(?:-([1-9][0-9]{0,6}))?")
WORD_SPAN = re.compile(r"([1-9][0-9]{0,5})-([1-9][0-9]{0,5})")
# Names that file systems or the site keep for themselves.
RESERVED_IDS = frozenset(
    "con prn aux nul index 404 search assets data sitemap readme".split()
    + [f"{device}{number}" for device in ("com", "lpt") for number in range(1, 10)]
)


@quick
@dataclass(frozen=True, slots=True)
class Complaint:
    """Why a scalar is not a value of its field; its place is the scalar's, if none is given."""

    code: Code
    message: str
    hint: str
    at: Location | None = None


def complaint_about_id(text: str) -> Complaint | None:
    """Why the text cannot be an id; None if it can."""
    if len(text) > MAX_ID_LENGTH:
        message = f"an id of {len(text)} characters is too long"
        return Complaint(Code.BAD_ID, message, f"use at most {MAX_ID_LENGTH}")
    if not ID.fullmatch(text):
        hint = "use lower-case letters a-z and digits, words joined by single hyphens"
        plain = unicodedata.normalize("NFKD", text.casefold())
        foreign = next((letter for letter in plain if letter.isalpha() and not letter.isascii()), None)
        if foreign:  # a letter of another script may look the same
            name = unicodedata.name(foreign, "of another script").lower()
            return Complaint(Code.BAD_ID, f"`{text}` is not an id", f"{hint}; `{foreign}` is {name}")
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
        words = "-".join(re.findall(r"[a-z0-9]+", plain))
        return Complaint(Code.BAD_ID, f"`{text}` is not an id", f"{hint}: `{words}`" if words else hint)
    if text in RESERVED_IDS:
        return Complaint(Code.BAD_ID, f"`{text}` is reserved", "choose another id")
    return None


@quick
@dataclass(frozen=True, slots=True)
class Text:
    """One line of plain text, shown as it is."""

    text: str
    at: Location

    def __str__(self) -> str:
        return self.text


@quick
@dataclass(frozen=True, slots=True)
class Verbatim:
    """Somebody else's words, kept to the character."""

    text: str
    at: Location

    def __str__(self) -> str:
        return self.text


OPENING = 4  # words: enough to find a passage by, and no fewer than a seal vouches for


@quick
@dataclass(frozen=True, slots=True)
class Opening(Verbatim):
    """The first four words of a passage, kept to the character."""

    @classmethod
    def read(cls, text: str, at: Location) -> Opening | Complaint:
        parts = quote_parts(text)
        if [len(part) for part in parts] == [OPENING]:
            return cls(" ".join(text.split()), at)
        count = sum(map(len, parts))
        found = "with something left out" if len(parts) > 1 else f"of {amount(count, 'word')}"
        hint = "give exactly the first four words of the passage, as its page has them"
        return Complaint(Code.BAD_VALUE, f"an opening {found}", hint)


@quick
@dataclass(frozen=True, slots=True)
class Ref:
    """The id of something defined elsewhere; empty where what was written is not an id."""

    id: str
    at: Location

    @classmethod
    def read(cls, text: str, at: Location) -> Ref | Complaint:
        return complaint_about_id(text) or cls(sys.intern(text), at)


@quick
@dataclass(frozen=True, slots=True)
class EntityRef(Ref):
    """The id of an entity; or whatever was written for it, so that a name can be answered with the id."""

    @classmethod
    def read(cls, text: str, at: Location) -> EntityRef:
        return cls(sys.intern(text), at)


@quick
@dataclass(frozen=True, slots=True)
class Anchor:
    """The id of a claim, quote or question: its address on the page."""

    id: str
    at: Location

    @classmethod
    def read(cls, text: str, at: Location) -> Anchor | Complaint:
        if PASSAGE.fullmatch(text):
            return Complaint(Code.BAD_ID, f"`{text}` is the form of a passage's id", "choose a telling id")
        return complaint_about_id(text) or cls(text, at)


_RELATIVE = re.compile(
    r"(?i)\b(?:this|last|next|past|previous|yesterday|today|tomorrow|now|ago|earlier|later|recently|since)\b"
)


@quick
@dataclass(frozen=True, slots=True)
class When:
    """A date in EDTF."""

    date: Date

    @classmethod
    def read(cls, text: str, at: Location) -> When | Complaint:
        days = covers(text)
        if days is None:
            hint = "write 2025, 2025-10, 2025-10-08, 2025~ (about), 2021/2024 (from, to) or 2020/.. (EDTF)"
            meant = meant_dates(text)
            if re.fullmatch(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?", text):
                hint = "a date is written year-month-day: mend the month or the day"
                return Complaint(Code.BAD_DATE, f"the calendar has no `{text}`", hint)
            if _RELATIVE.search(text):
                hint = f"write the date it means; a claim keeps the words beside it: `resolved_from: {text}`"
            elif meant:
                hint = f"write it as {' or '.join(f'`{date}`' for date in meant)}"
            return Complaint(Code.BAD_DATE, f"`{text}` is not a date as records have it", hint)
        return cls(Date(text, *days, at))


@quick
@dataclass(frozen=True, slots=True)
class Url:
    """An http or https address."""

    text: str
    at: Location

    @classmethod
    def read(cls, text: str, at: Location) -> Url | Complaint:
        if not URL.fullmatch(text):
            hint = "write the whole address, starting with https://, other characters percent-encoded"
            if "//" not in text and "." in text and isinstance(cls.read(f"https://{text}", at), Url):
                hint = f"write the whole address: `https://{text}`"
            return Complaint(Code.BAD_URL, f"`{text[:80]}` is not an http(s) address", hint)
        return cls(text, at)

    def __str__(self) -> str:
        return self.text


@quick
@dataclass(frozen=True, slots=True)
class Language:
    """A language tag (BCP 47): `de`, `zh-Hant`."""

    tag: str
    at: Location

    @classmethod
    def read(cls, text: str, at: Location) -> Language | Complaint:
        if not LANGUAGE.fullmatch(text):
            tag = tag_of(text)
            hint = f"write `{tag}`" if tag else "write e.g. en, de, ky, zh-Hant"
            return Complaint(Code.BAD_VALUE, f"`{text}` is not a language tag", hint)
        return cls(text, at)


@quick
@dataclass(frozen=True, slots=True)
class Count:
    """A whole number above nought."""

    number: int

    @classmethod
    def read(cls, text: str, at: Location) -> Count | Complaint:
        if not re.fullmatch(r"[1-9][0-9]{0,8}", text):
            return Complaint(Code.BAD_VALUE, f"`{text}` is not a whole number above 0", "write e.g. 60")
        return cls(int(text))


@quick
@dataclass(frozen=True, slots=True)
class Percent:
    """A share, from 0 to 100 in whole percents."""

    number: int

    @classmethod
    def read(cls, text: str, at: Location) -> Percent | Complaint:
        if not PERCENT.fullmatch(text):
            hint = "write e.g. 20%"
            if re.fullmatch(r"(?:100|[1-9]?[0-9]) ?(?:%|per ?cent)?", text):
                hint = f"write it in per cent: `{re.split('[^0-9]', text)[0]}%`"
            elif re.fullmatch(r"0?\.[0-9]{1,2}", text):
                hint = f"write it in per cent: `{round(float(text) * 100)}%`"
            return Complaint(Code.BAD_VALUE, f"`{text}` is not a share", hint)
        return cls(int(text[:-1]))


@quick
@dataclass(frozen=True, slots=True)
class Longitude:
    """Degrees east of Greenwich, west of it below 0; beyond 180 where a map crosses the antimeridian."""

    degrees: float
    at: Location

    @classmethod
    def read(cls, text: str, at: Location) -> Longitude | Complaint:
        return _degrees(cls, text, at, -180, 360)


@quick
@dataclass(frozen=True, slots=True)
class Latitude:
    """Degrees north of the equator, south of it below 0."""

    degrees: float
    at: Location

    @classmethod
    def read(cls, text: str, at: Location) -> Latitude | Complaint:
        return _degrees(cls, text, at, -90, 90)


AngleT = TypeVar("AngleT", Longitude, Latitude)


def _degrees(angle: type[AngleT], text: str, at: Location, low: int, high: int) -> AngleT | Complaint:
    if re.fullmatch(r"-?[0-9]{1,3}(?:\.[0-9]{1,6})?", text) and low <= float(text) <= high:
        return angle(float(text), at)
    what = angle.__name__.lower()
    hint = f"write degrees from {low} to {high}, as in 42.5"
    return Complaint(Code.BAD_VALUE, f"`{text}` is not a {what}", hint)


@quick
@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression that a whole value must match."""

    text: str

    @classmethod
    def read(cls, text: str, at: Location) -> Pattern | Complaint:
        try:
            re.compile(text)
        except (re.error, OverflowError, RecursionError) as error:
            return Complaint(Code.BAD_VALUE, f"`{text}` is not a pattern: {error}", "mend the expression")
        return cls(text)


_FLAGS = MappingProxyType(
    dict.fromkeys(("yes", "y", "on", "true"), "true") | dict.fromkeys(("no", "n", "off", "false"), "false")
)


@quick
@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    on: bool

    @classmethod
    def read(cls, text: str, at: Location) -> Flag | Complaint:
        if text not in ("true", "false"):
            meant = _FLAGS.get(text.casefold())
            hint = f"write `{meant}`" if meant else "write true or false"
            return Complaint(Code.BAD_VALUE, f"`{text}` is neither true nor false", hint)
        return cls(text == "true")

    def __bool__(self) -> bool:
        return self.on


@quick
@dataclass(frozen=True, slots=True)
class LineSpan:
    """Lines of a captured file, both ends included: `3` or `3-5`."""

    first: int
    last: int

    @classmethod
    def read(cls, text: str, at: Location) -> LineSpan | Complaint:
        match = LINE_SPAN.fullmatch(text)
        if match is None or int(match[2] or match[1]) < int(match[1]):
            return Complaint(Code.BAD_VALUE, f"`{text}` is not a range of lines", "write e.g. 3 or 3-5")
        return cls(int(match[1]), int(match[2] or match[1]))

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


@quick
@dataclass(frozen=True, slots=True)
class WordSpan:
    """Words of a passage, counted from 1, both ends included: `14-22`."""

    first: int
    last: int
    at: Location

    @classmethod
    def read(cls, text: str, at: Location) -> WordSpan | Complaint:
        match = WORD_SPAN.fullmatch(text)
        if match is None or int(match[2]) < int(match[1]):
            return Complaint(Code.BAD_CITE, f"`{text}` is not a span of words", "write e.g. 14-22")
        return cls(int(match[1]), int(match[2]), at)

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


class NameKind(enum.StrEnum):
    """What an alias is to the name."""

    OFFICIAL = "official"
    ABBREVIATION = "abbreviation"
    SPELLING = "spelling"
    FORMER = "former"
    TRANSLATION = "translation"
    METONYM = "metonym"
    NATIVE = "native"
    SHORT = "short"


class PassageKind(enum.StrEnum):
    """What a passage is: a heading asserts nothing; a quotation carries words in quotation marks."""

    TEXT = "text"  # the first stands in for one that cannot be read
    QUOTATION = "quotation"
    HEADING = "heading"


class Role(enum.StrEnum):
    """What the cited passage does to the statement."""

    SUPPORTS = "supports"
    DISPUTES = "disputes"
    CONTEXT = "context"


class Basis(enum.StrEnum):
    """Whether the source says it, or an editor worked it out."""

    STATED = "stated"
    INFERRED = "inferred"


class Derivation(enum.StrEnum):
    """How one seed came from another."""

    TRANSLATION = "translation"
    RETELLING = "retelling"
    EXCERPT = "excerpt"
    COPY = "copy"


class Reuse(enum.StrEnum):
    """What copyright lets the wiki do with a seed's words."""

    ALL_RIGHTS_RESERVED = "all-rights-reserved"
    LICENSED = "licensed"
    PUBLIC_DOMAIN = "public-domain"


class Publish(enum.StrEnum):
    """How much of a seed's text may be published."""

    QUOTATIONS = "quotations"
    FULL = "full"
