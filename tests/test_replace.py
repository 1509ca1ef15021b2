"""Files replaced as one: whatever stops it, all are old, or all are new once it is asked to finish."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from build_tools.problems import Code
from build_tools.replace import CutShort, beside, finish, replace_files
from tests.islands import contents

JOURNAL = "seeds/lamp/renewal.json"
CHANGE = ".change.json"
OLD = {"entities/a.yml": b"a", "entities/b.yml": b"b", "seeds/lamp/seal.json": b"s"}
NEW = {"entities/a.yml": b"A", "seeds/lamp/seal.json": b"S", ".attached/lamp.txt": b"T"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path, data in OLD.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(data)
    return tmp_path


def files(root: Path) -> dict[str, bytes | str]:
    return {path: data for path, data in contents(root).items() if data != "/"}


def stop_at(number: int, error: BaseException, patch: pytest.MonkeyPatch) -> None:
    """The rename of that number, counted from 1, fails."""
    rename, left = Path.replace, [number]

    def failing(self: Path, target: Path) -> Path:
        left[0] -= 1
        if left[0] == 0:
            raise error
        return rename(self, target)

    patch.setattr(Path, "replace", failing)


def test_files_hold_their_new_contents_and_nothing_else_is_left(root: Path) -> None:
    assert replace_files(root, JOURNAL, NEW | {"entities/b.yml": b"b"}) == tuple(NEW)
    assert files(root) == dict(sorted((OLD | NEW).items()))


def test_files_that_hold_it_already_are_not_touched(root: Path) -> None:
    before = (root / "entities/a.yml").stat()
    assert replace_files(root, JOURNAL, OLD) == ()
    assert (root / "entities/a.yml").stat() == before


def test_a_file_keeps_its_permissions(root: Path) -> None:
    (root / "entities/a.yml").chmod(0o640)
    replace_files(root, JOURNAL, NEW)
    assert (root / "entities/a.yml").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_before_the_journal_is_there_leaves_everything_old(
    root: Path, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 9):
        left = [number]

        def full(handle: int, left: list[int] = left, sync: Callable[[int], None] = os.fsync) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise error
            sync(handle)

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(type(error)):
                replace_files(root, JOURNAL, NEW)
        assert files(root) == OLD, number
        assert finish(root, JOURNAL) == ()
    with monkeypatch.context() as patch:
        stop_at(1, error, patch)  # the journal's own rename
        with pytest.raises(type(error)):
            replace_files(root, JOURNAL, NEW)
    assert files(root) == OLD


@pytest.mark.parametrize("error", [OSError(errno.EACCES, "Permission denied"), KeyboardInterrupt()])
@pytest.mark.parametrize("number", [2, 3, 4])
def test_a_failure_afterwards_is_told_and_finished_by_whoever_comes_next(
    root: Path, number: int, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        stop_at(number, error, patch)
        with pytest.raises(CutShort) as told:
            replace_files(root, JOURNAL, NEW)
    problem = told.value.problem
    assert (problem.at.path, problem.code) == (list(NEW)[number - 2], Code.CANNOT_WRITE)
    why = "stopped" if isinstance(error, KeyboardInterrupt) else "cannot write: Permission denied"
    assert problem.message == f"{why}; {number - 2} of 3 files are replaced"
    with monkeypatch.context() as patch:  # once more
        stop_at(1, error, patch)
        if number == 2:
            assert finish(root, JOURNAL) == (), "nothing was done, and that is what it goes back to"
            assert files(root) == OLD
            return
        with pytest.raises(CutShort):
            finish(root, JOURNAL)
    assert finish(root, JOURNAL) == ()
    assert files(root) == dict(sorted((OLD | NEW).items()))


def test_a_journal_that_cannot_be_deleted_is_deleted_next_time(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, missing_ok: bool = False) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        with pytest.raises(CutShort) as told:
            replace_files(root, JOURNAL, NEW)
    assert told.value.problem.at.path == JOURNAL
    assert finish(root, JOURNAL) == ()
    assert files(root) == dict(sorted((OLD | NEW).items()))


def cut_short(root: Path, patch: pytest.MonkeyPatch) -> None:
    """A is new, the rest is not."""
    with patch.context() as inner:
        stop_at(3, OSError(errno.EIO, "Input/output error"), inner)
        with pytest.raises(CutShort):
            replace_files(root, JOURNAL, NEW)


def test_where_all_is_put_back_by_hand_nothing_is_finished(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cut_short(root, monkeypatch)
    (root / "entities/a.yml").write_bytes(b"a")
    assert finish(root, JOURNAL) == ()
    assert files(root) == OLD


def test_a_file_changed_in_between_is_not_overwritten(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cut_short(root, monkeypatch)
    (root / "seeds/lamp/seal.json").write_bytes(b"mine")
    before = files(root)
    (problem,) = finish(root, JOURNAL)
    assert (problem.at.path, problem.code) == ("seeds/lamp/seal.json", Code.CANNOT_WRITE)
    assert "delete seeds/lamp/renewal.json" in problem.hint
    assert files(root) == before


@pytest.mark.parametrize(
    "journal",
    ["", "[", "{}x", "[1]", '[{"path": "a"}]', '[{"path": "../a", "was": null, "new": ""}]',
     '[{"path": "/a", "was": null, "new": ""}]', '[{"path": 1, "was": null, "new": ""}]', "\udcff"],
)  # fmt: skip
def test_what_is_no_journal_moves_nothing(root: Path, journal: str) -> None:
    (root / JOURNAL).write_bytes(journal.encode(errors="surrogateescape"))
    before = files(root)
    (problem,) = finish(root, JOURNAL)
    assert str(problem.at) == f"{JOURNAL}:1:1"
    assert files(root) == before


# ---- files removed -------------------------------------------------------------------------------

MOVED = {
    "entities/a.yml": None,
    "entities/c.yml": b"a",
    "seeds/lamp/seal.json": None,
    "seeds/oil/seal.json": b"S",
}
AFTER = {"entities/b.yml": b"b", "entities/c.yml": b"a", "seeds/oil/seal.json": b"S"}


def test_files_are_moved_and_a_folder_that_held_nothing_else_is_gone(root: Path) -> None:
    assert replace_files(root, CHANGE, MOVED | {"entities/none.yml": None}) == tuple(MOVED)
    assert contents(root) == {"entities": "/", "seeds": "/", "seeds/oil": "/"} | AFTER


def test_a_folder_that_holds_something_else_stays(root: Path) -> None:
    (root / "seeds/lamp/.mine").write_bytes(b"m")
    replace_files(root, CHANGE, MOVED)
    assert files(root) == AFTER | {"seeds/lamp/.mine": b"m"}


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_folders_made_for_what_was_not_written_are_gone(
    root: Path, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(root)
    with monkeypatch.context() as patch:
        stop_at(1, error, patch)  # the journal's own rename
        with pytest.raises(type(error)):
            replace_files(root, CHANGE, MOVED | {"new/below/x.yml": b"x"})
    assert contents(root) == before


@pytest.mark.parametrize("error", [OSError(errno.EACCES, "Permission denied"), KeyboardInterrupt()])
@pytest.mark.parametrize(
    ("call", "number", "done"),
    [
        ("replace", 2, 0),
        ("replace", 3, 1),
        ("unlink", 1, 2),
        ("unlink", 2, 3),
        ("unlink", 3, 4),
        ("rmdir", 1, 4),
    ],
)
def test_nothing_old_is_removed_before_all_that_is_new_stands(
    root: Path, error: BaseException, call: str, number: int, done: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(root)
    do, left = getattr(Path, call), [number]

    def failing(self: Path, *arguments: object, **more: object) -> object:
        left[0] -= 1
        if left[0] == 0:
            raise error
        return do(self, *arguments, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Path, call, failing)
        with pytest.raises(CutShort) as told:
            replace_files(root, CHANGE, MOVED)
    assert f"; {done} of 4 files are replaced" in told.value.problem.message
    held = [data for data in files(root).values() if data in (b"a", b"s", b"S")]
    assert b"a" in held
    assert b"s" in held or b"S" in held
    assert finish(root, CHANGE) == ()
    if done:
        assert contents(root) == {"entities": "/", "seeds": "/", "seeds/oil": "/"} | AFTER
    else:
        assert contents(root) == before, "nothing was done, and that is what it goes back to"


def test_what_a_killed_run_left_beside_the_files_is_swept(root: Path) -> None:
    beside(root / "entities/gone.yml").write_bytes(b"half")
    replace_files(root, JOURNAL, NEW)
    assert files(root) == dict(sorted((OLD | NEW).items()))
