"""Bridges as processes, on a real Kafka with an engine, and a real RabbitMQ."""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka import Consumer

from local.stack import PROJECT, Stack
from runtime.settings import Settings
from schemas.event_examples import ORDER
from schemas.events import EventCodec
from schemas.topics import ORDERS
from tests.bridges.places import RabbitPlace
from tests.bridges.rabbit import Rabbit

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(600)]
SECONDS_MAX = 240.0
PARTITIONS = int(Settings.model_fields["partitions"].default)
STOP_SECONDS_MAX = 10.0


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Kafka and an engine, and nobody who reads what it says."""
    stack = Stack(tmp_path_factory.mktemp("engine"))
    try:
        stack.start("kafka")
        stack.run_job("create-topics")
        stack.start("worker", wait=False)
        yield stack
    finally:
        stack.stop()


@pytest.fixture
def place(rabbit: Rabbit) -> RabbitPlace:
    """Queues of a test's own."""
    made = RabbitPlace(rabbit)
    asyncio.run(made.prepare())
    return made


@contextmanager
def bridge(
    stack: Stack, place: RabbitPlace, *command: str, **settings: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A process, ended by SIGTERM, in time."""
    log = Path(stack.root) / f"{'-'.join(command)}.log"
    own = {"REGULARS_BRIDGE_" + name.upper(): text for name, text in settings.items()}
    with log.open("ab") as out:
        running = subprocess.Popen(
            [sys.executable, "-m", *command],
            env=stack.environment() | place.addresses() | own,
            cwd=PROJECT,
            stdout=out,
            stderr=out,
        )
        try:
            yield running
            if running.poll() is None:
                started = time.monotonic()
                running.terminate()
                assert running.wait(STOP_SECONDS_MAX * 3) == 0, log.read_text()[-2_000:]
                assert time.monotonic() - started < STOP_SECONDS_MAX
        finally:
            running.kill()
            running.wait()


def events_of(place: RabbitPlace, count: int) -> list[dict[str, Any]]:
    """So many events, when they have arrived."""
    found: list[dict[str, Any]] = []
    deadline = time.monotonic() + SECONDS_MAX
    while len(found) < count and time.monotonic() < deadline:
        found += asyncio.run(place.arrived())
        time.sleep(0.1)
    return found


def orders_in_log(stack: Stack, event_id: str) -> int:
    """How often an order stands in the log."""
    codec = EventCodec()
    consumer = Consumer(
        {
            "bootstrap.servers": stack.addresses()["bootstrap_servers"],
            "group.id": "test",
            "auto.offset.reset": "earliest",
            "enable.partition.eof": True,
        }
    )
    consumer.subscribe([ORDERS.name])
    found, ends = 0, 0
    deadline = time.monotonic() + SECONDS_MAX
    while ends < PARTITIONS and time.monotonic() < deadline:
        message = consumer.poll(1)
        if message is None:
            continue
        if message.error():
            ends += 1
            continue
        order = codec.read_order(message.value(), message.timestamp()[1])
        found += order.event_id == event_id
    consumer.close()
    return found


def an_order(member_id: str) -> bytes:
    """Order of a member that never ordered before, at this moment."""
    fields = {
        "event_id": f"till-{member_id}",
        "order_id": f"order-{member_id}",
        "member_id": member_id,
        "occurred_at": int(time.time() * 1_000),
    }
    return json.dumps(ORDER | fields).encode()


def earned(events: list[dict[str, Any]]) -> list[int]:
    """Points of each entry that earned any."""
    return [
        entry["points"]
        for event in events
        for change in event["data"]["changes"]
        for entry in change["entries"]
        if entry["kind"] == "EARN"
    ]


def test_an_order_whose_bridge_is_killed_before_it_acknowledges_counts_once(
    engine: Stack, place: RabbitPlace
) -> None:
    asyncio.run(place.put(an_order("killed")))
    with bridge(engine, place, "tests.bridges.dying_bridge") as dying:
        assert dying.wait(SECONDS_MAX) == -9
    with (
        bridge(engine, place, "jobs", "bridge", "in"),
        bridge(engine, place, "jobs", "bridge", "out", history="true"),
    ):
        [event] = events_of(place, 1)
        # The second order is decided after whatever came twice.
        asyncio.run(place.put(an_order("killed-2")))
        [other] = events_of(place, 1)

    assert orders_in_log(engine, "till-killed") == 2
    assert event["id"] == "killed@1"
    assert event["subject"] == event["data"]["member_id"] == "killed"
    assert sum(earned([event])) == event["data"]["balance"]
    # As much as of the same order that came once.
    assert event["data"]["balance"] == other["data"]["balance"]
    assert other["id"] == "killed-2@1"
    # The same events under another group: the same ids, and no second version.
    with bridge(engine, place, "jobs", "bridge", "out", history="true", name="replay"):
        again = events_of(place, 2)
    assert sorted(one["id"] for one in again) == ["killed-2@1", "killed@1"]


def test_events_wait_while_the_other_broker_is_away(
    engine: Stack, place: RabbitPlace
) -> None:
    with (
        bridge(engine, place, "jobs", "bridge", "in", name="away"),
        bridge(engine, place, "jobs", "bridge", "out", name="away", history="true"),
    ):
        place.cut()
        asyncio.run(place.put(an_order("patient")))
        time.sleep(2)
        place.mend()
        seen: list[dict[str, Any]] = []
        deadline = time.monotonic() + SECONDS_MAX
        while time.monotonic() < deadline and "patient@1" not in {
            one["id"] for one in seen
        }:
            seen += asyncio.run(place.arrived())
            time.sleep(0.1)

    assert "patient@1" in {one["id"] for one in seen}
