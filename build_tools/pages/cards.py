"""Cards: the pictures that other sites show for a link to a page, drawn when the site is built.

What a card says is worked out from the wiki; how it is drawn hangs on nothing but that and the fonts.
"""

from __future__ import annotations

import hashlib
import io
import math
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from build_tools.addresses import SOURCES, OutputFile, seed_page
from build_tools.amounts import amount
from build_tools.cite import CitedWiki, CiteRows, Tally
from build_tools.pages.fonts import SCRIPTS, TYPEFACES, Keep, Read, Typeface, package_files
from build_tools.pages.views import seed_title

if TYPE_CHECKING:
    from PIL import ImageDraw
    from PIL.ImageFont import FreeTypeFont

FOLDER = "assets/cards"
SITE_CARD = f"{FOLDER}/index.png"  # for every page that has none of its own
MOST_CARDS = 500  # pages of entities and seeds; with more, those of a kind share a card
WIDTH, HEIGHT = 1200, 630  # what Open Graph's readers expect
MOST_BYTES = 25_000

_EDITION = 1  # of the drawing: another makes every card anew
_MARGIN = 80
_PAPER, _INK, _QUIET, _RULE, _MARK = "#fcfbf8", "#1c2024", "#565c63", "#ddd8cd", "#12788c"
_SIZES = (
    (92, 2),
    (80, 2),
    (70, 3),
    (58, 3),
)  # of the title, with the lines there is room for: the first that fits


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says: the site's name, what kind of page it is, its title, and one line about it."""

    path: str
    site: str
    kind: str
    title: str
    line: str


def wiki_cards(wiki: CitedWiki) -> dict[str, Card]:
    """The card of each page of an entity, a kind, a seed, and of the home page, by the page's path."""
    linked, site = wiki.linked, wiki.linked.settings.name.text
    own = len(linked.entities) + len(linked.seeds) <= MOST_CARDS
    pages = f"{len(linked.entities):,} pages · {_claims(wiki.rows.values())}"
    members: dict[str, list[str]] = {kind.key.id: [] for kind in linked.settings.kinds}
    for id_, kind_of in linked.kinds.items():
        members[kind_of].append(id_)
    cards = {"index.md": Card(SITE_CARD, site, "", site, pages)}
    for kind in linked.settings.kinds:
        ids = members[kind.key.id]
        said = _claims(wiki.rows[id_] for id_ in ids)
        title, path = kind.plural.text, f"{kind.folder.id}/index.md"
        of_kind = Card(_path(path), site, "", title, f"{amount(len(ids), 'page')} · {said}")
        cards[path] = of_kind
        for id_ in ids:
            path = f"{kind.folder.id}/{id_}.md"
            cards[path] = of_kind
            if own:
                line = _claims([wiki.rows[id_]])
                cards[path] = Card(_path(path), site, kind.singular.text, linked.names[id_], line)
    passages = sum(len(seed.passages) for seed in linked.seeds.values())
    line = f"{amount(len(linked.seeds), 'source')} · {amount(passages, 'passage')}"
    cards["seeds/index.md"] = of_seeds = Card(_path("seeds/index.md"), site, "", SOURCES[0], line)
    for seed in linked.seeds.values():
        path, record = seed_page(seed.id), seed.record
        cards[path] = of_seeds
        if not own:
            continue
        title = seed_title(record)
        resting = {
            (s.statement.entity, s.statement.anchor)
            for place in (None, *(passage.id for passage in seed.passages))
            for s in wiki.resting_on.get((seed.id, place), ())
        }
        line = f"{amount(len(resting), 'statement')} rest{'s' * (len(resting) == 1)} on it"
        if seed.passages:
            line = f"{amount(len(seed.passages), 'passage')} · {line}"
        cards[path] = Card(_path(path), site, record.short.text, title, line)
    return cards


def _path(page: str) -> str:
    return f"{FOLDER}/{page.removesuffix('.md')}.png"


def _claims(pages: Iterable[CiteRows]) -> str:
    """How many claims, and how many of the cites were checked."""
    total = Tally.total(rows.tally for rows in pages)
    checked = total.cites - total.not_checked
    parts = [amount(total.claims, "claim")] if total.claims else []
    parts += [f"{checked * 100 // total.cites} % of cites checked"] if total.cites else []
    return " · ".join(parts)


# ---- drawing -----------------------------------------------------------------------------------


def draw_cards(cards: Iterable[Card], read: Read, keep: Keep) -> Iterator[OutputFile]:
    """The cards as PNG, each path once; equal cards and fonts give equal bytes.

    `read` finds a file below `node_modules`; KeyError names a package that is not there.
    """
    wanted = {card.path: card for card in cards}
    if not wanted:
        return
    from PIL import __version__ as pillow

    pen = _Pen(read)
    for path, card in sorted(wanted.items()):
        key = repr((_EDITION, pillow, pen.fonts, astuple(card)[1:]))
        named = hashlib.sha256(key.encode()).hexdigest()
        yield OutputFile(path, keep(named, lambda card=card: pen.draw(card)))  # type: ignore[misc]


class _Pen:
    """Draws cards with the site's own typefaces; a letter that they lack is left out."""

    def __init__(self, read: Read) -> None:
        self.sources = {
            (face.family, script): source
            for face in TYPEFACES
            for script, _, source in package_files(face, "normal", read)
        }
        self.fonts = hashlib.sha256(b"".join(self.sources.values())).hexdigest()
        self.letters: dict[tuple[str, str], frozenset[str]] = {}
        self.made: dict[tuple[str, str, int], bytes] = {}
        self.sized: dict[tuple[str, str, int, int], FreeTypeFont] = {}

    def draw(self, card: Card) -> bytes:
        """The card as PNG of few colours."""
        from PIL import Image, ImageDraw

        image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
        draw = ImageDraw.Draw(image)
        serif, sans = TYPEFACES
        wide = WIDTH - 2 * _MARGIN
        self._mark(draw, _MARGIN + 32, 104, 32)
        site = self._cut(self._legible(card.site), sans, 600, 36, wide - 92)
        self._write(draw, _MARGIN + 88, 116, site, sans, 600, 36, _INK)
        title = self._legible(card.title) or self._legible(card.kind)
        for size, most in _SIZES:
            lines = list(self._lines(title, serif, size, wide))
            if len(lines) <= most:
                break
        else:
            last = " ".join(lines[most - 1 :])
            lines = [*lines[: most - 1], self._cut(last, serif, 700, size, wide)]
        base = 262
        if kind := self._cut(self._legible(card.kind), sans, 400, 34, wide):
            self._write(draw, _MARGIN, 236, kind, sans, 400, 34, _QUIET)
            base = 276
        for number, line in enumerate(lines):
            self._write(
                draw, _MARGIN, base + int(size * (0.78 + 1.12 * number)), line, serif, 700, size, _INK
            )
        draw.rectangle((_MARGIN, 548, WIDTH - _MARGIN, 549), _RULE)
        line = self._cut(self._legible(card.line), sans, 400, 32, wide)
        self._write(draw, _MARGIN, 594, line, sans, 400, 32, _QUIET)
        for colours in (64, 32, 16, 8):
            out = io.BytesIO()
            few = image.quantize(colours, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
            few.save(out, "PNG", optimize=True)
            if out.tell() <= MOST_BYTES:
                break
        return out.getvalue()

    def _mark(self, draw: ImageDraw.ImageDraw, x: int, y: int, radius: int) -> None:
        """A seal with the sign of a passage."""
        ring, bead = radius * 0.84, radius * 0.24
        for number in range(12):
            angle = math.tau * number / 12
            dx, dy = ring * math.cos(angle), ring * math.sin(angle)
            draw.ellipse((x + dx - bead, y + dy - bead, x + dx + bead, y + dy + bead), _MARK)
        draw.ellipse((x - ring, y - ring, x + ring, y + ring), _MARK)
        half = self._length("¶", TYPEFACES[1], 600, 40) / 2
        self._write(draw, int(x - half), y + 13, "¶", TYPEFACES[1], 600, 40, _PAPER)

    def _legible(self, text: str) -> str:
        """The text on one line, without the letters that the typefaces lack."""
        composed = unicodedata.normalize("NFC", text)
        known = "".join(c if c.isspace() or self._script(TYPEFACES[0], c) else " " for c in composed)
        return " ".join(known.split())

    def _lines(self, text: str, face: Typeface, size: int, wide: int) -> Iterator[str]:
        """The text broken between words, and within a word that is wider than a line."""
        line = ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            if self._length(longer, face, 700, size) <= wide:
                line = longer
                continue
            if line:
                yield line
            while (fit := self._fitting(word, face, 700, size, wide)) < len(word):
                yield word[:fit]
                word = word[fit:]
            line = word
        yield line

    def _cut(self, text: str, face: Typeface, weight: int, size: int, wide: int) -> str:
        """The text, or as much of it as fits before an ellipsis."""
        if self._length(text, face, weight, size) <= wide:
            return text
        room = wide - int(self._length("…", face, weight, size)) - 1
        return text[: self._fitting(text, face, weight, size, room)].rstrip(" …") + "…"

    def _fitting(self, text: str, face: Typeface, weight: int, size: int, wide: int) -> int:
        """How many letters fit, at least one."""
        low, high = 1, min(len(text), 200)  # no line holds more
        while low < high:
            middle = (low + high + 1) // 2
            if self._length(text[:middle], face, weight, size) <= wide:
                low = middle
            else:
                high = middle - 1
        return low

    def _length(self, text: str, face: Typeface, weight: int, size: int) -> float:
        runs = self._runs(text[:400], face)
        return sum(self._font(face, script, weight, size).getlength(run) for script, run in runs)

    def _write(
        self,
        draw: ImageDraw.ImageDraw,
        x: float,
        base: int,
        text: str,
        face: Typeface,
        weight: int,
        size: int,
        colour: str,
    ) -> None:
        """The text on its base line, each run in the file that has its letters."""
        for script, run in self._runs(text, face):
            font = self._font(face, script, weight, size)
            draw.text((x, base), run, colour, font, anchor="ls")
            x += font.getlength(run)

    def _runs(self, text: str, face: Typeface) -> Iterator[tuple[str, str]]:
        script, run = "", ""
        for letter in text:
            has = self._script(face, letter) or script or SCRIPTS[0]
            if run and has != script:
                yield script, run
                run = ""
            script, run = has, run + letter
        if run:
            yield script, run

    def _script(self, face: Typeface, letter: str) -> str:
        """The file of the typeface that has the letter; none: empty."""
        if not self.letters:
            for key, source in self.sources.items():
                self.letters[key] = _letters(source)
        return next(
            (script for script in SCRIPTS if letter in self.letters.get((face.family, script), ())), ""
        )

    def _font(self, face: Typeface, script: str, weight: int, size: int) -> FreeTypeFont:
        from PIL import ImageFont

        key = (face.family, script, weight)
        if key not in self.made:
            self.made[key] = _fixed(self.sources[face.family, script], weight)
        if (*key, size) not in self.sized:
            # The layout of Pillow itself: another may be on this machine and not on that.
            made = ImageFont.truetype(io.BytesIO(self.made[key]), size, layout_engine=ImageFont.Layout.BASIC)
            self.sized[*key, size] = made
        return self.sized[*key, size]


def _letters(source: bytes) -> frozenset[str]:
    """The characters that a font has."""
    from fontTools.ttLib import TTFont

    return frozenset(map(chr, TTFont(io.BytesIO(source), lazy=True).getBestCmap()))


def _fixed(source: bytes, weight: int) -> bytes:
    """The variable font at one weight, as TrueType."""
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    font = TTFont(io.BytesIO(source), recalcTimestamp=False)
    for table in {"GDEF", "GPOS", "GSUB"} & set(font.keys()):  # slow to fix, and of no use to plain layout
        del font[table]
    instancer.instantiateVariableFont(font, {"wght": weight}, inplace=True)
    font.flavor = None
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
