"""`wiki schema`."""

from __future__ import annotations

import argparse

from build_tools.addresses import OutputFile
from build_tools.commands import SOUND
from build_tools.commands.reporting import report
from build_tools.live_schema import LIVE, live_schema_texts
from build_tools.load import load
from build_tools.schema import schema_texts
from build_tools.validate import validate
from build_tools.write import Busy, busy, cannot_write, put_tree, write_files, writing


def run(options: argparse.Namespace) -> int:
    """Writes the JSON Schemas of the records; with `--live`, those that know the wiki's own ids."""
    root = options.root.absolute()
    texts = schema_texts()
    if options.live:
        sources, loading = load(root)
        records, problems = validate(sources, loading)
        if records is None:
            return report((*loading, *problems), options)
        texts = live_schema_texts(records)
    name = LIVE if options.live else "schema"
    files = [OutputFile(name, text.encode()) for name, text in texts.items()]
    try:
        with writing(root / "build"):
            put_tree(root / name, write_files(files, root / name))
    except Busy:
        return report((busy(root),), options)
    except OSError as error:
        return report((cannot_write(error, root),), options)
    print(f"{name}: {len(files)} files")
    return SOUND
