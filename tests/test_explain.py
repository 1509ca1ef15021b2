"""What is told of a problem is true: its bad example has it and no other, its good one has none."""

from __future__ import annotations

import re

import pytest

from build_tools.cli import main
from build_tools.explain import Account, Example, account_of, explanation, groups, overview
from build_tools.problems import Code
from build_tools.report import terminal
from tests.conftest import MakeWiki
from tests.islands import ARTICLES, PROJECT
from tests.test_cases import ELSEWHERE, SEEDS, lay_out_seed

ACCOUNTS = [account_of(code) for code in Code]
EXAMPLES = [(account, account.example) for account in ACCOUNTS if account.example is not None]
# What no record shows: bytes, sizes, the machine, the site.
PROSE_ONLY = {
    *ELSEWHERE,
    *(Code.NOT_UTF8, Code.FILE_TOO_BIG, Code.FIELD_TOO_LONG, Code.MISSING_FILE, Code.UNREADABLE_FILE),
    *(Code.SYMLINK, Code.TOO_DEEP, Code.BAD_SEAL),
}


def found_in(wiki: MakeWiki, path: str, text: str) -> tuple[list[Code], str]:
    """The codes of the problems of the example wiki with the file laid over it, and all that is said."""
    here = wiki({path: text})
    for id_ in sorted(SEEDS.keys() & set(re.findall(r"[a-z]+-\d{4}", text))):
        lay_out_seed(here, id_)
    problems = here.compiled().problems
    return [problem.code for problem in problems], terminal(problems)


@pytest.mark.parametrize(("account", "example"), EXAMPLES, ids=[str(account.code) for account, _ in EXAMPLES])
def test_a_bad_example_has_its_problem_alone_and_a_good_one_has_none(
    account: Account, example: Example, wiki: MakeWiki
) -> None:
    codes, said = found_in(wiki, example.bad_path, example.bad)
    assert codes == [account.code], said
    if example.good_path != example.bad_path:
        wiki().delete(example.bad_path)
    codes, said = found_in(wiki, example.good_path, example.good)
    assert codes == [], said


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: str(account.code))
def test_every_code_is_explained_by_an_example_or_where_none_can_be_by_words(account: Account) -> None:
    assert (account.example is None) == (account.code in PROSE_ONLY)
    assert account.example is not None or len(account.why) > 80
    text = explanation(account.code)
    assert text.startswith(f"{account.code} ({account.code.severity})\n\n{account.code.meaning}\n")
    assert account.why in text
    assert text.endswith("\n")
    assert max(map(len, text.splitlines())) <= 130


def test_the_words_of_a_source_are_those_of_an_article() -> None:
    texts = " ".join(path.read_text() for path in sorted(ARTICLES.glob("*.md")))
    texts += " ".join(paragraph for _, *paragraphs in SEEDS.values() for paragraph in paragraphs)
    for account in ACCOUNTS:
        assert account.source.removeprefix("… ") in texts, account.code


def test_no_account_is_of_a_code_that_is_no_more() -> None:
    names = {path.stem for path in (PROJECT / "build_tools/examples").iterdir()}
    assert names == {code.text for code in Code}


def test_every_code_stands_in_one_group_in_the_list() -> None:
    assert [code for _, codes in groups() for code in codes] == list(Code)
    assert all(codes for _, codes in groups())
    lines = overview().splitlines()
    for code in Code:
        assert sum(re.match(rf"  {code.text} ", line) is not None for line in lines) == 1


def why(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["why", *arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_a_code_is_explained_as_it_is_printed_too(capsys: pytest.CaptureFixture[str]) -> None:
    expected = (0, explanation(Code.UNSOURCED), "")
    for written in ("unsourced", "[unsourced]", "Unsourced"):
        assert why(capsys, written) == expected


def test_without_a_code_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert why(capsys) == (0, overview(), "")


@pytest.mark.parametrize(
    ("written", "hint"), [("unsorced", "did you mean `unsourced`?"), ("xyz", "`wiki why` lists all")]
)
def test_of_an_unknown_code_the_nearest_is_named(
    written: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert why(capsys, written) == (2, "", f"wiki why: error: there is no problem `{written}`: {hint}\n")


def test_an_explanation_reads_from_the_meaning_to_the_mended_file() -> None:
    assert (
        explanation(Code.HEDGE_DROPPED)
        == """\
hedge-dropped (warning)

A figure that its passage hedges (nearly, at least), stated without the hedge or with the opposite.

Nearly two thousand are not two thousand. Keep the source's word for it, or one that means the same.

The passage cited says:

    Nearly 2,000 gulls breed on the rock; at least 150 nests were found, and hundreds of eggs.

Wrong, in entities/islands/gull-rock.yml:

    name: Gull Rock
    claims:
      - id: gulls
        text: There are 2,000 gulls.
        cites: ["count-2023#p1:1-3"]

Right:

    name: Gull Rock
    claims:
      - id: gulls
        text: There are nearly 2,000 gulls.
        cites: ["count-2023#p1:1-3"]

A warning can be set aside in waivers.yml, with the reason.
"""
    )
