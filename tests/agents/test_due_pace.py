"""Ticks go on as fast as sinks can follow, while records come."""

import asyncio

import pytest

from schemas.state import CHECKPOINT_KEY
from schemas.topics import CLOCK, ORDERS
from streams.batches import RecordBatch
from streams.due_pace import (
    BEHIND_MAX,
    BUSY_SECONDS,
    REST_SECONDS_MAX,
    TICK_MEMBERS_MAX,
    TICK_MEMBERS_MAX_BUSY,
    DuePace,
)
from streams.kept import Kept
from streams.partition import Partition
from streams.turns import Turns
from tests.agents.test_handing_over import a_kafka, the_tools
from tests.agents.test_turns import EVENTS, let_be_due, nothing_is_missed
from tests.builders import an_order


class Time:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_where_no_record_comes_ticks_have_large_transactions_and_no_rest() -> None:
    pace = DuePace(Time())
    pace.worked()

    assert pace.left_seconds() == 0
    assert pace.members_max == TICK_MEMBERS_MAX


def test_while_records_come_ticks_have_small_transactions_and_rest() -> None:
    time = Time()
    pace = DuePace(time)
    pace.came()
    pace.worked()

    assert pace.left_seconds() == REST_SECONDS_MAX
    assert pace.members_max == TICK_MEMBERS_MAX_BUSY
    time.now += REST_SECONDS_MAX
    # However far anybody is behind.
    assert pace.left_seconds() == 0
    time.now += BUSY_SECONDS
    pace.worked()
    assert pace.left_seconds() == 0
    assert pace.members_max == TICK_MEMBERS_MAX


@pytest.mark.parametrize(
    ("behind", "is_over"),
    [
        pytest.param(BEHIND_MAX, True, id="they follow"),
        pytest.param(BEHIND_MAX + 1, False, id="they do not"),
        pytest.param(None, False, id="nobody knows"),
    ],
)
def test_a_rest_is_over_when_sinks_have_followed(
    behind: int | None, is_over: bool
) -> None:
    pace = DuePace(Time())
    asked = 0

    async def say() -> int | None:
        nonlocal asked
        asked += 1
        return behind

    async def live() -> float:
        following = asyncio.create_task(pace.follow(say))
        pace.came()
        pace.worked()
        while asked < 2 and pace.left_seconds():  # noqa: ASYNC110 - its own time tells
            await asyncio.sleep(0.01)
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        return pace.left_seconds()

    left = asyncio.run(asyncio.wait_for(live(), 30))

    assert left == (0.0 if is_over else REST_SECONDS_MAX)
    assert asked == (1 if is_over else 2)


def batch(topic: str) -> RecordBatch:
    return RecordBatch(topic, 0, 0, 1, range(1))


def test_a_tick_that_is_not_through_lets_all_partitions_of_a_worker_rest() -> None:
    time = Time()
    pace = DuePace(time)
    mine, others = Turns(pace), Turns(pace)
    for turns in (mine, others):
        turns.offer(batch(CLOCK.name))
    mine.offer(batch(ORDERS.name))
    mine.begin(is_tick_due=True)
    assert others.rest_seconds() == 0

    mine.is_tick_open = True
    mine.end()

    assert mine.rest_seconds() == others.rest_seconds() == REST_SECONDS_MAX
    # Orders have their turns meanwhile, and let ticks wait for no longer.
    assert mine.begin(is_tick_due=False) is mine.inbox
    time.now += REST_SECONDS_MAX / 2
    mine.end()
    assert mine.rest_seconds() == REST_SECONDS_MAX / 2


def test_a_tick_that_is_through_lets_nobody_rest() -> None:
    turns = Turns(DuePace(Time()))
    turns.offer(batch(ORDERS.name))
    turns.offer(batch(CLOCK.name))
    turns.begin(is_tick_due=True)
    turns.end()

    assert turns.rest_seconds() == 0


def test_orders_that_come_while_a_tick_rests_are_decided_at_once() -> None:
    kafka = a_kafka()
    tools = the_tools(kafka)._replace(records_max=10 * TICK_MEMBERS_MAX)
    count = 2 * TICK_MEMBERS_MAX_BUSY + 1
    due_at = let_be_due(kafka, count)
    known = len(kafka.changelog)
    for number in range(2):
        order = an_order("o", member_id=f"guest-{number}", occurred_at=due_at + 1)
        key, value = order.member_id.encode(), EVENTS.encode_order(order)
        kafka.append(ORDERS.name, key, value, due_at + 1)
    pace = DuePace()

    def offer(partition: Partition, topic: str, at: int) -> None:
        log = kafka.sources[topic][at : at + 1]
        partition.offer(RecordBatch(topic, 0, at, at + 1, log))

    async def live() -> float:
        partition = Partition(Kept(0, tools), tools, pace)
        await partition.open()
        running = asyncio.create_task(partition.run(nothing_is_missed))
        offer(partition, ORDERS.name, 0)
        offer(partition, CLOCK.name, 0)
        while not pace.left_seconds():  # noqa: ASYNC110 - what is decided tells
            await asyncio.sleep(0)
        offer(partition, ORDERS.name, 1)
        while partition.positions[ORDERS.name] < 2:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0)
        left = pace.left_seconds()
        while partition.checkpoint.ticks < 1:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return left

    left = asyncio.run(asyncio.wait_for(live(), 60))

    transactions: list[list[bytes]] = [[]]
    for key, _ in kafka.changelog[known:]:
        if key == CHECKPOINT_KEY:
            transactions.append([])
        elif key:
            transactions[-1].append(key)
    sizes = [len(keys) for keys in transactions if keys]
    assert left > 0
    assert sizes == [TICK_MEMBERS_MAX_BUSY, 2, TICK_MEMBERS_MAX_BUSY, 1]
