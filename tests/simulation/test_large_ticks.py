"""A campaign that is due at one instant: orders go on between its transactions."""

import asyncio
from itertools import count

import pytest

from loyalty.events import Tick
from loyalty.limits import DAY_MS
from loyalty.program import Program
from schemas.topics import CLOCK, ORDERS, SOURCES
from schemas.updates import Change
from streams.batches import RecordBatch
from streams.due_pace import DuePace
from streams.kept import Kept
from streams.partition import Partition
from streams.tools import Tools
from tests.builders import NOON, an_order
from tests.rules.town import built
from tests.simulation.memory_kafka import never_resting
from tests.simulation.world import EVENTS, UPDATES, World

MEMBERS, RECORDS_MAX, LATER = 60, 7, 5
# Seconds, of a rest of half a one.
LOOK_PASSES = 0.2
TICK_AT = NOON + 31 * DAY_MS
PROGRAM = built(
    """
engagement: {consent_assumed: [inbox]}
""",
    templates=[{"id": "back", "texts": {"inbox": {"title": "Hi", "body": "Back?"}}}],
    triggers=[
        {
            "id": "come-back",
            "kind": "lapsed",
            "days": 30,
            "message": {"template": "back", "channels": ["inbox"]},
        }
    ],
)


class CampaignWorld(World):
    """Everybody ordered at the same time, and is missed at the same time."""

    program: Program = PROGRAM

    def __init__(self, seed: int, *, orders: int, crash_chance: float) -> None:
        self.rests = 0
        super().__init__(seed, orders=orders, crash_chance=crash_chance)

    def _fill(self, orders: int) -> None:
        self.program = PROGRAM
        for spec in SOURCES:
            self.kafka.sources[spec.name] = []
        for number in range(orders):
            self.order(f"member-{number}", f"order-{number}", NOON)
        # The broker had all of them before the tick.
        self.kafka.visible[ORDERS.name] = orders
        tick = EVENTS.encode_tick(Tick(TICK_AT))
        self.kafka.append(CLOCK.name, None, tick, TICK_AT)

    def order(self, member_id: str, order_id: str, at: int) -> None:
        order = an_order(order_id, member_id=member_id, occurred_at=at)
        value = EVENTS.encode_order(order)
        self.kafka.append(ORDERS.name, member_id.encode(), value, at)

    def offer(self, partition: Partition, topic: str, start: int) -> None:
        log = self.kafka.sources[topic]
        self.kafka.visible[topic] = len(log)
        partition.offer(RecordBatch(topic, 0, start, len(log), log[start:]))

    def _tools(self) -> Tools:
        return super()._tools()._replace(records_max=RECORDS_MAX)

    def _pace(self) -> DuePace:
        """Time passes whenever somebody looks, so that rests begin and end."""
        ticking, world = count(step=LOOK_PASSES), self

        class Counted(DuePace):
            # Other partitions of the worker have orders all the time.
            is_busy = True

            def worked(self) -> int:
                world.rests += 1
                return super().worked()

        return Counted(ticking.__next__)


def changes(world: World) -> list[tuple[str, Change]]:
    """Changes of all members, in the order of their transactions."""
    return [
        (member_id, change)
        for member_id, value in world.kafka.updates
        for change in UPDATES.decode(value).changes
    ]


async def until(condition: object, running: asyncio.Task[None]) -> None:
    assert callable(condition)
    for _ in range(10_000):
        if condition():
            return
        if running.done():
            running.result()
        await asyncio.sleep(0)
    pytest.fail("it never came to that")


async def live(world: CampaignWorld) -> int:
    """Orders, the tick, and orders in the midst of it; how many updates these waited."""
    tools = world._tools()
    partition = Partition(Kept(0, tools), tools, never_resting())
    await partition.open()
    running = asyncio.create_task(partition.run(lambda *_: None))
    world.offer(partition, ORDERS.name, 0)
    await until(lambda: partition.positions[ORDERS.name] == MEMBERS, running)
    world.offer(partition, CLOCK.name, 0)
    await until(lambda: len(world.kafka.updates) > MEMBERS + RECORDS_MAX, running)
    # The tick is under way, and not passed.
    assert partition.positions[CLOCK.name] == 0
    began = len(world.kafka.updates)
    for number in range(LATER):
        world.order("somebody", f"later-{number}", TICK_AT + number)
    world.offer(partition, ORDERS.name, MEMBERS)
    await until(lambda: partition.positions[ORDERS.name] == MEMBERS + LATER, running)
    waited = len(world.kafka.updates) - began
    assert partition.positions[CLOCK.name] == 0
    await until(lambda: partition.positions[CLOCK.name] == 1, running)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert partition.checkpoint.ticked_at == TICK_AT
    assert partition.checkpoint.ticks == 1
    return waited


def test_orders_wait_for_one_transaction_of_a_large_tick_and_no_more() -> None:
    world = CampaignWorld(0, orders=MEMBERS, crash_chance=0.0)

    waited = asyncio.run(live(world))

    # At most one transaction of the tick before, and the orders' own update.
    assert waited <= RECORDS_MAX + 1
    told = changes(world)
    messages = [m.message_id for _, change in told for m in change.messages]
    assert len(messages) == MEMBERS
    assert len({member_id for member_id, c in told if c.messages}) == MEMBERS


def test_whoever_dies_in_the_midst_of_a_large_tick_sends_each_message_once() -> None:
    sent = crashes = rests = 0
    for seed in range(12):
        world = CampaignWorld(seed, orders=MEMBERS, crash_chance=0.1)
        checkpoint = asyncio.run(world.live())
        crashes += world.kafka.crashes
        assert checkpoint.ticks == 1
        told = [member_id for member_id, c in changes(world) if c.messages]
        assert len(told) == len(set(told)) == MEMBERS
        sent += len(told)
        rests += world.rests
    assert crashes > 10
    # Some died in a rest, and some got over it.
    assert rests > 12
    assert sent == 12 * MEMBERS
