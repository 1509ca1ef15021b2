"""Made-up wikis of any size that read, link and check like real ones: equal arguments give equal bytes.

Entities of three kinds, whose links have a long tail and a few hubs; three to sixty claims each, seven on
average, every one with a figure, a year, a name and a span of a sealed passage that has them; relations,
facts, quotations of people, open questions: ten cites for each entity, and a seed for sixteen of them.
Nothing in them is true, and no words are anybody's.
"""

from __future__ import annotations

import argparse
import itertools
import random
import re
import shutil
from array import array
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from build_tools.addresses import LISTS
from build_tools.capture import CutPassage
from build_tools.processes import in_parts
from build_tools.seal import seal_text
from build_tools.seeds import seal_of
from build_tools.text import words
from build_tools.values import LineSpan, PassageId

ROOT = Path(__file__).parent.parent
CHUNK = 200  # entities that are made together, with the seeds that they cite: so much is in memory at once
PASSAGES = 40  # of a seed
FACTS = 3  # told by a passage, each in a sentence
SETTINGS = """\
name: Made up
tagline: A wiki to measure.
introduction: Nothing here is true.
repository: https://example.org/made/wiki
branch: main
kinds:
  place: {folder: places, singular: Place, plural: Places, description: Where things are.}
  firm: {folder: firms, singular: Firm, plural: Firms, description: Who does things.}
  person: {folder: people, singular: Person, plural: People, description: Who says things.}
topics:
  trade: {label: Trade}
  roads: {label: Roads}
  craft: {label: Craft}
facts:
  size: {label: Size, kinds: [place, firm, person]}
relations:
  supplies: {label: supplies, inverse: is supplied by, from: [place, firm, person], to: [place, firm, person]}
identifiers: {}
quotation: {words_per_quote: 25, share_of_seed: 90%}
"""
SITE = """\
INHERIT: {inherited}
site_name: Made up
nav:
  - Home: index.md
{lists}  - Sources: seeds/index.md
  - About: about.md
not_in_nav: |
  /*/*.md
  /*/*/*.md
  /search.md
"""
RENAMED_TO = "-again-"  # comes after an id, and then a number
KINDS = ("places", "places", "firms", "people")  # the folders of the first four entities, of the next four …
TOPICS = ("trade", "roads", "craft")
YEARS = range(1901, 2021)
_SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu bra cle dro".split()
_TOLD = (
    ("The people of {own} sent {figure} barrels to {other} while {year} lasted",
     "During {year}, {figure} barrels went from {own} to {link}"),
    ("Throughout {year} there came {figure} wagons out of {other}, counted at the gate of {own}",
     "{own} took in {figure} wagons from {link} in {year}"),
    ("For {other} the crews of {own} laid {figure} stones, and {year} saw the last of them",
     "Workers from {own} set {figure} stones for {link} in {year}"),
    ("A ledger of {year} lists {figure} lamps that {other} bought of {own}",
     "{link} acquired {figure} lamps from {own} in {year}"),
)  # fmt: skip
_SAID = (
    "we never closed the {thing} in all those winters",
    "nobody asked us before the {thing} was sold",
    "the {thing} will outlast every one of us here",
)
_THINGS = ("harbour", "granary", "bridge", "market", "foundry", "orchard", "lighthouse", "mill")


@dataclass(frozen=True, slots=True)
class Hub:
    """What the first entity of a wiki is to be, if it is to be a page that is hard on a browser."""

    claims: int
    links: int  # to it from every other entity
    name: str = "Unbroken" * 37  # the longest that a name may well be, with nowhere to break


HUB_PAGE = "places/hub/"


@dataclass(frozen=True, slots=True)
class _Named:
    """An entity as others see it."""

    number: int
    id: str
    name: str

    @property
    def folder(self) -> str:
        return KINDS[self.number % len(KINDS)]


@dataclass(frozen=True, slots=True)
class _Names:
    """Who there is, and who is named how often: a few hubs much more often than the long tail."""

    size: int
    hub: Hub | None
    sums: array[float]

    @classmethod
    def of(cls, size: int, hub: Hub | None) -> _Names:
        return cls(
            size, hub, array("d", itertools.accumulate(1 / (rank + 8) ** 0.85 for rank in range(size)))
        )

    def at(self, number: int) -> _Named:
        if self.hub is not None and number == 0:
            return _Named(0, "hub", self.hub.name)
        name = name_of(number)
        return _Named(number, name.lower().replace(" ", "-"), name)

    def draw(self, chance: random.Random, own: int) -> _Named:
        """Some other entity."""
        number = bisect(self.sums, chance.random() * self.sums[-1])
        return self.at(number if number != own else (own + 1) % self.size)


def name_of(number: int) -> str:
    """The name of an entity, unlike any other's: two words that nobody ever used."""
    size = len(_SYLLABLES)
    first = _SYLLABLES[number * 7 % size] + _SYLLABLES[number * 13 % (size - 2)] + "r"
    rest = ""
    left = number + size  # two syllables at least
    while left:
        left, at = divmod(left, size)
        rest += _SYLLABLES[at]
    return f"{first.title()} {rest.title()}n"


# ---- the seeds ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Seeds:
    """Seeds that fill up with passages as claims need them."""

    root: Path
    publisher: str
    name: str
    number: int = 0
    passages: list[tuple[str, str]] = field(default_factory=list)  # the words, and whose they are

    def add(self, text: str, speaker: str = "") -> str:
        """The cite of a new passage with these words."""
        if len(self.passages) == PASSAGES:
            self.close()
        self.passages.append((text, speaker))
        return f"{self.name}-{self.number}#p{len(self.passages)}"

    def close(self) -> None:
        """The files of the seed are there, and the next begins."""
        write_seed(self.root, f"{self.name}-{self.number}", self.publisher, self.passages)
        self.number += 1
        self.passages = []


def write_seed(root: Path, id_: str, publisher: str, passages: Iterable[tuple[str, str]]) -> None:
    """A seed of these passages, each with the id of who is quoted in it if anybody is, lies in its folder."""
    folder = root / "seeds" / id_
    folder.mkdir(parents=True)
    chance = random.Random(id_)
    day = f"{chance.randint(2000, 2024)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    (folder / "seed.yml").write_text(
        f'title: {{gloss: "The paper {id_}"}}\nshort: Paper {id_}\n'
        f"publisher: {publisher}\npublished: {{when: {day}, basis: stated}}\nlanguage: en\n"
        f"url: https://example.org/{id_}\nrights: {{status: all-rights-reserved, holder: Herald}}\n"
    )
    rows, cut = [], []
    for at, (text, speaker) in enumerate(passages, 1):
        kind = f"quotation\n  speakers: [{speaker}]" if speaker else "text"
        rows.append(f"p{at}:\n  kind: {kind}\n  gist: Some deeds of the time are told, number {at}.\n")
        cut.append(CutPassage(id=PassageId(f"p{at}"), text=text, heading=False, lines=LineSpan(at, at)))
    (folder / "passages.yml").write_text("".join(rows))
    (folder / "seal.json").write_text(seal_text(seal_of(id_, cut)))


# ---- the entities ------------------------------------------------------------------------------------


def lay_out(root: Path, entities: int, seed: int = 1, *, hub: Hub | None = None) -> None:
    """A wiki of so many entities lies at `root`, an empty folder or none, with a site's settings."""
    (root / "docs").mkdir(parents=True)
    shutil.copytree(ROOT / "theme", root / "theme")
    shutil.copytree(ROOT / "docs" / "assets", root / "docs" / "assets")
    (root / "wiki.yml").write_text(SETTINGS)
    folders = tuple(dict.fromkeys(KINDS))
    for folder in folders:
        (root / "entities" / folder).mkdir(parents=True)
    names = _Names.of(entities, hub)

    def make(chunks: Iterable[int]) -> None:
        for chunk in chunks:
            _make(root, names, chunk, seed)

    in_parts(make, range(-(-entities // CHUNK)), least=1)
    titles = {f"{folder}/index": folder.title() for folder in folders}
    titles |= {name: title for name, title, _ in LISTS if name != "search"}
    lists = "".join(f"  - {title}: {name}.md\n" for name, title in titles.items())
    (root / "docs" / "about.md").write_text("# About\n\nAll of it was made up.\n")
    (root / "mkdocs.yml").write_text(SITE.format(inherited=ROOT / "mkdocs.yml", lists=lists))


def _make(root: Path, names: _Names, chunk: int, seed: int) -> None:
    """The entities of a chunk are there, and the seeds that they cite."""
    chance = random.Random(f"{seed} {chunk}")
    numbers = range(chunk * CHUNK, min((chunk + 1) * CHUNK, names.size))
    seeds = _Seeds(root, names.at(numbers[0]).id, f"herald-{chunk}")
    for number in numbers:
        own = names.at(number)
        record = "".join(_record(own, names, seeds, chance))
        (root / "entities" / own.folder / f"{own.id}.yml").write_text(record)
    seeds.close()


def _claims_of(chance: random.Random) -> int:
    """Three to sixty, seven on average: many entities have a few claims, a few have many."""
    return min(60, 2 + int(chance.paretovariate(1.3) * 1.8))


def _record(own: _Named, names: _Names, seeds: _Seeds, chance: random.Random) -> Iterator[str]:
    """The lines of an entity's record; what carries it is in the seeds."""
    count = _claims_of(chance)
    named = 0  # of its claims, so many name the hub
    if names.hub is not None:
        count, named = (names.hub.claims, 0) if own.number == 0 else (count, names.hub.links)
    asked = count >= 6 and chance.random() < 0.15
    claims: list[str] = []
    relations: dict[str, str] = {}
    told: set[tuple[int, int]] = set()
    cite = ""
    for begin in range(0, count, FACTS):
        sentences: list[str] = []
        rows: list[tuple[str, str, str, int]] = []
        for number in range(begin, min(begin + FACTS, count)):
            other = names.at(0) if number < named else names.draw(chance, own.number)
            how, year = _unlike(told, own.number < other.number, chance)
            figure = f"{chance.randint(1001, 9999):,}"
            passage, ours = _TOLD[how]
            sentences.append(passage.format(own=own.name, other=other.name, figure=figure, year=year))
            text = ours.format(own=own.name, link=f"[[{other.id}]]", figure=figure, year=year)
            rows.append((f"c{number}", text, other.id, year))
        cite = seeds.add(". ".join(sentences) + ".")
        first = 1
        for sentence, (id_, text, other_id, year) in zip(sentences, rows, strict=True):
            last = first + len(words(sentence)) - 1
            question = "    question: how-many\n" if asked and id_ in ("c0", "c1") else ""
            claims.append(
                f'  - id: {id_}\n    text: "{text}."\n'
                f"    topics: [{chance.choice(TOPICS)}]\n    when: {year}\n"
                f"{question}    cites: [{cite}:{first}-{last}]\n"
            )
            first = last + 1
            if chance.random() < 0.28:
                relations.setdefault(other_id, f"  - {{type: supplies, to: {other_id}, cites: [{cite}]}}\n")
    yield f"name: {own.name}\n"
    if chance.random() < 0.5:
        yield f"facts:\n  - {{fact: size, value: Large, cites: [{cite}]}}\n"
    yield from ("claims:\n", *claims)
    if own.folder == "people" and (quotes := [*_quotes(own, seeds, chance)]):
        yield from ("quotes:\n", *quotes)
    if relations:
        yield from ("relations:\n", *relations.values())
    if asked:
        yield "questions:\n  - id: how-many\n    text: How many were there?\n"


def _unlike(told: set[tuple[int, int]], first: bool, chance: random.Random) -> tuple[int, int]:
    """How a claim tells its fact, and its year: as no other claim of the entity does, nor one of the entity
    that it names, which would seem to give another figure for the same."""
    while True:
        drawn = chance.randrange(len(_TOLD)), chance.choice(YEARS[first::2])
        if drawn not in told:
            told.add(drawn)
            return drawn
        if len(told) > len(YEARS):  # of a hub, whose claims are more than there are years
            return drawn


def _quotes(own: _Named, seeds: _Seeds, chance: random.Random) -> Iterator[str]:
    """What a person said, none to three times, each in a passage of its own."""
    for number in range(chance.choice((0, 1, 1, 2, 3))):
        quoted = chance.choice(_SAID).format(thing=chance.choice(_THINGS))
        cite = seeds.add(f"Then there is the matter of those years. “{quoted}”, said {own.name}.", own.id)
        yield f"  - id: said-{number}\n    text: {quoted}\n    cites: [{cite}]\n"


# ---- the edits that are measured ---------------------------------------------------------------------


def record_of(root: Path, number: int) -> Path:
    """The record of an entity, by its number, whatever it was renamed to."""
    own = _Names.of(1, None).at(number)
    folder = root / "entities" / own.folder
    (found,) = (*folder.glob(f"{own.id}.yml"), *folder.glob(f"{own.id}{RENAMED_TO}*.yml"))
    return found


def edit_claim(root: Path, number: int) -> None:
    """The first claim of an entity is worded another way."""
    path = record_of(root, number)
    text = path.read_text()
    said = re.search(r'    text: ".*?(the year )?\b(\d{4})\b', text)
    assert said is not None
    year = said[2] if said[1] else f"the year {said[2]}"
    path.write_text(text[: said.start(1) if said[1] else said.start(2)] + year + text[said.end() :])


def add_seed(root: Path, id_: str, number: int) -> None:
    """There is a new seed, and an entity has a claim that cites it."""
    path = record_of(root, number)
    text = path.read_text()
    name = text.partition("\n")[0].removeprefix("name: ")
    write_seed(root, id_, path.stem, [(f"The gate of {name} stood open through the whole summer.", "")])
    claim = (
        f'  - id: {id_}\n    text: "The gate of {name} was open all summer."\n    topics: [roads]\n'
        f"    cites: [{id_}#p1]\n"
    )
    path.write_text(text.replace("claims:\n", f"claims:\n{claim}", 1))


def main() -> None:
    """Lays a wiki out."""
    parser = argparse.ArgumentParser(
        prog="bench.wikis", description="A made-up wiki is laid out in a folder."
    )
    parser.add_argument("root", type=Path)
    parser.add_argument("entities", type=int)
    options = parser.parse_args()
    lay_out(options.root, options.entities)


if __name__ == "__main__":
    main()
