"""When a worker waits for more records, so that transactions carry more of them."""

import time
from collections.abc import Callable
from typing import Final

REST_SECONDS_MAX: Final = 0.05
# Of the transaction before it. The shorter, the sooner an order is told and the more
# transactions there are; decision 37 has what was measured.
REST_SHARE: Final = 0.5


class Rest:
    """
    Waits after a transaction half as long as it took, at most REST_SECONDS_MAX.

    A record that comes after that never waits. Under load every transaction
    costs the broker and us as much as a hundred records: without a rest, many
    partitions keep both busy with transactions of one record each, and all of
    them are late. What is slow, since it has much else to do, rests longer.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin rested."""
        self._clock = clock
        self._until = 0.0

    def after(self, seconds: float) -> None:
        """Note that a transaction took so long, and has just ended."""
        self._until = self._clock() + min(seconds * REST_SHARE, REST_SECONDS_MAX)

    def left_seconds(self) -> float:
        """How long to wait from now on; 0 when rested."""
        return max(self._until - self._clock(), 0.0)
