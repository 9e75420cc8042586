"""Topics that get more partitions, which no topic ever gives back."""

import time
from collections.abc import Iterable

from confluent_kafka.admin import AdminClient, NewPartitions

from jobs.broker import partition_counts
from jobs.errors import JobRefused
from jobs.topic_configs import LOOK_SECONDS, SETTLE_TIMEOUT_S, answer_of
from runtime.kafka_access import kafka_access


def counts_at(servers: str) -> dict[str, int]:
    """
    Partitions of every topic, asked of whichever broker answers.

    Raises: JobRefused when none does.
    """
    admin = AdminClient({**kafka_access(servers), "log_level": 0})
    return partition_counts(admin, servers)


def grow(servers: str, topics: Iterable[str], partitions: int) -> None:
    """
    Give topics so many partitions, but for those that have them already.

    Raises: JobRefused naming the first topic that did not grow.
    """
    counts = counts_at(servers)
    grown = [
        NewPartitions(name, partitions)
        for name in topics
        if counts.get(name) != partitions
    ]
    if not grown:
        return
    # Its answers come only as long as it is there.
    admin = AdminClient({**kafka_access(servers), "log_level": 0})
    for name, outcome in admin.create_partitions(grown).items():
        answer_of(name, outcome, servers)
    _settle(servers, [topic.topic for topic in grown], partitions)


def _settle(servers: str, topics: list[str], partitions: int) -> None:
    """Wait until the brokers tell of the new partitions: they learn one by one."""
    deadline = time.monotonic() + SETTLE_TIMEOUT_S
    while True:
        counts = counts_at(servers)
        late = [name for name in topics if counts.get(name) != partitions]
        if not late:
            return
        if time.monotonic() > deadline:
            raise JobRefused(f"{', '.join(late)} did not get their partitions")
        time.sleep(LOOK_SECONDS)
