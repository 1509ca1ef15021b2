"""Records for the example wiki that the compiler accepts and whose texts would break a careless page."""

from __future__ import annotations

import json

from tests.islands import sealed

LONG = "W" * 300
NAME = """<img src=x onerror=alert(1)> "x" 'y' & <b>b</b> {{ x }} [a](javascript:alert(2)) `c` ✨🦊"""
SCRIPT = "</p></article><script>alert(x)</script><style>p{display:none}</style><!--"
RIGHT_TO_LEFT = "مدينة הים"
ENTITY = "islands/hostile"
SEED = "hostile-source"
TEXT_SEED = "hostile-text"
TEXT = (
    f"# Paper\n\n{SCRIPT} is *what* it [says](x) of AT&amp;T, {LONG} and {RIGHT_TO_LEFT} 🦊 2½ {{{{ x }}}}.\n"
)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


RECORDS = {
    f"entities/{ENTITY}.yml": f"""\
name: {_quoted(NAME)}
also:
  - {{name: {LONG}, kind: spelling}}
  - {{name: {_quoted(SCRIPT)}, kind: short, note: {_quoted(SCRIPT)}}}
  - {{name: {RIGHT_TO_LEFT}, kind: native, language: ar}}
  - {{name: 🏝️🐙, kind: short}}
summary:
  text: {_quoted(f"{SCRIPT} {LONG.lower()} [[longholm|{LONG.lower()}]]")}
  cites: [courier-2024#p1]
claims:
  - id: script
    text: {_quoted(f"{SCRIPT} is what this says of [[longholm]].")}
    topics: [ferries]
    cites: [{{seed: courier-2024, passage: p1, note: {_quoted(SCRIPT)}}}]
  - id: {"c" * 90}
    text: {_quoted(f"A word like {LONG.lower()} does not break. {RIGHT_TO_LEFT} 🦊")}
    when: 2024-05
    resolved_from: {_quoted(LONG)}
    cites: [courier-2024#p1, {SEED}]
  - id: answer
    text: {_quoted(f"One answer is {LONG.lower()}.")}
    question: why
    cites: [courier-2024#p1]
  - id: other-answer
    text: {_quoted(f"The other answer is {SCRIPT}")}
    question: why
    cites: [{SEED}]
  - id: on-a-text
    text: The paper says it.
    cites: [{TEXT_SEED}#p1:2-6, {TEXT_SEED}#p1:4-9, {TEXT_SEED}#p1:15-20]
relations:
  - {{type: neighbour-of, to: longholm, note: {_quoted(SCRIPT + LONG)}, cites: [courier-2024#p1]}}
questions:
  - {{id: why, text: {_quoted(f"Why {LONG} {SCRIPT}?")}, prefer: answer, reason: {_quoted(SCRIPT + LONG)}}}
notes:
  - {{text: {_quoted(SCRIPT + LONG)}, about: script}}
""",
    f"seeds/{TEXT_SEED}/seed.yml": f"""\
title: {{gloss: A paper that is kept}}
short: Kept
publisher: longholm-courier
url: https://courier.example/{"k" * 300}#part
published: {{when: 2023}}
language: ar
rights: {{status: public-domain, publish: full}}
""",
    f"seeds/{TEXT_SEED}/passages.yml": f"""\
p1: {{kind: text, gist: {_quoted(SCRIPT + LONG)}, opens: "p></article><script>alert"}}
""",
    f"seeds/{TEXT_SEED}/text.md": TEXT,
    f"seeds/{TEXT_SEED}/seal.json": sealed(TEXT_SEED, TEXT),
    f"seeds/{SEED}/seed.yml": f"""\
title: {{gloss: {_quoted(f"{SCRIPT} {LONG}")}}}
short: {_quoted(f"{SCRIPT} {'S' * 60}")}
authors: [{{name: {_quoted(LONG)}, latin: {_quoted(SCRIPT)}}}]
publisher: longholm-courier
url: https://courier.example/{"u" * 300}
published: {{when: 2023, basis: inferred, note: {_quoted(SCRIPT)}}}
language: en
held: false
rights: {{status: licensed, licence: {_quoted(SCRIPT)}, holder: {_quoted(LONG)}}}
derived_from: [{{seed: release-2023, how: retelling, note: {_quoted(SCRIPT)}}}]
notes: [{_quoted(SCRIPT + LONG)}]
""",
}
