"""What is left to do in a wiki, found problem or not: each with its place and the next step."""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from build_tools.cite import Checked, CitedWiki
from build_tools.excerpt import printable
from build_tools.problems import Code, Location, Problem, Severity
from build_tools.prose import plain_text
from build_tools.values import PassageKind


class Work(enum.Enum):
    """A kind of thing to do, in the order in which it is best done; what one and what several are called."""

    ERROR = ("error", "error to mend", "errors to mend")
    GIST = ("gist", "gist to write", "gists to write")
    PASSAGE = ("passage", "passage that nothing rests on", "passages that nothing rests on")
    SUMMARY = ("summary", "summary to write", "summaries to write")
    QUESTION = ("question", "question without a preference", "questions without a preference")
    WARNING = ("warning", "warning to look at", "warnings to look at")
    CITE = ("cite", "cite that is not checked", "cites that are not checked")
    UNUSED = ("unused", "passage said to carry nothing", "passages said to carry nothing")

    def __init__(self, text: str, one: str, several: str) -> None:
        self.text = text
        self.one = one
        self.several = several


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: of which kind, where, what it is about, and the next step."""

    work: Work
    at: Location
    message: str
    step: str


def todo(wiki: CitedWiki, problems: Iterable[Problem]) -> tuple[Task, ...]:
    """Everything to do, by kind and then by place; `problems` are those that checking the wiki found."""
    found = [*_by_problems(wiki, problems), *_passages(wiki), *_entities(wiki), *_cites(wiki)]
    order = {work: number for number, work in enumerate(Work)}
    return tuple(sorted(dict.fromkeys(found), key=lambda task: (order[task.work], task.at, task.message)))


def _by_problems(wiki: CitedWiki, problems: Iterable[Problem]) -> Iterator[Task]:
    """A task for each problem; a gist that is missing is no mistake to mend, but work to do."""
    blank = {
        passage.key.at.path
        for seed in wiki.linked.seeds.values()
        for passage in seed.passages
        if not passage.gist
    }
    for problem in problems:
        missing = problem.code in (Code.EMPTY_VALUE, Code.MISSING_KEY) and "`gist`" in problem.message
        if missing and problem.at.path in blank:
            continue
        if problem.code is Code.UNUSED_PASSAGE:
            continue  # told below, with its gist
        work = Work.ERROR if problem.severity is Severity.ERROR else Work.WARNING
        yield Task(work, problem.at, f"[{problem.code}] {problem.message}", problem.hint)


def _passages(wiki: CitedWiki) -> Iterator[Task]:
    for seed in wiki.linked.seeds.values():
        for passage in seed.passages:
            name, at = f"{seed.id}#{passage.id}", passage.key.at
            gist = plain_text(passage.gist, wiki.linked.names)
            if not passage.gist:
                step = (
                    f"say in one line, in our own words, what it says; `wiki show {name}` shows what is known"
                )
                yield Task(Work.GIST, at, name, step)
            elif (seed.id, passage.id) in wiki.resting_on:
                continue
            elif passage.unused is None:
                step = f"write a claim that cites `{name}`, or say why not: `unused: …`"
                yield Task(Work.PASSAGE, at, f"{name}: {gist}", step)
            elif passage.kind is not PassageKind.HEADING:
                reason = plain_text(passage.unused, wiki.linked.names)
                step = f"look whether that is still so (“{reason}”); if not, cite it and delete `unused`"
                yield Task(Work.UNUSED, at, f"{name}: {gist}", step)


def _entities(wiki: CitedWiki) -> Iterator[Task]:
    for entity in wiki.linked.entities.values():
        name = wiki.linked.names[entity.id]
        if entity.summary is None and not wiki.linked.faults.within(entity.path):
            step = "say what it is in a sentence or two under `summary:`, with cites"
            yield Task(Work.SUMMARY, entity.at, name, step)
        for question in entity.questions:
            if question.prefer is None:
                step = (
                    "name the better answer under `prefer:` and say why under `reason:`, if the sources tell"
                )
                yield Task(Work.QUESTION, question.at, f"{name}: {question.text}", step)


def _cites(wiki: CitedWiki) -> Iterator[Task]:
    for group in wiki.statements.values():
        for cited in group:
            checked = any(found.checked is not Checked.NOT for found in cited.cites)
            for found in cited.cites:
                if found.checked is not Checked.NOT:
                    continue
                alone = "" if checked else f", and this {cited.statement.kind} has no other"
                message = f"`{found.seed.id}` is not held{alone}: {cited.statement.plain}"
                step = (
                    "cite a passage of a source that is held, too; or, with this one's text, put its record "
                    f"aside, make it anew, and copy it back in: `wiki seed add FILE --id {found.seed.id}`"
                )
                yield Task(Work.CITE, found.cite.at, message, step)


def as_text(tasks: Sequence[Task]) -> str:
    """The tasks under headings with their numbers: two lines each, the place first, the next step below."""
    lines: list[str] = []
    for work in Work:
        group = [task for task in tasks if task.work is work]
        if group:
            lines.append(f"{len(group)} {work.one if len(group) == 1 else work.several}")
        for task in group:
            lines += [f"  {task.at}: {task.message}", f"      {task.step}"]
    return "".join(f"{printable(line)}\n" for line in lines)


def as_json(tasks: Sequence[Task]) -> str:
    """A list of objects: work, path, line, column, message, step."""
    rows = [
        {
            "work": task.work.text,
            "path": task.at.path,
            "line": task.at.line,
            "column": task.at.column,
            "message": task.message,
            "step": task.step,
        }
        for task in tasks
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
