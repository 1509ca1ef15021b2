"""What all pages hang on is told from the configuration, its parents, the theme and the navigation."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from build_tools.site.frame import Frame, read_frame

CONFIGURATION = """\
INHERIT: parent.yml
site_name: Ferries
nav:
  - index.md
  - About: about.md
"""
PARENT = """\
site_url: !ENV [HARBOUR, ""]
plugins: []
theme: {name: material, custom_dir: theme}
markdown_extensions: [attr_list, {toc: {permalink: "#"}}, pymdownx.superfences]
"""
FILES = {
    "mkdocs.yml": CONFIGURATION,
    "parent.yml": PARENT,
    "theme/main.html": "{% for item in nav %}{% endfor %}",
    "pages/index.md": '---\ntitle: "Home"\n---\n\nWelcome.\n',
    "pages/about.md": "# About\n\nIt was made up.\n",
    "pages/other.md": "# Other\n",
}


def frame(root: Path, files: Mapping[str, str] | None = None, **environment: str) -> Frame:
    for path, text in {**FILES, **(files or {})}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return read_frame(root / "mkdocs.yml", root / "pages", environment)


def test_pages_can_be_rendered_apart_where_nothing_else_is_in_play(tmp_path: Path) -> None:
    found = frame(tmp_path)
    assert found.apart
    assert found.named == {"index.md", "about.md"}
    assert found.spoken == {"index.md": b'---\ntitle: "Home"\n---\n'}
    assert found.theme == tmp_path / "theme"


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("mkdocs.yml", "Ferries", "Boats"),
        ("parent.yml", "permalink", "anchorlink"),
        ("theme/main.html", "item", "each"),
        ("pages/index.md", "Home", "Quay"),
        ("pages/about.md", "# About", "---\nicon: boat\n---\n# About"),
    ],
)
def test_a_change_of_what_all_pages_show_changes_it(path: str, old: str, new: str, tmp_path: Path) -> None:
    before = frame(tmp_path)
    assert frame(tmp_path, {path: FILES[path].replace(old, new)}).digest != before.digest


@pytest.mark.parametrize(
    ("path", "text"),
    [("pages/index.md", "\nMore.\n"), ("pages/about.md", "\nMore.\n"), ("pages/other.md", "!")],
)
def test_a_change_that_only_one_page_shows_does_not(path: str, text: str, tmp_path: Path) -> None:
    before = frame(tmp_path)
    assert frame(tmp_path, {path: FILES[path] + text}) == before


def test_what_the_configuration_asks_of_the_environment_counts(tmp_path: Path) -> None:
    before = frame(tmp_path)
    assert frame(tmp_path, HARBOUR="https://skarn.example/").digest != before.digest
    assert frame(tmp_path, OTHER="x").digest == before.digest


def test_a_title_that_only_the_whole_page_tells_makes_all_of_it_count(tmp_path: Path) -> None:
    nav = CONFIGURATION.replace("About: about.md", "about.md")
    before = frame(tmp_path, {"mkdocs.yml": nav})
    assert before.spoken["about.md"] == FILES["pages/about.md"].encode()
    assert frame(tmp_path, {"mkdocs.yml": nav, "pages/about.md": "# About us\n"}).digest != before.digest


@pytest.mark.parametrize(
    "files",
    [
        {"parent.yml": PARENT.replace("plugins: []", "plugins: [tags]")},
        {"parent.yml": PARENT.replace("plugins: []\n", "")},
        {"parent.yml": PARENT.replace("attr_list", "pymdownx.snippets")},
        {"parent.yml": PARENT.replace("name: material", "name: another")},
        {"parent.yml": f"{PARENT}hooks: [hook.py]\n"},
        {"parent.yml": f"{PARENT}exclude_docs: /other.md\n"},
        {"parent.yml": f"{PARENT}INHERIT: mkdocs.yml\n"},
        {"mkdocs.yml": "nav: [index.md\n"},
        {"mkdocs.yml": CONFIGURATION.partition("nav:")[0]},
        {"mkdocs.yml": "- index.md\n"},
        {"mkdocs.yml": CONFIGURATION.replace("parent.yml", "nowhere.yml")},
        {"theme/main.html": "{% for page in pages %}{% endfor %}"},
    ],
    ids=str,
)
def test_where_pages_may_hang_on_each_other_none_is_rendered_apart(
    files: Mapping[str, str], tmp_path: Path
) -> None:
    assert not frame(tmp_path, files).apart
