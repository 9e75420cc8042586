"""Where the consumer groups of one engine go on."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from confluent_kafka import Consumer, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient

from jobs.broker import ANSWER_TIMEOUT_S, unreachable
from runtime.kafka_access import kafka_access
from runtime.settings import Settings
from schemas.topics import READERS

# A topic and one of its partitions.
Place = tuple[str, int]


class ReaderPositions:
    """Asks and says what groups have read; it joins none. Calls block."""

    def __init__(self, settings: Settings) -> None:
        """Say whose."""
        self._servers = settings.kafka_bootstrap_servers
        self._app_id = settings.app_id

    def group(self, reader: str) -> str:
        """Name of a reader's consumer group."""
        return f"{self._app_id}-{reader}"

    def others(self) -> list[str]:
        """
        Names of groups that no process of the engine has: those of bridges.

        Raises: JobRefused when the broker does not answer.
        """
        prefix = self.group("")
        admin = AdminClient({**kafka_access(self._servers), "log_level": 0})
        try:
            told = admin.list_consumer_groups().result(ANSWER_TIMEOUT_S)
        except KafkaException as error:
            raise unreachable(self._servers, error) from error
        names = [
            one.group_id.removeprefix(prefix)
            for one in told.valid
            if one.group_id.startswith(prefix)
        ]
        # An engine whose name begins with this one's has readers of its own.
        own = tuple(f"-{name}" for name in READERS)
        return sorted(n for n in names if n not in READERS and not n.endswith(own))

    def committed(self, reader: str, places: Iterable[Place]) -> dict[Place, int]:
        """
        Next offset of a reader, without places of which it has never said one.

        Raises: JobRefused when the broker does not answer.
        """
        asked = [TopicPartition(*place) for place in places]
        with self._consumer(reader) as consumer:
            found = consumer.committed(asked, timeout=ANSWER_TIMEOUT_S)
        return {
            (one.topic, one.partition): int(one.offset)
            for one in found
            if one.offset >= 0
        }

    def commit(self, reader: str, positions: Mapping[Place, int]) -> None:
        """
        Let a reader go on at other offsets; of a group that has no members.

        Raises: JobRefused when the broker does not take them.
        """
        if not positions:
            return
        offsets = [TopicPartition(*place, at) for place, at in positions.items()]
        with self._consumer(reader) as consumer:
            consumer.commit(offsets=offsets, asynchronous=False)

    @contextmanager
    def _consumer(self, reader: str) -> Iterator[Consumer]:
        consumer = Consumer(
            {
                **kafka_access(self._servers),
                "group.id": self.group(reader),
                "enable.auto.commit": False,
                "log_level": 0,
            }
        )
        try:
            yield consumer
        except KafkaException as error:
            raise unreachable(self._servers, error) from error
        finally:
            consumer.close()
