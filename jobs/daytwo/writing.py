"""Records written to partitions that are named, with the times that they had."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from confluent_kafka import KafkaError, Message, Producer

# confluent-kafka names these in its manual, but not in an `__all__`.
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ResourceType,
)

from jobs.broker import ANSWER_TIMEOUT_S, FLUSH_TIMEOUT_S
from jobs.errors import JobRefused
from runtime.kafka_access import kafka_access
from runtime.settings import Settings
from schemas.topics import RECORD_BYTES_MAX

STAMP: Final = "message.timestamp.type"
Delivered = Callable[[int], None]


class TopicWriter:
    """Writes records where they are told to be, each once and in order."""

    def __init__(self, settings: Settings) -> None:
        """Connect to the broker."""
        self._fault: KafkaError | None = None
        self._producer = Producer(
            {
                **kafka_access(settings.kafka_bootstrap_servers),
                "enable.idempotence": True,
                "acks": "all",
                "compression.type": "lz4",
                "linger.ms": 20,
                "message.max.bytes": RECORD_BYTES_MAX,
                "log_level": 0,
            }
        )

    def write(
        self,
        topic: str,
        partition: int,
        *,
        key: bytes | None,
        value: bytes | None,
        at: int = 0,
        delivered: Delivered | None = None,
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
                self._producer.produce(
                    topic,
                    value=value,
                    key=key,
                    partition=partition,
                    timestamp=max(at, 0),
                    on_delivery=on_delivery,
                )
            except BufferError:
                self._producer.poll(0.5)
                continue
            self._producer.poll(0)
            return

    def flush(self) -> None:
        """
        Wait until the broker has all.

        Raises: JobRefused when it does not take it.
        """
        left = self._producer.flush(FLUSH_TIMEOUT_S)
        self._check()
        if left:
            raise JobRefused(f"{left} records were not taken in {FLUSH_TIMEOUT_S} s")

    def _check(self) -> None:
        if self._fault is not None:
            raise JobRefused(f"a record was not taken: {self._fault.str()}")


@contextmanager
def own_times(settings: Settings, topics: list[str]) -> Iterator[None]:
    """
    Let records keep their times in topics that the broker stamps otherwise.

    When the broker took a record is an input to every decision about it.
    """
    admin = AdminClient(
        {**kafka_access(settings.kafka_bootstrap_servers), "log_level": 0}
    )
    _set_stamp(admin, topics, "CreateTime")
    try:
        yield
    finally:
        _set_stamp(admin, topics, "LogAppendTime")


def _set_stamp(admin: AdminClient, topics: list[str], value: str) -> None:
    resources = [
        ConfigResource(
            ResourceType.TOPIC,
            topic,
            incremental_configs=[
                ConfigEntry(STAMP, value, incremental_operation=AlterConfigOpType.SET)
            ],
        )
        for topic in topics
    ]
    for outcome in admin.incremental_alter_configs(resources).values():
        outcome.result(timeout=ANSWER_TIMEOUT_S)
