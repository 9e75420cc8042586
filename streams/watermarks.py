"""Where the broker's logs begin and end: the outside view of lag."""

from collections.abc import Iterable
from typing import Final

from confluent_kafka import Consumer, KafkaException, TopicPartition

from runtime.kafka_access import kafka_access

TIMEOUT_SECONDS: Final = 10.0

Position = tuple[str, int]


class UnreachableBroker(Exception):
    """The broker did not answer in time."""


class Watermarks:
    """Asks the broker itself, not the consumer that may be stuck; calls block."""

    def __init__(self, bootstrap_servers: str, group_id: str) -> None:
        """Open a client of its own."""
        self._consumer = Consumer(
            {
                **kafka_access(bootstrap_servers),
                "group.id": f"{group_id}-watermarks",
                "enable.auto.commit": False,
                # Ends as the engine sees them: a transaction that is open in
                # `commands` is nothing that anybody waits for.
                "isolation.level": "read_committed",
                "log_level": 3,
            }
        )

    def of(self, topic: str, partition: int) -> tuple[int, int]:
        """
        First offset that is still there, and the one after the last that may be read.

        Raises: UnreachableBroker.
        """
        try:
            low, high = self._consumer.get_watermark_offsets(
                TopicPartition(topic, partition), timeout=TIMEOUT_SECONDS
            )
        except KafkaException as error:
            raise UnreachableBroker(f"{topic}-{partition}: {error}") from error
        return int(low), int(high)

    def lag(self, positions: Iterable[tuple[Position, int]]) -> int:
        """
        Records between positions (topic and partition, next offset) and the ends.

        Raises: UnreachableBroker.
        """
        return sum(
            max(self.of(topic, partition)[1] - at, 0)
            for (topic, partition), at in positions
        )
