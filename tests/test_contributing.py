"""The records shown to contributors are records: the reader takes them without a problem."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from build_tools.records import Entity, Passages, SeedRecord
from build_tools.shape import read_record, shape_of
from build_tools.yaml_tree import read_yaml

ROOT = Path(__file__).parent.parent
BLOCKS = re.findall(r"```yaml\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL)
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
