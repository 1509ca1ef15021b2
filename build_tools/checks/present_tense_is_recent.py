"""What an old seed says in the present tense has a date: it held then."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping

from build_tools.cite import CitedStatement, CitedWiki
from build_tools.memory import Memory
from build_tools.problems import Code, Problem
from build_tools.records import Claim
from build_tools.shelves import Task
from build_tools.text import words
from build_tools.validate import Seed

OLD = 3  # years before the newest seed of the wiki
_PAST = frozenset(
    "was were had did could would began became came went gave made took met said told fell rose grew won "
    "lost held led sold built left ran wrote spoke broke chose fought found got heard kept knew laid meant "
    "paid sat saw sent sank stood taught thought threw brought bought caught felt drew bore beat".split()
)


def check(wiki: CitedWiki, memory: Memory) -> Iterator[Problem]:
    """A warning for each undated claim in the present tense of which every seed is old.

    Old is measured from the newest seed of the wiki, so that a build depends on no clock.
    """
    if wiki.linked.faults:
        return  # what could not be read may be a date
    (task,) = tasks(wiki, memory)
    for found in memory.recall_task(task).values():
        yield from found


def tasks(wiki: CitedWiki, memory: Memory) -> tuple[Task]:
    """What asks the statements of an entity for such claims."""
    seeds, groups = wiki.linked.seeds, wiki.statements
    years = memory.recall_each("year", dict(seeds), lambda id_: _year(seeds[id_]))
    newest = max(years.values(), default=0)
    make = functools.partial(_of_page, groups, newest)
    return (Task(name="present", given=groups, make=make, always=(newest,)),)


def _of_page(groups: Mapping[str, Iterable[CitedStatement]], newest: int, id_: str) -> tuple[Problem, ...]:
    return tuple(_stale(groups[id_], newest))


def _stale(group: Iterable[CitedStatement], newest: int) -> Iterator[Problem]:
    for cited in group:
        record = cited.statement.record
        if not isinstance(record, Claim) or record.when is not None or not cited.cites:
            continue
        latest = max(_year(found.seed) for found in cited.cites)
        if newest - latest >= OLD and _is_present(cited.statement.plain):
            message = f"said in the present tense, and its newest seed is of {latest}"
            hint = f"say when it held: `when: {latest}`, `resolved_from: present tense`"
            yield Problem(record.text.at, Code.STALE_PRESENT, message, hint)


def _year(seed: Seed) -> int:
    return seed.record.published.when.date.years[0]


def _is_present(plain: str) -> bool:
    """True if the sentence has no word that is plainly of the past."""
    own = [word.folded for word in words(plain)]
    return not any(word in _PAST or word.endswith("ed") for word in own)
