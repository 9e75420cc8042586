"""One contract for the feed in Redis and its twin: told exactly if it was written."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import redis

from local.stack import Stack
from stores.member_feed import RedisMemberFeed, feed_key
from stores.member_feed_contract import (
    FEED_LENGTH_MAX,
    FEED_MS_MAX,
    FEED_READ_MAX,
    FEED_START,
    GONE,
    FeedEntry,
    MemberFeed,
)
from stores.member_views import RedisMemberViews
from stores.member_views_contract import ERASED, MemberViews, ViewWrite
from stores.memory_member_views import MemoryMemberViews
from stores.unavailable import StoreUnavailable

pytestmark = pytest.mark.end_to_end
Something = Callable[[MemberViews, MemberFeed], Awaitable[Any]]


@pytest.fixture(params=["redis", "memory"])
def use(request: pytest.FixtureRequest, servers: Stack) -> Callable[[Something], Any]:
    """Run something with an empty store of either kind."""

    def run(something: Something) -> Any:
        async def inside() -> Any:
            memory = MemoryMemberViews()
            views: MemberViews = memory
            feed: MemberFeed = memory.feed
            if request.param == "redis":
                url = servers.addresses()["redis_url"]
                redis.Redis.from_url(url).flushall()
                views, feed = (
                    RedisMemberViews(url, "test"),
                    RedisMemberFeed(url, "test"),
                )
            try:
                return await something(views, feed)
            finally:
                await feed.close()
                await views.close()

        return asyncio.run(inside())

    return run


def _write(version: int, member_id: str = "m", news: bytes = b"news") -> ViewWrite:
    return ViewWrite(member_id, version, b"view", news=news)


async def _all(feed: MemberFeed, after: str = FEED_START) -> list[FeedEntry]:
    found: list[FeedEntry] = []
    while page := await feed.read(after, wait_seconds=0.01):
        assert len(page) <= FEED_READ_MAX
        found.extend(page)
        after = page[-1].place
    return found


def test_what_is_written_is_told_with_the_version_before(
    use: Callable[[Something], Any],
) -> None:
    async def something(views: MemberViews, feed: MemberFeed) -> None:
        await views.put([_write(1), _write(4, news=b"\x00\xff"), _write(2, "n")])
        told = await _all(feed)
        assert [one[1:] for one in told] == [
            ("m", 1, 0, b"news"),
            ("m", 4, 1, b"\x00\xff"),
            ("n", 2, 0, b"news"),
        ]

    use(something)


def test_what_is_not_written_is_not_told(use: Callable[[Something], Any]) -> None:
    async def something(views: MemberViews, feed: MemberFeed) -> None:
        await views.put([_write(5)])
        await views.put([_write(5), _write(4), ViewWrite("n", 1, b"view")])
        assert [one.version for one in await _all(feed)] == [5]

    use(something)


def test_the_end_of_a_member_is_told(use: Callable[[Something], Any]) -> None:
    async def something(views: MemberViews, feed: MemberFeed) -> None:
        await views.put([_write(1), ViewWrite("m", 2, ERASED, news=GONE)])
        assert [one.news for one in await _all(feed)] == [b"news", GONE]

    use(something)


def test_reading_goes_on_from_a_place(use: Callable[[Something], Any]) -> None:
    async def something(views: MemberViews, feed: MemberFeed) -> None:
        await views.put([_write(n, f"m{n}") for n in range(1, 1_201)])
        told = await _all(feed)
        assert [one.version for one in told] == list(range(1, 1_201))
        rest = await _all(feed, told[1_100].place)
        assert rest == told[1_101:]

    use(something)


def test_a_reader_waits_for_what_comes(use: Callable[[Something], Any]) -> None:
    async def something(views: MemberViews, feed: MemberFeed) -> None:
        assert await feed.read(FEED_START, wait_seconds=0.02) == []
        reading = asyncio.create_task(feed.read(FEED_START, wait_seconds=4))
        await asyncio.sleep(0.05)
        assert not reading.done()
        await views.put([_write(1)])
        assert [one.version for one in await reading] == [1]

    use(something)


def test_the_feed_is_short(use: Callable[[Something], Any]) -> None:
    async def something(views: MemberViews, feed: MemberFeed) -> None:
        count = FEED_LENGTH_MAX + 1_000
        await views.put([_write(n, f"m{n}", b"x") for n in range(1, count + 1)])
        told = await _all(feed)
        # Whole blocks are dropped, so some more may be there, never fewer.
        assert FEED_LENGTH_MAX <= len(told) <= FEED_LENGTH_MAX + 200
        assert told[-1].version == count

    use(something)


def test_a_quiet_feed_is_gone_by_itself(servers: Stack) -> None:
    url = servers.addresses()["redis_url"]

    async def something() -> None:
        views = RedisMemberViews(url, "quiet")
        await views.put([_write(1)])
        await views.close()

    asyncio.run(something())
    left_ms = redis.Redis.from_url(url).pttl(feed_key("quiet"))
    assert FEED_MS_MAX - 60_000 < left_ms <= FEED_MS_MAX


def test_what_is_an_hour_old_is_dropped_by_what_comes(servers: Stack) -> None:
    url = servers.addresses()["redis_url"]
    client = redis.Redis.from_url(url)
    fields: Any = {"member": "m", "version": 1, "since": 0, "news": "old"}
    seconds, _ = client.time()
    for number in range(200):
        place = f"{seconds * 1000 - FEED_MS_MAX - 1_000}-{number + 1}"
        client.xadd(feed_key("aged"), fields, id=place)

    async def something() -> None:
        views, feed = RedisMemberViews(url, "aged"), RedisMemberFeed(url, "aged")
        await views.put([_write(2)])
        told = await _all(feed)
        # Whole blocks of a hundred are dropped.
        assert len(told) <= 101
        assert told[-1].version == 2
        await views.close()
        await feed.close()

    asyncio.run(something())


def test_a_server_that_is_not_there_is_unavailable() -> None:
    async def something() -> None:
        feed = RedisMemberFeed("redis://127.0.0.1:1/0", "test")
        with pytest.raises(StoreUnavailable):
            await feed.read(FEED_START, wait_seconds=0.1)
        await feed.close()

    asyncio.run(something())
