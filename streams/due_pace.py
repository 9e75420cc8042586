"""How fast a worker works through what time makes due, while records come."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

# So long after a record others are expected.
BUSY_SECONDS: Final = 10.0
# However far sinks are behind, so often all that wait have another turn.
REST_SECONDS_MAX: Final = 0.5
# How soon a rest is over where sinks can follow.
LOOK_SECONDS: Final = 0.05
# Records that these may be behind, of all partitions of a worker.
BEHIND_MAX: Final = 2_000
# Members of a tick in one transaction, of which a record waits for one.
TICK_MEMBERS_MAX: Final = 2_000
# The same while records come, of all partitions that had a turn together, and of each.
ROUND_MEMBERS_MAX: Final = 500
ROUND_MEMBERS_MIN: Final = 25


class DuePace:
    """
    Lets ticks go on as fast as sinks can follow.

    A midnight at which points of millions end is no haste: each is judged by its event
    time whenever its turn comes. But whoever orders then is told after all that was
    decided before, by sinks that are slower than a worker: without a pace for longer
    and longer, until midnight is over (decision 41). So while records come, partitions
    whose ticks are not through go in rounds: each has one transaction, and then they
    rest until sinks have nearly read all of it, at most REST_SECONDS_MAX after the
    first of them: then they go on, whatever became of the sinks.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin rested, and with no record expected."""
        self._clock = clock
        self._busy_until = self._until = 0.0
        self._round = 0
        # Partitions that have worked in this round, and in the one before.
        self._workers = self._workers_before = 0
        # Members that were decided about in this round, committed or not.
        self._members = 0
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
        """Members of a tick that a transaction of a partition may have."""
        if not self.is_busy:
            return TICK_MEMBERS_MAX
        share = ROUND_MEMBERS_MAX // max(self._workers_before, 1)
        left = ROUND_MEMBERS_MAX - self._members
        return max(min(share, left), ROUND_MEMBERS_MIN)

    def decided(self, members: int) -> None:
        """Note that a tick was decided for so many members of a partition."""
        self._look()
        if self.is_busy:
            self._members += members

    def worked(self) -> int:
        """Note that a transaction of a tick is committed; the round that it was of."""
        self._look()
        if not self._workers:
            self._until = self._clock() + REST_SECONDS_MAX
            self._has_worked.set()
        self._workers += 1
        return self._round

    def left_seconds(self, worked_in: int) -> float:
        """How long whoever worked in a round should rest from now on; 0 when rested."""
        self._look()
        is_over = worked_in < self._round
        return 0.0 if is_over else max(self._until - self._clock(), 0.0)

    async def follow(self, behind: Callable[[], Awaitable[int | None]]) -> None:
        """End rounds of which `behind` says that sinks have followed, for ever."""
        while True:
            await self._has_worked.wait()
            self._has_worked.clear()
            while self._workers:
                await asyncio.sleep(LOOK_SECONDS)
                self._look()
                if not self._workers:
                    # Its time was over; the next one begins with a transaction.
                    break
                asked_in = self._round, self._workers
                records = await behind()
                # An answer from before the last transaction says nothing of it.
                is_of_all = asked_in == (self._round, self._workers)
                if is_of_all and records is not None and records <= BEHIND_MAX:
                    self._begin_round()

    def _look(self) -> None:
        if self._workers and self._clock() >= self._until:
            self._begin_round()

    def _begin_round(self) -> None:
        self._round += 1
        self._workers_before, self._workers, self._members = self._workers, 0, 0
