"""`wiki coverage`."""

from __future__ import annotations

import argparse

from build_tools.amounts import amount
from build_tools.commands import SOUND
from build_tools.commands.reporting import report
from build_tools.compiler import check_wiki
from build_tools.coverage import PassageUse, coverage
from build_tools.load import load
from build_tools.problems import Code, Location, Problem, did_you_mean
from build_tools.prose import plain_text
from build_tools.text import words
from build_tools.validate import Seed


def run(options: argparse.Namespace) -> int:
    """Prints what of the seeds is used, by passage; where a text is at hand, the words that are not."""
    checked = check_wiki(*load(options.root))
    if checked.wiki is None:
        return report(checked.problems, options)
    uses = [use for use in coverage(checked.wiki) if options.seed in (None, use.seed.id)]
    if options.seed is not None and not uses:
        held = [seed.id for seed in checked.wiki.linked.seeds.values() if seed.seal is not None]
        hint = did_you_mean(options.seed, held, otherwise=f"the seeds held are {', '.join(held) or 'none'}")
        message = f"there is no sealed seed `{options.seed}`"
        return report((Problem(Location("SEED"), Code.UNKNOWN_SEED, message, hint),), options)
    for use in uses:
        print(
            f"{use.seed.id}: {use.used} of {len(use.passages)} passages used; {use.words_pinned} of "
            f"{use.words} words pinned by cites, {use.words_free} cited by nothing"
        )
        for passage in use.passages:
            print(f"  {passage.passage.id}: {_use(passage)}")
            if passage.passage.unused is not None:
                print(f"      unused: {plain_text(passage.passage.unused, checked.wiki.linked.names)}")
            if passage.unstated:
                print(f"      not stated: {', '.join(passage.unstated)}")
            if passage.statements and passage.free:
                print(f"      cited by nothing: words {_free(use.seed, passage)}")
    return SOUND


def _use(use: PassageUse) -> str:
    if not use.statements:
        return f"{use.words} words, nothing rests on it"
    how = "cited as a whole" if use.whole else f"{use.words_pinned} of {use.words} words pinned"
    return f"{amount(use.statements, 'statement')}, {how}"


def _free(seed: Seed, use: PassageUse) -> str:
    """The runs of words that nothing cites, with the words where the text is at hand."""
    there = words(seed.texts.get(use.passage.id, ""))
    shown = []
    for first, last in use.free:
        said = " ".join(word.written for word in there[first - 1 : last])
        shown.append(f"{first}-{last}" + (f" ({said})" if said else ""))
    return ", ".join(shown)
