"""A difference as Markdown that may be posted where it was not made: bounded, and all the wiki's words text.

Forges look for mentions, issues and addresses in the text that Markdown has become, so character
references alone do not hold; they look at no `<code>`. An address of mail is found even there by GitHub's
dialect (cmark-gfm, extension autolink): a zero-width space behind the @ keeps it from being one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

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
from build_tools.report import printable

MOST = 50_000  # characters: a comment on GitHub may have 65,536
_MOST_IN_LIST = 20
_MOST_IN_LINE = 600
_SPECIAL = re.compile(r"[^\w\s]|_", re.ASCII)
_MARKS = {How.ADDED: "➕ ", How.REMOVED: "➖ "}


def markdown(difference: Difference, most: int = MOST) -> str:
    """The difference in at most so many characters; what has no room is counted."""
    head = f"{code(difference.old)} → {code(difference.new)}: {summary(difference)}\n"
    tail = "".join(_tail(difference))
    before = "".join(_listed("Could not be read", list(unread_lines(difference))))
    room = most - len(head) - len(before) - len(tail) - 200
    return f"{head}{before}{''.join(_groups(difference, room))}{tail}"


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
        for number, lines in enumerate(group_lines(group)):
            text = ("\n" if number == 0 else "") + "".join(map(_item, lines))
            if left_groups or (shown == number and len(text) > room) or shown < number:
                break
            room -= len(text)
            shown += 1
            yield text
        left = 1 + len(group.things) - shown
        left_groups += left > 0
        left_things += min(left, len(group.things))
    if left_groups:
        yield (
            f"\n… and {left_things} more in {left_groups} record{'' if left_groups == 1 else 's'}: "
            "`wiki diff` shows them\n"
        )


def _tail(difference: Difference) -> Iterator[str]:
    yield from _listed("New problems", list(problem_lines(difference.new_problems, How.ADDED)))
    yield from _listed("Problems gone", list(problem_lines(difference.gone_problems, How.REMOVED)))
    yield from _listed("Addresses of the site", list(page_lines(difference)), folded=True)


def _listed(title: str, lines: Sequence[Line], *, folded: bool = False) -> Iterator[str]:
    """A titled list of so many lines, and how many more there are."""
    if not lines:
        return
    yield f"\n<details><summary>{title}: {len(lines)}</summary>\n\n" if folded else f"\n**{title}**\n\n"
    yield from map(_item, lines[:_MOST_IN_LIST])
    if len(lines) > _MOST_IN_LIST:
        yield f"- … and {len(lines) - _MOST_IN_LIST} more\n"
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
        most = min(left, _MOST_IN_LINE // 2)
        text = span.text
        if len(text) > most:
            text = f"{text[: most * 2 // 3]} … {text[len(text) - most // 3 :]}"
        left -= len(text)
        yield Span(text, span.ours, span.how)
