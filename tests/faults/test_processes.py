"""A: processes and the broker, killed, stopped, moved; afterwards all is as the fold."""

import random
import time

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
from tests.faults.broker import up_again
from tests.faults.loads import a_load, times

STOP_SECONDS_MAX = 15.0
LONG = 3_600
# Longer than a session: the partitions are somebody else's when it wakes.
STALL_SECONDS = 15


@pytest.mark.timeout(LONG)
def test_a1_workers_killed_a_hundred_times_apply_each_order_once(stack: Stack) -> None:
    chance = random.Random(1)
    stack.terminate("worker")
    with workers(stack, 3) as running:
        send(stack, traffic(a_load(100_000)))
        for number in range(times(100)):
            time.sleep(chance.uniform(0.5, 2.0))
            one = chance.choice(running)
            one.kill()
            one.start()
            if number % 10 == 0:
                send(stack, traffic(a_load(4_000)))
        for _ in range(times(20)):
            time.sleep(chance.uniform(1.0, 4.0))
            for one in running:
                one.kill()
            for one in running:
                one.start()
        wait_until_idle(stack, 600)
    stack.start("worker")

    check_all_equal_the_fold(stack)


@pytest.mark.timeout(LONG)
def test_a2_workers_that_are_told_to_stop_do_so_in_time(stack: Stack) -> None:
    seconds = []
    for _ in range(times(10)):
        send(stack, traffic(a_load(5_000)))
        started = time.monotonic()
        stack.terminate("worker", timeout_seconds=40)
        seconds.append(time.monotonic() - started)
        stack.start("worker")
    wait_until_idle(stack)

    check_all_equal_the_fold(stack)
    assert max(seconds) < STOP_SECONDS_MAX


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
    wait_until_idle(stack)

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
    wait_until_idle(stack, 600)

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
    wait_until_idle(stack, 600)

    check_all_equal_the_fold(stack)


# Last: the engine does not start any more.
@pytest.mark.timeout(300)
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
