"""The page at an address that something had before: it sends readers on, without scripts."""

from __future__ import annotations

import html
import posixpath

from build_tools.addresses import site_address
from build_tools.cite import CitedWiki


def redirect_page(wiki: CitedWiki, path: str, target: str, site_url: str) -> str:
    """A whole page of HTML at `path` that leads to the page `target`; search engines are told the same.

    Browsers do not carry the part after `#` along; the page that readers land on has the claim.
    """
    there = site_address(target)
    link = posixpath.relpath(there, posixpath.dirname(path)) + "/"
    canonical = f"{site_url.rstrip('/')}/{there}" if site_url else link
    link, canonical = html.escape(link), html.escape(canonical)
    name = html.escape(wiki.linked.settings.name.text)
    return f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none'">
<meta http-equiv="refresh" content="0; url={link}">
<meta name="robots" content="noindex">
<link rel="canonical" href="{canonical}">
<title>Moved · {name}</title>
</head>
<body data-pagefind-ignore="all">
<p>This page has moved: <a href="{link}">go to its new address</a>. Claims that stood here stand there.</p>
</body>
</html>
"""
