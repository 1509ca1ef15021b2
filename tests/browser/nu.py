"""The Nu HTML checker, from node_modules, on Java."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.islands import PROJECT

JAR = PROJECT / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
# Properties of SVG 2 that the checker's list of CSS lacks; browsers know them.
UNKNOWN = {f"CSS: “{name}”: Property “{name}” doesn't exist." for name in ("paint-order", "vector-effect")}


def errors(folder: Path) -> list[str]:
    """What is no valid HTML or CSS in a folder; style sheets of the theme and of packages aside.

    Warnings are left out: they are opinions, and the checker, which reads files, takes the site's own
    address for another in its policy.
    """
    if os.environ.get("HTML_CHECK") == "none":
        pytest.skip("HTML_CHECK=none: the HTML check is left out")
    java = shutil.which("java")
    if java is None:
        pytest.fail(
            "no Java: `sudo apt-get install default-jre-headless`, or leave it out: HTML_CHECK=none",
            pytrace=False,
        )
    if not JAR.is_file():
        pytest.fail("no vnu-jar in node_modules: run `make setup`", pytrace=False)
    files = sorted(folder.rglob("*.html")) + sorted((folder / "assets").glob("*.css"))
    files += sorted((folder / "assets").rglob("*.svg"))
    command = [java, "-Xss16m", "-jar", str(JAR), "--format", "json", "--errors-only", "--exit-zero-always"]
    command += ["--also-check-css", "--also-check-svg", *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [
        f"{message['url'].partition(str(folder))[2]}:{message.get('lastLine', 0)}: {message['message']}"
        f" {message.get('extract', '')!r}"
        for message in json.loads(done.stderr)["messages"]
        if message["message"] not in UNKNOWN
    ]
