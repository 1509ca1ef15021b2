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
import shutil
import subprocess
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pagefind_bin
from selectolax.lexbor import LexborHTMLParser

from build_tools.pages.search_entries import Entry, Mark
from build_tools.problems import Code, Location, Problem
from build_tools.processes import in_parts
from build_tools.progress import SILENT, Progress
from build_tools.site import cbor
from build_tools.site.packs import Pack, Packs
from build_tools.spare_tree import in_folders

FOLDER = "pagefind"
FRAGMENT = ".pf_fragment"
# Pages that one index holds; the index of more is in parts of about so many pages, as a change of one page
# makes its part anew. Readers load something of every part, so there are at most so many. Measured with
# 12,000 pages: up to the first result 450 KB in 200 requests instead of 230 KB in 13, and for each word after
# that 190 KB instead of 10; but an edit takes 0.6 seconds of indexing instead of 29.
SMALL = 500
PART = 200
MOST = 64
# How much of the word index is in one file of a part, as Pagefind counts it: as readers load a file of each
# part for a word, that should be little. Pagefind's own measure, 20,000, is right for an index as a whole.
_CHUNK = 2_000
_BODY = "data-pagefind-body"  # by which the theme marks what is searched
_SIGNATURE = b"pagefind_dcd"  # what Pagefind puts before the JSON of a fragment
# What stands in an article and is no part of its sentences: cites are shown beside each result instead.
_LEFT_OUT = (
    ".cite, .fragment, .cite-note, .permalink, .report, .headerlink, .kicker, .edit, .passage-gist .quiet, dt"
)
_UNSEEN = f"link, script, style, svg, [data-pagefind-ignore], {_LEFT_OUT}"
_PAGES, _FILTERS = 1, 3  # where in the index's table of contents its pages and filters are named
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def shards(pages: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The pages by the folder of the index that holds them: one for a small site, and for a large one so
    many that a change concerns a small part.

    A page stays where it is when others come and go, unless the site doubles.
    """
    count = 1
    if len(pages) > SMALL:
        while count < MOST and len(pages) > count * PART:
            count *= 2
    found: list[list[str]] = [[] for _ in range(count)]
    for page in sorted(pages):
        number = int.from_bytes(hashlib.blake2b(page.encode(), digest_size=4).digest())
        found[number % count].append(page)
    filled = [held for held in found if held] or [[]]  # Pagefind makes no index of nothing
    return {FOLDER if not at else f"{FOLDER}/{at}": tuple(held) for at, held in enumerate(filled)}


def is_index(path: str) -> bool:
    """Whether a file of the site is part of its search index."""
    return path.startswith(f"{FOLDER}/")


Place = Callable[[str], Path]  # where a page of the site stands


def gather(pages: Iterable[str], place: Place, work: Path, progress: Progress = SILENT) -> dict[str, str]:
    """Of each page a digest of what is searched of it, empty if nothing is; `work` has what is searched.

    Raises OSError.
    """

    def read(paths: Iterable[str]) -> dict[str, str]:
        return {path: _gather(path, place(path), work, whole=False) for path in paths}

    found = in_parts(read, sorted(pages), least=40, progress=progress)
    return {path: each for some in found for path, each in some.items()}


def gather_all(pages: Iterable[str], place: Place, work: Path) -> dict[str, str]:
    """The same of a site whose theme marks no page: all of every page is searched. Raises OSError."""
    return {path: _gather(path, place(path), work, whole=True) for path in sorted(pages)}


def _gather(path: str, page: Path, work: Path, *, whole: bool) -> str:
    html = page.read_text(encoding="utf-8", errors="replace")
    if not whole and _BODY not in html:
        return ""
    text = _searched(html)
    (work / path).parent.mkdir(parents=True, exist_ok=True)
    (work / path).write_text(text, encoding="utf-8")
    return _digest(text.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """How parts of an index of `count` are made in their folders below `out`.

    A page of the site stands at its `place`. What is searched of it, whose digest is in `searched`, stands in
    `work` if it was gathered, or else in the pack of its part. `entries` are by the address of their page, as
    are the `entry_digests` that tell them apart.
    """

    out: Path
    count: int
    place: Place
    work: Path
    packs: Packs
    searched: Mapping[str, str]
    entries: Mapping[str, Entry]
    entry_digests: Mapping[str, str]


def index_shards(making: Making, parts: Mapping[str, Sequence[str]]) -> tuple[Problem, ...]:
    """These parts of the index, and their packs, are made of their pages, or problems say why not.

    Raises OSError.
    """

    def index(items: Iterable[tuple[str, Sequence[str]]]) -> tuple[Problem, ...]:
        return tuple(problem for folder, pages in items for problem in _index(making, folder, pages))

    found = in_parts(index, tuple(parts.items()), least=1)
    return tuple(dict.fromkeys(problem for problems in found for problem in problems))


def _index(making: Making, folder: str, pages: Sequence[str]) -> tuple[Problem, ...]:
    """The pages are indexed in the folder. Beside it is what Pagefind is to see of them."""
    seen = making.out / f"seen-{folder.replace('/', '-')}"
    shutil.rmtree(seen, ignore_errors=True)
    before = making.packs.of(folder)
    texts = {page: (making.searched[page], _text(making, page, before)) for page in pages}
    for page in in_folders(seen, pages):
        (seen / page).write_bytes(texts[page][1])
    seen.mkdir(parents=True, exist_ok=True)
    command = [pagefind_bin.get_executable(), "--site", str(seen), "--output-path", str(making.out / folder)]
    command += ["--silent", "--exclude-selectors", _LEFT_OUT]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PAGEFIND_")}
    if making.count > 1:
        environment["PAGEFIND_UNSTABLE_INDEX_CHUNK_SIZE"] = str(_CHUNK)
    try:
        done = subprocess.run(
            command,
            cwd=seen,
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
    index = making.out / folder
    fragments: dict[str, tuple[str, str, bytes]] = {}
    for path in sorted((index / "fragment").glob(f"*{FRAGMENT}")):
        data = path.read_bytes()
        address, entry, packed = known = before.fragments.get(_digest(data), _NOTHING)
        if not packed or making.entry_digests.get(address, "") != entry:
            known = _fragment(json.loads(fragment_text(data)), making)
        fragments[_digest(data)] = known
        path.write_bytes(known[2])
    making.packs.keep(folder, Pack(texts, fragments))
    shutil.rmtree(seen)
    _drop_unused(index, whole=folder == FOLDER)
    _settle(index, _name_of_part(folder) if making.count > 1 else "")
    if folder == FOLDER:
        with (index / "pagefind.js").open("a", encoding="utf-8") as stream:
            # What docs/assets/search.js asks for: the number of parts, and what can tell the stems of words.
            stream.write(f"\nexport const shards = {making.count};\nexport {{ PagefindWrapper }};\n")
    return ()


_NOTHING = ("", "", b"")


def _text(making: Making, page: str, before: Pack) -> bytes:
    """What is searched of a page."""
    digest, text = before.texts.get(page, ("", b""))
    if (making.work / page).exists():
        return (making.work / page).read_bytes()
    if digest != making.searched[page]:
        _gather(page, making.place(page), making.work, whole=False)
        text = (making.work / page).read_bytes()
    return text


def _fragment(fragment: dict[str, Any], making: Making) -> tuple[str, str, bytes]:
    """The address of the page of a fragment, the digest of its entry, and what becomes of both."""
    address = fragment["url"].removeprefix("/")
    packed = _packed(_with_marks(fragment, making.entries.get(address)))
    return address, making.entry_digests.get(address, ""), packed


def _digest(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _searched(html: str) -> str:
    """What Pagefind looks at of a page: of head and article what is not left out. The rest would take time,
    and make the index anew where it changes."""
    begin = html.find("<article")
    end = html.rfind("</article>")
    if html.count(_BODY) == 1 and begin < html.find(_BODY) < html.find(">", begin):
        html = f"{html.partition('<body')[0]}<body>{html[begin:end]}</article></body></html>"
    tree = LexborHTMLParser(html)
    gone: set[int] = set()  # with a node goes all that is in it, and must not go again
    for node in tree.css(_UNSEEN):
        if node.mem_id not in gone:
            gone.update(inner.mem_id for inner in node.css("*"))
            node.decompose()
    return tree.html or ""


def fragment_text(data: bytes) -> str:
    """The JSON that a fragment holds: what the index says of a page, with all the page's text."""
    return _unpacked(data).decode()


def _unpacked(data: bytes) -> bytes:
    return gzip.decompress(data).removeprefix(_SIGNATURE)


def _compressed(data: bytes) -> bytes:
    return gzip.compress(_SIGNATURE + data, mtime=0)


def _packed(fragment: Mapping[str, Any]) -> bytes:
    return _compressed(json.dumps(fragment, ensure_ascii=False, separators=(",", ":")).encode())


def _with_marks(fragment: dict[str, Any], entry: Entry | None) -> dict[str, Any]:
    """The fragment with its page's kind and marks, and with no more anchors than the search looks at."""
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


def _name_of_part(folder: str) -> str:
    """How a part of the index is called in the names of its pages."""
    return folder.rpartition("/")[2] if folder != FOLDER else "0"


def _settle(index: Path, part: str) -> None:
    """Equal sites have equal indexes: Pagefind puts filters and their values in any order.

    The files that this changes get new names, which are those of their contents, as Pagefind's are. The
    pages of a part are named by it, so that of what is found it can be told where.
    """
    entry = index / "pagefind-entry.json"
    known = json.loads(entry.read_bytes())
    for code, language in known["languages"].items():
        old = index / f"pagefind.{language['hash']}.pf_meta"
        meta = cbor.decode(_unpacked(old.read_bytes()))
        for page in meta[_PAGES] if part else ():
            (index / "fragment" / f"{page[0]}{FRAGMENT}").rename(
                index / "fragment" / f"{part}-{page[0]}{FRAGMENT}"
            )
            page[0] = f"{part}-{page[0]}"
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
