"""What MkDocs calls in the builds that this package drives: their configurations name this file.

Such a build makes a share of a site, which is told in a file beside its configuration.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import jinja2
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from build_tools.compiled_templates import CompiledTemplates
from build_tools.conversion.extension import convert_here
from build_tools.garbage import look_seldom
from build_tools.site.rendering import SHARE


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Pages are converted here where that is sure to make the same of them."""
    look_seldom()
    convert_here(config)
    return config


def on_env(environment: jinja2.Environment, config: MkDocsConfig, files: Files) -> jinja2.Environment:
    """The theme's templates are kept compiled."""
    environment.bytecode_cache = CompiledTemplates()
    return environment


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """All files are in sight; to be made are those of the share, and the theme's if that has them."""
    share = json.loads(Path(config.config_file_path).with_name(SHARE).read_bytes())
    made = frozenset(share["made"])

    def in_sight() -> Iterator[File]:
        for file in files:
            of_theme = file.src_dir != config.docs_dir
            is_made = share["surroundings"] if of_theme else file.src_uri in made
            yield file if is_made else elsewhere(file.src_uri)
        yield from map(elsewhere, share["in_sight"])

    def elsewhere(path: str) -> File:
        return _Elsewhere(path, config.docs_dir, config.site_dir, config.use_directory_urls)

    return Files(in_sight())


class _Elsewhere(File):
    """A file that can be linked to, and is made elsewhere."""

    def is_modified(self) -> bool:
        """It never is, so that `mkdocs build --dirty` passes over it."""
        return False
