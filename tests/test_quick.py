"""Records that are made and pickled by straight-line code are those that the dataclasses would be."""

from __future__ import annotations

import copy
import dataclasses
import pickle

import pytest

from build_tools.problems import Location
from build_tools.quick import quick
from build_tools.values import EntityRef, Ref

AT = Location("f.yml", 2, 3)


@quick
@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Boat:
    """A boat."""

    at: Location
    name: str
    crew: tuple[str, ...] = ()


@pytest.mark.parametrize(
    "record", [Boat(at=AT, name="Nell", crew=("Ada",)), Ref("a", AT), EntityRef("a", AT)]
)
def test_a_copy_is_equal_and_of_the_same_class(record: object) -> None:
    for copied in (pickle.loads(pickle.dumps(record)), copy.copy(record)):
        assert (copied, type(copied), hash(copied)) == (record, type(record), hash(record))


def test_a_copy_stays_as_it_is() -> None:
    copied = copy.copy(Boat(at=AT, name="Nell"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        copied.name = "Ada"  # type: ignore[misc]


def test_one_is_made_as_its_class_says() -> None:
    assert (Boat(at=AT, name="Nell").crew, Ref("a", at=AT), repr(Ref("a", AT))) == (
        (),
        Ref(id="a", at=AT),
        f"Ref(id='a', at={AT!r})",
    )
    assert dataclasses.replace(Boat(at=AT, name="Nell"), name="Ada") == Boat(at=AT, name="Ada")


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ((), {"at": AT}),  # a value is missing
        ((AT, "Nell"), {}),  # those have names
        ((), {"at": AT, "name": "Nell", "mast": 1}),  # a field that there is not
    ],
)
def test_one_is_made_in_no_other_way(values: tuple[object, ...], named: dict[str, object]) -> None:
    for _ in range(2):  # the first of its class, too
        with pytest.raises(TypeError):
            Boat(*values, **named)  # type: ignore[arg-type]
