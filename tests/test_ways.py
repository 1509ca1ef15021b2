"""The lists over the whole wiki: what stands on them, in which order, on how many pages."""

from __future__ import annotations

import re

import pytest

from build_tools.cli import main
from build_tools.memory import Memory
from build_tools.pages import ways
from build_tools.pages.listed import initial
from build_tools.pages.spread import Section, spread
from build_tools.pages.stated import FigureKind, StatedFigures
from build_tools.pages.ways import Term, Ways, series
from tests.conftest import MakeWiki
from tests.islands import Wiki, lay_out_site, sealed

ROCK = "entities/islands/gull-rock.yml"
CAPS = ("MEMBERS", "DATED", "FIGURES", "NAMES", "QUOTES", "QUESTIONS", "COMPARED")


def ways_of(wiki: Wiki) -> Ways:
    cited = wiki.checked().wiki
    assert cited is not None
    return Ways(cited, Memory(once=True))


def items_of(made: Ways, name: str) -> list[tuple[str, object]]:
    """The items of a list, each with the key of its section."""
    return [
        (section.key, item)
        for sheet in made.sheets(name)
        for section in made.opened(name, sheet).sections
        for item in section.items
    ]


def rock(*claims: str) -> dict[str, str]:
    """An island of which these claims are made, each in flow style without its braces."""
    lines = "".join(
        f"  - {{id: claim-{number}, cites: [courier-2024#p1], {claim}}}\n"
        for number, claim in enumerate(claims)
    )
    return {ROCK: f"name: Gull Rock\nclaims:\n{lines}"}


def bare(wiki: Wiki) -> Wiki:
    """A wiki of two pages with one undated claim, and nothing else."""
    wiki.delete("entities", "seeds").put(
        {
            ROCK: "name: Gull Rock\nclaims: [{id: few, text: Few people live there., cites: [paper#p1]}]\n",
            "entities/organisations/press.yml": "name: Press\n",
            "seeds/paper/seed.yml": "title: {gloss: A paper}\nshort: Paper\npublisher: press\nlanguage: en\n"
            "published: {when: 2024}\nrights: {status: licensed}\n",
            "seeds/paper/passages.yml": "p1: {kind: text, gist: Who lives there.}\n",
            "seeds/paper/seal.json": sealed("paper", "# A paper\n\nHardly anybody lives on the rock.\n"),
        }
    )
    return wiki.change("wiki.yml", "[[great-skarn]]", "islands")


# ---- pages of a long list --------------------------------------------------------------------------


def sections(*sizes: int) -> list[Section[int]]:
    return [
        Section(key=f"s{number}", label=f"S{number}", items=tuple(range(size)))
        for number, size in enumerate(sizes)
    ]


def test_a_list_that_fits_is_one_page() -> None:
    (sheet,) = spread("list", sections(2, 3), 5)
    assert (sheet.path, sheet.label, sheet.before, sheet.after) == ("list.md", "", None, None)
    assert [len(section.items) for section in sheet.sections] == [2, 3]
    assert [(p.path, p.anchor, p.count) for p in sheet.contents] == [
        ("list.md", "_s0", 2),
        ("list.md", "_s1", 3),
    ]


def test_a_longer_list_has_a_page_for_each_section_and_more_for_long_ones() -> None:
    sheets = spread("list", sections(2, 9, 1), 4)
    assert [sheet.path for sheet in sheets] == [
        "list.md",
        "list/s0.md",
        "list/s1.md",
        "list/s1--2.md",
        "list/s1--3.md",
        "list/s2.md",
    ]
    assert [sheet.label for sheet in sheets[2:5]] == ["S1, 1 of 3", "S1, 2 of 3", "S1, 3 of 3"]
    assert [len(sheet.items) for sheet in sheets] == [0, 2, 4, 4, 1, 1]
    assert [sheet.before for sheet in sheets] == [None, *(sheet.path for sheet in sheets[:-1])]
    assert [sheet.after for sheet in sheets] == [*(sheet.path for sheet in sheets[1:]), None]
    assert [(p.path, p.anchor, p.count) for p in sheets[0].contents] == [
        ("list/s0.md", "", 2),
        ("list/s1.md", "", 9),
        ("list/s2.md", "", 1),
    ]


def test_an_empty_list_is_one_page() -> None:
    nothing: tuple[Section[int], ...] = ()
    (sheet,) = spread("list", nothing, 5)
    assert (sheet.path, sheet.contents, sheet.sections) == ("list.md", (), ())


def test_a_site_of_lists_on_many_pages_is_sound(
    wiki: MakeWiki, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here = lay_out_site(wiki().root)
    for cap in CAPS:
        monkeypatch.setattr(ways, f"MOST_{cap}", 1)
    monkeypatch.setattr(ways, "LONGEST_STRIP", 2)
    assert main(["--root", str(here.root), "build"]) == 0, capsys.readouterr().out
    pages = {
        path.relative_to(here.root / "build/pages").as_posix()
        for path in here.root.rglob("build/pages/*/*.md")
    }
    assert {"timeline/year-2024.md", "timeline/year-2024--2.md", "figures/counts.md"} <= pages
    assert {"glossary/g.md", "glossary/c--2.md", "quotations/a.md", "quotations/i.md"} <= pages
    text = here.text("build/pages/timeline.md")
    assert "](timeline/year-2024.md)" in text
    assert "data-timeline" not in text  # there is nothing to filter on the first of many pages
    assert "data-timeline" in here.text("build/pages/timeline/year-2024.md")


def test_no_page_of_a_long_timeline_is_long(wiki: MakeWiki) -> None:
    many = ways.MOST_DATED + 1
    here = wiki(rock(*(f'text: "It blew.", when: {1900 + number % 3}' for number in range(3 * many))))
    sheets = ways_of(here).sheets("timeline")
    assert max(len(sheet.items) for sheet in sheets) == ways.MOST_DATED
    assert [sheet.path for sheet in sheets if "/year-190" in sheet.path] == [
        "timeline/year-1900.md",
        "timeline/year-1900--2.md",
        "timeline/year-1901.md",
        "timeline/year-1901--2.md",
        "timeline/year-1902.md",
        "timeline/year-1902--2.md",
    ]


# ---- a wiki that has nothing to list ---------------------------------------------------------------


def test_lists_without_anything_say_so(wiki: MakeWiki) -> None:
    here = bare(wiki())
    assert here.problems().count("error") == 0, here.problems()
    pages = here.pages()
    for page, words in (
        ("timeline.md", "Nothing in this wiki has a date."),
        ("figures.md", "This wiki states no figure."),
        ("quotations.md", "This wiki quotes nobody."),
        ("questions.md", "No question is open."),
    ):
        assert words in pages[page].decode()
        assert "<nav" not in pages[page].decode()
    assert "Where sources differ" not in pages["index.md"].decode()


def test_a_wiki_that_compares_nothing_says_so(wiki: MakeWiki) -> None:
    here = wiki().change("wiki.yml", ", compare: true", "")
    assert "No kind of page is set side by side in this wiki." in here.page("side-by-side.md")


# ---- by year ---------------------------------------------------------------------------------------


def test_an_entry_can_be_looked_for_by_all_that_it_names(wiki: MakeWiki) -> None:
    text = wiki().page("timeline.md")
    line = next(line for line in text.split("\n") if "#founded" in line or "In 1987 by" in line)
    after = text[text.index(line) :]
    assert 'data-entity="skarn-ferries ismail-caglayan" data-kind="organisation" data-topic=""' in after
    relation = text[text.index("serves") :]
    assert 'data-entity="skarn-ferries great-skarn"' in relation
    assert '<span data-by="topic" data-id="money">Money</span>' in text


def test_a_date_with_an_open_beginning_stands_under_earlier(wiki: MakeWiki) -> None:
    (first, *_) = ways_of(wiki()).sheets("timeline")
    assert [place.label for place in first.contents] == ["Earlier", "1987", "2013", "2023", "2024"]
    bars = ways_of(wiki()).strip(first)
    assert [bar.next_to_last for bar in bars] == [False, False, False, False, True]
    assert [bar.count for bar in bars] == [place.count for place in first.contents]


def test_many_years_are_drawn_by_decade(wiki: MakeWiki) -> None:
    here = wiki(rock(*(f'text: "It blew.", when: {1900 + number}' for number in range(41))))
    made = ways_of(here)
    (first, *_) = made.sheets("timeline")
    bars = {bar.label: bar for bar in made.strip(first)}
    assert list(bars)[:6] == ["Earlier", "1900s", "1910s", "1920s", "1930s", "1940s"]
    assert (bars["1910s"].count, bars["1910s"].anchor) == (10, "_year-1910")
    assert bars["1910s"].years == tuple(f"_year-191{digit}" for digit in range(10))
    assert (bars["1910s"].next_to_last, bars["1980s"].next_to_last) == (True, False)


# ---- side by side ----------------------------------------------------------------------------------


def test_claims_are_counted_where_they_stand_and_apart_where_others_name_the_entity(wiki: MakeWiki) -> None:
    here = wiki(
        rock(
            'text: "It lies near [[great-skarn]].", topics: [money, ferries]',
            'text: "It is said to lie near [[great-skarn]] and [[longholm]]."',
        )
    )
    (table,) = ways_of(here).comparisons()
    assert table.topics == ("Ferries", "Money", "Other")
    rows = {str(entity.id): cells for entity, cells in table.rows}
    assert list(rows) == ["great-skarn", "gull-rock", "longholm"]
    cells = [(c.own, c.elsewhere, c.anchor) if c else None for c in rows["great-skarn"]]
    assert cells == [(2, 0, "_topic-ferries"), (0, 1, "_topic-money"), (1, 1, "_other")]
    assert [(c.own, c.elsewhere) if c else None for c in rows["longholm"]] == [None, None, (0, 1)]
    assert (table.empty, table.empty_topics, table.rest) == ((), (), 0)


def test_what_has_no_claim_is_left_out_and_said(wiki: MakeWiki) -> None:
    text = wiki().page("side-by-side.md")
    assert "Left out, as no claim is about them: [Longholm](islands/longholm.md)." in text
    assert "Topics under which nothing is said of them: Money." in text


def test_answers_to_a_question_have_a_column_that_leads_to_it(wiki: MakeWiki) -> None:
    here = wiki().change("wiki.yml", "what happened once.".capitalize(), "What happened once., compare: true")
    *_, table = ways_of(here).comparisons()
    ((_, cells),) = table.rows
    assert table.topics == ("Money", "Where sources differ")
    assert [(c.own, c.anchor) for c in cells if c] == [(1, "_topic-money"), (2, "when-did-she-burn")]


def test_only_those_of_which_most_is_said_are_compared(
    wiki: MakeWiki, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ways, "MOST_COMPARED", 1)
    here = wiki(rock('text: "It lies near [[longholm]]."'))
    (table,) = ways_of(here).comparisons()
    assert ([entity.id for entity, _ in table.rows], table.rest) == (["great-skarn"], 2)
    assert "These are the 1 of which most is said. 2 others have claims too" in here.page("side-by-side.md")


# ---- by figure -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It cost $16 billion.", {FigureKind.MONEY: ["$16 billion"]}),
        ("It rose from 4 euros to 12 euros.", {FigureKind.MONEY: ["4 euros", "12 euros"]}),
        ("About 15% went, and 20 per cent stayed.", {FigureKind.SHARE: ["About 15%", "20 per cent"]}),
        (
            "Trade has tripled within five years.",
            {FigureKind.FACTOR: ["tripled"], FigureKind.DURATION: ["five years"]},
        ),
        ("It carries at least 4.5 million tons.", {FigureKind.MEASURE: ["at least 4.5 million tons"]}),
        ("There are 120 passengers, and 14.", {FigureKind.COUNT: ["14", "120 passengers"]}),
        ("It is the third boat.", {FigureKind.ORDER: ["third"]}),
        ("It came in 2021, on 5 May and the 7th of June 2022, or May 3.", {}),
        ("It came on 2021-03-12, in the 1990s.", {}),
        ("At most 5 may go.", {FigureKind.COUNT: ["At most 5 may"]}),
        ("Nobody went.", {}),
    ],
)
def test_figures_are_shown_by_what_they_count_and_dates_are_none(
    wiki: MakeWiki, text: str, expected: dict[FigureKind, list[str]]
) -> None:
    found: dict[str, list[str]] = {}
    for key, item in items_of(ways_of(wiki(rock(f'derived: So., text: "{text}"'))), "figures"):
        assert isinstance(item, StatedFigures)
        if item.cited.statement.entity == "gull-rock":
            found.setdefault(key, []).extend(item.shown)
    assert found == {kind.value[0]: shown for kind, shown in expected.items()}


def test_a_figure_of_a_quotation_is_read_in_its_language(wiki: MakeWiki) -> None:
    quote = "quotes: [{id: q, text: '4 und 4,5', language: de, cites: [bote-2023#p2]}]"
    here = wiki({"entities/people/jo.yml": f"name: Jo\n{quote}\n"})
    values = [
        figure.value
        for _, item in items_of(ways_of(here), "figures")
        if isinstance(item, StatedFigures) and item.cited.statement.entity == "jo"
        for figure in item.figures
    ]
    assert [float(value) for value in values] == [4, 4.5]


@pytest.mark.parametrize(
    ("values", "bars"),
    [
        (("530,000 tons", "4.5 million tons"), [(0, 117), (0, 1000)]),
        (("-10", "30"), [(0, 250), (250, 750)]),
        (("-10", "-40"), [(750, 250), (0, 1000)]),
        (("0", "0"), [(0, 2), (0, 2)]),
    ],
)
def test_bars_begin_at_nought_and_are_as_long_as_their_figures(
    wiki: MakeWiki, values: tuple[str, str], bars: list[tuple[int, int]]
) -> None:
    first, second = values
    points = f'[{{when: 2023, value: "{first}"}}, {{when: 2024, value: "{second}"}}]'
    here = wiki(rock(f'derived: So., text: "From {first} to {second}.", when: 2023/2024, series: {points}'))
    cited = here.checked().wiki
    assert cited is not None
    drawn = series(cited.statements["gull-rock"][0])
    assert drawn is not None
    assert [(start, length) for _, _, start, length in drawn.points] == bars


def test_a_chart_says_its_figures_in_words_and_in_a_table(wiki: MakeWiki) -> None:
    text = wiki().page("figures.md")
    assert 'role="img" aria-label="Bars: May 2024: 16; June 2024: 18."' in text
    assert re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td></tr>', text) == [
        ("May 2024", "16"),
        ("June 2024", "18"),
    ]


# ---- by letter -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("Çağlayan", "C"),
        ("İsmail", "I"),
        ("ßand", "S"),
        ("Ärö", "A"),
        ("Киров", "К"),
        ("7 Isles", ""),
        ("“Q”", ""),
    ],
)
def test_names_stand_under_their_first_letter_without_marks(name: str, letter: str) -> None:
    assert initial(name) == letter


def test_every_name_is_in_the_glossary_and_other_names_lead_to_the_main_one(wiki: MakeWiki) -> None:
    here = wiki({ROCK: "name: 7 Rocks\nalso: [{name: Скала, kind: native, language: ru}]\nclaims: []\n"})
    made = ways_of(here)
    (sheet,) = made.sheets("glossary")
    assert [place.key for place in sheet.contents][-2:] == ["u421", "signs"]
    names = [term.name for _, term in items_of(made, "glossary") if isinstance(term, Term)]
    assert {"Großskarn", "the big island", "İsmail Çağlayan", "Скала", "7 Rocks"} <= set(names)
    text = wiki().page("glossary.md")
    assert (
        '**<span lang="de">Großskarn</span>** <span class="quiet">translation</span> see [Great Skarn]'
        in text
    )
    assert (
        '**[Longholm](islands/longholm.md)** <span class="quiet">Island</span> Longholm is an island' in text
    )


def test_the_glossary_has_the_words_of_wiki_yml(wiki: MakeWiki) -> None:
    text = wiki().page("glossary.md")
    for words in (
        "[Islands](islands/index.md)\n:   Land with the sea on every side.",
        "Ferries\n:   Ships and their timetables.",
        "serves\n:   From the other end: is served by. Leads from Organisation to Island.",
        "is a neighbour of\n:   It reads the same from both ends.",
    ):
        assert words in text


# ---- home ------------------------------------------------------------------------------------------


def test_home_names_the_kinds_with_examples_and_every_list(wiki: MakeWiki) -> None:
    text = wiki().page("index.md")
    assert (
        '[Islands](islands/index.md) <span class="tally">2</span><br><span class="quiet">Great Skarn, Longholm</span>'
        in text
    )
    for page in ("timeline", "side-by-side", "figures", "quotations", "questions", "glossary", "coverage"):
        assert f"]({page}.md)" in text
    assert "[When did the Sandpiper burn?](questions.md#sandpiper-fire--when-did-she-burn)" in text
    assert 'aria-label="0 against the text, 2' in text


def test_a_question_on_a_page_of_its_own_is_led_to_there(
    wiki: MakeWiki, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ways, "MOST_QUESTIONS", 1)
    answers = [f'text: "It {verb} there.", question: which' for verb in ("lies", "stands")]
    here = wiki(rock(*answers))
    here.put({ROCK: here.text(ROCK) + "questions: [{id: which, text: Does it lie or stand?}]\n"})
    pages = here.pages()
    assert "](questions/f.md#sandpiper-fire--when-did-she-burn)" in pages["index.md"].decode()
    assert "#sandpiper-fire--when-did-she-burn }" in pages["questions/f.md"].decode()
    assert "[F](questions/f.md)" in pages["questions.md"].decode()


# ---- the entities of a kind ------------------------------------------------------------------------


def test_few_of_a_kind_stand_on_one_page_without_letters(wiki: MakeWiki) -> None:
    page = wiki().page("islands/index.md")
    assert "[Great Skarn](great-skarn.md)" in page
    assert "jump" not in page


def test_many_of_a_kind_stand_on_pages_by_their_first_letters(
    wiki: MakeWiki, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ways, "MOST_MEMBERS", 1)
    pages = {path: data.decode() for path, data in wiki().pages().items() if path.endswith(".md")}
    assert "[G](index/g.md)" in pages["islands/index.md"]
    assert "2 pages." in pages["islands/index.md"]
    assert "great-skarn.md" not in pages["islands/index.md"]
    assert "[Great Skarn](../great-skarn.md)" in pages["islands/index/g.md"]
    assert "[Longholm](../longholm.md)" in pages["islands/index/l.md"]
    assert "[All of the list](../index.md)" in pages["islands/index/l.md"]
