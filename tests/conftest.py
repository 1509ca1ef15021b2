"""What every test may use: the example wiki, and the option to write what is expected anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.islands import Wiki, lay_out

MakeWiki = Callable[..., Wiki]


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
