"""What a problem means, told at length: its meaning, the reason for the rule, a bad and a good example.

The accounts stand in `examples/`, a file a code. The tests compile each example, so that it shows what it
says it shows.
"""

from __future__ import annotations

import textwrap
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType

from build_tools.problems import Code, Severity

_WIDTH = 100

# Each group goes from its first code to that of the next.
_FIRST: Mapping[str, Code] = MappingProxyType(
    {
        "Files": Code.NOT_UTF8,
        "YAML": Code.YAML_SYNTAX,
        "The shape of records": Code.MISSING_KEY,
        "Links between records": Code.UNKNOWN_ENTITY,
        "Evidence": Code.UNSOURCED,
        "Seals": Code.BAD_SEAL,
        "Capturing": Code.BAD_CAPTURE,
        "Comparing": Code.UNKNOWN_REVISION,
        "Writing": Code.CANNOT_WRITE,
        "Pull requests": Code.UNREADABLE_CHANGE,
        "External addresses": Code.DEAD_ADDRESS,
        "The built site": Code.SITE_BUILD,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A file that has the problem, and the same mended, each with its path."""

    bad_path: str
    bad: str
    good_path: str
    good: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What is told of a problem; `source` are the words of the passage that the example cites."""

    code: Code
    why: str
    source: str
    example: Example | None


def account_of(code: Code) -> Account:
    """The account of a problem."""
    told = tomllib.loads((files("build_tools") / "examples" / f"{code}.toml").read_text("utf-8"))
    example = None
    if "bad" in told:
        example = Example(
            bad_path=told["file"],
            bad=told["bad"],
            good_path=told.get("good_file", told["file"]),
            good=told["good"],
        )
    return Account(code=code, why=told.get("why", ""), source=told.get("source", ""), example=example)


def groups() -> Iterator[tuple[str, tuple[Code, ...]]]:
    """The groups of codes, each with its codes in their order."""
    codes = list(Code)
    starts = [codes.index(first) for first in _FIRST.values()]
    for title, begin, end in zip(_FIRST, starts, [*starts[1:], len(codes)], strict=True):
        yield title, tuple(codes[begin:end])


def overview() -> str:
    """All codes by group, a line each, warnings named as such."""
    width = max(len(code.text) for code in Code)
    lines: list[str] = []
    for title, codes in groups():
        lines += [title, *(f"  {code.text:<{width}}  {_meaning(code)}" for code in codes), ""]
    return "\n".join([*lines, "`wiki why CODE` tells more of one, with a bad and a good example.", ""])


def _meaning(code: Code) -> str:
    return f"warning: {code.meaning}" if code.severity is Severity.WARNING else code.meaning


def explanation(code: Code) -> str:
    """What is printed of one problem."""
    account = account_of(code)
    lines = [f"{code} ({code.severity})", "", code.meaning]
    if account.why:
        lines += ["", account.why]
    if account.source:
        lines += ["", "The passage cited says:", "", *_indented(textwrap.fill(account.source, _WIDTH))]
    if account.example is not None:
        example = account.example
        moved = "" if example.good_path == example.bad_path else f", in {example.good_path}"
        lines += ["", f"Wrong, in {example.bad_path}:", "", *_indented(example.bad)]
        lines += ["", f"Right{moved}:", "", *_indented(example.good)]
    if code.severity is Severity.WARNING:
        lines += ["", "A warning can be set aside in waivers.yml, with the reason."]
    return "\n".join([*lines, ""])


def _indented(text: str) -> list[str]:
    return [f"    {line}" for line in text.splitlines()]
