"""What the built site may not repeat: the quotation budget, held over every file that is published.

The records keep the budget by rules of their own; this check reads what readers, search engines and
programs get, whatever made it: pages with their titles and descriptions, the search index, data
files, feeds and hand-written pages. Only `read_site` and `read_written` touch the disk.

Fewer than four words beyond a quotation are no finding, since a seal vouches for no less: they may be
ours, and agree with the source by chance.
"""

from __future__ import annotations

import hashlib
import html
import itertools
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from build_tools.cite import CitedStatement, CitedWiki, quotations
from build_tools.ghost import unread
from build_tools.memory import Memory
from build_tools.problems import Code, Location, Problem, in_order
from build_tools.quotes import part_places
from build_tools.seal import LEAST_WORDS
from build_tools.sealed_words import COPIED_RUN, Limits, Repeated, SealedWords, limits
from build_tools.site.blocks import SUFFIXES, blocks
from build_tools.site.search_index import FRAGMENT, fragment_text
from build_tools.text import fold, folded, quote_readings, words
from build_tools.validate import Seed

SITE = "build/site"
SHORTEST = 2 * COPIED_RUN - 1  # characters of eight words
# What parts two quotations: marks around them, or a gap.
_MARKS = re.compile('["\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a\u2026]|\\.\\s?\\.\\s?\\.')
_PARTED = re.compile(f"&|{_MARKS.pattern}")
_TAG = re.compile(r"<[^<>]*>")
_BY_HAND = ("docs", "entities", "seeds", "theme")

Span = tuple[int, int]  # the first of some words, and the first beyond them, counted from 0


# ---- what may be repeated ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What may be repeated of a seed: quotations up to a length, and all of them up to a share.

    `quoted` are the words that the records quote, as passage and position.
    """

    at: Location
    words: int
    limits: Limits
    quoted: frozenset[tuple[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """The words of all sealed seeds, where in them quotations stand, and the budgets.

    A seed without a budget may be published as a whole, and so may what others have of its words.
    """

    sealed: SealedWords
    declared: Mapping[tuple[str, str], frozenset[Span]]
    budgets: Mapping[str, Budget]


def guard(wiki: CitedWiki) -> Guard:
    """What the wiki's sources, and its quotations from them, let the site repeat: titles are quotations."""
    seeds = {id_: seed for id_, seed in wiki.linked.seeds.items() if seed.seal is not None}
    sealed = SealedWords.of(
        (id_, each) for id_, seed in seeds.items() if seed.seal for each in seed.seal.passages
    )
    texts: dict[str, set[str]] = defaultdict(set)
    declared: dict[tuple[str, str], set[Span]] = defaultdict(set)
    quoted: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for seed, quote in quotations(wiki.linked.seeds.values(), wiki.statements.values()):
        texts[seed.id].add(quote.text)
    for seed in wiki.linked.seeds.values():
        if seed.record.title.quote is not None:
            texts[seed.id].add(seed.record.title.quote.text)
            for run in sealed.repeated(folded(seed.record.title.quote.text)):  # others may name it
                declared[run.seed, run.passage.id].add((run.begin, run.begin + run.size))
    for id_, seed in seeds.items():
        parts = {part for text in texts[id_] for reading in quote_readings(text) for part in reading}
        for part in parts:
            places = [
                (passage.id, begin)
                for passage in (seed.passages if len(part) >= LEAST_WORDS else ())
                for begin in part_places(part, seed, passage)
            ]
            for passage_id, begin in places:
                declared[id_, passage_id].add((begin, begin + len(part)))
            for passage_id, begin in places[:1]:  # words that the source repeats are quoted once
                quoted[id_].update((passage_id, begin + k) for k in range(len(part)))
    return Guard(
        sealed=sealed,
        declared={place: frozenset(spans) for place, spans in declared.items()},
        budgets={
            id_: Budget(
                at=seed.record.rights.at,
                words=seed.seal.words,
                limits=allowed,
                quoted=frozenset(quoted[id_]),
            )
            for id_, seed in seeds.items()
            if seed.seal is not None and (allowed := limits(seed, wiki.linked.settings.quotation)) is not None
        },
    )


def guard_key(wiki: CitedWiki, memory: Memory) -> str:
    """Another text for every wiki that lets the site repeat something else: see `guard`. Up to its first
    space it stands for the seals alone."""
    seeds, groups, policy = wiki.linked.seeds, wiki.statements, wiki.linked.settings.quotation

    def of_seed(id_: str) -> tuple[str, str]:
        seed = seeds[id_]
        title = seed.record.title.quote.text if seed.record.title.quote is not None else None
        rest = (id_, title, limits(seed, policy), sorted(seed.texts.items()), quoted((seed,), ()))
        return _digest((id_, seed.seal)), _digest(rest)

    def quoted(
        some: Iterable[Seed], stated: Iterable[tuple[CitedStatement, ...]]
    ) -> tuple[tuple[str, str], ...]:
        return tuple(sorted({(seed.id, quote.text) for seed, quote in quotations(some, stated)}))

    quoting = dict.fromkeys(id_ for id_, rows in wiki.rows.items() if rows.quotes)
    of_seeds = memory.recall_each("guard of a seed", dict(seeds), of_seed, always=(policy,)).values()
    stated = memory.recall_each(
        "quoted texts",
        {id_: unread(groups)[id_] for id_ in quoting},
        lambda id_: quoted((), (groups[id_],)),
    )
    texts = sorted({each for texts in stated.values() for each in texts})
    seals, rest = [seal for seal, _ in of_seeds], [rest for _, rest in of_seeds]
    return f"{_digest(seals)} {_digest((rest, texts))}"


def _digest(told: object) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()


# ---- what is repeated --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """Words of a passage met in a block: how the block writes them, and whether they may stand there."""

    seed: str
    passage: str
    span: Span  # in the passage
    said: tuple[str, ...]
    code: Code | None
    message: str = ""
    hint: str = ""


def _judged(block: str, guard: Guard) -> Iterator[_Found]:
    """Every run of eight words or more that the block has from a seed with a budget."""
    own, parted = marked_words(block)
    if runs := tuple(guard.sealed.repeated(own)):
        said = [word.written for stretch in _stretches(block) for word in words(stretch)]
        yield from _judged_runs(runs, parted, said, guard)


def _judged_runs(
    runs: Sequence[Repeated], parted: Collection[int], said: Sequence[str], guard: Guard
) -> Iterator[_Found]:
    free = {span for run in runs for span in _free(run, guard)}
    edges = {edge for span in free for edge in span}.intersection(parted)
    for run in runs:
        if run.seed not in guard.budgets:
            continue
        end = run.first + run.size
        cuts = sorted(edge for edge in edges if run.first < edge < end)
        for piece in itertools.pairwise((run.first, *cuts, end)):
            if piece[1] - piece[0] >= COPIED_RUN:
                yield _judge(run, piece, free, said, guard.budgets[run.seed].limits.words_per_quote)


def marked_words(block: str) -> tuple[Sequence[str], Collection[int]]:
    """The folded words of a block, and which of them have a mark before them that parts quotations."""
    if not _PARTED.search(block):
        return fold(block), ()
    own: list[str] = []
    parted: list[int] = []
    for stretch in _stretches(block):
        parted.append(len(own))
        own += fold(stretch)
    return own, parted


def _stretches(block: str) -> list[str]:
    return _MARKS.split(html.unescape(block))


def _free(run: Repeated, guard: Guard) -> Iterator[Span]:
    """The words of the text, within a run, that may stand anywhere: quotations, and seeds free as a whole."""
    begin, end, ahead = run.begin, run.begin + run.size, run.first - run.begin
    spans = guard.declared.get((run.seed, run.passage.id), frozenset[Span]())
    for first, beyond in spans if run.seed in guard.budgets else {(begin, end)}:
        if first < end and begin < beyond:
            yield max(first, begin) + ahead, min(beyond, end) + ahead


def _judge(run: Repeated, piece: Span, free: Iterable[Span], said: Sequence[str], most: int) -> _Found:
    ahead = run.first - run.begin
    begin, end = piece
    quoted = {i for span in free for i in range(max(span[0], begin), min(span[1], end))}
    code, message, hint = None, "", ""
    if end - begin - len(quoted) < LEAST_WORDS:
        within = min(quoted), max(quoted) + 1
        whole = any(first <= within[0] and within[1] <= beyond for first, beyond in free)
        if not whole and within[1] - within[0] > most:
            begin, end = within
            code = Code.QUOTE_OVER_BUDGET
            hint = "shorten the quotations, or put words of our own between them"
    else:
        first = (start + ahead for start in run.copied(begin - ahead, end - ahead))
        copy = next((i for i in first if not quoted.issuperset(range(i, i + COPIED_RUN))), None)
        if copy is not None:
            code = Code.COPIED_WORDS
            shown = " ".join(said[copy : copy + COPIED_RUN])
            message = (
                f"`{shown} …` stands word for word in {run.seed}#{run.passage.id}, and no record quotes it"
            )
            hint = "say it in our own words, or quote it in a record"
        elif end - begin > most:
            code = Code.QUOTE_OVER_BUDGET
            hint = "names and figures are free, but not in a row as the source has them: arrange them anew"
    if code is Code.QUOTE_OVER_BUDGET:
        message = (
            f"{end - begin} words of {run.seed}#{run.passage.id} in a row, where {run.seed} allows {most}"
        )
    return _Found(
        seed=run.seed,
        passage=run.passage.id,
        span=(begin - ahead, end - ahead),
        said=tuple(said[begin:end]),
        code=code,
        message=message,
        hint=hint,
    )


@dataclass(frozen=True, slots=True)
class File:
    """A file and its text; the path is that of a problem in it."""

    path: str
    text: str


def check_words(outputs: Iterable[File], guard: Guard, written: Iterable[File] = ()) -> tuple[Problem, ...]:
    """A problem for each run of words repeated beyond quotations, and each seed repeated too much.

    A run is reported where it is `written`, in the files that the site is made of, and if in none of them
    then in the file of the site that has it first: the search index repeats what a page says.
    """
    seen: dict[str, tuple[_Found, ...]] = {}
    refused: dict[_Found, File] = {}
    printed: dict[str, set[tuple[str, int]]] = {id_: set(each.quoted) for id_, each in guard.budgets.items()}
    over: dict[str, str] = {}
    for output in outputs:
        for block in blocks(output.path, output.text):
            if len(block) < SHORTEST:
                continue
            if block not in seen:
                seen[block] = tuple(_judged(block, guard))
            for found in seen[block]:
                if found.code is not None:
                    refused.setdefault(found, output)
                    continue
                places = printed[found.seed]
                places.update((found.passage, position) for position in range(*found.span))
                if found.seed not in over and _is_over(guard.budgets[found.seed], places):
                    over[found.seed] = output.path
    problems = [*_copies(refused, written), *_shares(guard, printed, over)]
    return in_order(problems)


Printed = tuple[tuple[str, str, int, int], ...]  # words of seeds: seed, passage, first and beyond the last


def printed_of(own: Sequence[str], parted: Collection[int], guard: Guard) -> Printed | None:
    """The words of seeds that these folded words, some of which have marks before them, repeat and may
    repeat; None if there are some that they may not."""
    found = tuple(_judged_runs(tuple(guard.sealed.repeated(own)), parted, own, guard))
    if any(each.code is not None for each in found):
        return None
    return tuple(sorted({(each.seed, each.passage, *each.span) for each in found}))


def within_budgets(guard: Guard, files: Iterable[Printed]) -> bool:
    """Whether all that files repeat, together with what the records quote, keeps to the budgets."""
    places: dict[str, set[tuple[str, int]]] = {id_: set(each.quoted) for id_, each in guard.budgets.items()}
    for printed in files:
        for seed, passage, begin, end in printed:
            places[seed].update((passage, position) for position in range(begin, end))
    return not any(_is_over(budget, places[id_]) for id_, budget in guard.budgets.items())


def _is_over(budget: Budget, places: Collection[tuple[str, int]]) -> bool:
    return len(places) * 100 > budget.words * budget.limits.share


def _shares(
    guard: Guard, printed: Mapping[str, set[tuple[str, int]]], over: Mapping[str, str]
) -> Iterator[Problem]:
    for id_, budget in guard.budgets.items():
        if _is_over(budget, printed[id_]):
            count, share = len(printed[id_]), budget.limits.share
            message = f"{count} of its {budget.words} words are on the site, more than {share} %"
            hint = (
                "shorten or drop quotations, or say it in our own words; titles and lists of names count too"
            )
            if not _is_over(budget, budget.quoted):
                hint += f"; with {over[id_]} it was too much"
            yield Problem(budget.at, Code.SHARE_OVER_BUDGET, message, hint)


# ---- where it was written ----------------------------------------------------------------------


def _copies(refused: Mapping[_Found, File], written: Iterable[File]) -> Iterator[Problem]:
    """A problem for each file in which refused words were written, or else for the first to repeat them."""
    sources = tuple(written) if refused else ()
    reported: list[tuple[str, _Found]] = []
    for found, output in refused.items():
        at = [Location(file.path, *place) for file in sources if (place := _place(file.text, found.said))]
        known = {path for path, other in reported if _same(found, other)}
        if not at and not known:
            at = [_published(found, output, {file.path for file in sources})]
        for each in at:
            if each.path not in known:
                reported.append((each.path, found))
                yield Problem(each, found.code or Code.COPIED_WORDS, found.message, found.hint)


def _same(one: _Found, other: _Found) -> bool:
    """True of two finds of the same words: of seeds that share them, or with a word more around them."""
    if (one.seed, one.passage) == (other.seed, other.passage):
        return one.span[0] < other.span[1] and other.span[0] < one.span[1]
    this, that = f" {' '.join(one.said)} ", f" {' '.join(other.said)} "
    return this in that or that in this


def _published(found: _Found, output: File, sources: set[str]) -> Location:
    """The hand-written page that the file was made of, or the place in the file itself."""
    page = output.path.removeprefix(f"{SITE}/")
    stem = page.removesuffix(".html")
    for name in (page, f"{stem}.md", f"{stem.removesuffix('/index')}.md"):
        if f"docs/{name}" in sources:
            return Location(f"docs/{name}")
    return Location(output.path, *(_place(output.text, found.said) or (1, 1)))


def _place(text: str, said: Sequence[str]) -> tuple[int, int] | None:
    """Line and column of these words, beside tags or else inside them; None where markup parts them."""
    if not all(word in text for word in said if word.isalnum()):
        return None  # most files, and soon said
    for read in (_TAG.sub(lambda tag: re.sub(r"[^\n]", " ", tag[0]), text), text):
        lines = read.split("\n")
        found = [(word.written, number) for number, line in enumerate(lines) for word in words(line)]
        written = [word for word, _ in found]
        for i in range(len(found) - len(said) + 1):
            if written[i] == said[0] and written[i : i + len(said)] == list(said):
                return found[i][1] + 1, _column(lines[found[i][1]], found, i)
    return None


def _column(line: str, found: Sequence[tuple[str, int]], i: int) -> int:
    """Where in its line the i-th word stands; a word that is not written as it reads is passed over."""
    first = i
    while first and found[first - 1][1] == found[i][1]:
        first -= 1
    end = 0
    for written, _ in found[first:i]:
        if (at := line.find(written, end)) >= 0:
            end = at + len(written)
    return max(line.find(found[i][0], end), 0) + 1


# ---- on disk -----------------------------------------------------------------------------------


def read_site(root: Path) -> Iterator[File]:
    """The files of the site that hold text, pages first; raises OSError."""
    paths = [path for path in root.rglob("*") if path.suffix in SUFFIXES and path.is_file()]
    for path in sorted(paths, key=lambda path: (not path.suffix.startswith(".htm"), path)):
        yield File(f"{SITE}/{path.relative_to(root).as_posix()}", read_text(path))


def read_written(root: Path) -> Iterator[File]:
    """The files that people write and the site is made of; raises OSError."""
    paths = [root / "mkdocs.yml", root / "wiki.yml"]
    paths += [path for folder in _BY_HAND for path in (root / folder).rglob("*") if path.name != "seal.json"]
    for path in sorted(paths):
        if path.suffix in SUFFIXES and path.is_file():
            yield File(path.relative_to(root).as_posix(), read_text(path))


def read_text(path: Path) -> str:
    """The text of a file of the site; raises OSError."""
    return text_of(path.name, path.read_bytes())


def text_of(path: str, data: bytes) -> str:
    """The text of a file of the site that holds these bytes."""
    text = fragment_text(data) if path.endswith(FRAGMENT) else data.decode("utf-8-sig", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
