"""How a bridge waits for a side that is away: longer each time, never in step."""

import asyncio
import logging
import random
from contextlib import suppress
from typing import Final

from runtime.metrics import BRIDGE_RETRIES, BRIDGE_WAITING
from stores.unavailable import StoreUnavailable

logger = logging.getLogger(__name__)

BACK_OFF_SECONDS_MIN: Final = 0.1
BACK_OFF_SECONDS_MAX: Final = 5.0


class Patience:
    """Waits of one side (`source`, `kafka`, `target`), until it answers or we stop."""

    def __init__(self, side: str, stopped: asyncio.Event) -> None:
        """Begin with the shortest wait."""
        self._side = side
        self._stopped = stopped
        self._seconds = BACK_OFF_SECONDS_MIN
        BRIDGE_WAITING.labels(side).set(0)

    async def wait(self, away: StoreUnavailable) -> None:
        """Wait once, and say why; a stop ends it."""
        BRIDGE_RETRIES.labels(self._side).inc()
        BRIDGE_WAITING.labels(self._side).set(1)
        logger.warning(
            "waiting for the other side",
            extra={"side": self._side, "error": str(away)[:300]},
        )
        seconds = self._seconds * random.uniform(0.5, 1.0)  # noqa: S311 - no secret
        self._seconds = min(self._seconds * 2, BACK_OFF_SECONDS_MAX)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopped.wait(), seconds)

    def answered(self) -> None:
        """It is there: the next wait is short again."""
        if self._seconds > BACK_OFF_SECONDS_MIN:
            self._seconds = BACK_OFF_SECONDS_MIN
            BRIDGE_WAITING.labels(self._side).set(0)
