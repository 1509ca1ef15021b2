"""The small pieces that pages are made of, as Markdown seen from one page: links, cites, prose, dates.

Everything that comes from a record is encoded here or by the templates' environment; `Markup` marks
what is Markdown already.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from markupsafe import Markup

from build_tools.addresses import entity_page, relative, seed_page, site_address
from build_tools.cite import Checked, CheckedCite, CitedStatement
from build_tools.dates import in_words
from build_tools.link import LinkedWiki
from build_tools.prose import Link, Part, Plain, Prose, encode, encode_inside, plain_text
from build_tools.records import Alias, Claim, Fact, Passage, Quote, Relation
from build_tools.validate import Seed
from build_tools.values import Language, Ref, Text, When

# What a cite says of itself, in a word; the title of the link says it in full.
CHECK_WORDS = {Checked.TEXT: "text", Checked.SEAL: "seal", Checked.NOT: "not checked"}
CHECK_CLASSES = {Checked.TEXT: "text", Checked.SEAL: "seal", Checked.NOT: "unchecked"}


@dataclass(frozen=True, slots=True)
class Inline:
    """Writes inline Markdown for the page at `path`, its links relative to that page."""

    wiki: LinkedWiki
    path: str

    def to(self, page: str, anchor: str = "") -> str:
        """The relative address of a page, with an anchor."""
        if page == self.path:
            return f"#{anchor}" if anchor else posixpath.basename(page)
        target = relative(page, self.path)
        return f"{target}#{anchor}" if anchor else target

    def address(self, page: str, anchor: str = "") -> Markup:
        """The relative address of a page on the built site, for HTML that Markdown leaves as it is."""
        if page == self.path:
            return Markup(f"#{anchor}")
        up = "../" * site_address(self.path).count("/")
        address = f"{up}{site_address(page)}" or "./"
        return Markup(f"{address}#{anchor}" if anchor else address)

    def page(self, page: str, label: str, anchor: str = "") -> Markup:
        """A link to a page under a label."""
        return Markup(f"[{encode(label)}]({self.to(page, anchor)})")

    def entity(self, id_: str, label: str | None = None, anchor: str = "") -> Markup:
        """A link to an entity; only its name on the entity's own page."""
        page = entity_page(self.wiki, id_)
        text = label or self.wiki.names[id_]
        if page == self.path and not anchor:
            return Markup(encode(text))
        return self.page(page, text, anchor)

    def refs(self, refs: tuple[Ref, ...]) -> Markup:
        """Links to entities, joined by commas."""
        return Markup(", ").join(self.entity(ref.id) for ref in refs)

    def seed(self, seed: Seed, anchor: str = "") -> Markup:
        """A link to a seed under its short label."""
        return self.page(seed_page(seed.id), seed.record.short.text, anchor)

    def prose(self, prose: Prose) -> Markup:
        """The prose, its links resolved."""
        first, *rest = prose.parts or (Plain(""),)
        start = encode(first.text) if isinstance(first, Plain) else ""
        if start and isinstance(first, Plain) and first.text.endswith(" ") and rest:
            start += " "
        return Markup(start + "".join(self._part(part) for part in (rest if start else prose.parts)))

    def _part(self, part: Part) -> str:
        if isinstance(part, Plain):
            # A stretch may begin or end with the space that parts it from its neighbour.
            before = " " if part.text[:1] == " " else ""
            after = " " if part.text[-1:] == " " and part.text.strip() else ""
            return before + encode_inside(part.text) + after
        if isinstance(part, Link):
            return self.entity(part.target, part.label)
        # Tags rather than asterisks: asterisks beside other marks are read in too many ways.
        tag = "strong" if part.strong else "em"
        return f"<{tag}>{''.join(self._part(inner) for inner in part.parts)}</{tag}>"

    def plain(self, prose: Prose) -> str:
        """The prose without markup."""
        return plain_text(prose, self.wiki.names)

    def pointer(self, cited: CitedStatement) -> Markup:
        """A statement as met away from its place: the entity, linked to it, and the sentence."""
        statement, record = cited.statement, cited.statement.record
        subject = self.entity(statement.entity, anchor=statement.anchor)
        if isinstance(record, Relation):
            label = next(t.label.text for t in self.wiki.settings.relations if t.key.id == record.type.id)
            return subject + Markup(f" {encode(label)} ") + self.entity(record.to.id)
        if isinstance(record, Alias):
            return subject + Markup(f" is also called {encode(record.name.text)}")
        if isinstance(record, Fact):
            label = next(f.label.text for f in self.wiki.settings.facts if f.key.id == record.fact.id)
            when = Markup(f" ({encode(in_words(record.when.date.text))})") if record.when else Markup("")
            return subject + Markup(f", {encode(label.lower())}: ") + self.prose(record.value) + when
        if isinstance(record, Quote):
            return subject + Markup(f": \u201c{encode(record.text.text)}\u201d")
        return subject + Markup(": ") + self.voice(cited) + self.prose(record.text)

    def voice(self, cited: CitedStatement) -> Markup:
        """Whose assertion a claim is, to whom; nothing where it is the source's own."""
        record = cited.statement.record
        if not isinstance(record, Claim) or record.said_by is None:
            return Markup("")
        heard = f", to {self.entity(record.said_to.id)}" if record.said_to else ""
        through = f", as told by {self.entity(record.via.id)}" if record.via else ""
        return Markup(f'<span class="voice">{self.entity(record.said_by.id)}{heard}{through}:</span> ')

    def cite_label(self, found: CheckedCite) -> str:
        """A cite in plain words: its role unless it supports, the source, the passage, how it was checked."""
        where = f" \u00b6{found.passage.id[1:]}" if found.passage else ""
        where += f":{found.cite.span}" if found.cite.span else ""
        role = "" if found.cite.role.value == "supports" else f"{found.cite.role}: "
        return f"{role}{found.seed.record.short}{where} \u00b7 {CHECK_WORDS[found.checked]}"

    def cite(self, found: CheckedCite, *, gist: bool = True) -> Markup:
        """A cite, linked to the passage; on hovering, how it was checked, and if asked the gist."""
        title = self.plain(found.passage.gist) if found.passage else "the wiki does not hold this source"
        title = f"{title} ({found.checked})" if gist else str(found.checked)
        anchor = found.passage.id if found.passage else "_cited"
        target = self.to(seed_page(found.seed.id), anchor)
        css = f".cite .cite-{CHECK_CLASSES[found.checked]}"
        return Markup(f'[{encode(self.cite_label(found))}]({target} "{encode(title)}"){{: {css} }}')

    def cites(self, cited: CitedStatement) -> Markup:
        """All cites of a statement, side by side, each with its fragment and note."""
        pieces: list[str] = []
        for found in cited.cites:
            piece = str(self.cite(found))
            if found.cite.quote:
                piece += f' <q class="fragment">{encode(found.cite.quote.text)}</q>'
            if found.cite.note:
                piece += f' <span class="cite-note">{self.prose(found.cite.note)}</span>'
            pieces.append(piece)
        return Markup(" ".join(pieces))

    def when(self, when: When | None, resolved_from: Text | None = None) -> Markup:
        """A date in words; where it was worked out, the source's own words with it."""
        if when is None:
            return Markup("")
        words = f'<span class="date">{encode(in_words(when.date.text))}</span>'
        if resolved_from is None:
            return Markup(f'<span class="when">{words}</span>')
        said = encode(f"({resolved_from})")
        return Markup(f'<span class="when resolved">{words} <span class="resolved-from">{said}</span></span>')

    def lang(self, text: str, language: Language | None) -> Markup:
        """Text in its language."""
        if language is None:
            return Markup(encode(text))
        return Markup(f'<span lang="{encode(language.tag)}">{encode(text)}</span>')

    def passage_label(self, seed: Seed, passage: Passage) -> Markup:
        """A link to a passage: `Times 2025 ¶10`."""
        label = f"{seed.record.short} \u00b6{passage.id[1:]}"
        return self.page(seed_page(seed.id), label, passage.id)
