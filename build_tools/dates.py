"""Dates as EDTF: which days they cover, how they sort, how they read in English.

The Extended Date/Time Format is ISO 8601-2:2019, annex A. What is read here: level 0 dates and
intervals of the years 0001 to 9999, and of level 1 the qualifiers `? ~ %`, digits left open (`199X`,
`2025-XX`), open intervals (`2020/..`) and the seasons 21 to 23. (The `edtf` package was tried and
left: it takes 29 February 2023 for a date.)
"""

from __future__ import annotations

import calendar
import functools
import itertools
import re
from dataclasses import dataclass
from types import MappingProxyType

from build_tools.problems import Location
from build_tools.quick import quick

MONTHS = tuple(
    "January February March April May June July August September October November December".split()
)
SEASONS = MappingProxyType({"21": "spring", "22": "summer", "23": "autumn"})  # winter spans two years
_SEASON_STARTS = MappingProxyType({"21": 3, "22": 6, "23": 9})
_PART = re.compile(r"([0-9]{4}|[0-9]{3}X|[0-9]{2}XX)(?:-([0-9]{2}|XX))?(?:-([0-9]{2}|XX))?([?~%]?)")
# What every expression looks like; whether a calendar has its days, `covers` knows.
SHAPE = re.compile(rf"(?:{_PART.pattern}|\.\.)/(?:{_PART.pattern}|\.\.)|{_PART.pattern}")


@quick
@dataclass(frozen=True, slots=True)
class Date:
    """An EDTF expression, with the first and last day it can mean, as ISO dates (open ends: 0000, 9999)."""

    text: str
    first: str
    last: str
    at: Location

    @property
    def sort_key(self) -> tuple[str, str, str]:
        return (self.first, self.last, self.text)

    @property
    def years(self) -> tuple[int, int]:
        """The years of the first and the last day."""
        return (int(self.first[:4]), int(self.last[:4]))


@functools.cache
def covers(text: str) -> tuple[str, str] | None:
    """The first and last day of an EDTF expression; None if it is none, or runs backwards."""
    if "/" not in text:
        return _days(text)
    ends = text.split("/")
    if len(ends) != 2 or ends == ["..", ".."]:
        return None
    first = ("0000-01-01", "") if ends[0] == ".." else _days(ends[0])
    last = ("", "9999-12-31") if ends[1] == ".." else _days(ends[1])
    if first is None or last is None or first[0] > last[1]:
        return None
    return first[0], last[1]


def _days(text: str) -> tuple[str, str] | None:
    match = _PART.fullmatch(text)
    if match is None or not text.isascii():
        return None
    year, month, day, _ = match.groups()
    first, last = int(year.replace("X", "0")), int(year.replace("X", "9"))
    if first == 0:
        return None
    if month in SEASONS and day is None and first == last:
        start = _SEASON_STARTS[month]
        return f"{year}-{start:02}-01", f"{year}-{start + 2:02}-{calendar.monthrange(first, start + 2)[1]}"
    if "X" in year or month in (None, "XX"):
        if day not in (None, "XX") or ("X" in year and month is not None):
            return None
        return f"{first:04}-01-01", f"{last:04}-12-31"
    if not 1 <= int(month) <= 12:
        return None
    days = calendar.monthrange(first, int(month))[1]
    if day in (None, "XX"):
        return f"{year}-{month}-01", f"{year}-{month}-{days}"
    return (f"{year}-{month}-{day}",) * 2 if 1 <= int(day) <= days else None


# How people write what EDTF has a sign for; each with what it becomes.
_LOOSE = (
    (re.compile(r"(?:about|around|circa|ca\.?|c\.) ?(.+)"), "{}~"),
    (re.compile(r"(?:since|from) (\S+)(?: on)?"), "{}/.."),
    (re.compile(r"(?:until|till|up to|to) (\S+)"), "../{}"),
    (re.compile(r"(?:from |between )?(\d{4}) ?(?:-|\u2013|to|and|until) ?(\d{4})"), "{}/{}"),
    (re.compile(r"(?:the )?(\d{3})0s"), "{}X"),
    (re.compile(r"spring(?: of)? (\d{4})"), "{}-21"),
    (re.compile(r"summer(?: of)? (\d{4})"), "{}-22"),
    (re.compile(r"(?:autumn|fall)(?: of)? (\d{4})"), "{}-23"),
)
_MONTH = MappingProxyType(
    {name.casefold()[:size]: i for i, name in enumerate(MONTHS, 1) for size in (3, len(name))} | {"sept": 9}
)


def meant_dates(text: str) -> tuple[str, ...]:
    """The EDTF expressions that a date in another spelling may stand for; none where that is a guess."""
    plain = " ".join(text.casefold().split())
    for pattern, form in _LOOSE:
        if match := pattern.fullmatch(plain):
            parts = [_single(part) or (part,) for part in match.groups()]
            made = [form.format(*each) for each in itertools.product(*parts)]
            return tuple(date for date in made if covers(date))
    return tuple(date for date in _single(plain) if covers(date))


def _single(plain: str) -> tuple[str, ...]:
    """What one day, month or year may be in EDTF."""
    words = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b|[,.]|\bof\b", " ", plain).split()
    months = [_MONTH[word] for word in words if word in _MONTH]
    numbers = [word for word in words if word.isdecimal() and word.isascii()]
    if len(months) == 1 and len(numbers) == len(words) - 1:
        years = [number for number in numbers if len(number) == 4]
        days = [number for number in numbers if len(number) < 3]
        if len(years) == 1 and len(days) == len(numbers) - 1 <= 1:
            return ("-".join([years[0], f"{months[0]:02}", *(f"{int(day):02}" for day in days)]),)
        return ()
    if match := re.fullmatch(r"(\d{4})[-/.](\d\d?)(?:[-/.](\d\d?))?", plain):
        return ("-".join([match[1], *(f"{int(part):02}" for part in match.groups()[1:] if part)]),)
    if match := re.fullmatch(r"(\d\d?)([-/.]) ?(\d\d?)[-/.] ?(\d{4})", plain):
        first, sign, second, year = match.groups()
        orders = [(second, first)] if sign == "." else [(second, first), (first, second)]
        found = (f"{year}-{int(month):02}-{int(day):02}" for month, day in orders)
        return tuple(dict.fromkeys(date for date in found if covers(date)))
    if match := re.fullmatch(r"(\d\d?)[-/.](\d{4})", plain):
        return (f"{match[2]}-{int(match[1]):02}",)
    return (plain,) if covers(plain) else ()


def in_words(text: str) -> str:
    """An EDTF expression as English readers write it: `2025-10` is October 2025, `2025~` about 2025."""
    if "/" in text:
        first, last = text.split("/")
        if first == "..":
            return f"until {in_words(last)}"
        if last == "..":
            return f"from {in_words(first)} on"
        if first.isdigit() and last.isdigit() and len(first) == len(last) == 4:
            return f"{first}\u2013{last}"
        return f"{in_words(first)} to {in_words(last)}"
    match = _PART.fullmatch(text)
    if match is None:
        return text
    year, month, day, doubt = match.groups()
    words = year if "X" not in year else f"{year.replace('X', '0')}s"
    if re.fullmatch(r"\d\d0X", year):  # "the 1900s" would be the century
        words = f"{year[:3]}0\u2013{year[:3]}9"
    if month in SEASONS:
        words = f"{SEASONS[month]} {words}"
    elif month and month != "XX":
        words = f"{MONTHS[int(month) - 1]} {words}"
        if day and day != "XX":
            words = f"{int(day)} {words}"
    before = {"~": "about ", "%": "perhaps about ", "?": "perhaps "}.get(doubt, "")
    return before + words
