"""The external addresses of a wiki, and what their answers mean for its records."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import quote

import markdown
from selectolax.lexbor import LexborHTMLParser

from build_tools.link import LinkedWiki
from build_tools.load import LINK_EXCEPTIONS, SourceFile
from build_tools.problems import Code, Location, Problem, did_you_mean, in_order
from build_tools.review.comment import count, span

FRESH = 6  # days in which an answer is not asked for again
PATIENCE = 6  # days after which an address that does not answer as it should is reported
MARKER = "<!-- wiki links -->"  # by its first line the issue is found again
TITLE = "External addresses to look at"
MOST_OF_THE_ISSUE = 50_000  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What an address answered last: its state, why, where it moved to, when it was asked, since when."""

    state: str
    detail: str
    to: str
    asked: str
    since: str


# ---- the addresses ---------------------------------------------------------------------------------


def external_addresses(wiki: LinkedWiki) -> Mapping[str, tuple[Location, ...]]:
    """Every address outside of the site that its pages lead to, without fragment, and where it is given."""
    found: dict[str, list[Location]] = {}
    for url, at in _addresses(wiki):
        found.setdefault(_page(url), []).append(at)
    return {url: tuple(sorted(set(found[url]))) for url in sorted(found)}


def _addresses(wiki: LinkedWiki) -> Iterator[tuple[str, Location]]:
    yield wiki.settings.repository.text, wiki.settings.repository.at
    for seed in wiki.seeds.values():
        if seed.record.url is not None:
            yield seed.record.url.text, seed.record.url.at
    forms = {type_.key.id: type_.url.text for type_ in wiki.settings.identifiers if type_.url is not None}
    for entity in wiki.entities.values():
        for identifier in entity.identifiers:
            if identifier.key.id in forms:
                address = forms[identifier.key.id].replace("{}", quote(identifier.value.text, safe=""))
                yield address, identifier.value.at
    for doc in wiki.docs:
        if doc.path.endswith(".md"):
            yield from _of_a_page(doc)


def _page(url: str) -> str:
    """The address without its fragment, which no host is asked for."""
    return url.partition("#")[0]


def _of_a_page(doc: SourceFile) -> Iterator[tuple[str, Location]]:
    """Where a page written by hand leads; the place is that of the first line that has the address."""
    text = doc.data.decode(errors="replace")
    html = markdown.markdown(text, extensions=["attr_list", "def_list", "md_in_html", "tables"])
    lines = text.split("\n")
    for link in LexborHTMLParser(html).css("a[href]"):
        url = link.attributes.get("href") or ""
        if url.startswith(("http://", "https://")):
            line = next((number for number, line in enumerate(lines, 1) if url in line), 1)
            yield url, Location(doc.path, line)


# ---- the answers -----------------------------------------------------------------------------------


def is_fresh(known: Known | None, today: datetime.date) -> bool:
    """True if the address was asked so lately that it need not be asked again."""
    return known is not None and 0 <= _days(known.asked, today) < FRESH


def learned(before: Known | None, state: str, detail: str, to: str, today: datetime.date) -> Known:
    """What is known of an address after today's answer."""
    since = before.since if before is not None and before.state == state else today.isoformat()
    return Known(state=state, detail=detail, to=to, asked=today.isoformat(), since=since)


def judge(
    wiki: LinkedWiki,
    addresses: Mapping[str, tuple[Location, ...]],
    known: Mapping[str, Known],
    today: datetime.date,
) -> tuple[Problem, ...]:
    """A warning for each place with an address that is dead, or has moved, or has long not answered.

    None for those that links.yml excepts; but one for each exception that is not needed.
    """
    excepted = {_page(each.url.text) for each in wiki.link_exceptions}
    found = [
        Problem(at, *fault)
        for url, places in addresses.items()
        if url not in excepted and (fault := _fault(url, known.get(url), today))
        for at in places
    ]
    for exception in wiki.link_exceptions:
        url = _page(exception.url.text)
        if url not in addresses:
            hint = did_you_mean(url, addresses, otherwise="delete the exception")
            message = f"the wiki does not lead to {url}"
            found.append(Problem(exception.url.at, Code.NEEDLESS_EXCEPTION, message, hint))
        elif url in known and known[url].state == "alive":
            message = f"{url} answers again"
            found.append(Problem(exception.url.at, Code.NEEDLESS_EXCEPTION, message, "delete the exception"))
    return in_order(found)


_OTHERWISE = f"mend the address; if it is right, except it in {LINK_EXCEPTIONS}, with the reason"


def _fault(url: str, known: Known | None, today: datetime.date) -> tuple[Code, str, str] | None:
    if known is None or known.state == "alive":
        return None
    if known.state == "moved":
        return Code.MOVED_ADDRESS, f"{url} has moved for good", f"give the new address: {known.to}"
    if known.state == "unsure" and _days(known.since, today) < PATIENCE:
        return None  # it may be back next week
    since = f", since {known.since}" if known.since != known.asked else ""
    return Code.DEAD_ADDRESS, f"{url}: {known.detail}{since}", _OTHERWISE


def _days(then: str, today: datetime.date) -> int:
    return (today - datetime.date.fromisoformat(then)).days


# ---- what is kept, and what is told ----------------------------------------------------------------


def cache_text(known: Mapping[str, Known]) -> str:
    """What is known of each address, as JSON."""
    rows = {
        url: {"state": k.state, "detail": k.detail, "to": k.to, "asked": k.asked, "since": k.since}
        for url, k in sorted(known.items())
    }
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def read_cache(data: bytes) -> dict[str, Known]:
    """What was known; nothing, where the cache is damaged: then everything is asked anew."""
    try:
        found = {url: Known(**row) for url, row in json.loads(data).items()}
        for known in found.values():
            datetime.date.fromisoformat(known.asked)
            datetime.date.fromisoformat(known.since)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {}
    return found


def issue(problems: Iterable[Problem], asked: int) -> str:
    """The warnings as Markdown for one issue, at most so long that GitHub takes it."""
    found = list(problems)
    lines = [MARKER, f"Of {count(asked, 'external address', 'external addresses')}, these need an eye.", ""]
    size = more = 0
    for problem in found:
        row = f"- {span(str(problem.at))} {span(problem.message)}<br>{span(problem.hint)}"
        size += len(row)
        if size <= MOST_OF_THE_ISSUE:
            lines.append(row)
        else:
            more += 1
    if more:
        lines.append(f"- … and {more:,} more")
    return "\n".join(lines) + "\n"
