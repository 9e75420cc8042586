"""A worker of the release before, replaced under load by one of this release: each order once."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from jobs.traffic import START_MS, TrafficPlan, traffic
from local.processes import is_running
from local.stack import Stack
from loyalty.limits import DAY_MS
from schemas.state import StateCodec
from schemas.topics import members_changelog
from tests.end_to_end.engines import Worker
from tests.end_to_end.oracle import dump
from tests.end_to_end.previous_engine import HEADER as PREVIOUS
from tests.end_to_end.settled import (
    check_all_equal_the_fold,
    send,
)

CURRENT = StateCodec().member_header
CHANGELOG = members_changelog("regulars").name
SECONDS_MAX = 180.0
SINKS = ("redis-sink", "clickhouse-sink")
# The release before has no compiled twin here.
PLAIN = {"PURE_PYTHON": "1", "REGULARS_STANDBYS": "1"}


LOADS = count()


def send_some(stack: Stack) -> None:
    """Orders with repeats, disorder and refunds, each load after the one before."""
    number = next(LOADS)
    plan = TrafficPlan(
        orders=300,
        members=800,
        seed=40 + number,
        duplicates_bp=500,
        disorder_bp=300,
        refunds_bp=200,
        start_ms=START_MS + number * DAY_MS,
    )
    send(stack, traffic(plan))


@pytest.fixture(scope="module")
def stack(servers: Stack) -> Iterator[Stack]:
    """Sinks, and no worker yet."""
    servers.run_job("create-topics")
    servers.run_job("migrate-clickhouse")
    for sink in SINKS:
        servers.start(sink, wait=False)
    yield servers
    for sink in SINKS:
        servers.kill(sink)


def until(
    stack: Stack, holds: Callable[[], bool], what: str, *, is_loaded: bool = True
) -> None:
    """Wait for something to be so, under load if it is by hand-over that it comes."""
    deadline = time.monotonic() + SECONDS_MAX
    while not holds():
        logs = [log_of(stack, name)[-2_000:] for name in ("engine-a", "engine-b")]
        assert time.monotonic() < deadline, "\n".join([what, *logs])
        if is_loaded:
            send_some(stack)
        time.sleep(1)


def wait_until_applied(stack: Stack) -> None:
    """Wait for the worker and the sinks that are there; nobody delivers here."""
    for group in ("engine", *SINKS):
        stack.run_job("wait-until-idle", "--group", group, "--seconds", "180")


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


@pytest.mark.timeout(900)
def test_a_worker_is_replaced_by_one_of_the_next_release_without_a_stop(
    stack: Stack,
) -> None:
    """A has the older state; B the newer; A goes, comes back in vain, and B goes on."""
    previous = ("tests.end_to_end.previous_engine",)
    old = Worker(stack, "engine-a", previous, environment=PLAIN)
    new = Worker(stack, "engine-b", ("streams", "engine"), environment=PLAIN)
    try:
        old.start()
        until(stack, lambda: headers(stack)[PREVIOUS] > 0, "the old one wrote nothing")
        new.start()
        until(stack, lambda: headers(stack)[CURRENT] > 0, "the new one wrote nothing")
        old.terminate()
        send_some(stack)
        wait_until_applied(stack)
        check_all_equal_the_fold(stack)

        # Back to the release before: it refuses what it does not know, and lives.
        new.terminate()
        send_some(stack)
        old.start()
        until(
            stack,
            lambda: "partition waits" in log_of(stack, "engine-a"),
            "the old one took newer states",
            is_loaded=False,
        )
        assert is_running(old.identity)
        old.kill()
        new.start()
        wait_until_applied(stack)
    finally:
        old.kill()
        new.kill()

    fold, _ = check_all_equal_the_fold(stack)
    assert fold.counts["duplicates"] > 0
    assert fold.counts["applied"] > 500
    assert "partition failed" not in log_of(stack, "engine-b")
