"""A line to Redis: many callers, one connection, each its own answer."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import redis

from local.stack import Stack
from stores.redis_line import RedisLine
from stores.unavailable import StoreUnavailable

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(120)]
Something = Callable[[RedisLine], Awaitable[Any]]
CALL_SECONDS_MAX = 1.0


@pytest.fixture
def use(servers: Stack) -> Callable[[Something], Any]:
    """Run something with a line to an empty server."""
    url = servers.addresses()["redis_url"]

    def run(something: Something) -> Any:
        async def inside() -> Any:
            redis.Redis.from_url(url).flushall()
            line = RedisLine(url, call_seconds_max=CALL_SECONDS_MAX)
            try:
                return await something(line)
            finally:
                await line.close()

        return asyncio.run(inside())

    return run


def connections(servers: Stack) -> int:
    client = redis.Redis.from_url(servers.addresses()["redis_url"])
    return len([one for one in client.client_list() if one["cmd"] != "client|list"])


def test_each_of_many_callers_has_its_own_answer_over_one_connection(
    use: Callable[[Something], Any], servers: Stack
) -> None:
    before = connections(servers)

    async def something(line: RedisLine) -> int:
        await asyncio.gather(*(line.ask("SET", f"k{n}", n) for n in range(500)))
        asked = [line.ask("GET", f"k{n}") for n in range(500)]
        answers = await asyncio.gather(*asked)
        assert answers == [str(n).encode() for n in range(500)]
        return connections(servers)

    assert use(something) == before + 1


def test_answers_are_bytes_numbers_lists_and_none(
    use: Callable[[Something], Any],
) -> None:
    async def something(line: RedisLine) -> list[Any]:
        large = b"\x00\r\n" * 100_000
        await line.ask("SET", "large", large)
        assert await line.ask("GET", "large") == large
        return [
            await line.ask("GET", "none"),
            await line.ask("HSET", "h", "a", b"\xff", "b", 2),
            await line.ask("HMGET", "h", "a", "c", "b"),
        ]

    assert use(something) == [None, 2, [b"\xff", None, b"2"]]


def test_a_command_that_is_refused_spoils_no_other(
    use: Callable[[Something], Any],
) -> None:
    async def something(line: RedisLine) -> None:
        await line.ask("SET", "text", "no number")
        asked = [line.ask("INCR", "text"), line.ask("GET", "text")]
        refused, answer = await asyncio.gather(*asked, return_exceptions=True)

        assert isinstance(refused, StoreUnavailable)
        assert not refused.is_away
        assert answer == b"no number"

    use(something)


def test_who_gives_up_leaves_the_others_their_answers(
    use: Callable[[Something], Any],
) -> None:
    async def something(line: RedisLine) -> list[Any]:
        await line.ask("MSET", "a", 1, "b", 2, "c", 3)
        asked = [asyncio.create_task(line.ask("GET", name)) for name in "abc"]
        await asyncio.sleep(0)
        asked[1].cancel()
        return await asyncio.gather(*asked, return_exceptions=True)

    first, cancelled, last = use(something)

    assert (first, last) == (b"1", b"3")
    assert isinstance(cancelled, asyncio.CancelledError)


def test_who_gives_up_while_it_connects_does_not_take_it_from_others(
    use: Callable[[Something], Any],
) -> None:
    async def something(line: RedisLine) -> Any:
        first = asyncio.create_task(line.ask("PING"))
        second = asyncio.create_task(line.ask("PING"))
        await asyncio.sleep(0)
        first.cancel()
        return await second

    assert use(something) == b"PONG"


def test_a_connection_that_was_cut_is_told_at_once_and_made_anew(
    use: Callable[[Something], Any], servers: Stack
) -> None:
    async def something(line: RedisLine) -> None:
        await line.ask("SET", "k", "v")
        admin = redis.Redis.from_url(servers.addresses()["redis_url"])
        admin.client_kill_filter(_type="normal", skipme=True)
        waits = asyncio.gather(
            *(line.ask("GET", "k") for _ in range(3)), return_exceptions=True
        )
        for told in await waits:
            # The cut may have been seen before they asked.
            assert told == b"v" or isinstance(told, StoreUnavailable)
        assert await line.ask("GET", "k") == b"v"

    use(something)


def test_a_server_that_hangs_is_given_up_in_time_and_asked_anew(
    use: Callable[[Something], Any], servers: Stack
) -> None:
    async def something(line: RedisLine) -> float:
        await line.ask("SET", "k", "v")
        servers.pause("valkey")
        started = time.monotonic()
        try:
            waits = [line.ask("GET", "k") for _ in range(50)]
            told = await asyncio.gather(*waits, return_exceptions=True)
        finally:
            servers.resume("valkey")
        seconds = time.monotonic() - started
        assert all(isinstance(one, StoreUnavailable) and one.is_away for one in told)
        assert await line.ask("GET", "k") == b"v"
        return seconds

    assert CALL_SECONDS_MAX <= use(something) < CALL_SECONDS_MAX * 3


def test_a_server_that_is_not_there_is_away() -> None:
    async def something() -> None:
        line = RedisLine("redis://127.0.0.1:1/0", call_seconds_max=CALL_SECONDS_MAX)
        waits = asyncio.gather(
            *(line.ask("PING") for _ in range(3)), return_exceptions=True
        )
        told = await waits
        await line.close()
        assert all(isinstance(one, StoreUnavailable) and one.is_away for one in told)

    asyncio.run(something())


def test_who_waits_while_it_closes_is_told(
    use: Callable[[Something], Any], servers: Stack
) -> None:
    async def something(line: RedisLine) -> Any:
        await line.ask("PING")
        servers.pause("valkey")
        try:
            waiting = asyncio.create_task(line.ask("PING"))
            await asyncio.sleep(0)
            await line.close()
            return await asyncio.gather(waiting, return_exceptions=True)
        finally:
            servers.resume("valkey")

    (told,) = use(something)

    assert isinstance(told, StoreUnavailable)
