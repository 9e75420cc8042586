"""Kafka as the jobs use it: look, send, and wait for the broker's word."""

from typing import Final

from confluent_kafka import KafkaError, KafkaException, Producer
from confluent_kafka.admin import AdminClient, TopicMetadata

from jobs.errors import JobRefused
from jobs.record_writer import RecordWriter
from loyalty.events import Tick
from runtime.kafka_access import kafka_hosts
from runtime.settings import Settings
from schemas.events import EventCodec
from schemas.topics import CLOCK

ANSWER_TIMEOUT_S: Final = 10


class Outbox:
    """
    Sends records to the engine's topics, each of them once and in order.

    The partition comes from the key by the engine's partitioner, unless given.
    """

    def __init__(self, settings: Settings, *, delivery_timeout_ms: int) -> None:
        """
        Connect to the broker.

        Raises: JobRefused when no broker answers.
        """
        address = settings.kafka_bootstrap_servers
        self._servers = kafka_hosts(address)
        self._writer = RecordWriter(address, delivery_timeout_ms=delivery_timeout_ms)
        self._ticks = EventCodec()
        self.topics = partition_counts(self._writer.producer, self._servers)

    def partition_count(self, topic: str) -> int:
        """
        Partitions of a topic.

        Raises: JobRefused when it does not exist.
        """
        count = self.topics.get(topic, 0)
        if not count:
            raise JobRefused(
                f"expected topic {topic!r} at {self._servers}, found none of that "
                "name; run create-topics first"
            )
        return count

    def send(self, topic: str, *, key: bytes, value: bytes) -> None:
        """
        Hand over one record; waits while too much is on its way.

        Raises: JobRefused when an earlier record could not be delivered.
        """
        self._writer.write(topic, key=key, value=value)

    def tick(self, at: int) -> None:
        """
        Hand over a time (ms since 1970) to every partition of the clock.

        Raises: JobRefused as `send`, and when there is no clock.
        """
        value = self._ticks.encode_tick(Tick(at))
        for partition in range(self.partition_count(CLOCK.name)):
            self._writer.write(CLOCK.name, partition, value=value)

    def flush(self) -> None:
        """
        Wait until the broker has all that was handed over.

        Raises: JobRefused when it does not take it.
        """
        self._writer.flush()


def partition_counts(client: Producer | AdminClient, servers: str) -> dict[str, int]:
    """
    Partitions of every topic that the broker has.

    Raises: JobRefused when no broker answers.
    """
    known = known_topics(client, servers)
    return {name: len(topic.partitions) for name, topic in known.items()}


def known_topics(
    client: Producer | AdminClient, servers: str
) -> dict[str, TopicMetadata]:
    """
    Every topic that the broker has, with where its partitions lie.

    Raises: JobRefused when no broker answers.
    """
    try:
        return dict(client.list_topics(timeout=ANSWER_TIMEOUT_S).topics)
    except KafkaException as error:
        raise unreachable(servers, error) from error


def unreachable(servers: str, error: KafkaException) -> JobRefused:
    """Refusal for a broker that does not answer."""
    fault: KafkaError = error.args[0]
    return JobRefused(
        f"expected a Kafka broker at {kafka_hosts(servers)} "
        "(REGULARS_KAFKA_BOOTSTRAP_SERVERS), "
        f"found none that answers: {fault.str()}"
    )
