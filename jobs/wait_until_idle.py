"""Waits until engine and sinks have worked through all that the broker holds."""

import argparse
import time
from typing import Final

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from jobs.broker import ANSWER_TIMEOUT_S
from jobs.errors import JobRefused
from runtime.kafka_access import kafka_access, kafka_hosts
from runtime.settings import Settings
from schemas.topics import READERS

SUMMARY: Final = "wait until engine and sinks have applied all that was sent"
POLL_SECONDS: Final = 0.25
# A group's coordinator is being found or loaded: the next look will tell.
COORDINATOR_MOVES: Final = frozenset(
    {
        KafkaError.NOT_COORDINATOR,
        KafkaError.COORDINATOR_NOT_AVAILABLE,
        KafkaError.COORDINATOR_LOAD_IN_PROGRESS,
    }
)
# At least one record, until it is known.
LAG_UNKNOWN: Final = 1


def run(settings: Settings, arguments: list[str]) -> None:
    """
    Wait for a lag of 0 of every group.

    Raises: JobRefused when it does not come in time, naming what is behind.
    """
    parser = argparse.ArgumentParser("wait-until-idle", description=SUMMARY)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--group", choices=READERS, help="only this one")
    chosen = parser.parse_args(arguments)
    seconds, groups = chosen.seconds, [chosen.group] if chosen.group else [*READERS]
    started = time.monotonic()
    behind: dict[str, int] = {}
    while time.monotonic() - started < seconds:
        behind = lags(settings, groups)
        if not any(behind.values()):
            print(f"idle after {time.monotonic() - started:.1f} s")
            return
        time.sleep(POLL_SECONDS)
    late = ", ".join(f"{group} by {lag}" for group, lag in behind.items() if lag)
    raise JobRefused(f"still behind after {seconds:.0f} s: {late}")


def lags(settings: Settings, groups: list[str]) -> dict[str, int]:
    """
    Records that each group has still to work through.

    Raises: JobRefused when the broker does not answer.
    """
    return {name: _lag(settings, name, READERS[name]) for name in groups}


def _lag(settings: Settings, name: str, topics: tuple[str, ...]) -> int:
    consumer = Consumer(
        {
            **kafka_access(settings.kafka_bootstrap_servers),
            "group.id": f"{settings.app_id}-{name}",
            "enable.auto.commit": False,
            "log_level": 0,
        }
    )
    partitions = [
        TopicPartition(topic, number)
        for topic in topics
        for number in range(settings.partitions)
    ]
    try:
        committed = consumer.committed(partitions, timeout=ANSWER_TIMEOUT_S)
        return sum(_behind(consumer, one) for one in committed)
    except KafkaException as error:
        if error.args[0].code() in COORDINATOR_MOVES:
            return LAG_UNKNOWN
        raise JobRefused(
            f"no answer from {kafka_hosts(settings.kafka_bootstrap_servers)}: {error}"
        ) from error
    finally:
        consumer.close()


def _behind(consumer: Consumer, committed: TopicPartition) -> int:
    low, high = consumer.get_watermark_offsets(committed, timeout=ANSWER_TIMEOUT_S)
    # A group that has committed nothing has everything to do.
    return int(high - max(committed.offset, low))
