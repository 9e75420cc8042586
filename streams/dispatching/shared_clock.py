"""The time that every dispatcher goes by: that of the store it sends from."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Final

from stores.unavailable import StoreUnavailable

logger = logging.getLogger(__name__)

RENEW_SECONDS: Final = 1.0


class SharedClock:
    """
    Seconds since 1970 by the outbox, carried on by a timer that only grows.

    A machine whose own clock is wrong, or is set, sees no lease of another end early,
    and nothing too late or not due yet.
    """

    def __init__(
        self,
        read_ms: Callable[[], Awaitable[int]],
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        """`read_ms` asks the outbox for its time, ms since 1970."""
        self._read_ms = read_ms
        self._timer = timer
        self._ahead_of_timer: float | None = None
        self._is_known = asyncio.Event()

    def __call__(self) -> float:
        """
        Now, in seconds since 1970.

        Raises: StoreUnavailable as long as the outbox has never told it.
        """
        if self._ahead_of_timer is None:
            raise StoreUnavailable("redis", "its time is not known yet")
        return self._timer() + self._ahead_of_timer

    async def known(self) -> None:
        """Wait until it was told once."""
        await self._is_known.wait()

    async def run(self) -> None:
        """Ask again and again, for ever."""
        while True:
            try:
                await self.renew()
            except StoreUnavailable as error:
                # The timer goes on.
                logger.debug("its time is not told", extra={"error": str(error)[:300]})
            await asyncio.sleep(RENEW_SECONDS)

    async def renew(self) -> None:
        """
        Ask once.

        Raises: StoreUnavailable.
        """
        asked = self._timer()
        told = await self._read_ms() / 1_000
        # It was read between the question and the answer.
        self._ahead_of_timer = told - (asked + self._timer()) / 2
        self._is_known.set()
