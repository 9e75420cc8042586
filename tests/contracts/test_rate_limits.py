"""One contract for turns in Redis and their twin in memory."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import redis

from local.stack import Stack
from stores.memory_rate_limits import MemoryRateLimits
from stores.rate_limits import RedisRateLimits
from stores.rate_limits_contract import Budget, RateLimits
from stores.unavailable import StoreUnavailable

pytestmark = pytest.mark.end_to_end
Use = Callable[[RateLimits], Awaitable[Any]]
TEN_A_MINUTE = Budget(10, 60)


@pytest.fixture(params=["redis", "memory"])
def use(request: pytest.FixtureRequest, servers: Stack) -> Callable[[Use], Any]:
    """Run something with an empty store of either kind."""

    def run(something: Use) -> Any:
        async def inside() -> Any:
            limits: RateLimits = MemoryRateLimits()
            if request.param == "redis":
                url = servers.addresses()["redis_url"]
                redis.Redis.from_url(url).flushall()
                limits = RedisRateLimits(url, "test")
            try:
                return await something(limits)
            finally:
                await limits.close()

        return asyncio.run(inside())

    return run


def test_all_turns_may_come_at_once_and_then_none(use: Callable[[Use], Any]) -> None:
    async def something(limits: RateLimits) -> None:
        turns = [await limits.take("till", TEN_A_MINUTE) for _ in range(12)]

        assert [turn.is_taken for turn in turns] == [True] * 10 + [False] * 2
        assert [turn.left for turn in turns] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0]
        assert turns[9].full_seconds == 60
        assert 5 <= turns[11].wait_seconds <= 6

    use(something)


def test_of_many_at_once_as_many_as_there_are_turns(use: Callable[[Use], Any]) -> None:
    async def something(limits: RateLimits) -> list[Any]:
        asked = [limits.take("till", TEN_A_MINUTE) for _ in range(50)]
        return await asyncio.gather(*asked)

    assert sum(turn.is_taken for turn in use(something)) == 10


def test_a_turn_comes_back_when_its_part_of_the_window_is_over(
    use: Callable[[Use], Any],
) -> None:
    async def something(limits: RateLimits) -> None:
        ten_a_second = Budget(10, 1)
        for _ in range(10):
            await limits.take("till", ten_a_second)
        refused = await limits.take("till", ten_a_second)
        await asyncio.sleep(0.25)

        assert not refused.is_taken
        assert (await limits.take("till", ten_a_second)).is_taken

    use(something)


def test_everybody_has_turns_of_their_own(use: Callable[[Use], Any]) -> None:
    async def something(limits: RateLimits) -> None:
        one = Budget(1, 60)

        assert (await limits.take("a", one)).is_taken
        assert not (await limits.take("a", one)).is_taken
        assert (await limits.take("b", one)).is_taken

    use(something)


def test_a_key_ends_with_its_window(servers: Stack) -> None:
    url = servers.addresses()["redis_url"]

    async def something() -> None:
        limits = RedisRateLimits(url, "ttl")
        await limits.take("till", TEN_A_MINUTE)
        await limits.close()

    asyncio.run(something())

    assert 0 < int(str(redis.Redis.from_url(url).pttl("ttl:turns:till"))) <= 6_000


def test_turns_are_counted_on_after_the_server_forgot_the_script(
    servers: Stack,
) -> None:
    url = servers.addresses()["redis_url"]

    async def something() -> None:
        limits = RedisRateLimits(url, "forgot")
        await limits.take("till", TEN_A_MINUTE)
        redis.Redis.from_url(url).script_flush()

        assert (await limits.take("till", TEN_A_MINUTE)).left == 8
        await limits.close()

    asyncio.run(something())


def test_a_server_that_is_not_there_is_unavailable() -> None:
    async def something() -> None:
        limits = RedisRateLimits("redis://127.0.0.1:1/0", "test")
        with pytest.raises(StoreUnavailable):
            await limits.take("till", TEN_A_MINUTE)

    asyncio.run(something())
