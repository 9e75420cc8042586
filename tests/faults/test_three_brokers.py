"""A16: three brokers that hold everything three times, and what is left of them."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import KafkaException
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ResourceType,
)

from jobs.generate_traffic import encoded
from jobs.traffic import traffic
from local import kafka, kafka_archive, processes
from local.ports import free_port
from local.stack import PROJECT, JobFailed, Stack
from schemas.events import EventCodec
from schemas.topics import all_topics
from tests.end_to_end.settled import (
    a_producer,
    check_all_equal_the_fold,
    send,
    wait_until_idle,
)
from tests.faults.broker import supervised
from tests.faults.loads import DRAIN_SECONDS_MAX, a_load, times

LONG = 3_600
NODES = (1, 2, 3)
IN_SYNC_SECONDS_MAX = 180.0


class Cluster:
    """Three brokers, each a controller too; any may be killed and started again."""

    def __init__(self, root: Path) -> None:
        """Choose ports, and start nothing."""
        self._root = root
        self._ports = {node: free_port() for node in NODES}
        self._controllers = tuple(free_port() for _ in NODES)
        self._cluster_id = kafka.new_cluster_id()
        self._identities: dict[int, dict[str, Any]] = {}
        self.bootstrap_servers = ",".join(
            f"127.0.0.1:{port}" for port in self._ports.values()
        )

    def start(self, *nodes: int) -> None:
        """Start brokers, and wait until each of them answers."""
        for node in nodes:
            folder = self._root / f"kafka-{node}"
            command = kafka.prepare(
                folder,
                self._ports[node],
                self._controllers[node - 1],
                archive=kafka_archive.archive(),
                quorum=kafka.Quorum(self._cluster_id, self._controllers, node),
            )
            self._identities[node] = processes.start(command, log=self._log(node))
        for node in nodes:
            port = self._ports[node]
            processes.wait_until(
                lambda port=port: kafka.is_healthy(port),  # type: ignore[misc]
                name=f"kafka-{node}",
                identity=self._identities[node],
                log=self._log(node),
            )

    def kill(self, node: int) -> None:
        """Kill -9."""
        processes.kill(self._identities[node])

    def terminate(self, node: int) -> None:
        """SIGTERM: it hands over what it leads, and ends."""
        processes.stop(self._identities[node], timeout_seconds=60)

    def stop(self) -> None:
        """End all, at once: nobody needs what they hold any more."""
        for identity in self._identities.values():
            processes.kill(identity)

    def wait_until_in_sync(self) -> None:
        """Wait until every partition is on all of its brokers again."""
        deadline = time.monotonic() + IN_SYNC_SECONDS_MAX
        while self._behind():
            assert time.monotonic() < deadline, self._behind()
            time.sleep(0.5)

    def _behind(self) -> list[str]:
        """Partitions of which a replica is away or behind."""
        admin = AdminClient({"bootstrap.servers": self.bootstrap_servers})
        try:
            known = admin.list_topics(timeout=10)
        except KafkaException as away:
            return [str(away)]
        if len(known.brokers) < len(NODES):
            return [f"{len(known.brokers)} brokers"]
        return [
            f"{name}-{number}"
            for name, topic in known.topics.items()
            for number, one in topic.partitions.items()
            if len(one.isrs) < len(one.replicas)
        ]

    def _log(self, node: int) -> Path:
        return self._root / f"kafka-{node}.log"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Three brokers that run."""
    made = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        made.start(*NODES)
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="module")
def stack(
    tmp_path_factory: pytest.TempPathFactory, cluster: Cluster
) -> Iterator[Stack]:
    """Everything else on one machine, with all topics on three brokers."""
    made = Stack(
        tmp_path_factory.mktemp("faults"),
        say=print,
        settings={"REGULARS_REPLICATION": "3"},
        elsewhere={"bootstrap_servers": cluster.bootstrap_servers},
    )
    try:
        made.start_all()
        yield made
    finally:
        made.stop()


def test_a16_what_is_acknowledged_is_on_two_of_three_brokers(
    stack: Stack, cluster: Cluster
) -> None:
    admin = AdminClient({"bootstrap.servers": cluster.bootstrap_servers})
    names = [spec.name for spec in all_topics("regulars")]
    asked = admin.describe_configs(
        [ConfigResource(ResourceType.TOPIC, name) for name in names]
    )
    found = {
        resource.name: outcome.result(30)["min.insync.replicas"].value
        for resource, outcome in asked.items()
    }

    assert found == dict.fromkeys(names, "2")
    # Whoever creates them again finds nothing to put right.
    assert stack.run_job("create-topics").count("exists") == len(names)


def test_a16_a_topic_that_acknowledges_too_early_is_refused_and_repaired(
    stack: Stack, cluster: Cluster
) -> None:
    admin = AdminClient({"bootstrap.servers": cluster.bootstrap_servers})
    lower = ConfigEntry(
        "min.insync.replicas", "1", incremental_operation=AlterConfigOpType.SET
    )
    orders = ConfigResource(ResourceType.TOPIC, "orders", incremental_configs=[lower])
    for outcome in admin.incremental_alter_configs([orders]).values():
        outcome.result(30)

    with pytest.raises(JobFailed, match=r"min\.insync\.replicas is 1, expected 2"):
        stack.run_job("create-topics")

    assert "repaired  orders" in stack.run_job("create-topics", "--repair")
    assert "exists    orders" in stack.run_job("create-topics")


def test_a16_topics_on_too_few_brokers_are_refused(cluster: Cluster) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "jobs", "create-topics"],
        env=dict(os.environ)
        | {
            "REGULARS_KAFKA_BOOTSTRAP_SERVERS": cluster.bootstrap_servers,
            "REGULARS_REPLICATION": "4",
        },
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert said.returncode == 2
    assert "topic orders: expected 4 replicas, found 3" in said.stderr


@pytest.mark.timeout(LONG)
def test_a16_one_broker_of_three_that_goes_stops_nobody(
    stack: Stack, cluster: Cluster
) -> None:
    before = stack.pids()
    for number in range(times(12)):
        node = NODES[number % 3]
        send(stack, traffic(a_load(3_000)))
        if number % 2:
            cluster.kill(node)
        else:
            cluster.terminate(node)
        # Taken, decided and in Redis and ClickHouse while it is away.
        send(stack, traffic(a_load(3_000)))
        wait_until_idle(stack, DRAIN_SECONDS_MAX)
        assert all(stack.is_running(name) for name in before), "nobody has ended"
        cluster.start(node)
        cluster.wait_until_in_sync()

    check_all_equal_the_fold(stack)
    assert stack.pids() == before


@pytest.mark.timeout(LONG)
def test_a16_while_two_of_three_are_away_nothing_is_taken_and_nothing_is_lost(
    stack: Stack, cluster: Cluster
) -> None:
    codec = EventCodec()
    for number in range(times(3)):
        away = [node for node in NODES if node != NODES[number % 3]]
        records = list(traffic(a_load(2_000)))
        producer = a_producer(stack)
        for node in away:
            cluster.kill(node)
        for topic, key, event in records:
            producer.produce(topic, encoded(codec, event), key)

        assert producer.flush(15) == len(records), "nothing may be acknowledged"
        cluster.start(*away)
        assert producer.flush(120) == 0
        with supervised(stack):
            wait_until_idle(stack, DRAIN_SECONDS_MAX)
        cluster.wait_until_in_sync()

    check_all_equal_the_fold(stack)
