"""Whoever a passage is said to report as speaking is named there, beside the speech, or published it."""

from __future__ import annotations

from collections.abc import Iterator

from build_tools.cite import CitedWiki
from build_tools.evidence import Forms, sealed_names
from build_tools.memory import Memory
from build_tools.names import Names
from build_tools.problems import Code, Problem
from build_tools.seal import LEAST_WORDS, PassageSeal
from build_tools.validate import Seed


def check(wiki: CitedWiki, forms: Forms, memory: Memory) -> Iterator[Problem]:
    """A warning for each speaker in passages.yml whose name the seal does not have in that passage."""
    if wiki.linked.faults:
        return  # what could not be read may be the name
    seeds = dict(wiki.linked.seeds)
    made = memory.recall_each("speakers", seeds, lambda id_: tuple(_of_seed(seeds[id_], wiki, forms)))
    for found in made.values():
        yield from found


def _of_seed(seed: Seed, wiki: CitedWiki, forms: Forms) -> Iterator[Problem]:
    for passage in seed.passages:
        seal = seed.seal_of(passage)
        for speaker in passage.speakers if seal else ():
            known = speaker.id in wiki.linked.names and speaker.id != seed.record.publisher.id
            if seal and known and not forms.named_in(speaker.id, _beside_speech(seal)):
                where = " beside the speech" if seal.quoted else ""
                message = f"{seed.id}#{passage.id} does not name {wiki.linked.names[speaker.id]}{where}"
                hint = "does somebody else speak? The form used there belongs in `also` of the entity"
                yield Problem(speaker.at, Code.SPEAKER_NOT_NAMED, message, hint)


def _beside_speech(seal: PassageSeal) -> Names:
    """The names of a passage outside of its quotation marks: inside, people name others than themselves."""
    spoken = {
        i for first, last in seal.quoted if last - first + 1 >= LEAST_WORDS for i in range(first, last + 1)
    }
    return Names.of({i: name for i, name in sealed_names(seal).words.items() if i not in spoken})
