"""The commands as a contributor meets them: what they print, what they leave, and with which exit code."""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from build_tools.arguments import parser
from build_tools.commands import reporting
from build_tools.problems import Code, Location
from build_tools.write import writing
from tests.conftest import MakeWiki, Run
from tests.islands import ARTICLES, PROJECT, Wiki, article, contents, standing
from tests.test_cases import ROCK, SOUND, all_cases, lay_over

UNSOURCED = SOUND.replace("    cites: [courier-2024#p1]\n", "")
ORPHAN = "name: Gull Rock\n"


def spawn(*arguments: str | Path, **more: object) -> subprocess.CompletedProcess[str]:
    """Runs a command in a process of its own."""
    settings: dict[str, object] = {"cwd": PROJECT, "capture_output": True, "text": True, "check": False}
    command = [sys.executable, "-m", "build_tools", *map(str, arguments)]
    done: subprocess.CompletedProcess[str] = subprocess.run(command, **(settings | more))  # type: ignore[call-overload]
    return done


def commands(parser: argparse.ArgumentParser, *above: str) -> Iterator[tuple[str, ...]]:
    """Every command that the parser knows, as the words to type."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    for group in groups:
        for name, below in group.choices.items():
            found = list(commands(below, *above, name))
            yield from found or [(*above, name)]


COMMANDS = sorted(commands(parser()))

# ---- check ---------------------------------------------------------------------------------------


def test_a_sound_wiki_is_said_to_be_one(wiki: MakeWiki, run: Run) -> None:
    assert run("--root", wiki().root, "check") == (0, "no problems\n", "")


def test_an_error_is_printed_with_its_place_and_its_repair(wiki: MakeWiki, run: Run) -> None:
    assert run("--root", wiki({ROCK: UNSOURCED}).root, "check") == (
        1,
        "entities/islands/gull-rock.yml:3:5: [unsourced] Gull Rock: this claim cites no seed\n"
        '    add `cites: [<seed>#p<n>]`, or remove the claim; `wiki cite "…"` finds the passage\n'
        "1 error\n",
        "",
    )


@pytest.fixture
def terminal_of(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """The output goes to a terminal, with this environment."""

    def set_up(**environment: str) -> None:
        monkeypatch.setattr(reporting, "_is_terminal", lambda: True)
        monkeypatch.delenv("NO_COLOR", raising=False)
        for name, value in ({"COLUMNS": "80", "TERM": "xterm"} | environment).items():
            monkeypatch.setenv(name, value)

    return set_up


def test_a_terminal_gets_the_line_with_a_marker_and_what_explains_the_code(
    wiki: MakeWiki, run: Run, terminal_of: Callable[..., None]
) -> None:
    here = wiki({ROCK: UNSOURCED})
    terminal_of(NO_COLOR="1")
    assert run("--root", here.root, "check")[1] == (
        "entities/islands/gull-rock.yml:3:5: [unsourced] Gull Rock: this claim cites no seed\n"
        "    3 |   - id: few-people\n"
        "      |     ^~\n"
        '    add `cites: [<seed>#p<n>]`, or remove the claim; `wiki cite "…"` finds the passage\n'
        "1 error; `wiki why unsourced` explains\n"
    )
    piped = run("--root", here.root, "check", "--format", "github")[1]
    assert "few-people" not in piped, "what a machine reads stays as it is"


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({}, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_a_terminal_gets_colours_unless_it_wants_none(
    environment: dict[str, str], coloured: bool, wiki: MakeWiki, run: Run, terminal_of: Callable[..., None]
) -> None:
    terminal_of(**environment)
    assert ("\x1b[" in run("--root", wiki({ROCK: UNSOURCED}).root, "check")[1]) is coloured


def test_a_terminal_is_shown_nothing_from_outside_of_the_wiki(
    wiki: MakeWiki, run: Run, terminal_of: Callable[..., None], tmp_path: Path
) -> None:
    (tmp_path / "secret.yml").write_text("a: b: secret\n")
    here = wiki()
    (here.root / "waivers.yml").symlink_to(tmp_path / "secret.yml")
    (here.root / "entities/rocks").symlink_to(tmp_path)
    terminal_of()
    code, out, _ = run("--root", here.root, "check")
    assert code == 1
    assert "secret" not in out
    lines = reporting._Lines(here.root)
    assert lines.at(Location("wiki.yml", 1)) == "name: The ferries of Skarn"
    for path in ("waivers.yml", "entities/rocks/secret.yml", "docs/about.md", "entities", "none.yml"):
        assert lines.at(Location(path)) is None


def test_every_problem_is_printed_in_one_run_in_order(wiki: MakeWiki, run: Run) -> None:
    here = wiki(
        {
            ROCK: UNSOURCED,
            "entities/people/nobody.yml": "name: Nobody\nnotes: [{text: 'On [[nowhere]].'}]\nnmae: x\n",
            "docs/timeline.yml": "x",
        }
    )
    code, out, _ = run("--root", here.root, "check")
    assert code == 1
    assert [line.split(" ")[:2] for line in out.splitlines() if not line.startswith(" ")] == [
        ["docs/timeline.yml:1:1:", "[unexpected-file]"],
        ["entities/islands/gull-rock.yml:3:5:", "[unsourced]"],
        ["entities/people/nobody.yml:2:22:", "[unknown-entity]"],
        ["entities/people/nobody.yml:3:1:", "[unknown-key]"],
        ["4", "errors"],
    ]


def test_a_warning_fails_only_where_strictness_is_asked_for(wiki: MakeWiki, run: Run) -> None:
    root = wiki({ROCK: ORPHAN}).root
    code, out, _ = run("--root", root, "check")
    assert code == 0
    assert out.startswith("entities/islands/gull-rock.yml:1:1: [orphan] warning: ")
    assert out.endswith("1 warning\n")
    assert run("--root", root, "check", "--strict")[0] == 1
    assert run("--root", wiki({ROCK: SOUND}).root, "check", "--strict")[0] == 0


def test_as_json_problems_are_a_list_of_objects_and_nothing_else_is_printed(wiki: MakeWiki, run: Run) -> None:
    code, out, err = run("--root", wiki({ROCK: UNSOURCED}).root, "check", "--format", "json")
    assert (code, err) == (1, "")
    assert json.loads(out) == [
        {
            "path": "entities/islands/gull-rock.yml",
            "line": 3,
            "column": 5,
            "code": "unsourced",
            "severity": "error",
            "message": "Gull Rock: this claim cites no seed",
            "hint": 'add `cites: [<seed>#p<n>]`, or remove the claim; `wiki cite "…"` finds the passage',
        }
    ]
    assert json.loads(run("--root", wiki({ROCK: SOUND}).root, "check", "--format", "json")[1]) == []


def test_for_github_problems_are_workflow_commands(wiki: MakeWiki, run: Run) -> None:
    here = wiki(
        {ROCK: SOUND + "also: [{name: '100 %\r\n::stop::', kind: short}, {name: The Rock, kind: shrot}]\n"}
    )
    code, out, _ = run("--root", here.root, "check", "--format", "github")
    assert code == 1
    assert out == (
        "::error file=entities/islands/gull-rock.yml,line=7,col=49,title=bad-value::"
        "`shrot` is not allowed here%0Adid you mean `short`?\n1 error\n"
    )


def test_no_name_of_a_file_ends_its_field_of_a_workflow_command(wiki: MakeWiki, run: Run) -> None:
    here = wiki({"entities/islands/a,b:c%d::e.yml": SOUND})
    out = run("--root", here.root, "check", "--format", "github")[1]
    assert out.startswith(
        "::error file=entities/islands/a%2Cb%3Ac%25d%3A%3Ae.yml,line=1,col=1,title=bad-id::"
    )


def test_no_text_of_a_record_begins_a_workflow_command(wiki: MakeWiki, run: Run) -> None:
    here = wiki({ROCK: SOUND.replace("few-people", '"x%0A::warning::y\\n::error::z"')})
    out = run("--root", here.root, "check", "--format", "github")[1]
    assert [line.split(" ")[0] for line in out.splitlines()] == ["::error", "1"]


# ---- build ---------------------------------------------------------------------------------------


def test_while_an_error_remains_nothing_is_written(wiki: MakeWiki, run: Run) -> None:
    here = wiki({ROCK: UNSOURCED})
    before = standing(here.root)
    code, _, err = run("--root", here.root, "build")
    assert (code, err) == (1, "nothing was written\n")
    assert standing(here.root) == before, "no pages, nor a folder for them"


def test_an_error_leaves_the_build_before_it_as_it_was(wiki: MakeWiki, run: Run) -> None:
    here = wiki()
    code, out, _ = run("--root", here.root, "build", "--pages-only")
    assert code == 0
    files = sum(path.is_file() for path in (here.root / "build" / "pages").rglob("*"))
    assert out == f"no problems\nbuild/pages: {files} files\n"
    here.put({ROCK: UNSOURCED})
    before = contents(here.root)
    assert run("--root", here.root, "build", "--pages-only")[0] == 1
    assert contents(here.root) == before


def test_a_build_with_warnings_writes_and_says_them(wiki: MakeWiki, run: Run) -> None:
    here = wiki({ROCK: ORPHAN})
    code, out, _ = run("--root", here.root, "build", "--pages-only")
    assert code == 0
    assert "[orphan] warning" in out
    assert (here.root / "build/pages/islands/gull-rock.md").exists()


def test_as_json_a_build_prints_its_problems_only(wiki: MakeWiki, run: Run) -> None:
    code, out, _ = run("--root", wiki({ROCK: ORPHAN}).root, "build", "--pages-only", "--format", "json")
    assert code == 0
    assert [row["code"] for row in json.loads(out)] == ["orphan"]


# ---- usage ---------------------------------------------------------------------------------------


def test_help_names_every_command(run: Run) -> None:
    code, out, _ = run("--help")
    assert code == 0
    for command in COMMANDS:
        assert f"\n    {command[0]} " in out
    code, out, _ = run("seed", "--help")
    assert code == 0
    for command in COMMANDS:
        assert command[0] != "seed" or f"\n    {command[1]} " in out


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help(command: tuple[str, ...], run: Run) -> None:
    code, out, err = run(*command, "--help")
    assert (code, err) == (0, "")
    assert out.startswith(f"usage: wiki {' '.join(command)}")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["chekc"], "there is no `chekc`: did you mean `check`?"),
        (["biuld"], "there is no `biuld`: did you mean `build`?"),
        (["seed", "veryfy"], "there is no `veryfy`: did you mean `verify`?"),
        (["frühstück"], "there is no `frühstück`: there are check, why, new, fmt"),
        (["check", "--format", "jsn"], "there is no `jsn`: did you mean `json`?"),
        (["check", "--frmat"], "unrecognized arguments: --frmat"),
        ([], "the following arguments are required: COMMAND"),
        (["seed"], "the following arguments are required: COMMAND"),
        (["cite"], "the following arguments are required: TEXT"),
        (["seed", "add", "x.txt"], "the following arguments are required: --id"),
        (["seed", "add", "x.txt", "--id", "x", "--keep", "5-3"], "`5-3` is not a range of lines"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_what_was_meant(typed: list[str], said: str, run: Run) -> None:
    code, out, err = run(*typed)
    assert (code, out) == (2, "")
    assert err.startswith("usage: wiki")
    assert said in err


def test_the_version_is_printed(run: Run) -> None:
    code, out, _ = run("--version")
    assert (code, out.split()[0]) == (0, "wiki")


def test_help_loads_neither_mkdocs_nor_yaml_nor_jinja() -> None:
    script = (
        "import sys\nfrom build_tools.cli import main\ntry:\n main(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'mkdocs', 'yaml', 'jinja2', 'markdown', 'selectolax', 'json', 'hashlib'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {sorted(heavy)}' if heavy else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


# ---- whatever comes ------------------------------------------------------------------------------


@pytest.mark.parametrize("case", all_cases()[::7])
def test_no_command_ends_in_a_traceback(case: str, wiki: MakeWiki, run: Run) -> None:
    here = wiki()
    lay_over(here, case)
    assert run("--root", here.root, "check", "--format", "github")[0] in (0, 1)
    assert run("--root", here.root, "cite", "for a boat that does not stop")[0] in (0, 1)
    assert run("--root", here.root, "seed", "verify")[0] in (0, 1)
    assert run("--root", here.root, "seed", "attach", ARTICLES / "bote-2023.md", "--id", "bote-2023")[0] in (
        0,
        1,
    )
    assert run("--root", here.root, "seed", "add", ARTICLES / "bote-2023.md", "--id", "bote-2024")[0] in (
        0,
        1,
    )
    renew = ("seed", "renew", ARTICLES / "bote-2023.md", "--id", "courier-2024", "--write")
    assert run("--root", here.root, *renew)[0] in (0, 1)


def test_a_folder_that_is_no_wiki_is_said_to_be_none(tmp_path: Path, run: Run) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "empty").mkdir()
    (tmp_path / "loop").symlink_to("loop")
    for name in ("file", "empty", "loop", "missing", "a/" * 3000, "n" * 300):
        for command in (["check"], ["build"], ["cite", "boat"], ["seed", "verify"]):
            code, out, _ = run("--root", tmp_path / name, *command)
            assert code == 1, name
            assert out.startswith("wiki.yml:1:1: [missing-file] "), name
            assert out.endswith("\n1 error\n"), name
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "file", "loop"]
    assert not list((tmp_path / "empty").iterdir())


@pytest.mark.parametrize("stdout", ["closed", "/dev/full", "pipe"])
@pytest.mark.parametrize("command", [["check"], ["cite", "boat"], ["seed", "verify"]], ids=" ".join)
def test_an_output_that_takes_nothing_is_no_reason_for_a_traceback(
    stdout: str, command: list[str], wiki: MakeWiki
) -> None:
    root = wiki({ROCK: UNSOURCED}).root
    arguments = ["--root", str(root), *command]
    if stdout == "closed":
        done = spawn(*arguments, capture_output=False, stderr=subprocess.PIPE, preexec_fn=lambda: os.close(1))
    elif stdout == "pipe":
        read, write = os.pipe()
        os.close(read)
        done = spawn(*arguments, capture_output=False, stdout=write, stderr=subprocess.PIPE)
        os.close(write)
    else:
        with Path(stdout).open("w") as full:
            done = spawn(*arguments, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
    assert done.returncode in (0, 1)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_a_terminal_without_the_letters_gets_the_problems_all_the_same(encoding: str, wiki: MakeWiki) -> None:
    root = wiki({ROCK: SOUND.replace("Few people", "Few [[größe]] …")}).root
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    for style in ("text", "github", "json"):
        reading = "utf-8" if style == "json" else encoding  # JSON is always UTF-8
        done = spawn("--root", root, "check", "--format", style, env=environment, encoding=reading)
        assert (done.returncode, done.stderr) == (1, "")
        assert "unknown-entity" in done.stdout
        if style == "json":
            assert "größe" in json.loads(done.stdout)[0]["message"]


def test_a_folder_with_an_odd_name_is_read(wiki: MakeWiki, tmp_path: Path, run: Run) -> None:
    for name in ("with blank", "größe", "new\nline", "%s {0}", "-x", os.fsdecode(b"\xff")):
        here = Wiki(wiki().root.rename(tmp_path / name))
        assert run(f"--root={here.root}", "check") == (0, "no problems\n", ""), name
        assert run(f"--root={here.root}", "build", "--pages-only")[0] == 0, name


@pytest.mark.parametrize(
    "text",
    ["a" * 1_000_000, "*a" * 300_000, "[[" * 400_000, "&#" * 400_000, "{: " * 200_000, "<" * 900_000],
    ids=["letters", "stars", "links", "references", "attributes", "brackets"],
)
def test_a_megabyte_of_anything_ends(text: str, wiki: MakeWiki, run: Run) -> None:
    pieces = [text[i : i + 19_000] for i in range(0, 900_000, 19_000)]
    notes = "".join(f"  - {{text: {json.dumps(piece)}}}\n" for piece in pieces)
    here = wiki({ROCK: SOUND + "notes:\n" + notes})
    assert spawn("--root", here.root, "check", timeout=30).returncode in (0, 1)


# ---- cite ----------------------------------------------------------------------------------------


def test_a_fragment_is_found_with_the_cite_to_paste(wiki: MakeWiki, run: Run) -> None:
    root = wiki().root
    code, out, err = run("--root", root, "cite", "a boat that does not stop for fog")
    assert (code, err) == (0, "")
    assert out.startswith("cites: [courier-2024#p2")
    assert "The harbour-master is glad." in out
    assert len(out.splitlines()) == 1


def test_a_fact_in_other_words_finds_the_passages_that_look_like_it(wiki: MakeWiki, run: Run) -> None:
    code, out, _ = run("--root", wiki().root, "cite", "Weißgerber and the road")
    assert code == 0
    assert out.splitlines()[0].startswith("cites: [bote-2023#p3")


@pytest.mark.parametrize("text", ["zebra", "", "…", "[[", "-", "\u202e"])
def test_words_that_no_passage_has_are_said_not_to_be_found(text: str, wiki: MakeWiki, run: Run) -> None:
    assert run("--root", wiki().root, "cite", "--", text) == (
        1,
        "",
        "no passage has these words or looks alike\n",
    )


# ---- seeds ---------------------------------------------------------------------------------------

STORM = """\
# Storm closes the harbour

By Nell Farrow

The harbour of Longholm was closed for nine hours on Friday while a storm passed over the islands.

“Nobody sails while the red lamp burns,” said Ada Brook.

Facebook · X · Mail
"""


def test_a_seed_is_added_filled_in_attached_and_verified(wiki: MakeWiki, tmp_path: Path, run: Run) -> None:
    here = wiki()
    (tmp_path / "storm.txt").write_text(STORM)
    root = ("--root", here.root)
    code, out, err = run(*root, "seed", "add", tmp_path / "storm.txt", "--id", "storm-2024")
    assert (code, err) == (0, "")
    assert "left out, line 3 (the byline): By Nell Farrow" in out
    assert "p2, line 7: “Nobody sails" in out
    assert "A line wrongly left out or kept? Delete seeds/storm-2024, and run this again" in out
    assert "lies in the wiki's folder" not in out
    assert here.text(".attached/storm-2024.txt") == STORM
    folder = here.root / "seeds/storm-2024"
    assert sorted(path.name for path in folder.iterdir()) == ["passages.yml", "seal.json", "seed.yml"]
    for path in folder.iterdir():
        assert "closed for nine hours" not in path.read_text(), "no sentence of the article is kept"

    code, out, _ = run(*root, "check")
    assert code == 1
    blanks = [line.split(" ")[0] for line in out.splitlines() if "[empty-value]" in line]
    assert blanks == [
        "seeds/storm-2024/passages.yml:5:3:",
        "seeds/storm-2024/passages.yml:8:3:",
        "seeds/storm-2024/seed.yml:3:1:",
        "seeds/storm-2024/seed.yml:5:1:",
        "seeds/storm-2024/seed.yml:8:3:",
        "seeds/storm-2024/seed.yml:9:1:",
    ]
    assert out.endswith("\n6 errors\n"), "the blanks to fill, and nothing that follows from them"

    seed = here.text("seeds/storm-2024/seed.yml")
    for blank, filled in (
        ("short:  ", "short: Storm 2024  "),
        ("publisher:  ", "publisher: longholm-courier  "),
        ("when:  ", "when: 2024-11  "),
        ("language:  ", "language: en  "),
    ):
        assert seed.count(blank) == 1
        seed = seed.replace(blank, filled)
    passages = here.text("seeds/storm-2024/passages.yml")
    passages = passages.replace("gist:\n", "gist: The harbour was shut.\n", 1)
    passages = passages.replace("gist:\n", "gist: A rule of the harbour.\n  speakers: [ada-brook]\n", 1)
    quote = "quotes:\n  - id: red-lamp\n    text: Nobody sails while the red lamp burns\n    cites: [{seed: storm-2024, passage: p2, suffix: said Ada}]\n"
    claim = "claims:\n  - id: nine-hours\n    text: A storm shut the harbour for nine hours.\n    cites: [storm-2024#p1]\n"
    here.put({"seeds/storm-2024/seed.yml": seed, "seeds/storm-2024/passages.yml": passages})
    here.change("entities/people/ada-brook.yml", "quotes:\n", quote)
    here.put({"entities/islands/longholm.yml": here.text("entities/islands/longholm.yml") + claim})
    assert run(*root, "check", "--strict") == (0, "no problems\n", "")
    assert "against the text" in here.page("people/ada-brook.md")
    assert run(*root, "seed", "verify")[:2] == (
        0,
        "bote-2023: sealed, no text attached\n"
        "courier-2024: sealed, no text attached\n"
        "release-2023: not held\n"
        "storm-2024: 2 passages of the attached text are as sealed\n"
        "no problems\n",
    )

    here.delete(".attached/storm-2024.txt")
    assert run(*root, "check", "--strict")[0] == 0
    assert "against the seal" in here.page("people/ada-brook.md")
    code, out, _ = run(*root, "seed", "attach", tmp_path / "storm.txt", "--id", "storm-2024")
    assert (code, out) == (
        0,
        "storm-2024: all 2 passages are as sealed; the text is attached on this machine only\n",
    )

    (tmp_path / "storm.txt").write_text(STORM.replace("nine hours", "ten hours"))
    code, out, _ = run(*root, "seed", "attach", tmp_path / "storm.txt", "--id", "storm-2024")
    assert code == 1
    assert out.startswith(f"{tmp_path / 'storm.txt'}:5:1: [seal-mismatch] p1 is not as it was sealed\n")
    assert here.text(".attached/storm-2024.txt") == STORM, "the text that fits stays"

    here.put({".attached/storm-2024.txt": STORM.replace("red lamp", "green lamp")})
    code, out, _ = run(*root, "seed", "verify")
    assert code == 1
    assert "[seal-mismatch]" in out
    assert "p2" in out


def test_an_altered_quote_is_found_with_the_text_and_with_the_seal(wiki: MakeWiki, run: Run) -> None:
    for attached in (False, True):
        here = wiki()
        if attached:
            here.attach("courier-2024")
        here.change("entities/people/ada-brook.yml", "waited eleven years", "waited twelve years")
        code, out, _ = run("--root", here.root, "check")
        assert code == 1
        assert out.startswith("entities/people/ada-brook.yml:4:11: [quote-not-found]")


def test_with_the_text_at_hand_a_short_quote_is_checked_too(wiki: MakeWiki, run: Run) -> None:
    here = wiki().change(
        "entities/people/ada-brook.yml",
        "We have waited eleven years for a boat that does not stop for fog",
        "We have waited",
    )
    assert "[quote-too-short]" in run("--root", here.root, "check")[1]
    assert run("--root", here.attach("courier-2024").root, "check")[0] == 0


def test_a_seed_is_not_added(wiki: MakeWiki, tmp_path: Path, run: Run) -> None:
    here = wiki()
    capture = tmp_path / "storm.txt"
    refused: list[tuple[str, bytes, Code]] = [
        ("courier-2024", STORM.encode(), Code.EXISTS_ALREADY),
        ("release-2023", STORM.encode(), Code.EXISTS_ALREADY),
        ("Storm", STORM.encode(), Code.BAD_ID),
        ("../storm", STORM.encode(), Code.BAD_ID),
        ("con", STORM.encode(), Code.BAD_ID),
        ("storm", b"", Code.BAD_CAPTURE),
        ("storm", b"# Only a title\n", Code.BAD_CAPTURE),
        ("storm", STORM.encode() + b"\x07", Code.BAD_CAPTURE),
        ("storm", STORM.encode("utf-16"), Code.NOT_UTF8),
        ("storm", STORM.encode("cp1252"), Code.NOT_UTF8),
    ]
    before = contents(here.root)
    for id_, data, code in refused:
        capture.write_bytes(data)
        exit_code, out, _ = run("--root", here.root, "seed", "add", capture, "--id", id_)
        assert exit_code == 1
        assert f"[{code}]" in out
        assert contents(here.root) == before, (id_, code)
    for missing in (tmp_path / "nowhere.txt", tmp_path):
        exit_code, out, _ = run("--root", here.root, "seed", "add", missing, "--id", "storm")
        assert exit_code == 1
        assert f"[{Code.UNREADABLE_FILE}]" in out
    assert contents(here.root) == before


def test_an_article_among_the_records_is_pointed_out(wiki: MakeWiki, run: Run) -> None:
    here = wiki({"storm.txt": STORM})
    root = ("--root", here.root)
    _, out, _ = run(*root, "seed", "add", here.root / "storm.txt", "--id", "storm-2024")
    assert "storm.txt lies in the wiki's folder: move it out" in out
    _, out, _ = run(*root, "seed", "add", here.root / "storm.txt", "--id", "storm-2024")
    assert "to make it anew, delete seeds/storm-2024;" in out


def test_a_seed_is_not_added_where_no_wiki_is(tmp_path: Path, run: Run) -> None:
    (tmp_path / "storm.txt").write_text(STORM)
    code, out, _ = run("--root", tmp_path / "nowhere", "seed", "add", tmp_path / "storm.txt", "--id", "storm")
    assert code == 1
    assert out.startswith("wiki.yml:1:1: [missing-file]")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("id_", ["courrier-2024", "release-2023", "nothing-like-it"])
def test_a_text_is_attached_only_to_a_sealed_seed(id_: str, wiki: MakeWiki, run: Run) -> None:
    here = wiki()
    before = contents(here.root)
    code, out, _ = run("--root", here.root, "seed", "attach", ARTICLES / "courier-2024.md", "--id", id_)
    assert code == 1
    assert out.startswith(f"--id:1:1: [unknown-seed] there is no sealed seed `{id_}`")
    assert contents(here.root) == before


# ---- seeds renewed -------------------------------------------------------------------------------

RENEWED = (
    article("courier-2024")
    .decode()
    .replace("“We have", "The council met.\n\n“We have")
    .replace("The Courier asked", "Our paper asked")
    .replace("900,000", "800,000")
)
DRIFT = """\
p2        new      The council met.
p2 -> p3  moved    The harbour-master is glad.
p3 -> p4  moved    On prices.
p4 -> p5  moved    What the ship and a crossing cost; who founded the company.
p5 -> p6  changed  was: How the first ferry was lost.
p6 -> p7  changed  was: The council kept silent.
courier-2024: 1 of 6 passages are as sealed, under the same number
13 cites carried over, 8 of them under a new number
4 cites need an eye:
    entities/events/sandpiper-fire.yml:4:24: p5 changed; p6 stands there now
    entities/events/sandpiper-fire.yml:6:82: p5 changed; p6 stands there now
    entities/events/sandpiper-fire.yml:12:26: p5 changed; p6 stands there now
    entities/events/sandpiper-fire.yml:25:39: p5 changed; p6 stands there now
"""


def test_a_seed_is_renewed_only_where_writing_is_asked_for(wiki: MakeWiki, tmp_path: Path, run: Run) -> None:
    here = wiki().attach("courier-2024")
    capture = tmp_path / "courier.md"
    capture.write_text(RENEWED)
    command = ("--root", here.root, "seed", "renew", capture, "--id", "courier-2024")
    before = contents(here.root)
    code, out, err = run(*command)
    assert (code, err) == (1, "")
    assert out == DRIFT + "nothing is written; with --write, 7 files would be\n"
    assert contents(here.root) == before

    code, out, err = run(*command, "--write")
    assert (code, err) == (0, "")
    assert out == DRIFT + (
        "8 files written, the text attached on this machine only\n"
        "Now fill in the blank gists and settle the cites; `wiki check` says what is missing.\n"
    )
    assert here.text(".attached/courier-2024.txt") == RENEWED
    assert not list(here.root.rglob("*renewal*"))
    code, out, _ = run("--root", here.root, "check")
    assert code == 1
    assert re.findall(r"\[([a-z-]+)\]", out).count("unsettled-cite") == 4
    assert set(re.findall(r"^\S+ \[([a-z-]+)\]", out, re.M)) == {"unsettled-cite", "empty-value"}

    before = contents(here.root)
    code, out, _ = run(*command, "--write")
    assert code == 0
    assert out.startswith("courier-2024: 7 of 7 passages are as sealed, under the same number\n")
    assert "sandpiper-fire.yml:4:24: p5? is open from an earlier renewal\n" in out
    assert contents(here.root) == before

    fire = here.text("entities/events/sandpiper-fire.yml").replace("p5?", "p6").replace("900", "800")
    passages = here.text("seeds/courier-2024/passages.yml")
    for gist in ("It met.", "How the first ferry was lost.", "Silence.\n  unused: Silence asserts nothing."):
        passages = passages.replace("gist:\n", f"gist: {gist}\n", 1)
    passages = passages.replace("gist: It met.", "gist: It met.\n  unused: It says no more.")
    here.put({"entities/events/sandpiper-fire.yml": fire, "seeds/courier-2024/passages.yml": passages})
    assert run("--root", here.root, "check", "--strict") == (0, "no problems\n", "")


def test_an_unchanged_article_has_nothing_to_renew(wiki: MakeWiki, run: Run) -> None:
    here = wiki()
    before = contents(here.root)
    command = ("--root", here.root, "seed", "renew", ARTICLES / "courier-2024.md", "--id", "courier-2024")
    expected = (
        "courier-2024: 6 of 6 passages are as sealed, under the same number\n"
        "17 cites carried over, 0 of them under a new number\n"
    )
    assert run(*command) == (0, expected, "")
    assert contents(here.root) == before
    assert run(*command, "--write")[0] == 0
    after = contents(here.root)
    assert {path: after[path] for path in before} == before
    assert set(after) - set(before) == {".attached", ".attached/courier-2024.txt", "build", "build/.lock"}


def test_another_article_is_asked_about(wiki: MakeWiki, run: Run) -> None:
    root = wiki().root
    code, out, _ = run("--root", root, "seed", "renew", ARTICLES / "bote-2023.md", "--id", "courier-2024")
    assert code == 1
    assert "\nno passage is still there: is this the right article?\n0 cites carried over" in out


def test_lines_of_the_page_are_chosen_for_a_renewal_too(wiki: MakeWiki, tmp_path: Path, run: Run) -> None:
    here = wiki()
    capture = tmp_path / "courier.md"
    capture.write_text(article("courier-2024").decode().replace("## What", "Buy our boat.\n\n## What"))
    command = ("--root", here.root, "seed", "renew", capture, "--id", "courier-2024")
    assert run(*command)[0] == 1
    assert run(*command, "--leave-out", "11", "--write")[0] == 0
    assert "leave_out: [11]" in here.text("seeds/courier-2024/seed.yml")
    code, out, _ = run(*command)
    assert code == 0
    assert "cut as seed.yml says, leave_out: [11]; if the page's lines moved, name them anew\n" in out


def test_a_seed_is_not_renewed(wiki: MakeWiki, tmp_path: Path, run: Run) -> None:
    here = wiki()
    capture = tmp_path / "courier.md"
    refused: list[tuple[str, bytes, Code]] = [
        ("courier", RENEWED.encode(), Code.UNKNOWN_SEED),
        ("../seeds/courier-2024", RENEWED.encode(), Code.UNKNOWN_SEED),
        ("release-2023", RENEWED.encode(), Code.UNKNOWN_SEED),
        ("courier-2024", b"# Only a title\n", Code.BAD_CAPTURE),
        ("courier-2024", RENEWED.encode() + b"\x07", Code.BAD_CAPTURE),
        ("courier-2024", RENEWED.encode("utf-16"), Code.NOT_UTF8),
    ]
    before = contents(here.root)
    for id_, data, error in refused:
        capture.write_bytes(data)
        for write in ([], ["--write"]):
            code, out, _ = run("--root", here.root, "seed", "renew", capture, "--id", id_, *write)
            assert code == 1
            assert re.match(rf"\S+:\d+:\d+: \[{error}\] .*\n    \S", out), out
            now = contents(here.root)
            assert {path: now[path] for path in now if not path.startswith("build")} == before, (id_, error)
    for missing in (tmp_path / "nowhere.txt", tmp_path):
        code, out, _ = run("--root", here.root, "seed", "renew", missing, "--id", "courier-2024", "--write")
        assert code == 1
        assert f"[{Code.UNREADABLE_FILE}]" in out
    code, out, _ = run(
        "--root", tmp_path / "none", "seed", "renew", capture, "--id", "courier-2024", "--write"
    )
    assert code == 1
    assert out.startswith("wiki.yml:1:1: [missing-file]")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "error", [PermissionError(13, "Permission denied"), OSError(28, "No space left on device")], ids=str
)
def test_a_renewal_that_cannot_be_written_changes_nothing(
    error: OSError, wiki: MakeWiki, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = wiki()
    (tmp_path / "courier.md").write_text(RENEWED)
    before = contents(here.root)
    opened = Path.open

    def refuse(self: Path, mode: str = "r", **more: str | None) -> object:
        if self.name == ".seal.json.renewal":
            error.filename = str(self)
            raise error
        return opened(self, mode, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    command = ("seed", "renew", tmp_path / "courier.md", "--id", "courier-2024", "--write")
    code, out, _ = run("--root", here.root, *command)
    assert code == 1
    assert out == (
        f"seeds/courier-2024/.seal.json.renewal:1:1: [cannot-write] cannot write: {error.strerror}\n"
        "    make room, or check whose folder it is; nothing was changed\n1 error\n"
    )
    now = contents(here.root)
    assert {path: now[path] for path in before} == before
    assert set(now) - set(before) == {"build", "build/.lock"}


def test_a_renewal_cut_short_is_an_error_until_the_same_command_finishes_it(
    wiki: MakeWiki, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "courier.md").write_text(RENEWED)
    renew = ("seed", "renew", tmp_path / "courier.md", "--id", "courier-2024")
    whole = wiki()
    assert run("--root", whole.root, *renew, "--write")[0] == 0
    expected = standing(whole.root)
    whole.delete("")
    here = wiki()
    replace, calls = Path.replace, iter(range(9))

    def stop(self: Path, target: Path) -> Path:
        if next(calls) == 3:  # after the journal and two files
            raise KeyboardInterrupt
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", stop)
        code, out, _ = run("--root", here.root, *renew, "--write")
    assert code == 1
    assert "[cannot-write] stopped; 2 of 8 files are replaced\n    mend what hinders it and run" in out
    for command in (("check",), renew):
        code, out, _ = run("--root", here.root, *command)
        assert code == 1
        assert "seeds/courier-2024/renewal.json:1:1: [unexpected-file] a renewal of this seed was cut" in out
    bote = ("seed", "renew", ARTICLES / "bote-2023.md", "--id", "bote-2023", "--write")
    assert "renewal.json:1:1" in run("--root", here.root, *bote)[1]
    code, out, _ = run("--root", here.root, *renew, "--write")
    assert code == 0
    assert out.startswith("courier-2024: 7 of 7 passages are as sealed")
    assert standing(here.root) == expected


def test_a_renewal_waits_for_no_build(wiki: MakeWiki, run: Run) -> None:
    here = wiki()
    with writing(here.root / "build"):
        code, out, _ = run(
            "--root",
            here.root,
            "seed",
            "renew",
            ARTICLES / "courier-2024.md",
            "--id",
            "courier-2024",
            "--write",
        )
    assert code == 1
    assert out.startswith("build/.lock:1:1: [locked]")
