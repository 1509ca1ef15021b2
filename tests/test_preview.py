"""`wiki build --preview` shows attached words on this machine; what is published never has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from build_tools.cli import main
from build_tools.serve import PLACE
from build_tools.serve.workshop import Workshop
from build_tools.site.blocks import SUFFIXES, blocks
from build_tools.site.generate import epoch
from build_tools.text import folded
from build_tools.validate import capture_of
from tests.islands import Wiki, article, contents, lay_out_site

ATTACHED = "bote-2023"
RUN = 8
QUOTED = (  # by the example's records, which its site may repeat
    "Im Februar 2013 stand das ganze Deck in Flammen",
    "Großskarn bekommt eine zweite Fähre",
)


def runs(text: str) -> set[tuple[str, ...]]:
    words = folded(text)
    return {words[i : i + RUN] for i in range(len(words) - RUN + 1)}


def attached_runs(wiki: Wiki) -> set[tuple[str, ...]]:
    """Every run of eight words of the attached text that no record quotes."""
    seed = wiki.checked().wiki
    assert seed is not None
    record = seed.linked.seeds[ATTACHED].record
    found = {run for passage in capture_of(record, article(ATTACHED).decode()) for run in runs(passage.text)}
    return found - {run for quoted in QUOTED for run in runs(quoted)}


def published_runs(folder: Path) -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for path in sorted(folder.rglob("*")):
        if path.suffix in SUFFIXES and path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            found.update(run for block in blocks(path.name, text) for run in runs(block))
    return found


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Wiki:
    """The example with a text attached, its site built, and then its preview."""
    wiki = lay_out_site(tmp_path_factory.mktemp("preview")).attach(ATTACHED)
    assert main(["--root", str(wiki.root), "build"]) == 0
    assert main(["--root", str(wiki.root), "build", "--preview"]) == 0
    return wiki


def test_no_run_of_attached_words_is_in_what_is_published(built: Wiki) -> None:
    attached = attached_runs(built)
    assert len(attached) > 30
    for folder in ("build/site", "build/pages"):
        assert not attached & published_runs(built.root / folder), folder


def test_the_preview_has_the_words_and_says_so_on_every_page(built: Wiki) -> None:
    assert attached_runs(built) <= published_runs(built.root / "build/preview/site")
    pages = sorted((built.root / "build/preview/site").rglob("*.html"))
    assert len(pages) > 10
    for page in pages:
        text = page.read_text()
        assert '<meta name="robots" content="noindex">' in text, page
        assert "A local preview" in text, page
    for page in sorted((built.root / "build/site").rglob("*.html")):
        text = page.read_text()
        assert "noindex" not in text, page
        assert "local preview" not in text, page


def test_a_preview_leaves_the_site_and_its_pages_as_they_are(
    built: Wiki, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.stat().st_mtime_ns for path in (built.root / "build/site").rglob("*")}
    assert main(["--root", str(built.root), "build", "--preview", "--pages-only"]) == 0
    out = capsys.readouterr().out
    assert "build/preview/pages: " in out
    assert "for this machine alone: it shows the words of 1 source" in out
    assert {path: path.stat().st_mtime_ns for path in (built.root / "build/site").rglob("*")} == before


def test_an_attached_text_stops_no_build_and_a_copied_one_does(built: Wiki, tmp_path: Path) -> None:
    """The words are held to the budget as ever, text at hand or not."""
    wiki = lay_out_site(tmp_path).attach(ATTACHED)
    said = article(ATTACHED).decode().split("\n\n")[1]
    wiki.change("docs/about.md", "# ", f"{said}\n\n# ")
    assert main(["--root", str(wiki.root), "build"]) == 1
    assert not (wiki.root / "build/site").exists()


def test_shown_live_with_the_words_and_without_them_in_turn(built: Wiki) -> None:
    root, place = built.root, built.root / PLACE
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", epoch(root))
        for preview, folder in ((True, "build/preview"), (False, "build")):
            workshop = Workshop(root, preview=preview)
            assert workshop.rebuild().placed
            assert workshop.finish().findings == ()
            assert contents(place / "pages") == contents(root / folder / "pages")
            assert contents(place / "site") == contents(root / folder / "site")
