"""What became of wiki.yml and waivers.yml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from build_tools.difference.fields import Reading, differences, said, things
from build_tools.difference.findings import Detail, Group, How, Thing
from build_tools.difference.pairing import paired
from build_tools.difference.sides import Reader
from build_tools.load import LINK_EXCEPTIONS, SETTINGS, WAIVERS, SourceFile
from build_tools.records import LinkExceptions, Waiver, Waivers, WikiSettings
from build_tools.shape import shape_of

T = TypeVar("T")

_NOUNS = {
    "kinds": "kind",
    "topics": "topic",
    "facts": "type of fact",
    "relations": "type of relation",
    "identifiers": "type of identifier",
}
Files = tuple[SourceFile | None, SourceFile | None]


def settings_group(files: Files, readers: tuple[Reader, Reader], reading: Reading) -> Iterator[Group]:
    """What differs of the settings; what they define by key, each for itself."""
    found = _records(files, readers, WikiSettings)
    if found is None:
        return
    old, new = found
    keyed = [field for field in shape_of(WikiSettings).fields if field.keyed]
    parts: list[Thing] = []
    for field in keyed:
        sides = [getattr(side, field.name) if side else () for side in found]
        pairs = paired(sides[0], sides[1], (lambda item: (item.key.id,), _meaning))
        parts += things(pairs, _NOUNS[field.name], lambda item: item.key.id, reading, more=_renamed)
    details = tuple(differences(old, new, reading, leave_out=frozenset(field.name for field in keyed)))
    if details or parts:
        yield Group(
            noun="settings",
            name="settings",
            path=SETTINGS,
            how=_how(files),
            details=details,
            things=tuple(parts),
        )


def waivers_group(
    files: Files, readers: tuple[Reader, Reader], reading: Reading, moved: Mapping[str, str]
) -> Iterator[Group]:
    """What differs of the waivers; `moved` gives the new paths of records by the old."""
    found = _records(files, readers, Waivers)
    if found is None:
        return
    old, new = (record.waivers if record else () for record in found)

    def place(waiver: Waiver) -> tuple[str, str]:
        return waiver.code.text, moved.get(waiver.path.text, waiver.path.text)

    pairs = paired(
        old, new, (lambda waiver: ((*place(waiver), said(waiver.of)),), lambda waiver: (place(waiver),))
    )
    parts = tuple(
        things(pairs, "waiver", lambda item: item.code.text, reading, leave_out=frozenset({"code"}))
    )
    if parts:
        yield Group(noun="waivers", name="waivers", path=WAIVERS, how=_how(files), things=parts)


def link_exceptions_group(files: Files, readers: tuple[Reader, Reader], reading: Reading) -> Iterator[Group]:
    """What differs of the addresses that need not answer."""
    found = _records(files, readers, LinkExceptions)
    if found is None:
        return
    old, new = (record.exceptions if record else () for record in found)
    pairs = paired(old, new, (lambda exception: (exception.url.text,),))
    parts = tuple(
        things(pairs, "exception", lambda item: item.url.text, reading, leave_out=frozenset({"url"}))
    )
    if parts:
        yield Group(noun="exceptions", name="exceptions", path=LINK_EXCEPTIONS, how=_how(files), things=parts)


def _records(
    files: Files, readers: tuple[Reader, Reader], record: type[T]
) -> tuple[T | None, T | None] | None:
    """The records of both files, none of one that is not there; None if there is nothing to compare."""
    if (files[0] and files[0].data) == (files[1] and files[1].data):
        return None
    old, new = (
        reader.record(file, record) if file else None for reader, file in zip(readers, files, strict=True)
    )
    unread = (files[0] is not None and old is None) or (files[1] is not None and new is None)
    return None if unread else (old, new)


def _how(files: Files) -> How:
    return How.ADDED if files[0] is None else How.REMOVED if files[1] is None else How.CHANGED


def _meaning(item: Any) -> tuple[str]:
    """All that is said of a key: what has it under another key was renamed."""
    return (said(item).partition(": ")[2],)


def _renamed(old: Any, new: Any) -> Iterator[Detail]:
    if old.key.id != new.key.id:
        yield Detail(what="key", how=How.RENAMED, old=old.key.id, new=new.key.id)
