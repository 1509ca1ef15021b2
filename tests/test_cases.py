"""What each mistake gets: `cases/<code>/<what-is-wrong>/` is laid over the example wiki and compiled.

A case's files take the place of the example's; `delete.txt` names what is taken away; `expected.txt` is
all that a terminal shows. What git cannot hold on every checkout (links, odd names and bytes, big
files) is made here, by the functions under "Inputs that are made".
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from build_tools.cli import main
from build_tools.problems import Code, Severity
from tests.conftest import MakeWiki
from tests.islands import EXAMPLE, TESTS, Wiki, diff, sealed

CASES = TESTS / "cases"
ROCK = "entities/islands/gull-rock.yml"
SOUND = "name: Gull Rock\nclaims:\n  - id: few-people\n    text: Few people live there.\n    cites: [courier-2024#p1]\n"

# What no compilation finds, and the test that covers it.
ELSEWHERE = {
    Code.BAD_CAPTURE: "test_cli.py::test_a_seed_is_not_added",
    Code.EXISTS_ALREADY: "test_cli.py::test_a_seed_is_not_added",
    Code.CANNOT_WRITE: "test_write.py::test_a_full_disk_leaves_the_old_build",
    Code.UNKNOWN_REVISION: "test_revision.py::test_a_commit_that_is_not_there_is_a_problem_with_its_repair",
    Code.LOCKED: "test_write.py::test_a_second_build_is_turned_away_and_changes_nothing",
    Code.SITE_BUILD: "test_build.py::test_a_site_with_a_fault_is_not_put_in_place",
    Code.SEARCH_INDEX: "test_search_index.py::test_a_program_that_fails_is_a_problem_and_no_site",
    Code.DEAD_LINK: "test_site_checks.py::test_a_link_to_no_file_names_the_nearest_page",
    Code.DEAD_ANCHOR: "test_site_checks.py::test_anchors_are_looked_for_on_the_page_they_name_before_or_after",
    Code.DUPLICATE_ANCHOR: "test_site_checks.py::test_an_id_stands_once_on_a_page_drawings_and_templates_included",
    Code.FORBIDDEN_HTML: "test_site_checks.py::test_what_is_not_allowed_in_an_article_is_refused",
    Code.UNREADABLE_CHANGE: "test_review.py::test_what_git_cannot_compare_is_a_problem",
    Code.CHANGE_TOO_BIG: "test_review.py::test_a_change_of_thousands_of_files_is_refused_in_one_sentence",
    Code.BAD_FILE_NAME: "test_review.py::test_a_name_that_could_mislead_or_be_markup_is_refused",
    Code.ACTING_FILE: "test_review.py::test_what_acts_by_itself_is_refused_from_outside_and_shown_from_inside",
    Code.SEAL_DELETED: "test_review.py::test_a_deleted_seal_is_refused_from_outside",
    Code.SEAL_EDITED: "test_review.py::test_a_seal_edited_so_that_its_sum_is_right_is_refused_for_its_capture",
    Code.BAD_REPORT: "test_comment.py::test_a_report_of_another_form_or_size_is_refused",
    Code.FORGE_REFUSED: "test_pull_request.py::test_a_gh_that_refuses_is_told_as_a_problem",
    Code.DEAD_ADDRESS: "test_links.py::test_what_the_answers_mean_for_the_records",
    Code.MOVED_ADDRESS: "test_links.py::test_what_the_answers_mean_for_the_records",
    Code.NEEDLESS_EXCEPTION: "test_links.py::test_an_exception_silences_its_address_and_is_told_when_it_is_not_needed",
    Code.OTHER_HOST: "test_site_checks.py::test_nothing_in_an_article_is_loaded_from_another_host",
}

WARNINGS = {code.text: code.severity is Severity.WARNING for code in Code}

# ---- inputs that are made ------------------------------------------------------------------------

MADE: dict[str, Callable[[Wiki], object]] = {}


def made(case: str) -> Callable[[Callable[[Wiki], object]], Callable[[Wiki], object]]:
    """The function makes the input of the case."""

    def register(make: Callable[[Wiki], object]) -> Callable[[Wiki], object]:
        MADE[case] = make
        return make

    return register


def rock(text: str) -> Callable[[Wiki], object]:
    """An island's file whose claim is the text."""
    return lambda wiki: wiki.put({ROCK: SOUND.replace("Few people", text)})


MADE |= {
    "sound/windows-line-ends": lambda wiki: wiki.put({ROCK: SOUND.replace("\n", "\r\n")}),
    "sound/byte-order-mark-first": lambda wiki: wiki.put({ROCK: b"\xef\xbb\xbf" + SOUND.encode()}),
    "sound/joiners-where-a-script-needs-them": rock("می\u200cخواهم people"),
    "not-utf8/windows-1252": lambda wiki: wiki.put({ROCK: SOUND.replace("Few", "F\u00e4w").encode("cp1252")}),
    "not-utf8/utf-16": lambda wiki: wiki.put({ROCK: SOUND.encode("utf-16")}),
    "not-utf8/utf-16-without-mark": lambda wiki: wiki.put({ROCK: SOUND.encode("utf-16-le")}),
    "not-utf8/a-stray-byte-in-line-3": lambda wiki: wiki.put(
        {ROCK: SOUND.encode().replace(b"few", "fünf\u2026".encode() + b"\xff")}
    ),
    "not-utf8/in-wiki.yml": lambda wiki: wiki.put({"wiki.yml": b"name: \xff\n"}),
    "forbidden-character/mark-inside-the-text": rock("Few\ufeff people"),
    "forbidden-character/right-to-left-override": rock("Few \u202epeople"),
    "forbidden-character/zero-width-space": rock("Few\u200bpeople"),
    "forbidden-character/joiner-between-latin-letters": rock("Fe\u200dw people"),
    "forbidden-character/control-character": rock("Few\x07 people"),
    "forbidden-character/next-line-character": rock("Few\x85people"),
    "forbidden-character/soft-hyphen": rock("Few peo\u00adple"),
    "forbidden-character/in-a-key": lambda wiki: wiki.put({ROCK: SOUND.replace("claims", "cla\u200bims")}),
    "file-too-big/two-megabytes": lambda wiki: wiki.put({ROCK: SOUND + "# padding\n" * 200_000}),
    "file-too-big/passages": lambda wiki: wiki.put(
        {"seeds/bote-2023/passages.yml": wiki.text("seeds/bote-2023/passages.yml") + "#" * 1_000_000}
    ),
    "field-too-long/twenty-kilobytes-of-claim": rock("ä" * 10_000 + " people"),
    "too-deep/thirty-thousand-brackets": lambda wiki: wiki.put({ROCK: "[" * 30_000}),
    "too-deep/thirty-thousand-braces": lambda wiki: wiki.put({ROCK: "{a: " * 30_000}),
    "too-deep/thirty-thousand-lists-in-blocks": lambda wiki: wiki.put({ROCK: "- " * 30_000 + "a\n"}),
    "bad-seal/brackets-in-a-seal": lambda wiki: wiki.put({"seeds/bote-2023/seal.json": "[" * 30_000}),
    "seal-mismatch/attached-text-is-no-text": lambda wiki: wiki.put({".attached/bote-2023.txt": b"\x89PNG\xff"}),
    "sound/hidden-and-backup-files-are-passed-over": lambda wiki: wiki.put(
        {f"entities/islands/{name}": "x" for name in (".gull-rock.yml.swp", "gull-rock.yml~", ".DS_Store")}
    ),
}  # fmt: skip


@made("symlink/an-entity")
def _(wiki: Wiki) -> None:
    (wiki.root / ROCK).symlink_to("longholm.yml")


@made("symlink/a-folder-of-entities")
def _(wiki: Wiki) -> None:
    (wiki.root / "entities/rocks").symlink_to("islands")


@made("symlink/the-docs-folder")
def _(wiki: Wiki) -> None:
    (wiki.root / "docs").rename(wiki.root / "pages")
    (wiki.root / "docs").symlink_to("pages")


@made("symlink/a-seed")
def _(wiki: Wiki) -> None:
    (wiki.root / "seeds/flyer-2022").symlink_to("release-2023")


@made("symlink/a-page-that-is-not-there")
def _(wiki: Wiki) -> None:
    (wiki.root / "docs/history.md").symlink_to("nowhere.md")


@made("symlink/an-asset")
def _(wiki: Wiki) -> None:
    wiki.put({"docs/assets/about.txt": "x"})
    (wiki.root / "docs/assets/secret.txt").symlink_to("/etc/hostname")


@made("symlink/wiki.yml")
def _(wiki: Wiki) -> None:
    (wiki.root / "wiki.yml").rename(wiki.root / "settings.yml")
    (wiki.root / "wiki.yml").symlink_to("settings.yml")


@made("unexpected-file/a-pipe")
def _(wiki: Wiki) -> None:
    os.mkfifo(wiki.root / ROCK)


def _named(name: str) -> Callable[[Wiki], object]:
    return lambda wiki: wiki.put({f"entities/islands/{name}": SOUND})


MADE |= {
    "bad-id/reserved-by-windows": _named("con.yml"),
    "bad-id/too-long": _named("gull-" * 20 + "r.yml"),
    "bad-id/letters-beyond-ascii": _named("möwenfels.yml"),
    "bad-id/line-break-in-the-name": _named("gull\nrock.yml"),
    "bad-id/equal-after-casefolding": _named("Great-Skarn.yml"),
    "bad-id/same-letters-in-another-width": _named("ｇreat-skarn.yml"),
}


def _map(**changed: str) -> Callable[[Wiki], object]:
    """A map of the islands, in which something is changed."""
    edges = {"identifier": "register", "west": "-12.5", "south": "58", "east": "3", "north": "63"} | changed
    settings = ", ".join(f"{key}: {value}" for key, value in edges.items())
    return lambda wiki: wiki.change("wiki.yml", "quotation: {", f"map: {{{settings}}}\nquotation: {{")


MADE |= {
    "sound/map": _map(),
    "sound/map-across-the-antimeridian": _map(west="170", east="200"),
    "bad-value/longitude": _map(east="361"),
    "bad-value/longitude-in-minutes": _map(west="12°30′"),
    "bad-value/latitude": _map(north="90.1"),
    "bad-value/map-whose-edges-are-swapped": _map(west="3", east="-12.5"),
    "bad-value/map-wider-than-the-earth": _map(west="-180", east="180.5"),
    "bad-value/map-without-height": _map(north="58"),
    "unknown-term/identifier-of-a-map": _map(identifier="registry"),
}


@made("bad-id/not-utf8-in-the-name")
def _(wiki: Wiki) -> None:
    path = os.fsencode(wiki.root) + b"/entities/islands/m\xf6wenfels.yml"
    Path(os.fsdecode(path)).write_text(SOUND)


# Seeds that some cases cite, each with its date, its language and its paragraphs.
SEEDS = {
    "song-2023": (
        "2023",
        "The boat is late, the keeper sang, and the boat is late, the harbour answered, day after day.",
        "They wait for a boat.",
    ),
    "count-2023": (
        "2023",
        "Nearly 2,000 gulls breed on the rock; at least 150 nests were found, and hundreds of eggs.",
        "Of the gulls 50% are young. They weigh 40 kilograms together. Every second nest was counted.",
        "The count took place on 12.05.2023, in fog.",
    ),
    "recount-2023": ("2023", "Some 3,000 gulls breed on the rock, says a second count."),
    "shout-2023": (
        "2023",
        "“The boat is late again, Ada Brook, and so is the mail,” the keeper called.",
        "Fares rose from 4 to 12 crowns.",
    ),
    "flyer-2011": ("2011", "Few people live on the rock."),
}


def lay_out_seed(wiki: Wiki, id_: str) -> None:
    """The seed is there, sealed, each passage that nothing rests on with a reason."""
    date, *paragraphs = SEEDS[id_]
    cited = "".join(path.read_text() for path in (wiki.root / "entities").rglob("*.yml") if path.is_file())
    lines = []
    for number, _ in enumerate(paragraphs, 1):
        used = re.search(rf"{id_}#p{number}\b|seed: {id_}, passage: p{number}\b", cited)
        speakers = ", speakers: [ada-brook]" if id_ == "shout-2023" and number == 1 and used else ""
        unused = "" if used else ", unused: Not asked."
        lines.append(f"p{number}: {{kind: text, gist: Of birds.{speakers}{unused}}}\n")
    wiki.put(
        {
            f"seeds/{id_}/seed.yml": (
                f"title: {{gloss: A paper}}\nshort: {id_}\npublisher: longholm-courier\n"
                f"published: {{when: {date}}}\nlanguage: en\nrights: {{status: public-domain, publish: full}}\n"
            ),
            f"seeds/{id_}/passages.yml": "".join(lines),
            f"seeds/{id_}/seal.json": sealed(id_, "# Paper\n\n" + "\n\n".join(paragraphs) + "\n"),
        }
    )


# ---- the cases -----------------------------------------------------------------------------------


def all_cases() -> list[str]:
    return sorted(path.parent.relative_to(CASES).as_posix() for path in CASES.glob("*/*/expected.txt"))


def lay_over(wiki: Wiki, case: str) -> None:
    """The case's input is laid over the example."""
    folder = CASES / case
    if (folder / "delete.txt").exists():
        wiki.delete(*(folder / "delete.txt").read_text().split())
    names = [path.name for path in folder.iterdir() if path.name not in ("expected.txt", "delete.txt")]
    for name in names:
        if (folder / name).is_dir():
            shutil.copytree(folder / name, wiki.root / name, dirs_exist_ok=True)
        else:
            shutil.copyfile(folder / name, wiki.root / name)
    if case in MADE:
        MADE[case](wiki)
    rock_file = folder / ROCK
    if rock_file.exists():
        for id_ in sorted(SEEDS.keys() & set(re.findall(r"[a-z]+-\d{4}", rock_file.read_text()))):
            lay_out_seed(wiki, id_)
    assert names or case in MADE or (folder / "delete.txt").exists(), "the case changes nothing"


@pytest.mark.parametrize("case", all_cases())
def test_a_mistake_gets_its_problem_and_no_other(
    case: str, wiki: MakeWiki, update_golden: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    here = wiki()
    lay_over(here, case)
    code = main(["--root", str(here.root), "build", "--pages-only"])
    out, err = capsys.readouterr()
    last = re.search(r"^(?:no problems|\d+ (?:error|warning)s?\b).*$", out, re.M)
    assert last is not None
    found = out[: last.start()]
    expected = CASES / case / "expected.txt"
    if update_golden:
        expected.write_text(found)
    text = expected.read_text()
    assert found == text, "\n".join(diff(text, found, f"{case}/expected.txt"))
    wanted = case.split("/")[0]
    codes = re.findall(r"^\S.*?:\d+:\d+: \[([a-z0-9-]+)\] ", found, re.M)
    assert codes == ([] if wanted == "sound" else [wanted]), "one mistake, one problem"
    written = wanted == "sound" or WARNINGS[wanted]
    assert (code, err) == ((0, "") if written else (1, "nothing was written\n"))
    assert (here.root / "build" / "pages").exists() is written, (
        "pages come of a wiki without errors, and only of one"
    )


def test_every_code_has_a_case_or_a_test_elsewhere() -> None:
    with_case = {case.split("/")[0] for case in all_cases()} - {"sound"}
    codes = {code.text for code in Code}
    assert with_case <= codes, "a folder of cases that is no code's"
    assert codes - with_case == {code.text for code in ELSEWHERE}
    for code, place in ELSEWHERE.items():
        file, name = place.split("::")
        text = (TESTS / file).read_text()
        assert f"def {name}(" in text
        assert f"Code.{code.name}" in text or f"[{code}]" in text


def test_every_made_input_belongs_to_a_case() -> None:
    assert MADE.keys() <= set(all_cases())


def test_every_line_of_a_case_shows_a_place_or_a_repair() -> None:
    for case in all_cases():
        for number, line in enumerate((CASES / case / "expected.txt").read_text().splitlines()):
            if number % 2 == 0:
                place, _, message = line.partition(": [")
                assert message, case
                assert all(part.isdigit() for part in place.rsplit(":", 2)[1:]), case
            else:
                assert line.startswith("    "), case


def test_the_example_itself_has_no_problem(wiki: MakeWiki) -> None:
    assert wiki().problems() == ""
    assert wiki().attach("courier-2024").attach("bote-2023").problems() == ""


@pytest.mark.parametrize("name", ["NO", "007", "1.10", "null", "yes"])
def test_a_name_is_shown_as_it_is_written(name: str, wiki: MakeWiki) -> None:
    page = wiki({ROCK: SOUND.replace("Gull Rock", name)}).page("islands/gull-rock.md")
    assert f'title: "{name}"' in page
    assert f"\n# {name}\n".replace(".", "&#46;") in page.replace(".", "&#46;")


def test_git_holds_every_file_of_the_cases_on_any_checkout() -> None:
    paths = [path.relative_to(TESTS).as_posix() for path in (*CASES.rglob("*"), *EXAMPLE.rglob("*"))]
    assert len({path.casefold() for path in paths}) == len(paths)
    for path in paths:
        assert path.isascii()
        assert len(path) < 150
        assert not set(path) & set('<>:"|?*\\'), path
        assert not path.endswith((".swp", "~", ".pyc")), "git ignores it"
    assert not [path for path in (*CASES.rglob("*"), *EXAMPLE.rglob("*")) if path.is_symlink()]
