"""Quotations written another way and as true as before: typography, markup and legitimate editing.

A variant is None where the quotation has nothing of its kind.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType

from bench.quotes import GAP, LEAST_PART, Quote

Variant = Callable[[random.Random, Quote], str | None]

_ENTITIES = MappingProxyType(
    {"'": "&#39;", '"': "&quot;", "\u2019": "&rsquo;", "\u2014": "&mdash;", "\u2013": "&ndash;", "&": "&amp;"}
)
_LIGATURES = MappingProxyType(
    {"ffi": "\ufb03", "ffl": "\ufb04", "ff": "\ufb00", "fi": "\ufb01", "fl": "\ufb02"}
)


def _changed(text: str, new: str) -> str | None:
    return None if new == text else new


def curly_quotes(rng: random.Random, quote: Quote) -> str | None:
    """Straight quotation marks and apostrophes are curly."""
    text = re.sub(r'"(?=\w)', "\u201c", quote.words).replace('"', "\u201d")
    return _changed(quote.words, re.sub(r"(?<!\w)'(?=\w)", "\u2018", text).replace("'", "\u2019"))


def straight_quotes(rng: random.Random, quote: Quote) -> str | None:
    """Curly quotation marks and apostrophes are straight."""
    table = str.maketrans("\u2018\u2019\u201c\u201d", "''\"\"")
    return _changed(quote.words, quote.words.translate(table))


def dashes(rng: random.Random, quote: Quote) -> str | None:
    """A dash is written another way: — as --, as a spaced – or as ―."""
    new = rng.choice((" -- ", "--", " \u2013 ", "\u2015", " \u2014 "))
    return _changed(quote.words, re.sub(r"\s?(?:\u2014|--)\s?", new, quote.words))


def hyphens(rng: random.Random, quote: Quote) -> str | None:
    """A hyphen is the Unicode hyphen or the one that does not break."""
    return _changed(quote.words, re.sub(r"(?<=\w)-(?=\w)", rng.choice("\u2010\u2011"), quote.words))


def soft_hyphens(rng: random.Random, quote: Quote) -> str | None:
    """A long word holds a soft hyphen."""
    return _changed(quote.words, re.sub(r"\b([^\W\d_]{4})([^\W\d_]{4,})", "\\1\u00ad\\2", quote.words))


def zero_width(rng: random.Random, quote: Quote) -> str | None:
    """A word ends in a character without width."""
    words = quote.words.split(" ")
    i = rng.randrange(len(words))
    words[i] += rng.choice("\u200b\u2060\ufeff")
    return " ".join(words)


def ligatures(rng: random.Random, quote: Quote) -> str | None:
    """The letters fi, fl and ff are ligatures, as text taken from a PDF has them."""
    found = re.sub("ffi|ffl|ff|fi|fl", lambda match: _LIGATURES[match[0]], quote.words)
    return _changed(quote.words, found)


def no_break_spaces(rng: random.Random, quote: Quote) -> str | None:
    """A space does not break or is thin; none of those between two figures."""
    space = rng.choice("\u00a0\u202f\u2009")
    return _changed(quote.words, re.sub(r"(?<=[^\W\d_]) (?=[^\W\d_])", space, quote.words))


def line_breaks(rng: random.Random, quote: Quote) -> str | None:
    """The quotation runs over lines, indented as mail has it."""
    return re.sub(r"((?:\S+ ){4}\S+) ", "\\1\n  ", quote.words)


def broken_words(rng: random.Random, quote: Quote) -> str | None:
    """A word is broken over two lines with a hyphen."""
    found = list(re.finditer(r"\b[a-z]{4}(?=[a-z]{4,}\b)(?!\w*-)", quote.words))
    if not found:
        return None
    at = rng.choice(found).end()
    return f"{quote.words[:at]}-\n{quote.words[at:]}"


def thousands_marks(rng: random.Random, quote: Quote) -> str | None:
    """The thousands of a figure are parted by a narrow space or by nothing: 530,000 as 530 000."""
    mark = rng.choice(("\u00a0", "\u202f", "\u2009", ""))
    return _changed(quote.words, re.sub(r"(?<=\d),(?=\d{3}(?!\d))", mark, quote.words))


def spaced_percent(rng: random.Random, quote: Quote) -> str | None:
    """A space stands before the per cent sign."""
    return _changed(quote.words, re.sub(r"(?<=\d)%", rng.choice((" %", "\u00a0%")), quote.words))


def full_width(rng: random.Random, quote: Quote) -> str | None:
    """Digits have the width of Chinese characters."""
    return _changed(quote.words, re.sub(r"[0-9]", lambda match: chr(ord(match[0]) + 0xFEE0), quote.words))


def entities(rng: random.Random, quote: Quote) -> str | None:
    """Marks are HTML character references, as copied from a page's source."""
    return _changed(quote.words, "".join(_ENTITIES.get(c, c) for c in quote.words))


def numeric_entities(rng: random.Random, quote: Quote) -> str | None:
    """Letters outside of ASCII are numeric character references."""
    return _changed(quote.words, "".join(c if c.isascii() else f"&#{ord(c)};" for c in quote.words))


def decomposed(rng: random.Random, quote: Quote) -> str | None:
    """Accents are characters of their own (NFD)."""
    return _changed(quote.words, unicodedata.normalize("NFD", quote.words))


def capitals(rng: random.Random, quote: Quote) -> str | None:
    """Set in capitals, Turkish dotless and dotted i as Unicode has them: ı as I, i as I."""
    return _changed(quote.words, quote.words.upper())


def turkish_capitals(rng: random.Random, quote: Quote) -> str | None:
    """Set in capitals as Turkish does: i as İ, ı as I."""
    if not re.search("[ışğİ]", quote.words):
        return None
    return quote.words.replace("i", "\u0130").replace("ı", "I").upper()


def bracketed_case(rng: random.Random, quote: Quote) -> str | None:
    """The case of the first letter is changed, and brackets say so: `[T]he`."""
    first = quote.words[0]
    return f"[{first.swapcase()}]{quote.words[1:]}" if first.isalpha() else None


def plain_case(rng: random.Random, quote: Quote) -> str | None:
    """The case of the first letter is changed without brackets."""
    first = quote.words[0]
    return first.swapcase() + quote.words[1:] if first.isalpha() else None


def ellipsis_forms(rng: random.Random, quote: Quote) -> str | None:
    """The ellipsis is three full stops, spaced or not, or stands in brackets."""
    forms = ("...", ". . .", "....", "[…]", "[...]", "[ . . . ]", "(…)", "(...)")
    return _changed(quote.words, quote.words.replace(GAP, f" {rng.choice(forms)} "))


def tight_ellipsis(rng: random.Random, quote: Quote) -> str | None:
    """No space stands before the ellipsis."""
    return _changed(quote.words, quote.words.replace(GAP, "… "))


def outer_ellipses(rng: random.Random, quote: Quote) -> str | None:
    """An ellipsis stands before and after the quotation."""
    return f"… {quote.words} …"


def insertion(rng: random.Random, quote: Quote) -> str | None:
    """Words of the editor's stand in brackets inside the quotation, at least five words from its ends."""
    parts = list(quote.parts)
    i = rng.randrange(len(parts))
    words = parts[i].split(" ")
    if len(words) < 2 * LEAST_PART:
        return None
    note = rng.choice(("[sic]", "[as he said]", "[the editor's italics]", "[of 1990]", "[…]"))
    at = rng.randint(LEAST_PART, len(words) - LEAST_PART)
    parts[i] = " ".join([*words[:at], note, *words[at:]])
    return GAP.join(parts)


def last_mark(rng: random.Random, quote: Quote) -> str | None:
    """The mark after the last word is another or gone."""
    bare = quote.words.rstrip(".,;:!?")
    return _changed(quote.words, bare + rng.choice(("", ".", ",", "!", "…")))


def quotation_marks(rng: random.Random, quote: Quote) -> str | None:
    """The quotation stands in quotation marks of some language."""
    left, right = rng.choice(("\u201c\u201d", "\u201e\u201c", "\u00ab\u00bb", "\u2018\u2019", '""'))
    return f"{left}{quote.words}{right}"


def commas(rng: random.Random, quote: Quote) -> str | None:
    """A comma after a word is missing."""
    return _changed(quote.words, re.sub(r"(?<=[^\W\d_]),(?= )", "", quote.words, count=1))


HONEST: Mapping[str, Variant] = MappingProxyType(
    {
        "curly quotation marks": curly_quotes,
        "straight quotation marks": straight_quotes,
        "dashes": dashes,
        "hyphens": hyphens,
        "soft hyphens": soft_hyphens,
        "characters without width": zero_width,
        "ligatures": ligatures,
        "spaces that do not break": no_break_spaces,
        "line breaks": line_breaks,
        "words broken over lines": broken_words,
        "thousands marks": thousands_marks,
        "space before %": spaced_percent,
        "full-width digits": full_width,
        "HTML entities": entities,
        "numeric entities": numeric_entities,
        "decomposed accents": decomposed,
        "set in capitals": capitals,
        "set in Turkish capitals": turkish_capitals,
        "`[T]he`": bracketed_case,
        "case of the first letter": plain_case,
        "forms of the ellipsis": ellipsis_forms,
        "ellipsis without a space": tight_ellipsis,
        "ellipses around": outer_ellipses,
        "insertion in brackets": insertion,
        "mark at the end": last_mark,
        "quotation marks around": quotation_marks,
        "a comma left out": commas,
    }
)
