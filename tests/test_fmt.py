"""`wiki fmt`: which files it takes, what it prints, and that nothing is lost whatever happens."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from build_tools.editing.layout import laid_out, record_of
from build_tools.load import load
from tests.conftest import MakeWiki, Run
from tests.islands import PROJECT, contents
from tests.test_cases import ROCK, SOUND

UNTIDY = "claims:\n- text: Few people live there.   # few\n  id: few-people\n  cites: [courier-2024#p1]\nname: Gull Rock"
TIDY = "name: Gull Rock\nclaims:\n  - id: few-people\n    text: Few people live there.  # few\n    cites: [courier-2024#p1]\n"
ISLES = "entities/islands"


def test_the_projects_own_records_are_in_order(run: Run) -> None:
    sources = load(PROJECT)[0]
    for file in (*sources.entities, *sources.seeds, sources.settings, sources.waivers):
        assert file is not None
        if (record := record_of(file.path)) is not None:
            assert laid_out(file, record) == (file.data, ()), f"run `wiki fmt {file.path}`"


def test_all_records_are_put_in_order_and_say_the_same(wiki: MakeWiki, run: Run) -> None:
    here = wiki({ROCK: UNTIDY})
    before = [(problem.code, problem.message) for problem in here.checked().problems]
    code, out, err = run("--root", here.root, "fmt")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == f"{out.count('.yml')} of 15 files put in order"
    assert f"{ROCK}\n" in out
    assert here.text(ROCK) == TIDY
    assert [(problem.code, problem.message) for problem in here.checked().problems] == before
    assert run("--root", here.root, "fmt") == (0, "15 files in order\n", "")
    assert run("--root", here.root, "fmt", "--check", "--diff") == (0, "15 files in order\n", "")


def test_files_and_folders_are_named_from_here_or_from_the_wikis_root(
    wiki: MakeWiki, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = wiki({ROCK: UNTIDY})
    assert run("--root", here.root, "fmt", ROCK)[1] == f"{ROCK}\n1 of 1 file put in order\n"
    assert run("--root", here.root, "fmt", here.root / ROCK) == (0, "1 file in order\n", "")
    monkeypatch.chdir(here.root / ISLES)
    here.put({ROCK: UNTIDY})
    assert run("--root", "../..", "fmt", "gull-rock.yml")[1].startswith(f"{ROCK}\n")
    assert run("--root", "../..", "fmt", ".", "../../wiki.yml", "--check")[1].endswith(
        "of 4 files not in order; `wiki fmt` puts them in order\n"
    )


def test_a_check_names_the_files_and_writes_nothing(wiki: MakeWiki, run: Run) -> None:
    here = wiki({ROCK: UNTIDY})
    before = contents(here.root)
    said = "1 of 2 files not in order; `wiki fmt` puts them in order\n"
    asked = (ROCK, f"{ISLES}/longholm.yml")
    assert run("--root", here.root, "fmt", "--check", *asked) == (1, f"{ROCK}\n{said}", "")
    code, out, _ = run("--root", here.root, "fmt", "--diff", *asked)
    assert code == 1
    assert out.startswith(
        f"--- {ROCK}\n+++ {ROCK}\n@@ -1,5 +1,5 @@\n+name: Gull Rock\n claims:\n-- text: Few"
    )
    assert out.endswith(said)
    assert contents(here.root) == before


def test_a_file_that_cannot_be_read_is_told_and_the_others_are_put_in_order(wiki: MakeWiki, run: Run) -> None:
    broken = "name: [\nclaims:\n"
    here = wiki({ROCK: UNTIDY, f"{ISLES}/broken.yml": broken, f"{ISLES}/x.yaml": "name: x"})
    here.delete(f"{ISLES}/great-skarn.yml")
    (here.root / ISLES / "link.yml").symlink_to("longholm.yml")
    code, out, _ = run("--root", here.root, "fmt", ISLES)
    assert code == 1
    assert out.startswith(f"{ROCK}\n{ISLES}/broken.yml:")
    assert f"{ISLES}/link.yml:1:1: [symlink]" in out
    assert f"{ISLES}/x.yaml:1:1: [unexpected-file]" in out
    assert out.endswith("3 errors\n1 of 3 files put in order\n")
    assert here.text(ROCK) == TIDY
    assert here.text(f"{ISLES}/broken.yml") == broken
    assert run("--root", here.root, "fmt", f"{ISLES}/broken.yml")[1].endswith("\n1 error\n")


@pytest.mark.parametrize(
    "name", ["nowhere.yml", "docs/about.md", "seeds/courier-2024/seal.json", "..", "x\udcff"]
)
def test_what_is_no_record_is_told(name: str, wiki: MakeWiki, run: Run) -> None:
    code, out, _ = run("--root", wiki().root, "fmt", name)
    assert code == 1
    assert "[missing-file] there is no record there\n" in out
    assert out.endswith("1 error\n")


def test_line_ends_of_windows_are_kept(wiki: MakeWiki, run: Run) -> None:
    here = wiki({ROCK: UNTIDY.replace("\n", "\r\n")})
    run("--root", here.root, "fmt", ROCK)
    assert here.text(ROCK) == TIDY.replace("\n", "\r\n")
    here = wiki({ROCK: SOUND.replace("\n", "\r\n")})
    assert run("--root", here.root, "fmt", "--check", ROCK)[0] == 0


@pytest.mark.parametrize(
    "error",
    [PermissionError(errno.EACCES, "Permission denied"), OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()],
    ids=repr,
)  # fmt: skip
def test_what_cannot_be_written_is_as_it_was(
    error: BaseException, wiki: MakeWiki, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = wiki({ROCK: UNTIDY, "build/.lock": ""})
    before = contents(here.root)
    opened = Path.open

    def refuse(self: Path, mode: str = "r", **more: str | None) -> object:
        if self.name == ".gull-rock.yml.renewal":
            raise error
        return opened(self, mode, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    code, out, err = run("--root", here.root, "fmt")
    if isinstance(error, KeyboardInterrupt):
        assert (code, err) == (130, "stopped; what was built before is as it was\n")
    else:
        assert code == 1
        assert "[cannot-write]" in out
    assert contents(here.root) == before


def test_without_a_wiki_nothing_is_made(tmp_path: Path, run: Run) -> None:
    for command in (["fmt"], ["rename", "a", "b"], ["new", "person", "X"]):
        code, out, _ = run("--root", tmp_path, *command)
        assert code == 1
        assert out.startswith("wiki.yml:1:1: [missing-file]")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("typed", "meant"), [("renme", "rename"), ("format", "fmt"), ("ftm", "fmt"), ("nwe", "new")]
)
def test_a_misspelt_command_gets_the_nearest(typed: str, meant: str, run: Run) -> None:
    code, _, err = run(typed)
    assert code == 2
    assert f"there is no `{typed}`: did you mean `{meant}`?" in err
