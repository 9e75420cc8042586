"""Whose turn it is: nobody rests for long, and nobody waits for all of another's."""

import random

import pytest
from faust.types import TP

from streams.rotation import (
    ROUND_RECORDS,
    TURN_RECORDS_MIN,
    TURN_SECONDS_MAX,
    Rotation,
)

FOUR = [TP("orders", number) for number in range(4)]
TURN = ROUND_RECORDS // 4
TURN_OF_THREE = ROUND_RECORDS // 3
LOOK_SECONDS = 0.02


def test_who_has_had_its_turn_rests_until_all_have() -> None:
    rotation = Rotation()
    for tp in FOUR[:3]:
        rotation.took(tp, TURN)

    assert rotation.resting(set(FOUR)) == set(FOUR[:3])

    rotation.took(FOUR[3], TURN - 1)
    assert rotation.resting(set(FOUR)) == set(FOUR[:3])
    rotation.took(FOUR[3], 1)
    assert rotation.resting(set(FOUR)) == set()


def test_nobody_waits_for_those_who_are_at_their_end() -> None:
    rotation = Rotation()
    rotation.took(FOUR[0], TURN)
    for tp in FOUR[1:]:
        rotation.ended(tp)

    assert rotation.resting(set(FOUR)) == set()


def test_who_was_at_the_end_and_has_more_is_waited_for() -> None:
    rotation = Rotation()
    for tp in FOUR:
        rotation.ended(tp)
    rotation.took(FOUR[0], TURN)
    rotation.took(FOUR[1], 1)

    assert rotation.resting(set(FOUR)) == {FOUR[0]}


def test_nobody_waits_for_those_who_have_no_room() -> None:
    rotation = Rotation()
    rotation.took(FOUR[0], TURN)

    assert rotation.resting({FOUR[0]}) == set()


def test_a_trickle_never_rests() -> None:
    rotation = Rotation()
    for _ in range(100):
        rotation.took(FOUR[0], TURN // 2)
        rotation.ended(FOUR[0])

        assert rotation.resting(set(FOUR)) == set()


@pytest.mark.parametrize("trickles", [True, False])
def test_nobody_rests_for_long_for_those_who_give_nothing(*, trickles: bool) -> None:
    away, trickling, wanted = FOUR[1], FOUR[2], set(FOUR[:3])
    rotation = Rotation()
    rotation.ended(trickling)
    rotation.took(FOUR[0], TURN_OF_THREE)
    looks = 0
    while resting := rotation.resting(wanted):
        others = wanted - resting
        awaited = rotation.awaited(others)
        assert awaited == {away}
        came = {trickling} if trickles else set()
        for tp in came:
            rotation.took(tp, 1)
        rotation.looked(awaited, came, LOOK_SECONDS)
        for tp in came:
            rotation.ended(tp)
        looks += 1
        assert looks * LOOK_SECONDS <= TURN_SECONDS_MAX + LOOK_SECONDS

    assert looks * LOOK_SECONDS >= TURN_SECONDS_MAX


def test_whoever_has_its_turn_is_waited_for_however_long_it_takes() -> None:
    rotation = Rotation()
    rotation.took(FOUR[0], TURN_OF_THREE)
    wanted = set(FOUR[:3])
    for _ in range(100):
        rotation.looked({FOUR[1]}, {FOUR[1]}, 2 * LOOK_SECONDS)

        assert rotation.resting(wanted) == {FOUR[0]}


def test_of_many_partitions_each_turn_is_still_worth_its_fetch() -> None:
    rotation = Rotation()
    many = {TP("orders", number) for number in range(1_000)}
    rotation.took(FOUR[0], TURN_RECORDS_MIN - 1)
    assert rotation.resting(many) == set()
    rotation.took(FOUR[0], 1)

    assert rotation.resting(many) == {FOUR[0]}


def test_whoever_gives_most_is_never_more_than_a_turn_ahead() -> None:
    """However greedy the client is: it gives of the first that may be read."""
    chance, rotation = random.Random(3), Rotation()
    read = dict.fromkeys(FOUR, 0)
    for _ in range(2_000):
        may = [tp for tp in FOUR if tp not in rotation.resting(set(FOUR))]
        greedy = may[0] if chance.random() < 0.9 else chance.choice(may)
        count = chance.randrange(1, 2_001)
        rotation.took(greedy, count)
        read[greedy] += count

        assert max(read.values()) - min(read.values()) < 2 * (TURN + 2_000)
