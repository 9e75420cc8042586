"""When a worker counts as stalled."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

from streams.engine import Engine
from streams.watchdog import EXIT_STALLED, Watchdog
from streams.watermarks import Watermarks

PROJECT: Final = Path(__file__).parents[2]
# Its main thread would go on for long after its watchdog has died.
A_PROCESS_THAT_FAILS: Final = """
import time
from streams.watchdog import Watchdog

def positions():
    raise RuntimeError("dictionary changed size during iteration")

watchdog = Watchdog(
    None, positions, lambda _: 0.0, stall_seconds=60, interval_seconds=0.01
)
watchdog.start()
time.sleep(20)
"""


def a_watchdog(progress_at: dict[int, float]) -> Watchdog:
    """A watchdog of a worker whose last progress is known; it asks nobody."""
    return Watchdog(
        Watermarks.__new__(Watermarks), dict, progress_at.__getitem__, stall_seconds=60
    )


def test_work_that_comes_after_a_long_rest_is_no_stall() -> None:
    start = time.monotonic()
    watchdog = a_watchdog({0: start})

    assert watchdog.still_for({0: 0}, start + 3_000) == 0
    assert watchdog.still_for({0: 1}, start + 3_005) == 5
    assert watchdog.still_for({0: 1}, start + 3_065) == 65


def test_progress_ends_what_looked_like_a_stall() -> None:
    start = time.monotonic()
    watchdog = a_watchdog({0: start + 100})

    assert watchdog.still_for({0: 0}, start) == 0
    assert watchdog.still_for({0: 9}, start + 110) == 10


def test_a_partition_that_is_stuck_is_not_excused_by_others_that_get_on() -> None:
    start = time.monotonic()
    progress = {0: start, 1: start}
    watchdog = a_watchdog(progress)
    watchdog.still_for({0: 5, 1: 5}, start)
    progress[1] = start + 299

    assert watchdog.still_for({0: 5, 1: 5}, start + 300) == 300


def test_a_partition_that_has_just_come_has_its_time() -> None:
    start = time.monotonic()
    watchdog = a_watchdog({0: start - 1_000, 1: start})
    watchdog.still_for({1: 5}, start)

    assert watchdog.still_for({0: 5, 1: 0}, start + 10) == 0
    assert watchdog.still_for({0: 5, 1: 0}, start + 25) == 15


def test_while_the_broker_is_away_nobody_stalls_d6() -> None:
    start = time.monotonic()
    watchdog = a_watchdog({0: start})
    assert watchdog.still_for({0: 5}, start + 2) == 0

    # It does not answer for a minute, and then it does.
    watchdog.excuse()

    assert watchdog.still_for({0: 5}, start + 62) == 0
    assert watchdog.still_for({0: 5}, start + 70) == 8


def test_a_watchdog_that_fails_ends_the_process_instead_of_going_in_silence() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", A_PROCESS_THAT_FAILS],
        check=False,
        capture_output=True,
        timeout=120,
        cwd=PROJECT,
    )

    assert ended.returncode == EXIT_STALLED
    assert b"changed size" in ended.stderr


def test_partitions_that_come_and_go_while_they_are_asked_for_are_no_fault() -> None:
    class Moving:
        """A partition that another one joins as soon as anybody looks at it."""

        def __init__(self, partitions: dict[int, Any]) -> None:
            self._partitions = partitions
            self.positions = {"orders": 7}

        @property
        def is_ready(self) -> bool:
            self._partitions[len(self._partitions)] = self
            return True

    partitions: dict[int, Any] = {}
    partitions[0] = Moving(partitions)
    engine = Engine.__new__(Engine)
    engine._partitions, engine._assigned_once = partitions, True

    assert engine.positions() == {("orders", 0): 7}
    assert engine.readiness() == {"assigned": True, "restored": True}
