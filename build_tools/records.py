"""The frozen types that the YAML files are read into; their annotations are the schema.

A field's name is its key in YAML unless its metadata names another. A field with a default is
optional. `given` fields come from the file's place, not from its text. Every record knows where it
stands.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from build_tools.ghost import Ghost
from build_tools.problems import Code, Location
from build_tools.prose import Prose
from build_tools.quick import quick
from build_tools.values import (
    ID,
    PASSAGE,
    UNSETTLED,
    Anchor,
    Basis,
    Complaint,
    Count,
    Derivation,
    EntityId,
    EntityRef,
    Flag,
    Language,
    Latitude,
    LineSpan,
    Longitude,
    NameKind,
    Opening,
    PassageId,
    PassageKind,
    Pattern,
    Percent,
    Publish,
    Ref,
    Reuse,
    Role,
    SeedId,
    Text,
    Url,
    Verbatim,
    When,
    WordSpan,
)


def _doc(text: str, **more: Any) -> Any:
    """A required field with its description for schemas and messages, and an example.

    The example is the text of one value, as it stands in YAML; a field that holds records has none of its
    own: it is made of those of their fields.
    """
    return field(metadata={"doc": text} | more)


def _opt(text: str, default: Any = None, **more: Any) -> Any:
    """An optional field with its description and an example."""
    return field(default=default, metadata={"doc": text} | more)


def _key(text: str, *, example: str) -> Any:
    """The field that the key of a mapping fills."""
    return field(metadata={"key_of_mapping": True, "doc": text, "example": example})


# A seed, the passage, and what should be a span of its words.
_CITE = re.compile(rf"({ID.pattern})(?:#({PASSAGE.pattern}\??)(?::(.*))?)?", re.S)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Cite:
    """A reference from a statement to one passage of a seed (to the seed alone where it is not held)."""

    at: Location
    seed: Ref = _doc("The id of the seed.", example="harbour-2024")
    passage: Text | None = _opt("The passage: p1, p2 …", example="p4")
    span: WordSpan | None = _opt(
        "The words of the passage that carry it, counted from 1: 14-22.", example="12-19"
    )
    quote: Verbatim | None = _opt(
        "The fragment relied on, word for word.", example="from four crowns to eight crowns"
    )
    prefix: Verbatim | None = _opt(
        "The words of the passage right before the quotation.", example="fares rose"
    )
    suffix: Verbatim | None = _opt(
        "The words of the passage right after the quotation.", example="for adults"
    )
    role: Role = _opt("What the passage does to the statement.", Role.SUPPORTS, example="context")
    note: Prose | None = _opt("An editor's note on this cite.", example="The figure is for adults.")

    @classmethod
    def read(cls, text: str, at: Location) -> Cite | Complaint:
        """The short form: `seed#p10`, with a span of words `seed#p10:14-22`; `seed#p10?` is unsettled."""
        found = _CITE.fullmatch(text)
        if found is None:
            return _complaint_about_cite(text, at)
        seed, passage, words = found.groups()
        if passage is None:
            if PASSAGE.fullmatch(seed):
                hint = f"put the seed's id and a `#` before it: `<seed>#{seed}`"
                return Complaint(Code.BAD_CITE, f"`{seed}` is a passage without its seed", hint)
            return cls(at=at, seed=Ref(sys.intern(seed), at))
        passage_at = at.right(len(seed) + 1)
        span_at = passage_at.right(len(passage) + 1)
        span = WordSpan.read(words, span_at) if words is not None else None
        if isinstance(span, Complaint):
            return replace(span, at=span_at)
        of_passage = Text(sys.intern(passage), passage_at)
        return cls(at=at, seed=Ref(sys.intern(seed), at), passage=of_passage, span=span)

    @property
    def is_unsettled(self) -> bool:
        """True if its passage changed when the seed was renewed, and nobody has looked since."""
        return self.passage is not None and UNSETTLED.fullmatch(self.passage.text) is not None


def _complaint_about_cite(text: str, at: Location) -> Complaint:
    """What is wrong with a text that is no cite, and the cite that it may stand for."""
    id_, hint = ID.pattern, "write `<seed>#p<number>`, as in `some-seed#p3`"
    if re.match(r"(?i)(?:https?:|www\.)", text):
        hint = "cite the seed that was made of this page, by its id and a passage: `<seed>#p<number>`"
        return Complaint(Code.BAD_CITE, f"an address where a cite belongs: `{text[:60]}`", hint)
    several = re.fullmatch(rf"({id_})\s*#?\s*(p\d+)(?:\s*[-,;–&+]\s*|\s+)(?:\1#)?(p?\d+)", text)
    if several:
        seed, first, last = several.groups()
        hint = f"one cite for each passage: `[{seed}#{first}, {seed}#p{last.removeprefix('p')}]`"
        return Complaint(Code.BAD_CITE, f"several passages in one cite: `{text[:60]}`", hint)
    meant = re.fullmatch(rf"(?i)({id_})\s*[#:/,]?\s*p?\.?\s*([1-9]\d{{0,5}})", text)
    if meant and not ID.fullmatch(text):
        hint = f"did you mean `{meant[1].lower()}#p{meant[2]}`?"
    return Complaint(Code.BAD_CITE, f"`{text[:60]}` is not a cite", hint)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """Another name of an entity."""

    at: Location
    name: Text = _doc("The name.", example="Lange Insel")
    kind: NameKind = _doc("What it is to the main name.", example="translation")
    language: Language | None = _opt("Its language.", example="de")
    cites: tuple[Cite, ...] = _opt("Where it is used.", ())
    note: Prose | None = _opt("An editor's note.", example="So called on charts of the last century.")


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """The entity's id in another database."""

    at: Location
    key: Ref = _key("The database: a key of `identifiers` in wiki.yml.", example="wikidata")
    value: Text = _doc("The identifier.", example="Q4115189")

    @classmethod
    def read_value(cls, key: Ref, text: str, at: Location) -> Identifier | Complaint:
        return cls(at=at, key=key, value=Text(text, at))


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What the entity is, in a sentence or two of our own, cited like a claim."""

    at: Location
    text: Prose = _doc(
        "One or two sentences in our own words.",
        example="Longholm is the larger of two islands, tied to [[holmport]] by a ferry.",
    )
    cites: tuple[Cite, ...] = _opt("The passages it rests on.", ())


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A key fact: a short value under a label that wiki.yml defines."""

    at: Location
    fact: Ref = _doc("Which fact: a key of `facts` in wiki.yml.", example="area")
    value: Prose = _doc("The value, in our own words.", example="42 square kilometres")
    when: When | None = _opt("When it held (EDTF).", example="2024")
    resolved_from: Text | None = _opt(
        "What the date was worked out from: `this year`, `present tense`.", example="this year"
    )
    cites: tuple[Cite, ...] = _opt("The passages it rests on.", ())


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One figure of a series: what it was, and when."""

    at: Location
    when: When = _doc("When it held (EDTF).", example="2019")
    value: Text = _doc("The figure with its unit, as in the claim's text.", example="12,000")


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One sentence in our own words that the wiki asserts, with its cites."""

    at: Location
    id: Anchor = _doc("Its stable id and address on the page.", example="ferry-daily")
    text: Prose = _doc("One sentence in our own words.", example="The ferry to [[holmport]] runs once a day.")
    formerly: tuple[Anchor, ...] = _opt(
        "Ids it had before, oldest first: their addresses still lead to it.", (), example="ferry-once-a-day"
    )
    topics: tuple[Ref, ...] = _opt("Keys of `topics` in wiki.yml.", (), example="trade")
    when: When | None = _opt("When it happened or held (EDTF).", example="2024-05")
    resolved_from: Text | None = _opt(
        "What the date was worked out from: `this year`, `present tense`.", example="this month"
    )
    derived: Prose | None = _opt(
        "How a figure or date was computed or inferred.", example="from 4 to 8 crowns"
    )
    said_by: EntityRef | None = _opt("The entity whose assertion it is.", example="ada-brook")
    said_to: EntityRef | None = _opt("The entity it was said to.", example="holmport-herald")
    via: EntityRef | None = _opt(
        "The entity through which the source has it: whom it names for it.", example="skarn-ferries"
    )
    question: Ref | None = _opt(
        "The question it answers: an id under `questions`.", example="how-much-dearer"
    )
    series: tuple[Point, ...] = _opt("Figures of its text to draw: a before and after, or more, in time.", ())
    cites: tuple[Cite, ...] = _opt("The passages it rests on.", ())


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The entity's words, verbatim."""

    at: Location
    id: Anchor = _doc("Its stable id and address on the page.", example="no-ferry-in-winter")
    text: Verbatim = _doc(
        "The words, to the character; `…` for what is left out.", example="There was never a ferry in winter"
    )
    language: Language | None = _opt("The language of the words, where it is not the seed's.", example="de")
    formerly: tuple[Anchor, ...] = _opt(
        "Ids it had before, oldest first: their addresses still lead to it.", (), example="winter"
    )
    topics: tuple[Ref, ...] = _opt("Keys of `topics` in wiki.yml.", (), example="trade")
    when: When | None = _opt("When it was said (EDTF).", example="2024-05-17")
    resolved_from: Text | None = _opt(
        "What the date was worked out from: `this year`, `present tense`.", example="yesterday"
    )
    said_to: EntityRef | None = _opt("The entity it was said to.", example="holmport-herald")
    via: EntityRef | None = _opt(
        "The entity through which the source has it: whom it names for it.", example="skarn-ferries"
    )
    about: tuple[EntityRef, ...] = _opt("The entities it is about.", (), example="longholm")
    cites: tuple[Cite, ...] = _opt("The passage it stands in.", ())


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A typed link from the entity to another."""

    at: Location
    type: Ref = _doc("A key of `relations` in wiki.yml.", example="part-of")
    to: EntityRef = _doc("The other entity.", example="outer-isles")
    when: When | None = _opt("When it held (EDTF).", example="1994/..")
    resolved_from: Text | None = _opt(
        "What the date was worked out from: `this year`, `present tense`.", example="since the merger"
    )
    note: Prose | None = _opt("An editor's note.", example="The charter calls it an associate.")
    cites: tuple[Cite, ...] = _opt("The passages it rests on.", ())


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question that claims of this entity answer differently."""

    at: Location
    id: Anchor = _doc("Its stable id and address on the page.", example="how-much-dearer")
    text: Text = _doc("The question.", example="By how much did the fares rise?")
    prefer: Ref | None = _opt("The claim that the editor thinks right.", example="fares-doubled")
    reason: Prose | None = _opt("Why.", example="The herald printed the old list beside the new one.")


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """An editor's note: shown as one, never counted as sourced."""

    at: Location
    text: Prose = _doc("The note.", example="The 2024 timetable lists two ferries.")
    about: Ref | None = _opt("The claim or quote it is about.", example="ferry-daily")


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Entity(Ghost):
    """A thing with a page."""

    known: ClassVar[tuple[str, ...]] = ("at", "id", "kind")
    at: Location
    id: EntityId = field(metadata={"given": True})
    kind: str = field(metadata={"given": True})
    name: Text = _doc("The name it goes by on the site.", example="Longholm")
    formerly: tuple[Ref, ...] = _opt(
        "Ids it had before, oldest first: their addresses lead to its page.", (), example="long-holm"
    )
    also: tuple[Alias, ...] = _opt("Other names.", ())
    adjectives: tuple[Text, ...] = _opt(
        "Words for what belongs to it, as sources use them: Norwegian.", (), example="Longholmer"
    )
    identifiers: tuple[Identifier, ...] = _opt("Its ids in other databases.", (), keyed=True)
    summary: Summary | None = _opt("What it is, in a sentence or two.")
    facts: tuple[Fact, ...] = _opt("Key facts.", ())
    claims: tuple[Claim, ...] = _opt("What the wiki asserts of it.", ())
    quotes: tuple[Quote, ...] = _opt("Its words.", ())
    relations: tuple[Relation, ...] = _opt("Its links to other entities.", ())
    questions: tuple[Question, ...] = _opt("Questions that claims answer differently.", ())
    notes: tuple[Note, ...] = _opt("Editor's notes.", ())

    @property
    def path(self) -> str:
        return self.at.path


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Passage(Ghost):
    """A numbered unit of a seed, in our own words.

    `opens` is a quotation, and counts as one: the seal does not hold the words that an address could
    name to open the original at the passage. Where the text is published or a quotation begins the
    passage, they are known without it.
    """

    at: Location
    key: Text = _key("Its number: p1, p2 …, in the order of the seed.", example="p3")
    kind: PassageKind = _doc("heading, text or quotation.")
    gist: Prose = _doc(
        "What it says, on one line, in our own words.",
        example="Longholm is larger than its neighbour and has one ferry.",
    )
    speakers: tuple[EntityRef, ...] = _opt(
        "Entities that it reports as saying something.", (), example="ada-brook"
    )
    unused: Prose | None = _opt(
        "Why nothing rests on it.", example="heading: names the section, asserts nothing"
    )
    opens: Opening | None = _opt(
        "Its first four words, for links that open the original there.", example="No boat, said Brook"
    )

    @property
    def id(self) -> PassageId:
        return PassageId(self.key.text)


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A title: the source's own words, so a quotation; with our rendering where it is not in English."""

    at: Location
    quote: Verbatim | None = _opt("The title, word for word.", example="A Ferry Once a Day")
    language: Language | None = _opt("Its language, where it is not the seed's.", example="de")
    gloss: Text | None = _opt("Our rendering or description of it.", example="A ferry once a day")


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who wrote the source, as it names them."""

    at: Location
    name: Text = _doc("The name as printed.", example="Ада Брук")
    latin: Text | None = _opt("The name in Latin letters.", example="Ada Brook")
    language: Language | None = _opt("The language of the name as printed.", example="ru")


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """When the source appeared, and how that is known."""

    at: Location
    when: When = _doc("The date (EDTF).", example="2024-05-17")
    basis: Basis = _opt("Stated by the source, or inferred.", Basis.STATED)
    note: Prose | None = _opt(
        "How it was inferred.", example="The page gives no date; it speaks of the spring timetable."
    )


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What may be done with the source's words."""

    at: Location
    status: Reuse = _doc("The copyright.")
    publish: Publish = _opt("How much may be published.", Publish.QUOTATIONS)
    holder: Text | None = _opt("Whose copyright it is.", example="Holmport Herald")
    licence: Text | None = _opt("The licence's name.", example="CC BY 4.0")
    words_per_quote: Count | None = _opt("Quotation limit of this seed, in words.", example="40")
    share_of_seed: Percent | None = _opt(
        "Quotation limit of this seed, as a share of its words.", example="10%"
    )


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The seed that this one derives from."""

    at: Location
    seed: Ref = _doc("The seed it derives from.", example="insel-blatt-2024")
    how: Derivation = _doc("translation, retelling, excerpt or copy.")
    basis: Basis = _opt("Stated by the source, or inferred.", Basis.STATED)
    note: Prose | None = _opt("How it is known.", example="The last line names it.")


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureSettings:
    """How the passages were cut from the captured file, so that the same file gives the same passages."""

    at: Location
    sha256_begins: Text | None = _opt(
        "The first 8 hexadecimal digits of the file's SHA-256.", example="0f3a9c11"
    )
    leave_out: tuple[LineSpan, ...] = _opt("Lines left out by hand.", (), example="3-5")
    keep: tuple[LineSpan, ...] = _opt("Lines kept that look like page furniture.", (), example="12")


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class SeedRecord:
    """What is known of a source article."""

    at: Location
    id: SeedId = field(metadata={"given": True})
    title: Title = _doc("The title.")
    short: Text = _doc("The label of its cites.", example="Herald 2024")
    formerly: tuple[Ref, ...] = _opt(
        "Ids it had before, oldest first: their addresses lead to its page.", (), example="herald-2024"
    )
    authors: tuple[Author, ...] = _opt("Who wrote it.", ())
    publisher: EntityRef = _doc("The organisation that published it: an entity.", example="holmport-herald")
    url: Url | None = _opt("Its address.", example="https://example.org/ferry")
    published: Published = _doc("When it appeared.")
    seen: When | None = _opt("When its address or a stored copy was last looked at.", example="2024-06-01")
    language: Language = _doc("The language it is written in.", example="en")
    held: Flag = _opt("false: the wiki holds no seal of it.", Flag(True), example="true")
    rights: Rights = _doc("What may be done with its words.")
    derived_from: tuple[Origin, ...] = _opt("What it was made from.", ())
    capture: CaptureSettings | None = _opt("How the passages were cut.")
    notes: tuple[Prose, ...] = _opt("Editor's notes.", (), example="The page gives no time of day.")


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Passages:
    """The passages of a seed, in order."""

    at: Location
    passages: tuple[Passage, ...] = field(metadata={"keyed": True, "whole": True})


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A warning that is known and set aside, and why."""

    at: Location
    code: Text = _doc("The warning's code, as `wiki check` prints it in brackets.", example="one-origin")
    path: Text = _doc(
        "The file it is in, as `wiki check` prints it.", example="entities/islands/longholm.yml"
    )
    of: Text | None = _opt(
        "The id of the claim, quote, question or passage; left out: all of the file.", example="fares-doubled"
    )
    reason: Prose = _doc(
        "Why it is set aside.",
        example="The two papers are cited to show that both print the release as it came.",
    )


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Waivers:
    """The file waivers.yml."""

    at: Location
    waivers: tuple[Waiver, ...] = _doc("The warnings set aside.")


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class LinkException:
    """An external address that `wiki links` need not report, and why."""

    at: Location
    url: Url = _doc("The address, as the record has it.", example="https://example.org/ferry")
    reason: Prose = _doc(
        "Why it is no fault that it does not answer.",
        example="The paper lets people in and no machines; it was there on 1 June 2024.",
    )


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class LinkExceptions:
    """The file links.yml."""

    at: Location
    exceptions: tuple[LinkException, ...] = _doc("The addresses that are known not to answer.")


# ------------------------------------------------------------------------------------- wiki.yml


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of entity."""

    at: Location
    key: Ref = _key("Its id.", example="island")
    folder: Ref = _doc("The folder below entities/, and the site's address of the kind.", example="islands")
    singular: Text = _doc("What one is called.", example="Island")
    plural: Text = _doc("What several are called.", example="Islands")
    description: Prose = _doc("What belongs here.", example="Land with water all around it.")
    compare: Flag = _opt(
        "true: the page Side by side sets its entities beside each other.", Flag(False), example="true"
    )


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A heading that claims are sorted under."""

    at: Location
    key: Ref = _key("Its id, as claims give it.", example="trade")
    label: Text = _doc("Its heading.", example="Trade and fares")
    description: Prose | None = _opt("What belongs here.", example="What is carried, and what it costs.")


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class FactType:
    """A key fact that entities of some kinds may have."""

    at: Location
    key: Ref = _key("Its id, as entities give it.", example="area")
    label: Text = _doc("Its label.", example="Area")
    kinds: tuple[Ref, ...] = _doc("The kinds that may have it.", example="island")


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class RelationType:
    """A type of link, with the words for both directions and the kinds at both ends."""

    at: Location
    key: Ref = _key("Its id, as relations give it.", example="part-of")
    label: Text = _doc("The words from the one end: `is a member of`.", example="is part of")
    inverse: Text | None = _opt("The words from the other end: `has as a member`.", example="includes")
    symmetric: Flag = _opt("true: it reads the same from both ends.", Flag(False), example="true")
    subjects: tuple[Ref, ...] = _doc("The kinds it may start from.", key="from", example="island")
    objects: tuple[Ref, ...] = _doc("The kinds it may lead to.", key="to", example="archipelago")


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifierType:
    """A database whose ids entities may carry."""

    at: Location
    key: Ref = _key("Its id, as entities give it.", example="wikidata")
    label: Text = _doc("Its name.", example="Wikidata")
    pattern: Pattern = _doc("What its ids look like.", example="^Q[1-9][0-9]*$")
    url: Verbatim | None = _opt(
        "The address of an entry, `{}` for the id.", example="https://www.wikidata.org/wiki/{}"
    )


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class QuotationPolicy:
    """How much may be quoted, unless a seed's rights say otherwise."""

    at: Location
    words_per_quote: Count = _doc("Words in one quotation.", example="60")
    share_of_seed: Percent = _doc("Share of a seed's words in all quotations together.", example="20%")


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class MapSettings:
    """The part of the earth that the home page's map shows, and how entities find their place on it."""

    at: Location
    identifier: Ref = _doc(
        "The key of `identifiers` whose ids are two-letter codes of ISO 3166-1.", example="iso3166"
    )
    west: Longitude = _doc("The western edge, in degrees east of Greenwich.", example="-12")
    south: Latitude = _doc("The southern edge, in degrees north of the equator.", example="54")
    east: Longitude = _doc("The eastern edge, in degrees east of Greenwich.", example="-4.5")
    north: Latitude = _doc("The northern edge, in degrees north of the equator.", example="59")


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class WikiSettings:
    """What this wiki is about and which words its records may use."""

    at: Location
    name: Text = _doc("The site's name.", example="The Skarn Islands")
    tagline: Text = _doc(
        "The site in one sentence.", example="What the papers report about the islands, claim by claim."
    )
    introduction: Prose = _doc(
        "What a newcomer reads first.", example="Start from an island, and follow any claim to its source."
    )
    repository: Url = _doc(
        "The address of the repository, for edit links.", example="https://github.com/example/skarn"
    )
    branch: Text = _doc("The branch that edits go to.", example="main")
    kinds: tuple[Kind, ...] = _doc("The kinds of entities.", keyed=True)
    topics: tuple[Topic, ...] = _doc("The topics of claims.", keyed=True)
    facts: tuple[FactType, ...] = _opt("The key facts.", (), keyed=True)
    relations: tuple[RelationType, ...] = _doc("The types of relations.", keyed=True)
    identifiers: tuple[IdentifierType, ...] = _opt("Databases with ids.", (), keyed=True)
    map: MapSettings | None = _opt("The map on the home page.")
    quotation: QuotationPolicy = _doc("The quotation policy.")
