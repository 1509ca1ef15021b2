"""Claims put to the compiler as a whole small wiki, records and all; what it says of them is the answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bench.measure import SEED_RECORD, cut_passages
from bench.texts import Text
from build_tools.compiler import check_wiki
from build_tools.load import SourceFile, Sources
from build_tools.problems import Code
from build_tools.seal import seal_text
from build_tools.seeds import seal_of

SETTINGS = """\
name: Benchmark
tagline: Claims made to be checked.
introduction: Claims made to be checked.
repository: https://example.org/benchmark
branch: main
kinds:
  thing: {folder: things, singular: Thing, plural: Things, description: What is claimed of.}
topics: {all: {label: All}}
relations: {near: {label: is near, symmetric: true, from: [thing], to: [thing]}}
quotation: {words_per_quote: 60, share_of_seed: 20%}
"""
# A wiki with a problem of these codes fails `wiki check --strict`, and the mistake is caught.
_ANSWERS = frozenset(
    {Code.FIGURE_NOT_IN_PASSAGE, Code.NAME_NOT_IN_PASSAGE, Code.DATE_NOT_IN_PASSAGE, Code.SPAN_NEEDED}
    | {Code.HEDGE_DROPPED, Code.SPEAKER_NOT_REPORTED, Code.SPEAKER_NOT_NAMED, Code.NOT_SPOKEN}
    | {Code.QUOTE_NOT_FOUND, Code.WRONG_PASSAGE}
)
# Whether the wiki names a speaker is asked of speech only: a passage of a text may be speech as a whole.
_OF_SPEECH = frozenset({Code.ATTRIBUTION_DROPPED})
# What else may be said of claims as bare as these, and is not asked about here.
_BESIDE = frozenset(
    {Code.COPIED_WORDS, Code.ORPHAN, Code.CROWDED_EVIDENCE, Code.FIGURES_DISAGREE, Code.STALE_PRESENT}
    | {Code.BROAD_CLAIM, Code.UNUSED_PASSAGE, Code.AMBIGUOUS_QUOTE, Code.UNGUARDED_EDGE}
    | {Code.TWO_CLAIMS, Code.NEEDLESS_MARKS}
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim: its class, whether it is honest, its text, what it cites and when it is said to be.

    `elsewhere` is the text of the cited seed where that is another; `entities` are those that the
    claim links to, by id, as YAML.
    """

    group: str
    honest: bool
    text: Text
    words: str
    cite: str
    when: str = ""
    elsewhere: Text | None = None
    entities: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Page:
    """One page to be judged as a whole: the YAML of the entities by id, and who speaks in which passage."""

    claim: Claim
    entities: Mapping[str, str]
    speakers: Mapping[str, str]


def judge_claims(claims: Sequence[Claim]) -> tuple[tuple[Claim, bool], ...]:
    """Each of the claims of one text with whether a wiki that holds it would pass `wiki check --strict`."""
    lines = [
        f"  - {{id: c{i}, text: {json.dumps(claim.words, ensure_ascii=False)}, cites: ['{claim.cite}']"
        + (f", when: {claim.when}" if claim.when else "")
        + "}"
        for i, claim in enumerate(claims)
    ]
    entities = {"claims": "\n".join(["name: Zzyzx", "claims:", *lines, ""])}
    for claim in claims:
        entities |= claim.entities
    texts = {claim.text: None for claim in claims} | {claim.elsewhere: None for claim in claims}
    refused = {
        line
        for path, line in _refused([text for text in texts if text], entities, {}, _ANSWERS)
        if path.endswith("/claims.yml")
    }
    return tuple((claim, line not in refused) for line, claim in enumerate(claims, 3))


def judge_page(page: Page) -> tuple[Claim, bool]:
    """The claim of a page with whether the wiki would pass."""
    return page.claim, not _refused(
        [page.claim.text], dict(page.entities), page.speakers, _ANSWERS | _OF_SPEECH
    )


def _refused(
    texts: Iterable[Text],
    entities: dict[str, str],
    speakers: Mapping[str, str],
    answers: frozenset[Code],
) -> frozenset[tuple[str, int]]:
    """Paths and lines of which the compiler says that evidence is wanting."""
    seeds: list[SourceFile] = []
    for text in texts:
        folder = f"seeds/{text.id}"
        rows = "".join(
            f"{passage.id}: {{kind: text, gist: A passage of the benchmark."
            + (f", speakers: [{speakers[passage.id]}]" if passage.id in speakers else "")
            + "}\n"
            for passage in text.passages
        )
        seeds += [
            SourceFile(f"{folder}/passages.yml", rows.encode()),
            SourceFile(f"{folder}/seal.json", seal_text(seal_of(text.id, cut_passages(text))).encode()),
            SourceFile(f"{folder}/seed.yml", SEED_RECORD.encode()),
        ]
    sources = Sources(
        settings=SourceFile("wiki.yml", SETTINGS.encode()),
        entities=tuple(
            SourceFile(f"entities/things/{id_}.yml", yaml.encode())
            for id_, yaml in sorted((entities | {"benchmark": "name: Qwertz"}).items())
        ),
        seeds=tuple(sorted(seeds)),
        docs=(),
        attached=(),
    )
    problems = check_wiki(sources).problems
    odd = [problem for problem in problems if problem.code not in _ANSWERS | _OF_SPEECH | _BESIDE]
    assert not odd, odd[:3]
    return frozenset((p.at.path, p.at.line) for p in problems if p.code in answers)
