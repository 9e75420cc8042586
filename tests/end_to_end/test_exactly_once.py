"""Real servers, real kill -9: each order counts once, in every place."""

import random
import re
import signal
import subprocess
import sys
import time

import httpx
import psutil
import pytest

from jobs.traffic import START_MS, TrafficPlan, traffic
from local.stack import PROJECT, Stack
from loyalty.limits import DAY_MS
from schemas.events import EventCodec
from schemas.topics import ORDERS
from tests.builders import an_order
from tests.end_to_end.engines import Worker
from tests.end_to_end.settled import (
    a_producer,
    check_all_equal_the_fold,
    send,
    wait_until_idle,
)

KILLS = 12
ORDERS_MEANWHILE = 200_000
OUTAGE_SECONDS = 30


def some_traffic(orders: int, seed: int) -> TrafficPlan:
    """
    Orders of 25,000 members with 5 % repeats, 3 % disorder, 2 % refunds.

    Each traffic comes after the one before it: what comes weeks late is rare.
    """
    plays = [10, 2, 3, 4, 5, 6, 7, 8, 12, 1]
    return TrafficPlan(
        orders=orders,
        members=25_000,
        seed=seed,
        duplicates_bp=500,
        disorder_bp=300,
        refunds_bp=200,
        start_ms=START_MS + plays.index(seed) * 5 * DAY_MS,
    )


@pytest.mark.timeout(300)
def test_broken_records_become_dead_letters_and_nobody_else_notices(
    stack: Stack,
) -> None:
    codec, chance = EventCodec(), random.Random(9)
    good = codec.encode_order(an_order("good", member_id="good-member"))
    broken: list[tuple[bytes | None, bytes | None]] = [
        (b"good-member", good[:-4]),
        (b"good-member", b"\x09" + good[1:]),
        (b"good-member", good[:2] + bytes(8) + good[10:]),
        (b"good-member", None),
        (None, good),
        (b"", good),
        (b"somebody-else", good),
        (b"good-member", b"\x00\x00\x00\x00\x01" + good[10:]),
        (b"good-member", codec.encode_order(an_order("x", occurred_at=1_000))),
        (b"good-member", good + bytes(900_000)),
        *((b"good-member", chance.randbytes(60)) for _ in range(200)),
    ]
    producer = a_producer(stack)
    for key, value in broken:
        producer.produce(ORDERS.name, value, key)
    producer.produce(ORDERS.name, good, b"good-member")
    assert producer.flush(30) == 0
    wait_until_idle(stack)

    fold, seen = check_all_equal_the_fold(stack)

    sent = {(key or None, value) for key, value in broken}
    buried = {(letter.key or None, letter.value) for letter in seen.letters}
    assert sent <= buried
    assert all(letter.reason and letter.detail for letter in seen.letters)
    assert fold.members["good-member"].version == 1
    assert stack.run_job("verify").count(" equal\n") == 8


@pytest.mark.timeout(900)
def test_sigterm_under_load_ends_a_worker_in_ten_seconds(stack: Stack) -> None:
    send(stack, traffic(some_traffic(10_000, seed=10)))
    started = time.monotonic()

    stack.terminate("worker", timeout_seconds=30)

    assert time.monotonic() - started < 10
    assert not stack.is_running("worker")
    stack.start("worker")
    wait_until_idle(stack)
    check_all_equal_the_fold(stack)


@pytest.mark.timeout(1_800)
def test_partitions_that_move_between_two_workers_lose_and_repeat_nothing(
    stack: Stack,
) -> None:
    """A second worker comes, the first is killed and comes back, the second goes."""
    send(stack, traffic(some_traffic(15_000, seed=2)))
    stack.start("worker-2")
    send(stack, traffic(some_traffic(15_000, seed=3)))
    stack.kill("worker")
    send(stack, traffic(some_traffic(8_000, seed=4)))
    time.sleep(12)
    stack.start("worker")
    send(stack, traffic(some_traffic(8_000, seed=5)))
    stack.terminate("worker-2")
    wait_until_idle(stack)

    check_all_equal_the_fold(stack)


@pytest.mark.timeout(1_800)
def test_a_worker_that_stalls_past_its_session_cannot_write_any_more(
    stack: Stack,
) -> None:
    """A zombie: stopped for longer than the session, then it goes on."""
    stack.start("worker-2")
    send(stack, traffic(some_traffic(15_000, seed=6)))
    stack.pause("worker")
    time.sleep(20)
    stack.resume("worker")
    send(stack, traffic(some_traffic(8_000, seed=7)))
    time.sleep(5)
    stack.start("worker")
    stack.terminate("worker-2")
    wait_until_idle(stack)

    check_all_equal_the_fold(stack)


@pytest.mark.timeout(900)
def test_two_engines_of_one_command_share_the_partitions_and_end_together(
    stack: Stack,
) -> None:
    stack.terminate("worker", timeout_seconds=30)
    several = {"REGULARS_ENGINE_PROCESSES": "2"}
    engine = ("streams", "engine")
    pair = Worker(stack, "pair", engine, environment=several, count=2)
    pair.start()
    try:
        shares = shares_of(pair)
        send(stack, traffic(some_traffic(8_000, seed=12)))
        first, _ = psutil.Process(pair.identity["pid"]).children()
        first.kill()
        assert psutil.Process(pair.identity["pid"]).wait(30) != 0
        pair.start()
        wait_until_idle(stack)
    finally:
        pair.kill()
        stack.start("worker")

    assert shares[0]
    assert shares[1]
    check_all_equal_the_fold(stack)


def shares_of(pair: Worker) -> list[set[str]]:
    """Partitions of either engine, as soon as each partition is somebody's."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        shares = [ready_partitions(pair.metrics_port + number) for number in range(2)]
        if sorted([*shares[0], *shares[1]]) == [str(number) for number in range(8)]:
            return shares
        time.sleep(0.5)
    raise AssertionError("the two engines never had all partitions, each once")


def ready_partitions(port: int) -> set[str]:
    try:
        page = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=2).text
    except httpx.TransportError:
        return set()
    return set(
        re.findall(
            r'^regulars_partition_ready{partition="(\d+)"} 1.0$', page, re.MULTILINE
        )
    )


@pytest.mark.timeout(1_800)
def test_an_outage_of_redis_and_clickhouse_delays_only_them(stack: Stack) -> None:
    """Both away until the engine is through, 30 s at least; then they catch up."""
    stack.pause("valkey")
    stack.kill("clickhouse")
    sent = send(stack, traffic(some_traffic(15_000, seed=8)))
    started = time.monotonic()
    stack.run_job("wait-until-idle", "--group", "engine", "--seconds", "600")
    engine_seconds = time.monotonic() - started
    time.sleep(max(OUTAGE_SECONDS - engine_seconds, 0))
    stack.resume("valkey")
    stack.start("clickhouse")
    wait_until_idle(stack)

    check_all_equal_the_fold(stack)
    assert sent > 15_000
    assert stack.is_running("redis-sink")
    assert stack.is_running("clickhouse-sink")


def _refusal(stack: Stack, **settings: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "streams", "engine"],
        env=stack.environment() | settings,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stderr


def test_a_wrong_number_of_partitions_is_refused_with_what_was_found(
    stack: Stack,
) -> None:
    code, message = _refusal(stack, REGULARS_PARTITIONS="5")

    assert code not in (0, -signal.SIGKILL)
    assert "topic orders: expected 5 partitions" in message
    assert "found 8" in message


def test_an_unknown_setting_is_refused_by_name(stack: Stack) -> None:
    code, message = _refusal(stack, REGULARS_PARTITONS="8")

    assert code not in (0, -signal.SIGKILL)
    assert "REGULARS_PARTITONS" in message


def test_an_unreachable_broker_is_refused_by_address(stack: Stack) -> None:
    code, message = _refusal(stack, REGULARS_KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:1")

    assert code not in (0, -signal.SIGKILL)
    assert "127.0.0.1:1" in message


# Last, for every check reads all that was sent before it.
@pytest.mark.timeout(2_400)
def test_a_worker_killed_again_and_again_applies_each_order_once(stack: Stack) -> None:
    """Again and again is 12 times, while 200,000 orders with duplicates are applied."""
    chance = random.Random(1)
    sent = send(stack, traffic(some_traffic(ORDERS_MEANWHILE, seed=1)))
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.2, 1.5))
        stack.kill("worker")
        stack.start("worker")
    wait_until_idle(stack)

    fold, _ = check_all_equal_the_fold(stack)

    # The topic holds what the tests before have sent, too.
    assert sum(fold.counts.values()) >= sent
    assert fold.counts["duplicates"] > 1_000
