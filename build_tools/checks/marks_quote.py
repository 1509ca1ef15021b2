"""Quotation marks in a sentence of ours mean what they mean everywhere: these are the source's words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from build_tools.cite import CitedStatement, CitedWiki
from build_tools.evidence import can_be_asked, prose_of
from build_tools.problems import Code, Problem
from build_tools.prose import Prose
from build_tools.quotes import find_quote
from build_tools.records import Quote
from build_tools.seal import LEAST_WORDS
from build_tools.text import folded

_MARKED = re.compile(
    "\u201c([^\u201c\u201d]+)\u201d|\u201e([^\u201e\u201c\u201d]+)[\u201c\u201d]"
    '|\u00ab([^\u00ab\u00bb]+)\u00bb|\u00bb([^\u00ab\u00bb]+)\u00ab|(?<!\\w)"([^"]+)"(?!\\w)'
)

_MARKS = re.compile('[\u201c\u201e\u00ab\u00bb"]')  # that open a quotation


def check(wiki: CitedWiki) -> Iterator[Problem]:
    """A problem for words in quotation marks that no cited passage has, and for marks around a whole text."""
    for group in wiki.statements.values():
        for cited in group:
            prose, record = prose_of(cited), cited.statement.record
            if prose is not None:
                yield from _check(cited, prose)
            elif isinstance(record, Quote) and _MARKED.fullmatch(record.text.text):
                hint = "delete the marks: the page sets its own around a quotation"
                message = "quotation marks around the whole quotation"
                yield Problem(record.text.at, Code.NEEDLESS_MARKS, message, hint)


def _check(cited: CitedStatement, prose: Prose) -> Iterator[Problem]:
    for match in _MARKED.finditer(prose.source) if _MARKS.search(prose.source) else ():
        place = prose.place(match.start())
        if not prose.source[: match.start()].strip() and not prose.source[match.end() :].strip(" ."):
            message = "quotation marks around the whole text"
            hint = 'delete them: the text is in our own words; and for YAML, marks are straight: `"…"`'
            yield Problem(place, Code.NEEDLESS_MARKS, message, hint)
            continue
        said = match.group()[1:-1]
        if len(folded(said)) < LEAST_WORDS or not can_be_asked(cited):
            continue  # a name, or a word held at arm's length; or nothing is known of what is cited
        found = [(c.seed, c.passage) for c in cited.cites if c.passage is not None]
        if not any(find_quote(said, seed, passage) for seed, passage in found):
            places = " or ".join(dict.fromkeys(f"{seed.id}#{passage.id}" for seed, passage in found))
            message = f"words in quotation marks that do not stand in {places}"
            hint = "between the marks, write the passage's own words to the letter; a paraphrase has no marks"
            yield Problem(place, Code.QUOTE_NOT_FOUND, message, hint)
