"""The commonest mistakes of a first contribution, and what a contributor sees of each on a terminal.

`mistakes/<what-is-wrong>.txt` is a file with one mistake, below its path, and what is said of it: one
problem, its marker under the very place, and the repair.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from build_tools.problems import Location
from build_tools.report import on_terminal
from tests.conftest import MakeWiki
from tests.islands import TESTS, diff

MISTAKES = sorted((TESTS / "mistakes").glob("*.txt"))
BELOW = "---- what a terminal shows ----\n"
WIDTH = 100


def parts(mistake: Path) -> tuple[str, str, str]:
    """The path of the file with the mistake, the file, and what is said of it."""
    path, _, rest = mistake.read_text().partition("\n")
    text, below, shown = rest.partition(BELOW)
    assert below
    return path, text, shown


def shown_by(wiki: MakeWiki, path: str, text: str) -> str:
    """What a terminal shows of the example wiki with the file laid over it."""
    here = wiki({path: text})

    def line_at(place: Location) -> str | None:
        return here.text(place.path).split("\n")[place.line - 1]

    return on_terminal(here.checked().problems, line_at, width=WIDTH, colour=False)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.stem)
def test_a_mistake_is_one_problem_at_its_place_with_its_repair(
    mistake: Path, wiki: MakeWiki, update_golden: bool
) -> None:
    path, text, expected = parts(mistake)
    found = shown_by(wiki, path, text)
    if update_golden:
        mistake.write_text(f"{path}\n{text}{BELOW}{found}")
        expected = found
    assert found == expected, "\n".join(diff(expected, found, mistake.name))
    assert len(re.findall(r"^\S+:\d+:\d+: \[", found, re.M)) == 1, "one mistake, one problem"
    assert found.startswith(f"{path}:"), "the problem is in the file with the mistake"
    assert re.search(r"^    \S", found, re.M), "a repair"


SHOWN = re.compile(
    r"\S+:(\d+):\d+: \[(?:yaml-syntax|unknown-key)\] .*\n(?:.*\n)*    .*?`([a-z_]+): ([^…>]*)`$", re.M
)


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.stem)
def test_a_line_that_is_shown_mended_mends_the_mistake(mistake: Path, wiki: MakeWiki) -> None:
    path, text, shown = parts(mistake)
    line = SHOWN.match(shown)
    if line is None:
        return  # no whole line is shown
    lines = text.split("\n")
    broken = lines[int(line[1]) - 1]
    begin = broken.index(line[2])
    lines[int(line[1]) - 1] = broken[:begin] + f"{line[2]}: {line[3]}"
    if mistake.stem == "flow-mapping-without-spaces":
        lines[int(line[1]) - 1] += "}"
    mended = wiki({path: "\n".join(lines)}).checked().problems
    assert {str(problem.code) for problem in mended} <= {"copied-words", "name-not-in-passage"}


def test_there_are_the_thirty_commonest_and_more() -> None:
    assert len(MISTAKES) >= 90
