"""The compiler on one screen: each stage takes what the one before it made, and adds its problems."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from build_tools.addresses import OutputFile, pages_clash
from build_tools.checks import check_evidence
from build_tools.cite import CitedWiki, cite
from build_tools.link import link
from build_tools.load import ATLAS, Sources
from build_tools.memory import Memory
from build_tools.packages import not_installed
from build_tools.problems import Problem, has_errors, in_order
from build_tools.validate import validate
from build_tools.waivers import set_aside

if TYPE_CHECKING:
    from build_tools.pages.cards import Card
    from build_tools.pages.changes import ChangedClaim


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A wiki with its evidence, None where the settings cannot be read, and all problems in order.

    `set_aside` counts the warnings that waivers.yml names.
    """

    wiki: CitedWiki | None
    problems: tuple[Problem, ...]
    set_aside: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """The pages to be written, and the wiki that they are of; no pages while an error remains.

    `cards` are those to be drawn beside the pages.
    """

    wiki: CitedWiki | None
    files: tuple[OutputFile, ...]
    problems: tuple[Problem, ...]
    set_aside: int = 0
    cards: tuple[Card, ...] = ()


def read_wiki(
    sources: Sources, loading: tuple[Problem, ...] = (), memory: Memory | None = None
) -> tuple[CitedWiki | None, tuple[Problem, ...]]:
    """The wiki read and linked, its cites resolved, but its evidence not asked, which takes the most time.

    `loading` are problems met before; there is no wiki where the settings cannot be read. What `memory` has
    of an earlier run, and no change concerns, is not worked out again.
    """
    memory = memory or Memory(once=True)
    memory.begin()
    records, found = validate(sources, loading, memory)
    problems = [*loading, *found]
    if records is None:
        return None, in_order(problems)
    memory.progress.stage("linking")
    linked, found = link(records, memory)
    problems.extend(found)
    cited, found = cite(linked, memory)
    problems.extend(found)
    return cited, in_order(problems)


def check_wiki(sources: Sources, loading: tuple[Problem, ...] = (), memory: Memory | None = None) -> Checked:
    """The wiki read, linked and held against its sources; `loading` are problems met before.

    What `memory` has of an earlier run, and no change concerns, is not worked out again.
    """
    memory = memory or Memory(once=True)
    cited, found = read_wiki(sources, loading, memory)
    if cited is None:
        return Checked(wiki=None, problems=found)
    linked, problems = cited.linked, [*found]
    whole = not has_errors(problems)
    memory.progress.stage("checks")
    problems.extend(check_evidence(cited, whole=whole, memory=memory))
    if not has_errors(problems):
        problems.extend(pages_clash(linked))
    judged = set_aside(in_order(problems), linked, whole=whole)
    return Checked(wiki=cited, problems=in_order(judged.problems), set_aside=judged.set_aside)


def compile_wiki(
    sources: Sources,
    loading: tuple[Problem, ...] = (),
    *,
    changes: tuple[ChangedClaim, ...] = (),
    site_url: str = "",
    preview: bool = False,
    memory: Memory | None = None,
) -> Compiled:
    """The wiki's pages, if no stage finds an error: equal sources give equal bytes.

    `changes` are the claims that changed last. Only a site that knows its own address, `site_url`, can
    have what others need it for: cards, and the map of the site for search engines. The pages of a
    `preview` show the words of attached texts and are for this machine alone. What `memory` has of an
    earlier run, and no change concerns, is not worked out again.
    """
    memory = memory or Memory(once=True)
    checked = check_wiki(sources, loading, memory)
    if checked.wiki is None or has_errors(checked.problems):
        return Compiled(wiki=checked.wiki, files=(), problems=checked.problems, set_aside=checked.set_aside)
    atlas = None
    if checked.wiki.linked.settings.map is not None:
        from build_tools.pages.atlas import read_atlas

        if sources.atlas is None:
            problems = (*checked.problems, not_installed(ATLAS.partition("/")[0]))
            return Compiled(wiki=checked.wiki, files=(), problems=problems, set_aside=checked.set_aside)
        given = (blake2b(sources.atlas).digest(),)
        atlas = memory.recall("atlas", given, read_atlas, sources.atlas)
    from build_tools.pages.cards import wiki_cards  # these, and templates, checking alone does not need
    from build_tools.pages.render import render

    memory.progress.stage("pages")
    cards = wiki_cards(checked.wiki) if site_url else {}
    files = render(
        checked.wiki,
        atlas,
        changes=changes,
        site_url=site_url,
        cards=cards,
        preview=preview,
        memory=memory,
    )
    memory.forget()
    return Compiled(
        wiki=checked.wiki,
        files=files,
        problems=checked.problems,
        set_aside=checked.set_aside,
        cards=tuple(dict.fromkeys(cards.values())),
    )
