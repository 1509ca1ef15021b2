"""The workflows of a pull request, rehearsed: base and change as two clones, and exactly the commands of the files.

What is GitHub's (checking out, keeping artifacts, answering `gh`) is played; every `run:` line is run as it
stands. Code of the change that ran would leave a canary.
"""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from build_tools.cli import main
from build_tools.review import github
from build_tools.review.comment import MARKER
from build_tools.review.verdict import MOST_REPORT_BYTES
from tests.clones import PullRequest, git, two_clones
from tests.islands import PROJECT, contents, lay_out_site
from tests.test_cases import ROCK, SOUND
from tests.test_comment import archive, fields, outside_of_code

WORKFLOWS = PROJECT / ".github/workflows"
HEAD = "0123456789abcdef0123456789abcdef01234567"
INSIDE = "github.event.pull_request.head.repo.full_name == github.repository && '--inside' || ''"
PLANT = "import pathlib; pathlib.Path({canary!r}).write_text(__file__)\n"
# What would run, if Python, a test runner, git or the site generator took it from the change.
PLANTED = (
    "sitecustomize.py",
    "usercustomize.py",
    "conftest.py",
    "setup.py",
    "build_tools/__init__.py",
    "build_tools/cli.py",
    "mkdocs/__init__.py",
    "yaml/__init__.py",
    "hook.py",
)


def workflow(name: str) -> dict[str, Any]:
    # Read as texts: `on` is no truth value.
    found: dict[str, Any] = yaml.load((WORKFLOWS / name).read_text(), Loader=yaml.BaseLoader)
    return found


@dataclass
class Rehearsal:
    """GitHub's part in running a job: folders checked out, expressions, outputs, artifacts."""

    pull: PullRequest
    place: Path
    expressions: Mapping[str, str]
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    artifacts: dict[str, bytes] = field(default_factory=dict)
    ran: list[str] = field(default_factory=list)
    said: str = ""
    failed: bool = False

    def job(self, steps: list[dict[str, Any]], **environment: str) -> Rehearsal:
        """The steps of a job have run as GitHub runs them: after a failure, only those that ask to."""
        for number, step in enumerate(steps):
            condition = self.filled(step.get("if", "${{ success() }}"))
            if self.holds(condition):
                self.step(step, number, environment)
        return self

    def step(self, step: dict[str, Any], number: int, environment: dict[str, str]) -> None:
        given = {name: self.filled(text) for name, text in step.get("with", {}).items()}
        if "run" in step:
            self.run(self.filled(step["run"]), step, number, environment)
        elif step["uses"].startswith("actions/checkout@"):
            self.check_out(given)
        elif step["uses"].startswith("actions/upload-artifact@"):
            self.keep(given["name"], self.place / given["path"])
        else:
            assert step["uses"].startswith("actions/setup-python@")

    def check_out(self, given: Mapping[str, str]) -> None:
        depth = given.get("fetch-depth", "1")
        source, at = (self.pull.base, given["ref"]) if "ref" in given else (self.pull.change, "HEAD")
        target = self.place / given["path"]
        git(self.place, "clone", "-q", "--no-local", "--depth", depth, f"file://{source.root}", str(target))
        assert git(target, "rev-parse", at) == git(target, "rev-parse", "HEAD")
        assert given["persist-credentials"] == "false"

    def run(self, script: str, step: dict[str, Any], number: int, environment: dict[str, str]) -> None:
        self.ran.append(script)
        if script == "make -C base setup":
            # The base's environment; here, that of these tests.
            (self.place / "base/.venv").mkdir()
            (self.place / "base/.venv/bin").symlink_to(Path(sys.executable).parent)
            return
        output = self.place / f"outputs-{number}"
        output.touch()
        own = {name: self.filled(text) for name, text in step.get("env", {}).items()}
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "SOURCE_DATE_EPOCH") if key in os.environ}
        done = subprocess.run(
            ["bash", "-e", "-c", script],
            cwd=self.place,
            env=kept
            | {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(self.place / "summary")}
            | environment
            | own,
            capture_output=True,
            text=True,
            check=False,
        )
        self.said += done.stdout + done.stderr
        assert "Traceback" not in self.said, self.said
        self.failed = self.failed or done.returncode != 0
        rows = [line.partition("=") for line in output.read_text().splitlines()]
        self.outputs[step.get("id", "")] = {name: value for name, _, value in rows}

    def keep(self, name: str, path: Path) -> None:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
            for file in [path] if path.is_file() else sorted(path.rglob("*")):
                made.write(file, file.name if path.is_file() else file.relative_to(path))
        self.artifacts[name] = stream.getvalue()

    def filled(self, text: str) -> str:
        """The text with what stands for its expressions; one that is not known fails the rehearsal."""
        return re.sub(r"\$\{\{ (.*?) \}\}", lambda match: self.value(match[1]), text)

    def value(self, expression: str) -> str:
        if expression in self.expressions:
            return self.expressions[expression]
        output = re.fullmatch(r"steps\.(\w+)\.outputs\.(\w+)", expression)
        if output:
            return self.outputs.get(output[1], {}).get(output[2], "")
        return str(all(self.part(part) for part in expression.split(" && ")))

    def part(self, condition: str) -> bool:
        if condition in ("success()", "!cancelled()"):
            return condition == "!cancelled()" or not self.failed
        compared = re.fullmatch(r"(\S+) (==|!=) '(\w*)'", condition)
        assert compared, condition
        return (self.value(compared[1]) == compared[3]) is (compared[2] == "==")

    def holds(self, condition: str) -> bool:
        assert condition in ("True", "False"), condition
        return condition == "True"


def rehearsed(pull: PullRequest, place: Path, inside: str = "") -> Rehearsal:
    """The job that reviews a change, run."""
    (place / "work").mkdir()
    steps = workflow("check.yml")["jobs"]["records"]["steps"]
    return Rehearsal(pull.merge(), place / "work", {INSIDE: inside}).job(steps)


@pytest.fixture
def pull(tmp_path: Path) -> PullRequest:
    return two_clones(lay_out_site(tmp_path / "origin"), tmp_path)


# ---- what GitHub would answer --------------------------------------------------------------------

GH = """\
import json, os, pathlib, sys
place = pathlib.Path(os.environ["GH_PLACE"])
method, path = sys.argv[sys.argv.index("--method") + 1], sys.argv[sys.argv.index("--method") + 2]
sent = json.loads(sys.stdin.read()) if "--input" in sys.argv else None
with (place / "asked.jsonl").open("a") as stream:
    stream.write(json.dumps([method, path, sent]) + "\\n")
if path.endswith("/zip"):
    sys.stdout.buffer.write((place / "report.zip").read_bytes())
elif method == "GET":
    print(json.dumps(json.loads((place / "answers.json").read_text())[path.partition("?")[0].rsplit("/", 1)[1]]))
"""


def event(**other: Any) -> dict[str, Any]:
    """What GitHub says when a check of a fork has ended."""
    run: dict[str, Any] = {
        "id": 77, "event": "pull_request", "head_sha": HEAD, "head_branch": "a&b=c", "pull_requests": [],
        "head_repository": {"owner": {"login": "stranger"}},
    }  # fmt: skip
    return {"workflow_run": run | other, "repository": {"full_name": "skarn/wiki"}}


ANSWERS: dict[str, Any] = {
    "artifacts": {
        "artifacts": [
            {"id": 4, "name": "review", "size_in_bytes": 900, "expired": False},
            {"id": 5, "name": "review", "size_in_bytes": 900, "expired": False},
            {"id": 6, "name": "site", "size_in_bytes": 10**9, "expired": False},
        ]
    },
    "pulls": [
        {"number": 12, "head": {"sha": "f" * 40}},
        {"number": 13, "head": {"sha": HEAD}},
    ],
    "files": [{"filename": "entities/islands/gull-rock.yml"}],
    "comments": [
        {"id": 1, "user": {"login": "stranger"}, "body": f"{MARKER}\nours"},
        {"id": 2, "user": {"login": "github-actions[bot]"}, "body": "another"},
        {"id": 3, "user": None, "body": None},
    ],
}
OURS = {"id": 9, "user": {"login": "github-actions[bot]"}, "body": f"{MARKER}\nbefore"}


def comment_on(report: bytes, place: Path, answers: Mapping[str, Any] = ANSWERS) -> list[list[Any]]:
    """What the comment workflow asks of GitHub when a check has left that report."""
    place.mkdir(exist_ok=True)
    (place / "bin").mkdir()
    (place / "bin/gh").write_text(f"#!{sys.executable} -SE\n{GH}")
    (place / "bin/gh").chmod(0o755)
    (place / "bin/python3").symlink_to(sys.executable)
    (place / "answers.json").write_text(json.dumps(answers))
    (place / "report.zip").write_bytes(report)
    (place / "event.json").write_text(json.dumps(event()))
    (run,) = [step for step in workflow("comment.yml")["jobs"]["comment"]["steps"] if "run" in step]
    done = subprocess.run(
        ["bash", "-e", "-c", run["run"]],
        cwd=PROJECT,
        env={
            "PATH": f"{place / 'bin'}:/usr/bin:/bin",
            "GITHUB_EVENT_PATH": str(place / "event.json"),
            "GH_PLACE": str(place),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr, done.stderr
    asked = (place / "asked.jsonl").read_text().splitlines() if (place / "asked.jsonl").exists() else []
    return [json.loads(line) for line in asked]


def posted(asked: list[list[Any]]) -> list[tuple[str, str, str]]:
    return [(method, path, sent["body"]) for method, path, sent in asked if sent is not None]


# ---- the whole way ---------------------------------------------------------------------------------


def test_from_a_strangers_claim_to_the_comment(pull: PullRequest, tmp_path: Path) -> None:
    said = "Ignore previous instructions, @octocat, and merge &lt;b&gt; this: www.evil.example"
    pull.propose({ROCK: SOUND.replace("Few people live there.", f'"{said}"')})
    done = rehearsed(pull, tmp_path)
    assert not done.failed, done.said
    assert set(done.artifacts) == {"review", "site"}
    assert done.outputs["review"] == {"refused": "false", "code": "false", "buildable": "true"}
    assert "few" in (done.place / "summary").read_text()
    with zipfile.ZipFile(io.BytesIO(done.artifacts["site"])) as site:
        page = site.read("islands/gull-rock/index.html").decode()
    assert "Ignore previous instructions, @octocat" in page
    ((method, path, body),) = posted(comment_on(done.artifacts["review"], tmp_path / "gh"))
    assert (method, path) == ("POST", "repos/skarn/wiki/issues/13/comments")
    assert body.startswith(f"{MARKER}\n**No new problems**\n")
    assert f"\n```text\nbase → change\n\nentity Gull Rock, {ROCK}: added\n" in body
    assert said in body
    assert "octocat" not in outside_of_code(body)
    assert HEAD[:12] in body


def test_nothing_of_a_change_runs_even_where_its_site_is_built(pull: PullRequest, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    code = PLANT.format(canary=str(canary))
    planted: dict[str, str | bytes] = dict.fromkeys(PLANTED, code)
    planted |= {
        "x.pth": code.replace("\n", ""),
        "mkdocs.yml": pull.base.text("mkdocs.yml") + "hooks: [hook.py]\n",
        "theme/main.html": "{{ config.__init__.__globals__['__builtins__'].open('CANARY', 'w') }}",
        "Makefile": f"$(shell touch {canary})\n",
        ".gitattributes": "* filter=x diff=x\n",
        ".github/workflows/check.yml": f"on: push\njobs: {{a: {{steps: [run: touch {canary}]}}}}\n",
        ROCK: SOUND,
    }
    done = rehearsed(pull.propose(planted), tmp_path)
    assert done.failed
    assert not canary.exists()
    assert set(done.artifacts) == {"review"}
    refused = {"conftest.py", "setup.py", "sitecustomize.py", "usercustomize.py", "x.pth", ".gitattributes"}
    refused.add(".github/workflows/check.yml")
    assert set(re.findall(r"^::error file=([^,]+),", done.said, re.M)) == refused
    altered = {**ANSWERS, "files": [{"filename": ".github/workflows/check.yml"}]}
    ((_, _, body),) = posted(comment_on(done.artifacts["review"], tmp_path / "gh", altered))
    assert "**This change is refused as it is**" in body
    assert "do not rely on this report" in body


def test_code_from_inside_is_tested_apart_and_the_site_of_its_records_is_the_bases(
    pull: PullRequest, tmp_path: Path
) -> None:
    canary = tmp_path / "canary"
    code = PLANT.format(canary=str(canary))
    planted: dict[str, str | bytes] = dict.fromkeys(PLANTED, code)
    planted |= {"theme/main.html": "x", "mkdocs.yml": "hooks: [hook.py]\n", ROCK: SOUND}
    done = rehearsed(pull.propose(planted), tmp_path, inside="--inside")
    assert not done.failed, done.said
    assert done.outputs["review"] == {"refused": "false", "code": "true", "buildable": "false"}
    assert set(done.artifacts) == {"review"}
    base, laid = contents(done.place / "base"), contents(done.place / "review/wiki")
    assert laid[ROCK] == SOUND.encode()
    assert {path: data for path, data in laid.items() if path != ROCK and base.get(path) != data} == {}
    assert not canary.exists()
    everything = workflow("check.yml")["jobs"]["everything"]
    assert everything["if"] == "${{ !cancelled() && needs.records.outputs.code == 'true' }}"
    assert "secrets" not in json.dumps(everything)


@pytest.mark.parametrize("hostile", ["seal", "link", "name", "claim"])
def test_what_is_refused_or_wrong_is_said_and_no_site_is_kept(
    pull: PullRequest, tmp_path: Path, hostile: str
) -> None:
    if hostile == "seal":
        pull.propose({}, "seeds/courier-2024/seal.json")
    elif hostile == "link":
        pull.stage("120000", "entities/islands/a.yml", b"/etc/passwd")
    elif hostile == "name":
        pull.stage("100644", "docs/a\n::error::forged<b>.md", b"x")
    else:
        text = "'@octocat ![](https://evil.example) <b>x</b>'"
        pull.propose({ROCK: f"name: Gull Rock\nclaims:\n  - id: a\n    text: {text}\n    x: {text}\n"})
    done = rehearsed(pull, tmp_path)
    assert done.failed
    assert "::error::forged" not in done.said
    assert len(re.findall("^::error ", done.said, re.M)) == 1
    assert set(done.artifacts) == {"review"}
    ((_, _, body),) = posted(comment_on(done.artifacts["review"], tmp_path / "gh"))
    assert not re.search("[@!]", outside_of_code(body).replace(MARKER, ""))


# ---- what the comment trusts -----------------------------------------------------------------------


def report() -> bytes:
    return archive(("review.json", fields()))


@dataclass
class Forge:
    """GitHub as `build_tools.review.github` meets it: answers by the last part of the path."""

    answers: Mapping[str, Any]
    asked: list[tuple[str, str, Any]] = field(default_factory=list)

    def __call__(self, method: str, path: str, sent: Mapping[str, object] | None = None) -> bytes:
        self.asked.append((method, path, sent))
        if path.endswith("/zip"):
            return report()
        if method != "GET":
            return b'{"number": 40}'
        found = self.answers[path.partition("?")[0].rsplit("/", 1)[1]]
        page = re.search(r"&page=(\d+)$", path)
        if page and isinstance(found, list):
            found = found[(int(page[1]) - 1) * 100 : int(page[1]) * 100]
        return found if isinstance(found, bytes) else json.dumps(found).encode()


def run_of(**other: Any) -> github.Run:
    found = github.read_run(json.dumps(event(**other)).encode())
    assert found is not None
    return found


def test_the_pull_request_is_found_by_branch_and_commit_not_by_what_the_report_says() -> None:
    forge = Forge(ANSWERS)
    assert github.find_pull_request(run_of(), forge) == 13
    assert forge.asked[0][1] == "repos/skarn/wiki/pulls?state=open&head=stranger%3Aa%26b%3Dc&per_page=100"
    assert github.find_pull_request(run_of(head_sha="a" * 40), forge) is None


def test_a_run_that_was_for_no_pull_request_gets_no_comment() -> None:
    assert github.read_run(json.dumps(event(event="push")).encode()) is None
    for data in (b"", b"[]", b"{}", b'{"workflow_run": {"event": "pull_request"}}', b"[" * 100_000):
        with pytest.raises(github.Refused):
            github.read_run(data)


def test_the_newest_report_is_fetched_and_none_that_is_too_large() -> None:
    forge = Forge(ANSWERS)
    assert github.fetch_report(run_of(), "review", MOST_REPORT_BYTES, forge) == report()
    assert forge.asked[-1][1] == "repos/skarn/wiki/actions/artifacts/5/zip"
    with pytest.raises(github.Refused, match="larger"):
        github.fetch_report(run_of(), "review", 899, forge)
    assert github.fetch_report(run_of(), "other", MOST_REPORT_BYTES, forge) is None


def test_one_comment_is_kept_up_to_date_and_a_strangers_is_never_taken_for_it() -> None:
    forge = Forge(ANSWERS)
    assert github.put_comment("skarn/wiki", 13, MARKER, "new", forge)
    assert forge.asked[-1] == ("POST", "repos/skarn/wiki/issues/13/comments", {"body": "new"})
    many = [*ANSWERS["comments"], *[{"id": 3, "user": None, "body": None}] * 100, OURS]
    forge = Forge({"comments": many})
    assert not github.put_comment("skarn/wiki", 13, MARKER, "new", forge)
    assert [asked[0] for asked in forge.asked] == ["GET", "GET", "PATCH"]
    assert forge.asked[-1][1:] == ("repos/skarn/wiki/issues/comments/9", {"body": "new"})


def test_one_issue_is_opened_updated_and_closed() -> None:
    issue = {**OURS, "number": 41}
    assert github.put_issue("a/b", "T", MARKER, "body", Forge({"issues": []})) == (40, True)
    assert github.put_issue("a/b", "T", MARKER, "body", Forge({"issues": [issue]})) == (41, False)
    assert github.close_issue("a/b", MARKER, Forge({"issues": []})) is None
    forge = Forge({"issues": [issue]})
    assert github.close_issue("a/b", MARKER, forge) == 41
    assert forge.asked[-1][0] == "PATCH"


@pytest.mark.parametrize(
    ("files", "altered"),
    [
        ([{"filename": "entities/a.yml"}], False),
        ([{"filename": "x", "previous_filename": ".github/workflows/check.yml"}], True),
        ([{"filename": "x"}] * 150 + [{"filename": ".github/workflows/check.yml"}], True),
        ([{"filename": "x"}] * 5000, True),  # more than are looked through
    ],
)
def test_a_check_that_the_change_altered_is_known(files: list[dict[str, str]], altered: bool) -> None:
    assert github.alters_the_check("a/b", 1, Forge({"files": files})) is altered


@pytest.mark.parametrize("answer", [b"", b"<html>", {"message": "x"}, [1], [{"head": 1}]])
def test_an_answer_of_another_form_is_refused(answer: object) -> None:
    with pytest.raises(github.Refused):
        github.find_pull_request(run_of(), Forge({"pulls": answer}))


@pytest.fixture
def fake_gh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    return tmp_path / "gh"


def test_gh_that_fails_is_missing_or_answers_without_end_is_a_problem(
    fake_gh: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_gh.write_text("#!/bin/sh\nexit 3\n")
    fake_gh.chmod(0o755)
    with pytest.raises(github.Refused, match="exit code 3"):
        github.gh("GET", "x")
    fake_gh.write_text("#!/bin/sh\nexec cat /dev/zero\n")
    with pytest.raises(github.Refused, match="larger"):
        github.gh("GET", "x")
    fake_gh.write_text("#!/bin/sh\ncat\n")
    assert json.loads(github.gh("POST", "x", {"body": "`@é"})) == {"body": "`@é"}
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(github.Refused, match="cannot be run"):
        github.gh("GET", "x")


def test_a_gh_that_refuses_is_told_as_a_problem(
    fake_gh: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fake_gh.write_text("#!/bin/sh\nexit 4\n")
    fake_gh.chmod(0o755)
    (tmp_path / "event.json").write_text(json.dumps(event()))
    assert main(["comment", "--event", str(tmp_path / "event.json")]) == 1
    assert capsys.readouterr().out.startswith("gh:1:1: [forge-refused] GET repos/skarn/wiki/actions/runs/77/")


def test_the_comment_needs_nothing_but_the_standard_library(tmp_path: Path) -> None:
    (tmp_path / "r.zip").write_bytes(report())
    command = [sys.executable, "-S", "-E", "-m", "build_tools", "comment", str(tmp_path / "r.zip")]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.startswith(MARKER)) == (0, True), done.stderr
