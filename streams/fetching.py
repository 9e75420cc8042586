"""
What partitions hold, fetched by librdkafka while Faust keeps the group.

aiokafka parses each answer of the broker in Python, under the lock that deciding
needs, and asks for nothing while any partition waits to be read. Here a thread of C
asks, parses and keeps ahead; Python meets only records (docs/decisions/0026).
"""

import logging
import time
from collections.abc import Mapping
from typing import Final, NamedTuple

from confluent_kafka import Consumer, KafkaError, Message, TopicPartition
from faust.types import TP

from runtime.kafka_access import kafka_access
from streams.batches import RecordBatch, SourceRecord
from streams.rotation import Rotation

logger = logging.getLogger(__name__)

# What is fetched ahead and waits, of all partitions together.
FETCHED_KIB_MAX: Final = 16_384
FETCHED_RECORDS_MIN: Final = 2_000
FULL_WAIT_MS: Final = 10
LOOK_UP_MS: Final = 5_000
# The smaller, the sooner it is the next one's turn.
PARTITION_BYTES_MAX: Final = 262_144
EDGES_SECONDS_MAX: Final = 10.0
SECONDS_BETWEEN_WARNINGS: Final = 5.0
# Where a partition begins that was let go: behind all that there can be.
NOT_OURS: Final = 1 << 63

NOT_THERE: Final = (
    KafkaError._AUTO_OFFSET_RESET,  # noqa: SLF001 - the public name of the code
    KafkaError._LOG_TRUNCATION,  # noqa: SLF001
    KafkaError.OFFSET_OUT_OF_RANGE,
)


class Fetching(NamedTuple):
    """
    How eagerly the broker is asked; each answer costs both sides, however small.

    It answers once it has `bytes_min`, or after `wait_ms_max`; that a partition ends in
    markers of transactions is known only then. Where there is no room for more, that is
    looked at every `room_seconds`. `passes_deleted` goes on behind what the broker has
    deleted before it was read, and tells of it; else that ends the process.

    A look takes `records_max` at most. Who decides lets others look only between two
    transactions, and would wait for records after each that took all of a look.
    """

    wait_ms_max: int = 100
    bytes_min: int = 1
    room_seconds: float = 0.001
    passes_deleted: bool = False
    records_max: int = 2_000


class RecordsDeleted(Exception):
    """The broker no longer has what comes next, or has less than was read."""


class RecordFetcher:
    """
    Reads given partitions from given positions; no group, nothing committed.

    All calls block, and come from one thread at a time.
    """

    def __init__(
        self,
        bootstrap_servers: str,
        client_id: str,
        *,
        fetching: Fetching = Fetching(),  # noqa: B008 - it never changes
    ) -> None:
        """Read from these brokers under this name."""
        self._records_max = fetching.records_max
        self._passes_deleted = fetching.passes_deleted
        self._next: dict[TP, int] = {}
        self._paused: set[TP] = set()
        self._warned_at = 0.0
        self._rotation = Rotation()
        self._consumer = Consumer(
            {
                **kafka_access(bootstrap_servers),
                "client.id": client_id,
                # It joins none, but the client wants a name.
                "group.id": client_id,
                "enable.auto.commit": False,
                "enable.auto.offset.store": False,
                # What is not there any more must not be passed in silence.
                "auto.offset.reset": "error",
                "isolation.level": "read_committed",
                # Tells that a position is beyond the markers of transactions.
                "enable.partition.eof": True,
                "fetch.wait.max.ms": fetching.wait_ms_max,
                "fetch.min.bytes": fetching.bytes_min,
                "fetch.queue.backoff.ms": FULL_WAIT_MS,
                # A broker that shuts down says that topics have no partitions any more,
                # and that is believed until they are looked up anew.
                "topic.metadata.refresh.interval.ms": LOOK_UP_MS,
                "max.partition.fetch.bytes": PARTITION_BYTES_MAX,
                "queued.min.messages": FETCHED_RECORDS_MIN,
                "queued.max.messages.kbytes": FETCHED_KIB_MAX,
                "log_level": 3,
            }
        )

    def fetch(
        self, positions: Mapping[TP, int], wanted: set[TP], wait_seconds: float
    ) -> list[RecordBatch]:
        """
        Return what is there of the wanted partitions, or what comes first.

        `positions` are where each partition goes on that is ours: one that was
        moved is read from there, and one that is ours no longer is let go.
        Raises: RecordsDeleted.
        """
        others = wanted - self._rotation.resting(wanted)
        awaited = self._rotation.awaited(others)
        self._follow(positions, others)
        begun = time.monotonic()
        batches = self._look(begun + wait_seconds)
        if others != wanted:
            came = {TP(batch.topic, batch.partition) for batch in batches}
            self._rotation.looked(awaited, came, time.monotonic() - begun)
        return batches

    def _look(self, deadline: float) -> list[RecordBatch]:
        while (left := deadline - time.monotonic()) > 0:
            # For the first record; `consume` would wait until it has all.
            first = self._consumer.poll(left)
            if first is None:
                break
            more = self._consumer.consume(self._records_max - 1, 0)
            if batches := self._batches([first, *more]):
                return batches
        return []

    def close(self) -> None:
        """Let go of everything."""
        self._consumer.close()

    def _follow(self, positions: Mapping[TP, int], wanted: set[TP]) -> None:
        left = [tp for tp, at in self._next.items() if positions.get(tp) != at]
        if left:
            # A pause would outlast its partition's assignment.
            self._pause(self._paused.difference(left))
            # What was fetched of them meanwhile is dropped by the client.
            self._consumer.incremental_unassign([_place(tp) for tp in left])
            for tp in left:
                del self._next[tp]
        begun = {
            tp: at
            for tp, at in positions.items()
            if tp in wanted and tp not in self._next
        }
        if begun:
            self._consumer.incremental_assign(
                [TopicPartition(*tp, at) for tp, at in begun.items()]
            )
            self._next.update(begun)
        self._pause({tp for tp in self._next if tp not in wanted})

    def _pause(self, unwanted: set[TP]) -> None:
        if paused := unwanted - self._paused:
            self._consumer.pause([_place(tp) for tp in paused])
        if resumed := self._paused - unwanted:
            self._consumer.resume([_place(tp) for tp in resumed])
        self._paused = unwanted

    def _batches(self, messages: list[Message]) -> list[RecordBatch]:
        records: dict[TP, list[SourceRecord]] = {}
        ends: dict[TP, int] = {}
        tp, begin = TP("", 0), 0
        found: list[SourceRecord] = []
        for message in messages:
            # They come in runs of one partition.
            topic, partition = message.topic(), message.partition()
            if partition != tp.partition or topic != tp.topic:
                tp = TP(topic, partition)
                # Of who was let go meanwhile nothing is wanted.
                begin = self._next.get(tp, NOT_OURS)
                found = records.setdefault(tp, [])
            offset = message.offset()
            error = message.error()
            if error is not None:
                if self._is_end(tp, error) and offset >= begin:
                    ends[tp] = offset
            elif offset >= begin:
                _, timestamp = message.timestamp()
                key, value, headers = message.key(), message.value(), message.headers()
                found.append(SourceRecord(offset, timestamp, key, value, headers or ()))
        batches = []
        for tp, found in records.items():
            end = max(found[-1].offset + 1 if found else 0, ends.get(tp, 0))
            start = self._next.get(tp, NOT_OURS)
            if end > start:
                batches.append(RecordBatch(tp.topic, tp.partition, start, end, found))
                self._next[tp] = end
            if found:
                self._rotation.took(tp, len(found))
        for tp in ends:
            self._rotation.ended(tp)
        return batches

    def _is_end(self, tp: TP, error: KafkaError) -> bool:
        """Whether a partition has no more for now; other errors are dealt with."""
        code = error.code()
        if code in NOT_THERE:
            self._pass_deleted(tp)
            return False
        if code != KafkaError._PARTITION_EOF:  # noqa: SLF001 - the public name of the code
            self._warn(error)
            return False
        return True

    def _pass_deleted(self, tp: TP) -> None:
        """Go on with the first record that is there, if that is allowed."""
        at = self._next.get(tp)
        if at is None:
            # It was let go meanwhile.
            return
        place = _place(tp)
        first, end = self._consumer.get_watermark_offsets(place, EDGES_SECONDS_MAX)
        told = f"{tp.topic}-{tp.partition}: the next record is {at}, but the broker has"
        told = f"{told} only those from {first} to {end}"
        if at > first or not self._passes_deleted:
            raise RecordsDeleted(told)
        logger.critical("records were deleted unread", extra={"reason": told})
        self._consumer.incremental_unassign([place])
        self._paused.discard(tp)
        self._consumer.incremental_assign([TopicPartition(*tp, first)])

    def _warn(self, error: KafkaError) -> None:
        """Tell of what the client mends by itself, not more often than is of use."""
        now = time.monotonic()
        if now - self._warned_at > SECONDS_BETWEEN_WARNINGS:
            self._warned_at = now
            logger.warning("fetching goes on", extra={"error": str(error)})


def _place(tp: TP) -> TopicPartition:
    return TopicPartition(tp.topic, tp.partition)
