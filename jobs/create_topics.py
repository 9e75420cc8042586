"""Creates the topics, and verifies those that exist: never a topic by accident."""

import argparse
import time
from collections.abc import Mapping
from typing import Final

from confluent_kafka import KafkaError

# confluent-kafka names these in its manual, but not in an `__all__`.
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ResourceType,
)

from jobs.broker import known_topics
from jobs.errors import JobRefused
from jobs.replication import (
    IN_SYNC,
    REPLICAS_ADVICE,
    in_sync_of,
    replicas_of,
    too_few,
)
from jobs.topic_configs import (
    LOOK_SECONDS,
    SETTLE_TIMEOUT_S,
    answer_of,
    configs_of,
    failed_by,
)
from runtime.kafka_access import kafka_access, kafka_hosts
from runtime.settings import Settings
from schemas.topics import TopicSpec, all_topics, broker_config

SUMMARY: Final = "create every topic of the engine, and verify those that exist"
COUNT_ADVICE: Final = (
    "the count decides where a member lies, so it cannot be repaired: set "
    "REGULARS_PARTITIONS to what is there, or use an empty cluster"
)

Differences = dict[str, tuple[str, str]]


def run(settings: Settings, arguments: list[str]) -> None:
    """
    Create and verify; `--repair` puts differing configurations right.

    Raises: JobRefused naming each topic that is not as it must be.
    """
    parser = argparse.ArgumentParser("create-topics", description=SUMMARY)
    parser.add_argument(
        "--repair",
        action="store_true",
        help="set configurations that differ (a partition count cannot be repaired)",
    )
    repair = parser.parse_args(arguments).repair
    topics = Topics(settings)
    specs = all_topics(settings.app_id)
    created = topics.create(specs)
    topics.check_counts(specs)
    topics.check_replicas(specs)
    different = topics.differences(specs)
    if repair:
        topics.repair(different)
    elif different:
        raise JobRefused(described(different))
    for spec in specs:
        done = "created" if spec.name in created else "exists"
        done = "repaired" if spec.name in different else done
        print(f"{done:<8}  {spec.name} ({topics.partitions(spec)} partitions)")


def described(different: Mapping[str, Differences]) -> str:
    """Name each configuration that differs, with what was expected and found."""
    faults = [
        f"topic {topic}: {name} is {found}, expected {expected}"
        for topic, differences in different.items()
        for name, (expected, found) in differences.items()
    ]
    return "; ".join(faults) + "; run create-topics --repair to set what is expected"


def wrong_count(topic: str, *, expected: int, found: int) -> str:
    """Name a partition count that differs."""
    return f"topic {topic}: expected {expected} partitions, found {found}"


def config_differences(
    expected: Mapping[str, str], found: Mapping[str, str]
) -> Differences:
    """Each configuration that is not as expected: (expected, found) by name."""
    return {
        name: (value, found.get(name, "not set"))
        for name, value in expected.items()
        if found.get(name) != value
    }


class Topics:
    """The engine's topics on one cluster."""

    def __init__(self, settings: Settings) -> None:
        """
        Connect.

        Raises: JobRefused when no broker answers.
        """
        self._settings = settings
        address = settings.kafka_bootstrap_servers
        self._servers = kafka_hosts(address)
        self._admin = AdminClient({**kafka_access(address), "log_level": 0})
        self._known = known_topics(self._admin, self._servers)

    def partitions(self, spec: TopicSpec) -> int:
        """Partitions that a topic must have."""
        return self._settings.partitions if spec.partitioned else 1

    def create(self, specs: tuple[TopicSpec, ...]) -> set[str]:
        """
        Create what is missing; return the names.

        Raises: JobRefused when the broker does not let us.
        """
        missing = [
            NewTopic(
                spec.name,
                num_partitions=self.partitions(spec),
                replication_factor=self._settings.replication,
                config=broker_config(spec)
                | {IN_SYNC: in_sync_of(self._settings.replication)},
            )
            for spec in specs
            if spec.name not in self._known
        ]
        if missing:
            for name, outcome in self._admin.create_topics(missing).items():
                # Somebody else's is verified like any other.
                if not failed_by(outcome, KafkaError.TOPIC_ALREADY_EXISTS):
                    answer_of(name, outcome, self._servers)
            self._settle({topic.topic for topic in missing})
        return {topic.topic for topic in missing}

    def check_counts(self, specs: tuple[TopicSpec, ...]) -> None:
        """
        Verify the partition counts.

        Raises: JobRefused naming each that differs.
        """
        found = {name: len(topic.partitions) for name, topic in self._known.items()}
        faults = [
            wrong_count(
                spec.name,
                expected=self.partitions(spec),
                found=found.get(spec.name, 0),
            )
            for spec in specs
            if found.get(spec.name, 0) != self.partitions(spec)
        ]
        if faults:
            raise JobRefused("; ".join([*faults, COUNT_ADVICE]))

    def check_replicas(self, specs: tuple[TopicSpec, ...]) -> None:
        """
        Verify that each topic lies on as many brokers as is set, or on more.

        Raises: JobRefused naming each that does not.
        """
        expected = self._settings.replication
        faults = [
            too_few(spec.name, expected=expected, found=found)
            for spec in specs
            if (found := replicas_of(self._known.get(spec.name))) < expected
        ]
        if faults:
            raise JobRefused("; ".join([*faults, REPLICAS_ADVICE]))

    def differences(self, specs: tuple[TopicSpec, ...]) -> dict[str, Differences]:
        """Find configurations that are not as they must be, by topic."""
        names = [spec.name for spec in specs]
        found = configs_of(self._admin, names, self._servers)
        different: dict[str, Differences] = {}
        for spec in specs:
            known = found[spec.name]
            replicas = replicas_of(self._known.get(spec.name))
            in_sync = in_sync_of(replicas, known.get(IN_SYNC, ""))
            expected = broker_config(spec) | {IN_SYNC: in_sync}
            different[spec.name] = config_differences(expected, known)
        return {name: faults for name, faults in different.items() if faults}

    def repair(self, different: Mapping[str, Differences]) -> None:
        """
        Set what differs, and touch nothing else.

        Raises: JobRefused when the broker does not let us.
        """
        resources = [
            ConfigResource(
                ResourceType.TOPIC,
                topic,
                incremental_configs=[
                    ConfigEntry(
                        name, expected, incremental_operation=AlterConfigOpType.SET
                    )
                    for name, (expected, _) in differences.items()
                ],
            )
            for topic, differences in different.items()
        ]
        if resources:
            asked = self._admin.incremental_alter_configs(resources)
            for resource, outcome in asked.items():
                answer_of(resource.name, outcome, self._servers)

    def _settle(self, names: set[str]) -> None:
        """Wait until the brokers know of new topics: they learn one by one."""
        deadline = time.monotonic() + SETTLE_TIMEOUT_S
        while True:
            self._known = known_topics(self._admin, self._servers)
            missing = names - self._known.keys()
            if not missing:
                return
            if time.monotonic() > deadline:
                raise JobRefused(
                    f"expected {', '.join(sorted(missing))} to appear after being "
                    f"created, found nothing for {SETTLE_TIMEOUT_S:.0f} s"
                )
            time.sleep(LOOK_SECONDS)
