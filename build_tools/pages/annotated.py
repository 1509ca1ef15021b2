"""What stands on the page of a source: where it comes from, its passages, and what rests on their words."""

from __future__ import annotations

import datetime
import graphlib
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from build_tools.amounts import amount
from build_tools.cite import CheckedCite, CitedStatement, CitedWiki
from build_tools.coverage import PassageUse, Run, SeedUse, runs_cited
from build_tools.languages import language_name
from build_tools.memory import Memory
from build_tools.quotes import find_quote
from build_tools.records import Origin, Passage, Quote, SeedRecord
from build_tools.text import quote_parts, word_places
from build_tools.validate import Seed
from build_tools.values import OPENING, PassageId

LANES = 4  # of a bar: what overlaps more than so many times shares the last
MOST_COPIES = 24  # in a drawing
MOST_ELSEWHERE = 6  # other passages that a row names


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A statement that rests on a passage: on these runs of its words, or on all of it.

    `elsewhere` are the other passages of the same source that it cites, `more` how many further ones.
    """

    cited: CitedStatement
    here: tuple[CheckedCite, ...]
    runs: tuple[Run, ...]
    whole: bool
    elsewhere: tuple[PassageId, ...]
    more: int

    @property
    def key(self) -> str:
        """The statement's name, the same wherever it appears on the page."""
        return f"{self.cited.statement.entity}/{self.cited.statement.anchor}"

    @property
    def spans(self) -> str:
        """Its runs as the page's script reads them."""
        return " ".join(f"{first}-{last}" for first, last in self.runs)


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of words in the bar of a passage, the lane that it lies in, and how many statements cite it."""

    first: int
    last: int
    lane: int
    statements: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a passage's text; `run` are its words where some cite narrows the passage to them."""

    text: str
    run: Run | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageView:
    """A passage: its use, the bar of its spans, its words where they may be shown, what rests on it.

    `fragment` is what opens the original there, to be put behind its address; empty if nobody can say.
    """

    passage: Passage
    use: PassageUse | None
    rows: tuple[Row, ...]
    segments: tuple[Segment, ...]
    lanes: int
    whole: int
    pieces: tuple[Piece, ...]
    fragment: str

    @property
    def shade(self) -> int:
        """How much rests on it: 0 for nothing, then 1, 2 to 3, 4 to 7, and 4 for eight statements or more."""
        return min(len(self.rows).bit_length(), 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step from an origin to what was made of it, and what changed on the way."""

    origin: Seed
    record: Origin
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A source in the drawing of a chain, with the steps that lead to it."""

    seed: Seed
    language: str
    steps: tuple[Step, ...]
    is_this: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedView:
    """The page of a seed: its record, its chain in layers from origins to copies, and its passages.

    `shown` says which words the page has: "published" where the wiki keeps them, "preview" where they
    are attached and the page is for this machine alone, else none.
    """

    seed: Seed
    record: SeedRecord
    language: str
    passages: tuple[PassageView, ...]
    use: SeedUse | None
    whole: tuple[CitedStatement, ...]
    layers: tuple[tuple[Node, ...], ...]
    more_copies: int
    origins: int
    words: int
    quoted: int
    shown: str


class Annotated:
    """The views of a wiki's sources; with `preview` they show the words that are only attached, too."""

    def __init__(self, wiki: CitedWiki, uses: Iterable[SeedUse], memory: Memory, *, preview: bool) -> None:
        self.wiki = wiki
        self.preview = preview
        self._uses = memory.watch("uses", {use.seed.id: use for use in uses})
        copies: dict[str, list[str]] = {id_: [] for id_ in wiki.linked.seeds}
        for outline in wiki.linked.seed_outlines.values():
            for id_ in dict.fromkeys(outline.derived_from):
                copies[id_].append(outline.id)
        self._copies = memory.watch("copies", copies)

    def seed(self, seed: Seed) -> SeedView:
        """The page of a seed."""
        use = self._uses.get(seed.id)
        uses = {each.passage.id: each for each in use.passages} if use else {}
        shown = "published" if seed.kept else "preview" if self.preview and seed.texts else ""
        texts = seed.texts if shown else {}
        layers, more = self._layers(seed)
        return SeedView(
            seed=seed,
            record=seed.record,
            language=language_name(seed.record.language.tag),
            passages=tuple(self._passage(seed, passage, uses, texts) for passage in seed.passages),
            use=use,
            whole=self.wiki.resting_on.get((seed.id, None), ()),
            layers=layers,
            more_copies=more,
            origins=len(self.wiki.origins(seed.id)),
            words=seed.seal.words if seed.seal else 0,
            quoted=self.wiki.words_quoted.get(seed.id, 0),
            shown=shown,
        )

    # ---- passages ------------------------------------------------------------------------------

    def _passage(
        self,
        seed: Seed,
        passage: Passage,
        uses: Mapping[PassageId, PassageUse],
        texts: Mapping[PassageId, str],
    ) -> PassageView:
        resting = self.wiki.resting_on.get((seed.id, passage.id), ())
        rows = sorted((_row(cited, seed, passage) for cited in resting), key=_by_place)
        cited_by: dict[Run, int] = {}
        for row in rows:
            for run in row.runs:
                cited_by[run] = cited_by.get(run, 0) + 1
        segments = tuple(in_lanes(cited_by))
        text = texts.get(passage.id, "")
        opening = _opening(seed, passage, text, rows)
        return PassageView(
            passage=passage,
            use=uses.get(passage.id),
            rows=tuple(rows),
            segments=segments,
            lanes=max((segment.lane + 1 for segment in segments), default=0),
            whole=sum(row.whole for row in rows),
            pieces=tuple(pieces_of(text, cited_by)),
            fragment=fragment_of(seed.record.url.text, opening) if seed.record.url and opening else "",
        )

    # ---- the chain -----------------------------------------------------------------------------

    def _layers(self, seed: Seed) -> tuple[tuple[tuple[Node, ...], ...], int]:
        """The sources behind the seed, itself, and those made of it, each below all that it came from."""
        seeds = self.wiki.linked.seeds
        drawn: dict[str, Seed] = {seed.id: seed}
        waiting = [seed]
        while waiting:
            for origin in waiting.pop().record.derived_from:
                if origin.seed.id not in drawn:
                    drawn[origin.seed.id] = seeds[origin.seed.id]
                    waiting.append(seeds[origin.seed.id])
        copies: dict[str, Seed] = {}
        queue = list(self._copies[seed.id])
        for copy in queue:  # which grows: the nearest come first
            if copy not in copies:
                copies[copy] = seeds[copy]
                queue += self._copies[copy]
        drawn |= dict(list(copies.items())[:MOST_COPIES])
        origins = {
            id_: [step.seed.id for step in each.record.derived_from if step.seed.id in drawn]
            for id_, each in drawn.items()
        }
        level: dict[str, int] = {}
        for id_ in graphlib.TopologicalSorter(origins).static_order():
            level[id_] = max((level[origin] + 1 for origin in origins[id_]), default=0)
        layers: list[list[Node]] = [[] for _ in range(max(level.values()) + 1)]
        for id_ in sorted(drawn):
            layers[level[id_]].append(self._node(drawn[id_], is_this=id_ == seed.id))
        return tuple(map(tuple, layers)), max(len(copies) - MOST_COPIES, 0)

    def _node(self, seed: Seed, *, is_this: bool) -> Node:
        steps = (
            Step(origin=origin, record=record, changed=tuple(changed(origin, seed)))
            for record in seed.record.derived_from
            for origin in (self.wiki.linked.seeds[record.seed.id],)
        )
        return Node(
            seed=seed,
            language=language_name(seed.record.language.tag),
            steps=tuple(steps),
            is_this=is_this,
        )


def _row(cited: CitedStatement, seed: Seed, passage: Passage) -> Row:
    runs, whole = runs_cited(cited, seed, passage)
    others = dict.fromkeys(
        found.passage.id
        for found in cited.cites
        if found.seed.id == seed.id and found.passage is not None and found.passage is not passage
    )
    return Row(
        cited=cited,
        here=tuple(found for found in cited.cites if found.passage is passage),
        runs=runs,
        whole=whole,
        elsewhere=tuple(others)[:MOST_ELSEWHERE],
        more=max(len(others) - MOST_ELSEWHERE, 0),
    )


def _by_place(row: Row) -> tuple[bool, tuple[Run, ...]]:
    """As the passage goes on; what rests on all of it comes last."""
    return (not row.runs, row.runs)


def in_lanes(cited_by: Mapping[Run, int]) -> Iterator[Segment]:
    """The runs in order, each in the first lane that is free where it begins."""
    ends = [0] * LANES
    for first, last in sorted(cited_by):
        lane = next((lane for lane, end in enumerate(ends) if end < first), LANES - 1)
        ends[lane] = max(ends[lane], last)
        yield Segment(first, last, lane, cited_by[first, last])


def pieces_of(text: str, runs: Iterable[Run]) -> Iterator[Piece]:
    """The text from end to end, cut wherever a run begins or ends, however runs overlap.

    What stands between two words belongs to a run that has both. Of runs beyond the text's words
    nothing is marked.
    """
    places = word_places(text)
    within = sorted({run for run in runs if 1 <= run[0] <= run[1] <= len(places)})
    cuts = sorted({first - 1 for first, _ in within} | {last for _, last in within})
    deep = [0] * (len(places) + 1)  # by how many runs each word is covered, as steps
    joined = [0] * (len(places) + 1)  # by how many each word and the one before it are
    for first, last in within:
        deep[first - 1] += 1
        deep[last] -= 1
        joined[first] += 1
        joined[last] -= 1
    wanted = frozenset(cuts)
    covered: set[int] = set()
    bridged: set[int] = set()
    depth = over = 0
    for word in range(len(places) + 1):
        depth += deep[word]
        over += joined[word]
        if word in wanted:
            covered.update([word] if depth else [])
            bridged.update([word] if over else [])
    end = 0
    for begin, beyond in itertools.pairwise(cuts):
        if begin not in covered:
            continue
        start = places[begin][0]
        if start > end:
            yield Piece(text[end:start], None)
        stop = places[beyond][0] if beyond in bridged else places[beyond - 1][1]
        yield Piece(text[max(start, end) : stop], (begin + 1, beyond))
        end = max(stop, end)
    if text[end:]:
        yield Piece(text[end:], None)


def _opening(seed: Seed, passage: Passage, text: str, rows: Iterable[Row]) -> str:
    """The first four words of a passage as its page has them, or fewer if it has no more.

    They are known from `opens`, from the text where this page shows it, or from a quotation that begins
    the passage. Names that the seal has in the clear do not tell what stands between them.
    """
    if passage.opens is not None:
        return _first_words(passage.opens.text)
    if text:
        return _first_words(text)
    for row in rows:
        if not any(first == 1 for first, _ in row.runs):
            continue
        record = row.cited.statement.record
        for found in row.here:
            quotation = record.text if isinstance(record, Quote) else found.cite.quote
            if quotation is None or "[" in quotation.text:
                continue
            place = find_quote(quotation.text, seed, passage)
            if place is not None and place.first == 0 and len(quote_parts(quotation.text)[0]) >= OPENING:
                return _first_words(quotation.text)
    return ""


def _first_words(text: str) -> str:
    places = word_places(text)[:OPENING]
    return text[places[0][0] : places[-1][1]] if places else ""


def fragment_of(url: str, opening: str) -> str:
    """What, put behind the address, opens it at these words (WICG, URL Fragment Text Directives).

    A hyphen, a comma and an ampersand are signs of the directive, so they are encoded like the rest.
    """
    said = quote(" ".join(opening.split()), safe="").replace("-", "%2D")
    return f"{'' if '#' in url else '#'}:~:text={said}"


def changed(origin: Seed, copy: Seed) -> Iterator[str]:
    """What changed from a source to what was made of it: the language, the outlet, the time."""
    before, after = origin.record, copy.record
    if before.language.tag != after.language.tag:
        yield f"{language_name(before.language.tag)} to {language_name(after.language.tag)}"
    if before.publisher.id != after.publisher.id:
        yield "another outlet"
    later = time_between(
        (before.published.when.date.first, before.published.when.date.last),
        (after.published.when.date.first, after.published.when.date.last),
    )
    if later:
        yield later


def time_between(before: tuple[str, str], after: tuple[str, str]) -> str:
    """How long after one date another is, as exactly as both are known; empty where nobody can say."""
    if before[0][:4] in ("0000", "9999") or "9999" in (before[1][:4], after[1][:4]) or after[0][:4] == "0000":
        return ""
    if before[0] == before[1] and after[0] == after[1]:
        days = (datetime.date.fromisoformat(after[0]) - datetime.date.fromisoformat(before[0])).days
        return _apart(days, "day")
    if all(one[:7] == other[:7] for one, other in (before, after)):
        months = [int(day[:4]) * 12 + int(day[5:7]) for day in (before[0], after[0])]
        return _apart(months[1] - months[0], "month")
    if all(one[:4] == other[:4] for one, other in (before, after)):
        return _apart(int(after[0][:4]) - int(before[0][:4]), "year")
    return ""


def _apart(number: int, unit: str) -> str:
    if number == 0:
        return f"{'on' if unit == 'day' else 'in'} the same {unit}"
    return f"{amount(abs(number), unit)} {'later' if number > 0 else 'earlier'}"
