"""Waiting until ClickHouse has the rows of all that the engine has told so far."""

import time
from typing import Final

from confluent_kafka import Consumer, KafkaException, TopicPartition

from jobs.broker import ANSWER_TIMEOUT_S
from jobs.errors import JobRefused
from jobs.reading import LogReader
from jobs.wait_until_idle import COORDINATOR_MOVES
from runtime.kafka_access import kafka_access, kafka_hosts
from runtime.settings import Settings
from schemas.topics import READERS

SINK: Final = "clickhouse-sink"
POLL_SECONDS: Final = 0.25
# How long the sink may come no further.
STALL_SECONDS_MAX: Final = 120.0
Ends = dict[tuple[str, int], int]


def wait_until_written(
    settings: Settings, log: LogReader, *, stall_seconds_max: float = STALL_SECONDS_MAX
) -> None:
    """
    Wait until the sink has passed where its topics end now.

    Raises: JobRefused when it gets no further, or the broker does not answer.
    """
    places = [
        (topic, number)
        for topic in READERS[SINK]
        for number in range(settings.partitions)
    ]
    ends = dict(zip(places, log.ends(places), strict=True))
    consumer = Consumer(
        {
            **kafka_access(settings.kafka_bootstrap_servers),
            "group.id": f"{settings.app_id}-{SINK}",
            "enable.auto.commit": False,
            "log_level": 0,
        }
    )
    try:
        _wait(consumer, ends, stall_seconds_max)
    except KafkaException as error:
        servers = kafka_hosts(settings.kafka_bootstrap_servers)
        raise JobRefused(f"no answer from {servers}: {error}") from error
    finally:
        consumer.close()


def _wait(consumer: Consumer, ends: Ends, stall_seconds_max: float) -> None:
    least, since = None, time.monotonic()
    while behind := _behind(consumer, ends):
        if least is None or behind < least:
            least, since = behind, time.monotonic()
        if time.monotonic() - since > stall_seconds_max:
            raise JobRefused(
                f"expected {SINK} to have written all that was told, found it {behind} "
                f"records behind for {stall_seconds_max:.0f} s: start it, or leave the "
                "tables to ClickHouse's own BACKUP (--without-clickhouse)"
            )
        time.sleep(POLL_SECONDS)


def _behind(consumer: Consumer, ends: Ends) -> int:
    asked = [TopicPartition(*place) for place in ends]
    try:
        found = consumer.committed(asked, timeout=ANSWER_TIMEOUT_S)
    except KafkaException as error:
        if error.args[0].code() in COORDINATOR_MOVES:
            return sum(ends.values())
        raise
    return sum(
        max(ends[one.topic, one.partition] - _place(consumer, one), 0) for one in found
    )


def _place(consumer: Consumer, committed: TopicPartition) -> int:
    if committed.offset >= 0:
        return int(committed.offset)
    # Nothing was written yet: what there is begins here.
    low, _ = consumer.get_watermark_offsets(committed, timeout=ANSWER_TIMEOUT_S)
    return int(low)
