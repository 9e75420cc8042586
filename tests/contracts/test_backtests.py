"""One contract for the queue of backtests in Redis and its twin in memory."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import redis

from local.stack import Stack
from stores.backtest_requests import BacktestRequest
from stores.backtests import RedisBacktests
from stores.backtests_contract import (
    ATTEMPTS_MAX,
    CANCELLED,
    FAILED,
    FINISHED,
    LEASE_MS,
    QUEUE_MAX,
    QUEUED,
    RUNNING,
    Advance,
    Backtest,
    Backtests,
)
from stores.memory_backtests import MemoryBacktests
from stores.unavailable import StoreUnavailable

pytestmark = pytest.mark.end_to_end
Use = Callable[[Backtests], Awaitable[Any]]
NOW = 1_705_320_000_000
REQUEST = BacktestRequest({"program": "é\N{BEER MUG}", "earn": []}, NOW, current=None)


def queued(name: str, created_at: int = NOW) -> Backtest:
    return Backtest(name, QUEUED, REQUEST, created_at, created_by="ann")


@pytest.fixture(params=["redis", "memory"])
def use(request: pytest.FixtureRequest, servers: Stack) -> Callable[[Use], Any]:
    """Run something with an empty queue of either kind."""

    def run(something: Use) -> Any:
        async def inside() -> Any:
            queue: Backtests = MemoryBacktests()
            if request.param == "redis":
                url = servers.addresses()["redis_url"]
                redis.Redis.from_url(url).flushall()
                queue = RedisBacktests(url, "test", kept_days=1)
            try:
                return await something(queue)
            finally:
                await queue.close()

        return asyncio.run(inside())

    return run


def test_what_is_submitted_is_found_and_listed_newest_first(
    use: Callable[[Use], Any],
) -> None:
    async def something(queue: Backtests) -> None:
        for number in range(3):
            assert await queue.submit(queued(f"b-{number}", NOW + number))
        assert await queue.find("b-1") == queued("b-1", NOW + 1)
        assert await queue.find("b-9") is None
        assert await queue.findings("b-1") is None
        assert await queue.checkpoint("b-1") is None
        ids = [one.backtest_id for one in await queue.page(before=None, limit=2)]
        assert ids == ["b-2", "b-1"]
        rest = await queue.page(before=NOW + 1, limit=2)
        assert [one.backtest_id for one in rest] == ["b-0"]

    use(something)


def test_more_than_may_wait_are_refused_until_one_is_over(
    use: Callable[[Use], Any],
) -> None:
    async def something(queue: Backtests) -> None:
        for number in range(QUEUE_MAX):
            assert await queue.submit(queued(f"b-{number}", NOW + number))
        assert not await queue.submit(queued("b-more"))
        assert await queue.find("b-more") is None
        await queue.cancel("b-3", NOW)
        assert await queue.submit(queued("b-more"))

    use(something)


def test_one_runs_at_a_time_the_oldest_first(use: Callable[[Use], Any]) -> None:
    async def something(queue: Backtests) -> None:
        await queue.submit(queued("b-2", NOW + 2))
        await queue.submit(queued("b-1", NOW + 1))
        held = await queue.take("us", NOW + 5)
        assert held is not None
        assert (held.backtest_id, held.status) == ("b-1", RUNNING)
        assert (held.started_at, held.lease) == (NOW + 5, "us")
        assert await queue.take("them", NOW + 6) is None
        done = held._replace(status=FINISHED, hash="ff", finished_at=NOW + 7)
        assert await queue.end(held, done, b'{"hash": "ff"}')
        assert await queue.find("b-1") == done
        assert await queue.findings("b-1") == {"hash": "ff"}
        following = await queue.take("them", NOW + 8)
        assert following is not None
        assert following.backtest_id == "b-2"

    use(something)


def test_of_many_who_take_at_once_one_has_it(use: Callable[[Use], Any]) -> None:
    async def something(queue: Backtests) -> list[Backtest | None]:
        await queue.submit(queued("b-1"))
        await queue.submit(queued("b-2"))
        takes = [queue.take(f"w-{number}", NOW) for number in range(12)]
        return list(await asyncio.gather(*takes))

    held = [one for one in use(something) if one is not None]

    assert [one.backtest_id for one in held] == ["b-1"]


def test_who_gets_on_keeps_it_and_is_taken_up_where_it_was_left(
    use: Callable[[Use], Any],
) -> None:
    async def something(queue: Backtests) -> None:
        await queue.submit(queued("b-1"))
        held = await queue.take("us", NOW)
        assert held is not None
        later = NOW + LEASE_MS - 1
        assert await queue.keep(held, Advance(5, 10, 1, 2, b"half"), later)
        assert await queue.take("them", later + LEASE_MS - 1) is None
        taken = await queue.take("them", later + LEASE_MS)
        assert taken is not None
        assert (taken.records_done, taken.parts_total) == (5, 2)
        assert await queue.checkpoint("b-1") == b"half"
        # Who held it before has lost it.
        assert not await queue.keep(held, Advance(9, 10, 2, 2, b"late"), later)
        assert not await queue.end(held, held._replace(status=FINISHED), b"{}")
        assert await queue.checkpoint("b-1") == b"half"
        assert await queue.keep(taken, Advance(6, 10, 1, 2), later)
        assert await queue.checkpoint("b-1") == b"half"

    use(something)


def test_what_is_cancelled_is_lost_to_who_runs_it(use: Callable[[Use], Any]) -> None:
    async def something(queue: Backtests) -> None:
        await queue.submit(queued("b-1"))
        held = await queue.take("us", NOW)
        assert held is not None
        stands = await queue.cancel("b-1", NOW + 1)
        assert stands is not None
        assert (stands.status, stands.finished_at) == (CANCELLED, NOW + 1)
        assert not await queue.keep(held, Advance(1, 1, 1, 1, b"x"), NOW + 2)
        assert not await queue.end(held, held._replace(status=FINISHED), b"{}")
        assert await queue.checkpoint("b-1") is None
        # Again, it stays as it is; and an unknown one is unknown.
        assert await queue.cancel("b-1", NOW + 9) == stands
        assert await queue.cancel("b-9", NOW) is None
        assert await queue.take("them", NOW + 9) is None

    use(something)


def test_who_leaves_lets_the_next_one_go_on_at_once(use: Callable[[Use], Any]) -> None:
    async def something(queue: Backtests) -> None:
        await queue.submit(queued("b-1"))
        for number in range(9):
            held = await queue.take(f"w-{number}", NOW + number)
            assert held is not None
            assert held.attempts == 1
            assert await queue.leave(held)
            assert not await queue.leave(held)
            assert not await queue.keep(held, Advance(1, 1, 1, 1), NOW + number)

    use(something)


def test_what_kills_whoever_takes_it_is_given_up(use: Callable[[Use], Any]) -> None:
    async def something(queue: Backtests) -> None:
        await queue.submit(queued("b-1"))
        await queue.submit(queued("b-2", NOW + 1))
        at = NOW
        for number in range(ATTEMPTS_MAX):
            held = await queue.take(f"w-{number}", at)
            assert held is not None
            assert held.backtest_id == "b-1"
            at += LEASE_MS
        following = await queue.take("w", at)
        given_up = await queue.find("b-1")
        assert following is not None
        assert given_up is not None
        assert following.backtest_id == "b-2"
        assert (given_up.status, "3 times" in given_up.detail) == (FAILED, True)

    use(something)


def test_who_waits_for_a_store_takes_its_own_again(use: Callable[[Use], Any]) -> None:
    async def something(queue: Backtests) -> None:
        await queue.submit(queued("b-1"))
        for number in range(9):
            held = await queue.take("us", NOW + number)
            assert held is not None
            assert (held.status, held.attempts) == (RUNNING, 1)

    use(something)


def test_a_server_that_is_not_there_is_unavailable() -> None:
    async def something() -> None:
        queue = RedisBacktests("redis://127.0.0.1:1/0", "test", kept_days=1)
        for call in (
            queue.submit(queued("b")),
            queue.find("b"),
            queue.page(before=None, limit=1),
            queue.take("us", NOW),
            queue.cancel("b", NOW),
        ):
            with pytest.raises(StoreUnavailable):
                await call

    asyncio.run(something())
