"""One contract for the notes of tills in Redis and their twin in memory."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import redis

from local.stack import Stack
from stores.till_notes import (
    CheckPlace,
    KnownTransaction,
    MemoryTillNotes,
    RedisTillNotes,
    TillNote,
    TillNotes,
)
from stores.unavailable import StoreUnavailable

pytestmark = pytest.mark.end_to_end
Use = Callable[[TillNotes], Awaitable[Any]]
NOTE = TillNote("aa", 1_705_320_000_000, "ann é", "LOYALTY_ACCRUE", "pos:s:c", "s")
OTHER = NOTE._replace(likeness="bb")


@pytest.fixture(params=["redis", "memory"])
def use(request: pytest.FixtureRequest, servers: Stack) -> Callable[[Use], Any]:
    """Run something with an empty store of either kind."""

    def run(something: Use) -> Any:
        async def inside() -> Any:
            notes: TillNotes = MemoryTillNotes()
            if request.param == "redis":
                url = servers.addresses()["redis_url"]
                redis.Redis.from_url(url).flushall()
                notes = RedisTillNotes(url, "test", ttl_seconds=60)
            try:
                return await something(notes)
            finally:
                await notes.close()

        return asyncio.run(inside())

    return run


def test_the_first_note_and_the_first_answer_stay(use: Callable[[Use], Any]) -> None:
    async def something(notes: TillNotes) -> None:
        assert await notes.find("t") is None
        assert await notes.take("t", NOTE) is None
        assert await notes.take("t", OTHER) == KnownTransaction(NOTE)
        await notes.answer("t", b"first")
        await notes.answer("t", b"second")
        assert await notes.find("t") == KnownTransaction(NOTE, b"first")

    use(something)


def test_of_many_at_once_one_is_the_first(use: Callable[[Use], Any]) -> None:
    async def something(notes: TillNotes) -> list[Any]:
        taken = [notes.take("t", NOTE._replace(accepted_at=n)) for n in range(30)]
        return list(await asyncio.gather(*taken))

    assert use(something).count(None) == 1


def test_an_answer_to_what_is_not_noted_is_not_kept(use: Callable[[Use], Any]) -> None:
    async def something(notes: TillNotes) -> None:
        await notes.answer("t", b"first")
        assert await notes.take("t", NOTE) is None
        assert await notes.find("t") == KnownTransaction(NOTE)

    use(something)


def test_a_transaction_is_undone_by_one(use: Callable[[Use], Any]) -> None:
    async def something(notes: TillNotes) -> None:
        await notes.take("t", NOTE)
        assert await notes.mark_reversed("t", "r1") == "r1"
        assert await notes.mark_reversed("t", "r1") == "r1"
        assert await notes.mark_reversed("t", "r2") == "r1"
        assert await notes.find("t") == KnownTransaction(NOTE, b"", "r1")

    use(something)


def test_a_check_is_one_transactions_until_it_is_freed(
    use: Callable[[Use], Any],
) -> None:
    async def something(notes: TillNotes) -> None:
        assert await notes.take_check("c", "t1") == CheckPlace("t1", 0)
        assert await notes.take_check("c", "t2") == CheckPlace("t1", 0)
        await notes.free_check("c", "t2")
        assert await notes.take_check("c", "t1") == CheckPlace("t1", 0)
        await notes.free_check("c", "t1")
        await notes.free_check("c", "t1")
        assert await notes.take_check("c", "t2") == CheckPlace("t2", 1)

    use(something)


def test_notes_and_checks_end(servers: Stack) -> None:
    url = servers.addresses()["redis_url"]

    async def something() -> None:
        notes = RedisTillNotes(url, "ends", ttl_seconds=60)
        await notes.take("t", NOTE)
        await notes.answer("t", b"first")
        await notes.take_check("c", "t")
        await notes.close()

    asyncio.run(something())
    client = redis.Redis.from_url(url)

    assert {client.ttl("ends:till:t"), client.ttl("ends:till-check:c")} <= {59, 60}


def test_a_server_that_is_not_there_is_unavailable() -> None:
    async def something() -> None:
        notes = RedisTillNotes("redis://127.0.0.1:1/0", "test")
        for call in (
            notes.take("t", NOTE),
            notes.find("t"),
            notes.answer("t", b""),
            notes.take_check("c", "t"),
        ):
            with pytest.raises(StoreUnavailable):
                await call

    asyncio.run(something())
