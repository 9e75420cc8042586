"""One transaction for all that waits, one at a time."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest

from streams.committer import (
    GROUP_BYTES_MAX,
    GROUP_RECORDS_MAX,
    LITTLE_RECORDS,
    Committer,
)
from streams.transactions import Fenced, PartitionWrites

SECONDS_MAX = 10.0


class Held:
    """A producer whose transactions go through when the test says so."""

    def __init__(self) -> None:
        self.begun: list[list[int]] = []
        self.fences = 0
        self.fence_waits = False
        self.failure: Exception | None = None
        self.go = threading.Semaphore(0)

    def fence(self) -> None:
        self.fences += 1
        if self.fence_waits:
            assert self.go.acquire(timeout=SECONDS_MAX)

    def close(self) -> None:
        """There is no connection."""

    def commit(self, parts: Sequence[PartitionWrites]) -> dict[int, int]:
        self.begun.append([part.partition for part in parts])
        assert self.go.acquire(timeout=SECONDS_MAX)
        if self.failure is not None:
            raise self.failure
        return {part.partition: len(self.begun) for part in parts}


def writes(members: int = 1, size: int = 0) -> Any:
    told = [None] * members
    return SimpleNamespace(
        members=told, updates=told, accounts=[], outbox=[], bytes=size
    )


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(SECONDS_MAX):
        while not is_so():  # noqa: ASYNC110 - a thread changes it
            await asyncio.sleep(0.001)


@pytest.fixture
def held() -> Held:
    return Held()


@pytest.fixture
def committer(held: Held) -> Committer:
    return Committer("worker", lambda _: held, ThreadPoolExecutor(2))


def test_what_is_decided_while_a_transaction_is_under_way_goes_together(
    held: Held, committer: Committer
) -> None:
    async def story() -> None:
        tasks = [asyncio.create_task(committer.commit(0, writes()))]
        await until(lambda: held.begun == [[0]])
        tasks += [asyncio.create_task(committer.commit(n, writes())) for n in (1, 2, 3)]
        await asyncio.sleep(0.01)
        assert held.begun == [[0]]
        held.go.release(2)
        await asyncio.gather(*tasks)

    asyncio.run(story())

    assert held.begun == [[0], [1, 2, 3]]


def test_who_has_little_waits_for_the_transaction_under_way_and_half_as_long_again(
    held: Held,
) -> None:
    now = 0.0
    committer = Committer(
        "worker", lambda _: held, ThreadPoolExecutor(2), clock=lambda: now
    )

    async def story() -> tuple[float, float, float]:
        nonlocal now
        at_first = await _seconds(committer.rested())
        first = asyncio.create_task(committer.commit(0, writes()))
        await until(lambda: held.begun == [[0]])
        resting = asyncio.create_task(_seconds(committer.rested()))
        await asyncio.sleep(0.01)
        assert not resting.done()
        now += 0.08
        held.go.release()
        await first
        waited = await resting
        now += 0.03
        late = await _seconds(committer.rested())
        return at_first, waited, late

    at_first, waited, late = asyncio.run(story())

    # By the clock of the test a rest goes on until its time has come on the loop's.
    assert at_first < 0.005
    assert waited >= 0.04
    assert 0.01 <= late < waited


@pytest.mark.parametrize(
    ("members", "is_little"),
    [(LITTLE_RECORDS // 2 - 1, True), (LITTLE_RECORDS // 2, False)],
)
def test_a_small_transaction_is_known_while_it_is_under_way(
    held: Held, committer: Committer, members: int, *, is_little: bool
) -> None:
    async def story() -> list[bool]:
        seen = [committer.is_little_under_way]
        task = asyncio.create_task(committer.commit(0, writes(members)))
        await until(lambda: held.begun == [[0]])
        seen.append(committer.is_little_under_way)
        held.go.release()
        await task
        return [*seen, committer.is_little_under_way]

    assert asyncio.run(story()) == [False, is_little, False]


def test_who_rests_waits_for_no_second_transaction(
    held: Held, committer: Committer
) -> None:
    async def story() -> None:
        first = asyncio.create_task(committer.commit(0, writes()))
        await until(lambda: held.begun == [[0]])
        second = asyncio.create_task(committer.commit(1, writes()))
        resting = asyncio.create_task(committer.rested())
        await asyncio.sleep(0)
        held.go.release()
        await until(lambda: held.begun == [[0], [1]])
        async with asyncio.timeout(SECONDS_MAX):
            await resting
        assert not second.done()
        held.go.release()
        await asyncio.gather(first, second)

    asyncio.run(story())


async def _seconds(waiting: Coroutine[Any, Any, None]) -> float:
    started = time.perf_counter()
    await waiting
    return time.perf_counter() - started


def test_a_transaction_takes_no_more_than_it_has_room_for_but_always_one(
    held: Held, committer: Committer
) -> None:
    large = GROUP_RECORDS_MAX // 2

    async def story() -> None:
        held.go.release(4)
        sizes = (large, large, 1, large - 1)
        await asyncio.gather(
            *(committer.commit(n, writes(size)) for n, size in enumerate(sizes))
        )

    asyncio.run(story())

    assert held.begun == [[0], [1], [2, 3]]


def test_a_transaction_of_few_but_large_records_is_bounded_as_well(
    held: Held, committer: Committer
) -> None:
    large = GROUP_BYTES_MAX // 2

    async def story() -> None:
        held.go.release(4)
        sizes = (large, large, large + 1, 1)
        await asyncio.gather(
            *(committer.commit(n, writes(1, size)) for n, size in enumerate(sizes))
        )

    asyncio.run(story())

    assert held.begun == [[0, 1], [2, 3]]


def test_after_a_failure_nobody_commits_any_more(
    held: Held, committer: Committer
) -> None:
    held.failure = Fenced("somebody else")

    async def story() -> list[Any]:
        first = asyncio.create_task(committer.commit(0, writes()))
        await until(lambda: len(held.begun) == 1)
        second = asyncio.create_task(committer.commit(1, writes()))
        await asyncio.sleep(0)
        held.go.release()
        told = await asyncio.gather(first, second, return_exceptions=True)
        with pytest.raises(Fenced):
            await committer.commit(2, writes())
        return told

    told = asyncio.run(story())

    assert [type(one) for one in told] == [Fenced, Fenced]
    assert held.begun == [[0]]


def test_a_partition_that_is_forgotten_is_in_no_later_transaction(
    held: Held, committer: Committer
) -> None:
    async def story() -> None:
        under_way = asyncio.create_task(committer.commit(1, writes()))
        await until(lambda: len(held.begun) == 1)
        dropped = asyncio.create_task(committer.commit(1, writes()))
        other = asyncio.create_task(committer.commit(2, writes()))
        await asyncio.sleep(0)
        forgetting = asyncio.create_task(committer.forget(1))
        await asyncio.sleep(0.01)
        # Of the one under way something may still come.
        assert not forgetting.done()
        held.go.release(2)
        await asyncio.gather(under_way, other, forgetting)
        assert dropped.cancelled()

    asyncio.run(story())

    assert held.begun == [[1], [2]]


def test_forgetting_waits_for_no_transaction_but_its_own(
    held: Held, committer: Committer
) -> None:
    async def story() -> None:
        own = asyncio.create_task(committer.commit(1, writes()))
        await until(lambda: len(held.begun) == 1)
        other = asyncio.create_task(committer.commit(2, writes()))
        forgetting = asyncio.create_task(committer.forget(1))
        await asyncio.sleep(0)
        held.go.release()
        # The other's has begun, and does not end.
        await until(lambda: len(held.begun) == 2)
        async with asyncio.timeout(SECONDS_MAX):
            await forgetting
            await committer.forget(1)
        assert not other.done()
        held.go.release()
        await asyncio.gather(own, other)

    asyncio.run(story())

    assert held.begun == [[1], [2]]


def test_the_producer_is_initialised_once(held: Held, committer: Committer) -> None:
    async def story() -> None:
        await asyncio.gather(*(committer.begin() for _ in range(5)))

    asyncio.run(story())

    assert held.fences == 1


def test_a_producer_is_not_initialised_again_for_who_gave_up_waiting(
    held: Held, committer: Committer
) -> None:
    held.fence_waits = True

    async def story() -> None:
        moved_away = asyncio.create_task(committer.begin())
        await until(lambda: held.fences == 1)
        moved_away.cancel()
        with pytest.raises(asyncio.CancelledError):
            await moved_away
        comes_back = asyncio.create_task(committer.begin())
        await asyncio.sleep(0.01)
        assert not comes_back.done()
        held.go.release(2)
        await comes_back

    asyncio.run(story())

    assert held.fences == 1
