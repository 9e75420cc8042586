"""A worker of the release before, replaced under load by one of this release: each order once."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jobs.traffic import TrafficPlan, traffic
from local.processes import is_running
from local.stack import Stack
from schemas.state import StateCodec
from schemas.topics import members_changelog
from tests.end_to_end.engines import Worker
from tests.end_to_end.oracle import dump
from tests.end_to_end.previous_engine import HEADER as PREVIOUS
from tests.end_to_end.settled import (
    check_all_equal_the_fold,
    send,
    wait_until_idle,
)

CURRENT = StateCodec().member_header
CHANGELOG = members_changelog("regulars").name
SECONDS_MAX = 120.0
# The release before has no compiled twin here.
PLAIN = {"PURE_PYTHON": "1", "REGULARS_STANDBYS": "1"}


def a_load(number: int) -> TrafficPlan:
    """Orders with repeats, disorder and refunds, each load after the one before."""
    return TrafficPlan(
        orders=2_500,
        members=800,
        seed=40 + number,
        duplicates_bp=500,
        disorder_bp=300,
        refunds_bp=200,
        start_ms=1_767_225_600_000 + number * 5 * 86_400_000,
    )


@pytest.fixture(scope="module")
def stack(servers: Stack) -> Iterator[Stack]:
    """Sinks, and no worker yet."""
    servers.run_job("create-topics")
    servers.run_job("migrate-clickhouse")
    for sink in ("redis-sink", "clickhouse-sink"):
        servers.start(sink, wait=False)
    yield servers
    for sink in ("redis-sink", "clickhouse-sink"):
        servers.kill(sink)


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait for something to be so."""
    deadline = time.monotonic() + SECONDS_MAX
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


def log_of(stack: Stack, name: str) -> str:
    """Log of a worker."""
    file = Path(stack.root) / f"{name}.log"
    return file.read_text(errors="replace") if file.exists() else ""


def headers(stack: Stack) -> Counter[bytes]:
    """How many states of each schema the changelog holds."""
    servers = stack.addresses()["bootstrap_servers"]
    return Counter(
        message.value()[:10]
        for message in dump(servers, CHANGELOG)
        if message.key() and message.key()[:1] != b"\x00"
    )


@pytest.mark.timeout(400)
def test_a_worker_is_replaced_by_one_of_the_next_release_without_a_stop(
    stack: Stack,
) -> None:
    """A has the older state; B the newer; A goes, comes back in vain, and B goes on."""
    previous = ("tests.end_to_end.previous_engine",)
    old = Worker(stack, "engine-a", previous, environment=PLAIN)
    new = Worker(stack, "engine-b", ("streams", "engine"), environment=PLAIN)
    try:
        old.start()
        send(stack, traffic(a_load(0)))
        until(lambda: headers(stack)[PREVIOUS] > 0, "the old worker wrote nothing")
        new.start()
        send(stack, traffic(a_load(1)))
        until(lambda: headers(stack)[CURRENT] > 0, "the new worker wrote nothing")
        send(stack, traffic(a_load(2)))
        old.terminate()
        send(stack, traffic(a_load(3)))
        wait_until_idle(stack, SECONDS_MAX)
        check_all_equal_the_fold(stack)

        # Back to the release before: it refuses what it does not know, and loses nothing.
        new.terminate()
        old.start()
        until(
            lambda: "this release does not know" in log_of(stack, "engine-a"),
            "the old worker took newer states",
        )
        assert is_running(old.identity)
        old.kill()
        new.start()
        send(stack, traffic(a_load(4)))
        wait_until_idle(stack, SECONDS_MAX)
    finally:
        old.kill()
        new.kill()

    fold, _ = check_all_equal_the_fold(stack)
    assert fold.counts["duplicates"] > 100
    assert "partition failed" not in log_of(stack, "engine-b")
