"""What became of the evidence of a statement: cites of the old one held against those of the new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

from build_tools.difference.findings import Detail, How
from build_tools.difference.pairing import paired
from build_tools.records import Cite
from build_tools.values import Role, WordSpan

WHAT = "evidence"


def as_evidence(cite: Cite) -> Hashable:
    """What of a cite is evidence: all but where it stands in the file and what editors note."""
    return (
        *_place(cite),
        (cite.span.first, cite.span.last) if cite.span else None,
        cite.quote.text if cite.quote else None,
        cite.role,
    )


def written(cite: Cite) -> str:
    """The cite in its short form, with its role where that is none of support."""
    passage = f"#{cite.passage}" if cite.passage else ""
    span = f":{cite.span}" if cite.span else ""
    role = "" if cite.role is Role.SUPPORTS else f" ({cite.role})"
    return f"{cite.seed.id}{passage}{span}{role}"


def evidence(
    old: Sequence[Cite], new: Sequence[Cite], gists: Mapping[tuple[str, str], str]
) -> Iterator[Detail]:
    """How the evidence differs: lost, gained, another span, passage or role; and what is noted of it."""
    pairs = paired(old, new, (lambda cite: (as_evidence(cite),), lambda cite: (_settled(cite),)))
    kept = list(pairs.both)
    lost, gained = list(pairs.old), list(pairs.new)
    # One passage of a source for another of it, and no doubt which: the evidence has moved.
    olds, news = Counter(cite.seed.id for cite in lost), Counter(cite.seed.id for cite in gained)
    for seed in [cite.seed.id for cite in gained]:
        if olds[seed] == news[seed] == 1:
            one = next(cite for cite in lost if cite.seed.id == seed)
            other = next(cite for cite in gained if cite.seed.id == seed)
            lost.remove(one)
            gained.remove(other)
            kept.append((one, other))
    for one, other in kept:
        yield from _changed(one, other, _gist(other, gists))
    for cite in lost:
        yield Detail(what=WHAT, how=How.LOST, old=written(cite), note=_gist(cite, gists))
    for cite in gained:
        yield Detail(what=WHAT, how=How.GAINED, new=written(cite), note=_gist(cite, gists))
        yield from _words(None, cite)


def _place(cite: Cite) -> tuple[str, str | None]:
    return cite.seed.id, cite.passage.text if cite.passage else None


def _settled(cite: Cite) -> tuple[str, str | None]:
    seed, passage = _place(cite)
    return seed, passage.removesuffix("?") if passage else None


def _gist(cite: Cite, gists: Mapping[tuple[str, str], str]) -> str:
    seed, passage = _settled(cite)
    return gists.get((seed, passage), "") if passage else ""


def _changed(old: Cite, new: Cite, gist: str) -> Iterator[Detail]:
    """What differs between two cites that are one."""
    how: How | None = None
    if old.is_unsettled is not new.is_unsettled:
        how = How.UNSETTLED if new.is_unsettled else How.SETTLED
    elif _place(old) != _place(new):
        how = How.MOVED
    elif (old.span and str(old.span)) != (new.span and str(new.span)):
        how = _span(old.span, new.span)
    elif old.role is not new.role:
        how = How.CHANGED
    if how is not None:
        yield Detail(what=WHAT, how=how, old=written(old), new=written(new), note=gist)
    yield from _words(old, new)


def _span(old: WordSpan | None, new: WordSpan | None) -> How:
    if new is None or old is None:
        return How.WIDENED if new is None else How.NARROWED
    if old.first <= new.first and new.last <= old.last:
        return How.NARROWED
    return How.WIDENED if new.first <= old.first and old.last <= new.last else How.MOVED


def _words(old: Cite | None, new: Cite) -> Iterator[Detail]:
    """What differs of the words that cites quote, and of what is noted of them."""
    for name in ("quote", "prefix", "suffix", "note"):
        one, other = (_text(cite, name) for cite in (old, new))
        if one != other:
            what = f"{name} of {new.seed.id}" + (f"#{new.passage}" if new.passage else "")
            how = How.REWORDED if one and other else How.ADDED if other else How.REMOVED
            yield Detail(what=what, how=how, old=one, new=other)


def _text(cite: Cite | None, name: str) -> str:
    value = getattr(cite, name) if cite is not None else None
    return "" if value is None else str(getattr(value, "source", None) or value)


def same_evidence(old: Iterable[Cite], new: Iterable[Cite]) -> bool:
    """True if the cites are the same evidence, in whatever order."""
    return Counter(map(as_evidence, old)) == Counter(map(as_evidence, new))
