"""Where the broker's logs begin and end: the outside view of lag."""

import time
from collections.abc import Sequence
from typing import Final

from confluent_kafka import Consumer, KafkaException

from runtime.kafka_access import kafka_access
from stores.log_edges import LogEdges

TIMEOUT_SECONDS: Final = 10.0
# A broker that restarts is back before; whoever waits longer ends, and says why.
RETURN_SECONDS_MAX: Final = 120.0
RETRY_SECONDS: Final = 0.2

Position = tuple[str, int]


class UnreachableBroker(Exception):
    """The broker did not answer in time."""


class Watermarks:
    """Asks the broker itself, not the consumer that may be stuck; calls block."""

    def __init__(self, bootstrap_servers: str, group_id: str) -> None:
        """Open a client of its own."""
        consumer = Consumer(
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
        self._edges = LogEdges(consumer, timeout_seconds=TIMEOUT_SECONDS)

    def of(self, topic: str, partition: int) -> tuple[int, int]:
        """
        First offset that is still there, and the one after the last that may be read.

        Raises: UnreachableBroker.
        """
        try:
            return self._edges.of(topic, partition)
        except KafkaException as error:
            raise UnreachableBroker(f"{topic}-{partition}: {error}") from error

    def awaited(self, topic: str, partition: int) -> tuple[int, int]:
        """
        As `of`, but of a broker that is away for a while: it is waited for.

        Raises: UnreachableBroker after RETURN_SECONDS_MAX.
        """
        deadline = time.monotonic() + RETURN_SECONDS_MAX
        while True:
            try:
                return self.of(topic, partition)
            except UnreachableBroker:
                if time.monotonic() > deadline:
                    raise
                time.sleep(RETRY_SECONDS)

    def ends(self, places: Sequence[Position]) -> list[int]:
        """
        Offsets after the last that may be read, of topics and partitions.

        Raises: UnreachableBroker.
        """
        try:
            return self._edges.ends(places)
        except KafkaException as error:
            raise UnreachableBroker(f"{len(places)} partitions: {error}") from error
