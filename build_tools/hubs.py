"""What links to an entity, page by page: everything links to a hub, and no page may grow with the wiki."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from build_tools.link import Edge, LinkedWiki, Statement

ROOM = 100  # on the entity's own page for sentences, and for each type of relation; and on each page after it


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """What links to an entity: what its own page shows, and the pages of the rest."""

    linked_from: tuple[Statement, ...]
    edges_to: tuple[Edge, ...]
    further: tuple[tuple[Statement, ...], ...]


def hub(wiki: LinkedWiki, entity_id: str) -> Hub:
    """Everything that links to the entity, once, in the order of the records."""
    links = wiki.linked_from.get(entity_id, ())
    here: list[Edge] = []
    rest: list[Statement] = []
    taken: dict[str, int] = defaultdict(int)
    for edge in wiki.edges_to.get(entity_id, ()):
        type_ = edge.type.key.id
        taken[type_] += 1
        if taken[type_] <= ROOM:
            here.append(edge)
        else:
            rest.append(edge.statement)
    rest += links[ROOM:]
    pages = tuple(tuple(rest[start : start + ROOM]) for start in range(0, len(rest), ROOM))
    return Hub(linked_from=links[:ROOM], edges_to=tuple(here), further=pages)
