"""On every page one content security policy, which holds: no inline handler or style, no other host."""

from __future__ import annotations

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from tests.browser.conftest import OpenPage
from tests.browser.site import Site

pytestmark = pytest.mark.browser

HANDLERS = re.compile(r"on[a-z]+", re.I)


def test_every_page_has_one_policy_the_same_and_nothing_inline(site: Site) -> None:
    policies = set()
    for path in sorted(site.folder.rglob("*.html")):
        name = path.relative_to(site.folder).as_posix()
        tree = LexborHTMLParser(path.read_text(encoding="utf-8"))
        metas = [
            meta.attributes.get("content") or ""
            for meta in tree.css("meta[http-equiv]")
            if (meta.attributes["http-equiv"] or "").lower() == "content-security-policy"
        ]
        assert len(metas) == 1, name
        policies.update(metas)
        assert not tree.css("style, [style], iframe, object, embed, base"), name
        handlers = [a for node in tree.css("*") for a in node.attributes if HANDLERS.fullmatch(a)]
        assert not handlers, name
    (policy,) = policies
    assert "unsafe" not in policy.replace("'wasm-unsafe-eval'", ""), (
        "WebAssembly, which the search is, and no more"
    )
    assert "http" not in policy


def test_every_page_keeps_to_its_policy_in_the_browser(open_page: OpenPage, site: Site) -> None:
    """That there is no error in the console and no request to another host, `open_page` watches."""
    page = open_page()
    page.add_init_script(
        "addEventListener('securitypolicyviolation', e => console.error(`policy: ${e.violatedDirective}`))"
    )
    for path in site.pages:
        page.goto(site.at(path))
        assert page.locator("meta[http-equiv=Content-Security-Policy]").count() == 1
