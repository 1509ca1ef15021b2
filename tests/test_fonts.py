"""Fonts cut down to the letters in use, and what comes from npm's packages."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from build_tools.addresses import OutputFile
from build_tools.cli import main
from build_tools.packages import read_package
from build_tools.pages.fonts import ALWAYS, SHEET, font_files, letters
from build_tools.report import terminal
from build_tools.site import vendor
from build_tools.site.vendor import vendored
from tests.islands import lay_out


def page(text: str) -> OutputFile:
    return OutputFile("a.md", text.encode())


def fresh(_: str, make: Callable[[], bytes]) -> bytes:
    return make()


def cut_quickly(source: bytes, wanted: frozenset[str], weights: tuple[int, int]) -> bytes:
    """What passes for a whole font, and differs with what it is made of."""
    body = repr((len(source), sorted(wanted), weights)).encode()
    return b"wOF2" + bytes(4) + (12 + len(body)).to_bytes(4, "big") + body


def characters(font: bytes) -> set[str]:
    return set(map(chr, TTFont(io.BytesIO(font)).getBestCmap()))


def test_the_letters_of_the_pages_are_counted_as_they_are_shown() -> None:
    found = letters([page("Ch&#x45;ck &#1178; ş"), OutputFile("data/wiki.json", "漢".encode())])
    assert found - ALWAYS == {"Қ"}


def test_a_font_holds_the_letters_in_use_and_no_others() -> None:
    used = frozenset("Şırnak, Düşünce, Straße, Яна Орехова")
    files = {file.path: file.data for file in font_files(used, read_package, fresh)}
    sheet = files.pop(SHEET).decode()
    held = {path: characters(data) for path, data in files.items()}
    for family in ("source-serif-4", "source-sans-3"):
        upright = [chars for path, chars in held.items() if family in path and "normal" in path]
        assert set("ŞırnakDüşüncßeЯнОхв") <= set().union(*upright)
    assert not set().union(*held.values()) - used
    assert all(f"url(fonts/{path.rpartition('/')[2]})" in sheet for path in files)
    for rule in sheet.splitlines():
        name = re.search(r"url\(fonts/([^)]+)\)", rule)
        ranges = re.search(r"unicode-range:([^}]+)", rule)
        assert name is not None
        assert ranges is not None
        said = {
            chr(code)
            for part in ranges[1].split(",")
            for code in range(int(part[2:].split("-")[0], 16), int(part[2:].split("-")[-1], 16) + 1)
        }
        assert held[f"assets/fonts/{name[1]}"] <= said <= used


def test_a_wiki_without_a_script_has_no_font_for_it() -> None:
    paths = [file.path for file in font_files(frozenset("Plain"), read_package, fresh)]
    assert not [path for path in paths if "cyrillic" in path or "greek" in path]
    assert [path for path in paths if "latin-normal" in path]


def test_equal_letters_give_equal_bytes() -> None:
    once, again = (font_files(frozenset("Equal"), read_package, fresh) for _ in range(2))
    assert once == again


def test_a_font_keeps_the_weights_in_use() -> None:
    files = font_files(frozenset("w"), read_package, fresh)
    font = TTFont(io.BytesIO(next(file.data for file in files if "serif-4-latin-normal" in file.path)))
    assert [(axis.axisTag, axis.minValue, axis.maxValue) for axis in font["fvar"].axes] == [
        ("wght", 400, 700)
    ]


def test_what_was_cut_is_kept_and_a_damaged_copy_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vendor, "CACHE", tmp_path)
    monkeypatch.setattr("build_tools.pages.fonts._cut", cut_quickly)
    first, _ = vendored([page("Plain")])
    kept = sorted(tmp_path.iterdir())
    assert kept
    kept[0].write_bytes(kept[0].read_bytes()[:-7])
    kept[1].write_bytes(b"no font")
    assert vendored([page("Plain")])[0] == first
    monkeypatch.setattr("build_tools.pages.fonts._cut", lambda *_: pytest.fail("it was kept"))
    assert vendored([page("Plain")])[0] == first


def test_a_cache_that_cannot_be_written_only_costs_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vendor, "CACHE", tmp_path / "file" / "fonts")
    monkeypatch.setattr("build_tools.pages.fonts._cut", cut_quickly)
    (tmp_path / "file").write_text("in the way")
    files, problems = vendored([page("Plain")])
    assert not problems
    assert files


@pytest.mark.parametrize("package", ["@fontsource-variable/source-serif-4", "cytoscape"])
def test_a_package_that_is_not_installed_is_named_with_what_to_do(
    package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = read_package
    monkeypatch.setattr(vendor, "read_package", lambda path: None if path.startswith(package) else real(path))
    files, problems = vendored([page("Plain")])
    assert not files
    assert terminal(problems) == (
        f"package-lock.json:1:1: [missing-file] the npm package `{package}` is not installed\n"
        "    run `make setup` in the folder of the compiler\n"
    )
    wiki = lay_out(tmp_path / "wiki")
    assert main(["--root", str(wiki.root), "build"]) == 1
    assert package in capsys.readouterr().out
    assert not (wiki.root / "build" / "pages").exists()
