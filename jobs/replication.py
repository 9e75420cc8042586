"""On how many brokers a topic lies, and on how many of them what is acknowledged."""

from typing import Final

from confluent_kafka.admin import TopicMetadata

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


def replicas_of(topic: TopicMetadata | None) -> int:
    """Replicas of that partition of a topic which has fewest; 0 without a topic."""
    partitions = topic.partitions.values() if topic else ()
    return min((len(one.replicas) for one in partitions), default=0)


def too_few(topic: str, *, expected: int, found: int) -> str:
    """Name a topic that lies on too few brokers."""
    return f"topic {topic}: expected {expected} replicas, found {found}"
