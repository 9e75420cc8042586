"""One contract for saved views in Redis and their twin in memory."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import redis

from local.stack import Stack
from stores.saved_views import (
    VIEWS_MAX,
    MemorySavedViews,
    RedisSavedViews,
    SavedView,
    SavedViews,
)
from stores.unavailable import StoreUnavailable

pytestmark = pytest.mark.end_to_end
Use = Callable[[SavedViews], Awaitable[Any]]
JULY = SavedView("b", "July é", "/offers?from=2026-07-01&until=2026-07-31")
MAY = SavedView("a", "May", "/stores?from=2026-05-01&until=2026-05-31")


@pytest.fixture(params=["redis", "memory"])
def use(request: pytest.FixtureRequest, servers: Stack) -> Callable[[Use], Any]:
    """Run something with an empty store of either kind."""

    def run(something: Use) -> Any:
        async def inside() -> Any:
            views: SavedViews = MemorySavedViews()
            if request.param == "redis":
                url = servers.addresses()["redis_url"]
                redis.Redis.from_url(url).flushall()
                views = RedisSavedViews(url, "test")
            try:
                return await something(views)
            finally:
                await views.close()

        return asyncio.run(inside())

    return run


def test_views_are_kept_by_person_and_told_by_name(use: Callable[[Use], Any]) -> None:
    async def something(views: SavedViews) -> None:
        for view in (MAY, JULY):
            assert await views.keep("ann", view)

        assert await views.all_of("ann") == [JULY, MAY]
        assert await views.all_of("bob") == []

    use(something)


def test_a_view_is_given_up_once_and_again(use: Callable[[Use], Any]) -> None:
    async def something(views: SavedViews) -> None:
        await views.keep("ann", MAY)
        await views.keep("bob", MAY)
        for _ in range(2):
            await views.drop("ann", MAY.view_id)

        assert await views.all_of("ann") == []
        assert await views.all_of("bob") == [MAY]

    use(something)


def test_there_is_room_for_so_many(use: Callable[[Use], Any]) -> None:
    async def something(views: SavedViews) -> None:
        kept = [
            await views.keep("ann", MAY._replace(view_id=str(number)))
            for number in range(VIEWS_MAX + 1)
        ]
        assert kept == [True] * VIEWS_MAX + [False]
        assert await views.keep("ann", JULY._replace(view_id="0"))
        assert len(await views.all_of("ann")) == VIEWS_MAX

    use(something)


@pytest.mark.parametrize("kind", ["redis", "memory"])
def test_a_store_that_is_away_says_so(kind: str) -> None:
    async def inside() -> None:
        memory = MemorySavedViews()
        memory.is_available = False
        away: SavedViews = memory
        if kind == "redis":
            away = RedisSavedViews("redis://127.0.0.1:1/0", "test")
        for call in (
            away.all_of("ann"),
            away.keep("ann", MAY),
            away.drop("ann", MAY.view_id),
        ):
            with pytest.raises(StoreUnavailable):
                await call
        await away.close()

    asyncio.run(inside())
