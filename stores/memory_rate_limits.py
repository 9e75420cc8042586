"""Turns in this process: the twin of Redis, and what takes over while it is away."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from runtime.metrics import RATE_LIMIT_FALLBACKS
from stores.rate_limits_contract import US_PER_SECOND, Budget, RateLimits, Turn
from stores.unavailable import StoreUnavailable

ASKERS_MAX: Final = 10_000
# So long Redis is not asked again after it failed: waiting is what costs.
PAUSE_SECONDS: Final = 1.0


class MemoryRateLimits:
    """Turns of at most ASKERS_MAX; beyond them whoever asked longest ago is new."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Nobody has asked yet; `clock` gives seconds."""
        self._paid_us: OrderedDict[str, int] = OrderedDict()
        self._clock = clock
        self.is_available = True

    async def take(self, who: str, budget: Budget) -> Turn:
        """Take a turn if there is one."""
        if not self.is_available:
            raise StoreUnavailable("redis", "switched off by a test")
        now_us = int(self._clock() * US_PER_SECOND)
        paid_us = max(self._paid_us.get(who, now_us), now_us)
        after_us = paid_us + budget.step_us
        if after_us - now_us > budget.window_us:
            return budget.turn(paid_us - now_us, is_taken=False)
        self._paid_us[who] = after_us
        self._paid_us.move_to_end(who)
        if len(self._paid_us) > ASKERS_MAX:
            self._paid_us.popitem(last=False)
        return budget.turn(after_us - now_us, is_taken=True)

    async def close(self) -> None:
        """Nothing to let go of."""


class SafeRateLimits:
    """
    Turns of one store, and of this process alone while that one is away.

    Nobody is let through unlimited and nobody is shut out: with n processes a
    client may have up to n times its turns until the store answers again.
    """

    def __init__(
        self, first: RateLimits, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`clock` gives seconds."""
        self._first = first
        self._local = MemoryRateLimits(clock)
        self._clock = clock
        self._away_until = 0.0

    async def take(self, who: str, budget: Budget) -> Turn:
        """Take a turn if there is one; never fails."""
        if self._clock() >= self._away_until:
            try:
                return await self._first.take(who, budget)
            except StoreUnavailable:
                self._away_until = self._clock() + PAUSE_SECONDS
        RATE_LIMIT_FALLBACKS.inc()
        return await self._local.take(who, budget)

    async def close(self) -> None:
        """Let go of all connections."""
        await self._first.close()
