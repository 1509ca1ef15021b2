"""What contributors are shown is so: records are read without a problem, commands print what is told of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from build_tools.problems import Location
from build_tools.records import Entity, Passages, SeedRecord
from build_tools.report import on_terminal
from build_tools.shape import read_record, shape_of
from build_tools.yaml_tree import read_yaml
from tests.conftest import Run
from tests.islands import lay_out_project

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
FIRST_CLAIM, *BLOCKS = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
WEB_BLOCKS = re.findall(
    r"```yaml\n(.*?)```", (ROOT / "docs/contribute.md").read_text(encoding="utf-8"), re.DOTALL
)


@pytest.mark.parametrize(("number", "record"), [(0, Entity), (1, SeedRecord), (2, Passages)])
def test_the_commented_record_is_sound_and_shows_every_key(number: int, record: type) -> None:
    text = BLOCKS[number]
    node, problems = read_yaml("shown.yml", text.encode())
    assert node is not None
    given = {Entity: {"id": "longholm", "kind": "island"}, SeedRecord: {"id": "harbour-2024"}, Passages: {}}
    value: Any
    value, found = read_record(node, record, **given[record])
    assert [*problems, *found] == []
    for field in shape_of(record).fields:
        assert getattr(value, field.name) not in (None, ()), f"`{field.key}` is not shown"


def test_there_is_one_block_for_each_record() -> None:
    assert len(BLOCKS) == 3


@pytest.mark.parametrize("text", WEB_BLOCKS)
def test_the_pieces_on_the_site_belong_to_an_entity(text: str) -> None:
    node, problems = read_yaml("shown.yml", f"name: Longholm\n{text}".encode())
    assert node is not None
    assert [*problems, *read_record(node, Entity, id="longholm", kind="island")[1]] == []


def told(pattern: str) -> str:
    """What the guide says at a place."""
    found = re.search(pattern, GUIDE, re.DOTALL)
    assert found, pattern
    return found[1]


def test_the_first_claim_goes_as_it_is_told(tmp_path: Path, run: Run) -> None:
    here = lay_out_project(tmp_path)
    words = told(r'\$ wiki cite "([^"\n]+)"\n')
    _, out, _ = run("--root", here.root, "cite", words)
    assert f'$ wiki cite "{words}"\n{out}```' in GUIDE

    path = told(r"at the end of `(entities/[^`]+)`")
    lines = f"{here.text(path).rstrip()}\n{FIRST_CLAIM}"
    here.put({path: lines})

    def line_at(place: Location) -> str | None:
        return lines.split("\n")[place.line - 1]

    slip = on_terminal(here.checked().problems, line_at, width=200, colour=False)
    assert slip.startswith(f"{path}:")
    assert f"$ wiki check\n{slip}" in GUIDE

    _, out, _ = run(
        "--root", here.change(path, told(r"\] `(\d+)` does"), told(r"slip: write (\d+)")).root, "check"
    )
    assert f"$ wiki check\n{out}```" in GUIDE
    _, out, _ = run("--root", here.root, "diff", "--against", ROOT)
    meaning = told(r"the working tree\n(\nentity .*?\n)…\n")
    assert meaning in out
    assert run("--root", here.root, "fmt", "--check")[0] == 0
