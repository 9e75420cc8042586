"""Who gets which partition: all of them, evenly, together, and with few moves."""

import pytest
from aiokafka.cluster import ClusterMetadata
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment
from faust.types import TP
from hypothesis import given
from hypothesis import strategies as st

from schemas.topics import SOURCES
from streams.assignor import CopartitionedAssignor, Share, followers_of, owners_of
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


@given(st.integers(1, 64), workers, st.integers(0, 3))
def test_each_partition_is_followed_by_so_many_others_and_never_by_its_owner(
    partitions: int, names: set[str], count: int
) -> None:
    named = _named(names)
    owners = owners_of(partitions, named)
    followers = followers_of(owners, named, count)

    for partition, owner in enumerate(owners):
        following = [name for name, found in followers.items() if partition in found]
        assert len(following) == min(count, len(names) - 1)
        assert owner not in following


def test_of_two_workers_the_other_keeps_warm_all_that_one_has() -> None:
    named = _named({"a", "b"})
    owners = owners_of(8, named)
    followers = followers_of(owners, named, 1)

    assert {*followers["id-a"]} == {n for n in range(8) if owners[n] == "id-b"}
    assert {*followers["id-a"], *followers["id-b"]} == set(range(8))


def test_most_that_moves_when_a_worker_leaves_goes_to_who_kept_it_warm() -> None:
    before = _named({"a", "b", "c", "d"})
    owners = owners_of(64, before)
    followers = followers_of(owners, before, 1)
    after = owners_of(64, _named({"a", "b", "c"}))

    moved = [n for n in range(64) if owners[n] == "id-d"]
    warm = [n for n in moved if n in followers[after[n]]]
    assert len(warm) >= len(moved) // 2


def test_a_share_is_told_and_a_leader_of_an_earlier_release_tells_none() -> None:
    told: list[Share] = []
    assignor = CopartitionedAssignor("a", 1, told.append)
    metadata = {f"id-{name}": assignor.metadata(["orders"]) for name in "a"}
    cluster = ClusterMetadata()
    [assignment] = assignor.assign(cluster, metadata).values()
    assignor.on_assignment(assignment)
    assignor.on_assignment(ConsumerProtocolMemberAssignment(0, [], b""))

    assert told == [Share(1, ()), Share()]


def test_a_partition_without_its_sisters_is_refused() -> None:
    assigned = {TP(spec.name, 3) for spec in SOURCES}

    assert numbers_of(assigned) == {3}
    with pytest.raises(NotCopartitioned, match="partition 3 came without clock"):
        numbers_of(assigned - {TP("clock", 3)})
