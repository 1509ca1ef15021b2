"""Every page is valid HTML, by the Nu checker, the hostile ones included; and so are style sheets and drawings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.nu import errors
from tests.browser.site import Site


@pytest.mark.browser
def test_every_page_of_the_site_is_valid(site: Site) -> None:
    assert len(site.pages) > 20
    assert errors(site.folder) == []


@pytest.mark.browser
def test_every_page_of_hostile_records_is_valid(hostile_site: Site) -> None:
    assert errors(hostile_site.folder) == []


def test_the_checker_is_asked_in_earnest(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "bad.css").write_text("a { color: nonsense }", encoding="utf-8")
    (tmp_path / "bad.html").write_text("<!doctype html><title>x</title><p><div></p>", encoding="utf-8")
    found = errors(tmp_path)
    assert any(line.startswith("/bad.html:") for line in found)
    assert any(line.startswith("/assets/bad.css:") for line in found)
