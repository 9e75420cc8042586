"""Partitions that move at the worst moment are served, and nothing of them is passed."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from random import Random
from typing import Any

import pytest
from faust.types import TP

from loyalty.decide import decide
from loyalty.decision import Decision
from loyalty.events import Tick
from loyalty.member import NEW_MEMBER
from loyalty.program import ProgramHistory
from schemas.events import EventCodec
from schemas.state import CHECKPOINT_KEY, Checkpoint
from schemas.topics import CLOCK, ORDERS, SOURCES
from schemas.updates import UpdateCodec
from streams.batches import RecordBatch
from streams.committer import Committer
from streams.engine import LOOK_SECONDS_MAX, Engine
from streams.kept import Kept
from streams.outcome import Outcome
from streams.partition import Partition
from streams.taking import NOBODY, lock_id
from streams.timers import RIPEN_MAX
from streams.tools import Tools
from tests.builders import A_FULL_PROGRAM, NOON, an_order
from tests.simulation.memory_kafka import (
    STATES,
    InlineExecutor,
    MemoryChangelogReader,
    MemoryKafka,
    never_resting,
)

EVENTS = EventCodec()
NUMBER = 0
SISTERS = {TP(spec.name, NUMBER) for spec in SOURCES}
TURNS_MAX = 2_000


def a_kafka(of: type[MemoryKafka] = MemoryKafka) -> MemoryKafka:
    kafka = of(Random(1), 0.0)
    kafka.sources.update({spec.name: [] for spec in SOURCES})
    return kafka


class HeldExecutor(InlineExecutor):
    """Keeps the first call of a name under way until it is let through."""

    def __init__(self, held: str) -> None:
        self.held = held
        self.let_through: list[Callable[[], None]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        if self.let_through or fn.__qualname__ != self.held:
            return super().submit(fn, *args, **kwargs)
        future: Future[Any] = Future()

        def let_through() -> None:
            try:
                future.set_result(fn(*args, **kwargs))
            except Exception as error:  # noqa: BLE001 - as an executor does
                future.set_exception(error)

        self.let_through.append(let_through)
        return future


def the_tools(kafka: MemoryKafka, executor: InlineExecutor | None = None) -> Tools:
    executor = executor or InlineExecutor()
    return Tools(
        programs=ProgramHistory([A_FULL_PROGRAM]),
        events=EVENTS,
        states=STATES,
        updates=UpdateCodec(),
        reader=MemoryChangelogReader(kafka),  # type: ignore[arg-type]
        executor=executor,
        committer=Committer("worker", kafka.new_producer, executor),
        new_producer=kafka.new_producer,
        edges=kafka.edges,
        records_max=100,
        cache_max=100,
    )


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(TURNS_MAX):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never came to that")


class LateFence(MemoryKafka):
    """A fence of the lock that was under way in a rebalance comes after the owner's."""

    late = 1

    def next_epoch(self, transactional_id: str) -> int:
        epoch = super().next_epoch(transactional_id)
        if transactional_id == lock_id("regulars", NUMBER) and self.late:
            self.late -= 1
            super().next_epoch(transactional_id)
        return epoch


def test_a_partition_that_the_group_leaves_with_a_worker_is_taken_again() -> None:
    async def story() -> list[bool]:
        engine = Engine(the_tools(a_kafka(LateFence)), lost_seconds=0.01)
        await engine.on_assigned(SISTERS)
        await asyncio.sleep(0)
        while_lost = engine.readiness()["restored"]
        for _ in range(200):
            await asyncio.sleep(0.01)
            if engine.readiness()["restored"]:
                break
        return [while_lost, engine.readable(SISTERS) == SISTERS]

    # Not ready while it has none of its partition, and then it serves it.
    assert asyncio.run(story()) == [False, True]


def test_nothing_is_read_for_a_while_when_a_small_transaction_is_under_way() -> None:
    async def story() -> list[set[TP]]:
        executor, kafka = HeldExecutor("nothing yet"), a_kafka()
        engine = Engine(the_tools(kafka, executor))
        await engine.on_assigned(SISTERS)
        await until(lambda: engine.readiness()["restored"])
        found = [engine.readable(SISTERS)]
        executor.held = "MemoryProducer.commit"
        order = an_order()
        key, value = order.member_id.encode(), EVENTS.encode_order(order)
        kafka.append(ORDERS.name, key, value, NOON)
        log = kafka.sources[ORDERS.name]
        engine.submit(RecordBatch(ORDERS.name, NUMBER, 0, 1, log))
        await until(lambda: bool(executor.let_through))
        found.append(engine.readable(SISTERS))
        await asyncio.sleep(LOOK_SECONDS_MAX)
        found.append(engine.readable(SISTERS))
        executor.let_through[0]()
        await until(lambda: engine.positions()[ORDERS.name, NUMBER] == 1)
        return [*found, engine.readable(SISTERS)]

    assert asyncio.run(story()) == [SISTERS, set(), SISTERS, SISTERS]


def test_a_partition_that_was_lost_and_has_moved_away_is_not_taken_again() -> None:
    async def story() -> int:
        kafka = a_kafka(LateFence)
        engine = Engine(the_tools(kafka), lost_seconds=0.01)
        await engine.on_assigned(SISTERS)
        await until(lambda: kafka.fenced == 1)
        await engine.on_revoked(SISTERS)
        await engine.on_assigned(set())
        await asyncio.sleep(0.05)
        return kafka.next_epoch(lock_id("regulars", NUMBER))

    # The fence of its own and the late one: no third before this.
    assert asyncio.run(story()) == 3


@pytest.mark.parametrize(
    ("under_way", "claims"),
    [
        # Nobody claims what was given up before.
        ("MemoryChangelogReader.read", 0),
        # The claim, and that it is let go of.
        ("MemoryProducer.commit", 2),
    ],
)
def test_whoever_gives_up_what_it_is_taking_leaves_nothing_to_be_fenced(
    under_way: str, claims: int
) -> None:
    async def story() -> list[str]:
        kafka, executor = a_kafka(), HeldExecutor(under_way)
        tools = the_tools(kafka, executor)
        partition = Partition(Kept(NUMBER, tools), tools, never_resting())
        opening = asyncio.create_task(partition.open())
        await until(lambda: bool(executor.let_through))
        pausing = asyncio.create_task(partition.pause(5.0))
        for _ in range(10):
            await asyncio.sleep(0)
        # As long as other partitions take to be given up, nobody ends what is begun.
        executor.let_through[0]()
        await asyncio.gather(opening, pausing, return_exceptions=True)
        assert not partition.is_ready
        # Only what was let go of is of use again.
        assert pausing.result() is bool(claims)
        return [
            STATES.decode_checkpoint(value).owner
            for key, value in kafka.changelog
            if key == CHECKPOINT_KEY
        ]

    owners = asyncio.run(story())

    assert len(owners) == claims
    assert owners[-1:] in ([], [NOBODY])


def test_whoever_is_paused_while_it_asks_for_ends_lets_go_after_what_it_decided() -> (
    None
):
    count = 30

    async def story() -> tuple[bool, list[Checkpoint]]:
        kafka = a_kafka()
        asking = HeldExecutor("nothing yet")
        committing = HeldExecutor("MemoryProducer.commit")
        tools = the_tools(kafka, asking)._replace(
            records_max=count,
            committer=Committer("worker", kafka.new_producer, committing),
        )
        for number in range(2 * count):
            order = an_order(f"o{number}", occurred_at=NOON + number)
            value = EVENTS.encode_order(order)
            kafka.append(ORDERS.name, order.member_id.encode(), value, NOON)
        kafka.append(CLOCK.name, None, EVENTS.encode_tick(Tick(NOON)), NOON)
        orders, clock = kafka.sources[ORDERS.name], kafka.sources[CLOCK.name]
        partition = Partition(Kept(NUMBER, tools), tools, never_resting())
        await partition.open()
        asking.held = "MemoryKafka.edges"
        partition.offer(RecordBatch(ORDERS.name, 0, 0, count, orders[:count]))
        running = asyncio.create_task(partition.run(lambda *_: None))
        await until(lambda: bool(committing.let_through))
        # So much arrives that it waits no longer for the transaction.
        end = len(orders)
        partition.offer(RecordBatch(ORDERS.name, 0, count, end, orders[count:]))
        partition.offer(RecordBatch(CLOCK.name, 0, 0, 1, clock))
        await until(lambda: bool(asking.let_through))
        pausing = asyncio.create_task(partition.pause(5.0))
        asking.let_through[0]()
        for _ in range(20):
            await asyncio.sleep(0)
        committing.let_through[0]()
        is_reusable = await pausing
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        found = [
            STATES.decode_checkpoint(value)
            for key, value in kafka.changelog
            if key == CHECKPOINT_KEY
        ]
        return is_reusable, found

    is_reusable, checkpoints = asyncio.run(story())

    assert is_reusable
    assert checkpoints[-1].owner == NOBODY
    assert [one.offsets[ORDERS.name] for one in checkpoints] == [0, count, count]


def test_whoever_gives_up_what_another_has_claimed_does_not_claim_it_again() -> None:
    async def story() -> list[str]:
        kafka, executor = a_kafka(), HeldExecutor("MemoryProducer.commit")
        engine = Engine(the_tools(kafka, executor), lost_seconds=0.01)
        await engine.on_assigned(SISTERS)
        await until(lambda: bool(executor.let_through))
        revoking = asyncio.create_task(engine.on_revoked(SISTERS))
        for _ in range(10):
            await asyncio.sleep(0)
        # Another worker is told earlier that it has the partition.
        kafka.next_epoch(lock_id("regulars", NUMBER))
        executor.let_through[0]()
        await revoking
        await asyncio.sleep(0.05)
        return [
            STATES.decode_checkpoint(value).owner
            for key, value in kafka.changelog
            if key == CHECKPOINT_KEY
        ]

    assert asyncio.run(story()) == []


def test_what_was_decided_for_a_transaction_that_never_came_is_forgotten() -> None:
    async def story() -> tuple[Any, int]:
        kafka, executor = a_kafka(), HeldExecutor("")
        # One order is enough not to wait for others before it is decided.
        tools = the_tools(kafka, executor)._replace(records_max=4)
        partition = Partition(Kept(NUMBER, tools), tools, never_resting())
        await partition.open()
        running = asyncio.create_task(partition.run(lambda *_: None))
        # While another partition's transaction is under way, ours waits.
        executor.held = "MemoryProducer.commit"
        writes = tools.writes(Outcome(1), Checkpoint({}))
        another = asyncio.create_task(tools.committer.commit(NUMBER + 1, writes))
        await until(lambda: bool(executor.let_through))
        order = an_order("order-1", occurred_at=NOON)
        key, value = order.member_id.encode(), EVENTS.encode_order(order)
        kafka.append(ORDERS.name, key, value, NOON)
        log = kafka.sources[ORDERS.name]
        partition.offer(RecordBatch(ORDERS.name, NUMBER, 0, 1, log))
        await until(lambda: partition.members.known(order.member_id) is not None)
        # It is assigned anew, and nobody had paused it.
        running.cancel()
        opening = asyncio.create_task(partition.open())
        executor.let_through[0]()
        await asyncio.gather(opening, another)
        found = partition.members.find(order.member_id)
        return found, partition.positions[ORDERS.name]

    assert asyncio.run(story()) == (None, 0)


@pytest.mark.parametrize("turns", range(2, 10))
def test_a_tick_is_passed_with_all_of_it_done_whenever_its_partition_moves_away(
    turns: int,
) -> None:
    async def story() -> tuple[int, int]:
        kafka = a_kafka()
        tools = the_tools(kafka)
        order = an_order("order-1", occurred_at=NOON)
        decided = decide(NEW_MEMBER, order, tools.programs, member_id=order.member_id)
        assert isinstance(decided, Decision)
        due_at = decided.member.next_due_at
        assert due_at
        # More of them are due at once than one look puts in order.
        state = STATES.encode_member(decided.member)
        kafka.changelog += [(b"m-%d" % n, state) for n in range(RIPEN_MAX + 1)]
        beginning = STATES.encode_checkpoint(Checkpoint({}))
        kafka.changelog.append((CHECKPOINT_KEY, beginning))
        kafka.append(CLOCK.name, None, EVENTS.encode_tick(Tick(due_at)), due_at)
        partition = Partition(Kept(NUMBER, tools), tools, never_resting())
        await partition.open()
        running = asyncio.create_task(partition.run(lambda *_: None))
        await asyncio.sleep(0)
        log = kafka.sources[CLOCK.name]
        partition.offer(RecordBatch(CLOCK.name, NUMBER, 0, 1, log))
        for _ in range(turns):
            await asyncio.sleep(0)
        assert await partition.pause(5.0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return partition.positions[CLOCK.name], partition.checkpoint.ticks

    # There are more members than are through by then.
    assert asyncio.run(story()) == (0, 0)
