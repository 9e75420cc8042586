"""Turns by the block: few round trips, and never more turns than there are."""

import asyncio

import pytest

from stores.memory_rate_limits import MemoryRateLimits
from stores.rate_limits_contract import Budget, Turn
from stores.shared_turns import BLOCKS, HELD_SECONDS, SharedTurns
from stores.unavailable import StoreUnavailable

LARGE = Budget(BLOCKS * 10, 60)


class Counted(MemoryRateLimits):
    """Turns in memory that count their round trips."""

    def __init__(self, clock: "Clock") -> None:
        super().__init__(clock)
        self.trips = 0

    async def take(self, who: str, budget: Budget) -> Turn:
        """Take a turn, and count it."""
        self.trips += 1
        return await super().take(who, budget)


class Slow(Counted):
    """Answers only after others had their chance to ask."""

    async def take(self, who: str, budget: Budget) -> Turn:
        """Take a turn, some moments later."""
        await asyncio.sleep(0.01)
        return await super().take(who, budget)


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        """Seconds now."""
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    """A clock that stands."""
    return Clock()


@pytest.mark.parametrize(
    ("turns", "taken", "trips"),
    [(BLOCKS * 2 - 1, 20, 20), (BLOCKS * 10, 20, 2), (BLOCKS * 10, 21, 3)],
    ids=["a small budget, turn by turn", "two blocks", "a third block is begun"],
)
def test_a_round_trip_is_for_a_block(
    clock: Clock, turns: int, taken: int, trips: int
) -> None:
    store = Counted(clock)
    shared = SharedTurns(store, clock)
    budget = Budget(turns, 60)
    told = [asyncio.run(shared.take("ann", budget)) for _ in range(taken)]

    assert all(turn.is_taken for turn in told)
    assert [turn.left for turn in told] == [turns - n for n in range(1, taken + 1)]
    assert store.trips == trips


def test_all_processes_together_take_no_more_than_there_is(clock: Clock) -> None:
    store = Counted(clock)
    processes = [SharedTurns(store, clock) for _ in range(3)]

    async def taken() -> int:
        count = 0
        for number in range(LARGE.turns * 2):
            count += (await processes[number % 3].take("ann", LARGE)).is_taken
        return count

    assert LARGE.turns - 30 <= asyncio.run(taken()) <= LARGE.turns


def test_of_many_at_once_one_fetches_for_all(clock: Clock) -> None:
    store = Slow(clock)
    shared = SharedTurns(store, clock)

    async def many() -> list[Turn]:
        return await asyncio.gather(*(shared.take("ann", LARGE) for _ in range(25)))

    told = asyncio.run(many())

    assert all(turn.is_taken for turn in told)
    assert store.trips == 3
    assert sorted(turn.left for turn in told) == list(
        range(LARGE.turns - 25, LARGE.turns)
    )


def test_who_gives_up_waiting_leaves_the_block_to_others(clock: Clock) -> None:
    store = Slow(clock)
    shared = SharedTurns(store, clock)

    async def two() -> Turn:
        first = asyncio.create_task(shared.take("ann", LARGE))
        second = asyncio.create_task(shared.take("ann", LARGE))
        await asyncio.sleep(0)
        first.cancel()
        return await second

    assert asyncio.run(two()).is_taken
    assert store.trips == 1


def test_whoever_has_none_is_told_when_to_come(clock: Clock) -> None:
    shared = SharedTurns(Counted(clock), clock)

    async def last() -> Turn:
        turn = await shared.take("ann", LARGE)
        while turn.is_taken:
            turn = await shared.take("ann", LARGE)
        return turn

    turn = asyncio.run(last())
    other = asyncio.run(shared.take("bob", LARGE))

    assert (turn.left, turn.wait_seconds) == (0, 1)
    assert other.is_taken


def test_what_is_held_lapses(clock: Clock) -> None:
    store = Counted(clock)
    shared = SharedTurns(store, clock)
    asyncio.run(shared.take("ann", LARGE))
    clock.seconds += HELD_SECONDS
    asyncio.run(shared.take("ann", LARGE))

    assert store.trips == 2


def test_a_store_that_is_away_is_told_of(clock: Clock) -> None:
    store = Counted(clock)
    store.is_available = False

    with pytest.raises(StoreUnavailable):
        asyncio.run(SharedTurns(store, clock).take("ann", LARGE))
