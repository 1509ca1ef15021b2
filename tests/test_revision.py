"""Wikis read from git's store, and `wiki diff` as it is typed: with commits, a dirty tree, another folder."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from build_tools.git import Refused, ask
from build_tools.load import load
from build_tools.revision import load_revision
from tests.conftest import Run
from tests.islands import EXAMPLE, Wiki, lay_out
from tests.test_changes import ROCK, Repository, repository, rock

__all__ = ["repository"]  # a fixture
LONGHOLM = "entities/islands/longholm.yml"


def reworded(wiki: Wiki) -> Wiki:
    return wiki.change(LONGHOLM, "an island with", "an isle with")


# ---- from git's store ----------------------------------------------------------------------------


def test_a_commit_is_read_as_the_disk_is(repository: Repository) -> None:
    (sources, problems), (here, loading) = load_revision(repository.root, "HEAD"), load(repository.root)
    assert (sources, problems) == (here, loading)


def test_odd_names_links_and_modules_are_reported_as_on_the_disk(repository: Repository) -> None:
    folder = repository.root / "entities" / "islands"
    for name in (
        b"a\nb.yml",
        b'"q".yml',
        b"m\xf6wenfels.yml",
        b"-x.yml",
        b"c.txt",
        b".hidden.yml",
        b"d.yml~",
    ):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text(rock("few"))
    (folder / "link.yml").symlink_to("longholm.yml")
    (repository.root / "docs" / "far").symlink_to("/etc")
    (repository.root / "waivers.yml").symlink_to("wiki.yml")
    repository.wiki.put({"entities/islands/deep/er.yml": "name: x\n", "docs/big.txt": "x" * 1_100_000})
    repository.commit()
    (sources, problems), (here, loading) = load_revision(repository.root, "HEAD"), load(repository.root)
    assert sources == here
    assert problems == loading
    assert len(problems) == 5
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},entities/islands/module")
    repository.git("commit", "-q", "-m", "a module")
    found = load_revision(repository.root, "HEAD")[1]
    assert [p.message for p in found if p.at.path.endswith("module")] == [
        "this is neither a file nor a folder"
    ]


def test_a_wiki_may_be_a_folder_of_a_repository(tmp_path: Path, run: Run) -> None:
    wiki = lay_out(tmp_path / "repository" / "wiki")
    subprocess.run(["git", "init", "-q", str(tmp_path / "repository")], check=True)
    Repository(wiki).commit()
    assert load_revision(wiki.root, "HEAD") == load(wiki.root)
    assert run("--root", wiki.root, "diff")[1].endswith("\nnothing differs\n")


def test_nothing_that_the_repository_configures_is_run(repository: Repository, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    script = f"#!/bin/sh\ntouch {canary}\n"
    for hook in ("post-checkout", "post-index-change", "fsmonitor-watchman"):
        path = repository.root / ".git" / "hooks" / hook
        path.write_text(script)
        path.chmod(0o755)
    (tmp_path / "program").write_text(script)
    (tmp_path / "program").chmod(0o755)
    repository.commit({".gitattributes": "*.yml filter=evil diff=evil\n"})
    for key in (
        "filter.evil.smudge",
        "filter.evil.clean",
        "diff.evil.textconv",
        "core.fsmonitor",
        "core.pager",
    ):
        repository.git("config", key, str(tmp_path / "program"))
    canary.unlink(missing_ok=True)
    sources, _ = load_revision(repository.root, "HEAD")
    assert sources == load(repository.root)[0]
    assert not canary.exists()


def test_what_a_hook_sets_does_not_name_another_repository(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere/.git")
    monkeypatch.setenv("GIT_INDEX_FILE", "/nowhere/index")
    assert load_revision(repository.root, "HEAD") == load(repository.root)


def test_a_file_that_this_clone_lacks_is_a_problem_of_that_file(repository: Repository, run: Run) -> None:
    blob = ask(repository.root, "rev-parse", f"HEAD:{LONGHOLM}").decode().strip()
    (repository.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    code, out, _ = run("--root", repository.root, "diff")
    assert code == 0
    said = "[unreadable-file] cannot read it: this clone of the repository does not have it"
    assert f"    HEAD: {LONGHOLM}:1:1 error: {said}; the file is not compared\n" in out
    assert f"  - {LONGHOLM}:1:1 error: {said}\n" in out
    assert "entity" not in out.partition("addresses of the site")[0]
    seal = "seeds/bote-2023/seal.json"
    blob = ask(repository.root, "rev-parse", f"HEAD:{seal}").decode().strip()
    (repository.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    out = run("--root", repository.root, "diff")[1]
    assert f"    HEAD: {seal}:1:1 error: {said}; the file is not compared\n" in out
    assert "source" not in out.partition("addresses of the site")[0]


# ---- which commits -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("mian", "git has no commit `mian` here", "did you mean `main`?"),
        ("v1.1", "git has no commit `v1.1` here", "did you mean `v1.0`?"),
        ("0123abcd", "git has no commit `0123abcd` here", "`git log --oneline` lists commits"),
        ("--exec=touch x", "git has no commit `--exec=touch x` here", "`git log --oneline` lists commits"),
        ("--all", "git has no commit `--all` here", "`git log --oneline` lists commits"),
        ("main..v1.0", "`main..v1.0` is no single commit", "`wiki diff main v1.0`"),
        ("main...", "`main...` is no single commit", "`wiki diff main HEAD`"),
        ("main:wiki.yml", "git has no commit `main:wiki.yml` here", "`git log --oneline` lists commits"),
        ("a\nb", "git has no commit `a\\nb` here", "`git log --oneline` lists commits"),
        ("", "git has no commit `` here", "`git log --oneline` lists commits"),
    ],
)
def test_a_commit_that_is_not_there_is_a_problem_with_its_repair(
    name: str, message: str, hint: str, repository: Repository, run: Run
) -> None:
    repository.git("tag", "v1.0")
    code, out, err = run("--root", repository.root, "diff", "--", name)
    assert (code, err) == (1, "")
    assert out.startswith(f"REV:1:1: [unknown-revision] {message}\n")
    assert hint in out


@pytest.mark.parametrize("name", ["main", "HEAD^{tree}~0", "v1.0", "annotated", "main~1", "main@{0}"])
def test_whatever_git_takes_for_a_commit_is_one(name: str, repository: Repository) -> None:
    repository.git("tag", "v1.0")
    repository.git("tag", "-a", "annotated", "-m", "x")
    repository.commit()
    sources, problems = load_revision(repository.root, name)
    assert (sources is None) is ("tree" in name)
    assert not sources or not problems


def test_a_branch_named_like_an_option_is_a_branch(repository: Repository) -> None:
    head = ask(repository.root, "rev-parse", "HEAD").decode().strip()
    (repository.root / ".git" / "refs" / "heads" / "-x").write_text(f"{head}\n")
    assert load_revision(repository.root, "-x") == load(repository.root)


def test_of_a_shallow_clone_the_problem_says_how_to_get_the_rest(
    repository: Repository, tmp_path: Path, run: Run
) -> None:
    reworded(repository.wiki)
    repository.commit()
    shallow = tmp_path / "shallow"
    subprocess.run(
        ["git", "clone", "-q", "--depth", "1", f"file://{repository.root}", str(shallow)], check=True
    )
    code, out, _ = run("--root", shallow, "diff", "HEAD~1")
    assert code == 1
    assert "git fetch --unshallow" in out
    reworded(Wiki(shallow).change(LONGHOLM, "an isle with", "an island with"))
    assert run("--root", shallow, "diff")[:2] == (0, "HEAD → the working tree\n\nnothing differs\n")


def test_outside_of_git_the_problem_names_the_other_way(
    wiki: Callable[..., Wiki], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = wiki().root
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", "/")
    code, out, _ = run("--root", root, "diff")
    assert code == 1
    assert out.startswith("REV:1:1: [unknown-revision] not a git repository")
    assert "`wiki diff --against DIR`" in out
    monkeypatch.setenv("PATH", "")
    code, out, _ = run("--root", root, "diff")
    assert (code, out.split("\n")[0]) == (
        1,
        "REV:1:1: [unknown-revision] git cannot be run: No such file or directory",
    )


def test_what_git_refuses_is_raised(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="not a git repository"):
        ask(tmp_path, "rev-parse", "--git-dir")


# ---- the command ---------------------------------------------------------------------------------


def test_a_dirty_tree_is_compared_with_files_that_git_does_not_know(repository: Repository, run: Run) -> None:
    reworded(repository.wiki)
    repository.git("add", "-A")
    repository.wiki.put({ROCK: rock("few")})
    code, out, err = run("--root", repository.root, "diff")
    assert (code, err) == (0, "")
    assert out.startswith(
        "HEAD → the working tree\n\nentity Gull Rock, entities/islands/gull-rock.yml: added\n"
    )
    assert "summary.text reworded: Longholm is an [-island-]{+isle+} with a harbour office." in out
    assert out.endswith(
        "\nentities: 1 added, 1 changed; claims: 1 added; evidence: 1 gained; "
        "addresses of the site: 1 added, 10 changed\n"
    )


def test_two_commits_are_compared_whatever_is_in_the_folder(repository: Repository, run: Run) -> None:
    reworded(repository.wiki)
    repository.commit()
    repository.wiki.put({LONGHOLM: "claims: [", ROCK: "x"})
    code, out, _ = run("--root", repository.root, "diff", "HEAD~1", "HEAD")
    assert code == 0
    assert out.startswith("HEAD~1 → HEAD\n\nentity Longholm, ")
    assert "problem" not in out


def test_a_commit_without_a_wiki_is_compared_too(repository: Repository, run: Run) -> None:
    repository.git("checkout", "-q", "--orphan", "empty")
    repository.git("rm", "-rqf", ".")
    repository.commit({"README": "x"})
    repository.git("checkout", "-q", "main")
    code, out, _ = run("--root", repository.root, "diff", "empty")
    assert code == 0
    assert "entity Longholm, entities/islands/longholm.yml: added\n" in out
    assert "    empty: there are errors, so there are no pages to compare\n" in out
    assert "  - wiki.yml:1:1 error: [missing-file] there is no wiki.yml here\n" in out


def test_two_folders_are_compared_and_git_is_not_asked(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    new = reworded(lay_out(tmp_path / "new")).root
    code, out, err = run("--root", new, "diff", "--against", EXAMPLE)
    assert (code, err) == (0, "")
    assert out.startswith(f"{EXAMPLE} → {new}\n\nentity Longholm, ")
    code, out, err = run("--root", new, "diff", "--against", EXAMPLE, "--format", "json")
    assert json.loads(out)["changes"][0]["path"] == LONGHOLM
    code, out, err = run("--root", new, "diff", "--against", EXAMPLE, "--format", "markdown")
    assert "<del><code>island</code></del><ins><code>isle</code></ins>" in out


def test_a_folder_without_a_wiki_is_a_problem(tmp_path: Path, run: Run, repository: Repository) -> None:
    code, out, _ = run("--root", EXAMPLE, "diff", "--against", tmp_path / "none")
    assert code == 1
    assert out.startswith(f"{tmp_path}/none/wiki.yml:1:1: [missing-file] no wiki can be read there")
    below = repository.root / "docs"
    assert run("--root", below, "diff")[0] == 1


def test_a_commit_and_a_folder_at_once_are_wrong_usage(run: Run) -> None:
    code, _, err = run("diff", "main", "--against", "x")
    assert code == 2
    assert "not allowed with argument" in err


@pytest.mark.parametrize(
    ("environment", "terminal", "coloured"),
    [({}, True, True), ({"NO_COLOR": "1"}, True, False), ({"TERM": "dumb"}, True, False), ({}, False, False)],
)
def test_only_a_terminal_gets_colours(
    environment: dict[str, str],
    terminal: bool,
    coloured: bool,
    tmp_path: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for key, value in environment.items():
        monkeypatch.setenv(key, value)
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal)
    new = reworded(lay_out(tmp_path / "new")).root
    out = run("--root", new, "diff", "--against", EXAMPLE)[1]
    assert ("\x1b[31misland\x1b[0m" in out) is coloured
    assert ("[-island-]" in out) is not coloured
