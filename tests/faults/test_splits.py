"""A network that splits: one engine and the broker do not hear each other any more."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf

import pytest

from jobs.traffic import traffic
from local import processes
from local.stack import Stack
from tests.end_to_end.engines import Worker
from tests.end_to_end.settled import check_all_equal_the_fold, send, wait_until_idle
from tests.faults.loads import DRAIN_SECONDS_MAX, a_load, times

LONG = 3_600
# Whatever its processes send to the broker is dropped; nobody else has it.
GROUP = "47113"
IN_THE_GROUP = ("setpriv", "--regid", GROUP, "--clear-groups")
# Longer than a session: the partitions are somebody else's meanwhile.
SPLIT_SECONDS = 20
BACK_SECONDS_MAX = 240.0
SETTLED_SECONDS = 15.0


def filtered(change: str, port: int) -> subprocess.CompletedProcess[str]:
    """Add (-I) or drop (-D) the rule that drops what the group sends to a port."""
    match = ["-p", "tcp", "--dport", str(port), "-m", "owner", "--gid-owner", GROUP]
    return subprocess.run(
        ["iptables", "-w", "10", change, "OUTPUT", *match, "-j", "DROP"],  # noqa: S607 - wherever it is
        capture_output=True,
        text=True,
        check=False,
    )


@contextmanager
def a_split(port: int) -> Iterator[None]:
    """Cut the group off; neither an end nor a refusal of a connection tells it."""
    try:
        done = filtered("-I", port)
    except FileNotFoundError:
        pytest.skip("no packets can be dropped here: there is no iptables")
    if done.returncode != 0:
        pytest.skip(f"no packets can be dropped here: {done.stderr.strip()}")
    try:
        yield
    finally:
        assert filtered("-D", port).returncode == 0


def wait_until_back(worker: Worker) -> None:
    """Wait until it has partitions for so long that no fence is late."""
    deadline = time.monotonic() + BACK_SECONDS_MAX
    ready_at = inf
    while time.monotonic() < min(deadline, ready_at + SETTLED_SECONDS):
        # Fenced, it ends; else it comes back by itself.
        if not processes.is_running(worker.identity):
            worker.start()
        is_ready = worker.is_ready()
        ready_at = min(ready_at, time.monotonic()) if is_ready else inf
        time.sleep(0.5)
    assert ready_at < inf, "it did not come back"


@pytest.mark.timeout(LONG)
def test_a15_an_engine_that_the_broker_does_not_hear_is_fenced_and_comes_back(
    stack: Stack,
) -> None:
    port = stack.port("kafka", "kafka")
    apart = Worker(stack, "engine-apart", ("streams", "engine"), before=IN_THE_GROUP)
    apart.start()
    try:
        apart.wait_until_ready()
        for _ in range(times(10)):
            send(stack, traffic(a_load(3_000)))
            with a_split(port):
                send(stack, traffic(a_load(1_000)))
                time.sleep(SPLIT_SECONDS)
                # All of it, by the one that is heard.
                stack.run_job(
                    "wait-until-idle", "--group", "engine", "--seconds", "300"
                )
            send(stack, traffic(a_load(1_000)))
            wait_until_back(apart)
    finally:
        apart.terminate()
    wait_until_idle(stack, DRAIN_SECONDS_MAX)

    check_all_equal_the_fold(stack)
