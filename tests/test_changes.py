"""What changed last, read from real repositories with settled dates: claims, the feed of them, the list."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest

from build_tools.addresses import FEED
from build_tools.compiler import compile_wiki
from build_tools.load import SourceFile, load
from build_tools.memory import Memory
from build_tools.pages import history
from build_tools.pages.changes import Change, ChangedClaim, FileChange, Revision, changed_claims
from build_tools.pages.history import read_history
from build_tools.pages.render import _Renderer
from build_tools.pages.views import Views
from tests.islands import Wiki, lay_out

ROCK = "entities/islands/gull-rock.yml"
SKARN = "entities/islands/great-skarn.yml"
ATOM = "{http://www.w3.org/2005/Atom}"


def rock(*claims: str, top: str = "") -> str:
    """An island with these claims: `id`, or `id: sentence`, or `id: sentence: cite`."""
    lines = [f"name: Gull Rock\n{top}claims:\n"]
    for claim in claims:
        id_, text, cite, more = (*claim.split(": "), "", "", "")[:4]
        lines.append(f"  - id: {id_}\n{more}    text: {text or 'Few people live there.'}\n")
        lines.append(f"    cites: [{cite or 'courier-2024#p1'}]\n")
    return "".join(lines)


@dataclass
class Repository:
    """The example wiki under git; each commit is a day after the one before."""

    wiki: Wiki
    day: int = 0

    @property
    def root(self) -> Path:
        return self.wiki.root

    def git(self, *arguments: str) -> None:
        date = f"2024-03-{self.day:02}T12:00:00+0300"
        settings = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date, "GIT_CONFIG_GLOBAL": os.devnull}
        who = ["-c", "user.name=A", "-c", "user.email=a@b.example", "-c", "commit.gpgSign=false"]
        command = ["git", "-C", str(self.root), *who, *arguments]
        subprocess.run(command, env=os.environ | settings, check=True, capture_output=True)

    def commit(self, files: dict[str, str | bytes | None] | None = None) -> Repository:
        """The files have these contents, or are gone, in a commit of the next day."""
        for path, content in (files or {}).items():
            if content is None:
                self.wiki.delete(path)
            else:
                self.wiki.put({path: content})
        self.day += 1
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", f"day {self.day}")
        return self

    def changes(self) -> list[str]:
        """The changes but for those of the first day, each on a line."""
        found = changed_claims(read_history(self.root), most=1000)
        return [line(item) for item in found if not item.time.startswith("2024-03-01")]


def line(item: ChangedClaim) -> str:
    return f"{item.time[8:10]} {item.entity}#{item.claim}: {item.change}"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    wiki = lay_out(tmp_path / "wiki")
    subprocess.run(["git", "init", "-q", "-b", "main", str(wiki.root)], check=True)
    return Repository(wiki).commit()


# ---- from git to changes -----------------------------------------------------------------------


def test_a_claim_is_told_of_once_with_its_newest_change(repository: Repository) -> None:
    repository.commit({ROCK: rock("few", "gone", "kept")})
    repository.commit({ROCK: rock("few: Hardly anybody lives there.", "gone", "kept")})
    repository.commit({ROCK: rock("few: Hardly anybody lives there.: courier-2024#p2", "kept")})
    assert repository.changes() == [
        "04 gull-rock#few: evidence changed",
        "04 gull-rock#gone: withdrawn",
        "02 gull-rock#kept: new",
    ]


def test_times_are_those_of_the_commits_wherever_the_reader_is(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    repository.commit({ROCK: rock("few")})
    assert [item.time for item in changed_claims(read_history(repository.root), 1)] == [
        "2024-03-02T09:00:00Z"
    ]


def test_other_changes_to_a_file_are_none_of_a_claim(repository: Repository) -> None:
    repository.commit({ROCK: rock("few")})
    note = "notes:\n  - {text: A note.}\n"
    repository.commit({ROCK: "# A remark\n" + rock("few").replace("    text: Few", "    text:   Few") + note})
    assert repository.changes() == ["02 gull-rock#few: new"]


def test_a_renamed_file_takes_its_claims_along(repository: Repository) -> None:
    repository.git("config", "diff.renames", "false")  # whatever somebody likes to see
    repository.commit({ROCK: rock("few", "many", "some")})
    repository.commit({ROCK: None, "entities/islands/rock.yml": rock("few", "many", "some: Some.")})
    assert repository.changes() == ["03 rock#some: reworded", "02 rock#few: new", "02 rock#many: new"]


def test_a_file_renamed_and_rewritten_is_followed_by_its_former_id(repository: Repository) -> None:
    repository.commit({ROCK: rock("few")})
    other = rock("few", *(f"claim-{number}: Sentence {number} of many." for number in range(20)))
    repository.commit({ROCK: None, "entities/islands/rock.yml": other + "formerly: [gull-rock]\n"})
    assert "02 rock#few: new" in repository.changes()
    assert not [item for item in repository.changes() if "withdrawn" in item]


def test_a_file_moved_to_another_kind_is_the_same_entity(repository: Repository) -> None:
    repository.commit({ROCK: rock("few")})
    other = rock("few", *(f"claim-{number}: Sentence {number} of many." for number in range(20)))
    repository.commit({ROCK: None, "entities/events/gull-rock.yml": other})
    assert "02 gull-rock#few: new" in repository.changes()
    assert len(repository.changes()) == 21


def test_a_renamed_claim_is_followed_by_its_former_id(repository: Repository) -> None:
    repository.commit({ROCK: rock("few")})
    repository.commit({ROCK: rock("hardly-any").replace("    text", "    formerly: [few]\n    text")})
    assert repository.changes() == ["02 gull-rock#hardly-any: new"]


def test_a_file_that_could_not_be_read_for_a_while_is_compared_across(repository: Repository) -> None:
    repository.commit({ROCK: rock("few", "same")})
    repository.commit({ROCK: "claims: [\n"})
    repository.commit({ROCK: b"\xff\xfe"})
    repository.commit({ROCK: rock("few: Hardly anybody.", "same")})
    assert repository.changes() == ["05 gull-rock#few: reworded", "02 gull-rock#same: new"]


def test_a_file_that_never_could_be_read_tells_nothing(repository: Repository) -> None:
    repository.commit({ROCK: "claims: [\n"}).commit({ROCK: None})
    assert repository.changes() == []


def test_what_is_not_committed_is_not_seen(repository: Repository) -> None:
    repository.commit({ROCK: rock("few")})
    repository.wiki.put({ROCK: rock("few: Nobody lives there.", "new")})
    assert repository.changes() == ["02 gull-rock#few: new"]


def test_what_a_merge_brought_in_changed_when_it_was_merged(repository: Repository) -> None:
    repository.git("checkout", "-q", "-b", "side")
    repository.commit({ROCK: rock("few")}).commit({ROCK: rock("few", "more")})
    repository.git("checkout", "-q", "main")
    repository.commit({"entities/islands/other.yml": rock("other")})
    repository.day += 1
    repository.git("merge", "-q", "--no-ff", "side", "-m", "merge")
    assert repository.changes() == [
        "05 gull-rock#few: new",
        "05 gull-rock#more: new",
        "04 other#other: new",
    ]


def test_of_a_shallow_clone_only_what_can_be_compared_is_told(repository: Repository, tmp_path: Path) -> None:
    repository.commit({ROCK: rock("few")}).commit({ROCK: rock("few", "more")})
    shallow = tmp_path / "shallow"
    command = ["git", "clone", "-q", "--depth", "2", f"file://{repository.root}", str(shallow)]
    subprocess.run(command, check=True)
    assert [line(item) for item in changed_claims(read_history(shallow))] == ["03 gull-rock#more: new"]


def test_without_a_history_nothing_has_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(read_history(tmp_path)) == []
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert list(read_history(tmp_path)) == []
    monkeypatch.setenv("PATH", str(tmp_path))
    assert list(read_history(tmp_path)) == []


def test_a_wiki_may_be_a_folder_of_a_repository(tmp_path: Path) -> None:
    wiki = lay_out(tmp_path / "repository" / "wiki")
    subprocess.run(["git", "init", "-q", str(tmp_path / "repository")], check=True)
    found = Repository(wiki).commit().commit({ROCK: rock("few")})
    assert found.changes() == ["02 gull-rock#few: new"]


def test_what_a_hook_sets_does_not_name_another_repository(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({ROCK: rock("few")})
    monkeypatch.setenv("GIT_DIR", "/nowhere/.git")
    assert [line(item) for item in changed_claims(read_history(repository.root), 1)] == [
        "02 gull-rock#few: new"
    ]


def test_a_history_is_read_no_further_than_it_is_asked_for(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        repository.commit({ROCK: rock("few", f"claim-{number}")})
    monkeypatch.setattr(history, "MOST_FILES", 3)
    assert len(list(read_history(repository.root))) == 3


def test_no_more_claims_are_found_and_no_more_revisions_read_than_wanted() -> None:
    read = []

    def revisions() -> Iterator[Revision]:
        for day in range(9, 0, -1):
            read.append(day)
            after = SourceFile(f"entities/islands/island-{day}.yml", rock("one", "two").encode())
            yield Revision(time=f"2024-03-0{day}T00:00:00Z", files=[FileChange(before=None, after=after)])

    found = changed_claims(revisions(), most=3)
    assert [line(item) for item in found] == [
        "09 island-9#one: new",
        "09 island-9#two: new",
        "08 island-8#one: new",
    ]
    assert read == [9, 8]


# ---- from changes to the feed ------------------------------------------------------------------


def feed_of(repository: Repository, site_url: str = "") -> ElementTree.Element:
    changes = changed_claims(read_history(repository.root))
    compiled = compile_wiki(*load(repository.root), changes=changes, site_url=site_url)
    return ElementTree.fromstring(next(file.data for file in compiled.files if file.path == FEED))


def texts(element: ElementTree.Element, name: str) -> list[str]:
    return [found.text or "" for found in element.iter(f"{ATOM}{name}")]


def links(element: ElementTree.Element) -> list[dict[str, str]]:
    return [link.attrib for link in element.findall(f"{ATOM}link")]


@pytest.mark.parametrize("site_url", ["", "https://skarn.example/wiki/", "https://skarn.example/wiki"])
def test_the_feed_is_valid_atom(repository: Repository, site_url: str) -> None:
    repository.commit({ROCK: rock("few", "gone")}).commit({ROCK: rock("few")})
    feed = feed_of(repository, site_url)
    base = "https://skarn.example/wiki/" if site_url else ""
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.iter(f"{ATOM}entry")):  # RFC 4287, 4.1.1 and 4.1.2
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
        alternates = [link for link in links(element) if link["rel"] == "alternate"]
        assert len(alternates) == 1
        assert alternates[0]["href"].startswith(
            base or ("islands/", "people/", "events/", "organisations/", "./")
        )
    assert texts(feed, "name") == ["The ferries of Skarn"]
    assert [link["href"] for link in links(feed) if link["rel"] == "self"] == [f"{base}feed.xml"] * bool(base)
    assert len(set(texts(feed, "id"))) == len(texts(feed, "id"))
    assert all(
        re.fullmatch(r"tag:example\.org,2026:skarn/wiki(/[a-z0-9-]+){0,2}", id_) for id_ in texts(feed, "id")
    )
    times = texts(feed, "updated")
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", time) for time in times)
    assert times[0] == "2024-03-03T09:00:00Z" == max(times)
    assert times[1:] == sorted(times[1:], reverse=True)


def test_an_entry_has_the_sentence_whose_it_is_and_its_cites(repository: Repository) -> None:
    feed = feed_of(repository)
    said = next(text for text in texts(feed, "summary") if "had ordered a ship" in text)
    assert (
        said
        == "Skarn Ferries: Skarn Ferries wrote that it had ordered a ship. [Skarn Ferries 2023, not checked] (new)"
    )
    long = next(text for text in texts(feed, "title") if "Kittiwake" in text)
    assert long.startswith("Great Skarn: A second ferry, the Kittiwake,")
    assert long.endswith("…")
    assert len(long) <= 120


def test_a_withdrawn_claim_is_told_of_and_not_said_again(repository: Repository) -> None:
    repository.commit({ROCK: rock("few", "secret: Something that was wrong.")}).commit({ROCK: rock("few")})
    feed = feed_of(repository)
    assert texts(feed, "title")[1] == "Gull Rock: a claim was withdrawn"
    assert "Something that was wrong" not in ElementTree.tostring(feed, encoding="unicode")
    repository.commit({ROCK: None})
    gone = feed_of(repository).findall(f"{ATOM}entry")[0]
    assert (texts(gone, "title"), links(gone)[0]["href"]) == (["Gull Rock: a claim was withdrawn"], "./")


def test_an_entry_keeps_its_id_over_edits_and_renames(repository: Repository) -> None:
    repository.commit({ROCK: rock("few")})
    before = texts(feed_of(repository), "id")[1]
    repository.commit({ROCK: rock("few: Nobody lives there.")})
    assert texts(feed_of(repository), "id")[1] == before
    moved = rock("hardly", top="formerly: [gull-rock]\n").replace("    text", "    formerly: [few]\n    text")
    repository.commit({ROCK: None, "entities/islands/rock.yml": moved})
    assert before in texts(feed_of(repository), "id")


def test_a_change_of_what_is_there_no_more_or_again_is_not_told(repository: Repository) -> None:
    repository.commit({ROCK: rock("few", "gone")}).commit({ROCK: rock("few")})
    repository.wiki.put({ROCK: rock("gone")})  # not committed: one is away, one is back
    assert not [text for text in texts(feed_of(repository), "title") if text.startswith("Gull Rock")]


def test_without_a_history_the_feed_is_there_and_empty(repository: Repository) -> None:
    compiled = compile_wiki(*load(repository.root))
    feed = ElementTree.fromstring(next(file.data for file in compiled.files if file.path == FEED))
    assert texts(feed, "updated") == ["1980-01-01T00:00:00Z"]
    assert feed.findall(f"{ATOM}entry") == []


def test_hostile_names_are_text_in_the_feed(repository: Repository) -> None:
    name = '<b> & ]]> "x" {{ y }}'
    repository.commit({ROCK: rock("few").replace("Gull Rock", f"'{name}'")})
    assert texts(feed_of(repository), "title")[1] == f"{name}: Few people live there."


def test_equal_records_and_history_give_equal_bytes(repository: Repository) -> None:
    repository.commit({ROCK: rock("few")})
    first, second = (
        compile_wiki(*load(repository.root), changes=changed_claims(read_history(repository.root)))
        for _ in range(2)
    )
    assert first.files == second.files
    assert Change.ADDED in {item.change for item in changed_claims(read_history(repository.root))}


def test_the_list_of_the_newest_has_five_of_them_with_their_dates_and_places(repository: Repository) -> None:
    repository.commit({ROCK: rock("few", "gone")}).commit({ROCK: rock("few")})
    pages = newest(repository)
    assert pages.count("\n- ") == 5
    assert "3 March 2024 &#183; withdrawn" in pages.replace("·", "&#183;")
    assert "[Gull Rock](islands/gull-rock.md#few)" in pages
    assert "[Feed of changed claims](feed.xml)" in pages


def test_without_a_history_there_is_no_list_of_the_newest(repository: Repository) -> None:
    assert newest(repository, most=0).strip() == ""


def newest(repository: Repository, most: int = 50) -> str:
    """The list as the home page includes it."""
    wiki = repository.wiki.checked().wiki
    assert wiki is not None
    changes = changed_claims(read_history(repository.root))[:most]
    renderer = _Renderer(wiki, None, Views(wiki).news(changes), {}, Memory(), preview=False)
    page = renderer.laid_out("index.md", "news.md.j2", "Home", "", {"news": renderer.news})
    return page.data.decode().split("---\n")[-1]
