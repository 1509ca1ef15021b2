"""A run that remembers the ones before finds and writes what one that remembers nothing does."""

from __future__ import annotations

import dataclasses
import functools
import random
import re
from collections.abc import Callable

import pytest

from build_tools import hubs
from build_tools import memory as memory_module
from build_tools.compiler import compile_wiki
from build_tools.load import SourceFile, Sources, load
from build_tools.memory import Memory
from build_tools.pages import ways
from build_tools.store import Lost
from tests.islands import EXAMPLE

# ---- what is recalled ------------------------------------------------------------------------------


def test_what_was_made_of_the_same_is_not_made_again() -> None:
    memory = Memory()
    calls: list[object] = []
    for given in (("a", 1), ("a", 1), ("a", 2), ("a", 1)):
        memory.recall("it", given, calls.append, given)
    assert calls == [("a", 1), ("a", 2), ("a", 1)]


def test_what_was_made_of_something_that_is_lost_is_made_again() -> None:
    class Replaced:
        """A record that is kept no longer."""

        __hash__ = None  # type: ignore[assignment]

        def __eq__(self, other: object) -> bool:
            raise Lost("replaced")

    memory = Memory()
    calls: list[object] = []
    for given in ("what was", "what is", "what is"):
        memory.recall("it", (Replaced() if given == "what was" else given,), calls.append, given)
    assert calls == ["what was", "what is"]


@pytest.fixture
def looked_up() -> Callable[[Memory, dict[str, int], Callable[[dict[str, int]], object]], object]:
    def look_up(memory: Memory, table: dict[str, int], how: Callable[[dict[str, int]], object]) -> object:
        memory.begin()
        seen = memory.watch("table", table)
        return memory.recall("it", (), how, seen)

    return look_up


LookUp = Callable[[Memory, dict[str, int], Callable[..., object]], object]


@pytest.mark.parametrize(
    ("how", "kept", "made_again"),
    [
        (lambda table: table["a"], {"a": 1, "b": 3}, {"a": 2}),
        (lambda table: table.get("z"), {"a": 5}, {"z": 1}),
        (lambda table: "z" in table, {"a": 5}, {"z": 1}),
        (sorted, {"a": 1, "b": 2}, {"a": 1, "b": 3}),
        (len, {"a": 1, "b": 2}, {"a": 1}),
    ],
    ids=["item", "absent", "membership", "whole", "size"],
)
def test_a_result_depends_on_what_was_looked_up_and_on_nothing_else(
    looked_up: LookUp, how: Callable[..., object], kept: dict[str, int], made_again: dict[str, int]
) -> None:
    memory = Memory()
    looked_up(memory, {"a": 1, "b": 2}, how)
    looked_up(memory, kept, how)
    assert memory.made == set()
    assert looked_up(memory, made_again, how) == how(made_again)
    assert memory.made == {"it"}


def test_a_table_that_goes_back_to_what_it_was_is_held_against_what_was_read(looked_up: LookUp) -> None:
    memory = Memory()
    for value in (1, 2, 1, 1, 3):
        assert looked_up(memory, {"a": value}, lambda table: table["a"]) == value


def test_what_asks_for_a_result_depends_on_what_that_depends_on() -> None:
    memory = Memory()

    def run(value: int) -> object:
        memory.begin()
        table = memory.watch("table", {"a": value})
        inner = functools.partial(memory.recall, "inner", (), lambda: table["a"])
        return memory.recall("outer", (), lambda: ("outer", inner()))

    assert [run(1), run(1), run(2), run(2)] == [("outer", n) for n in (1, 1, 2, 2)]
    assert memory.made == set()


def test_a_result_with_a_problem_is_not_kept() -> None:
    memory = Memory()
    problems: list[str] = []
    for _ in range(2):
        memory.recall_each("it", {"key": 1}, lambda _: problems.append("bad"), problems=problems)
    assert problems == ["bad", "bad"]


def test_a_table_that_this_run_has_not_watched_tells_nothing() -> None:
    memory = Memory()
    table = memory.watch("table", {"a": 1})
    memory.recall("it", (), lambda: table["a"])
    memory.begin()
    assert memory.recall("it", (), lambda: "made") == "made"


def test_what_two_runs_did_not_ask_for_is_forgotten() -> None:
    memory = Memory()
    memory.recall("one", (), int)
    memory.recall("other", (), int)
    for _ in range(2):
        memory.begin()
        memory.recall("one", (), int)
        memory.forget()
    memory.begin()
    memory.recall("one", (), int)
    memory.recall("other", (), int)
    assert memory.made == {"other"}


def test_what_is_asked_for_last_in_each_run_is_not_forgotten_before() -> None:
    memory = Memory()
    for value in (1, 1, 2, 2):
        memory.begin()
        table = memory.watch("table", {"key": value})
        memory.forget()
        assert memory.recall("it", (), lambda table=table: table["key"]) == value
        assert memory.recall_each("each", {"it": 0}, lambda _, table=table: table["key"]) == {"it": value}
    assert memory.made == set()


def test_what_is_gathered_in_many_runs_is_what_one_run_gathers() -> None:
    chance, memory = random.Random(1), Memory()
    holders: dict[str, tuple[tuple[str, tuple[str, int]], ...]] = {}
    for _ in range(300):
        holders = dict(holders)
        for id_ in chance.sample("abcdefgh", chance.choice([1, 1, 2, 7])):
            holders[id_] = tuple((chance.choice("xyz"), (id_, n)) for n in range(chance.randrange(4)))
            if chance.random() < 0.2:
                del holders[id_]
        memory.begin()
        gathered = memory.gather("table", holders, lambda rows: rows)
        assert gathered == Memory(once=True).gather("table", holders, lambda rows: rows)
        seen = memory.watch("table", gathered)
        for key in "xyz":
            assert memory.recall(key, (), seen.get, key) == gathered.get(key)


def test_of_many_only_those_are_made_again_that_are_given_something_else_or_read_it() -> None:
    memory = Memory()
    given = dict.fromkeys(range(200), 1)
    table = {key: key for key in range(200)}
    for change in ({}, {7: 2}, {}):
        given |= change
        memory.begin()
        seen = memory.watch("table", {**table, 9: len(change)})
        found = memory.recall_each("it", dict(given), lambda key: (given[key], seen[key]))  # noqa: B023
        assert found == {key: (given[key], seen[key]) for key in given}
    assert memory.made == {("it", 9)}


# ---- the compiler ----------------------------------------------------------------------------------

Files = dict[str, bytes]
SEQUENCES, STEPS = 200, 3


@functools.cache
def example() -> tuple[Sources, tuple[tuple[str, bytes], ...]]:
    sources, problems = load(EXAMPLE)
    assert problems == ()
    files = [sources.settings, *sources.entities, *sources.seeds, *sources.docs]
    return sources, tuple((file.path, file.data) for file in files if file is not None)


def as_sources(files: Files) -> Sources:
    """Fresh bytes, as a new reading of the disk gives them."""
    made = [SourceFile(path, bytes(bytearray(data))) for path, data in sorted(files.items())]
    by_path = {file.path: file for file in made}
    entities, seeds, docs = (
        tuple(file for file in made if file.path.startswith(group))
        for group in ("entities/", "seeds/", "docs/")
    )
    return dataclasses.replace(
        example()[0],
        settings=by_path.get("wiki.yml"),
        waivers=by_path.get("waivers.yml"),
        entities=entities,
        seeds=seeds,
        docs=docs,
    )


def a_file(files: Files, chance: random.Random, pattern: str) -> str:
    return chance.choice([path for path in sorted(files) if re.search(pattern, path)])


def replaced(pattern: str, new: str, where: str = r"^entities/") -> Callable[[Files, random.Random], None]:
    """An edit of one of the places that a pattern matches."""

    def edit(files: Files, chance: random.Random) -> None:
        fit = [path for path in sorted(files) if re.search(where, path)]
        places = [(path, m) for path in fit for m in re.finditer(pattern, files[path].decode(), re.M)]
        if places:
            path, match = chance.choice(places)
            text = files[path].decode()
            files[path] = (text[: match.start()] + match.expand(new) + text[match.end() :]).encode()

    return edit


def deleted(files: Files, chance: random.Random) -> None:
    del files[a_file(files, chance, r"^(entities|docs|seeds)/")]


def line_deleted(files: Files, chance: random.Random) -> None:
    path = a_file(files, chance, r"\.(yml|md)$")
    lines = files[path].splitlines(keepends=True)
    if lines:
        del lines[chance.randrange(len(lines))]
    files[path] = b"".join(lines)


def line_above(files: Files, chance: random.Random) -> None:
    """Everything stands a line lower."""
    path = a_file(files, chance, r"^entities/.*yml$")
    files[path] = b"# a comment\n" + files[path]


def renamed(files: Files, chance: random.Random) -> None:
    """An entity has another id, everywhere."""
    path = a_file(files, chance, r"^entities/.*yml$")
    folder, _, name = path.rpartition("/")
    old, new = name.removesuffix(".yml"), f"renamed-{chance.randrange(9)}"
    if f"{folder}/{new}.yml" in files:
        return
    files[f"{folder}/{new}.yml"] = files.pop(path) + f"formerly: [{old}]\n".encode()
    for other, data in files.items():
        if other.endswith(".yml"):
            files[other] = re.sub(rf"(?<![\w#/-]){old}(?![\w-])(?!\])".encode(), new.encode(), data)


def added(files: Files, chance: random.Random) -> None:
    number = chance.randrange(9)
    text = f"name: Rock {number}\nclaims:\n  - id: seen\n    text: It lies off [[longholm]].\n"
    files[f"entities/islands/rock-{number}.yml"] = f"{text}    cites: [release-2023]\n".encode()


def related(files: Files, chance: random.Random) -> None:
    """A rock is a neighbour, as it says itself, or the other says, or both do."""
    rock, other = f"rock-{chance.randrange(9)}", chance.choice(["longholm", "great-skarn"])
    for path, name, to in (
        (f"entities/islands/{rock}.yml", b"name: Rock\n", other),
        (f"entities/islands/{other}.yml", b"name: Isle\n", rock),
    ):
        relations = f"relations:\n  - {{type: neighbour-of, to: {to}, cites: [courier-2024#p1]}}\n".encode()
        text = files.get(path, name)
        if path not in files or chance.random() < 0.5:
            files[path] = (
                text.replace(b"relations:\n", relations) if b"relations:\n" in text else text + relations
            )


def counted(files: Files, chance: random.Random) -> None:
    """Rocks of which almost the same is said, with figures of their own, on few words of two papers."""
    for rock in chance.sample(range(9), 5):
        text = f"Some {chance.choice(['herd', 'flock'])} grazes {chance.choice([7, 8])} fields there."
        cite = chance.choice(["courier-2024#p1:1-3", "bote-2023#p1:1-3"])
        claim = f"- {{id: c, text: {text}, derived: So., cites: [{cite}]}}"
        files[f"entities/islands/rock-{rock}.yml"] = f"name: Rock {rock}\nclaims:\n  {claim}\n".encode()


def another_order(files: Files, chance: random.Random) -> None:
    """Claims stand in another order."""
    path = a_file(files, chance, r"^entities/.*yml$")
    head, *claims = re.split(rb"(?m)^(?=  - id: )", files[path])
    if len(claims) > 1:
        *others, last = claims
        claim, *rest = re.split(rb"(?m)^(?=\w)", last)
        files[path] = b"".join([head, claim, *others, *rest])


def moved(files: Files, chance: random.Random) -> None:
    """An entity is of another kind."""
    path = a_file(files, chance, r"^entities/.*yml$")
    folder = chance.choice(["events", "islands", "organisations", "people"])
    files[f"entities/{folder}/{path.rpartition('/')[2]}"] = files.pop(path)


def titled(files: Files, chance: random.Random) -> None:
    """A source has the title of something else."""
    title = chance.choice(["Longholm", "Timeline", "Sources"])
    replaced(r"^title: .*$", f"title: {{gloss: {title}}}", where=r"seed\.yml")(files, chance)


def waived(files: Files, chance: random.Random) -> None:
    """A waiver is there, needless or not."""
    path = a_file(files, chance, r"^entities/")
    code = chance.choice(["hedge-dropped", "name-not-in-passage", "crowded-evidence"])
    files["waivers.yml"] = f"waivers:\n  - code: {code}\n    path: {path}\n    reason: So it is.\n".encode()


def mended(files: Files, chance: random.Random) -> None:
    files.clear()
    files.update(example()[1])


EDITS: tuple[Callable[[Files, random.Random], None], ...] = (
    replaced(r"^name: (.*)$", r"name: New \1"),
    replaced(r"name: (\w+)", r"name: \1burg"),
    replaced(r"ferry", "boat"),
    replaced(r"20\d\d", "2022"),
    replaced(r"\bto: [\w-]+", "to: longholm"),
    replaced(r"topics: \[.*\]", "topics: []"),
    replaced(r"#p(\d)", "#p1"),
    replaced(r"^  - id: ([\w-]+)", r"  - id: \1-2"),
    replaced(r"said_by: [\w-]+", "said_by: ada-brook"),
    replaced(r"gist: (.*)$", r"gist: \1 And so on.", where=r"passages\.yml"),
    replaced(r"short: (.*)$", r"short: New \1", where=r"seed\.yml"),
    replaced(r"^language:", "held: false\nlanguage:", where=r"seed\.yml"),
    replaced(r"speakers: \[.*\]", "speakers: []", where=r"passages\.yml"),
    replaced(r"label: (\w+)", r"label: Other \1", where=r"wiki\.yml"),
    replaced(r"plural: (\w+)", r"plural: All \1", where=r"wiki\.yml"),
    replaced(r"share_of_seed: \d+", "share_of_seed: 1", where=r"wiki\.yml"),
    replaced(r"\A", "# More\n\n", where=r"^docs/.*md$"),
    deleted,
    line_deleted,
    line_above,
    renamed,
    moved,
    titled,
    added,
    related,
    counted,
    another_order,
    replaced(r"^name: (\w+)(.*)$", r"name: \1\2\nadjectives: [\1ish]"),
    replaced(r"prefer: .*$", "prefer: none-such"),
    replaced(r"kind: (translation|metonym)", "kind: native"),
    replaced(r"plural: (\w+),", r"plural: \1, compare: true,", where=r"wiki\.yml"),
    replaced(r"symmetric: true", "inverse: is beside", where=r"wiki\.yml"),
    replaced(r"published: \{when: \d+", "published: {when: 2031", where=r"seed\.yml"),
    waived,
    mended,
    mended,
    mended,
)


def run(files: Files, memory: Memory | None, site_url: str = "") -> tuple[object, ...]:
    """What a run says and writes."""
    compiled = compile_wiki(as_sources(files), memory=memory, site_url=site_url)
    return compiled.problems, compiled.set_aside, compiled.files, compiled.cards


@pytest.mark.parametrize("part", range(10))
def test_a_run_that_remembers_differs_in_nothing_from_one_that_does_not(
    part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = 0
    site_url = "https://example.org/" if part % 2 else ""
    if part % 2:  # as if the wiki were large
        for cap in ("MEMBERS", "DATED", "FIGURES", "NAMES", "QUOTES", "QUESTIONS", "COMPARED"):
            monkeypatch.setattr(ways, f"MOST_{cap}", 2)
        monkeypatch.setattr(hubs, "ROOM", 1)
        monkeypatch.setattr(memory_module, "_MANY", 1)
    for sequence in range(part, SEQUENCES, 10):
        chance = random.Random(sequence)
        files, memory, told = dict(example()[1]), Memory(), []
        sound = bool(run(files, memory, site_url)[2])
        for _ in range(STEPS):
            edits = chance.choices(EDITS, k=chance.choice([1, 1, 2]))
            for edit in edits if sound or chance.random() < 0.5 else [mended, *edits]:
                edit(files, chance)
                told.append(getattr(edit, "__qualname__", ""))
            clean, remembered = run(files, None, site_url), run(files, memory, site_url)
            sound = bool(clean[2])
            written += sound
            assert remembered == clean, f"sequence {sequence}: {told}"
    assert written > 15  # most of what is compared are pages, not problems


def test_claims_are_compared_again_when_a_figure_of_one_is_another() -> None:
    files, memory = dict(example()[1]), Memory()
    cites = ("courier-2024#p1", "bote-2023#p1")
    for figures, disagree in (((7, 7), False), ((7, 8), True), ((8, 8), False), ((8, 7), True)):
        for rock, (figure, cite) in enumerate(zip(figures, cites, strict=True)):
            text = f"Some herd grazes {figure} fields there."
            claim = f"- {{id: c, text: {text}, derived: So., cites: [{cite}]}}"
            files[f"entities/islands/rock-{rock}.yml"] = f"name: Rock\nclaims:\n  {claim}\n".encode()
        problems = compile_wiki(as_sources(files), memory=memory).problems
        assert ("figures-disagree" in {problem.code.text for problem in problems}) is disagree, figures


def test_an_edit_is_worked_out_where_it_matters_only() -> None:
    files, memory = dict(example()[1]), Memory()
    run(files, memory)
    path = "entities/islands/great-skarn.yml"
    files[path] = files[path].replace(b"to the landing", b"to the pier")
    run(files, memory)
    pages = {name[1] for name in memory.made if isinstance(name, tuple) and name[0] in ("pages", "source")}
    assert pages == {"great-skarn", "bote-2023"}
