"""`python -m bench`: fetches the texts, runs the benchmark and writes the page that the site shows."""

from __future__ import annotations

import argparse
import datetime
import os
import subprocess
from collections import Counter
from pathlib import Path

from bench import rival, speech
from bench.claims import claims, judged
from bench.leak import leaks
from bench.measure import answers, cases, quotations
from bench.page import Run, leak_summary, page, summary
from bench.texts import Text, TextSet, fetch, other_texts, speech_texts, texts

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "build" / "bench"
PAGE = ROOT / "docs" / "evidence.md"
SEED = "1"


def main() -> None:
    """Prints the totals; of the held-out texts, writes docs/evidence.md."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--texts", type=TextSet, choices=list(TextSet), default=TextSet.HELD_OUT)
    parser.add_argument("--no-rival", action="store_true", help="run the compiler only, and write no page")
    parser.add_argument("--only", choices=["leak"], help="run this part only, and write no page")
    options = parser.parse_args()
    fetch(FOLDER)
    if options.only == "leak":
        found = leaks(texts(FOLDER, options.texts), other_texts(FOLDER, options.texts), SEED)
        print(leak_summary(found))
        return
    run = measure(texts(FOLDER, options.texts), options.texts, with_rival=not options.no_rival)
    print(summary(run))
    if options.texts is TextSet.HELD_OUT and not options.no_rival:
        PAGE.write_text(page(run), encoding="utf-8")
        print(f"{PAGE.relative_to(ROOT)} is written")


def measure(taken: tuple[Text, ...], which: TextSet, *, with_rival: bool) -> Run:
    """The run over these texts."""
    quotes = quotations(taken, SEED)
    found = tuple(cases(quotes, SEED))
    given = [
        ("Against the text", answers(found, attached=True)),
        ("Against the seal", answers(found, attached=False)),
    ]
    if with_rival:
        given.append(("linkml", rival.answers(rival.install(FOLDER), found)))
    return Run(
        which=which,
        seed=SEED,
        date=_date(),
        texts=_sizes(taken),
        quotes=len(quotes),
        cases=found,
        answers=tuple(given),
        claims=judged(claims(taken, SEED)),
        speech=speech.judged((*taken, *speech_texts(FOLDER, which)), SEED),
        leaks=leaks(taken, other_texts(FOLDER, which), SEED),
    )


def _sizes(taken: tuple[Text, ...]) -> tuple[tuple[str, int, int, int], ...]:
    number = Counter(text.kind for text in taken)
    passages = Counter(text.kind for text in taken for _ in text.passages)
    words: Counter[str] = Counter()
    for text in taken:
        words[text.kind] += sum(len(passage.text.split()) for passage in text.passages)
    return tuple((kind, number[kind], passages[kind], words[kind]) for kind in number)


def _date() -> str:
    """The day of SOURCE_DATE_EPOCH, or of the newest commit to the compiler or the benchmark."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        command = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct", "--", "build_tools", "bench"]
        epoch = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date().isoformat()


if __name__ == "__main__":
    main()
