"""The schemas in the repository are those of the records, say what the reader says, and hold for every file."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import check_jsonschema
import jsonschema
import pytest
from click.testing import CliRunner

from build_tools.live_schema import modeline
from build_tools.load import load
from build_tools.problems import Location
from build_tools.records import Cite
from build_tools.schema import FILES, PLACES, record_schema, schema_texts
from build_tools.shape import read_record, shape_of
from build_tools.validate import validate
from build_tools.values import (
    Anchor,
    Complaint,
    Count,
    Flag,
    Language,
    Latitude,
    LineSpan,
    Longitude,
    Percent,
    Ref,
    Url,
    When,
    WordSpan,
)
from build_tools.yaml_tree import read_yaml
from tests.islands import EXAMPLE, PROJECT

SCHEMAS = {name.split(".")[0]: json.loads(text) for name, text in schema_texts().items()}


def refused(schema: Path, *files: Path) -> str:
    """What check-jsonschema, which knows nothing of the compiler, says against the files; empty if nothing."""
    arguments = ["--schemafile", str(schema), *map(str, files)]
    done = CliRunner().invoke(check_jsonschema.main, arguments)
    assert done.exit_code in (0, 1), done.output
    return done.output if done.exit_code else ""


def records_of(record: type) -> Iterator[type]:
    """The record and every one that it holds."""
    waiting, met = [record], {record}
    while waiting:
        record = waiting.pop()
        yield record
        shape = shape_of(record)
        for field in (*shape.fields, *([shape.whole] if shape.whole else [])):
            held = dataclasses.is_dataclass(field.type) and any(f.doc for f in shape_of(field.type).fields)
            if held and field.type not in met:
                met.add(field.type)
                waiting.append(field.type)


EVERY_RECORD = sorted({each for record in FILES.values() for each in records_of(record)}, key=str)


def schemas_of(record: type) -> list[dict[str, Any]]:
    """Where the schemas describe the record as a mapping."""
    found = [SCHEMAS[name] for name, root in FILES.items() if root is record]
    for schema in SCHEMAS.values():
        made = schema["$defs"].get(record.__name__)
        if made:
            found += [one for one in made.get("anyOf", [made]) if one.get("type") == "object"]
    return found


# ---- of the records ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(schema_texts()))
def test_the_kept_schema_is_the_one_the_records_make(name: str) -> None:
    kept = (PROJECT / "schema" / name).read_text(encoding="utf-8")
    assert kept == schema_texts()[name], "run `wiki schema`"


def test_no_other_schema_is_kept() -> None:
    assert sorted(path.name for path in (PROJECT / "schema").iterdir()) == sorted(schema_texts())


@pytest.mark.parametrize("record", EVERY_RECORD, ids=lambda record: record.__name__)
def test_a_record_has_its_keys_in_the_schema_and_no_others(record: type) -> None:
    shape = shape_of(record)
    found = schemas_of(record)
    if shape.whole or record.__name__ == "Identifier":
        return  # a mapping of any keys: what is below them is looked at by itself
    assert found
    for schema in found:
        assert list(schema["properties"]) == list(shape.keys)
        assert schema.get("required", []) == [field.key for field in shape.fields if field.required]
        assert schema["additionalProperties"] is False


@pytest.mark.parametrize("record", EVERY_RECORD, ids=lambda record: record.__name__)
def test_every_field_says_what_it_is_and_shows_one(record: type) -> None:
    shape = shape_of(record)
    assert shape.key_field is None or (shape.key_field.doc and shape.key_field.example)
    for schema in schemas_of(record):
        assert schema["title"]
        assert schema["description"]
        for key, field in schema.get("properties", {}).items():
            assert field.get("description"), key
            assert field["examples"] not in ([""], [[""]]), f"an example of {record.__name__}.{key}"
            jsonschema.validate(field["examples"][0], field | {"$defs": record_schema(record)["$defs"]})


@pytest.mark.parametrize("record", EVERY_RECORD, ids=lambda record: record.__name__)
def test_the_reader_takes_every_example(record: type) -> None:
    for schema in schemas_of(record)[:1]:
        shown = {key: field["examples"][0] for key, field in schema.get("properties", {}).items()}
        node, problems = read_yaml("shown.yml", json.dumps(shown, ensure_ascii=False).encode())
        assert node is not None
        shape = shape_of(record)
        given = {field.name: "x" for field in dataclasses.fields(record) if field.metadata.get("given")}
        if shape.key_field:
            given[shape.key_field.name] = "x"
        _, found = read_record(node, record, **given)
        assert [*problems, *found] == []


LONG = "a" * 101
# What values are read from, as text; "0" and the like are numbers to whoever reads YAML by a schema.
TEXTS = (
    "a", "a-1", "2024", "a--b", "A", "a_b", "é", "index", "indexes", "p3", "p3x", LONG, LONG[1:], "",
    "2025", "2025-10", "2025-10-08", "2025~", "199X", "2025-XX", "2021/2024", "2020/..", "../2020", "../..", "8 October 2025", "08.10.2025", "2025/10/08",
    "https://example.org", "https://example.org/a?b#c", "http://x.org:80/", "www.example.org", "ftp://a.org", "https://a.org/ü", "https://a.org/(b)",
    "en", "zh-Hant", "english", "de_DE", "EN",
    "1", "60", "0", "-1", "1.5", "999999999", "1000000000", "181", "-90", "361", "42.5",
    "20%", "100%", "101%", "20", "05%", "true", "false", "yes",
    "3", "3-5", "0-1", "14-22", "014-22", "14–22",
    "seed#p3", "seed#p3:4-5", "seed#p5?", "seed#3", "seed p3", "seed#p0", "seed#p3:4", "Seed#p3", "seed#",
)  # fmt: skip
# Which the schema takes for one, and the reader knows better: only a calendar tells, or two numbers compared.
ROUGH = {When: {"../.."}, LineSpan: {"2025-10"}, WordSpan: {"2025-10"}}
KINDS = (
    Ref,
    Anchor,
    When,
    Url,
    Language,
    Count,
    Percent,
    Longitude,
    Latitude,
    Flag,
    LineSpan,
    WordSpan,
    Cite,
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_schema_takes_what_the_reader_takes(kind: type) -> None:
    @dataclasses.dataclass
    class Holder:
        """A record with the one value."""

        at: Location
        x: kind = dataclasses.field(metadata={"doc": "A value.", "example": "1"})  # type: ignore[valid-type]

    Holder.__annotations__["x"] = kind
    schema = record_schema(Holder)
    taken: dict[str, bool] = {}
    for text in TEXTS:
        value: object = text
        if kind in (Count, Longitude, Latitude, Flag) and re.fullmatch(r"-?\d+(\.\d+)?|true|false", text):
            value = json.loads(text)
        taken[text] = jsonschema.Draft202012Validator(schema).is_valid({"x": value})
    read = {text: not isinstance(kind.read(text, Location("x.yml")), Complaint) for text in TEXTS}  # type: ignore[attr-defined]
    assert any(read.values())
    differ = {text for text in TEXTS if taken[text] is not read[text]}
    assert differ == ROUGH.get(kind, set())


# ---- of the files ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_file_of_the_repository_is_as_its_schema_says(name: str) -> None:
    files = [file for root in (PROJECT, EXAMPLE) for file in sorted(root.glob(PLACES[name]))]
    assert files
    assert refused(PROJECT / "schema" / f"{name}.schema.json", *files) == ""


PLANTED = [
    ("entity", "name: A\nnmae: B\n", "'nmae' was unexpected"),
    ("entity", "also: []\n", "'name' is a required property"),
    ("entity", "name: A\nclaims: {id: a, text: B}\n", "is not of type 'array'"),
    ("entity", "name: A\nclaims:\n  - {text: B}\n", "'id' is a required property"),
    ("entity", "name: A\nclaims:\n  - {id: p3, text: B}\n", "'p3' does not match"),
    ("entity", "name: A\nclaims:\n  - {id: a, text: B, cites: [seed p3]}\n", "'seed p3'"),
    ("entity", "name: A\nclaims:\n  - {id: a, text: B, cites: [{seed: s, role: backs}]}\n", "'backs' is not one of"),
    ("entity", "name: A\nclaims:\n  - {id: a, text: B, when: 8 October 2025}\n", "'8 October 2025'"),
    ("entity", "name: A\nalso:\n  - {name: B, kind: nickname}\n", "'nickname' is not one of"),
    ("entity", "name: A\nrelations:\n  - {type: part of, to: b}\n", "'part of' does not match"),
    ("seed", "title: {quote: A}\nshort: A\npublisher: a\npublished: {when: 2024}\nlanguage: en\n", "'rights' is a required"),
    ("seed", "title: {quote: A}\nshort: A\npublisher: a\npublished: {when: 2024}\nlanguage: English\nrights: {status: licensed}\n", "'English' does not match"),
    ("seed", "title: {quote: A}\nshort: A\npublisher: a\npublished: {when: 2024}\nlanguage: en\nurl: www.a.org\nrights: {status: licensed}\n", "'www.a.org' does not match"),
    ("passages", "q1: {kind: text, gist: A}\n", "'q1' does not match"),
    ("passages", "p1: {kind: title, gist: A}\n", "'title' is not one of"),
    ("passages", "p1: {kind: text}\n", "'gist' is a required property"),
    ("waivers", "waivers:\n  - {code: unsourced, path: a.yml, reason: B}\n", "'unsourced' is not one of"),
    ("wiki", "name: A\n", "'tagline' is a required property"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "said"), PLANTED, ids=[f"{n}-{i}" for i, (n, *_) in enumerate(PLANTED)]
)
def test_a_planted_mistake_is_refused(name: str, text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "planted.yml").write_text(text, encoding="utf-8")
    found = refused(PROJECT / "schema" / f"{name}.schema.json", tmp_path / "planted.yml")
    assert said in found.replace("\n", " ")


# ---- of editors --------------------------------------------------------------------------------


def test_the_editor_is_told_which_files_each_schema_is_of() -> None:
    settings = json.loads((PROJECT / ".vscode/settings.json").read_text())
    assert settings["yaml.schemas"] == {
        f"./schema/{name}.schema.json": f"/{place}" for name, place in PLACES.items()
    }
    recommended = json.loads((PROJECT / ".vscode/extensions.json").read_text())["recommendations"]
    assert "redhat.vscode-yaml" in recommended


def test_the_first_line_of_every_record_names_its_schema() -> None:
    records, _ = validate(*load(PROJECT))
    assert records is not None
    folders = {kind.folder.id: kind.key.id for kind in records.settings.kinds}
    files = [file for place in PLACES.values() for file in sorted(PROJECT.glob(place))]
    for file in files:
        path = file.relative_to(PROJECT).as_posix()
        first = file.read_text(encoding="utf-8").partition("\n")[0]
        assert first == modeline(path, folders), path
