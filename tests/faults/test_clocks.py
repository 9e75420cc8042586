"""Wall clocks that jump forward, back, and behind, under one process at a time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from jobs.traffic import traffic
from local import processes
from local.stack import Stack
from runtime.clock_watch import LOOK_SECONDS
from tests.end_to_end.engines import Worker
from tests.end_to_end.settled import check_all_equal_the_fold, send, wait_until_idle
from tests.end_to_end.test_delivery import SECRET, a_world
from tests.faults.clocks import JUMP_SECONDS, JumpingClock
from tests.faults.loads import DRAIN_SECONDS_MAX, a_load, times

LONG = 3_600
JUMPS = (JUMP_SECONDS, 0, -JUMP_SECONDS, 0)
# Long enough for many to be on their way at a jump, and less than is waited for.
ANSWER_SECONDS = 1.5
ALL_SECONDS_MAX = 240.0
# A stop's own bound, and some more.
END_SECONDS_MAX = 20.0
# By the group's name in the stack; the engine's part has another one.
PARTS = {"engine": "worker"}


@pytest.fixture
def clock(tmp_path: Path) -> JumpingClock:
    return JumpingClock(tmp_path)


@pytest.mark.timeout(300)
def test_a_clock_is_moved_for_its_processes_alone(clock: JumpingClock) -> None:
    for seconds in JUMPS:
        clock.jump(seconds)

        assert clock.reading() == pytest.approx(seconds, abs=30)


@contextmanager
def in_place_of(stack: Stack, role: str, clock: JumpingClock) -> Iterator[Worker]:
    """A process with that clock where the stack's own was."""
    part = PARTS.get(role, role)
    stack.terminate(part)
    name = f"{role}-out-of-time"
    worker = Worker(stack, name, ("streams", role), environment=clock.environment())
    worker.start()
    try:
        worker.wait_until_ready()
        yield worker
    finally:
        worker.terminate()
    stack.start(part)


def jumped(worker: Worker, clock: JumpingClock, seconds: int) -> bool:
    """Let the clock jump; whether the worker ended for it, and was started again."""
    is_back = seconds < clock.seconds
    clock.jump(seconds)
    deadline = time.monotonic() + (END_SECONDS_MAX if is_back else LOOK_SECONDS * 4)
    while time.monotonic() < deadline:
        if not processes.is_running(worker.identity):
            worker.start()
            worker.wait_until_ready()
            return True
        time.sleep(LOOK_SECONDS)
    return False


@pytest.mark.timeout(LONG)
@pytest.mark.parametrize("role", ["engine", "redis-sink", "clickhouse-sink"])
def test_a14_a_wall_clock_that_jumps_under_a_process_changes_nothing(
    stack: Stack, clock: JumpingClock, role: str
) -> None:
    ends = []
    with in_place_of(stack, role, clock) as worker:
        for seconds in JUMPS * times(3):
            send(stack, traffic(a_load(2_000)))
            ends.append(jumped(worker, clock, seconds))
            send(stack, traffic(a_load(1_000)))
            clock.wait_until_told(stack, f"{role}-out-of-time")
            wait_until_idle(stack, DRAIN_SECONDS_MAX)

    check_all_equal_the_fold(stack)
    assert ends == [False, True, True, False] * times(3)


@pytest.mark.timeout(LONG)
def test_g6_a_wall_clock_that_jumps_under_the_dispatcher_sends_nothing_twice(
    tmp_path: Path, clock: JumpingClock
) -> None:
    with a_world(tmp_path, clock.environment()) as world:
        world.listen("jumps", "/jumps", "message.webhook")
        world.receiver.before_answer = lambda _hit, _count: time.sleep(ANSWER_SECONDS)
        ids = set[str]()
        for number in range(times(3)):
            for seconds in JUMPS:
                ids |= world.send(f"jumps-{number}-{seconds}-{len(ids)}", 120)
                time.sleep(ANSWER_SECONDS * 2)
                jumped(world.worker, clock, seconds)
                clock.wait_until_told(world.stack, "dispatcher-1")
        hits = world.receiver.of
        # An attempt that is cut off is made again once its lease has ended, or later.
        all_came = world.receiver.wait(
            lambda: {hit.webhook_id for hit in hits("/jumps")} == ids, ALL_SECONDS_MAX
        )
        assert all_came, f"{len(ids - {hit.webhook_id for hit in hits('/jumps')})} left"
        # Whoever comes again comes late.
        time.sleep(ANSWER_SECONDS * 4)
        found = [hit.webhook_id for hit in hits("/jumps")]

        assert sorted(found) == sorted(ids)
        for hit in hits("/jumps"):
            Webhook(SECRET).verify(hit.body, hit.headers)
