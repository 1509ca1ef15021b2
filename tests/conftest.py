"""What every test may use: the example wiki, and the option to write what is expected anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from build_tools.cli import main
from tests.islands import Wiki, lay_out

MakeWiki = Callable[..., Wiki]
Run = Callable[..., tuple[int, str, str]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write tests/example_pages, the example's seals and the cases' expected.txt anew; then read the diff",
    )


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
