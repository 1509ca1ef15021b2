"""Templates kept compiled where Python keeps its modules compiled, so that a run does not begin with that.

They may be deleted or damaged at any time, and are not believed by another version of the compiler or of its
packages. They are code, as compiled modules are: so they stand beside those, never below a wiki.
"""

from __future__ import annotations

from pathlib import Path

from jinja2.bccache import Bucket, BytecodeCache

from build_tools.cache import read_cache, write_cache
from build_tools.versions import compiler, programs

FOLDER = Path(__file__).parent / "__pycache__"


class CompiledTemplates(BytecodeCache):
    """The cache of an environment of templates that is made in one way by one version of this compiler."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._made_by = f"{compiler()}\n{programs()}\n\n".encode()

    def load_bytecode(self, bucket: Bucket) -> None:
        """The bucket has the code of its template if that is kept, and the template is as it was."""
        data = read_cache(self._place(bucket))
        if data is not None and data.startswith(self._made_by):
            bucket.bytecode_from_string(data.removeprefix(self._made_by))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """The code in the bucket is kept, if it can be."""
        write_cache(self._place(bucket), self._made_by + bucket.bytecode_to_string())

    def _place(self, bucket: Bucket) -> Path:
        return self._folder / f"template-{bucket.key}.pyc"
