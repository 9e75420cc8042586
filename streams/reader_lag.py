"""How far a reader of updates is behind, as the broker knows it."""

from collections.abc import Iterable
from typing import Final

from confluent_kafka import Consumer, KafkaException, TopicPartition

from runtime.kafka_access import kafka_access
from schemas.topics import MEMBER_UPDATES
from stores.log_edges import LogEdges

# Whoever asks can do without an answer.
ANSWER_SECONDS: Final = 2.0


class ReaderLag:
    """Asks for the positions of a consumer group that it never joins; calls block."""

    def __init__(self, bootstrap_servers: str, group_id: str) -> None:
        """Connect when first asked."""
        self._consumer = Consumer(
            {
                **kafka_access(bootstrap_servers),
                "group.id": group_id,
                "enable.auto.commit": False,
                "isolation.level": "read_committed",
                "log_level": 0,
            }
        )
        self._edges = LogEdges(self._consumer, timeout_seconds=ANSWER_SECONDS)

    def of(self, partitions: Iterable[int]) -> int | None:
        """Updates of some partitions that are not read yet; None if nobody knows."""
        asked = [TopicPartition(MEMBER_UPDATES.name, number) for number in partitions]
        if not asked:
            return 0
        try:
            found = self._consumer.committed(asked, timeout=ANSWER_SECONDS)
            ends = self._edges.ends([(one.topic, one.partition) for one in asked])
        except KafkaException:
            return None
        # A group that has committed nothing may never have been there.
        if any(one.error is not None or one.offset < 0 for one in found):
            return None
        return sum(int(end - one.offset) for end, one in zip(ends, found, strict=True))
