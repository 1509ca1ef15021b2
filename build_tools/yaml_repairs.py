"""What to tell the writer of YAML that does not parse: which line is at fault, why, and how it reads mended.

libyaml says where it had to stop and what it missed there. The slip is often earlier, on the line above or
at the start of a text, and is told from how that line looks. What nothing here knows is told in libyaml's
words, at libyaml's place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

import yaml

from build_tools.amounts import amount
from build_tools.problems import Code, Location, Problem

# A line of a record: `  - key: value`; a list in a list does not occur.
_LINE = re.compile(r"(?P<indent> *)(?P<dash>- +)?(?P<key>[A-Za-z_][\w-]*):(?P<gap>\s+)(?P<value>\S.*?)\s*")
_KEY = re.compile(r"(?P<indent> *)(?P<dash>- +)?(?P<key>[A-Za-z_][\w-]*):(?:\s.*)?")
_SIGNS = MappingProxyType(
    {
        "@": "`@` is reserved",
        "`": "a backtick is reserved",
        "%": "`%` is reserved",
        "&": "`&` names an anchor",
        "*": "`*` names an alias",
        "!": "`!` names a tag",
    }
)
_SHOWN = 90  # characters of a line that a repair repeats
# What libyaml says, and what a contributor can do about it where no slip is recognised.
_OTHERWISE = (
    ("did not find expected ',' or", "close the bracket, or put the text in quotes"),
    ("could not find expected ':'", "a key needs a colon and a space after it"),
    ("mapping values are not allowed", "a colon followed by a space starts a value: put the text in quotes"),
    ("did not find expected", "check the indentation and the quotes of this line and the one above it"),
    ("that cannot start any token", "put the text in quotes, or use spaces where a tab is"),
)


@dataclass(frozen=True, slots=True)
class _Fault:
    """A slip: its line and column, counted from 0, what it is and how to mend it."""

    line: int
    column: int
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class _Stop:
    """Where libyaml stopped, what it said, and where began what it was reading."""

    lines: tuple[str, ...]
    said: str
    line: int
    column: int
    begun: int
    begun_column: int

    def text(self, line: int) -> str:
        """A line of the file; empty beyond its end."""
        return self.lines[line] if 0 <= line < len(self.lines) else ""

    def above(self, line: int) -> int:
        """The nearest line above that is neither blank nor a comment; -1 if there is none."""
        return next((i for i in range(line - 1, -1, -1) if re.match(r"\s*[^\s#]", self.lines[i])), -1)


def syntax_problem(path: str, text: str, error: yaml.MarkedYAMLError) -> Problem:
    """The problem of a file that is no YAML, at the slip that made it so."""
    mark, begun = error.problem_mark or error.context_mark, error.context_mark
    lines = tuple(re.split(r"\r\n|\r|\n", text))
    line, column = (mark.line, mark.column) if mark else (0, 0)
    stop = _Stop(
        lines=lines,
        said=" ".join(part for part in (error.context, error.problem) if part),
        line=line,
        column=column,
        begun=begun.line if begun else line,
        begun_column=begun.column if begun else column,
    )
    fault = next((found for slip in _SLIPS if (found := slip(stop))), None) or _unknown(stop)
    return Problem(
        Location(path, fault.line + 1, fault.column + 1), Code.YAML_SYNTAX, fault.message, fault.hint
    )


def quoted(text: str) -> str:
    """The text in the quotation marks that YAML wants for it; empty if it needs more than marks."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return f"'{text}'" if "'" not in text else ""


def _in_marks(key: str, value: str, which: str = "") -> str:
    """The repair of a text that has to stand in quotation marks, `which` says in which."""
    marked = quoted(value)
    if not marked:
        return f"write `{key}: >-`, and the text without marks on the next line, indented further"
    hint = f"put the whole text in {which}quotation marks"
    return f"{hint}: `{key}: {marked}`" if len(value) <= _SHOWN else hint


def _tab(stop: _Stop) -> _Fault | None:
    before = stop.text(stop.line)[: stop.column + 1]
    if "\t" in before and not before.strip(" \t-"):
        return _Fault(stop.line, before.index("\t"), "a tab where YAML wants spaces", "indent with spaces")
    return None


def _sign(stop: _Stop) -> _Fault | None:
    """A text that starts with a sign to which YAML gives a meaning."""
    match = _LINE.fullmatch(stop.text(stop.line))
    if match is None or match["value"][0] not in _SIGNS:
        return None
    value, key = match["value"], match["key"]
    sign = "a backtick" if value[0] == "`" else f"`{value[0]}`"
    message = f"a text cannot start with {sign}: in YAML {_SIGNS[value[0]]}"
    hint = _in_marks(key, value) if value[0] != "`" else "leave the backticks out: they mean nothing here"
    return _Fault(stop.line, match.start("value"), message, hint)


def _closed_early(stop: _Stop) -> _Fault | None:
    """A quotation mark inside of a text in quotation marks ends it."""
    for line in (stop.line, stop.begun):
        match = _LINE.fullmatch(stop.text(line))
        if match is None or match["value"][0] not in "\"'":
            continue
        value, key, begin = match["value"], match["key"], match.start("value")
        mark = value[0]
        body = re.match(r'"(?:\\.|[^"\\])*"' if mark == '"' else r"'(?:''|[^'])*'", value)
        if body is None or body.end() == len(value) or value[body.end() :].lstrip().startswith("#"):
            continue
        whole = _meant(value, mark, body.end())
        message = f"the text ends at this `{mark}`, and more follows"
        return _Fault(line, begin + body.end() - 1, message, _in_marks(key, whole, "the other "))
    return None


def _meant(value: str, mark: str, end: int) -> str:
    """The text of which `value` is a writing whose quotation mark ends it at `end`, too early."""
    apostrophe = re.match(r"\w'\w", value[end - 2 : end + 1])
    if value.endswith(mark) and (apostrophe or value.count(mark) % 2 == 0):
        return value[1:-1]
    return value[1:] if apostrophe or value.endswith(mark) else value


def _not_closed(stop: _Stop) -> _Fault | None:
    """A quotation mark that opens a text and does not close it."""
    if "quoted scalar" not in stop.said or "end of stream" not in stop.said:
        return None
    match = _LINE.fullmatch(stop.text(stop.begun))
    message = "the quotation mark that opens here is not closed"
    hint = "close it at the end of the text"
    if match and match.start("value") == stop.begun_column and len(match["value"]) <= _SHOWN:
        hint += f": `{match['key']}: {match['value']}{match['value'][0]}`"
    return _Fault(stop.begun, stop.begun_column, message, hint)


def _escape(stop: _Stop) -> _Fault | None:
    """A backslash between double quotation marks that makes no character of what follows."""
    if "unknown escape character" not in stop.said:
        return None
    column = stop.text(stop.line).find("\\", stop.column)
    written = stop.text(stop.line)[column : column + 2]
    hint = (
        f"write `\\{written}` for a backslash and what follows it, or put the text in single quotation marks"
    )
    return _Fault(
        stop.line, column, f"`{written}` stands for no character between double quotation marks", hint
    )


def _bracket(stop: _Stop) -> _Fault | None:
    """A `[` or `{` that is not closed, or was not meant as one."""
    if "flow" not in stop.said and not _LINE.fullmatch(stop.text(stop.line)):
        return None
    line = stop.begun if "flow" in stop.said else stop.line
    line = line if stop.text(line).strip() else stop.above(line)
    match = _LINE.fullmatch(stop.text(line))
    if match is None:
        return None
    value, key, begin = match["value"], match["key"], match.start("value")
    if value[0] not in "[{":
        return None
    if value.startswith("[["):
        message = "a text cannot start with `[`: in YAML a list opens there"
        return _Fault(line, begin, message, _in_marks(key, value))
    if "flow" not in stop.said:
        return None
    if comment := re.search(r"\s#\S*", value):
        glued = value[: comment.start()] + value[comment.start() :].lstrip()
        message = "a `#` after a space starts a comment, and the bracket is not closed"
        return _Fault(
            line, begin + comment.start() + 1, message, f"write it without the space: `{key}: {glued}`"
        )
    close = "]" if value[0] == "[" else "}"
    hint = f"close it with `{close}`"
    if close not in value and len(value) <= _SHOWN:
        hint += f": `{key}: {value.rstrip(', ')}{close}`"
    return _Fault(line, begin, f"the `{value[0]}` that opens here is not closed", hint)


def _list_on_the_line(stop: _Stop) -> _Fault | None:
    if "block sequence entries are not allowed" not in stop.said:
        return None
    match = _LINE.fullmatch(stop.text(stop.line))
    if match is None:
        return None
    item = match["value"].removeprefix("-").strip()
    hint = f"put the items on lines of their own below the key; or write `{match['key']}: [{item}]`"
    return _Fault(stop.line, match.start("value"), "a list that begins on the line of its key", hint)


def _glued(stop: _Stop) -> _Fault | None:
    """A dash or a colon without the space that makes it one."""
    for line in (stop.line, stop.above(stop.line), stop.begun):
        text = stop.text(line)
        if match := re.fullmatch(r" *-([A-Za-z_][\w-]*:\s.*)", text):
            return _Fault(
                line, match.start(1) - 1, "no space after the dash", f"write `- {match[1].rstrip()}`"
            )
        match = re.fullmatch(r" *(?:- +)?([A-Za-z_][\w-]*):([^\s/:].*)", text)
        if match and ("simple key" in stop.said or "expected" in stop.said):
            hint = f"write `{match[1]}: {match[2].rstrip()[:_SHOWN]}`"
            return _Fault(line, match.start(2) - 1, f"no space after the colon of `{match[1]}:`", hint)
    return None


def _no_colon(stop: _Stop) -> _Fault | None:
    """A line without a key where one belongs."""
    if "could not find expected ':'" not in stop.said:
        return None
    text, above = stop.text(stop.begun), stop.above(stop.begun)
    words = text.split()
    if not words or _KEY.fullmatch(text):
        return None
    before = _KEY.fullmatch(stop.text(above))
    column = len(text) - len(text.lstrip())
    key_column = len(before["indent"]) + len(before["dash"] or "") if before else column
    if column < key_column and before:
        message = "a line that is no key, and not indented as part of the text above"
        hint = f"indent it further than `{before['key']}`, or write it on the line above"
        return _Fault(stop.begun, column, message, hint)
    message = f"no colon after `{words[0]}`"
    rest = " ".join(words[1:])[:_SHOWN] or "…"
    return _Fault(stop.begun, column + len(words[0]), message, f"write `{words[0]}: {rest}`")


def _indentation(stop: _Stop) -> _Fault | None:
    """A key that stands below no other of its mapping."""
    match = _KEY.fullmatch(stop.text(stop.line))
    above = stop.text(stop.above(stop.line))
    dash, dash_above = (re.match(r" *(?=- )", line) for line in (stop.text(stop.line), above))
    if dash and dash_above and dash.end() != dash_above.end():
        message = "this dash does not stand below the one above it"
        return _Fault(stop.line, dash.end(), message, _begin(dash_above.end()))
    if match is None or not re.fullmatch(r" *(?:- +)?[\w-]*", stop.text(stop.line)[: stop.column]):
        return None
    fit = _KEY.fullmatch(above)
    if fit is None or match["dash"]:
        return None
    own, meant = match.start("key"), fit.start("key")
    if own == meant:
        return None
    side = "further" if own > meant else "less far"
    message = f"`{match['key']}` is indented {side} than `{fit['key']}` above it"
    return _Fault(stop.line, own, message, _begin(meant))


def _begin(column: int) -> str:
    spaces = f"with {amount(column, 'space')}" if column else "without spaces"
    return f"begin the line {spaces}, so that the two stand in one column"


def _colon(stop: _Stop) -> _Fault | None:
    """A colon and a space inside a text."""
    if "mapping values are not allowed" not in stop.said:
        return None
    match = _LINE.fullmatch(stop.text(stop.line))
    if match is None or stop.column < match.start("value"):
        # the text may go on from the line above
        hint = "put the whole text in quotation marks, or write it below `>-`"
        return _Fault(stop.line, stop.column, "a colon and a space inside a text", hint)
    message = "a colon and a space inside a text: in YAML they end a key"
    return _Fault(stop.line, stop.column, message, _in_marks(match["key"], match["value"]))


# The first that recognises the slip tells it.
_SLIPS: tuple[Callable[[_Stop], _Fault | None], ...] = (
    _tab,
    _sign,
    _list_on_the_line,
    _closed_early,
    _not_closed,
    _escape,
    _bracket,
    _glued,
    _no_colon,
    _indentation,
    _colon,
)


def _unknown(stop: _Stop) -> _Fault:
    """What libyaml says, at the place where it says it."""
    hint = next((hint for part, hint in _OTHERWISE if part in stop.said), "mend the YAML at this place")
    line, column = stop.line, stop.column
    if line >= len(stop.lines) or not any(text.strip() for text in stop.lines[line:]):
        line, column = stop.begun, stop.begun_column  # what was opened there is never closed
    if not stop.text(line).strip() and stop.above(line) >= 0:
        line = stop.above(line)
        column = len(stop.text(line).rstrip())
    return _Fault(line, column, stop.said, hint)
