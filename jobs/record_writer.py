"""Records that a job hands to Kafka: each once, in order, and waited for."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from confluent_kafka import KafkaError, Message, Producer

from jobs.errors import JobRefused
from runtime.kafka_access import kafka_access, kafka_hosts
from schemas.partitioner import PARTITIONER
from schemas.topics import RECORD_BYTES_MAX

FLUSH_TIMEOUT_S: Final = 60
# How long the broker may take for a record before the job gives it up.
DELIVERY_TIMEOUT_MS: Final = 300_000
# The partition of a record is its key's, by the engine's partitioner.
BY_KEY: Final = -1
NO_HEADERS: Final[Mapping[str, bytes]] = MappingProxyType({})
Delivered = Callable[[int], None]


class RecordWriter:
    """Writes records to topics; waits while too much is on its way."""

    def __init__(
        self, address: str, *, delivery_timeout_ms: int = DELIVERY_TIMEOUT_MS
    ) -> None:
        """Say which brokers; nothing is sent before the first record."""
        self._servers = kafka_hosts(address)
        self._fault: KafkaError | None = None
        self.producer = Producer(
            {
                **kafka_access(address),
                "enable.idempotence": True,
                "acks": "all",
                "partitioner": PARTITIONER,
                "compression.type": "lz4",
                "linger.ms": 20,
                "batch.size": 262_144,
                "message.max.bytes": RECORD_BYTES_MAX,
                "queue.buffering.max.kbytes": 65_536,
                "delivery.timeout.ms": delivery_timeout_ms,
                # The broker is away: said once by us, not each second by it.
                "log_level": 0,
            }
        )

    def write(
        self,
        topic: str,
        partition: int = BY_KEY,
        *,
        key: bytes | None = None,
        value: bytes | None,
        at: int = 0,
        delivered: Delivered | None = None,
        headers: Mapping[str, bytes] = NO_HEADERS,
    ) -> None:
        """
        Hand over one record; `at` (ms) is its time where the topic lets us say so.

        `delivered` is told its offset. Raises: JobRefused when an earlier record
        could not be delivered.
        """

        def on_delivery(error: KafkaError | None, message: Message) -> None:
            if error is not None:
                self._fault = self._fault or error
            elif delivered is not None:
                delivered(int(message.offset() or 0))

        while True:
            self._check()
            try:
                self.producer.produce(
                    topic,
                    value=value,
                    key=key,
                    partition=partition,
                    timestamp=max(at, 0),
                    on_delivery=on_delivery,
                    headers=list(headers.items()),
                )
            except BufferError:
                self.producer.poll(0.5)
                continue
            self.producer.poll(0)
            return

    def flush(self) -> None:
        """
        Wait until the broker has all that was handed over.

        Raises: JobRefused when it does not take it.
        """
        left = self.producer.flush(FLUSH_TIMEOUT_S)
        self._check()
        if left:
            raise JobRefused(
                f"expected {self._servers} to take all records, found {left} not "
                f"taken after {FLUSH_TIMEOUT_S} s"
            )

    def _check(self) -> None:
        if self._fault is not None:
            fault, self._fault = self._fault, None
            raise JobRefused(f"{self._servers} did not take a record: {fault.str()}")
