"""What a cluster says of its topics; of new ones, when every broker knows them."""

import time
from collections.abc import Iterable
from concurrent.futures import Future
from typing import Final, Protocol, TypeVar

from confluent_kafka import KafkaError, KafkaException

# confluent-kafka names these in its manual, but not in an `__all__`.
from confluent_kafka.admin import ConfigEntry, ConfigResource, ResourceType

from jobs.broker import ANSWER_TIMEOUT_S
from jobs.errors import JobRefused

# Brokers learn of new topics one by one, and any of them may be asked.
SETTLE_TIMEOUT_S: Final = 15.0
LOOK_SECONDS: Final = 0.1

Answer = TypeVar("Answer")
Configs = dict[str, dict[str, str]]
Described = dict[ConfigResource, "Future[dict[str, ConfigEntry]]"]


class Describes(Protocol):
    """Of an admin client what is asked here."""

    def describe_configs(self, resources: list[ConfigResource]) -> Described:
        """Configuration of each resource, when it has come."""


def configs_of(admin: Describes, names: Iterable[str], servers: str) -> Configs:
    """
    Find the configuration of each topic.

    Raises: JobRefused when no broker answers, or one knows no such topic for
    SETTLE_TIMEOUT_S.
    """
    deadline = time.monotonic() + SETTLE_TIMEOUT_S
    found: Configs = {}
    waiting = list(names)
    while True:
        resources = [ConfigResource(ResourceType.TOPIC, name) for name in waiting]
        waiting = []
        for resource, outcome in admin.describe_configs(resources).items():
            is_over = time.monotonic() > deadline
            if failed_by(outcome, KafkaError.UNKNOWN_TOPIC_OR_PART) and not is_over:
                waiting.append(resource.name)
                continue
            told = answer_of(resource.name, outcome, servers)
            found[resource.name] = {entry.name: entry.value for entry in told.values()}
        if not waiting:
            return found
        time.sleep(LOOK_SECONDS)


def failed_by(outcome: "Future[Answer]", code: int) -> bool:
    """Whether what was asked has failed, and by this error."""
    try:
        error = outcome.exception(timeout=ANSWER_TIMEOUT_S)
    except TimeoutError:
        return False
    return isinstance(error, KafkaException) and error.args[0].code() == code


def answer_of(topic: str, outcome: "Future[Answer]", servers: str) -> Answer:
    """
    What was asked of a topic.

    Raises: JobRefused naming the topic.
    """
    try:
        return outcome.result(timeout=ANSWER_TIMEOUT_S)
    except TimeoutError as error:
        raise JobRefused(
            f"topic {topic}: no answer from {servers} for {ANSWER_TIMEOUT_S} s"
        ) from error
    except KafkaException as error:
        raise JobRefused(f"topic {topic}: {error.args[0].str()}") from error
