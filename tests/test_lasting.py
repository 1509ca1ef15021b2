"""What is kept comes back as it was, piece by piece when it is looked at; or not at all."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

import pytest

from build_tools import lasting as lasting_module
from build_tools.cache import read_cache
from build_tools.ghost import Ghost, Loose, is_ghost
from build_tools.lasting import INDEX, Lasting
from build_tools.store import Lost, Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Isle(Ghost):
    """A record of a unit."""

    known: ClassVar[tuple[str, ...]] = ("id",)
    id: str
    size: int
    near: Isle | None = None
    _more: MappingProxyType[str, Fraction] = field(default_factory=lambda: MappingProxyType({}))


# Records of tests are no classes of the compiler.
Isle.__module__ = "build_tools.tested"


@pytest.fixture(autouse=True)
def tested(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType(Isle.__module__)
    monkeypatch.setattr(module, "Isle", Isle, raising=False)
    monkeypatch.setitem(sys.modules, Isle.__module__, module)


def lasting(folder: Path, key: str = "k") -> Lasting:
    return Lasting(folder, key)


def save(place: Lasting, light: object, units: dict[object, list[Ghost]]) -> None:
    place.save(light, units)
    place.settle(good=True)


def two() -> tuple[Isle, Isle]:
    one = Isle(id="skarn", size=3, _more=MappingProxyType({"a": Fraction(1, 3)}))
    return one, Isle(id="holm", size=4, near=one)


def kept(folder: Path) -> tuple[Isle, Isle]:
    one, other = two()
    save(lasting(folder), {"isles": [one, other, one], "n": 7}, {"s": [one], "h": [other]})
    return one, other


def test_ghosts_come_back_and_are_filled_when_looked_at(tmp_path: Path) -> None:
    one, other = kept(tmp_path)
    again = lasting(tmp_path)
    found = again.load()
    first, second, third = found["isles"]
    assert found["n"] == 7
    assert first is third
    assert [type(first), first.id, second.id, again.read] == [Isle, "skarn", "holm", 0]
    assert is_ghost(first)
    assert (second.size, again.read) == (4, 1)
    assert second.near is first
    assert is_ghost(first)
    assert (first.size, first._more, again.read) == (3, {"a": Fraction(1, 3)}, 2)
    assert (first, second) == (one, other)
    assert not is_ghost(first)


def test_only_units_with_other_records_are_written(tmp_path: Path) -> None:
    kept(tmp_path)
    (before,) = tmp_path.glob("*.pieces")
    again = lasting(tmp_path)
    first, second, _ = again.load()["isles"]
    new = Isle(id="holm", size=5, near=first)
    save(again, [first, new], {"s": [first], "h": [new]})
    assert again.read == 0, "what did not change is not even read"
    assert len(list(tmp_path.glob("*.pieces"))) == 2
    assert before.exists()
    third = lasting(tmp_path)
    assert [(isle.id, isle.size) for isle in third.load()] == [("skarn", 3), ("holm", 5)]
    assert second.size == 4, "files that were open stay readable"


def test_a_unit_of_more_or_fewer_records_is_another(tmp_path: Path) -> None:
    one, other = two()
    save(lasting(tmp_path), [one, other], {"u": [one, other]})
    again = lasting(tmp_path)
    first, _ = again.load()
    save(again, [first], {"u": [first]})
    assert [isle.size for isle in lasting(tmp_path).load()] == [3]


def test_what_refers_to_a_record_finds_none_that_took_its_place(tmp_path: Path) -> None:
    kept(tmp_path)
    again = lasting(tmp_path)
    first, second, _ = again.load()["isles"]
    new = Isle(id="skarn", size=5)
    save(again, [first, new, second], {"s": [new], "h": [second]})  # of which nothing was looked at
    old, found, other = lasting(tmp_path).load()
    assert (found.size, other.size) == (5, 4)
    for gone in (old, other.near):
        assert gone is not found
        assert gone != found
        for look in (lambda gone: gone.size, list, len, lambda gone: gone[0]):
            with pytest.raises(Lost):
                look(gone)


def test_what_nobody_needs_goes_in_the_end(tmp_path: Path) -> None:
    one, _ = kept(tmp_path)
    for size in range(40):
        again = lasting(tmp_path)
        first = again.load()
        first = first["isles"][0] if isinstance(first, dict) else first[0]
        new = Isle(id="x" * 500, size=size)
        save(again, [first, new], {"s": [first], "x": [new]})
        assert sum(path.stat().st_size for path in tmp_path.glob("*.pieces")) < 8_000
    first, new = lasting(tmp_path).load()
    assert (first, new.size) == (one, 39)


def test_with_another_key_nothing_was_kept(tmp_path: Path) -> None:
    kept(tmp_path)
    assert lasting(tmp_path, "another").load() is None


def test_a_damaged_index_is_as_good_as_none(tmp_path: Path) -> None:
    kept(tmp_path)
    data = (tmp_path / INDEX).read_bytes()
    for at in range(len(data)):
        (tmp_path / INDEX).write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert lasting(tmp_path).load() is None, at
    for end in range(0, len(data), 9):
        (tmp_path / INDEX).write_bytes(data[:end])
        assert lasting(tmp_path).load() is None, end


def test_damaged_units_are_told_when_they_are_looked_at(tmp_path: Path) -> None:
    kept(tmp_path)
    (pieces,) = tmp_path.glob("*.pieces")
    data = pieces.read_bytes()
    for at in range(0, len(data), 5):
        pieces.unlink()
        pieces.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        found = lasting(tmp_path).load()
        with pytest.raises(Lost):
            print([isle.size for isle in found["isles"]])
    pieces.unlink()
    assert lasting(tmp_path).load() is None


class Calls:
    """Pickled, it is a call of any function."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self.call = function, arguments

    def __reduce__(self) -> Any:
        return self.call


@pytest.mark.parametrize(
    "value", [print, Calls(print, "no"), Calls(read_cache, Path("no")), Calls(Path, "no"), Calls(eval, "1")]
)
def test_nothing_is_made_but_data(tmp_path: Path, value: object) -> None:
    save(lasting(tmp_path), [value], {})
    assert lasting(tmp_path).load() is None


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    kept(tmp_path / "file" / "folder")
    assert lasting(tmp_path / "file" / "folder").load() is None


def packed(place: Lasting, value: object, units: dict[object, list[Ghost]]) -> Any:
    with place.packing() as packing:
        packing.add(value, units)
    (found,) = place.unpacked(packing.parcel)
    return found


def test_what_is_packed_is_on_disk_alone(tmp_path: Path) -> None:
    place = lasting(tmp_path)
    one, other = two()
    assert packed(place, (one, 7), {"s": [one], "h": [other]}) == (one, 7)
    assert packed(place, one, {}) is one, "it is known by the process that packed it"
    assert [is_ghost(isle) for isle in (one, other)] == [True, True]
    assert [one.id, other.id, place.read] == ["skarn", "holm", 0]
    assert [other.near, other.size, one.size, place.read] == [one, 4, 3, 2]


def test_another_process_is_given_ghosts(tmp_path: Path) -> None:
    here, there = lasting(tmp_path), lasting(tmp_path)
    one, other = two()
    parcels = []
    for isles in ([one], [one, other]):
        with there.packing() as packing:
            packing.add(isles, {"s": isles})
        parcels.append(packing.parcel)
    first, second = (next(here.unpacked(parcel)) for parcel in parcels)
    assert [is_ghost(isle) for isle in (*first, *second)] == [True, True, True]
    assert second[0] is first[0], "a unit that goes on has the records that it had"
    assert [(isle.id, isle.size) for isle in second] == [("skarn", 3), ("holm", 4)]
    assert second[1].near is second[0]


def test_what_refers_to_a_unit_of_before_is_not_given_the_one_in_its_place(tmp_path: Path) -> None:
    kept(tmp_path)
    place = lasting(tmp_path)
    first, second, _ = place.load()["isles"]
    new = Isle(id="skarn", size=9)
    assert packed(place, new, {"s": [new]}) is new
    assert second.near is first
    assert [first.size, new.size] == [3, 9]


def test_only_the_last_units_that_were_read_stay_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lasting_module, "_HELD", 250)
    isles = [Isle(id=f"isle-{number}", size=number) for number in range(6)]
    save(lasting(tmp_path), isles, {isle.id: [isle] for isle in isles})
    found = lasting(tmp_path).load()
    for _ in range(2):
        assert [isle.size for isle in found] == list(range(6))
        assert [is_ghost(isle) for isle in found] == [True] * 4 + [False] * 2
    assert [isle.id for isle in found] == [isle.id for isle in isles]


def test_a_record_of_two_units_has_its_contents_when_one_of_them_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two()
    save(lasting(tmp_path), [one, other], {"u": [one, other]})
    place = lasting(tmp_path)
    first, second = place.load()
    assert second.size == 4
    new = Isle(id="holm", size=5)
    assert packed(place, new, {"u": [first, new]}) is new
    monkeypatch.setattr(lasting_module, "_HELD", 1)
    assert [first.size, new.size, second.size, first.size] == [3, 5, 4, 3]


def loose(folder: Path) -> tuple[Lasting, Loose[Isle]]:
    """Three isles that are a group, as the next run finds them; the last is near to one of another unit."""
    one, other = two()
    group = Loose((one, Isle(id="rost", size=5), other))
    save(lasting(folder), group, {"s": [one], "g": [group]})
    again = lasting(folder)
    found: Loose[Isle] = again.load()
    return again, found


def test_a_member_of_a_loose_group_is_read_alone(tmp_path: Path) -> None:
    place, group = loose(tmp_path)
    one, other = two()
    assert [group.one(number) for number in range(3)] == [one, Isle(id="rost", size=5), other]
    assert is_ghost(group)
    assert place.read == 1, "only the isle that has a unit of its own"
    near = group.one(2).near
    assert near is group.one(0), "who has a unit is the same from wherever it is looked at"
    assert [isle.size for isle in group.members] == [3, 5, 4]
    assert group.one(1) is group.members[1], "what is in memory is not read"


def test_a_loose_group_outlives_another_packing_and_a_settling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, group = loose(tmp_path)
    monkeypatch.setattr(lasting_module, "_WASTE", 0)  # all is put together in a new file
    save(place, group, {"s": [group.one(0)], "g": [group]})
    assert lasting(tmp_path).load().one(1) == Isle(id="rost", size=5)
    third = lasting(tmp_path)
    found = packed(third, group, {"g": [Loose((Isle(id="holm", size=9),))]})
    assert found.one(1).size == 5


def test_a_member_that_is_damaged_is_lost(tmp_path: Path) -> None:
    loose(tmp_path)
    (pieces,) = tmp_path.glob("*.pieces")
    data = pieces.read_bytes()
    at = data.rindex(b"rost")  # the members stand a second time after the whole
    pieces.unlink()
    pieces.write_bytes(data[:at] + b"R" + data[at + 1 :])
    group = lasting(tmp_path).load()
    with pytest.raises(Lost):
        group.one(1)
    assert group.one(2).size == 4


def test_what_was_packed_by_a_run_that_failed_goes(tmp_path: Path) -> None:
    place = lasting(tmp_path)
    one, _ = kept(tmp_path)
    before = sorted(tmp_path.iterdir())
    assert packed(place, one, {"s": [one]}) is one
    assert len(list(tmp_path.iterdir())) == len(before) + 1
    place.settle(good=False)
    assert sorted(tmp_path.iterdir()) == before


def test_where_nothing_can_be_written_what_is_packed_has_its_contents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two()
    (tmp_path / "file").write_text("")
    assert packed(lasting(tmp_path / "file" / "folder"), [one, other], {"s": [one]}) == [one, other]

    def full(*_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(Writer, "put", full)
    place = lasting(tmp_path)
    assert packed(place, [one, other], {"s": [one], "h": [other]}) == [one, other]
    assert not is_ghost(one)
    assert place.read == 0
