"""What every system of a bridge promises: one suite, the twin in memory among them."""

import asyncio
import json
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from jobs.bridging.inward import Inward
from jobs.bridging.ports import MemberEvent, Received, Source, Target
from schemas.cloud_event_examples import ORDER_PLACED
from schemas.cloud_events import STRUCTURED
from schemas.event_examples import ACTIVITY, ORDER
from schemas.events import EventCodec
from schemas.state import StateCodec
from schemas.topics import ACTIVITY as ACTS
from schemas.topics import DEAD_LETTERS, ORDERS
from stores.publisher import MemoryPublisher
from stores.unavailable import StoreUnavailable
from tests.bridges.places import Place

pytestmark = pytest.mark.timeout(120)
SECONDS_MAX = 20.0
AWAY_SECONDS_MAX = 15.0


def done(story: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(story, 60))


async def received(source: Source, count: int) -> list[Received]:
    """So many messages, however many calls that takes."""
    found: list[Received] = []
    deadline = time.monotonic() + SECONDS_MAX
    while len(found) < count and time.monotonic() < deadline:
        try:
            found += await source.receive(50, 1)
        except StoreUnavailable:
            await asyncio.sleep(0.1)
    return found


async def refused(call: Callable[[], Coroutine[Any, Any, Any]]) -> float:
    """Seconds until a call says that the other side is away."""
    started = time.monotonic()
    while time.monotonic() < started + SECONDS_MAX:
        try:
            await call()
        except StoreUnavailable:
            return time.monotonic() - started
    raise AssertionError("nobody said that the other side is away")


async def sent(target: Target, some: list[MemberEvent]) -> None:
    """Send until the other side has said it has all, as a bridge does."""
    deadline = time.monotonic() + SECONDS_MAX
    while True:
        try:
            await target.send(some)
        except StoreUnavailable:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.1)
        else:
            return


class Bridge:
    """A bridge in over a source, for a while."""

    def __init__(self, place: Place) -> None:
        self.publisher = MemoryPublisher()
        self.stopped = asyncio.Event()
        self._source = place.source()
        bridge = Inward(
            self._source,
            self.publisher,
            codec=EventCodec(),
            name="test",
            messages_max=50,
            stopped=self.stopped,
        )
        self._running = asyncio.create_task(bridge.run())

    async def published(self, count: int) -> list[tuple[str, bytes, bytes]]:
        deadline = time.monotonic() + SECONDS_MAX
        while len(self.publisher.published) < count and time.monotonic() < deadline:  # noqa: ASYNC110 - the twin tells nobody
            await asyncio.sleep(0.05)
        return self.publisher.published

    async def stop(self) -> None:
        self.stopped.set()
        await self._running
        await self._source.close()


def body(event: object) -> bytes:
    return json.dumps(event).encode()


def order_ids(published: list[tuple[str, bytes, bytes]]) -> list[str]:
    codec = EventCodec()
    return [
        codec.decode_order(key, value, int(time.time() * 1_000)).event_id
        for topic, key, value in published
        if topic == ORDERS.name
    ]


def test_a_message_comes_until_it_is_acknowledged(place: Place) -> None:
    async def story() -> None:
        source = place.source()
        for number in range(12):
            await place.put(body(number))
        first = await received(source, 12)
        await source.hold(first)
        await source.acknowledge(first[:5])
        await source.release(first[5:])
        again = await received(source, 7)
        await source.acknowledge(again)

        assert sorted(int(one.body) for one in first) == list(range(12))
        assert {one.body for one in again} == {one.body for one in first[5:]}
        assert await source.receive(50, 0.2) == []
        await source.close()

    done(story())


def test_content_type_and_headers_come_with_a_message(place: Place) -> None:
    async def story() -> None:
        source = place.source()
        await place.put(b"{}", "application/json", {"cloudEvents_id": "7"})
        [message] = await received(source, 1)

        assert message.content_type == "application/json"
        assert message.headers["cloudevents_id"] == "7"
        assert message.message_id
        await source.acknowledge([message])
        await source.close()

    done(story())


def test_a_source_that_is_away_says_so_and_then_serves(place: Place) -> None:
    async def story() -> None:
        source = place.source()
        await place.put(b"1")
        [held] = await received(source, 1)
        place.cut()
        seconds = await refused(lambda: source.receive(1, 1))
        seconds += await refused(lambda: source.acknowledge([held]))
        # A release cannot fail: what is not given back comes after its time.
        await source.release([held])
        place.mend()
        await place.put(b"2")
        found = await received(source, 1)

        assert seconds < AWAY_SECONDS_MAX
        assert found
        await source.close()

    done(story())


def test_orders_and_acts_of_every_form_are_published_and_acknowledged(
    place: Place,
) -> None:
    async def story() -> None:
        bridge = Bridge(place)
        await place.put(body(ORDER))
        await place.put(body(ACTIVITY), "application/json")
        await place.put(body(ORDER_PLACED), STRUCTURED)
        await place.put(
            body({k: v for k, v in ORDER.items() if k not in {"event_id", "kind"}}),
            "application/json",
            {
                "cloudEvents_specversion": "1.0",
                "cloudEvents_id": "9",
                "cloudEvents_source": "/tills/9",
                "cloudEvents_type": "regulars.order.placed",
            },
        )
        published = await bridge.published(4)
        await bridge.stop()

        assert sorted(topic for topic, _, _ in published) == [
            ACTS.name,
            *[ORDERS.name] * 3,
        ]
        assert sorted(order_ids(published)) == sorted(
            [ORDER["event_id"], "/stores/7/tills/2 000123", "/tills/9 9"]
        )
        assert await place.source().receive(50, 0.2) == []

    done(story())


def test_poison_is_buried_with_its_bytes_and_its_neighbours_go_on(place: Place) -> None:
    async def story() -> None:
        bridge = Bridge(place)
        await place.put(b"\x01 no json")
        await place.put(body(ORDER | {"quantity": 1}))
        await place.put(body(ORDER | {"member_id": "budget:b"}))
        await place.put(body(ORDER))
        published = await bridge.published(4)
        await bridge.stop()

        letters = [
            StateCodec().decode_dead_letter(value)
            for topic, _, value in published
            if topic == DEAD_LETTERS.name
        ]
        found = {letter.reason: letter for letter in letters}
        assert order_ids(published) == [ORDER["event_id"]]
        assert set(found) == {"not-json", "not-an-event", "key-reserved"}
        assert found["not-json"].value == b"\x01 no json"
        assert found["not-json"].source_topic == "bridge-test"
        assert "/quantity: " in found["not-an-event"].detail
        assert await place.source().receive(50, 0.2) == []

    done(story())


def test_nothing_is_acknowledged_while_kafka_is_away(place: Place) -> None:
    async def story() -> None:
        bridge = Bridge(place)
        bridge.publisher.is_available = False
        await place.put(body(ORDER))
        await asyncio.sleep(0.5)
        assert bridge.publisher.published == []
        bridge.publisher.is_available = True
        published = await bridge.published(1)
        await bridge.stop()

        assert order_ids(published) == [ORDER["event_id"]]

    done(story())


def test_a_stop_while_kafka_is_away_leaves_the_messages_there(place: Place) -> None:
    async def story() -> None:
        bridge = Bridge(place)
        bridge.publisher.is_available = False
        await place.put(body(ORDER))
        await asyncio.sleep(0.5)
        started = time.monotonic()
        await bridge.stop()
        seconds = time.monotonic() - started
        other = Bridge(place)
        published = await other.published(1)
        await other.stop()

        assert seconds < AWAY_SECONDS_MAX
        assert order_ids(published) == [ORDER["event_id"]]

    done(story())


def events(count: int) -> list[MemberEvent]:
    return [
        MemberEvent(f"m@{n}", "m", "regulars.member.updated", body({"id": f"m@{n}"}))
        for n in range(count)
    ]


def test_events_arrive_and_none_is_missing(far_place: Place) -> None:
    async def story() -> None:
        target = far_place.target()
        await sent(target, events(target.batch_max))
        arrived = await far_place.arrived()
        await target.close()

        assert {one["id"] for one in arrived} == {
            one.event_id for one in events(target.batch_max)
        }

    done(story())


def test_a_target_that_is_away_says_so_and_then_takes_the_same_events(
    far_place: Place,
) -> None:
    async def story() -> None:
        target = far_place.target()
        far_place.cut()
        seconds = await refused(lambda: target.send(events(3)))
        far_place.mend()
        await sent(target, events(3))
        arrived = await far_place.arrived()
        await target.close()

        assert seconds < AWAY_SECONDS_MAX
        assert {one["id"] for one in arrived} == {"m@0", "m@1", "m@2"}

    done(story())
