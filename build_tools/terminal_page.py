"""What there is to say of an entity, a seed, a statement or a passage, in lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from build_tools.amounts import amount
from build_tools.cite import CheckedCite, CitedStatement, CitedWiki
from build_tools.coverage import runs_cited
from build_tools.dates import in_words
from build_tools.excerpt import printable
from build_tools.languages import language_name
from build_tools.pages.views import EntityView, OpenQuestion, Views, seed_title
from build_tools.problems import Code, Location, Problem, did_you_mean
from build_tools.prose import Prose, plain_text
from build_tools.records import Alias, Claim, Entity, Fact, Passage, Quote, Relation
from build_tools.validate import Seed
from build_tools.values import Ref, Role, Text, When

_STEP = 2  # columns that what belongs to a line stands in from it
_HANG = 4  # columns that a line goes on in: more than what belongs to it, so that the two are told apart
_LEAST = 20  # columns of text, however deep and narrow
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


@dataclass(frozen=True, slots=True)
class Line:
    """A line, how deep it stands, and whether it is a heading; an empty one parts what is around it."""

    text: str = ""
    depth: int = 0
    heading: bool = False


def laid_out(lines: Iterable[Line], *, width: int | None = None, bold: bool = False) -> str:
    """The lines as text, wrapped to so many columns of a terminal if `width` is given.

    Nothing that a record says can start a line of its own or send the terminal a command. Wide
    characters take two columns and combining marks none.
    """
    import wcwidth

    rows: list[str] = []
    for line in lines:
        text, indent = printable(line.text), " " * (_STEP * line.depth)
        wrapped = [indent + text]
        if width is not None and text:
            wrapped = wcwidth.wrap(
                text,
                max(width, len(indent) + _LEAST),
                control_codes="ignore",
                initial_indent=indent,
                subsequent_indent=indent + " " * _HANG,
                break_on_hyphens=False,
                propagate_sgr=False,
            )
        for row in wrapped:
            rows.append(f"{_BOLD}{row}{_PLAIN}" if bold and line.heading and text else row.rstrip())
    return "".join(f"{row}\n" for row in rows)


def page_of(wiki: CitedWiki, wanted: str) -> tuple[tuple[Line, ...], tuple[Problem, ...]]:
    """The page of an entity, seed, statement (`entity#claim`) or passage (`seed#p3`), or why there is none.

    An entity may be called by any of its names and former ids, a seed by its label.
    """
    writer = _Writer(wiki)
    called = _Called(wiki)
    head, mark, tail = wanted, "", ""
    found = called.find(wanted)
    if found is None:
        head, mark, tail = wanted.rpartition("#")
        found = called.find(head) if mark else None
    if found is None:
        return (), (called.problem(head or wanted),)
    if isinstance(found, Entity) and found.kind not in {kind.key.id for kind in wiki.linked.settings.kinds}:
        message, hint = f"no kind of entity has the folder `{found.kind}`", "move the file: see `wiki check`"
        return (), (Problem(Location(found.path), Code.UNEXPECTED_FILE, message, hint),)
    if not mark:
        return tuple(writer.entity(found) if isinstance(found, Entity) else writer.seed(found)), ()
    if isinstance(found, Seed):
        passage = found.passage(tail)
        if passage is not None:
            return tuple(writer.passage(found, passage)), ()
        hint = (
            f"its passages are p1 to {found.passages[-1].id}" if found.passages else "it has no passages here"
        )
        problem = Problem(Location("ID"), Code.UNKNOWN_PASSAGE, f"`{found.id}` has no passage `{tail}`", hint)
        return (), (problem,)
    by_id = {cited.statement.anchor: cited for cited in wiki.statements[found.id]}
    renamed = {former.id: claim.id.id for claim in found.claims for former in claim.formerly}
    renamed |= {former.id: quote.id.id for quote in found.quotes for former in quote.formerly}
    asked = [question for question in found.questions if question.id.id == tail]
    if asked:
        return tuple(writer.question_page(found, asked[0].id.id)), ()
    cited = by_id.get(renamed.get(tail, tail))
    if cited is not None:
        return tuple(writer.statement_page(found, cited)), ()
    ids = [id_ for id_ in (*by_id, *(question.id.id for question in found.questions)) if id_[0] != "_"]
    hint = did_you_mean(tail, ids, otherwise=f"it has {', '.join(ids) or 'none'}")
    message = f"`{found.id}` has no claim, quote or question `{tail}`"
    return (), (Problem(Location("ID"), Code.UNKNOWN_TERM, message, hint),)


class _Called:
    """Entities and seeds by what they are called."""

    def __init__(self, wiki: CitedWiki) -> None:
        linked = wiki.linked
        self.by_id: dict[str, Entity | Seed] = {**linked.seeds, **linked.entities}
        self.by_name: dict[str, Entity | Seed] = {}
        for seed in linked.seeds.values():
            for text in (seed.record.short.text, seed_title(seed.record), *_ids(seed.record.formerly)):
                self.by_name.setdefault(_folded(text), seed)
        for entity in linked.entities.values():
            names = (entity.name.text, *(alias.name.text for alias in entity.also), *_ids(entity.formerly))
            for text in names:
                self.by_name[_folded(text)] = entity

    def find(self, text: str) -> Entity | Seed | None:
        return self.by_id.get(text) or self.by_name.get(_folded(text))

    def problem(self, text: str) -> Problem:
        """The problem that nothing is called so, with what comes near."""
        near = did_you_mean(_folded(text), (*self.by_id, *self.by_name), otherwise="")
        hint = (
            near or 'give the id or a name of an entity, or a seed; `wiki cite "…"` finds passages by words'
        )
        return Problem(Location("ID"), Code.UNKNOWN_TERM, f"nothing is called `{text}`", hint)


def _ids(refs: Iterable[Ref]) -> list[str]:
    return [ref.id for ref in refs]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


class _Writer:
    """Writes pages of one wiki, in lines."""

    def __init__(self, wiki: CitedWiki) -> None:
        self.wiki = wiki
        self.linked = wiki.linked
        self.views = Views(wiki)

    # ---- entities ------------------------------------------------------------------------------

    def entity(self, entity: Entity) -> Iterator[Line]:
        view = self.views.entity(entity)
        yield Line(f"{self.name(entity.id)} · {view.kind.singular}", heading=True)
        counts = [amount(view.claims, "claim"), amount(len(view.uses), "source")]
        yield Line(f"{entity.id} · {entity.at} · {' · '.join(counts)}")
        for alias, cited in view.aliases:
            yield from self.alias(alias, cited)
        for identifier in entity.identifiers:
            yield Line(f"{identifier.key.id}: {identifier.value}", 1)
        if view.summary is not None:
            yield Line()
            yield from self.statement(view.summary, 0, named=False)
        yield from self.facts(view)
        for topic in view.topics:
            yield from _headed(f"Claims: {topic.label}")
            for cited in topic.claims:
                yield from self.statement(cited, 1)
        for question in view.questions:
            yield from self.question(question)
        if view.quotes:
            yield from _headed("Quotations")
            for cited in view.quotes:
                yield from self.statement(cited, 1)
        yield from self.relations(view)
        if entity.notes:
            yield from _headed("Editors' notes")
            for note in entity.notes:
                about = f" (on {note.about.id})" if note.about else ""
                yield Line(f"{self.plain(note.text)}{about}", 1)
        yield from self.backlinks(view)

    def alias(self, alias: Alias, cited: CitedStatement | None) -> Iterator[Line]:
        language = f", {language_name(alias.language.tag)}" if alias.language else ""
        yield Line(f"also {alias.name} ({alias.kind}{language})", 1)
        if alias.note is not None:
            yield Line(f"note: {self.plain(alias.note)}", 2)
        if cited is not None:
            yield from self.cites(cited, 2)

    def facts(self, view: EntityView) -> Iterator[Line]:
        if view.facts:
            yield from _headed("Facts")
        for label, cited in view.facts:
            record = cited.statement.record
            assert isinstance(record, Fact)
            yield Line(
                _joined(f"{label}: {cited.statement.plain}", _when(record.when, record.resolved_from)), 1
            )
            yield from self.cites(cited, 2)

    def question(self, question: OpenQuestion) -> Iterator[Line]:
        yield from _headed(f"Where sources differ: {question.question.text}")
        for cited in question.answers:
            yield from self.statement(cited, 1)
        prefer, reason = question.question.prefer, question.question.reason
        if prefer is None:
            yield Line("the editors prefer none of them", 1)
        else:
            yield Line(f"the editors prefer {prefer.id}{f': {self.plain(reason)}' if reason else ''}", 1)

    def relations(self, view: EntityView) -> Iterator[Line]:
        if view.relations:
            yield from _headed("Relations")
        for group in view.relations:
            for row in group.rows:
                record = row.cited.statement.record
                assert isinstance(record, Relation)
                other = f"{group.label} {self.name(row.other)} ({row.other})"
                stated = "" if row.given else "stated there"
                yield Line(_joined(other, _when(record.when, record.resolved_from), stated), 1)
                if record.note is not None:
                    yield Line(f"note: {self.plain(record.note)}", 2)
                yield from self.cites(row.cited, 2)

    def backlinks(self, view: EntityView) -> Iterator[Line]:
        further = sum(len(page) for page in view.further)
        if view.backlinks:
            yield from _headed("Mentioned by")
        for cited in view.backlinks:
            yield Line(f"{_address(cited)}  {cited.statement.plain}", 1)
        if further:
            yield Line(f"and {further} more", 1)
        if view.published:
            yield from _headed("Published")
        for seed in view.published:
            yield Line(
                f"{seed.id}  {seed_title(seed.record)}, {in_words(seed.record.published.when.date.text)}", 1
            )

    # ---- statements ----------------------------------------------------------------------------

    def statement_page(self, entity: Entity, cited: CitedStatement) -> Iterator[Line]:
        """The page of a claim or quote: everything that its record says, and how its cites were checked."""
        statement = cited.statement
        yield Line(f"{self.name(entity.id)}: {statement.kind} {statement.anchor}", heading=True)
        yield Line(str(statement.at))
        yield Line()
        yield from self.statement(cited, 0, named=False, whole=True)
        links = dict.fromkeys(statement.links)
        if links:
            yield from _headed("Links to")
            for id_ in links:
                yield Line(f"{id_}  {self.name(id_)}", 1)
        notes = [note for note in entity.notes if note.about and note.about.id == statement.anchor]
        if notes:
            yield from _headed("Editors' notes")
            for note in notes:
                yield Line(self.plain(note.text), 1)

    def question_page(self, entity: Entity, id_: str) -> Iterator[Line]:
        """The page of a question: its answers beside each other."""
        view = self.views.entity(entity)
        (question,) = (each for each in view.questions if each.question.id.id == id_)
        yield Line(f"{self.name(entity.id)}: question {id_}", heading=True)
        yield Line(str(question.question.at))
        yield from self.question(question)

    def statement(
        self, cited: CitedStatement, depth: int, *, named: bool = True, whole: bool = False
    ) -> Iterator[Line]:
        """A claim, quote or summary with its cites; `whole` tells of each cite how it was checked, too."""
        record, plain = cited.statement.record, cited.statement.plain
        text = f"“{plain}”" if isinstance(record, Quote) else plain
        yield Line(f"{cited.statement.anchor}  {text}" if named else text, depth)
        for detail in self.details(record):
            yield Line(detail, depth + 1)
        yield from self.cites(cited, depth + 1, whole=whole)

    def details(self, record: object) -> Iterator[str]:
        """What a claim or quote says of itself besides its text."""
        if not isinstance(record, Claim | Quote):
            return
        said_by = record.said_by if isinstance(record, Claim) else None
        about = record.about if isinstance(record, Quote) else ()
        people = [
            f"said by {self.name(said_by.id)}" if said_by else "",
            f"to {self.name(record.said_to.id)}" if record.said_to else "",
            f"by way of {self.name(record.via.id)}" if record.via else "",
            f"about {', '.join(self.name(ref.id) for ref in about)}" if about else "",
        ]
        topics = ", ".join(ref.id for ref in record.topics)
        line = _joined(
            *people, _when(record.when, record.resolved_from), f"topics: {topics}" if topics else ""
        )
        if line:
            yield line
        if isinstance(record, Claim):
            if record.derived is not None:
                yield f"derived: {self.plain(record.derived)}"
            if record.question is not None:
                yield f"answers {record.question.id}"
            if record.series:
                yield "series: " + "; ".join(
                    f"{p.value} in {in_words(p.when.date.text)}" for p in record.series
                )

    def cites(self, cited: CitedStatement, depth: int, *, whole: bool = False) -> Iterator[Line]:
        for found in cited.cites:
            cite = found.cite
            role = f" ({cite.role})" if cite.role is not Role.SUPPORTS else ""
            checked = f" [{found.checked}]" if whole or found.passage is None else ""
            yield Line(f"{_cite(found)}{role}{checked}  {self.gist(found)}", depth)
            if cite.quote is not None:
                around = [
                    f"after “{cite.prefix}”" if cite.prefix else "",
                    f"before “{cite.suffix}”" if cite.suffix else "",
                ]
                yield Line(_joined(f"“{cite.quote}”", *around), depth + 1)
            if cite.note is not None:
                yield Line(f"note: {self.plain(cite.note)}", depth + 1)

    def gist(self, found: CheckedCite) -> str:
        if found.passage is None:
            return seed_title(found.seed.record)
        return self.plain(found.passage.gist)

    # ---- seeds ---------------------------------------------------------------------------------

    def seed(self, seed: Seed) -> Iterator[Line]:
        record = seed.record
        yield Line(f"{seed_title(record)} · Source", heading=True)
        yield Line(f"{seed.id} · {record.at}")
        if record.title.quote is not None and record.title.gloss is not None:
            yield Line(f"in English: {record.title.gloss}", 1)
        yield Line(f"cited as {record.short}", 1)
        if record.authors:
            names = (
                f"{author.name}{f' ({author.latin})' if author.latin else ''}" for author in record.authors
            )
            yield Line(f"by {', '.join(names)}", 1)
        when = in_words(record.published.when.date.text)
        note = f": {self.plain(record.published.note)}" if record.published.note else ""
        yield Line(
            f"published by {self.name(record.publisher.id)}, {when} ({record.published.basis}{note})", 1
        )
        if record.url is not None:
            seen = f", seen {in_words(record.seen.date.text)}" if record.seen else ""
            yield Line(f"{record.url}{seen}", 1)
        yield Line(f"in {language_name(record.language.tag)}", 1)
        holder = f", {record.rights.holder}" if record.rights.holder else ""
        licence = f", {record.rights.licence}" if record.rights.licence else ""
        yield Line(f"rights: {record.rights.status}{holder}{licence}; publish: {record.rights.publish}", 1)
        yield Line(self.held(seed), 1)
        for origin in record.derived_from:
            note = f": {self.plain(origin.note)}" if origin.note else ""
            yield Line(f"{origin.how} of {origin.seed.id} ({origin.basis}{note})", 1)
        if record.notes:
            yield from _headed("Editors' notes")
            for text in record.notes:
                yield Line(self.plain(text), 1)
        if seed.passages:
            yield from _headed("Passages")
        for passage in seed.passages:
            yield from self.passage_lines(seed, passage, 1)
        whole = self.wiki.resting_on.get((seed.id, None), ())
        if whole:
            yield from _headed("Cited by")
        for cited in whole:
            yield Line(f"{_address(cited)}  {cited.statement.plain}", 1)

    def held(self, seed: Seed) -> str:
        if not seed.record.held:
            return "not held: cites of it are not checked"
        words = seed.seal.words if seed.seal else 0
        quoted = self.wiki.words_quoted.get(seed.id, 0)
        here = (
            "kept in the wiki"
            if seed.kept
            else "attached on this machine"
            if seed.texts
            else "sealed, its text not here"
        )
        return f"{amount(len(seed.passages), 'passage')}, {amount(words, 'word')}, {quoted} quoted; {here}"

    def passage(self, seed: Seed, passage: Passage) -> Iterator[Line]:
        """The page of a passage: its gist, what rests on it, its words where they are at hand."""
        yield Line(f"{seed_title(seed.record)}: {passage.id}", heading=True)
        yield Line(f"{seed.id}#{passage.id} · {passage.key.at}")
        yield Line()
        yield from self.passage_lines(seed, passage, 0)
        seal = seed.seal_of(passage)
        if seal is not None and seal.figures:
            yield Line(f"figures: {', '.join(f'{word} ({place + 1})' for place, word in seal.figures)}")
        if seal is not None and seal.names:
            yield Line(f"names: {', '.join(f'{word} ({place + 1})' for place, word in seal.names)}")
        text = seed.texts.get(passage.id)
        if text:
            yield from _headed("Its words, attached on this machine" if not seed.kept else "Its words")
            yield Line(text, 1)

    def passage_lines(self, seed: Seed, passage: Passage, depth: int) -> Iterator[Line]:
        seal = seed.seal_of(passage)
        resting = self.wiki.resting_on.get((seed.id, passage.id), ())
        about = _joined(
            str(passage.kind),
            amount(seal.words, "word") if seal else "",
            f"speakers: {', '.join(self.name(ref.id) for ref in passage.speakers)}"
            if passage.speakers
            else "",
        )
        yield Line(f"{passage.id}  {self.plain(passage.gist)}", depth)
        yield Line(about, depth + 1)
        if passage.opens is not None:
            yield Line(f"opens: “{passage.opens}”", depth + 1)
        if passage.unused is not None:
            yield Line(f"unused: {self.plain(passage.unused)}", depth + 1)
        for cited in resting:
            runs, whole = runs_cited(cited, seed, passage)
            words = ", ".join(f"{first}-{last}" for first, last in runs)
            where = f" [words {words}]" if words and not whole else ""
            yield Line(f"{_address(cited)}{where}  {cited.statement.plain}", depth + 1)

    # ---- words ---------------------------------------------------------------------------------

    def name(self, id_: str) -> str:
        return self.linked.names.get(id_, id_)

    def plain(self, prose: Prose) -> str:
        return plain_text(prose, self.linked.names)


def _headed(text: str) -> Iterator[Line]:
    yield Line()
    yield Line(text, heading=True)


def _address(cited: CitedStatement) -> str:
    """What to ask for to see the statement; of one without an id, its entity and what it is there."""
    statement = cited.statement
    if statement.anchor.startswith("_"):
        return f"{statement.entity} ({statement.kind})"
    return f"{statement.entity}#{statement.anchor}"


def _cite(found: CheckedCite) -> str:
    passage = f"#{found.passage.id}" if found.passage else ""
    return f"{found.seed.id}{passage}{f':{found.cite.span}' if found.cite.span else ''}"


def _when(when: When | None, resolved_from: Text | None) -> str:
    if when is None:
        return ""
    return f"{in_words(when.date.text)}{f' (from “{resolved_from}”)' if resolved_from else ''}"


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
