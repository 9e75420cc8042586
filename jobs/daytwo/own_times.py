"""Topics whose records keep the times that they had."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

# confluent-kafka names these in its manual, but not in an `__all__`.
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ResourceType,
)

from jobs.broker import ANSWER_TIMEOUT_S
from runtime.kafka_access import kafka_access
from runtime.settings import Settings

STAMP: Final = "message.timestamp.type"


@contextmanager
def own_times(settings: Settings, topics: list[str]) -> Iterator[None]:
    """
    Let records keep their times in topics that the broker stamps otherwise.

    When the broker took a record is an input to every decision about it.
    """
    admin = AdminClient(
        {**kafka_access(settings.kafka_bootstrap_servers), "log_level": 0}
    )
    _set_stamp(admin, topics, "CreateTime")
    try:
        yield
    finally:
        _set_stamp(admin, topics, "LogAppendTime")


def _set_stamp(admin: AdminClient, topics: list[str], value: str) -> None:
    resources = [
        ConfigResource(
            ResourceType.TOPIC,
            topic,
            incremental_configs=[
                ConfigEntry(STAMP, value, incremental_operation=AlterConfigOpType.SET)
            ],
        )
        for topic in topics
    ]
    for outcome in admin.incremental_alter_configs(resources).values():
        outcome.result(timeout=ANSWER_TIMEOUT_S)
