"""What is kept warm is still there when it is taken over, and not for ever."""

import asyncio
from random import Random

from loyalty.member import NEW_MEMBER
from schemas.state import Committed
from streams.standby import Standbys
from tests.agents.test_handing_over import the_tools
from tests.simulation.memory_kafka import STATES, MemoryKafka


def a_follower() -> Standbys:
    """Somebody who follows partition 0, and has read it once."""
    standbys = Standbys(the_tools(MemoryKafka(Random(1), 0.0)))
    standbys.want(frozenset({0}))
    asyncio.run(standbys.go_round())
    return standbys


def test_a_round_that_ends_before_a_takeover_leaves_what_it_takes() -> None:
    standbys = a_follower()
    (warm,) = standbys._kept.values()

    # The group has said that the partition is ours; the engine is told a little later.
    standbys.want(frozenset())
    asyncio.run(standbys.go_round())

    assert standbys.take(0) is warm


def test_what_nobody_wants_for_a_whole_round_is_thrown_away() -> None:
    standbys = a_follower()
    (warm,) = standbys._kept.values()

    standbys.want(frozenset())
    asyncio.run(standbys.go_round())
    asyncio.run(standbys.go_round())

    assert standbys.take(0) is not warm


def test_what_is_wanted_again_in_time_has_all_of_its_time_anew() -> None:
    standbys = a_follower()
    (warm,) = standbys._kept.values()

    standbys.want(frozenset())
    asyncio.run(standbys.go_round())
    standbys.want(frozenset({0}))
    asyncio.run(standbys.go_round())
    standbys.want(frozenset())
    asyncio.run(standbys.go_round())

    assert standbys.take(0) is warm


def test_what_comes_back_ahead_of_its_changelog_is_read_anew() -> None:
    standbys = a_follower()
    kept = standbys.take(0)
    kept.go_ahead({"ann": Committed(NEW_MEMBER, STATES.encode_member(NEW_MEMBER))})
    assert kept.members.find("ann") is not None

    standbys.give_back(kept)
    asyncio.run(standbys.go_round())

    assert standbys.take(0) is kept
    assert kept.members.find("ann") is None
