"""Typefaces cut down to the letters in use: what the browser loads, and the style sheet that says when.

The families come from Fontsource's packages of variable fonts, which part each into files by script.
A page asks for a file only if it shows a letter of it. A font that comes late waits for the next page
(`font-display: optional`), and theme/main.html has the commonest loaded ahead: text once drawn never moves.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from build_tools.addresses import OutputFile

FOLDER = "assets/fonts"
SHEET = "assets/fonts.css"
# Always there, whatever the pages hold: what a reader may type, and what the theme and scripts put in.
ALWAYS = frozenset(map(chr, range(0x20, 0x7F))) | frozenset("\u00a0©«»·×ßÄÖÜäöüÇçĞğİıŞş–—‘’“”„…→←↑↓¶✓")


@dataclass(frozen=True, slots=True)
class Typeface:
    """A family of the style sheets, the Fontsource package it is made from, and the weights it keeps."""

    family: str
    package: str
    styles: tuple[str, ...]
    weights: tuple[int, int]


TYPEFACES = (
    Typeface("Wiki Serif", "source-serif-4", ("normal", "italic"), (400, 700)),
    Typeface("Wiki Sans", "source-sans-3", ("normal",), (400, 700)),
)
SCRIPTS = ("latin", "latin-ext", "cyrillic", "cyrillic-ext", "greek", "vietnamese")

Read = Callable[[str], bytes | None]  # a file of an npm package by its path, None where it has none
Keep = Callable[[str, Callable[[], bytes]], bytes]  # what was made under a key before, or is made now


def letters(pages: Iterable[OutputFile]) -> frozenset[str]:
    """The characters that the pages show, and those that always may be needed."""
    found = set(ALWAYS)
    for page in pages:
        found.update(page.letters)
    return frozenset(found)


def font_files(used: frozenset[str], read: Read, keep: Keep) -> tuple[OutputFile, ...]:
    """The fonts that hold the letters in use, and their style sheet.

    `read` finds a file below `node_modules`; KeyError names a package that is not there.
    """
    files: list[OutputFile] = []
    rules: list[str] = []
    for face in TYPEFACES:
        for style in face.styles:
            for script, wanted, source in package_files(face, style, read, used):
                key = hashlib.sha256(source + repr((sorted(wanted), face.weights)).encode()).hexdigest()
                data = keep(key, lambda s=source, w=wanted, f=face: _cut(s, w, f.weights))  # type: ignore[misc]
                name = f"{face.package}-{script}-{style}.woff2"
                files.append(OutputFile(f"{FOLDER}/{name}", data))
                rules.append(_rule(face, style, name, wanted))
    files.append(OutputFile(SHEET, "".join(rules).encode()))
    return tuple(files)


def package_files(
    face: Typeface, style: str, read: Read, used: frozenset[str] | None = None
) -> Iterator[tuple[str, frozenset[str], bytes]]:
    """The files of a typeface with the script of each and the letters it is for, of those `used` only.

    A file without one of them is passed over. KeyError names a package that is not there.
    """
    base = f"@fontsource-variable/{face.package}"
    known = read(f"{base}/unicode.json")
    if known is None:
        raise KeyError(base)
    ranges = json.loads(known)
    for script in SCRIPTS:
        wanted = frozenset(_held(ranges.get(script, "")))
        wanted = wanted if used is None else wanted & used
        source = read(f"{base}/files/{face.package}-{script}-wght-{style}.woff2") if wanted else None
        if source is not None:
            yield script, wanted, source


def _held(ranges: str) -> Iterable[str]:
    """The characters of a CSS `unicode-range`."""
    for part in filter(None, ranges.split(",")):
        first, _, last = part.removeprefix("U+").partition("-")
        yield from map(chr, range(int(first, 16), int(last or first, 16) + 1))


def _cut(source: bytes, wanted: frozenset[str], weights: tuple[int, int]) -> bytes:
    """The font with these characters and weights alone, as woff2; equal input gives equal bytes."""
    from fontTools import subset
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    font = TTFont(io.BytesIO(source), recalcTimestamp=False)
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = ["kern", "liga", "locl", "mark", "mkmk", "ccmp", "tnum", "lnum", "onum", "case"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(character) for character in wanted])
    cutter.subset(font)
    instancer.instantiateVariableFont(font, {"wght": weights}, inplace=True)
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def _rule(face: Typeface, style: str, name: str, wanted: frozenset[str]) -> str:
    low, high = face.weights
    return (
        f'@font-face{{font-family:"{face.family}";font-style:{style};font-weight:{low} {high};'
        f"font-display:optional;src:url(fonts/{name}) format('woff2');"
        f"unicode-range:{','.join(_ranges(wanted))}}}\n"
    )


def _ranges(characters: Iterable[str]) -> Iterable[str]:
    """Runs of characters as CSS writes them: `U+41-5A`."""
    codes = sorted(map(ord, characters))
    starts = [i for i, code in enumerate(codes) if not i or codes[i - 1] != code - 1]
    for start, after in zip(starts, [*starts[1:], len(codes)], strict=True):
        first, last = codes[start], codes[after - 1]
        yield f"U+{first:X}" if first == last else f"U+{first:X}-{last:X}"
