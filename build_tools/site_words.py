"""What the built site may not repeat: the quotation budget, held over every file that is published.

The records keep the budget by rules of their own; this check reads what readers, search engines and
programs get, whatever made it: pages with their titles and descriptions, the search index, data
files, feeds and hand-written pages. Only `read_site` touches the disk.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser

from build_tools.cite import CitedWiki, quotations
from build_tools.problems import Code, Location, Problem, in_order
from build_tools.quotes import part_places
from build_tools.records import Passage
from build_tools.seal import PassageSeal
from build_tools.sealed_words import COPIED_OWN, COPIED_RUN, SealedWords
from build_tools.text import folded, quote_readings, words
from build_tools.validate import Seed
from build_tools.values import Publish

Places = frozenset[int]  # positions of words in a passage
_ATTRIBUTES = ("title", "alt", "content", "aria-label", "placeholder", "value")
_MARKUP = frozenset({".html", ".xml", ".svg"})
_TEXT = frozenset({".txt", ".md", ".csv", ".ics", ".bib"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What may be repeated of a seed: quotations up to a length, and all of them up to a share.

    `declared` are the words that the records quote, by passage.
    """

    seed: str
    at: Location
    passages: tuple[PassageSeal, ...]
    words: int
    words_per_quote: int
    share: int
    declared: Mapping[str, Places]


def budgets(wiki: CitedWiki) -> tuple[Budget, ...]:
    """The budget of every sealed seed that may not be published as a whole."""
    policy = wiki.linked.settings.quotation
    quoted: dict[str, set[str]] = defaultdict(set)
    for seed, quote in quotations(wiki.statements.values()):
        quoted[seed.id].add(quote.text)
    return tuple(
        Budget(
            seed=seed.id,
            at=rights.at,
            passages=seed.seal.passages,
            words=seed.seal.words,
            words_per_quote=(rights.words_per_quote or policy.words_per_quote).number,
            share=(rights.share_of_seed or policy.share_of_seed).number,
            declared={passage.id: _declared(seed, passage, quoted[seed.id]) for passage in seed.passages},
        )
        for seed in wiki.linked.seeds.values()
        if seed.seal is not None and (rights := seed.record.rights).publish is Publish.QUOTATIONS
    )


def _declared(seed: Seed, passage: Passage, quoted: Iterable[str]) -> Places:
    """The positions that the parts of quotations have in the passage."""
    parts = {part for text in quoted for reading in quote_readings(text) for part in reading}
    places = ((begin, len(part)) for part in parts for begin in part_places(part, seed, passage))
    return frozenset(i for begin, size in places for i in range(begin, begin + size))


@dataclass(frozen=True, slots=True)
class Output:
    """One published file: its path from the site's root, its text as written, and the texts that it shows."""

    path: str
    raw: str
    shown: tuple[str, ...]


def read_site(root: Path) -> Iterator[Output]:
    """Every file of the site that holds text; raises OSError."""
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix in _MARKUP | _TEXT | {".json"}:
            raw = path.read_text(encoding="utf-8", errors="replace")
            yield Output(path.relative_to(root).as_posix(), raw, _shown(path.suffix, raw))


def _shown(suffix: str, raw: str) -> tuple[str, ...]:
    if suffix == ".json":
        try:
            return tuple(_strings(json.loads(raw)))
        except (ValueError, RecursionError):
            return (raw,)
    return (_without_tags(raw), *_attributes(raw)) if suffix in _MARKUP else (raw,)


def _strings(data: object) -> Iterator[str]:
    """Every text in the data; a search index holds HTML."""
    waiting = [data]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            yield _without_tags(item) if "<" in item else item
        elif isinstance(item, dict):
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)


def _without_tags(html: str) -> str:
    tree = LexborHTMLParser(html)
    for element in tree.css("script, style"):
        element.decompose()
    # Text after text, whatever parts them: words set in a link or in a row of cells are in a row.
    return tree.root.text(separator=" ") if tree.root is not None else ""


def _attributes(html: str) -> tuple[str, ...]:
    tree = LexborHTMLParser(html)
    selector = ", ".join(f"[{name}]" for name in _ATTRIBUTES)
    found = (
        value for node in tree.css(selector) for name in _ATTRIBUTES if (value := node.attributes.get(name))
    )
    return tuple(dict.fromkeys(value for value in found if value.count(" ") >= COPIED_RUN - 1))


def check_words(outputs: Iterable[Output], budgets: Sequence[Budget]) -> tuple[Problem, ...]:
    """A problem for each passage repeated beyond its quotations, and each seed repeated too much.

    A passage is reported where it is met first: the search index repeats what a page says.
    """
    sealed = SealedWords((budget.seed, passage) for budget in budgets for passage in budget.passages)
    by_seed = {budget.seed: budget for budget in budgets}
    printed: dict[tuple[str, str], set[int]] = defaultdict(set)
    reported: set[tuple[str, str]] = set()
    problems: list[Problem] = []
    for output in outputs:
        for text in output.shown:
            own = folded(text)
            longest: dict[tuple[str, str], tuple[int, int]] = {}  # of a run: where it ends, how long it is
            for found in sealed.copied(own):
                budget, place = by_seed[found.seed], (found.seed, found.passage.id)
                printed[place].update(found.places)
                free = set(found.places) - budget.declared.get(found.passage.id, frozenset())
                own_free = sum(i not in found.passage.clear for i in free)
                end, length = longest.get(place, (-1, 0))
                length = length + 1 if found.begin == end + 1 else COPIED_RUN
                longest[place] = (found.begin, length)
                if place in reported:
                    continue
                if own_free >= COPIED_OWN:
                    reported.add(place)
                    problems.append(_copied(output, text, found.begin, place))
                elif length > budget.words_per_quote:
                    reported.add(place)
                    problems.append(_too_long(output, text, found.begin, budget, place))
    return in_order([*problems, *_shares(budgets, printed)])


def _copied(output: Output, text: str, begin: int, place: tuple[str, str]) -> Problem:
    said = [word.written for word in words(text)[begin : begin + COPIED_RUN]]
    message = f"`{' '.join(said)} …` stands word for word in {place[0]}#{place[1]}, and no record quotes it"
    hint = "say it in our own words, or quote it in a record"
    return Problem(_at(output, said), Code.COPIED_WORDS, message, hint)


def _too_long(output: Output, text: str, begin: int, budget: Budget, place: tuple[str, str]) -> Problem:
    said = [word.written for word in words(text)[begin : begin + COPIED_RUN]]
    message = f"more than {budget.words_per_quote} words of {place[0]}#{place[1]} in a row"
    hint = "quotations that are neighbours in the source must not run together; shorten them"
    return Problem(_at(output, said), Code.QUOTE_OVER_BUDGET, message, hint)


def _shares(budgets: Iterable[Budget], printed: Mapping[tuple[str, str], set[int]]) -> Iterator[Problem]:
    for budget in budgets:
        count = sum(
            len(budget.declared.get(passage.id, frozenset()) | printed.get((budget.seed, passage.id), set()))
            for passage in budget.passages
        )
        if count * 100 > budget.words * budget.share:
            message = f"{count} of its {budget.words} words are on the site, more than {budget.share} %"
            hint = "shorten or drop quotations, or say it in our own words"
            yield Problem(budget.at, Code.SHARE_OVER_BUDGET, message, hint)


def _at(output: Output, said: Sequence[str]) -> Location:
    """Where the words stand in the file, as nearly as its markup lets them be found."""
    for count in (len(said), 3, 2, 1):
        pattern = r"(?:\W|<[^>]*>|&[a-z]+;|\\n)+".join(re.escape(word) for word in said[:count])
        match = re.search(pattern, output.raw)
        if match:
            line = output.raw.count("\n", 0, match.start()) + 1
            column = match.start() - (output.raw.rfind("\n", 0, match.start()) + 1) + 1
            return Location(f"build/site/{output.path}", line, column)
    return Location(f"build/site/{output.path}")
