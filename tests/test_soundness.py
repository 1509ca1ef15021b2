"""A site is judged by what changed of it as it is judged as a whole."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

import pytest

from build_tools.cache import read_record
from build_tools.cite import CitedWiki
from build_tools.memory import Memory
from build_tools.problems import has_errors
from build_tools.report import terminal
from build_tools.site.checks import check_site
from build_tools.site.kept import digest_of
from build_tools.site.repeats import Repeats
from build_tools.site.soundness import Bench, Judgement, Knowledge, Passed
from build_tools.site.words import Guard, guard, guard_key, marked_words, printed_of
from tests.conftest import MakeWiki
from tests.islands import Wiki, article

LETTERS = "abcde"


class Site:
    """A site in a folder, judged again and again, each time by what is kept of the time before."""

    def __init__(self, root: Path, wiki: CitedWiki | None = None) -> None:
        self.root, self.wiki, self.guards = root / "site", wiki, 0
        self.cache, self.files = root / "cache", dict[str, str]()
        self.passed: Passed | None = None

    def put(self, files: Mapping[str, str | None]) -> Site:
        for path, text in files.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                del self.files[path]
                (self.root / path).unlink()
            else:
                self.files[path] = text
                (self.root / path).write_text(text)
        return self

    def judge(self, early: Collection[str] = ()) -> Judgement:
        """The judgement; some files are looked at before the others are there."""
        wiki = self.wiki
        known = Knowledge(self.cache / "known", "rules")
        repeats = Repeats(self.cache, "rules", guard_key(wiki, Memory()), self._guard) if wiki else None
        digests = {path: digest_of(text.encode()) for path, text in self.files.items()}
        bench = Bench(self.root, known, self.passed, repeats, "")
        bench.look({path: digests[path] for path in early}, self.root)
        judged = bench.judge(digests)
        if judged.report is not None and not judged.quotes_too_much:
            known.keep(digests)
            if repeats is not None:
                repeats.keep()
            report = judged.report
            counts = (report.links, report.anchors, report.assets)
            self.passed = Passed(digests=digests, counts=counts, guard=repeats.key if repeats else "")
        return judged

    def _guard(self) -> Guard:
        self.guards += 1
        assert self.wiki is not None
        return guard(self.wiki)


def page(chance: random.Random) -> str:
    """A page with some anchors, and links that may lead nowhere."""
    ids = "".join(f'<p id="{each}"></p>' for each in LETTERS if chance.random() < 0.8)
    links = [
        f"../{chance.choice(LETTERS)}/" + chance.choice(("", f"#{chance.choice(LETTERS)}")) for _ in "12"
    ]
    loads = ['<img src="../x.png">'] if chance.random() < 0.2 else []
    return "".join((ids, *(f'<a href="{link}">x</a>' for link in links), *loads))


def test_what_changed_tells_of_links_and_anchors_what_all_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance, site = random.Random(5), Site(tmp_path)
    whole: list[bool] = []
    judge_all = Bench._judge_all

    def counted(bench: Bench) -> Judgement:
        whole.append(True)
        return judge_all(bench)

    monkeypatch.setattr(Bench, "_judge_all", counted)
    site.put({f"{each}/index.html": "<p>x</p>" for each in LETTERS} | {"x.png": "", "s.css": ""})
    said: list[bool] = []
    for _ in range(200):
        before = dict(site.files)
        for _ in range(chance.choice((1, 1, 2))):
            path = chance.choice([*(f"{each}/index.html" for each in LETTERS), "x.png"])
            text = page(chance) if path.endswith(".html") else ""
            site.put({path: None if path in site.files and chance.random() < 0.1 else text})
        early = [path for path in site.files if chance.random() < 0.3]
        judged, report = site.judge(early), check_site(site.root)
        said.append(judged.report is not None)
        assert said[-1] == (report.problems == ()), (site.files, report.problems)
        assert judged.report in (None, report)
        if judged.report is None:
            new = sorted(site.files.keys() - before.keys())
            site.put({**dict.fromkeys(new), **before})
    assert 20 < sum(said) < 180
    assert len(whole) < 150, "most changes are judged by themselves"


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-1] + b"\0"),
    ],
    ids=["gone", "empty", "damaged"],
)
def test_findings_that_are_lost_are_found_again(harm: Callable[[Path], object], tmp_path: Path) -> None:
    site = Site(tmp_path).put({"index.html": '<a href="b/#x">b</a>', "b/index.html": '<p id="x">x</p>'})
    assert site.judge().report is not None
    for path in sorted((site.cache / "known").iterdir()):
        harm(path)
    site.put({"c.html": '<a href="b/#x">b</a>'})
    assert site.judge().report == check_site(site.root)
    site.put({"b/index.html": "<p>x</p>"})
    assert site.judge().report is None


def test_links_into_the_search_index_are_left_to_the_checks_themselves(tmp_path: Path) -> None:
    """Its files have other names after each change, so that no page may want one."""
    site = Site(tmp_path).put({"index.html": '<a href="pagefind/x.js">x</a>', "pagefind/x.js": ""})
    assert site.judge().report is None
    assert check_site(site.root).problems == ()


# ---- words -------------------------------------------------------------------------------------------

SPOKEN = "We have waited eleven years for a boat that does not stop for fog"
COPIED = "harbour office on Longholm announced on Tuesday that a second ferry"
OURS = "Of the boats that serve these islands none has been out for as long as this one has been."


@pytest.fixture
def cited(wiki: MakeWiki) -> CitedWiki:
    return _cited(wiki())


def _cited(wiki: Wiki) -> CitedWiki:
    checked = wiki.checked()
    assert checked.wiki is not None
    assert not has_errors(checked.problems), terminal(checked.problems)
    return checked.wiki


def test_for_words_of_our_own_no_guard_is_made_again(cited: CitedWiki, tmp_path: Path) -> None:
    site = Site(tmp_path, cited).put({"index.html": f"<p>{OURS}</p><q>{SPOKEN}</q>", "a.html": "<p>a</p>"})
    assert not site.judge().quotes_too_much
    assert site.guards
    site.guards = 0
    site.put({"index.html": f"<p>{OURS} And more.</p><q>{SPOKEN}</q>", "a.html": f"<p>{OURS[9:]}</p>"})
    assert not site.judge().quotes_too_much
    assert not site.guards, "the quotation was judged before"
    site.put({"a.html": f"<p>{COPIED}</p>"})
    assert site.judge().quotes_too_much
    assert site.guards


def test_of_a_data_file_only_lines_that_changed_are_looked_at(
    cited: CitedWiki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def data(*more: str) -> str:
        rows = [{"id": f"e{number}", "text": f"{OURS} {number}"} for number in range(150)]
        return (
            "[\n"
            + ",\n".join(json.dumps(row) for row in (*rows, *({"text": text} for text in more)))
            + "\n]\n"
        )

    site = Site(tmp_path, cited).put({"index.html": "<p>x</p>", "data.json": data(SPOKEN)})
    assert not site.judge().quotes_too_much
    looked = list[str]()

    def look(_: str, text: str) -> Iterator[str]:
        looked.append(text)
        return iter(json.loads(text).values())

    monkeypatch.setattr("build_tools.site.repeats.blocks", look)
    site.put({"data.json": data(SPOKEN, "A line more, of words that are ours.")})
    assert not site.judge().quotes_too_much
    assert len(looked) == 1
    monkeypatch.undo()
    site.put({"data.json": data(SPOKEN, COPIED)})
    assert site.judge().quotes_too_much


@pytest.mark.parametrize("form", ["{\n%s\n}", '{"rows": {\n%s\n}}'])
def test_words_on_lines_that_are_no_data_by_themselves_are_found(
    form: str, cited: CitedWiki, tmp_path: Path
) -> None:
    rows = ",\n".join(f'"{number}": "{OURS} {number}"' for number in range(150))
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in COPIED)
    text = form % f'{rows},\n"last": "{escaped}"'
    site = Site(tmp_path, cited).put({"index.html": "<p>x</p>", "data.json": text})
    assert json.loads(site.files["data.json"])
    assert site.judge().quotes_too_much


@pytest.mark.parametrize("data", [False, True], ids=["page", "lines of data"])
def test_a_quotation_that_goes_is_held_against_what_has_its_words(
    data: bool, wiki: MakeWiki, tmp_path: Path
) -> None:
    here = wiki()
    site = Site(tmp_path, _cited(here)).put({"index.html": f"<p>{OURS}</p>"})
    assert not site.judge().quotes_too_much
    lines = ",\n".join(f'["{SPOKEN}", {number}]' for number in range(150))
    site.put({"data.json": f"[\n{lines}\n]"} if data else {"a.html": f"<q>{SPOKEN}</q>"})
    assert not site.judge().quotes_too_much
    here.delete("entities/people/ada-brook.yml")
    checked = here.checked()
    assert checked.wiki is not None
    site.wiki = checked.wiki
    assert site.judge().quotes_too_much, "nothing quotes it any more"


def test_what_files_repeat_together_counts_though_only_one_changed(wiki: MakeWiki, tmp_path: Path) -> None:
    old = "rights: {status: all-rights-reserved,"
    here = wiki().change("seeds/courier-2024/seed.yml", old, f"{old} share_of_seed: 21%,")
    names = "past Gull Rock, from June 2024. She carries 120 passengers"
    site = Site(tmp_path, _cited(here)).put({"index.html": "<p>x</p>", "a.txt": names, "b.txt": "Nothing."})
    assert not site.judge().quotes_too_much
    site.put({"b.txt": f"{SPOKEN}, the harbour-master of"})
    assert site.judge().quotes_too_much


def test_words_are_counted_where_links_are_left_to_the_checks_themselves(
    wiki: MakeWiki, tmp_path: Path
) -> None:
    old = "rights: {status: all-rights-reserved,"
    here = wiki().change("seeds/courier-2024/seed.yml", old, f"{old} share_of_seed: 21%,")
    text = f"<p>past Gull Rock, from June 2024. She carries 120 passengers</p><p>{SPOKEN}, the harbour-master of</p>"
    site = Site(tmp_path, _cited(here)).put(
        {"index.html": text + '<p id="100%25"></p><a href="#100%25">x</a>'}
    )
    judged = site.judge()
    assert judged.report is None
    assert check_site(site.root).problems == ()
    assert judged.quotes_too_much


def test_what_many_texts_repeat_is_kept_once(cited: CitedWiki, tmp_path: Path) -> None:
    lines = ",\n".join(f'["{SPOKEN}", {number}]' for number in range(150))
    pages = {f"{number}.html": f"<p>{number} {SPOKEN}</p>" for number in range(20)}
    site = Site(tmp_path, cited).put({"data.json": f"[\n{lines}\n]", **pages})
    assert not site.judge().quotes_too_much
    *_, runs, lines = read_record(site.cache / "repeats")
    assert len(runs) == 1
    assert len(lines) == 150
    assert len({id(printed) for printed, _ in lines.values()}) == 1


def test_words_that_are_met_say_what_their_block_would(cited: CitedWiki, tmp_path: Path) -> None:
    chance, held = random.Random(4), guard(cited)
    repeats = Repeats(tmp_path, "rules", "seals rest", lambda: held)
    repeats.prepare(1)
    passage = next(each for each in article("courier-2024").decode().split("\n\n") if SPOKEN in each)
    words = [*SPOKEN.split()] * 5 + passage.split() + OURS.split() * 2 + ["\u201c", "\u201d"] * 9
    told = {"more": 0, "some": 0, "nothing": 0}
    for _ in range(800):
        begins = chance.choices(range(len(words)), k=chance.randint(1, 5))
        text = " ".join(each for at in begins for each in words[at : at + chance.randint(1, 30)])
        printed = printed_of(*marked_words(text), held)
        spoken = repeats.of("a.txt", text.encode())
        assert (spoken.printed if spoken else None) == printed, text
        told["more" if printed is None else "some" if printed else "nothing"] += 1
    assert min(told.values()) > 50, told


@pytest.mark.parametrize("name", ["windows", "repeats"])
@pytest.mark.parametrize("data", [None, b"", b"\0" * 90])
def test_what_is_kept_of_words_may_be_lost(
    name: str, data: bytes | None, cited: CitedWiki, tmp_path: Path
) -> None:
    site = Site(tmp_path, cited).put({"index.html": f"<p>{OURS}</p><q>{SPOKEN}</q>"})
    assert not site.judge().quotes_too_much
    if data is None:
        (site.cache / name).unlink()
    else:
        (site.cache / name).write_bytes(data)
    site.put({"index.html": f"<p>{OURS} And more.</p><q>{SPOKEN}</q>"})
    assert not site.judge().quotes_too_much
    site.put({"index.html": f"<p>{COPIED}</p>"})
    assert site.judge().quotes_too_much
