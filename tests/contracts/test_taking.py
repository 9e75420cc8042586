"""Partitions of a real broker, taken from workers that are dead, late, or have let go."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any, NamedTuple

import pytest
from confluent_kafka.admin import AdminClient, NewTopic

from local.stack import Stack
from loyalty.program import ProgramHistory
from runtime.kafka_access import kafka_access
from runtime.metrics import TRANSACTION_SECONDS
from schemas.events import EventCodec
from schemas.state import StateCodec
from schemas.topics import SOURCES
from schemas.updates import UpdateCodec
from streams.changelog import ChangelogReader
from streams.committer import Committer
from streams.kept import Kept
from streams.outcome import Outcome
from streams.taking import let_go, take
from streams.tools import Tools
from streams.transactions import Fenced, TransactionalProducer
from tests.builders import A_FULL_PROGRAM

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(180)]

RUNS = count(1)
# How often a worker takes its own partition again.
TIMES = 20
STATES, UPDATES = StateCodec(), UpdateCodec()


class Worker(NamedTuple):
    """A worker, and what it keeps of partition 0."""

    tools: Tools
    kept: Kept

    async def count_up(self, partition: int = 0) -> None:
        """Write a transaction that says one more than what was known."""
        known = self.kept.checkpoint
        assert known is not None
        counted = known._replace(applied=known.applied + 1)
        writes = self.tools.writes(Outcome(1), counted)
        await self.tools.committer.commit(partition, writes)
        self.kept.checkpoint = counted

    @property
    def applied(self) -> int:
        assert self.kept.checkpoint is not None
        return self.kept.checkpoint.applied


NewWorker = Callable[[str], Worker]


@pytest.fixture
def new_worker(kafka: Stack) -> NewWorker:
    """Workers of an engine of this test's own."""
    servers = kafka.addresses()["bootstrap_servers"]
    app_id = f"taking-{next(RUNS)}"
    changelog = f"{app_id}-changelog"
    admin = AdminClient(kafka_access(servers))
    made = admin.create_topics([NewTopic(changelog, 2, 1)])
    for created in made.values():
        created.result(30)

    def new_producer(transactional_id: str) -> TransactionalProducer:
        return TransactionalProducer(servers, transactional_id, changelog=changelog)

    def worker(name: str) -> Worker:
        executor = ThreadPoolExecutor(4)
        tools = Tools(
            programs=ProgramHistory([A_FULL_PROGRAM]),
            events=EventCodec(),
            states=STATES,
            updates=UPDATES,
            reader=ChangelogReader(servers, changelog),
            executor=executor,
            committer=Committer(f"{app_id}-{name}", new_producer, executor),
            new_producer=new_producer,
            edges=lambda _: {spec.name: (0, 0) for spec in SOURCES},
            records_max=10,
            cache_max=10,
            app_id=app_id,
        )
        return Worker(tools, Kept(0, tools))

    return worker


def told(story: Callable[[], Awaitable[Any]]) -> Any:
    async def within() -> Any:
        return await asyncio.wait_for(story(), 120)

    return asyncio.run(within())


def test_a_worker_that_is_late_is_fenced_by_whoever_takes_its_partition(
    new_worker: NewWorker,
) -> None:
    async def story() -> int:
        late, next_one = new_worker("late"), new_worker("next")
        await take(late.kept, late.tools)
        await late.count_up()
        await take(next_one.kept, next_one.tools)
        with pytest.raises(Fenced):
            await late.count_up()
        await next_one.count_up()
        return next_one.applied

    assert told(story) == 2


def test_whoever_takes_again_what_it_had_knows_its_last_transaction(
    new_worker: NewWorker,
) -> None:
    async def story() -> list[int]:
        worker = new_worker("again")
        found = []
        for _ in range(TIMES):
            # What was in memory is thrown away, as a pause that took too long does.
            worker = worker._replace(kept=Kept(0, worker.tools))
            await take(worker.kept, worker.tools)
            found.append(worker.applied)
            await worker.count_up()
            assert worker.tools.committer.end_of(0) > 0
        return found

    assert told(story) == list(range(TIMES))


def test_a_worker_that_has_let_go_goes_on_with_its_other_partitions(
    new_worker: NewWorker,
) -> None:
    async def story() -> int:
        first, second = new_worker("first"), new_worker("second")
        await take(first.kept, first.tools)
        await first.count_up()
        await let_go(first.kept, first.tools)
        await take(second.kept, second.tools)
        await second.count_up()
        # Partition 1: not one that the other has taken.
        await first.count_up(partition=1)
        return second.applied

    assert told(story) == 2


def test_a_transaction_that_was_open_is_not_waited_for(new_worker: NewWorker) -> None:
    """Of a worker that is gone in the middle: Kafka would wait a minute for it."""

    async def story() -> int:
        dead, next_one = new_worker("dead"), new_worker("next")
        await take(dead.kept, dead.tools)
        await dead.count_up()
        producer: Any = dead.tools.committer
        client = producer._producer._producer
        client.begin_transaction()
        client.produce(next_one.tools.reader._changelog, b"x", b"ann", 0)
        client.flush(10)
        async with asyncio.timeout(30):
            await take(next_one.kept, next_one.tools)
        await next_one.count_up()
        return next_one.applied

    assert told(story) == 2


def test_many_who_take_it_at_once_leave_one_that_can_write(
    new_worker: NewWorker,
) -> None:
    async def story() -> list[bool]:
        workers = [new_worker(f"n{number}") for number in range(6)]
        tries = (take(one.kept, one.tools) for one in workers)
        taken = await asyncio.gather(*tries, return_exceptions=True)
        through = []
        for worker, outcome in zip(workers, taken, strict=True):
            if isinstance(outcome, Exception):
                continue
            try:
                await worker.count_up()
            except Fenced:
                through.append(False)
            else:
                through.append(True)
        return through

    assert sum(told(story)) == 1


def test_writes_of_many_partitions_are_one_transaction(new_worker: NewWorker) -> None:
    async def story() -> list[int]:
        worker = new_worker("both")
        other = Kept(1, worker.tools)
        await take(worker.kept, worker.tools)
        await take(other, worker.tools)
        before = transactions()
        await asyncio.gather(worker.count_up(0), worker.count_up(1))
        assert transactions() == before + 1
        read = worker.tools.reader.read
        ends = [read(number, 0, lambda _: None).checkpoint for number in (0, 1)]
        return [end.applied for end in ends if end is not None]

    assert told(story) == [1, 1]


def transactions() -> float:
    """How many were committed so far."""
    samples = TRANSACTION_SECONDS.collect()[0].samples
    return sum(one.value for one in samples if one.name.endswith("_count"))
