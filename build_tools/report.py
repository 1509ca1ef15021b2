"""Problems as text for terminals, for GitHub's annotations, and as JSON."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from build_tools.problems import Problem, Severity

Style = Callable[[Iterable[Problem]], str]


def terminal(problems: Iterable[Problem]) -> str:
    """Two lines a problem: `path:line:column: [code] message`, and the repair indented below it.

    What a file says can start no line of its own and send the terminal no command.
    """
    lines: list[str] = []
    for problem in problems:
        note = "warning: " if problem.severity is Severity.WARNING else ""
        lines.append(f"{problem.at}: [{problem.code}] {note}{problem.message}")
        if problem.hint:
            lines.append(f"    {problem.hint}")
    return "".join(f"{printable(line)}\n" for line in lines)


def printable(text: str) -> str:
    """The text with every character escaped that is none to be seen."""
    # Spaces other than U+0020 count as unprintable, but a title may hold one.
    return "".join(
        c if c.isprintable() or unicodedata.category(c) == "Zs" else c.encode("unicode_escape").decode()
        for c in text
    )


def github(problems: Iterable[Problem]) -> str:
    """A workflow command a problem, which GitHub shows beside the line of the change.

    Escapes are those of GitHub's "Workflow commands for GitHub Actions": a value can end neither
    its field nor its line.
    """
    return "".join(
        f"::{problem.severity} file={_property(problem.at.path)},line={problem.at.line},"
        f"col={problem.at.column},title={_property(str(problem.code))}::"
        f"{_data(problem.message + (chr(10) + problem.hint if problem.hint else ''))}\n"
        for problem in problems
    )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_json(problems: Iterable[Problem]) -> str:
    """A list of objects: path, line, column, code, severity, message, hint."""
    return json.dumps([as_row(problem) for problem in problems], ensure_ascii=False, indent=2) + "\n"


def as_row(problem: Problem) -> dict[str, str | int]:
    """A problem as an object of JSON."""
    return {
        "path": problem.at.path,
        "line": problem.at.line,
        "column": problem.at.column,
        "code": str(problem.code),
        "severity": str(problem.severity),
        "message": problem.message,
        "hint": problem.hint,
    }


STYLES: Mapping[str, Style] = MappingProxyType({"text": terminal, "github": github, "json": as_json})


def summary(problems: Iterable[Problem], set_aside: int = 0) -> str:
    """How many errors and warnings there are: `2 errors, 1 warning`, or `no problems`; and the waived."""
    counts = dict.fromkeys(Severity, 0)
    for problem in problems:
        counts[problem.severity] += 1
    parts = [f"{count} {severity}{'' if count == 1 else 's'}" for severity, count in counts.items() if count]
    waived = f" ({set_aside} set aside by waivers.yml)" if set_aside else ""
    return (", ".join(parts) or "no problems") + waived
