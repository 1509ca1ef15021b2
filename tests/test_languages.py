"""How other languages write figures and months, and claims in English that rest on them."""

from __future__ import annotations

import pytest

from build_tools.languages import decimal_comma, months
from tests.conftest import MakeWiki
from tests.islands import sealed


@pytest.mark.parametrize(
    ("tag", "comma"),
    [
        ("de", True),
        ("tr", True),
        ("ru", True),
        ("en", False),
        ("en-GB", False),
        ("zh-Hant", False),
        ("xx", False),
    ],
)
def test_decimal_marks_are_those_of_the_language(tag: str, comma: bool) -> None:
    assert decimal_comma(tag) is comma


@pytest.mark.parametrize(
    ("tag", "word", "numbers"),
    [
        ("de", "dezember", (12,)),
        ("de", "december", (12,)),
        ("tr", "aralık".replace("ı", "i"), (12,)),
        ("ru", "декабря", (12,)),
        ("ru", "декабрь", (12,)),
        ("xx", "may", (5,)),
        ("en", "dezember", ()),
    ],
)
def test_months_are_known_in_english_and_in_the_language(
    tag: str, word: str, numbers: tuple[int, ...]
) -> None:
    assert months(tag).get(word, ()) == numbers


GERMAN = (
    "# Bericht\n\nIm Dezember 2023 kamen 4,5 Millionen Gäste nach Großskarn, und 12.300 blieben über Nacht.\n\n"
    "Am 12.05.2023 wurde gezählt.\n"
)


@pytest.mark.parametrize(
    ("claim", "problems"),
    [
        ("text: 'Guests came in December 2023.', when: 2023-12, cites: ['bericht-2023#p1']", []),
        ("text: 'Guests came in November 2023.', cites: ['bericht-2023#p1']", ["name-not-in-passage"]),
        ("text: 'Guests came.', when: 2023-11, cites: ['bericht-2023#p1']", ["date-not-in-passage"]),
        ("text: 'Of the guests 12,300 stayed.', cites: ['bericht-2023#p1:11-11']", []),
        ("text: 'Of the guests 12.3 stayed.', cites: ['bericht-2023#p1:11-11']", ["figure-not-in-passage"]),
        ("text: 'They counted in May.', when: 2023-05-12, cites: ['bericht-2023#p2']", []),
        (
            "text: 'They counted in June.', when: 2023-06-12, cites: ['bericht-2023#p2']",
            ["name-not-in-passage", "date-not-in-passage"],
        ),
    ],
)
def test_a_claim_in_english_may_rest_on_a_german_passage(
    claim: str, problems: list[str], wiki: MakeWiki
) -> None:
    cited = "p2" if "p2" in claim else "p1"
    other = {"p1": "p2", "p2": "p1"}[cited]
    here = wiki(
        {
            "entities/islands/gull-rock.yml": f"name: Gull Rock\nclaims:\n  - {{id: c, {claim}}}\n",
            "seeds/bericht-2023/seed.yml": (
                "title: {gloss: A report}\nshort: Bericht\npublisher: sandhavener-bote\npublished: {when: 2023}\n"
                "language: de\nrights: {status: public-domain}\n"
            ),
            "seeds/bericht-2023/passages.yml": "".join(
                f"{p}: {{kind: text, gist: A count.{', unused: Not asked.' if p == other else ''}}}\n"
                for p in ("p1", "p2")
            ),
            "seeds/bericht-2023/seal.json": sealed("bericht-2023", GERMAN),
        }
    )
    assert [problem.code.text for problem in here.compiled().problems] == problems
