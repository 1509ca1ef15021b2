"""What every page's HTML hangs on besides its own Markdown: configuration, theme, programs, navigation.

MkDocs gives a template the page itself, the configuration, and the navigation with the titles of its
pages. As long as nothing else is in play, a page can be rendered without the others, and what was rendered
before is right as long as the page and its frame are what they were. Plugins and hooks may put anything in
play, and so may Markdown extensions that read other files: then nothing is rendered by itself.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from build_tools.versions import programs

THEMES = frozenset({"material", "mkdocs", "readthedocs"})  # their templates look at no page but in `nav`
# Markdown extensions that read nothing but the page: those of Python-Markdown, and of Pymdown all but
# `snippets` and `b64`.
EXTENSIONS = frozenset(
    "abbr admonition attr_list codehilite def_list extra fenced_code footnotes legacy_attrs legacy_em"
    " md_in_html meta nl2br sane_lists smarty tables toc wikilinks".split()
) | {
    f"pymdownx.{name}"
    for name in (
        "arithmatex betterem caret critic details emoji escapeall extra fancylists highlight inlinehilite"
        " keys magiclink mark progressbar quotes saneheaders smartsymbols striphtml superfences tabbed"
        " tasklist tilde"
    ).split()
}
_TEMPLATE_PAGES = re.compile(r"\{[{%][^{}]*\bpages\b")  # the list of all pages, which templates get too
# What the themes show of a page in the navigation on other pages, besides its title.
_SHOWN = re.compile(r"^[ \t]*[\"']?(?:icon|status|subtitle|encrypted)\b", re.M | re.I)
_TITLE = re.compile(r'^title: "[^\n]*"$', re.M)
_HEAD = 8192  # bytes: front matter that says such things is shorter


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What all pages hang on.

    `digest` is another if any of it is, and `settings` if any of it is that MkDocs reads before the pages, or
    one of these files was written since. `apart` says whether pages can be rendered without the others;
    `spoken` are the pages that must be read together with any, for what the navigation shows of them, with
    so much of their text as says it. `theme` is the folder of the wiki's own templates.
    """

    digest: str
    apart: bool
    settings: str = field(default="", compare=False)
    spoken: Mapping[str, bytes] = field(default_factory=dict)
    named: frozenset[str] = frozenset()  # the pages that the navigation names
    directories: bool = True
    theme: Path | None = None


def read_frame(
    configuration: Path,
    pages: Path,
    environment: Mapping[str, str],
    coming: Callable[[str], bytes | None] | None = None,
) -> Frame:
    """The frame of the pages in a folder, rendered with this configuration and environment. Of pages that are
    `coming` it is told what will be in them.

    Of a configuration that cannot be read nothing is known: MkDocs will say what is wrong. Raises OSError.
    """
    try:
        chain = tuple(_chain(configuration))
    except (yaml.YAMLError, UnicodeError, RuntimeError, FileNotFoundError, ValueError):
        return Frame(digest="", apart=False)
    tops = [_entries(node) for _, _, node in chain]
    theme = next((node for top in tops if (node := top.get("theme")) is not None), None)
    settings = [_entries(top["theme"]) for top in tops if "theme" in top]
    folder = next((node.value for each in settings if (node := each.get("custom_dir"))), None)
    own = configuration.parent / folder if folder else None
    nav = next((top["nav"] for top in tops if "nav" in top), None)
    named = dict(_named(nav)) if nav is not None else {}
    digest = hashlib.sha256()
    for part in _told(chain, environment):
        digest.update(hashlib.sha256(part).digest())
    read = [path for path, _, _ in chain]
    apart = _plain(tops, settings, theme) and bool(named)
    for path in _files(own) if own else ():
        read.append(path)
        data = path.read_bytes()
        digest.update(hashlib.sha256(f"{path.relative_to(own or path)}".encode() + b"\0" + data).digest())
        apart = apart and not (
            path.suffix in (".html", ".xml") and _TEMPLATE_PAGES.search(data.decode(errors="replace"))
        )
    times = [(str(path), (told := path.stat()).st_ino, told.st_mtime_ns, told.st_ctime_ns) for path in read]
    read_first = f"{digest.hexdigest()} {times}"
    spoken: dict[str, bytes] = {}
    for name, titled in named.items():
        said = _said(coming(name) if coming else _data(pages / name), titled)
        if said is not None:
            spoken[name] = said
            digest.update(hashlib.sha256(name.encode() + b"\0" + said).digest())
    urls = next((top["use_directory_urls"].value for top in tops if "use_directory_urls" in top), "true")
    return Frame(
        digest=digest.hexdigest(),
        apart=apart,
        settings=read_first,
        spoken=spoken,
        named=frozenset(named),
        directories=urls.lower() in ("true", "yes", "on"),
        theme=own,
    )


def _chain(configuration: Path) -> Iterator[tuple[Path, bytes, yaml.MappingNode]]:
    """The files of the configuration and of what it inherits from, the nearest first."""
    seen: set[Path] = set()
    path: Path | None = configuration
    while path is not None:
        if path.resolve() in seen:
            raise ValueError("a configuration that inherits from itself")
        seen.add(path.resolve())
        data = path.read_bytes()
        node = _composed(data)
        if not isinstance(node, yaml.MappingNode):
            raise ValueError("a configuration that is no mapping")
        yield path, data, node
        parent = _entries(node).get("INHERIT")
        path = path.parent / parent.value if parent is not None else None


@functools.lru_cache(maxsize=8)  # a build asks for the same twice
def _composed(data: bytes) -> yaml.Node | None:
    return yaml.compose(data.decode("utf-8-sig"), Loader=yaml.SafeLoader)


def _entries(node: yaml.Node | None) -> dict[str, yaml.Node]:
    """The entries of a mapping; none of anything else."""
    return {key.value: value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}


def _plain(
    tops: Iterable[Mapping[str, yaml.Node]],
    settings: Iterable[Mapping[str, yaml.Node]],
    theme: yaml.Node | None,
) -> bool:
    """Whether nothing is set that could make one page hang on another."""
    plugins = next((top["plugins"] for top in tops if "plugins" in top), None)
    if not isinstance(plugins, yaml.SequenceNode) or plugins.value:
        return False  # without the key, MkDocs runs its search
    if any(key in top for top in tops for key in ("hooks", "exclude_docs", "draft_docs", "extra_templates")):
        return False
    name = next((each["name"] for each in settings if "name" in each), theme)
    if not isinstance(name, yaml.ScalarNode) or name.value not in THEMES:
        return False
    names = {name for top in tops for name in _names(top.get("markdown_extensions"))}
    return {name.removeprefix("markdown.extensions.") for name in names} <= EXTENSIONS


def _names(node: yaml.Node | None) -> Iterator[str]:
    """The names in a list, or mapping, of extensions with or without settings."""
    if isinstance(node, yaml.ScalarNode):
        yield from (node.value,) if node.value else ()
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _names(item)
    elif node is not None:
        yield from _entries(node)


def _named(node: yaml.Node, titled: bool = False) -> Iterator[tuple[str, bool]]:
    """The pages that a navigation names, each with whether it gives the page a title."""
    if isinstance(node, yaml.ScalarNode):
        if node.value.endswith(".md"):
            yield node.value, titled
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _named(item)
    else:
        for value in _entries(node).values():
            yield from _named(value, True)


def _told(chain: Iterable[tuple[Path, bytes, yaml.Node]], environment: Mapping[str, str]) -> Iterator[bytes]:
    """The configuration, what of the environment it asks for, and with which programs it is read."""
    asked: set[str] = {"SOURCE_DATE_EPOCH"}
    for _, data, top in chain:
        yield data
        waiting: list[yaml.Node] = [top]
        while waiting:
            node = waiting.pop()
            if node.tag == "!ENV":
                asked |= {each.value for each in (node.value if isinstance(node.value, list) else [node])}
            if isinstance(node, yaml.SequenceNode):
                waiting.extend(node.value)
            elif isinstance(node, yaml.MappingNode):
                waiting.extend(item for pair in node.value for item in pair)
    for name in sorted(map(str, asked)):
        yield f"{name}={environment.get(name)!r}".encode()
    yield programs().encode()


def _data(page: Path) -> bytes | None:
    """The bytes of a page; None if there is none. Raises OSError."""
    try:
        return page.read_bytes()
    except FileNotFoundError:
        return None


def _said(data: bytes | None, titled: bool) -> bytes | None:
    """A page that says as much as others may show of this one, which is in the navigation; None if they
    show no more than a title given there."""
    if data is None:
        return None
    head = data[:_HEAD].decode(errors="replace")
    front, end, _ = head.partition("\n---" if head.startswith("---\n") else "\n\n")
    if not end or _SHOWN.search(front):
        return data
    if titled:
        return None
    title = _TITLE.search(front) if head.startswith("---\n") else None
    return f"---\n{title[0]}\n---\n".encode() if title else data


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())
