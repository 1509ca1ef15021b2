"""A compiler from records of entities and sources to a wiki whose every claim is cited and checked."""

__version__ = "0.1.0"
