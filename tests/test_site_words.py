"""The quotation budget holds over what is published, whatever made it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from build_tools.cite import CitedWiki
from build_tools.cli import main
from build_tools.problems import Problem
from build_tools.report import terminal
from build_tools.site_words import Output, budgets, check_words, read_site
from tests.conftest import MakeWiki
from tests.islands import Wiki, contents, lay_out_project, lay_out_site

# Words of tests/articles/courier-2024.md.
SPOKEN = "We have waited eleven years for a boat that does not stop for fog"
OWN = "harbour office on Longholm announced on Tuesday that a second ferry"


def cited(wiki: Wiki) -> CitedWiki:
    found = wiki.checked().wiki
    assert found is not None
    return found


def found_in(tmp_path: Path, wiki: Wiki, files: dict[str, str]) -> tuple[Problem, ...]:
    """What is wrong with a site of these files."""
    site = tmp_path / "site"
    for path, text in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text, encoding="utf-8")
    return check_words(read_site(site), budgets(cited(wiki)))


Page = Callable[[str], str]
PAGES: dict[str, tuple[str, Page, str]] = {
    "a paragraph": ("a/index.html", lambda text: f"<p>Said:</p>\n<p>See {text}.</p>", "2:8"),
    "words parted by markup": (
        "a/index.html",
        lambda text: "<p>See " + text.replace(" ", " <em>", 1).replace(" ", "</em> ", 2) + "</p>",
        "1:8",
    ),
    "a description": ("a/index.html", lambda text: f'<meta name="description" content="See {text}">', "1:39"),
    "a title of a link": ("a/index.html", lambda text: f'<a href="#" title="See {text}">x</a>', "1:24"),
    "the search index": (
        "search/search_index.json",
        lambda text: json.dumps({"docs": [{"text": f"<p>See {text}</p>"}]}),
        "1:28",
    ),
    "data": ("data/wiki.json", lambda text: json.dumps({"a": [{"b": f"See {text}"}]}), "1:19"),
    "broken data": ("data/wiki.json", lambda text: f'{{"a": "See {text}', "1:12"),
    "a feed": ("feed.xml", lambda text: f"<feed><summary>See {text}</summary></feed>", "1:20"),
    "a drawing": ("a.svg", lambda text: f"<svg><text>See {text}</text></svg>", "1:16"),
    "plain text": ("llms.txt", lambda text: f"One.\n\nSee {text}.", "3:5"),
}


@pytest.mark.parametrize("name", PAGES)
def test_words_of_a_passage_that_no_record_quotes_are_found_wherever_they_are_published(
    name: str, tmp_path: Path, wiki: MakeWiki
) -> None:
    path, page, place = PAGES[name]
    if name == "words parted by markup":
        found = found_in(tmp_path, wiki(), {path: page(OWN)})
        assert [problem.code.text for problem in found] == ["copied-words"]
        return
    assert terminal(found_in(tmp_path, wiki(), {path: page(OWN)})) == (
        f"build/site/{path}:{place}: [copied-words] `{' '.join(OWN.split()[:8])} …` stands word for word in "
        "courier-2024#p1, and no record quotes it\n    say it in our own words, or quote it in a record\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        f"<p>“{SPOKEN},” says Ada Brook.</p>",
        f"<p>{SPOKEN}, the harbour-master of an island, said.</p>",
        f"<p>{OWN.rpartition(' on ')[0]}</p>",  # seven words
        "<p>past Gull Rock, from June 2024. She carries 120 passengers</p>",  # facts, most of them
        "<p>Nobody wrote any of these words before us, not one of them.</p>",
        "<script>var a = '" + OWN + "';</script>",  # shown to nobody
        "",
    ],
)
def test_quotations_of_the_records_and_our_own_words_are_free(
    text: str, tmp_path: Path, wiki: MakeWiki
) -> None:
    assert found_in(tmp_path, wiki(), {"index.html": text}) == ()


def test_two_quotations_that_run_together_are_one_too_long(tmp_path: Path, wiki: MakeWiki) -> None:
    here = wiki().change("wiki.yml", "words_per_quote: 25", "words_per_quote: 14")
    here.change(
        "entities/islands/longholm.yml",
        "  cites: [courier-2024#p1]",
        "  cites:\n    - courier-2024#p1\n"
        "    - {seed: courier-2024, passage: p2, quote: the harbour-master of Longholm Ada Brook told the Courier}",
    )
    apart = f"<p>“{SPOKEN}”: so said the harbour-master of Longholm, Ada Brook, told the Courier.</p>"
    assert found_in(tmp_path, here, {"index.html": apart}) == ()
    together = f"<p>{SPOKEN}, the harbour-master of Longholm, Ada Brook, told the Courier</p>"
    assert terminal(found_in(tmp_path, here, {"index.html": together})) == (
        "build/site/index.html:1:71: [quote-over-budget] more than 14 words of courier-2024#p2 in a row\n"
        "    quotations that are neighbours in the source must not run together; shorten them\n"
    )


def test_what_the_files_repeat_together_counts(tmp_path: Path, wiki: MakeWiki) -> None:
    here = wiki().change(
        "seeds/courier-2024/seed.yml",
        "rights: {status: all-rights-reserved,",
        "rights: {status: all-rights-reserved, share_of_seed: 17%,",
    )
    assert found_in(tmp_path, here, {"a.txt": "Nothing."}) == ()
    # A few words more than the records quote are no copy; in all files together they count.
    files = {
        "a.txt": f"{SPOKEN}, the harbour-master of",
        "b.txt": "the harbour office puts the damage at 900,000",
    }
    assert [problem.code.text for problem in found_in(tmp_path, here, files)] == ["share-over-budget"]


def test_a_seed_that_may_be_published_is_free(tmp_path: Path, wiki: MakeWiki) -> None:
    here = wiki().change(
        "seeds/courier-2024/seed.yml",
        "rights: {status: all-rights-reserved,",
        "rights: {status: licensed, publish: full,",
    )
    assert found_in(tmp_path, here, {"index.html": f"<p>{OWN}</p>"}) == ()


def test_a_file_that_is_no_text_is_no_traceback(tmp_path: Path, wiki: MakeWiki) -> None:
    site = tmp_path / "site"
    site.mkdir()
    (site / "a.json").write_bytes(b"\xff\xfe\x00" + b"[" * 50_000)
    (site / "b.html").write_bytes(b"\x89PNG\xff<p")
    assert check_words(read_site(site), budgets(cited(wiki()))) == ()


def test_an_output_keeps_what_it_shows() -> None:
    shown = Output("a.html", "<p>a</p>", ("a",))
    assert shown.shown == ("a",)


def test_a_hand_written_page_that_copies_stops_the_build_and_leaves_the_old_site(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wiki = lay_out_site(tmp_path / "wiki")
    assert main(["--root", str(wiki.root), "build"]) == 0
    before = contents(wiki.root / "build/site")
    wiki.put({"docs/about.md": f"# About\n\nThe {OWN} will sail.\n"})
    capsys.readouterr()
    assert main(["--root", str(wiki.root), "build"]) == 1
    out = capsys.readouterr().out
    assert "docs/about.md:1:1: [copied-words] `The harbour office on Longholm" in out
    assert out.endswith("\n1 error\n"), "the search index repeats it too"
    assert contents(wiki.root / "build/site") == before


def test_the_projects_own_pages_keep_the_budget(tmp_path: Path) -> None:
    wiki = lay_out_project(tmp_path / "project")
    site = tmp_path / "pages"
    for path, data in wiki.pages().items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_bytes(data)
    assert check_words(read_site(site), budgets(cited(wiki))) == ()
