"""The built site indexed for its search by Pagefind, a program of its own.

The index holds the pages that the theme marks for it. What a page's anchors can be narrowed by is added
to Pagefind's own record of the page, a *fragment*, which the search loads for each result: as metadata it
would be searched as if it were text.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pagefind_bin

from build_tools.pages.search_entries import Entry, Mark
from build_tools.problems import Code, Location, Problem
from build_tools.processes import in_parts
from build_tools.site import cbor

FOLDER = "pagefind"
FRAGMENT = ".pf_fragment"
# Pages of one part of the index, at most. So large a part is indexed in some ten seconds; smaller ones would
# be sooner, but a part in which a word does not occur offers pages with the beginning of it instead.
SHARD = 5_000
_BODY = "data-pagefind-body"  # by which the theme marks what is searched
_SIGNATURE = b"pagefind_dcd"  # what Pagefind puts before the JSON of a fragment
# What stands in an article and is no part of its sentences: cites are shown beside each result instead.
_LEFT_OUT = (
    ".cite, .fragment, .cite-note, .permalink, .report, .headerlink, .kicker, .edit, .passage-gist .quiet, dt"
)
_FILTERS = 3  # where in the index's table of contents its filters are named
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def shards(pages: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The pages by the folder of the index that holds them: one for a small site, and for a large one so
    many that a change concerns a small part.

    A page stays where it is when others come and go, unless the site doubles.
    """
    pages = sorted(pages)
    count = 1
    while len(pages) > count * SHARD:
        count *= 2
    found: dict[str, list[str]] = {FOLDER if not at else f"{FOLDER}/{at}": [] for at in range(count)}
    folders = tuple(found)
    for page in pages:
        number = int.from_bytes(hashlib.blake2b(page.encode(), digest_size=4).digest())
        found[folders[number % count]].append(page)
    return {folder: tuple(held) for folder, held in found.items()}


def index_shards(
    site: Path, parts: Mapping[str, Sequence[str]], count: int, entries: Mapping[str, Entry], work: Path
) -> tuple[Problem, ...]:
    """The site has these parts of its index of `count` in their folders, or problems say why not.

    `work` is a folder for what is needed on the way. Raises OSError.
    """

    def index(items: Iterable[tuple[str, Sequence[str]]]) -> tuple[Problem, ...]:
        return tuple(
            problem
            for folder, pages in items
            for problem in _index(site, folder, pages, count, entries, work / folder.replace("/", "-"))
        )

    found = in_parts(index, tuple(parts.items()), least=1)
    return tuple(dict.fromkeys(problem for problems in found for problem in problems))


def _index(
    site: Path, folder: str, pages: Sequence[str], count: int, entries: Mapping[str, Entry], work: Path
) -> tuple[Problem, ...]:
    """The pages are indexed in the folder of the site. In `work` is what Pagefind is to see of them."""
    texts = {page: (site / page).read_text(encoding="utf-8", errors="replace") for page in pages}
    marked = {page: text for page, text in texts.items() if _BODY in text}
    for page, text in (marked or texts).items():
        (work / page).parent.mkdir(parents=True, exist_ok=True)
        (work / page).write_text(_searched(text), encoding="utf-8")
    work.mkdir(parents=True, exist_ok=True)
    command = [pagefind_bin.get_executable(), "--site", str(work), "--output-path", str(site / folder)]
    command += ["--silent", "--exclude-selectors", _LEFT_OUT]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PAGEFIND_")}
    try:
        done = subprocess.run(
            command,
            cwd=work,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            close_fds=False,  # the lock goes on: see `writing`
        )
    except (FileNotFoundError, PermissionError) as error:
        return (_problem(f"Pagefind cannot be started: {error.strerror}", "run `make setup`"),)
    if done.returncode != 0:
        said = [line.strip() for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        told = " ".join(said[-3:]) or "it said nothing"
        message = f"Pagefind ended with exit code {done.returncode}: {told}"
        return (_problem(message, "the site built before is as it was"),)
    index = site / folder
    for path in sorted((index / "fragment").glob(f"*{FRAGMENT}")):
        path.write_bytes(_packed(_with_marks(json.loads(fragment_text(path.read_bytes())), entries)))
    _drop_unused(index, whole=folder == FOLDER)
    _settle(index)
    if folder == FOLDER:
        with (index / "pagefind.js").open("a", encoding="utf-8") as stream:
            stream.write(f"\nexport const shards = {count};\n")  # search.js merges so many
    return ()


def _searched(html: str) -> str:
    """What Pagefind looks at of a page, head and article, and no more: the rest would take time too."""
    begin = html.find("<article")
    end = html.rfind("</article>")
    if html.count(_BODY) != 1 or not begin < html.find(_BODY) < html.find(">", begin):
        return html
    return f"{html.partition('<body')[0]}<body>{html[begin:end]}</article></body></html>"


def fragment_text(data: bytes) -> str:
    """The JSON that a fragment holds: what the index says of a page, with all the page's text."""
    return _unpacked(data).decode()


def _unpacked(data: bytes) -> bytes:
    return gzip.decompress(data).removeprefix(_SIGNATURE)


def _compressed(data: bytes) -> bytes:
    return gzip.compress(_SIGNATURE + data, mtime=0)


def _packed(fragment: Mapping[str, Any]) -> bytes:
    return _compressed(json.dumps(fragment, ensure_ascii=False, separators=(",", ":")).encode())


def _with_marks(fragment: dict[str, Any], entries: Mapping[str, Entry]) -> dict[str, Any]:
    """The fragment with its page's kind and marks, and with no more anchors than the search looks at."""
    entry = entries.get(fragment["url"].removeprefix("/"))
    marks = entry.marks if entry else {}
    anchors = [
        anchor if anchor["id"] in marks and anchor["element"] in _HEADINGS else {**anchor, "text": ""}
        for anchor in fragment["anchors"]
        if anchor["id"] in marks or anchor["id"].startswith("_") or anchor["element"] in _HEADINGS
    ]
    added = {"kind": entry.kind if entry else "", "marks": {id_: _plain(mark) for id_, mark in marks.items()}}
    return {**fragment, "anchors": anchors, **added}


def _plain(mark: Mark) -> dict[str, Any]:
    facets = {facet: values for facet, values in mark.facets.items() if values}
    return {**facets, "cites": mark.cites, **({"words": mark.words} if mark.words is not None else {})}


def _drop_unused(index: Path, whole: bool) -> None:
    """Of the files beside the index, those stay that the search loads: Pagefind has several interfaces, and
    only the first part of an index needs its programs."""
    known = json.loads((index / "pagefind-entry.json").read_bytes())
    used = {"pagefind.js", "pagefind-entry.json"} if whole else {"pagefind-entry.json"}
    used |= (
        set()
        if not whole
        else {f"wasm.{language['wasm'] or 'unknown'}.pagefind" for language in known["languages"].values()}
    )
    for path in _files(index):
        if path.name not in used and path.suffix != ".pf_meta":
            path.unlink()


def _settle(index: Path) -> None:
    """Equal sites have equal indexes: Pagefind puts filters and their values in any order.

    The files that this changes get new names, which are those of their contents, as Pagefind's are.
    """
    entry = index / "pagefind-entry.json"
    known = json.loads(entry.read_bytes())
    for code, language in known["languages"].items():
        old = index / f"pagefind.{language['hash']}.pf_meta"
        meta = cbor.decode(_unpacked(old.read_bytes()))
        meta[_FILTERS] = sorted([name, _sorted_filter(index, code, hash_)] for name, hash_ in meta[_FILTERS])
        data = cbor.encode(meta)
        language["hash"] = f"{code}_{hashlib.sha256(data).hexdigest()[:10]}"
        old.unlink()
        (index / f"pagefind.{language['hash']}.pf_meta").write_bytes(_compressed(data))
    entry.write_text(json.dumps(known, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _sorted_filter(index: Path, code: str, hash_: str) -> str:
    """The new name of a filter whose values are in order now."""
    old = index / "filter" / f"{hash_}.pf_filter"
    name, values = cbor.decode(_unpacked(old.read_bytes()))
    data = cbor.encode([name, sorted(values)])
    settled = f"{code}_{hashlib.sha256(data).hexdigest()[:7]}"
    old.unlink()
    old.with_name(f"{settled}.pf_filter").write_bytes(_compressed(data))
    return settled


def _files(index: Path) -> Iterator[Path]:
    return (path for path in sorted(index.iterdir()) if path.is_file())


def _problem(message: str, hint: str) -> Problem:
    return Problem(Location(f"build/site/{FOLDER}"), Code.SEARCH_INDEX, message, hint)
