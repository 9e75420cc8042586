"""One contract for the bell of results and its twin: what is written rings."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import redis

from local.stack import Stack
from stores.member_views import PIPELINE_WRITES_MAX, RedisMemberViews
from stores.member_views_contract import MemberViews, ResultWrite, ViewWrite
from stores.memory_member_views import MemoryMemberViews
from stores.result_bell import RedisResultBell, ResultBell
from stores.unavailable import StoreUnavailable

pytestmark = pytest.mark.end_to_end
Something = Callable[[MemberViews, ResultBell], Awaitable[Any]]
# A machine may be slow; what does not ring is waited for only so long.
SOON, SILENT = 5.0, 0.2


@pytest.fixture(params=["redis", "memory"])
def use(request: pytest.FixtureRequest, servers: Stack) -> Callable[[Something], Any]:
    """Run something with empty views of either kind, and who listens to them."""

    def run(something: Something) -> Any:
        async def inside() -> Any:
            memory = MemoryMemberViews()
            views: MemberViews = memory
            bell: ResultBell = memory.result_bell
            if request.param == "redis":
                url = servers.addresses()["redis_url"]
                redis.Redis.from_url(url).flushall()
                views = RedisMemberViews(url, "test")
                bell = RedisResultBell(url, "test")
            try:
                await bell.listen()
                return await something(views, bell)
            finally:
                await bell.close()
                await views.close()

        return asyncio.run(inside())

    return run


async def rung(bell: ResultBell, count: int) -> list[str]:
    """Commands that ring, until there are so many."""
    heard: list[str] = []
    while len(heard) < count:
        some = await bell.next(SOON)
        assert some, f"only {len(heard)} of {count} rang"
        heard += some
    return heard


def test_a_result_rings_when_it_can_be_read(use: Callable[[Something], Any]) -> None:
    async def something(views: MemberViews, bell: ResultBell) -> None:
        write = ViewWrite("ann", 1, b"view")
        await views.put([write], [ResultWrite("c1", b"1"), ResultWrite("c2", b"2")])
        heard = await rung(bell, 2)

        assert heard == ["c1", "c2"]
        assert [await views.get_result(one) for one in heard] == [b"1", b"2"]

    use(something)


def test_all_of_many_results_ring(use: Callable[[Something], Any]) -> None:
    names = [f"c{n}" for n in range(PIPELINE_WRITES_MAX + 1)]

    async def something(views: MemberViews, bell: ResultBell) -> list[str]:
        await views.put_results([ResultWrite(name, b"1") for name in names])
        return await rung(bell, len(names))

    assert use(something) == names


def test_views_without_results_ring_nothing(use: Callable[[Something], Any]) -> None:
    async def something(views: MemberViews, bell: ResultBell) -> Any:
        await views.put([ViewWrite("ann", 1, b"view")])
        return await bell.next(SILENT)

    assert list(use(something)) == []


def test_the_first_result_stays_whatever_rings(use: Callable[[Something], Any]) -> None:
    async def something(views: MemberViews, bell: ResultBell) -> Any:
        await views.put_results([ResultWrite("c1", b"first")])
        await views.put_results([ResultWrite("c1", b"second")])
        await rung(bell, 2)
        return await views.get_result("c1")

    assert use(something) == b"first"


def test_a_server_that_is_not_there_is_told_of() -> None:
    async def something() -> None:
        bell = RedisResultBell("redis://127.0.0.1:1/0", "test")
        try:
            with pytest.raises(StoreUnavailable):
                await bell.listen()
        finally:
            await bell.close()

    asyncio.run(something())
