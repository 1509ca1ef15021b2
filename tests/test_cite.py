"""Cites and chains: what rests on what, how far back it goes, and how it was checked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from build_tools.cite import CitedWiki
from build_tools.problems import Code
from tests.conftest import MakeWiki
from tests.islands import Wiki

ROCK = "entities/islands/gull-rock.yml"


def seed(*origins: str) -> str:
    steps = "".join(f"  - {{seed: {origin}, how: copy}}\n" for origin in origins)
    return f"""\
title: {{gloss: A copy}}
short: Copy
publisher: skarn-ferries
published: {{when: 2024}}
language: en
held: false
rights: {{status: all-rights-reserved}}
derived_from:{" []" if not steps else ""}
{steps}"""


def claim(*seeds: str) -> str:
    return f"""\
name: Gull Rock
claims:
  - id: few-people
    text: Few people live there.
    cites: [{", ".join(seeds)}]
"""


def cited(wiki: Wiki) -> CitedWiki:
    checked = wiki.checked()
    assert checked.wiki is not None
    assert {problem.code for problem in checked.problems} <= {Code.ONE_ORIGIN, Code.UNGUARDED_EDGE}
    return checked.wiki


def layers(number: int) -> dict[str, str | bytes]:
    """Seeds of which each derives from the two before it: as many ways as Fibonacci has rabbits."""
    names = [f"copy-{i:03}" for i in range(number)]
    return {f"seeds/{name}/seed.yml": seed(*names[max(i - 2, 0) : i]) for i, name in enumerate(names)}


def line(number: int) -> dict[str, str | bytes]:
    names = [f"copy-{i:04}" for i in range(number)]
    return {f"seeds/{name}/seed.yml": seed(*names[max(i - 1, 0) : i]) for i, name in enumerate(names)}


def test_copies_of_one_original_count_as_one_origin(wiki: MakeWiki) -> None:
    files: dict[str, str | bytes] = {
        "seeds/original/seed.yml": seed(),
        "seeds/copy/seed.yml": seed("original"),
        "seeds/copy-of-the-copy/seed.yml": seed("copy"),
        "seeds/mixture/seed.yml": seed("copy", "release-2023"),
        ROCK: claim("copy", "copy-of-the-copy", "original"),
    }
    found = cited(wiki(files))
    assert found.origins("original") == {"original"}
    assert found.origins("copy-of-the-copy") == {"original"}
    assert found.origins("mixture") == {"original", "release-2023"}
    assert found.origins("bote-2023") == {"release-2023"}


@pytest.mark.parametrize(("make", "number"), [(layers, 120), (line, 150)], ids=["many ways", "a long way"])
def test_however_chains_run_they_are_gone_once(
    make: Callable[[int], dict[str, str | bytes]], number: int, wiki: MakeWiki
) -> None:
    files = make(number)
    last = sorted(files)[-1].split("/")[1]
    here = wiki(files | {ROCK: claim(last)})
    first = sorted(files)[0].split("/")[1]
    assert cited(here).origins(last) == {first}
    chain = here.page(f"seeds/{last}.md").split("Where it comes from")[1].split("\n## ")[0]
    assert chain.count('<span class="how">Copy') == sum(
        text.count("how: copy") for text in map(str, files.values())
    )


def test_a_circle_is_reported_once_however_long_it_is(wiki: MakeWiki) -> None:
    files = line(300) | {"seeds/copy-0000/seed.yml": seed("copy-0299")}
    assert [str(problem.code) for problem in wiki(files).compiled().problems] == ["circular-chain"]


def test_each_of_two_circles_is_reported(wiki: MakeWiki) -> None:
    files: dict[str, str | bytes] = {
        "seeds/a/seed.yml": seed("b"),
        "seeds/b/seed.yml": seed("a", "c"),
        "seeds/c/seed.yml": seed("d"),
        "seeds/d/seed.yml": seed("c"),
        "seeds/e/seed.yml": seed("d"),
    }
    problems = wiki(files).compiled().problems
    assert [str(problem.at) for problem in problems] == ["seeds/b/seed.yml:9:12", "seeds/d/seed.yml:9:12"]


def test_what_rests_on_a_passage_is_every_statement_that_cites_it_once(wiki: MakeWiki) -> None:
    found = cited(wiki({ROCK: claim("courier-2024#p1", "courier-2024#p1", "release-2023")}))
    resting = [
        f"{item.statement.entity}#{item.statement.anchor}"
        for (seed_id, passage), group in found.resting_on.items()
        if (seed_id, passage) == ("courier-2024", "p1")
        for item in group
    ]
    assert len(resting) == len(set(resting))
    assert {"gull-rock#few-people", "great-skarn#second-ferry", "great-skarn#_relation-1"} <= set(resting)


def test_every_word_quoted_is_counted_once(wiki: MakeWiki) -> None:
    here = wiki()
    assert cited(here).words_quoted == {"courier-2024": 24, "bote-2023": 13}
    here.change(
        "entities/islands/longholm.yml",
        "  cites: [courier-2024#p1]",
        "  cites: [courier-2024#p1, {seed: courier-2024, passage: p5, quote: puts the damage at}]",
    )
    assert cited(here).words_quoted["courier-2024"] == 28
    here.change("entities/islands/longholm.yml", "puts the damage at", '"puts the damage at 900,000 crowns"')
    assert cited(here).words_quoted["courier-2024"] == 24
