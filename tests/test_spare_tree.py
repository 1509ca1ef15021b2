"""A large tree is renewed at the cost of what changed, and whatever became of its spare, it is what was put."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from build_tools import spare_tree, write
from build_tools.addresses import OutputFile
from build_tools.site import pages_folder
from build_tools.site.pages_folder import Pages, put_pages
from build_tools.spare_tree import list_tree, stands
from build_tools.write import writing
from tests.islands import contents

FIRST = {"a.md": "one", "b.md": "two", "sub/c.md": "three", "sub/deep/d.md": "four"}
SECOND = {"a.md": "one", "b.md": "TWO", "sub/c.md": "three", "e/f.md": "five", "sub/deep": "a file now"}


def put(build: Path, texts: dict[str, str]) -> Pages:
    files = [OutputFile(path, text.encode()) for path, text in texts.items()]
    return put_pages(build / "pages", files, build / ".cache" / "pages")


def tree(texts: dict[str, str]) -> dict[str, bytes]:
    return {path: text.encode() for path, text in texts.items()}


def pages(build: Path) -> dict[str, bytes]:
    return {path: data for path, data in contents(build / "pages").items() if isinstance(data, bytes)}


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A build folder with pages, a spare of them that differs, and a record."""
    put(tmp_path, {"a.md": "one", "gone.md": "gone"})
    put(tmp_path, FIRST)
    return tmp_path


def test_what_does_not_change_is_the_very_file_in_both_trees(build: Path) -> None:
    before = list_tree(build / "pages").files
    put(build, SECOND)
    now, spare = list_tree(build / "pages").files, list_tree(build / ".pages.spare").files
    assert pages(build) == tree(SECOND)
    assert spare == before
    assert {path for path in now if now[path] == before.get(path)} == {"a.md", "sub/c.md"}


def test_where_nothing_changes_nothing_is_touched_and_nothing_read(
    build: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = list_tree(build)
    monkeypatch.setattr("build_tools.site.pages_folder.digest", lambda path: pytest.fail(f"{path} was read"))
    put(build, FIRST)
    assert list_tree(build) == before


def test_many_files_are_written_by_several_processes(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one of them leaves undone, the one that started them does."""
    here, asked = os.getpid(), build / "asked"

    class Fails:
        path, digest = "sub/e.md", "another"

        @property
        def data(self) -> bytes:
            asked.mkdir(exist_ok=True)
            if os.getpid() != here:
                raise OSError
            return b"five"

    monkeypatch.setattr(pages_folder, "_LEAST", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    others = [OutputFile(f"sub/{name}", name.encode()) for name in "abcfgh"]
    put_pages(build / "pages", [*others, Fails()], build / ".cache" / "pages")
    assert asked.is_dir()
    assert pages(build) == tree({f"sub/{name}": name for name in "abcfgh"} | {"sub/e.md": "five"})


def test_of_files_that_stand_there_the_bytes_are_not_asked_for(build: Path) -> None:
    class Asked(OutputFile):
        @property
        def data(self) -> bytes:
            pytest.fail("it stands there")

    known = {path: OutputFile(path, text.encode()).digest for path, text in FIRST.items()}

    class Told:
        def __init__(self, path: str) -> None:
            self.path, self.digest = path, known[path]

        data = Asked.data

    changed = [Told(path) for path in FIRST if path != "b.md"]
    put_pages(build / "pages", [*changed, OutputFile("b.md", b"TWO")], build / ".cache" / "pages")
    assert pages(build) == tree(FIRST | {"b.md": "TWO"})


def _tear(build: Path) -> None:
    shutil.rmtree(build / ".pages.spare")


def _write(build: Path, path: str, text: str) -> None:
    """Another file is put in the place of one of the spare."""
    (build / ".pages.spare" / path).unlink(missing_ok=True)
    (build / ".pages.spare" / path).write_text(text)


def _file(build: Path) -> None:
    _tear(build)
    (build / ".pages.spare").write_text("a file")


def _link(build: Path) -> None:
    _tear(build)
    (build / ".pages.spare").symlink_to(build / "pages")


def _mix(build: Path) -> None:
    """Folders where files shall be, and files where folders shall be."""
    _tear(build)
    (build / ".pages.spare/b.md/x").mkdir(parents=True)
    (build / ".pages.spare/sub").write_text("no folder")
    (build / ".pages.spare/e").symlink_to(build / "pages/sub")


@pytest.mark.parametrize(
    "harm",
    [
        _tear,
        _file,
        _link,
        _mix,
        lambda build: _write(build, "a.md", "other words"),
        lambda build: _write(build, "stray.md", "stray"),
        lambda build: (build / ".pages.spare/a.md").unlink(),
        lambda build: (build / ".cache/pages").unlink(),
        lambda build: (build / ".cache/pages").write_bytes(b"\0" * 99),
    ],
    ids=[
        "gone",
        "a file",
        "a link",
        "mixed up",
        "changed",
        "added",
        "removed",
        "no record",
        "damaged record",
    ],
)
def test_a_spare_that_somebody_was_at_costs_time_and_no_more(
    build: Path, harm: Callable[[Path], None]
) -> None:
    before = list_tree(build / "pages").files
    harm(build)
    put(build, SECOND)
    now = list_tree(build / "pages").files
    assert {path for path in now if now[path] == before.get(path)} == {"a.md", "sub/c.md"}
    assert contents(build / "pages") == tree(SECOND) | {"e": "/", "sub": "/"}
    put(build, FIRST)
    assert pages(build) == tree(FIRST)


@pytest.mark.parametrize("clock", [0, 1, 4_000_000_000])
def test_a_tree_that_somebody_was_at_is_put_right_whatever_the_clock_says(build: Path, clock: int) -> None:
    (build / "pages/a.md").write_text("ONE")
    (build / "pages/stray.md").write_text("stray")
    (build / "pages/b.md").unlink()
    for path in ("pages", "pages/a.md", "pages/sub"):
        os.utime(build / path, (clock, clock))
    put(build, FIRST)
    assert pages(build) == tree(FIRST)


def test_a_listing_tells_every_change_of_a_tree(build: Path) -> None:
    root = build / "pages"
    known = list_tree(root)
    assert stands(root, known)
    for act, undo in (
        (lambda: (root / "new").mkdir(), lambda: (root / "new").rmdir()),
        (
            lambda: (root / "sub/c.md").rename(root / "sub/x"),
            lambda: (root / "sub/x").rename(root / "sub/c.md"),
        ),
        (lambda: (root / "a.md").write_text("two!"), lambda: None),
    ):
        known = list_tree(root)
        act()
        assert not stands(root, known)
        undo()
    assert not stands(build / "nowhere", known)
    assert not stands(root, spare_tree.Listing({}, {})), "of nothing nothing is known"


class Killed(BaseException):
    """Nothing is done any more."""


STEPS = ("unlink", "rmdir", "mkdir", "link", "fsync", "rename", "replace")


def test_killed_at_any_step_it_leaves_the_old_tree_or_the_new_one(
    build: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = 0
    for known in (True, False):  # the call that exchanges two folders, or two renames
        step = 0
        while True:
            put(build, FIRST)
            with monkeypatch.context() as patch:
                left = [step]

                def counted(name: str, left: list[int] = left) -> Callable[..., object]:
                    real = getattr(os, name)

                    def call(*args: object, **more: object) -> object:
                        if not left[0]:
                            raise Killed
                        left[0] -= 1
                        return real(*args, **more)

                    return call

                for name in STEPS:
                    patch.setattr(os, name, counted(name))
                patch.setattr(spare_tree, "remove", _remove_unless_killed(left))
                if not known:
                    patch.setattr("build_tools.write._renameat2", lambda one, other: False)
                try:
                    put(build, SECOND)
                    break
                except Killed:
                    stopped += 1
            with writing(build):  # the next writer mends what two renames left
                assert pages(build) in (tree(FIRST), tree(SECOND))
                put(build, SECOND)
                assert pages(build) == tree(SECOND)
            step += 1
    assert stopped > 20


def _remove_unless_killed(left: list[int]) -> Callable[[Path], None]:
    """One who is killed clears nothing away."""
    real = write.remove
    return lambda path: real(path) if left[0] else None


def test_where_links_cannot_be_made_files_are_copied(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    before = list_tree(build / "pages").files
    put(build, SECOND)
    assert pages(build) == tree(SECOND)
    assert list_tree(build / "pages").files["a.md"][2] == before["a.md"][2], "of the same age"
    put(build, FIRST)
    assert pages(build) == tree(FIRST)


def test_a_full_disk_leaves_the_old_tree_and_no_spare(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="full"):
        put(build, SECOND)
    assert pages(build) == tree(FIRST)
    assert not (build / ".pages.spare").exists()
