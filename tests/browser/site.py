"""What the built site holds, read from its own data, so that the tests name no page of this wiki."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser


@dataclass(frozen=True)
class Journey:
    """From a claim to a passage and back."""

    page: str  # the entity's address
    claim: str  # the claim's anchor
    passage: str  # the passage's address with its anchor

    @property
    def anchor(self) -> str:
        return self.passage.partition("#")[2]


@dataclass(frozen=True)
class Site:
    """A built site and the address it is served at; addresses of pages count from there."""

    folder: Path
    base: str

    @cached_property
    def data(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads((self.folder / "data" / "wiki.json").read_text(encoding="utf-8"))
        return data

    def at(self, page: str) -> str:
        return urljoin(self.base, page)

    @cached_property
    def navigation(self) -> tuple[str, ...]:
        """The pages that the navigation names."""
        home = LexborHTMLParser((self.folder / "index.html").read_text(encoding="utf-8"))
        links = [link.attributes["href"] or "" for link in home.css("nav.wiki-nav a.md-nav__link")]
        pages = [link.partition("#")[0] for link in links]
        return tuple(dict.fromkeys("" if page == "." else page for page in pages))

    def pages_with(self, *texts: str) -> list[str]:
        """The pages whose HTML has one of the texts."""
        files = sorted(self.folder.rglob("index.html"))
        found = [file for file in files if any(text in file.read_text(encoding="utf-8") for text in texts)]
        return [file.relative_to(self.folder).as_posix().removesuffix("index.html") for file in found]

    @cached_property
    def pages(self) -> tuple[str, ...]:
        """Every page, by its file; what only leads on to another is none."""
        files = sorted(self.folder.rglob("*.html"))
        names = [file.relative_to(self.folder).as_posix() for file in files if not _leads_on(file)]
        return tuple(name.removesuffix("index.html") for name in names)

    @cached_property
    def kinds_of_page(self) -> tuple[str, ...]:
        """One page of every kind: all pages but those of single entities and sources; of these the
        fullest and the emptiest entity of each kind, the fullest source that is held and one that is not,
        and one of each sort of page that lies below theirs."""
        entities = sorted(self.data["entities"], key=_fullness)
        seeds = sorted(self.data["seeds"], key=lambda seed: len(seed["passages"]))
        chosen: dict[tuple[str, bool], str] = {}
        for order in (entities, list(reversed(entities))):
            chosen |= {(entity["kind"], order is entities): entity["url"] for entity in order}
        chosen |= {("seed", seed["held"]): seed["url"] for seed in seeds}
        single = {item["url"] for item in (*entities, *seeds)}
        below: dict[str, str] = {}
        for page in set(self.pages) - single:
            owner = next((url for url in single if page.startswith(url)), "")
            sort = re.sub(r"[0-9]+", "0", page.removeprefix(owner)) if owner else page
            below[f"{owner and '…/'}{sort}"] = page
        return tuple(sorted({*chosen.values(), *below.values()}))

    @cached_property
    def entity(self) -> dict[str, Any]:
        """The entity with most claims."""
        return max(self.data["entities"], key=lambda entity: len(entity["claims"]))

    @cached_property
    def journey(self) -> Journey:
        """From the middle claim of that entity, so that one must scroll."""
        claims = [claim for claim in self.entity["claims"] if claim["cites"] and claim["cites"][0]["passage"]]
        claim = claims[len(claims) // 2]
        return Journey(page=self.entity["url"], claim=claim["id"], passage=claim["cites"][0]["url"])

    def in_no_sentence(self, name: str) -> bool:
        """Whether no claim, gist or main name has the name: a search for it can only find it as an alias."""
        return name.casefold() not in self._sentences

    def rarest_word(self, text: str) -> str:
        """The longest word of the text that stands in no other sentence; empty if there is none."""
        words = sorted(set(re.findall(r"[a-z]{6,}", text)), key=lambda word: (-len(word), word))
        return next((word for word in words if self._sentences.count(word) == 1), "")

    @cached_property
    def _sentences(self) -> str:
        entities, seeds = self.data["entities"], self.data["seeds"]
        texts = [entity["name"] for entity in entities] + [entity["summary"] or "" for entity in entities]
        texts += [claim["plain"] for entity in entities for claim in entity["claims"]]
        texts += [quote["text"] for entity in entities for quote in entity["quotes"]]
        texts += [seed["title"] for seed in seeds]
        texts += [passage["gist"] for seed in seeds for passage in seed["passages"]]
        return "\n".join(texts).casefold()


def _fullness(entity: dict[str, Any]) -> int:
    return sum(len(entity[part]) for part in ("claims", "quotes", "facts", "relations", "aliases"))


def _leads_on(file: Path) -> bool:
    return 'http-equiv="refresh"' in file.read_text(encoding="utf-8")
