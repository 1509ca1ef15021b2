"""linkml-reference-validator beside the compiler, on the same quotations, in an environment of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from bench.measure import Case

NAME, VERSION = "linkml-reference-validator", "0.4.0"


def install(folder: Path) -> Path:
    """The Python of an environment that has the rival; raises OSError or CalledProcessError."""
    home = folder / f"{NAME}-{VERSION}"
    python = home / "bin" / "python"
    if not (home / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
        install = [str(python), "-m", "pip", "install", "-qq", "--no-input", f"{NAME}=={VERSION}"]
        subprocess.run(install, check=True)
        (home / "ready").touch()
    return python


def answers(python: Path, cases: Iterable[Case]) -> tuple[bool, ...]:
    """For each case whether the rival accepts it, with the text of the passage.

    It knows an ellipsis only as three full stops, so it is given that form throughout.
    """
    lines = "".join(json.dumps([case.passage.text, case.words.replace("…", "...")]) + "\n" for case in cases)
    driver = Path(__file__).parent / "rival_driver.py"
    done = subprocess.run(
        [str(python), str(driver)], input=lines, stdout=subprocess.PIPE, text=True, check=True
    )
    return tuple(line == "1" for line in done.stdout.split())
