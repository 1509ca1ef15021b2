"""Python looks for garbage where there may be some, and does not look through records."""

from __future__ import annotations

import gc
import subprocess
import sys
import weakref

from build_tools.garbage import all_kept


class Knot:
    """Garbage that points to itself, as soon as nobody else does."""

    def __init__(self) -> None:
        self.itself = self


def test_what_was_made_meanwhile_is_looked_through_last() -> None:
    gc.collect()
    with all_kept():
        assert not gc.isenabled()
        knot = weakref.ref(Knot())
    assert gc.isenabled()
    gc.collect(1)
    assert knot() is not None
    gc.collect(2)
    assert knot() is None


def test_who_did_not_look_before_does_not_look_after() -> None:
    gc.disable()
    try:
        with all_kept():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_at_the_end_nobody_looks() -> None:
    code = (
        "import build_tools.garbage as g\nclass A:\n  def __del__(self): print('looked')\ng.look_seldom()\n"
    )
    code += "a = A(); a.itself = a; del a"
    for end, said in (("", ""), ("; import gc; gc.collect()", "looked\n")):
        done = subprocess.run([sys.executable, "-c", code + end], capture_output=True, text=True, check=True)
        assert done.stdout == said
