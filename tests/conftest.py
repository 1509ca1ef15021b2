"""What every test may use: the example wiki, and the option to write what is expected anew."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from build_tools.cli import main
from tests.islands import Wiki, lay_out

MakeWiki = Callable[..., Wiki]
Run = Callable[..., tuple[int, str, str]]
Once = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(autouse=True)
def _garbage() -> Iterator[None]:
    """Python looks for garbage between tests, however seldom a command that ends with its process would."""
    yield
    gc.set_threshold(200_000, 20, 100)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write tests/example_pages, the example's seals and the cases' expected.txt anew; then read the diff",
    )


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """No workers where files are written anew, as two would meet in them; else as many as xdist takes."""
    return 0 if config.getoption("--update-golden") else None


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Folders that are made once in a run, whichever worker needs them first: `once(name, make)`.

    They are for reading: the tests of several workers may be in them at the same time.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base  # where all workers have theirs

    def folder(name: str, make: Callable[[Path], object]) -> Path:
        made, half = shared / f"once-{name}", shared / f"once-{name}.half"
        with (shared / f"once-{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                shutil.rmtree(half, ignore_errors=True)  # of a worker that could not make it
                half.mkdir()
                make(half)
                half.rename(made)
        return made

    return folder


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """True if what is expected is to be written anew."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture
def wiki(tmp_path: Path) -> MakeWiki:
    """Lays out the example wiki with files over it: `wiki({path: text or bytes})`."""

    def make(files: Mapping[str, str | bytes] | None = None) -> Wiki:
        return lay_out(tmp_path / "wiki", files)

    return make


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process: exit code, output, errors."""

    def call(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as done:  # argparse ends help and wrong usage this way
            code = int(str(done.code))
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return code, out, err

    return call
