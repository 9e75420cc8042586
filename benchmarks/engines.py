"""
Several engines that share the partitions of one broker on one machine.

They are ready, and the broker is warm, before they get what is measured: all of it at
once, for they are stopped while it is produced.
"""

import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psutil
from confluent_kafka import Consumer, TopicPartition

from benchmarks.orders import MEMBERS, produce_orders
from benchmarks.processes import Cost
from local import processes
from local.stack import PROJECT, Stack
from schemas.state import CHECKPOINT_KEY
from schemas.topics import members_changelog

# Partitions that the engines share.
SHARED: Final = 8
READY_SECONDS: Final = 15
WARM_ORDERS: Final = 40_000
WARM_MEMBERS: Final = 5_000
WARM_SEED: Final = 2
PROGRAM: Final = "programs/points-only.yaml"
CHANGELOG: Final = members_changelog("regulars").name


class Engines:
    """Engines by name over a stack, told to stop or killed."""

    def __init__(self, stack: Stack, standbys: int) -> None:
        """Start none yet."""
        self._stack = stack
        self._standbys = str(standbys)
        self._identities: dict[str, dict[str, Any]] = {}

    def start(self, name: str) -> None:
        """Start an engine under a lasting name."""
        own = {"REGULARS_WORKER_ID": name, "REGULARS_STANDBYS": self._standbys}
        self._identities[name] = processes.start(
            [sys.executable, "-m", "streams", "engine"],
            log=self._stack.log(name),
            environment=self._stack.environment() | own,
            folder=PROJECT,
        )

    def stop(self, name: str) -> None:
        """SIGTERM, and wait."""
        processes.stop(self._identities[name], 30)

    def kill(self, name: str) -> None:
        """SIGKILL, and wait."""
        processes.kill(self._identities[name])

    def kill_all(self) -> None:
        """End what runs."""
        for identity in self._identities.values():
            processes.kill(identity)

    def send_all(self, number: int) -> None:
        """Send a signal to each of them."""
        for identity in self._identities.values():
            processes.send(identity, number)

    def cpu_seconds(self) -> float:
        """CPU time of all of them so far, user and system."""
        times = [
            psutil.Process(int(one["pid"])).cpu_times()
            for one in self._identities.values()
        ]
        return sum(one.user + one.system for one in times)


def measure_engines(count: int, orders_each: int) -> Cost:
    """
    Let so many engines apply so many orders each, by a program that gives points.

    There are as many members for each engine as one has alone.
    """
    orders, members = count * orders_each, count * MEMBERS
    with servers(SHARED) as stack:
        broker = stack.addresses()["bootstrap_servers"]
        os.environ["REGULARS_PROGRAM_FILE"] = PROGRAM
        engines = Engines(stack, standbys=0)
        try:
            for number in range(count):
                engines.start(f"engine-{number}")
            time.sleep(READY_SECONDS)
            produce_orders(broker, WARM_ORDERS, seed=WARM_SEED, members=WARM_MEMBERS)
            stack.run_job("wait-until-idle", "--group", "engine")
            engines.send_all(signal.SIGSTOP)
            produce_orders(broker, orders, after=WARM_ORDERS, members=members)
            spent, begun = engines.cpu_seconds(), time.time()
            engines.send_all(signal.SIGCONT)
            stack.run_job("wait-until-idle", "--group", "engine")
            spent = engines.cpu_seconds() - spent
        finally:
            engines.kill_all()
        ended = max(times[-1] for times in commit_times(broker, SHARED))
    return Cost(orders, ended - begun, spent)


def commit_times(broker: str, partitions: int) -> list[list[float]]:
    """When each partition has committed, in seconds since 1970, in order."""
    consumer = Consumer(
        {
            "bootstrap.servers": broker,
            "group.id": "commit-times",
            "isolation.level": "read_committed",
            "enable.partition.eof": True,
            "enable.auto.commit": False,
        }
    )
    found = []
    for number in range(partitions):
        consumer.assign([TopicPartition(CHANGELOG, number, 0)])
        times: list[float] = []
        while (message := consumer.poll(10.0)) is not None and not message.error():
            if message.key() == CHECKPOINT_KEY:
                times.append(message.timestamp()[1] / 1_000)
        found.append(sorted(times))
    consumer.close()
    return found


@contextmanager
def servers(partitions: int) -> Iterator[Stack]:
    """The servers of a stack with its topics, and nothing of it in the environment."""
    before = dict(os.environ)
    os.environ["REGULARS_PARTITIONS"] = str(partitions)
    with tempfile.TemporaryDirectory() as folder:
        stack = Stack(Path(folder), say=lambda _: None)
        try:
            stack.start_servers()
            stack.run_job("create-topics")
            yield stack
        finally:
            stack.stop()
            os.environ.clear()
            os.environ.update(before)
