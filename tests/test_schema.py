"""The schemas in the repository are those of the records, and say what the reader says."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from build_tools.records import Cite, Claim, Entity
from build_tools.schema import schema_texts

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("name", sorted(schema_texts()))
def test_the_kept_schema_is_the_one_the_records_make(name: str) -> None:
    kept = (ROOT / "schema" / name).read_text(encoding="utf-8")
    assert kept == schema_texts()[name], "run `wiki schema`"


def test_no_other_schema_is_kept() -> None:
    assert sorted(path.name for path in (ROOT / "schema").iterdir()) == sorted(schema_texts())


def test_an_entity_has_the_keys_of_its_record_and_no_others() -> None:
    schema = json.loads(schema_texts()["entity.schema.json"])
    given = {"at", "id", "kind"}
    assert set(schema["properties"]) == {field.name for field in dataclasses.fields(Entity)} - given
    assert schema["additionalProperties"] is False
    assert schema["required"] == ["name"]


def test_a_claim_needs_an_id_and_a_text() -> None:
    claim = json.loads(schema_texts()["entity.schema.json"])["$defs"]["Claim"]
    assert claim["required"] == ["id", "text"]
    assert set(claim["properties"]) == {field.name for field in dataclasses.fields(Claim)} - {"at"}


def test_a_cite_may_be_short_or_long() -> None:
    short, long = json.loads(schema_texts()["entity.schema.json"])["$defs"]["Cite"]["anyOf"]
    assert short["type"] == "string"
    assert set(long["properties"]) == {field.name for field in dataclasses.fields(Cite)} - {"at"}


def test_every_field_says_what_it_is() -> None:
    for text in schema_texts().values():
        schema = json.loads(text)
        for record in [schema, *schema["$defs"].values()]:
            for key, value in record.get("properties", {}).items():
                assert value.get("description"), f"{record['title']}.{key}"
