"""A new entity: the id that its name makes, and a file that says what it can hold."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from build_tools.editing.draft import id_of, new_entity
from build_tools.editing.layout import laid_out
from build_tools.live_schema import modeline
from build_tools.load import SourceFile, load
from build_tools.problems import Code
from build_tools.records import Entity
from build_tools.shape import read_record, shape_of
from build_tools.yaml_tree import Mapping, Sequence, read_yaml
from tests.conftest import MakeWiki, Run
from tests.islands import Wiki, contents
from tests.test_cases import ROCK, SOUND

PATH = "entities/people/nell-farrow.yml"


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        # Latin
        ("Ada Brook", "ada-brook"),
        ("Çavuşoğlu", "cavusoglu"),
        ("İnci Iğdır", "inci-igdir"),
        ("ISPARTA ılık", "isparta-ilik"),
        ("Weiß & Söhne", "weiss-sohne"),
        ("Ærø", "aero"),
        ("Œuvre", "oeuvre"),
        ("Łódź", "lodz"),
        ("Þór Ðorsson", "thor-dorsson"),
        ("Đorđe Žižek", "dorde-zizek"),
        ("Nguyễn Văn Đức", "nguyen-van-duc"),
        ("Zoë", "zoe"),
        ("Zoe\u0308", "zoe"),
        ("Ő Ű ñ å", "o-u-n-a"),
        ("ﬁsh", "fish"),
        ("Ｆｕｌｌ", "full"),
        # Cyrillic
        ("Орехова", "orekhova"),
        ("Яна Щукина", "yana-shchukina"),
        ("Юлия Цой", "yuliya-tsoy"),
        ("Игорь", "igor"),
        ("Объезд", "obezd"),
        ("Чехов-Жук", "chekhov-zhuk"),
        ("Ұлытау", "ulytau"),
        ("Өмүр", "omur"),
        ("Ғани", "ghani"),
        ("Ћирић", "ciric"),
        # other scripts that spell
        ("Ελένη", "eleni"),
        ("თბილისი", "tbilisi"),
        ("Երևան", "erevan"),
        ("조선", "joseon"),
        ("ひらがな", "hiragana"),
        ("ラーメン", "ramen"),
        # scripts that do not
        ("北京", ""),
        ("東京 Tower", ""),
        ("محمد", ""),
        ("שלום", ""),
        ("ไทย", ""),
        ("हिन्दी", ""),
        # what is between letters
        ("N'Djamena", "ndjamena"),
        ("O’Brien", "obrien"),
        ("Oʻzbek", "ozbek"),
        ("Hawai‘i", "hawaii"),
        ("J. R. R. Gull", "j-r-r-gull"),
        ("J.R.R. Gull", "j-r-r-gull"),
        ("Jean-Luc", "jean-luc"),
        ("Jean–Luc — the “Rock”", "jean-luc-the-rock"),
        ("  Ada   Brook  ", "ada-brook"),
        ("A/B (1987)", "a-b-1987"),
        ("№ 5", "no-5"),
        ("42", "42"),
        ("C++", "c"),
        ("…", ""),
        ("", ""),
    ],
)
def test_a_name_makes_an_id(name: str, id_: str) -> None:
    assert id_of(name) == id_


def drafted(wiki: Wiki, name: str = "Nell Farrow", kind: str = "person") -> str:
    files, problems = new_entity(*load(wiki.root), kind, name, None)
    assert problems == ()
    (data,) = files.values()
    return data.decode()


def test_the_file_has_nothing_wrong_but_that_nothing_is_said_yet(wiki: MakeWiki, run: Run) -> None:
    here = wiki()
    code, out, err = run("--root", here.root, "new", "person", "Nell Farrow")
    assert (code, err) == (0, "")
    assert out.startswith(f"{PATH}\nNow say something of it: ")
    code, out, _ = run("--root", here.root, "check")
    assert code == 0
    assert re.findall(r"^(\S+) \[(\S+)\]", out, re.M) == [(f"{PATH}:2:1:", "orphan")]
    assert run("--root", here.root, "fmt", "--check")[1].splitlines().count(PATH) == 0


def test_the_first_line_names_the_schema_of_the_kind(wiki: MakeWiki) -> None:
    assert drafted(wiki()).splitlines()[0] == modeline(PATH, {"people": "person"})


def test_every_key_is_explained_and_with_its_mark_taken_away_it_is_one(wiki: MakeWiki) -> None:
    text = drafted(wiki(), "Farrow & Son", "organisation")
    head, _, rest = text.partition("#\n")
    node, problems = read_yaml(
        PATH, (head.rpartition("\n\n")[0] + "\n" + re.sub(r"(?m)^# ?", "", rest)).encode()
    )
    assert problems == ()
    assert isinstance(node, Mapping)
    assert [entry.key.text for entry in node.entries] == [
        key for key in shape_of(Entity).keys if key != "formerly"
    ]
    assert {problem.code for problem in read_record(node, Entity, id="x", kind="y")[1]} == {Code.EMPTY_VALUE}
    for entry in node.entries[1:]:
        parts = (
            entry.value.items[0] if isinstance(entry.value, Sequence) and entry.value.items else entry.value
        )
        field = next(each for each in shape_of(Entity).fields if each.key == entry.key.text)
        assert f"  # {field.doc}" in text
        if isinstance(parts, Mapping) and parts.entries:
            keys = [part.key.text for part in parts.entries]
            assert keys == [key for key in shape_of(field.type).keys if key != "formerly"]


def test_the_kind_says_which_facts_and_relations_it_may_have(wiki: MakeWiki) -> None:
    here = wiki()
    assert "\n#   # founded\n#   - fact:" in drafted(here, "Farrow & Son", "organisation")
    assert "facts" not in drafted(here), "there is none for a person"
    assert "\n#   # holds-office-on" in drafted(here)


@pytest.mark.parametrize(
    "name", ["NO", "007", "2024-05", "~", "Ada: a life", "# 1", "'n Brook", 'The "Rock"', "- a", "a, b"]
)
def test_any_name_is_a_text(name: str, wiki: MakeWiki) -> None:
    files, problems = new_entity(*load(wiki().root), "person", name, "nell-farrow")
    assert problems == ()
    node, _ = read_yaml(PATH, files[PATH])
    assert isinstance(node, Mapping)
    assert node.entries[0].value.text == name  # type: ignore[union-attr]
    assert laid_out(SourceFile(PATH, files[PATH]), Entity) == (files[PATH], ())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["persn", "X"], "KIND:1:1: [unknown-term] there is no kind `persn`\n    did you mean `person`?"),
        (["people", "X"], "KIND:1:1: [unknown-term] there is no kind `people`\n    write `person`"),
        (["zzz", "X"], "KIND:1:1: [unknown-term] there is no kind `zzz`\n    the kinds are island, "),
        (["person", "北京"], "NAME:1:1: [bad-id] no id can be made of this name\n    give one: `--id ID`"),
        (["person", ""], "NAME:1:1: [empty-value] `name` is empty"),
        (["person", "Search"], "NAME:1:1: [bad-id] `search` is reserved\n    choose another id; give another id: `--id ID`"),
        (["person", "Nell " * 30], "NAME:1:1: [bad-id] an id of 149 characters is too long\n    use at most 100; give"),
        (["person", "Nell\u202e"], "NAME:1:1: [forbidden-character] U+202E"),
        (["person", "Nell\udcff"], "NAME:1:1: [not-utf8] "),
        (["person", "X", "--id", "Nell Farrow"], "--id:1:1: [bad-id] `Nell Farrow` is not an id\n"),
        (["person", "X", "--id", "../x"], "--id:1:1: [bad-id] `../x` is not an id\n"),
        (["person", "X", "--id", ""], "--id:1:1: [bad-id] `` is not an id\n"),
        (["person", "X", "--id", "longholm"], "--id:1:1: [id-clash] the id `longholm` is taken by entities/islands/longholm.yml\n"),
        (["person", "Old rock"], "NAME:1:1: [id-clash] `old-rock` is the former id of entities/islands/gull-rock.yml\n"),
        (["person", "Pooka"], "NAME:1:1: [id-clash] the id `pooka` is taken by entities/islands/Pooka.yml\n"),
        (["person", "ada  BROOK", "--id", "x"], "NAME:1:1: [alias-clash] the name `ada BROOK` belongs to `ada-brook`\n    add what"),
        (["island", "Grossskarn"], "NAME:1:1: [alias-clash] the name `Grossskarn` belongs to `great-skarn`\n"),
    ],
)  # fmt: skip
def test_nothing_is_written_where_something_is_wrong(
    arguments: list[str], said: str, wiki: MakeWiki, run: Run
) -> None:
    rock = SOUND.replace("claims:", "formerly: [old-rock]\nclaims:")
    here = wiki({ROCK: rock, "entities/islands/Pooka.yml": "name: x\n", "build/.lock": ""})
    before = contents(here.root)
    code, out, err = run("--root", here.root, "new", *arguments)
    assert (code, err) == (1, "")
    assert out.startswith(said)
    assert contents(here.root) == before


def test_a_folder_that_is_a_link_is_not_written_to(wiki: MakeWiki, run: Run) -> None:
    here = wiki().delete("entities/people")
    (here.root / "entities/people").symlink_to(here.root / "docs")
    code, out, _ = run("--root", here.root, "new", "person", "Nell Farrow")
    assert code == 1
    assert out.startswith("entities/people:1:1: [symlink]")
    assert not (here.root / "docs/nell-farrow.yml").exists()


@pytest.mark.parametrize(
    "error",
    [PermissionError(errno.EACCES, "Permission denied"), OSError(errno.ENOSPC, "No space left on device"),
     KeyboardInterrupt()],
    ids=repr,
)  # fmt: skip
@pytest.mark.parametrize("call", ["mkdir", "open", "replace"])
def test_a_file_that_cannot_be_written_is_not_there(
    error: BaseException, call: str, wiki: MakeWiki, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = wiki({"build/.lock": ""}).delete("entities/people")
    before = contents(here.root)
    do: Callable[..., object] = getattr(Path, call)

    def refuse(self: Path, *arguments: object, **more: object) -> object:
        if "people" in self.parts or self.name == "..change.json.renewal":
            raise error
        return do(self, *arguments, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Path, call, refuse)
        code, out, _ = run("--root", here.root, "new", "person", "Nell Farrow")
    if isinstance(error, KeyboardInterrupt):
        assert code == 130
    else:
        assert code == 1
        assert "[cannot-write]" in out
        assert "nothing was changed" in out
    assert contents(here.root) == before


def test_a_kinds_first_entity_gets_its_folder(wiki: MakeWiki, run: Run) -> None:
    here = wiki().delete("entities/people")
    assert run("--root", here.root, "new", "person", "Nell Farrow")[0] == 0
    assert "\nname: Nell Farrow\n" in here.text(PATH)
