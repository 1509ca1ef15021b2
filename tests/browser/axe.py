"""axe-core, an engine that finds breaches of WCAG in a page, brought into the page from node_modules."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.islands import PROJECT

SOURCE = PROJECT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OF_COLOURS = ["color-contrast", "link-in-text-block"]  # the rules that a scheme of colours can break
_RUN = "only => axe.run(document, {runOnly: only, resultTypes: ['violations'], preload: false})"


def breaches(page: Page, only: list[str] | None = None) -> list[str]:
    """What is wrong with the page as it stands, in WCAG 2.0 to 2.2, A and AA, and by good practice; or by
    some rules only."""
    if not SOURCE.is_file():
        pytest.fail("no axe-core in node_modules: run `make setup`", pytrace=False)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(SOURCE.read_text(encoding="utf-8"))  # not by a <script>, which the policy refuses
    asked = {"type": "rule", "values": only} if only else {"type": "tag", "values": TAGS}
    found: dict[str, Any] = page.evaluate(_RUN, asked)
    return [
        f"{breach['id']}: {breach['help']}: {node['html'][:200]}"
        for breach in found["violations"]
        for node in breach["nodes"]
    ]
