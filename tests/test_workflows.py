"""What the workflows, the issue forms and the hooks before a commit promise."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import yaml

from build_tools.arguments import parser
from build_tools.digest import digest, manifest
from build_tools.pages.render import MISTAKE_FORM
from tests.clones import git
from tests.islands import PROJECT
from tests.test_pull_request import WORKFLOWS, workflow

NAMES = sorted(path.name for path in WORKFLOWS.iterdir())
FORMS = [path for path in sorted((PROJECT / ".github/ISSUE_TEMPLATE").iterdir()) if path.stem != "config"]
# What each job may do beyond nothing; only what writes is said why in the file.
PERMISSIONS = {
    "check.yml": {"records": {"contents": "read"}, "everything": {"contents": "read"}},
    "comment.yml": {"comment": {"actions": "read", "contents": "read", "pull-requests": "write"}},
    "links.yml": {"links": {"contents": "read", "issues": "write"}},
    "publish.yml": {"build": {"contents": "read"}, "deploy": {"pages": "write", "id-token": "write"}},
}


def lines(name: str) -> list[str]:
    """Every command line of a workflow."""
    steps = [step for job in workflow(name)["jobs"].values() for step in job["steps"]]
    return [line for step in steps for line in step.get("run", "").splitlines()]


@pytest.mark.parametrize("name", NAMES)
def test_every_action_is_pinned_by_commit_and_says_its_version(name: str) -> None:
    used = re.findall(r"uses: *(.*)", (WORKFLOWS / name).read_text())
    assert all(re.fullmatch(r"actions/[a-z/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use) for use in used), used


def test_jobs_may_do_no_more_than_they_need() -> None:
    for name in NAMES:
        assert workflow(name)["permissions"] == {}
        granted = {job: found["permissions"] for job, found in workflow(name)["jobs"].items()}
        assert granted == PERMISSIONS[name]


def test_nothing_of_a_pull_request_runs_with_rights_or_secrets() -> None:
    for name in NAMES:
        text = (WORKFLOWS / name).read_text()
        assert "secrets." not in text
        assert "pull_request_target" not in text
        assert set(re.findall(r"persist-credentials: (\w+)", text)) <= {"false"}
        assert text.count("actions/checkout@") == text.count("persist-credentials: false")
    (check_out, _) = workflow("comment.yml")["jobs"]["comment"]["steps"]
    assert check_out["with"]["ref"] == "${{ github.event.repository.default_branch }}"
    assert not re.search(r"\$\{\{", "".join(line for name in NAMES for line in lines(name)))


@pytest.mark.parametrize("name", NAMES)
def test_every_step_is_a_command_that_a_contributor_can_run(name: str) -> None:
    targets = re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), re.M)
    for line in lines(name):
        words = shlex.split(re.split(r" [|>]+ ", line)[0])
        words = [word for word in words if word != "$INSIDE"]
        if words[0].endswith(".venv/bin/wiki"):
            parser().parse_args(words[1:])
        elif words[:3] == ["python3", "-m", "build_tools"]:
            parser().parse_args(words[3:])
        elif words[0] == "make":
            assert set(words[1:]) - {"-C", "base"} <= set(targets), line
        else:
            assert line == 'echo "commit=$(git -C change rev-parse HEAD^1)" >> "$GITHUB_OUTPUT"'


def form(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text())
    return found


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_each_form_has_what_github_asks_of_one(path: Path) -> None:
    found = form(path)
    assert {"name", "description", "title", "labels", "body"} == set(found)
    fields = [field for field in found["body"] if field["type"] != "markdown"]
    assert len({field["id"] for field in fields}) == len(fields)
    assert all(field["type"] in ("input", "textarea") and field["attributes"]["label"] for field in fields)
    assert any(field.get("validations", {}).get("required") for field in fields)


def test_there_are_the_three_forms_and_the_site_leads_to_one_with_its_address() -> None:
    assert {path.name for path in FORMS} == {"claim.yml", "source.yml", MISTAKE_FORM}
    fields = {field.get("id") for field in form(PROJECT / ".github/ISSUE_TEMPLATE" / MISTAKE_FORM)["body"]}
    assert "address" in fields
    for page, anchors in (("islands/great-skarn/", "#[a-z0-9-]+"), ("seeds/courier-2024/", r"#p\d+")):
        text = (PROJECT / f"tests/example_pages/{page.rstrip('/')}.md").read_text()
        found = [parse_qs(query) for query in re.findall(r"issues/new\?([^)]+)\)", text)]
        assert found
        for query in found:
            assert re.fullmatch(f"{page}{anchors}", query["address"][0])
            assert query["template"] == [MISTAKE_FORM]


def test_seals_workflows_and_compiler_have_owners() -> None:
    rows = [line.split() for line in (PROJECT / ".github/CODEOWNERS").read_text().splitlines()]
    owned = {row[0]: row[1:] for row in rows if row and row[0] != "#"}
    assert {"/seeds/**/seal.json", "/.github/", "/build_tools/"} <= set(owned)
    listed = [
        "/" + path
        for path in git(PROJECT, "ls-files", "--cached", "--others", "--exclude-standard").splitlines()
    ]
    for pattern, owners in owned.items():
        assert owners
        regex = re.escape(pattern).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
        assert any(re.match(regex if pattern.endswith("/") else f"{regex}$", path) for path in listed), (
            pattern
        )


def test_the_hooks_before_a_commit_run_what_is_set_up_here() -> None:
    (repository,) = yaml.safe_load((PROJECT / ".pre-commit-config.yaml").read_text())["repos"]
    assert repository["repo"] == "local"
    for hook in repository["hooks"]:
        program, *arguments = hook["entry"].split()
        assert hook["language"] == "system"
        assert (Path(sys.executable).parent / Path(program).name).exists()
        if program.endswith("/wiki"):
            parser().parse_args(arguments)


# ---- the digest ------------------------------------------------------------------------------------


def test_the_digest_is_that_of_the_list_which_is_that_of_the_files(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b/x.html").write_text("x")
    (tmp_path / "a.html").write_text("")
    listed = manifest(tmp_path)
    assert listed.splitlines() == [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a.html",
        "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881  b/x.html",
    ]
    before = digest(listed)
    assert re.fullmatch("[0-9a-f]{64}", before)
    (tmp_path / "b/x.html").rename(tmp_path / "b/y.html")
    assert digest(manifest(tmp_path)) != before
