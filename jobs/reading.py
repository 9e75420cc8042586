"""Partitions of a topic read from their beginning to an end: committed records only."""

import time
from collections.abc import Iterator
from typing import Final

from confluent_kafka import (
    Consumer,
    KafkaError,
    KafkaException,
    Message,
    TopicPartition,
)

from jobs.broker import ANSWER_TIMEOUT_S
from jobs.errors import JobRefused
from runtime.kafka_access import kafka_access, kafka_hosts
from runtime.settings import Settings
from schemas.replay import SourceCopy
from stores.log_edges import LogEdges

POLL_RECORDS: Final = 5_000
POLL_SECONDS: Final = 0.1
STALL_SECONDS_MAX: Final = 30.0
# One transaction holds fewer records, and tells of them in any order of members.
WINDOW_RECORDS: Final = 20_000


class LogReader:
    """Reads logs, one partition of a topic at a time; a client for each topic."""

    def __init__(self, settings: Settings) -> None:
        """Say which broker."""
        address = settings.kafka_bootstrap_servers
        self._servers = kafka_hosts(address)
        self._config = {
            **kafka_access(address),
            "group.id": f"{settings.app_id}-jobs",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
            "auto.offset.reset": "earliest",
            "enable.partition.eof": True,
            # A partition is taken up only when the last wait of the former ends.
            "fetch.wait.max.ms": 20,
            "log_level": 0,
        }
        self._consumers: dict[str, Consumer] = {}

    def edges(self, topic: str, partition: int) -> tuple[int, int]:
        """
        First offset that is still there, and the one after the last.

        Raises: JobRefused when the broker does not answer.
        """
        try:
            edges = LogEdges(self._consumer(topic), timeout_seconds=ANSWER_TIMEOUT_S)
            return edges.of(topic, partition)
        except KafkaException as error:
            raise JobRefused(f"no answer from {self._servers}: {error}") from error

    def ends(self, places: list[tuple[str, int]]) -> list[int]:
        """
        Offsets after the last record of topics and partitions, all asked at once.

        Raises: JobRefused when the broker does not answer.
        """
        try:
            edges = LogEdges(
                self._consumer(places[0][0]), timeout_seconds=ANSWER_TIMEOUT_S
            )
            return edges.ends(places)
        except KafkaException as error:
            raise JobRefused(f"no answer from {self._servers}: {error}") from error

    def offset_at(self, topic: str, partition: int, at: int) -> int:
        """
        First offset whose record is not older than a time (ms); the end if none is.

        Raises: JobRefused when the broker does not answer.
        """
        asked = [TopicPartition(topic, partition, at)]
        try:
            (found,) = self._consumer(topic).offsets_for_times(
                asked, timeout=ANSWER_TIMEOUT_S
            )
        except KafkaException as error:
            raise JobRefused(f"no answer from {self._servers}: {error}") from error
        return (
            int(found.offset) if found.offset >= 0 else self.edges(topic, partition)[1]
        )

    def read(
        self, topic: str, partition: int, end: int, *, start: int = 0
    ) -> Iterator[Message]:
        """
        Every record before an offset, in order; of a topic one partition at a time.

        Raises: JobRefused when nothing comes for 30 s.
        """
        low, _ = self.edges(topic, partition)
        low = max(low, start)
        if low >= end:
            return
        consumer = self._consumer(topic)
        consumer.assign([TopicPartition(topic, partition, low)])
        yield from self._until(consumer, (low, end), f"{topic}-{partition}")

    def close(self) -> None:
        """Let go of all clients."""
        for consumer in self._consumers.values():
            consumer.close()
        self._consumers.clear()

    def _consumer(self, topic: str) -> Consumer:
        if topic not in self._consumers:
            self._consumers[topic] = Consumer(self._config)
        return self._consumers[topic]

    def _until(
        self, consumer: Consumer, offsets: tuple[int, int], where: str
    ) -> Iterator[Message]:
        place, end = offsets
        came_at = time.monotonic()
        while True:
            # A poll waits until it has as many as it asks for: no more than there are.
            asked = min(max(end - place, 1), POLL_RECORDS)
            for message in consumer.consume(asked, POLL_SECONDS):
                came_at = time.monotonic()
                error = message.error()
                if error is not None and error.code() != KafkaError._PARTITION_EOF:  # noqa: SLF001 - the code's public name
                    raise JobRefused(f"{where}: {error}")
                # The end of the log, or what came after we asked for its end.
                place = message.offset()
                if place >= end:
                    return
                if error is None:
                    place += 1
                    yield message
            if place >= end:
                return
            if time.monotonic() - came_at > STALL_SECONDS_MAX:
                raise JobRefused(
                    f"{where}: nothing came for {STALL_SECONDS_MAX:.0f} s before {end}"
                )


class SourceWindow:
    """Records of a source by offset, as far back as one transaction may tell of."""

    def __init__(self, records: Iterator[Message]) -> None:
        """Read nothing yet."""
        self.read = 0
        self._records = records
        self._known: dict[int, SourceCopy] = {}

    def at(self, offset: int) -> SourceCopy | None:
        """Record of an offset, None if there is none."""
        while offset not in self._known and self._advance() < offset:
            continue
        return self._known.get(offset)

    def drain(self) -> int:
        """Read on to the end; return how many records there are."""
        self._known.clear()
        self.read += sum(1 for _ in self._records)
        return self.read

    def _advance(self) -> float:
        message = next(self._records, None)
        if message is None:
            return float("inf")
        self.read += 1
        copy = SourceCopy(message.key(), message.value(), message.timestamp()[1])
        self._known[message.offset()] = copy
        if len(self._known) > WINDOW_RECORDS:
            # Oldest entry: a dict keeps insertion order.
            self._known.pop(next(iter(self._known)))
        return int(message.offset())
