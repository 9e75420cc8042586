"""Ticks go on as fast as sinks can follow, while records come."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from schemas.topics import CLOCK, ORDERS
from streams.batches import RecordBatch
from streams.due_pace import (
    BEHIND_MAX,
    BUSY_SECONDS,
    LOOK_SECONDS,
    REST_SECONDS_MAX,
    ROUND_MEMBERS_MAX,
    ROUND_MEMBERS_MIN,
    TICK_MEMBERS_MAX,
    DuePace,
)
from streams.kept import Kept
from streams.partition import Partition
from streams.turns import Turns
from tests.agents.test_handing_over import a_kafka, the_tools
from tests.agents.test_turns import (
    EVENTS,
    let_be_due,
    nothing_is_missed,
    transactions_of,
)
from tests.builders import an_order
from tests.simulation.memory_kafka import MemoryKafka

PARTITIONS = 3


class Time:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def batch(topic: str, records: int = 1) -> RecordBatch:
    return RecordBatch(topic, 0, 0, 1, range(records))


def test_where_no_record_comes_ticks_have_large_transactions() -> None:
    pace = DuePace(Time())

    assert not pace.is_busy
    assert pace.members_max == TICK_MEMBERS_MAX


def test_a_round_is_over_when_its_time_is_and_not_later_for_who_came_into_it() -> None:
    time = Time()
    pace = DuePace(time)
    first = pace.worked()
    time.now += REST_SECONDS_MAX / 2
    second = pace.worked()

    assert pace.left_seconds(first) == pace.left_seconds(second) == REST_SECONDS_MAX / 2
    # Whoever has had no turn in it has one at any time.
    assert pace.left_seconds(first - 1) == 0
    time.now += REST_SECONDS_MAX / 2
    assert pace.left_seconds(first) == 0
    assert pace.worked() == first + 1


def test_all_that_go_in_a_round_have_as_many_members_together() -> None:
    time = Time()
    pace = DuePace(time)
    pace.came()
    assert pace.members_max == ROUND_MEMBERS_MAX

    for workers, share in ((4, ROUND_MEMBERS_MAX // 4), (1_000, ROUND_MEMBERS_MIN)):
        for _ in range(workers):
            pace.worked()
        time.now += REST_SECONDS_MAX
        assert pace.left_seconds(0) == 0
        assert pace.members_max == share
    time.now += BUSY_SECONDS
    assert pace.members_max == TICK_MEMBERS_MAX


def test_the_first_round_has_no_more_members_than_others() -> None:
    pace = DuePace(Time())
    pace.came()
    taken = []
    for _ in range(8):
        # All of them decide before the first transaction is committed.
        taken.append(pace.members_max)
        pace.decided(taken[-1])

    assert taken == [ROUND_MEMBERS_MAX, *[ROUND_MEMBERS_MIN] * 7]


def test_an_answer_that_comes_before_anybody_works_ends_no_round() -> None:
    time = Time()
    pace = DuePace(time)
    pace.came()

    async def live() -> int:
        following = asyncio.create_task(pace.follow(follows))
        for _ in range(4):
            pace.worked()
        await asyncio.sleep(0)
        # The round's time is over while it rests from looking.
        time.now += REST_SECONDS_MAX
        assert pace.left_seconds(0) == 0
        await asyncio.sleep(3 * LOOK_SECONDS)
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        return pace.members_max

    async def follows() -> int:
        return 0

    assert asyncio.run(live()) == ROUND_MEMBERS_MAX // 4


@pytest.mark.parametrize(
    ("behind", "is_over"),
    [
        pytest.param(BEHIND_MAX, True, id="they follow"),
        pytest.param(BEHIND_MAX + 1, False, id="they do not"),
        pytest.param(None, False, id="nobody knows"),
    ],
)
def test_a_round_is_over_when_sinks_have_followed(
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
        worked_in = pace.worked()
        while asked < 2 and pace.left_seconds(worked_in):  # noqa: ASYNC110 - its own time tells
            await asyncio.sleep(0.01)
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        return pace.left_seconds(worked_in)

    left = asyncio.run(asyncio.wait_for(live(), 30))

    assert left == (0.0 if is_over else REST_SECONDS_MAX)
    assert asked == (1 if is_over else 2)


def test_an_answer_from_before_the_last_transaction_ends_no_round() -> None:
    pace = DuePace(Time())
    left: list[float] = []

    async def say() -> int | None:
        # Somebody commits while the broker is asked.
        left.append(pace.left_seconds(pace.worked()))
        return 0 if len(left) < 3 else None

    async def live() -> None:
        following = asyncio.create_task(pace.follow(say))
        pace.worked()
        while len(left) < 3:  # noqa: ASYNC110 - its own time tells
            await asyncio.sleep(0.01)
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)

    asyncio.run(asyncio.wait_for(live(), 30))

    # All of them were in the first round: their rest is of the same length.
    assert left == [REST_SECONDS_MAX] * 3


def test_a_tick_that_is_not_through_rests_and_orders_have_their_turns() -> None:
    time = Time()
    turns, others = (Turns(pace) for pace in (DuePace(time),) * 2)
    for one in (turns, others):
        one.offer(batch(CLOCK.name))
    turns.offer(batch(ORDERS.name))
    turns.begin(is_tick_due=True)
    turns.is_tick_open = True
    assert turns.end(has_told=True)
    turns.rest()

    assert turns.rest_seconds() == REST_SECONDS_MAX
    # The other one has had no turn yet.
    assert others.rest_seconds() == 0
    assert turns.begin(is_tick_due=False) is turns.inbox
    assert not turns.end(has_told=True)


@pytest.mark.parametrize(
    ("records", "is_open", "has_told"),
    [
        pytest.param(0, True, True, id="no record comes"),
        pytest.param(1, False, True, id="it is through"),
        pytest.param(1, True, False, id="nobody was told anything"),
    ],
)
def test_a_turn_of_ticks_needs_no_rest_where_nobody_gains_by_it(
    records: int, is_open: bool, has_told: bool
) -> None:
    turns = Turns(DuePace(Time()))
    # A batch without a record is a marker that was read.
    turns.offer(batch(ORDERS.name, records))
    turns.offer(batch(CLOCK.name))
    turns.begin(is_tick_due=True)
    turns.is_tick_open = is_open

    assert not turns.end(has_told=has_told)


@asynccontextmanager
async def a_life(kafka: MemoryKafka, pace: DuePace) -> AsyncIterator[Partition]:
    """A partition that runs."""
    tools = the_tools(kafka)._replace(records_max=10 * TICK_MEMBERS_MAX)
    partition = Partition(Kept(0, tools), tools, pace)
    await partition.open()
    running = asyncio.create_task(partition.run(nothing_is_missed))
    yield partition
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


def offer(kafka: MemoryKafka, partition: Partition, topic: str, at: int) -> None:
    log = kafka.sources[topic][at : at + 1]
    partition.offer(RecordBatch(topic, 0, at, at + 1, log))


def let_order(kafka: MemoryKafka, guest: str, at: int) -> None:
    order = an_order("o", member_id=guest, occurred_at=at)
    kafka.append(ORDERS.name, guest.encode(), EVENTS.encode_order(order), at)


def sizes_of(kafka: MemoryKafka, known: int) -> list[int]:
    """How many members each transaction has that has some."""
    return [len(keys) for keys in transactions_of(kafka, known) if keys]


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - what is decided tells
        await asyncio.sleep(0)


def test_orders_that_come_while_a_tick_rests_are_decided_at_once() -> None:
    kafka, time = a_kafka(), Time()
    due_at = let_be_due(kafka, 2 * ROUND_MEMBERS_MAX + 1)
    known = len(kafka.changelog)
    for number in range(2):
        let_order(kafka, f"guest-{number}", due_at + 1)

    async def live() -> None:
        async with a_life(kafka, DuePace(time)) as partition:
            offer(kafka, partition, ORDERS.name, 0)
            offer(kafka, partition, CLOCK.name, 0)
            await until(lambda: partition.positions[ORDERS.name] == 1)
            # The tick rests for ever, as no time passes.
            offer(kafka, partition, ORDERS.name, 1)
            await until(lambda: partition.positions[ORDERS.name] == 2)
            assert partition.positions[CLOCK.name] == 0
            while partition.checkpoint.ticks < 1:
                time.now += REST_SECONDS_MAX
                await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(live(), 60))

    assert sizes_of(kafka, known) == [ROUND_MEMBERS_MAX, 1, 1, ROUND_MEMBERS_MAX, 1]


def test_a_partition_is_paused_at_once_while_its_tick_rests() -> None:
    kafka = a_kafka()
    due_at = let_be_due(kafka, ROUND_MEMBERS_MAX + 1)
    let_order(kafka, "guest", due_at + 1)

    async def live() -> tuple[bool, int]:
        async with a_life(kafka, DuePace(Time())) as partition:
            offer(kafka, partition, ORDERS.name, 0)
            offer(kafka, partition, CLOCK.name, 0)
            await until(lambda: partition.positions[ORDERS.name] == 1)
            return await partition.pause(5.0), partition.checkpoint.ticks

    assert asyncio.run(asyncio.wait_for(live(), 60)) == (True, 0)


def test_all_partitions_of_a_worker_get_on_though_orders_come_to_one_alone() -> None:
    kafkas = [a_kafka() for _ in range(PARTITIONS)]
    count = 3 * ROUND_MEMBERS_MAX
    for kafka in kafkas:
        due_at = let_be_due(kafka, count)
    logs = [(kafka, len(kafka.changelog)) for kafka in kafkas]
    let_order(kafkas[0], "guest", due_at + 1)
    time = Time()
    pace = DuePace(time)

    async def live() -> list[int]:
        async with (
            a_life(kafkas[0], pace) as busy,
            a_life(kafkas[1], pace) as one,
            a_life(kafkas[2], pace) as other,
        ):
            offer(kafkas[0], busy, ORDERS.name, 0)
            partitions = (busy, one, other)
            for kafka, partition in zip(kafkas, partitions, strict=True):
                offer(kafka, partition, CLOCK.name, 0)
            through: list[int] = []
            while any(partition.checkpoint.ticks < 1 for partition in partitions):
                time.now += REST_SECONDS_MAX
                # Others are still expected.
                pace.came()
                # Longer than it takes until all have looked.
                await asyncio.sleep(0.1)
                if not through and any(p.checkpoint.ticks for p in partitions):
                    through += [sum(sizes_of(*one)) for one in logs]
            return through

    when_the_first_was_through = asyncio.run(asyncio.wait_for(live(), 60))

    assert [sum(sizes_of(*one)) for one in logs] == [count + 1, count, count]
    # Half of a fair share is a machine that is busy with other things.
    assert min(when_the_first_was_through) >= count / 2
    first = [sizes_of(*one)[0] for one in logs]
    assert sum(first) <= ROUND_MEMBERS_MAX + PARTITIONS * ROUND_MEMBERS_MIN
