"""Templates that are kept compiled."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest

from build_tools import compiled_templates
from build_tools.compiled_templates import CompiledTemplates


class Runs:
    """Renders a template by one new environment after another, as runs do, and counts what they compile."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.compiled = folder, 0
        compile_ = jinja2.Environment.compile

        def counted(environment: jinja2.Environment, *given: object, **named: object) -> object:
            self.compiled += 1
            return compile_(environment, *given, **named)  # type: ignore[call-overload]

        monkeypatch.setattr(jinja2.Environment, "compile", counted)

    def shown(self, template: str = "{{ 6 * 7 }} ferries") -> str:
        loader = jinja2.DictLoader({"it": template})
        environment = jinja2.Environment(
            loader=loader, autoescape=True, bytecode_cache=CompiledTemplates(self.folder)
        )
        return environment.get_template("it").render()


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runs:
    return Runs(tmp_path / "compiled", monkeypatch)


def test_a_template_is_compiled_once(runs: Runs) -> None:
    assert [runs.shown(), runs.shown()] == ["42 ferries", "42 ferries"]
    assert runs.compiled == 1


def test_a_template_that_changed_is_compiled_again(runs: Runs) -> None:
    runs.shown()
    assert runs.shown("{{ 1 + 1 }} ferries") == "2 ferries"
    assert runs.compiled == 2


@pytest.mark.parametrize("name", ["compiler", "programs"])
def test_what_another_version_compiled_is_not_believed(
    runs: Runs, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs.shown()
    monkeypatch.setattr(compiled_templates, name, lambda: "another")
    assert runs.shown() == "42 ferries"
    assert runs.compiled == 2


def test_what_was_damaged_is_not_believed(runs: Runs) -> None:
    runs.shown()
    (kept,) = runs.folder.iterdir()
    data = kept.read_bytes()
    for damaged in (data[:-1] + bytes([data[-1] ^ 1]), data[:40], b""):
        kept.write_bytes(damaged)
        assert runs.shown() == "42 ferries"
    assert runs.compiled == 4


def test_where_nothing_can_be_kept_it_is_compiled_each_time(runs: Runs) -> None:
    runs.folder.write_text("a file where the folder belongs")
    assert [runs.shown(), runs.shown()] == ["42 ferries", "42 ferries"]
    assert runs.compiled == 2
