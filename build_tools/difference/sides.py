"""The two wikis that are compared: their files, what the compiler makes of each, and the records in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import TypeVar

from build_tools.addresses import site_address
from build_tools.cite import CitedWiki
from build_tools.compiler import compile_wiki
from build_tools.difference.findings import Unread
from build_tools.load import SourceFile, Sources
from build_tools.memory import Memory
from build_tools.problems import Code, Problem, Severity, has_errors
from build_tools.shape import read_record
from build_tools.yaml_tree import Mapping as YamlMapping
from build_tools.yaml_tree import read_yaml

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the wikis: what it is called, its files, and the problems met when they were read."""

    name: str
    sources: Sources
    loading: tuple[Problem, ...] = ()

    @property
    def as_shared(self) -> Side:
        """The wiki without the texts attached on this machine: what every machine sees of it."""
        return replace(self, sources=replace(self.sources, attached=()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the compiler says of a side; a fingerprint of each address's content, None if it has errors."""

    problems: tuple[Problem, ...]
    addresses: Mapping[str, bytes] | None
    wiki: CitedWiki | None = None

    @classmethod
    def nothing(cls) -> Verdict:
        """What is as good as any verdict where both sides have the same."""
        return cls(problems=(), addresses={})


def verdicts(old: Side, new: Side) -> tuple[Verdict, Verdict]:
    """The verdicts on both; of the new one only what differs from the old is worked out."""
    memory = Memory()
    return _verdict(old, memory), _verdict(new, memory)


def _verdict(side: Side, memory: Memory) -> Verdict:
    compiled = compile_wiki(side.sources, side.loading, memory=memory)
    if has_errors(compiled.problems):
        return Verdict(problems=compiled.problems, addresses=None, wiki=compiled.wiki)
    addresses = {_address(file.path): blake2b(file.data, digest_size=16).digest() for file in compiled.files}
    return Verdict(problems=compiled.problems, addresses=addresses, wiki=compiled.wiki)


def _address(path: str) -> str:
    """Where a file of the pages' folder stands on the site; what leads on from a former address, there."""
    if path.endswith(".md"):
        return f"/{site_address(path)}"
    return f"/{path.removesuffix('index.html')}"


class Reader:
    """Reads records of one side, and notes what could not be read."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self.unread: list[Unread] = []
        refused = (problem for problem in side.loading if problem.code is Code.UNREADABLE_FILE)
        self.refused = {problem.at.path: problem for problem in refused}

    def files(self, folder: str, read: Iterable[SourceFile]) -> list[SourceFile]:
        """The files that were read of a folder, and an empty one for each that could not be."""
        refused = (SourceFile(path, b"") for path in self.refused if path.startswith(f"{folder}/"))
        return sorted((*read, *refused))

    def is_refused(self, file: SourceFile) -> bool:
        """True if the system would not let the file be read; that is noted."""
        problem = self.refused.get(file.path)
        if problem is not None:
            self.note([problem])
        return problem is not None

    def record(self, file: SourceFile, record: type[T], **given: object) -> T | None:
        """The record of a file; None if it is not one."""
        if self.is_refused(file):
            return None
        node, problems = read_yaml(file.path, file.data)
        value: T | None = None
        if node is not None:
            value, found = read_record(node, record, **given)
            problems = (*problems, *found)
        whole = isinstance(node, YamlMapping)
        self.note(problems, in_part=whole)
        return value if whole else None

    def note(self, problems: Iterable[Problem], *, in_part: bool = False) -> None:
        """Notes the first error, if there is one."""
        error = next((problem for problem in problems if problem.severity is Severity.ERROR), None)
        if error is not None:
            self.unread.append(Unread(side=self.side.name, problem=error, in_part=in_part))
