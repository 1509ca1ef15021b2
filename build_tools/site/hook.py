"""What MkDocs calls in the builds that this package drives: their configurations name this file.

Such a build makes a share of a site. It is told the folder that it shall work in, as JSON, on its standard
input: pages may be in `pages` there, the share is written down there, and `site` is what it makes. If it is
started before anybody knows, it gets ready meanwhile.
"""

from __future__ import annotations

import json
import select
import sys
from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from build_tools.conversion.extension import convert_here
from build_tools.garbage import look_seldom
from build_tools.site.kept_theme import KeptTheme
from build_tools.site.process import MADE
from build_tools.site.rendering import SHARE


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """It is known what to make, and where; or else the process ends. Pages are converted here where that is
    sure to make the same of them, and the theme's templates are kept compiled."""
    look_seldom()
    convert_here(config)
    config.theme = theme = KeptTheme(config.theme)
    if not select.select([sys.stdin], [], [], 0)[0]:
        theme.read_all()
    line = sys.stdin.readline()
    if not line:
        raise SystemExit(0)
    folder = Path(json.loads(line))
    config.docs_dir = json.loads((folder / SHARE).read_bytes())["pages"]
    config.site_dir = str(folder / "site")
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """All files are in sight; to be made are those of the share, and the theme's if that has them."""
    share = json.loads(Path(config.site_dir).with_name(SHARE).read_bytes())
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


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Whoever started this is told that a page is made."""
    print(MADE, flush=True)
    return output


class _Elsewhere(File):
    """A file that can be linked to, and is made elsewhere."""

    def is_modified(self) -> bool:
        """It never is, so that `mkdocs build --dirty` passes over it."""
        return False
