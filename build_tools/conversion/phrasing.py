"""A line of text with links, tags and character references."""

from __future__ import annotations

import re

from build_tools.conversion.tags import Unknown

# What may mean something to Markdown inside a line, whatever stands around it.
_MARKS = r"<>&*_`\\\[\]{}|"
_REFERENCE = r"&#[0-9]++;"
_LINK = re.compile(
    rf"\[(?<!!\[)((?:[^{_MARKS}\n]++|{_REFERENCE})*+)\]"
    r"""\(((?:[^\s()<>\[\]{}"'`\\*|&]++|&(?!#))++)"""
    rf'(?: "((?:[^{_MARKS}\n"()]++|{_REFERENCE})*+)")?\)'
    r"(?:\{:((?: \.[A-Za-z0-9-]++)++) \})?"
)
_TAGS = "span|strong|em|q|br|mark"
_PLAIN = re.compile(
    rf"(?:[^{_MARKS}]++|{_REFERENCE}"
    rf'|<(?:/(?:{_TAGS})|(?:{_TAGS})(?: [a-z][a-z0-9-]*+(?:="[^"<>\[\]{{}}`\\*|\n]*+")?+)*+)>)*+'
)
_STRONG = re.compile(r"(?:^|(?<=[ \n]))\*\*(?=[^\s*])([^*]*+)(?<=[^\s*])\*\*(?=[ \n]|$)")
_SPACE = re.compile(r"\s")


class Html:
    """HTML as it is put together: pieces of text, of which some are addresses still to be resolved."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.links: list[int] = []  # which pieces are addresses as the page writes them

    def line(self, text: str) -> None:
        """Text of a block is put out; raises Unknown."""
        if "*" in text:
            text, many = _STRONG.subn(r"<strong>\1</strong>", text)
            if many > 1:
                raise Unknown
        pieces, links, plain = self.pieces, self.links, _PLAIN.fullmatch
        put = pieces.append
        parts = _LINK.split(text)
        first = parts[0]
        if not plain(first):
            raise Unknown
        put(first)
        for at in range(1, len(parts), 5):
            label, href, title, css, rest = parts[at : at + 5]
            if not plain(rest):
                raise Unknown
            put(f'<a class="{css[2:].replace(" .", " ")}" href="' if css else '<a href="')
            links.append(len(pieces))
            put(href)
            put(f'">{label}</a>{rest}' if title is None else f'" title="{_title(title)}">{label}</a>{rest}')


def _title(text: str) -> str:
    """The title of a link."""
    title = text.strip()
    if title[:1] == "'":  # which Python-Markdown may take for a mark about the title
        raise Unknown
    return title if title.isprintable() else _SPACE.sub(" ", title)
