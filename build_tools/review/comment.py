"""A review as Markdown for a comment: bounded, and with no text of the change outside of code.

GitHub makes links, mentions, references, emoji, formulas and HTML of what stands in a comment, but for
what stands in code spans and fences. A span or fence is longer than any run of its mark inside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from build_tools.excerpt import printable
from build_tools.review.verdict import Finding, Review

MARKER = "<!-- wiki review -->"  # by its first line the comment is found again
# In characters; GitHub takes 65,536 in all.
MOST_OF_A_LIST = 10_000
MOST_OF_A_TEXT = 300
MOST_OF_THE_MEANING = 20_000


def comment(review: Review, *, commit: str = "", run: str = "", doubtful: bool = False) -> str:
    """The comment on a review; `commit` and the address `run` of its log are ours, not the change's.

    The report is `doubtful` where the change alters the check that made it.
    """
    lines = [MARKER, f"**{_verdict(review)}**", ""]
    if doubtful:
        lines += [
            "This change alters its own check (or too many files to tell): do not rely on this report.",
            "",
        ]
    lines += [f"{count(review.files, 'file')} changed{_what_is_code(review)}.", ""]
    lines += _list("Refused", review.refused, "Nothing of the change was read further. ")
    lines += _list("To mend", review.findings, "")
    lines += _asks(review.asks)
    if review.known:
        verb = "is" if review.known == 1 else "are"
        lines += [f"{count(review.known, 'problem')} that the base has already {verb} not counted here.", ""]
    if review.left_out:
        lines += [f"{review.left_out:,} more are in none of these lists.", ""]
    if review.meaning.strip():
        lines += ["<details open><summary>What the change means</summary>", ""]
        lines += [fenced(review.meaning, MOST_OF_THE_MEANING), "", "</details>", ""]
    if commit:
        lines += [f"Commit {commit[:12]}" + (f", [log and preview]({run})" if run else "") + ".", ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def span(text: str, most: int = MOST_OF_A_TEXT) -> str:
    """The text as a code span: on one line, shortened, whatever cannot be seen escaped."""
    shown = printable(text)
    shown = shown if len(shown) <= most else f"{shown[: most - 1]}…"
    if not shown.strip():
        return ""
    fence = "`" * (_longest_run(shown) + 1)
    edge = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{edge}{shown}{edge}{fence}"


def fenced(text: str, most: int) -> str:
    """The text as a block of code, line by line, shortened at the end of a line."""
    lines: list[str] = []
    size = 0
    given = text.split("\n")
    for number, line in enumerate(given):
        shown = printable(line)
        size += len(shown) + 1
        if size > most:
            lines.append(f"… and {count(len(given) - number, 'more line', 'more lines')}")
            break
        lines.append(shown)
    body = "\n".join(lines).rstrip("\n")
    fence = "`" * max(3, _longest_run(body) + 1)
    return f"{fence}text\n{body}\n{fence}"


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _verdict(review: Review) -> str:
    if review.refused:
        return "This change is refused as it is"
    if not review.findings:
        return "No new problems"
    errors = sum(finding.severity == "error" for finding in review.findings)
    warnings = len(review.findings) - errors
    parts = [count(errors, "new error")] if errors else []
    parts += [count(warnings, "new warning")] if warnings else []
    return " and ".join(parts)


def _what_is_code(review: Review) -> str:
    if not review.code:
        return ", all of them records or pages" if not review.refused else ""
    named = ", ".join(span(path, 100) for path in review.code[:5])
    more = f" and {len(review.code) - 5} more" if len(review.code) > 5 else ""
    verb = "is" if len(review.code) == 1 else "are"
    return f"; {named}{more} {verb} neither record nor page, and tested apart"


def _list(title: str, findings: Sequence[Finding], note: str) -> Iterator[str]:
    if not findings:
        return
    yield f"### {title}"
    yield ""
    yield from _first(_row(finding) for finding in findings)
    if note:
        yield note.strip()
        yield ""


def _row(finding: Finding) -> str:
    place = f"{finding.path}:{finding.line}:{finding.column}"
    warning = "warning, " if finding.severity == "warning" else ""
    mend = f"<br>{span(finding.hint)}" if finding.hint.strip() else ""
    return f"- {span(place)} {warning}{span(finding.code)}<br>{span(finding.message)}{mend}"


def _asks(asks: Sequence[str]) -> Iterator[str]:
    if asks:
        yield "### For an editor to see to"
        yield ""
        yield from _first(f"- {span(ask)}" for ask in asks)


def _first(rows: Iterable[str]) -> Iterator[str]:
    """The first rows as a list, as many as there is room for, and how many more there are."""
    size = more = 0
    for row in rows:
        size += len(row)
        if size <= MOST_OF_A_LIST:
            yield row
        else:
            more += 1
    if more:
        yield f"- … and {more:,} more"
    yield ""
