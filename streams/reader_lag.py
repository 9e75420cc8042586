"""How far a reader of updates is behind, as the broker knows it."""

import logging
from collections.abc import Iterable
from typing import Final

from confluent_kafka import Consumer, KafkaException, TopicPartition

from runtime.kafka_access import kafka_access
from schemas.topics import MEMBER_UPDATES
from stores.log_edges import LogEdges

logger = logging.getLogger(__name__)

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
        self._is_said = False
        self._edges = LogEdges(self._consumer, timeout_seconds=ANSWER_SECONDS)

    def of(self, partitions: Iterable[int]) -> int | None:
        """Updates of some partitions that are not read yet; None if nobody knows."""
        try:
            behind = self._ask(list(partitions))
        except KafkaException as error:
            self._say_once(str(error))
            return None
        if behind is None:
            self._say_once("it has committed no position")
        else:
            self._is_said = False
        return behind

    def _ask(self, partitions: list[int]) -> int | None:
        if not partitions:
            return 0
        asked = [TopicPartition(MEMBER_UPDATES.name, number) for number in partitions]
        found = self._consumer.committed(asked, timeout=ANSWER_SECONDS)
        ends = self._edges.ends([(one.topic, one.partition) for one in asked])
        behind = 0
        for end, one in zip(ends, found, strict=True):
            if one.error is not None:
                raise KafkaException(one.error)
            if not end:
                continue
            if one.offset < 0:
                # It may never have been there, or has only just come.
                return None
            behind += max(int(end - one.offset), 0)
        return behind

    def _say_once(self, reason: str) -> None:
        """Say why nobody knows, until somebody does again."""
        if not self._is_said:
            logger.warning("a reader's lag is unknown", extra={"reason": reason})
        self._is_said = True
