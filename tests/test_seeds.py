"""Seeds put into a wiki and their texts attached: all or nothing, and only the text that was sealed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from build_tools.editing.layout import laid_out
from build_tools.load import ATTACHED, SourceFile, Sources, load
from build_tools.problems import Problem
from build_tools.records import Passages, SeedRecord
from build_tools.report import terminal
from build_tools.seal import read_seal
from build_tools.seeds import Captured, compare, new_seed, put_seed, put_text, read_capture, seal_of
from build_tools.shape import read_record
from build_tools.values import LineSpan
from build_tools.yaml_tree import read_yaml

REPRODUCIBLE = settings(derandomize=True, deadline=None)

# Written for these tests.
ARTICLE = """\
# The "new" lamp: a report

By Ada Brook

The lamp was lit in 1887, says the keeper of the Skarn light.

It has gone out twice since, for want of oil.

## What the board says

“We have paid for the oil,” the board of Longholm answers.

Source: Sandhavener Bote
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of a wiki without seeds, and beside it the captured article."""
    (tmp_path / "article.md").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "wiki" / "seeds").mkdir(parents=True)
    return tmp_path / "wiki"


def captured(root: Path, text: str = ARTICLE) -> tuple[Path, Captured]:
    """A captured file and what is read from it."""
    file = root.parent / "article.md"
    file.write_bytes(text.encode())
    found, problems = read_capture(file)
    assert problems == ()
    assert found is not None
    return file, found


def files_of(root: Path, text: str = ARTICLE, *keep: LineSpan) -> dict[str, str]:
    files, _, problems = new_seed("lamp", *captured(root, text), (), keep)
    assert problems == ()
    return files


def sealed(root: Path, text: str = ARTICLE) -> Sources:
    """The wiki with the article as its seed `lamp`."""
    assert put_seed(root, "lamp", files_of(root, text), root.parent / "article.md") == ()
    sources, _ = load(root)
    return sources


def tree(root: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def said(problems: tuple[Problem, ...]) -> list[str]:
    """The problems as a terminal shows them, the captured file without its folder."""
    return [
        line[line.rfind("/article") + 1 :] if "/article" in line else line
        for line in terminal(problems).splitlines()
    ]


# ---- reading a capture -------------------------------------------------------------------------


def test_a_capture_is_text_with_the_sum_of_its_bytes(root: Path) -> None:
    data = b"\xef\xbb\xbf" + "Größe\r\n\x0cb".encode()
    (root.parent / "article.md").write_bytes(data)
    assert read_capture(root.parent / "article.md") == (
        Captured(text="Größe\r\n\x0cb", sha256=hashlib.sha256(data).hexdigest()),
        (),
    )


@pytest.mark.parametrize("typography", ["\u00ad", "\u200b", "\u200d", "\ufeff", "\u2028", "\x85", "\u202a"])
def test_the_typography_of_a_page_is_no_problem(root: Path, typography: str) -> None:
    assert captured(root, f"a{typography}b")[1].text == f"a{typography}b"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ("é\n".encode() + b"x\xff", "article.md:2:2: [not-utf8] byte 0xff is not UTF-8"),
        ("a".encode("utf-16"), "article.md:1:1: [not-utf8] the file is UTF-16"),
        ("é\r\nö\x07".encode(), "article.md:2:2: [bad-capture] a control character, U+0007"),
        (b"%PDF-1.7\n\x01\x02", "article.md:2:1: [bad-capture] a control character, U+0001"),
    ],
)
def test_what_is_no_text_is_no_capture(root: Path, data: bytes, problem: str) -> None:
    (root.parent / "article.md").write_bytes(data)
    found, problems = read_capture(root.parent / "article.md")
    assert found is None
    assert said(problems)[0] == problem


def test_a_file_that_is_not_there_or_a_folder_is_a_problem(root: Path) -> None:
    for name, why in (("missing.md", "No such file or directory"), ("wiki", "Is a directory")):
        found, (problem,) = read_capture(root.parent / name)
        assert found is None
        assert (problem.code.text, problem.message) == ("unreadable-file", f"cannot read it: {why}")


# ---- a new seed --------------------------------------------------------------------------------


def test_a_new_seed_has_a_record_to_fill_in_its_passages_and_its_seal(root: Path) -> None:
    files = files_of(root)
    digest = hashlib.sha256(ARTICLE.encode()).hexdigest()[:8]
    assert list(files) == ["seed.yml", "passages.yml", "seal.json"]
    assert (
        files["seed.yml"]
        == f"""\
# yaml-language-server: $schema=../../.schema/seed.schema.json
title: {{quote: "The \\"new\\" lamp: a report"}}
short:  # the label of its cites, such as Economist 2025
authors: []  # - {{name: …}}
publisher:  # the id of an organisation under entities/
# url: https://…
published:
  when:  # EDTF: 2025-10-08, 2025-10, 2025~
language:  # en, de, ky …
held: true
rights: {{status: all-rights-reserved}}
# derived_from: [{{seed: …, how: retelling}}]    # it names its source: "Sandhavener Bote"
capture: {{sha256_begins: "{digest}"}}
"""
    )
    assert (
        files["passages.yml"]
        == """\
# yaml-language-server: $schema=../../.schema/passages.schema.json
# One line in our own words for each passage; who speaks in it; kind: heading, text or quotation.
p1:
  kind: text
  gist:
p2:
  kind: text
  gist:
p3:
  kind: heading
  gist:
  unused: "heading: names the section, asserts nothing"
p4:
  kind: quotation
  gist:
"""
    )
    for name, record in (("seed.yml", SeedRecord), ("passages.yml", Passages)):
        data = files[name].encode()
        assert laid_out(SourceFile(f"seeds/lamp/{name}", data), record) == (data, ()), "it is in order"
    seal, problems = read_seal("seal.json", "lamp", files["seal.json"].encode())
    assert problems == ()
    assert seal is not None
    assert [passage.id for passage in seal.passages] == ["p1", "p2", "p3", "p4"]


def test_what_is_to_be_filled_in_is_reported_and_nothing_else(root: Path) -> None:
    files = files_of(root)
    node, problems = read_yaml("seed.yml", files["seed.yml"].encode())
    assert problems == ()
    assert node is not None
    record, problems = read_record(node, SeedRecord, id="lamp")
    assert terminal(problems).splitlines()[::2] == [
        "seed.yml:3:1: [empty-value] `short` is empty",
        "seed.yml:5:1: [empty-value] `publisher` is empty",
        "seed.yml:8:3: [empty-value] `when` is empty",
        "seed.yml:9:1: [empty-value] `language` is empty",
    ]
    assert str(record.title.quote) == 'The "new" lamp: a report'
    node, problems = read_yaml("passages.yml", files["passages.yml"].encode())
    assert node is not None
    _, more = read_record(node, Passages)
    assert [problem.message for problem in (*problems, *more)] == ["`gist` is empty"] * 4


def test_the_choice_of_lines_is_stored_in_the_record(root: Path) -> None:
    file, found = captured(root)
    spans = (LineSpan(7, 7), LineSpan(9, 11)), (LineSpan(3, 3),)
    files, capture, problems = new_seed("lamp", file, found, *spans)
    assert problems == ()
    assert files["seed.yml"].endswith(", leave_out: [7, 9-11], keep: [3]}\n")
    assert [passage.text for passage in capture.passages] == [
        "By Ada Brook",
        "The lamp was lit in 1887, says the keeper of the Skarn light.",
    ]


def test_an_id_that_is_none_makes_no_seed(root: Path) -> None:
    for id_ in ("../lamp", "Lamp", "index", "", "a" * 101, "lamp/x"):
        files, _, problems = new_seed(id_, *captured(root), (), ())
        assert files == {}
        assert [(str(problem.at), problem.code.text) for problem in problems] == [("--id:1:1", "bad-id")]


@pytest.mark.parametrize("text", ["", "\n\n", "Only a title", "VK X\n\n12\n", "# T\n\nRead also\n"])
def test_a_capture_without_passages_makes_no_seed(root: Path, text: str) -> None:
    files, _, problems = new_seed("lamp", *captured(root, text), (), ())
    assert files == {}
    assert said(problems) == [
        "article.md:1:1: [bad-capture] no passage was found in it",
        "    capture the page as plain text with a blank line between paragraphs, or name lines with --keep",
    ]


@settings(REPRODUCIBLE, max_examples=200)
@given(st.text(alphabet="a\"'\\{}[]:#&*!|>%@` ,\u00ad\u200b\u202e\u2028İ\t…-?", max_size=30))
def test_whatever_the_title_its_record_is_sound_yaml_with_that_title(title: str) -> None:
    found = Captured(text=f"# T{title}\n\nThe lamp was lit.\n\nSource: x{title}\n", sha256="0" * 64)
    files, capture, problems = new_seed("lamp", Path("article.md"), found, (), ())
    assert problems == ()
    node, problems = read_yaml("seed.yml", files["seed.yml"].encode())
    assert problems == ()
    assert node is not None
    record, _ = read_record(node, SeedRecord, id="lamp")
    hidden = dict.fromkeys(map(ord, "\u00ad\u200b\u202e"))
    assert str(record.title.quote) == " ".join(capture.title.translate(hidden).split())


# ---- put into the wiki -------------------------------------------------------------------------


def test_a_seed_is_put_with_its_files_and_its_text_out_of_git(root: Path) -> None:
    files = files_of(root)
    assert put_seed(root, "lamp", files, root.parent / "article.md") == ()
    assert tree(root) == {
        f"{ATTACHED}/lamp.txt": ARTICLE.encode(),
        **{f"seeds/lamp/{name}": content.encode() for name, content in sorted(files.items())},
    }


def test_a_seed_that_is_there_is_left_alone(root: Path) -> None:
    sealed(root)
    before = tree(root)
    problems = put_seed(root, "lamp", {"seed.yml": "other"}, root.parent / "article.md")
    assert terminal(problems).splitlines() == [
        "seeds/lamp:1:1: [exists-already] there is a seed `lamp` already",
        "    to make it anew, delete seeds/lamp; to have its text here, `wiki seed attach FILE --id lamp`; "
        "for another article, choose another id",
    ]
    assert tree(root) == before


def test_leavings_of_a_seed_that_was_cut_off_are_no_hindrance(root: Path) -> None:
    (root / "seeds" / ".lamp.new").mkdir()
    (root / "seeds" / ".lamp.new" / "seed.yml").write_text("half")
    sealed(root)
    assert sorted(path.name for path in (root / "seeds").iterdir()) == ["lamp"]


def in_the_way_of_the_folder(root: Path) -> None:
    (root / "seeds").rmdir()
    (root / "seeds").write_text("a file where the folder belongs")


def in_the_way_of_the_text(root: Path) -> None:
    (root / ATTACHED).write_text("a file where the folder belongs")


def in_the_way_of_the_copy(root: Path) -> None:
    (root / ATTACHED / ".lamp.new").mkdir(parents=True)


def without_the_article(root: Path) -> None:
    (root.parent / "article.md").unlink()


@pytest.mark.parametrize(
    "hinder", [in_the_way_of_the_folder, in_the_way_of_the_text, in_the_way_of_the_copy, without_the_article]
)
def test_where_one_file_cannot_be_written_none_is(root: Path, hinder: object) -> None:
    files = files_of(root)
    assert callable(hinder)
    hinder(root)
    before = tree(root)
    with pytest.raises(OSError):
        put_seed(root, "lamp", files, root.parent / "article.md")
    assert tree(root) == before
    assert not (root / "seeds" / ".lamp.new").exists()


def test_a_full_disk_leaves_nothing_behind(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = files_of(root)
    write = Path.write_text

    def full(self: Path, data: str, encoding: str | None = None) -> int:
        if self.name == "seal.json":
            raise OSError(28, "No space left on device")
        return write(self, data, encoding=encoding)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space left"):
        put_seed(root, "lamp", files, root.parent / "article.md")
    assert tree(root) == {}


def test_where_the_last_step_fails_the_text_is_not_attached_either(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = files_of(root)

    def refuse(self: Path, target: Path) -> Path:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OSError, match="not permitted"):
        put_seed(root, "lamp", files, root.parent / "article.md")
    assert tree(root) == {}


def test_a_text_is_attached_byte_by_byte_and_replaced_as_a_whole(root: Path) -> None:
    one, other = root.parent / "one.txt", root.parent / "other.txt"
    one.write_bytes(b"\xef\xbb\xbfone\r\n")
    other.write_bytes(b"other")
    put_text(root, "lamp", one)
    assert tree(root) == {f"{ATTACHED}/lamp.txt": b"\xef\xbb\xbfone\r\n"}
    put_text(root, "lamp", other)
    put_text(root, "lamp", root / ATTACHED / "lamp.txt")
    assert tree(root) == {f"{ATTACHED}/lamp.txt": b"other"}


# ---- compared with its seal --------------------------------------------------------------------

HINT = "    attach the capture that was sealed; if the article changed: `wiki seed renew`"


@pytest.mark.parametrize(
    "text",
    [
        ARTICLE,
        ARTICLE.replace("\n", "\r\n"),
        ARTICLE.replace("“We", '"We').replace("”", '"'),
        ARTICLE.replace("says the", "says\nthe"),
        ARTICLE.replace("# The", "Menu\n\n# The").replace("By Ada", "By Eva"),
        ARTICLE.replace("out twice", "out *twice*"),
        ARTICLE + "\nRead also: more\n",
    ],
)
def test_the_same_article_is_as_sealed_however_it_was_captured(root: Path, text: str) -> None:
    assert compare(sealed(root), "lamp", *captured(root, text)) == (4, ())


@pytest.mark.parametrize(
    ("old", "new", "problems"),
    [
        ("1887", "1888", ["article.md:5:1: [seal-mismatch] p1 is not as it was sealed", HINT]),
        ("Skarn", "Longholm", ["article.md:5:1: [seal-mismatch] p1 is not as it was sealed", HINT]),
        ("twice", "once", ["article.md:7:1: [seal-mismatch] p2 is not as it was sealed", HINT]),
        ("says\n", "said\n", ["article.md:9:1: [seal-mismatch] p3 is not as it was sealed", HINT]),
        (
            "for want of oil.\n",
            "for want of oil.\n\nThat is a new one.\n",
            [
                "article.md:9:1: [seal-mismatch] p3 is not as it was sealed",
                HINT,
                "article.md:11:1: [seal-mismatch] p4 is not as it was sealed",
                HINT,
                "article.md:13:1: [seal-mismatch] p5 is in the file but not sealed",
                HINT,
            ],
        ),
        (
            "It has gone out twice since, for want of oil.\n",
            "",
            [
                "article.md:8:1: [seal-mismatch] p2 is not as it was sealed",
                HINT,
                "article.md:10:1: [seal-mismatch] p3 is not as it was sealed",
                HINT,
                "article.md:1:1: [seal-mismatch] p4 is sealed but not in the file",
                HINT,
            ],
        ),
    ],
)
def test_another_text_is_refused_and_the_passages_that_differ_are_named(
    root: Path, old: str, new: str, problems: list[str]
) -> None:
    assert ARTICLE.count(old) == 1
    count, found = compare(sealed(root), "lamp", *captured(root, ARTICLE.replace(old, new)))
    assert count == 4
    assert said(found) == problems


def test_the_lines_chosen_when_it_was_sealed_are_chosen_again(root: Path) -> None:
    file = root.parent / "article.md"
    assert put_seed(root, "lamp", files_of(root, ARTICLE, LineSpan(3, 3)), file) == ()
    assert compare(load(root)[0], "lamp", *captured(root)) == (5, ())


@pytest.mark.parametrize(
    ("id_", "hint"), [("lmap", "did you mean `lamp`?"), ("zebra", "the seeds with a seal are lamp")]
)
def test_a_seed_that_is_not_sealed_is_a_problem(root: Path, id_: str, hint: str) -> None:
    count, found = compare(sealed(root), id_, *captured(root))
    assert count == 0
    assert terminal(found).splitlines() == [
        f"--id:1:1: [unknown-seed] there is no sealed seed `{id_}`",
        f"    {hint}",
    ]


def test_without_seeds_that_is_said(root: Path) -> None:
    _, (problem,) = compare(load(root)[0], "lamp", *captured(root))
    assert problem.hint == "the seeds with a seal are none"


def test_a_damaged_seal_or_record_is_a_problem_and_no_match(root: Path) -> None:
    sealed(root)
    for name, content, code in (
        ("seed.yml", "title: [", "yaml-syntax"),
        ("seed.yml", "", "empty-file"),
        ("seal.json", "{}", "bad-seal"),
    ):
        kept = (root / "seeds" / "lamp" / name).read_bytes()
        (root / "seeds" / "lamp" / name).write_text(content)
        count, found = compare(load(root)[0], "lamp", *captured(root))
        assert count == 0
        assert [problem.code.text for problem in found] == [code]
        (root / "seeds" / "lamp" / name).write_bytes(kept)


def test_a_seal_is_made_of_the_passages_as_cut(root: Path) -> None:
    _, capture, _ = new_seed("lamp", *captured(root), (), ())
    seal = seal_of("lamp", capture.passages)
    assert [(passage.id, passage.words) for passage in seal.passages] == [
        ("p1", 13),
        ("p2", 10),
        ("p3", 4),
        ("p4", 11),
    ]
