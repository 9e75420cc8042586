"""A: processes and the broker, killed, stopped, moved; afterwards all is as the fold."""

import random
import time

import psutil
import pytest

from jobs.traffic import traffic
from local.processes import NotHealthy
from local.stack import Stack
from schemas.topics import members_changelog
from tests.end_to_end.engines import workers
from tests.end_to_end.settled import (
    a_producer,
    check_all_equal_the_fold,
    send,
    wait_until_idle,
)
from tests.faults.broker import supervised, up_again
from tests.faults.loads import DRAIN_SECONDS_MAX, a_load, times

STOP_SECONDS_MAX = 15.0
# From the start of a process until all its partitions are in memory; on a machine that
# is crowded, so many times what three workers need that have nothing to read.
RESTART_SECONDS_MAX = 30.0
RESTART_RATIO_MAX = 4.0
WORKERS = ("worker", "redis-sink", "clickhouse-sink")
LONG = 3_600
# Longer than a session: the partitions are somebody else's when it wakes.
STALL_SECONDS = 15


@pytest.mark.timeout(LONG)
def test_a1_workers_killed_a_hundred_times_apply_each_order_once(stack: Stack) -> None:
    chance, seconds = random.Random(1), []
    stack.terminate("worker")
    with workers(stack, 3) as running:
        empty = max(one.wait_until_ready() for one in running)
        send(stack, traffic(a_load(100_000)))
        for number in range(times(100)):
            time.sleep(chance.uniform(0.5, 2.0))
            one = chance.choice(running)
            # Whoever is killed before it has begun shows little.
            seconds.append(one.wait_until_ready())
            one.kill()
            one.start()
            if number % 10 == 0:
                send(stack, traffic(a_load(4_000)))
        for _ in range(times(20)):
            seconds += [one.wait_until_ready() for one in running]
            time.sleep(chance.uniform(0.0, 2.0))
            for one in running:
                one.kill()
            for one in running:
                one.start()
        wait_until_idle(stack, DRAIN_SECONDS_MAX)
    stack.start("worker")

    check_all_equal_the_fold(stack)
    slowest = sorted(seconds)[-20:]
    assert slowest[-1] < max(RESTART_SECONDS_MAX, RESTART_RATIO_MAX * empty), slowest


def told_to_stop(stack: Stack, name: str) -> tuple[int | None, float]:
    """Exit code of a part that gets SIGTERM, None if it was gone; and the seconds."""
    process = psutil.Process(stack.pids()[name])
    started = time.monotonic()
    process.terminate()
    code = process.wait(STOP_SECONDS_MAX * 3)
    return code, time.monotonic() - started


@pytest.mark.timeout(LONG)
def test_a2_workers_that_are_told_to_stop_do_so_in_time(stack: Stack) -> None:
    ends = []
    for _ in range(times(30)):
        send(stack, traffic(a_load(3_000)))
        ends.append(told_to_stop(stack, "worker"))
        stack.start("worker")
    wait_until_idle(stack, DRAIN_SECONDS_MAX)

    check_all_equal_the_fold(stack)
    assert {code for code, _ in ends} == {0}
    assert max(seconds for _, seconds in ends) < STOP_SECONDS_MAX


@pytest.mark.timeout(LONG)
@pytest.mark.parametrize("away", ["valkey", "clickhouse", "kafka"])
def test_a3_a_stop_ends_in_time_while_somebody_is_away(stack: Stack, away: str) -> None:
    ends = {}
    send(stack, traffic(a_load(5_000)))
    if away == "kafka":
        stack.terminate(away, timeout_seconds=60)
    else:
        stack.pause(away)
    time.sleep(2)
    for name in WORKERS:
        ends[name] = told_to_stop(stack, name)
    if away == "kafka":
        stack.start(away)
    else:
        stack.resume(away)
    for name in WORKERS:
        stack.start(name)
    wait_until_idle(stack, DRAIN_SECONDS_MAX)

    check_all_equal_the_fold(stack)
    assert all(seconds < STOP_SECONDS_MAX for _, seconds in ends.values()), ends
    # Without a broker nobody can say that all is well.
    assert away == "kafka" or {code for code, _ in ends.values()} == {0}, ends


@pytest.mark.timeout(LONG)
def test_a4_workers_that_come_and_go_at_once_lose_nothing(stack: Stack) -> None:
    chance = random.Random(4)
    names = ["worker", "worker-2"]
    for _ in range(times(10)):
        send(stack, traffic(a_load(2_000)))
        stack.start(names[1])
        time.sleep(chance.uniform(0, 3))
        stack.terminate(names[0])
        names.reverse()
    if names[0] != "worker":
        stack.start("worker")
        stack.terminate("worker-2")
    wait_until_idle(stack, DRAIN_SECONDS_MAX)

    check_all_equal_the_fold(stack)


@pytest.mark.timeout(LONG)
def test_a6_workers_that_stall_past_their_session_are_fenced_each_time(
    stack: Stack,
) -> None:
    for _ in range(times(10)):
        stack.start("worker-2")
        send(stack, traffic(a_load(3_000)))
        stack.pause("worker")
        time.sleep(STALL_SECONDS)
        stack.resume("worker")
        send(stack, traffic(a_load(1_000)))
        time.sleep(3)
        # Fenced, it has ended; else it goes on by right.
        stack.start("worker")
        stack.terminate("worker-2")
    wait_until_idle(stack, DRAIN_SECONDS_MAX)

    check_all_equal_the_fold(stack)


@pytest.mark.timeout(LONG)
def test_a7_a_broker_that_bounces_loses_and_repeats_nothing(stack: Stack) -> None:
    for number in range(times(10)):
        send(stack, traffic(a_load(3_000)))
        if number % 2:
            stack.kill("kafka")
        else:
            stack.terminate("kafka", timeout_seconds=60)
        time.sleep(2)
        stack.start("kafka")
        up_again(stack)
    with supervised(stack):
        wait_until_idle(stack, DRAIN_SECONDS_MAX)

    check_all_equal_the_fold(stack)


# Last: the engine does not start any more.
@pytest.mark.timeout(1_200)
def test_a11_a_garbage_record_in_the_changelog_keeps_the_engine_from_starting(
    stack: Stack,
) -> None:
    stack.terminate("worker")
    producer = a_producer(stack)
    topic = members_changelog("regulars").name
    producer.produce(topic, b"garbage", b"member-x", partition=2)
    assert producer.flush(30) == 0

    with pytest.raises(NotHealthy):
        stack.start("worker")

    log = stack.log("worker").read_text(errors="replace")
    assert f"{topic}-2 offset" in log
    assert "is not a member state" in log
