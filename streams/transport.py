"""
Faust's consumer, a batch at a time.

Faust costs some 70 microseconds an event; a batch costs it once. Agents,
assignment, rebalancing and sensors stay Faust's. Positions are ours: where to
read is said by the `Feed`, and Faust's own acks and commits carry nothing.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any, ClassVar, Final, NamedTuple, Protocol, cast

import aiokafka
from aiokafka.errors import KafkaError
from aiokafka.protocol.group import LeaveGroupRequest
from aiokafka.structs import TopicPartition
from faust.transport.drivers import aiokafka as driver
from faust.types import TP, ConsumerMessage

from runtime.kafka_access import aiokafka_access
from streams.assignor import CopartitionedAssignor, Share
from streams.batches import RecordBatch

logger = logging.getLogger(__name__)

FETCH_BYTES_MAX: Final = 4_194_304
# A worker learns from the next heartbeat that others come or go, and they wait for it.
HEARTBEAT_MS: Final = 500
LEAVE_SECONDS_MAX: Final = 2.0
IDLE_WAIT_SECONDS: Final = 0.5
BUSY_WAIT_SECONDS: Final = 0.01


class Fetching(NamedTuple):
    """
    How eagerly the broker is asked; each answer costs both sides, however small.

    It answers once it has `bytes_min`, or after `wait_ms_max`: a partition whose buffer
    was just emptied is fetched again only then, so that bounds the delay of a lone
    record. Where there is no room for more, that is looked at every `room_seconds`.
    """

    wait_ms_max: int = 25
    bytes_min: int = 1
    room_seconds: float = 0.001


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
            max_poll_records=options.records_max,
            max_partition_fetch_bytes=FETCH_BYTES_MAX,
            fetch_max_wait_ms=options.fetching.wait_ms_max,
            fetch_min_bytes=options.fetching.bytes_min,
            request_timeout_ms=30_000,
            session_timeout_ms=options.session_timeout_ms,
            heartbeat_interval_ms=HEARTBEAT_MS,
            rebalance_timeout_ms=30_000,
            metadata_max_age_ms=30_000,
        )

    async def fetch_batches(
        self, wanted: set[TP], seeks: dict[TP, int], wait_seconds: float
    ) -> list[RecordBatch]:
        """Seek, then return what is buffered of the wanted partitions, or wait."""
        consumer = self._ensure_consumer()
        for tp, offset in seeks.items():
            if tp in consumer.assignment():
                consumer.seek(tp, offset)
        batches = await self._drain(consumer, wanted)
        if not batches:
            waiter = consumer._fetcher._create_fetch_waiter()  # noqa: SLF001 - as Faust's own thread does
            await asyncio.wait([waiter], timeout=wait_seconds)
            batches = await self._drain(consumer, wanted)
        return batches

    async def _drain(
        self, consumer: aiokafka.AIOKafkaConsumer, wanted: set[TP]
    ) -> list[RecordBatch]:
        subscription = consumer._subscription  # noqa: SLF001 - positions before and after have no public form
        fetcher = consumer._fetcher  # noqa: SLF001
        if subscription.reassignment_in_progress or not self.consumer.flow_active:
            return []
        states = {
            tp: subscription.subscription.assignment.state_value(tp)
            for tp in wanted & consumer.assignment()
        }
        states = {tp: state for tp, state in states.items() if state.has_valid_position}
        if not states:
            return []
        starts = {tp: state.position for tp, state in states.items()}
        # Without a timeout nothing is awaited inside, so nobody can move a
        # position between the two readings of it.
        with subscription.fetch_context():
            records = await fetcher.fetched_records(
                states.keys(),
                timeout=0,
                max_records=consumer._max_poll_records,  # noqa: SLF001
            )
        # Also where only markers of transactions were passed: a position that
        # stands before them would look like lag for ever.
        return [
            RecordBatch(
                tp.topic, tp.partition, starts[tp], state.position, records.get(tp, ())
            )
            for tp, state in states.items()
            if state.position > starts[tp]
        ]

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
        records_max: int,
        standbys: int = 0,
        fetching: Fetching = Fetching(),  # noqa: B008 - it never changes
    ) -> None:
        """Keep the options; times in ms."""
        self.fetching = fetching
        self.standbys = standbys
        self.bootstrap_servers = bootstrap_servers
        self.worker_id = worker_id
        self.session_timeout_ms = session_timeout_ms
        self.records_max = records_max


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
