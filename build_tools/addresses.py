"""Where each page stands: its path below the pages' folder, its address on the site, and who has it."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from build_tools.ghost import Ghost
from build_tools.hubs import hub
from build_tools.link import LinkedWiki
from build_tools.problems import Code, Location, Problem


@dataclass(frozen=True, slots=True)
class OutputFile(Ghost):
    """A file to be written: its path below the pages' folder, and its bytes."""

    known: ClassVar[tuple[str, ...]] = ("path", "_digest", "_letters")
    path: str
    data: bytes
    _digest: str = field(default="", compare=False, repr=False)
    _letters: str = field(default="", compare=False, repr=False)

    @property
    def digest(self) -> str:
        """The digest of its bytes, as `site.kept.digest_of` makes it."""
        if not self._digest:
            object.__setattr__(self, "_digest", _digest_of(self.data))
        return self._digest

    @property
    def letters(self) -> str:
        """Every character that it shows, once; none, if it is no page."""
        if not self._letters and self.path.endswith((".md", ".html")):
            object.__setattr__(self, "_letters", _letters_of(self.data.decode()))
        return self._letters


def page_file(path: str, text: str) -> OutputFile:
    """A page, of which digest and letters are known from the start: they cost time, and many processes make
    pages."""
    data = text.encode()
    return OutputFile(path, data, _digest_of(data), _letters_of(text))


def _digest_of(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _letters_of(page: str) -> str:
    return "".join(sorted(set(html.unescape(page))))


# The pages that are lists over the whole wiki: file stem, title, description.
LISTS = (
    ("timeline", "Timeline", "What happened when."),
    ("network", "Network", "Who and what is related to whom, drawn, to explore and as a table."),
    ("side-by-side", "Side by side", "What this wiki says of each, topic by topic."),
    ("figures", "Figures", "Every number in this wiki, with its sentence, its date and its source."),
    ("quotations", "Quotations", "Every quotation, by speaker."),
    ("questions", "Open questions", "Where the sources differ."),
    ("glossary", "Glossary", "Every name in this wiki, and the words it uses for itself."),
    ("coverage", "Coverage", "What of the sources this wiki uses, and how it was checked."),
    ("search", "Search", "Claims, passages, names and quotations of this wiki."),
)
# Of these, the lists that go on in pages of their own, in a folder of the list's name, when they are long.
SPREAD = frozenset({"timeline", "figures", "quotations", "questions", "glossary"})
SOURCES = ("Sources", "The sources of this wiki.")
DATA = "data/wiki.json"
NAMES = "data/names.json"  # asked for where a search finds nothing, and at dead addresses
FEED = "feed.xml"
ROBOTS = "robots.txt"
NETWORK_DATA = "data/network.json"


def entity_page(wiki: LinkedWiki, entity_id: str) -> str:
    """The path of an entity's page below the pages' folder."""
    return f"{kind_folder(wiki, wiki.kinds[entity_id])}/{entity_id}.md"


def links_page(wiki: LinkedWiki, entity_id: str, number: int) -> str:
    """The path of a page with what links to an entity; the first of them, number 1, is the entity's own."""
    own = entity_page(wiki, entity_id)
    return own if number == 1 else f"{own.removesuffix('.md')}/links-{number}.md"


def kind_folder(wiki: LinkedWiki, kind: str) -> str:
    """The folder of a kind."""
    return next(item.folder.id for item in wiki.settings.kinds if item.key.id == kind)


def seed_page(seed_id: str) -> str:
    """The path of a seed's page."""
    return f"seeds/{seed_id}.md"


def site_address(page: str) -> str:
    """The address of a page below the site's root: `countries/norway.md` is `countries/norway/`."""
    stem = page.removesuffix(".md")
    return "" if stem == "index" else stem.removesuffix("index") if stem.endswith("/index") else f"{stem}/"


def redirects(wiki: LinkedWiki) -> dict[str, str]:
    """The pages that stand at former addresses, each with the page that it leads to."""
    found: dict[str, str] = {}
    for each in wiki.outlines.values():
        for former in each.formerly:
            found[f"{kind_folder(wiki, each.kind)}/{former}/index.html"] = entity_page(wiki, each.id)
    for seed in wiki.seed_outlines.values():
        for id_ in seed.formerly:
            found[f"seeds/{id_}/index.html"] = seed_page(seed.id)
    return found


def relative(page: str, seen_from: str) -> str:
    """The path of a page from the folder of another: `../islands/longholm.md`."""
    there, here = page.split("/"), seen_from.split("/")[:-1]
    shared = 0
    while shared < min(len(there) - 1, len(here)) and there[shared] == here[shared]:
        shared += 1
    return "/".join([".."] * (len(here) - shared) + there[shared:])


def way(page: str, target: str, anchor: str = "") -> str:
    """The address of a file or page as HTML on another page writes it, which nothing rewrites."""
    there = site_address(target) if target.endswith(".md") else target
    steps = "../" * site_address(page).count("/") + there
    return f"{steps or './'}{'#' if anchor else ''}{anchor}"


def pages_clash(wiki: LinkedWiki) -> tuple[Problem, ...]:
    """A problem for each hand-written page whose address another page has."""
    docs = {doc.path.removeprefix("docs/"): doc for doc in wiki.docs}
    beside = {path.casefold().partition("/")[0] for path in docs}  # no other page can have their addresses
    made = [DATA, NAMES, NETWORK_DATA, FEED, ROBOTS, "index.md", "seeds/index.md"]
    made += [f"{name}.md" for name, _, _ in LISTS]
    made += [f"{kind.folder.id}/index.md" for kind in wiki.settings.kinds]
    kinds = {kind.key.id for kind in wiki.settings.kinds if kind.folder.id in beside}
    made += [
        links_page(wiki, id_, number)
        for id_, each in (wiki.outlines.items() if kinds else ())
        if each.kind in kinds
        for number in range(1, len(hub(wiki, id_).further) + 2)
    ]
    made += [seed_page(id_) for id_ in wiki.seeds]
    made += redirects(wiki)
    problems: list[Problem] = []
    written = {_address(path): f"the compiler writes `{path}` itself" for path in made}
    folders = {folder for path in (*made, *docs) for folder in _folders(path.casefold())}
    for path, doc in docs.items():
        clash = written.get(_address(path))
        if clash is None and path.casefold() in folders:
            clash = f"`{path}` is a folder of the site"
        if clash is None and path.casefold().partition("/")[0] in SPREAD:
            clash = f"the compiler writes into `{path.partition('/')[0]}` itself"
        if clash is not None:
            problems.append(Problem(Location(doc.path), Code.PAGE_CLASH, clash, "name this file otherwise"))
        written.setdefault(_address(path), f"{doc.path} has the same address")
    return tuple(problems)


def _address(path: str) -> str:
    """The file of the site that a page becomes: `a.md` and `a/index.md` are one, as are `A.md` and `a.md`."""
    path = path.casefold()
    if not path.endswith(".md"):
        return path
    page = re.sub(r"(?:^|(?<=/))(?:index|readme)$", "", path.removesuffix(".md"))
    return f"{page.removesuffix('/')}/index.html".removeprefix("/")


def _folders(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path
