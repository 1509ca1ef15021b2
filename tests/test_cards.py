"""Cards for links to pages: what they say, that they are small and the same again, and have every letter."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw, ImageFont

from build_tools.packages import read_package
from build_tools.pages import cards as module
from build_tools.pages.cards import HEIGHT, MOST_BYTES, SITE_CARD, WIDTH, Card, draw_cards, wiki_cards
from build_tools.pages.fonts import TYPEFACES
from build_tools.site import vendor
from build_tools.site.vendor import vendored
from tests.conftest import MakeWiki


def drawn(card: Card) -> bytes:
    """The card drawn anew."""
    (file,) = draw_cards([card], read_package, lambda _, make: make())
    assert file.path == card.path
    return file.data


def card(title: str, kind: str = "Island", line: str = "3 claims", site: str = "The ferries") -> Card:
    return Card("assets/cards/x.png", site, kind, title, line)


def ink(data: bytes, box: tuple[int, int, int, int]) -> bool:
    """Whether anything is drawn within the box."""
    part = Image.open(io.BytesIO(data)).convert("L").crop(box)
    low, high = part.getextrema()
    return low != high


HARD = {
    "endless": "W" * 300,
    "long": "A name of an island that goes on " * 20,
    "right-to-left": "مدينة הים",
    "emoji": "🏝️🐙",
    "markup": "<b>&amp;</b> {{ x }}",
    "nothing": "",
    "letters": "ĞğİıŞşÇçÖöÜüßÄä Жээнбеков Ңң Өө Үү Қызылорда",
}


@pytest.mark.parametrize("title", HARD.values(), ids=HARD)
def test_any_title_gives_a_small_card_of_the_right_size_and_the_same_again(title: str) -> None:
    made = card(title, kind=title, line=title, site=title)
    data = drawn(made)
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.mode, image.size) == ("PNG", "P", (WIDTH, HEIGHT))
    assert len(data) <= MOST_BYTES
    assert drawn(made) == data
    assert not ink(data, (0, 0, 60, HEIGHT)), "nothing runs out of the left margin"
    assert not ink(data, (WIDTH - 60, 0, WIDTH, HEIGHT)), "nor of the right one"


def test_a_title_without_a_letter_to_draw_gives_way_to_the_kind() -> None:
    assert drawn(card(HARD["emoji"])) == drawn(card("Island"))
    assert drawn(card(HARD["right-to-left"])) == drawn(card("Island"))
    assert drawn(card("Longholm 🏝️")) == drawn(card("Longholm"))


@pytest.mark.parametrize("text", ["Ğğİıİş", "Сооронбай", "ңөүқғ", "ÄÖÜäöüß", "– · … ¶ “”"])
def test_every_letter_is_drawn_as_itself(text: str) -> None:
    pen = module._Pen(read_package)
    for face in TYPEFACES:
        for letter in text.replace(" ", ""):
            font = pen._font(face, pen._script(face, letter), 700, 80)

            def picture(what: str, font: ImageFont.FreeTypeFont = font) -> bytes:
                image = Image.new("L", (200, 200))
                ImageDraw.Draw(image).text((50, 150), what, 255, font, anchor="ls")
                return image.tobytes()

            missing = picture("\ue123")  # in no font: its place is taken by the sign for what is not there
            assert any(missing)
            assert picture(letter) not in (missing, bytes(40_000)), f"{face.family} lacks {letter}"


def test_cards_say_what_the_pages_hold(wiki: MakeWiki) -> None:
    checked = wiki().checked()
    assert checked.wiki is not None
    found = wiki_cards(checked.wiki)
    site = "The ferries of Skarn"
    skarn = found["islands/great-skarn.md"]
    assert (skarn.site, skarn.kind, skarn.title) == (site, "Island", "Great Skarn")
    assert skarn.line == "3 claims · 85 % of cites checked"
    assert found["islands/longholm.md"].line == "100 % of cites checked"
    assert found["index.md"].title == site
    assert found["islands/index.md"].title == "Islands"
    assert found["seeds/release-2023.md"].line.endswith("on it")
    assert "passage" not in found["seeds/release-2023.md"].line, "it is not held"
    assert len({each.path for each in found.values()}) == len(found)


def test_with_many_pages_those_of_a_kind_share_a_card(
    wiki: MakeWiki, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = wiki().checked()
    assert checked.wiki is not None
    monkeypatch.setattr(module, "MOST_CARDS", 5)
    found = wiki_cards(checked.wiki)
    assert found["islands/great-skarn.md"] is found["islands/longholm.md"] is found["islands/index.md"]
    assert found["seeds/bote-2023.md"] is found["seeds/index.md"]
    kinds = len(checked.wiki.linked.settings.kinds)
    assert len(set(found.values())) == kinds + 2


def test_there_are_cards_only_where_the_site_knows_its_address(wiki: MakeWiki) -> None:
    from build_tools.compiler import compile_wiki
    from build_tools.load import load

    root = wiki().root
    without = compile_wiki(*load(root))
    assert without.cards == ()
    assert not any(b"\ncard: " in file.data for file in without.files)
    assert "robots.txt" not in {file.path for file in without.files}
    compiled = compile_wiki(*load(root), site_url="https://skarn.example/")
    pages = {file.path: file.data.decode() for file in compiled.files}
    assert '\ncard: "assets/cards/islands/longholm.png"\n' in pages["islands/longholm.md"]
    assert pages["robots.txt"].endswith("Sitemap: https://skarn.example/sitemap.xml\n")
    assert SITE_CARD in {each.path for each in compiled.cards}


def test_a_card_is_drawn_once_and_found_again(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path_factory.mktemp("cache")
    monkeypatch.setattr(vendor, "CACHE", cache)
    count: list[str] = []
    draw: Callable[..., bytes] = module._Pen.draw

    def counted(pen: module._Pen, wanted: Card) -> bytes:
        count.append(wanted.title)
        return draw(pen, wanted)

    monkeypatch.setattr(module._Pen, "draw", counted)

    def made(title: str) -> bytes:
        files, problems = vendored((), [card(title)])
        assert not problems
        return next(file.data for file in files if file.path == "assets/cards/x.png")

    first = made("Longholm")
    assert made("Longholm") == first
    assert count == ["Longholm"]
    made("Great Skarn")
    assert count == ["Longholm", "Great Skarn"]
    for kept in cache.glob("*.png"):
        kept.write_bytes(kept.read_bytes()[:100])  # cut short by a full disk
    assert made("Longholm") == first
    assert len(count) == 3
