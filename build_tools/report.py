"""Problems as text for terminals, for GitHub's annotations, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from build_tools.amounts import amount
from build_tools.excerpt import excerpt, printable
from build_tools.problems import Code, Location, Problem, Severity

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


def on_terminal(
    problems: Iterable[Problem], line_at: Callable[[Location], str | None], *, width: int, colour: bool
) -> str:
    """As `terminal`, with the line of the file between the two, marked at the place.

    `line_at` gives the line of a place, None where none is to be shown.
    """
    parts: list[str] = []
    for problem in problems:
        head, *rest = terminal([problem]).splitlines()
        line = line_at(problem.at)
        paint = _PAINT[problem.severity] if colour else ""
        code = f"[{problem.code}]"
        parts.append(head.replace(code, _painted(code, paint), 1))
        if line is not None and not is_of_a_file(problem):
            number = str(problem.at.line)
            gutter, blank = f"{number:>5} | ", f"{'':>5} | "
            found = excerpt(line, problem.at.column, width - len(gutter))
            parts += [_painted(gutter, _DIM if colour else "") + found.line]
            parts += [_painted(blank, _DIM if colour else "") + _painted(found.marker, paint)]
        parts += rest
    return "".join(f"{part}\n" for part in parts)


# Select Graphic Rendition of ECMA-48, section 8.3.117.
_PAINT = MappingProxyType({Severity.ERROR: "1;31", Severity.WARNING: "1;33"})
_DIM = "2"


def _painted(text: str, paint: str) -> str:
    return f"\x1b[{paint}m{text}\x1b[0m" if paint else text


# Problems of a file as a whole stand at its first character, which is not at fault.
_OF_A_FILE = frozenset(
    {
        Code.BAD_ID,
        Code.EMPTY_FILE,
        Code.FILE_TOO_BIG,
        Code.ID_CLASH,
        Code.MISSING_FILE,
        Code.NOT_UTF8,
        Code.ORPHAN,
        Code.SYMLINK,
        Code.UNEXPECTED_FILE,
        Code.UNREADABLE_FILE,
    }
)


def is_of_a_file(problem: Problem) -> bool:
    """Whether it is one of its file as a whole, and the line that it names is not at fault."""
    return problem.code in _OF_A_FILE and (problem.at.line, problem.at.column) == (1, 1)


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
    parts = [amount(count, str(severity)) for severity, count in counts.items() if count]
    waived = f" ({set_aside} set aside by waivers.yml)" if set_aside else ""
    return (", ".join(parts) or "no problems") + waived
