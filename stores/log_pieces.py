"""Pieces of a log in Kafka: committed records from one offset to another, bounded."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from confluent_kafka import Consumer, KafkaError, Message, TopicPartition

from runtime.kafka_access import kafka_access
from stores.unavailable import StoreUnavailable

ANSWER_SECONDS: Final = 4.0
POLL_RECORDS: Final = 2_000
# `consume` waits so long for a full batch, even at the end of a partition.
POLL_SECONDS: Final = 0.05
STALL_SECONDS_MAX: Final = 10.0
# Offsets that are read over rather than sought past.
GAP_MAX: Final = 5_000


class LogPieces:
    """Reads pieces of topics' partitions; calls block and belong in a thread."""

    def __init__(self, consumer: Consumer) -> None:
        """Read by a consumer, which belongs to nobody else."""
        self._consumer = consumer

    def bounds(self, topic: str, partition: int) -> tuple[int, int]:
        """First offset that is still there, and the one after the last."""
        low, high = self._consumer.get_watermark_offsets(
            TopicPartition(topic, partition), timeout=ANSWER_SECONDS
        )
        return int(low), int(high)

    def read(
        self, topic: str, partition: int, start: int, *, end: int
    ) -> Iterator[Message]:
        """
        Every committed record from an offset to before another, in order.

        Raises: KafkaException; StoreUnavailable when nothing comes for 10 s.
        """
        if start >= end:
            return
        self._consumer.assign([TopicPartition(topic, partition, start)])
        came_at = time.monotonic()
        while True:
            for message in self._consumer.consume(POLL_RECORDS, POLL_SECONDS):
                came_at = time.monotonic()
                error = message.error()
                if error is not None and error.code() != KafkaError._PARTITION_EOF:  # noqa: SLF001 - the code's public name
                    raise StoreUnavailable("kafka", str(error)[:500])
                # The end of the log, or what came after we asked for its end.
                if message.offset() >= end:
                    return
                if error is None:
                    yield message
                    if message.offset() == end - 1:
                        return
            if time.monotonic() - came_at > STALL_SECONDS_MAX:
                where = f"{topic}-{partition}"
                raise StoreUnavailable("kafka", f"{where}: nothing came before {end}")

    def pick(
        self, topic: str, partition: int, offsets: Iterable[int]
    ) -> Iterator[Message]:
        """
        Committed records at some offsets, in order; those that are there.

        Raises: as `read`.
        """
        low, high = self.bounds(topic, partition)
        wanted = sorted(offset for offset in set(offsets) if low <= offset < high)
        for near in _neighbours(wanted):
            asked = set(near)
            for message in self.read(topic, partition, near[0], end=near[-1] + 1):
                if message.offset() in asked:
                    yield message


@contextmanager
def log_pieces(bootstrap_servers: str, group_id: str) -> Iterator[LogPieces]:
    """Pieces of a broker's logs; the reader joins no group and commits nothing."""
    consumer = Consumer(
        {
            **kafka_access(bootstrap_servers),
            "group.id": group_id,
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
            "auto.offset.reset": "earliest",
            "enable.partition.eof": True,
            "fetch.wait.max.ms": 20,
            "log_level": 0,
        }
    )
    try:
        yield LogPieces(consumer)
    finally:
        consumer.close()


def _neighbours(offsets: list[int]) -> Iterator[list[int]]:
    """Offsets in runs without a wide gap."""
    run: list[int] = []
    for offset in offsets:
        if run and offset - run[-1] > GAP_MAX:
            yield run
            run = []
        run.append(offset)
    if run:
        yield run
