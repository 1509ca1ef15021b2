"""A difference as data: JSON, described in docs/about.md."""

from __future__ import annotations

import json
from typing import Any

from build_tools.difference.findings import Detail, Difference, Group, How, Thing
from build_tools.difference.wording import word_by_word
from build_tools.report import as_row

VERSION = 1
_SIGNS = {None: "=", How.REMOVED: "-", How.ADDED: "+"}


def as_json(difference: Difference) -> str:
    """The whole difference, nothing left out."""
    pages = difference.pages
    data = {
        "version": VERSION,
        "old": difference.old,
        "new": difference.new,
        "unread": [
            {"side": unread.side, "in_part": unread.in_part, "problem": as_row(unread.problem)}
            for unread in difference.unread
        ],
        "changes": [_group(group) for group in difference.groups],
        "addresses": pages and {"added": pages.added, "changed": pages.changed, "removed": pages.removed},
        "problems": {
            "new": [as_row(problem) for problem in difference.new_problems],
            "gone": [as_row(problem) for problem in difference.gone_problems],
        },
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _group(group: Group) -> dict[str, Any]:
    return {
        "what": group.noun,
        "name": group.name,
        "path": group.path,
        "how": group.how,
        "details": [_detail(detail) for detail in group.details],
        "parts": [_thing(thing) for thing in group.things],
    }


def _thing(thing: Thing) -> dict[str, Any]:
    return {
        "what": thing.noun,
        "name": thing.label,
        "how": thing.how,
        "details": [_detail(detail) for detail in thing.details],
    }


def _detail(detail: Detail) -> dict[str, Any]:
    row: dict[str, Any] = {
        "what": detail.what,
        "how": detail.how,
        "old": detail.old,
        "new": detail.new,
        "note": detail.note,
    }
    if detail.how is How.REWORDED:
        row["words"] = [[_SIGNS[piece.how], piece.text] for piece in word_by_word(detail.old, detail.new)]
    return row
