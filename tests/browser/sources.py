"""A wiki to try the pages of sources on: a text that is published, one that is attached, cites of their words."""

from __future__ import annotations

from pathlib import Path

from tests.islands import Wiki, article, lay_out_site

PUBLISHED, ATTACHED = "courier-2024", "bote-2023"
ACROSS = "gull-rock/across"  # cites two passages
FIRST, SECOND, WHOLE = "gull-rock/first", "gull-rock/second", "gull-rock/whole"
ROCK = """\
name: Gull Rock
claims:
  - {id: first, text: The office spoke., cites: ["courier-2024#p1:1-6"]}
  - {id: second, text: The office spoke of a ship., cites: ["courier-2024#p1:5-13"]}
  - {id: whole, text: A ship is to come., cites: [courier-2024#p1]}
  - {id: across, text: The ship is spoken of., cites: ["courier-2024#p1:9-13", "courier-2024#p5:1-3"]}
  - {id: in-german, text: Talks go on., cites: ["bote-2023#p1:1-5"]}
"""


def lay_out(root: Path) -> Wiki:
    wiki = lay_out_site(root).attach(ATTACHED)
    wiki.change(
        f"seeds/{PUBLISHED}/seed.yml",
        "status: all-rights-reserved,",
        "status: licensed, licence: CC BY 4.0, publish: full,",
    )
    return wiki.put(
        {f"seeds/{PUBLISHED}/text.md": article(PUBLISHED), "entities/islands/gull-rock.yml": ROCK}
    )
