"""One contract for the notes of commands in Redis and their twin in memory."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import redis

from local.stack import Stack
from stores.command_notes import (
    NOTE_EXTRA_SECONDS,
    CommandNote,
    CommandNotes,
    MemoryCommandNotes,
    RedisCommandNotes,
)
from stores.unavailable import StoreUnavailable

pytestmark = pytest.mark.end_to_end
Use = Callable[[CommandNotes], Awaitable[Any]]
NOTE = CommandNote(
    "ann é\N{BEER MUG}", "points.redeem", "aa", 1_705_320_000_000, "till"
)
OTHER = CommandNote("ann", "points.redeem", "bb", 1)


@pytest.fixture(params=["redis", "memory"])
def use(request: pytest.FixtureRequest, servers: Stack) -> Callable[[Use], Any]:
    """Run something with an empty store of either kind."""

    def run(something: Use) -> Any:
        async def inside() -> Any:
            notes: CommandNotes = MemoryCommandNotes()
            if request.param == "redis":
                url = servers.addresses()["redis_url"]
                redis.Redis.from_url(url).flushall()
                notes = RedisCommandNotes(url, "test", result_ttl_seconds=60)
            try:
                return await something(notes)
            finally:
                await notes.close()

        return asyncio.run(inside())

    return run


def test_the_first_note_of_a_command_stays(use: Callable[[Use], Any]) -> None:
    async def something(notes: CommandNotes) -> None:
        assert await notes.find("c-1") is None
        assert await notes.take("c-1", NOTE) is None
        assert await notes.take("c-1", OTHER) == NOTE
        assert await notes.take("c-2", OTHER) is None
        assert await notes.find("c-1") == NOTE
        assert await notes.find("c-2") == OTHER

    use(something)


def test_of_many_at_once_one_is_the_first(use: Callable[[Use], Any]) -> None:
    async def something(notes: CommandNotes) -> list[CommandNote | None]:
        taken = [notes.take("c", NOTE._replace(accepted_at=n)) for n in range(50)]
        return list(await asyncio.gather(*taken))

    known = use(something)

    assert known.count(None) == 1
    assert len({note for note in known if note is not None}) == 1


def test_a_note_outlives_the_result_and_ends(servers: Stack) -> None:
    url = servers.addresses()["redis_url"]

    async def something() -> None:
        notes = RedisCommandNotes(url, "ttl", result_ttl_seconds=60)
        await notes.take("c", NOTE)
        await notes.close()

    asyncio.run(something())
    left = redis.Redis.from_url(url).ttl("ttl:command:c")

    assert 60 + NOTE_EXTRA_SECONDS - 10 < int(str(left)) <= 60 + NOTE_EXTRA_SECONDS


def test_a_server_that_is_not_there_is_unavailable() -> None:
    async def something() -> None:
        notes = RedisCommandNotes("redis://127.0.0.1:1/0", "test")
        with pytest.raises(StoreUnavailable):
            await notes.take("c", NOTE)
        with pytest.raises(StoreUnavailable):
            await notes.find("c")

    asyncio.run(something())
