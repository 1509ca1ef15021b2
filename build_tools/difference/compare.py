"""Two wikis compared: sources first, for their new numbers; then entities, and what moved between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from build_tools.difference.entities import Entities
from build_tools.difference.fields import Reading
from build_tools.difference.findings import Detail, Difference, Group, How, PageChanges, Thing, Unread
from build_tools.difference.pairing import paired
from build_tools.difference.problems import problems_between
from build_tools.difference.seeds import Seeds
from build_tools.difference.settings import link_exceptions_group, settings_group, waivers_group
from build_tools.difference.sides import Reader, Side, Verdict, verdicts
from build_tools.load import SourceFile
from build_tools.prose import plain_text


def compare(old: Side, new: Side) -> Difference:
    """All that differs between the two, as every machine sees them: attached texts are left out of it."""
    old, new = old.as_shared, new.as_shared
    if (old.sources, old.loading) == (new.sources, new.loading):
        return _difference(old, new, Verdict.nothing(), Verdict.nothing(), (), (), {})
    before, after = verdicts(old, new)
    readers = Reader(old), Reader(new)
    seeds = Seeds(readers)
    entities = Entities(readers, seeds.renames)
    reading = _reading(after, entities, seeds)
    groups = (
        *entities.groups(reading),
        *seeds.groups(reading, entities.renames, after.wiki),
        *settings_group((old.sources.settings, new.sources.settings), readers, reading),
        *waivers_group((old.sources.waivers, new.sources.waivers), readers, reading, entities.paths),
        *link_exceptions_group((old.sources.link_exceptions, new.sources.link_exceptions), readers, reading),
        *_by_hand(old.sources.docs, new.sources.docs),
    )
    unread = (*readers[0].unread, *readers[1].unread)
    moved = {**entities.paths, **seeds.paths}
    return _difference(old, new, before, after, groups, unread, moved)


def _difference(
    old: Side,
    new: Side,
    before: Verdict,
    after: Verdict,
    groups: tuple[Group, ...],
    unread: tuple[Unread, ...],
    moved: Mapping[str, str],
) -> Difference:
    more, less = problems_between(before.problems, after.problems, moved)
    without = tuple(side.name for side, verdict in ((old, before), (new, after)) if verdict.addresses is None)
    pages = None
    if before.addresses is not None and after.addresses is not None:
        pages = _page_changes(before.addresses, after.addresses)
    return Difference(
        old=old.name,
        new=new.name,
        unread=unread,
        groups=groups,
        pages=pages,
        without_pages=without,
        new_problems=more,
        gone_problems=less,
    )


def _page_changes(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> PageChanges:
    return PageChanges(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(path for path in new.keys() & old.keys() if new[path] != old[path])),
        removed=tuple(sorted(old.keys() - new.keys())),
    )


def _reading(after: Verdict, entities: Entities, seeds: Seeds) -> Reading:
    """Names and gists of the new wiki; where it has none, those of the old."""
    names = {**entities.names, **(after.wiki.linked.names if after.wiki else {})}
    gists = dict(seeds.gists)
    for seed in after.wiki.linked.seeds.values() if after.wiki else ():
        gists |= {(seed.id, passage.id): plain_text(passage.gist, names) for passage in seed.passages}
    return Reading(names=MappingProxyType(names), gists=MappingProxyType(gists))


def _by_hand(old: Iterable[SourceFile], new: Iterable[SourceFile]) -> Iterator[Group]:
    """The files of docs/: added, removed, changed; moved, if the bytes are the same."""
    olds, news = ({file.path: file for file in files} for files in (old, new))
    same = {path for path in olds.keys() & news.keys() if olds[path].data == news[path].data}
    pairs = paired(
        [file for path, file in sorted(olds.items()) if path not in same],
        [file for path, file in sorted(news.items()) if path not in same],
        (lambda file: (file.path,), lambda file: (file.data,)),
    )
    found: list[Thing] = []
    for one, other in pairs.in_order:
        details: tuple[Detail, ...] = ()
        if one is not None and one.path != other.path:
            details = (Detail(what="path", how=How.MOVED, old=one.path, new=other.path),)
        how = How.CHANGED if one else How.ADDED
        found.append(Thing(noun="file", label=other.path, how=how, details=details))
    found += [Thing(noun="file", label=file.path, how=How.REMOVED, details=()) for file in pairs.old]
    if found:
        yield Group(noun="pages by hand", name="docs", path="docs", how=How.CHANGED, things=tuple(found))
