"""A difference as Markdown that may be posted where it was not made: bounded, and all the wiki's words text.

Forges look for mentions, issues and addresses in the text that Markdown has become, so character
references alone do not hold; they look at no `<code>`. An address of mail is found even there by GitHub's
dialect (cmark-gfm, extension autolink): a zero-width space behind the @ keeps it from being one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from build_tools.amounts import amount
from build_tools.difference.findings import Difference, How
from build_tools.difference.layout import (
    Line,
    Span,
    group_lines,
    page_lines,
    problem_lines,
    summary,
    unread_lines,
)
from build_tools.excerpt import printable

MOST = 50_000  # characters: a comment on GitHub may have 65,536
_MOST_IN_LIST = 20
_MOST_IN_LINE = 600
_MOST_IN_NAME = 100
_REST = 200  # characters: the titles and the counts of what is left out
_MARKS = {How.ADDED: "➕ ", How.REMOVED: "➖ "}


def markdown(difference: Difference, most: int = MOST) -> str:
    """The difference in at most so many characters (of 10,000 or more); what has no room is counted."""
    names = " → ".join(code(_cut(name, _MOST_IN_NAME)) for name in (difference.old, difference.new))
    head = f"{names}: {summary(difference)}\n"
    room = most // 8  # for each list beside the groups, which have what is left
    before = _listed("Could not be read", list(unread_lines(difference)), room)
    after = (
        *_listed("New problems", list(problem_lines(difference.new_problems, How.ADDED)), room),
        *_listed("Problems gone", list(problem_lines(difference.gone_problems, How.REMOVED)), room),
        *_listed("Addresses of the site", list(page_lines(difference)), room, folded=True),
    )
    around = "".join((head, *before)), "".join(after)
    groups = _groups(difference, most - sum(map(len, around)) - _REST)
    return f"{around[0]}{''.join(groups)}{around[1]}"


def code(text: str) -> str:
    """Text that stays text wherever it is posted."""
    encoded = re.sub(r"[ -/:-@\[-`{-~]", _reference, printable(text))
    return f"<code>{encoded}</code>" if encoded.strip() else encoded


def _reference(match: re.Match[str]) -> str:
    character = match.group()
    if character == " ":
        return character
    return f"&#{ord(character)};" + ("&#8203;" if character == "@" else "")


def _groups(difference: Difference, room: int) -> Iterator[str]:
    """The groups as far as there is room, then how many things of how many groups have none."""
    left_things = left_groups = 0
    for group in difference.groups:
        shown = 0
        for lines in group_lines(group) if not left_groups else ():
            text = "".join(_items(lines))
            if len(text) > room:
                break
            room -= len(text)
            shown += 1
            yield text
        left = 1 + len(group.things) - shown
        left_groups += left > 0
        left_things += min(left, len(group.things))
    if left_groups:
        yield (f"\n… and {left_things:,} more in {amount(left_groups, 'record')}: `wiki diff` shows them\n")


def _items(lines: Sequence[Line]) -> Iterator[str]:
    """The lines of a thing, as many as are read at a glance, and how many more there are."""
    yield "\n" if lines[0].depth == 0 else ""
    yield from map(_item, lines[:_MOST_IN_LIST])
    if len(lines) > _MOST_IN_LIST:
        yield f"{'  ' * (lines[-1].depth - 1)}- … and {len(lines) - _MOST_IN_LIST} more\n"


def _listed(title: str, lines: Sequence[Line], room: int, *, folded: bool = False) -> Iterator[str]:
    """A titled list of so many lines, and how many more there are."""
    if not lines:
        return
    yield f"\n<details><summary>{title}: {len(lines)}</summary>\n\n" if folded else f"\n**{title}**\n\n"
    room -= _REST
    shown = 0
    for text in map(_item, lines[:_MOST_IN_LIST]):
        if len(text) > room:
            break
        room -= len(text)
        shown += 1
        yield text
    if len(lines) > shown:
        yield f"- … and {len(lines) - shown} more\n"
    if folded:
        yield "\n</details>\n"


def _item(line: Line) -> str:
    mark = _MARKS.get(line.how, "") if line.how else ""
    text = "".join(map(_span, _shortened(line.spans)))
    if line.depth == 0:
        return f"{mark}**{text}**\n\n"
    return f"{'  ' * (line.depth - 1)}- {mark}{text}\n"


def _span(span: Span) -> str:
    if span.ours:
        return span.text
    text = code(span.text)
    if span.how is None or not span.text.strip():
        return text
    tag = "del" if span.how is How.REMOVED else "ins"
    return f"<{tag}>{text}</{tag}>"


def _shortened(spans: Iterable[Span]) -> Iterator[Span]:
    """The spans, long ones without their middle, as far as a line goes."""
    left = _MOST_IN_LINE
    for span in spans:
        if left <= 0:
            yield Span(" …", ours=True)
            return
        text = _cut(span.text, min(left, _MOST_IN_LINE // 2))
        left -= len(text)
        yield Span(text, span.ours, span.how)


def _cut(text: str, most: int) -> str:
    """The text, without its middle if it is longer than that."""
    return text if len(text) <= most else f"{text[: most * 2 // 3]} … {text[len(text) - most // 3 :]}"
