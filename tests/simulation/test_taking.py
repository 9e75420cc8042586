"""Several workers take one partition at once, in every order of their steps."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from random import Random
from typing import Any

import pytest

from loyalty.program import ProgramHistory
from schemas.state import CHECKPOINT_KEY
from schemas.topics import SOURCES
from streams.changelog import RestoreFailed
from streams.committer import Committer
from streams.kept import NOTHING_APPLIED, Kept
from streams.outcome import Outcome
from streams.taking import LOOK_SECONDS, PartitionLost, let_go, take
from streams.tools import Tools
from streams.transactions import Fenced
from tests.builders import A_FULL_PROGRAM
from tests.simulation.memory_kafka import MemoryChangelogReader, MemoryKafka
from tests.simulation.world import EVENTS, STATES, UPDATES

# Calls to the broker of a worker: its own fence, the lock, a read, the one before it,
# a read, the ends of the logs, the claim, and then a transaction of its own.
STEPS = 8
ORDERS_OF_THREE = 400
# The broker tells nobody of what it has committed for as long as a test looks.
NEVER = 10_000
# Calls that no other worker can see: they take no step.
UNSEEN = frozenset({"close", "index_due"})


class SteppedExecutor(Executor):
    """Runs a call when the test says so."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Callable[[], Any], Future[Any]]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((lambda: fn(*args, **kwargs), future))
        if fn.__name__ in UNSEEN:
            self.step()
        return future

    def step(self) -> None:
        call, future = self.waiting.pop(0)
        try:
            future.set_result(call())
        except BaseException as error:  # noqa: BLE001 - it belongs to the caller
            future.set_exception(error)


class Worker:
    """A worker that takes the partition, and then writes to it once."""

    def __init__(self, kafka: MemoryKafka, name: str) -> None:
        self.executor = SteppedExecutor()
        self.tools = Tools(
            programs=ProgramHistory([A_FULL_PROGRAM]),
            events=EVENTS,
            states=STATES,
            updates=UPDATES,
            reader=MemoryChangelogReader(kafka),  # type: ignore[arg-type]
            executor=self.executor,
            committer=Committer(name, kafka.new_producer, self.executor),
            new_producer=kafka.new_producer,
            edges=kafka.edges,
            records_max=10,
            cache_max=10,
        )
        self.kept = Kept(0, self.tools)

    async def live(self) -> None:
        """Take the partition; count one up from what was known."""
        await take(self.kept, self.tools)
        known = self.kept.checkpoint or NOTHING_APPLIED
        counted = known._replace(applied=known.applied + 1)
        await self.tools.committer.commit(0, self.tools.writes(Outcome(1), counted))
        self.kept.checkpoint = counted
        # The checkpoint and the marker behind it, as a partition counts them.
        self.kept.changelog_at += 2


class Lockless(MemoryKafka):
    """A broker that fences nobody."""

    def is_current(self, *_: Any) -> bool:
        return True


def a_kafka(of: type[MemoryKafka] = MemoryKafka) -> MemoryKafka:
    kafka = of(Random(1), 0.0)
    kafka.sources.update({spec.name: [] for spec in SOURCES})
    return kafka


async def settle(turns: int = 12) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)


async def played(
    order: Sequence[int], names: Sequence[str], of: type[MemoryKafka] = MemoryKafka
) -> tuple[Any, list[Any]]:
    """Let workers take their steps in an order; the log, and how each ended."""
    kafka = a_kafka(of)
    workers = [Worker(kafka, name) for name in names]
    tasks = [asyncio.create_task(worker.live()) for worker in workers]
    await settle()
    for number in order:
        if workers[number].executor.waiting:
            workers[number].executor.step()
            await settle()
    # Whoever is not through is dead from here on.
    ended = [task.exception() if task.done() else "dead" for task in tasks]
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return kafka, ended


def counted(kafka: MemoryKafka) -> list[tuple[str, int]]:
    """Who wrote what, in the order of the log."""
    found = [
        STATES.decode_checkpoint(value)
        for key, value in kafka.changelog
        if key == CHECKPOINT_KEY
    ]
    return [(one.owner, one.applied) for one in found]


def check(kafka: MemoryKafka, ended: list[Any]) -> None:
    """Nobody has written on what it did not know; what failed, failed as it says."""
    log = counted(kafka)
    applied = 0
    owner = ""
    for name, count in log:
        # Only whoever claimed last counts up, and from what the log said.
        assert count in (applied, applied + 1), log
        if count == applied:
            owner = name
        assert name == owner, log
        applied = count
    for end in ended:
        assert end in (None, "dead") or isinstance(end, Fenced | PartitionLost), end


def interleavings(first: int, second: int) -> Iterator[tuple[int, ...]]:
    """Every order of so many steps of two workers."""
    if not first or not second:
        yield (0,) * first + (1,) * second
        return
    for rest in interleavings(first - 1, second):
        yield (0, *rest)
    for rest in interleavings(first, second - 1):
        yield (1, *rest)


def test_two_takers_in_every_order_leave_one_owner() -> None:
    async def all_orders() -> tuple[int, int]:
        lost = through = 0
        for order in interleavings(STEPS - 2, STEPS):
            kafka, ended = await played(order, ("a", "b"))
            check(kafka, ended)
            lost += sum(isinstance(end, Fenced | PartitionLost) for end in ended)
            through += sum(end is None for end in ended)
        return lost, through

    lost, through = asyncio.run(all_orders())

    # What the orders above would not find out unless it happens in them.
    assert lost > 100
    assert through > 100


def test_three_takers_leave_one_owner_whoever_dies_between() -> None:
    async def some_orders() -> int:
        random = Random(7)
        fenced = 0
        for _ in range(ORDERS_OF_THREE):
            steps = [0] * STEPS + [1] * STEPS + [2] * STEPS
            random.shuffle(steps)
            # Some die on the way: what they would still do never happens.
            order = steps[: random.randrange(STEPS, 3 * STEPS + 1)]
            kafka, ended = await played(order, ("a", "b", "c"))
            check(kafka, ended)
            fenced += kafka.fenced
        return fenced

    assert asyncio.run(some_orders()) > ORDERS_OF_THREE // 10


def test_whoever_lets_go_is_not_fenced_by_the_next() -> None:
    async def story() -> MemoryKafka:
        kafka = a_kafka()
        first, second = Worker(kafka, "a"), Worker(kafka, "b")
        await through(first, first.live())
        await through(first, let_go(first.kept, first.tools))
        await through(second, second.live())
        # Its other partitions go on.
        writes = first.tools.writes(Outcome(1), NOTHING_APPLIED)
        producer = first.tools.committer.commit(1, writes)
        await through(first, producer)
        return kafka

    kafka = asyncio.run(story())

    assert kafka.fenced == 0


async def through(worker: Worker, call: Any) -> None:
    """Let a worker take all the steps of a call."""
    task = asyncio.ensure_future(call)
    while not task.done():
        await settle()
        while worker.executor.waiting:
            worker.executor.step()
            await settle()
        await asyncio.sleep(LOOK_SECONDS / 5)
    await task


@pytest.mark.parametrize("late_looks", [0, 1, 3])
def test_whoever_takes_again_what_it_had_knows_all_that_it_committed(
    late_looks: int,
) -> None:
    async def story() -> MemoryKafka:
        kafka = a_kafka()
        kafka.late_looks = late_looks
        worker = Worker(kafka, "a")
        for _ in range(3):
            # What was in memory is thrown away, as a pause that took too long does.
            worker.kept = Kept(0, worker.tools)
            await through(worker, worker.live())
        return kafka

    kafka = asyncio.run(story())

    check(kafka, [])
    assert [applied for _, applied in counted(kafka)] == [0, 1, 1, 2, 2, 3]


def test_what_is_in_memory_already_is_not_waited_for() -> None:
    async def story() -> None:
        kafka = a_kafka()
        worker = Worker(kafka, "a")
        await through(worker, worker.live())
        kafka.late_looks = NEVER
        await through(worker, let_go(worker.kept, worker.tools))
        await through(worker, take(worker.kept, worker.tools, looks_max=1))

    asyncio.run(story())


def test_a_transaction_that_the_broker_never_tells_of_ends_the_taking() -> None:
    async def story() -> None:
        kafka = a_kafka()
        worker = Worker(kafka, "a")
        kafka.late_looks = NEVER
        await through(worker, worker.live())
        kept = Kept(0, worker.tools)
        with pytest.raises(RestoreFailed, match="is committed"):
            await through(worker, take(kept, worker.tools, looks_max=2))

    asyncio.run(story())


def test_without_a_lock_two_takers_would_both_write() -> None:
    """The check above can fail: where nobody is fenced, it does."""

    async def all_orders() -> int:
        faults = 0
        for order in interleavings(STEPS - 2, STEPS - 2):
            kafka, ended = await played(order, ("a", "b"), Lockless)
            try:
                check(kafka, ended)
            except AssertionError:
                faults += 1
        return faults

    assert asyncio.run(all_orders())
