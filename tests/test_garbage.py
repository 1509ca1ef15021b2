"""Python does not look through records for garbage."""

from __future__ import annotations

import subprocess
import sys


def test_at_the_end_nobody_looks() -> None:
    code = (
        "import build_tools.garbage as g\nclass A:\n  def __del__(self): print('looked')\ng.look_seldom()\n"
    )
    code += "a = A(); a.itself = a; del a"
    for end, said in (("", ""), ("; import gc; gc.collect()", "looked\n")):
        done = subprocess.run([sys.executable, "-c", code + end], capture_output=True, text=True, check=True)
        assert done.stdout == said
