"""Who said what: quotations of speech on the right page and on a wrong one, put to the compiler.

The passages are those of the texts in which somebody speaks in quotation marks and is named beside
it; who does is read here from the raw text, by a pattern of this module's own.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bench.judge import Claim, Page, judge_page
from bench.texts import Passage, Text
from build_tools.text import words as read

_VERBS = "said|cried|exclaimed|answered|replied|muttered|whispered|shouted|roared|told|called"
_SAID = re.compile(
    rf"[\"\u201c]([^\"\u201c\u201d]{{15,}})[\"\u201d],?\s+(?:{_VERBS})\s+(?:old\s+)?([A-Z][^\W\d_]{{2,}})"
    rf"|([A-Z][^\W\d_]{{2,}})\s+(?:{_VERBS}),?:?\s+[\"\u201c]([^\"\u201c\u201d]{{15,}})[\"\u201d]"
)
_SPOKEN = re.compile('["\u201c][^"\u201c\u201d]*["\u201d]')
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][^\W\d_]{2,}\b")
_PRONOUNS = frozenset("The This That And But They She Then There Now Here What Who You His Her".split())

HONEST = ("speaker as reported", "claim with its speaker")
SPEAKERS = (
    "on another’s page",
    "on another’s page, the passage’s record too, who is not named there",
    "on another’s page, the passage’s record too, who is named in the speech only",
    "on another’s page, the passage’s record too, who is named beside the speech",
)
VOICES = ("the source’s own words as somebody’s", "somebody’s words in the wiki’s voice")
CHANGED = (*SPEAKERS, *VOICES)


@dataclass(frozen=True, slots=True)
class Speech:
    """Words that a passage gives as spoken, and by whom."""

    text: Text
    passage: Passage
    words: str
    speaker: str


def speeches(texts: Iterable[Text]) -> Iterator[Speech]:
    """The speech of the texts, one of each passage."""
    for text in texts:
        for passage in text.passages:
            match = _SAID.search(passage.text)
            if match:
                words, speaker = (match[1], match[2]) if match[1] else (match[4], match[3])
                if speaker not in _PRONOUNS and len(words.split()) > 5:
                    yield Speech(text, passage, words.strip(" ,.;!?-\u2014"), speaker)


def judged(texts: Iterable[Text], seed: str) -> tuple[tuple[Claim, bool], ...]:
    """Each case with whether a wiki that holds it would pass `wiki check --strict`."""
    return tuple(
        judge_page(page)
        for number, speech in enumerate(speeches(texts))
        for page in _pages(random.Random(f"{seed}/speech/{number}"), speech)
    )


def _pages(rng: random.Random, speech: Speech) -> Iterator[Page]:
    text, passage = speech.text, speech.passage
    names = {name for other in text.passages for name in _NAME.findall(other.text)} - _PRONOUNS
    beside = passage.text.replace(speech.words, " ")
    narration = re.sub(_SPOKEN, " ", beside)
    # Not a part of the speaker's own name, which stands next to it.
    own = rf"\b(?:(\w+)\W+{speech.speaker}|{speech.speaker}\W+(\w+))\b"
    others = names - {speech.speaker} - {word for pair in re.findall(own, passage.text) for word in pair}
    absent = sorted(name for name in others if name not in passage.text)
    inside = sorted(name for name in others if name in speech.words and name not in narration)
    present = sorted(name for name in others if re.search(rf"\b{name}\b", narration))
    cite = f"{text.id}#{passage.id}"

    def quoted(group: str, words: str, by: str, reported: str) -> Page:
        """A quotation on a page, and the speaker whom the passage's record reports."""
        quote = {"id": "c0", "text": words, "cites": [cite]}
        entities = {"judged": json.dumps({"name": by, "quotes": [quote]}, ensure_ascii=False)}
        if reported != by:
            entities["reported"] = json.dumps({"name": reported}, ensure_ascii=False)
        claim = Claim(group, group in HONEST, text, words, cite)
        return Page(claim, entities, {passage.id: "judged" if reported == by else "reported"})

    yield quoted(HONEST[0], speech.words, speech.speaker, speech.speaker)
    if absent:
        other = rng.choice(absent)
        yield quoted(SPEAKERS[0], speech.words, other, speech.speaker)
        yield quoted(SPEAKERS[1], speech.words, other, other)
    for group, named in ((SPEAKERS[2], inside), (SPEAKERS[3], present)):
        if named:
            other = rng.choice(named)
            yield quoted(group, speech.words, other, other)
    outside = _outside(passage.text)
    if outside:
        yield quoted(VOICES[0], outside, speech.speaker, speech.speaker)
    place = f"{cite}:{_span(passage.text, speech.words)}"
    for group in (HONEST[1], VOICES[1]):
        claim = {"id": "c0", "text": "It is so.", "cites": [place]}
        if group in HONEST:
            claim["said_by"] = "speaker"
        entities = {
            "judged": json.dumps({"name": "Zzyzx", "claims": [claim]}),
            "speaker": json.dumps({"name": speech.speaker}, ensure_ascii=False),
        }
        yield Page(Claim(group, group in HONEST, text, "It is so.", place), entities, {passage.id: "speaker"})


def _outside(passage: str) -> str | None:
    """Nine words of the passage in a row that stand outside of quotation marks, no mark among them."""
    for stretch in re.split(r"[\"\u201c][^\"\u201c\u201d]*[\"\u201d]|[\"\u201c].*$", passage):
        match = re.search(r"(?:\w+ ){8}\w+", stretch)
        if match:
            return match[0]
    return None


def _span(passage: str, words: str) -> str:
    first = len(read(passage[: passage.index(words)])) + 1
    return f"{first}-{first + len(read(words)) - 1}"
