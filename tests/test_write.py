"""Whoever looks at build/ sees the old tree or the new one, whole, whatever stops the writer."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from build_tools import write
from build_tools.addresses import OutputFile
from build_tools.cli import main
from build_tools.problems import Code, Location, Problem
from build_tools.write import Busy, cannot_write, opened_lock, put_tree, write_files, writing
from tests.conftest import MakeWiki
from tests.islands import PROJECT, Wiki, contents, standing

A_PROBLEM = Problem(Location("a.md"), Code.SITE_BUILD, "no", "mend it")
CHANGED = "entities/people/ada-brook.yml"


def files(**texts: str) -> tuple[OutputFile, ...]:
    return tuple(OutputFile(f"{name}.md", text.encode()) for name, text in texts.items())


def put(build: Path, **texts: str) -> None:
    with writing(build):
        put_tree(build / "pages", write_files(files(**texts), build / "pages"))


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A build folder in which pages stand: a, b and sub/c."""
    folder = tmp_path / "build"
    put(folder, **{"a": "one", "b": "two", "sub/c": "three"})
    return folder


def leavings(build: Path) -> list[str]:
    lasting = {"pages", "site", ".cache", ".pages.spare", ".site.spare"}
    return sorted({path.name for path in build.iterdir()} - lasting)


# ---- trees ---------------------------------------------------------------------------------------


def test_a_tree_is_what_was_put_there_and_nothing_else(build: Path) -> None:
    put(build, a="one", new="four")
    assert contents(build / "pages") == {"a.md": b"one", "new.md": b"four"}
    assert leavings(build) == [".lock"]


def test_an_unchanged_file_keeps_its_inode_and_time(build: Path) -> None:
    os.utime(build / "pages/a.md", (1_000, 1_000))
    os.utime(build / "pages/b.md", (1_000, 1_000))
    before = (build / "pages/a.md").stat()
    put(build, a="one", b="TWO")
    after = (build / "pages/a.md").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert (build / "pages/b.md").stat().st_mtime_ns != before.st_mtime_ns
    assert contents(build / "pages") == {"a.md": b"one", "b.md": b"TWO"}


def test_a_file_may_become_a_folder_and_a_folder_a_file(build: Path) -> None:
    with writing(build):
        put_tree(
            build / "pages",
            write_files((OutputFile("a.md/x.md", b"x"), OutputFile("sub", b"y")), build / "pages"),
        )
    assert contents(build / "pages") == {"a.md": "/", "a.md/x.md": b"x", "sub": b"y"}


def test_where_links_cannot_be_made_files_are_copied(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    put(build, a="one", b="TWO")
    assert contents(build / "pages") == {"a.md": b"one", "b.md": b"TWO"}


@pytest.mark.parametrize("known", [True, False], ids=["one call", "two renames"])
def test_a_folder_in_the_place_of_the_tree_is_replaced_by_either_way(
    known: bool, build: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not known:
        monkeypatch.setattr(write, "_renameat2", lambda one, other: False)
    put(build, z="last")
    assert contents(build / "pages") == {"z.md": b"last"}
    assert leavings(build) == [".lock"]


def test_problems_leave_the_old_tree_and_nothing_else(build: Path) -> None:
    before = contents(build)

    def fill(folder: Path) -> tuple[Problem, ...]:
        (folder / "half.md").write_text("half")
        return (A_PROBLEM,)

    with writing(build):
        assert put_tree(build / "pages", fill) == (A_PROBLEM,)
    assert contents(build) == before


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt(), RuntimeError("bug")], ids=repr
)
def test_whatever_is_raised_leaves_the_old_tree_and_nothing_else(error: BaseException, build: Path) -> None:
    before = contents(build)

    def fill(folder: Path) -> tuple[Problem, ...]:
        (folder / "half.md").write_text("half")
        raise error

    with pytest.raises(type(error)), writing(build):
        put_tree(build / "pages", fill)
    assert contents(build) == before


def test_an_interruption_between_the_two_renames_is_mended_by_the_next_writer(
    build: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(build / "pages")
    rename = Path.rename

    def only_the_first(path: Path, target: Path) -> Path:
        if path.name == ".pages.new":
            raise KeyboardInterrupt
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(write, "_renameat2", lambda one, other: False)
        patch.setattr(Path, "rename", only_the_first)
        with pytest.raises(KeyboardInterrupt):
            put(build, z="last")
    assert not (build / "pages").exists()
    with writing(build):
        assert contents(build / "pages") == before
    assert leavings(build) == [".lock"]


def test_leavings_of_an_interrupted_writer_are_swept(build: Path) -> None:
    before = contents(build / "pages")
    for name in (".pages.new", ".pages.old", ".site.new"):
        (build / name / "deep").mkdir(parents=True)
        (build / name / "deep" / "x").write_text("x")
    with writing(build):
        pass
    assert leavings(build) == [".lock"]
    assert contents(build / "pages") == before


def test_only_one_writes_at_a_time(build: Path) -> None:
    with writing(build), pytest.raises(Busy), writing(build):
        pytest.fail("two hold the lock")
    with writing(build):
        pass  # it is free again


# ---- a build that is killed ----------------------------------------------------------------------

KILLED = """
import os, sys
from pathlib import Path
from build_tools import cli, spare_tree, write

root, point, count = sys.argv[1], sys.argv[2], int(sys.argv[3])

def stop():
    os.write(1, b"stopped\\n")  # at once, of whatever thread
    sys.stdin.read()  # until the kill

if point == "file":
    real, calls = os.fsync, []
    def fsync(number):
        calls.append(number)
        if len(calls) > count:
            os.ftruncate(number, 1)
            stop()
        real(number)
    os.fsync = fsync
elif point == "before the exchange":
    spare_tree.exchange = lambda new, target: stop()
elif point == "after the exchange":
    exchange = write.exchange
    def then_stop(new, target):
        exchange(new, target)
        stop()
    spare_tree.exchange = then_stop
else:
    write._renameat2 = lambda one, other: False
    rename = Path.rename
    def then_stop(path, target):
        done = rename(path, target)
        if path.name == "pages":
            stop()
        return done
    Path.rename = then_stop
sys.exit(cli.main(["--root", root, "build", "--pages-only"]))
"""
POINTS = [
    ("file", 0),
    ("file", 1),
    ("file", 2),
    ("before the exchange", 0),
    ("after the exchange", 0),
    ("renames", 0),
]


@pytest.mark.parametrize(("point", "count"), POINTS)
def test_kill_9_leaves_the_old_tree_or_the_new_one(
    point: str, count: int, wiki: MakeWiki, capsys: pytest.CaptureFixture[str]
) -> None:
    here = wiki()
    build = here.root / "build"
    assert main(["--root", str(here.root), "build", "--pages-only"]) == 0
    old = contents(build / "pages")
    here.change(CHANGED, "name: Ada Brook", "name: Ada Brooke\nalso: [{name: Ada Brook, kind: spelling}]")
    new = here.pages()
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, str(here.root), point, str(count)],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"stopped\n"
        os.kill(process.pid, signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    found = contents(build / "pages")
    if point == "after the exchange":
        assert files_of(found) == new
    elif point == "renames":
        assert contents(build / ".pages.old") == old, "nothing is lost; the next writer puts it back"
    else:
        assert found == old
    assert len(leavings(build)) == 1 + (point == "renames"), "the lock, and the old tree on its way"
    assert main(["--root", str(here.root), "build", "--pages-only"]) == 0
    assert files_of(contents(build / "pages")) == new
    assert leavings(build) == [".lock"]


def files_of(tree: dict[str, bytes | str]) -> dict[str, bytes]:
    """The files that are compiled; others' fonts and scripts, laid beside them, are always the same."""
    others = ("assets/fonts", "assets/vendor/")
    return {
        path: data for path, data in tree.items() if isinstance(data, bytes) and not path.startswith(others)
    }


GENERATOR = """
import os
os.write(int(os.environ["STARTED"]), b"x")
os.read(int(os.environ["GO_ON"]), 1)
"""


def test_while_the_site_generator_of_a_killed_build_still_writes_nobody_else_does(
    wiki: MakeWiki, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = wiki()
    fake = Wiki(tmp_path / "fake").put({"mkdocs/__init__.py": "", "mkdocs/__main__.py": GENERATOR})
    (started, says_started), (goes_on, go_on) = os.pipe(), os.pipe()
    environment = {"PYTHONPATH": str(fake.root), "STARTED": str(says_started), "GO_ON": str(goes_on)}
    with subprocess.Popen(
        [sys.executable, "-m", "build_tools", "--root", str(here.root), "build"],
        cwd=PROJECT,
        env=os.environ | environment,
        pass_fds=(says_started, goes_on),
    ) as process:
        os.close(says_started)
        os.close(goes_on)
        assert os.read(started, 1) == b"x"  # the generator is at work
        os.kill(process.pid, signal.SIGKILL)
    assert main(["--root", str(here.root), "build", "--pages-only"]) == 1
    assert "[locked]" in capsys.readouterr().out
    os.close(go_on)
    os.close(started)
    with (here.root / "build" / ".lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until it has ended
    assert main(["--root", str(here.root), "build", "--pages-only"]) == 0


def test_what_is_started_before_the_lock_is_taken_holds_it_too(build: Path) -> None:
    with (
        opened_lock(build) as lock,
        subprocess.Popen(["cat"], stdin=subprocess.PIPE, close_fds=False) as started,
    ):
        with writing(build):
            pass  # as long as it is not taken, others may
        with writing(build, lock):
            lock.close()
            with pytest.raises(Busy), writing(build):
                pass
            assert started.stdin is not None
            started.stdin.close()
        started.wait()
        with writing(build):
            pass


def test_no_module_of_the_wikis_folder_is_run(wiki: MakeWiki, capsys: pytest.CaptureFixture[str]) -> None:
    here = wiki({f"{name}.py": "raise SystemExit('run')" for name in ("mkdocs", "yaml", "json", "markdown")})
    (here.root / "docs/assets").mkdir()
    assert main(["--root", str(here.root), "build"]) == 1
    assert "run" not in capsys.readouterr().out.split()


# ---- builds that cannot write --------------------------------------------------------------------


def wiki_build(root: Path, *, limit: int | None = None) -> subprocess.CompletedProcess[str]:
    """`wiki build --pages-only` in a process of its own, in which no file may grow beyond the limit."""

    def restrict() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        [sys.executable, "-m", "build_tools", "--root", str(root), "build", "--pages-only"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=restrict,
    )


def assert_refused(done: subprocess.CompletedProcess[str], code: Code) -> None:
    assert done.returncode == 1
    assert f"[{code}]" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.fixture
def built(wiki: MakeWiki) -> Wiki:
    """The example, built, and then changed on every page, so that all must be written anew."""
    here = wiki()
    assert main(["--root", str(here.root), "build", "--pages-only"]) == 0
    return here.change("wiki.yml", "branch: main", "branch: next")


def test_a_limit_on_the_size_of_files_leaves_the_old_build(built: Wiki) -> None:
    before = standing(built.root / "build")
    done = wiki_build(built.root, limit=4096)
    assert_refused(done, Code.CANNOT_WRITE)
    assert "File too large" in done.stdout
    assert standing(built.root / "build") == before


def test_a_first_build_that_cannot_be_written_leaves_no_pages(wiki: MakeWiki) -> None:
    here = wiki()
    assert_refused(wiki_build(here.root, limit=4096), Code.CANNOT_WRITE)
    assert standing(here.root / "build") == {".lock": b""}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[Path], None]]:
    """Mounts a disk of 2 MB on a folder, if the system lets this user."""
    mounted: list[Path] = []

    def mount(folder: Path) -> None:
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
        if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
            pytest.skip("a disk of its own can be mounted by root only")
        mounted.append(folder)

    yield mount
    for folder in mounted:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_leaves_the_old_build(wiki: MakeWiki, small_disk: Callable[[Path], None]) -> None:
    here = wiki()
    small_disk(here.root / "build")
    assert wiki_build(here.root).returncode == 0
    here.change("wiki.yml", "branch: main", "branch: next")
    with (here.root / "build" / "ballast").open("wb", buffering=0) as ballast, contextlib.suppress(OSError):
        while ballast.write(bytes(4096)):
            pass
    before = standing(here.root / "build")
    done = wiki_build(here.root)
    assert_refused(done, Code.CANNOT_WRITE)
    assert "No space left on device" in done.stdout
    assert standing(here.root / "build") == before
    (here.root / "build" / "ballast").unlink()
    assert wiki_build(here.root).returncode == 0


def test_a_full_disk_while_linking_is_no_reason_to_copy(build: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    before = contents(build)
    monkeypatch.setattr(os, "link", full)
    with pytest.raises(OSError, match="full"):
        put(build, a="one")
    assert contents(build) == before


def test_a_file_in_the_place_of_the_build_folder_is_kept(wiki: MakeWiki) -> None:
    here = wiki({"build": "mine"})
    done = wiki_build(here.root)
    assert_refused(done, Code.CANNOT_WRITE)
    assert done.stdout.startswith("build:1:1: [cannot-write] ")
    assert here.text("build") == "mine"


def test_a_folder_that_may_not_be_written_is_left_as_it_is(built: Wiki) -> None:
    folder = built.root / "build"
    before = standing(folder)
    if os.geteuid() == 0:  # whom permissions do not bind
        made = subprocess.run(["chattr", "+i", str(folder)], capture_output=True, check=False)
        if made.returncode:
            pytest.skip("the file system knows no immutable folders, and root is not bound by permissions")
    else:
        folder.chmod(0o500)
    try:
        done = wiki_build(built.root)
    finally:
        if os.geteuid() == 0:
            subprocess.run(["chattr", "-i", str(folder)], check=True)
        else:
            folder.chmod(0o700)
    assert_refused(done, Code.CANNOT_WRITE)
    assert standing(folder) == before


def test_a_second_build_is_turned_away_and_changes_nothing(built: Wiki) -> None:
    before = standing(built.root)
    with (built.root / "build" / ".lock").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = wiki_build(built.root)
    assert_refused(done, Code.LOCKED)
    assert done.stdout.startswith("build/.lock:1:1: [locked] ")
    assert standing(built.root) == before
    assert wiki_build(built.root).returncode == 0


def test_two_builds_at_once_leave_one_whole_tree(built: Wiki) -> None:
    command = [sys.executable, "-m", "build_tools", "--root", str(built.root), "build", "--pages-only"]
    both = [
        subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate() for process in both]
    assert 0 in [process.returncode for process in both]
    for process, (out, err) in zip(both, said, strict=True):
        assert not err
        assert process.returncode == 0 or "[locked]" in out
    assert files_of(contents(built.root / "build" / "pages")) == built.pages()
    assert leavings(built.root / "build") == [".lock"]


def test_the_problem_of_a_failed_write_names_the_file_from_the_wikis_root(tmp_path: Path) -> None:
    error = OSError(errno.ENOSPC, "No space left on device", str(tmp_path / "build/pages/a.md"))
    assert str(cannot_write(error, tmp_path).at) == "build/pages/a.md:1:1"
    assert str(cannot_write(OSError(errno.ENOSPC, "full"), tmp_path).at) == "build:1:1"
