"""Where partitions of the log begin and end, asked of the broker itself."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from confluent_kafka import OFFSET_END, Consumer, KafkaException, TopicPartition

T = TypeVar("T")


class LogEdges:
    """
    Asks where partitions begin and end; calls block.

    A broker that shuts down says of its topics that they have no partitions, and
    librdkafka believes that for five minutes, whether the broker is back or not:
    every question then fails at once, and none reaches it. So whoever gets no
    answer looks the topic up anew.
    """

    def __init__(self, consumer: Consumer, *, timeout_seconds: float) -> None:
        """Ask through a consumer that reads nothing; each question has its bound."""
        self._consumer = consumer
        self._timeout_seconds = timeout_seconds

    def of(self, topic: str, partition: int) -> tuple[int, int]:
        """
        First offset that is still there, and the one after the last that may be read.

        Raises: KafkaException when the broker does not answer.
        """
        return self._again({topic}, lambda: self._ask(topic, partition))

    def ends(self, places: Sequence[tuple[str, int]]) -> list[int]:
        """
        Offsets after the last that may be read, of topics and partitions: one request.

        Raises: KafkaException when the broker does not answer for one of them.
        """
        topics = {topic for topic, _ in places}
        return self._again(topics, lambda: self._ask_ends(places))

    def close(self) -> None:
        """Let go of the connection."""
        self._consumer.close()

    def _again(self, topics: set[str], ask: Callable[[], T]) -> T:
        """Ask, and once more when topics have been looked up anew."""
        try:
            return ask()
        except KafkaException:
            for topic in sorted(topics):
                self._consumer.list_topics(topic, timeout=self._timeout_seconds)
            return ask()

    def _ask(self, topic: str, partition: int) -> tuple[int, int]:
        low, high = self._consumer.get_watermark_offsets(
            TopicPartition(topic, partition), timeout=self._timeout_seconds
        )
        return int(low), int(high)

    def _ask_ends(self, places: Sequence[tuple[str, int]]) -> list[int]:
        # By its time the end can be asked for of many at once, and without the
        # beginning; each of both would be a request for each partition.
        asked = [TopicPartition(*place, OFFSET_END) for place in places]
        found = self._consumer.offsets_for_times(asked, timeout=self._timeout_seconds)
        for one in found:
            if one.error is not None:
                raise KafkaException(one.error)
        return [int(one.offset) for one in found]
