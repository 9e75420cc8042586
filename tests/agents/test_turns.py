"""However slow the machine is, a transaction comes to its end, and others get on."""

import asyncio
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from loyalty.decide import decide
from loyalty.decision import Decision
from loyalty.events import Tick
from loyalty.member import NEW_MEMBER
from loyalty.program import ProgramHistory
from schemas.events import EventCodec
from schemas.state import CHECKPOINT_KEY, Checkpoint, StateCodec
from schemas.topics import CLOCK, ORDERS, SOURCES
from schemas.updates import UpdateCodec
from streams.batches import RecordBatch
from streams.committer import Committer
from streams.due_pace import TICK_MEMBERS_MAX
from streams.kept import Kept
from streams.partition import Partition
from streams.strides import STRIDE
from streams.tools import Tools
from streams.turns import INBOX_RECORDS_ENOUGH, Turns
from tests.agents.test_handing_over import a_kafka, the_tools
from tests.builders import A_FULL_PROGRAM, NOON, an_order
from tests.simulation.memory_kafka import (
    InlineExecutor,
    MemoryChangelogReader,
    MemoryKafka,
    never_resting,
)

EVENTS = EventCodec()
STATES = StateCodec()
RECORDS = 3 * STRIDE


def nothing_is_missed(topic: str, position: int) -> None:
    raise AssertionError((topic, position))


@pytest.mark.parametrize(
    ("turn_seconds_max", "transactions"),
    [(60.0, 1), (0.0, RECORDS // STRIDE)],
    ids=["a fast one", "one so slow that each stride takes a turn"],
)
def test_a_partition_that_has_had_its_turn_commits_in_the_middle_of_a_batch(
    turn_seconds_max: float, transactions: int
) -> None:
    kafka = MemoryKafka(Random(1), 0.0)
    for spec in SOURCES:
        kafka.sources[spec.name] = []
    for number in range(RECORDS):
        order = an_order(f"o{number}", occurred_at=NOON + number)
        value = EVENTS.encode_order(order)
        kafka.append(ORDERS.name, order.member_id.encode(), value, NOON)
    tools: dict[str, Any] = {
        "programs": ProgramHistory([A_FULL_PROGRAM]),
        "events": EVENTS,
        "states": StateCodec(),
        "updates": UpdateCodec(),
        "reader": MemoryChangelogReader(kafka),
        "executor": InlineExecutor(),
        "committer": Committer("worker", kafka.new_producer, InlineExecutor()),
        "new_producer": kafka.new_producer,
        "edges": kafka.edges,
        "records_max": 100,
        "cache_max": 100,
    }

    async def live() -> Partition:
        given = Tools(**tools, turn_seconds_max=turn_seconds_max)
        partition = Partition(Kept(0, given), given, never_resting())
        await partition.open()
        log = kafka.sources[ORDERS.name]
        partition.offer(RecordBatch(ORDERS.name, 0, 0, RECORDS, list(log)))
        running = asyncio.create_task(partition.run(nothing_is_missed))
        for _ in range(50 * RECORDS):
            await asyncio.sleep(0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return partition

    partition = asyncio.run(asyncio.wait_for(live(), 60))

    # The marker that ends a transaction has no key here.
    # and the first was the claim.
    assert [key for key, _ in kafka.changelog].count(b"") == 1 + transactions
    assert partition.members.load("member-1").version == RECORDS
    assert partition.checkpoint.applied == RECORDS


def some(start: int, end: int) -> RecordBatch:
    return RecordBatch(ORDERS.name, 0, start, end, range(start, end))


def test_no_more_is_read_while_enough_records_wait_in_however_few_batches() -> None:
    turns = Turns(never_resting())
    turns.offer(some(0, INBOX_RECORDS_ENOUGH - 1))
    assert turns.has_room(ORDERS.name)

    turns.offer(some(INBOX_RECORDS_ENOUGH - 1, 2 * INBOX_RECORDS_ENOUGH))
    assert not turns.has_room(ORDERS.name)
    # Time goes on beside them.
    assert turns.has_room(CLOCK.name)

    turns.inbox.popleft()
    turns.inbox.popleft()
    assert turns.has_room(ORDERS.name)


def let_be_due(kafka: MemoryKafka, count: int) -> int:
    """Keep so many members for whom something is due at a tick; return when."""
    order = an_order("o", occurred_at=NOON)
    programs = ProgramHistory([A_FULL_PROGRAM])
    decided = decide(NEW_MEMBER, order, programs, member_id="")
    assert isinstance(decided, Decision)
    state, due_at = STATES.encode_member(decided.member), decided.member.next_due_at
    kafka.changelog += [(b"m-%d" % number, state) for number in range(count)]
    kafka.changelog.append((CHECKPOINT_KEY, STATES.encode_checkpoint(Checkpoint({}))))
    kafka.append(CLOCK.name, None, EVENTS.encode_tick(Tick(due_at)), due_at)
    return due_at


def transactions_of(kafka: MemoryKafka, known: int) -> list[list[bytes]]:
    """Members of each transaction after so many records of the changelog."""
    transactions: list[list[bytes]] = [[]]
    for key, _ in kafka.changelog[known:]:
        if key == CHECKPOINT_KEY:
            transactions.append([])
        elif key:
            transactions[-1].append(key)
    return transactions


def test_a_tick_of_many_commits_so_often_that_orders_get_in_between() -> None:
    kafka = a_kafka()
    tools = the_tools(kafka)._replace(records_max=10 * TICK_MEMBERS_MAX)
    count = 2 * TICK_MEMBERS_MAX + 1
    due_at = let_be_due(kafka, count)
    known = len(kafka.changelog)
    late = an_order("late", member_id="guest", occurred_at=due_at + 1)
    kafka.append(ORDERS.name, b"guest", EVENTS.encode_order(late), due_at + 1)

    async def live() -> None:
        partition = Partition(Kept(0, tools), tools, never_resting())
        await partition.open()
        running = asyncio.create_task(partition.run(nothing_is_missed))
        partition.offer(RecordBatch(CLOCK.name, 0, 0, 1, kafka.sources[CLOCK.name]))
        while not kafka.changelog[known + 1 :]:  # noqa: ASYNC110 - what is written tells
            await asyncio.sleep(0)
        log = kafka.sources[ORDERS.name]
        partition.offer(RecordBatch(ORDERS.name, 0, 0, 1, log))
        while partition.checkpoint.ticks < 1:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(asyncio.wait_for(live(), 60))

    transactions = transactions_of(kafka, known)
    sizes = [len(keys) for keys in transactions if keys]
    at = next(n for n, keys in enumerate(transactions) if b"guest" in keys)
    assert max(sizes) == TICK_MEMBERS_MAX
    assert sum(sizes) == count + 1
    # Neither first nor last.
    assert 0 < at < len(transactions) - 2


def test_a_tick_that_comes_while_another_is_worked_on_waits_for_orders_before_it() -> (
    None
):
    kafka = a_kafka()
    tools = the_tools(kafka)._replace(records_max=10 * TICK_MEMBERS_MAX)
    due_at = let_be_due(kafka, TICK_MEMBERS_MAX + 1)
    order = an_order("o", member_id="guest", occurred_at=due_at + 1)
    kafka.append(ORDERS.name, b"guest", EVENTS.encode_order(order), due_at + 1)
    later = EVENTS.encode_tick(Tick(due_at + 2))
    kafka.append(CLOCK.name, None, later, due_at + 2)
    clock = kafka.sources[CLOCK.name]

    async def live() -> list[int]:
        partition = Partition(Kept(0, tools), tools, never_resting())
        await partition.open()
        running = asyncio.create_task(partition.run(nothing_is_missed))
        partition.offer(RecordBatch(CLOCK.name, 0, 0, 1, clock[:1]))
        while len(kafka.updates) < TICK_MEMBERS_MAX:  # noqa: ASYNC110 - what is told tells
            await asyncio.sleep(0)
        # The broker has an order, and then a tick; the tick is read first.
        kafka.visible[ORDERS.name] = 1
        partition.offer(RecordBatch(CLOCK.name, 0, 1, 2, clock[1:]))
        while not partition.positions[CLOCK.name]:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0)
        await asyncio.sleep(0.2)
        seen = [partition.positions[CLOCK.name]]
        log = kafka.sources[ORDERS.name]
        partition.offer(RecordBatch(ORDERS.name, 0, 0, 1, log))
        while partition.checkpoint.ticks < 2:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return [*seen, partition.positions[CLOCK.name]]

    assert asyncio.run(asyncio.wait_for(live(), 60)) == [1, 2]


def test_a_tick_that_fails_for_many_lets_others_on_in_between() -> None:
    kafka = a_kafka()
    tried = 0

    def broken(member: Any, event: Any, program: Any, *, member_id: str) -> Any:
        nonlocal tried
        tried += 1
        raise ValueError("a bug")

    tools = the_tools(kafka)._replace(decide=broken)
    count = 2 * TICK_MEMBERS_MAX + 1
    let_be_due(kafka, count)

    async def live() -> list[int]:
        partition = Partition(Kept(0, tools), tools, never_resting())
        await partition.open()
        running = asyncio.create_task(partition.run(nothing_is_missed))
        partition.offer(RecordBatch(CLOCK.name, 0, 0, 1, kafka.sources[CLOCK.name]))
        seen = [tried]
        while partition.checkpoint.ticks < 1:
            await asyncio.sleep(0)
            seen.append(tried)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return seen

    seen = asyncio.run(asyncio.wait_for(live(), 60))

    assert seen[-1] == count
    assert max(after - before for before, after in pairwise(seen)) == TICK_MEMBERS_MAX


def test_a_tick_does_not_wait_until_no_order_comes() -> None:
    kafka = a_kafka()
    tools = the_tools(kafka)
    kafka.append(CLOCK.name, None, EVENTS.encode_tick(Tick(NOON)), NOON)
    orders_max = 200

    async def live() -> tuple[int, int]:
        partition = Partition(Kept(0, tools), tools, never_resting())
        await partition.open()
        running = asyncio.create_task(partition.run(nothing_is_missed))
        log, count = kafka.sources[ORDERS.name], 0
        while partition.checkpoint.ticks < 1 and count < orders_max:
            # Another one is there whenever the last one is taken.
            if partition.members.find(f"m-{count - 1}") is not None or not count:
                name = f"m-{count}"
                order = an_order("o", member_id=name, occurred_at=NOON + count)
                value = EVENTS.encode_order(order)
                kafka.append(ORDERS.name, name.encode(), value, NOON)
                partition.offer(
                    RecordBatch(ORDERS.name, 0, count, count + 1, log[count:])
                )
                count += 1
            if count == 1:
                clock = kafka.sources[CLOCK.name]
                partition.offer(RecordBatch(CLOCK.name, 0, 0, 1, clock))
            await asyncio.sleep(0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return partition.checkpoint.ticks, count

    ticks, count = asyncio.run(asyncio.wait_for(live(), 60))

    assert ticks == 1
    assert count < orders_max
