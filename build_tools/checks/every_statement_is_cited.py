"""Whatever the wiki states rests on a passage, and a heading is none to rest on."""

from __future__ import annotations

from collections.abc import Iterator

from build_tools.cite import CitedWiki
from build_tools.link import Statement
from build_tools.problems import Code, Problem
from build_tools.values import PassageKind, Role


def check(wiki: CitedWiki) -> Iterator[Problem]:
    """A problem for each statement without a cite, and for each cite of a heading as support."""
    for group in wiki.statements.values():
        for cited in group:
            statement = cited.statement
            if not statement.cites and not _may_be_cited(statement, wiki):
                message = f"{wiki.linked.names[statement.entity]}: this {statement.kind} cites no seed"
                hint = (
                    f"add `cites: [<seed>#p<n>]`, or remove the {statement.kind}; "
                    '`wiki cite "…"` finds the passage'
                )
                yield Problem(statement.at, Code.UNSOURCED, message, hint)
            for found in cited.cites:
                heading = found.passage is not None and found.passage.kind is PassageKind.HEADING
                if heading and found.cite.role is Role.SUPPORTS:
                    assert found.passage is not None
                    message = f"{found.seed.id}#{found.passage.id} is a heading"
                    hint = "cite the passage that says it; a heading asserts nothing"
                    yield Problem(found.cite.at, Code.HEADING_AS_EVIDENCE, message, hint)


def _may_be_cited(statement: Statement, wiki: CitedWiki) -> bool:
    """True if something of the statement's record could not be read: its cites, perhaps."""
    group = wiki.linked.statements[statement.entity]
    end = min((other.at for other in group if other.at > statement.at), default=None)
    return wiki.linked.faults.between(statement.at, end)
