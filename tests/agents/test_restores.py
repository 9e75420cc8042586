"""Whoever reads a changelog for minutes keeps nobody from committing, nor itself alive."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random
from typing import Any

from schemas.topics import SOURCES
from streams.changelog import Restored, States
from streams.committer import Committer
from streams.engine import Engine
from streams.kept import NOTHING_APPLIED, Kept
from streams.outcome import Outcome
from streams.tools import Tools
from tests.agents.test_handing_over import SISTERS, the_tools
from tests.simulation.memory_kafka import MemoryKafka

SECONDS_MAX = 20.0
# More than there are threads.
PARTITIONS = 10


class EndlessReader:
    """A changelog that has no end, and says how many read it."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.reading = threading.Semaphore(0)
        self.ended = threading.Semaphore(0)

    def read(self, number: int, _: int, take: Callable[[States], None]) -> Restored:
        self.reading.release()
        try:
            while not self.stop.wait(0.001):
                take([(f"m-{number}", b"")])
        finally:
            self.ended.release()
        return Restored(None, 0, 0, 0.0)


def the_tools_with_threads(kafka: MemoryKafka, reader: EndlessReader) -> Tools:
    """Tools as the role puts them together, with one thread of each kind."""
    committing = ThreadPoolExecutor(1)
    return the_tools(kafka)._replace(
        reader=reader,  # type: ignore[arg-type]
        executor=ThreadPoolExecutor(1),
        reading_executor=ThreadPoolExecutor(1),
        committer=Committer("worker", kafka.new_producer, committing),
    )


def a_kafka() -> MemoryKafka:
    kafka = MemoryKafka(Random(1), 0.0)
    kafka.sources.update({spec.name: [] for spec in SOURCES})
    return kafka


def test_a_transaction_and_the_steps_of_others_wait_for_no_restore() -> None:
    kafka, reader = a_kafka(), EndlessReader()

    async def story() -> int:
        tools = the_tools_with_threads(kafka, reader)
        kept = [Kept(number, tools) for number in range(PARTITIONS)]
        reads = [asyncio.create_task(one.catch_up()) for one in kept]
        await asyncio.to_thread(reader.reading.acquire)
        try:
            async with asyncio.timeout(SECONDS_MAX):
                await tools.committer.begin()
                writes = tools.writes(Outcome(1), NOTHING_APPLIED)
                await tools.committer.commit(PARTITIONS, writes)
                return await tools.in_thread(int, 1)
        finally:
            reader.stop.set()
            await asyncio.gather(*reads)

    assert asyncio.run(story()) == 1
    assert len(kafka.changelog) > 0


def test_a_restore_that_is_given_up_ends_and_leaves_its_thread() -> None:
    kafka, reader = a_kafka(), EndlessReader()

    async def story() -> bool:
        engine = Engine(the_tools_with_threads(kafka, reader))
        await engine.on_assigned(SISTERS)
        await asyncio.to_thread(reader.reading.acquire)
        await engine.on_revoked(SISTERS)
        ended: Any = await asyncio.to_thread(reader.ended.acquire, timeout=SECONDS_MAX)
        reader.stop.set()
        return bool(ended)

    assert asyncio.run(story())
