"""How a seed's language writes what evidence is asked for, decimal marks and months; and its name.

The data are those of the Unicode Common Locale Data Repository, by way of the package babel.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from build_tools.dates import MONTHS

if TYPE_CHECKING:
    from babel import Locale

_ENGLISH = MappingProxyType({month.casefold(): (number,) for number, month in enumerate(MONTHS, 1)})


@functools.cache
def decimal_comma(tag: str) -> bool:
    """True if the language writes 4,5 for four and a half; False for one that is not known."""
    locale = _locale(tag)
    return locale is not None and locale.number_symbols.get("latn", {}).get("decimal") == ","


@functools.cache
def months(tag: str) -> Mapping[str, tuple[int, ...]]:
    """The numbers of the months that a folded word can name, in English and in the language."""
    from build_tools.text import folded

    found: dict[str, tuple[int, ...]] = dict(_ENGLISH)
    locale = _locale(tag)
    if locale is not None:
        for context in ("format", "stand-alone"):
            for number, name in locale.months[context]["wide"].items():
                for word in folded(name):
                    found[word] = tuple(sorted({*found.get(word, ()), number}))
    return MappingProxyType(found)


@functools.cache
def tag_of(name: str) -> str:
    """The tag of a language by its name in English or in the language itself; empty for one not known."""
    import babel

    wanted = name.strip().casefold()
    if not wanted.isalpha():
        return ""
    own = {tag: babel.Locale(tag).get_display_name(tag) for tag in _all_locales() if tag.isalpha()}
    named = (*babel.Locale("en").languages.items(), *own.items())
    return min((tag for tag, called in named if (called or "").casefold() == wanted), default="")


def _all_locales() -> list[str]:
    import babel.localedata

    return babel.localedata.locale_identifiers()


@functools.cache
def language_name(tag: str) -> str:
    """The English name of a language: Kyrgyz for `ky`; the tag itself where it has none."""
    import babel

    name: str | None
    try:
        name = babel.Locale.parse(tag, sep="-").get_display_name("en")
    except (babel.UnknownLocaleError, ValueError):
        name = babel.Locale("en").languages.get(tag.partition("-")[0])
    return name or tag


def _locale(tag: str) -> Locale | None:
    """The language's data; None for English, whose habits are this compiler's own, and for one not known."""
    language = tag.partition("-")[0]
    if language == "en":
        return None
    import babel  # takes longer to load than a small wiki to check, and most seeds need none of it

    try:
        return babel.Locale.parse(language)
    except (babel.UnknownLocaleError, ValueError):
        return None
