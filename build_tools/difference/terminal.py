"""A difference for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from build_tools.difference.findings import Difference, How
from build_tools.difference.layout import (
    Line,
    group_lines,
    page_lines,
    problem_lines,
    summary,
    unread_lines,
)
from build_tools.excerpt import printable

MOST_PAGES = 30
_MARKS = {How.ADDED: "+", How.REMOVED: "-"}
_COLOURS = {How.ADDED: "32", How.REMOVED: "31"}
_BOLD = "1"


def terminal(difference: Difference, *, colour: bool) -> str:
    """What differs, a line each; without colours, words taken out stand in [-…-], words put in in {+…+}.

    What a wiki says can start no line of its own and send the terminal no command.
    """
    return "".join(f"{line}\n" for line in _lines(difference, colour))


def _lines(difference: Difference, colour: bool) -> Iterator[str]:
    yield _styled(f"{printable(difference.old)} → {printable(difference.new)}", _BOLD, colour)
    if difference.unread:
        yield from ("", _styled("could not be read", _BOLD, colour))
        yield from (_line(line, colour) for line in unread_lines(difference))
    for group in difference.groups:
        yield ""
        for lines in group_lines(group):
            yield from (_line(line, colour) for line in lines)
    pages = list(page_lines(difference))
    if pages:
        yield from ("", _styled("addresses of the site", _BOLD, colour))
        yield from (_line(line, colour) for line in pages[:MOST_PAGES])
        if len(pages) > MOST_PAGES:
            yield f"  … and {len(pages) - MOST_PAGES} more"
    for title, problems, how in (
        ("new problems", difference.new_problems, How.ADDED),
        ("problems gone", difference.gone_problems, How.REMOVED),
    ):
        if problems:
            yield from ("", _styled(title, _BOLD, colour))
            yield from (_line(line, colour) for line in problem_lines(problems, how))
    yield from ("", summary(difference))


def _line(line: Line, colour: bool) -> str:
    mark = _MARKS.get(line.how, " ") if line.how else " "
    text = "".join(_spans(line, colour))
    style = _BOLD if line.depth == 0 else _COLOURS.get(line.how) if line.how else None
    margin = {0: "", 1: f"  {mark} "}.get(line.depth, "  " * (line.depth + 1))
    return _styled(f"{margin}{text}", style, colour)


def _spans(line: Line, colour: bool) -> Iterable[str]:
    arrow = any(span.ours and span.text == " → " for span in line.spans)
    for span in line.spans:
        text = printable(span.text)
        if span.how is None or (arrow and not colour):
            yield text
        elif colour:
            yield _styled(text, _COLOURS[span.how], colour)
        else:
            yield f"[-{text}-]" if span.how is How.REMOVED else f"{{+{text}+}}"


def _styled(text: str, style: str | None, colour: bool) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if colour and style and text else text
