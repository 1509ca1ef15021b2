"""The values that fields hold: what each accepts, and what it says of anything else."""

from __future__ import annotations

import enum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build_tools.problems import Location
from build_tools.values import (
    MAX_ID_LENGTH,
    RESERVED_IDS,
    Anchor,
    Basis,
    Complaint,
    Count,
    Derivation,
    EntityRef,
    Flag,
    Language,
    LineSpan,
    NameKind,
    PassageKind,
    Pattern,
    Percent,
    Publish,
    Ref,
    Reuse,
    Role,
    Text,
    Url,
    Verbatim,
    When,
    complaint_about_id,
)

REPRODUCIBLE = settings(derandomize=True, deadline=None)
AT = Location("f.yml", 3, 9)


def said(value: object) -> list[str]:
    """The code, message and hint of a complaint."""
    assert isinstance(value, Complaint)
    return [value.code.text, value.message, value.hint]


# ---- ids ---------------------------------------------------------------------------------------

ID_HINT = "use lower-case letters a-z and digits, words joined by single hyphens"


@pytest.mark.parametrize(
    "text", ["a", "7", "norway", "t-72b3", "2-2-2", "a" * MAX_ID_LENGTH, "index-card", "con-man", "con1", "p"]
)
def test_an_id_is_lower_case_words_joined_by_hyphens(text: str) -> None:
    assert complaint_about_id(text) is None
    assert Ref.read(text, AT) == Ref(text, AT)
    assert Anchor.read(text, AT) == Anchor(text, AT)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", ID_HINT),
        ("-", ID_HINT),
        ("---", ID_HINT),
        ("Norway", f"{ID_HINT}: `norway`"),
        ("NORTH Sea", f"{ID_HINT}: `north-sea`"),
        ("a--b", f"{ID_HINT}: `a-b`"),
        ("-a-", f"{ID_HINT}: `a`"),
        ("a_b", f"{ID_HINT}: `a-b`"),
        ("a.b", f"{ID_HINT}: `a-b`"),
        ("a b", f"{ID_HINT}: `a-b`"),
        ("a\nb", f"{ID_HINT}: `a-b`"),
        ("a\n", f"{ID_HINT}: `a`"),
        ("../x", f"{ID_HINT}: `x`"),
        ("..", ID_HINT),
        ("/etc/passwd", f"{ID_HINT}: `etc-passwd`"),
        ("a/b", f"{ID_HINT}: `a-b`"),
        ("a\\b", f"{ID_HINT}: `a-b`"),
        ("a%2fb", f"{ID_HINT}: `a-2fb`"),
        ("a#b", f"{ID_HINT}: `a-b`"),
        ("a\0b", f"{ID_HINT}: `a-b`"),
        ("möwe", f"{ID_HINT}: `mowe`"),
        ("côte-d’or", f"{ID_HINT}: `cote-d-or`"),
        ("ｇull", f"{ID_HINT}: `gull`"),
        ("x²", f"{ID_HINT}: `x2`"),
        ("nоrway", f"{ID_HINT}; `о` is cyrillic small letter o"),
        ("рар", f"{ID_HINT}; `р` is cyrillic small letter er"),
        ("αlpha", f"{ID_HINT}; `α` is greek small letter alpha"),
        ("ısland", f"{ID_HINT}; `ı` is latin small letter dotless i"),
    ],
)
def test_what_is_no_id_gets_the_nearest_one_or_the_letter_that_deceives(text: str, hint: str) -> None:
    assert said(complaint_about_id(text)) == ["bad-id", f"`{text}` is not an id", hint]
    assert Ref.read(text, AT) == complaint_about_id(text) == Anchor.read(text, AT)


def test_an_id_that_is_too_long_says_how_long_it_is_and_not_all_of_itself() -> None:
    assert said(complaint_about_id("a" * 101)) == [
        "bad-id",
        "an id of 101 characters is too long",
        "use at most 100",
    ]


@pytest.mark.parametrize("text", sorted(RESERVED_IDS))
def test_names_that_file_systems_or_the_site_keep_are_reserved(text: str) -> None:
    assert said(complaint_about_id(text)) == ["bad-id", f"`{text}` is reserved", "choose another id"]


def test_the_names_that_windows_keeps_and_those_of_the_site_are_among_the_reserved() -> None:
    assert {"con", "nul", "aux", "prn", "com1", "lpt9", "index", "404", "search", "assets"} <= RESERVED_IDS


@pytest.mark.parametrize("text", ["p1", "p10", "p999999"])
def test_an_anchor_cannot_look_like_a_passage(text: str) -> None:
    assert said(Anchor.read(text, AT)) == [
        "bad-id",
        f"`{text}` is the form of a passage's id",
        "choose a telling id",
    ]
    assert Ref.read(text, AT) == Ref(text, AT)


@settings(REPRODUCIBLE, max_examples=500)
@given(st.text(max_size=12) | st.text(alphabet="aZ0-_./é \n", max_size=12))
def test_what_is_accepted_as_an_id_is_a_safe_name_for_a_file_and_an_anchor(text: str) -> None:
    if complaint_about_id(text) is None:
        assert text.isascii()
        assert text.replace("-", "").isalnum()
        assert text == text.casefold()
        assert text[0] != "-" != text[-1]


# ---- dates -------------------------------------------------------------------------------------


def test_a_date_knows_its_place() -> None:
    when = When.read("2025-10", AT)
    assert isinstance(when, When)
    assert (when.date.text, when.date.first, when.date.last, when.date.at) == (
        *("2025-10", "2025-10-01", "2025-10-31"),
        AT,
    )


@pytest.mark.parametrize("text", ["soon", "NO", "2024/2019"])
def test_what_is_no_date_gets_the_forms_a_date_may_have(text: str) -> None:
    assert said(When.read(text, AT)) == [
        "bad-date",
        f"`{text}` is not a date as records have it",
        "write 2025, 2025-10, 2025-10-08, 2025~ (about), 2021/2024 (from, to) or 2020/.. (EDTF)",
    ]


@pytest.mark.parametrize("text", ["2023-02-29", "2025-13", "2025-00-10"])
def test_a_date_that_no_calendar_has_is_called_that(text: str) -> None:
    assert said(When.read(text, AT))[1] == f"the calendar has no `{text}`"


# ---- addresses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "https://a.example",
        "http://a.example/",
        "https://a.example:8080/b/c.html?d=e&f=%C3%A9#g",
        "https://a.example/~b/c_d,e;f=1!$*+:@",
        "https://a.example?b",
        "https://a.example#b",
        "https://192.0.2.1/b",
    ],
)
def test_an_address_is_http_or_https(text: str) -> None:
    assert Url.read(text, AT) == Url(text, AT)
    assert str(Url.read(text, AT)) == text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            "java\tscript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
        ),
        *(
            "//a.example/b",
            "/b",
            "b.html",
            "a.example",
            "www.a.example",
            "",
            "https:",
            "https://",
            "https:///b",
        ),
        *(
            "ftp://a.example",
            "mailto:a@b.example",
            "file:///etc/passwd",
            "HTTPS://a.example",
            "https:/a.example",
        ),
        *("https://a.example/b c", "https://a.example/b\nc", "https://a.example/\t", " https://a.example"),
        *(
            'https://a.example/"onclick="x',
            "https://a.example/'x",
            "https://a.example/<b>",
            "https://a.example/`b`",
        ),
        *("https://a.example/(b)", "https://a.example/[b]", "https://a.example/{b}", "https://a.example/b|c"),
        *("https://a.example/b\\c", "https://a.example/b^c", "https://a.example/é", "https://é.example"),
        *(
            "https://user:secret@a.example",
            "https://a_b.example",
            "https://a.example:x/",
            "https://a.example:٣/",
        ),
        *("https://javascript:alert(1)", "https://a.example/\u202eb", "https://a.example\\@b.example"),
    ],
)
def test_no_other_address_is_taken(text: str) -> None:
    code, message, hint = said(Url.read(text, AT))
    assert (code, message) == ("bad-url", f"`{text}` is not an http(s) address")
    assert hint.startswith("write the whole address")


def test_a_long_address_is_cut_short_in_the_message() -> None:
    assert said(Url.read("x" * 500, AT))[1] == f"`{'x' * 80}` is not an http(s) address"


@settings(REPRODUCIBLE, max_examples=500)
@given(
    st.text(alphabet="htps:/a.e?#&<>\"'()[]{}`\\ \n|*_", max_size=10).map(
        lambda end: f"https://a.example/{end}"
    )
)
def test_an_address_can_end_neither_an_attribute_nor_a_markdown_link(text: str) -> None:
    if isinstance(Url.read(text, AT), Url):
        assert not set(text) & set("<>\"'()[]{}`\\ \n|")


# ---- the rest ----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["de", "ky", "zh-Hant", "pt-BR", "sr-Latn-RS", "gsw", "de-1996"])
def test_a_language_is_a_tag(text: str) -> None:
    assert Language.read(text, AT) == Language(text, AT)


@pytest.mark.parametrize(
    "text", ["", "d", "DE", "klingonisch", "de_DE", "de-", "-de", "de--at", "de-toolongtag", "dё", "de x"]
)
def test_what_is_no_tag_is_no_language(text: str) -> None:
    assert said(Language.read(text, AT)) == [
        "bad-value",
        f"`{text}` is not a language tag",
        "write e.g. en, de, ky, zh-Hant",
    ]


@pytest.mark.parametrize(
    ("text", "span"), [("3", (3, 3)), ("3-5", (3, 5)), ("7-7", (7, 7)), ("1-9999999", (1, 9999999))]
)
def test_a_span_of_lines_is_one_line_or_two_ends(text: str, span: tuple[int, int]) -> None:
    assert LineSpan.read(text, AT) == LineSpan(*span)


@pytest.mark.parametrize(
    "text", ["", "0", "0-3", "5-3", "-3", "3-", "3–5", "3 - 5", "3,5", "a", "03", "٣", "1٣", "99999999"]
)
def test_what_is_no_span_of_lines_is_refused(text: str) -> None:
    assert said(LineSpan.read(text, AT)) == [
        "bad-value",
        f"`{text}` is not a range of lines",
        "write e.g. 3 or 3-5",
    ]


@pytest.mark.parametrize(("span", "text"), [(LineSpan(3, 3), "3"), (LineSpan(3, 5), "3-5")])
def test_a_span_of_lines_is_written_as_it_is_read(span: LineSpan, text: str) -> None:
    assert str(span) == text
    assert LineSpan.read(text, AT) == span


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("60", 60), ("999999999", 999_999_999)])
def test_a_count_is_a_whole_number_above_nought(text: str, number: int) -> None:
    assert Count.read(text, AT) == Count(number)


@pytest.mark.parametrize(
    "text", ["", "0", "-1", "007", "1.5", "1e3", "1,000", "1_000", "0x1F", "two", "٣", "9999999999"]
)
def test_what_is_no_count_is_refused(text: str) -> None:
    assert said(Count.read(text, AT)) == [
        "bad-value",
        f"`{text}` is not a whole number above 0",
        "write e.g. 60",
    ]


@pytest.mark.parametrize(("text", "number"), [("0%", 0), ("5%", 5), ("20%", 20), ("100%", 100)])
def test_a_share_is_in_whole_per_cents(text: str, number: int) -> None:
    assert Percent.read(text, AT) == Percent(number)


@pytest.mark.parametrize("text", ["", "20", "0.2", "20 %", "101%", "020%", "-1%", "%", "٢٠%"])
def test_what_is_no_share_is_refused(text: str) -> None:
    assert said(Percent.read(text, AT))[:2] == ["bad-value", f"`{text}` is not a share"]


@pytest.mark.parametrize(("text", "on"), [("true", True), ("false", False)])
def test_a_flag_is_true_or_false(text: str, on: bool) -> None:
    flag = Flag.read(text, AT)
    assert flag == Flag(on)
    assert bool(flag) is on


@pytest.mark.parametrize("text", ["", "yes", "no", "True", "FALSE", "1", "0", "on", "null", "~"])
def test_nothing_else_is_a_flag(text: str) -> None:
    assert said(Flag.read(text, AT))[:2] == ["bad-value", f"`{text}` is neither true nor false"]


@pytest.mark.parametrize(
    ("kind", "text", "hint"),
    [
        (Flag, "NO", "write `false`"),
        (Flag, "yes", "write `true`"),
        (Flag, "on", "write `true`"),
        (Flag, "1", "write true or false"),
        (Percent, "20", "write it in per cent: `20%`"),
        (Percent, "20 %", "write it in per cent: `20%`"),
        (Percent, "20 percent", "write it in per cent: `20%`"),
        (Percent, "0.2", "write it in per cent: `20%`"),
        (Percent, ".05", "write it in per cent: `5%`"),
        (Percent, "a fifth", "write e.g. 20%"),
        (Language, "German", "write `de`"),
        (Language, "deutsch", "write `de`"),
        (Language, "türkçe", "write `tr`"),
        (Language, "de_DE", "write e.g. en, de, ky, zh-Hant"),
        (Url, "a.example/b", "write the whole address: `https://a.example/b`"),
        (When, "June 2024", "write it as `2024-06`"),
        (When, "10/08/2025", "write it as `2025-08-10` or `2025-10-08`"),
    ],
)
def test_what_can_be_told_is_shown_as_it_should_be_written(
    kind: type[Flag | Percent | Language | Url | When], text: str, hint: str
) -> None:
    assert said(kind.read(text, AT))[2] == hint


@pytest.mark.parametrize("text", ["ada-brook", "Ada Brook", "", "../x"])
def test_whatever_names_an_entity_is_kept_for_what_looks_it_up(text: str) -> None:
    assert EntityRef.read(text, AT) == EntityRef(text, AT)


def test_a_pattern_is_a_regular_expression() -> None:
    assert Pattern.read("^Q[1-9][0-9]*$", AT) == Pattern("^Q[1-9][0-9]*$")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("(", "missing ), unterminated subpattern at position 0"),
        ("*", "nothing to repeat at position 0"),
        ("[a", "unterminated character set at position 0"),
        ("a{99999999999999}", "the repetition number is too large"),
        ("(" * 5000 + ")" * 5000, "maximum recursion depth exceeded"),
    ],
)
def test_what_is_no_regular_expression_is_refused(text: str, why: str) -> None:
    code, message, hint = said(Pattern.read(text, AT))
    assert (code, hint) == ("bad-value", "mend the expression")
    assert message.startswith(f"`{text}` is not a pattern: {why}")


@pytest.mark.parametrize(
    ("choices", "texts"),
    [
        (NameKind, "official abbreviation spelling former translation metonym native short"),
        (PassageKind, "heading text quotation"),
        (Role, "supports disputes context"),
        (Basis, "stated inferred"),
        (Derivation, "translation retelling excerpt copy"),
        (Reuse, "all-rights-reserved licensed public-domain"),
        (Publish, "quotations full"),
    ],
)
def test_closed_lists_hold_what_the_documents_say(choices: type[enum.StrEnum], texts: str) -> None:
    assert {str(choice) for choice in choices} == set(texts.split())


def test_texts_are_shown_as_they_are() -> None:
    assert str(Text("a *b*", AT)) == str(Verbatim("a *b*", AT)) == "a *b*"


@settings(REPRODUCIBLE, max_examples=400)
@given(
    st.sampled_from([Ref, Anchor, When, Url, Language, Count, Percent, Flag, LineSpan]),
    st.text(max_size=15) | st.text(alphabet="0123456789-/.%~aTtruefls:", max_size=15),
)
def test_any_text_is_a_value_or_a_complaint_with_a_repair(
    kind: type[Ref | Anchor | When | Url | Language | Count | Percent | Flag | LineSpan], text: str
) -> None:
    value = kind.read(text, AT)
    if isinstance(value, Complaint):
        assert value.message
        assert value.hint
    else:
        assert isinstance(value, kind)
