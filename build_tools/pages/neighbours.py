"""What an entity is joined to, for the drawing on its page: on the left what leads to it, on the right
where it leads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from build_tools.link import LinkedWiki

CAP = 12  # neighbours, both sides together


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """An entity beside another, with the words of their relations, as said of the one on the left."""

    entity: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbourhood:
    """The neighbours drawn, and how many others there are."""

    left: tuple[Neighbour, ...]
    right: tuple[Neighbour, ...]
    rest: int


def neighbourhood(wiki: LinkedWiki, entity: str) -> Neighbourhood:
    """The neighbours of an entity, those with most relations first; what is symmetric leads to the right."""
    order = {type_.key.id: number for number, type_ in enumerate(wiki.settings.relations)}
    sides: tuple[dict[str, list[tuple[int, str]]], dict[str, list[tuple[int, str]]]]
    sides = (defaultdict(list), defaultdict(list))
    for edge in wiki.edges_from.get(entity, ()):
        sides[1][edge.object].append((order[edge.type.key.id], edge.type.label.text))
    for edge in wiki.edges_to.get(entity, ()):
        side = sides[1] if edge.type.symmetric else sides[0]
        side[edge.subject].append((order[edge.type.key.id], edge.type.label.text))
    left, right = (
        [
            Neighbour(entity=id_, labels=tuple(dict.fromkeys(label for _, label in sorted(said))))
            for id_, said in sorted(side.items(), key=lambda item: (-len(item[1]), item[0]))
        ]
        for side in sides
    )
    shown_left, shown_right = _shared_out(left, right)
    return Neighbourhood(
        left=tuple(shown_left),
        right=tuple(shown_right),
        rest=len(_ids(left, right) - _ids(shown_left, shown_right)),
    )


def _shared_out(
    left: Sequence[Neighbour], right: Sequence[Neighbour]
) -> tuple[Sequence[Neighbour], Sequence[Neighbour]]:
    """As many as are drawn: half on each side, more where the other has fewer."""
    half = CAP // 2
    return left[: max(half, CAP - len(right))], right[: max(half, CAP - len(left))]


def _ids(*sides: Iterable[Neighbour]) -> set[str]:
    return {neighbour.entity for side in sides for neighbour in side}


def curves(number: int, *, to_right: bool) -> tuple[str, ...]:
    """Paths that join the middle of a side to rows of equal height, in a square of 100 units.

    `to_right`: from the middle of the left side to rows on the right; else from rows on the left to the
    middle of the right side.
    """
    rows = [round((row + 0.5) * 100 / number, 1) for row in range(number)]
    if to_right:
        return tuple(f"M0 50C60 50 40 {y:g} 100 {y:g}" for y in rows)
    return tuple(f"M0 {y:g}C60 {y:g} 40 50 100 50" for y in rows)
