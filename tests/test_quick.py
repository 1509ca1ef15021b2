"""Records that are pickled by straight-line code come back as they were."""

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
