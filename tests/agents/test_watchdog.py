"""When a worker counts as stalled."""

import time

from streams.watchdog import Watchdog
from streams.watermarks import Watermarks


def a_watchdog(progress_at: float) -> Watchdog:
    """A watchdog of a worker whose last progress is known; it asks nobody."""
    return Watchdog(
        Watermarks.__new__(Watermarks), dict, lambda: progress_at, stall_seconds=60
    )


def test_work_that_comes_after_a_long_rest_is_no_stall() -> None:
    start = time.monotonic()
    watchdog = a_watchdog(progress_at=start)

    assert watchdog.still_for(0, start + 3_000) == 0
    assert watchdog.still_for(1, start + 3_005) == 5
    assert watchdog.still_for(1, start + 3_065) == 65


def test_progress_ends_what_looked_like_a_stall() -> None:
    start = time.monotonic()
    watchdog = a_watchdog(progress_at=start + 100)

    assert watchdog.still_for(9, start + 110) == 10
