"""What the parts of the repository promise each other."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from build_tools import hubs
from build_tools.addresses import LISTS, SPREAD
from build_tools.compiler import compile_wiki
from build_tools.load import load
from build_tools.pages import render
from build_tools.report import terminal
from tests.islands import EXAMPLE, PROJECT, lay_out_project
from tests.rendered import _Settings
from tests.test_cli import COMMANDS

CODE = sorted((PROJECT / "build_tools").rglob("*.py"))
TEMPLATES = sorted((PROJECT / "build_tools/pages/templates").iterdir())


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_a_line_in_the_readme(command: tuple[str, ...]) -> None:
    readme = (PROJECT / "README.md").read_text()
    assert re.search(rf"^\| `wiki {' '.join(command)}\b", readme, re.M)


def test_the_readme_names_no_command_that_is_not_there() -> None:
    readme = (PROJECT / "README.md").read_text()
    named = set(re.findall(r"^\| `wiki ((?:seed )?[a-z]+)", readme, re.M))
    assert named == {" ".join(command) for command in COMMANDS}


def test_every_module_stands_in_the_table_of_the_compiler() -> None:
    """But for a command's and a rule's: those are found by their names in their folders."""
    told = (PROJECT / "build_tools/README.md").read_text()
    lines = told.splitlines()
    for path in CODE:
        own = path.relative_to(PROJECT / "build_tools")
        if path.stem.startswith("__") or own.parts[0] in ("commands", "checks"):
            continue
        name = rf"(?<![\w/]){re.escape(path.name)}"
        if len(own.parts) == 1:
            assert re.search(name, told), own
        else:  # a row names the folder once, and then what is in it
            assert any(f"{own.parts[0]}/" in line and re.search(rf"\b{path.name}", line) for line in lines), (
                own
            )


def test_the_projects_own_records_have_no_problem() -> None:
    assert terminal(compile_wiki(*load(PROJECT)).problems) == ""


# ---- the compiler knows nothing of the subject -----------------------------------------------------

# Names that are also words: an alias such as `EU` or `Bishkek` is no doubt; these would be.
WORDS = {"north", "south", "west", "east", "centre"}


def names_of_the_subject() -> set[str]:
    sources, _ = load(PROJECT)
    found: set[str] = set()
    for file in (*sources.entities, *(file for file in sources.seeds if file.path.endswith("seed.yml"))):
        found.add(file.stem if "entities/" in file.path else file.folder)
        found |= set(re.findall(r"^name: \"?([^\"\n]+)", file.data.decode(), re.M))
        found |= set(re.findall(r"\{name: \"?([^\",}]+)", file.data.decode()))
    return {name.casefold() for name in found if len(name) > 3} - WORDS


def test_nothing_of_the_subject_is_in_the_compiler() -> None:
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(names_of_the_subject())))})(?!\w)")
    assert len(names_of_the_subject()) > 100
    for path in (*CODE, *TEMPLATES, PROJECT / "build_tools/README.md"):
        text = path.read_text().casefold()
        if path.name in ("capture.py", "text.py", "yaml_tree.py", "seal.py"):
            text = text.replace("turkish", "")  # letters, not the country
        found = {match.group() for match in pattern.finditer(text)}
        assert found == set(), path.name


# ---- the house -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_whatever_is_public_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name


def test_no_module_is_named_for_nothing() -> None:
    forbidden = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
    assert not {path.stem for path in (*CODE, *(PROJECT / "tests").rglob("*.py"))} & forbidden


def test_the_stages_import_along_the_arrows() -> None:
    order = [
        "problems",
        "values",
        "records",
        "load",
        "validate",
        "link",
        "cite",
        "checks",
        "pages",
        "compiler",
        "site",
    ]
    for path in CODE:
        own = path.parent.name if path.parent != PROJECT / "build_tools" else path.stem
        if own in order:
            imported = set(re.findall(r"^from build_tools\.(\w+)", path.read_text(), re.M)) & set(order)
            late = {name for name in imported if order.index(name) > order.index(own)}
            assert not late, f"{own} imports {late}"


def test_only_the_edges_touch_disk_clock_and_network() -> None:
    pure = {
        "validate",
        "link",
        "cite",
        "render",
        "export",
        "compiler",
        "views",
        "inline",
        "prose",
        "text",
        "seal",
        "dates",
        "values",
        "records",
        "shape",
        "yaml_tree",
        "problems",
        "report",
        "evidence",
        "find",
        "capture",
        "drift",
        "renew",
        "yaml_edit",
        "comments",
        "layout",
        "rename",
        "draft",
        "compare",
        "data",
        "entities",
        "fields",
        "findings",
        "markdown",
        "pairing",
        "settings",
        "terminal",
        "translation",
        "wording",
    }
    forbidden = re.compile(
        r"^(?:import|from) (?:os|pathlib|datetime|time|random|socket|urllib\.request|http|subprocess|shutil)\b"
        r"|\bopen\(|\.read_text\(|\.read_bytes\(|\.write_", re.M
    )  # fmt: skip
    for path in CODE:
        if path.stem in pure or path.parent.name == "checks":
            assert not forbidden.search(path.read_text()), path.name
    network = re.compile(r"^(?:import|from) (?:socket|urllib\.request|http\.client|requests|httpx)\b", re.M)
    for path in CODE:
        # serve/server.py listens, to this machine alone; its own tests say so.
        assert not network.search(path.read_text()) or path.stem in ("external_links", "server"), path.name


def test_every_template_is_used_and_every_used_template_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "ROOM", 1)  # so that a page has no room for all that links to it
    assert compile_wiki(*load(EXAMPLE)).files
    cache = render._environment().cache
    assert cache is not None
    assert {name for _, name in list(cache)} == {path.name for path in TEMPLATES}


# ---- mkdocs.yml ------------------------------------------------------------------------------------


def mkdocs() -> dict[str, object]:
    import yaml

    settings: dict[str, object] = yaml.load((PROJECT / "mkdocs.yml").read_text(), Loader=_Settings)
    return settings


def test_every_kind_of_entity_is_in_the_navigation_by_its_index_only() -> None:
    folders = re.findall(r"^    folder: (\S+)", (PROJECT / "wiki.yml").read_text(), re.M)
    settings = mkdocs()
    nav, hidden = str(settings["nav"]), str(settings["not_in_nav"]).split()
    assert folders
    for folder in (*folders, "seeds"):
        assert f"'{folder}/index.md'" in nav
        assert f"/{folder}/*.md" in hidden
    for name, _, _ in LISTS:
        assert f"'{name}.md'" in nav or name == "search"  # the head of every page leads to the search
    lists = [f"/{name}/*.md" for name, _, _ in LISTS if name in SPREAD]
    # The page of a hub leads to the rest of what links to it.
    assert hidden[len(folders) :] == ["/seeds/*.md", *lists, "/search.md", "/*/*/links-*.md", "/*/index/*.md"]


def test_mkdocs_is_as_strict_as_it_can_be() -> None:
    settings = mkdocs()
    assert settings["strict"] is True
    validation = settings["validation"]
    assert isinstance(validation, dict)
    assert {key for group in validation.values() for key in group.values()} == {"warn"}
    assert set(validation["nav"]) == {"omitted_files", "not_found", "absolute_links"}
    assert set(validation["links"]) == {"not_found", "absolute_links", "unrecognized_links", "anchors"}


def test_the_site_asks_no_other_host_for_anything() -> None:
    text = (PROJECT / "mkdocs.yml").read_text()
    theme = mkdocs()["theme"]
    assert isinstance(theme, dict)
    assert theme["font"] is False
    assert "https://" not in re.sub(r"#.*|^repo_url:.*$", "", text, flags=re.M)
    for sheet in (PROJECT / "docs/assets").rglob("*.css"):
        assert not re.search(r"@import|url\(\s*['\"]?(?:https?:)?//", sheet.read_text()), sheet.name


def test_the_fork_of_mkdocs_builds_the_same_pages(tmp_path: Path) -> None:
    wiki = lay_out_project(tmp_path)
    build = [sys.executable, "-m", "build_tools", "--root", str(wiki.root), "build", "--pages-only"]
    assert subprocess.run(build, cwd=PROJECT, capture_output=True, check=False).returncode == 0
    fork = [
        sys.executable,
        "-m",
        "properdocs",
        "build",
        "--strict",
        "-f",
        "mkdocs.yml",
        "-d",
        str(tmp_path / "fork"),
    ]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(fork, cwd=wiki.root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(list((tmp_path / "fork").rglob("index.html"))) > 50


# ---- what the repository holds ---------------------------------------------------------------------


def test_nothing_generated_is_kept_and_no_text_of_a_source() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=False
    ).stdout.split()
    assert not [path for path in listed if path.startswith((".attached/", "build/", ".venv/"))]
    ignored = (PROJECT / ".gitignore").read_text().split()
    assert {"/build/", "/.attached/", "/.venv/"} <= set(ignored)
    texts = [path for path in (PROJECT / "seeds").rglob("*") if path.is_file()]
    assert {path.name for path in texts} == {"seed.yml", "passages.yml", "seal.json"}


def test_the_readme_has_no_blank_left_to_fill() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        assert not re.search(r"@[A-Z]+@|TODO|FIXME", (PROJECT / name).read_text()), name
