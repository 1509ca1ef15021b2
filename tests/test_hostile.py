"""No text of a record becomes markup: hostile strings in every field are shown as typed, or refused.

The wiki below has every field of every record type; a field that is added and missing here fails a
test. Its harmless twin has plain words in the same places: what hostile words may change is only the
words.
"""

from __future__ import annotations

import dataclasses
import html
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from mkdocs.utils.meta import get_data
from selectolax.lexbor import LexborHTMLParser

from build_tools.cli import main
from build_tools.compiler import check_wiki, compile_wiki
from build_tools.conversion.page import read_page
from build_tools.load import ATLAS, SourceFile, Sources
from build_tools.packages import read_package
from build_tools.problems import Code, Problem, has_errors
from build_tools.prose import Prose, fold
from build_tools.records import (
    Cite,
    Entity,
    Identifier,
    IdentifierType,
    Passages,
    Point,
    SeedRecord,
    Waiver,
    Waivers,
    WikiSettings,
)
from build_tools.report import terminal
from build_tools.shape import shape_of
from build_tools.values import Pattern, Text, Verbatim
from tests.islands import PROJECT, Wiki, lay_out_site, sealed
from tests.rendered import Part, rendered

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</p></div></article>",
    "</script>",
    "<!-- and the rest",
    "<?php and ]]> and <![CDATA[",
    "<div markdown>",
    "<a href='javascript:alert(1)'>here</a>",
    "[here](javascript:alert(1))",
    "![here](//evil.example/x.png)",
    "[here][there] and [^1]",
    "[there]: javascript:alert(1) 'x'",
    "[^1]: a footnote",
    "<javascript:alert(1)> and <a@b.example>",
    "{: onclick=alert(1) }",
    "here{: #p1 .cite style=color:red }",
    "{{ config.site_name }} {% raw %} {# x #}",
    "{% include 'macros.md.j2' %}",
    "---\ntitle: owned\n---",
    "title: x\n---\n\n# owned",
    "# owned",
    "> owned",
    "1. owned",
    "- owned",
    "    owned",
    "``` owned",
    "!!! note owned",
    ":   owned",
    "| a | b |\n|---|---|\n| c | d |",
    "\"quoted\" 'single' `back` “typographic”",
    "back\\slash \\[ \\* \\n and C:\\temp\\",
    "&amp; &lt;b&gt; &#60;i&#62; &nbsp; &",
    "_under_ __score__ ~~gone~~ ==marked== ^up^ $x$",
    "https://evil.example/ www.evil.example a@b.example",
    "W" * 300,
    "✨🦊 Ünïcödé İı ﬁ 你好 מדינה",
    "%s %(x)s {0} {x} $x ${x} \\x41",
    "*",
    "**",
    "[[",
    "]]",
    "*open and **shut* wrongly",
    "klzzwxh:0001 \u2002 wzxhzdk:0",
)
TEXTS = (Text, Prose, Verbatim)
# Of the fields of text, those that take no text whatever: a pattern, an address and a passage's id.
NO_TEXT = {(Cite, "passage"), (Identifier, "value"), (IdentifierType, "url")}
NO_TEXT |= {(Waiver, "code"), (Waiver, "path"), (Waiver, "of"), (Point, "value")}

# ---- a wiki with every field -----------------------------------------------------------------------

HERE = "§"  # where a text belongs
CITES = [
    {"seed": "lost-letter", "quote": HERE, "prefix": HERE, "suffix": HERE, "role": "context", "note": HERE},
    {"seed": "paper-2024", "passage": "p1", "span": "1-4", "role": "disputes", "note": HERE},
]
BOTH = ["lost-letter", {"seed": "paper-2024", "passage": "p1", "span": "1-4"}]  # one derives from the other
DATED = {"when": "2024-05", "resolved_from": HERE, "cites": CITES}
SERIES = [{"when": "2024-05-01", "value": "4 km"}, {"when": "2024-05-02", "value": "5 km"}]
DRAWN = ("entities/islands/skarn.yml", ("claims", 0, "text"))  # the text with these figures
RECORDS: dict[str, tuple[type, Any]] = {
    "wiki.yml": (
        WikiSettings,
        {
            "name": HERE,
            "tagline": HERE,
            "introduction": HERE,
            "repository": "https://example.org/wiki",
            "branch": HERE,
            "kinds": {
                "island": {
                    "folder": "islands",
                    "singular": HERE,
                    "plural": HERE,
                    "description": HERE,
                    "compare": "true",
                },
                "person": {"folder": "people", "singular": HERE, "plural": HERE, "description": HERE},
            },
            "topics": {"sea": {"label": HERE, "description": HERE}},
            "facts": {"place": {"label": HERE, "kinds": ["island"]}},
            "relations": {
                "made": {"label": HERE, "inverse": HERE, "from": ["person"], "to": ["island"]},
                "like": {"label": HERE, "symmetric": "true", "from": ["island"], "to": ["island"]},
            },
            "identifiers": {
                "register": {"label": HERE, "pattern": "I-[0-9]+", "url": "https://register.example/{}"}
            },
            "map": {"identifier": "register", "west": "-10.5", "south": "35", "east": "20", "north": "60"},
            "quotation": {"words_per_quote": "60", "share_of_seed": "40%"},
        },
    ),
    "entities/islands/skarn.yml": (
        Entity,
        {
            "name": HERE,
            "formerly": ["old-skarn", "older-skarn"],
            "also": [{"name": HERE, "kind": "short", "language": "de", "cites": CITES, "note": HERE}],
            "adjectives": [HERE],
            "identifiers": {"register": "I-007"},
            "summary": {"text": HERE, "cites": CITES},
            "facts": [{"fact": "place", "value": HERE} | DATED],
            "claims": [
                {"id": "first", "formerly": ["former"], "text": HERE, "topics": ["sea"], "derived": HERE}
                | {"series": SERIES}
                | DATED,
                {"id": "said", "text": HERE, "said_by": "brook", "said_to": "brook", "via": "holm"} | DATED,
                {"id": "one", "text": HERE, "question": "which"} | DATED,
                {"id": "other", "text": HERE, "question": "which", "said_by": "brook"} | DATED,
                {"id": "both", "text": HERE, "said_by": "brook", "cites": BOTH},
            ],
            "relations": [{"type": "like", "to": "holm", "note": HERE} | DATED],
            "questions": [{"id": "which", "text": HERE, "prefer": "one", "reason": HERE}],
            "notes": [{"text": HERE, "about": "first"}, {"text": HERE}],
        },
    ),
    "entities/islands/holm.yml": (Entity, {"name": HERE}),
    "waivers.yml": (
        Waivers,
        {
            "waivers": [
                {"code": "one-origin", "path": "entities/islands/skarn.yml", "of": "both", "reason": HERE},
                {"code": "speaker-not-named", "path": "seeds/paper-2024/passages.yml", "reason": HERE},
            ]
        },
    ),
    "entities/people/brook.yml": (
        Entity,
        {
            "name": HERE,
            "quotes": [
                {
                    "id": "words",
                    "formerly": ["old-words"],
                    "text": HERE,
                    "language": "de",
                    "topics": ["sea"],
                    "when": "2024",
                    "resolved_from": HERE,
                    "said_to": "holm",
                    "via": "holm",
                    "about": ["skarn"],
                    "cites": [{"seed": "lost-letter", "note": HERE}],
                }
            ],
            "relations": [{"type": "made", "to": "skarn", "note": HERE} | DATED],
        },
    ),
    "seeds/paper-2024/seed.yml": (
        SeedRecord,
        {
            "title": {"quote": HERE, "language": "de", "gloss": HERE},
            "short": HERE,
            "formerly": ["paper-2023"],
            "authors": [{"name": HERE, "latin": HERE, "language": "ru"}],
            "publisher": "holm",
            "url": "https://paper.example/a?b=c&d",
            "published": {"when": "2024-05", "basis": "inferred", "note": HERE},
            "seen": "2024-06",
            "language": "en",
            "held": "true",
            "rights": {
                "status": "licensed",
                "publish": "quotations",
                "holder": HERE,
                "licence": HERE,
                "words_per_quote": "60",
                "share_of_seed": "40%",
            },
            "derived_from": [{"seed": "lost-letter", "how": "retelling", "basis": "stated", "note": HERE}],
            "capture": {"sha256_begins": HERE, "leave_out": ["90-91"], "keep": ["1-2"]},
            "notes": [HERE, HERE],
        },
    ),
    "seeds/paper-2024/passages.yml": (
        Passages,
        {
            "p1": {"kind": "text", "gist": HERE, "speakers": ["brook"]},
            "p2": {"kind": "heading", "gist": HERE, "unused": HERE},
            "p3": {
                "kind": "quotation",
                "gist": HERE,
                "unused": HERE,
                "opens": "Nobody knows the reason",
            },
        },
    ),
    "seeds/lost-letter/seed.yml": (
        SeedRecord,
        {
            "title": {"gloss": HERE},
            "short": HERE,
            "publisher": "brook",
            "published": {"when": "2023"},
            "language": "en",
            "held": "false",
            "rights": {"status": "public-domain"},
        },
    ),
}
ARTICLE = (
    "# A paper\n\nOne thing came to pass here.\n\n## A heading\n\n“Nobody knows the reason,” she said.\n"
)
OTHER_FILES = {"seeds/paper-2024/seal.json": sealed("paper-2024", ARTICLE), "docs/about.md": "# About\n"}


@dataclass(frozen=True)
class Leaf:
    """A scalar of a record: its file, the way to it, the record and key it belongs to, its type."""

    path: str
    way: tuple[str | int, ...]
    record: type
    key: str
    type: type
    value: str

    @property
    def takes_text(self) -> bool:
        return self.type in TEXTS and (self.record, self.key) not in NO_TEXT


def leaves(path: str, record: type, data: Any, way: tuple[str | int, ...] = ()) -> Iterator[Leaf]:
    """Every scalar of a record, by the record's own shape."""
    shape = shape_of(record)
    fields = shape.fields if shape.whole is None else (shape.whole,)
    for field in fields:
        value, here = (data, way) if shape.whole else (data.get(field.key), (*way, field.key))
        if value is None:
            continue
        items: Any = [((), value)]
        if field.keyed:
            items = [((key,), item) for key, item in value.items()]
        elif field.many:
            items = [((i,), item) for i, item in enumerate(value)]
        for more, item in items:
            if isinstance(item, str):
                kind, key = (field.type, "value") if field.keyed else (field.type, field.key)
                owner = field.type if field.keyed else record
                yield Leaf(path, (*here, *more), owner, key, Text if field.keyed else kind, item)
            else:
                yield from leaves(path, field.type, item, (*here, *more))


LEAVES = [leaf for path, (record, data) in RECORDS.items() for leaf in leaves(path, record, data)]
SLOTS = [leaf for leaf in LEAVES if leaf.takes_text]


def with_texts(texts: Mapping[Leaf, str]) -> dict[str, bytes]:
    """The wiki's files with these texts, each scalar on a line of its own."""
    files = {path: text.encode() for path, text in OTHER_FILES.items()}
    for path, (_, data) in RECORDS.items():
        changed = json.loads(json.dumps(data))
        for leaf in LEAVES:
            if leaf.path == path and leaf in texts:
                place = changed
                for step in leaf.way[:-1]:
                    place = place[step]
                place[leaf.way[-1]] = texts[leaf]
        files[path] = json.dumps(changed, ensure_ascii=False, indent=1).encode()
    return files


def sources(files: Mapping[str, bytes]) -> Sources:
    """The files as the loader gives them."""
    found = [SourceFile(path, data) for path, data in sorted(files.items())]
    return Sources(
        settings=next(file for file in found if file.path == "wiki.yml"),
        entities=tuple(file for file in found if file.path.startswith("entities/")),
        seeds=tuple(file for file in found if file.path.startswith("seeds/")),
        docs=tuple(file for file in found if file.path.startswith("docs/")),
        attached=(),
        waivers=next(file for file in found if file.path == "waivers.yml"),
        atlas=read_package(ATLAS),
    )


def at_line(problem: Problem, files: Mapping[str, bytes]) -> str:
    """The line of the file that the problem is about."""
    return files[problem.at.path].decode().split("\n")[problem.at.line - 1]


# ---- no field is forgotten -------------------------------------------------------------------------


def is_record(kind: type) -> bool:
    """True for what is read from a mapping; a cite may be read from text too."""
    return (
        dataclasses.is_dataclass(kind) and kind not in TEXTS and (kind is Cite or not hasattr(kind, "read"))
    )


def record_types(record: type) -> Iterator[type]:
    yield record
    shape = shape_of(record)
    for field in (*shape.fields, shape.whole):
        if field is not None and is_record(field.type):
            yield from record_types(field.type)


def test_every_field_of_every_record_is_tried() -> None:
    tried = {(leaf.record, leaf.key) for leaf in LEAVES}
    roots = (WikiSettings, Entity, SeedRecord, Passages, Waivers)
    for record in {found for root in roots for found in record_types(root)}:
        for field in shape_of(record).fields:
            if not is_record(field.type):
                assert (record, field.key) in tried, f"{record.__name__}.{field.key} is not in RECORDS"


def test_every_field_of_text_gets_hostile_texts() -> None:
    for leaf in LEAVES:
        assert (leaf.value == HERE) == leaf.takes_text, leaf
    assert len(SLOTS) > 80


# ---- what is shown ---------------------------------------------------------------------------------

Texts = dict[Leaf, str]


def texts_of(text: str) -> Texts:
    """The text at the start and at the end of every field, about a word of the field's own."""
    figures = {slot: " 4 km, 5 km" if (slot.path, slot.way) == DRAWN else "" for slot in SLOTS}
    return {slot: f"{text} w{number}w{figures[slot]} {text}" for number, slot in enumerate(SLOTS)}


def words_again(texts: Texts) -> Callable[[str], str]:
    """Puts the harmless words where the hostile ones are, as typed or percent-encoded."""
    pairs: dict[str, str] = {}
    for leaf, text in texts.items():
        shown, harmless = fold(text), fold(TWIN[leaf])
        for form in (str, str.lower, quote):
            pairs[form(shown)] = form(harmless)
    pattern = re.compile("|".join(re.escape(form) for form in sorted(pairs, key=len, reverse=True)))
    return lambda text: pattern.sub(lambda match: pairs[match.group()], text)


def with_words(parts: list[Part], again: Callable[[str], str]) -> list[Part]:
    """The tree with its texts and attributes changed; what is made of a title's letters is left out."""
    found: list[Part] = []
    for part in parts:
        if isinstance(part, str):
            found.append(again(fold(part)))
            continue
        tag, attributes, inner = part
        own = {name: again(value or "") for name, value in attributes.items()}
        if tag == "h1":
            own.pop("id", None)  # made of the title
            inner = [item for item in inner if isinstance(item, str) or item[1].get("class") != "headerlink"]
        found.append((tag, {name: own[name] for name in sorted(own)}, with_words(inner, again)))
    return [part for part in found if part]


def compile_texts(texts: Texts) -> tuple[dict[str, bytes], Texts]:
    """The pages; texts that a field refuses, with a problem at their line, are replaced by the twin's."""
    files = with_texts(texts)
    compiled = compile_wiki(sources(files))
    refused = [problem for problem in compiled.problems if problem.code is not Code.MARKUP_AS_TEXT]
    kept = dict(texts)
    for problem in refused:
        assert problem.code is Code.BAD_PROSE, terminal([problem])
        line = at_line(problem, files)
        (leaf,) = [slot for slot in SLOTS if json.dumps(texts[slot], ensure_ascii=False) in line]
        assert leaf.type is Prose
        kept[leaf] = TWIN[leaf]
    if refused:
        compiled = compile_wiki(sources(with_texts(kept)))
        assert {problem.code for problem in compiled.problems} <= {Code.MARKUP_AS_TEXT}
    return {file.path: file.data for file in compiled.files}, kept


TWIN = texts_of("harmless words")


# What stands on these depends on the letters and figures of the texts; what it is made of does not.
SORTED_BY_TEXTS = {"figures.md", "glossary.md"}


def shapes(parts: list[Part]) -> set[tuple[str, ...]]:
    """The elements of a page by their names, with the names of their attributes."""
    found: set[tuple[str, ...]] = set()
    for part in parts:
        if not isinstance(part, str):
            tag, attributes, inner = part
            found |= {(tag, *sorted(attributes))} | shapes(inner)
    return found


@dataclass(frozen=True)
class Seen:
    """What readers and machines get: front matter and rendered page by path, and the data."""

    meta: dict[str, dict[str, Any]]
    pages: dict[str, list[Part]]
    data: Any


def seen(pages: Mapping[str, bytes], again: Callable[[str], str] = str) -> Seen:
    """The pages as the site reads them, with the words changed."""
    meta, trees = {}, {}
    for path, data in pages.items():
        if path.endswith(".md"):
            body, found = get_data(data.decode())
            # A long description ends somewhere.
            search = found.pop("search", None)
            if search:  # names are there in plain letters too, where a text has others
                search = {facet: values for facet, values in search.items() if facet != "names"}
                search = strings_of(search, lambda text: again(html.unescape(text)))
            whole = {key: html.unescape(str(text)) for key, text in found.items()}
            meta[path] = {key: again(text) for key, text in whole.items() if len(text) < 300}
            meta[path]["search"] = json.dumps(search)
            read_page(body)  # which raises an error where something is not known
            trees[path] = with_words(rendered(body), again)
    return Seen(meta, trees, strings_of(json.loads(pages["data/wiki.json"]), again))


@pytest.fixture(scope="module")
def twin() -> Seen:
    """The harmless twin."""
    return seen(compile_texts(TWIN)[0])


@pytest.mark.parametrize("text", HOSTILE, ids=[repr(text[:40]) for text in HOSTILE])
def test_a_hostile_text_changes_nothing_but_words(text: str, twin: Seen) -> None:
    pages, texts = compile_texts(texts_of(text))
    found = seen(pages, words_again(texts))
    assert found.pages.keys() == twin.pages.keys()
    every = {shape for tree in twin.pages.values() for shape in shapes(tree)}
    for path, tree in twin.pages.items():
        if path in SORTED_BY_TEXTS:
            assert shapes(found.pages[path]) <= every, path
        else:
            assert found.pages[path] == tree, path
        assert found.meta[path].items() <= twin.meta[path].items(), path
    assert found.data == twin.data


def strings_of(value: Any, change: Callable[[str], str]) -> Any:
    """The same JSON with every string changed."""
    if isinstance(value, str):
        return change(fold(value))
    if isinstance(value, list):
        return [strings_of(item, change) for item in value]
    if isinstance(value, dict):
        return {key: strings_of(item, change) for key, item in value.items()}
    return value


# Read by the machine, or shown by no page yet.
NOT_SHOWN = {
    ("CaptureSettings", "sha256_begins"),
    ("Entity", "adjectives"),
    ("Cite", "prefix"),
    ("Cite", "suffix"),
}


def test_every_text_is_shown_somewhere() -> None:
    pages, _ = compile_texts(TWIN)
    shown = "\n".join(data.decode() for data in pages.values())
    missing = {
        (slot.record.__name__, slot.key)
        for slot in SLOTS
        if not re.search(rf"(?i){TWIN[slot]}|{quote(TWIN[slot])}", shown)
    }
    assert missing == NOT_SHOWN


# ---- what is refused -------------------------------------------------------------------------------

SOME = (
    "<script>alert(1)</script>",
    "[here](javascript:alert(1))",
    "{{ config }}",
    "../../etc",
    "a: b",
    "W" * 300,
    "é",
)


REFUSING = {
    (leaf.record, leaf.key): leaf for leaf in LEAVES if not leaf.takes_text and leaf.type is not Pattern
}


@pytest.mark.parametrize(
    "leaf", REFUSING.values(), ids=[f"{record.__name__}.{key}" for record, key in REFUSING]
)
def test_a_field_that_takes_no_text_refuses_it_at_its_place(leaf: Leaf) -> None:
    for text in SOME:
        files = with_texts(TWIN | {leaf: text})
        problems = check_wiki(sources(files)).problems
        assert has_errors(problems), text
        at = [problem for problem in problems if problem.at.path == leaf.path]
        assert any(json.dumps(text, ensure_ascii=False) in at_line(problem, files) for problem in at), (
            terminal(problems)
        )


@pytest.mark.parametrize("text", SOME, ids=[repr(text[:20]) for text in SOME])
def test_a_key_that_is_an_id_takes_no_text(text: str) -> None:
    for old in (
        '"island": {',
        '"sea": {',
        '"place": {',
        '"made": {',
        '"register": {',
        '"p1": {',
        '"register": "I-007"',
    ):
        files = with_texts(TWIN)
        path = next(path for path, data in files.items() if old.encode() in data)
        new = json.dumps(text, ensure_ascii=False) + old[old.index(":") :]
        files[path] = files[path].decode().replace(old, new).encode()
        problems = check_wiki(sources(files)).problems
        assert has_errors(problems)
        assert any(
            problem.at.path == path and new.split(":")[0] in at_line(problem, files) for problem in problems
        )


# ---- the real site ---------------------------------------------------------------------------------


def combined(root: Path, texts: tuple[str, ...]) -> Wiki:
    """The example wiki with an island and a source for each text, which stands in all their fields."""
    wiki = lay_out_site(root)
    for number, text in enumerate(texts):
        said = json.dumps(f"{text} w{number}w", ensure_ascii=False)
        other = json.dumps(f"{text} v{number}v", ensure_ascii=False)
        wiki.put(
            {
                f"entities/islands/rock-{number}.yml": f"""\
name: {said}
also: [{{name: {other}, kind: short, note: {said}}}]
summary: {{text: {said}, cites: [letter-{number}]}}
claims:
  - {{id: first, text: {said}, derived: {said}, when: 2024, resolved_from: {said}, cites: [{{seed: letter-{number}, note: {said}, quote: {said}}}]}}
  - {{id: second, text: {said}, question: which, cites: [letter-{number}]}}
  - {{id: third, text: {said}, question: which, said_by: rock-{number}, cites: [letter-{number}]}}
quotes: [{{id: words, text: {said}, about: [longholm], cites: [letter-{number}]}}]
relations: [{{type: neighbour-of, to: longholm, note: {said}, cites: [letter-{number}]}}]
questions: [{{id: which, text: {said}, prefer: second, reason: {said}}}]
notes: [{{text: {said}}}]
""",
                f"seeds/letter-{number}/seed.yml": f"""\
title: {{quote: {said}, gloss: {said}}}
short: {said}
authors: [{{name: {said}, latin: {said}}}]
publisher: longholm-courier
published: {{when: 2023, note: {said}}}
language: en
held: false
rights: {{status: licensed, holder: {said}, licence: {said}}}
notes: [{said}]
""",
            }
        )
    return wiki


def test_the_site_of_hostile_records_is_the_site_of_harmless_ones_but_for_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = tuple(
        text[:150]
        for text in HOSTILE
        if not re.search(r"\[\[|\]\]|^\*", fold(text)) and "[CDATA[" not in text
    )
    sites = {}
    for name, texts in (("hostile", taken), ("twin", ("harmless words",) * len(taken))):
        wiki = combined(tmp_path / name, texts)
        assert main(["--root", str(wiki.root), "build"]) == 0, capsys.readouterr().out
        sites[name] = {
            path.relative_to(wiki.root / "build/site").as_posix(): page_tree(path)
            for path in sorted((wiki.root / "build/site").rglob("*.html"))
        }
    pairs = {}
    for number, text in enumerate(taken):
        for mark in "wv":
            pairs[fold(f"{text} {mark}{number}{mark}")] = f"harmless words {mark}{number}{mark}"
    pattern = re.compile("|".join(re.escape(form) for form in sorted(pairs, key=len, reverse=True)))

    def again(text: str) -> str:
        return pattern.sub(lambda match: pairs[match.group()], fold(text))

    def key(item: object) -> str:
        return json.dumps(item, sort_keys=True)

    def shape(item: Any) -> tuple[str, ...]:
        return (item[0], *item[1])

    assert sites["hostile"].keys() == sites["twin"].keys()
    every = {shape(item) for _, body in sites["twin"].values() for item in body}
    for path, (head, body) in sites["hostile"].items():
        twin_head, twin_body = sites["twin"][path]
        assert strings_of(head, again) == strings_of(twin_head, fold), path
        if path.replace("/index.html", ".md") in SORTED_BY_TEXTS:
            assert {shape(item) for item in body} <= every, path
            continue
        # Lists that are sorted by names are in another order; what they hold is the same.
        assert sorted(map(key, strings_of(body, again))) == sorted(map(key, strings_of(twin_body, fold))), (
            path
        )


def page_tree(path: Path) -> tuple[list[object], list[object]]:
    """The elements of the head, and all others, each with attributes and own text."""
    tree = LexborHTMLParser(path.read_text(encoding="utf-8"))
    head: list[object] = []
    body: list[object] = []
    for node in tree.css("*"):
        attributes = {name: value or "" for name, value in node.attributes.items()}
        found_by = attributes.get("name", "") if node.tag == "meta" else ""
        if found_by == "search-names":  # names in plain letters too, where a text has others
            continue
        if found_by.startswith("search-"):  # sorted by their words
            body.append(["meta", attributes])
            continue
        if node.tag == "h1":
            attributes.pop("id", None)
        if {"headerlink", "md-skip"} & set(attributes.get("class", "").split()) or node.tag in (
            "script",
            "style",
        ):
            attributes.pop("href", None)
            attributes.pop("title", None)
        if node.tag == "script" and "__search" not in str(attributes.get("id")):
            continue
        own = "".join(
            child.text_content or "" for child in node.iter(include_text=True) if child.tag == "-text"
        )
        if attributes.get("href", "").startswith("#"):
            attributes["href"] = re.sub(
                r"^#(?!_|p\d|first|second|third|words|which).*", "#…", attributes["href"]
            )
        (head if node.parent is not None and node.parent.tag == "head" else body).append(
            [node.tag, dict(sorted(attributes.items())), own]
        )
    return head, body


def test_hostile_names_break_no_console_and_no_workflow(tmp_path: Path) -> None:
    wiki = Wiki(tmp_path)
    wiki.put(dict(with_texts(TWIN)))
    for number, text in enumerate(HOSTILE):
        wiki.put(
            {
                f"entities/islands/rock-{number}.yml": json.dumps(
                    {"name": text, "notes": [{"text": "[[" + text}]}
                )
            }
        )
    done = subprocess.run(
        [sys.executable, "-m", "build_tools", "--root", str(tmp_path), "check", "--format", "github"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == ""
    *lines, last = done.stdout.splitlines()
    assert re.fullmatch(r"\d+ errors, \d+ warnings \(1 set aside by waivers.yml\)", last)
    assert all(
        re.match(r"::(?:error|warning) file=[^,:]+,line=\d+,col=\d+,title=[a-z0-9-]+::", line)
        for line in lines
    )
