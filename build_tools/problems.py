"""What the checker finds: a place, a code, a message and a repair, as plain values."""

from __future__ import annotations

import difflib
import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Severity(enum.StrEnum):
    """An error keeps the wiki from being written; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Code(enum.Enum):
    """Every kind of problem: its code, its severity and what it means to a contributor."""

    # Files
    NOT_UTF8 = ("not-utf8", Severity.ERROR, "The file is not UTF-8 text.")
    FORBIDDEN_CHARACTER = (
        "forbidden-character",
        Severity.ERROR,
        "A control, bidirectional or zero-width character: invisible, and able to mislead a reviewer.",
    )
    FILE_TOO_BIG = (
        "file-too-big",
        Severity.ERROR,
        "A data file may hold at most 1 MB, any other file of a pull request at most 5 MB.",
    )
    FIELD_TOO_LONG = ("field-too-long", Severity.ERROR, "A field may hold at most 20 KB.")
    EMPTY_FILE = ("empty-file", Severity.ERROR, "The file holds no data.")
    MISSING_FILE = ("missing-file", Severity.ERROR, "A file that the wiki needs is not there.")
    UNEXPECTED_FILE = ("unexpected-file", Severity.ERROR, "A file where none of its name belongs.")
    UNREADABLE_FILE = ("unreadable-file", Severity.ERROR, "The system would not let the file be read.")
    SYMLINK = (
        "symlink",
        Severity.ERROR,
        "Links are refused below entities/, seeds/ and docs/, and everywhere in a pull request.",
    )
    BAD_ID = ("bad-id", Severity.ERROR, "An id is lower-case ASCII words joined by single hyphens.")
    ID_CLASH = ("id-clash", Severity.ERROR, "Two things claim one id.")
    # YAML
    YAML_SYNTAX = ("yaml-syntax", Severity.ERROR, "The file is not well-formed YAML.")
    YAML_FEATURE = (
        "yaml-feature",
        Severity.ERROR,
        "Anchors, aliases, tags, merge keys and several documents in one file are refused.",
    )
    COMMENT_IN_TEXT = (
        "comment-in-text",
        Severity.ERROR,
        "A `#` after a space makes a comment of what seems to be the rest of a text, and it is lost.",
    )
    TOO_DEEP = ("too-deep", Severity.ERROR, "Lists and mappings may be nested 64 levels deep.")
    DUPLICATE_KEY = ("duplicate-key", Severity.ERROR, "A mapping has the same key twice.")
    # Shape
    MISSING_KEY = ("missing-key", Severity.ERROR, "A required key is not there.")
    UNKNOWN_KEY = ("unknown-key", Severity.ERROR, "A key that the record does not have.")
    WRONG_SHAPE = ("wrong-shape", Severity.ERROR, "A list, mapping or text where another belongs.")
    EMPTY_VALUE = ("empty-value", Severity.ERROR, "A key without a value.")
    BAD_VALUE = ("bad-value", Severity.ERROR, "A value outside of those the field allows.")
    BAD_DATE = ("bad-date", Severity.ERROR, "A date that is not EDTF, or that no calendar has.")
    BAD_URL = ("bad-url", Severity.ERROR, "An address that is not http or https.")
    BAD_PROSE = ("bad-prose", Severity.ERROR, "Markup in prose that is not closed or not allowed.")
    MARKUP_AS_TEXT = (
        "markup-as-text",
        Severity.WARNING,
        "Markup that prose does not know; readers see it as typed.",
    )
    BAD_CITE = ("bad-cite", Severity.ERROR, "A cite that is not `<seed>#p<n>`.")
    # Links
    UNKNOWN_ENTITY = ("unknown-entity", Severity.ERROR, "A reference to an entity that does not exist.")
    UNKNOWN_SEED = ("unknown-seed", Severity.ERROR, "A reference to a seed that does not exist.")
    UNKNOWN_PASSAGE = ("unknown-passage", Severity.ERROR, "A cite of a passage that the seed lacks.")
    UNSETTLED_CITE = (
        "unsettled-cite",
        Severity.ERROR,
        "A cite of a passage that changed when its seed was renewed: a person has to look.",
    )
    UNKNOWN_TERM = (
        "unknown-term",
        Severity.ERROR,
        "A topic, fact, identifier, relation type, question or claim that is not defined.",
    )
    WRONG_KINDS = (
        "wrong-kinds",
        Severity.ERROR,
        "A relation or fact that does not fit the kind of the entities it joins.",
    )
    ALIAS_CLASH = ("alias-clash", Severity.ERROR, "Two entities claim the same name.")
    SELF_RELATION = ("self-relation", Severity.ERROR, "A relation from an entity to itself.")
    DUPLICATE_RELATION = ("duplicate-relation", Severity.ERROR, "The same relation is stated twice.")
    CIRCULAR_CHAIN = ("circular-chain", Severity.ERROR, "A seed that derives from itself.")
    LONE_ANSWER = (
        "lone-answer",
        Severity.WARNING,
        "A question is open only where two claims or more answer it.",
    )
    ORPHAN = ("orphan", Severity.WARNING, "An entity that nothing is said of and nothing links to.")
    # Evidence
    UNSOURCED = ("unsourced", Severity.ERROR, "A claim, quote, relation, fact or summary without a cite.")
    HEADING_AS_EVIDENCE = (
        "heading-as-evidence",
        Severity.ERROR,
        "A heading names a section; it is not evidence for a claim.",
    )
    QUOTE_NOT_FOUND = (
        "quote-not-found",
        Severity.ERROR,
        "The quoted words do not occur, whole and in order, in the cited passage.",
    )
    QUOTE_TOO_SHORT = (
        "quote-too-short",
        Severity.ERROR,
        "A seal vouches for runs of at least four words; shorter ones need the text.",
    )
    AMBIGUOUS_QUOTE = (
        "ambiguous-quote",
        Severity.WARNING,
        "Quoted words that the passage has more than once, and no word on which are meant.",
    )
    UNGUARDED_EDGE = (
        "unguarded-edge",
        Severity.WARNING,
        "A short quotation whose first or last word a seal can hardly vouch for without the words around it.",
    )
    NEEDLESS_MARKS = (
        "needless-marks",
        Severity.WARNING,
        "Quotation marks around a whole text: a claim is in our words, a quotation gets its marks from us.",
    )
    NOT_SPOKEN = (
        "not-spoken",
        Severity.WARNING,
        "Words given as somebody's that stand outside of the source's quotation marks.",
    )
    SPEAKER_NOT_NAMED = (
        "speaker-not-named",
        Severity.WARNING,
        "A passage is said to report a speaker whom it does not name.",
    )
    ATTRIBUTION_DROPPED = (
        "attribution-dropped",
        Severity.WARNING,
        "A claim in the wiki's own voice that rests on words which the source gives as somebody's.",
    )
    SPEAKER_NOT_REPORTED = (
        "speaker-not-reported",
        Severity.ERROR,
        "The cited passage does not report this speaker as speaking.",
    )
    WRONG_PASSAGE = (
        "wrong-passage",
        Severity.ERROR,
        "The cited passage lacks what is said or quoted, and another passage has all of it.",
    )
    FIGURE_NOT_IN_PASSAGE = (
        "figure-not-in-passage",
        Severity.ERROR,
        "A figure of ours that the cited passages do not have, and no word on how it was worked out.",
    )
    SERIES_NOT_IN_CLAIM = (
        "series-not-in-claim",
        Severity.ERROR,
        "A series to draw whose figures or dates are not those of its claim, or do not make a series.",
    )
    HEDGE_DROPPED = (
        "hedge-dropped",
        Severity.WARNING,
        "A figure that its passage hedges (nearly, at least), stated without the hedge or with the opposite.",
    )
    FIGURES_DISAGREE = (
        "figures-disagree",
        Severity.WARNING,
        "Two claims give different figures for what seems to be the same, and answer no common question.",
    )
    CROWDED_EVIDENCE = (
        "crowded-evidence",
        Severity.WARNING,
        "Many claims rest on the very same words: some of them may say more than these words do.",
    )
    TWO_CLAIMS = (
        "two-claims",
        Severity.WARNING,
        "A claim of several sentences: each wants an address and evidence of its own.",
    )
    BROAD_CLAIM = (
        "broad-claim",
        Severity.WARNING,
        "A claim without one figure or name of the passage it cites: it may say more than the passage does.",
    )
    ONE_ORIGIN = (
        "one-origin",
        Severity.WARNING,
        "A claim cites several seeds that all descend from one: they are no independent witnesses.",
    )
    STALE_PRESENT = (
        "stale-present",
        Severity.WARNING,
        "A claim in the present tense, without a date, that rests on old seeds only.",
    )
    SPAN_NEEDED = (
        "span-needed",
        Severity.WARNING,
        "A figure of a passage that has others of its kind: only a span says which one is meant.",
    )
    DATE_NOT_IN_PASSAGE = (
        "date-not-in-passage",
        Severity.ERROR,
        "A date of ours that the cited passages do not have, and no word on what it was resolved from.",
    )
    NAME_NOT_IN_PASSAGE = (
        "name-not-in-passage",
        Severity.ERROR,
        "A name in our sentence that the cited passages do not have, under any of its forms.",
    )
    COPIED_WORDS = (
        "copied-words",
        Severity.ERROR,
        "Eight or more words of a passage, in order, in prose that should be ours.",
    )
    QUOTE_OVER_BUDGET = ("quote-over-budget", Severity.ERROR, "A quotation longer than the policy allows.")
    SHARE_OVER_BUDGET = (
        "share-over-budget",
        Severity.ERROR,
        "The quotations from one seed add up to more of it than the policy allows.",
    )
    UNUSED_PASSAGE = (
        "unused-passage",
        Severity.WARNING,
        "A passage that nothing rests on, and no reason given.",
    )
    NEEDLESS_REASON = (
        "needless-reason",
        Severity.WARNING,
        "A passage is said to be unused, but something rests on it.",
    )
    NEEDLESS_WAIVER = (
        "needless-waiver",
        Severity.ERROR,
        "A waiver in waivers.yml that sets aside nothing, or an error, which nothing can.",
    )
    # Seals
    BAD_SEAL = ("bad-seal", Severity.ERROR, "A seal that is damaged, edited, or of another seed or version.")
    SEAL_MISMATCH = (
        "seal-mismatch",
        Severity.ERROR,
        "The seal, the passages file and the attached text do not speak of the same passages.",
    )
    # Capturing
    BAD_CAPTURE = ("bad-capture", Severity.ERROR, "A captured article that cannot be read into passages.")
    EXISTS_ALREADY = ("exists-already", Severity.ERROR, "A seed of this id is there already.")
    # Comparing
    UNKNOWN_REVISION = (
        "unknown-revision",
        Severity.ERROR,
        "A commit to compare with that git does not have here, or no repository at all.",
    )
    # Writing
    CANNOT_WRITE = ("cannot-write", Severity.ERROR, "The system would not let the output be written.")
    LOCKED = ("locked", Severity.ERROR, "Another build is writing at this moment.")
    PAGE_CLASH = ("page-clash", Severity.ERROR, "Two sources for one page.")
    # Pull requests
    UNREADABLE_CHANGE = (
        "unreadable-change",
        Severity.ERROR,
        "Git cannot say what the change does: there is no repository, or no common history.",
    )
    CHANGE_TOO_BIG = ("change-too-big", Severity.ERROR, "A change of more than a person can review.")
    BAD_FILE_NAME = (
        "bad-file-name",
        Severity.ERROR,
        "A file whose name holds line ends, markup, invisible or other characters than plain names have.",
    )
    ACTING_FILE = (
        "acting-file",
        Severity.ERROR,
        "A file that acts by itself (a workflow, a test's or Python's set-up), in a change from outside.",
    )
    SEAL_DELETED = ("seal-deleted", Severity.ERROR, "A change from outside takes the seal of a source away.")
    SEAL_EDITED = ("seal-edited", Severity.ERROR, "A seal changed without a new capture of its article.")
    BAD_REPORT = (
        "bad-report",
        Severity.ERROR,
        "The report of a review is damaged, too big, or not of the documented form.",
    )
    FORGE_REFUSED = ("forge-refused", Severity.ERROR, "GitHub would not answer what it was asked.")
    # External links
    DEAD_ADDRESS = ("dead-address", Severity.WARNING, "An address outside of the site that leads nowhere.")
    MOVED_ADDRESS = (
        "moved-address",
        Severity.WARNING,
        "An address outside of the site that has moved for good.",
    )
    NEEDLESS_EXCEPTION = (
        "needless-exception",
        Severity.WARNING,
        "An exception in links.yml for an address that the wiki does not have, or that answers again.",
    )
    # Site
    SITE_BUILD = ("site-build", Severity.ERROR, "The site generator refused the pages.")
    SEARCH_INDEX = ("search-index", Severity.ERROR, "The index of the search could not be made.")
    DEAD_LINK = ("dead-link", Severity.ERROR, "A link or asset of the site that leads nowhere.")
    DEAD_ANCHOR = ("dead-anchor", Severity.ERROR, "A link to an anchor that its page lacks.")
    DUPLICATE_ANCHOR = ("duplicate-anchor", Severity.ERROR, "Two elements of one page with the same id.")
    FORBIDDEN_HTML = (
        "forbidden-html",
        Severity.ERROR,
        "An element, attribute or address scheme that the site does not allow.",
    )
    OTHER_HOST = ("other-host", Severity.ERROR, "A page that would load something from another host.")

    def __init__(self, text: str, severity: Severity, meaning: str) -> None:
        self.text = text
        self.severity = severity
        self.meaning = meaning

    def __str__(self) -> str:
        return self.text


_new = tuple.__new__  # what calling the class does in the end


class Location(NamedTuple):
    """A place in a file: path from the wiki's root, line and column counted from 1 in characters.

    A tuple, since a wiki has millions of them: it is made, compared and copied in half of the time.
    """

    path: str
    line: int = 1
    column: int = 1

    def right(self, characters: int) -> Location:
        """The place that many characters further on the line."""
        return _new(Location, (self.path, self.line, self.column + characters))

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: where, what kind, what is wrong, and how to mend it."""

    at: Location
    code: Code
    message: str
    hint: str = ""

    @property
    def severity(self) -> Severity:
        return self.code.severity

    @property
    def sort_key(self) -> tuple[str, int, int, str, str, str]:
        return (self.at.path, self.at.line, self.at.column, self.code.text, self.message, self.hint)


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems without repetitions, sorted by path, line, column and code."""
    return tuple(sorted(set(problems), key=lambda problem: problem.sort_key))


def has_errors(problems: Iterable[Problem]) -> bool:
    """True if one of the problems keeps the wiki from being written."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def nearest(wanted: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like `wanted`, if any is alike enough to be what was meant."""
    matches = difflib.get_close_matches(wanted, sorted(set(candidates)), n=1, cutoff=0.6)
    return matches[0] if matches else None


def did_you_mean(wanted: str, candidates: Iterable[str], *, otherwise: str) -> str:
    """A hint naming the nearest candidate, or `otherwise` where none is near."""
    near = nearest(wanted, candidates)
    return f"did you mean `{near}`?" if near else otherwise
