"""A wiki made up to measure pages: a thousand entities that all name one, which itself has 500 claims."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent
ENTITIES, CLAIMS, LINKS = 1000, 500, 2  # entities beside the hub; claims of the hub; links of each to it
HUB = "hub"
NAME = "Unbroken" * 37  # the longest that a name may well be, with nowhere to break
SETTINGS = """\
name: Made up
tagline: A wiki to measure.
introduction: Nothing here is true.
repository: https://example.org/made/wiki
branch: main
kinds:
  thing: {folder: things, singular: Thing, plural: Things, description: What there is.}
topics: {all: {label: All}}
facts: {}
relations:
  near: {label: is near, symmetric: true, from: [thing], to: [thing]}
identifiers: {}
quotation: {words_per_quote: 25, share_of_seed: 40%}
"""
SITE = """\
INHERIT: {inherited}
site_name: Made up
nav:
  - index.md
  - things/index.md
{lists}  - seeds/index.md
  - about.md
not_in_nav: |
  /*/*.md
  /*/*/*.md
  /search.md
"""
RUMOUR = """\
title: {quote: Rumours}
short: Rumours
publisher: hub
published: {when: 2024}
language: en
held: false
rights: {status: public-domain}
"""
_SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu".split()


def lay_out(root: Path, lists: tuple[str, ...]) -> None:
    """The wiki lies at `root`, with the project's theme, scripts and styles; `lists` are its list pages."""
    chance = random.Random(1)
    words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))) for _ in range(6000)]
    shutil.copytree(ROOT / "theme", root / "theme")
    shutil.copytree(ROOT / "docs" / "assets", root / "docs" / "assets")
    pages = "".join(f"  - {name}.md\n" for name in lists)
    (root / "mkdocs.yml").write_text(SITE.format(inherited=ROOT / "mkdocs.yml", lists=pages))
    (root / "wiki.yml").write_text(SETTINGS)
    (root / "docs" / "about.md").write_text("# About\n\nAll of it was made up.\n")
    (root / "seeds" / "rumours").mkdir(parents=True)
    (root / "seeds" / "rumours" / "seed.yml").write_text(RUMOUR)
    folder = root / "entities" / "things"
    folder.mkdir(parents=True)

    def sentence(also: str = "") -> str:
        return f"{' '.join(chance.choices(words, k=chance.randint(8, 24)))}{also}.".capitalize()

    def put(id_: str, name: str, sentences: list[str]) -> None:
        claims = [{"id": f"c{i}", "text": text, "cites": ["rumours"]} for i, text in enumerate(sentences)]
        (folder / f"{id_}.yml").write_text(json.dumps({"name": name, "claims": claims}, indent=1))

    put(HUB, NAME, [sentence() for _ in range(CLAIMS)])
    for number in range(ENTITIES):
        name = " ".join(chance.choices(words, k=2)).title()
        put(f"thing-{number}", f"{name} {number}", [sentence(f" [[{HUB}]]") for _ in range(LINKS)])
