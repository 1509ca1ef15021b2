"""The quotation budget holds over what is published, whatever made it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from build_tools.cite import CitedWiki
from build_tools.cli import main
from build_tools.memory import Memory
from build_tools.problems import Code, Problem, has_errors
from build_tools.report import terminal
from build_tools.site.kept import digest, scan
from build_tools.site.repeats import Repeats
from build_tools.site.soundness import Knowledge, judge
from build_tools.site.words import File, check_words, guard, guard_key, read_site
from tests.conftest import MakeWiki
from tests.islands import Wiki, contents, lay_out_project, lay_out_site, sealed

# Words of tests/articles/courier-2024.md.
SPOKEN = "We have waited eleven years for a boat that does not stop for fog"
OWN = "harbour office on Longholm announced on Tuesday that a second ferry"


def cited(wiki: Wiki) -> CitedWiki:
    """The wiki, which its records' own rules let pass."""
    checked = wiki.checked()
    assert checked.wiki is not None
    assert not has_errors(checked.problems), terminal(checked.problems)
    return checked.wiki


def found_in(tmp_path: Path, wiki: Wiki, files: dict[str, str]) -> tuple[Problem, ...]:
    """What is wrong with a site of these files."""
    site = tmp_path / "site"
    for path, text in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text, encoding="utf-8")
    problems = check_words(read_site(site), guard(cited(wiki)))
    for _ in range(2):  # the second time by what is kept of the first
        assert repeats_too_much(site, cited(wiki), tmp_path / "cache") == bool(problems)
    return problems


def repeats_too_much(site: Path, wiki: CitedWiki, cache: Path) -> bool:
    """What the judgement says that tells no more."""
    repeats = Repeats(cache, "rules", guard_key(wiki, Memory()), lambda: guard(wiki))
    digests = {path: digest(site / path) for path in scan(site)}
    judged = judge(site, digests, Knowledge(cache / "known", "rules"), None, repeats, "")
    repeats.keep()
    return judged.quotes_too_much


Page = Callable[[str], str]
PAGES: dict[str, tuple[str, Page, str]] = {
    "a paragraph": ("a/index.html", lambda text: f"<p>Said:</p>\n<p>See {text}.</p>", "2:8"),
    "words parted by markup": (
        "a/index.html",
        lambda text: "<p>See " + text.replace(" ", " <em>", 1).replace(" ", "</em> ", 2) + "</p>",
        "1:8",
    ),
    "a comment": ("a/index.html", lambda text: f"<p>x</p>\n<!-- See {text} -->", "2:10"),
    "an old page": ("old.htm", lambda text: f"<p>See {text}</p>", "1:8"),
    "a label": ("a/index.html", lambda text: f'<img aria-label="See {text}">', "1:22"),
    "a description": ("a/index.html", lambda text: f'<meta name="description" content="See {text}">', "1:39"),
    "a title of a link": ("a/index.html", lambda text: f'<a href="#" title="See {text}">x</a>', "1:24"),
    "the search index": (
        "search/search_index.json",
        lambda text: json.dumps({"docs": [{"text": f"<p>See {text}</p>"}]}),
        "1:28",
    ),
    "data": ("data/wiki.json", lambda text: json.dumps({"a": [{"b": f"See {text}"}]}), "1:19"),
    "names in data": ("a.json", lambda text: json.dumps({f"See {text}": 1}), "1:7"),
    "broken data": ("data/wiki.json", lambda text: f'{{"a": "See {text}', "1:12"),
    "a feed": ("feed.xml", lambda text: f"<feed><summary>See {text}</summary></feed>", "1:20"),
    "a feed of HTML": (
        "feed.xml",
        lambda text: f"<feed><summary><![CDATA[<p>x</p><p>See <b>{text}</b></p>]]></summary></feed>",
        "1:43",
    ),
    "a feed of escaped HTML": (
        "feed.xml",
        lambda text: f"<feed><summary>&lt;p&gt;See {text}&lt;/p&gt;</summary></feed>",
        "1:29",
    ),
    "a drawing": ("a.svg", lambda text: f"<svg><text>See {text}</text></svg>", "1:16"),
    "plain text": ("llms.txt", lambda text: f"One.\n\nSee {text}.", "3:5"),
}


@pytest.mark.parametrize("name", PAGES)
def test_words_of_a_passage_that_no_record_quotes_are_found_wherever_they_are_published(
    name: str, tmp_path: Path, wiki: MakeWiki
) -> None:
    path, page, place = PAGES[name]
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


TOLD = "the harbour-master of Longholm, Ada Brook, told the Courier"


def two_quotations(wiki: Wiki) -> Wiki:
    """The example, quoting all of a passage in two quotations that are neighbours there."""
    return wiki.change("wiki.yml", "words_per_quote: 25", "words_per_quote: 14").change(
        "entities/islands/longholm.yml",
        "  cites: [courier-2024#p1]",
        f"  cites:\n    - courier-2024#p1\n    - {{seed: courier-2024, passage: p2, quote: '{TOLD}'}}",
    )


@pytest.mark.parametrize(
    "text",
    [
        f"<p>“{SPOKEN}”: so said {TOLD}.</p>",
        f"<p>“{SPOKEN}” “{TOLD}”</p>",
        f"<p><q>{SPOKEN}</q> <q>{TOLD}</q></p>",
        f"<p>{SPOKEN} … {TOLD}</p>",
        f"<ul><li>{SPOKEN}<li>{TOLD}</ul>",
    ],
)
def test_two_quotations_beside_each_other_stay_two(text: str, tmp_path: Path, wiki: MakeWiki) -> None:
    assert found_in(tmp_path, two_quotations(wiki()), {"index.html": text}) == ()


def test_two_quotations_that_run_together_are_one_too_long(tmp_path: Path, wiki: MakeWiki) -> None:
    assert terminal(
        found_in(tmp_path, two_quotations(wiki()), {"index.html": f"<p>{SPOKEN}, {TOLD}</p>"})
    ) == (
        "build/site/index.html:1:4: [quote-over-budget] 23 words of courier-2024#p2 in a row, where courier-2024 allows 14\n"
        "    shorten the quotations, or put words of our own between them\n"
    )


def test_a_copy_around_a_quotation_is_a_copy(tmp_path: Path, wiki: MakeWiki) -> None:
    here = wiki().change(
        "entities/islands/longholm.yml",
        "  cites: [courier-2024#p1]",
        "  cites:\n    - courier-2024#p1\n"
        "    - {seed: courier-2024, passage: p1, quote: Longholm announced on Tuesday that}",
    )
    assert terminal(found_in(tmp_path, here, {"a.txt": OWN})) == (
        "build/site/a.txt:1:1: [copied-words] `harbour office on Longholm announced on Tuesday that …` stands word for "
        "word in courier-2024#p1, and no record quotes it\n    say it in our own words, or quote it in a record\n"
    )


def test_a_copy_that_goes_on_from_a_quotation_is_shown_where_it_does(tmp_path: Path, wiki: MakeWiki) -> None:
    here = two_quotations(wiki()).change("wiki.yml", "words_per_quote: 14", "words_per_quote: 16")
    here.change(
        "entities/islands/longholm.yml",
        f"quote: '{TOLD}'",
        "quote: The harbour office on Longholm announced on Tuesday",
    ).change("entities/islands/longholm.yml", "passage: p2", "passage: p1")
    text = f"The {OWN}, the Kittiwake, will sail"
    assert terminal(found_in(tmp_path, here, {"a.txt": text})) == (
        "build/site/a.txt:1:1: [copied-words] `harbour office on Longholm announced on Tuesday that …` stands word for "
        "word in courier-2024#p1, and no record quotes it\n    say it in our own words, or quote it in a record\n"
    )


TITLE = "A boat that does not stop for fog is what we have waited for"
INTERVIEW = f"The Bote spoke to her: “{SPOKEN},” she said. The {OWN} comes. {TITLE}. {TITLE}."


def with_copy(wiki: Wiki, rights: str, text: str = INTERVIEW) -> Wiki:
    """The example with another seed: as a rule one that has words of the Courier too."""
    return wiki.put(
        {
            "seeds/copy-2024/seal.json": sealed("copy-2024", f"# {TITLE}\n\n{text}\n"),
            "seeds/copy-2024/passages.yml": "p1: {kind: text, gist: An interview., unused: It is the Courier’s.}\n",
            "seeds/copy-2024/seed.yml": f"title: {{quote: {TITLE}}}\n"
            "short: Copy 2024\npublisher: sandhavener-bote\npublished: {when: 2024-06}\nlanguage: en\n"
            f"rights: {rights}\n",
        }
    )


def test_names_and_figures_are_free_but_not_in_a_long_row(tmp_path: Path, wiki: MakeWiki) -> None:
    row = "Ada Brook of Longholm, Nell Farrow, Jürgen Weißgerber, Gull Rock 14, Great Skarn 18"
    here = with_copy(
        wiki(),
        "{status: all-rights-reserved, words_per_quote: 13, share_of_seed: 90%}",
        f"There were {row}, and many more.",
    )
    shorter = row.removesuffix(" 18")
    assert found_in(tmp_path, here, {"a.txt": shorter}) == ()
    assert terminal(found_in(tmp_path, here, {"a.txt": row})) == (
        "build/site/a.txt:1:1: [quote-over-budget] 14 words of copy-2024#p1 in a row, where copy-2024 allows 13\n"
        "    names and figures are free, but not in a row as the source has them: arrange them anew\n"
    )


def test_a_quotation_from_one_source_may_stand_in_another_too(tmp_path: Path, wiki: MakeWiki) -> None:
    here = with_copy(wiki(), "{status: all-rights-reserved, share_of_seed: 90%}")
    assert found_in(tmp_path, here, {"index.html": f"<p>“{SPOKEN}”</p>"}) == ()


def test_words_that_two_sources_have_are_reported_once(tmp_path: Path, wiki: MakeWiki) -> None:
    here = with_copy(wiki(), "{status: all-rights-reserved}")
    found = found_in(tmp_path, here, {"index.html": f"<p>{OWN}</p>"})
    assert [str(problem.at) for problem in found] == ["build/site/index.html:1:4"]


def test_words_that_a_free_source_has_too_are_free(tmp_path: Path, wiki: MakeWiki) -> None:
    here = with_copy(wiki(), "{status: public-domain, publish: full}")
    assert found_in(tmp_path, here, {"index.html": f"<p>The {OWN}</p>"}) == ()


def test_a_title_is_a_quotation(tmp_path: Path, wiki: MakeWiki) -> None:
    here = with_copy(wiki(), "{status: all-rights-reserved, words_per_quote: 5}")
    assert found_in(tmp_path, here, {"a/index.html": f"<title>{TITLE} - Skarn</title><h1>{TITLE}</h1>"}) == ()


def test_what_the_files_repeat_together_counts(tmp_path: Path, wiki: MakeWiki) -> None:
    here = wiki().change(
        "seeds/courier-2024/seed.yml",
        "rights: {status: all-rights-reserved,",
        "rights: {status: all-rights-reserved, share_of_seed: 21%,",
    )
    assert found_in(tmp_path, here, {"a.txt": "Nothing."}) == ()
    # Names and figures, and a few words more than a record quotes, are no copy; together they count.
    files = {
        "a.txt": "past Gull Rock, from June 2024. She carries 120 passengers",
        "b.txt": f"{SPOKEN}, the harbour-master of",
    }
    assert terminal(found_in(tmp_path, here, files)) == (
        "seeds/courier-2024/seed.yml:9:9: [share-over-budget] 33 of its 145 words are on the site, more than 21 %\n"
        "    shorten or drop quotations, or say it in our own words; titles and lists of names count too; "
        "with build/site/b.txt it was too much\n"
    )
    assert found_in(tmp_path / "one", here, {"a.txt": files["a.txt"]}) == ()


def test_a_title_counts_and_what_a_source_says_twice_counts_once(tmp_path: Path, wiki: MakeWiki) -> None:
    here = with_copy(wiki(), "{status: all-rights-reserved, share_of_seed: 22%}")
    assert terminal(found_in(tmp_path, here, {"a.txt": "Nothing."})) == (
        "seeds/copy-2024/seed.yml:6:9: [share-over-budget] 14 of its 62 words are on the site, more than 22 %\n"
        "    shorten or drop quotations, or say it in our own words; titles and lists of names count too\n"
    )


def test_the_page_is_named_before_what_repeats_it(tmp_path: Path, wiki: MakeWiki) -> None:
    files = {"a.json": f'["The {OWN}"]', "b/index.html": f"<p>{OWN}</p>", "c.txt": f"Now the {OWN} will"}
    found = found_in(tmp_path, wiki(), files)
    assert [str(problem.at) for problem in found] == ["build/site/b/index.html:1:4"]


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
    (site / "c.json").write_text('["\\ud800 and other words that nobody can write", "<p>\\ud800 x</p>"]')
    (site / "d.xml").write_bytes(b"<a><![CDATA[<p>\xff]]")
    (site / "e.txt").write_text(OWN, encoding="utf-16")
    assert check_words(read_site(site), guard(cited(wiki()))) == ()


def test_words_are_reported_where_they_were_written(tmp_path: Path, wiki: MakeWiki) -> None:
    written = [
        File("docs/about.md", f"# About\n\nThe *{OWN}*\nwill sail.\n"),
        File("docs/news.md", f"---\ntitle: News\n---\n\nNews: {OWN.replace(' on', chr(10) + 'on', 1)}.\n"),
        File("docs/other.md", "The harbour office is on Longholm.\n"),
    ]
    outputs = [
        File("build/site/about/index.html", f"<p>The <em>{OWN}</em>\nwill sail.</p>"),
        File("build/site/news/index.html", f"<p>News: {OWN}.</p>"),
        File("build/site/search/search_index.json", json.dumps({"docs": [f"<p>News: {OWN}.</p>"]})),
    ]
    found = check_words(outputs, guard(cited(wiki())), written)
    assert [(str(problem.at), problem.code) for problem in found] == [
        ("docs/about.md:3:1", Code.COPIED_WORDS),
        ("docs/news.md:5:7", Code.COPIED_WORDS),
    ]


def test_of_a_page_whose_markup_hides_the_words_the_page_is_named(tmp_path: Path, wiki: MakeWiki) -> None:
    written = [File("docs/about.md", OWN.replace("Longholm", "[Longholm](islands/longholm.md)"))]
    outputs = [
        File("build/site/about/index.html", f"<p>{OWN}</p>"),
        File("build/site/feed.xml", f"<a>{OWN}</a>"),
    ]
    found = check_words(outputs, guard(cited(wiki())), written)
    assert [str(problem.at) for problem in found] == ["docs/about.md:1:1"]


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
    assert "docs/about.md:3:1: [copied-words] `The harbour office on Longholm" in out
    assert out.endswith("\n1 error\n"), "the search index repeats it too"
    assert contents(wiki.root / "build/site") == before


def test_the_projects_own_pages_keep_the_budget(tmp_path: Path) -> None:
    wiki = lay_out_project(tmp_path / "project")
    site = tmp_path / "pages"
    for path, data in wiki.pages().items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_bytes(data)
    assert check_words(read_site(site), guard(cited(wiki))) == ()
