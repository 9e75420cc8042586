"""
Faust's consumer, a batch at a time.

Faust costs some 70 microseconds an event; a batch costs it once. Agents,
assignment, rebalancing and sensors stay Faust's. Positions are ours: where to
read is said by the `Feed`, and Faust's own acks and commits carry nothing. The
group is aiokafka's; the records come by librdkafka (`streams/fetching.py`).
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar, Final, Protocol, TypeVar, cast

import aiokafka
from aiokafka.errors import KafkaError
from aiokafka.protocol.group import LeaveGroupRequest
from aiokafka.structs import TopicPartition
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage

from runtime.kafka_access import aiokafka_access
from streams.assignor import CopartitionedAssignor, Share
from streams.batches import RecordBatch
from streams.fetching import Fetching, RecordFetcher

logger = logging.getLogger(__name__)

# A worker learns from the next heartbeat that others come or go, and they wait for it.
HEARTBEAT_MS: Final = 500
LEAVE_SECONDS_MAX: Final = 2.0
IDLE_WAIT_SECONDS: Final = 0.5
BUSY_WAIT_SECONDS: Final = 0.01
POSITION_WAIT_SECONDS: Final = 0.02
T = TypeVar("T")


class Feed(Protocol):
    """Who reads: says what may be read now, and from where."""

    def readable(self, assigned: set[TP]) -> set[TP]:
        """Partitions that have room for another batch."""

    def take_seeks(self) -> dict[TP, int]:
        """Positions to move to before the next read, each once."""


class BatchConsumerThread(driver.AIOKafkaConsumerThread):
    """The thread that fetches, with its own assignor, isolation and positions."""

    def _create_worker_consumer(
        self, transport: driver.Transport
    ) -> aiokafka.AIOKafkaConsumer:
        conf = self.app.conf
        options = cast("BatchTransport", transport).options
        self._assignor = CopartitionedAssignor(
            options.worker_id, options.standbys, cast("BatchTransport", transport).take
        )
        return aiokafka.AIOKafkaConsumer(
            client_id=f"{conf.id}-{options.worker_id}",
            group_id=conf.id,
            group_instance_id=f"{conf.id}-{options.worker_id}",
            **aiokafka_access(options.bootstrap_servers),
            partition_assignment_strategy=[self._assignor],
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            request_timeout_ms=30_000,
            session_timeout_ms=options.session_timeout_ms,
            heartbeat_interval_ms=HEARTBEAT_MS,
            rebalance_timeout_ms=30_000,
            metadata_max_age_ms=30_000,
        )

    async def on_start(self) -> None:
        """Join the group, and keep aiokafka from fetching records itself."""
        await super().on_start()
        options = cast("BatchTransport", self.transport).options
        self._fetcher = RecordFetcher(
            options.bootstrap_servers,
            f"{self.app.conf.id}-{options.worker_id}",
            fetching=options.fetching,
        )
        self._fetching = ThreadPoolExecutor(1, "fetching")
        only_find_positions(self._ensure_consumer())

    async def on_thread_stop(self) -> None:
        """Leave, and let go of what was fetched ahead."""
        await super().on_thread_stop()
        await self._in_fetching(self._fetcher.close)
        self._fetching.shutdown(wait=False)

    async def fetch_batches(
        self, wanted: set[TP], seeks: dict[TP, int], wait_seconds: float
    ) -> list[RecordBatch]:
        """Seek, then return what has come of the wanted partitions, or wait."""
        consumer = self._ensure_consumer()
        for tp, offset in seeks.items():
            if tp in consumer.assignment():
                consumer.seek(tp, offset)
        subscription = consumer._subscription  # noqa: SLF001 - positions have no public form that does not wait
        if subscription.reassignment_in_progress or not self.consumer.flow_active:
            return []
        assignment = subscription.subscription.assignment
        states = {tp: assignment.state_value(tp) for tp in assignment.tps}
        positions = {
            TP(*tp): state.position
            for tp, state in states.items()
            if state.has_valid_position
        }
        if wanted.isdisjoint(positions):
            await asyncio.sleep(POSITION_WAIT_SECONDS)
            return []
        # Whoever is in here is not thought to be stuck.
        with subscription.fetch_context():
            batches: list[RecordBatch] = await self._in_fetching(
                self._fetcher.fetch, positions, wanted, wait_seconds
            )
        if not assignment.active:
            return []
        # Also where only markers of transactions were passed: a position that
        # stands before them would look like lag for ever.
        for batch in batches:
            states[TP(batch.topic, batch.partition)].consumed_to(batch.end)
        return batches

    def _in_fetching(self, call: Callable[..., T], *arguments: object) -> Awaitable[T]:
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(self._fetching, call, *arguments)

    def verify_event_path(self, now: float, tp: TP) -> None:
        """Leave it to our own watchdog: Faust asks what aiokafka has fetched."""

    async def commit_positions(self, offsets: dict[TP, int]) -> None:
        """Commit group offsets; a partition that has moved away is left out."""
        consumer = self._ensure_consumer()
        assigned = consumer.assignment()
        ours = {
            TopicPartition(tp.topic, tp.partition): at
            for tp, at in offsets.items()
            if tp in assigned
        }
        if ours:
            await consumer.commit(ours)

    async def leave(self) -> None:
        """Leave the group for good, as a member with a lasting name never does."""
        coordinator = self._ensure_consumer()._coordinator  # noqa: SLF001 - no public way out
        request = LeaveGroupRequest(coordinator.group_id, coordinator.member_id)
        await coordinator._send_req(request)  # noqa: SLF001


def only_find_positions(consumer: aiokafka.AIOKafkaConsumer) -> None:
    """
    Let aiokafka look up where partitions go on, and fetch nothing.

    Only its routine that does both can be had, and it asks this method what to do.
    """
    fetcher = consumer._fetcher  # noqa: SLF001 - there is no setting for it
    actions = fetcher._get_actions_per_node  # noqa: SLF001

    def without_fetches(assignment: object) -> tuple[Any, ...]:
        return ([], *actions(assignment)[1:])

    fetcher._get_actions_per_node = without_fetches  # noqa: SLF001


class BatchConsumer(driver.Consumer):
    """Yields one message for each batch; its value is the `RecordBatch`."""

    def _new_consumer_thread(self) -> BatchConsumerThread:
        return BatchConsumerThread(self, loop=self.loop, beacon=self.beacon)

    async def getmany(self, timeout: float) -> AsyncIterator[tuple[TP, Any]]:  # noqa: ASYNC109 - Faust's signature
        """Wait for the next batches of partitions that have room."""
        del timeout
        if not self.flow_active:
            await self.wait(cast("Any", self.can_resume_flow))
        transport = cast("BatchTransport", self.transport)
        feed = transport.feed
        generation = self.app.consumer_generation_id
        assigned = self.assignment()
        wanted = feed.readable(assigned)
        if not wanted:
            room_seconds = transport.options.fetching.room_seconds
            await asyncio.sleep(room_seconds if assigned else 0.1)
            return
        # While a partition is busy it may have room again at any moment.
        wait = IDLE_WAIT_SECONDS if wanted == assigned else BUSY_WAIT_SECONDS
        thread = cast("BatchConsumerThread", self._thread)
        batches = await thread.call_thread(
            thread.fetch_batches, wanted, feed.take_seeks(), wait
        )
        for batch in batches:
            if not self.flow_active or generation != self.app.consumer_generation_id:
                # The feed notices by position that these are missing.
                break
            yield self._message(batch, generation)

    def _message(self, batch: RecordBatch, generation: int) -> tuple[TP, Any]:
        tp = TP(batch.topic, batch.partition)
        # Faust's own bookkeeping of gaps and acks is per record: keep it out.
        self._read_offset[tp] = None
        return tp, ConsumerMessage(
            batch.topic,
            batch.partition,
            batch.end - 1,
            0.0,
            0,
            None,
            None,
            batch,
            None,
            0,
            0,
            tp,
            generation_id=generation,
        )

    async def perform_seek(self) -> None:
        """Leave positions alone: they are the feed's."""

    async def commit(self, *_: object, **__: object) -> bool:
        """Leave commits alone: they are the feed's."""
        return False

    async def commit_positions(self, offsets: dict[TP, int]) -> None:
        """Commit group offsets from the main thread."""
        thread = cast("BatchConsumerThread", self._thread)
        await thread.call_thread(thread.commit_positions, offsets)

    async def leave(self) -> None:
        """
        Hand over at once, if there is anybody else; the process must end then.

        Alone a worker keeps its place, which costs nobody anything: it comes back
        to it without a rebalance.
        """
        transport = cast("BatchTransport", self.transport)
        if transport.share.workers < 2:  # noqa: PLR2004 - this one and another
            return
        thread = cast("BatchConsumerThread", self._thread)
        try:
            await asyncio.wait_for(thread.call_thread(thread.leave), LEAVE_SECONDS_MAX)
        except (KafkaError, TimeoutError) as error:
            # The others get its partitions when its session is over.
            logger.warning("the group was not left", extra={"error": repr(error)})


class TransportOptions:
    """What our consumer needs beyond Faust's own settings."""

    def __init__(
        self,
        *,
        bootstrap_servers: str,
        worker_id: str,
        session_timeout_ms: int,
        standbys: int = 0,
        fetching: Fetching,
    ) -> None:
        """Keep the options; times in ms."""
        self.fetching = fetching
        self.standbys = standbys
        self.bootstrap_servers = bootstrap_servers
        self.worker_id = worker_id
        self.session_timeout_ms = session_timeout_ms


class BatchTransport(driver.Transport):
    """Faust's transport with our consumer; set it as `app.transport`."""

    Consumer: ClassVar[type[BatchConsumer]] = BatchConsumer

    feed: Feed
    options: TransportOptions
    share: Share = Share()
    on_share: Callable[[Share], None] = staticmethod(lambda _: None)

    def take(self, share: Share) -> None:
        """Take the worker's share of the group, from the thread that fetches."""
        self.share = share
        self.on_share(share)
