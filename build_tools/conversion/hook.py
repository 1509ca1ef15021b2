"""What MkDocs calls in the builds that this package drives: their configurations name this file."""

from __future__ import annotations

from mkdocs.config.defaults import MkDocsConfig

from build_tools.conversion.extension import convert_here
from build_tools.garbage import look_seldom


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Pages are converted here where that is sure to make the same of them."""
    look_seldom()
    convert_here(config)
    return config
