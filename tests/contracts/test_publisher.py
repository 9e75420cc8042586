"""The way into the log: one error within a bound, whoever is away."""

import asyncio
import threading
import time

import pytest

from schemas.topics import SOURCE_BYTES_MAX
from stores import publisher as module
from stores.publisher import (
    DELIVERY_TIMEOUT_MS,
    FLUSH_SECONDS,
    IN_FLIGHT_MAX,
    PING_SECONDS,
    KafkaPublisher,
    MemoryPublisher,
    Published,
    Publisher,
)
from stores.unavailable import StoreUnavailable

# An address where nobody listens.
NOWHERE = "127.0.0.1:1"
# The client looks for late records once a second.
SLACK_SECONDS = 2.0


def _away() -> KafkaPublisher:
    return KafkaPublisher(NOWHERE, delivery_timeout_ms=500)


async def _publish(publisher: Publisher, value: bytes = b"v") -> Published:
    return await publisher.publish("orders", key=b"member-1", value=value)


def test_the_twin_counts_offsets_and_keeps_what_it_was_given() -> None:
    publisher = MemoryPublisher()

    places = [asyncio.run(_publish(publisher, value)) for value in (b"a", b"b")]

    assert places == [Published("orders", 0, 0), Published("orders", 0, 1)]
    assert publisher.published[1] == ("orders", b"member-1", b"b")


def test_the_twin_can_be_switched_off() -> None:
    publisher = MemoryPublisher()
    publisher.is_available = False

    for call in (_publish(publisher), publisher.ping()):
        with pytest.raises(StoreUnavailable, match="kafka"):
            asyncio.run(call)
    assert publisher.published == []


def test_a_record_that_nobody_takes_is_refused_within_the_bound() -> None:
    started = time.monotonic()

    with pytest.raises(StoreUnavailable, match="kafka"):
        asyncio.run(_publish(KafkaPublisher(NOWHERE)))

    assert time.monotonic() - started < DELIVERY_TIMEOUT_MS / 1_000 + SLACK_SECONDS


def test_a_ping_that_nobody_answers_ends_within_its_bound() -> None:
    started = time.monotonic()

    with pytest.raises(StoreUnavailable, match="kafka"):
        asyncio.run(_away().ping())

    assert time.monotonic() - started < PING_SECONDS + 0.5


def test_many_that_wait_are_all_answered() -> None:
    async def crowd() -> list[object]:
        publisher = _away()
        calls = [_publish(publisher) for _ in range(500)]
        answers = await asyncio.gather(*calls, return_exceptions=True)
        assert publisher._in_flight == 0
        return list(answers)

    answers = asyncio.run(crowd())

    assert {type(answer) for answer in answers} == {StoreUnavailable}


def test_more_than_can_be_on_their_way_are_refused_at_once() -> None:
    async def flood() -> float:
        publisher = _away()
        waiting = [
            asyncio.ensure_future(_publish(publisher)) for _ in range(IN_FLIGHT_MAX)
        ]
        await asyncio.sleep(0)
        started = time.monotonic()
        with pytest.raises(StoreUnavailable):
            await _publish(publisher)
        seconds = time.monotonic() - started
        await asyncio.gather(*waiting, return_exceptions=True)
        return seconds

    assert asyncio.run(flood()) < 0.5


def test_one_who_no_longer_waits_disturbs_nobody() -> None:
    async def impatient() -> int:
        publisher = _away()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(_publish(publisher), 0.05)
        with pytest.raises(StoreUnavailable):
            await _publish(publisher)
        return publisher._in_flight

    assert asyncio.run(impatient()) == 0


def test_a_loop_that_ends_early_leaves_the_publisher_working() -> None:
    publisher = _away()

    async def leave() -> None:
        waiting = asyncio.ensure_future(_publish(publisher))
        await asyncio.sleep(0.01)
        waiting.cancel()

    asyncio.run(leave())
    time.sleep(0.5 + SLACK_SECONDS)

    # Answered in time only if the thread outlived the loop.
    with pytest.raises(StoreUnavailable):
        asyncio.run(asyncio.wait_for(_publish(publisher), 5))


def test_a_closed_publisher_takes_nothing_and_ends_its_thread() -> None:
    async def close() -> float:
        publisher = _away()
        waiting = asyncio.ensure_future(_publish(publisher))
        await asyncio.sleep(0.01)
        started = time.monotonic()
        await publisher.close()
        seconds = time.monotonic() - started
        with pytest.raises(StoreUnavailable, match="stopping"):
            await _publish(publisher)
        with pytest.raises(StoreUnavailable):
            await waiting
        return seconds

    before = {thread.ident for thread in threading.enumerate()}
    seconds = asyncio.run(close())
    time.sleep(4 * module.POLL_SECONDS)

    assert seconds < FLUSH_SECONDS + SLACK_SECONDS
    names = {t.name for t in threading.enumerate() if t.ident not in before}
    assert "publisher" not in names


def test_the_largest_record_of_a_source_topic_is_not_refused_for_its_size() -> None:
    with pytest.raises(StoreUnavailable, match="timed out"):
        asyncio.run(_publish(_away(), b"v" * SOURCE_BYTES_MAX))
