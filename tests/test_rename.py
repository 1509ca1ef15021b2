"""Ids renamed: every reference goes along, the old address leads on, and all of it is done or nothing."""

from __future__ import annotations

import errno
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from build_tools.editing.rename import plan_rename
from build_tools.load import CHANGE, load
from build_tools.replace import replace_files
from build_tools.write import writing
from tests.conftest import MakeWiki, Run
from tests.islands import Wiki, contents, lay_out_project
from tests.test_cases import ROCK, SOUND

FIRE = "entities/events/sandpiper-fire.yml"
# Every field that can name an entity, in every layout.
EVERYWHERE = {
    ROCK: """\
# Of [[longholm]], a comment.
name: Gull Rock  # beside
also: [{name: The Rock, kind: short, note: "Off [[longholm]]."}]
summary: {text: 'By [[longholm|the island]].', cites: [courier-2024#p1]}
claims:
  - id: few-people
    text: >-  # folded
      Few live there, and [[ longholm |some]] say so,
      says [[longholm]] of [[longholm-not]].
    said_by: longholm
    said_to: "longholm"
    via: 'longholm'
    derived: "[[longholm]]"
    cites:
      - {seed: courier-2024, passage: p1, note: "On [[longholm]]."}
quotes:
  - {id: words, text: we said longholm, said_to: longholm, via: longholm, about: [ada-brook, longholm], cites: [courier-2024#p2]}
relations:
  - {type: neighbour-of, to: longholm, note: "[[longholm]]", cites: [courier-2024#p1]}
questions:
  - {id: longholm, text: Is it longholm?, reason: "[[longholm]] says so."}
notes:
  - {text: "See [[longholm]].", about: few-people}
""",
    "docs/more.md": "[a](islands/longholm.md) <islands/longholm/#x> islands/longholm-not.md [[longholm]] ../islands/longholm\n",
}


def renamed(wiki: Wiki, old: str, new: str) -> int:
    """Renames, and returns how many references there were."""
    renaming, problems = plan_rename(*load(wiki.root), old, new)
    assert problems == ()
    assert renaming is not None
    replace_files(wiki.root, CHANGE, renaming.files)
    return renaming.references


def codes(wiki: Wiki) -> list[str]:
    return sorted(f"{problem.code} {problem.message}" for problem in wiki.checked().problems)


def refused(wiki: Wiki, old: str, new: str) -> str:
    renaming, problems = plan_rename(*load(wiki.root), old, new)
    assert renaming is None
    return "\n".join(
        f"{problem.at}: [{problem.code}] {problem.message}; {problem.hint}" for problem in problems
    )


# ---- what goes along -------------------------------------------------------------------------------


def test_every_reference_to_an_entity_goes_along_and_nothing_else_is_touched(wiki: MakeWiki) -> None:
    here = wiki(EVERYWHERE)
    assert renamed(here, "longholm", "long-isle") > 20
    was, now = EVERYWHERE[ROCK], here.text(ROCK)
    expected = re.sub(r"(?<=\[\[)longholm(?=[|\]])|(?<=\[\[ )longholm(?= )", "long-isle", was)
    for key in ("said_by: ", 'said_to: "', "via: '", "said_to: ", "via: ", "ada-brook, ", "to: "):
        expected = re.sub(rf"(?<=[ {{\\[]{key})longholm\b", "long-isle", expected)
    # a comment is no prose, but for one in the line that opens a block of text
    expected = expected.replace("# Of [[long-isle]], a", "# Of [[longholm]], a")
    assert now == expected
    assert here.text("docs/more.md") == (
        "[a](islands/long-isle.md) <islands/long-isle/#x> islands/longholm-not.md [[longholm]] ../islands/long-isle\n"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("longholm", "long-isle"),
        ("longholm", "aaa"),
        ("skarn-ferries", "zzz"),
        ("entities/people/ada-brook.yml", "brook"),
        ("longholm-courier", "courier"),
        ("courier-2024", "courier"),
        ("seeds/bote-2023/", "bote"),
        ("release-2023", "press-release"),
        ("sandpiper-fire#damage", "cost"),
        ("ada-brook#eleven-years", "ada-brook#long-wait"),
        ("sandpiper-fire#in-march", "sandpiper-fire#in-spring"),
    ],
)
def test_a_wiki_has_the_same_problems_after_a_renaming(old: str, new: str, wiki: MakeWiki) -> None:
    here = wiki({ROCK: "name: Gull Rock\n"}).attach("courier-2024")
    before = codes(here)
    renamed(here, old, new)
    assert codes(here) == before
    assert here.checked().wiki is not None
    name = old.rstrip("/").rsplit("/", 1)[-1].removesuffix(".yml")
    if "#" not in old:
        assert not list(here.root.rglob(f"{name}.*"))
        assert not (here.root / "seeds" / name).exists()


def test_the_projects_own_wiki_is_as_sound_after_a_renaming(tmp_path: Path, run: Run) -> None:
    here = lay_out_project(tmp_path / "wiki")
    before = here.checked()
    biggest = [
        max(here.root.glob(pattern), key=lambda path: path.stat().st_size)
        for pattern in ("entities/*/*.yml", "seeds/*/seal.json")
    ]
    waived = re.findall(r"path: (entities/\S+)", here.text("waivers.yml"))[0]
    for number, old in enumerate((biggest[0].stem, biggest[1].parent.name, waived)):
        assert renamed(here, old, f"something-of-a-longer-name-{number}") > 0
    assert run("--root", here.root, "fmt", "--check")[0] == 0, "what was in order still is"
    after = here.checked()
    assert (after.problems, after.set_aside) == (before.problems, before.set_aside)
    assert before.set_aside > 0


def test_the_old_address_leads_to_the_new_page(wiki: MakeWiki) -> None:
    here = wiki()
    renamed(here, "longholm", "long-isle")
    renamed(here, "courier-2024", "courier")
    pages = here.pages()
    assert b"url=../long-isle/" in pages["islands/longholm/index.html"]
    assert b"url=../courier/" in pages["seeds/courier-2024/index.html"]


def test_a_claims_preference_notes_waivers_and_links_go_along(wiki: MakeWiki) -> None:
    text = (
        SOUND
        + "questions:\n  - {id: q, text: How few?, prefer: few-people}\nnotes: [{text: x, about: few-people}]\n"
    )
    waiver = "waivers:\n  - {code: orphan, path: %s, of: few-people, reason: x}\n"
    here = wiki(
        {
            ROCK: text,
            "docs/more.md": "islands/gull-rock.md#few-people islands/gull-rock/#few-people-there x/#few-people",
            "waivers.yml": waiver % ROCK + (waiver % "entities/islands/longholm.yml").partition("\n")[2],
        }
    )
    assert renamed(here, "gull-rock#few-people", "hardly-any") == 4
    assert here.text(ROCK) == text.replace("few-people", "hardly-any").replace(
        "there.\n", "there.\n    formerly: [few-people]\n"
    )
    assert here.text("docs/more.md").split() == [
        "islands/gull-rock.md#hardly-any", "islands/gull-rock/#few-people-there", "x/#few-people"
    ]  # fmt: skip
    assert here.text("waivers.yml").count("of: few-people") == 1


def test_a_seed_is_moved_with_its_seal_its_text_and_its_waivers(wiki: MakeWiki) -> None:
    waiver = (
        "waivers:\n  - {code: unused-passage, path: seeds/courier-2024/passages.yml, of: p6, reason: x}\n"
    )
    here = wiki({"waivers.yml": waiver}).attach("courier-2024")
    renamed(here, "courier-2024", "courier")
    assert "path: seeds/courier/passages.yml" in here.text("waivers.yml")
    assert (here.root / ".attached/courier.txt").exists()
    wiki_ = here.checked().wiki
    assert wiki_ is not None
    assert wiki_.linked.seeds["courier"].texts, "the text is still the one that was sealed"
    assert 'courier-2024"' not in here.text("seeds/courier/seal.json")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("name: R\nclaims: []\n", "name: R\nformerly: [old]\nclaims: []\n"),
        ("name: R", "name: R\nformerly: [old]\n"),
        ("name: R  # his\r\nalso: []\r\n", "name: R  # his\r\nformerly: [old]\r\nalso: []\r\n"),
        ("name: >-\n  R\n\nalso: []\n", "name: >-\n  R\nformerly: [old]\n\nalso: []\n"),
        ("{name: R, also: []}\n", "{name: R, formerly: [old], also: []}\n"),
        ("name: R\nformerly: [a]  # b\n", "name: R\nformerly: [a, old]  # b\n"),
        ("name: R\nformerly: []\n", "name: R\nformerly: [old]\n"),
        ("name: R\nformerly:\n  - a  # b\n  # c\n", "name: R\nformerly:\n  - a  # b\n  - old\n  # c\n"),
        ("name: R\nformerly: [new, b]\n", "name: R\nformerly: [old, b]\n"),
        ("\ufeffname: R\n", "\ufeffname: R\nformerly: [old]\n"),
    ],
)
def test_the_old_id_is_named_in_the_record(before: str, after: str, wiki: MakeWiki) -> None:
    here = wiki({"entities/islands/old.yml": before})
    renamed(here, "old", "new")
    assert here.root.joinpath("entities/islands/new.yml").read_bytes().decode() == after


def test_there_and_back_again_is_no_renaming(wiki: MakeWiki) -> None:
    here = wiki()
    before = contents(here.root)
    renamed(here, "longholm", "long-isle")
    renamed(here, "long-isle", "longholm")
    text = here.text("entities/islands/longholm.yml")
    assert "formerly: [long-isle]\n" in text
    here.change("entities/islands/longholm.yml", "formerly: [long-isle]\n", "")
    assert contents(here.root) == before


# ---- what is refused -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("longhlm", "x", "OLD:1:1: [unknown-entity] there is no entity or seed `longhlm`; did you mean `longholm`?"),
        ("Longholm", "x", "; write the id: `longholm`"),
        ("courier", "x", "; write the id: `longholm-courier`"),
        ("old-rock", "x", "; it is `gull-rock` now"),
        ("zzz", "x", "; name it by its id: the name of its file"),
        ("", "x", "there is no entity or seed ``"),
        ("seeds/longholm", "x", "there is no entity or seed `longholm`"),
        ("gull-rock#few-peopel", "x", "OLD:1:1: [unknown-term] gull-rock has no claim or quote `few-peopel`; did you mean `few-people`?"),
        ("gull-rock#hardly-any", "x", "it is `few-people` now"),
        ("gull-rock#how-few", "x", "a question's id is changed by hand"),
        ("courier-2024#p3", "x", "passages are numbered, not named"),
        ("both", "x", "[id-clash] `both` is an entity and a seed; write `entities/both` or `seeds/both`"),
        ("longholm", "longholm", "NEW:1:1: [id-clash] `longholm` is its id already"),
        ("gull-rock#few-people", "gull-rock#few-people", "is its id already"),
        ("longholm", "great-skarn", "NEW:1:1: [id-clash] the id `great-skarn` is taken: entities/islands/great-skarn.yml:1:1"),
        ("longholm", "ada-brook", "the id `ada-brook` is taken"),
        ("courier-2024", "bote-2023", "the id `bote-2023` is taken: seeds/bote-2023/seed.yml:1:1"),
        ("longholm", "old-rock", "`old-rock` is the former id of something else: entities/islands/gull-rock.yml:"),
        ("gull-rock#few-people", "how-few", "the id `how-few` is taken"),
        ("gull-rock#second", "hardly-any", "`hardly-any` is the former id of something else"),
        ("longholm", "search", "NEW:1:1: [bad-id] `search` is reserved"),
        ("longholm", "Long Holm", "`Long Holm` is not an id; use lower-case letters a-z and digits, words joined by single hyphens: `long-holm`"),
        ("longholm", "../x", "`../x` is not an id"),
        ("longholm", "", "`` is not an id"),
        ("longholm", "x" * 101, "an id of 101 characters is too long"),
        ("gull-rock#few-people", "p3", "`p3` is the form of a passage's id"),
        ("gull-rock#few-people", "longholm#x", "`longholm#x` is not an id"),
    ],
)  # fmt: skip
def test_what_cannot_be_renamed_is_told(old: str, new: str, said: str, wiki: MakeWiki) -> None:
    rock = SOUND.replace("claims:", "formerly: [old-rock]\nclaims:").replace(
        "    text", "    formerly: [hardly-any]\n    text"
    )
    rock += "  - {id: second, text: None live there., cites: [courier-2024#p1]}\nquestions: [{id: how-few, text: How few?}]\n"
    here = wiki({ROCK: rock, "entities/islands/both.yml": "name: Both\n"})
    here.put({"seeds/both/seed.yml": here.text("seeds/release-2023/seed.yml")})
    assert said in refused(here, old, new)


@pytest.mark.parametrize(
    ("files", "at"),
    [
        ({FIRE: "name: [\n"}, f"{FIRE}:"),
        ({FIRE: "name: x\nname: y\n"}, f"{FIRE}:2:1"),
        ({FIRE: "name: x\nabuot: longholm\n"}, f"{FIRE}:2:1"),
        ({FIRE: "name: x\nclaims: longholm\n"}, f"{FIRE}:2:9"),
        ({FIRE: b"name: \xff\n"}, f"{FIRE}:1:7"),
        ({"seeds/bote-2023/passages.yml": "p1: [\n"}, "seeds/bote-2023/passages.yml:"),
        ({"waivers.yml": "waivers: [\n"}, "waivers.yml:"),
        ({"wiki.yml": "name: [\n"}, "wiki.yml:"),
        ({"entities/islands/rock.yaml": "name: x\n"}, "entities/islands/rock.yaml:1:1"),
        ({".change.json": "[]"}, ".change.json:1:1"),
    ],
)
def test_what_cannot_be_read_may_hide_a_reference(
    files: dict[str, str | bytes], at: str, wiki: MakeWiki
) -> None:
    assert refused(wiki(files), "longholm", "long-isle").startswith(at)


def test_a_mistake_that_hides_nothing_is_no_hindrance(wiki: MakeWiki) -> None:
    here = wiki(
        {ROCK: "name: Gull Rock\nclaims: [{id: x, text: No cite.}]\nrelations: [{type: zzz, to: nowhere}]\n"}
    )
    assert renamed(here, "longholm", "long-isle")


@pytest.mark.parametrize(
    "claim", ['said_by: "long\\x68olm"', 'text: "[[long\\x68olm]]"', 'text: "[[long\\\n  holm]]"']
)
def test_what_is_not_spelt_out_cannot_be_changed(claim: str, wiki: MakeWiki) -> None:
    here = wiki({ROCK: f"name: Gull Rock\nclaims:\n- id: x\n  {claim}\n"})
    assert f"{ROCK}:4:" in refused(here, "longholm", "long-isle")


def test_a_link_is_neither_followed_nor_moved(wiki: MakeWiki, run: Run) -> None:
    here = wiki()
    (here.root / FIRE).rename(here.root / "fire.yml")
    (here.root / FIRE).symlink_to(here.root / "fire.yml")
    code, out, _ = run("--root", here.root, "rename", "longholm", "long-isle")
    assert code == 1
    assert out.startswith(f"{FIRE}:1:1: [symlink]")
    assert (here.root / "entities/islands/longholm.yml").exists()


# ---- the command -----------------------------------------------------------------------------------


def test_the_command_says_what_it_did(wiki: MakeWiki, run: Run) -> None:
    here = wiki()
    code, out, err = run("--root", here.root, "rename", "sandpiper-fire", "fire")
    assert (code, err) == (0, "")
    assert out.startswith("entity sandpiper-fire is fire now: ")
    assert "\n    entities/events/fire.yml\n" in out
    again = run("--root", here.root, "rename", "sandpiper-fire", "fire")
    assert again == (0, "sandpiper-fire is fire now, and nothing is left to change\n", "")
    code, out, _ = run("--root", here.root, "rename", "sandpiper-fire", "blaze")
    assert (code, out.splitlines()[1]) == (1, "    it is `fire` now")
    assert run("--root", here.root, "check") == (0, "no problems\n", "")


def test_nothing_is_renamed_while_something_else_is_written(wiki: MakeWiki, run: Run) -> None:
    here = wiki()
    with writing(here.root / "build"):
        code, out, _ = run("--root", here.root, "rename", "longholm", "long-isle")
    assert code == 1
    assert out.startswith("build/.lock:1:1: [locked]")


def no_build(root: Path) -> dict[str, bytes | str]:
    return {path: data for path, data in contents(root).items() if not path.startswith("build")}


@pytest.mark.parametrize(
    "error",
    [PermissionError(errno.EACCES, "Permission denied"), OSError(errno.ENOSPC, "No space left on device"),
     OSError(errno.EROFS, "Read-only file system"), KeyboardInterrupt()],
    ids=repr,
)  # fmt: skip
@pytest.mark.parametrize("old", ["longholm", "courier-2024"])
def test_whatever_stops_it_before_it_began_nothing_is_changed(
    error: BaseException, old: str, wiki: MakeWiki, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = wiki().attach("courier-2024")
    before = no_build(here.root)
    opened = Path.open

    def refuse(self: Path, mode: str = "r", **more: str | None) -> object:
        if self.name in (".great-skarn.yml.renewal", ".seal.json.renewal"):
            raise error
        return opened(self, mode, **more)  # type: ignore[call-overload]

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refuse)
        code, out, err = run("--root", here.root, "rename", old, "renamed")
    if isinstance(error, KeyboardInterrupt):
        assert (code, err) == (130, "stopped; what was built before is as it was\n")
    else:
        assert (code, err) == (1, "")
        assert f"[cannot-write] cannot write: {error.strerror}" in out  # type: ignore[attr-defined]
        assert "nothing was changed" in out
    assert no_build(here.root) == before


@pytest.mark.parametrize("error", [OSError(errno.EIO, "Input/output error"), KeyboardInterrupt()], ids=repr)
@pytest.mark.parametrize("call", ["replace", "unlink"])
@pytest.mark.parametrize("number", [2, 4])
def test_whatever_stops_it_in_the_middle_the_same_command_does_the_rest(
    error: BaseException, call: str, number: int, wiki: MakeWiki, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = wiki().attach("courier-2024")
    assert run("--root", whole.root, "rename", "courier-2024", "courier")[0] == 0
    expected = no_build(whole.root)
    whole.delete("")
    here = wiki().attach("courier-2024")
    do: Callable[..., object] = getattr(Path, call)
    left = [number]

    def stop(self: Path, *arguments: object) -> object:
        left[0] -= 1
        if left[0] == 0:
            raise error
        return do(self, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Path, call, stop)
        code, out, _ = run("--root", here.root, "rename", "courier-2024", "courier")
    assert code == 1
    assert "[cannot-write]" in out
    assert "run the same command again: it does the rest" in out
    code, out, _ = run("--root", here.root, "check")
    assert code == 1
    assert ".change.json:1:1: [unexpected-file] a change of several files was cut short" in out
    assert run("--root", here.root, "rename", "courier-2024", "courier")[0] == 0
    assert no_build(here.root) == expected


def test_what_was_changed_in_between_is_not_lost(
    wiki: MakeWiki, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = wiki()
    replace, left = Path.replace, [3]

    def stop(self: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", stop)
        run("--root", here.root, "rename", "longholm", "long-isle")
    here.put({"entities/islands/longholm.yml": "name: mine\n"})
    before = no_build(here.root)
    code, out, _ = run("--root", here.root, "rename", "longholm", "long-isle")
    assert code == 1
    assert out.startswith("entities/islands/longholm.yml:1:1: [cannot-write] this was changed")
    assert no_build(here.root) == before


def test_problems_are_told_of_arguments_that_are_no_utf8(wiki: MakeWiki, run: Run) -> None:
    root = wiki().root
    assert run("--root", root, "rename", "long\udcff", "x")[0] == 1
    assert run("--root", root, "rename", "longholm", "x\udcff")[0] == 1
