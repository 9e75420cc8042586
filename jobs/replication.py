"""On how many brokers a topic lies, and on how many of them what is acknowledged."""

from typing import Final

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from jobs.broker import ANSWER_TIMEOUT_S, unreachable

IN_SYNC: Final = "min.insync.replicas"
REPLICAS_ADVICE: Final = (
    "give them more with kafka-reassign-partitions, or set REGULARS_REPLICATION to "
    "what is there"
)


def in_sync_of(replicas: int, found: str = "") -> str:
    """
    How many replicas must have a record before it is acknowledged.

    The majority, so that one broker of three can go, and nothing that was
    acknowledged goes with it. More is left as it was found, as far as it can be
    fulfilled.
    """
    least = replicas // 2 + 1
    return str(min(max(int(found), least), replicas) if found.isdecimal() else least)


def replica_counts(client: AdminClient, servers: str) -> dict[str, int]:
    """
    Replicas of every topic, of that of its partitions which has fewest.

    Raises: JobRefused when no broker answers.
    """
    try:
        known = client.list_topics(timeout=ANSWER_TIMEOUT_S).topics
    except KafkaException as error:
        raise unreachable(servers, error) from error
    return {
        name: min(len(one.replicas) for one in topic.partitions.values())
        for name, topic in known.items()
        if topic.partitions
    }


def too_few(topic: str, *, expected: int, found: int) -> str:
    """Name a topic that lies on too few brokers."""
    return f"topic {topic}: expected {expected} replicas, found {found}"
