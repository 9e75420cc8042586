"""How fast a worker works through what time makes due, while records come."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

# So long after a record others are expected.
BUSY_SECONDS: Final = 10.0
# However far sinks are behind, so many transactions of ticks there are.
REST_SECONDS_MAX: Final = 0.5
# How soon a rest is over where sinks can follow.
LOOK_SECONDS: Final = 0.05
# Records that these may be behind, of all partitions of a worker.
BEHIND_MAX: Final = 2_000
# Members of a tick in one transaction, of which a record waits for one.
TICK_MEMBERS_MAX: Final = 2_000
TICK_MEMBERS_MAX_BUSY: Final = 500


class DuePace:
    """
    Lets ticks go on as fast as sinks can follow.

    A midnight at which points of millions end is no haste: each is judged by its event
    time whenever its turn comes. But whoever orders then is told after all that was
    decided before, by sinks that are slower than a worker: without a pace for longer
    and longer, until midnight is over (decision 41). So while records come, ticks rest
    after each of their transactions until sinks have nearly read it, at most
    REST_SECONDS_MAX: then they go on, whatever became of the sinks.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin rested, and with no record expected."""
        self._clock = clock
        self._busy_until = self._until = 0.0
        self._has_worked = asyncio.Event()

    def came(self) -> None:
        """Note that a record came which is no tick."""
        self._busy_until = self._clock() + BUSY_SECONDS

    @property
    def is_busy(self) -> bool:
        """Whether records come, not only ticks."""
        return self._clock() < self._busy_until

    @property
    def members_max(self) -> int:
        """Members of a tick that a transaction may have."""
        return TICK_MEMBERS_MAX_BUSY if self.is_busy else TICK_MEMBERS_MAX

    def worked(self) -> None:
        """Note that a partition has just worked on a tick that is not through."""
        if self.is_busy:
            self._until = self._clock() + REST_SECONDS_MAX
            self._has_worked.set()

    def left_seconds(self) -> float:
        """How long no partition should work on a tick from now on; 0 when rested."""
        return max(self._until - self._clock(), 0.0)

    async def follow(self, behind: Callable[[], Awaitable[int | None]]) -> None:
        """End rests of which `behind` says that sinks have followed, for ever."""
        while True:
            await self._has_worked.wait()
            self._has_worked.clear()
            while self.left_seconds():
                await asyncio.sleep(LOOK_SECONDS)
                records = await behind()
                if records is not None and records <= BEHIND_MAX:
                    self._until = 0.0
