"""Dates: which expressions are dates, which days they cover, how they sort and how they read."""

from __future__ import annotations

import calendar
import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build_tools.dates import Date, covers, in_words, meant_dates
from build_tools.problems import Location

REPRODUCIBLE = settings(derandomize=True, deadline=None)


@pytest.mark.parametrize(
    ("text", "first", "last", "words"),
    [
        # Days, months, years.
        ("2025-10-08", "2025-10-08", "2025-10-08", "8 October 2025"),
        ("2024-02-29", "2024-02-29", "2024-02-29", "29 February 2024"),
        ("2000-02-29", "2000-02-29", "2000-02-29", "29 February 2000"),
        ("2025-12-31", "2025-12-31", "2025-12-31", "31 December 2025"),
        ("2025-10", "2025-10-01", "2025-10-31", "October 2025"),
        ("2023-02", "2023-02-01", "2023-02-28", "February 2023"),
        ("2024-02", "2024-02-01", "2024-02-29", "February 2024"),
        ("2025", "2025-01-01", "2025-12-31", "2025"),
        ("0001", "0001-01-01", "0001-12-31", "0001"),
        ("9999", "9999-01-01", "9999-12-31", "9999"),
        # Qualified.
        ("2025~", "2025-01-01", "2025-12-31", "about 2025"),
        ("2025-10?", "2025-10-01", "2025-10-31", "perhaps October 2025"),
        ("2025-10-08%", "2025-10-08", "2025-10-08", "perhaps about 8 October 2025"),
        # Digits left open.
        ("199X", "1990-01-01", "1999-12-31", "1990s"),
        ("199X?", "1990-01-01", "1999-12-31", "perhaps 1990s"),
        ("190X", "1900-01-01", "1909-12-31", "1900–1909"),
        ("19XX", "1900-01-01", "1999-12-31", "1900s"),
        ("2025-XX", "2025-01-01", "2025-12-31", "2025"),
        ("2025-XX-XX", "2025-01-01", "2025-12-31", "2025"),
        ("2025-10-XX", "2025-10-01", "2025-10-31", "October 2025"),
        ("2024-02-XX~", "2024-02-01", "2024-02-29", "about February 2024"),
        # Seasons.
        ("2025-21", "2025-03-01", "2025-05-31", "spring 2025"),
        ("2025-22", "2025-06-01", "2025-08-31", "summer 2025"),
        ("2025-23~", "2025-09-01", "2025-11-30", "about autumn 2025"),
        # Intervals.
        ("2021/2024", "2021-01-01", "2024-12-31", "2021–2024"),
        ("2021/2021", "2021-01-01", "2021-12-31", "2021–2021"),
        ("2021-03/2021-05", "2021-03-01", "2021-05-31", "March 2021 to May 2021"),
        ("2021-03-04/2022", "2021-03-04", "2022-12-31", "4 March 2021 to 2022"),
        ("2021~/2024?", "2021-01-01", "2024-12-31", "about 2021 to perhaps 2024"),
        ("2020/2020-03", "2020-01-01", "2020-03-31", "2020 to March 2020"),
        ("199X/2001", "1990-01-01", "2001-12-31", "1990s to 2001"),
        ("2025-21/2025-23", "2025-03-01", "2025-11-30", "spring 2025 to autumn 2025"),
        ("2020/..", "2020-01-01", "9999-12-31", "from 2020 on"),
        ("../2020-05", "0000-01-01", "2020-05-31", "until May 2020"),
        ("2025-10-08~/..", "2025-10-08", "9999-12-31", "from about 8 October 2025 on"),
    ],
)
def test_a_date_covers_its_days_and_reads_as_english(text: str, first: str, last: str, words: str) -> None:
    assert covers(text) == (first, last)
    assert in_words(text) == words


@pytest.mark.parametrize(
    "text",
    [
        # No calendar has them.
        *("2023-02-29", "1900-02-29", "2025-02-30", "2025-04-31", "2025-13", "2025-00", "2025-13-01"),
        *("2025-10-00", "2025-10-32", "0000", "0000-01-01", "000X", "00XX", "2025-99"),
        # Backwards, or with no end.
        *("2024/2021", "2021-05/2021-03", "2021-12-31/2021-12-30", "../..", "/", "2020/", "/2020", ".."),
        *("2020/2021/2022", "2020/open", "2020//2021", "2020/...", "2020-"),
        # Written otherwise.
        *("", " ", "2025 ", " 2025", "2025\n", "today", "last year", "October 2025", "8 October 2025"),
        *("08.10.2025", "10/08/2025", "2025/10/08", "20251008", "2025-1-8", "2025-10-8", "25-10-08", "25"),
        *("12025", "Y12025", "-2025", "+2025", "2025-10-08T10:00", "2025-W41", "2025-281", "2025–2026"),
        *("1.10", "1e3", "NO", "~2025", "?2025", "2025~?", "2025~~", "c. 2025", "2025-~10"),
        # Digits left open where none may be.
        *(
            "XXXX",
            "1XXX",
            "20X5",
            "199x",
            "199X-10",
            "199X-XX",
            "2025-XX-08",
            "2025-1X",
            "2025-10-0X",
            "199X-21",
        ),
        # Seasons of more than one year, or with days; parts of years beyond level 1.
        *("2025-24", "2025-20", "2025-25", "2025-33", "2025-21-01", "2025-21-XX"),
        # Digits of other scripts.
        *("２０２５", "٢٠٢٥", "2025-1２", "²⁰²⁵"),
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    assert covers(text) is None


def test_dates_sort_by_their_first_day_then_by_their_last() -> None:
    texts = ["2021/2024", "2021", "../2030", "2021-01-01", "199X", "2021-03", "2020/..", "2021-01", "2021~"]
    dates = [Date(text, *days, Location("f")) for text in texts if (days := covers(text))]
    assert [date.text for date in sorted(dates, key=lambda date: date.sort_key)] == [
        *("../2030", "199X", "2020/..", "2021-01-01", "2021-01", "2021", "2021~", "2021/2024", "2021-03")
    ]


@pytest.mark.parametrize(
    ("text", "years"),
    [("2025-10", (2025, 2025)), ("199X", (1990, 1999)), ("2020/..", (2020, 9999)), ("../2020", (0, 2020))],
)
def test_a_date_knows_its_years(text: str, years: tuple[int, int]) -> None:
    days = covers(text)
    assert days is not None
    assert Date(text, *days, Location("f")).years == years


@settings(REPRODUCIBLE, max_examples=300)
@given(st.dates(min_value=datetime.date(1, 1, 1)))
def test_every_day_of_the_calendar_is_a_date_that_covers_itself(day: datetime.date) -> None:
    assert covers(day.isoformat()) == (day.isoformat(), day.isoformat())
    assert in_words(day.isoformat()) == f"{day.day} {calendar.month_name[day.month]} {day.year:04}"


EXPRESSIONS = st.from_regex(r"\A[0-9X?~%/.-]{0,12}\Z") | st.from_regex(
    r"\A(\.\.|[012][0-9X]{3}(-[0-3X][0-9X](-[0-3X][0-9X])?)?[?~%]?)(/(\.\.|[012][0-9]{3}(-[0-3][0-9])?))?\Z"
)


@settings(REPRODUCIBLE, max_examples=2000)
@given(EXPRESSIONS | st.text(max_size=12))
def test_whatever_is_taken_for_a_date_has_real_days_in_order_and_reads_as_words(text: str) -> None:
    days = covers(text)
    if days is None:
        return
    first, last = days
    assert first <= last
    for day in {first, last} - {"0000-01-01"}:
        assert datetime.date.fromisoformat(day).isoformat() == day
    words = in_words(text)
    assert "X" not in words
    assert ".." not in words
    assert words == words.strip() != ""
    assert Date(text, first, last, Location("f")).years[0] <= int(last[:4])


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("June 2024", ["2024-06"]),
        ("Sept. 2024", ["2024-09"]),
        ("8 October 2025", ["2025-10-08"]),
        ("October 8, 2025", ["2025-10-08"]),
        ("the 8th of October 2025", []),
        ("8th of October 2025", ["2025-10-08"]),
        ("08.10.2025", ["2025-10-08"]),
        ("8. 10. 2025", ["2025-10-08"]),
        ("2025/10/08", ["2025-10-08"]),
        ("2025/10", ["2025-10"]),
        ("10/08/2025", ["2025-08-10", "2025-10-08"]),
        ("13/12/2025", ["2025-12-13"]),
        ("05/2024", ["2024-05"]),
        ("2024-6-1", ["2024-06-01"]),
        ("c. 2024", ["2024~"]),
        ("about May 2024", ["2024-05~"]),
        ("2021-2024", ["2021/2024"]),
        ("2021 \u2013 2024", ["2021/2024"]),
        ("2024-2021", []),
        ("since 2020", ["2020/.."]),
        ("until 2020", ["../2020"]),
        ("the 2020s", ["202X"]),
        ("summer of 2024", ["2024-22"]),
        ("winter 2024", []),
        ("31.02.2025", []),
        ("99/99/2025", []),
        ("last year", []),
        ("May", []),
        ("", []),
        ("\u0662\u0660\u0662\u0664", []),
    ],
)
def test_a_date_in_another_spelling_is_told_in_edtf_where_that_is_no_guess(
    text: str, meant: list[str]
) -> None:
    assert list(meant_dates(text)) == meant
    assert all(covers(date) for date in meant)


@REPRODUCIBLE
@given(st.text(max_size=20) | st.text(alphabet="0123456789-/. ~XMayJune", max_size=14))
def test_whatever_is_written_for_a_date_only_dates_are_told(text: str) -> None:
    assert all(covers(date) for date in meant_dates(text))
