"""A theme of MkDocs whose templates are read once, and compiled once for all runs."""

from __future__ import annotations

import contextlib

from jinja2 import Environment, FileSystemLoader, TemplateError
from mkdocs.theme import Theme

from build_tools.compiled_templates import CompiledTemplates


class KeptTheme(Theme):
    """A theme that makes its environment once; that is half of the time that a page takes."""

    def __init__(self, theme: Theme) -> None:
        vars(self).update(vars(theme))
        self._kept: Environment | None = None

    def get_env(self) -> Environment:
        """The environment of the first call."""
        if self._kept is None:
            self._kept = super().get_env()
            self._kept.loader = _Loader(self.dirs)
            self._kept.bytecode_cache = CompiledTemplates()
        return self._kept

    def read_all(self) -> None:
        """All templates of pages are at hand; of one that cannot be read it is told when it is asked for."""
        environment = self.get_env()
        for name in environment.list_templates(extensions=["html"]):
            with contextlib.suppress(TemplateError, OSError, UnicodeDecodeError):
                environment.get_template(name)


class _Loader(FileSystemLoader):
    """Lists its files once, and without the thousands of icons, which stand in a hidden folder: MkDocs
    copies nothing that is hidden."""

    _listed: list[str] | None = None

    def list_templates(self) -> list[str]:
        if self._listed is None:
            self._listed = [path for path in super().list_templates() if not path.startswith(".")]
        return self._listed
