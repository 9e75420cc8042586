"""Who gets which partition: all of them, evenly, together, and with few moves."""

import pytest
from faust.types import TP
from hypothesis import given
from hypothesis import strategies as st

from schemas.topics import SOURCES
from streams.assignor import owners_of
from streams.engine import NotCopartitioned, numbers_of

workers = st.sets(st.text("abcdef", min_size=1, max_size=4), min_size=1, max_size=8)


def _named(names: set[str]) -> dict[str, str]:
    return {f"id-{name}": name for name in names}


@given(st.integers(1, 64), workers)
def test_every_partition_has_an_owner_and_nobody_much_more_than_others(
    partitions: int, names: set[str]
) -> None:
    owners = owners_of(partitions, _named(names))

    assert len(owners) == partitions
    counts = [owners.count(f"id-{name}") for name in names]
    assert max(counts) <= -(-partitions // len(names))


@given(st.integers(1, 64), workers, st.randoms())
def test_the_assignment_does_not_depend_on_the_order_of_workers(
    partitions: int, names: set[str], shuffle
) -> None:
    shuffled = list(_named(names).items())
    shuffle.shuffle(shuffled)

    assert owners_of(partitions, dict(shuffled)) == owners_of(partitions, _named(names))


def test_a_worker_that_comes_takes_its_share_and_little_else_moves() -> None:
    before = owners_of(64, _named({"a", "b", "c"}))
    after = owners_of(64, _named({"a", "b", "c", "d"}))

    moved = sum(one != other for one, other in zip(before, after, strict=True))
    assert after.count("id-d") >= 8
    assert moved <= 32


def test_a_worker_that_comes_back_under_its_name_gets_the_same() -> None:
    first = {"member-1": "a", "member-2": "b"}
    again = {"member-9": "a", "member-2": "b"}

    renamed = ["member-9" if o == "member-1" else o for o in owners_of(16, first)]

    assert owners_of(16, again) == renamed


def test_a_partition_without_its_sisters_is_refused() -> None:
    assigned = {TP(spec.name, 3) for spec in SOURCES}

    assert numbers_of(assigned) == {3}
    with pytest.raises(NotCopartitioned, match="partition 3 came without clock"):
        numbers_of(assigned - {TP("clock", 3)})
