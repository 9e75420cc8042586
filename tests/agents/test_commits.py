"""A partition goes on while its transaction is under way, if there is enough to do."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from schemas.topics import ORDERS
from streams.batches import RecordBatch
from streams.kept import Kept
from streams.partition import Partition
from streams.tools import Tools
from streams.transactions import TransactionFailed
from streams.turns import JOINED_RECORDS_MAX
from tests.agents.test_handing_over import (
    EVENTS,
    NUMBER,
    HeldExecutor,
    a_kafka,
    the_tools,
    until,
)
from tests.builders import NOON, an_order
from tests.simulation.memory_kafka import MemoryKafka, never_resting

# Batches of so many do not wait as one, so each is a turn.
TURN = JOINED_RECORDS_MAX + 1
# So few that a turn is over by its records.
MEMBERS = 100
COMMIT = "MemoryProducer.commit"


class Held:
    """An open partition whose first transaction stays under way until it is let go."""

    def __init__(self, kafka: MemoryKafka) -> None:
        self._log = kafka.sources[ORDERS.name]
        self._kafka = kafka
        self.executor = HeldExecutor("")
        tools: Tools = the_tools(kafka, self.executor)._replace(records_max=TURN)
        self.partition = Partition(Kept(NUMBER, tools), tools, never_resting())
        self.running: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Take the partition, and hold what is committed from then on."""
        await self.partition.open()
        self.executor.held = COMMIT
        self.running = asyncio.create_task(self.partition.run(lambda *_: None))

    def give(self, count: int) -> None:
        """Let orders come, of one member after the other."""
        start = len(self._log)
        for number in range(start, start + count):
            name = f"m-{number % MEMBERS}"
            order = an_order(f"o-{number}", member_id=name, occurred_at=NOON + number)
            value = EVENTS.encode_order(order)
            self._kafka.append(ORDERS.name, name.encode(), value, NOON)
        end = len(self._log)
        records = self._log[start:end]
        self.partition.offer(RecordBatch(ORDERS.name, NUMBER, start, end, records))

    def is_decided(self, number: int) -> bool:
        """Whether an order is decided, and written."""
        found = self.partition.members.find(f"m-{number % MEMBERS}")
        return found is not None and found.member.version > number // MEMBERS

    async def turns(self) -> None:
        """Let everybody do what they can."""
        for _ in range(100):
            await asyncio.sleep(0)


def told(story: Callable[[Held], Coroutine[Any, Any, None]]) -> Held:
    async def whole() -> Held:
        held = Held(a_kafka())
        await held.open()
        await story(held)
        assert held.running is not None
        held.running.cancel()
        await asyncio.gather(held.running, return_exceptions=True)
        return held

    return asyncio.run(asyncio.wait_for(whole(), 30))


def test_with_much_to_do_the_next_turn_is_decided_meanwhile_and_no_third() -> None:
    async def story(held: Held) -> None:
        for _ in range(3):
            held.give(TURN)
        await until(lambda: bool(held.executor.let_through))
        await held.turns()

        assert held.is_decided(TURN - 1)
        assert held.is_decided(TURN)
        assert not held.is_decided(2 * TURN)
        # Whoever asks is told of what is committed.
        assert held.partition.checkpoint.applied == 0
        assert held.partition.positions[ORDERS.name] == 0
        assert held.partition.kept.is_ahead

        held.executor.let_through[0]()
        await until(lambda: held.partition.checkpoint.applied == 3 * TURN)
        await held.turns()
        assert not held.partition.kept.is_ahead

    held = told(story)

    assert held.partition.positions[ORDERS.name] == 3 * TURN


def test_with_little_to_do_it_waits_and_what_comes_meanwhile_goes_together() -> None:
    async def story(held: Held) -> None:
        held.give(1)
        await until(lambda: bool(held.executor.let_through))
        held.give(1)
        await held.turns()
        assert not held.is_decided(1)
        held.executor.let_through[0]()
        await until(lambda: held.partition.checkpoint.applied == 2)

    told(story)


def test_a_pause_waits_for_what_is_under_way_and_for_what_is_decided() -> None:
    async def story(held: Held) -> None:
        held.give(TURN)
        held.give(TURN)
        await until(lambda: held.is_decided(TURN))
        pausing = asyncio.create_task(held.partition.pause(5.0))
        await held.turns()
        assert not pausing.done()

        held.executor.let_through[0]()

        assert await pausing
        assert held.partition.checkpoint.applied == 2 * TURN
        assert not held.partition.kept.is_ahead

    told(story)


def test_a_transaction_that_fails_ends_the_partition_with_what_was_decided() -> None:
    class Failing(MemoryKafka):
        def is_current(self, transactional_id: str, epoch: int) -> bool:
            if self.sources[ORDERS.name]:
                raise TransactionFailed("the broker is gone")
            return super().is_current(transactional_id, epoch)

    async def story() -> Held:
        held = Held(a_kafka(Failing))
        await held.open()
        held.give(TURN)
        held.give(TURN)
        await until(lambda: bool(held.executor.let_through))
        await held.turns()
        assert held.running is not None
        held.executor.let_through[0]()
        with pytest.raises(TransactionFailed):
            await held.running
        return held

    held = asyncio.run(story())

    assert held.partition.checkpoint.applied == 0
    assert held.partition.kept.is_ahead
