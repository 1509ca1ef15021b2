"""A captured article cut into numbered passages, page furniture left out, broken paragraphs joined.

What is left out is returned with its lines and the reason, so that nothing disappears unseen; lines
can be kept or left out by hand, and the choice is stored in the seed's record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from build_tools.values import LineSpan

# A line of nothing but these is a row of buttons.
_SHARING = frozenset(
    "vk x ok whatsapp telegram facebook twitter linkedin email e-mail mail print pinterest reddit viber "
    "messenger instagram threads bluesky mastodon xing share tweet copy link save pocket line wechat weibo "
    "signal skype tumblr flipboard rss comment comments like".split()
)
# From such a line on, the page speaks of other things than the article.
_AFTER = re.compile(
    r"(?i)\W*(?:read (?:also|more|next)|see also|related(?: (?:articles|stories|posts|news))?"
    r"|more (?:from|on|stories)"
    r"|you (?:may|might) (?:also )?like|recommended|most (?:read|popular)|latest news|write a comment"
    r"|leave a (?:comment|reply)|(?:\d+ )?comments?|subscribe|sign up|newsletter|about the author|tags"
    r"|share this)\b[^.]{0,60}:?\W*"
)
_COMMENTS = re.compile(r"(?i)\W*comments?\W*")
_SOURCE = re.compile(r"(?i)\W*(?:source|quelle|источник|kaynak)\s*:\s*(.{1,80})")
_BYLINE = re.compile(r"(?i)\W*(?:by|author|von|yazan|автор)\b[ :].{1,100}")
_CLICK = re.compile(
    r"(?i)\W*(?:click|tap) to (?:enlarge|zoom|expand)\W*|\W*(?:advertisement|photo|image)s?[^\w.]*"
)
# Nothing that could end a sentence or make a figure: a paragraph's last line may be "2023." or "16%".
_PAGE_NUMBER = re.compile(r"(?i)[\s\[(|·•–—-]*(?:page\s+)?\d+(?:\s*(?:of|/)\s*\d+)?[\s\])|·•–—-]*")
_LINK_ONLY = re.compile(r"\s*(?:!?\[(?:!\[[^\]]*\]\([^)]*\))?[^\]]*\]\([^)]*\)\s*)+")
_LINK = re.compile(r"(!?)\[([^\[\]]*)\]\([^()\s]*(?:\s\"[^\"]*\")?\)")
# A word broken over two lines; before a capital or a digit the hyphen is the word's own.
_BROKEN_WORD = re.compile(r"([^\W_])([-\u00ad\u2010])\n([^\W_])")
_HASHES = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*$")
_SENTENCE_END = re.compile(r"[.!?\u2026][\"'\u201d\u2019\u00bb)\]]*\s*$")
_STRONG = re.compile(r"(\*\*|__)(.+)\1")


@dataclass(frozen=True, slots=True, kw_only=True)
class CutPassage:
    """One passage as cut: its id, its text on one line, and the lines of the file it stands on."""

    id: str
    text: str
    heading: bool
    lines: LineSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Lines of the file that are no part of the article, and why."""

    lines: LineSpan
    text: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A captured article: its title, its passages, what was left out, and the source it names."""

    title: str
    passages: tuple[CutPassage, ...]
    left_out: tuple[LeftOut, ...]
    named_source: str | None


@dataclass(frozen=True, slots=True)
class _Block:
    lines: LineSpan
    text: str
    hashes: int


def cut(text: str, *, leave_out: Iterable[LineSpan] = (), keep: Iterable[LineSpan] = ()) -> Capture:
    """The article in the text of a captured page: the same text and choices give the same passages."""
    left: list[LeftOut] = []
    kept = frozenset(line for span in keep for line in range(span.first, span.last + 1))
    dropped = frozenset(line for span in leave_out for line in range(span.first, span.last + 1))
    blocks = _blocks(text, kept, dropped, left)
    title, rest = _title(blocks, kept, left)
    rest, named_source = _article(rest, kept, left)
    passages = _number(_join(rest))
    return Capture(
        title=title,
        passages=passages,
        left_out=tuple(sorted(left, key=lambda item: item.lines.first)),
        named_source=named_source,
    )


def _blocks(
    text: str, kept: frozenset[int], dropped: frozenset[int], left: list[LeftOut]
) -> tuple[_Block, ...]:
    """Paragraphs: lines up to the next blank line, without lines that are furniture by themselves."""
    blocks: list[_Block] = []
    held: list[tuple[int, str]] = []

    def flush() -> None:
        ends = [bool(_SENTENCE_END.search(line)) for _, line in held]
        if not blocks and len(held) > 1 and ends[-1] and not ends[0]:  # a title right above its text
            blocks.append(_block(held[:1]))
            del held[0]
        if held:
            blocks.append(_block(held))
            held.clear()

    for number, line in _numbered(text):
        stripped = line.strip()
        reason = "left out by hand" if number in dropped else None
        if reason is None and stripped and number not in kept:
            reason = _furniture(stripped)
        if reason:
            flush()
            left.append(LeftOut(lines=LineSpan(number, number), text=stripped, reason=reason))
        elif not stripped:
            flush()
        else:
            heading = _HASHES.match(stripped)
            if heading:
                flush()
            held.append((number, stripped))
            if heading:
                flush()
    flush()
    return tuple(blocks)


def _block(lines: Sequence[tuple[int, str]]) -> _Block:
    hashes = _HASHES.match(lines[0][1])
    text = hashes[2] if hashes else "\n".join(line for _, line in lines)
    return _Block(LineSpan(lines[0][0], lines[-1][0]), _one_line(text), len(hashes[1]) if hashes else 0)


def _numbered(text: str) -> Iterator[tuple[int, str]]:
    """The lines with the numbers an editor shows; a form feed parts them as a blank line does."""
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        for piece in line.replace("\x0c", "\n\n").split("\n"):
            yield number, piece


def _one_line(text: str) -> str:
    text = _BROKEN_WORD.sub(_rejoin, text)
    text = _LINK.sub(lambda match: "" if match[1] else match[2], text)
    text = " ".join(text.split())
    strong = _STRONG.fullmatch(text)
    return strong[2] if strong else text


def _rejoin(match: re.Match[str]) -> str:
    broken = match[2] == "\u00ad" or (match[1].isalpha() and match[3].islower())
    return f"{match[1]}{'' if broken else '-'}{match[3]}"


def _furniture(line: str) -> str | None:
    """Why a line is no part of any article; None if it may be."""
    bare = [word.strip("*_[]()#|·•,:").casefold() for word in line.split()]
    if all(word in _SHARING or not word for word in bare) and any(bare) and not _COMMENTS.fullmatch(line):
        return "share buttons"
    if _LINK_ONLY.fullmatch(line):
        return "a link or picture by itself"
    if _CLICK.fullmatch(line):
        return "a caption of the page"
    if _PAGE_NUMBER.fullmatch(line):
        return "a page number"
    if not any(character.isalnum() for character in line):
        return "a line without words"
    return None


def _title(
    blocks: tuple[_Block, ...], kept: frozenset[int], left: list[LeftOut]
) -> tuple[str, tuple[_Block, ...]]:
    """The title, and the blocks after it; what stands before a marked title is furniture."""
    if not blocks:
        return "", ()
    at = next((i for i, block in enumerate(blocks) if block.hashes == 1), 0)
    before = tuple(block for block in blocks[:at] if _is_kept(block, kept))
    left.extend(_leave(block, "before the title") for block in blocks[:at] if block not in before)
    return blocks[at].text, (*before, *blocks[at + 1 :])


def _is_kept(block: _Block, kept: frozenset[int]) -> bool:
    return not kept.isdisjoint(range(block.lines.first, block.lines.last + 1))


def _leave(block: _Block, reason: str) -> LeftOut:
    return LeftOut(lines=block.lines, text=block.text, reason=reason)


def _article(
    blocks: tuple[_Block, ...], kept: frozenset[int], left: list[LeftOut]
) -> tuple[tuple[_Block, ...], str | None]:
    """The article's own blocks: from the first sentence to what the page adds at its end."""
    body: list[_Block] = []
    named_source: str | None = None
    ended = False
    for block in blocks:
        source = _SOURCE.fullmatch(block.text)
        if _is_kept(block, kept):
            body.append(block)
        elif ended:
            left.append(_leave(block, "after the article"))
        elif source:
            named_source = named_source or source[1].strip()
            left.append(_leave(block, "names the source"))
        elif _AFTER.fullmatch(block.text) and body:
            ended = True
            left.append(_leave(block, "after the article"))
        elif _BYLINE.fullmatch(block.text) and not block.hashes and not _SENTENCE_END.search(block.text):
            left.append(_leave(block, "the byline"))
        elif not body and not block.hashes and not _SENTENCE_END.search(block.text) and len(block.text) < 100:
            left.append(_leave(block, "between the title and the first sentence"))
        else:
            body.append(block)
    return tuple(body), named_source


def _join(blocks: tuple[_Block, ...]) -> tuple[_Block, ...]:
    """The blocks with a paragraph that a page break split in two made one again."""
    joined: list[_Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if (
            last is not None
            and not last.hashes
            and not block.hashes
            and not _SENTENCE_END.search(last.text)
            and not last.text.endswith((":", ";"))
            and block.text[:1].islower()
        ):
            text = last.text[:-1] if re.search(r"[^\W\d_]-$", last.text) else last.text + " "
            joined[-1] = _Block(LineSpan(last.lines.first, block.lines.last), text + block.text, 0)
        else:
            joined.append(block)
    return tuple(joined)


def _number(blocks: tuple[_Block, ...]) -> tuple[CutPassage, ...]:
    return tuple(
        CutPassage(id=f"p{i}", text=block.text, heading=_is_heading(block), lines=block.lines)
        for i, block in enumerate(blocks, 1)
    )


def _is_heading(block: _Block) -> bool:
    if block.hashes:
        return True
    return len(block.text) <= 120 and not re.search(r"[.!?\u2026:;,][\"'\u201d\u2019\u00bb)\]]*$", block.text)
