"""What "the same words" means: text folded into words that typography, case and markup cannot change.

Folding follows Unicode normalisation form NFKC (UAX 15) and full case folding (Unicode Standard,
section 3.13), with the exceptions that quoting needs: superscripts stay apart from the digits before
them, both Turkish i's fold together, and the signs of currencies and `%` stay with their digits.
"""

from __future__ import annotations

import functools
import html
import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from build_tools.quick import quick

_FOLDS = MappingProxyType(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u00b4\u0060", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"),
        **dict.fromkeys("\u2014\u2015\u2e3a\u2e3b", " "),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", ""),
        "\u2044": "/",  # what NFKC puts into a fraction
    }
)
_FOLDED = re.compile(f"[{''.join(_FOLDS)}]")
_SUPERSCRIPTS = re.compile("[\u00b2\u00b3\u00b9\u2070-\u207e\u2080-\u208e]+")
_FRACTIONS = re.compile("(?<=\\d)(?=[\u00bc-\u00be\u2150-\u215e])")
_THIN_THOUSANDS = re.compile("(?<=\\d)[\u00a0\u2009\u202f](?=\\d{3}(?!\\d))")
# What one of the three before has.
_RARE = re.compile("[\u00a0\u00b2\u00b3\u00b9\u00bc-\u00be\u2009\u202f\u2070-\u208e\u2150-\u215e]")
# What may be folded, or change what is before it. Of all else only the grave accent is folded.
_CHANGED = re.compile("[^\\x00-\x7f\u00a7\u00b6\u00b7\u00c0-\u0131\u0134-\u013e\u0141-\u0148\u014a-\u017e]")
_TURKISH_I = re.compile("[i\u0131]\u0307*")
_BROKEN_LINE = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010][ \t]*\r?\n\s*(?=[^\W\d_])")

SIGNS = "$€£¥₺₽₸₴₹₩₪"  # of currencies: they belong to their figure

_NUMBER = rf"(?:[{SIGNS}][ -]?)?\d[^\W_]*(?:[.,:/^-]\d[^\W_]*)*"
_NUMBER += rf"(?:[ ]?%|[{SIGNS}](?!-?\d)|[ ][{SIGNS}](?![ -]?\d))?"  # of "5 $ 16" the sign is the second's
_LETTERS = r"(?:[^\W_]++|[\u0300-\u036f]++)++"
# A currency sign opens a figure even after letters (US$16); a hyphen after a sign parts a range (10%-15%).
_OPENS = rf"(?:(?<![^\W_])(?:(?<![%{SIGNS}])-)?|(?=[{SIGNS}]))"
_WORD = re.compile(rf"{_OPENS}{_NUMBER}|{_LETTERS}(?:['.^-]{_LETTERS})*")
_SPACED = re.compile(f"[%{SIGNS}]")
_SENTENCE_ENDS = re.compile("[.!?]")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")


# Words that say nothing of what a sentence is about.
COMMON = frozenset(
    "a an and are as at by for from has have in is it its of on or that the this to was were with".split()
)


@quick
@dataclass(frozen=True, slots=True)
class Word:
    """A word: its folded form, and the form as written (after cleaning)."""

    folded: str
    written: str
    starts_sentence: bool = False

    @property
    def is_figure(self) -> bool:
        return has_digit(self.folded)


def has_digit(word: str) -> bool:
    """True if a character of the word is a digit."""
    return not word.isalpha() and any(map(str.isdigit, word))


def clean(text: str) -> str:
    """The text with character references resolved and typography folded; case is kept."""
    if "&" in text:
        text = html.unescape(text)
    if "\n" in text:
        text = _BROKEN_LINE.sub(_rejoin, text)
    if not _CHANGED.search(text):
        return text.replace("`", "'")
    text = _FOLDED.sub(_fold_sign, text)
    if _RARE.search(text):
        text = _THIN_THOUSANDS.sub("", text)
        text = _SUPERSCRIPTS.sub(lambda match: "^" + unicodedata.normalize("NFKC", match.group()), text)
        text = _FRACTIONS.sub(" ", text)
    return _FOLDED.sub(_fold_sign, unicodedata.normalize("NFKC", text))


def _fold_sign(match: re.Match[str]) -> str:
    return _FOLDS[match.group()]


def _rejoin(match: re.Match[str]) -> str:
    # "coop-\neration" was one word; before a capital the hyphen is the word's own: "Turkic-\nSpeaking".
    return "-" if match.string[match.end()].isupper() and match[0][0] != "\u00ad" else ""


@functools.lru_cache(maxsize=1 << 14)  # several rules ask about the same sentence
def words(text: str) -> tuple[Word, ...]:
    """The words of the text in order, figures with their currency or per cent sign as one word each."""
    text = clean(text)
    found: list[Word] = []
    starts = True
    # Only beside these signs a word holds a space.
    for stretch in (text,) if _SPACED.search(text) else text.split():
        begun, going_on, ends = _words(stretch)
        found += begun if starts else going_on
        starts = ends or (starts and not begun)
    return tuple(found)


@functools.lru_cache(maxsize=1 << 14)  # a text is long, but its words are few
def _words(cleaned: str) -> tuple[tuple[Word, ...], tuple[Word, ...], bool]:
    """The words of a stretch that a sentence begins with, and of one inside; and if one ends with it."""
    going_on: list[Word] = []
    end = 0
    for match in _WORD.finditer(cleaned):
        written = match.group()
        going_on.append(Word(_fold(written), written.strip(), _ends_sentence(cleaned, end, match.start())))
        end = match.end()
    begun = [Word(word.folded, word.written, True) for word in going_on[:1]]
    return (*begun, *going_on[1:]), tuple(going_on), _ends_sentence(cleaned, end, len(cleaned))


def _ends_sentence(text: str, begin: int, end: int) -> bool:
    return begin < end and _SENTENCE_ENDS.search(text, begin, end) is not None


# What is cleaned by itself: a character reference, or a letter with the marks set on it.
_UNIT = re.compile("&[^\\s&;]{1,40};|.[\u0300-\u036f\u200c\u200d\ufe0e\ufe0f]*", re.S)


@functools.lru_cache(maxsize=16)  # a passage is asked for its first words and for its pieces
def word_places(text: str) -> tuple[tuple[int, int], ...]:
    """Where in a text on one line, as it is written, its `words` stand: the first character and the end.

    Of what folding makes of several characters at once (figures with thin spaces, a letter of several
    signs) the place is all that stands between two spaces: a word may reach further, never less far.
    """
    cleaned: list[str] = []
    # For each character of the cleaned text, those of the written one that it was made of.
    begins: list[int] = []
    ends: list[int] = []

    def add(made: str, begin: int, end: int) -> None:
        cleaned.append(made)
        begins.extend([begin] * len(made))
        ends.extend([end] * len(made))

    for stretch in re.finditer("[^ ]+| +", text):
        written, first = stretch.group(), stretch.start()
        whole = clean(written)
        if whole == written:  # most words
            cleaned.append(whole)
            begins.extend(range(first, stretch.end()))
            ends.extend(range(first + 1, stretch.end() + 1))
            continue
        units = [(clean(unit.group()), unit.span()) for unit in _UNIT.finditer(written)]
        if "".join(made for made, _ in units) == whole:
            for made, (begin, end) in units:
                add(made, first + begin, first + end)
        else:
            add(whole, first, stretch.end())
    return tuple((begins[match.start()], ends[match.end() - 1]) for match in _WORD.finditer("".join(cleaned)))


@functools.lru_cache(maxsize=1 << 14)
def folded(text: str) -> tuple[str, ...]:
    """The folded forms of the text's words."""
    return tuple([word.folded for word in words(text)])


def fold(text: str) -> tuple[str, ...]:
    """The same of a text that is asked for once."""
    text = clean(text)
    if _SPACED.search(text):
        return _folded(text)
    return tuple(itertools.chain.from_iterable(map(_folded, text.split())))


@functools.lru_cache(maxsize=1 << 16)  # a text is long, but its words are few
def _folded(cleaned: str) -> tuple[str, ...]:
    return tuple(map(_fold, _WORD.findall(cleaned)))


@functools.lru_cache(maxsize=1 << 14)
def folded_word(written: str) -> str:
    """The folded form of a word as a seal has it, or as `words` found it."""
    return " ".join(map(_fold, _WORD.findall(clean(written))))


@functools.lru_cache(maxsize=1 << 14)  # a text is long, but its words are few
def _fold(word: str) -> str:
    if not has_digit(word):
        return _fold_case(word)
    sign = next((mark for mark in SIGNS if mark in word), "") if _SPACED.search(word) else ""
    percent = "%" if "%" in word else ""
    bare = word.lstrip(f"-{SIGNS} ")
    minus = "-" if "-" in word[: -len(bare)] else ""
    bare = bare.rstrip(f"{SIGNS}% ")
    if _THOUSANDS.fullmatch(bare):
        bare = bare.replace(",", "")
    return sign + minus + _fold_case(bare) + percent


def _fold_case(word: str) -> str:
    if word.isascii():
        return word.lower()
    # Case folding makes of \u0130 an i with a dot above it and leaves \u0131 alone; quoting needs one i.
    return unicodedata.normalize("NFC", _TURKISH_I.sub("i", word.casefold()))


# ------------------------------------------------------------------------------------ quotations

# Marks that open speech, each with those that close it. Single marks cannot be told from apostrophes.
_SPEECH = MappingProxyType(
    {"\u201c": "\u201d", "\u201e": "\u201c\u201d", "\u00ab": "\u00bb", "\u00bb": "\u00ab", '"': '"'}
)


def quoted_runs(text: str) -> tuple[tuple[int, int], ...]:
    """The words in quotation marks, as positions of the first and last, counted from 0.

    Speech that a passage does not close runs to its end, since the next paragraph goes on with it;
    speech that it closes but does not open runs from its beginning.
    """
    text = clean(text)
    found: list[tuple[int, int]] = []
    closing, begin, count, end = "", 0, 0, 0

    def marks(first: int, last: int) -> None:
        nonlocal closing, begin
        for i in range(first, last):
            mark = text[i]
            if mark not in _SPEECH and mark != "\u201d":
                continue
            if mark == '"' and not closing and text[i - 1 : i].isdigit():
                continue  # inches
            ends = mark in closing or (not closing and _only_closes(text, i))
            if ends and (closing or not found):
                if count > begin:
                    found.append((begin, count - 1))
                closing, begin = "", count
            elif not closing and not ends and mark in _SPEECH:
                closing, begin = _SPEECH[mark], count

    for match in _WORD.finditer(text):
        marks(end, match.start())
        count, end = count + 1, match.end()
    marks(end, len(text))
    if closing and count > begin:
        found.append((begin, count - 1))
    return tuple(found)


def _only_closes(text: str, i: int) -> bool:
    """True if the mark can open nothing: a closing mark, or a straight one with a word's end before it."""
    if text[i] == "\u201d":
        return True
    after = text[i + 1 : i + 2]
    return text[i] == '"' and i > 0 and not text[i - 1].isspace() and (not after or after in " .,;:!?)\n")


_ELLIPSIS = r"\[\s*(?:\.\s?\.\s?\.|\u2026)\s*\]|\(\s*(?:\.\s?\.\s?\.|\u2026)\s*\)|\u2026|\.\s?\.\s?\.+"
_GAP = re.compile(_ELLIPSIS + r"|(?<![^\W_])\[[^\[\]]*\](?![^\W_])")
_UNWRAP = re.compile(r"\[([^\W\d_]+)\](?=['\u2019]?[^\W_])|(?<=[^\W_])\[([^\W\d_]+)\]")


def quote_parts(text: str) -> tuple[tuple[str, ...], ...]:
    """The folded words of a quotation, split where it leaves out (`…`) or inserts (`[in brackets]`).

    `[T]he` is a change of case inside a word, not an insertion.
    """
    text = _UNWRAP.sub(lambda match: match[1] or match[2], html.unescape(text))
    parts = (folded(part) for part in _GAP.split(text))
    return tuple(part for part in parts if part)


def quote_readings(text: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """The parts of a quotation, its brackets taken as the quoter's own, and then as the source's."""
    source = tuple(part for part in map(folded, re.split(_ELLIPSIS, html.unescape(text))) if part)
    return tuple(dict.fromkeys((quote_parts(text), source)))


def places(passage: Sequence[str], part: Sequence[str]) -> tuple[int, ...]:
    """Every position at which the words stand in the passage, whole and contiguous."""
    wanted, size = tuple(part), len(part)
    return tuple(
        begin
        for begin in range(len(passage) - size + 1)
        if size and passage[begin] == wanted[0] and tuple(passage[begin : begin + size]) == wanted
    )


def in_order(found: Sequence[Sequence[int]], sizes: Sequence[int]) -> tuple[int, ...] | None:
    """The earliest place of each part after the one before it, given every place of each; None if none is."""
    begins: list[int] = []
    start = 0
    for places_of_part, size in zip(found, sizes, strict=True):
        begin = next((place for place in places_of_part if place >= start), None)
        if begin is None:
            return None
        begins.append(begin)
        start = begin + size
    return tuple(begins) or None
