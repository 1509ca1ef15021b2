"""`wiki schema`."""

from __future__ import annotations

import argparse

from build_tools.addresses import OutputFile
from build_tools.commands import SOUND
from build_tools.commands.reporting import report
from build_tools.schema import schema_texts
from build_tools.write import cannot_write, put_tree, write_files


def run(options: argparse.Namespace) -> int:
    """Writes the JSON Schemas of the records."""
    folder = options.root.resolve() / "schema"
    files = [OutputFile(name, text.encode()) for name, text in schema_texts().items()]
    try:
        put_tree(folder, write_files(files, folder))
    except OSError as error:
        return report((cannot_write(error, options.root.resolve()),), options)
    print(f"schema: {len(files)} files")
    return SOUND
