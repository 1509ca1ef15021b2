"""`wiki review`: what a pull request may bring is judged unread, its records by the base, with no code of it run."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from build_tools.cli import main
from build_tools.review import admission
from build_tools.review.admission import Part, part_of
from build_tools.review.comment import comment
from build_tools.review.verdict import MEMBER, Review, read_review
from tests.clones import PullRequest, git, two_clones
from tests.islands import PROJECT, article, lay_out, sealed
from tests.test_cases import ROCK, SOUND

SEAL = "seeds/courier-2024/seal.json"
RECORD = "seeds/courier-2024/seed.yml"


@pytest.fixture
def pull(tmp_path: Path) -> PullRequest:
    wiki = lay_out(tmp_path / "base")
    return two_clones(
        wiki.put({"theme/main.html": "the base's\n", "links.yml": "exceptions: []\n"}), tmp_path
    )


def review(pull: PullRequest, *more: str) -> tuple[int, Review]:
    """The exit code and the report of a review."""
    root = pull.change.root
    code = main(["--root", str(root), "review", "--base", str(pull.base.root), *more])
    data = (root / "build/review/report" / MEMBER).read_bytes()
    read, problems = read_review(MEMBER, data)
    assert read is not None, problems
    return code, read


def laid(pull: PullRequest) -> Path:
    return pull.change.root / "build/review/wiki"


def refusals(found: Review) -> list[str]:
    return [f"[{finding.code}] {finding.path}" for finding in found.refused]


# ---- what a change may bring -----------------------------------------------------------------------


def test_records_and_pages_are_laid_over_the_base_and_judged(pull: PullRequest) -> None:
    pull.propose({ROCK: SOUND, "docs/more.md": "# More\n"}, "entities/events/sandpiper-fire.yml")
    assert review(pull)[0] == 1  # others link to the event
    assert (laid(pull) / ROCK).read_text() == SOUND
    assert (laid(pull) / "docs/more.md").exists()
    assert not (laid(pull) / "entities/events/sandpiper-fire.yml").exists()
    assert (laid(pull) / "entities/people/ada-brook.yml").exists()


def test_a_sound_change_has_no_new_problem(pull: PullRequest, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = review(pull.propose({ROCK: SOUND}))
    assert (code, found.files, found.refused, found.findings, found.known) == (0, 1, (), (), 0)
    assert capsys.readouterr().out == "no new problems\n"


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("entities/islands/a.yml", Part.DATA),
        ("seeds/a/seal.json", Part.DATA),
        ("wiki.yml", Part.DATA),
        ("docs/more.md", Part.DATA),
        ("docs/assets/wiki.js", Part.CODE),
        ("mkdocs.yml", Part.CODE),
        ("theme/main.html", Part.CODE),
        ("build_tools/cli.py", Part.CODE),
        ("Makefile", Part.CODE),
        (".github/workflows/check.yml", Part.ACTING),
        (".github/actions/a/action.yml", Part.ACTING),
        ("conftest.py", Part.ACTING),
        ("tests/conftest.py", Part.ACTING),
        ("entities/islands/conftest.py", Part.ACTING),
        ("setup.py", Part.ACTING),
        ("docs/a.pth", Part.ACTING),
        ("sitecustomize.py", Part.ACTING),
        (".gitattributes", Part.ACTING),
        (".vscode/tasks.json", Part.ACTING),
        (".pre-commit-config.yaml", Part.ACTING),
        ("seeds/.gitmodules", Part.ACTING),
    ],
)
def test_each_file_is_data_code_or_acts_by_itself(path: str, part: Part) -> None:
    assert part_of(path) is part


def test_what_decides_what_passes_or_is_published_is_shown_to_an_editor(pull: PullRequest) -> None:
    text = "seeds/courier-2024/text.md"
    _, found = review(
        pull.propose({"waivers.yml": "waivers: []\n", "links.yml": "exceptions: [ ]\n", text: "x"})
    )
    assert found.asks == (
        "links.yml says what the check lets pass",
        f"{text} publishes a source whole",
        "waivers.yml says what the check lets pass",
    )


def test_code_is_told_and_the_base_has_its_own_in_the_wiki_that_is_built(pull: PullRequest) -> None:
    planted = {"mkdocs.yml": "hooks: [x.py]\n", "theme/main.html": "changed\n", "x.py": "", "docs/a.js": ""}
    code, found = review(pull.propose({**planted, ROCK: SOUND}))
    assert (code, found.refused) == (0, ())
    assert found.code == ("docs/a.js", "mkdocs.yml", "theme/main.html", "x.py")
    assert (laid(pull) / "theme/main.html").read_text() == "the base's\n"
    assert (laid(pull) / "mkdocs.yml").read_text() == pull.base.text("mkdocs.yml")
    assert not (laid(pull) / "docs/a.js").exists()
    assert (laid(pull) / ROCK).exists()


ACTING = ["x.pth", "setup.py", "conftest.py", "entities/islands/conftest.py", ".github/workflows/x.yml"]


def test_what_acts_by_itself_is_refused_from_outside_and_shown_from_inside(pull: PullRequest) -> None:
    pull.propose(dict.fromkeys(ACTING, "x: y\n"))
    code, found = review(pull)
    assert code == 1
    assert refusals(found) == [f"[acting-file] {path}" for path in sorted(ACTING)]
    assert list(laid(pull).iterdir()) == []
    code, found = review(pull, "--inside")
    assert (code, found.refused, found.code) == (0, (), tuple(sorted(ACTING)))
    assert found.asks[0] == ".github/workflows/x.yml acts by itself where it lies"


NAMES = [
    b"entities/islands/a\nb.yml",
    b"entities/islands/<img src=x>.yml",
    b"docs/[a](b).md",
    b"docs/`a`.md",
    b"docs/@ada.md",
    "docs/a\u202egnp.md".encode(),
    "docs/\u200bа.md".encode(),
    b"docs/a\xff.md",
    b"docs/" + b"a" * 240 + b".md",
    b"docs/ a.md",
]


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_a_name_that_could_mislead_or_be_markup_is_refused(pull: PullRequest, name: bytes) -> None:
    code, found = review(pull.stage("100644", os.fsdecode(name), b"x"))
    shown = found.refused[0].path
    assert (code, refusals(found)) == (1, [f"[bad-file-name] {shown}"])
    assert shown.isprintable()
    assert shown in comment(found)


@pytest.mark.parametrize(
    ("mode", "path", "message"),
    [
        ("120000", "entities/islands/a.yml", "this is a symbolic link"),
        ("120000", "docs", "this is a symbolic link"),
        ("120000", "build_tools/x", "this is a symbolic link"),
        ("160000", "seeds/theirs", "this is another git repository inside this one"),
    ],
)
def test_links_and_other_repositories_are_refused_also_from_inside(
    pull: PullRequest, mode: str, path: str, message: str
) -> None:
    if path == "docs":
        git(pull.change.root, "rm", "-rq", "docs")
    code, found = review(pull.stage(mode, path), "--inside")
    refused = [(f.code, f.path, f.message) for f in found.refused]
    assert (code, refused) == (1, [("symlink", path, message)])


def test_another_repository_that_its_gitmodules_hides_is_seen(pull: PullRequest) -> None:
    module = '[submodule "a"]\n\tpath = seeds/theirs\n\turl = .\n\tignore = all\n'
    pull.propose({".gitmodules": module}).stage("160000", "seeds/theirs")
    assert refusals(review(pull)[1]) == ["[acting-file] .gitmodules", "[symlink] seeds/theirs"]


def test_a_file_that_is_too_big_is_refused_and_not_read(
    pull: PullRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(_: object, name: str) -> bytes:
        raise AssertionError(f"{name} was read")

    big = b"x" * (admission.MOST_BYTES + 1)
    pull.stage("100644", "entities/islands/big.yml", big).stage("100644", "video.mp4", big)
    monkeypatch.setattr("build_tools.git.Blobs.read", read)
    code, found = review(pull)
    assert (code, refusals(found)) == (
        1, ["[file-too-big] entities/islands/big.yml", "[file-too-big] video.mp4"]
    )  # fmt: skip
    assert found.refused[0].message.startswith("5,000,001 bytes; ")


def test_files_that_are_too_big_together_are_refused(
    pull: PullRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "MOST_BYTES_IN_ALL", 150)
    pull.propose({"docs/a.md": "x" * 100, "docs/b.md": "y" * 100})
    code, found = review(pull, "--inside")
    assert (code, refusals(found)) == (1, ["[change-too-big] ."])
    assert found.refused[0].message == "200 bytes in one change; at most 150 are read"


def many(pull: PullRequest, count: int) -> PullRequest:
    """The branch has so many more files, made in git's store alone."""
    rows = [b"blob\nmark :1\ndata 8\nname: A\n\n"]
    rows.append(b"commit refs/heads/branch\ncommitter A <a@example.org> 1700000000 +0000\ndata 4\nmany\n")
    rows.append(b"from refs/heads/branch^0\n")
    rows += [f"M 100644 :1 entities/islands/a-{number}.yml\n".encode() for number in range(count)]
    git(pull.change.root, "fast-import", "--quiet", "--force", given=b"".join(rows))
    return pull


def test_a_change_of_thousands_of_files_is_refused_in_one_sentence(pull: PullRequest) -> None:
    code, found = review(many(pull, 5000))
    assert (code, found.files, refusals(found)) == (1, 5000, ["[change-too-big] ."])
    assert found.refused[0].message == "5,000 files in one change; at most 1,000 are read"
    assert len(comment(found)) < 1000


# ---- seals -----------------------------------------------------------------------------------------

EDITED = article("courier-2024").decode().replace("eleven", "twelve")


def test_a_deleted_seal_is_refused_from_outside(pull: PullRequest) -> None:
    pull.propose({}, SEAL)
    assert refusals(review(pull)[1]) == [f"[seal-deleted] {SEAL}"]
    _, found = review(pull, "--inside")
    assert (found.refused, found.asks) == (
        (), (f"{SEAL}: the seal of a source is taken away, and with it the proof of every cite of it",)
    )  # fmt: skip


def test_a_seal_edited_so_that_its_sum_is_right_is_refused_for_its_capture(pull: PullRequest) -> None:
    pull.propose({SEAL: sealed("courier-2024", EDITED)})
    assert pull.change.text(SEAL) != pull.base.text(SEAL)
    assert refusals(review(pull)[1]) == [f"[seal-edited] {SEAL}"]
    # Another line of the record is no other capture.
    record = pull.base.text(RECORD).replace("short: ", "short: New ")
    assert record != pull.base.text(RECORD)
    assert refusals(review(pull.propose({RECORD: record}))[1]) == [f"[seal-edited] {SEAL}"]


def test_a_seal_edited_so_that_its_sum_is_wrong_is_a_problem_of_the_check(pull: PullRequest) -> None:
    changed = pull.base.text(SEAL).replace('"words": 2', '"words": 3', 1)
    assert changed != pull.base.text(SEAL)
    code, found = review(pull.propose({SEAL: changed}))
    assert (code, "bad-seal" in {finding.code for finding in found.findings}) == (1, True)


def test_a_renewed_or_new_seal_is_left_to_an_editor(pull: PullRequest) -> None:
    record = pull.base.text(RECORD) + 'capture: {sha256_begins: "0f3a9c11"}\n'
    folder = "seeds/other-2024"
    new = {
        f"{folder}/seal.json": sealed("other-2024", "A ship came in.\n\nIt was late."),
        f"{folder}/passages.yml": "p1: {kind: text, gist: One.}\n",
        f"{folder}/seed.yml": "short: Other\n",
    }
    _, found = review(pull.propose({SEAL: sealed("courier-2024", EDITED), RECORD: record, **new}))
    assert found.refused == ()
    assert found.asks == (
        f"{SEAL} was renewed: only who has the article can tell whether it is the article's",
        f"{folder}/seal.json is new: only who has the article can tell whether it is the article's",
    )


def test_a_seal_that_goes_along_with_a_new_id_is_the_same_seal(pull: PullRequest) -> None:
    moved = SEAL.replace("courier-2024", "herald-2024")
    pull.propose({moved: sealed("herald-2024", article("courier-2024").decode())}, SEAL)
    _, found = review(pull)
    assert (found.refused, found.asks) == ((), ())


# ---- problems --------------------------------------------------------------------------------------

ORPHAN = "name: Gull Rock\n"


@pytest.fixture
def faulty(tmp_path: Path) -> PullRequest:
    """A base that has a warning and an error already."""
    bad = SOUND.replace("    cites: [courier-2024#p1]\n", "").replace("Gull", "Tern")
    wiki = lay_out(tmp_path / "base", {ROCK: ORPHAN, "entities/islands/tern-rock.yml": bad})
    return two_clones(wiki, tmp_path)


def test_a_change_answers_only_for_what_it_adds(faulty: PullRequest) -> None:
    code, found = review(faulty.propose({"entities/islands/new-rock.yml": SOUND.replace("Gull", "New")}))
    assert (code, found.findings, found.known) == (0, (), 2)
    code, found = review(faulty.propose({"entities/islands/dry-rock.yml": "name: Dry Rock\n"}))
    assert code == 1  # a warning fails where the change adds it
    assert [(f.code, f.path, f.severity) for f in found.findings] == [
        ("orphan", "entities/islands/dry-rock.yml", "warning")
    ]
    assert "2 problems that the base has already are not counted here." in comment(found)


def test_a_problem_whose_line_or_file_moved_is_not_new(faulty: PullRequest) -> None:
    bad = faulty.base.text("entities/islands/tern-rock.yml")
    faulty.propose({"entities/islands/tern-islet.yml": f"# moved\n\n{bad}"}, "entities/islands/tern-rock.yml")
    code, found = review(faulty)
    assert (code, found.findings, found.known) == (0, (), 2)


def test_the_same_problem_once_more_is_new(faulty: PullRequest) -> None:
    bad = faulty.base.text("entities/islands/tern-rock.yml")
    more = bad + bad.partition("claims:\n")[2].replace("few-people", "more")
    code, found = review(faulty.propose({"entities/islands/tern-rock.yml": more}))
    assert (code, [finding.code for finding in found.findings]) == (1, ["unsourced"])


def test_github_gets_what_is_new_beside_its_line(
    faulty: PullRequest, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    faulty.propose({"entities/islands/dry-rock.yml": "name: Dry Rock\n", "x.py": ""})
    outputs = tmp_path / "outputs"
    assert review(faulty, "--format", "github", "--outputs", str(outputs))[0] == 1
    out = capsys.readouterr().out
    assert out.startswith("::warning file=entities/islands/dry-rock.yml,line=1,col=1,title=orphan::")
    assert out.endswith(
        "neither record nor page, and not read: x.py\n1 warning that the base does not have\n"
    )
    assert outputs.read_text() == "refused=false\ncode=true\nbuildable=false\n"
    review(faulty, "--format", "json")
    rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    assert [row["code"] for row in rows] == ["orphan"]


# ---- what cannot be reviewed -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda pull, place: pull.base.root, "[unreadable-change] its history does not reach the base"),
        (lambda pull, place: place, "[unreadable-change] no commit of a git repository is checked out there"),
        (
            lambda pull, place: pull.base.root / "docs",
            "[unreadable-change] it is a folder of a git repository, not the whole of it",
        ),
    ],
    ids=["ahead", "none", "folder"],
)
def test_what_git_cannot_compare_is_a_problem(
    pull: PullRequest,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    spoil: Callable[[PullRequest, Path], Path],
    message: str,
) -> None:
    base = spoil(pull, tmp_path)
    if base == pull.base.root:
        git(base, "commit", "-q", "--amend", "-m", "another history")
    assert main(["--root", str(pull.change.root), "review", "--base", str(base)]) == 1
    assert message in capsys.readouterr().out


def test_every_file_of_this_repository_has_a_name_that_a_change_may_bring() -> None:
    for path in git(PROJECT, "ls-files", "-z").split("\0")[:-1]:
        assert admission._NAME.fullmatch(path), path
        assert len(path) <= admission.LONGEST_PATH
