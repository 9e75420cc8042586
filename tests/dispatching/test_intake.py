"""What is read is queued once; who is forgotten gets nothing; outcomes are told."""

import asyncio
import json
from typing import Any

import pytest

from schemas.deliveries import DeliveryCodec
from schemas.topics import ACTIVITY, COMMANDS, DELIVERIES, MEMBER_UPDATES
from schemas.update_reader import Update
from stores.email_addresses_contract import MemoryEmailAddresses
from stores.inbox_contract import InboxMessage, InboxWrite
from stores.memory_endpoints import MemoryEndpoints
from stores.memory_inbox import MemoryInbox
from stores.memory_outbox import MemoryOutbox
from stores.outbox_contract import SENT, Settled
from stores.publisher import MemoryPublisher
from stores.unavailable import StoreUnavailable
from streams.batches import RecordBatch, SourceRecord
from streams.dispatching.intake import Intake
from streams.dispatching.planning import Planner, PlanRules
from streams.dispatching.telling import Teller
from tests.dispatching.updates import NOW, OneProgram, a_message, an_endpoint, an_update

RULES = PlanRules(sends_mail=True, age_ms_max=3_600_000)


class GivenUpdates:
    """A reader of updates that were read already; what is not there is malformed."""

    def __init__(self, *updates: Update) -> None:
        self.updates = list(updates)

    def read(self, value: bytes | None) -> Update:
        return self.updates[int(value or b"0")]


class World:
    def __init__(self, *updates: Update) -> None:
        self.outbox, self.inbox = MemoryOutbox(), MemoryInbox()
        self.endpoints, self.addresses = MemoryEndpoints(), MemoryEmailAddresses()
        self.count = len(updates)
        reader: Any = GivenUpdates(*updates)
        self.intake = Intake(
            self.outbox,
            self.endpoints,
            inbox=self.inbox,
            addresses=self.addresses,
            planner=Planner(OneProgram(), RULES),
            reader=reader,
            clock=lambda: NOW / 1_000,
        )

    async def write(self) -> None:
        records = [
            SourceRecord(n, NOW, b"ann", str(n).encode()) for n in range(self.count)
        ]
        batch = RecordBatch(MEMBER_UPDATES.name, 0, 0, self.count, records)
        await self.intake.write([batch])


def test_what_is_read_twice_is_queued_once() -> None:
    async def something() -> None:
        updates = [an_update(a_message("inbox", message_id=f"m{n}")) for n in range(3)]
        world = World(*updates)
        await world.write()
        await world.write()
        (depth,) = await world.outbox.depths(limit=9)
        assert depth.waiting == 3

    asyncio.run(something())


@pytest.mark.parametrize(
    ("topic", "refusal", "kept", "is_forgotten"),
    [
        (COMMANDS.name, "", False, True),
        (COMMANDS.name, "", True, True),
        (COMMANDS.name, "erase-refused", False, False),
        (ACTIVITY.name, "", False, False),
    ],
    ids=["erased", "erased, the points stay", "refused", "an act of that name"],
)
def test_who_is_erased_is_forgotten_everywhere(
    topic: str, refusal: str, kept: bool, is_forgotten: bool
) -> None:
    message = InboxMessage("msg_1", "spring", "hello", "Hi", "B", NOW)

    async def something() -> None:
        erased = an_update(
            event_kind="member.erase",
            topic=topic,
            refusal=refusal,
            result=json.dumps({"kept": kept}),
        )
        world = World(an_update(a_message("webhook")), erased)
        await world.endpoints.add(an_endpoint("a", "message.webhook"))
        await world.inbox.put([InboxWrite("ann", message)])
        await world.addresses.put("ann", "sealed")
        await world.write()
        assert (await world.addresses.get("ann") is None) == is_forgotten
        assert (not (await world.inbox.get("ann")).messages) == is_forgotten
        lanes = await world.outbox.due_lanes(NOW)
        assert (not lanes) == is_forgotten

    asyncio.run(something())


def test_a_redis_that_is_away_makes_reading_wait() -> None:
    async def something() -> None:
        world = World(an_update(a_message("inbox")))
        world.outbox.is_available = False
        with pytest.raises(StoreUnavailable):
            await world.write()

    asyncio.run(something())


def test_outcomes_are_told_and_a_kafka_that_is_away_loses_none() -> None:
    async def something() -> None:
        world, publisher = World(an_update(a_message("inbox"))), MemoryPublisher()
        await world.write()
        (lane,) = await world.outbox.due_lanes(NOW)
        taken = await world.outbox.take(lane, NOW, limit=9, lease_ms=1, paces=())
        done = taken[0]._replace(status=SENT, attempts=1, attempted_at=NOW)
        await world.outbox.settle([Settled(done)], NOW)
        teller = Teller(world.outbox, publisher)
        publisher.is_available = False
        with pytest.raises(StoreUnavailable):
            await teller.tell()
        publisher.is_available = True
        assert await teller.tell() == 1
        assert await teller.tell() == 0
        ((topic, key, value),) = publisher.published
        assert (topic, key) == (DELIVERIES.name, b"ann")
        assert DeliveryCodec().decode(value) == done.event()

    asyncio.run(something())
