"""What links to an entity, page by page: everything links to a hub, and no page may grow with the wiki."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from build_tools.gathered import Row
from build_tools.link import LinkedWiki

ROOM = 100  # on the entity's own page for sentences, and for each type of relation; and on each page after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """The rows of what links to an entity: what its own page shows, and the pages of the rest."""

    linked_from: tuple[Row, ...]
    edges_to: tuple[Row, ...]
    further: tuple[tuple[Row, ...], ...]


def hub(wiki: LinkedWiki, entity_id: str) -> Hub:
    """Everything that links to the entity, once, in the order of the records."""
    links = wiki.linking.get(entity_id, ())
    here: list[Row] = []
    rest: list[Row] = []
    taken: dict[str, int] = defaultdict(int)
    for row in wiki.related.get(entity_id, ()):
        taken[row[-1]] += 1
        (here if taken[row[-1]] <= ROOM else rest).append(row)
    rest += links[ROOM:]
    pages = tuple(tuple(rest[start : start + ROOM]) for start in range(0, len(rest), ROOM))
    return Hub(linked_from=links[:ROOM], edges_to=tuple(here), further=pages)


def hubs(wiki: LinkedWiki) -> dict[str, Hub]:
    """The entities to which more links than their own pages show, by id."""
    much = {id_ for table in (wiki.linking, wiki.related) for id_, rows in table.items() if len(rows) > ROOM}
    return {id_: found for id_ in sorted(much) if (found := hub(wiki, id_)).further}
