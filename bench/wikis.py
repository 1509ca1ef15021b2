"""Made-up wikis of any size that read, link and check like real ones: equal arguments give equal bytes.

Entities of three kinds, whose links have a long tail and a few hubs; three to sixty claims each, ten on
average, every one with a figure, a year, a name and a span of a sealed passage that has them; relations,
facts, quotations of people, open questions. Nothing in them is true, and no words are anybody's.
"""

from __future__ import annotations

import bisect
import itertools
import random
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from build_tools.capture import CutPassage
from build_tools.seal import seal_text
from build_tools.seeds import seal_of
from build_tools.text import words
from build_tools.values import LineSpan, PassageId

ROOT = Path(__file__).parent.parent
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
quotation: {words_per_quote: 25, share_of_seed: 40%}
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
KINDS = (("place", "places"), ("place", "places"), ("firm", "firms"), ("person", "people"))
TOPICS = ("trade", "roads", "craft")
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


@dataclass(slots=True)
class _Entity:
    number: int
    kind: str
    folder: str
    id: str
    name: str
    claims: list[str] = field(default_factory=list)
    relations: list[str] = field(default_factory=list)
    quotes: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    fact: str = ""


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


def _claims_of(chance: random.Random) -> int:
    """Three to sixty, ten on average: many entities have a few claims, a few have many."""
    return min(60, 3 + int(chance.paretovariate(1.25) * 2.3) - 1)


class _Choice:
    """Draws entities so that a few hubs are drawn much more often than the long tail."""

    def __init__(self, size: int) -> None:
        weights = (1 / (rank + 8) ** 0.85 for rank in range(size))
        self.sums = list(itertools.accumulate(weights))

    def draw(self, chance: random.Random) -> int:
        return bisect.bisect(self.sums, chance.random() * self.sums[-1])


@dataclass(slots=True)
class _Seeds:
    """Seeds that fill up with passages as claims need them."""

    root: Path
    publisher: str
    chance: random.Random
    number: int = 0
    texts: list[tuple[str, str]] = field(default_factory=list)  # the words, and whose they are

    @property
    def id(self) -> str:
        return f"herald-{self.number}"

    def add(self, text: str, speaker: str = "") -> str:
        """The cite of a new passage with these words."""
        if len(self.texts) == PASSAGES:
            self.close()
        self.texts.append((text, speaker))
        return f"{self.id}#p{len(self.texts)}"

    def close(self) -> None:
        """The seed's files are written, and the next begins."""
        folder = self.root / "seeds" / self.id
        folder.mkdir(parents=True)
        day = f"{2000 + self.number % 25}-{1 + self.number % 12:02}-{1 + self.number % 28:02}"
        (folder / "seed.yml").write_text(
            f'title: {{gloss: "Herald, number {self.number}"}}\nshort: Herald {self.number}\n'
            f"publisher: {self.publisher}\npublished: {{when: {day}, basis: stated}}\nlanguage: en\n"
            f"url: https://example.org/herald/{self.number}\n"
            "rights: {status: all-rights-reserved, holder: Herald}\n"
        )
        passages = []
        for at, (_, speaker) in enumerate(self.texts, 1):
            kind = f"quotation\n  speakers: [{speaker}]" if speaker else "text"
            passages.append(
                f"p{at}:\n  kind: {kind}\n  gist: Some deeds of the time are told, number {at}.\n"
            )
        (folder / "passages.yml").write_text("".join(passages))
        cut = [
            CutPassage(id=PassageId(f"p{at}"), text=text, heading=False, lines=LineSpan(at, at))
            for at, (text, _) in enumerate(self.texts, 1)
        ]
        (folder / "seal.json").write_text(seal_text(seal_of(self.id, cut)))
        self.number += 1
        self.texts = []


def lay_out(root: Path, entities: int, seed: int = 1) -> None:
    """A wiki of so many entities lies at `root`, a folder that is not there yet, with a site's settings."""
    chance = random.Random(seed)
    (root / "docs").mkdir(parents=True)
    shutil.copytree(ROOT / "theme", root / "theme")
    shutil.copytree(ROOT / "docs" / "assets", root / "docs" / "assets")
    (root / "wiki.yml").write_text(SETTINGS)
    made = []
    for number in range(entities):
        kind, folder = KINDS[number % len(KINDS)]
        name = name_of(number)
        made.append(_Entity(number, kind, folder, name.lower().replace(" ", "-"), name))
    for _, folder in KINDS:
        (root / "entities" / folder).mkdir(parents=True, exist_ok=True)
    people = [entity for entity in made if entity.kind == "person"]
    seeds = _Seeds(root, made[0].id, chance)
    choice = _Choice(entities)
    for entity in made:
        _tell(entity, made, people, choice, seeds, chance)
    if seeds.texts:
        seeds.close()
    for entity in made:
        (root / "entities" / entity.folder / f"{entity.id}.yml").write_text(_record(entity))
    from build_tools.addresses import LISTS

    names = {f"{folder}/index": folder.title() for _, folder in KINDS}
    names |= {name: title for name, title, _ in LISTS if name != "search"}
    lists = "".join(f"  - {title}: {name}.md\n" for name, title in names.items())
    (root / "docs" / "about.md").write_text("# About\n\nAll of it was made up.\n")
    (root / "mkdocs.yml").write_text(SITE.format(inherited=ROOT / "mkdocs.yml", lists=lists))


def _tell(
    entity: _Entity,
    made: list[_Entity],
    people: list[_Entity],
    choice: _Choice,
    seeds: _Seeds,
    chance: random.Random,
) -> None:
    """The entity has its claims and relations, and the seeds have passages that carry them."""
    count = _claims_of(chance)
    asked = count >= 6 and chance.random() < 0.1
    met: set[str] = set()
    for begin in range(0, count, FACTS):
        rows: list[tuple[str, str, _Entity, int]] = []
        sentences: list[str] = []
        for number in range(begin, min(begin + FACTS, count)):
            other = made[choice.draw(chance)]
            if other is entity:
                other = made[(entity.number + 1) % len(made)]
            year, figure = chance.randint(1901, 2020), f"{chance.randint(1001, 9999):,}"
            told, ours = chance.choice(_TOLD)
            sentences.append(told.format(own=entity.name, other=other.name, figure=figure, year=year))
            text = ours.format(own=entity.name, link=f"[[{other.id}]]", figure=figure, year=year)
            rows.append((f"c{number}", text, other, year))
        speaker, quoted = "", ""
        if people and chance.random() < 0.15:
            person = chance.choice(people)
            quoted = chance.choice(_SAID).format(thing=chance.choice(_THINGS))
            speaker = person.id
        text = ". ".join(sentences) + "."
        cite = seeds.add(text + (f" “{quoted}”, said {person.name}." if speaker else ""), speaker)
        if speaker:
            id_ = f"said-{entity.number}-{begin}"
            person.quotes.append(f"  - id: {id_}\n    text: {quoted}\n    cites: [{cite}]\n")
        first = 1
        for sentence, (id_, claim, other, year) in zip(sentences, rows, strict=True):
            last = first + len(words(sentence)) - 1
            question = "    question: how-many\n" if asked and id_ in ("c0", "c1") else ""
            entity.claims.append(
                f'  - id: {id_}\n    text: "{claim}."\n'
                f"    topics: [{chance.choice(TOPICS)}]\n    when: {year}\n"
                f"{question}    cites: [{cite}:{first}-{last}]\n"
            )
            first = last + 1
            if other.id not in met and chance.random() < 0.4:
                met.add(other.id)
                entity.relations.append(f"  - {{type: supplies, to: {other.id}, cites: [{cite}]}}\n")
    if asked:
        entity.questions.append("  - id: how-many\n    text: How many were there?\n")
    entity.fact = f"  - {{fact: size, value: Large, cites: [{seeds.id}#p{len(seeds.texts)}]}}\n"


def _record(entity: _Entity) -> str:
    parts = [f"name: {entity.name}\n"]
    parts += ["facts:\n", entity.fact, "claims:\n", *entity.claims]
    for key, rows in (
        ("quotes", entity.quotes),
        ("relations", entity.relations),
        ("questions", entity.questions),
    ):
        if rows:
            parts += [f"{key}:\n", *rows]
    return "".join(parts)
